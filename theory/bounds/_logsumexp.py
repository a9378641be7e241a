"""Bounds on LogSumExp: Lemmas 2 to 4, as printed and as amended."""

from theory import logsumexp
from theory.bounds.bound import ceiling, floor
from theory.notation import x, y

BOUNDS = (
    ceiling(logsumexp.maximum_ceiling, x, unit="nat"),
    floor(logsumexp.maximum_strict_floor, x, unit="nat"),
    floor(logsumexp.maximum_floor, x, unit="nat"),
    floor(logsumexp.maximum_strict_floor_two, x, unit="nat"),
    floor(logsumexp.minimum_floor, x, unit="nat"),
    ceiling(logsumexp.minimum_strict_ceiling, x, unit="nat"),
    ceiling(logsumexp.minimum_ceiling, x, unit="nat"),
    ceiling(logsumexp.minimum_strict_ceiling_two, x, unit="nat"),
    ceiling(logsumexp.lipschitz, x, y, unit="nat"),
)
