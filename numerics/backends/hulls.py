"""Balls as intervals: their ends, the least ball around several, monotone functions of them."""

from __future__ import annotations

import functools
from collections.abc import Callable

from flint import arb

ZERO, ONE = arb(0), arb(1)


def ends(value: arb) -> tuple[arb, arb]:
    """Two exact balls, the lower and the upper end of a ball."""
    return value.lower(), value.upper()


def hull(*values: arb) -> arb:
    """The least ball, up to rounding, around all the balls; not a number if one of them is not finite."""
    if not all(value.is_finite() for value in values):
        return arb.nan()
    return functools.reduce(arb.union, values)


def wide(value: arb) -> bool:
    """Whether evaluating at the ends is worth its price."""
    return not value.is_exact() and value.rel_accuracy_bits() < 30


def monotone(function: Callable[[arb], arb], value: arb) -> arb:
    """The values of a function that is monotone on the whole ball; not a number where one of them is not finite."""
    if not value.is_finite():
        return arb.nan()
    return hull(*(function(end) for end in ends(value))) if wide(value) else hull(function(value))
