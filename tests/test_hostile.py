"""Damaged and hostile files: never used, never run, and named."""

import json
import os
import zipfile

import keras
import netCDF4
import numpy as np
import pytest
import xarray as xr
from keras import layers

from led.autoencoders import trained
from led.data.imported import import_split
from led.data.networks import load_network
from led.data.scaling import Scaling
from led.dynamics.base import Dynamics
from led.evaluation import forecasters
from led.jobs import files, registry
from led.surrogate.description import Description
from led.surrogate.surrogate import Surrogate
from tests.dynamics.test_dynamics import STATEFUL

SECTIONS = [{"name": name} for name in ("persistence", "mean", "nearest")]


@pytest.fixture(scope="module")
def model():
    return keras.Sequential([keras.Input((3,)), layers.Dense(200), layers.Dense(2)])


def configured(path, change):
    """Rewrite the configuration of the network in a file of Keras."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(parts["config.json"])
    change(config)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (parts | {"config.json": json.dumps(config)}).items():
            archive.writestr(name, content)


def flipped(path, place):
    content = bytearray(path.read_bytes())
    content[place] ^= 0xFF
    path.write_bytes(content)


def test_a_description_that_unpacks_to_gigabytes_is_refused(model, tmp_path, monkeypatch):
    """By its size in the archive, before it is unpacked."""
    path = tmp_path / "network.keras"
    model.save(path)
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("config.json").file_size
    monkeypatch.setattr("led.data.networks.MOST_TEXT", size)
    with pytest.raises(files.FileError, match=r"network\.keras: .*its description unpacks to"):
        load_network(path)
    monkeypatch.setattr("led.data.networks.MOST_TEXT", 10 * size)
    load_network(path)


def test_code_in_a_network_is_not_run(tmp_path):
    path, touched = tmp_path / "network.keras", tmp_path / "touched"

    name = str(touched)
    hostile = layers.Lambda(lambda x: (__import__("os").makedirs(name, exist_ok=True), x)[1])
    keras.Sequential([keras.Input((3,)), hostile]).save(path)
    touched.rmdir()
    with pytest.raises(files.FileError, match=r"network\.keras: damaged, or not a network of"):
        load_network(path)
    assert not touched.exists()
    keras.saving.load_model(path, safe_mode=False)
    assert touched.exists()  # the payload works


@pytest.mark.parametrize(
    ("module", "name"), [("os", "system"), ("hostile", "Layer"), ("keras.utils", "get_file")]
)
def test_layers_of_other_packages_are_not_imported(model, tmp_path, monkeypatch, module, name):
    (tmp_path / "hostile.py").write_text(f"open({str(tmp_path / 'touched')!r}, 'w')")
    monkeypatch.syspath_prepend(tmp_path)
    path = tmp_path / "network.keras"
    model.save(path)

    def change(config):
        config["config"]["layers"][1] |= {
            "module": module,
            "class_name": name,
            "registered_name": None,
        }

    configured(path, change)
    with pytest.raises(files.FileError, match=r"network\.keras: damaged, or not a network of"):
        load_network(path)
    assert not (tmp_path / "touched").exists()


@pytest.mark.parametrize("damage", ["empty", "truncated", "text", "a byte of the weights", "HDF5"])
def test_a_damaged_network_is_named(model, tmp_path, damage):
    path = tmp_path / "network.keras"
    model.save(path)
    whole = path.read_bytes()
    np.testing.assert_array_equal(load_network(path).get_weights()[0], model.get_weights()[0])
    if damage == "a byte of the weights":
        flipped(path, len(whole) // 2)
    elif damage == "HDF5":
        model.save(tmp_path / "network.h5")
        (tmp_path / "network.h5").rename(path)
    else:
        half = whole[: len(whole) // 2]
        path.write_bytes({"empty": b"", "truncated": half, "text": b"no network"}[damage])
    with pytest.raises(files.FileError, match=r"network\.keras: damaged, or not a network of"):
        load_network(path)


class Payload:
    """Creates a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def test_pickled_arrays_are_not_unpickled(tmp_path):
    path, touched = str(tmp_path / "samples.npz"), tmp_path / "touched"
    np.savez(path, np.array([Payload(touched)]))
    with pytest.raises(files.FileError, match=r"samples\.npz: not a readable NPZ file .*pickle"):
        import_split([path], [path], str(tmp_path / "out.nc"))
    assert not touched.exists()
    with np.load(path, allow_pickle=True) as arrays:
        arrays["arr_0"]
    assert touched.exists()  # the payload works


ARRAY = np.random.default_rng(0).normal(size=(4, 500, 30)).astype(np.float32)


