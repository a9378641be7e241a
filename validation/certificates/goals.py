"""Goals: what a certificate proves, one sign of one expression over one region.

A region is a box, one interval for each variable, cut down by constraints.  A goal says that at every point of its
region the expression is defined (every part of it is real) and stands in the relation to 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import sympy as sp

from theory.domain import Relation

if TYPE_CHECKING:
    from theory.language import Statement

RELATIONS = (">=", ">", "==", "!=")
UNREAL = (sp.nan, sp.zoo, sp.oo, -sp.oo, sp.I)


class Rejected(ValueError):  # noqa: N818 - it says what became of the certificate
    """A certificate does not prove its statement; the message says which step and why."""


@dataclass(frozen=True)
class Interval:
    """The reals or integers between two exact constants, infinite ends allowed (and then open)."""

    lower: sp.Expr = -sp.oo
    upper: sp.Expr = sp.oo
    open_lower: bool = False
    open_upper: bool = False
    integer: bool = False

    def __post_init__(self) -> None:
        for end, infinite in ((self.lower, -sp.oo), (self.upper, sp.oo)):
            if end != infinite and (end.free_symbols or end.has(*UNREAL)):
                raise Rejected(f"the end {end} of an interval is not a real constant")
        object.__setattr__(self, "open_lower", self.open_lower or self.lower == -sp.oo)
        object.__setattr__(self, "open_upper", self.open_upper or self.upper == sp.oo)

    @property
    def bounded(self) -> bool:
        """Whether both ends are finite."""
        return self.lower != -sp.oo and self.upper != sp.oo

    def __str__(self) -> str:
        ends = f"{'(' if self.open_lower else '['}{self.lower}, {self.upper}{')' if self.open_upper else ']'}"
        return f"integers {ends}" if self.integer else ends


@dataclass(frozen=True)
class Constraint:
    """``gap relation 0``, true at every point of a region.

    ``everywhere`` says more: it holds at every point of the box at which the constraints that are not marked hold.
    """

    gap: sp.Expr
    relation: str
    everywhere: bool = False

    def __str__(self) -> str:
        return f"{self.gap} {self.relation} 0"


@dataclass(frozen=True)
class Goal:
    """``gap relation 0`` at every point of the box that satisfies the constraints, the gap being defined there."""

    gap: sp.Expr
    relation: str
    box: tuple[tuple[sp.Symbol, Interval], ...] = ()
    given: tuple[Constraint, ...] = ()

    def __post_init__(self) -> None:
        if self.relation not in RELATIONS:
            raise Rejected(f"the relation of a goal is one of {', '.join(RELATIONS)}, received {self.relation}")
        if self.gap.has(*UNREAL):
            raise Rejected(f"{self.gap} is not a real expression")
        loose = self.gap.free_symbols - set(self.intervals)
        if loose:
            raise Rejected(f"no interval for {', '.join(sorted(map(str, loose)))}")

    @property
    def intervals(self) -> dict[sp.Symbol, Interval]:
        """The box by variables."""
        return dict(self.box)

    @property
    def strict(self) -> bool:
        """Whether 0 itself violates the relation."""
        return self.relation in (">", "!=")

    def variable(self, name: str) -> sp.Symbol:
        """The variable of that name; raises ``Rejected`` where the box has none."""
        for symbol, _ in self.box:
            if symbol.name == name:
                return symbol
        raise Rejected(f"{name} is no variable of {self}")

    def claiming(self, gap: sp.Expr, relation: str | None = None) -> Goal:
        """Another expression over the same region."""
        return replace(self, gap=gap, relation=relation or self.relation)

    def within(self, symbol: sp.Symbol, interval: Interval | None) -> Goal:
        """The same expression with another interval for one variable; without the variable for ``None``."""
        box = [(s, interval if s == symbol else i) for s, i in self.box]
        return replace(self, box=tuple((s, i) for s, i in box if i is not None))

    def knowing(self, *constraints: Constraint) -> Goal:
        """The same goal with further constraints."""
        return replace(self, given=self.given + tuple(c for c in constraints if c not in self.given))

    def __str__(self) -> str:
        where = "; ".join([*(f"{s} in {i}" for s, i in self.box), *(f"given {c}" for c in self.given)])
        return f"{self.gap} {self.relation} 0" + (f" for {where}" if where else "")


def goals_of(statement: Statement) -> tuple[Goal, ...]:
    """The goals that together prove a statement: one for each of its requirements in order, then the main one.

    Each may use those before it.  Raises ``Rejected`` for a domain with families.
    """
    domain = statement.domain
    if domain.families or any(c.forall for c in domain.given):
        raise Rejected("families and indexed conditions are none of the language's")
    box = tuple((r.symbol, Interval(r.lower, r.upper, r.open_lower, r.open_upper, r.integer)) for r in domain.ranges)
    given = tuple(Constraint(*difference(c.lhs, c.relation, c.rhs)) for c in domain.given)
    goals: list[Goal] = []
    for requirement in statement.requires:
        goals.append(Goal(requirement.expr, requirement.relation, box, given))
        given += (Constraint(requirement.expr, requirement.relation, everywhere=True),)
    gap, relation = difference(statement.lhs, statement.relation, statement.rhs)
    return (*goals, Goal(gap, relation, box, given))


def difference(lhs: sp.Expr, relation: Relation, rhs: sp.Expr) -> tuple[sp.Expr, str]:
    """The larger side minus the smaller one, and how it stands to 0."""
    if relation is Relation.EQ:
        return lhs - rhs, "=="
    gap = lhs - rhs if relation in (Relation.GE, Relation.GT) else rhs - lhs
    return gap, ">" if relation.strict else ">="


def substituted(expr: sp.Expr, values: Mapping[sp.Symbol, sp.Expr]) -> sp.Expr:
    """The expression with symbols replaced, all at once, every node built anew from its parts.

    Raises ``Rejected`` where something that is no real number appears.
    """
    if expr in values:
        return values[expr]
    if not expr.args or not expr.free_symbols & set(values):
        return expr
    built = expr.func(*(substituted(arg, values) for arg in expr.args))
    if built.has(*UNREAL):
        raise Rejected(f"{expr} is not defined at {dict(values)}")
    return built


def names_of(symbols: Iterable[sp.Symbol]) -> dict[str, sp.Symbol]:
    """The symbols by name."""
    return {s.name: s for s in symbols}
