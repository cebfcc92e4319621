"""A figure that moves through time, as a file."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image


@dataclass
class Movie:
    """A figure that moves through time.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    numbers : ndarray of int
        The frames of the forecast that are shown.
    show : callable
        Of one of these numbers: makes the figure show that frame.
    pictures_a_second : int
    """

    figure: plt.Figure
    numbers: np.ndarray
    show: Callable
    pictures_a_second: int

    @cached_property
    def pictures(self):
        """The figure at each of its frames."""
        pictures = []
        for number in self.numbers:
            self.show(number)
            self.figure.canvas.draw()
            pixels = np.array(self.figure.canvas.buffer_rgba())
            pictures.append(Image.fromarray(pixels).convert("RGB"))
        return pictures

    def savefig(self, path):
        """Write a GIF or an animated PNG, by the suffix."""
        first, *others = self.pictures
        duration = 1000 / self.pictures_a_second
        first.save(path, save_all=True, append_images=others, duration=duration, loop=0)
