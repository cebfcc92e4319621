"""Networks of another surrogate as a start: taken as they are, or refused with the difference."""

import keras
import numpy as np
import pytest

from led.autoencoders.base import Autoencoder
from led.dynamics.base import Dynamics
from led.jobs import registry
from led.jobs.files import FileError
from led.surrogate import start
from led.surrogate.description import Description
from tests.inspection.test_proposal import waves


@pytest.fixture(scope="module")
def states():
    return [waves(3, seed)["state"] for seed in (0, 1)]


DYNAMICS = {"name": "stateful", "training": {"epochs": 1, "batch_size": 2}}


def networks(states, latents=2, units=4, members=1, scale=1.0):
    encoder = registry.create(Autoencoder, name="pca", latent_dim=latents).objective(*states)
    dynamics = registry.create(Dynamics, **DYNAMICS, units=[units])
    series = scale * np.random.default_rng(0).normal(size=(3, 20, latents)).astype("f4")
    made = []
    for seed in range(members):
        keras.utils.set_random_seed(seed)
        made.append(dynamics.objective(series, series, 5, seed))
    return encoder, made


@pytest.fixture(scope="module")
def described(states, tmp_path_factory):
    folder = tmp_path_factory.mktemp("other")
    encoder, members = networks(states, members=2)
    (folder / "rnn").mkdir()
    encoder.model.save(folder / "autoencoder.keras")
    paths = [folder / "rnn" / f"{number}.keras" for number in range(2)]
    for member, path in zip(members, paths, strict=True):
        member.model.save(path)
    files = {"autoencoder": folder / "autoencoder.keras", "members": paths}
    Description.of(folder, states[0], **files, warmup=5.0).write(folder)
    return folder / "surrogate.json", encoder, members


def same(one, other):
    pairs = zip(one.weights, other.weights, strict=True)
    return all(np.array_equal(first, second) for first, second in pairs)


def test_the_networks_are_those_of_the_surrogate(states, described):
    description, encoder, members = described
    fresh = networks(states[::-1], scale=4.0)  # other samples, and other principal components
    assert not same(fresh[0].model, encoder.model)
    assert same(start.encoded(fresh[0], description).model, encoder.model)
    for member in range(3):  # in turn
        dynamics = registry.create(Dynamics, **DYNAMICS)
        found = start.advanced(fresh[1][0], dynamics, description, member)
        assert same(found.model, members[member % 2].model)
        # a variance that the network predicts is in the unit of its own scaling
        np.testing.assert_allclose(found.loss.unit, members[0].loss.unit)
        assert (fresh[1][0].loss.unit > 3 * found.loss.unit).all()
        assert found.training == fresh[1][0].training


def test_dynamics_without_descent_stay_fitted_to_the_new_samples(states, described):
    dynamics = registry.create(Dynamics, name="least_squares")
    series = np.random.default_rng(0).normal(size=(3, 20, 2)).astype("f4")
    objective = dynamics.objective(series, series, 5)
    assert start.advanced(objective, dynamics, described[0], 0) is objective


def test_other_shapes_are_refused_with_the_file_and_both_shapes(states, described):
    encoder, (member,) = networks(states, latents=3, units=4)
    with pytest.raises(FileError, match=r"autoencoder.keras: found weights .* \(30, 2\), .* 3\)"):
        start.encoded(encoder, described[0])
    with pytest.raises(FileError, match=r"rnn/1.keras: found an input of shape \(None, 2\)"):
        start.advanced(member, registry.create(Dynamics, **DYNAMICS), described[0], 1)
