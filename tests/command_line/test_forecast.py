"""`led forecast`: what the library forecasts, in a file with the times that follow."""

import numpy as np
import pytest

from led.command_line import main
from led.jobs import files
from led.surrogate.description import Description
from led.surrogate.surrogate import Surrogate
from tests.inspection.test_proposal import waves
from tests.surrogate.test_start import networks


def test_a_window_file_becomes_a_forecast_file(tmp_path, capsys):
    states = waves(3, 0)
    encoder, (member,) = networks([states["state"], states["state"]])
    paths = {name: tmp_path / f"{name}.keras" for name in ("autoencoder", "rnn")}
    encoder.model.save(paths["autoencoder"])
    member.model.save(paths["rnn"])
    settings = {"warmup": 5.0, "rnn": {"name": "stateful", "units": [4]}}
    made = {"autoencoder": paths["autoencoder"], "members": [paths["rnn"]]}
    Description.of(tmp_path, states["state"], **made, **settings).write(tmp_path)
    window = states.isel(time=slice(4, 14))
    window.to_netcdf(tmp_path / "window.nc")
    given = [str(tmp_path), str(tmp_path / "window.nc"), str(tmp_path / "out" / "forecast.nc")]
    main.main(["forecast", *given, "--horizon", "4"])
    assert "8 frames of sample, time, x, component" in capsys.readouterr().out
    found = files.read(given[2])
    np.testing.assert_allclose(found["time"], 7 + 0.5 * np.arange(8))
    expected = Surrogate.load(tmp_path).forecast(window["state"], 4.0)
    np.testing.assert_allclose(found["prediction"], expected, rtol=1e-5, atol=1e-6)
    assert '"warmup": 5.0' in found.attrs["settings"]

    late = window["state"].reindex(time=[*window["time"].values, 7.0, 7.5])  # as for a forcing
    late.to_dataset(name="state").to_netcdf(tmp_path / "window.nc")
    main.main(["forecast", *given, "--horizon", "4"])
    np.testing.assert_array_equal(files.read(given[2])["prediction"], found["prediction"])

    for change, message in (
        ({"time": slice(4, 9)}, "found 5 frames, expected at least 10"),
        ({"x": slice(3)}, "found 3 points along x"),
    ):
        states.isel(change).to_netcdf(tmp_path / "window.nc")
        with pytest.raises(SystemExit, match=message):
            main.main(["forecast", *given, "--horizon", "4"])
