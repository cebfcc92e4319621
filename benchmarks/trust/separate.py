"""Print which numbers separate right forecasts from wrong ones, of networks that know mu = 3.

After `snakemake --cores 2 results/vdp_adaptive/surrogate.json`:

    python benchmarks/trust/separate.py results/vdp_adaptive

The folders are surrogates of `van_der_pol` that were trained on the dataset vdp_cycles.
"""

import sys
from pathlib import Path

import numpy as np
import xarray as xr
from scipy.integrate import solve_ivp
from scipy.stats import rankdata, spearmanr

sys.path.insert(0, str(Path(__file__).parents[2] / "workflow" / "src"))

from led.autoencoders.trained import decode, encode
from led.jobs import runtime
from led.surrogate.adaptive.ensemble import Ensemble
from led.surrogate.adaptive.novelty import Novelty
from led.surrogate.adaptive.rules import errors_of
from led.surrogate.surrogate import Surrogate

KNOWN, COMPARE, MACRO = 7, 25, 100  # frames, 0.1 apart
DAMPINGS = (3.0, 2.5, 2.0, 1.0)
WINDOWS = 180  # at each damping
WRONG = 0.3  # distance at the end


def windows(mu, rng):
    """Solve from random states of the square to random times, (window, frame, component)."""
    found = []
    for start in rng.uniform(-5, 5, (WINDOWS, 2)):
        times = rng.uniform(0, 25) + 0.1 * np.arange(KNOWN + COMPARE + MACRO)

        def rates(time, state):
            x, y = state
            return [mu * (x - x**3 / 3 - y), x / mu]

        exact = {"method": "LSODA", "rtol": 1e-8, "atol": 1e-10, "t_eval": times}
        found.append(solve_ivp(rates, (0, times[-1] + 1e-9), start, **exact).y.T)
    return np.array(found, np.float32)


def numbers(folder, states):
    """Return the distances at the end, and what might have warned of them, by name."""
    surrogate = Surrogate.load(folder)
    ensemble, autoencoder = Ensemble(surrogate.members), surrogate.autoencoder

    def forecast(heard, steps):
        memories = ensemble.listen(encode(autoencoder, states[:, :heard]))
        latents, spread, _ = ensemble.advance(memories, steps)
        found = decode(autoencoder, latents, surrogate.decoder)
        own = [
            m.variances(a, steps)
            for m, a in zip(ensemble.members, memories, strict=True)
            if m.predicts_variance
        ]
        return found, spread.max(axis=1), np.mean(own, axis=(0, 3)).max(axis=1) if own else None

    seen = KNOWN + COMPARE
    compared, spread_compared, _ = forecast(KNOWN, COMPARE)
    ahead, spread_ahead, own_ahead = forecast(seen, MACRO)
    path = Path(folder).parent / "datasets/vdp_cycles/train.nc"
    with xr.open_dataset(path, decode_times=False) as train:
        novelty = Novelty.of(surrogate, ensemble, train["state"], seen)
    found = {
        "error of the comparison": errors_of(compared, states[:, KNOWN:seen], autoencoder).max(1),
        "distance to the training latents": novelty.distance(encode(autoencoder, states[:, :seen])),
        "spread in the macro stage": spread_ahead,
        "spread in the comparison": spread_compared,
    }
    if own_ahead is not None:
        found["predicted variances in the macro stage"] = own_ahead
    return np.linalg.norm(ahead[:, -1] - states[:, -1], axis=-1), found


def main():
    """Print a table for each folder."""
    runtime.use_keras(seed=0, threads=1)
    rng = np.random.default_rng(7)
    states = np.concatenate([windows(mu, rng) for mu in DAMPINGS])
    for folder in sys.argv[1:]:
        distance, found = numbers(folder, states)
        wrong = distance > WRONG
        at_each = np.split(distance, len(DAMPINGS))
        shown = ", ".join(f"{np.median(part):.2g}" for part in at_each)
        print(f"\n{folder}: distances {shown} (medians at mu = {DAMPINGS})\n")
        print(
            "| number | AUC | rank correlation | above 0.01 at each mu |\n| --- | --- | --- | --- |"
        )
        for name, values in found.items():
            ranks = rankdata(values)[wrong].sum() - wrong.sum() * (wrong.sum() + 1) / 2
            area = ranks / (wrong.sum() * (~wrong).sum())
            passed = ", ".join(
                f"{np.mean(part > 0.01):.0%}" for part in np.split(values, len(DAMPINGS))
            )
            print(f"| {name} | {area:.3f} | {spearmanr(values, distance)[0]:.2f} | {passed} |")


if __name__ == "__main__":
    main()
