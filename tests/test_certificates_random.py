"""Random expressions: spans, normal forms and limits against ball arithmetic at points."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction

import pytest
import sympy as sp
from flint import arb, ctx

from numerics.backends.as_ball import build
from validation.certificates.goals import Goal, Interval, Rejected
from validation.certificates.limits import limit
from validation.certificates.normal import equal
from validation.certificates.ranges import Ranges

x, y = sp.symbols("x y", real=True)
FUNCTIONS: tuple[Callable[[sp.Expr], sp.Expr], ...] = (
    sp.exp, sp.log, sp.sin, sp.cos, sp.tan, sp.asin, sp.acos, sp.atan, sp.sinh, sp.cosh, sp.tanh, sp.erf, sp.erfc,
    sp.gamma, sp.loggamma, sp.digamma, sp.LambertW, sp.Abs, sp.sqrt, sp.sign, lambda u: 1 / u, lambda u: u**2,
    lambda u: u**-2, lambda u: u ** sp.Rational(2, 3), lambda u: u ** sp.Rational(-3, 2),
)  # fmt: skip
ENDS = [sp.Rational(k, 2) for k in range(-4, 7)] + [sp.pi / 2, sp.pi]


def grown(rng: random.Random, depth: int) -> sp.Expr:
    """A random expression in x and y."""
    if depth == 0:
        return rng.choice([x, y, x, y, sp.Rational(rng.randint(-4, 4), rng.choice([1, 2, 3]))])
    kind = rng.random()
    if kind < 0.3:
        return grown(rng, depth - 1) + rng.choice([1, -1, 2]) * grown(rng, depth - 1)
    if kind < 0.5:
        return grown(rng, depth - 1) * grown(rng, depth - 1)
    if kind < 0.56:
        return rng.choice([sp.Max, sp.Min])(rng.choice([x, y]), rng.choice([x * y, x - y, sp.S.One]))
    return rng.choice(FUNCTIONS)(grown(rng, depth - 1))


def real(expr: sp.Expr) -> bool:
    """Whether SymPy left nothing in it that is not real."""
    return not expr.has(sp.nan, sp.zoo, sp.oo, sp.I, sp.Float)


def value(expr: sp.Expr, point: dict[sp.Symbol, Fraction], precision: int = 300) -> arb:
    """The expression at a point as a ball."""
    return build(expr)[0]({symbol.name: number for symbol, number in point.items()}, precision)


def inner_points(rng: random.Random, interval: Interval) -> list[Fraction]:
    """Rational points inside an interval, some of them close to its ends."""
    low, high = (sp.nsimplify(sp.N(end, 30), rational=True) for end in (interval.lower, interval.upper))
    shares = [sp.Rational(1, 10**9), 1 - sp.Rational(1, 10**9), sp.Rational(rng.randint(1, 98), 99)]
    return [Fraction(int(v.p), int(v.q)) for v in (low + (high - low) * share for share in shares)]


def box(rng: random.Random) -> tuple[tuple[sp.Symbol, Interval], ...]:
    """A random bounded box."""
    found = []
    for symbol in (x, y):
        low, high = sorted(rng.sample(ENDS, 2), key=float)
        found.append((symbol, Interval(low, high, rng.random() < 0.5, rng.random() < 0.5)))
    return tuple(found)


@pytest.mark.parametrize("seed", range(3))
def test_values_lie_in_their_spans(seed: int) -> None:
    rng, seen = random.Random(seed), 0
    for _ in range(50):
        try:
            expr, where = grown(rng, rng.choice([1, 2, 3])), box(rng)
            span = Ranges.of(Goal(expr, ">=", where)).span(expr)
        except (Rejected, ValueError):  # SymPy refuses some extrema of constants that are not real
            continue
        for _ in range(6):
            point = {symbol: rng.choice(inner_points(rng, interval)) for symbol, interval in where}
            found = value(expr, point)
            assert found.is_finite(), (expr, where, point)
            with ctx.workprec(300):
                for end, sign in ((span.lower, 1), (span.upper, -1)):
                    if isinstance(end, Fraction):
                        assert not sign * (found - arb(end.numerator) / end.denominator) < 0, (expr, where, point)
            seen += 1
    assert seen > 25


@pytest.mark.parametrize("seed", range(3))
def test_equal_forms_have_equal_values(seed: int) -> None:
    rng, agreed = random.Random(seed), 0
    for _ in range(40):
        try:
            left = grown(rng, 2)
            right = rng.choice([sp.expand(left), sp.factor(left), left + grown(rng, 1) * 0, grown(rng, 2), -left])
            where = box(rng)
            same = real(left) and real(right) and equal(Goal(left - right, "==", where), left, right)
        except (Rejected, ValueError, NotImplementedError):
            continue
        if not same:
            continue
        for _ in range(4):
            point = {symbol: rng.choice(inner_points(rng, interval)) for symbol, interval in where}
            values = value(left, point), value(right, point)
            if all(v.is_finite() for v in values):
                assert values[0].overlaps(values[1]), (left, right, point)
                agreed += 1
    assert agreed > 10


@pytest.mark.parametrize("seed", range(3))
def test_limits_are_approached(seed: int) -> None:
    rng, seen = random.Random(seed), 0
    where = ((x, Interval(sp.S.Zero, sp.S.One, True, True)), (y, Interval(sp.S.One, sp.Integer(3))))
    at = Fraction(17, 10)
    for _ in range(60):
        try:
            gap = grown(rng, rng.choice([2, 3]))
            lower = rng.random() < 0.5
            found = limit(Goal(gap, ">=", where), x, lower)
        except (Rejected, ValueError):
            continue
        near = [Fraction(1, 10**k) for k in (12, 24, 80)]
        values = [value(gap, {x: t if lower else 1 - t, y: at}, 2000) for t in near]
        if x not in gap.free_symbols or not all(v.is_finite() for v in values):
            continue
        seen += 1
        if found in (sp.oo, -sp.oo):
            sign = 1 if found == sp.oo else -1
            assert sign * values[2] > sign * values[1], (gap, lower)
        else:
            there = value(found, {y: at}, 2000)
            assert abs(values[2] - there) < abs(values[1] - there) + 1e-9, (gap, lower)
            assert abs(values[2] - there) < 0.5, (gap, lower)
    assert seen > 8
