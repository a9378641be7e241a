"""The loss over disjoint balls is at most about the log volume of Omega (theorem 10.6), under each reading.

``|Omega| = d V_n(r)`` and ``exp(-r^2) V_n(r) <= M_n(r) <= V_n(r)`` for the mass of a ball.
"""

import sympy as sp

from theory.bounds.ball_mass import volume as ball_volume
from theory.bounds.cross_entropy import BEYOND, READINGS, loss, partition
from theory.bounds.cross_entropy_balls import all_balls, log_volume, masses, masses_positive
from theory.bounds.partition import equal_radii
from theory.claim import Claim, Relation, Step
from theory.energies.nearest import volume
from theory.logarithm import order
from theory.logsumexp import kept
from theory.notation import d, exponent, radius
from theory.rules import Cancel, Combine, InversePositive, Lemma, Product, Scale, Sight

LE, EQ = Relation.LE, Relation.EQ
none = sp.Integer(0)
log_d, log_balls = sp.log(d), sp.log(d) + sp.log(ball_volume)
positive = masses_positive("v2")
squared = Lemma("ball.mass.ceiling", at=((exponent, sp.Integer(2)),))
at_most = order(masses("v2"), all_balls, Product(Sight(d), squared), positive)


def _ceiling(name: str, more: str, extra: sp.Expr, *steps: Step) -> Claim:
    return Claim(
        id=f"cross_entropy.{name}.volume_ceiling",
        title=f"disjoint balls: the loss is at most log d plus the log volume of a ball{more}",
        lhs=loss(name),
        relation=LE,
        rhs=log_balls + extra,
        domain=equal_radii,
        source=BEYOND,
        reading=READINGS[name].says,
        steps=steps,
    )


def _of_distance(name: str) -> Claim:
    return _ceiling(
        name,
        "",
        none,
        Step(EQ, sp.log(masses("v2")), Lemma(f"cross_entropy.{name}.value"), "the loss is the log of d ball masses"),
        Step(LE, log_balls, at_most, "exp(-g) is at most 1"),
    )


_lighter = Lemma("nearest.partition.ceiling")
_excess = (sp.exp(radius**2) - 1) / all_balls
_share = 1 - sp.exp(-(radius**2))
_heavier = Product(  # M - exp(-r^2) V over M V exp(-r^2), times 1 - exp(-r^2)
    kept(-(radius**2), none, Sight(radius**2)),
    Product(
        Product(Sight(sp.exp(radius**2) / all_balls), InversePositive(masses("v2"), positive)),
        Product(Sight(d), Lemma("ball.mass.squared_floor")),
    ),
)

volume_ceilings = (
    _of_distance("distance"),
    _of_distance("normalised"),
    _ceiling(
        "layer_energy",
        " plus log d",
        log_d,
        Step(
            LE, sp.log(partition()) + log_d, Lemma("cross_entropy.layer_energy.log_ceiling"), "E is at least g - log d"
        ),
        Step(LE, sp.log(volume) + log_d, order(partition(), volume, _lighter), "exp(-g) is at most 1"),
        Step(EQ, log_balls + log_d, log_volume, "the volume of Omega"),
    ),
    _ceiling(
        "printed_energy",
        " plus (exp(r^2) - 1)/|Omega|",
        _excess,
        Step(
            LE,
            log_balls + _share / masses("v2"),
            Lemma("cross_entropy.printed_energy.ceiling"),
            "on Omega E is at least exp(-r^2)/Z",
        ),
        Step(
            LE,
            log_balls + _excess,
            Combine(((1, _heavier), (-1, Scale(_excess, Cancel(masses("v2"), positive))))),
            "a ball has at least the mass exp(-r^2) V",
        ),
    ),
)
