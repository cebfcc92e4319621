"""Write the samples of a problem, made with packages of others, as their users would store them.

usage: python benchmarks/problems/make.py NAME FOLDER

A folder gets train.nc, validation.nc and test.nc; a series of measurements is one file, series.nc.
docs/problems_tried.md shows what the configuration that `led inspect FOLDER` proposes makes of it.
"""

import sys
from pathlib import Path

import numpy as np
import xarray as xr

SPLITS = ("train", "validation", "test")
AXES = ("x", "y", "z")


def write(folder, split, values, dt, components, sides=()):
    """Write states of shape (sample, time, *grid, component) on a periodic box."""
    points = values.shape[2:-1]
    grid = {
        name: np.arange(count) * side / count
        for name, count, side in zip(AXES, points, sides, strict=False)
    }
    state = (("sample", "time", *grid, "component"), values.astype(np.float32))
    time = np.arange(values.shape[1]) * dt
    coordinates = {"time": time, "component": list(components)} | grid
    xr.Dataset({"state": state}, coordinates).to_netcdf(folder / f"{split}.nc")


def pde(folder, stepper, initial, counts, frames, dt, components, side, warm=0, every=1):
    """Write what a stepper of exponax makes of initial states, ``(component, *grid)`` each."""
    import exponax as ex
    import jax

    step = ex.RepeatedStepper(stepper, every) if every > 1 else stepper
    roll = jax.jit(ex.rollout(step, frames - 1, include_init=True))
    start = jax.jit(ex.repeat(step, warm)) if warm else lambda state: state
    for number, (split, count) in enumerate(zip(SPLITS, counts, strict=True)):
        keys = jax.random.split(jax.random.PRNGKey(number), count)
        runs = [np.moveaxis(np.asarray(roll(start(initial(key)))), 1, -1) for key in keys]
        write(folder, split, np.stack(runs), dt, components, [side] * stepper.num_spatial_dims)


def fourier(dimensions, points, cutoff, components=1, **options):
    """Return what draws initial states by a key of jax: a few waves of random amplitudes."""
    import exponax as ex

    waves = ex.ic.RandomTruncatedFourierSeries(dimensions, cutoff=cutoff, **options)
    if components > 1:
        waves = ex.ic.RandomMultiChannelICGenerator([waves] * components)
    return lambda key: waves(points, key=key)


def orbit(rates, times, start):
    """Return the solution of an ordinary differential equation, shape (time, component)."""
    from scipy.integrate import solve_ivp

    return solve_ivp(rates, (0, times[-1]), start, t_eval=times, rtol=1e-8, atol=1e-9).y.T


def kuramoto_sivashinsky(folder):
    """Chaos on a line of 64 points."""
    import exponax as ex

    stepper = ex.stepper.KuramotoSivashinskyConservative(1, 22.0, 64, 0.05)
    initial = fourier(1, 64, cutoff=3)
    pde(folder, stepper, initial, (100, 20, 20), 301, 0.5, "u", 22.0, warm=200, every=10)


def burgers(folder):
    """Transient on a line of 128 points: waves that steepen and decay, few samples."""
    import exponax as ex

    stepper = ex.stepper.Burgers(1, 1.0, 128, 0.005, diffusivity=0.005)
    initial = fourier(1, 128, cutoff=2, max_one=True)
    pde(folder, stepper, initial, (20, 8, 8), 101, 0.01, "u", 1.0, every=2)


def advection(folder):
    """Transient on a small plane, 16 x 16: blobs that flow and spread, many samples."""
    import exponax as ex

    stepper = ex.stepper.AdvectionDiffusion(2, 1.0, 16, 0.02, velocity=0.5, diffusivity=0.003)
    initial = fourier(2, 16, cutoff=2, max_one=True)
    pde(folder, stepper, initial, (200, 20, 20), 81, 0.02, "c", 1.0)


def vorticity(folder):
    """Transient on a large plane, 128 x 128: vortices that turn, merge and decay."""
    import exponax as ex

    stepper = ex.stepper.NavierStokesVorticity(2, 1.0, 128, 0.01, diffusivity=0.002)
    initial = fourier(2, 128, cutoff=2, max_one=True)
    pde(folder, stepper, initial, (40, 8, 8), 61, 0.05, "w", 1.0, every=5)


def gray_scott(folder):
    """Transient on 64 x 64: spots that divide, from one to three places; few samples."""
    import exponax as ex
    import jax
    import jax.numpy as jnp

    side, points = 1.6, 64
    x = jnp.arange(points) * side / points

    def initial(key):
        rng = np.random.default_rng(np.asarray(jax.random.key_data(key)))
        bumps = jnp.zeros((points, points))
        for _ in range(rng.integers(1, 4)):
            centre, width = rng.uniform(0, side, 2), rng.uniform(0.08, 0.15)
            away = [jnp.abs(x - c) for c in centre]
            away = [jnp.minimum(d, side - d) for d in away]
            bumps += jnp.exp(-(away[0][:, None] ** 2 + away[1] ** 2) / (2 * width**2))
        return jnp.stack([jnp.clip(1 - 0.5 * bumps, 0, 1), 0.375 * bumps])

    stepper = ex.stepper.reaction.GrayScott(2, side, points, 1.0)
    pde(folder, stepper, initial, (40, 8, 8), 101, 20.0, "uv", side, every=20)


