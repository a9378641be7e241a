"""Arguments for the bounds of the catalogue: exact in doubles, inside the domain, in any arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import mpmath
import numpy as np
from flint import arb

from theory.bounds import Bound
from theory.bounds.arguments import label

COORDINATES, PATTERNS = 3, 4
SCALARS = {"n": (1, 2, 7), "d": (1, 5, 40), "l": (1, 3, 6), "T_max": (1, 2, 4), "d_emb": (1, 3, 5)}
POSITIVE = (0.5, 1.25, 2.75)


def arguments(bound: Bound, place: int, seed: int = 0) -> list[Any]:
    """Python numbers and nested lists for the arguments, three different sets of them."""
    random, found = Random(31 * seed + place), dict[str, Any]()

    def entries(length: int) -> list[float]:
        return [random.randint(-24, 24) / 8 for _ in range(length)]

    for variable in bound.arguments:
        family, name = bound.family(variable), label(variable)
        if name == "r_i":
            found[name] = [abs(entry) + 0.25 for entry in entries(PATTERNS)]
        elif family is not None:
            two = len(family.shape) == 2
            found[name] = [entries(COORDINATES) for _ in range(PATTERNS)] if two else entries(COORDINATES)
        elif name in SCALARS:
            found[name] = SCALARS[name][place]
        else:
            found[name] = POSITIVE[random.randrange(3)] + place / 4
    if "c" in found and bound.domain.given:
        found["c"] = found["a"] / 2
    if "n" in found and "d_emb" in found:
        found["n"] = found["T_max"] * found["d_emb"]
    return [found[label(variable)] for variable in bound.arguments]


def converted(value: Any, number: Callable[[Any], Any]) -> Any:
    """Every number in nested lists replaced; lists become arrays of objects."""
    if isinstance(value, list):
        return np.array([converted(part, number) for part in value], dtype=object)
    return number(value)


def as_balls(values: list[Any]) -> list[Any]:
    """The arguments as exact balls."""
    return [converted(value, arb) for value in values]


def as_mpmath(values: list[Any]) -> list[Any]:
    """The arguments as mpmath numbers."""
    return [converted(value, mpmath.mpf) for value in values]


def stacked(sets: list[list[Any]], bound: Bound) -> list[Any]:
    """Several sets of arguments as arrays with a leading axis; patterns are those of the first set."""
    found = []
    for variable, values in zip(bound.arguments, zip(*sets, strict=True), strict=True):
        family = bound.family(variable)
        fixed = family is not None and len(family.shape) > 1
        found.append(np.array(values[0] if fixed else values))
    return found
