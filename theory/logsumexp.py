"""LogSumExp: the lemmas of Appendix C, as printed and as they should be, and the tangent they rest on.

Everything follows from the tangent of the exponential: ``exp(u) >= 1 + u``.
"""

import sympy as sp

from theory.atoms import LSE, IndexMax, IndexMin
from theory.claim import Claim, Relation, Source, Step
from theory.domain import Condition, Domain, Family, Range, size
from theory.notation import i, j, n, step, u, v, weight, x, y
from theory.rules import (
    Assume,
    Combine,
    ExpPositive,
    ExpTangent,
    ExtremumIntro,
    ExtremumMember,
    Generic,
    Identity,
    Justification,
    Lemma,
    Product,
    Sight,
    SumMember,
    SumMonotone,
)

LEMMA = Source("lemma", "", "Majorant")
LE, LT, GE, GT, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.GT, Relation.EQ

over_i, over_j = (i, 1, n), (j, 1, n)
lse_x, lse_y = LSE(x[i], over_i), LSE(y[i], over_i)
minus_lse = -LSE(-x[i], over_i)
top, bottom = IndexMax(x[i], over_i), IndexMin(x[i], over_i)

vectors = Domain.of(size(n), Family(x, (n,)))
two_vectors = vectors & Domain.of(Family(y, (n,)))
at_least_two = Domain.of(size(n, 2), Family(x, (n,)))
mixing = Domain.of(Range(weight, 0, 1))


def reflected(low: sp.Expr, high: sp.Expr, proof: Justification, strictly: bool = False) -> Lemma:
    """``low <= high`` from a proof of ``exp(low) <= exp(high)``."""
    name = "exponential.order.reflected" + ("_strictly" if strictly else "")
    return Lemma(name, at=((u, low), (v, high)), given=(proof,))


def kept(low: sp.Expr, high: sp.Expr, proof: Justification) -> Lemma:
    """``exp(low) <= exp(high)`` from a proof of ``low <= high``."""
    return Lemma("exponential.order.kept", at=((u, low), (v, high)), given=(proof,))


# Lemma 2 and Lemma 3

maximum_ceiling = Claim(
    id="lse.maximum.ceiling",
    title="LSE is at most log n above the maximum",
    lhs=lse_x,
    relation=LE,
    rhs=top + sp.log(n),
    domain=vectors,
    source=Source("Lemma 2, upper half"),
    steps=(
        Step(
            LE,
            top + sp.log(n),
            reflected(lse_x, top + sp.log(n), SumMonotone(i, 1, n, kept(x[i], top, ExtremumMember(top, i)))),
            "n terms, each at most exp(max)",
        ),
    ),
)

maximum_strict_floor = Claim(
    id="lse.maximum.strict_floor",
    title="LSE is strictly above the maximum, for every n",
    lhs=top,
    relation=LT,
    rhs=lse_x,
    domain=vectors,
    source=Source("Lemma 2, lower half"),
)

_member = SumMember(sp.Sum(sp.exp(x[i]), over_i), i, ExpPositive(x[i]))

maximum_floor = Claim(
    id="lse.maximum.floor",
    title="LSE is at least the maximum",
    lhs=top,
    relation=LE,
    rhs=lse_x,
    domain=vectors,
    source=Source("Lemma 2, lower half, amended"),
    amends=("lse.maximum.strict_floor",),
    steps=(
        Step(LE, lse_x, ExtremumIntro(top, lse_x, (reflected(x[i], lse_x, _member),)), "one term is at most the sum"),
    ),
)

maximum_strict_floor_two = Claim(
    id="lse.maximum.strict_floor_from_two",
    title="LSE is strictly above the maximum for n >= 2",
    lhs=top,
    relation=LT,
    rhs=lse_x,
    domain=at_least_two,
    source=Source("Lemma 2, lower half, amended"),
    amends=("lse.maximum.strict_floor",),
    steps=(
        Step(
            LT,
            lse_x,
            ExtremumIntro(top, lse_x, (reflected(x[i], lse_x, _member, strictly=True),)),
            "with two terms or more, one positive term is less than the sum",
        ),
    ),
)

_negated = ((x, ((i,), -x[i])),)

minimum_floor = Claim(
    id="lse.minimum.floor",
    title="-LSE(-x) is at most log n below the minimum",
    lhs=bottom - sp.log(n),
    relation=LE,
    rhs=minus_lse,
    domain=vectors,
    source=Source("Lemma 3, lower half"),
    steps=(Step(LE, minus_lse, Lemma("lse.maximum.ceiling", at=_negated), "Lemma 2 at -x"),),
)

minimum_strict_ceiling = Claim(
    id="lse.minimum.strict_ceiling",
    title="-LSE(-x) is strictly below the minimum, for every n",
    lhs=minus_lse,
    relation=LT,
    rhs=bottom,
    domain=vectors,
    source=Source("Lemma 3, upper half"),
)

minimum_ceiling = Claim(
    id="lse.minimum.ceiling",
    title="-LSE(-x) is at most the minimum",
    lhs=minus_lse,
    relation=LE,
    rhs=bottom,
    domain=vectors,
    source=Source("Lemma 3, upper half, amended"),
    amends=("lse.minimum.strict_ceiling",),
    steps=(Step(LE, bottom, Lemma("lse.maximum.floor", at=_negated), "amended Lemma 2 at -x"),),
)

