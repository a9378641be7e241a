"""Steps of calculus: monotone to an end or to a moving foot, concave between ends, tangent at a stationary point."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

import sympy as sp

from validation.certificates.calculus import derivative
from validation.certificates.goals import Interval, Rejected
from validation.certificates.nodes import Concave, Monotone, Node, Open, Product, Tangency
from validation.prover.engine import View
from validation.prover.forms import factors, multipliers, tame, weight
from validation.prover.stationary import feet

OPEN = Open()
BROAD = 3  # multipliers tried for one variable
GROWTH = 40
HEAVY = 150


@lru_cache(maxsize=20_000)
def slope(expr: sp.Expr, symbol: sp.Symbol) -> sp.Expr | None:
    """The derivative by the checker's table; ``None`` where it has none."""
    try:
        return derivative(expr, symbol)
    except Rejected:
        return None


@lru_cache(maxsize=20_000)
def bare(expr: sp.Expr) -> int:
    """The weight of the heaviest factor: what is left once factors of one sign are stripped."""
    if weight(expr) > HEAVY:
        return weight(expr)
    return max((weight(base) for base, _ in factors(expr)), default=0)


def variables(view: View) -> list[tuple[sp.Symbol, Interval]]:
    """The real variables of the gap with their intervals."""
    free = view.gap.free_symbols
    return [(symbol, interval) for symbol, interval in view.goal.box if symbol in free and not interval.integer]


def monotone(view: View) -> Iterator[Node | None]:
    """The gap rises or falls in one variable, as it stands or divided by something of one sign."""
    if view.goal.relation == "!=":
        return
    ranked: list[tuple[int, int, Node]] = []
    for symbol, interval in variables(view):
        for cost, step in _plain(view, symbol, interval):
            ranked.append((cost, len(ranked), step))
        yield None
    limit = bare(view.gap) + GROWTH
    yield from (step for cost, _, step in sorted(ranked, key=lambda item: item[:2]) if cost <= limit)


def divided(view: View) -> Iterator[Node | None]:
    """The gap over a multiplier of one sign rises or falls, and its derivative is simpler than the gap."""
    if view.goal.relation not in (">=", ">") or view.gap.has(sp.gamma) or not tame(view.gap):
        return
    ranked: list[tuple[int, int, Node]] = []
    for symbol, interval in variables(view):
        for multiplier in islice(multipliers(view.gap, symbol), 2 * BROAD + 2):
            yield None
            sign = view.signs(multiplier) - {0}
            if multiplier == 1 or len(sign) != 1:
                continue
            scale = multiplier * next(iter(sign))
            quotient = sp.expand(sp.expand_mul(view.gap) / scale)
            change = slope(quotient, symbol)
            if change is None or weight(change) > 2 * weight(view.gap) + GROWTH:
                continue
            cost = bare(change)
            for step in _to_ends(view, symbol, interval, quotient, change):
                ranked.append((cost, len(ranked), Product((scale, quotient), (1, 1)).following(OPEN, step)))
    limit = bare(view.gap) + GROWTH // 2
    best = sorted(ranked, key=lambda item: item[:2])[: 2 * BROAD]
    yield from (step for cost, _, step in best if cost <= limit)


def _plain(view: View, symbol: sp.Symbol, interval: Interval) -> Iterator[tuple[int, Node]]:
    change = slope(view.gap, symbol)
    if change is not None:
        for step in _to_ends(view, symbol, interval, view.gap, change):
            yield bare(change), step


def _to_ends(view: View, symbol: sp.Symbol, interval: Interval, gap: sp.Expr, change: sp.Expr) -> Iterator[Monotone]:
    """Monotone steps towards the ends at which the gap is least, finite ends as values first, then as limits."""
    signs = view.signs(change)
    strict = view.goal.strict
    for end, wanted in ((interval.lower, {0, 1}), (interval.upper, {0, -1})):
        if not signs <= wanted:
            continue
        finite = end not in (sp.oo, -sp.oo)
        for limit in (False, True) if finite else (True,):
            yield Monotone(symbol.name, end, limit, False)
            if strict and signs != {0}:
                yield Monotone(symbol.name, end, limit, True)
    for foot, wanted in _bounds(view, symbol):
        if signs <= wanted | {0}:
            yield Monotone(symbol.name, foot, False, False)
            if strict:
                yield Monotone(symbol.name, foot, False, True)


def _bounds(view: View, symbol: sp.Symbol) -> Iterator[tuple[sp.Expr, set[int]]]:
    """Expressions of the other variables that constraints put on one side of a variable."""
    for constraint in view.goal.given:
        if constraint.relation not in (">=", ">") or not constraint.gap.has(symbol):
            continue
        rate = sp.diff(constraint.gap, symbol)
        rest = sp.expand(constraint.gap - rate * symbol)
        if rate.is_Rational and not rest.has(symbol):
            yield -rest / rate, {1} if rate > 0 else {-1}


def concave(view: View) -> Iterator[Node | None]:
    """The gap is concave in one variable: its least values are at the ends."""
    if view.goal.relation not in (">=", ">"):
        return
    for symbol, _ in variables(view):
        first = slope(view.gap, symbol)
        second = None if first is None else slope(first, symbol)
        yield None
        if second is None or not view.signs(second) <= {-1, 0}:
            continue
        for lower in (False, True):
            for upper in (False, True):
                yield Concave(symbol.name, lower, upper)
                if view.goal.strict:
                    yield Concave(symbol.name, lower, upper, True)


def tangent(view: View) -> Iterator[Node | None]:
    """The gap is convex in one variable and touches its tangent at a stationary point."""
    if view.goal.relation not in (">=", ">"):
        return
    for symbol, _ in variables(view):
        first = slope(view.gap, symbol)
        second = None if first is None else slope(first, symbol)
        yield None
        if first is None or second is None or not view.signs(second) <= {1, 0}:
            continue
        for foot in feet(view, symbol, first):
            yield Tangency(symbol.name, foot)
