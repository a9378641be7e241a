"""Terms, contexts and facts that the tests of the rules share."""

from __future__ import annotations

import inspect
from fractions import Fraction

from validation.kernel import rules as K  # noqa: N812 - short for the many calls below
from validation.kernel.context import Context, Hyp
from validation.kernel.fact import Fact
from validation.kernel.normal import exp, gamma, inv, log
from validation.kernel.terms import ONE, ZERO, Atom, Poly, const, elem, of, var

RULES = {name: f for name, f in vars(K).items() if inspect.isfunction(f) and hasattr(f, "__wrapped__")}

EMPTY = Context()
HALF = Fraction(1, 2)
u, v, t = var("u"), var("v"), var("t")
n, m, i, j, k = (var(name, integer=True) for name in "nmijk")
TWO, THREE, PI = const(2), const(3), of(Atom("const", "pi"))
FROM_1 = Context([Hyp(n - ONE, ">=")])
FROM_2 = Context([Hyp(n - TWO, ">=")])
BALL = (ONE, const(-3), ONE)  # the interval from -4 to -2


def x(index: Poly) -> Poly:
    return elem("x[]", (index,))


def point(name: str = "p") -> Poly:
    return elem(name, (ONE,))


def family(name: str, index: str = "q", within: tuple[Poly, Poly] | None = None) -> Hyp:
    """The hypothesis that all entries of a family are nonnegative."""
    gap = elem(name, (var(index, integer=True),))
    return Hyp(gap, ">=", (index,), None if within is None else (within,))


def truth(value: int = 1) -> Fact:
    """``value > 0``, for a positive integer."""
    return K.sight(const(value), EMPTY)


def given(gap: Poly, relation: str = ">=") -> Fact:
    """A fact under itself."""
    return K.assume(Hyp(gap, relation), EMPTY)


def granted(gap: Poly, relation: str = ">=", absurd: Fact | None = None) -> Fact:
    """Anything, from a proof of ``-1 >= 0``: if none is given, from a hypothesis that speaks of no variable."""
    false, half = absurd or given(const(-1)), gap.scaled(HALF)
    up, down = K.square(half + const(HALF), EMPTY), K.square(half - const(HALF), EMPTY)
    parts = [up, K.product(down, false, EMPTY), *([truth(), false] if relation == ">" else [])]
    return K.combine([(Fraction(1), part) for part in parts], EMPTY)


def equal(left: Poly, right: Poly) -> Fact:
    """An equation, from a hypothesis that speaks of no variable."""
    return K.antisymmetry(granted(left - right), granted(right - left), EMPTY)


def weakened(fact: Fact, gap: Poly, relation: str = ">=") -> Fact:
    """The same fact under one more hypothesis."""
    return K.combine([(Fraction(1), fact), (Fraction(0), given(gap, relation))], EMPTY)


def between(name: str, lower: Poly, upper: Poly) -> Context:
    return Context(K.spans(name, lower, upper))


def remainder(at: Poly, error: Fraction = Fraction(0)) -> Poly:
    """``log Gamma(x) - (x - 1/2) log x + x - log(2 pi)/2 - error/x``, written out for a positive variable."""
    beyond = Context([Hyp(var(name), ">") for name in at.free])
    pi = log(TWO, EMPTY) + log(PI, EMPTY)
    main = (at - const(HALF)) * log(at, beyond) - at + pi.scaled(HALF)
    return log(gamma(at, beyond), beyond) - main - inv(at).scaled(error)


def sphere(dimension: Poly) -> Poly:
    """The area of the unit sphere, ``2 pi**(n/2) / Gamma(n/2)``."""
    half = dimension.scaled(HALF)
    return exp(half * log(PI, EMPTY), EMPTY).scaled(Fraction(2)) * inv(gamma(half, FROM_1))


def apart_from_1(number: Poly) -> Fact:
    """``n (n - 1) >= 0`` for every integer: beyond 1, below 1 and at 1."""
    ahead, behind = Context([Hyp(number - TWO, ">=")]), Context([Hyp(-number, ">=")])
    step = K.combine([(Fraction(1), K.sight(number - TWO, ahead)), (Fraction(1), truth())], ahead)
    more = K.combine([(Fraction(1), K.sight(number - TWO, ahead)), (Fraction(2), truth())], ahead)
    less = K.combine([(Fraction(1), K.sight(-number, behind)), (Fraction(1), truth())], behind)
    above, below = K.product(step, more, ahead), K.product(K.sight(-number, behind), less, behind)
    return K.integer_cases("v", number, ONE, v * v - v, above, below, K.identity(ZERO, ZERO, EMPTY), EMPTY)


ROWS = ("i", "j")
BALLS = (u, elem("x[]", (var("#r0", True),)), TWO, ONE)  # two intervals of length 2 u around x_1 and x_2
AWAY = (x(j) - x(i)) * (x(j) - x(i)) - (u + u) * (u + u)


def apart() -> Fact:
    """The two intervals do not meet."""
    hyp = Hyp(AWAY, ">", ROWS, ((ONE, TWO), (i + ONE, TWO)))
    ctx = Context([*K.spans("i", ONE, TWO), *K.spans("j", i + ONE, TWO)])
    ends = [(K.sight(a, ctx), K.sight(b, ctx)) for a, b in ((i - ONE, TWO - i), (j - i - ONE, TWO - j))]
    return K.assume(hyp, ctx, (i, j), ends)


def near(radius: Poly = u) -> tuple[Hyp, Hyp, Hyp]:
    """The point p lies at the distance t from x_i, at most the radius."""
    return Hyp(t, ">="), Hyp((point() - x(i)) * (point() - x(i)) - t * t, "=="), Hyp(radius - t, ">=")
