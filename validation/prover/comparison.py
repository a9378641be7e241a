"""Steps that change the gap or the variables: logarithms or exponentials of both sides, powers, substitutions."""

from __future__ import annotations

from collections.abc import Iterator
from math import lcm

import sympy as sp

from validation.certificates.goals import Interval
from validation.certificates.nodes import Compose, Exchange, Node, Open, Period, Reflect, Rewrite, Split, Substitute
from validation.prover.engine import View
from validation.prover.forms import tame, weight

OPEN = Open()


def composed(view: View) -> Iterator[Node | None]:
    """Both sides in the log domain, exponentiated, or raised to a power that removes roots."""
    if view.goal.relation not in (">=", ">", "==") or not isinstance(view.gap, sp.Add):
        return
    terms = view.gap.args
    logs = [t for t in terms if isinstance(_core(t), sp.log)]
    if logs:
        yield from _exponentials(view, logs)
    yield from _lambert(view)
    roots = [t for t in terms if any(_is_root(f) for f in sp.Mul.make_args(t))]
    if roots:
        yield from _powers(view, roots)
    if view.gap.has(sp.Abs):
        rising = sp.Add(*(t for t in terms if view.believed(t, ">=")))
        yield Compose("power", rising, rising - view.gap, sp.Integer(2))
    if view.gap.has(sp.exp, sp.cosh, sp.sinh) or any(not p.exp.is_Integer for p in view.gap.atoms(sp.Pow)):
        yield from _logarithms(view)


def logarithms(view: View) -> Iterator[Node]:
    """Both sides in the log domain, where gamma functions or powers with moving exponents ask for it."""
    powers = any(p.exp.free_symbols and not isinstance(p, sp.exp) for p in view.gap.atoms(sp.Pow))
    if view.goal.relation not in (">=", ">") or not (powers or view.gap.has(sp.gamma)) or view.gap.has(sp.log):
        return
    for step in _logarithms(view):
        difference = sp.log(step.left) - sp.log(step.right)
        simple = sp.expand_log(difference, force=True).replace(
            lambda e: isinstance(e, sp.log) and isinstance(e.args[0], sp.gamma),
            lambda e: sp.loggamma(e.args[0].args[0]),
        )
        yield step.following(OPEN, OPEN, Rewrite(sp.expand(simple)))
        yield step


def _core(term: sp.Expr) -> sp.Expr:
    return term.as_coeff_Mul()[1]


def _is_root(part: sp.Expr) -> bool:
    return isinstance(part, sp.Pow) and part.exp.is_Rational and not part.exp.is_Integer


def _exponentials(view: View, logs: list[sp.Expr]) -> Iterator[Node]:
    for log in sorted(logs, key=weight, reverse=True):
        coefficient = log.as_coeff_Mul()[0]
        rest = sp.expand((view.gap - log) / abs(coefficient))
        sign = 1 if coefficient > 0 else -1
        if sign > 0:
            yield Compose("exp", _core(log), -rest)
        else:
            yield Compose("exp", rest, _core(log))


def _lambert(view: View) -> Iterator[Node]:
    """What undoes a LambertW that stands alone on its side."""
    for term in view.gap.args:
        coefficient, core = term.as_coeff_Mul()
        if isinstance(core, sp.LambertW):
            rest = sp.expand((view.gap - term) / abs(coefficient))
            yield Compose("lambert", rest, core) if coefficient < 0 else Compose("lambert", core, -rest)


def _powers(view: View, roots: list[sp.Expr]) -> Iterator[Node]:
    for term in roots:
        order = lcm(*(int(f.exp.q) for f in sp.Mul.make_args(term) if _is_root(f)))
        if 1 in view.signs(term):
            yield Compose("power", term, term - view.gap, sp.Integer(order))
        else:
            yield Compose("power", view.gap - term, -term, sp.Integer(order))


def _logarithms(view: View) -> Iterator[Compose]:
    positive = [t for t in view.gap.args if view.believed(t, ">=")]
    negative = [t for t in view.gap.args if t not in positive]
    if not positive or not negative:
        return
    left, right = sp.factor_terms(sp.Add(*positive)), sp.factor_terms(-sp.Add(*negative))
    if view.believed(left, ">") and view.believed(right, ">"):
        yield Compose("log", left, right)


def expanded(view: View) -> Iterator[Node]:
    """The gap with logarithms of products taken apart, products multiplied out, parts put over a denominator."""
    if not tame(view.gap):
        return
    for form in (
        sp.expand_log(view.gap, force=True),
        sp.expand(view.gap),
        _without_squares(sp.expand(view.gap)),
        sp.expand(sp.expand_trig(view.gap)),
        sp.expand(sp.expand_log(sp.expand(sp.expand_func(view.gap)), force=True)),
    ):
        if form != view.gap and weight(form) <= 2 * weight(view.gap):
            yield Rewrite(form)


def _without_squares(expr: sp.Expr) -> sp.Expr:
    """Even powers of sines through cosines."""
    even = expr.replace(
        lambda e: isinstance(e, sp.Pow) and isinstance(e.base, sp.sin) and e.exp.is_Integer and e.exp % 2 == 0,
        lambda e: (1 - sp.cos(e.base.args[0]) ** 2) ** (e.exp / 2),
    )
    return sp.expand(even)


