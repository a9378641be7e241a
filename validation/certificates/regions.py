"""Regions and what rules ask of them: values of variables, closed ends, constraints that survive a step."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from validation.certificates.goals import Constraint, Goal, Interval, Rejected, substituted
from validation.certificates.ranges import Ranges, constant_ball


def require_defined(goal: Goal) -> Ranges:
    """Raises ``Rejected`` unless the gap is seen to be defined on the region, whose ranges it returns.

    Every rule that replaces the gap asks for this: SymPy may have cancelled what is undefined in the new one.
    """
    ranges = Ranges.of(goal)
    ranges.span(goal.gap)
    return ranges


def demoted(constraints: tuple[Constraint, ...]) -> tuple[Constraint, ...]:
    """The constraints, none of them any more known beyond the region that the others cut out."""
    return tuple(replace(c, everywhere=False) for c in constraints)


def mentions(constraint: Constraint, x: sp.Symbol) -> bool:
    """Whether the constraint speaks of the variable."""
    return x in constraint.gap.free_symbols


def require_free(goal: Goal, x: sp.Symbol) -> None:
    """Raises ``Rejected`` where a constraint may cut the lines along x."""
    for constraint in goal.given:
        if mentions(constraint, x) and not constraint.everywhere:
            raise Rejected(f"{constraint} cuts the lines along {x}")


def without(goal: Goal, x: sp.Symbol) -> tuple[Constraint, ...]:
    """The constraints that do not mention x.

    Those known everywhere stay so only if no plain one is lost, for they were known where all of those hold.
    """
    rest = tuple(c for c in goal.given if not mentions(c, x))
    lost = any(mentions(c, x) and not c.everywhere for c in goal.given)
    return demoted(rest) if lost else rest


def at_value(goal: Goal, gap: sp.Expr, x: sp.Symbol, value: sp.Expr, relation: str) -> Goal:
    """``gap relation 0`` at ``x = value``, a constant of the interval, over the rest of the region."""
    given = tuple(replace(c, gap=substituted(c.gap, {x: value})) for c in goal.given)
    return replace(_dropped(goal, x), gap=substituted(gap, {x: value}), relation=relation, given=given)


def on_curve(goal: Goal, gap: sp.Expr, x: sp.Symbol, value: sp.Expr, relation: str) -> Goal:
    """The same at ``x = value``, an expression in the other variables that lies in the region."""
    found = at_value(goal, gap, x, value, relation)
    return replace(found, given=demoted(found.given))


def in_limit(goal: Goal, gap: sp.Expr, x: sp.Symbol, relation: str) -> Goal:
    """``gap relation 0`` for a gap without x, over the rest of the region."""
    return replace(_dropped(goal, x), gap=gap, relation=relation, given=without(goal, x))


def _dropped(goal: Goal, x: sp.Symbol) -> Goal:
    return Goal(sp.S.Zero, ">=", tuple((s, i) for s, i in goal.box if s != x))


def real_interval(goal: Goal, x: sp.Symbol) -> Interval:
    """The interval of a variable; raises ``Rejected`` for an integer one."""
    interval = goal.intervals[x]
    if interval.integer:
        raise Rejected(f"{x} is an integer: relax it first")
    return interval


def inside(goal: Goal, x: sp.Symbol) -> Goal:
    """The goal with x strictly between its ends."""
    interval = goal.intervals[x]
    return goal.within(x, replace(interval, open_lower=True, open_upper=True))


def closed_at(goal: Goal, x: sp.Symbol, lower: bool) -> Goal:
    """The goal with an end of x that belongs to the interval; constraints on x need not hold there."""
    interval = goal.intervals[x]
    if not (interval.open_lower if lower else interval.open_upper):
        return goal
    changed = replace(interval, open_lower=False) if lower else replace(interval, open_upper=False)
    return replace(goal.within(x, changed), given=without(goal, x))


def member(goal: Goal, x: sp.Symbol, value: sp.Expr, strictly: bool = False) -> bool:
    """Whether an expression is seen to lie in the interval of x all over the region."""
    interval, ranges = goal.intervals[x], Ranges.of(goal)
    above = ">" if interval.open_lower or strictly else ">="
    below = ">" if interval.open_upper or strictly else ">="
    return (interval.lower == -sp.oo or ranges.holds(value - interval.lower, above)) and (
        interval.upper == sp.oo or ranges.holds(interval.upper - value, below)
    )


def less(left: sp.Expr, right: sp.Expr) -> bool:
    """Whether one exact constant (or infinity) is certainly less than another."""
    if left == -sp.oo or right == sp.oo:
        return left != right
    if left == sp.oo or right == -sp.oo:
        return False
    return bool(constant_ball(right - left) > 0)
