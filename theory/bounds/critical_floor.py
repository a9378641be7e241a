"""The lower half of (14) with v2's distance: what fails, from where on, and what stands.

At r = sqrt(n/(2 pi e)) the mass of a ball is at most ``V_n(r) exp(-r^2) / (1 - 1/(pi e))``.  As ``r^2 - r`` grows with
n, this falls below every multiple of ``V_n(r) exp(-r)``, and from n = 22 on below ``V_n(r) exp(-r)`` itself.
"""

import sympy as sp

from theory.bounds.ball_mass import READING, mass
from theory.bounds.ball_volume import critical_radius, half, log_radius, log_volume, volume_there
from theory.bounds.critical import SQUARED, ratio
from theory.bounds.partition import partition
from theory.bounds.partition_printed import DEFINED, EXACT, many, patterns_apart
from theory.claim import Claim, Negation, Relation, Source, Step
from theory.domain import Condition, Domain, positive, size
from theory.exponential_number import E_LEAST, E_MOST, squared
from theory.notation import constant, d, i, j, k, n, radius, rho
from theory.rules import (
    Assume,
    Cancel,
    CircleConstant,
    Combine,
    ExpPositive,
    ExpTangent,
    Generic,
    InversePositive,
    Justification,
    Lemma,
    Product,
    RootFloor,
    RoundedUp,
    Scale,
    Sight,
    Square,
)

LE, LT, EQ = Relation.LE, Relation.LT, Relation.EQ
LEMMA = Source("lemma", "", "Majorant")
C, r, c = constant, critical_radius, SQUARED.cutoff
Q, one = sp.Rational, sp.Integer(1)
PLACE = "(14), lower half, amended"
weight = sp.exp(-r)
ball = mass(sp.Integer(2), r)
gap = c - r

# The mass of a ball

share_below_one = Combine(((1, Lemma("patterns.critical.ratio_ceiling")), (Q(5, 6), Sight(one))))  # 1 - 1/(pi e) > 0
mass_ceiling = Claim(
    id="ball.mass.critical_ceiling",
    title="at r = sqrt(n/(2 pi e)) the integral of exp(-||x||^2) is at most exp(-r^2)/(1 - 1/(pi e)) times the volume",
    lhs=(1 - ratio) * ball,
    relation=LE,
    rhs=volume_there * sp.exp(-c),
    domain=Domain.of(size(n)),
    source=LEMMA,
    steps=(
        Step(
            EQ,
            (1 - ratio) * sp.pi**half * SQUARED.lower_gamma / sp.gamma(half),
            Scale(1 - ratio, Lemma("ball.mass.squared_identity", ((radius, r),))),
            "the exact ball mass",
        ),
        Step(
            LE,
            volume_there * sp.exp(-c),
            Product(Sight(2 * sp.pi**half / (n * sp.gamma(half))), Lemma("lower_gamma.bracket.ceiling", SQUARED.at)),
            "the ceiling of the incomplete gamma function",
        ),
    ),
)


def _below(share: sp.Expr, enough: Justification) -> Combine:
    """``share V exp(-r) - mass > 0`` where ``enough`` proves that ``share (1 - 1/(pi e)) exp(r^2 - r) > 1``."""
    inverse = InversePositive(1 - ratio, share_below_one)
    scaled = Product(Sight(volume_there * sp.exp(-c)), enough)
    return Combine(
        (
            (1, Product(inverse, Combine(((1, scaled), (1, Lemma("ball.mass.critical_ceiling")))))),
            (1, Scale(ball - share * volume_there * weight, Cancel(1 - ratio, share_below_one))),
        )
    )


# From n = 22 on: with 2.67 <= e <= 2.77 the radius is at least 1.124, and exp(r^2 - r) exceeds 1/(1 - 1/(pi e))


REACH, FROM = Q(281, 250), 22
_e_least, _e_most = Lemma("exponential.number.floor"), Lemma("exponential.number.ceiling")
_pi_cancels = Cancel(sp.pi, Sight(sp.pi))
SHARE_MOST, SHARE_LEAST = 1 / (3 * E_LEAST), 1 / (Q(22, 7) * E_MOST)
_product_least = Combine(((1, Product(CircleConstant(), ExpPositive(one))), (3, _e_least)))
_product_most = Combine(((1, Product(CircleConstant(False), ExpPositive(one))), (Q(22, 7), _e_most)))
_share_most = Combine(((SHARE_MOST, Product(Sight(ratio), _product_least)), (-SHARE_MOST, _pi_cancels)))
_share_least = Combine(((SHARE_LEAST, Product(Sight(ratio), _product_most)), (SHARE_LEAST, _pi_cancels)))
_cutoff = Combine(
    (
        (1, Product(Sight(ratio / 2), Sight(n - FROM))),
        (Q(FROM, 2), _share_least),
        (Q(FROM, 2) * SHARE_LEAST - REACH**2, Sight(one)),
    )
)
_radius = RootFloor(c, REACH, _cutoff)
GAP = REACH**2 - REACH
_gap = Product(_radius, Combine(((1, _radius), (2 * REACH - 1, Sight(one)))))  # (r - q) (r + q - 1)
_rise = squared(Combine(((1, ExpTangent(gap / 2)), (Q(1, 2), _gap))), 1 + GAP / 2)
RISE = (1 + GAP / 2) ** 2
_enough = Combine(  # (1 - 1/(pi e)) exp(r^2 - r) - 1
    (
        (1, Product(share_below_one, _rise)),
        (RISE, _share_most),
        (RISE * (1 - SHARE_MOST) - 1, Sight(one)),
    )
)


