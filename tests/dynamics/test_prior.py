"""Random networks that members carry: fixed, and what makes members part far from the data."""

import keras
import numpy as np
import pytest

from led.data.networks import load_network
from led.data.scaling import Scaling
from led.dynamics.base import Dynamics
from led.jobs import registry
from led.surrogate.adaptive.ensemble import Ensemble
from led.training.loop import fit

RNN = {
    "name": "stateful",
    "units": [12],
    "training": {"epochs": 40, "batch_size": 20, "learning_rate": 0.01},
}
SCALING = Scaling(np.array([1.0, -2.0]), np.array([0.5, 4.0]))


def circles(count, seed, radius=1.0):
    """Points that turn by 0.2 a step, from any angle."""
    angles = np.random.default_rng(seed).uniform(0, 7, (count, 1)) + 0.2 * np.arange(30)
    return radius * np.stack([np.cos(angles), np.sin(angles)], -1).astype(np.float32)


def random_part(model):
    """Return the weights of the network that is never trained."""
    cell = next(layer.cell for layer in model.layers if isinstance(layer, keras.layers.RNN))
    return [array for layer in cell.prior for array in layer.get_weights()]


def test_an_untrained_network_moves_by_its_random_part(tmp_path):
    """The other change is zero at first: z + 0.3 g(z), of standardised latents z."""
    keras.utils.set_random_seed(0)
    dynamics = registry.create(Dynamics, **RNN, prior=0.3)
    model = dynamics.build(SCALING)
    inner, bias, outer, last = random_part(model)
    z = np.array([[0.3, -1.1], [2.0, 0.5]])
    expected = [z]
    for _ in range(4):
        z = z + 0.3 * (np.tanh(z @ inner + bias) @ outer + last)
        expected.append(z)
    expected = np.stack(expected, axis=1) * SCALING.deviation + SCALING.mean
    model.save(tmp_path / "0.keras")
    for network in (model, load_network(tmp_path / "0.keras")):
        found = dynamics.member(network).go_on(expected[:, :1].astype(np.float32), 4)
        np.testing.assert_allclose(found, expected, rtol=1e-5)
    plain = registry.create(Dynamics, **RNN).build(SCALING)
    assert random_part(plain) == []


@pytest.fixture(scope="module")
def ensembles():
    """Two members each, without and with a random part."""
    found = {}
    for prior in (0.0, 0.3):
        dynamics, members = registry.create(Dynamics, **RNN, prior=prior), []
        for seed in range(2):
            keras.utils.set_random_seed(seed)
            objective = dynamics.objective(circles(100, 0), circles(20, 1), 3, seed)
            before = random_part(objective.model)
            fit(objective)
            for array, other in zip(random_part(objective.model), before, strict=True):
                np.testing.assert_array_equal(array, other)
            members.append(dynamics.member(objective.model))
        found[prior] = Ensemble(members)
    return found


def spread(ensemble, radius):
    """Return the spread over 10 steps, on a circle of this radius."""
    memories = ensemble.listen(circles(50, 2, radius)[:, :3])
    return np.median(ensemble.advance(memories, 10)[1])


def test_members_part_far_from_the_data(ensembles):
    assert spread(ensembles[0.3], 1.0) < 0.01  # where they were trained they agree
    growth = {prior: spread(led, 3.0) / spread(led, 1.0) for prior, led in ensembles.items()}
    assert growth[0.3] > 3 * growth[0.0], growth
