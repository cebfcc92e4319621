"""Classes by the name of a file."""

import os
import subprocess
import sys

import pytest

from led.evaluation.baselines.base import Baseline
from led.jobs import registry, sources
from led.solvers.base import Solver
from led.systems.base import System
from led.systems.van_der_pol import VanDerPol

MINE = "from led.systems.van_der_pol import VanDerPol\n\n\nclass Mine(VanDerPol):\n    pass\n"
FUTURE = """
from __future__ import annotations
from dataclasses import dataclass
from typing import ClassVar
from led.systems.van_der_pol import VanDerPol

@dataclass(frozen=True)
class Mine(VanDerPol):
    kind: ClassVar[str] = "mine"
    rate: float = 2.0
"""


@pytest.fixture(autouse=True)
def clean(monkeypatch):
    """Forget what the files of the test leave in this process."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if "pytest" in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return f"{path}:Mine"


def test_a_name_is_that_of_a_file():
    assert registry.create(System, name="van_der_pol", mu=2.0) == VanDerPol(mu=2.0)
    assert registry.source("systems", "van_der_pol") == "systems/van_der_pol.py"
    assert registry.label("van_der_pol") == "van_der_pol"


def test_a_role_may_be_given_by_its_folder():
    assert registry.create("systems", name="van_der_pol") == VanDerPol()
    made = registry.create("evaluation/baselines", name="dmd", rank=3)
    assert isinstance(made, Baseline)
    assert made.rank == 3


def test_a_module_without_a_class_is_rejected():
    with pytest.raises(TypeError, match="found 0 subclasses of Solver, expected 1"):
        registry.create(Solver, name="newton")


def test_a_class_of_a_file_of_the_user(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "mine.py", MINE)
    made = registry.create(System, name="mine.py:Mine", mu=2.0)
    assert made.mu == 2
    assert registry.source("systems", "mine.py:Mine") == str(tmp_path / "mine.py")
    assert registry.label("models/mine.py:Mine") == "Mine"
    with pytest.raises(
        TypeError, match=r"mine.py: found None as Yours, expected a subclass of led"
    ):
        registry.create(System, name="mine.py:Yours")
    with pytest.raises(TypeError, match=r"mine.py:Mine: .*'nu'.*; found the options \['nu'\]"):
        registry.create(System, name="mine.py:Mine", nu=1)


def test_annotations_may_be_text(tmp_path):
    made = registry.create(System, name=write(tmp_path / "mine.py", FUTURE), rate=3.0)
    assert (made.rate, made.mu) == (3.0, 1.0)


def test_a_file_is_loaded_once_and_again_after_an_edit(tmp_path):
    name = write(tmp_path / "mine.py", MINE)
    first = type(registry.create(System, name=name))
    assert type(registry.create(System, name=name)) is first
    write(tmp_path / "mine.py", MINE + "    components = 'z'\n")
    assert registry.create(System, name=name).components == "z"


def test_files_of_one_name_are_two_modules(tmp_path):
    names = [write(tmp_path / place / "mine.py", MINE) for place in ("a", "b")]
    one, other = (type(registry.create(System, name=name)) for name in names)
    assert one is not other
    assert one.__module__ != other.__module__
    assert sys.modules[one.__module__].Mine is one


def test_a_file_that_fails_leaves_no_module(tmp_path):
    name = write(tmp_path / "mine.py", "1 / 0\n")
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            registry.create(System, name=name)


def test_a_file_finds_the_modules_of_its_folder(tmp_path):
    write(tmp_path / "led_helper_one.py", "from led_package_one.deep import value\n")
    write(tmp_path / "led_package_one" / "deep.py", "value = 5\n")
    source = f"import led_helper_one\n{MINE.rstrip()}\n    components = led_helper_one.value\n"
    assert registry.create(System, name=write(tmp_path / "mine.py", source)).components == 5
    assert sys.path[-1] == str(tmp_path)


def test_helpers_of_one_name_are_not_confused(tmp_path):
    names = []
    for place in ("a", "b"):
        write(tmp_path / place / "led_helper_two.py", "")
        names.append(write(tmp_path / place / f"{place}.py", f"import led_helper_two\n{MINE}"))
    registry.create(System, name=names[0])
    expected = r"b.py: found .*a/led_helper_two.py for .*, expected .*b/led_helper_two.py, which"
    with pytest.raises(ImportError, match=expected):
        registry.create(System, name=names[1])


@pytest.mark.parametrize("module", ["xarray", "json", "keyword", "math"])
def test_a_helper_called_like_an_installed_module_is_not_confused(tmp_path, module):
    """Imported already or not, in Python, in C, or a package; and in a helper of the helper."""
    write(tmp_path / f"{module}.py", "")
    write(tmp_path / "led_helper_three.py", f"def f():\n    import {module}\n")
    name = write(tmp_path / "mine.py", f"import led_helper_three\n{MINE}")
    with pytest.raises(ImportError, match=rf"found .* for 'import {module}', expected .*{module}"):
        registry.create(System, name=name)


def test_a_namesake_that_nobody_imports_does_no_harm(tmp_path):
    write(tmp_path / "numpy.py", "1 / 0\n")
    assert registry.create(System, name=write(tmp_path / "mine.py", MINE)).mu == 1


def test_a_dictionary_changes_the_default_of_a_nested_dataclass():
    from led.autoencoders.pointwise import Pointwise
    from led.training.settings import Training

    made = registry.create(
        "autoencoders", name="pointwise", latent_dim=2, training={"epochs": 3, "loss": "mae"}
    )
    expected = Training(
        epochs=3, batch_size=64, learning_rate=0.002, final_learning_rate=2e-6, loss="mae"
    )
    assert made == Pointwise(latent_dim=2, training=expected)
    with pytest.raises(TypeError, match=r"pointwise: .*'epoch'"):
        registry.create("autoencoders", name="pointwise", latent_dim=2, training={"epoch": 3})


def test_planning_imports_no_numpy():
    modules = "led.jobs.registry, led.jobs.provenance, led.config.complete"
    code = f"import sys, {modules}; print({{'numpy', 'keras', 'xarray'}} & set(sys.modules))"
    environment = os.environ | {"PYTHONPATH": str(sources.LIBRARY.parent)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert done.stdout == "set()\n"
