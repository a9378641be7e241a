"""Rules that change variables or use symmetry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import sympy as sp

from validation.certificates.goals import Constraint, Goal, Interval, Rejected, substituted
from validation.certificates.nodes import Exchange, Node, Period, Reflect, Substitute
from validation.certificates.normal import equal, require_equal
from validation.certificates.ranges import Ranges, constant_ball, integral
from validation.certificates.regions import require_defined, without


def substitute(goal: Goal, node: Substitute) -> list[Goal]:
    """Every point of the region comes from one of the new region.

    ``by = p + q * f(t)`` with a function f from a fixed list, p and q real on the region and q never 0 there.  The new
    variable is ``t = f^-1((x - p)/q)``, which is seen to be defined and to lie in ``interval``; with it x is ``by``.
    On the whole new box ``by`` is defined, and the new region keeps what is known of x, its interval included.
    """
    x, ranges = goal.variable(node.variable), require_defined(goal)
    if any(symbol.name == node.new for symbol, _ in goal.box):
        raise Rejected(f"{node.new} is a variable already")
    new = sp.Symbol(node.new, integer=True) if node.interval.integer else sp.Symbol(node.new, real=True)
    if x in node.by.free_symbols:
        raise Rejected(f"{node.by} still holds {x}")
    shift, scale, core = _parts(node.by, new)
    _require_kind(goal, x, node, shift, scale, core == new)
    for part in (shift, scale):
        ranges.span(part)
    if not ranges.nonzero(scale):
        raise Rejected(f"{scale} is not seen to differ from 0")
    back, known = _inverse(core, new, (x - shift) / scale, ranges)
    _require_member(Ranges.of(goal.knowing(*known)), back, node.interval)
    interval = goal.intervals[x]
    box = tuple((new, node.interval) if s == x else (s, i) for s, i in goal.box)
    bare = Ranges.of(Goal(sp.S.Zero, ">=", box))
    bare.span(node.by)
    kept = [c for c in _conditions(node.by, interval) if not _seen(bare, c)]
    moved = (replace(c, gap=substituted(c.gap, {x: node.by})) for c in goal.given)
    given = tuple(c for c in moved if c.everywhere or not _seen(bare, c))
    return [Goal(substituted(goal.gap, {x: node.by}), goal.relation, box, (*kept, *given))]


def _parts(by: sp.Expr, new: sp.Symbol) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
    """``(p, q, f)`` with ``by = p + q * f``, where only f holds the new variable."""
    shift, rest = by.as_independent(new, as_Add=True)
    scale, core = rest.as_independent(new, as_Add=False)
    if new in (shift * scale).free_symbols or new not in core.free_symbols or shift + scale * core != by:
        raise Rejected(f"{by} is not seen as p + q*f({new})")
    return shift, scale, core


def _require_kind(goal: Goal, x: sp.Symbol, node: Substitute, shift: sp.Expr, scale: sp.Expr, affine: bool) -> None:
    """Integers are replaced by integers, one to one, and reals by reals."""
    if goal.intervals[x].integer != node.interval.integer:
        raise Rejected(f"{x} and {node.new} are not both integers or both real: relax first")
    if node.interval.integer and not (affine and scale in (1, -1) and integral(shift)):
        raise Rejected("an integer is replaced by an integer plus or minus the new one")


def _inverse(core: sp.Expr, t: sp.Symbol, u: sp.Expr, ranges: Ranges) -> tuple[sp.Expr, tuple[Constraint, ...]]:
    """The t with ``f(t) = u``, defined for every u that occurs, and what is known of it."""
    if core == t:
        return u, ()
    if core == sp.exp(t) and ranges.holds(u, ">"):
        return sp.log(u), ()
    if core == sp.log(t):
        return sp.exp(u), ()
    if core == sp.tan(t):
        back = sp.atan(u)
        return back, (Constraint(sp.pi / 2 - back, ">"), Constraint(back + sp.pi / 2, ">"))
    if core == t * sp.exp(t) and ranges.holds(u + sp.exp(-1), ">="):
        back = sp.LambertW(u)
        return back, (Constraint(1 + back, ">="),)
    if core == t / (1 - t) and ranges.holds(1 + u, ">"):
        back = u / (1 + u)
        return back, (Constraint(1 - back, ">"),)
    if isinstance(core, sp.Pow) and core.base == t and isinstance(core.exp, sp.Rational):
        if core.exp == -1 and ranges.nonzero(u):
            return 1 / u, ()
        if ranges.holds(u, ">" if core.exp < 0 else ">="):
            return u ** (1 / core.exp), ()
    raise Rejected(f"{core} is not seen to take the value {u} at one {t}")


def _conditions(value: sp.Expr, interval: Interval) -> list[Constraint]:
    """What it means to lie in an interval."""
    found = []
    if interval.lower != -sp.oo:
        found.append(Constraint(value - interval.lower, ">" if interval.open_lower else ">="))
    if interval.upper != sp.oo:
        found.append(Constraint(interval.upper - value, ">" if interval.open_upper else ">="))
    return found


def _seen(ranges: Ranges, constraint: Constraint) -> bool:
    try:
        return ranges.holds(constraint.gap, constraint.relation)
    except Rejected:
        return False


def _require_member(ranges: Ranges, value: sp.Expr, interval: Interval) -> None:
    """Raises ``Rejected`` unless the value is seen to be defined and in the interval."""
    ranges.span(value)
    for constraint in _conditions(value, interval):
        if not ranges.holds(constraint.gap, constraint.relation):
            raise Rejected(f"{value} is not seen to lie in {interval}")


def exchange(goal: Goal, node: Exchange) -> list[Goal]:
    """A point and the one with two coordinates exchanged are in the region together and have equal gaps."""
    x, y = goal.variable(node.first), goal.variable(node.second)
    if x == y or goal.intervals[x] != goal.intervals[y]:
        raise Rejected(f"{x} and {y} do not have one interval")
    _require_invariant(goal, {x: y, y: x})
    return [goal.knowing(Constraint(x - y, ">="))]


def reflect(goal: Goal, node: Reflect) -> list[Goal]:
    """A point and the one with the sign of a coordinate changed are in the region together and have equal gaps."""
    x = goal.variable(node.variable)
    interval = goal.intervals[x]
    if interval.lower != -interval.upper or interval.open_lower != interval.open_upper:
        raise Rejected(f"{interval} is not symmetric about 0")
    _require_invariant(goal, {x: -x})
    return [goal.within(x, replace(interval, lower=sp.S.Zero, open_lower=False))]


def _require_invariant(goal: Goal, change: dict[sp.Symbol, sp.Expr]) -> None:
    """The plain constraints are permuted, and the gap keeps its value where it is defined before and after."""
    require_defined(goal)
    plain = {(c.gap, c.relation) for c in goal.given if not c.everywhere}
    if any((substituted(gap, change), relation) not in plain for gap, relation in plain):
        raise Rejected("the constraints change")
    require_equal(goal, goal.gap, substituted(goal.gap, change))


def period(goal: Goal, node: Period) -> list[Goal]:
    """The gap is defined for all reals x and takes all its values on one period.

    The normal form is asked on the region with x among all reals and no constraint on it.
    """
    x = goal.variable(node.variable)
    if goal.intervals[x].integer or node.period.free_symbols or node.start.free_symbols:
        raise Rejected("a period and its start are constants, its variable is real")
    if not constant_ball(node.period) > 0:
        raise Rejected(f"{node.period} is not seen to be positive")
    line = replace(goal.within(x, Interval()), given=without(goal, x))
    require_defined(line)
    if not equal(line, line.gap, substituted(line.gap, {x: x + node.period})):
        raise Rejected(f"{goal.gap} is not seen to have the period {node.period}")
    return [line.within(x, Interval(node.start, node.start + node.period))]


VARIABLES: Mapping[type[Node], Callable[[Goal, Any], list[Goal]]] = {
    Substitute: substitute,
    Exchange: exchange,
    Reflect: reflect,
    Period: period,
}
