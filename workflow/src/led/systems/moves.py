"""Maps that move the numbers of a state to other places and change signs."""

import numpy as np

LARGEST_ORDER = 10_000  # powers of a map, up to the identity
ROUNDS = 3  # of random powers of all generators, which mix those that do not commute


class Moves:
    """Entry i of the image is ``signs[i]`` times entry ``places[i]``, of states made flat.

    Parameters
    ----------
    places, signs : ndarray of int, shape (n,)
    shape : tuple of int
        ``(*grid, component)``, of n numbers.
    """

    def __init__(self, places, signs, shape):
        self.places, self.signs, self.shape = places, signs, shape

    @classmethod
    def of(cls, generator, probe):
        """Read a map off its image of the numbers from 1 on.

        Raises
        ------
        ValueError
            If it does anything else to a state.
        """
        image = generator(probe).ravel()
        if not np.array_equal(np.sort(np.abs(image)), probe.ravel()):
            raise ValueError("expected maps that move the numbers of a state and change signs")
        return cls(np.abs(image).astype(int) - 1, np.sign(image).astype(np.int8), probe.shape)

    def __call__(self, states):
        """Map states of shape ``(..., *grid, component)``."""
        outer = states.shape[: states.ndim - len(self.shape)]
        moved = states.reshape(*outer, len(self.places))[..., self.places]
        if (self.signs < 0).any():
            moved *= self.signs
        return moved.reshape(states.shape)

    def then(self, other):
        """Return this map followed by another one."""
        places, signs = self.places[other.places], self.signs[other.places] * other.signs
        return Moves(places, signs, self.shape)

    def inverse(self):
        """Return the map that undoes this one."""
        places = np.argsort(self.places)
        return Moves(places, self.signs[places], self.shape)

    def power(self, exponent):
        """Return the map that does this one so many times, at least once."""
        if exponent == 1:
            return self
        half = self.power(exponent // 2)
        return half.then(half).then(self) if exponent % 2 else half.then(half)

    def order(self):
        """Return the smallest exponent whose power changes nothing.

        Raises
        ------
        ValueError
            If it is above 10,000.
        """
        power = self
        for exponent in range(1, LARGEST_ORDER + 1):
            if power.is_identity():
                return exponent
            power = power.then(self)
        raise ValueError(f"expected maps that change nothing {LARGEST_ORDER} times or earlier")

    def is_identity(self):
        """Return whether it changes nothing."""
        return np.array_equal(self.places, np.arange(len(self.places))) and (self.signs > 0).all()


def draw(generators, count):
    """Draw maps of a group, all different and none the identity.

    They are products of random powers of its generators, in three rounds. If all of them commute,
    or turn around the others as reflections do, all maps are equally likely. The draw is the same
    each time.

    Parameters
    ----------
    generators : sequence of Moves
    count : int
        Fewer than the group has.
    """
    rng = np.random.default_rng(0)
    orders = [generator.order() for generator in generators]
    identity = generators[0].then(generators[0].inverse())
    found = {}
    while len(found) < count:
        map_ = identity
        for generator, order in [*zip(generators, orders, strict=True)] * ROUNDS:
            map_ = map_.then(generator.power(rng.integers(order) + 1))
        if not map_.is_identity():
            found.setdefault((map_.places.tobytes(), map_.signs.tobytes()), map_)
    return list(found.values())