@pytest.mark.parametrize("damage", ["empty", "truncated", "a byte", "a bare array", "text in it"])
def test_a_damaged_npz_is_named(tmp_path, damage):
    path = tmp_path / "samples.npz"
    np.savez_compressed(path, ARRAY)
    whole = path.read_bytes()
    if damage == "a byte":
        flipped(path, len(whole) // 2)
    elif damage == "a bare array":
        with open(path, "wb") as file:
            np.save(file, ARRAY)
    elif damage == "text in it":
        np.savez(path, ARRAY.astype(str))
    else:
        path.write_bytes(whole[: len(whole) // 2 if damage == "truncated" else 0])
    with pytest.raises(files.FileError, match=r"samples\.npz: (not a readable|found an? )"):
        import_split([str(path)], [str(path)], str(tmp_path / "out.nc"))
    assert not (tmp_path / "out.nc").exists()


def write_split(path, name="state"):
    dims = ("sample", "time", "component")
    data = xr.Dataset({name: (dims, ARRAY)}, {"time": np.arange(500.0), "sample": np.arange(4)})
    files.write(data, path)


@pytest.mark.parametrize("name", ["state", "latents", "prediction"])
def test_every_reader_reports_a_flipped_byte(tmp_path, name):
    """At once or later, and the message names the damaged one of several files."""
    path, whole = tmp_path / "flipped.nc", tmp_path / "whole.nc"
    write_split(path, name)
    write_split(whole, name)
    with netCDF4.Dataset(path) as file:
        assert file[name].filters()["fletcher32"]
    flipped(path, path.stat().st_size * 3 // 4)
    message = r"flipped\.nc: damaged, its arrays cannot be read"
    with pytest.raises(files.FileError, match=message):
        files.read(path)
    with pytest.raises(files.FileError, match=message):
        add_samples(path, whole, name)
    with pytest.raises(files.FileError, match=message):
        add_samples(whole, path, name)


def test_a_job_that_writes_from_a_damaged_file_reports_it(tmp_path):
    path = tmp_path / "flipped.nc"
    write_split(path, "state")
    flipped(path, path.stat().st_size * 3 // 4)
    with pytest.raises(files.FileError, match=r"flipped\.nc: damaged, its arrays cannot be read"):
        import_split([str(path)], [str(path)], str(tmp_path / "out.nc"))
    assert list(tmp_path.iterdir()) == [path]


def add_samples(one, other, name):
    with files.open_dataset(one) as first, files.open_dataset(other) as second:
        return [first[name][sample].values + second[name][sample].values for sample in range(4)]


def test_a_flipped_byte_of_the_times_is_reported(tmp_path):
    path = tmp_path / "flipped.nc"
    write_split(path)
    flipped(path, path.read_bytes().index(np.arange(500.0).tobytes()) + 2006)
    with pytest.raises(files.FileError, match=r"flipped\.nc: "):
        files.read(path)


def fail_while_open(path):
    with files.open_dataset(path):
        raise OSError("the disk is full")


def test_another_error_is_not_taken_for_damage(tmp_path):
    write_split(tmp_path / "whole.nc")
    with pytest.raises(OSError, match="the disk is full"):
        fail_while_open(tmp_path / "whole.nc")


def autoencoder(size, latents):
    state = keras.Input((size, 2))
    encoder = keras.Model(state, layers.Dense(latents)(layers.Flatten()(state)), name="encoder")
    latent = keras.Input((latents,))
    again = layers.Reshape((size, 2))(layers.Dense(size * 2)(latent))
    decoder = keras.Model(latent, again, name="decoder")
    return keras.Model(state, decoder(encoder(state)), name="autoencoder")


def test_networks_that_do_not_fit_are_named(tmp_path):
    rnn = registry.create(Dynamics, **STATEFUL)
    paths = {n: tmp_path / f"{n}.keras" for n in ("two", "three", "rnn")}
    autoencoder(4, 2).save(paths["two"])
    autoencoder(5, 3).save(paths["three"])
    rnn.build(Scaling(np.zeros(2), np.ones(2))).save(paths["rnn"])
    for name in ("two", "three"):
        described = {"components": ["c"], "grid": {}, "interval": 1.0, "warmup": 1.0}
        networks = {"autoencoder": f"{name}.keras", "members": ["rnn.keras"]}
        Description(**described, **networks, rnn=STATEFUL).write(tmp_path)
        if name == "two":
            Surrogate.load(tmp_path)
    with pytest.raises(
        files.FileError, match=r"rnn\.keras: found a network of 2 latents, expected 3.*three\.keras"
    ):
        Surrogate.load(tmp_path)
    with pytest.raises(files.FileError, match=r"rnn\.keras: found the layers .*, expected an enc"):
        trained.load(paths["rnn"])
    state = np.zeros((1, 6, 4, 2))
    trained.check_shape(trained.load(paths["two"]), state)
    with pytest.raises(
        files.FileError, match=r"a\.keras: found samples .*\(4, 2\), expected \(5, 2\)"
    ):
        trained.check_shape(trained.load(paths["three"]), state, "a.keras")


def test_a_forecast_of_other_samples_is_refused(tmp_path):
    test = xr.DataArray(ARRAY, dims=("sample", "time", "component"))
    test = test.assign_coords(time=np.arange(500.0), sample=np.arange(4))
    truth = test[:, 20:]
    parts = {"prediction": truth, "reconstruction": truth, "truth": truth}
    files.write(xr.Dataset(parts), tmp_path / "forecast.nc")
    others = {
        "of other values": test + 1e-3,
        "in another order": test[::-1].assign_coords(sample=np.arange(4)),
        "fewer": test[:3],
    }
    with files.open_dataset(tmp_path / "forecast.nc") as forecast:
        assert len(list(forecasters.predictions(forecast, test, test, SECTIONS))) == 5
        for other in others.values():
            with pytest.raises(files.FileError, match=r"forecast\.nc: found a forecast of other"):
                next(forecasters.predictions(forecast, other, other, SECTIONS))
