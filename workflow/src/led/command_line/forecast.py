"""Forecast with a trained surrogate, from a file with the warm-up of some samples.

The window file is NetCDF in the form of results/datasets: state([sample,] time, [space,] component)
with the time step of the training samples, as long as the warm-up or longer. A forcing goes on in
the same file to the end of the forecast, where the states are missing (NaN).

  led forecast results/fhn window.nc forecast.nc --horizon 400
"""


def add_arguments(parser):
    """Add the arguments of the command."""
    parser.add_argument("surrogate", help="folder of an experiment, e.g. results/fhn")
    parser.add_argument("window", help="NetCDF file with the states of the warm-up")
    parser.add_argument("output", help="NetCDF file to write, with the variable prediction")
    parser.add_argument(
        "--horizon", type=float, required=True, help="length of the forecast, in the unit of time"
    )
    parser.add_argument("--threads", type=int, default=1, help="threads of TensorFlow")


def run(surrogate, window, output, horizon, threads):
    """Write the forecast; variables of the window file that the surrogate has as inputs drive it.

    Raises
    ------
    ValueError, led.jobs.files.FileError
        If the window does not fit the surrogate, or a file cannot be read.
    """
    import os

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from dataclasses import asdict

    from led.jobs import files, provenance, runtime
    from led.surrogate.surrogate import Surrogate

    runtime.use_keras(seed=0, threads=threads)
    trained, given = Surrogate.load(surrogate), files.read(window)
    if "state" not in given:
        raise files.FileError(f"{window}: found {list(given)}, expected a variable named state")
    named = {name: given[name] for name in trained.description.inputs if name in given}
    states = given["state"]
    there = states.notnull().any([name for name in states.dims if name != "time"])
    warmup = states.isel(time=slice(None, int(there.values.nonzero()[0].max(initial=-1)) + 1))
    predicted = trained.forecast(warmup, horizon, named)
    attributes = provenance.attributes(asdict(trained.description))
    files.write(predicted.to_dataset(name="prediction").assign_attrs(attributes), output)
    print(f"{output}: {predicted.sizes['time']} frames of {', '.join(predicted.dims)}")
