"""Inputs: read in the order of their names, and refused where a network could not use them."""

import numpy as np
import pytest
import xarray as xr

from led.data import inputs
from led.jobs import files
from led.jobs.runtime import ResultWarning


@pytest.fixture
def dataset():
    rng = np.random.default_rng(0)
    return xr.Dataset(
        {
            "state": (("sample", "time", "component"), np.zeros((5, 4, 1))),
            "forcing": (("sample", "time"), rng.normal(size=(5, 4))),
        },
        {"sample": np.arange(5), "time": np.arange(4.0), "mu": ("sample", np.arange(5.0))},
    )


def test_a_parameter_is_the_same_at_all_times(dataset):
    found = inputs.read(dataset, ["mu", "forcing"])
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found[:, :, 0], np.arange(5.0)[:, None].repeat(4, 1))
    np.testing.assert_allclose(found[:, :, 1], dataset["forcing"], rtol=1e-6)
    assert inputs.labels_of(dataset, ["mu", "forcing"]) == ["mu", "forcing"]


def test_what_is_no_input_is_refused(dataset):
    with pytest.raises(
        files.FileError, match=r"a\.nc: found no input 'nu', expected one of forcing"
    ):
        inputs.read(dataset, ["nu"], "a.nc")
    with pytest.raises(files.FileError, match="found the input state with the dimensions"):
        inputs.read(dataset, ["state"])
    dataset["forcing"][2, 3] = np.nan
    with pytest.raises(files.FileError, match="the input forcing that are not finite"):
        inputs.read(dataset, ["forcing"])


def written(folder, **parts):
    for name, part in parts.items():
        files.write(part, folder / f"{name}.nc")
    return [str(folder / f"{name}.nc") for name in parts]


def test_both_splits_of_a_training_are_read(dataset, tmp_path):
    paths = written(tmp_path, train=dataset, validation=dataset.isel(sample=[4, 2]))
    train, validation = inputs.of_splits(*paths, ["mu"], 3)["inputs"]
    assert train[:, 0, 0].tolist() == [0, 1, 2]
    assert validation[:, 0, 0].tolist() == [4, 2]
    assert inputs.of_splits(*paths, []) == {}
    constant = written(tmp_path, train=dataset.isel(sample=[1]), validation=dataset)
    with pytest.raises(files.FileError, match=r"train.nc: found the input mu constant"):
        inputs.of_splits(*constant, ["mu"])
    without = written(tmp_path, train=dataset, validation=dataset.drop_vars("mu"))
    with pytest.raises(files.FileError, match=r"validation.nc: found no input 'mu'"):
        inputs.of_splits(*without, ["mu"])


def test_inputs_outside_the_training_are_named(dataset):
    new = dataset.isel(sample=[0, 1]).assign_coords(mu=("sample", [4.1, 4.5]), sample=[7, 9])
    assert inputs.ranges(dataset, ["mu"], None, "train.nc") == {"mu": [[0.0, 4.0]]}
    sources = ("test.nc", "train.nc")
    with pytest.warns(ResultWarning, match=r"the input mu of the samples \[1\] lies outside"):
        found = inputs.beyond(new, dataset, ["mu"], None, sources)
    assert found == {7: False, 9: True}
    assert inputs.beyond(new, dataset, [], None, sources) == {}


def test_what_a_caller_gives_is_arranged_like_a_file():
    times = np.arange(2.0, 6.0)
    forcing = xr.DataArray(np.arange(10.0), {"time": np.arange(10.0)}, ("time",))
    found = inputs.given({"mu": [1.0, 2.0], "nu": 5, "forcing": forcing}, 2, times)
    read = inputs.read(found, ["nu", "forcing", "mu"])
    np.testing.assert_array_equal(read[:, :, 0], np.full((2, 4), 5))
    np.testing.assert_array_equal(read[1, :, 1], [2, 3, 4, 5])
    np.testing.assert_array_equal(read[:, 3, 2], [1, 2])
    with pytest.raises(ValueError, match=r"found forcing at the times 0 to 9, expected those of"):
        inputs.given({"forcing": forcing}, 2, times + 5)
    with pytest.raises(ValueError, match="found 3 values of mu along sample, expected 2"):
        inputs.given({"mu": [1.0, 2.0, 3.0]}, 2, times)
