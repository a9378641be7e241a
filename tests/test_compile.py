"""Compiled routines: exact containment for balls, agreement between backends, and refusals."""

import time
from fractions import Fraction
from random import Random

import mpmath
import numpy as np
import pytest
import sympy as sp
from flint import arb, ctx, fmpq

from numerics.backends import as_numpy
from numerics.backends.as_ball import Ball, hull
from numerics.compile import Guarantee, UnsupportedExpression, compile_expression
from theory.atoms import LSE, BallUnion, IndexMax, IndexMin, Quotient, RegionIntegral
from theory.notation import beta, cutoff, d, i, j, k, l, n, order, radius, rho, rho_t, s, sizes, t, u, v, x, y

HALF = Fraction(1, 2)
DISTANCE = sp.Sum((x[k] - rho[i, k]) ** 2, (k, 1, n))
NEAREST = IndexMin(sp.sqrt(DISTANCE), (i, 1, d))
ENERGY = -LSE(-beta * DISTANCE, (i, 1, d)) / beta
OMEGA = BallUnion(rho, radius, (d, n), (i, k))
POINT = {
    n: 2,
    d: 3,
    beta: HALF,
    x: [Fraction(1, 3), 2],
    y: [Fraction(-1, 7), 1],
    rho: [[0, 1], [1, 2], [Fraction(1, 7), 3]],
    u: Fraction(5, 3),
    v: Fraction(2, 7),
    order: Fraction(7, 3),
    cutoff: Fraction(3, 2),
    s: 2,
}
ONE_D = {n: 1, d: 4, beta: Fraction(3, 2), radius: Fraction(2, 3), rho: [[0], [1], [Fraction(5, 2)], [Fraction(1, 7)]]}


def ball(expr, values, precision=128):
    return compile_expression(expr, "ball")(values, precision)


def encloses(enclosure, exact):
    """Exact, unlike ``arb.contains``, which rounds a fraction first."""
    return enclosure.lower().fmpq() <= fmpq(int(exact.p), int(exact.q)) <= enclosure.upper().fmpq()


@pytest.mark.parametrize(
    "expr",
    [
        ENERGY,
        NEAREST,
        IndexMax(rho[i, 1] * rho[i, 2], (i, 1, d)),
        sp.Sum(x[k] * y[k], (k, 1, n)) ** 3,
        sp.Sum(rho[i, k] * rho[j, k], (k, 1, n), (j, 1, i), (i, 1, d)),
        LSE(rho[i, k] * x[k], (k, 1, n), (i, 1, d)),
        IndexMin(IndexMin(rho[i, k], (k, 1, n)) + i, (i, 2, d)),
        sp.diff(ENERGY, x[s]),
        sp.Derivative(ENERGY, x[s]),
        sp.Derivative(sp.lowergamma(order, cutoff), cutoff),
        sp.Subs(sp.Derivative(sp.exp(u) / u, u), u, v),
        sp.lowergamma(order, cutoff),
        sp.gamma(order) * sp.loggamma(cutoff),
        sp.Max(u, v, 1) - sp.Min(u, v) + sp.Abs(v - u) + sp.sign(v - u),
        Quotient(u, v) + sp.pi * sp.E + u**v + u ** Fraction(-5, 2) + sp.log(u, 2) + n**d,
        sp.Sum(k * x[k] * sp.exp(-k), (k, 1, n)) + sp.Sum(u, (k, 1, d)),
        sp.Sum(sp.KroneckerDelta(k, s) * x[k], (k, 1, n)) - x[s],
    ],
    ids=str,
)
def test_backends_agree(expr):
    reference = compile_expression(expr, "mpmath")(POINT, 160)
    enclosure = ball(expr, POINT)
    assert enclosure.rad() < 1e-25
    with mpmath.workprec(160):
        assert abs(mpmath.mpf(enclosure.mid().str(30, radius=False)) - reference) < 1e-25
    assert compile_expression(expr, "numpy")(POINT) == pytest.approx(float(reference), rel=1e-12, abs=1e-12)


def test_guarantees_and_arguments():
    routine = compile_expression(ENERGY, "ball")
    assert routine.guarantee is Guarantee.BALL
    assert {str(a) for a in routine.arguments} == {"n", "d", "beta", "x", "rho"}
    assert compile_expression(u, "numpy").guarantee is Guarantee.FLOAT
    assert compile_expression(u, "mpmath").guarantee is Guarantee.REFERENCE


