"""Where a training starts: from the networks of another surrogate, to be fine-tuned."""

from dataclasses import replace
from pathlib import Path

from led.data.networks import load_network
from led.jobs import files
from led.surrogate.description import Description


def encoded(objective, description):
    """Return an objective whose model is the autoencoder of a surrogate.

    Its scaling stays, too: the latents are those that the dynamics of the surrogate know. One that
    is not learned by descent stays as it is.

    Parameters
    ----------
    objective : led.training.loop.Objective
    description : str
        The file of the description of the surrogate.

    Raises
    ------
    led.jobs.files.FileError
        If a network is missing or another one than described, or has other shapes than the model
        of the objective.
    """
    folder = Path(description).parent
    return _continued(objective, folder / Description.read(folder).autoencoder)


def advanced(objective, dynamics, description, member):
    """Return an objective whose model is a network of the ensemble of a surrogate.

    Members are taken in turn where there are fewer. The scaling of a network stays, and a loss that
    the dynamics define is measured in it. Dynamics that are not learned by descent are those that
    were fitted to the new samples.

    Parameters
    ----------
    objective, description
        As in `encoded`.
    dynamics : led.dynamics.base.Dynamics
    member : int

    Raises
    ------
    led.jobs.files.FileError
        As `encoded`.
    """
    folder = Path(description).parent
    members = Description.read(folder).members
    if objective.training is None:
        return objective
    objective = _continued(objective, folder / members[member % len(members)])
    return replace(objective, loss=dynamics.loss(objective.model))


def _continued(objective, path):
    model = load_network(path)
    found, expected = _shapes(model), _shapes(objective.model)
    for other, ours in zip(found, expected, strict=False):
        if other != ours:
            raise files.FileError(
                f"{path}: found {_worded(other)}, expected {_worded(ours)}: start_from needs "
                "networks of the same options, and states of the same shape"
            )
    if len(found) != len(expected):
        raise files.FileError(
            f"{path}: found {len(found)} arrays of weights, expected {len(expected)}: start_from "
            "needs networks of the same options"
        )
    return replace(objective, model=model)


def _shapes(model):
    inputs = [("an input", tuple(entry.shape[1:])) for entry in model.inputs]
    return inputs + [(f"weights {weight.name}", tuple(weight.shape)) for weight in model.weights]


def _worded(entry):
    name, shape = entry
    return f"{name} of shape {shape}"
