"""Double-double numbers against exact rationals and ball arithmetic; the coefficients of Temme's expansion."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st
from stable_referee import tight

from numerics import double_double as dd
from numerics.stable_temme import LARGEST_ETA, bracket, coefficients, divergence, inverse_excess

moderate = st.floats(1e-60, 1e60).flatmap(lambda x: st.sampled_from([x, -x]))


def exact(number: dd.DoubleDouble) -> Fraction:
    return Fraction(float(number.high)) + Fraction(float(number.low))


def ball(number: dd.DoubleDouble) -> arb:
    return arb(float(number.high)) + arb(float(number.low))


@given(moderate, moderate)
def test_sums_and_products_of_floats_are_exact(x: float, y: float) -> None:
    assert exact(dd.two_sum(np.float64(x), np.float64(y))) == Fraction(x) + Fraction(y)
    assert exact(dd.two_product(np.float64(x), np.float64(y))) == Fraction(x) * Fraction(y)


@given(moderate, moderate, st.floats(-1, 1), st.floats(-1, 1))
def test_sums_and_products_of_pairs_keep_30_digits(x: float, y: float, low_x: float, low_y: float) -> None:
    one = dd.quick_two_sum(np.float64(x), np.float64(x * low_x * 2**-54))
    two = dd.quick_two_sum(np.float64(y), np.float64(y * low_y * 2**-54))
    total, product = exact(one) + exact(two), exact(one) * exact(two)
    assert abs(exact(dd.add(one, two)) - total) <= abs(total) * Fraction(2) ** -100
    assert abs(exact(dd.multiply(one, two)) - product) <= abs(product) * Fraction(2) ** -100


@given(st.floats(1e-60, 1e60))
def test_square_roots_keep_30_digits(x: float) -> None:
    root = exact(dd.square_root(dd.pair(x)))
    assert abs(root * root - Fraction(x)) <= Fraction(x) * Fraction(2) ** -99


@pytest.mark.parametrize(
    ("function", "reference", "inputs"),
    [
        (dd.exponential, lambda x: x.exp(), np.concatenate([np.linspace(-690, 690, 997), np.geomspace(1e-20, 1, 50)])),
        (dd.logarithm, lambda x: x.log().exp(), np.concatenate([np.geomspace(1e-280, 1e280, 997), [1 + 2.0**-52, 1]])),
    ],
)
def test_exponential_and_logarithm_keep_22_digits(
    function: Callable[[dd.DoubleDouble], dd.DoubleDouble], reference: Callable[[arb], arb], inputs: np.ndarray
) -> None:
    values = function(dd.pair(inputs, inputs * 1e-17 * np.sin(inputs)))
    for i, x in enumerate(inputs):
        given_pair = dd.pair(inputs[i], inputs[i] * 1e-17 * np.sin(inputs[i]))
        found = dd.DoubleDouble(values.high[i], values.low[i])
        image = (lambda f=found: ball(f).exp()) if function is dd.logarithm else (lambda f=found: ball(f))
        gap = tight(lambda g=given_pair, f=image: f() / reference(ball(g)) - 1)
        assert abs(gap) < 1.5e-22, x


def test_powers_keep_20_digits() -> None:
    radius, exponent = np.meshgrid(np.geomspace(1e-6, 1e6, 41), [0.3, 1.0, 2.0, 2.7, 11.0, 40.0])
    values = dd.power(dd.pair(radius), exponent)
    for at in np.ndindex(radius.shape):
        found = dd.DoubleDouble(values.high[at], values.low[at])
        gap = tight(lambda f=found, i=at: ball(f) / arb(radius[i]) ** arb(exponent[i]) - 1)
        assert abs(gap) < 1e-22 * (1 + exponent[at])


def test_first_coefficients_of_temme() -> None:
    """DLMF 8.12.(11), (13) to (15)."""
    assert inverse_excess(4)[:4] == [Fraction(-1, 3), Fraction(1, 12), Fraction(-2, 135), Fraction(1, 864)]
    heads = [row[0] for _, row in coefficients()]
    assert heads[1:3] == pytest.approx([-1 / 540, 25 / 6048], rel=1e-15)


def regularised(order: float, excess: float) -> arb:
    """P below the order, Q above it, over exp(-a phi)/sqrt(2 pi a)."""
    a, ratio = arb(order), 1 + arb(excess)
    part = arb.gamma_lower if excess < 0 else arb.gamma_upper
    phi = ratio - 1 - ratio.log()
    return part(a * ratio, a, regularized=1) * (a * phi).exp() * (2 * arb.pi() * a).sqrt()


@pytest.mark.parametrize("order", [64.0, 100.0, 1000.0])
@pytest.mark.parametrize("excess", [-0.5, -0.1, -(2.0**-40), 0.0, 2.0**-40, 0.3, 1 - 2.0**-53])
def test_the_expansion_is_accurate_up_to_its_seams(order: float, excess: float) -> None:
    core, _ = bracket(np.array([order]), np.array([excess]))
    assert abs(tight(lambda: regularised(order, excess) / arb(float(core[0])) - 1)) < 1e-15


@pytest.mark.parametrize("sign", [-1, 1])
def test_divergence_keeps_relative_precision(sign: int) -> None:
    for mu in np.geomspace(1e-9, 0.5 if sign < 0 else 1.0, 60) * sign:
        value = float(divergence(np.array([mu]))[0])

        def gap(mu: float = float(mu), value: float = value) -> arb:
            return arb(value) / (arb(mu) - (1 + arb(mu)).log()) - 1

        assert abs(tight(gap)) < 1e-15
    assert math.sqrt(2 * float(divergence(np.array([1.0]))[0])) <= LARGEST_ETA
