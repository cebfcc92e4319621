"""Digests: they hold exactly what a script imports."""

import pytest

from led.jobs import provenance


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A small package led: a imports b, b imports c in a function, d stands alone."""
    package = tmp_path / "led"
    (package / "sub").mkdir(parents=True)
    sources = {
        "__init__.py": "",
        "a.py": "from led import b\n",
        "b.py": "def f():\n    import led.sub.c\n",
        "d.py": "import numpy\n",
        "sub/__init__.py": "",
        "sub/c.py": "from led.a import f\nfrom os import path\n",  # a circle
    }
    for name, source in sources.items():
        (package / name).write_text(source)
    (tmp_path / "script.py").write_text("from led import a\n")
    monkeypatch.setattr(provenance, "LIBRARY", package)
    provenance._parse.cache_clear()
    yield tmp_path
    provenance._parse.cache_clear()


def test_imports_are_followed_at_any_depth(library):
    found = provenance.digest(library / "script.py")
    assert set(found) == {"script.py", "a.py", "b.py", "sub/c.py", "__init__.py", "sub/__init__.py"}
    assert "d.py" in provenance.digest(library / "script.py", "d.py")


def test_a_digest_follows_the_content_and_not_the_time(library):
    before = provenance.digest(library / "script.py")
    source = library / "led" / "b.py"
    source.touch()
    provenance._parse.cache_clear()
    assert provenance.digest(library / "script.py") == before
    source.write_text(source.read_text() + "# edited\n")
    provenance._parse.cache_clear()
    after = provenance.digest(library / "script.py")
    assert {name for name in after if after[name] != before[name]} == {"b.py"}


def test_the_real_scripts_import_what_they_should():
    scripts = provenance.LIBRARY.parents[1] / "scripts"
    assert "surrogate/smoothing.py" in provenance.digest(scripts / "smooth_latents.py")
    assert "surrogate/smoothing.py" in provenance.digest(scripts / "rollout_led.py")
    assert "surrogate/smoothing.py" not in provenance.digest(scripts / "train_autoencoder.py")
    simulate = provenance.digest(scripts / "simulate_batch.py", "solvers/theta.py")
    assert not {"config/sections.py", "config/complete.py", "solvers/tableaux.py"} & set(simulate)
    merge = provenance.digest(scripts / "merge_batches.py")
    assert not {"training/loop.py", "autoencoders/base.py", "systems/van_der_pol.py"} & set(merge)
