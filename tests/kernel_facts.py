"""Terms, contexts and facts that the tests of the rules share."""

from __future__ import annotations

import inspect
from fractions import Fraction

from validation.kernel import rules as K  # noqa: N812 - short for the many calls below
from validation.kernel.context import Context, Hyp
from validation.kernel.fact import Fact
from validation.kernel.terms import ONE, Poly, const, elem, var

RULES = {name: f for name, f in vars(K).items() if inspect.isfunction(f) and hasattr(f, "__wrapped__")}

EMPTY = Context()
HALF = Fraction(1, 2)
u, v, t = var("u"), var("v"), var("t")
n, m, i, j, k = (var(name, integer=True) for name in "nmijk")
TWO, THREE = const(2), const(3)
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


def between(name: str, lower: Poly, upper: Poly) -> Context:
    return Context(K.spans(name, lower, upper))