def random_rational_form(random, depth):
    if depth == 0:
        return random.choice([u, v, sp.Rational(random.randint(-9, 9), random.randint(1, 9))])
    left, right = (random_rational_form(random, depth - 1) for _ in range(2))
    kind = random.randrange(7)
    if kind == 0:
        return left + right
    if kind == 1:
        return left * right
    if kind == 2:
        return sp.Min(left, right)
    if kind == 3:
        return sp.Max(left, right)
    if kind == 4:
        return left ** random.randint(0, 4)
    return sp.Abs(left) if kind == 5 else left - right


@pytest.mark.parametrize("seed", range(40))
def test_ball_contains_the_exact_rational(seed):
    random = Random(seed)
    expr = random_rational_form(random, 4)
    routine = compile_expression(expr, "ball")
    for _ in range(4):
        at = {name: Fraction(random.randint(-20, 20), random.randint(1, 9)) for name in (u, v)}
        exact = expr.subs({a: sp.Rational(b.numerator, b.denominator) for a, b in at.items()})
        assert encloses(routine(at), exact)
        wide = {a: hull(arb(fmpq(b.numerator, b.denominator)), arb(random.randint(-2, 2))) for a, b in at.items()}
        assert encloses(routine(wide, 64), exact)


@pytest.mark.parametrize(
    "expr",
    [
        sp.exp(u * v) - u,
        sp.log(2 + u) * sp.sqrt(u**2 + v**2),
        sp.sqrt(sp.Sum((x[k] - u) ** 2, (k, 1, 2))),
        LSE(x[k] * u, (k, 1, 2)) - sp.lowergamma(2 + v, 3 + u),
        sp.lowergamma(sp.exp(3 * u), 1 + v),
        (2 + u) ** (3 * v) + sp.Abs(u) ** v.subs(v, sp.Rational(3, 2)) + u**3 + v**2 + (3 + v) ** -2,
        sp.sign(u) * v + sp.gamma(3 + u) + sp.loggamma(2 + v),
    ],
    ids=str,
)
def test_ball_of_a_box_contains_the_values_inside(expr):
    random, routine = Random(1), compile_expression(expr, "ball")
    for _ in range(25):
        lows = [Fraction(random.randint(-32, 24), 32) for _ in range(4)]
        highs = [low + Fraction(random.randint(0, 8), 32) for low in lows]
        boxes = [hull(*(arb(fmpq(e.numerator, e.denominator)) for e in ends)) for ends in zip(lows, highs, strict=True)]
        wide = routine({u: boxes[0], v: boxes[1], x: boxes[2:]}, 64)
        for _ in range(4):
            inner = [lo + (hi - lo) * Fraction(random.randint(0, 8), 8) for lo, hi in zip(lows, highs, strict=True)]
            at = routine({u: inner[0], v: inner[1], x: inner[2:]})
            assert at.is_finite()
            assert wide.overlaps(at)
        assert wide.is_finite()


def test_measured_hazards():
    assert encloses(ball(sp.Rational(2, 3) * u, {u: 3}), sp.Integer(2))
    square = ball(u**2, {u: arb(0, 1)})
    assert square.is_finite()
    assert square.contains(0)
    assert square.contains(1)
    assert square.lower() > -1e-6
    assert ball(sp.log(u), {u: arb(0, 1)}).is_nan()
    assert ball(sp.sqrt(u), {u: arb(-1)}).is_nan()
    assert ball(sp.sqrt(u**2 + v**2), {u: arb(0, 1), v: arb(0, 1)}).is_finite()
    assert not ball(1 / u, {u: arb(0, 1)}).is_finite()
    assert ball(LSE(x[k], (k, 1, 2)), {x: [1000, -1000]}).contains(1000)
    assert compile_expression(LSE(x[k], (k, 1, 2)), "numpy")({x: [1000, 1000]}) == pytest.approx(1000 + np.log(2))


