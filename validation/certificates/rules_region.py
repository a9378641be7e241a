"""Rules that split a region, add to what is known of it, or widen it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy as sp

from validation.certificates.goals import Constraint, Goal, Interval, Rejected, substituted
from validation.certificates.nodes import Cases, Forget, Have, Node, Points, Relax, Split
from validation.certificates.ranges import Ranges, interval_span, matched
from validation.certificates.regions import at_value, demoted, less, mentions, require_defined

MOST_POINTS = 400


def split(goal: Goal, node: Split) -> list[Goal]:
    """The two parts of the interval together are the interval, and each lies inside it."""
    x = goal.variable(node.variable)
    interval, at = goal.intervals[x], node.at
    if at.free_symbols or not (less(interval.lower, at) and less(at, interval.upper)):
        raise Rejected(f"{at} is not seen to lie between the ends of {interval}")
    if interval.integer and not isinstance(at, sp.Integer):
        raise Rejected(f"an interval of integers is split at an integer, received {at}")
    first = at + 1 if interval.integer else at
    return [
        goal.within(x, replace(interval, upper=at, open_upper=False)),
        goal.within(x, replace(interval, lower=first, open_lower=False)),
    ]


def points(goal: Goal, node: Points) -> list[Goal]:
    """Every integer of the interval is tried."""
    x = goal.variable(node.variable)
    interval = goal.intervals[x]
    if not (interval.integer and interval.bounded):
        raise Rejected(f"{x} in {interval} does not run over finitely many integers")
    span = interval_span(interval)
    first, last = int(span.lower), int(span.upper)
    if not (Fraction(first) == span.lower and Fraction(last) == span.upper):
        raise Rejected(f"the integers in {interval} are not seen")
    if last - first >= MOST_POINTS:
        raise Rejected(f"{last - first + 1} points: at most {MOST_POINTS} are tried one by one")
    require_defined(goal)
    return [at_value(goal, goal.gap, x, sp.Integer(k), goal.relation) for k in range(first, last + 1)]


def cases(goal: Goal, node: Cases) -> list[Goal]:
    """``by`` is defined on the region, hence at least or at most 0; in either case extrema may be resolved."""
    require_defined(goal)
    Ranges.of(goal).span(node.by)
    return [
        goal.claiming(resolved(goal.gap, by)).knowing(Constraint(by, ">=")) for by in (node.by, sp.Mul(-1, node.by))
    ]


def resolved(expr: sp.Expr, by: sp.Expr) -> sp.Expr:
    """The expression where ``by >= 0``: absolute values and extrema that this decides are replaced."""
    if not expr.args:
        return expr
    built = expr.func(*(resolved(arg, by) for arg in expr.args))
    if isinstance(built, sp.Abs):
        sign = _sign_of_multiple(built.args[0], by)
        return sign * built.args[0] if sign else built
    if isinstance(built, (sp.Max, sp.Min)):
        wanted = 1 if isinstance(built, sp.Max) else -1
        kept = list(built.args)
        for member in built.args:
            rivals = [other for other in kept if other != member]
            if any(_sign_of_multiple(other - member, by) == wanted for other in rivals):
                kept = rivals
        return built.func(*kept)
    return built


def _sign_of_multiple(expr: sp.Expr, by: sp.Expr) -> int:
    """The sign of c where ``expr = c * by`` with a rational c; 0 where it is no such multiple."""
    if not expr.free_symbols or not by.free_symbols:
        return 0
    (shift, factor, core), (other_shift, other_factor, other_core) = matched(expr), matched(by)
    ratio = factor / other_factor
    return (1 if ratio > 0 else -1) if core == other_core and shift == ratio * other_shift else 0


def have(goal: Goal, node: Have) -> list[Goal]:
    """What is proved on the region may be used on it."""
    known = Constraint(node.gap, node.relation, everywhere=True)
    return [goal.claiming(node.gap, node.relation), goal.knowing(known)]


def forget(goal: Goal, node: Forget) -> list[Goal]:
    """With fewer constraints the region is wider; without a variable it is the shadow of the region."""
    gone = set(node.constraints)
    if not all(0 <= place < len(goal.given) for place in gone):
        raise Rejected(f"there are {len(goal.given)} constraints, none at {sorted(gone)}")
    rest = tuple(c for place, c in enumerate(goal.given) if place not in gone)
    if any(not goal.given[place].everywhere for place in gone):
        rest = demoted(rest)
    found = replace(goal, given=rest)
    for name in node.variables:
        x = goal.variable(name)
        if x in goal.gap.free_symbols or any(mentions(c, x) for c in rest):
            raise Rejected(f"{name} still occurs")
        found = found.within(x, None)
    return [found]


def relax(goal: Goal, node: Relax) -> list[Goal]:
    """Between integers lie reals: the region grows."""
    x = goal.variable(node.variable)
    if not goal.intervals[x].integer:
        raise Rejected(f"{x} is no integer")
    require_defined(goal)
    return [relaxed(goal, x)]


def relaxed(goal: Goal, x: sp.Symbol) -> Goal:
    """The goal with an integer variable that runs over the reals between its least and its greatest value.

    What was known wherever the plain constraints hold was known at integers only.
    """
    real, span = sp.Symbol(x.name, real=True), interval_span(goal.intervals[x])
    low, high = (
        sp.Rational(end.numerator, end.denominator) if isinstance(end, Fraction) else None
        for end in (span.lower, span.upper)
    )
    interval = Interval(-sp.oo if low is None else low, sp.oo if high is None else high)
    given = tuple(
        replace(c, gap=substituted(c.gap, {x: real}), everywhere=c.everywhere and not mentions(c, x))
        for c in goal.given
    )
    if any(mentions(c, x) and not c.everywhere for c in goal.given):
        given = demoted(given)
    box = tuple((real, interval) if s == x else (s, i) for s, i in goal.box)
    return Goal(substituted(goal.gap, {x: real}), goal.relation, box, given)


REGION: Mapping[type[Node], Callable[[Goal, Any], list[Goal]]] = {
    Split: split,
    Points: points,
    Cases: cases,
    Have: have,
    Forget: forget,
    Relax: relax,
}
