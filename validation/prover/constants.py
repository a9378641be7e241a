"""Exact constants behind decimals: roots of a function of one variable, and what they may be.

A guess only; that the function vanishes there is for the checker to confirm.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq

from numerics.backends.as_ball import build_all
from numerics.backends.frame import UnsupportedExpression

BITS = 300
DIGITS = Fraction(1, 2**200)
LARGEST = 10**8
LONGEST = 4000  # bits


def root(expr: sp.Expr, symbol: sp.Symbol, low: Fraction, high: Fraction) -> Fraction | None:
    """A zero of the expression between two points of opposite sign, to 2**-200 of its size; ``None`` without one."""
    try:
        routine, _ = build_all([expr])
    except UnsupportedExpression:
        return None
    name = str(symbol)

    def sign(x: Fraction) -> int:
        value = routine({name: x}, BITS)[0]
        return 1 if value > 0 else -1 if value < 0 else 0

    below = sign(low)
    if not below or sign(high) != -below:
        return None
    for _ in range(4 * BITS):
        size = max(abs(low), abs(high))
        if high - low < DIGITS * size:
            break
        middle = _between(low, high)
        found = sign(middle)
        if found == 0:
            return middle
        low, high = (middle, high) if found == below else (low, middle)
    return (low + high) / 2


def _between(low: Fraction, high: Fraction) -> Fraction:
    """A short dyadic number near the middle, geometric where the ends differ in scale."""
    if low > 0 and high > 16 * low:
        shift = (high / low).numerator.bit_length() - (high / low).denominator.bit_length()
        return low * 2 ** (shift // 2)
    if high < 0 and low < 16 * high:
        return -_between(-high, -low)
    return (low + high) / 2


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction with the least denominator between two fractions, ends included."""
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -simplest(-high, -low)
    whole = -(-low.numerator // low.denominator)
    if whole <= high:
        return Fraction(whole)
    whole -= 1
    return whole + 1 / simplest(1 / (high - whole), 1 / (low - whole))


def _fraction(value: arb, bits: int = 150) -> Fraction | None:
    """A simple fraction within the precision of the ball; ``None`` where the simplest is not simple."""
    if not value.is_finite():
        return None
    middle, exponent = value.mid().man_exp()
    if abs(int(exponent)) > LONGEST:
        return None
    exact = Fraction(int(middle)) * Fraction(2) ** int(exponent)
    slack = max(abs(exact), Fraction(1)) / 2**bits
    found = simplest(exact - slack, exact + slack)
    return found if abs(found.numerator) <= LARGEST and found.denominator <= LARGEST else None


def names_of(value: Fraction) -> Iterator[sp.Expr]:
    """A closed form that agrees with a decimal of 200 bits: a rational, a multiple of pi, a root, a logarithm, ..."""
    with ctx.workprec(BITS):
        v = arb(fmpq(value.numerator, value.denominator))
        side = sp.Integer(1 if value > 0 else -1)
        forms: list[tuple[arb, Any]] = [
            (v, lambda q: q),
            (v / arb.pi(), lambda q: q * sp.pi),
            (v * v, lambda q: side * sp.sqrt(q)),
            (v / arb(1).exp(), lambda q: q * sp.E),
            (v.exp(), sp.log),
            (v * arb(1).exp(), lambda q: q * sp.exp(-1)),
            (v * v / arb.pi(), lambda q: side * sp.sqrt(q * sp.pi)),
            (v * v * arb.pi(), lambda q: side * sp.sqrt(q / sp.pi)),
            (v**3, lambda q: side * sp.cbrt(abs(q))),
        ]
        if value > 0:
            forms += [(v.log(), sp.exp), (v.log() * 2, lambda q: sp.exp(q / 2))]
            forms.append((v.log() / arb(2).log(), lambda q: sp.Integer(2) ** q))
        if abs(value) < 1:
            forms += [(v.tan(), sp.atan), (v.sin(), sp.asin), (v.atanh(), sp.tanh)]
        for number, form in forms:
            found = _fraction(number)
            if found is not None and (found or not value):
                yield form(sp.Rational(found.numerator, found.denominator))
                return
        yield from _quadratic(v)


def _quadratic(v: arb) -> Iterator[sp.Expr]:
    """A root of a quadratic with small integer coefficients, by integer relation."""
    import mpmath

    if not abs(v) > arb(2) ** -80:
        return
    with mpmath.workprec(160):
        x = mpmath.mpf(v.mid().str(60, radius=False))
        relation = mpmath.pslq([x * x, x, mpmath.mpf(1)], maxcoeff=10**5, maxsteps=2000)
    if relation is None or relation[0] == 0:
        return
    a, b, c = relation
    if b * b < 4 * a * c:
        return
    surd = sp.sqrt(b * b - 4 * a * c)
    for candidate in ((-b + surd) / (2 * a), (-b - surd) / (2 * a)):
        if abs(build_all([candidate])[0]({}, BITS)[0] - v) < arb(2) ** -140:
            yield candidate
