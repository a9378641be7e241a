"""The volume of the n-ball in high dimension: Theorem D.1 with two-sided error bounds.

With a = n/2 the volume is ``pi**a r**n / (a Gamma(a))``, and Stirling's formula brackets ``Gamma(a)``.
"""

import sympy as sp

from theory.atoms import Quotient
from theory.bounds.ball_mass import any_ball, volume
from theory.claim import Claim, Negation, Relation, Source, Step
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
    RoundedUp,
    Scale,
    Sight,
)

LE, LT = Relation.LE, Relation.LT
PLACE, BEYOND = "Theorem D.1", "Majorant"
HALF = sp.Rational(1, 2)
half = n / 2
critical_radius = sp.sqrt(Quotient(n, 2 * sp.pi * sp.E))  # where Stirling's volume has no exponential factor
error = 1 / (6 * n)

stirling_volume = sp.sqrt(Quotient(1, n * sp.pi)) * Quotient(2 * sp.pi * sp.E, n) ** half * radius**n
log_volume = half * sp.log(sp.pi) + n * sp.log(radius) - sp.log(half) - sp.loggamma(half)
_log_stirling = (
    half * (sp.log(2) + sp.log(sp.pi) + 1 - sp.log(n)) + n * sp.log(radius) - sp.log(n) / 2 - sp.log(sp.pi) / 2
)


def _from_logarithms(below: sp.Expr, above: sp.Expr, lemma: str) -> Lemma:
    """``exp(below) <= exp(above)`` because the exponents differ by Stirling's bracket at n/2."""
    return Lemma("exponential.order.kept", at=((u, below), (v, above)), given=(Lemma(lemma, ((u, half),)),))


ceiling = Claim(
    id="ball.volume.stirling_ceiling",
    title="the volume of the n-ball is at most Stirling's",
    lhs=volume,
    relation=LE,
    rhs=stirling_volume,
    domain=any_ball,
    source=Source(f"{PLACE}, the volume, two-sided", "", BEYOND),
    steps=(
        Step(
            LE,
            stirling_volume,
            _from_logarithms(log_volume, _log_stirling, "gamma.stirling.log_floor"),
            "Stirling's floor of Gamma(n/2)",
        ),
    ),
)
floor = Claim(
    id="ball.volume.stirling_floor",
    title="the volume of the n-ball is at least Stirling's times exp(-1/(6 n))",
    lhs=stirling_volume * sp.exp(-error),
    relation=LE,
    rhs=volume,
    domain=any_ball,
    source=Source(f"{PLACE}, the volume, two-sided", "", BEYOND),
    steps=(
        Step(
            LE,
            volume,
            _from_logarithms(_log_stirling - error, log_volume, "gamma.stirling.log_ceiling"),
            "Stirling's ceiling of Gamma(n/2)",
        ),
    ),
)

# V_n(1) ~ (n pi)^(-1/2) (2 pi e / n)^(n/2): from some dimension on, (1 - eps) S <= V <= S.
unit_volume, unit_stirling = volume.xreplace({radius: sp.Integer(1)}), stirling_volume.xreplace({radius: sp.Integer(1)})
asymptotic = Claim(
    id="ball.volume.asymptotic",
    title="the volume of the unit ball is asymptotic to Stirling's: the ratio exceeds 1 - eps from some dimension on",
    lhs=(1 - epsilon) * unit_stirling,
    relation=LE,
    rhs=unit_volume,
    domain=Domain.of(positive(epsilon)),
    exists=Domain.everywhere(bound),
    forall=Domain.of(size(n), Condition(bound, LE, n)),
    witness=((bound, Quotient(1, 6 * epsilon)),),
    source=Source(f"{PLACE}, the volume of the unit ball"),
    reading="the ratio never exceeds 1 (ball.volume.stirling_ceiling)",
    steps=(
        Step(
            LE,
            unit_stirling * sp.exp(-error),
            Product(
                Sight(unit_stirling),
                Combine(
                    (
                        (1, ExpTangent(-error)),
                        (1, Product(Sight(epsilon / n), Assume(0))),  # eps - 1/(6 n), up to eps (1/eps) and n (1/n)
                        (-sp.Rational(1, 6), Scale(-1 / n, Cancel(epsilon, Sight(epsilon)))),
                        (-1, Scale(epsilon, Cancel(n, Sight(n)))),
                    )
                ),
            ),
            "exp(-t) is at least 1 - t",
        ),
        Step(LE, unit_volume, Lemma("ball.volume.stirling_floor", ((radius, sp.Integer(1)),)), "Stirling's bracket"),
    ),
)

