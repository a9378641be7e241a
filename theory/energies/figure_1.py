"""Figure 1: is the MCHN energy of its own patterns convex, as the remark on the regularisers says?

The three patterns of the figure are written as polynomials in their number, exact rationals throughout.
"""

import sympy as sp

from theory.claim import Claim, Relation, Source
from theory.domain import Domain, Family, Range
from theory.energies.mchn import mchn
from theory.notation import d, i, k, n, rho, weight, x, y

PLANE = ((sp.Integer(-2), sp.Rational(-1, 2)), (sp.Rational(1, 5), sp.Rational(-3, 10)), (sp.Rational(3, 2),) * 2)


def numbered(values: tuple[sp.Expr, ...]) -> sp.Expr:
    """The polynomial in i that takes these values at i = 1, 2, ..."""
    points = list(enumerate(values, 1))
    return sp.expand(sp.interpolate(points, i))


first, second = (numbered(column) for column in zip(*PLANE, strict=True))
pattern = (2 - k) * first + (k - 1) * second  # coordinate k of pattern i


def at_patterns(expr: sp.Expr) -> sp.Expr:
    """An expression in the patterns, at those of the figure."""
    fixed = expr.subs({d: 3, n: 2})
    return fixed.replace(lambda e: isinstance(e, sp.Indexed) and e.base == rho, lambda _: pattern)


energy = at_patterns(mchn(x, sp.Integer(1)))


def _at(point: sp.Expr) -> sp.Expr:
    return energy.replace(lambda e: e == x[k], lambda _: point)


convexity = Claim(
    id="mchn.figure_1.convexity",
    title="the MCHN energy of the patterns of Figure 1 is convex",
    lhs=_at(weight * x[k] + (1 - weight) * y[k]),
    relation=Relation.LE,
    rhs=weight * energy + (1 - weight) * _at(y[k]),
    domain=Domain.of(Range(weight, 0, 1), Family(x, (2,)), Family(y, (2,))),
    source=Source("Figure 1"),
    reading="beta = 1, the patterns (-2, -0.5), (0.2, -0.3), (1.5, 1.5)",
)
