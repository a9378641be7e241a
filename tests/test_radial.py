"""Integrals over n-balls of any dimension, and over unions of balls with radii of their own."""

from fractions import Fraction
from itertools import pairwise
from random import Random

import mpmath
import numpy as np
import pytest
import sympy as sp
from flint import arb, fmpq

from numerics.backends.as_ball import Ball, hull
from numerics.backends.complex_balls import Complex
from numerics.backends.jets import build, variable
from numerics.compile import UnsupportedExpression, compile_expression
from theory.atoms import BallUnion, IndexMin, RadialIntegral, RegionIntegral
from theory.notation import d, exponent, i, k, n, radii, radius, rho, u, x
from theory.notation import distance as q

BACKENDS = ("numpy", "mpmath", "ball")
MASS = RadialIntegral(sp.exp(-(q**exponent)), q, n, radius)
CLOSED = 2 * sp.pi ** (n / 2) / (exponent * sp.gamma(n / 2)) * sp.lowergamma(n / exponent, radius**exponent)
VOLUME = sp.pi ** (n / 2) * radius**n / sp.gamma(n / 2 + 1)
SEVERAL = BallUnion(rho, radii[i], (d, n), (i, k))


def ball(expr, values, precision=128):
    return compile_expression(expr, "ball")(values, precision)


def exactly(value):
    return arb(fmpq(Fraction(value).numerator, Fraction(value).denominator))


CASES = [
    (1, 1, 2), (1, Fraction(1, 100), 2), (2, 3, 1), (21, Fraction(11, 10), 2), (10, 1000, 2), (3, 10**6, 2),
    (1000, 5, Fraction(1, 100)), (7, Fraction(1, 10**8), Fraction(1, 3)), (1, 10**8, Fraction(1, 2)), (5, 7, 30),
]  # fmt: skip
HUGE = [(5000, 17, 2), (5000, 60, 2), (3000, 3000, 1), (10**5, 76, 2), (10**6, 242, 2), (10**7, 10**6, 1)]


@pytest.mark.parametrize("case", [*CASES, *HUGE], ids=str)
def test_the_ball_mass_agrees_with_its_closed_form(case):
    values = dict(zip((n, radius, exponent), case, strict=True))
    for precision in (64, 128):
        mass, closed = ball(MASS, values, precision), ball(CLOSED, values, precision)
        assert mass.overlaps(closed)
        assert mass.rel_accuracy_bits() > precision - 30
    reference = compile_expression(MASS, "mpmath")(values, 128)
    assert abs(arb(mpmath.nstr(reference, 40)) / mass - 1) < 1e-14


@pytest.mark.parametrize("case", CASES, ids=str)
def test_double_precision_where_the_value_is_a_double(case):
    values = dict(zip((n, radius, exponent), case, strict=True))
    assert compile_expression(MASS, "numpy")(values) == pytest.approx(float(ball(MASS, values).mid()), rel=1e-11)


@pytest.mark.parametrize("size", [400, 2000, 5000])
def test_a_double_that_is_left_is_the_limit_of_doubles_and_no_other_number(size):
    """Where gamma, powers and volume overflow but the mass does not, the mass comes out."""
    values = {n: size, radius: sp.Float(float(np.sqrt(size / (2 * np.pi * np.e)))), exponent: 2}
    assert compile_expression(MASS, "numpy")(values) == pytest.approx(float(ball(MASS, values).mid()), rel=1e-10)


@pytest.mark.parametrize("backend", BACKENDS)
def test_bodies_of_other_kinds(backend):
    """A polynomial, a root, a kink, a body that changes sign, one with parameters of the statement."""
    routine = lambda body: compile_expression(RadialIntegral(body, q, n, radius), backend)  # noqa: E731
    values = {n: 4, radius: 2, u: Fraction(1, 3)}
    volume = float(sp.pi**2 / 2 * 2**4)
    expected = {
        sp.Integer(1): volume,
        q**2: volume * 4 * 4 / 6,
        sp.sqrt(q): volume * 4 * 2**0.5 / 4.5,
        1 - q**2: volume * (1 - 4 * 4 / 6),
        u * q: volume * 4 * 2 / 5 / 3,
        sp.Abs(q - 1): volume * (4 * 2 / 5 - 1 + 2 * (1 / 16 - 4 / 5 / 16)),
    }
    for body, value in expected.items():
        assert float(routine(body)(values)) == pytest.approx(value, rel=1e-4 if body.has(sp.Abs) else 1e-11)


def test_kinks_leave_a_rigorous_enclosure():
    value = ball(RadialIntegral(sp.Abs(q - 1), q, n, radius), {n: 4, radius: 2}, 64)
    exact = arb.pi() ** 2 / 2 * 16 * (arb(8) / 5 - 1 + 2 * (arb(1) / 16 - arb(4) / 5 / 16))
    assert value.overlaps(exact)
    assert value.rad() < 1e-8