def test_incomplete_gamma_has_its_order_first():
    expr, at = sp.lowergamma(order, cutoff), {order: 3, cutoff: 2}
    expected = 2 - 10 * sp.exp(-2)
    assert ball(expr, at).overlaps(ball(expected, {}))
    assert compile_expression(expr, "mpmath")(at) == pytest.approx(float(expected))
    assert compile_expression(expr, "numpy")(at) == pytest.approx(float(expected))
    small = compile_expression(expr, "numpy")({order: 150, cutoff: 140})
    assert small == pytest.approx(float(compile_expression(expr, "mpmath")({order: 150, cutoff: 140})), rel=1e-11)


def test_refusals_name_the_node():
    refused = [(sp.Float("0.1") * u, "0.1"), (sp.besselj(order, cutoff), "besselj"), (sp.asinh(u), "asinh")]
    refused += [
        (sp.Piecewise((u, u > 0), (v, True)), "Piecewise"),
        (sp.I * u, "ImaginaryUnit"),
        (sp.oo + u, "Infinity"),
    ]
    refused += [
        (sp.Derivative(IndexMin(x[k] ** 2, (k, 1, n)), x[1]), "derivative"),
        (sp.Sum(x[k], (k, 1, sp.oo)), "Inf"),
    ]
    for expr, text in refused:
        with pytest.raises(UnsupportedExpression, match=text):
            compile_expression(expr, "ball")
    assert compile_expression(sp.Float("0.5") * u, "numpy")({u: 3}) == 1.5
    with pytest.raises(UnsupportedExpression, match="expected an expression"):
        compile_expression(u > 0, "numpy")
    with pytest.raises(ValueError, match="no backend"):
        compile_expression(u, "jax")
    with pytest.raises(UnsupportedExpression, match="both a scalar and a family"):
        compile_expression(sp.Symbol("x", real=True) + x[1], "numpy")


@pytest.mark.parametrize("backend", ["numpy", "mpmath", "ball"])
def test_bad_values_are_refused(backend):
    routine = compile_expression(IndexMin(DISTANCE, (i, 1, d)), backend)
    with pytest.raises(KeyError, match="rho"):
        routine({n: 1, d: 1, x: [1]})
    with pytest.raises(IndexError):
        routine(POINT | {n: 3})
    with pytest.raises(ValueError, match="empty"):
        routine(POINT | {d: 0})
    with pytest.raises(ValueError, match="integer"):
        routine(POINT | {n: HALF})
    with pytest.raises(ValueError, match="runs from"):
        routine(POINT | {d: -2})
    with pytest.raises(TypeError):
        compile_expression(u, backend)({u: "1"})
    assert compile_expression(sp.Sum(x[k], (k, 1, n)), backend)({n: 0, x: []}) == 0


@pytest.mark.parametrize("backend", ["numpy", "mpmath", "ball"])
def test_ragged_families(backend):
    closest = IndexMin(sp.Sum(sp.Abs(x[k] - rho_t[t, j, k]), (k, 1, n)), (j, 1, sizes[t]))
    values = {n: 2, l: 2, sizes: [2, 1], x: [1, Fraction(1, 3)], rho_t: [[[0, 1], [2, 3]], [[1, 1]]]}
    expected = sp.log(sp.exp(-sp.Rational(5, 3)) + sp.exp(-sp.Rational(2, 3)))
    assert float(compile_expression(LSE(-closest, (t, 1, l)), backend)(values)) == pytest.approx(float(expected))
    flat = sp.Sum(rho_t[t, j, k], (k, 1, n), (j, 1, sizes[t]), (t, 1, l))
    assert float(compile_expression(flat, backend)(values)) == 8


def test_blocks_give_the_same_values(monkeypatch):
    random = np.random.default_rng(0)
    values = {n: 7, d: 11, beta: 0.3, x: random.normal(size=7), rho: random.normal(size=(11, 7)), s: 3}
    gram = sp.Sum(IndexMax(sp.Sum(rho[i, k] * rho[j, k], (k, 1, n)), (j, 1, d)), (i, 1, d))
    for expr in (ENERGY, NEAREST, gram, sp.diff(ENERGY, x[s])):
        plain = compile_expression(expr, "numpy")(values)
        with monkeypatch.context() as patch:
            patch.setattr(as_numpy, "BLOCK", 10)
            assert compile_expression(expr, "numpy")(values) == pytest.approx(plain, rel=1e-13)


