"""Theorem D.1 "for any complex z": Stirling's formula near the poles of Gamma on the negative real axis.

At ``z = -x``, ``x = k + v`` with an integer k >= 0 and 0 < v < 1, the recurrence gives ``|Gamma(z)| = Gamma(v)
Gamma(1 - v) / Gamma(1 + x)``, and Stirling's formula has the modulus ``sqrt(2 pi/x) (e/x)**x``.  The first tends to
infinity as v tends to 0, the second does not, so that no relative error O(1/z) covers the axis.
"""

import sympy as sp

from theory.atoms import Quotient
from theory.claim import Claim, Negation, Relation, Source, Step
from theory.domain import Condition, Domain, Range, positive, size
from theory.notation import bound, constant, k, u, v
from theory.rules import (
    Assume,
    Cancel,
    Combine,
    ExpPositive,
    ExpTangent,
    InversePositive,
    Lemma,
    Product,
    RoundedUp,
    Scale,
    Sight,
    Square,
)

LE, LT = Relation.LE, Relation.LT
LEMMA = Source("lemma", "", "Majorant")
HALF, one = sp.Rational(1, 2), sp.Integer(1)
C, x = constant, u
share = Range(v, 0, 1, open_lower=True, open_upper=True)

# v log v >= v - 1, and -log(1 - v) >= v
_entropy = Product(Sight(v), ExpTangent(-sp.log(v)))
_other_entropy = Product(Sight(1 - v), ExpTangent(-sp.log(1 - v)))
reflection_floor = Claim(
    id="gamma.reflection.log_floor",
    title="Gamma(v) Gamma(1 - v) is at least 2 pi exp(-2) / sqrt(v) for 0 < v < 1",
    lhs=sp.log(2 * sp.pi) - 2 - sp.log(v) / 2,
    relation=LE,
    rhs=sp.loggamma(v) + sp.loggamma(1 - v),
    domain=Domain.of(share),
    source=LEMMA,
    steps=(
        Step(
            LE,
            sp.loggamma(v) + sp.loggamma(1 - v),
            Combine(
                (
                    (1, Lemma("gamma.stirling.log_floor", ((u, v),))),
                    (1, Lemma("gamma.stirling.log_floor", ((u, 1 - v),))),
                    (1, _entropy),
                    (1, _other_entropy),
                    (-1, Cancel(1 - v, Sight(1 - v))),
                    (HALF, ExpTangent(sp.log(1 - v))),
                    (HALF, Sight(v)),
                )
            ),
            "Stirling's floor at v and at 1 - v",
        ),
    ),
)


def modulus(at: sp.Expr) -> sp.Expr:
    """The modulus of Stirling's formula at ``-at``, with the error factor ``1 + C/at``."""
    return sp.sqrt(Quotient(2 * sp.pi, at)) * Quotient(sp.E, at) ** at * (1 + C / at)


_log_modulus = sp.log(2 * sp.pi) / 2 - sp.log(x) / 2 + x - x * sp.log(x) + sp.log(1 + C / x)
_inverse_below_one = Combine(((1, Product(Sight(1 / x), Sight(x - 1))), (-1, Cancel(x, Sight(x)))))
product_floor = Claim(
    id="gamma.reflection.pole_floor",
    title="Gamma(v) Gamma(1 - v) exceeds u Gamma(u) times the modulus at -u where log v <= -2 C - 5",
    lhs=modulus(x) * x * sp.gamma(x),
    relation=LT,
    rhs=sp.gamma(v) * sp.gamma(1 - v),
    domain=Domain.of(positive(C), Range(x, 1), share, Condition(2 * C + 5, LE, -sp.log(v))),
    source=LEMMA,
    steps=(
        Step(
            LT,
            sp.gamma(v) * sp.gamma(1 - v),
            Lemma(
                "exponential.order.kept_strictly",
                at=(
                    (u, _log_modulus + sp.log(x) + sp.loggamma(x)),
                    (v, sp.loggamma(v) + sp.loggamma(1 - v)),
                ),
                given=(
                    Combine(
                        (
                            (1, Lemma("gamma.reflection.log_floor")),
                            (1, Lemma("gamma.stirling.log_ceiling")),
                            (1, ExpTangent(sp.log(1 + C / x))),
                            (1, Product(Sight(C), _inverse_below_one)),
                            (sp.Rational(1, 12), _inverse_below_one),
                            (HALF, Assume(0)),
                            (sp.Rational(5, 12), Sight(one)),
                        )
                    ),
                ),
            ),
            "Stirling's brackets",
        ),
    ),
)

