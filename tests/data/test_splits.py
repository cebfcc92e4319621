"""The first samples of a split."""

import pytest
import xarray as xr

from led.data import splits
from led.jobs.files import FileError

ARRAY = xr.DataArray([[1, 2], [3, 4], [5, 6]], dims=("sample", "time"))


@pytest.mark.parametrize(("count", "left"), {1: 1, 3: 3, None: 3}.items())
def test_the_first_samples_are_kept_in_their_order(count, left):
    xr.testing.assert_identical(splits.first(ARRAY, count, "train.nc"), ARRAY[:left])


def test_too_few_samples_are_reported_with_their_file():
    message = r"mine/train.nc: found 3 samples, expected at least 4, the train_samples of the exper"
    with pytest.raises(FileError, match=message):
        splits.first(ARRAY, 4, "mine/train.nc")