def burgers_3d(folder):
    """Transient in space, 16 x 16 x 16, three components."""
    import exponax as ex

    stepper = ex.stepper.Burgers(3, 1.0, 16, 0.01, diffusivity=0.01)
    initial = fourier(3, 16, cutoff=2, components=3, max_one=True)
    pde(folder, stepper, initial, (40, 8, 8), 61, 0.02, "uvw", 1.0, every=2)


def flow(folder, name):
    """Chaos without a grid: a flow of dysts, 30 frames a period."""
    import dysts.flows

    model = getattr(dysts.flows, name)()
    dt, rng = model.period / 30, np.random.default_rng(0)
    components = "xyzw"[: len(model.ic)]
    times = 20 * model.period + np.arange(301) * dt
    for split, count in zip(SPLITS, (60, 10, 10), strict=True):
        starts = np.array(model.ic) * (1 + 0.2 * rng.standard_normal((count, len(model.ic))))
        runs = [orbit(lambda t, s: np.asarray(model.rhs(s, t)), times, start) for start in starts]
        write(folder, split, np.stack(runs), dt, components)
    print(f"largest Lyapunov exponent, as dysts lists it: {model.maximum_lyapunov_estimated:.3f}")


def oscillators(folder):
    """Periodic orbits without a grid: Van der Pol's equation, each sample with its own damping."""
    rng, times = np.random.default_rng(0), np.arange(401) * 0.1
    for split, count in zip(SPLITS, (200, 20, 20), strict=True):
        runs = []
        for _ in range(count):
            mu, start = rng.uniform(1, 5), rng.uniform(-3, 3, 2)
            rates = lambda t, s, mu=mu: [s[1], mu * (1 - s[0] ** 2) * s[1] - s[0]]  # noqa: E731
            runs.append(orbit(rates, times, start))
        write(folder, split, np.stack(runs), 0.1, "xy")


def front(folder):
    """A front on a line that moves to and fro: FitzHugh-Nagumo's equations, 3 samples of 451."""
    from scipy.integrate import solve_ivp

    x = np.linspace(0, 20, 101)

    def rates(time, state):
        fields = state.reshape(2, -1)
        u, v = fields
        wide = np.concatenate([fields[:, 1:2], fields, fields[:, -2:-1]], axis=1)
        du, dv = (wide[:, 2:] - 2 * fields + wide[:, :-2]) / (x[1] - x[0]) ** 2
        return np.concatenate([du + u - u**3 - v, 4 * dv + 0.006 * (u - 2 * v + 0.03)])

    for number, (split, count) in enumerate(zip(SPLITS, (3, 2, 2), strict=True)):
        runs = []
        for place in np.random.default_rng(number).uniform(5, 15, count):
            u, v = 0.96 * np.tanh((x - place) / 1.39), 0.12 * np.exp(-(((x - place) / 5) ** 2))
            options = {"t_eval": np.arange(451.0), "method": "LSODA", "lband": 101, "uband": 101}
            run = solve_ivp(rates, (0, 450), np.concatenate([u, v]), **options, rtol=1e-6)
            runs.append(np.moveaxis(run.y.reshape(2, 101, -1), (0, 1, 2), (2, 1, 0)))
        write(folder, split, np.stack(runs), 1.0, "uv", [20.2])


def series(folder, values, dt, name):
    """Write one series of measurements."""
    time = np.arange(len(values)) * dt
    state = (("sample", "time", "component"), values[None, :, None])
    dataset = xr.Dataset({"state": state}, {"time": time, "component": [name]})
    dataset.to_netcdf(folder / "series.nc")


def sea_surface(folder):
    """One series: monthly sea surface temperatures, 61 years."""
    from statsmodels.datasets import elnino

    series(folder, elnino.load_pandas().data.iloc[:, 1:].to_numpy(float).ravel(), 1 / 12, "sst")


def sunspots(folder):
    """One series: yearly numbers of sunspots, 309 years."""
    from statsmodels.datasets import sunspots

    series(folder, sunspots.load_pandas().data["SUNACTIVITY"].to_numpy(float), 1.0, "number")


PROBLEMS = {
    "sea_surface": sea_surface,
    "sunspots": sunspots,
    "oscillators": oscillators,
    "halvorsen": lambda folder: flow(folder, "Halvorsen"),
    "sprott_b": lambda folder: flow(folder, "SprottB"),
    "front": front,
    "kuramoto_sivashinsky": kuramoto_sivashinsky,
    "burgers": burgers,
    "advection": advection,
    "gray_scott": gray_scott,
    "vorticity": vorticity,
    "burgers_3d": burgers_3d,
}

if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in PROBLEMS:
        sys.exit(f"{__doc__}\nNAME is one of {', '.join(PROBLEMS)}")
    destination = Path(sys.argv[2])
    destination.mkdir(parents=True, exist_ok=True)
    PROBLEMS[sys.argv[1]](destination)
    print(*sorted(path.name for path in destination.iterdir()))
