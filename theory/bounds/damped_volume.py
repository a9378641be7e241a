"""The damped volume: the integral of ``exp(-u exp(-||x||^2))`` over a ball, as E_t as printed weighs it with u = 1/Z_t.

Its logarithm plus u grows with u, and its logarithm plus ``u exp(-r^2)`` falls: the derivative of the logarithm is
minus a mean of ``exp(-||x||^2)``, which lies between ``exp(-r^2)`` and 1.
"""

import sympy as sp

from theory.atoms import RadialIntegral
from theory.bounds.ball_mass import any_ball, moment, polar, sphere_area
from theory.bounds.change_of_unit import rescaling
from theory.claim import Claim, Relation, Source, Step
from theory.domain import Condition, Domain, Range
from theory.logarithm import order
from theory.logsumexp import kept
from theory.notation import distance, dummy, n, radius, u, v
from theory.rules import (
    Assume,
    Combine,
    DerivativeSign,
    ExpPositive,
    Hypothesis,
    Justification,
    Lemma,
    Product,
    Scale,
    Sight,
)

LE, LT, EQ = Relation.LE, Relation.LT, Relation.EQ
q, r, s = distance, radius, dummy
zero = sp.Integer(0)
LEMMA = Source("lemma", "", "Majorant")


def damped(at: sp.Expr) -> RadialIntegral:
    """The damped volume of the ball of radius r at u; in units of volume."""
    return RadialIntegral(sp.exp(-at * sp.exp(-(q**2))), q, n, r)


scaling = rescaling(
    "ball.damped_volume.scaling",
    "in another unit the integral of exp(-u exp(-||x||^2)) over a ball is eta^n times as large",
    damped(u).body,
    any_ball & Domain.of(Range(u)),
)

_shell = Sight(s ** (n - 1))
_area = Sight(sphere_area)
_lower_weight = kept(-(s**2), zero, Sight(s**2))  # exp(-s^2) <= 1


def _along(expr: sp.Expr, slope: Justification, strictly: bool = False) -> DerivativeSign:
    return DerivativeSign(expr, s, zero, None, slope, r, Sight(r), strictly)


def _moment(at: sp.Expr) -> sp.Integral:
    return moment(damped(at).body, s)


def _lemma(role: str, title: str, sides: tuple[sp.Expr, Relation, sp.Expr], ordered: Relation, *steps: Step) -> Claim:
    return Claim(
        id=f"ball.damped_volume.{role}",
        title=title,
        lhs=sides[0],
        relation=sides[1],
        rhs=sides[2],
        domain=any_ball & Domain.of(Range(u), Range(v), Condition(u, ordered, v)),
        source=LEMMA,
        guards=(_positive(u), _positive(v)),
        steps=steps,
    )


positive = Claim(
    id="ball.damped_volume.positive",
    title="the integral of exp(-u exp(-||x||^2)) over a ball is positive",
    lhs=zero,
    relation=LT,
    rhs=damped(u),
    domain=any_ball & Domain.of(Range(u)),
    source=LEMMA,
    steps=(
        Step(
            LT,
            sphere_area * moment(damped(u).body),
            Product(_area, _along(_moment(u), Product(_shell, ExpPositive(-u * sp.exp(-(s**2)))), strictly=True)),
            "the integrand is positive",
        ),
        Step(EQ, damped(u), polar(damped(u)), "polar coordinates"),
    ),
)


def _positive(at: sp.Expr) -> Lemma:
    return Lemma("ball.damped_volume.positive", at=((u, at),))


def _grows(relation: Relation) -> Claim:
    """``log J(u) + u`` grows, J being the damped volume."""
    strictly = relation is LT
    higher = Product(Assume(0), _lower_weight)  # (v - u) (1 - exp(-s^2))
    ends = (-u * sp.exp(-(s**2)), v - u - v * sp.exp(-(s**2)))
    larger = kept(*ends, higher)
    if strictly:
        below_one = Lemma("exponential.order.kept_strictly", at=((u, -(s**2)), (v, zero)), given=(Sight(s**2),))
        larger = Lemma(
            "exponential.order.kept_strictly", at=((u, ends[0]), (v, ends[1])), given=(Product(Assume(0), below_one),)
        )
    gap = Combine(
        (
            (1, Scale(sp.exp(v - u), polar(damped(v)))),
            (-1, polar(damped(u))),
            (1, Product(_area, _along(sp.exp(v - u) * _moment(v) - _moment(u), Product(_shell, larger), strictly))),
        )
    )
    ordered = order(damped(u), damped(v), gap, _positive(u), _positive(v), shift=v - u, strictly=strictly)
    rhs = sp.log(damped(v)) + v
    return _lemma(
        "strict_growth" if strictly else "growth",
        "its logarithm plus u grows with u" + (", strictly" if strictly else ""),
        (sp.log(damped(u)) + u, relation, rhs),
        relation,
        Step(relation, rhs, ordered, "exp(-||x||^2) is at most 1"),
    )


growth, strict_growth = _grows(LE), _grows(LT)


def _decays() -> Claim:
    """``log J(u) + u exp(-r^2)`` falls."""
    end = sp.exp(-(r**2))
    shorter = Product(Hypothesis(r - s), Combine(((1, Hypothesis(r - s)), (2, Sight(s)))))  # (r - s) (r + s)
    farther = Product(Assume(0), kept(-(r**2), -(s**2), shorter))
    larger = kept(-v * sp.exp(-(s**2)), (u - v) * end - u * sp.exp(-(s**2)), farther)
    gap = Combine(
        (
            (1, Scale(sp.exp((u - v) * end), polar(damped(u)))),
            (-1, polar(damped(v))),
            (1, Product(_area, _along(sp.exp((u - v) * end) * _moment(u) - _moment(v), Product(_shell, larger)))),
        )
    )
    rhs = sp.log(damped(u)) + u * end
    ordered = order(damped(v), damped(u), gap, _positive(v), _positive(u), shift=(u - v) * end)
    return _lemma(
        "decay",
        "its logarithm plus u exp(-r^2) falls with u",
        (sp.log(damped(v)) + v * end, LE, rhs),
        LE,
        Step(LE, rhs, ordered, "exp(-||x||^2) is at least exp(-r^2)"),
    )


decay = _decays()
