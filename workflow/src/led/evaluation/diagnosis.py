"""What the errors of a forecast say of its parts, in words."""

import math
import warnings

from led.jobs.runtime import ResultWarning

# Thresholds of the nrmse, of which 1 is as bad as forecasting the mean of the truth.
HIGH = 0.3  # a tenth of the variance is lost: fronts and peaks are visibly wrong
NEAR = 0.7  # of the best baseline: above that share a perfect dynamics hardly beats it
DAMPED = 0.7  # of the standard deviation of the truth: half of the variance is lost
FAR = 3  # times the floor: then most of the error is not that of the autoencoder
TRUE = 5  # times the error of the truth: then that hardly counts
NEGLIGIBLE = 0.05  # of a single component: a constant one is exact in persistence alone
# Thresholds of the losses, of which 1 is that of the mean, in units of the deviation in training.
PARTED = 2  # times the training loss: noise of the batches stays below
SEEN = 0.1  # smaller validation losses are good ones, however small the training loss is
NOTHING = 0.7  # a validation loss from here on is little better than the mean

RATIO = "deviation_ratio"
BAD, WARNING = "bad", "warning"
CALM = (
    "The forecast is better than all baselines, its errors are small, and training and validation "
    "agree."
)


def diagnose(table, histories, forecasts=(), variance=False):
    """Say what limits a forecast: its autoencoder, its dynamics, or the number of samples.

    Parameters
    ----------
    table : pandas.DataFrame
        What `led.evaluation.errors.table` returns.
    histories : dict of {str: pandas.DataFrame}
        What `led.evaluation.histories.named` returns.
    forecasts : collection of str
        Names of further forecasts of the surrogate, which are no baselines.
    variance : bool
        Whether the recurrent networks predict variances: their loss is a likelihood then.

    Returns
    -------
    list of (str, str)
        Severity, ``"bad"`` or ``"warning"``, and a text; none for a good forecast. Errors are
        medians of the nrmse over the samples.
    """
    chosen = table[table["metric"] == "nrmse"]
    medians = chosen.groupby(["forecaster", "component"], sort=False)["value"].median()
    medians = medians.unstack("forecaster", sort=False)
    learned = ["led", "autoencoder", "truth", *forecasts]
    baselines = medians.drop(columns=learned, errors="ignore")
    findings = [*_worse(medians["led"], baselines)]
    led, floor = medians.loc["all", ["led", "autoencoder"]]
    best = baselines.loc["all"].min()
    if floor > HIGH or floor > NEAR * best or led > HIGH > led / FAR < floor:
        findings.append(
            (
                WARNING,
                f"The floor is high: the autoencoder alone has an nrmse of {floor:.2g}, the "
                f"forecast {led:.2g} and the best baseline {best:.2g}. More training samples, more "
                "latents or symmetries (augment) may lower it; better dynamics cannot.",
            )
        )
    elif led > HIGH:
        findings.append(
            (
                WARNING,
                f"The floor is low, an nrmse of {floor:.2g} of the autoencoder alone, and the "
                f"forecast is high, {led:.2g}: its dynamics are the limit. {_limit(table)}",
            )
        )
    if "truth" in medians:
        findings += _wrong_truth(led, medians.loc["all", "truth"])
    for name, history in histories.items():
        kept = history.loc[history["val_loss"].idxmin()]
        losses = kept["loss"], kept["val_loss"]
        if variance and name.startswith("recurrent"):
            findings += _parted(name, *map(_as_square, losses), " as exp(2 loss - 1)")
        else:
            findings += _parted(name, *losses)
    return findings


def _limit(table):
    """Say what may help the dynamics: a damped forecast was trained on what none can follow."""
    ratios = table.query("forecaster == 'led' and component == 'all' and metric == @RATIO")["value"]
    if ratios.median() < DAMPED:
        return (
            f"It fades to a mean, with {ratios.median():.2g} of the standard deviation of the "
            "truth. Where the system is chaotic, training in closed loop over many frames learns "
            "that mean: a shorter closed loop (rnn.closed_loop), of one or two Lyapunov times, may "
            "help."
        )
    return (
        "Training on more windows (rnn.windows_per_sample) or over a longer horizon "
        "(rnn.closed_loop) may help; where the system is chaotic, no forecast follows it for long."
    )


def warn(findings):
    """Warn of each finding; without any, print that there is none."""
    for _, text in findings:
        warnings.warn(text, ResultWarning, stacklevel=2)
    if not findings:
        print(CALM, flush=True)


def _worse(led, baselines):
    parts = []
    for component, errors in baselines.iterrows():
        error, name, best = led[component], errors.idxmin(), errors.min()
        if error > best and (component == "all" or error > NEGLIGIBLE):
            where = "all components together" if component == "all" else component
            parts.append(f"than {name} in {where} (nrmse {error:.2g}, {name} {best:.2g})")
    if parts:
        yield BAD, f"The forecast is worse than a baseline: {', '.join(parts)}."


def _wrong_truth(led, truth):
    if truth > led / TRUE:
        yield (
            WARNING,
            "The samples are not exact: with half the time step they change by an nrmse of "
            f"{truth:.2g}, and the forecast has {led:.2g}. A shorter dt with a larger "
            "output_every, or a solver of higher order, helps. Chaotic samples change in any case.",
        )


def _as_square(likelihood):
    """Return the square of the error of a forecast whose variances are right: 1 is the mean's."""
    return math.exp(min(2 * likelihood - 1, 700.0))  # of a far too sure network


def _parted(name, loss, validation, measure=""):
    losses = f"validation loss{measure} {validation:.2g} (1 is the mean), training loss {loss:.2g}"
    if validation > max(SEEN, PARTED * loss):
        yield (
            WARNING,
            f"Training and validation part, {name}: {losses}. There are too few training samples "
            "for this network: more of them, symmetries (augment) or a smaller network may help.",
        )
    elif validation > NOTHING:
        yield (
            WARNING,
            f"Hardly anything is learned, {name}: {losses}. More epochs, another learning rate or "
            "a larger network may help.",
        )
