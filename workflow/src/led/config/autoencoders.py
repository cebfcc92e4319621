"""What of an autoencoder does not fit the states that it is to encode."""

import math

MOST_FILTERS = 64


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
    if autoencoder["name"] == "conv" and grid:  # that it needs one is another message
        yield from _conv_contradictions(key, autoencoder, [-(-n // stride) for n in grid])


def layer_contradictions(key, autoencoder):
    """Yield a message if the layers of `conv` do not belong together."""
    filters, kernels = autoencoder["filters"], autoencoder["kernels"]
    if kernels is not None and len(kernels) != len(filters or ()):
        expected = "null, as filters are"
        if filters is not None:
            expected = f"{len(filters)}, one for each of filters"
        yield f"{key}.kernels: found {len(kernels)} entries, expected {expected}"


def conv_layers(filters, kernels, grid):
    """Return filters and kernel of each convolution of `conv`, each of which halves the grid.

    Parameters
    ----------
    filters, kernels : sequence of int or None
        As its options have them.
    grid : sequence of int
    """
    if filters is None:
        count = max(1, int(math.log2(min(grid))) - 1)
        filters = [min(8 << level, MOST_FILTERS) for level in range(count)]
    return [*zip(filters, kernels or [3] * len(filters), strict=True)]


def dense_widths(widths, points):
    """Return the widths of the dense layers of `conv`, for a coarsest grid of so many points."""
    return (max(64, points), 128) if widths is None else widths


def _conv_contradictions(key, autoencoder, grid):
    if len(grid) > 3:
        yield f"{key}.name: found 'conv' on a grid of {len(grid)} dimensions, expected up to three"
        return
    padding = autoencoder["padding"]
    if not isinstance(padding, str) and len(padding) != len(grid):
        yield (
            f"{key}.padding: found {len(padding)} entries, expected {len(grid)}, one a dimension "
            "of the grid"
        )
    if any(layer_contradictions(key, autoencoder)):
        return
    chosen = conv_layers(autoencoder["filters"], autoencoder["kernels"], grid)
    sizes = [[n // 2**level for n in grid] for level in range(len(chosen) + 1)]
    points = math.prod(sizes[-1])
    if min(sizes[-1]) < 1:
        yield (
            f"{key}.filters: found {len(chosen)} layers, each of which halves the grid {grid}; "
            f"expected at most {int(math.log2(min(grid)))}"
        )
    elif (first := dense_widths(autoencoder["dense_units"], points)[0]) < points:
        yield (
            f"{key}.dense_units: found {first} first, expected at least {points}, the points of "
            "the coarsest grid"
        )
    else:
        for number, ((_, kernel), size) in enumerate(zip(chosen, sizes, strict=False)):
            if kernel < (least := 3 if any(n % 2 for n in size) else 1):
                yield (
                    f"{key}.kernels.{number}: found {kernel}, expected at least {least} to draw a "
                    f"grid of {size}"
                )