# At the critical radius the volume is (n pi)^(-1/2), up to exp(-1/(6 n)).
volume_there = volume.xreplace({radius: critical_radius})
small = sp.sqrt(Quotient(1, n * sp.pi))
any_dimension = Domain.of(size(n))
_there = ((radius, critical_radius),)

critical_ceiling = Claim(
    id="ball.volume.critical_ceiling",
    title="at r = sqrt(n/(2 pi e)) the volume is at most (n pi)^(-1/2)",
    lhs=volume_there,
    relation=LE,
    rhs=small,
    domain=any_dimension,
    source=Source(f"{PLACE}, the volume at r = sqrt(n/(2 pi e))", "", BEYOND),
    steps=(Step(LE, small, Lemma("ball.volume.stirling_ceiling", _there), "the exponential factors cancel"),),
)
critical_floor = Claim(
    id="ball.volume.critical_floor",
    title="at r = sqrt(n/(2 pi e)) the volume is at least (n pi)^(-1/2) exp(-1/(6 n))",
    lhs=small * sp.exp(-error),
    relation=LE,
    rhs=volume_there,
    domain=any_dimension,
    source=Source(f"{PLACE}, the volume at r = sqrt(n/(2 pi e))", "", BEYOND),
    steps=(Step(LE, volume_there, Lemma("ball.volume.stirling_floor", _there), "the exponential factors cancel"),),
)

# "V_n(r) = O(1) needs r ~ sqrt(n/(2 pi e))", read as a bound, as an order of magnitude, and as a radius.
O_ONE = Source(f"{PLACE}, V_n(r) = O(1)")

# n pi - 1 = n (pi - 3) + 3 (n - 1) + 2
number_above_one = Combine(((1, Product(Sight(n), CircleConstant())), (3, Sight(n - 1)), (2, Sight(sp.Integer(1)))))
_inverse_below_one = Combine(  # 1 - 1/(n pi) = (n pi - 1)/(n pi)
    ((1, Product(Sight(1 / (n * sp.pi)), number_above_one)), (-1, Cancel(n * sp.pi, Sight(n * sp.pi))))
)

bounded = Claim(
    id="ball.volume.critical_bounded",
    title="at r = sqrt(n/(2 pi e)) the volume is bounded in n",
    lhs=volume_there,
    relation=LE,
    rhs=constant,
    domain=Domain(),
    exists=Domain.of(positive(constant)),
    forall=any_dimension,
    witness=((constant, sp.Integer(1)),),
    source=O_ONE,
    reading="O(1) as an upper bound",
    steps=(
        Step(LE, small, Lemma("ball.volume.critical_ceiling"), "Stirling's ceiling"),
        Step(
            LE,
            sp.Integer(1),
            RootCeiling(Quotient(1, n * sp.pi), sp.Integer(1), Sight(sp.Integer(1)), _inverse_below_one),
            "n pi is at least 1",
        ),
    ),
)
constant_order = Claim(
    id="ball.volume.critical_order",
    title="at r = sqrt(n/(2 pi e)) the volume is bounded away from 0",
    lhs=constant,
    relation=LE,
    rhs=volume_there,
    domain=Domain(),
    exists=Domain.of(positive(constant)),
    forall=any_dimension,
    source=O_ONE,
    reading="O(1) as an order of magnitude (Theta)",
)
_large = sp.ceiling(Quotient(1, sp.pi * constant**2)) + 1
_product = sp.pi * constant**2 * _large  # exceeds 1
_exceeds = Combine(
    (
        (1, Product(Sight(sp.pi * constant**2), RoundedUp(Quotient(1, sp.pi * constant**2)))),
        (1, Sight(sp.pi * constant**2)),
        (1, Cancel(sp.pi * constant**2, Sight(sp.pi * constant**2))),
    )
)
_log_square = 2 * sp.log(constant) + sp.log(_large) + sp.log(sp.pi)
_small_there = sp.exp(-sp.log(_large) / 2 - sp.log(sp.pi) / 2)
vanishing = Claim(
    id="ball.volume.critical_vanishing",
    title="at r = sqrt(n/(2 pi e)) the volume falls below every positive number",
    lhs=volume_there,
    relation=LT,
    rhs=constant,
    domain=Domain.of(positive(constant)),
    exists=any_dimension,
    witness=((n, _large),),
    source=O_ONE,
    amends=("ball.volume.critical_order",),
    negates=Negation("ball.volume.critical_order"),
    steps=(
        Step(LE, _small_there, Lemma("ball.volume.critical_ceiling", ((n, _large),)), "Stirling's ceiling"),
        Step(
            LT,
            constant,
            Lemma(
                "exponential.order.kept_strictly",
                at=((u, -sp.log(_large) / 2 - sp.log(sp.pi) / 2), (v, sp.log(constant))),
                given=(
                    Combine(
                        (
                            (
                                HALF,
                                Lemma(
                                    "exponential.order.reflected_strictly",
                                    at=((u, sp.Integer(0)), (v, _log_square)),
                                    given=(_exceeds,),
                                ),
                            ),
                        )
                    ),
                ),
            ),
            "n pi exceeds 1/C^2",
        ),
    ),
)

