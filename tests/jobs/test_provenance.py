"""Digests: they hold exactly the code of what a script imports."""

import json
import shutil
import subprocess
import sys
from importlib.metadata import version

import pytest

from led.jobs import provenance, registry, sources

SOURCE = """
import numpy as np
import helper

RATE = 2.0


class Mine:
    speed: float = 1.0

    def rhs(self, state):
        return -RATE * state
"""
COMMENTED = '''
"""A module."""
import numpy as np
import helper
RATE = 2.0   # per hour
class Mine:
    """Decay."""
    speed: float = (1.0)
    def rhs(self, state):
        """Return the rate,
        negative."""

        return (
            -RATE * state  # linear
        )
'''


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A small package led: a imports b, b imports c in a function, nobody imports d."""
    package = tmp_path / "led"
    (package / "sub").mkdir(parents=True)
    (package / "jobs").mkdir()
    files = {
        "__init__.py": "",
        "a.py": "from led import b\nfrom led.jobs.options import Count\n",
        "b.py": "def f():\n    import led.sub.c\n",
        "d.py": "import numpy\n",
        "linear.py": "A = 1\n",
        "jobs/options.py": "Count = int\n",
        "sub/__init__.py": "",
        "sub/c.py": "from led.a import f\nfrom os import path\n",  # a circle
    }
    for name, source in files.items():
        (package / name).write_text(source)
    (tmp_path / "script.py").write_text("from led import a\n")
    monkeypatch.setattr(sources, "LIBRARY", package)
    return tmp_path


@pytest.fixture
def own(tmp_path):
    """A folder of a user: mine.py imports helper.py, and that a package."""
    folder = tmp_path / "models"
    (folder / "parts").mkdir(parents=True)
    (folder / "mine.py").write_text(SOURCE)
    (folder / "helper.py").write_text("def f():\n    from parts.deep import g\n")
    (folder / "parts" / "__init__.py").write_text("from . import side\n")
    (folder / "parts" / "deep.py").write_text("g = 1\n")
    (folder / "parts" / "side.py").write_text("h = 1\n")
    (folder / "idle.py").write_text("nobody = 'imports it'\n")
    return folder


def of(path):
    return provenance.digest(path)


def changed(before, after):
    return {name for name in before | after if before.get(name) != after.get(name)}


def test_imports_are_followed_at_any_depth(library):
    found = provenance.digest(library / "script.py")
    assert set(found) == {"script.py", "a.py", "b.py", "sub/c.py", "__init__.py", "sub/__init__.py"}
    assert "d.py" in provenance.digest(library / "script.py", "d.py")


def test_a_digest_follows_the_code_and_not_the_time(library):
    before = provenance.digest(library / "script.py")
    source = library / "led" / "b.py"
    source.touch()
    assert provenance.digest(library / "script.py") == before
    source.write_text(source.read_text() + "EDITED = True\n")
    assert changed(before, provenance.digest(library / "script.py")) == {"b.py"}


def test_names_of_types_are_no_code(library):
    before = provenance.digest(library / "script.py")
    (library / "led" / "jobs" / "options.py").write_text("Count = int\nMore = str\n")
    assert provenance.digest(library / "script.py") == before


def test_comments_docstrings_and_layout_are_no_code(own):
    before = of(own / "mine.py")
    (own / "mine.py").write_text(COMMENTED)
    assert of(own / "mine.py") == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2.0", "2.5"),
        ("RATE = 2.0", "RATE = 2"),  # equal, but another type
        ("-RATE * state", "RATE * -state"),
        ("speed: float", "speed: int"),
        ("return -RATE * state", "-RATE * state"),
        ("import numpy as np\n", ""),
        ("return -RATE * state", "'text'; return -RATE * state; 'no docstring'"),
    ],
)
def test_any_change_of_code_counts(own, old, new):
    before = of(own / "mine.py")
    (own / "mine.py").write_text(SOURCE.replace(old, new))
    assert "mine.py" in changed(before, of(own / "mine.py"))


def test_modules_in_the_folder_of_a_user_count(own):
    before = of(own / "mine.py")
    expected = {"mine.py", "helper.py", "parts/__init__.py", "parts/deep.py", "parts/side.py"}
    assert set(before) == expected
    for name in sorted(expected):
        path = own / name
        path.write_text(path.read_text() + "EDITED = True\n")
        after = of(own / "mine.py")
        assert changed(before, after) == {name}
        before = after


def test_a_folder_that_is_moved_changes_nothing(own):
    before = of(own / "mine.py")
    shutil.move(own, own.parent / "elsewhere")
    assert of(own.parent / "elsewhere" / "mine.py") == before


@pytest.mark.parametrize("name", ["linear.py", "runtime.py", "compiled.py", "provenance.py"])
def test_the_file_of_a_user_may_have_the_name_of_one_of_led(tmp_path, name):
    (tmp_path / name).write_text("from led.solvers import compiled, newton\nA = 1\n")
    script = sources.LIBRARY.parents[1] / "scripts" / "simulate_batch.py"
    before = provenance.digest(script, str(tmp_path / name))
    (tmp_path / name).write_text("from led.solvers import compiled, newton\nA = 2\n")
    assert changed(before, provenance.digest(script, str(tmp_path / name))) == {name}


def test_a_name_at_the_top_of_led_is_counted_twice(library):
    (library / "linear.py").write_text("A = 2\n")
    found = provenance.digest(library / "script.py", "linear.py", str(library / "linear.py"))
    assert len({found["linear.py"], found["linear.py (2)"]}) == 2


def test_files_of_one_name_in_two_folders_are_two(tmp_path):
    """Also under names that a move of both cannot change."""
    found = {}
    for pair in ("ab", "cd"):
        paths = [tmp_path / folder / "mine.py" for folder in pair]
        for path, rate in zip(paths, (1, 2), strict=True):
            path.parent.mkdir()
            path.write_text(f"RATE = {rate}\n")
        found[pair] = provenance.digest(*paths)
        assert set(found[pair]) == {"mine.py", "mine.py (2)"}
        assert provenance.digest(*reversed(paths)) == found[pair]
    assert found["ab"] == found["cd"]


def test_a_long_expression_has_a_digest(own):
    before = of(own / "mine.py")
    (own / "helper.py").write_text("f = " + " + ".join(["1"] * 2000) + "\n")
    assert "helper.py" in changed(before, of(own / "mine.py"))
    (own / "helper.py").write_text("from " + "." * 99 + " import f\n")
    assert set(of(own / "mine.py")) == {"mine.py", "helper.py"}


def test_code_that_is_no_python_is_named(own):
    (own / "helper.py").write_text("def\n")
    with pytest.raises(SyntaxError, match=r"helper\.py"):
        of(own / "mine.py")


def test_the_real_scripts_import_what_they_should():
    scripts = sources.LIBRARY.parents[1] / "scripts"
    assert "surrogate/smoothing.py" in provenance.digest(scripts / "smooth_latents.py")
    assert "surrogate/smoothing.py" in provenance.digest(scripts / "rollout_led.py")
    assert "surrogate/smoothing.py" not in provenance.digest(scripts / "train_autoencoder.py")
    simulate = provenance.digest(scripts / "simulate_batch.py", "solvers/theta.py")
    assert not {"config/sections.py", "config/complete.py", "solvers/tableaux.py"} & set(simulate)
    merge = provenance.digest(scripts / "merge_batches.py")
    assert not {"training/loop.py", "autoencoders/base.py", "systems/van_der_pol.py"} & set(merge)


def test_what_trains_without_symmetries_does_not_follow_from_the_equations():
    scripts = sources.LIBRARY.parents[1] / "scripts"
    for name in ("train_autoencoder", "encode_latents", "train_decoder"):
        found = provenance.digest(scripts / f"{name}.py")
        assert "systems/symmetries.py" in found
        assert not {"systems/base.py", "systems/linear.py"} & set(found)


def test_every_root_that_a_name_chooses_is_a_file_of_led():
    for role in registry.ROLES:
        assert (sources.LIBRARY / role / "base.py").is_file()


def versions(source):
    """Run a script in a fresh process, and return the attributes that it prints."""
    code = f"import json\n{source}\nfrom led.jobs import provenance\n"
    code += "print(json.dumps(provenance.attributes({'b': 1, 'a': 2})))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(sources.LIBRARY.parent), "KERAS_BACKEND": "tensorflow"},
    )
    return json.loads(done.stdout)


def test_attributes_name_the_packages():
    found = versions("")
    assert json.loads(found["settings"]) == {"a": 2, "b": 1}
    packages = json.loads(found["versions"])
    for name in ("keras", "numpy", "xarray"):
        assert packages[name] == version(name)
    assert ("tensorflow" in packages) or ("tensorflow-cpu" in packages)
    assert "keras_backend" not in found


def test_attributes_name_the_backend_of_a_job_that_uses_keras():
    assert versions("import keras")["keras_backend"] == "tensorflow"
