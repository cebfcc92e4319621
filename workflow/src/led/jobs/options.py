"""Types of options that classes of the configuration share, for their annotations.

``nx: Count = 20`` is an integer for Python and a type checker. The schema of the configuration
defines what else it has to be, under the same name in snake case: ``$defs/count``.
"""

Activation = str
Count = int
Counts = tuple[int, ...]
ExplicitTableau = str | dict
Fraction = float
ImplicitTableau = str | dict
Interval = tuple[float, float]
Limit = float | dict
NonNegative = float
NonNegativeCount = int
Padding = str | tuple[str, ...]
Positive = float
PositiveInterval = tuple[float, float]
PositiveOrRange = float | tuple[float, float]
Regimes = tuple[tuple[float, float], ...]
Seed = int
Share = float
SomeCounts = tuple[int, ...]
Tolerance = float
