"""Classes by the name of a file."""

import pytest

from led.jobs import registry
from led.solvers.base import Solver
from led.systems.base import System
from led.systems.van_der_pol import VanDerPol


def test_a_name_is_that_of_a_file():
    assert registry.create(System, name="van_der_pol", mu=2.0) == VanDerPol(mu=2.0)
    assert registry.source("systems", "van_der_pol") == "systems/van_der_pol.py"


def test_a_module_without_a_class_is_told():
    with pytest.raises(TypeError, match="found 0 subclasses of Solver, expected 1"):
        registry.create(Solver, name="newton")


def test_a_class_of_a_file_of_the_user(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(
        "from led.systems.van_der_pol import VanDerPol\n\n\nclass Mine(VanDerPol):\n    pass\n"
    )
    made = registry.create(System, name="mine.py:Mine", mu=2.0)
    assert made.mu == 2
    assert registry.source("systems", "mine.py:Mine") == str(tmp_path / "mine.py")
    with pytest.raises(
        TypeError, match=r"mine.py: found None as Yours, expected a subclass of led"
    ):
        registry.create(System, name="mine.py:Yours")
    with pytest.raises(TypeError, match=r"mine.py:Mine: .*'nu'.*; found the options \['nu'\]"):
        registry.create(System, name="mine.py:Mine", nu=1)
