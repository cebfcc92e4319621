"""Autoencoders: published sizes, linear algebra, and training that can be repeated."""

import functools

import keras
import numpy as np
import pytest
import xarray as xr

from led.autoencoders import trained
from led.autoencoders.base import Autoencoder
from led.autoencoders.trained import decode, encode, encode_split
from led.data.blocks import Blocks
from led.data.scaling import Scaling
from led.data.simulate import simulate
from led.jobs import files, registry
from led.jobs.runtime import ResultWarning
from led.solvers.adams_bashforth import AdamsBashforth
from led.systems.fitzhugh_nagumo import FitzHughNagumo
from led.systems.kuramoto_sivashinsky import KuramotoSivashinsky
from led.systems.lambda_omega import LambdaOmega
from led.training.loop import fit
from led.training.objectives.snapshots import Snapshots

TRAINING = {"epochs": 2, "batch_size": 8, "learning_rate": 0.01}
NEURAL = {"latent_dim": 3, "snapshots_per_sample": 10, "training": TRAINING}
SMALL = {"encoder_units": [8], "decoder_units": [8], "head_units": [4], "name": "pointwise"}
PLAIN = Scaling(np.zeros(2), np.ones(2))


@pytest.fixture(scope="module")
def state():
    """Travelling waves on a 5 x 4 grid, u around 3 and w a hundred times smaller."""
    sample, time, x, y = np.ogrid[0:4, 0:30, 0:5, 0:4]
    phase = 0.3 * time - 0.5 * x - 0.2 * y + sample
    values = np.stack([3 + np.sin(phase), 0.01 * np.cos(phase)], axis=-1).astype(np.float32)
    return xr.DataArray(values, dims=("sample", "time", "x", "y", "component"))


def test_conv_has_the_published_number_of_parameters():
    conv = registry.create(Autoencoder, name="conv", **NEURAL | {"latent_dim": 10})
    model = conv.build((20, 20, 2), PLAIN)
    assert model.get_layer("encoder").count_params() == 27_986
    assert model.get_layer("decoder").count_params() == 24_314


def test_asymmetric_conv_has_the_published_number_of_parameters():
    options = NEURAL | {"latent_dim": 10, "dense_units": [32, 64], "encoder_stride": 2}
    options["filters"] = [8, 16, 32]
    model = registry.create(Autoencoder, name="conv", **options).build((20, 20, 2), PLAIN)
    assert model.get_layer("encoder").count_params() == 10_834
    assert model.get_layer("decoder").count_params() == 18_908
    assert model.output_shape == (None, 20, 20, 2)


@pytest.mark.parametrize("name", ["conv", "pointwise"])
@pytest.mark.parametrize(("shape", "stride"), [((21, 18, 2), 2), ((27, 25, 2), 3)])
def test_an_encoder_sees_every_nth_point_alone(name, shape, stride, tmp_path):
    """Also of sides that are no multiple of it, and after loading."""
    autoencoder = registry.create(Autoencoder, name=name, **NEURAL, encoder_stride=stride)
    autoencoder.build(shape, PLAIN).save(tmp_path / "model.keras")
    model = keras.saving.load_model(tmp_path / "model.keras")
    states = np.random.default_rng(0).normal(size=(1, 3, *shape)).astype(np.float32)
    hidden = states.copy()
    hidden[:, :, 1::stride] = 7
    hidden[:, :, :, 1::stride] = 7
    np.testing.assert_array_equal(encode(model, states), encode(model, hidden))
    seen = states.copy()
    seen[:, :, ::stride, ::stride] += 1
    assert (encode(model, states) != encode(model, seen)).all()
    assert decode(model, encode(model, states)).shape == states.shape


@pytest.mark.parametrize(
    ("shape", "padding", "options"),
    [
        ((20, 20, 2), "zero", {"batch_normalization": True, "dropout": 0.2}),
        ((21, 13, 2), "zero", {}),
        ((9, 30, 1), "periodic", {}),
        ((16, 8, 3), ["periodic", "zero"], {}),
        ((101, 2), "reflect", {}),
        ((5, 1), "zero", {}),
        ((5, 1), "periodic", {}),
        ((8, 9, 10, 1), "reflect", {}),
        ((8, 8, 8, 1), "zero", {}),
    ],
)
def test_conv_draws_grids_of_any_size(shape, padding, options):
    """Of one to three dimensions; the coarsest has two points or more along each."""
    conv = registry.create(Autoencoder, name="conv", padding=padding, **NEURAL, **options)
    scaling = Scaling(np.zeros(shape[-1]), np.ones(shape[-1]))
    assert conv.build(shape, scaling).output_shape == (None, *shape)


