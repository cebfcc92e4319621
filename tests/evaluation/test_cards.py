"""Model cards: the numbers of a network that were counted by hand."""

import re

import numpy as np
import pandas as pd
import xarray as xr

from led.autoencoders.base import Autoencoder
from led.data.scaling import Scaling
from led.dynamics.base import Dynamics
from led.evaluation import cards
from led.jobs import registry
from tests.dynamics.test_dynamics import STATEFUL, WINDOWED

HISTORY = pd.DataFrame(
    {
        "epoch": [1, 2, 3],
        "loss": [0.5, 0.25, 0.125],
        "val_loss": [0.75, 0.375, 0.5],
        "learning_rate": 0.1,
        "seconds": [2.0, 1.5, 1.5],
    }
)


def state():
    values = np.random.default_rng(0).normal(size=(3, 5, 4, 2, 2))
    return xr.DataArray(
        values, {"component": ["u", "w"]}, ("sample", "time", "x", "y", "component")
    )


def test_the_card_of_an_autoencoder_shows_layers_data_and_losses():
    data = state()
    autoencoder = registry.create(Autoencoder, name="pca", latent_dim=3)
    model = autoencoder.build(data.shape[2:], Scaling.of(data))
    card = cards.card("autoencoder of fhn", model, HISTORY, data, {"seed": 1, "name": "pca"})
    assert card.startswith("# autoencoder of fhn\n\n115 parameters, of which 115 are trained.")
    assert "| encoder/project | Dense | 3 | 51 |" in card  # 16 x 3 + 3
    assert "| decoder/expand | Dense | 16 | 64 |" in card  # 3 x 16 + 16
    assert "InputLayer" not in card
    assert "sample 3, time 5, x 4, y 2, component 2" in card
    mean, deviation = re.search(r"\| u \| (\S+) \| (\S+) \|", card).groups()
    u = data.sel(component="u").values
    np.testing.assert_allclose([float(mean), float(deviation)], [u.mean(), u.std()], rtol=1e-4)
    assert "3 epochs in 5 s. The weights of epoch 2 were kept" in card
    assert "training loss 0.25, validation loss 0.375" in card
    assert "name: pca\nseed: 1\n" in card


def test_the_card_of_a_recurrent_network():
    latents = xr.DataArray(np.random.default_rng(0).normal(size=(2, 9, 2)), dims=("s", "t", "z"))
    for options in (STATEFUL, WINDOWED):
        forecaster = registry.create(Dynamics, **options)
        model = forecaster.build(Scaling.of(latents))
        card = cards.card("rnn", model, HISTORY.iloc[:0], latents, {})
        trainable = sum(int(np.prod(v.shape)) for v in model.trainable_variables)
        assert f"of which {trainable:,} are trained" in card
        assert "Nothing was trained by descent." in card
        assert "| 1 | " in card.partition("## Data")[2]  # the second latent
        assert ("RNN of ClosedLoopCell" in card) == (options is STATEFUL)
        driven = forecaster.build(Scaling.of(latents), Scaling(np.array([7.0]), np.array([3.0])))
        card = cards.card("rnn", driven, HISTORY.iloc[:0], latents, {})
        assert ("| input 0 | 7 | 3 |" in card) == (options is WINDOWED)  # one layer for both
