"""Domains: where a statement is claimed to hold.

A domain lists ranges of scalars, families of reals with their shapes, and side conditions.  It is the only source of
signs and sizes; nothing about a symbol is known that its domain does not say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

import sympy as sp


class Relation(Enum):
    """The relation between the two sides of a statement."""

    LE = "<="
    LT = "<"
    GE = ">="
    GT = ">"
    EQ = "="

    @property
    def strict(self) -> bool:
        """Whether equality of the sides violates the relation."""
        return self in (Relation.LT, Relation.GT)

    @property
    def negation(self) -> Relation | None:
        """The relation that holds exactly when this one fails; ``None`` for equality."""
        pairs = {"<=": Relation.GT, "<": Relation.GE, ">=": Relation.LT, ">": Relation.LE}
        return pairs.get(self.value)


@dataclass(frozen=True)
class Range:
    """A scalar between two ends: ``Range(beta, 0, oo, open_lower=True)`` is beta > 0."""

    symbol: sp.Symbol
    lower: sp.Expr = -sp.oo
    upper: sp.Expr = sp.oo
    open_lower: bool = False
    open_upper: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "lower", sp.sympify(self.lower))
        object.__setattr__(self, "upper", sp.sympify(self.upper))

    @property
    def integer(self) -> bool:
        """Whether the scalar is an integer."""
        return bool(self.symbol.is_integer)

    @property
    def fixed(self) -> bool:
        """Whether the scalar has one value, a rational number."""
        one = self.lower == self.upper and not (self.open_lower or self.open_upper)
        return bool(one and (self.lower.is_Integer if self.integer else self.lower.is_Rational))

    def __str__(self) -> str:
        if self.fixed:
            return f"{self.symbol} = {self.lower}"
        left = "(" if self.open_lower or self.lower == -sp.oo else "["
        right = ")" if self.open_upper or self.upper == sp.oo else "]"
        return f"{self.symbol} in {'integers ' if self.integer else ''}{left}{self.lower}, {self.upper}{right}"


@dataclass(frozen=True)
class Family:
    """A family of reals (or integers) with one entry per index tuple, each axis running from 1 to its size.

    A size may depend on earlier indices: ``Family(rho_t, (l, sizes[t], n), indices=(t, j, k))`` is ragged.
    ``lower`` bounds every entry from below (sizes of layers are at least 1).
    """

    base: sp.IndexedBase
    shape: tuple[sp.Expr, ...]
    indices: tuple[sp.Symbol, ...] = ()
    lower: sp.Expr = -sp.oo

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", tuple(sp.sympify(size) for size in self.shape))
        object.__setattr__(self, "lower", sp.sympify(self.lower))

    @property
    def integer(self) -> bool:
        """Whether the entries are integers."""
        return bool(self.base.is_integer)

    def __str__(self) -> str:
        bound = "" if self.lower == -sp.oo else f", entries >= {self.lower}"
        return f"{self.base} of shape ({', '.join(map(str, self.shape))}){bound}"


@dataclass(frozen=True)
class Condition:
    """A side condition ``lhs relation rhs``, for every value of the ``forall`` indices ``(index, lower, upper)``."""

    lhs: sp.Expr
    relation: Relation
    rhs: sp.Expr
    forall: tuple[tuple[sp.Symbol, sp.Expr, sp.Expr], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "lhs", sp.sympify(self.lhs))
        object.__setattr__(self, "rhs", sp.sympify(self.rhs))
        object.__setattr__(
            self, "forall", tuple((index, sp.sympify(lo), sp.sympify(hi)) for index, lo, hi in self.forall)
        )

    def __str__(self) -> str:
        prefix = "".join(f"for all {index} in {lo}..{hi}: " for index, lo, hi in self.forall)
        return f"{prefix}{self.lhs} {self.relation.value} {self.rhs}"


@dataclass(frozen=True)
class Domain:
    """Ranges, families and side conditions of a statement."""

    ranges: tuple[Range, ...] = ()
    families: tuple[Family, ...] = ()
    given: tuple[Condition, ...] = field(default=())

    def __post_init__(self) -> None:
        bound = [*(r.symbol for r in self.ranges), *(f.base for f in self.families)]
        twice = {str(variable) for variable in bound if bound.count(variable) > 1}
        if twice:
            raise ValueError(
                f"the domain binds {', '.join(sorted(twice))} more than once: give each variable one range or shape, "
                "and narrow it there or by a Condition"
            )

    @classmethod
    def everywhere(cls, *symbols: sp.Symbol) -> Domain:
        """Every real (or integer) value of the symbols."""
        return cls(ranges=tuple(Range(symbol) for symbol in symbols))

    @classmethod
    def of(cls, *parts: Range | Family | Condition) -> Domain:
        """A domain from its parts, in the order given within each kind."""
        return cls(
            tuple(p for p in parts if isinstance(p, Range)),
            tuple(p for p in parts if isinstance(p, Family)),
            tuple(p for p in parts if isinstance(p, Condition)),
        )

    def __and__(self, other: Domain) -> Domain:
        """Both domains at once: ranges of one scalar are intersected, families must agree in shape."""
        ranges = {r.symbol: r for r in self.ranges}
        for r in other.ranges:
            ranges[r.symbol] = _intersection(ranges[r.symbol], r) if r.symbol in ranges else r
        families = {(f.base, f.shape): f for f in self.families}
        for f in other.families:
            known = families.get((f.base, f.shape), f)
            families[f.base, f.shape] = f if known.lower < f.lower else known
        return Domain(
            tuple(ranges.values()),
            tuple(families.values()),
            self.given + tuple(c for c in other.given if c not in self.given),
        )

    def variables(self) -> tuple[sp.Basic, ...]:
        """Scalars and families that the domain binds."""
        return tuple(r.symbol for r in self.ranges) + tuple(f.base for f in self.families)

    def __str__(self) -> str:
        return "; ".join(str(part) for part in (*self.ranges, *self.families, *self.given)) or "no variables"


def _intersection(left: Range, right: Range) -> Range:
    """The scalars in both ranges.  Raises ``ValueError`` where the order of two ends is not known."""
    lower, open_lower = _inner(left.symbol, (left.lower, left.open_lower), (right.lower, right.open_lower), 1)
    upper, open_upper = _inner(left.symbol, (left.upper, left.open_upper), (right.upper, right.open_upper), -1)
    return Range(left.symbol, lower, upper, open_lower, open_upper)


def _inner(
    symbol: sp.Symbol, left: tuple[sp.Expr, bool], right: tuple[sp.Expr, bool], sign: int
) -> tuple[sp.Expr, bool]:
    """The end that excludes more; ``sign`` is 1 for lower and -1 for upper ends."""
    if left[0] == right[0]:
        return left[0], left[1] or right[1]
    larger = sp.sympify(sign * left[0] > sign * right[0])
    if larger not in (sp.true, sp.false):
        raise ValueError(f"{symbol} has the ends {left[0]} and {right[0]}, whose order is not known: give it one range")
    return left if larger == sp.true else right


def positive(symbol: sp.Symbol) -> Range:
    """The scalar is greater than 0."""
    return Range(symbol, 0, sp.oo, open_lower=True)


def nonnegative(symbol: sp.Symbol) -> Range:
    """The scalar is at least 0."""
    return Range(symbol, 0, sp.oo)


def size(symbol: sp.Symbol, least: int = 1) -> Range:
    """The integer is at least ``least``."""
    return Range(symbol, least, sp.oo)