on_axis = k + v
gamma_there = sp.gamma(v) * sp.gamma(1 - v) / sp.gamma(1 + on_axis)
_divisor = sp.gamma(1 + on_axis)
_swollen = sp.sqrt(2 * sp.pi * on_axis) * Quotient(sp.E, on_axis) ** on_axis * (1 + C / on_axis)  # on_axis * modulus
_carried = _swollen * sp.gamma(on_axis) * Quotient(1, _divisor)
_far_enough = Combine(((1, Sight(k - 1)), (1, Sight(v))))
near_pole = Claim(
    id="gamma.stirling.near_pole",
    title="Gamma exceeds the modulus of Stirling's formula at -(k + v) where log v <= -2 C - 5",
    lhs=modulus(on_axis),
    relation=LT,
    rhs=gamma_there,
    domain=Domain.of(positive(C), size(k), share, Condition(2 * C + 5, LE, -sp.log(v))),
    source=LEMMA,
    steps=(
        Step(
            LT,
            gamma_there,
            Combine(
                (
                    (
                        1,
                        Product(
                            InversePositive(_divisor, Sight(_divisor)),
                            Lemma("gamma.reflection.pole_floor", ((u, on_axis),), (_far_enough,)),
                        ),
                    ),
                    (1, Scale(modulus(on_axis), Cancel(_divisor, Sight(_divisor)))),
                    (-1, Scale(_carried, Cancel(on_axis, Sight(on_axis)))),
                )
            ),
            "Gamma(v) grows without bound as v tends to 0",
        ),
    ),
)

# For every C and b: k = ceiling(b^2) + 1 and v = exp(-2 C - 5)

_beyond = Domain.of(size(k, 0), share, Condition(bound, LE, k))
_constants = Domain.of(positive(C)) & Domain.everywhere(bound)
READING = "z = -(k + v) with k a count and 0 < v < 1, from some k on; |Gamma(z)| by Gamma(z + 1) = z Gamma(z)"
SOURCE = Source("Theorem D.1, Stirling")

negative_axis = Claim(
    id="gamma.stirling.negative_axis",
    title="Stirling's formula has a relative error O(1/z) on the negative real axis",
    lhs=gamma_there,
    relation=LE,
    rhs=modulus(on_axis),
    domain=Domain(),
    exists=_constants,
    forall=_beyond,
    source=SOURCE,
    reading=READING,
)

_exponent = 2 * C + 5
_k, _v = sp.ceiling(bound**2) + 1, sp.exp(-_exponent)
_below_one = Combine(  # 1 - exp(-t) >= t exp(-t) > 0
    ((1, Product(ExpPositive(-_exponent), ExpTangent(_exponent))), (1, Sight(_exponent * _v)))
)
_far = Combine(  # ceiling(b^2) + 1 - b >= (b - 1/2)^2 + 3/4
    ((1, RoundedUp(bound**2)), (1, Square(bound - HALF)), (sp.Rational(3, 4), Sight(one)))
)
negative_axis_fails = Claim(
    id="gamma.stirling.negative_axis_fails",
    title="near the poles of Gamma, however far out, every relative error C/|z| of Stirling's formula is too small",
    lhs=modulus(on_axis),
    relation=LT,
    rhs=gamma_there,
    domain=_constants,
    exists=_beyond,
    witness=((k, _k), (v, _v)),
    source=Source("Theorem D.1, Stirling, amended"),
    reading=READING,
    amends=("gamma.stirling.negative_axis",),
    negates=Negation("gamma.stirling.negative_axis"),
    guards=(_below_one, _far),
    steps=(
        Step(
            LT,
            gamma_there.xreplace({k: _k, v: _v}),
            Lemma("gamma.stirling.near_pole", ((k, _k), (v, _v)), (_below_one,)),
            "v is as near to 0 as that takes",
        ),
    ),
)
