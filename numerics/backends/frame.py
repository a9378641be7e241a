"""What a compiled expression runs on: an arithmetic, and a frame that holds one call's values and indices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from numbers import Integral
from typing import Any, Protocol

import sympy as sp

Number = Any  # a number of the arithmetic at hand: float, array, mpf, ball, power series or jet


class UnsupportedExpression(TypeError):  # noqa: N818 - it names the expression, not the accident
    """The expression holds something that the backend cannot compute with its guarantee."""


Body = Callable[["Arithmetic", Any], Any]
"""An integrand: it is told the arithmetic in which it is to be computed."""


class EmptyRangeError(ValueError):
    """A minimum, a maximum or an LSE over no index at all; the message is only written when it is read."""

    def __init__(self, node: object) -> None:
        super().__init__(node)
        self.node = node

    def __str__(self) -> str:
        return f"empty index range in {self.node}"


class Arithmetic(Protocol):
    """The operations that the walk needs.  ``nonnegative`` promises that the true base is at least 0."""

    def number(self, value: Any) -> Number: ...
    def pi(self) -> Number: ...
    def add(self, terms: Sequence[Number]) -> Number: ...
    def multiply(self, factors: Sequence[Number]) -> Number: ...
    def divide(self, numerator: Number, denominator: Number) -> Number: ...
    def integer_power(self, base: Number, exponent: int) -> Number: ...
    def power(self, base: Number, exponent: Number, nonnegative: bool) -> Number: ...
    def exp(self, value: Number) -> Number: ...
    def log(self, value: Number) -> Number: ...
    def absolute(self, value: Number) -> Number: ...
    def sign(self, value: Number) -> Number: ...
    def minimum(self, values: Sequence[Number]) -> Number: ...
    def maximum(self, values: Sequence[Number]) -> Number: ...
    def lse(self, values: Sequence[Number]) -> Number: ...
    def lower_gamma(self, order: Number, cutoff: Number) -> Number: ...
    def gamma(self, value: Number) -> Number: ...
    def log_gamma(self, value: Number) -> Number: ...
    def integral(self, body: Body, patterns: list[Number], radii: list[Number]) -> Number:
        """The integral of ``body(arithmetic, x)`` over the union of the intervals around the patterns."""

    def radial(self, body: Body, dimension: Number, radius: Number) -> Number:
        """The integral of ``body(arithmetic, ||x||)`` over the ball around 0."""


def exact(value: Any) -> Fraction:
    """An int, float, fraction or SymPy number as the fraction that it is; raises ``TypeError`` for anything else."""
    if type(value) is Fraction:
        return value
    if isinstance(value, (sp.Rational, sp.Float)):
        rational = sp.Rational(value)
        return Fraction(int(rational.p), int(rational.q))
    if isinstance(value, Integral):
        return Fraction(int(value))
    if isinstance(value, (float, Fraction)):  # numpy's float64 is a float
        return Fraction(value)
    if hasattr(value, "dtype") and getattr(value, "ndim", 1) == 0:
        return exact(value.item())
    raise TypeError(f"expected an int, a Fraction or a float, received {type(value).__name__}: {value!r}")


@dataclass
class Frame:
    """The state of one call: the caller's values by name, their numbers, the open indices, what is worth keeping."""

    arithmetic: Arithmetic
    values: Mapping[str, Any]
    numbers: dict[str, Number] = field(default_factory=dict)
    index: dict[sp.Symbol, Any] = field(default_factory=dict)
    kept: dict[Any, Number] = field(default_factory=dict)
    points: dict[str, Number] = field(default_factory=dict)

    def number(self, name: str) -> Number:
        """The scalar or the nested lists of a family, in the numbers of the arithmetic."""
        if name in self.points:
            return self.points[name]
        if name not in self.numbers:
            self.numbers[name] = self._convert(self.values[name])
        return self.numbers[name]

    def _convert(self, value: Any) -> Number:
        if isinstance(value, (tuple, list)) or getattr(value, "ndim", 0) > 0:
            return [self._convert(entry) for entry in value]
        return self.arithmetic.number(value)

    def at_point(self, arithmetic: Arithmetic, name: str, value: Number) -> Frame:
        """The same call inside an integral whose point has the one coordinate ``value``."""
        return self.at_distance(arithmetic, name, [value])

    def at_distance(self, arithmetic: Arithmetic, name: str, value: Number) -> Frame:
        """The same call inside an integral whose variable has the value ``value``."""
        points = self.points | {name: value}
        return type(self)(arithmetic, self.values, self.numbers, dict(self.index), self.kept, points)


Node = Callable[[Frame], Number]


def integral_value(value: Any, what: object) -> int:
    """The value as an ``int``; raises ``ValueError`` unless it is an integer."""
    if type(value) is int:
        return value
    number = exact(value)
    if number.denominator != 1:
        raise ValueError(f"{what} must be an integer, received {value!r}")
    return int(number)


def entry(family: Any, place: Sequence[int], what: object) -> Any:
    """``family[place]`` with indices from 1; raises ``IndexError`` outside the family."""
    for index in place:
        if not isinstance(index, int) or not 1 <= index <= len(family):
            raise IndexError(f"{what} at index {tuple(place)}: an axis runs from 1 to {len(family)}")
        family = family[index - 1]
    return family


def bounds(first: Any, last: Any, node: object) -> tuple[int, int]:
    """The bounds of a range that may be empty; raises ``ValueError`` where SymPy would count backwards."""
    if last < first - 1:
        raise ValueError(f"the index of {node} runs from {first} to {last}")
    return int(first), int(last)
