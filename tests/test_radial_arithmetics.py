"""The arithmetics behind radial integrals: intervals by their ends, complex balls, and where the mass lies."""

import math
from fractions import Fraction
from random import Random

import pytest
import sympy as sp
from flint import acb, arb, fmpq

from numerics.backends.as_ball import Ball, hull
from numerics.backends.complex_balls import Complex, Positive, plain
from numerics.backends.frame import Frame, UnsupportedExpression
from numerics.backends.intervals import Ends, Intervals, between, ends_of, range_of
from numerics.backends.ridge import find_ridge
from numerics.backends.walk import Walker
from theory.atoms import LSE, Quotient
from theory.notation import distance as q
from theory.notation import k, u

SMOOTH = [
    sp.exp(-(q**2)), q**3 - 2 * q, sp.sqrt(q) + q ** sp.Rational(-1, 3), sp.log(1 + q) * q, Quotient(1, 1 + q**2),
    sp.exp(-(q**u)), (q - 2) ** 2 * (q - 1), q**-2, 1 / (q + u), LSE(k * q, (k, 1, 3)), sp.gamma(q + 1),
    sp.loggamma(q + 1),
]  # fmt: skip
KINKED = [sp.Abs(q - 1), sp.Min(q, 2 - q), sp.Max(q, 1, q**2 / 2), sp.sign(q - 1) * q]
U = Fraction(5, 3)


def body(expr):
    """The expression as an integrand in the variable ``q``."""
    walker = Walker(floats=False)
    walker.distances.append(q)
    node = walker.visit(expr)
    return lambda arithmetic, value: node(Frame(Ball(), {"u": U}).at_distance(arithmetic, "q", value))


def exactly(value):
    return arb(fmpq(Fraction(value).numerator, Fraction(value).denominator))


@pytest.mark.parametrize("expr", [*SMOOTH, *KINKED, sp.lowergamma(u, q), sp.lowergamma(q + 1, 2)], ids=str)
def test_intervals_contain_the_values_inside(expr):
    random, integrand = Random(0), body(expr)
    for _ in range(40):
        low = Fraction(random.randint(1, 60), 16)
        high = low + Fraction(random.randint(0, 40), 16)
        found = range_of(integrand, exactly(low), exactly(high))
        assert found.finite
        for part in range(5):
            value = integrand(Ball(), exactly(low + (high - low) * Fraction(part, 4)))
            assert not value < found.lower
            assert not value > found.upper


def test_ends_stay_apart_where_a_ball_reaches_below_zero():
    integrand = body(sp.exp(-(q**2)))
    far = arb(10) ** 200
    assert not integrand(Ball(), hull(arb(1), far)) <= 1
    found = range_of(integrand, arb(1), far)
    assert found.lower >= 0
    assert found.upper < 0.37
    assert range_of(integrand, arb(0), arb(1)).upper < 1 + 1e-9


def test_intervals_at_the_edges():
    arithmetic = Intervals()
    around = between([arb(-1), arb(2)])
    assert not arithmetic.divide(arb(1), around).finite
    assert not arithmetic.log(around).finite
    assert not arithmetic.power(around, arb(1) / 2, False).finite
    assert arithmetic.power(around, arb(1) / 2, True).lower.is_zero()
    assert (arithmetic.integer_power(around, 2).lower, arithmetic.integer_power(around, 2).upper) == (0, 4)
    assert (arithmetic.integer_power(around, 0).lower, arithmetic.integer_power(around, 0).upper) == (1, 1)
    assert (arithmetic.absolute(around).lower, arithmetic.absolute(around).upper) == (0, 2)
    assert not between([arb.nan(), arb(1)]).finite
    assert not ends_of(arb.nan()).finite
    with pytest.raises(UnsupportedExpression):
        arithmetic.radial(body(q), arb(1), arb(1))


@pytest.mark.parametrize("expr", [*SMOOTH, *KINKED], ids=str)
def test_complex_balls_agree_with_real_ones(expr):
    """On the real axis, on wide complex balls around it, and for a number that is known by its logarithm."""
    random, integrand = Random(1), body(expr)
    for _ in range(20):
        point = exactly(Fraction(random.randint(1, 80), 16))
        value = integrand(Ball(), point)
        for place in (acb(point), Positive(acb(point.log()))):
            assert acb(plain(integrand(Complex(False), place))).overlaps(acb(value))
        near = acb(hull(point, point + arb(1) / 16), arb(0, 0.05))
        wide = acb(plain(integrand(Complex(False), near)))
        assert not wide.is_finite() or wide.overlaps(acb(value))


def test_what_is_not_analytic_is_no_number():
    across = acb(arb(0, 1), arb(0, 1))
    for expr in (sp.sqrt(q), sp.log(q), q**u, sp.loggamma(q)):
        assert not acb(plain(body(expr)(Complex(True), across))).is_finite()
    kink = acb(arb(1, 0.5), arb(0, 0.5))
    for expr in KINKED:
        assert not acb(plain(body(expr)(Complex(True), kink))).is_finite()
    beyond = Positive(acb(0, 3 * arb.pi()))  # the square root of a number continued once around 0
    assert (body(sp.sqrt(q))(Complex(True), beyond) - acb(0, -1)).abs_upper() < 1e-12


@pytest.mark.parametrize(("center", "width"), [(0.0, 1.0), (3.0, 1e-3), (40.0, 2.0), (5e4, 200.0), (7e6, 3e3)])
def test_the_ridge_is_found(center, width):
    ridge = find_ridge(lambda x: -(((x - center) / width) ** 2), max(1.0, center), 50.0)
    assert abs(ridge.peak - center) < 2 * width + 1e-9 * center
    assert ridge.start <= center <= ridge.stop
    assert ridge.top > -4
    assert all(-(((x - center) / width) ** 2) <= ridge.top - 49 for x in (ridge.start, ridge.stop) if x > 0)


def test_a_ridge_of_nothing_has_no_height():
    assert find_ridge(lambda x: -math.inf, 3.0, 50.0).top == -math.inf


def test_ends_are_values():
    assert Ends(arb(1), arb(2)).finite