unit_radius = Quotient(sp.gamma(1 + half), sp.pi**half) ** (1 / n)
_growth = Quotient(n * sp.pi, 1) ** (1 / (2 * n))
log_radius = (sp.log(n) - sp.log(2) - sp.log(sp.pi) - 1) / 2
log_growth = (sp.log(n) + sp.log(sp.pi)) / (2 * n)
_log_unit = (sp.loggamma(half) + sp.log(half) - half * sp.log(sp.pi)) / n
_bring = Scale(log_radius, Cancel(n, Sight(n)))

printed_unit_radius = Claim(
    id="ball.volume.unit_radius_near_critical",
    title="the ball of volume 1 has at most eleven tenths of the radius sqrt(n/(2 pi e))",
    lhs=unit_radius,
    relation=LE,
    rhs=sp.Rational(11, 10) * critical_radius,
    domain=any_dimension,
    source=O_ONE,
    reading="the radius for volume 1; approximately as within 10%",
)


def _unit_bracket(
    name: str, title: str, lhs: sp.Expr, rhs: sp.Expr, logs: tuple[sp.Expr, sp.Expr], why: Combine
) -> Claim:
    return Claim(
        id=f"ball.volume.unit_radius_{name}",
        title=title,
        lhs=lhs,
        relation=LE,
        rhs=rhs,
        domain=any_dimension,
        source=Source(f"{PLACE}, V_n(r) = O(1), amended"),
        amends=("ball.volume.unit_radius_near_critical",),
        steps=(
            Step(
                LE,
                rhs,
                Lemma("exponential.order.kept", at=((u, logs[0]), (v, logs[1])), given=(why,)),
                "Stirling's bracket of Gamma(n/2), over n",
            ),
        ),
    )


def _over_n(lemma: str, sign: int) -> Combine:
    return Combine(((1, Product(Sight(1 / n), Lemma(lemma, ((u, half),)))), (sign, _bring)))


unit_radius_floor = _unit_bracket(
    "floor",
    "the ball of volume 1 has at least the radius (n pi)^(1/(2 n)) sqrt(n/(2 pi e))",
    _growth * critical_radius,
    unit_radius,
    (log_growth + log_radius, _log_unit),
    _over_n("gamma.stirling.log_floor", 1),
)
unit_radius_ceiling = _unit_bracket(
    "ceiling",
    "the ball of volume 1 has at most the radius (n pi)^(1/(2 n)) sqrt(n/(2 pi e)) exp(1/(6 n^2))",
    unit_radius,
    _growth * critical_radius * sp.exp(1 / (6 * n**2)),
    (_log_unit, log_growth + log_radius + 1 / (6 * n**2)),
    _over_n("gamma.stirling.log_ceiling", -1),
)