exact_reversed = Claim(
    id="partition.critical.exact_reversed",
    title="at r = sqrt(n/(2 pi e)) the partition function is below d times the volume times exp(-r) from n = 22 on",
    lhs=d * ball,
    relation=LT,
    rhs=d * volume_there * weight,
    domain=many & Domain.of(size(n, FROM)),
    source=Source(PLACE),
    reading=f"{READING['v2']}; {EXACT}",
    amends=("partition.critical.exact_floor",),
    steps=(
        Step(
            LT,
            d * volume_there * weight,
            Product(Sight(d), _below(one, _enough)),
            "r^2 - r is at least 0.139 there",
        ),
    ),
)

# No constant factor saves it: for every C take n = ceiling(6 pi e/C) + 1 and one pattern

SCALED = f"{DEFINED}; up to one constant factor for all patterns, in print 1"
_least = C * d * volume_there * weight
defined_floor = Claim(
    id="partition.critical.defined_floor",
    title="at r = sqrt(n/(2 pi e)) the partition function is at least C times d times the volume times exp(-r)",
    lhs=_least,
    relation=LE,
    rhs=partition("v2", r),
    domain=Domain(),
    exists=Domain.of(positive(C)),
    forall=patterns_apart,
    source=Source("(14), lower half"),
    reading=f"{READING['v2']}; {SCALED}",
)

_threshold = 6 * sp.pi * sp.E / C
_far = Combine(  # c - 3/C, as c = n/(2 pi e)
    ((1, Product(Sight(ratio / 2), Assume(0))), (3, Scale(1 / C, _pi_cancels)))
)
_much = Combine(((1, ExpTangent(gap)), (Q(1, 2), Square(r - 1))))  # exp(r^2 - r) >= 1 + r^2 - r >= (r^2 + 1)/2
_enough_there = Combine(  # C (1 - 1/(pi e)) exp(r^2 - r) - 1
    (
        (1, Product(Product(Sight(C), share_below_one), Combine(((1, _much), (Q(1, 2), _far), (Q(1, 2), Sight(one)))))),
        (Q(3, 2), Lemma("patterns.critical.ratio_ceiling")),
        (Q(1, 4), Sight(one)),
    )
)
scaled_reversed = Claim(
    id="partition.critical.scaled_reversed",
    title="the partition function is below C times d times the volume times exp(-r) where n is at least 6 pi e/C",
    lhs=partition("v2", r),
    relation=LT,
    rhs=_least,
    domain=Domain.of(positive(C), Condition(_threshold, LE, n)) & patterns_apart,
    source=LEMMA,
    steps=(
        Step(EQ, d * ball, Lemma("partition.balls.equal_radii", ((radius, r),)), "a sum of ball masses"),
        Step(LT, _least, Product(Sight(d), _below(C, _enough_there)), "r^2 - r grows with n"),
    ),
)

_log_volume_there = log_volume.xreplace({sp.log(radius): log_radius})
_n = sp.ceiling(_threshold) + 1
_none = Combine(((1, Sight(i - 1)), (1, Sight(j - i - 1)), (1, Sight(1 - j))))  # there are no two patterns: -1 >= 0
_apart = Generic(
    ((i, 1, 1), (j, i + 1, 1)),
    Combine(((1, Product(Sight(4 * c.xreplace({n: _n}) + 1), _none)), (1, Sight(one)))),
)
_one_pattern = ((d, one), (rho, ((i, k), sp.Integer(0))))
_within = Combine(((1, RoundedUp(_threshold)), (1, Sight(one))))
defined_floor_fails = Claim(
    id="partition.critical.defined_floor_fails",
    title="at r = sqrt(n/(2 pi e)) the partition function falls below every multiple of d V_n(r) exp(-r)",
    lhs=partition("v2", r),
    relation=LT,
    rhs=_least,
    domain=Domain.of(positive(C)),
    exists=patterns_apart,
    witness=((n, _n), *_one_pattern),
    source=Source(PLACE),
    reading=f"{READING['v2']}; {SCALED}",
    amends=("partition.critical.defined_floor",),
    negates=Negation("partition.critical.defined_floor"),
    guards=(_apart,),
    steps=(
        Step(
            LT,
            (C * sp.exp(_log_volume_there) * sp.exp(-sp.exp(log_radius))).xreplace({n: _n}),
            Lemma("partition.critical.scaled_reversed", ((n, _n), *_one_pattern), (_within, _apart)),
            "n is large enough",
        ),
    ),
)
