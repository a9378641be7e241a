"""A change of unit, ``x -> eta x``, with the inverse temperature rescaled: ball integrals pick up the factor eta^n.

A loss that is the logarithm of an integral over patterns moves by ``n log eta``: no constant bounds it in every unit.
"""

import sympy as sp

from theory.atoms import RadialIntegral
from theory.bounds.ball_mass import any_ball, mass, moment, polar, same, sphere_area
from theory.claim import Claim, Relation, Source, Step
from theory.domain import Domain, positive
from theory.notation import distance, dummy, n, radius, unit
from theory.rules import Identity, Scale

EQ = Relation.EQ
q, r, s, eta = distance, radius, dummy, unit
zero = sp.Integer(0)
_flat = Identity(zero, zero)  # both slopes are eta^n s^(n-1) times the profile at s


def in_unit(profile: sp.Expr) -> RadialIntegral:
    """The integral over the ball of radius eta r of a profile of the distance in the old unit."""
    return RadialIntegral(profile.xreplace({q: q / eta}), q, n, eta * r)


def rescaling(name: str, title: str, profile: sp.Expr, domain: Domain) -> Claim:
    """The claim that in another unit the integral of a profile over a ball is eta^n times as large."""
    moved, old = in_unit(profile), RadialIntegral(profile, q, n, r)
    in_polar = sp.Integral(q ** (n - 1) * moved.body, (q, 0, eta * s))
    return Claim(
        id=name,
        title=title,
        lhs=moved,
        relation=EQ,
        rhs=eta**n * old,
        domain=domain & Domain.of(positive(eta)),
        source=Source("10.6, change of unit", "", "Majorant"),
        steps=(
            Step(EQ, sphere_area * in_polar.xreplace({s: r}), polar(moved), "polar coordinates"),
            Step(
                EQ,
                sphere_area * eta**n * moment(profile),
                Scale(-sphere_area, same(in_polar - eta**n * moment(profile, s), _flat, _flat)),
                "both have the slope eta^n r^(n-1) times the profile at r",
            ),
            Step(EQ, eta**n * old, Scale(eta**n, polar(old)), "polar coordinates"),
        ),
    )


rescaled = in_unit(mass(sp.Integer(2)).body)
scaling = rescaling(
    "ball.mass.scaling",
    "in another unit, with the temperature rescaled, the ball mass is eta^n times as large",
    mass(sp.Integer(2)).body,
    any_ball,
)
