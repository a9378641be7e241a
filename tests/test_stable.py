"""The log-domain functions against ball arithmetic, on random and adversarial grids."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import stable_referee as referee
from flint import acb, arb
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import gammainc, gammaln

from numerics import stable

BOUND = 1e-13  # of max(1, |result|); no allowance for the terms that cancel
Point = tuple[float, ...]
Case = tuple[Callable[..., object], Callable[..., arb]]

GAMMA: dict[str, Case] = {
    "log_lower_gamma": (stable.log_lower_gamma, referee.log_lower),
    "log_lower_gamma_slope": (stable.log_lower_gamma_slope, referee.lower_slope),
    "log_upper_gamma": (stable.log_upper_gamma, referee.log_upper),
    "log_upper_gamma_slope": (stable.log_upper_gamma_slope, referee.upper_slope),
}
BALL: dict[str, Case] = {
    "log_ball_volume": (lambda n, r, p: stable.log_ball_volume(n, r), lambda n, r, p: referee.log_volume(n, r)),
    "log_ball_volume_slope": (lambda n, r, p: stable.log_ball_volume_slope(n, r), lambda n, r, p: n / r),
    "log_ball_mass": (stable.log_ball_mass, referee.log_mass),
    "log_ball_mass_slope": (stable.log_ball_mass_slope, referee.mass_slope),
    "log_critical_patterns": (
        lambda n, r, p: stable.log_critical_patterns(n, p),
        lambda n, r, p: -referee.log_mass(n, referee.reference_radius(n), p),
    ),
    "log_critical_patterns_slope": (
        lambda n, r, p: stable.log_critical_patterns_slope(n, p, r),
        lambda n, r, p: -referee.mass_slope(n, r, p),
    ),
}


def judge(case: Case, points: list[Point]) -> None:
    """One array call for all points; each value against its own ball."""
    function, exact = case
    with np.errstate(all="raise"):
        values = np.asarray(function(*(np.array(column) for column in zip(*points, strict=True))))
    for value, point in zip(values, points, strict=True):
        found = referee.error(float(value), exact, *point)
        assert found <= BOUND, f"{point}: {float(value)!r} is off by {found:.1e} of max(1, |result|)"


def neighbours(value: float) -> list[float]:
    return [math.nextafter(value, 0), value, math.nextafter(value, math.inf)]


def random_gamma(count: int, seed: int) -> list[Point]:
    draw = np.random.default_rng(seed)
    points: list[Point] = []
    for _ in range(count):
        order = float(10 ** draw.uniform(-3, 7))
        middle = float(10 ** draw.uniform(1, 3))
        points += [
            (order, float(10 ** draw.uniform(-8, 8))),
            (order, float(order * 10 ** draw.uniform(-3, 0.3))),
            (order, float(abs(order + math.sqrt(order) * draw.normal() * draw.choice([0.1, 1, 5, 20])))),
            (middle, float(middle * draw.uniform(0.4, 2.2))),
            (0.5, float(10 ** draw.uniform(-2, 1))),
        ]
    return points


def adversarial_gamma() -> list[Point]:
    """Seams between the methods, the transition, tiny and huge arguments, and zeros of log Gamma(a, x)."""
    points: list[Point] = []
    orders = [
        5e-324,
        1e-310,
        1e-300,
        1e-100,
        1e-20,
        1e-8,
        0.1,
        *neighbours(0.5),
        0.501,
        *neighbours(1.0),
        *neighbours(2.0),
    ]
    orders += [*neighbours(10.0), 32.0, *neighbours(64.0), 171.5, 500.0, 1e4, 1e6, 1e7]
    for order in orders:
        seams = [value for seam in (1.0, 2.0, 8.0, order, 2 * order, order / 2) for value in neighbours(seam)]
        spread = [order + k * math.sqrt(order) for k in (-8, -4, -1, 1, 4, 8)]
        points += [(order, x) for x in [1e-280, 1e-20, 0.1, *seams, *spread, 1e3, 1e4, 1e8, 1e15, 1e100] if x > 1e-290]
    for order in (4.0, 20.0, 300.0, 12345.6, 1e6, 1e7):
        start = math.log(order)
        zero = math.exp(brentq(lambda t, a=order: a * t - math.exp(t), start, 3 * start + 3))
        points += [(order, zero), (order, zero * (1 + 1e-9)), (order, zero * 1.001)]
    return points


def random_ball(count: int, seed: int) -> list[Point]:
    draw = np.random.default_rng(seed)
    points: list[Point] = []
    for _ in range(count):
        n = float(round(10 ** draw.uniform(0, 7)))
        p = float(draw.choice([1, 2, draw.uniform(0.1, 8), 10 ** draw.uniform(-2, 2)]))
        mode = math.exp(max(-13.0, min(13.0, math.log(n / p) / p)))
        small = 10 ** draw.uniform(-8, 0)
        points += [
            (n, float(10 ** draw.uniform(-6, 6)), p),
            (n, float(abs(math.sqrt(n / (2 * math.pi * math.e)) * (1 + draw.normal() * small)) + 1e-6), p),
            (n, float(abs(mode * (1 + draw.normal() * small / math.sqrt(n))) + 1e-6), p),
        ]
    return points


def zero_of_mass(n: float, p: float) -> list[float]:
    """Radii around the one at which the mass is 1, if there is one."""

    def value(log_radius: float) -> float:
        return float(stable.log_ball_mass(n, math.exp(log_radius), p))

    if value(13.8) <= 0:
        return []
    zero = math.exp(brentq(value, -13.8, 13.8, xtol=1e-15))
    return [*neighbours(zero), zero * (1 + 1e-6), zero * 1.02]


def adversarial_ball() -> list[Point]:
    """n = 1 and 10^7, r**p over- and underflowing, volume and mass near 1, all the mass of space near 1."""
    points: list[Point] = []
    exponents = [1e-6, 0.01, 1.0, math.nextafter(1, 2), *neighbours(2.0), 2.0001, 2.5, math.pi, 7.0, 100.0, 1e4]
    for n in (1.0, 2.0, 16.0, 17.0, 21.0, 64.0, 128.0, 1000.0, 99999.0, 1e7):
        rho = math.sqrt(n / (2 * math.pi * math.e))
        for p in exponents:
            radii = [1e-6, *neighbours(1.0), 50.0, 1e6, *neighbours(rho), *zero_of_mass(n, p)]
            mode = math.log(n / p) / p
            if abs(mode) < 13:
                radii += [*neighbours(math.exp(mode)), math.exp(mode) * (1 + 2 / math.sqrt(n * p))]
            points += [(n, radius, p) for radius in radii]
    whole = brentq(lambda p: float(stable.log_ball_mass(1e7, math.inf, p)), 2.0, 3.0, xtol=1e-15)
    return [*points, *((1e7, 1e5, p) for p in neighbours(whole))]


@pytest.mark.parametrize("name", GAMMA)
def test_incomplete_gamma_functions_on_a_random_grid(name: str) -> None:
    judge(GAMMA[name], random_gamma(300, seed=20240513))


@pytest.mark.parametrize("name", GAMMA)
def test_incomplete_gamma_functions_on_an_adversarial_grid(name: str) -> None:
    judge(GAMMA[name], [point for point in adversarial_gamma() if not overflows(name, point)])


def overflows(name: str, point: Point) -> bool:
    """A slope is about order/cutoff or 1/cutoff at small cutoffs."""
    return name.endswith("slope") and point[1] < 1e-270


@pytest.mark.parametrize("name", BALL)
def test_balls_on_a_random_grid(name: str) -> None:
    judge(BALL[name], random_ball(400, seed=20240513))


@pytest.mark.parametrize("name", BALL)
def test_balls_on_an_adversarial_grid(name: str) -> None:
    points = adversarial_ball()
    judge(BALL[name], points if name.startswith(("log_ball_mass", "log_ball_volume")) else points[::7])


positive_reals = st.floats(-3, 7).map(lambda t: 10**t)


@settings(deadline=None)
@given(positive_reals, st.floats(-8, 8).map(lambda t: 10**t))
def test_incomplete_gamma_functions_anywhere(order: float, cutoff: float) -> None:
    for case in GAMMA.values():
        judge(case, [(order, cutoff)])


@settings(deadline=None)
@given(st.integers(1, 10**7), st.floats(-6, 6).map(lambda t: 10**t), st.sampled_from([0.5, 1.0, 2.0, 2.7, 11.0]))
def test_balls_anywhere(dimension: int, radius: float, exponent: float) -> None:
    for case in BALL.values():
        judge(case, [(float(dimension), radius, exponent)])


@pytest.mark.parametrize(("order", "cutoff"), [(50000.0, 3.0), (1e7, 9.8e6), (300.0, 1e-3)])
def test_no_wrong_value_where_scipy_underflows(order: float, cutoff: float) -> None:
    assert gammainc(order, cutoff) == 0
    value = float(stable.log_lower_gamma(order, cutoff))
    power = order * math.log(cutoff) - math.log(order)  # lower_gamma.power.ceiling; times exp(-x) it is a floor
    assert power - cutoff < value < power
    judge(GAMMA["log_lower_gamma"], [(order, cutoff)])


def test_the_referee_refuses_what_is_wrong() -> None:
    """Negative controls: the plain formula, a sum that SciPy stops early, and a value 2e-13 away."""
    naive = np.log(gammainc(1e7, 9.985e6)) + gammaln(1e7)
    assert not referee.error(float(naive), referee.log_lower, 1e7, 9.985e6) <= BOUND
    value = float(stable.log_lower_gamma(2.0, 3.0))
    assert referee.error(value + 2e-13, referee.log_lower, 2.0, 3.0) > BOUND
    big = float(stable.log_ball_mass(1000, 8.2, 2.0))
    assert referee.error(big + 2e-13, referee.log_mass, 1000.0, 8.2, 2.0) > BOUND
    n, r = 1e7, 765.179
    assert (
        referee.error(n / 2 * math.log(math.pi) + n * math.log(r) - gammaln(1 + n / 2), referee.log_volume, n, r)
        > BOUND
    )


@pytest.mark.parametrize(("order", "cutoff"), [(0.5, 0.7), (2.5, 1.0), (30.5, 40.0), (200.25, 190.0), (1000.5, 1040.0)])
def test_the_referee_agrees_with_the_library(order: float, cutoff: float) -> None:
    lower = referee.tight(lambda: arb(cutoff).gamma_lower(arb(order)).log())
    upper = referee.tight(lambda: arb(cutoff).gamma_upper(arb(order)).log())
    assert lower.overlaps(referee.tight(lambda: referee.log_lower(arb(order), arb(cutoff))))
    assert upper.overlaps(referee.tight(lambda: referee.log_upper(arb(order), arb(cutoff))))


@pytest.mark.parametrize(("n", "p"), [(3, 1), (2, 2), (5, 3)])
def test_the_referee_integrates_the_weight(n: int, p: int) -> None:
    radial = acb.integral(lambda t, _: t ** (n - 1) * (-(t**p)).exp(), 0, 2).real
    sphere = 2 * arb.pi() ** (arb(n) / 2) / (arb(n) / 2).gamma()
    gap = (sphere * radial).log() - referee.log_mass(arb(n), arb(2), arb(p))
    assert gap.contains(0)
    assert gap.rad() < 1e-12


def test_the_two_parts_add_up() -> None:
    order, cutoff = np.meshgrid(np.geomspace(0.01, 1e6, 60), np.geomspace(0.01, 1e6, 61))
    whole = np.logaddexp(stable.log_lower_gamma(order, cutoff), stable.log_upper_gamma(order, cutoff))
    np.testing.assert_allclose(whole, gammaln(order), rtol=1e-13, atol=1e-13)


def test_the_bracket_of_the_slope_holds() -> None:
    """``lower_gamma.bracket.ceiling``: gamma(a, x) (a - x) <= x**a exp(-x)."""
    order, cutoff = np.meshgrid(np.geomspace(0.01, 1e7, 60), np.geomspace(1e-6, 1e8, 61))
    slope = stable.log_lower_gamma_slope(order, cutoff)
    assert np.all((order - cutoff) / cutoff <= slope * (1 + 1e-14))


def test_limits() -> None:
    orders = np.array([0.5, 1, 3, 20, 100, 1e5])
    with np.errstate(all="raise"):
        assert np.all(stable.log_lower_gamma(orders, 0) == -np.inf)
        np.testing.assert_allclose(stable.log_lower_gamma(orders, np.inf), gammaln(orders), rtol=1e-15)
        np.testing.assert_allclose(stable.log_upper_gamma(orders, 0), gammaln(orders), rtol=1e-15)
        assert np.all(stable.log_upper_gamma(orders, np.inf) == -np.inf)
        assert np.all(stable.log_lower_gamma_slope(orders, 0) == np.inf)
        assert np.all(stable.log_lower_gamma_slope(orders, np.inf) == 0)
        assert stable.log_upper_gamma_slope(orders, 0).tolist() == [-np.inf, -1, 0, 0, 0, 0]
        assert np.all(stable.log_upper_gamma_slope(orders, np.inf) == -1)
        assert stable.log_ball_mass(3, 0) == stable.log_ball_volume(3, 0) == -np.inf
        assert float(stable.log_ball_mass(3, np.inf)) == pytest.approx(1.5 * math.log(math.pi), rel=1e-15)
        assert stable.log_ball_mass_slope(3, [0, np.inf]).tolist() == [np.inf, 0]
        assert stable.log_critical_patterns(3, 2.0, 0) == np.inf


def test_exponents_so_extreme_that_the_weight_is_a_step() -> None:
    """exp(-r**p) tends to exp(-1) as p falls to 0, to the indicator of r < 1 as p grows."""
    for n in (1, 7, 10**7):
        radius = np.array([1e-6, 0.5, 3.0, 1e6])
        volume = stable.log_ball_volume(n, radius)
        np.testing.assert_allclose(stable.log_ball_mass(n, radius, 1e-308), volume - 1, rtol=1e-14, atol=1e-14)
        step = np.minimum(volume, stable.log_ball_volume(n, 1.0))
        np.testing.assert_allclose(stable.log_ball_mass(n, radius, 1e300), step, rtol=1e-14, atol=1e-14)


def test_scalars_and_arrays_agree_and_broadcast() -> None:
    order, cutoff = np.array([[0.5], [70.0], [1e6]]), np.array([1e-3, 0.4, 65.0, 1e6, 2e7])
    for function, _ in GAMMA.values():
        table = np.asarray(function(order, cutoff))
        assert table.shape == (3, 5)
        assert table.dtype == np.float64
        single = [[float(function(float(a), float(x))) for x in cutoff] for a in order[:, 0]]
        np.testing.assert_allclose(table, single, rtol=1e-15)
    assert isinstance(stable.log_lower_gamma(2, 3), np.float64)
    assert np.shape(stable.log_ball_mass([], 1.0)) == (0,)
    assert np.asarray(stable.log_ball_mass(np.float32(3), np.int64(2), 1)).dtype == np.float64


def test_long_arrays_are_cut_without_a_seam() -> None:
    cutoff = np.geomspace(1e-3, 1e3, 300_001)
    whole = np.asarray(stable.log_lower_gamma(75.0, cutoff))
    np.testing.assert_allclose(whole[::1000], stable.log_lower_gamma(75.0, cutoff[::1000]), rtol=1e-15, atol=1e-15)
    dimension = np.full(300_001, 75.0)
    np.testing.assert_allclose(
        stable.log_ball_mass(dimension, cutoff), stable.log_ball_mass(75, cutoff), rtol=1e-14, atol=1e-14
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: stable.log_lower_gamma(-1.0, 2), r"order is -1\.0; allowed is a positive finite number"),
        (lambda: stable.log_lower_gamma([1, 2, np.nan], 2), "order is nan at index 2; .*mask missing values"),
        (lambda: stable.log_lower_gamma(np.inf, 2), "order is inf"),
        (lambda: stable.log_upper_gamma(1, [[1.0, -2.0]]), r"cutoff is -2\.0 at index \(0, 1\)"),
        (lambda: stable.log_upper_gamma(1, "x"), "cutoff is of type .*pass real numbers"),
        (lambda: stable.log_upper_gamma(1, 1j), "cutoff is of type complex128"),
        (lambda: stable.log_lower_gamma([1, 2], [1, 2, 3]), r"order has shape \(2,\), cutoff has shape \(3,\)"),
        (lambda: stable.log_ball_mass(2.5, 1), r"dimension is 2\.5; allowed is a whole number"),
        (lambda: stable.log_ball_volume(0, 1), r"dimension is 0\.0"),
        (lambda: stable.log_ball_volume(2, -1), r"radius is -1\.0"),
        (lambda: stable.log_ball_mass(2, 1, 0), r"exponent is 0\.0; .*p > 0"),
        (lambda: stable.log_critical_patterns(2, np.nan), "exponent is nan"),
        (lambda: stable.log_critical_patterns_slope(True, 1, 1), "dimension is of type bool"),
    ],
)
def test_bad_arguments_are_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_the_import_is_light() -> None:
    heavy = ("torch", "matplotlib", "flint", "mpmath")
    script = f"import sys, numerics.stable; print([m for m in {heavy} if m in sys.modules])"
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.strip() == "[]"