def symmetric(view: View) -> Iterator[Node]:
    """Two variables that may change places, one that may change its sign, a period."""
    goal = view.goal
    free = sorted(goal.gap.free_symbols, key=str)
    for place, first in enumerate(free):
        for second in free[place + 1 :]:
            swapped = goal.gap.xreplace({first: second, second: first})
            if goal.intervals[first] == goal.intervals[second] and not view.signs(goal.gap - swapped) & {1, -1}:
                already = any({first, second} == c.gap.free_symbols for c in goal.given)
                if not already:
                    yield Exchange(first.name, second.name)
    if len(free) == 1:
        yield from _mirrored(view, free[0], goal.intervals[free[0]])
    for symbol in free:
        interval = goal.intervals[symbol]
        if interval.lower == -interval.upper and not view.signs(goal.gap - goal.gap.xreplace({symbol: -symbol})) & {
            1,
            -1,
        }:
            yield Reflect(symbol.name)
        if goal.gap.has(sp.sin, sp.cos, sp.tan) and not interval.bounded:
            for period in (sp.pi, 2 * sp.pi, 4 * sp.pi):
                moved = goal.gap.xreplace({symbol: symbol + period})
                if not view.signs(goal.gap - moved) & {1, -1}:
                    yield Period(symbol.name, period, sp.Integer(0))
                    break


def _mirrored(view: View, symbol: sp.Symbol, interval: Interval) -> Iterator[Node]:
    """Both halves of an interval about whose middle the gap is even, turned into the same goal."""
    if interval.integer or not interval.bounded or interval.lower == -interval.upper:
        return
    if interval.open_lower != interval.open_upper:
        return
    total = interval.lower + interval.upper
    if view.signs(view.gap - view.gap.xreplace({symbol: total - symbol})) & {1, -1}:
        return
    name = fresh(view)
    t = sp.Symbol(name, real=True)
    half = Interval(interval.lower, total / 2, interval.open_lower, False)
    yield Split(symbol.name, total / 2).following(
        Substitute(symbol.name, t, name, half), Substitute(symbol.name, total - t, name, half)
    )


def fresh(view: View) -> str:
    """A name that no variable has."""
    used = {symbol.name for symbol, _ in view.goal.box}
    return next(name for name in ("t", "u", "v", *(f"t{i}" for i in range(99))) if name not in used)


def substitutions(view: View) -> Iterator[Node]:
    """Changes of one variable that make the gap simpler or its interval bounded."""
    if view.goal.relation == "!=":
        return
    for symbol, interval in view.goal.box:
        if symbol in view.gap.free_symbols:
            if interval.integer:
                continue
            yield from _single(view, symbol, interval)
            yield from _paired(view, symbol, interval)


def _single(view: View, symbol: sp.Symbol, interval: Interval) -> Iterator[Node]:
    name = fresh(view)
    t = sp.Symbol(name, real=True)
    lower, upper, gap = interval.lower, interval.upper, view.gap
    roots = [p for p in gap.atoms(sp.Pow) if _is_root(p) and p.base == symbol]
    if roots and lower.is_nonnegative:
        order = lcm(*(int(p.exp.q) for p in roots))
        low, high = (end if end == sp.oo else end ** sp.Rational(1, order) for end in (lower, upper))
        yield Substitute(symbol.name, t**order, name, Interval(low, high, interval.open_lower, interval.open_upper))
    exponentials = [e for e in gap.atoms(sp.exp) if e.has(symbol)]
    linear = all(e.args[0].is_polynomial(symbol) and sp.degree(e.args[0], symbol) == 1 for e in exponentials)
    if exponentials and linear and not gap.has(sp.log):
        low = sp.Integer(0) if lower == -sp.oo else sp.exp(lower)
        high = upper if upper == sp.oo else sp.exp(upper)
        opened = interval.open_lower or lower == -sp.oo
        yield Substitute(symbol.name, sp.log(t), name, Interval(low, high, opened, interval.open_upper))
    if lower == 0 and interval.open_lower and gap.has(sp.log(symbol)):
        high = sp.oo if upper == sp.oo else sp.log(upper)
        yield Substitute(symbol.name, sp.exp(t), name, Interval(-sp.oo, high, True, interval.open_upper))
    if lower not in (0, -sp.oo):
        high = sp.oo if upper == sp.oo else upper - lower
        yield Substitute(
            symbol.name, lower + t, name, Interval(sp.Integer(0), high, interval.open_lower, interval.open_upper)
        )
    if lower != -sp.oo and upper == sp.oo:
        yield Substitute(
            symbol.name, lower + t / (1 - t), name, Interval(sp.Integer(0), sp.Integer(1), interval.open_lower, True)
        )
    if lower == 0 and interval.open_lower and upper == sp.oo:
        yield Substitute(symbol.name, 1 / t, name, Interval(sp.Integer(0), sp.oo, True, True))


def _paired(view: View, symbol: sp.Symbol, interval: Interval) -> Iterator[Node]:
    name = fresh(view)
    t = sp.Symbol(name, real=True)
    for constraint in view.goal.given:
        rate = sp.diff(constraint.gap, symbol)
        rest = constraint.gap - rate * symbol
        if rate.is_Rational and rate > 0 and rest.free_symbols and not rest.has(symbol) and constraint.relation != "==":
            foot = sp.expand(-rest / rate)
            strict = constraint.relation in (">", "!=")
            yield Substitute(symbol.name, foot + t, name, Interval(sp.Integer(0), sp.oo, strict, True))
            if interval.lower == 0 and foot.is_Symbol:
                yield Substitute(symbol.name, foot * t, name, Interval(sp.Integer(1), sp.oo, strict, True))
    positive = interval.lower == 0 and interval.open_lower and interval.upper == sp.oo
    for other, beside in view.goal.box:
        if other == symbol or other not in view.gap.free_symbols or beside.integer:
            continue
        if positive and beside.lower.is_nonnegative:
            yield Substitute(symbol.name, other * t, name, Interval(sp.Integer(0), sp.oo, True, True))
        if interval.lower == -sp.oo and interval.upper == sp.oo:
            yield Substitute(symbol.name, other + t, name, Interval())
