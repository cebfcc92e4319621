"""What of an autoencoder does not fit the states that it is to encode."""

import math


def contradictions(key, autoencoder, samples):
    """Yield a message for each option that does not fit the grid.

    Parameters
    ----------
    key : str
        Of the section.
    autoencoder : dict
    samples : led.config.samples.Samples
        Of the training split, with a grid that is known.
    """
    grid, stride = samples.grid, autoencoder.get("encoder_stride", 1)
    if autoencoder["name"] == "pca" and samples.components:
        coarse = math.prod(-(-points // stride) for points in grid)
        if (size := coarse * samples.components) < autoencoder["latent_dim"]:
            yield (
                f"{key}.latent_dim: found {autoencoder['latent_dim']}, expected at most {size}, "
                "the numbers of a state"
            )
    if autoencoder["name"] == "conv" and len(grid) != 2:
        if grid:  # that it needs one is another message
            yield f"{key}.name: found 'conv' on a grid of {len(grid)} dimensions, expected two"
    elif autoencoder["name"] == "conv":
        yield from _conv_contradictions(key, autoencoder, [-(-n // stride) for n in grid])


def _conv_contradictions(key, autoencoder, grid):
    halvings = len(autoencoder["filters"])
    sizes = [[n // 2**level for n in grid] for level in range(halvings + 1)]
    if min(sizes[-1]) < 1:
        yield (
            f"{key}.filters: found {halvings} layers, each of which halves the grid {grid}; "
            f"expected at most {int(math.log2(min(grid)))}"
        )
    elif autoencoder["dense_units"][0] < (points := math.prod(sizes[-1])):
        yield (
            f"{key}.dense_units: found {autoencoder['dense_units'][0]} first, expected at least "
            f"{points}, the points of the coarsest grid"
        )
    else:
        for number, (kernel, size) in enumerate(zip(autoencoder["kernels"], sizes, strict=False)):
            if kernel < (least := 3 if any(n % 2 for n in size) else 1):
                yield (
                    f"{key}.kernels.{number}: found {kernel}, expected at least {least} to draw a "
                    f"grid of {size}"
                )
