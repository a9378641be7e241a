"""Is the MCHN energy convex?  Not in general; it is where the patterns are close for their temperature.

LSE along a step bends by at most an eighth of the squared spread of the step (``lse.curvature.ceiling``); the spread of
the overlaps is at most the diameter of the pattern set times the length of the step, by Cauchy and Schwarz.  The
quadratic regulariser outweighs that where beta times the squared diameter is at most 4.
"""

import sympy as sp

from theory.atoms import IndexMax, IndexMin
from theory.claim import Claim, Relation, Source, Step
from theory.domain import Condition, Domain, Family, Range, positive, size
from theory.energies.mchn import mchn, overlap
from theory.energies.nearest import over_d, over_n, patterns
from theory.notation import beta, d, i, j, k, n, rho, u, v, weight, x, y
from theory.rules import (
    Assume,
    Cancel,
    Combine,
    ExtremumAttained,
    ExtremumMember,
    Generic,
    Justification,
    Lemma,
    Product,
    Scale,
    Sight,
    Square,
    SumMonotone,
)

LE = Relation.LE

cauchy_schwarz = Claim(
    id="vectors.product.ceiling",
    title="Cauchy-Schwarz",
    lhs=sp.Sum(x[k] * y[k], over_n) ** 2,
    relation=LE,
    rhs=sp.Sum(x[k] ** 2, over_n) * sp.Sum(y[k] ** 2, over_n),
    domain=Domain.of(size(n), Family(x, (n,)), Family(y, (n,))),
    source=Source("lemma", "", "Majorant"),
    steps=(
        Step(
            LE,
            sp.Sum(x[k] ** 2, over_n) * sp.Sum(y[k] ** 2, over_n),
            Combine(
                (
                    (
                        sp.Rational(1, 2),
                        SumMonotone(k, 1, n, SumMonotone(j, 1, n, Square(x[k] * y[j] - x[j] * y[k]))),
                    ),
                )
            ),
            "Lagrange's identity: half the sum of the squared minors",
        ),
    ),
)

mixture = weight * mchn(x) + (1 - weight) * mchn(y)


def mixed(point_free: sp.Expr) -> sp.Expr:
    """An expression in x at the mixture ``weight x + (1 - weight) y``."""
    return point_free.replace(lambda e: e == x[k], lambda _: weight * x[k] + (1 - weight) * y[k])


segment = patterns & Domain.of(Family(x, (n,)), Family(y, (n,)), Range(weight, 0, 1), positive(beta))

convexity = Claim(
    id="mchn.energy.convexity",
    title="the MCHN energy is convex",
    lhs=mixed(mchn(x)),
    relation=LE,
    rhs=mixture,
    domain=segment,
    source=Source("Appendix C, remark on the regularisers"),
    reading="for every set of patterns and every inverse temperature",
)

# q_i = rho_i^T (x - y) has spread at most 2 ||x - y|| / sqrt(beta)

across = sp.Sum(rho[i, k] * (x[k] - y[k]), over_n)
across_j = across.subs(i, j)
highest, lowest = IndexMax(across, over_d), IndexMin(across, over_d)
length = sp.Sum((x[k] - y[k]) ** 2, over_n)
_length_nonnegative = SumMonotone(k, 1, n, Square(x[k] - y[k]))

_pair = Combine(
    (
        (
            1,
            Product(
                Sight(beta),
                Lemma("vectors.product.ceiling", at=((x, ((k,), rho[i, k] - rho[j, k])), (y, ((k,), x[k] - y[k])))),
            ),
        ),
        (1, Product(Assume(0, (i, j)), _length_nonnegative)),
    )
)
_from_highest = ExtremumAttained(highest, u, 4 * length - beta * (u - across_j) ** 2, _pair)
_spread_bounded = ExtremumAttained(
    IndexMin(across_j, (j, 1, d)), v, 4 * length - beta * (highest - v) ** 2, _from_highest
)


def _bend(end: sp.IndexedBase, factor: Justification, low: sp.Expr, high: sp.Expr) -> Lemma:
    """``LSE`` at an end of the segment against its tangent at the mixture."""
    extrema = (lowest, highest) if end is x else (highest, lowest)
    steps = tuple(Generic((over_d,), Product(factor, ExtremumMember(extremum, i))) for extremum in extrema)
    scores = ((n, d), (x, ((i,), mixed(beta * overlap(x)))), (y, ((i,), beta * overlap(end))))
    bounds = (sp.Symbol("low", real=True), low), (sp.Symbol("high", real=True), high)
    return Lemma("lse.curvature.ceiling", at=(*scores, *bounds), given=steps)


_rest, _part = Sight(1 - weight), Sight(weight)
_towards_x = _bend(x, Product(_rest, Sight(beta)), (1 - weight) * beta * lowest, (1 - weight) * beta * highest)
_towards_y = _bend(y, Product(_part, Sight(beta)), -weight * beta * highest, -weight * beta * lowest)
_chord = Combine(((1, Product(_part, _towards_x)), (1, Product(_rest, _towards_y))))
_quadratic = beta * weight * (1 - weight) * (highest - lowest) ** 2 / 8

convexity_when_close = Claim(
    id="mchn.energy.convexity_when_close",
    title="the MCHN energy is convex where beta times the squared diameter of the patterns is at most 4",
    lhs=mixed(mchn(x)),
    relation=LE,
    rhs=mixture,
    domain=segment
    & Domain.of(Condition(beta * sp.Sum((rho[i, k] - rho[j, k]) ** 2, over_n), LE, 4, forall=((i, 1, d), (j, 1, d)))),
    source=Source("Appendix C, remark on the regularisers, amended"),
    amends=("mchn.energy.convexity", "mchn.figure_1.convexity"),
    steps=(
        Step(
            LE,
            mixture,
            Combine(
                (
                    (1, Product(Sight(1 / beta), _chord)),
                    (-1, Scale(_quadratic, Cancel(beta, Sight(beta)))),
                    (sp.Rational(1, 8), Product(Product(_part, _rest), _spread_bounded)),
                )
            ),
            "LSE bends by at most beta^2 spread^2 / 8; the quadratic bends more",
        ),
    ),
)
