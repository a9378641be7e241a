"""Two facts about the exponential from its tangent: it keeps order, and it reflects it."""

import sympy as sp

from theory.claim import Claim, Relation, Source, Step
from theory.domain import Condition, Domain, nonnegative
from theory.notation import u, v
from theory.rules import (
    Antisymmetry,
    Assume,
    Combine,
    ExpPositive,
    ExpTangent,
    ExtremumIntro,
    ExtremumMember,
    Product,
    Scale,
    Sight,
)

LEMMA = Source("lemma", "", "Majorant")


def _ordered(lhs: sp.Expr, relation: Relation, rhs: sp.Expr) -> Domain:
    return Domain.everywhere(u, v) & Domain(given=(Condition(lhs, relation, rhs),))


def _claim(
    name: str, title: str, left: sp.Expr, right: sp.Expr, given: Domain, relation: Relation, proof: Step
) -> Claim:
    return Claim(
        id=f"exponential.order.{name}",
        title=title,
        lhs=left,
        relation=relation,
        rhs=right,
        domain=given,
        source=LEMMA,
        steps=(proof,),
    )


# exp(v) - exp(u) = exp(u) (exp(v - u) - 1) >= exp(u) (v - u)
_kept = Combine(
    (
        (1, Product(ExpPositive(u), ExpTangent(v - u))),
        (1, Product(ExpPositive(u), Assume(0))),
    )
)
_kept_back = Combine(
    (
        (1, Product(ExpPositive(v), ExpTangent(u - v))),
        (-1, Scale(sp.exp(v), Assume(0))),
    )
)
# v - u >= 1 - exp(u - v) = exp(-v) (exp(v) - exp(u))
_reflected = Combine(((1, ExpTangent(u - v)), (1, Product(ExpPositive(-v), Assume(0)))))

kept = _claim(
    "kept",
    "the exponential keeps order",
    sp.exp(u),
    sp.exp(v),
    _ordered(u, Relation.LE, v),
    Relation.LE,
    Step(Relation.LE, sp.exp(v), _kept, "the tangent at 0 of the exponential of v - u"),
)
kept_strictly = _claim(
    "kept_strictly",
    "the exponential keeps strict order",
    sp.exp(u),
    sp.exp(v),
    _ordered(u, Relation.LT, v),
    Relation.LT,
    Step(Relation.LT, sp.exp(v), _kept, "the tangent at 0 of the exponential of v - u"),
)
reflected = _claim(
    "reflected",
    "the exponential reflects order",
    u,
    v,
    _ordered(sp.exp(u), Relation.LE, sp.exp(v)),
    Relation.LE,
    Step(Relation.LE, v, _reflected, "the tangent at 0 of the exponential of u - v"),
)
reflected_strictly = _claim(
    "reflected_strictly",
    "the exponential reflects strict order",
    u,
    v,
    _ordered(sp.exp(u), Relation.LT, sp.exp(v)),
    Relation.LT,
    Step(Relation.LT, v, _reflected, "the tangent at 0 of the exponential of u - v"),
)

equal = _claim(
    "equal",
    "equal exponents, equal exponentials",
    sp.exp(u),
    sp.exp(v),
    _ordered(u, Relation.EQ, v),
    Relation.EQ,
    Step(Relation.EQ, sp.exp(v), Antisymmetry(_kept, _kept_back), "the exponential keeps order both ways"),
)

# exp(-u) - exp(-v) <= exp(-u) (v - u) <= |u - v|, and the same with u and v exchanged
_apart = sp.Abs(u - v)


def _falls(first: sp.Symbol, second: sp.Symbol) -> Combine:
    """``exp(-first) - exp(-second) <= |u - v|``."""
    at_most_one = Product(ExpPositive(-first), Combine(((1, ExpTangent(first)), (1, Sight(first)))))
    distance = Combine(((1, ExtremumMember(_apart, u - v)), (1, ExtremumMember(_apart, v - u))))
    member = ExtremumMember(_apart, second - first)
    return Combine(
        (
            (1, Product(ExpPositive(-first), ExpTangent(first - second))),
            (1, Product(ExpPositive(-first), member)),
            (sp.Rational(1, 2), Product(at_most_one, distance)),
        )
    )


decay = Claim(
    id="exponential.decay.lipschitz",
    title="exp(-u) is 1-Lipschitz for u >= 0",
    lhs=sp.Abs(sp.exp(-u) - sp.exp(-v)),
    relation=Relation.LE,
    rhs=_apart,
    domain=Domain.of(nonnegative(u), nonnegative(v)),
    source=LEMMA,
    steps=(
        Step(
            Relation.LE,
            _apart,
            ExtremumIntro(sp.Abs(sp.exp(-u) - sp.exp(-v)), _apart, (_falls(u, v), _falls(v, u))),
            "the tangent of the exponential, scaled by exp(-u) <= 1",
        ),
    ),
)
