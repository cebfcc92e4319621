"""Samples of FitzHugh-Nagumo, per CPU second: scipy, diffrax, and the writing of the same bytes."""

import contextlib
import io
import os
import tempfile
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from benchmarks.timing import Row, in_turns, seconds

DURATION, DT = 500.0, 0.5  # ms
TIMES = np.arange(round(DURATION / DT) + 1) * DT
TOLERANCE = 1e-10  # of Newton's method
CELLS = [(i, j) for i in range(2, 20, 5) for j in range(2, 20, 5)]  # those that scipy solves


def measure():
    """Yield the rows of the table; each time is CPU time of this process."""
    for method in ("RK45", "LSODA"):
        yield _against_scipy(method)
    yield _against_numpy()
    yield _against_diffrax()
    yield from _against_writing()


def _system():
    from led.systems.fitzhugh_nagumo import FitzHughNagumo

    return FitzHughNagumo()


def _simulate(samples):
    from led.data.simulate import simulate
    from led.solvers.theta import Theta

    options = {"seed": 1, "split": "train", "duration": DURATION, "dt": DT}
    with contextlib.redirect_stdout(io.StringIO()):  # its progress
        return simulate(_system(), Theta(tolerance=TOLERANCE), samples=range(samples), **options)


def _stimulus_centre(samples):
    from led.data.simulate import draw

    system = _system()
    return system.prepare(draw(system, 1, "train", range(samples)))["stimulus_centre"]


def _against_scipy(method):
    """Cells of one sample, with the loosest tolerance that is as accurate as ours.

    RK45 is the default of scipy, LSODA its fastest here.
    """
    centres = [_stimulus_centre(1)[0][cell] for cell in CELLS]
    ours = np.stack([_simulate(1)["state"].values[0, :, i, j] for i, j in CELLS])
    exact = _solve(centres, "DOP853", 1e-11)

    def error(states):
        return np.linalg.norm(states - exact) / np.linalg.norm(exact)

    tolerance = next(
        tolerance
        for tolerance in (1e-1, 3e-2, 1e-2, 5e-3, 2e-3, 1e-3, 1e-4)
        if error(_solve(centres, method, tolerance)) <= error(ours)
    )
    samples = 20
    ours_s, theirs_s, _ = in_turns(
        partial(_simulate, samples),
        partial(_solve, centres, method, tolerance),
        runs=3,
        clock=time.process_time,
    )
    ours_s, theirs_s = ours_s / samples, theirs_s * 400 / len(CELLS)
    theirs = error(_solve(centres, method, tolerance))
    return Row(
        f"a sample of fhn, scipy {method} cell by cell ({len(CELLS)} of 400), rtol {tolerance:g}",
        f"{1e3 * ours_s:.1f} ms, error {error(ours):.4f}",
        f"{theirs_s:.2f} s, error {theirs:.4f}",
        f"{theirs_s / ours_s:.0f} times faster",
        "> 1000",
    )


def _solve(centres, method, tolerance):
    """Solve cell by cell, in pieces between the switches of the stimulus: (cell, time, 2)."""
    from scipy.integrate import solve_ivp

    system = _system()
    K, alpha, epsilon, gamma = system.K, system.alpha, system.epsilon, system.gamma

    def rhs(time, state, stimulus):
        u, w = state
        return K * u * (u - alpha) * (1 - u) - w + stimulus, epsilon * (u - gamma * w)

    states = np.zeros((len(centres), len(TIMES), 2))
    options = {"method": method, "rtol": tolerance, "atol": tolerance / 100}
    half = system.stimulus_duration / 2
    for cell, centre in zip(states, centres, strict=True):
        state = np.zeros(2)
        pieces = [(centre - half, centre + half, system.amplitude), (centre + half, DURATION, 0.0)]
        for start, stop, stimulus in pieces:
            inside = (start <= TIMES) & (stop >= TIMES)
            times = np.append(TIMES[inside], stop)
            with np.errstate(over="ignore", invalid="ignore"):  # where the tolerance is too loose
                found = solve_ivp(
                    rhs, (start, stop), state, t_eval=np.unique(times), args=(stimulus,), **options
                )
            cell[inside] = found.y.T[: inside.sum()]
            state = found.y[:, -1]
    return states


