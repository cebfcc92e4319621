"""Variances that networks predict, against Gaussian processes whose variances are known."""

import keras
import numpy as np
import pytest
import xarray as xr
from scipy import stats

from led.autoencoders.base import Autoencoder
from led.autoencoders.trained import decode
from led.data.scaling import Scaling
from led.dynamics.base import Dynamics, Member
from led.jobs import registry
from led.surrogate.adaptive.ensemble import Ensemble
from led.surrogate.description import Description
from led.surrogate.modes.latent import Rollout
from led.surrogate.surrogate import Surrogate
from led.training.loop import fit
from led.training.objectives.likelihood import Likelihood, likelihood

STEP = np.array([0.5, 20.0])  # deviation of the steps of two random walks
TRAINING = {"epochs": 60, "batch_size": 50, "learning_rate": 0.02}


def walks(count, seed, frames=9):
    steps = np.random.default_rng(seed).normal(size=(count, frames, 2)) * STEP
    steps[:, 0] *= 4  # where they start
    return np.cumsum(steps, axis=1).astype(np.float32)


@pytest.fixture(scope="module")
def walking():
    """A network that has seen random walks: the best forecast stays where it is."""
    keras.utils.set_random_seed(0)
    options = {"name": "stateful", "units": [8], "variance": True, "training": TRAINING}
    dynamics = registry.create(Dynamics, **options)
    train = walks(600, 0)
    objective = dynamics.objective(train, walks(200, 1), known=1)
    history = fit(objective)
    return dynamics, objective.model, history, train.std(axis=(0, 1))


def test_the_variance_of_a_random_walk_grows_with_its_steps(walking):
    dynamics, model, history, unit = walking
    member = dynamics.member(model)
    assert member.predicts_variance
    assert dynamics.latents_of(model) == 2
    memory = member.listen(walks(300, 2)[:, :1])
    expected = np.arange(1, 9)[:, None] * STEP**2
    found = member.variances(memory, 8).mean(axis=0)
    np.testing.assert_allclose(found[1:], expected[1:], rtol=0.3)
    halves = member.advance(memory, 3)[1]  # from any step on
    np.testing.assert_allclose(
        member.variances(halves, 5), member.variances(memory, 8)[:, 3:], rtol=1e-4
    )
    assert (member.doubt(walks(3, 2)[:, :2], 4)[:, :2] == 0).all()
    # no forecast has a smaller loss than the exact one: that of the law of the walks
    moved = walks(200, 1)[:, 1:] - walks(200, 1)[:, :1]
    exact = np.mean(np.log(expected / unit**2) + moved**2 / expected) / 2
    best = min(epoch["val_loss"] for epoch in history)
    assert exact - 0.03 < best < exact + 0.1


def test_the_loss_is_that_of_the_normal_distribution():
    rng = np.random.default_rng(0)
    target, mean, variance = rng.normal(size=(3, 5, 7, 2)).astype(np.float32)
    variance = variance**2 + 0.1
    unit = np.array([1.0, 3.0])
    expected = -stats.norm.logpdf(target / unit, mean / unit, np.sqrt(variance)).mean(axis=-1)
    expected -= np.log(2 * np.pi) / 2
    found = Likelihood(unit).call(target, np.concatenate([mean, variance], axis=-1))
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    assert likelihood(2.0 * np.ones(1), 4.0 * np.ones(1)) < min(
        likelihood(2.0 * np.ones(1), other * np.ones(1)) for other in (3.5, 4.5)
    )


def test_members_and_their_variances_are_combined_as_a_mixture():
    """Of two normal distributions: the variance of many draws from either."""
    means, deviations = np.array([1.0, 4.0]), np.array([0.5, 2.0])
    shape = (2, 1, 1, 1)
    found = Rollout(None, None, {}, means.reshape(shape), deviations.reshape(shape) ** 2).spread
    rng = np.random.default_rng(0)
    draws = rng.normal(means, deviations, size=(200_000, 2)).ravel()
    assert found.item() == pytest.approx(draws.std(), rel=0.01)
    assert found.item() == pytest.approx(
        np.sqrt(np.mean(deviations**2 + means**2) - np.mean(means) ** 2)
    )


class Known(Member):
    """Stays where it is, with variances that grow by one a step."""

    predicts_variance = True

    def __init__(self, moved=0.0):
        self.moved = moved  # from where it is
        linear = registry.create(Dynamics, name="least_squares")
        self.model = linear.build(Scaling(np.zeros(3), np.full(3, 2.0)))  # has the scaling alone

    def listen(self, latents, memory=None):
        return latents[:, -1:]

    def advance(self, memory, steps):
        return np.repeat(memory, steps, axis=1) + self.moved, memory

    def variances(self, memory, steps):
        return np.ones_like(memory) * np.arange(1, steps + 1)[:, None]


@pytest.mark.parametrize("copies", [(), (np.negative,)])
def test_variances_reach_the_states_as_a_linear_decoder_carries_them(copies):
    """They are the diagonal of J S J'; a copy of the other sign cancels nothing."""
    rng = np.random.default_rng(0)
    truth = rng.normal(size=(1, 40, 5, 1)) * np.arange(1, 6)[:, None] + 0.0
    pca = registry.create(Autoencoder, name="pca", latent_dim=3)
    state = xr.DataArray(truth, dims=("sample", "time", "x", "component"))
    model = pca.objective(state, state).model
    settings = {"components": ["u"], "grid": {"x": [0, 1, 2, 3, 4]}, "interval": 1.0}
    pairs = tuple((f, f) for f in (np.asarray, *copies)) if copies else ()
    led = Surrogate(Description(**settings, warmup=2.0), model, (Known(),), None, pairs)
    found = led.rollout(np.arange(4), 2, apart=True)(truth[:, :2])
    origin = decode(model, np.zeros((1, 1, 3), np.float32))
    columns = [
        decode(model, np.eye(3, dtype=np.float32)[None, k : k + 1]) - origin for k in range(3)
    ]
    squares = sum(column.astype(float) ** 2 for column in columns)[0, 0]
    expected = np.sqrt(np.arange(1, 5)[:, None, None] * squares)
    np.testing.assert_allclose(found.spread[0], expected, rtol=1e-3)


def test_an_adaptive_forecast_counts_how_far_each_member_may_be_off():
    """As a share of a training variance of 4 in each of three latents."""
    ensemble = Ensemble([Known(), Known(2.0)])
    memories = ensemble.listen(np.zeros((1, 2, 3)))
    latents, spread, _ = ensemble.advance(memories, 4)
    np.testing.assert_array_equal(latents, np.ones((1, 4, 3)))
    np.testing.assert_allclose(spread, (1.0 + np.arange(1, 5))[None] / 4.0)
