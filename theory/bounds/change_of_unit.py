"""A change of unit, ``x -> eta x``, with the inverse temperature rescaled: the ball mass picks up the factor eta^n.

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

rescaled = RadialIntegral(sp.exp(-((q / eta) ** 2)), q, n, eta * r)
_moment = sp.Integral(q ** (n - 1) * sp.exp(-((q / eta) ** 2)), (q, 0, eta * s))
_flat = Identity(zero, zero)  # both slopes are eta^n s^(n-1) exp(-s^2)

scaling = Claim(
    id="ball.mass.scaling",
    title="in another unit, with the temperature rescaled, the ball mass is eta^n times as large",
    lhs=rescaled,
    relation=EQ,
    rhs=eta**n * mass(sp.Integer(2)),
    domain=any_ball & Domain.of(positive(eta)),
    source=Source("10.6, change of unit", "", "Majorant"),
    steps=(
        Step(EQ, sphere_area * _moment.xreplace({s: r}), polar(rescaled), "polar coordinates"),
        Step(
            EQ,
            sphere_area * eta**n * moment(sp.exp(-(q**2))),
            Scale(-sphere_area, same(_moment - eta**n * moment(sp.exp(-(q**2)), s), _flat, _flat)),
            "both have the slope eta^n r^(n-1) exp(-r^2)",
        ),
        Step(EQ, eta**n * mass(sp.Integer(2)), Scale(eta**n, polar(mass(sp.Integer(2)))), "polar coordinates"),
    ),
)