def _against_diffrax():
    """Its third order method with Newton: a chord, and its implicit Euler, do not converge here."""
    # one thread; read when JAX starts
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    import diffrax
    import jax
    import jax.numpy as jnp
    import optimistix

    system, samples = _system(), 5
    newton = optimistix.Newton(rtol=TOLERANCE, atol=TOLERANCE)

    def rhs(time, state, centre):
        return jnp.stack(system.rates(time, state, SimpleNamespace(stimulus_centre=centre)))

    def solve_cell(centre):
        return diffrax.diffeqsolve(
            diffrax.ODETerm(rhs),
            diffrax.Kvaerno3(root_finder=newton),
            t0=0.0,
            t1=DURATION,
            dt0=DT,
            y0=jnp.zeros(2),
            args=centre,
            saveat=diffrax.SaveAt(t0=True, steps=True),
            stepsize_controller=diffrax.ConstantStepSize(),
            max_steps=len(TIMES) - 1,
        ).ys.astype(jnp.float32)

    def solve(centres):
        return jnp.moveaxis(jax.vmap(jax.vmap(jax.vmap(solve_cell)))(centres), 3, 1)

    with jax.experimental.enable_x64():
        centres = jnp.asarray(_stimulus_centre(samples))
        compiled = []
        compilation = seconds(
            lambda: compiled.append(jax.jit(solve).lower(centres).compile()), time.process_time
        )
        ours, theirs, ratio = in_turns(
            partial(_simulate, samples),
            lambda: compiled[0](centres).block_until_ready(),
            runs=3,
            clock=time.process_time,
        )
    return Row(
        f"{samples} samples of fhn, diffrax Kvaerno3 (order 3), the same steps and tolerance",
        f"{ours:.3f} s",
        f"{theirs:.2f} s (compilation {compilation:.0f} s left out)",
        f"{ratio:.0f} times faster",
        "> 1",
    )


def _against_numpy():
    """The same method on spirals, whose points need their neighbours, for a component and stage."""
    from led.data.simulate import draw
    from led.solvers.base import Solver
    from led.solvers.runge_kutta import RungeKutta
    from led.systems.base import Problem
    from led.systems.lambda_omega import LambdaOmega

    system, method = LambdaOmega(), RungeKutta("rk4")
    drawn = draw(system, 1, "train", range(1))
    problem, state = Problem.of(system, drawn), system.initial_state(drawn)

    def run(integrate, steps):
        with contextlib.redirect_stdout(io.StringIO()):
            integrate(problem, state, 0.05, steps, steps)

    ours_s, theirs_s, _ = in_turns(
        partial(run, method.integrate, 400),
        partial(run, partial(Solver.integrate, method), 20),
        runs=7,
        clock=time.process_time,
    )
    evaluations = 4 * state.size
    ours_s, theirs_s = ours_s / 400 / evaluations, theirs_s / 20 / evaluations
    return Row(
        "a cell, component and stage of lambda_omega, 96 x 96, rk4 in NumPy",
        f"{1e9 * ours_s:.2f} ns",
        f"{1e9 * theirs_s:.1f} ns",
        f"{theirs_s / ours_s:.0f} times faster",
        "> 8, ours < 0.5 ns",
    )


def _against_writing():
    """The limit: the same bytes, as they are, and as the compressed NetCDF that we write."""
    from led.jobs import files

    samples = 100
    batch = _simulate(samples)
    states = batch["state"].values
    with tempfile.TemporaryDirectory() as folder:
        for what, write in (
            (f"writing its {states.nbytes / 1e6:.0f} MB as they are", states.tofile),
            ("writing it as compressed NetCDF", partial(files.write, batch)),
        ):
            ours, theirs, ratio = in_turns(
                partial(_simulate, samples),
                partial(write, Path(folder) / "states.nc"),
                runs=3,
                clock=time.process_time,
            )
            yield Row(
                f"{samples} samples of fhn, {what}",
                f"{ours:.2f} s",
                f"{theirs:.2f} s",
                f"{1 / ratio:.1f} times as long",
                "< 10",
            )