def test_two_thousand_patterns_take_less_than_a_second():
    random, many = np.random.default_rng(0), 2000
    values = {n: many, d: many, beta: 0.1, x: random.normal(size=many), rho: random.normal(size=(many, many))}
    routine = compile_expression(ENERGY, "numpy")
    started = time.perf_counter()
    result = routine(values)
    assert time.perf_counter() - started < 1
    exponents = -0.1 * ((values[x] - values[rho]) ** 2).sum(axis=1)
    assert result == pytest.approx(-np.logaddexp.reduce(exponents) / 0.1)


@pytest.mark.parametrize("backend", ["numpy", "mpmath", "ball"])
def test_integral_over_overlapping_balls(backend):
    # the intervals around 0, 1/7 and 1 merge into [-2/3, 5/3]; the one around 5/2 is [11/6, 19/6]
    value = compile_expression(RegionIntegral(sp.exp(-beta * x[1]), x, OMEGA), backend)(ONE_D)
    rate = sp.Rational(3, 2)
    ends = [sp.Rational(-2, 3), sp.Rational(5, 3), sp.Rational(11, 6), sp.Rational(19, 6)]
    expected = sum((-1) ** place * sp.exp(-rate * end) for place, end in enumerate(ends)) / rate
    assert float(value) == pytest.approx(float(expected), rel=1e-12)
    if backend == "ball":
        assert value.overlaps(ball(expected, {}))
        assert value.rad() < 1e-10


@pytest.mark.parametrize("power", [1, 2])
def test_integral_with_kinks(power):
    expr = RegionIntegral(sp.exp(-beta * NEAREST**power), x, OMEGA)
    reference = compile_expression(expr, "mpmath")(ONE_D)
    enclosure = ball(expr, ONE_D)
    assert enclosure.rad() < 1e-10
    assert abs(enclosure.mid() - arb(str(reference))) < enclosure.rad() + arb("1e-13")
    assert compile_expression(expr, "numpy")(ONE_D) == pytest.approx(float(reference), rel=1e-12)


def test_integral_over_a_box_of_regions_contains_its_members():
    expr = RegionIntegral(1 + x[1] ** 2, x, OMEGA)
    wide = ball(expr, {n: 1, d: 2, radius: arb(1, 0.25), rho: [[arb(0, 0.1)], [arb(2, 0.1)]]})
    for r, p in ((Fraction(3, 4), Fraction(1, 10)), (Fraction(5, 4), 0), (1, Fraction(-1, 10))):
        assert wide.overlaps(ball(expr, {n: 1, d: 2, radius: r, rho: [[p], [2]]}))
    assert wide.rad() < 7


def test_polynomials_above_the_degree_of_the_expansion_are_integrated_rightly():
    # python-flint cuts series at ctx.cap: an unnoticed cut would drop the remainder
    cap = ctx.cap
    for degree in (11, 12, 13, 24):
        value = ball(RegionIntegral(x[1] ** degree, x, OMEGA), {n: 1, d: 1, radius: 1, rho: [[1]]})
        assert encloses(value, sp.Rational(2 ** (degree + 1), degree + 1))
    assert ctx.cap == cap


def test_balls_of_dimension_two_are_refused():
    expr = RegionIntegral(x[1], x, OMEGA)
    for backend in ("numpy", "mpmath", "ball"):
        with pytest.raises(UnsupportedExpression, match="dimension 1"):
            compile_expression(expr, backend)({n: 2, d: 1, radius: 1, rho: [[0, 0]]})


def test_ball_primitives_at_the_edges():
    arithmetic = Ball()
    assert arithmetic.power(arb(0), arb(2), False).is_zero()
    assert arithmetic.power(arb(0), arb(-1), False).is_nan()
    assert arithmetic.sign(arb.nan()).is_nan()
    assert arithmetic.absolute(arb.nan()).is_nan()
    assert arithmetic.integer_power(arb.nan(), 0).is_nan()
    assert arithmetic.minimum([arb.nan(), arb(1)]).is_nan()
    assert arithmetic.lower_gamma(arb(0, 1), arb(1)).is_nan()
    assert arithmetic.lower_gamma(arb(2), arb(0)).is_zero()
    assert arithmetic.integer_power(arb(0, 1), 3).contains(arb(-1))
