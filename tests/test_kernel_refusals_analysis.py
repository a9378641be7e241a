"""The rules of derivatives and integrals: the false statements that their side conditions keep out."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from kernel_facts import (
    AWAY,
    BALL,
    BALLS,
    EMPTY,
    HALF,
    ROWS,
    THREE,
    TWO,
    apart,
    apart_from_1,
    between,
    equal,
    given,
    granted,
    i,
    j,
    m,
    n,
    point,
    remainder,
    t,
    truth,
    u,
    v,
    weakened,
    x,
)

from validation.kernel import rules as K  # noqa: N812 - short for the many calls below
from validation.kernel.calculus import differentiate
from validation.kernel.context import Context, Hyp
from validation.kernel.fact import Fact
from validation.kernel.normal import bind, exp, inv, log
from validation.kernel.terms import ONE, ZERO, Poly, Refused, const, elem, var

s = var("s")


def slopes() -> dict[str, Callable[[], Fact]]:
    """A start, a slope, and what they are taken for."""
    slope, zero, scalar = K.sight(TWO, EMPTY), K.identity(ZERO, ZERO, EMPTY), Hyp(u, ">=")
    return {
        "a derivative by an integer": lambda: K.derivative_sign("n", ZERO, n, zero, truth(), False, EMPTY),
        "a start that moves: u >= u + 1": lambda: K.derivative_sign("u", u, u, given(u), truth(), False, EMPTY),
        "a start under a hypothesis on the variable": lambda: K.derivative_sign(
            "u", ZERO, u, K.combine([(Fraction(1), zero), (Fraction(0), given(u))], EMPTY), truth(), False, EMPTY
        ),
        "a term that is negative at the start: u - 1 >= 0": lambda: K.derivative_sign(
            "u", ZERO, u - ONE, zero, truth(), False, EMPTY
        ),
        "the slope of another term: -u >= 0": lambda: K.derivative_sign("u", ZERO, -u, zero, truth(), False, EMPTY),
        "strictly from a slope of 0: 0 > 0": lambda: K.derivative_sign("u", ZERO, ZERO, zero, zero, True, EMPTY),
        "a slope that is positive beyond 5 only: u*u - 10*u >= 0 at 6": lambda: K.derivative_sign(
            "u", ZERO, u * u - u.scaled(Fraction(10)), zero, given(u + u - const(10)), False, EMPTY
        ),
        "a slope at one point only": lambda: K.derivative_sign(
            "u", ZERO, u * u - u - u, zero, K.scale(TWO, given(u - ONE, "=="), EMPTY), False, EMPTY
        ),
        "a maximum is not differentiable": lambda: K.derivative_sign(
            "u", ZERO, K.greatest_member([u, v], 0, EMPTY).gap, zero, slope, False, EMPTY
        ),
        "a variable of which the context speaks": lambda: K.derivative_sign(
            "u", ZERO, u + u, zero, slope, False, Context([scalar])
        ),
    }


def regions() -> dict[str, Callable[[], Fact]]:
    """Integrals of gaps and of sums."""
    ctx_i = between("i", ONE, n)
    return {
        "a discontinuous gap over a region": lambda: K.region_monotone(
            "p", BALL, K.inverse_positive(given(point(), ">"), EMPTY), EMPTY
        ),
        "1/p over an interval": lambda: K.region_monotone("p", BALL, granted(inv(point())), EMPTY),
        "a gap at one point": lambda: K.region_monotone("p", BALL, given(point()), EMPTY),
        "a region that moves with the index": lambda: K.region_sum("p", (i, ZERO, ONE), "i", ONE, n, ONE, EMPTY),
        "a discontinuous sum over a region": lambda: K.region_sum("p", BALL, "i", ONE, n, inv(point()), EMPTY),
        "a region where the context knows the index": lambda: K.region_sum("p", BALL, "i", ONE, n, point(), ctx_i),
    }


def limits() -> dict[str, Callable[[], Fact]]:
    """Functions that do not tend to 0 at 0, or whose slope is used where it is not known."""
    beyond = Context([Hyp(t, ">")])
    along, upto = bind("moment", "s", ONE, t, exp(-s, EMPTY), EMPTY), Hyp(x(i) - t, ">=", ("i",))

    indexed = K.combine([(Fraction(1), K.exp_positive(-t, EMPTY)), (Fraction(0), K.assume(upto, EMPTY, (ONE,)))], EMPTY)

    def falls(term: Poly, slope: Fact, start: Poly = ZERO, ctx: Context = EMPTY) -> Callable[[], Fact]:
        return lambda: K.derivative_sign("t", start, term, None, slope, False, ctx)

    def grows(term: Poly) -> Callable[[], Fact]:
        return falls(term, granted(differentiate(term, "t", beyond)))

    return {
        "t - 1 tends to 0": grows(t - ONE),
        "1 tends to 0": grows(ONE),
        "t exp(1/t) tends to 0": grows(t * exp(inv(t), EMPTY)),
        "t log t tends to 0, which is not seen": grows(t * log(t, beyond)),
        "exp(log(t)) t**-1 tends to 0": grows(exp(log(t, beyond), EMPTY) * inv(t)),
        "t**0 tends to 0": grows(exp(ZERO * log(t, beyond), EMPTY)),
        "t**u tends to 0 for every u": grows(exp(u * log(t, beyond), beyond)),
        "t**(t - 1) tends to 0": grows(exp((t - ONE) * log(t, beyond), beyond)),
        "exp(log t + 1/t) tends to 0": grows(exp(log(t, beyond).scaled(HALF) + inv(t), beyond)),
        "exp(t log t) tends to 0": grows(exp(t * log(t, beyond), EMPTY)),
        "exp(t) tends to 0": grows(exp(t, EMPTY)),
        "exp(log(1 + t)/2) tends to 0": grows(exp(log(ONE + t, beyond).scaled(HALF), EMPTY)),
        "a moment up to 1 + t tends to 0": grows(bind("moment", "s", ONE, ONE + t, ONE, EMPTY)),
        "a moment up to u tends to 0": grows(bind("moment", "s", ONE, u, ONE, EMPTY)),
        "from 1 on, as if 1 were 0": falls(along, granted(differentiate(along, "t", beyond)), ONE),
        "a moment of order u": falls(bind("moment", "s", u, t, ONE, EMPTY), truth()),
        "a moment of order t": falls(bind("moment", "s", t, t, ONE, EMPTY), truth()),
        "a moment of a function of t": falls(bind("moment", "s", ONE, t, exp(-s * t, EMPTY), EMPTY), truth()),
        "a moment of 1/s": falls(bind("moment", "s", ONE, t, inv(s), EMPTY), truth()),
        "a moment of exp(1/s)": falls(bind("moment", "s", ONE, t, exp(inv(s), EMPTY), EMPTY), truth()),
        "a moment of max(s, 1), which is not seen": falls(
            bind("moment", "s", ONE, t, K.greatest_member([s, ONE], 0, EMPTY).gap, EMPTY), truth()
        ),
        "a slope from t = 0 on": falls(along, weakened(K.exp_positive(-t, EMPTY), t)),
        "a slope at t = 1 only": falls(along, weakened(K.exp_positive(-t, EMPTY), t - ONE, "==")),
        "a slope at the end t = 1 only": falls(along, weakened(K.exp_positive(-t, EMPTY), ONE - t, "==")),
        "a slope where a family is large": falls(along, indexed),
        "a slope where the context knows t": falls(along, K.exp_positive(-t, EMPTY), ZERO, beyond),
        "t**2 >= t, by a slope beyond 1/2": falls(t * t - t, K.combine([(Fraction(2), given(t - const(HALF)))], EMPTY)),
    }


def balls() -> dict[str, Callable[[], Fact]]:
    """Integrals over balls: what must hold before they may be taken apart."""

    def taken(
        body: Poly = ONE, profile: Poly = ONE, shape: tuple[Poly, ...] = BALLS, rows: tuple[str, str] = ROWS,
        away: Fact | None = None, same: Fact | None = None, ctx: Context = EMPTY, name: str = "t",
    ) -> Callable[[], Fact]:  # fmt: skip
        shown = same or equal(body, profile)
        return lambda: K.disjoint_balls("p", shape, rows, name, body, profile, away or apart(), shown, ctx)

    centres, distance = x(var("#r0", True)), (point() - x(i)) * (point() - x(i)) - t * t
    return {
        "polar coordinates in 1/2 dimension": lambda: K.polar_coordinates("t", const(HALF), ONE, truth(), EMPTY),
        "polar coordinates in n >= 0 dimensions": lambda: K.polar_coordinates("t", n, ONE, truth(), EMPTY),
        "polar coordinates up to u >= 0": lambda: K.polar_coordinates("t", ONE, ONE, given(u), EMPTY),
        "polar coordinates up to their own variable": lambda: K.polar_coordinates("t", ONE, ONE, given(t, ">"), EMPTY),
        "polar coordinates where the context knows the variable": lambda: K.polar_coordinates(
            "t", ONE, ONE, truth(), Context([Hyp(t, ">")])
        ),
        "polar coordinates of 1/t": lambda: K.polar_coordinates("t", ONE, inv(t), truth(), EMPTY),
        "polar coordinates of 1/(t + u)": lambda: K.polar_coordinates("t", ONE, inv(t + u), truth(), EMPTY),
        "polar coordinates of integers": lambda: K.polar_coordinates("n", ONE, n * n, truth(), EMPTY),
        "polar coordinates of log t": lambda: K.polar_coordinates("t", ONE, log(t, EMPTY), truth(), EMPTY),
        "balls of one size": taken(shape=BALL),
        "balls of three sizes": taken(shape=(u, centres, TWO, TWO, ONE)),
        "a discontinuous integrand": taken(inv(point()), ONE),
        "balls that touch": taken(away=granted(AWAY)),
        "balls that are apart for one pair": taken(away=given(AWAY, ">")),
        "balls that are apart for later rows": taken(away=weakened(granted(AWAY, ">"), i - TWO)),
        "balls of other radii": taken(away=granted((x(j) - x(i)) * (x(j) - x(i)) - u * u, ">")),
        "an integrand that is at least its profile": taken(ONE, ZERO, same=truth()),
        "an integrand that has another profile": taken(profile=t, same=equal(ONE, TWO)),
        "a profile at one distance": taken(same=weakened(equal(ONE, ONE), t - ONE, "==")),
        "a profile at one point": taken(same=weakened(equal(ONE, ONE), point() - ONE, "==")),
        "a profile on the whole line": taken(same=weakened(equal(ONE, ONE), distance + ONE, "==")),
        "a profile within a smaller radius": taken(same=weakened(equal(ONE, ONE), u.scaled(HALF) - t)),
        "a profile of integers": taken(ONE, n, name="n"),
        "a profile that moves with the point": taken(point(), point()),
        "a profile of the other row": taken(ONE, j),
        "an integrand that moves with the row": taken(i * point(), i * t),
        "an integrand that moves with the distance": taken(t, t),
        "two rows of one name": taken(rows=("i", "i"), away=granted(-(u + u) * (u + u), ">")),
        "a distance named like a row": taken(name="i"),
        "a context that knows the point": taken(ctx=Context([Hyp(point(), ">=")])),
        "a context that knows the row": taken(ctx=Context([Hyp(i, ">=")])),
        "centres that move with the point": taken(
            ONE, ONE + t * t, (u, elem("p", (var("#r1", True),)), ONE, ONE), away=lone(), same=given(-t * t, "==")
        ),
        "rows named like a generic index": taken(rows=("#r0", "j"), away=granted(AWAY, ">")),
        "a radius that depends on the coordinate": taken(shape=(var("#r1", True), centres, TWO, ONE)),
        "a count of coordinates that depends on the row": taken(
            shape=(u, centres, TWO, var("#r0", True)), away=granted(AWAY, ">")
        ),
        "a sum over the generic index": lambda: K.region_sum("p", BALL, "#r0", ONE, n, exp(point(), EMPTY), EMPTY),
        "n (n - 1) >= 0 over an interval": lambda: K.region_monotone(
            "p", (const(HALF), const(HALF), ONE), apart_from_1(elem("p", (ONE,), True)), EMPTY
        ),
    }


def lone() -> Fact:
    """One ball has no second: what is asked of the second holds."""
    only = Context([*K.spans("i", ONE, ONE), *K.spans("j", i + ONE, ONE)])
    second = K.combine([(Fraction(1), K.sight(gap, only)) for gap in (i - ONE, j - i - ONE, ONE - j)], only)
    return granted(-(u + u) * (u + u), ">", second)


def others() -> dict[str, Callable[[], Fact]]:
    """Integers in cases, and steps along x, x + 1, x + 2, ..."""
    zero = K.identity(ZERO, ZERO, EMPTY)
    down = granted(remainder(t) - remainder(t + ONE))
    return {
        "real numbers in cases": lambda: apart_from_1(u),
        "an integer against a real number": lambda: K.integer_cases("v", n, u, ZERO, zero, zero, zero, EMPTY),
        "cases of another term": lambda: K.integer_cases("v", n, m, v, given(n), given(n), given(n), EMPTY),
        "cases without the equal one": lambda: K.integer_cases("v", n, m, v, given(n), given(n), zero, EMPTY),
        "cases without the one above": lambda: K.integer_cases("v", n, m, v, zero, given(n), given(m), EMPTY),
        "cases without the one below": lambda: K.integer_cases("v", n, m, v, given(n), zero, given(m), EMPTY),
        "Stirling with another error": lambda: K.stirling("t", HALF, 1, down, EMPTY),
        "Stirling from below": lambda: K.stirling("t", Fraction(0), -1, down, EMPTY),
        "Stirling twice": lambda: K.stirling("t", Fraction(0), 2, down, EMPTY),
        "Stirling backwards": lambda: K.stirling(
            "t", Fraction(0), 1, granted(remainder(t + ONE) - remainder(t)), EMPTY
        ),
        "Stirling from steps beyond 5": lambda: K.stirling("t", Fraction(0), 1, weakened(down, t - THREE), EMPTY),
        "Stirling from steps before 5": lambda: K.stirling("t", Fraction(0), 1, weakened(down, THREE - t), EMPTY),
        "Stirling where the context knows the variable": lambda: K.stirling(
            "t", Fraction(0), 1, down, Context([Hyp(t, ">")])
        ),
        "Stirling at integers": lambda: K.stirling(
            "n", Fraction(0), 1, granted(remainder(n) - remainder(n + ONE)), EMPTY
        ),
        "a value for a generic index": lambda: K.instance(given(u), {"u": ONE, "#r0": ONE}, EMPTY),
    }


REFUSALS = {**slopes(), **regions(), **limits(), **balls(), **others()}


@pytest.mark.parametrize("name", REFUSALS)
def test_the_kernel_refuses(name: str) -> None:
    with pytest.raises(Refused):
        REFUSALS[name]()