@pytest.mark.parametrize(
    ("shape", "options", "message"),
    [
        ((6, 20, 2), {"filters": [8, 16, 32]}, r"autoencoder.filters: found 3 layers"),
        (
            (40, 40, 2),
            {"filters": [2, 2], "dense_units": [8]},
            r"autoencoder.dense_units: found 8 first",
        ),
        (
            (8, 8, 2),
            {"filters": [2], "kernels": [19], "padding": "periodic"},
            r"autoencoder.kernels: found 19, expected less for the padding of a grid of \(8, 8\)",
        ),
        (
            (21, 21, 2),
            {"filters": [2] * 3, "kernels": [2] * 3},
            r"autoencoder.kernels: found 2, expected at least 3",
        ),
    ],
)
def test_conv_names_the_key_that_does_not_fit_the_grid(shape, options, message):
    conv = registry.create(Autoencoder, name="conv", **NEURAL, **options)
    with pytest.raises(ValueError, match=message):
        conv.build(shape, PLAIN)


SIDES = {1: (32,), 2: (16, 8), 3: (8, 8, 16)}
LAYERS = {"filters": [3, 4], "kernels": [3, 4], "dense_units": [256]}


def between(model, first, last):
    """The part of a model from the output of a layer to that of another, in their kinds."""
    given, found = (
        [layer for layer in model.layers if type(layer).__name__.startswith(kind)]
        for kind in (first, last)
    )
    return keras.Model(given[0].output, found[-1].output)


@pytest.mark.parametrize("dimensions", SIDES)
def test_on_a_periodic_grid_what_is_shifted_has_shifted_features(dimensions):
    """Of the encoder before its dense layers, and of the decoder behind them; not with zeros."""
    grid = SIDES[dimensions]
    rng, axes = np.random.default_rng(0), tuple(range(1, 1 + dimensions))
    for padding in ("periodic", "zero"):
        conv = registry.create(Autoencoder, name="conv", padding=padding, **NEURAL, **LAYERS)
        model = conv.build((*grid, 2), PLAIN)
        encode_, decode_ = (
            between(model.get_layer("encoder"), "InputLayer", "MaxPooling"),
            between(model.get_layer("decoder"), "Reshape", "Standardize"),
        )
        for network, before, after in ((encode_, 4, 1), (decode_, 1, 4)):
            shape = (1, *network.input_shape[1:])
            states = rng.normal(size=shape).astype(np.float32)
            shifted = network.predict_on_batch(np.roll(states, before, axes))
            expected = np.roll(network.predict_on_batch(states), after, axes)
            assert np.allclose(shifted, expected, atol=1e-5) == (padding == "periodic")


def test_a_grid_in_a_mirror_is_half_of_a_periodic_one_of_twice_the_size():
    weights, found = None, {}
    line = np.random.default_rng(0).normal(size=(1, 16, 2)).astype(np.float32)
    for padding, states in (
        ("reflect", line),
        ("periodic", np.concatenate([line, line[:, ::-1]], axis=1)),
    ):
        options = NEURAL | {"filters": [5], "kernels": [5], "dense_units": [64]}
        conv = registry.create(Autoencoder, name="conv", padding=padding, **options)
        encoder = conv.build((states.shape[1], 2), PLAIN).get_layer("encoder")
        network = between(encoder, "InputLayer", "MaxPooling")
        weights = weights or network.get_weights()
        network.set_weights(weights)
        found[padding] = network.predict_on_batch(states)
    np.testing.assert_allclose(found["reflect"], found["periodic"][:, :8], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        (KuramotoSivashinsky(nx=8), ("periodic",)),
        (LambdaOmega(nx=5, ny=5), ("reflect", "reflect")),
        (FitzHughNagumo(nx=4, ny=4), ("zero", "zero")),  # has no boundary
    ],
)
def test_conv_pads_as_the_boundary_of_the_system_says(system, expected, tmp_path):
    """Which is in the file of the samples."""
    options = {"seed": 0, "split": "train", "samples": [0], "duration": 0.02, "dt": 0.01}
    files.write(simulate(system, AdamsBashforth(1), **options), tmp_path / "train.nc")
    state = files.read(tmp_path / "train.nc")["state"]
    conv = registry.create(Autoencoder, name="conv", **NEURAL)
    assert conv.suited(state).padding == expected
    given = registry.create(Autoencoder, name="conv", padding="zero", **NEURAL)
    assert given.suited(state) is given