def test_a_special_function_may_be_integrated():
    """1 - exp(-s) over a ball of R^4 is the incomplete gamma function of order 1."""
    value = ball(RadialIntegral(sp.lowergamma(u, q), q, n, radius), {n: 4, radius: 2, u: 1}, 64)
    volume = arb.pi() ** 2 / 2 * 16
    mass = ball(RadialIntegral(sp.exp(-q), q, n, radius), {n: 4, radius: 2}, 64)
    assert value.overlaps(volume - mass)
    assert value.rad() < 1e-15


def test_power_series_take_over_where_there_is_no_complex_routine(monkeypatch):
    def refuse(*_):
        raise UnsupportedExpression("no complex routine")

    values = {n: 3, radius: 2, exponent: 2}
    exact = ball(MASS, values)
    monkeypatch.setattr(Complex, "exp", refuse)
    value = ball(MASS, values, 96)
    assert value.overlaps(exact)
    assert 1e-20 < value.rad() < 1e-7


@pytest.mark.parametrize("seed", range(12))
def test_wide_radii_contain_what_lies_inside(seed):
    random = Random(seed)
    low = Fraction(random.randint(0, 40), 16)
    high = low + Fraction(random.randint(1, 16), 16)
    size = random.choice([1, 2, 3, 10, 100])
    for body in (sp.exp(-(q**2)), 1 - q, sp.sqrt(q) * (2 - q**2)):
        routine = compile_expression(RadialIntegral(body, q, n, radius), "ball")
        wide = routine({n: size, radius: hull(exactly(low), exactly(high))}, 64) if low else None
        if wide is None:
            continue
        assert wide.is_finite()
        for part in range(5):
            inside = routine({n: size, radius: low + (high - low) * Fraction(part, 4)}, 96)
            assert inside.is_finite()
            assert wide.overlaps(inside)


def test_a_rising_integral_is_sharp_at_the_ends():
    routine = compile_expression(MASS, "ball")
    wide = routine({n: 3, radius: hull(exactly(1), exactly(2)), exponent: 2}, 64)
    ends = [routine({n: 3, radius: end, exponent: 2}, 64) for end in (1, 2)]
    assert wide.rad() < (ends[1] - ends[0]) * 0.500001


def test_what_has_no_value_is_no_number():
    for values in (
        {n: 0, radius: 1, exponent: 2},
        {n: 2, radius: -1, exponent: 2},
        {n: 1, radius: arb(0, 1), exponent: 2},
    ):
        assert ball(MASS, values).is_nan()
    assert ball(MASS, {n: 3, radius: 0, exponent: 2}).is_zero()
    assert ball(RadialIntegral(1 / q, q, n, radius), {n: 1, radius: 1}).is_nan()
    for backend in ("numpy", "mpmath"):
        routine = compile_expression(MASS, backend)
        assert routine({n: 3, radius: 0, exponent: 2}) == 0
        assert np.isnan(float(routine({n: 3, radius: -1, exponent: 2})))


def test_the_variable_of_integration_is_bound():
    """A scalar of the same name outside is another one."""
    outer = sp.Symbol("q", real=True)
    expr = outer * RadialIntegral(q, q, n, outer)
    for backend in BACKENDS:
        routine = compile_expression(expr, backend)
        assert {str(a) for a in routine.arguments} == {"n", "q"}
        assert float(routine({n: 2, "q": 3})) == pytest.approx(float(3 * 2 * sp.pi * 9))
    assert {str(a) for a in compile_expression(RadialIntegral(q, q, n, radius), "ball").arguments} == {"n", "r"}


@pytest.mark.parametrize("backend", BACKENDS)
def test_sums_over_balls_of_several_radii(backend):
    total = sp.Sum(RadialIntegral(sp.exp(-q * u), q, n, radii[i]), (i, 1, d))
    values = {n: 3, d: 3, u: 2, radii: [1, Fraction(1, 2), 2]}
    single = compile_expression(RadialIntegral(sp.exp(-q * u), q, n, radius), "mpmath")
    expected = sum(float(single({n: 3, u: 2, radius: r})) for r in values[radii])
    assert float(compile_expression(total, backend)(values)) == pytest.approx(expected, rel=1e-12)


def test_slopes_of_the_mass():
    routine = build(MASS)
    values = {"n": 3, "r": variable(arb(fmpq(3, 2)), 0), "p": arb(2)}
    jet = routine(values, 96, True)
    slope = 4 * arb.pi() * (arb(9) / 4) * (-arb(9) / 4).exp()
    assert jet.slopes[0].overlaps(slope)
    assert jet.slopes[0].rad() < 1e-20
    bend = 4 * arb.pi() * (-arb(9) / 4).exp() * (3 - 2 * (arb(3) / 2) ** 3)
    assert jet.bends[0, 0].overlaps(bend)
    unknown = routine({"n": 3, "r": arb(1), "p": variable(arb(2), 0)}, 96)
    assert unknown.value.overlaps(ball(MASS, {n: 3, radius: 1, exponent: 2}))
    assert unknown.slopes[0].is_nan()


