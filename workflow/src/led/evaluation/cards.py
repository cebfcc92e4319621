"""Model cards: what a trained network is, as Markdown."""

import math

import yaml


def card(title, model, history, data, settings):
    """Describe a network: layers, parameters, data, scaling, losses, seconds, settings.

    Parameters
    ----------
    title : str
    model : keras.Model
    history : pandas.DataFrame
        What `led.training.loop.train` wrote; empty if nothing was trained by descent.
    data : xarray.DataArray
        What the network was trained on; only its dimensions are looked at.
    settings : dict
        Of its training.

    Returns
    -------
    str
        Markdown.
    """
    layers = [entry for entry in _layers(model) if type(entry[1]).__name__ != "InputLayer"]
    trainable = sum(math.prod(variable.shape) for variable in model.trainable_variables)
    sizes = ", ".join(f"{name} {size}" for name, size in data.sizes.items())
    return "\n\n".join(
        [
            f"# {title}",
            f"{model.count_params():,} parameters, of which {trainable:,} are trained.",
            "## Layers",
            _table(
                ["layer", "kind", "output", "parameters"],
                [
                    [name, _kind(layer), _output(layer), f"{layer.count_params():,}"]
                    for name, layer in layers
                ],
            ),
            "## Data",
            f"Trained on an array of the sizes {sizes}.",
            *_scaling([layer for _, layer in layers], data),
            "## Training",
            _training(history),
            "## Settings",
            f"```yaml\n{yaml.safe_dump(settings)}```\n",
        ]
    )


def _scaling(layers, data):
    """Describe the first layer that standardises, or nothing: a class of the user may have none."""
    found = [layer for layer in layers if type(layer).__name__ == "Standardize"]
    scaling = next((layer for layer in found if not layer.invert), None)
    if scaling is None:
        return []
    names = [*data[data.dims[-1]].values]
    names += [f"input {n}" for n in range(len(scaling.mean) - len(names))]  # behind the latents
    rows = [
        [name, f"{mean:.6g}", f"{deviation:.6g}"]
        for name, mean, deviation in zip(names, scaling.mean, scaling.deviation, strict=True)
    ]
    return [
        f"The first layer takes each {data.dims[-1]} to mean 0 and standard deviation 1, the last "
        "one undoes it:",
        _table([data.dims[-1], "mean", "standard deviation"], rows),
    ]


def surrogate(experiment, description):
    """Describe what a forecast is made with.

    Parameters
    ----------
    experiment : str
    description : dict
        The fields of `led.surrogate.description.Description`.

    Returns
    -------
    str
        Markdown.
    """
    units, grid = description["units"], description["grid"]
    points = [
        [name, len(places), f"{places[0]:g} to {places[-1]:g}", units[name]]
        for name, places in grid.items()
    ]
    inputs = [
        [name, "; ".join(f"{low:g} to {high:g}" for low, high in ranges)]
        for name, ranges in description["inputs"].items()
    ]
    files = [[name, digest[:12]] for name, digest in description["digests"].items()]
    time = units["time"]
    return "\n\n".join(
        [
            f"# Surrogate of {experiment}",
            f"It forecasts {', '.join(description['components'])} (units: {units['state']}) from "
            f"the frames of the first {description['warmup']:g} of time (unit: {time}). The frames "
            f"of its training samples are {description['interval']:g} apart; those of a window may "
            "be a whole fraction of it.",
            "## Grid",
            _table(["dimension", "points", "from", "unit"], points) if grid else "None.",
            "## Inputs",
            _table(["input", "range over the training samples"], inputs) if inputs else "None.",
            "## Files",
            _table(["file", "SHA-256 begins with"], files),
            "## Settings",
            "```yaml\n"
            + yaml.safe_dump({key: description[key] for key in ("rnn", "smoothing", "symmetries")})
            + "```\n",
        ]
    )


def _layers(model, place=""):
    """Yield all layers with their names, those of nested models too."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from _layers(layer, f"{place}{layer.name}/")
        else:
            yield place + layer.name, layer


def _kind(layer):
    kind = type(layer).__name__
    return f"{kind} of {type(layer.cell).__name__}" if kind == "RNN" else kind


def _output(layer):
    return " x ".join("any" if size is None else str(size) for size in layer.output.shape[1:])


def _training(history):
    if history.empty:
        return "Nothing was trained by descent."
    best = history.loc[history["val_loss"].idxmin()]
    return (
        f"{len(history)} epochs in {history['seconds'].sum():.0f} s. The weights of epoch "
        f"{best['epoch']:.0f} were kept: training loss {best['loss']:.4g}, validation loss "
        f"{best['val_loss']:.4g}, both of standardised values."
    )


def _table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
