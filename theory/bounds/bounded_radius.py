"""Theorem D.1: what ``V_n(r) = O(1)`` asks of the radius as n grows, and what it asks at every n.

By Stirling's bracket the volume is ``(n pi)**(-1/2) (r/r_n)**n`` up to ``exp(-1/(6 n))``, with r_n = sqrt(n/(2 pi e)).
A volume of at most C therefore bounds ``log(r/r_n)`` by ``(log C + 1/(6 n) + log(n pi)/2) / n``, which tends to 0.
"""

import sympy as sp

from theory.atoms import Quotient
from theory.bounds.ball_mass import volume
from theory.bounds.ball_volume import (
    O_ONE,
    any_dimension,
    critical_radius,
    half,
    log_growth,
    log_radius,
    log_volume,
    number_above_one,
    unit_radius,
)
from theory.claim import Claim, Relation, Step
from theory.denominators import cleared
from theory.domain import Condition, Domain, positive, size
from theory.notation import bound, constant, epsilon, n, radius, u, v
from theory.rules import (
    Assume,
    Cancel,
    CircleConstant,
    Combine,
    ExpTangent,
    Lemma,
    Product,
    RootCeiling,
    RootFloor,
    Scale,
    Sight,
)

LE = Relation.LE
C, eps, r = constant, epsilon, radius
one, two = sp.Integer(1), sp.Integer(2)
log_number = sp.log(n) + sp.log(sp.pi)

# At every n, up to a tenth: the radius of volume 1 is (n pi)^(1/(2 n)) r_n or more, and n pi is at least 1.

_number = Lemma("exponential.order.reflected", at=((u, sp.Integer(0)), (v, log_number)), given=(number_above_one,))
_grown = Lemma(
    "exponential.order.kept",
    at=((u, sp.Integer(0)), (v, log_growth)),
    given=(Product(Sight(1 / (2 * n)), _number),),
)
near_critical_floor = Claim(
    id="ball.volume.unit_radius_near_critical_floor",
    title="the ball of volume 1 has at least nine tenths of the radius sqrt(n/(2 pi e))",
    lhs=sp.Rational(9, 10) * critical_radius,
    relation=LE,
    rhs=unit_radius,
    domain=any_dimension,
    source=O_ONE,
    reading="the radius for volume 1; approximately as within 10%",
    steps=(
        Step(
            LE,
            sp.exp(log_growth) * critical_radius,
            Combine(((1, Product(Sight(critical_radius), _grown)), (sp.Rational(1, 10), Sight(critical_radius)))),
            "n pi is at least 1",
        ),
        Step(LE, unit_radius, Lemma("ball.volume.unit_radius_floor"), "Stirling's bracket"),
    ),
)

# From some dimension on, up to any eps

tolerances = Domain.of(positive(epsilon), positive(constant))


def _radii(asked: Condition) -> Domain:
    return Domain.of(size(n), positive(radius), Condition(bound, LE, n), asked)


_enough = (C + 2) * (1 + eps) / eps  # sqrt(n) beyond it makes (C + 2)/sqrt(n) at most eps/(1 + eps)
_inverse_root = 1 / sp.sqrt(n)
_tangent = ExpTangent(-sp.log(1 + eps))  # log(1 + eps) >= 1 - 1/(1 + eps)
_share = eps / (1 + eps)
_room = Combine(  # 1 - 1/(1 + eps) - (C + 2)/sqrt(n) >= 0
    (
        (1, Product(Sight(_inverse_root * _share), RootFloor(n, _enough, Assume(0)))),
        (1, cleared(1 - 1 / (1 + eps) - _share, {1 + eps: Sight(1 + eps)})),
        (1, Scale((C + 2) * _inverse_root, Cancel(1 + eps, Sight(1 + eps)))),
    )
)
_rest = Combine(  # (C + 2)/sqrt(n) >= (log C + 1/(6 n) + log(n pi)/2) / n
    (
        (1, Product(Sight(1 / n), ExpTangent(sp.log(C)))),
        (1, Product(Sight(C / n), RootFloor(n, one, Sight(n - 1)))),
        (1, Product(Sight(1 / n**2), Sight(n - 1))),
        (sp.Rational(5, 6), Sight(1 / n**2)),
        (1, Sight(1 / n)),
        (1, Product(Sight(1 / n), ExpTangent(log_number / 2))),
        (
            1,
            Product(
                Sight(_inverse_root),
                RootCeiling(
                    sp.pi, two, Sight(two), Combine(((1, CircleConstant(False)), (sp.Rational(6, 7), Sight(one))))
                ),
            ),
        ),
    )
)
_below = Lemma("exponential.order.reflected", at=((u, log_volume), (v, sp.log(C))), given=(Assume(1),))
_stirling = Combine(((1, _below), (1, Lemma("gamma.stirling.log_ceiling", ((u, half),)))))

bounded_ceiling = Claim(
    id="ball.volume.bounded_radius_ceiling",
    title="balls of volume at most C have at most the radius (1 + eps) sqrt(n/(2 pi e)), from some dimension on",
    lhs=radius,
    relation=LE,
    rhs=(1 + eps) * critical_radius,
    domain=tolerances,
    exists=Domain.everywhere(bound),
    forall=_radii(Condition(volume, LE, constant)),
    witness=((bound, _enough**2),),
    source=O_ONE,
    reading="O(1) as an upper bound; the radius as n grows",
    steps=(
        Step(
            LE,
            (1 + eps) * critical_radius,
            Lemma(
                "exponential.order.kept",
                at=((u, sp.log(r)), (v, sp.log(1 + eps) + log_radius)),
                given=(Combine(((1, _tangent), (1, _room), (1, _rest), (1, Product(Sight(1 / n), _stirling)))),),
            ),
            "Stirling's ceiling of Gamma(n/2), over n",
        ),
    ),
)

# log r - log r_n >= (log C + log(n pi)/2) / n, and log C >= -1/C
_above = Lemma("exponential.order.reflected", at=((u, sp.log(C)), (v, log_volume)), given=(Assume(1),))
_least = Combine(
    (
        (1, Product(Sight(1 / n), _above)),
        (1, Product(Sight(1 / n), Lemma("gamma.stirling.log_floor", ((u, half),)))),
        (1, Product(Sight(1 / n), ExpTangent(-sp.log(C)))),
        (1, Product(Sight(1 / (2 * n)), _number)),
        (1, Sight(1 / n)),
    )
)

bounded_floor = Claim(
    id="ball.volume.bounded_radius_floor",
    title="balls of volume at least C have at least the radius (1 - eps) sqrt(n/(2 pi e)), from some dimension on",
    lhs=(1 - eps) * critical_radius,
    relation=LE,
    rhs=radius,
    domain=tolerances,
    exists=Domain.everywhere(bound),
    forall=_radii(Condition(constant, LE, volume)),
    witness=((bound, Quotient(1, C * eps)),),
    source=O_ONE,
    reading="O(1) as an order of magnitude (Theta), its lower half; the radius as n grows",
    steps=(
        Step(
            LE,
            sp.exp(-1 / (C * n)) * critical_radius,
            Product(
                Sight(critical_radius),
                Combine(((1, ExpTangent(-1 / (C * n))), (1, Product(Sight(eps / n), Assume(0))))),
            ),
            "exp(-t) is at least 1 - t",
        ),
        Step(
            LE,
            radius,
            Lemma("exponential.order.kept", at=((u, log_radius - 1 / (C * n)), (v, sp.log(r))), given=(_least,)),
            "Stirling's floor of Gamma(n/2), over n",
        ),
    ),
)