minimum_strict_ceiling_two = Claim(
    id="lse.minimum.strict_ceiling_from_two",
    title="-LSE(-x) is strictly below the minimum for n >= 2",
    lhs=minus_lse,
    relation=LT,
    rhs=bottom,
    domain=at_least_two,
    source=Source("Lemma 3, upper half, amended"),
    amends=("lse.minimum.strict_ceiling",),
    steps=(Step(LT, bottom, Lemma("lse.maximum.strict_floor_from_two", at=_negated), "amended Lemma 2 at -x"),),
)

# Order and Lemma 4

order_kept = Claim(
    id="lse.order.kept",
    title="LSE is monotone in every entry",
    lhs=lse_x,
    relation=LE,
    rhs=lse_y,
    domain=two_vectors & Domain.of(Condition(x[i], LE, y[i], forall=(over_i,))),
    source=LEMMA,
    steps=(
        Step(
            LE,
            lse_y,
            reflected(lse_x, lse_y, SumMonotone(i, 1, n, kept(x[i], y[i], Assume(0, (i,))))),
            "term by term",
        ),
    ),
)

distance = IndexMax(sp.Abs(x[i] - y[i]), over_i)


def _shifted(larger: sp.IndexedBase, smaller: sp.IndexedBase) -> Lemma:
    """``LSE(larger) <= LSE(smaller) + distance``."""
    entry = Combine(
        (
            (1, ExtremumMember(distance, i)),
            (1, ExtremumMember(sp.Abs(x[i] - y[i]), larger[i] - smaller[i])),
        )
    )
    at = ((x, ((i,), larger[i])), (y, ((i,), smaller[i] + distance)))
    return Lemma("lse.order.kept", at=at, given=(Generic((over_i,), entry),))


lipschitz = Claim(
    id="lse.lipschitz.ceiling",
    title="LSE is 1-Lipschitz in the maximum norm",
    lhs=sp.Abs(lse_x - lse_y),
    relation=LE,
    rhs=distance,
    domain=two_vectors,
    source=Source("Lemma 4"),
    steps=(
        Step(
            LE,
            distance,
            ExtremumIntro(sp.Abs(lse_x - lse_y), distance, (_shifted(x, y), _shifted(y, x))),
            "x <= y + max|x - y| in every entry, and LSE moves with a constant",
        ),
    ),
)

# The tangent and Lemma 1

softmax_x = sp.exp(x[i] - lse_x)
slope = sp.Sum(softmax_x * (y[i] - x[i]), over_i)

tangent = Claim(
    id="lse.tangent.floor",
    title="LSE lies above its tangents",
    lhs=lse_x + slope,
    relation=LE,
    rhs=lse_y,
    domain=two_vectors,
    source=LEMMA,
    steps=(
        Step(
            LE,
            lse_y,
            reflected(
                0,
                lse_y - lse_x - slope,
                SumMonotone(i, 1, n, Product(ExpPositive(x[i] - lse_x), ExpTangent(y[i] - x[i] - slope))),
            ),
            "the tangent of exp at the deviation from the softmax mean, averaged: the mean deviation is 0",
        ),
    ),
)

mixed = LSE(weight * x[i] + (1 - weight) * y[i], over_i)
chord = weight * lse_x + (1 - weight) * lse_y


def _tangent_towards(end: sp.IndexedBase) -> Lemma:
    at = ((x, ((i,), weight * x[i] + (1 - weight) * y[i])), (y, ((i,), end[i])))
    return Lemma("lse.tangent.floor", at=at)


convexity = Claim(
    id="lse.convexity.ceiling",
    title="LSE is convex on R^n",
    lhs=mixed,
    relation=LE,
    rhs=chord,
    domain=two_vectors & mixing,
    source=Source("Lemma 1"),
    steps=(
        Step(
            LE,
            chord,
            Combine(
                (
                    (1, Product(Sight(weight), _tangent_towards(x))),
                    (1, Product(Sight(1 - weight), _tangent_towards(y))),
                )
            ),
            "both ends lie above the tangent at the mixture, whose slopes cancel",
        ),
    ),
)

# The gradient

softmax = Claim(
    id="lse.gradient.identity",
    title="the gradient of LSE is the softmax",
    lhs=sp.Subs(sp.Derivative(LSE(x[i] + step * y[i], over_i), step), step, 0),
    relation=EQ,
    rhs=sp.Sum(sp.exp(x[i]) / sp.Sum(sp.exp(x[j]), over_j) * y[i], over_i),
    domain=two_vectors,
    source=Source("Appendix C, the gradient of LSE"),
    reading="the derivative along every direction y",
    steps=(
        Step(
            EQ,
            sp.Sum(sp.exp(x[i]) / sp.Sum(sp.exp(x[j]), over_j) * y[i], over_i),
            Identity(
                sp.Subs(sp.Derivative(LSE(x[i] + step * y[i], over_i), step), step, 0),
                sp.Sum(sp.exp(x[i]) / sp.Sum(sp.exp(x[j]), over_j) * y[i], over_i),
            ),
            "the chain rule, at step 0",
        ),
    ),
)
