"""Rules of calculus in one variable: each says which goals are left and why they suffice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import sympy as sp

from validation.certificates.calculus import derivative, require_continuous, require_differentiable
from validation.certificates.goals import Constraint, Goal, Rejected, substituted
from validation.certificates.limits import limit
from validation.certificates.nodes import Concave, Foot, Induction, Monotone, Node, Tangency, Telescope
from validation.certificates.ranges import Ranges
from validation.certificates.regions import (
    at_value,
    closed_at,
    demoted,
    in_limit,
    inside,
    member,
    mentions,
    on_curve,
    real_interval,
    require_defined,
    require_free,
)

ORDERED = (">=", ">", "==")


def _relation(goal: Goal) -> str:
    if goal.relation not in ORDERED:
        raise Rejected(f"calculus proves {', '.join(ORDERED)}, not {goal.relation}")
    return goal.relation


def _end_goals(goal: Goal, x: sp.Symbol, end: sp.Expr, at_limit: bool, relation: str) -> list[Goal]:
    """The goal at an end of the interval of x, or for the limit there.

    A value counts where the gap is continuous up to the end, whether or not the end belongs to the interval.
    """
    interval = goal.intervals[x]
    lower = end == interval.lower
    if at_limit:
        value = limit(goal, x, lower)
        if value == -sp.oo:
            raise Rejected(f"the gap tends to -oo as {x} tends to {end}")
        return [] if value == sp.oo else [in_limit(goal, value, x, relation)]
    if end in (sp.oo, -sp.oo):
        raise Rejected(f"there is no value at {end}: take the limit")
    closed = closed_at(goal, x, lower)
    require_continuous(goal.gap, x, Ranges.of(closed))
    return [at_value(closed, goal.gap, x, end, relation)]


def monotone(goal: Goal, node: Monotone) -> list[Goal]:
    """By the mean value theorem the gap at a point is at least its value (or limit) at ``to``.

    The segment from the point to ``to`` stays in the region, except perhaps for ``to`` itself (``_reached``).  Inside
    the interval the gap is differentiable, at its closed ends continuous.  ``strict``: the slope is positive and no
    point is at ``to``.
    """
    x, relation = goal.variable(node.variable), _relation(goal)
    interval = real_interval(goal, x)
    at_end = node.to in (interval.lower, interval.upper)
    if at_end:
        direction = -1 if node.to == interval.lower else 1  # from the point towards ``to``
        apart = interval.open_lower if direction < 0 else interval.open_upper
    else:
        direction, apart = _side(goal, x, node)
    if node.strict and not (apart and relation == ">"):
        raise Rejected(f"a strict slope serves > where {x} is never {node.to}")
    require_continuous(goal.gap, x, Ranges.of(goal))
    weaker = ">=" if node.strict else relation
    reached = _reached(goal, x, direction, None if at_end and apart else node.to)
    if at_end:
        start = _end_goals(reached, x, node.to, node.limit, weaker)
    else:
        require_continuous(goal.gap, x, Ranges.of(reached))
        start = [on_curve(reached, goal.gap, x, node.to, weaker)]
    growth = inside(goal, x).claiming(-direction * _slope(goal, x), ">=" if relation == ">" else relation)
    return [*start, growth.claiming(growth.gap, ">") if node.strict else growth]


def _side(goal: Goal, x: sp.Symbol, node: Monotone) -> tuple[int, bool]:
    """The direction from the point to an expression that bounds the variable, and whether they never meet."""
    if x in node.to.free_symbols or node.limit or not member(goal, x, node.to):
        raise Rejected(f"{node.to} is not seen to be a value of {x} in its interval")
    ranges = Ranges.of(goal)
    if ranges.holds(x - node.to, ">="):
        return -1, ranges.holds(x - node.to, ">")
    if ranges.holds(node.to - x, ">="):
        return 1, ranges.holds(node.to - x, ">")
    raise Rejected(f"{x} is not seen to stay on one side of {node.to}")


def _reached(goal: Goal, x: sp.Symbol, direction: int, to: sp.Expr | None) -> Goal:
    """The goal on a region that holds the segment up to and including ``to``.

    A constraint on x holds from a point on if its gap does not fall in the direction (1, -1, or 0 for an unknown one),
    or if it is affine in x and its gap is at least 0 at ``to`` (given only for a value that x may be set to).  In the
    second case a strict constraint may become an equality at ``to``, where nothing known by it holds any more.
    """
    lines = replace(goal, given=tuple(c for c in goal.given if not mentions(c, x) and not c.everywhere))
    ranges = Ranges.of(lines)
    weakened: dict[Constraint, Constraint] = {}
    for constraint in goal.given:
        if not mentions(constraint, x) or constraint.everywhere:
            continue
        require_differentiable(constraint.gap, x, ranges)
        change = derivative(constraint.gap, x)
        if direction and constraint.relation in (">=", ">") and ranges.holds(direction * change, ">="):
            continue
        if (
            to is None
            or constraint.relation not in (">=", ">")
            or x in change.free_symbols
            or not ranges.holds(substituted(constraint.gap, {x: to}), ">=")
        ):
            raise Rejected(f"{constraint} need not hold all the way along {x}")
        weakened[constraint] = replace(constraint, relation=">=")
    if all(old == new for old, new in weakened.items()):
        return goal
    rest = (c for c in goal.given if not (c.everywhere and mentions(c, x)))
    return replace(goal, given=demoted(tuple(weakened.get(c, c) for c in rest)))


def _slope(goal: Goal, x: sp.Symbol) -> sp.Expr:
    """The derivative of the gap, which exists inside the interval of x."""
    require_differentiable(goal.gap, x, Ranges.of(inside(goal, x)))
    return derivative(goal.gap, x)


def _curvature(goal: Goal, x: sp.Symbol) -> sp.Expr:
    slope = _slope(goal, x)
    require_differentiable(slope, x, Ranges.of(inside(goal, x)))
    return derivative(slope, x)


def foot(goal: Goal, node: Foot) -> list[Goal]:
    """The mean value theorem from ``at`` to either side: the gap at a point is at least its value at ``at``.

    The segment between them lies in the region, except perhaps for ``at`` itself (``_reached``).
    """
    x, relation = goal.variable(node.variable), _relation(goal)
    real_interval(goal, x)
    if x in node.at.free_symbols or not member(goal, x, node.at):
        raise Rejected(f"{node.at} is not seen to be a value of {x} in its interval")
    reached = _reached(goal, x, 0, node.at)
    for region in (goal, reached):
        require_continuous(goal.gap, x, Ranges.of(region))
    growth = inside(goal, x).claiming((x - node.at) * _slope(goal, x), "==" if relation == "==" else ">=")
    return [on_curve(reached, goal.gap, x, node.at, relation), growth]


def concave(goal: Goal, node: Concave) -> list[Goal]:
    """A concave function on an interval is at least the smaller of its limits at the ends.

    At an infinite end a concave function with a limit above -oo does not fall towards that end, so that it is at
    least its limit at the other one.  Strictly concave, it is greater than that inside the interval.
    """
    x, relation = goal.variable(node.variable), _relation(goal)
    interval = real_interval(goal, x)
    require_free(goal, x)
    if relation == "==":
        raise Rejected("concavity proves no equality")
    require_continuous(goal.gap, x, Ranges.of(goal))
    curvature = _curvature(goal, x)
    goals = []
    for end, at_limit, is_open in (
        (interval.lower, node.lower_limit, interval.open_lower),
        (interval.upper, node.upper_limit, interval.open_upper),
    ):
        goals += _end_goals(goal, x, end, at_limit, ">=" if node.strict and is_open else relation)
    return [*goals, inside(goal, x).claiming(-curvature, ">" if node.strict else ">=")]


def tangency(goal: Goal, node: Tangency) -> list[Goal]:
    """A convex function is least where its slope is 0, ``at``, strictly inside the interval."""
    x, relation = goal.variable(node.variable), _relation(goal)
    real_interval(goal, x)
    require_free(goal, x)
    if relation == "==" or x in node.at.free_symbols or not member(goal, x, node.at, strictly=True):
        raise Rejected(f"{node.at} is not seen to be a value of {x} inside its interval")
    require_continuous(goal.gap, x, Ranges.of(goal))
    slope, curvature = _slope(goal, x), _curvature(goal, x)
    return [
        on_curve(goal, goal.gap, x, node.at, relation),
        on_curve(goal, slope, x, node.at, "=="),
        inside(goal, x).claiming(curvature, ">="),
    ]


def induction(goal: Goal, node: Induction) -> list[Goal]:
    """The goal at the least value, and a gap that does not fall from one integer of the interval to the next.

    The second goal speaks of x with x + 1 in the interval, where every constraint on x holds by itself.
    """
    x, relation = goal.variable(node.variable), _relation(goal)
    interval = goal.intervals[x]
    if not (interval.integer and isinstance(interval.lower, sp.Integer)) or interval.open_lower:
        raise Rejected(f"induction starts at a least integer, {x} runs over {interval}")
    require_free(goal, x)
    require_defined(goal)
    last = interval.upper if interval.upper == sp.oo else interval.upper - 1
    if not (last == sp.oo or (isinstance(last, sp.Integer) and not interval.open_upper)):
        raise Rejected(f"induction runs to an integer or to oo, {x} runs over {interval}")
    step = substituted(goal.gap, {x: x + 1}) - goal.gap
    rising = goal.within(x, replace(interval, upper=last)).claiming(step, "==" if relation == "==" else ">=")
    return [at_value(goal, goal.gap, x, interval.lower, relation), rising]


def telescope(goal: Goal, node: Telescope) -> list[Goal]:
    """``g(x) = (g(x) - g(x+1)) + ... + (g(x+n-1) - g(x+n)) + g(x+n)``, and the last term tends to the limit.

    Strictly: every difference is positive, and the first one stays in the sum.
    """
    x, relation = goal.variable(node.variable), _relation(goal)
    interval = goal.intervals[x]
    if interval.upper != sp.oo:
        raise Rejected(f"a telescoping sum runs to oo, {x} runs over {interval}")
    require_free(goal, x)
    require_defined(goal)
    value = limit(goal, x, lower=False)
    if value == -sp.oo:
        raise Rejected(f"the gap tends to -oo as {x} grows")
    start = [] if value == sp.oo else [in_limit(goal, value, x, "==" if relation == "==" else ">=")]
    return [*start, goal.claiming(goal.gap - substituted(goal.gap, {x: x + 1}), relation)]


CALCULUS: Mapping[type[Node], Callable[[Goal, Any], list[Goal]]] = {
    Monotone: monotone,
    Foot: foot,
    Concave: concave,
    Tangency: tangency,
    Induction: induction,
    Telescope: telescope,
}