def test_scaling_is_that_of_the_data(state):
    scaling = Scaling.of(state)
    np.testing.assert_allclose(scaling.mean, state.values.mean((0, 1, 2, 3)), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(scaling.deviation, state.values.std((0, 1, 2, 3)), rtol=1e-5)
    constant = Scaling.of(np.full((2, 5, 1), 4.0))
    assert constant.deviation.tolist() == [1.0]


def test_identity_returns_what_it_is_given_and_standardises_latents(state):
    scaling = Scaling.of(state)
    model = registry.create(Autoencoder, name="identity").build((5, 4, 2), scaling)
    latents = encode(model, state.values)
    assert latents.shape == (4, 30, 40)
    np.testing.assert_allclose(decode(model, latents), state, rtol=1e-6)
    by_component = latents.reshape(4, 30, 5, 4, 2)
    np.testing.assert_allclose(by_component.std((0, 1, 2, 3)), 1, rtol=1e-4)


def test_pca_is_the_truncated_singular_value_decomposition(state):
    scaling = Scaling.of(state)
    objective = registry.create(Autoencoder, name="pca", latent_dim=2).objective(state, state)
    assert fit(objective) == []
    model = objective.model
    standard = ((state.values - scaling.mean) / scaling.deviation).reshape(-1, 40)
    mean = standard.mean(axis=0)
    _, _, modes = np.linalg.svd(standard - mean, full_matrices=False)
    best = mean + (standard - mean) @ modes[:2].T @ modes[:2]
    expected = best.reshape(state.shape) * scaling.deviation + scaling.mean
    np.testing.assert_allclose(decode(model, encode(model, state.values)), expected, atol=2e-4)


def of_spectrum(values, shape=(12, 60, 24, 25, 2)):
    """Snapshots of mean zero with these singular values."""
    rng = np.random.default_rng(0)
    rows, size = np.prod(shape[:2]), np.prod(shape[2:])
    left = rng.normal(size=(rows, len(values)))
    left = np.linalg.qr(left - left.mean(0))[0]
    right = np.linalg.qr(rng.normal(size=(size, len(values))))[0]
    return (left * values @ right.T).reshape(shape)


def modes_of(state, latent_dim=6, **options):
    """The modes that `pca` finds, each a column."""
    pca = registry.create(Autoencoder, name="pca", latent_dim=latent_dim)
    model = pca.objective(state, state, **options).model
    return model.get_layer("encoder").get_layer("project").get_weights()[0].astype(float)


def standardised(state, maps=(np.asarray,)):
    scaling = Scaling.of(state)
    copies = np.concatenate([map_(state) for map_ in maps])
    flat = ((copies - scaling.mean) / scaling.deviation).reshape(-1, np.prod(state.shape[2:]))
    return flat - flat.mean(0)


def variance(snapshots, modes):
    return (np.linalg.norm(snapshots @ modes, axis=0) ** 2).sum()


@pytest.mark.parametrize("maps", [(), (np.asarray, functools.partial(np.flip, axis=-3))])
def test_pca_of_large_states_is_the_singular_value_decomposition(maps):
    """1,200 numbers a state: the randomised method; blocks from a file, and symmetric copies."""
    state = of_spectrum(2.0 ** -np.arange(20))
    snapshots = standardised(state, maps or (np.asarray,))
    _, values, vectors = np.linalg.svd(snapshots, full_matrices=False)
    modes = modes_of(state, maps=maps, memory=1.0)
    angles = np.linalg.svd(vectors[:6] @ modes, compute_uv=False)
    np.testing.assert_allclose(angles, 1, rtol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(snapshots @ modes, axis=0), values[:6], rtol=1e-5)


def test_pca_of_large_states_explains_as_much_of_a_slowly_decaying_spectrum():
    state = of_spectrum(np.arange(1, 501) ** -0.5)
    snapshots = standardised(state)
    values = np.linalg.svd(snapshots, compute_uv=False)
    best = (values[:32] ** 2).sum()
    assert variance(snapshots, modes_of(state, latent_dim=32)) > 0.999 * best


def test_pca_of_large_states_follows_from_its_seed():
    state = of_spectrum(np.arange(1, 101) ** -0.5)
    first, again, other = (modes_of(state, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_pca_refuses_more_modes_than_numbers():
    pca = registry.create(Autoencoder, name="pca", latent_dim=41)
    with pytest.raises(ValueError, match=r"latent_dim: found 41, expected at most 40"):
        pca.build((5, 4, 2), PLAIN)


def train(state, seed=0, **options):
    keras.utils.set_random_seed(seed)
    autoencoder = registry.create(Autoencoder, **SMALL, **NEURAL | options)
    objective = autoencoder.objective(state[:3], state[3:], seed=seed)
    return objective.model, fit(objective)


def test_training_learns_and_can_be_repeated(state, tmp_path):
    longer = {"training": TRAINING | {"epochs": 15}}
    model, history = train(state, **longer)
    losses = [entry["val_loss"] for entry in history]
    assert min(losses) < 0.2 * losses[0]
    assert list(history[0]) == ["epoch", "loss", "val_loss", "learning_rate", "seconds"]
    again, _ = train(state, **longer)
    for first, second in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(first, second)
    other, _ = train(state, seed=1, **longer)
    assert (model.get_weights()[0] != other.get_weights()[0]).any()

    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_array_equal(
        decode(loaded, encode(loaded, state.values)), decode(model, encode(model, state.values))
    )


def test_components_count_alike_in_any_unit(state):
    """The same waves in other units: the same losses."""
    _, history = train(state)
    factors = np.float32([100, 0.001])
    _, scaled = train(state * factors)
    np.testing.assert_allclose(
        [entry["loss"] for entry in scaled], [entry["loss"] for entry in history], rtol=1e-2
    )


def test_the_best_weights_are_kept(state):
    """A learning rate that destroys what was learned: the weights of the best epoch are left."""
    model, history = train(
        state, training=TRAINING | {"learning_rate": 0.5, "schedule": "constant", "epochs": 6}
    )
    losses = [entry["val_loss"] for entry in history]
    scaling = Scaling.of(state[:3])
    validation = Snapshots(Blocks(state[3:]), count=10, batch_size=100)[0][0]
    error = (model.predict(validation, verbose=0) - validation) / scaling.deviation
    assert np.mean(error**2) == pytest.approx(min(losses), rel=1e-3)
    assert np.mean(error**2) < 0.99 * max(losses)


def test_patience_ends_the_training_and_plateau_lowers_the_rate(state):
    """Both follow from the validation losses. A patience of 9 halves after 4 epochs and after 8."""
    training = TRAINING | {
        "learning_rate": 0.2,
        "final_learning_rate": 0.06,
        "schedule": "plateau",
        "epochs": 60,
        "patience": 9,
    }
    _, history = train(state, training=training)
    lowest, rate, since_lower, since_halved = np.inf, 0.2, 0, 0
    for entry in history:
        assert since_lower < 9
        assert entry["learning_rate"] == pytest.approx(rate)
        lower = entry["val_loss"] < lowest
        lowest = min(lowest, entry["val_loss"])
        since_lower, since_halved = (0, 0) if lower else (since_lower + 1, since_halved + 1)
        if since_halved == 4:
            rate, since_halved = max(rate / 2, 0.06), 0
    assert since_lower == 9
    assert len(history) < 60
    assert {0.2, 0.1, 0.06} == {round(entry["learning_rate"], 6) for entry in history}


def test_a_training_without_a_finite_loss_is_an_error(state):
    with (
        pytest.warns(ResultWarning, match=r"epoch 1: the training loss is nan.* keeps no weights"),
        pytest.raises(RuntimeError, match="no finite training and validation loss in any epoch"),
    ):
        train(state * np.float32(np.nan), training=TRAINING)


def test_cosine_ends_at_the_final_rate(state):
    _, history = train(state, training=TRAINING | {"final_learning_rate": 1e-4, "epochs": 3})
    rates = [entry["learning_rate"] for entry in history]
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] == pytest.approx(1e-4, rel=1e-3)


def test_snapshots_are_drawn_from_every_sample(state):
    random = Snapshots(Blocks(state), count=6, batch_size=5, seed=0, redraw=True)
    assert len(random) == 5
    first = random.chosen.copy()
    assert np.bincount(first[:, 0]).tolist() == [6] * 4
    assert all(len(set(first[first[:, 0] == sample, 1])) == 6 for sample in range(4))
    random.begin(1)
    assert (random.chosen != first).any()

    stride = Snapshots(Blocks(state), count=4, batch_size=50, seed=0)
    assert sorted(set(stride.chosen[:, 1])) == [0, 10, 19, 29]
    snapshots, targets = Snapshots(Blocks(state), count=99, batch_size=1000)[0]
    np.testing.assert_array_equal(snapshots, state.values.reshape(-1, 5, 4, 2))
    np.testing.assert_array_equal(snapshots, targets)


TEN_SAMPLES = 10 * 30 * 5 * 4 * 2 * 4  # bytes


def test_a_split_is_encoded_as_a_whole(state, tmp_path, monkeypatch):
    monkeypatch.setattr(trained, "BLOCK_BYTES", TEN_SAMPLES)
    state = xr.concat([state] * 6, "sample").assign_coords(
        sample=range(24), time=np.arange(30) * 0.5, x=range(5), firing_x=("sample", np.arange(24.0))
    )
    model, _ = train(state[:4])
    files.write_parts(encode_split(model, state), tmp_path / "latents.nc")
    latents = files.read(tmp_path / "latents.nc")
    assert latents["latents"].dims == ("sample", "time", "latent")
    assert set(latents.coords) == {"sample", "time", "firing_x"}
    np.testing.assert_allclose(latents["latents"], encode(model, state.values), atol=1e-6)


def test_symmetric_copies_are_encoded_map_by_map(state, tmp_path, monkeypatch):
    """In blocks of samples, but in the file all samples under the first map come first."""
    monkeypatch.setattr(trained, "BLOCK_BYTES", TEN_SAMPLES)
    state = xr.concat([state] * 6, "sample").assign_coords(
        time=np.arange(30) * 0.5, firing_x=("sample", np.arange(24.0))
    )
    model, _ = train(state[:4])
    maps = (np.asarray, lambda states: states[:, :, ::-1])
    parts = list(encode_split(model, state, maps))
    assert max(part.sizes["sample"] for _, part in parts) == 10
    files.write_parts(parts, tmp_path / "latents.nc")
    latents = files.read(tmp_path / "latents.nc")
    assert set(latents.coords) == {"time"}
    expected = [encode(model, map_(state.values)) for map_ in maps]
    np.testing.assert_allclose(latents["latents"], np.concatenate(expected), atol=1e-6)


@pytest.mark.parametrize(
    ("options", "largest"),
    [
        ({"name": "identity"}, 1e-5),
        ({"name": "pca", "latent_dim": 2}, 1e-4),
        (NEURAL | SMALL | {"training": TRAINING | {"epochs": 60}}, 0.2),
    ],
)
def test_a_small_signal_on_a_large_mean_is_learned(options, largest):
    """Waves of 0.001 about 101325, in float64: the steps of float32 are 0.008 there."""
    keras.utils.set_random_seed(0)
    sample, time, x = np.ogrid[0:5, 0:30, 0:6]
    wave = np.sin(0.3 * time - 2 * np.pi / 6 * x + sample)
    dims = ("sample", "time", "x", "component")
    state = xr.DataArray((101325 + 0.001 * wave)[..., None], dims=dims)
    objective = registry.create(Autoencoder, **options).objective(state[:4], state[4:])
    fit(objective)
    found = decode(objective.model, encode(objective.model, state[4:].values))
    assert found.dtype == np.float64
    assert np.abs(found - state[4:].values).max() < largest * 0.001


def test_pca_has_the_symmetries_that_it_is_given(state):
    """Fitted on half a wave and its mirror image, it draws both."""
    mirror = functools.partial(np.flip, axis=-3)
    left = state.copy()
    left[:, :, 3:] = 0
    pca = registry.create(Autoencoder, name="pca", latent_dim=6)
    errors = []
    for maps in ((), (np.asarray, mirror)):
        model = pca.objective(left, left, maps).model
        copies = mirror(left.values)
        errors.append(np.abs(decode(model, encode(model, copies)) - copies).max())
    assert errors[1] < 0.5 * errors[0]


def test_a_decoder_alone_may_standardise_its_latents(state):
    pca = registry.create(Autoencoder, name="pca", latent_dim=2)
    latents = np.random.default_rng(0).normal(5, 20, size=(7, 2)).astype(np.float32)
    scales = Scaling(np.array([5.0, 4.0]), np.array([20.0, 10.0]))
    plain, scaled = (
        pca.build_decoder(2, state.shape[2:], Scaling.of(state), latent_scaling)
        for latent_scaling in (None, scales)
    )
    scaled.get_layer("expand").set_weights(plain.get_layer("expand").get_weights())
    expected = plain.predict((latents - scales.mean) / scales.deviation, verbose=0)
    np.testing.assert_allclose(scaled.predict(latents, verbose=0), expected, atol=1e-4)
    assert scaled.name == "decoder"
