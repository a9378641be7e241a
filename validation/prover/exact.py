"""Steps that need no calculus: identities, signs at sight, products, sums, polynomials, cases, integers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import sympy as sp

from validation.certificates import checker
from validation.certificates.goals import Goal, Interval, Rejected
from validation.certificates.nodes import (
    Both,
    Cases,
    Constant,
    Empty,
    Forget,
    Given,
    Have,
    Identity,
    Induction,
    Node,
    Open,
    Points,
    Product,
    Relax,
    Rewrite,
    Sight,
    Split,
    Strengthen,
    Sturm,
    Sum,
    Telescope,
)
from validation.certificates.ranges import Ranges
from validation.prover.engine import View
from validation.prover.forms import Factors, factors, recurred, tame, transcendental, weight

BITS = (64, 256, 1024, 4096)
FEW = 6
FAR = (1, 2, 3, 5, 10, 30, 100, 1000)
OPEN = Open()
KINKS = (sp.Abs, sp.Max, sp.Min, sp.sign)


def leaves(view: View) -> Iterator[Node]:
    """Steps without children that cost little."""
    goal = view.goal
    if not goal.gap.free_symbols:
        yield Identity()
        for bits in BITS:
            yield Constant(bits)
        return
    if goal.given:
        yield Given()
    yield Sight()
    if not view.signs(goal.gap) & {1, -1}:
        yield Identity()
    if goal.relation == "!=":
        signs = view.signs(goal.gap)
        yield from (Strengthen(word) for word, sign in ((">", 1), ("<", -1)) if signs == {sign})
    if not view.samples.points:
        yield Empty()


def definitions(view: View) -> Iterator[Node]:
    """What must be known first for the gap to be seen to be defined, innermost parts first."""
    ranges = Ranges.of(view.goal)
    for part in sp.postorder_traversal(view.gap):
        try:
            ranges.span(part)
        except Rejected:
            yield from (Have(gap, relation).following(OPEN, OPEN) for gap, relation in _needed(view, part))
            return


def _needed(view: View, part: sp.Expr) -> Iterator[tuple[sp.Expr, str]]:
    if isinstance(part, (sp.log, sp.gamma, sp.loggamma, sp.polygamma, sp.lowergamma, sp.uppergamma)):
        inner = part.args[1] if isinstance(part, sp.polygamma) else part.args[0]
        yield inner, ">"
    elif isinstance(part, sp.Pow):
        signs = view.signs(part.base)
        if signs <= {1}:
            yield part.base, ">"
        elif signs <= {-1}:
            yield -part.base, ">"
        elif signs <= {0, 1}:
            yield part.base, ">="
    elif isinstance(part, sp.tan):
        signs = view.signs(sp.cos(part.args[0])) - {0}
        yield from ((sign * sp.cos(part.args[0]), ">") for sign in signs if len(signs) == 1)


def weakenings(view: View) -> Iterator[Node]:
    """The goal with its affine constraints only, and with none: what is left may hold on straight lines."""
    given = view.goal.given
    bent = tuple(i for i, c in enumerate(given) if not c.gap.is_polynomial() or sp.total_degree(c.gap) > 1)
    for dropped in dict.fromkeys((bent, tuple(range(len(given))))):
        if dropped:
            yield Forget((), dropped)


def far_ends(view: View) -> Iterator[Node]:
    """A split beyond which interval arithmetic sees the goal, on an unbounded interval."""
    for symbol, interval in view.goal.box:
        if symbol not in view.gap.free_symbols or interval.integer:
            continue
        for end, sign in ((interval.upper, 1), (interval.lower, -1)):
            if end == sign * sp.oo:
                yield from _beyond(view, symbol, interval, sign)


def _beyond(view: View, symbol: sp.Symbol, interval: Interval, sign: int) -> Iterator[Node]:
    for size in FAR:
        at = sp.Integer(sign * size)
        low, high = (at, interval.upper) if sign > 0 else (interval.lower, at)
        if not (interval.lower < at < interval.upper):
            continue
        part = replace(interval, lower=low, upper=high, open_lower=False, open_upper=False)
        if _seen(view.goal.within(symbol, part)):
            yield Split(symbol.name, at)
            return


def _seen(goal: Goal) -> bool:
    try:
        return Ranges.of(goal).holds(goal.gap, goal.relation)
    except Rejected:
        return False


def polynomials(view: View) -> Iterator[Node]:
    """Root counts, for rational polynomials in one variable."""
    goal = view.goal
    symbols = goal.gap.free_symbols
    if len(symbols) == 1 and not goal.given and goal.gap.is_polynomial(*symbols):
        yield Sturm()


def products(view: View) -> Iterator[Node]:
    """The factors of the gap, each with the sign that it has at the samples."""
    goal = view.goal
    if goal.relation == "!=" or not goal.gap.free_symbols:
        return
    yield from product_steps(view, factors(goal.gap))


def product_steps(view: View, parts: Factors) -> Iterator[Node]:
    """A product of factors of known sign; factors that are numbers join the first."""
    number = sp.Mul(*(base**exponent for base, exponent in parts if not base.free_symbols))
    terms = [(base, exponent) for base, exponent in parts if base.free_symbols]
    if not terms:
        return
    if len(terms) == 1 and terms[0][1] == 1:
        (only,) = (base for base, _ in terms)
        if only != view.gap:
            if number.is_positive and number != 1:
                yield Product((number, only), (1, 1))
            elif number.is_negative:
                yield Product((-number, -only), (1, 1))
            else:
                yield Rewrite(only)
        return
    if len(terms) == 1:
        ((base, _),) = terms
        sign = view.signs(base) - {0}
        if len(sign) == 1 and not any(c.gap == base * next(iter(sign)) for c in view.goal.given):
            yield Have(base * next(iter(sign)), ">").following(OPEN, Sight())
        return
    expressions: list[sp.Expr] = []
    signs: list[int] = []
    for base, exponent in terms:
        found = view.signs(base) - {0}
        odd = exponent.is_Integer and exponent % 2 == 1
        if len(found) == 1 and (odd or exponent == 1):
            expressions.append(base**exponent)
            signs.append(next(iter(found)))
        else:
            expressions.append(base**exponent)
            power = view.signs(base**exponent) - {0}
            signs.append(next(iter(power)) if len(power) == 1 else 1)
    if number != 1:
        expressions.insert(0, number)
        signs.insert(0, 1 if number.is_positive else -1)
    if sp.prod(signs) == 1:
        yield Product(tuple(expressions), tuple(signs))


def quotients(view: View) -> Iterator[Node]:
    """A sum over one of its terms, where that has one sign, powers and exponents collected."""
    if view.goal.relation not in (">=", ">") or not isinstance(view.gap, sp.Add) or len(view.gap.args) > 4:
        return
    for term in view.gap.args:
        signs = view.signs(term) - {0}
        if not transcendental(term) or len(signs) != 1:
            continue
        scale = term * next(iter(signs))
        yield Product((scale, sp.Add(*(_collected(part / scale) for part in view.gap.args))), (1, 1))


def _collected(product: sp.Expr) -> sp.Expr:
    """A product with like powers joined and exponents over one denominator."""
    joined = sp.powsimp(product)
    return joined.replace(lambda e: isinstance(e, sp.exp), lambda e: sp.exp(sp.factor(e.args[0])))


def sums(view: View) -> Iterator[Node]:
    """The terms of a sum, where each of them is nonnegative at the samples, and groups of them that are."""
    goal = view.goal
    for expr in dict.fromkeys((goal.gap, sp.expand(goal.gap)) if tame(goal.gap) else (goal.gap,)):
        if not isinstance(expr, sp.Add) or goal.relation not in (">=", ">"):
            continue
        parts = _grouped(view, list(expr.args))
        if parts is None:
            continue
        place = -1
        if goal.strict:
            strict = [i for i, part in enumerate(parts) if 0 not in view.signs(part)]
            place = strict[0] if strict else -1
            if place < 0:
                continue
        yield Sum((sp.Integer(1),) * len(parts), tuple(parts), place)


def _grouped(view: View, terms: list[sp.Expr]) -> list[sp.Expr] | None:
    """Nonnegative groups of the terms, at least two; a negative term joins the smallest group that carries it."""
    good = [t for t in terms if view.believed(t, ">=")]
    bad = [t for t in terms if t not in good]
    if not good or len(bad) >= len(good) or len(terms) > 12:
        return None
    for term in bad:
        partner = next((g for g in good if view.believed(g + term, ">=")), None)
        if partner is None:
            return None
        good[good.index(partner)] = partner + term
    return good if len(good) > 1 else None


def cases(view: View) -> Iterator[Node]:
    """Absolute values and extrema, resolved by the sign of an inner expression."""
    for part in sorted(view.gap.atoms(*KINKS), key=weight):
        if isinstance(part, (sp.Abs, sp.sign)):
            yield from _by_sign(view, part.args[0])
        else:
            yield from _by_sign(view, part.args[0] - part.args[1])


def _by_sign(view: View, inner: sp.Expr) -> Iterator[Node]:
    """Both cases of a sign; where the samples know it, that it is so, and the gap without the kink."""
    signs = view.signs(inner) - {0}
    if len(signs) == 1:
        known = inner * next(iter(signs))
        plain = _without_kinks(view.gap, inner, known)
        yield Have(known, ">=").following(OPEN, Rewrite(plain))
        yield Have(known, ">=").following(OPEN, Cases(known))
    else:
        yield Cases(inner)


def _without_kinks(gap: sp.Expr, inner: sp.Expr, known: sp.Expr) -> sp.Expr:
    """The gap where ``known``, which is ``inner`` or its negative, is at least 0."""
    rules: dict[sp.Expr, sp.Expr] = {sp.Abs(inner): known}
    for part in gap.atoms(sp.Max, sp.Min):
        if len(part.args) == 2:
            first, second = part.args
            if sp.expand(first - second - known) == 0:
                rules[part] = first if isinstance(part, sp.Max) else second
            elif sp.expand(second - first - known) == 0:
                rules[part] = second if isinstance(part, sp.Max) else first
    return gap.xreplace(rules)


def relaxations(view: View) -> Iterator[Node]:
    """Integer variables that may as well be real."""
    yield from (Relax(symbol.name) for symbol, interval in view.goal.box if interval.integer)


def integers(view: View) -> Iterator[Node]:
    """Integer variables: few values one by one, or induction, from a few steps beyond the first value as well."""
    for symbol, interval in view.goal.box:
        if not interval.integer:
            continue
        if interval.bounded and interval.upper - interval.lower <= FEW:
            yield Points(symbol.name)
        elif interval.lower.is_Integer:
            if view.goal.relation in (">=", ">", "=="):
                yield Induction(symbol.name)
            yield from (Split(symbol.name, interval.lower + steps) for steps in (0, 2))
        else:
            yield Split(symbol.name, sp.Integer(0))


def telescopes(view: View) -> Iterator[Node]:
    """Gaps in gamma functions that fall towards their limit from one step of the argument to the next."""
    if not view.gap.has(sp.gamma, sp.loggamma, sp.polygamma):
        return
    for symbol, interval in view.goal.box:
        if symbol not in view.gap.free_symbols or interval.upper != sp.oo:
            continue
        moved = view.gap - view.gap.xreplace({symbol: symbol + 1})
        if view.believed(moved, view.goal.relation):
            simple = recurred(sp.expand_log(recurred(sp.expand(moved)), force=True))
            limit = Telescope(symbol.name)
            try:
                count = len(checker.subgoals(view.goal, limit))
            except Rejected:
                return
            yield limit.following(*(OPEN,) * (count - 1), Rewrite(sp.expand(simple)))
            yield limit


def equalities(view: View) -> Iterator[Node]:
    """An equality as two inequalities."""
    if view.goal.relation == "==" and view.gap.free_symbols:
        yield Both()
