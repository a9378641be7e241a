"""Whether numbers lie in the domain of a bound, in the arithmetic that they come in.

A ball lies inside where all of it does.  What is refused is named, with what is allowed.
"""

from __future__ import annotations

from fractions import Fraction
from numbers import Integral, Real
from typing import Any

import mpmath
import numpy as np
import sympy as sp
from flint import arb, fmpq, fmpz

from theory.atoms import IndexMax
from theory.bounds.arguments import DomainError, allowed, keyword, label, outside
from theory.bounds.bound import Bound
from theory.domain import Condition, Family, Range, Relation

Array = np.ndarray[Any, Any]


def fraction_of(end: sp.Expr) -> Fraction | None:
    """An end of a range as a fraction; ``None`` where it is infinite or depends on other arguments."""
    return Fraction(int(end.p), int(end.q)) if isinstance(end, sp.Rational) else None


class Gate:
    """The range of a scalar or the shape of a family, ready to be asked about arrays."""

    def __init__(self, bound: Bound, entry: Range | Family) -> None:
        self.bound, self.entry = bound, entry
        self.scalar = isinstance(entry, Range)
        lower, upper = fraction_of(entry.lower), None if isinstance(entry, Family) else fraction_of(entry.upper)
        self.low, self.high = -np.inf if lower is None else float(lower), np.inf if upper is None else float(upper)
        self.open_low = lower is None or (isinstance(entry, Range) and entry.open_lower)
        self.open_high = upper is None or (isinstance(entry, Range) and entry.open_upper)

    @property
    def name(self) -> str:
        """The argument."""
        return keyword(self.entry.symbol if isinstance(self.entry, Range) else self.entry.base)

    def admits(self, values: Array) -> bool:
        """Whether all values are finite, within the ends, and whole numbers where they must be."""
        if not values.size:
            return True
        exact = values.dtype.kind in "iu"
        if self.low == -np.inf and self.high == np.inf and not self.entry.integer:
            return exact or bool(np.isfinite(values).all())
        least = values.min()  # nan where one is
        if not (least > self.low if self.open_low else least >= self.low):
            return False
        if not (exact and self.high == np.inf):
            most = values.max()
            if not (most < self.high if self.open_high else most <= self.high):
                return False
        return exact or not self.entry.integer or bool((np.rint(values) == values).all())

    def check(self, values: Array, start: int = 0) -> None:
        """Raise ``DomainError`` unless all values are admitted; ``start`` is the flat index of the first scalar."""
        if self.admits(values):
            return
        place, value = next((i, v) for i, v in enumerate(values.ravel().tolist()) if not self.admits(np.array([v])))
        where = f" at index {start + place}" if self.scalar and (values.size > 1 or start) else ""
        if self.entry.integer and np.isfinite(value) and value != round(value):
            raise DomainError(f"{self.bound.signature}: {self.name} = {value}{where} must be an integer")
        if isinstance(self.entry, Range):
            raise outside(self.bound.signature, self.entry, value, where)
        needed = "finite" if self.entry.lower == -sp.oo else f"finite and at least {self.entry.lower}"
        raise DomainError(f"{self.bound.signature}: {self.name} holds {value}: entries must be {needed}")


def check_number(bound: Bound, r: Range, value: Any) -> Any:
    """The value, an integer as ``int``; raises ``DomainError`` unless it lies in the range, for certain if a ball."""
    if r.integer:
        whole = whole_number(value)
        if whole is None:
            raise DomainError(
                f"{bound.signature}: {keyword(r.symbol)} = {value} must be an integer, as in {allowed(r)}"
            )
        value = whole
    finite = value.is_finite() if isinstance(value, arb) else bool(mpmath.isfinite(value)) if is_mpf(value) else True
    lower, upper = fraction_of(r.lower), fraction_of(r.upper)
    inside = finite and not (isinstance(value, float) and not np.isfinite(value))
    for end, open_end, sign in ((lower, r.open_lower, 1), (upper, r.open_upper, -1)):
        if end is not None and inside:
            gap = sign * (value - like(value, end))
            inside = bool(gap > 0 if open_end else gap >= 0)
    if inside:
        return value
    note = ", not all of it inside," if isinstance(value, arb) and not value.is_exact() else ""
    raise outside(bound.signature, r, value, note)


def like(value: Any, end: Fraction) -> Any:
    """A fraction in the arithmetic of a value."""
    if isinstance(value, arb):
        return arb(fmpq(end.numerator, end.denominator))
    return mpmath.mpf(end.numerator) / end.denominator if is_mpf(value) else end


def is_mpf(value: Any) -> bool:
    """Whether a value is a real mpmath number."""
    return isinstance(value, mpmath.mpf)


def whole_number(value: Any) -> int | None:
    """The integer that a number is, or ``None``."""
    if isinstance(value, arb):
        whole = value.unique_fmpz() if value.is_exact() and value.is_integer() else None
        return None if whole is None else int(whole)
    if isinstance(value, (Integral, fmpz)):
        return int(value)
    if is_mpf(value):
        return int(value) if mpmath.isint(value) else None
    return int(float(value)) if isinstance(value, Real) and float(value).is_integer() else None


def check_sizes(bound: Bound, sizes: dict[sp.Symbol, int]) -> None:
    """Raise ``DomainError`` if a size read off the families is outside its range."""
    for r in bound.required.ranges:
        if r.symbol in sizes and r.symbol in bound.sizes:
            base, axis = bound.sizes[r.symbol]
            lower = fraction_of(r.lower)
            if lower is not None and sizes[r.symbol] < lower:
                raise DomainError(
                    f"{bound.signature}: {label(base)} has {r.symbol} = {sizes[r.symbol]} entries along axis "
                    f"{axis}, allowed is {allowed(r)}: give at least {lower}"
                )


def excess(condition: Condition) -> tuple[sp.Expr, bool]:
    """An expression that is at most 0 where the condition holds, and whether 0 itself is excluded."""
    above = condition.relation in (Relation.GE, Relation.GT)
    gap = condition.rhs - condition.lhs if above else condition.lhs - condition.rhs
    if condition.relation is Relation.EQ:
        gap = sp.Abs(gap)
    for limit in reversed(condition.forall):
        gap = IndexMax(gap, limit)
    return gap, condition.relation.strict
