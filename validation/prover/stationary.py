"""Where a derivative vanishes: exact points of one variable, and feet that move with the other variables."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import sympy as sp

from validation.certificates.calculus import derivative
from validation.certificates.goals import Interval, Rejected
from validation.certificates.nodes import Cases, Foot, Node, Open, Split, Substitute
from validation.prover.comparison import fresh
from validation.prover.constants import names_of, root, simplest
from validation.prover.engine import View
from validation.prover.forms import factors
from validation.prover.sampling import changes

OPEN = Open()
MANY = 6


def turning(view: View, expr: sp.Expr, symbol: sp.Symbol) -> list[tuple[Fraction, Fraction, Fraction, sp.Expr | None]]:
    """Sign changes of an expression of one variable: bracket, decimal and, where one was recognized, closed form."""
    found = []
    for low, high in changes(view.samples, expr)[:MANY]:
        place = root(expr, symbol, low, high)
        if place is not None:
            found.append((low, high, place, next(names_of(place), None)))
    return found


def splits(view: View) -> Iterator[Node | None]:
    """Splits of the only variable where the slope or the curvature changes its sign."""
    goal = view.goal
    free = sorted(goal.gap.free_symbols, key=str)
    if goal.relation in (">=", ">") and len(free) == 1 and len(goal.box) == 1:
        yield from _on_a_line(view, free[0], goal.intervals[free[0]])


def steps_to_feet(view: View) -> Iterator[Node | None]:
    """Mean value steps from a foot that may move with the other variables, splits there."""
    free = sorted(view.gap.free_symbols, key=str)
    if view.goal.relation in (">=", ">") and len(free) > 1:
        yield from _in_space(view, free)


def _on_a_line(view: View, symbol: sp.Symbol, interval: Interval) -> Iterator[Node | None]:
    if interval.integer:
        return
    expr: sp.Expr = view.gap
    for order in (1, 2, 3):
        if order > 1 and view.depth < 2 * order:
            return
        try:
            expr = derivative(expr, symbol)
        except Rejected:
            return
        yield None
        for low, high, place, exact in turning(view, expr, symbol):
            yield None
            if exact is not None:
                yield Split(symbol.name, exact)
                if view.gap.has(sp.sin, sp.cos) and interval == Interval():
                    name = fresh(view)
                    yield Substitute(symbol.name, exact + sp.Symbol(name, real=True), name, interval)
            elif order < 3:
                yield from _around(symbol, interval, low, high, place)


def _around(symbol: sp.Symbol, interval: Interval, low: Fraction, high: Fraction, place: Fraction) -> Iterator[Node]:
    """A piece around an irrational point between two simple numbers, and the rest on either side."""
    for share in (Fraction(1, 4), Fraction(1, 64)):
        reach = min(place - low, high - place, max(abs(place), Fraction(1, 8)) * share)
        left = simplest(place - reach, place - reach / 2)
        right = simplest(place + reach / 2, place + reach)
        yield Split(symbol.name, _number(left)).following(OPEN, Split(symbol.name, _number(right)))


def _number(value: Fraction) -> sp.Rational:
    return sp.Rational(value.numerator, value.denominator)


def _in_space(view: View, free: list[sp.Symbol]) -> Iterator[Node | None]:
    for symbol in free:
        if view.goal.intervals[symbol].integer:
            continue
        try:
            change = derivative(view.gap, symbol)
        except Rejected:
            continue
        yield None
        if len(view.signs(change) - {0}) < 2:
            continue
        for foot in feet(view, symbol, change):
            yield Foot(symbol.name, foot)
            yield Cases(symbol - foot) if foot.free_symbols else Split(symbol.name, foot)


def feet(view: View, symbol: sp.Symbol, change: sp.Expr) -> Iterator[sp.Expr]:
    """Zeros of the slope in one variable: constants, the other variables, and what solves a factor of the slope."""
    seen: set[sp.Expr] = set()
    for candidate in _candidates(view, symbol, change):
        if candidate in seen or candidate.has(symbol) or not _inside(view, symbol, candidate):
            continue
        seen.add(candidate)
        if not view.signs(change.xreplace({symbol: candidate})) & {1, -1}:
            yield candidate


def _inside(view: View, symbol: sp.Symbol, candidate: sp.Expr) -> bool:
    interval = view.goal.intervals[symbol]
    for end, sign in ((interval.lower, 1), (interval.upper, -1)):
        if end not in (sp.oo, -sp.oo) and -1 in view.signs(sign * (candidate - end)):
            return False
    return not candidate.has(sp.nan, sp.zoo, sp.I)


def _candidates(view: View, symbol: sp.Symbol, change: sp.Expr) -> Iterator[sp.Expr]:
    others = [s for s in view.goal.gap.free_symbols if s != symbol]
    yield from sorted(others, key=str)
    yield from map(sp.Integer, (0, 1, -1))
    yield sp.Rational(1, 2)
    yield from (-s for s in others)
    yield from (1 / s for s in others)
    yield from (1 - s for s in others)
    for base, _ in factors(change):
        if base.has(symbol):
            yield from isolated(base, symbol)
    if not others:
        for _, _, _, exact in turning(view, change, symbol):
            if exact is not None:
                yield exact


def isolated(expr: sp.Expr, symbol: sp.Symbol) -> Iterator[sp.Expr]:
    """Solutions of ``expr == 0`` for a symbol by undoing one operation after the other, quadratics included."""
    poly = expr.as_poly(symbol) if expr.is_polynomial(symbol) else None
    if poly is not None and poly.degree() == 1:
        a, b = poly.all_coeffs()
        yield sp.factor_terms(-b / a)
        return
    if poly is not None and poly.degree() == 2:
        a, b, c = poly.all_coeffs()
        surd = sp.sqrt(sp.factor(b * b - 4 * a * c))
        yield from ((-b + surd) / (2 * a), (-b - surd) / (2 * a))
        return
    if all(t.as_coeff_Mul()[0] in (1, -1) and isinstance(t.as_coeff_Mul()[1], sp.log) for t in sp.Add.make_args(expr)):
        ratio = sp.Mul(*(t.as_coeff_Mul()[1].args[0] ** t.as_coeff_Mul()[0] for t in sp.Add.make_args(expr)))
        above, below = sp.fraction(sp.together(ratio))
        if (above - below).is_polynomial(symbol):
            yield from isolated(sp.expand(above - below), symbol)
        return
    rest, dependent = expr.as_independent(symbol, as_Add=True)
    yield from _undone(dependent, -rest, symbol)


def _undone(left: sp.Expr, right: sp.Expr, symbol: sp.Symbol) -> Iterator[sp.Expr]:
    """Solutions of ``left == right`` where the symbol is in one place of the left side only."""
    if left == symbol:
        yield right
    elif isinstance(left, sp.Mul):
        rest, dependent = left.as_independent(symbol, as_Add=False)
        if rest != 1 and rest != 0:
            yield from _undone(dependent, sp.factor_terms(right / rest), symbol)
    elif isinstance(left, sp.Add):
        rest, dependent = left.as_independent(symbol, as_Add=True)
        if rest != 0 and not isinstance(dependent, sp.Add):
            yield from _undone(dependent, right - rest, symbol)
        elif len(left.args) == 2:
            yield from _balanced(left.args[0], left.args[1], right, symbol)
    elif isinstance(left, sp.exp):
        yield from _undone(left.args[0], sp.expand_log(sp.log(right), force=True), symbol)
    elif isinstance(left, sp.log):
        yield from _undone(left.args[0], sp.exp(right), symbol)
    elif isinstance(left, sp.Pow) and not left.exp.has(symbol):
        yield from _undone(left.base, right ** (1 / left.exp), symbol)
    elif isinstance(left, sp.Pow) and not left.base.has(symbol):
        yield from _undone(left.exp, sp.log(right) / sp.log(left.base), symbol)
    elif isinstance(left, sp.tanh):
        yield from _undone(left.args[0], sp.log((1 + right) / (1 - right)) / 2, symbol)


def _balanced(one: sp.Expr, other: sp.Expr, right: sp.Expr, symbol: sp.Symbol) -> Iterator[sp.Expr]:
    """``a exp(u) + b exp(v) == 0`` and the like: the ratio of two terms is one invertible expression."""
    if right != 0:
        return
    ratio = sp.powsimp(sp.factor_terms(one / other))
    if ratio.has(symbol) and not isinstance(ratio, sp.Add):
        yield from _undone(ratio, sp.Integer(-1), symbol)