def test_jets_enter_an_integral_within_an_integral():
    inner = RadialIntegral(sp.exp(-((q / u) ** 2)), q, n, radius)
    weights = RadialIntegral(sp.exp(-sp.exp(-(q**2)) / inner), q, n, radius)
    jet = build(weights)({"n": 1, "r": arb(1), "u": variable(arb(fmpq(3, 2)), 0)}, 96)
    assert jet.value.overlaps(ball(weights, {n: 1, radius: 1, u: Fraction(3, 2)}))
    assert jet.value.rad() < 1e-20
    assert jet.slopes[0].is_nan()


# Unions of intervals with radii of their own.


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_ball_its_own_radius(backend):
    """[-2, 2] swallows [1/2, 3/2]; [5, 6] stands alone; a radius of 0 adds nothing."""
    values = {n: 1, d: 4, rho: [[0], [1], [Fraction(11, 2)], [9]], radii: [2, Fraction(1, 2), Fraction(1, 2), 0]}
    length = compile_expression(RegionIntegral(sp.Integer(1), x, SEVERAL), backend)(values)
    assert float(length) == pytest.approx(5, rel=1e-12)
    moment = compile_expression(RegionIntegral(x[1] ** 2, x, SEVERAL), backend)(values)
    assert float(moment) == pytest.approx(16 / 3 + (216 - 125) / 3, rel=1e-12)


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_nearest_pattern_may_be_that_of_a_smaller_ball(backend):
    """Kinks of the nearest distance lie midway between patterns, wherever the balls end."""
    nearest = IndexMin((x[1] - rho[i, 1]) ** 2, (i, 1, d))
    values = {n: 1, d: 2, rho: [[0], [3]], radii: [2, Fraction(1, 4)]}
    value = compile_expression(RegionIntegral(nearest, x, SEVERAL), backend)(values)
    inside = 2 * Fraction(3, 2) ** 3 / 3 + (Fraction(2) ** 3 - Fraction(3, 2) ** 3) / 3  # [-3/2, 3/2] and [-2, -3/2]
    beyond = (Fraction(3, 2) ** 3 - 1) / 3  # [3/2, 2] is nearer to 3
    assert float(value) == pytest.approx(float(inside + beyond + 2 * Fraction(1, 4) ** 3 / 3), rel=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_unions_of_several_radii_are_enclosed(seed):
    random = Random(seed)
    count = random.randint(1, 5)
    centres = [Fraction(random.randint(-40, 40), 8) for _ in range(count)]
    reaches = [Fraction(random.randint(0, 24), 8) for _ in range(count)]
    values = {n: 1, d: count, rho: [[c] for c in centres], radii: reaches}
    marks = sorted({end for c, r in zip(centres, reaches, strict=True) for end in (c - r, c + r)})
    covered = [
        (low, high)
        for low, high in pairwise(marks)
        if any(c - r <= low and high <= c + r for c, r in zip(centres, reaches, strict=True))
    ]
    exact = sum((high**3 - low**3) / 3 for low, high in covered)
    expr = RegionIntegral(x[1] ** 2, x, SEVERAL)
    enclosure = ball(expr, values)
    assert enclosure.overlaps(exactly(exact))
    assert enclosure.rad() < 1e-9
    assert compile_expression(expr, "numpy")(values) == pytest.approx(float(exact), rel=1e-12)


def test_wide_radii_of_several_balls():
    values = {n: 1, d: 2, rho: [[0], [3]], radii: [arb(1, 0.25), arb(1, 0.125)]}
    wide = ball(RegionIntegral(1 + x[1] ** 2, x, SEVERAL), values)
    for first, second in ((Fraction(3, 4), 1), (Fraction(5, 4), Fraction(7, 8)), (1, Fraction(9, 8))):
        inside = ball(RegionIntegral(1 + x[1] ** 2, x, SEVERAL), values | {radii: [first, second]})
        assert wide.overlaps(inside)
    assert wide.rad() < 5


def test_balls_around_several_centres_need_dimension_one():
    for backend in BACKENDS:
        routine = compile_expression(RegionIntegral(x[1], x, SEVERAL), backend)
        with pytest.raises(UnsupportedExpression, match="RadialIntegral"):
            routine({n: 2, d: 1, rho: [[0, 0]], radii: [1]})


# The incomplete gamma function far from its order.


@pytest.mark.parametrize(
    ("order", "cutoff"), [(3000, 3000), (10**5, 3), (10**6, 10**6), (Fraction(1, 2), 100), (30, 60), (500, 600)]
)
def test_the_incomplete_gamma_function_keeps_its_digits(order, cutoff):
    arithmetic = Ball()
    value = arithmetic.lower_gamma(arb(exactly(order)), arb(cutoff))
    assert value.rel_accuracy_bits() > 25
    recursion = arithmetic.lower_gamma(arb(exactly(order)) + 1, arb(cutoff))
    stepped = exactly(order) * value - arb(cutoff) ** exactly(order) * (-arb(cutoff)).exp()
    assert recursion.overlaps(stepped)
