"""The loss of patterns measured in a new unit, ``x -> eta x``, as an integral over their balls (theorem 10.6).

The patterns are those of the new unit: their balls have the radius eta r, and their distances are divided by eta^2.
What the loss is in the old unit moves by ``n log eta``: its value for the distance, its two bounds for the energy (4).
With E_t as printed it is the integral of which ``cross_entropy_unit`` tells the rest.
"""

from collections.abc import Callable

import sympy as sp

from theory.atoms import LSE, BallUnion, IndexMin, Quotient, RegionIntegral
from theory.bounds.ball_mass import volume as ball_volume
from theory.bounds.cross_entropy import READINGS, Point, anywhere, averaged, distances, pattern
from theory.bounds.cross_entropy_balls import masses
from theory.bounds.cross_entropy_one_layer import Sides
from theory.bounds.cross_entropy_unit import (
    SOURCE,
    Z_in_unit,
    added,
    damped_in_unit,
    damped_in_unit_positive,
    log_d,
    printed_in_unit,
)
from theory.bounds.partition import apart, own_cell, pairs, patterns
from theory.claim import Claim, Relation, Step
from theory.domain import Condition, Domain, positive
from theory.energies.nearest import over_d, squared_distance
from theory.logarithm import order, same
from theory.logsumexp import kept
from theory.notation import d, distance, i, j, k, n, radius, rho, u, unit, v, x, z
from theory.rules import (
    Antisymmetry,
    Assume,
    Cancel,
    Combine,
    DisjointBalls,
    ExtremumIntro,
    ExtremumMember,
    Hypothesis,
    InversePositive,
    Justification,
    Lemma,
    Product,
    RegionMonotone,
    Scale,
    Sight,
    SumMonotone,
)

LE, EQ = Relation.LE, Relation.EQ
q, eta = distance, unit
reach, Z = eta * radius, masses("v2")
omega = BallUnion(rho, reach, (d, n), (i, k))
in_new_unit = patterns & Domain.of(
    positive(radius), positive(eta), Condition((2 * reach) ** 2, Relation.LT, apart(j, i), pairs)
)


def nearest(point: Point) -> sp.Expr:
    """The distance to the nearest pattern, over eta^2."""
    return IndexMin(distances(point) / eta**2, (j, 1, d))


def soft(point: Point) -> sp.Expr:
    """The energy (4) with every distance over eta^2."""
    return -LSE(-distances(point) / eta**2, (j, 1, d))


def loss(energy: Callable[[Point], sp.Expr]) -> sp.Expr:
    """``L = log Z_theta + mean_i E(rho_i)``, in nats."""
    return sp.log(RegionIntegral(sp.exp(-energy(anywhere)), z, omega)) + sp.Sum(energy(pattern), over_d) / d


# On ball i the nearest pattern is rho_i, so that Z is d ball masses of the new unit

_sphere = Hypothesis(squared_distance(z) - q**2, "==")
_share = Sight(1 / eta**2)
_g = nearest(anywhere)
_on_ball = Antisymmetry(
    ExtremumIntro(_g, (q / eta) ** 2, (Product(_share, own_cell(reach, 0, 0)),)),
    Combine(((1, Scale(-1 / eta**2, _sphere)), (1, ExtremumMember(_g, i)))),
)
partition = RegionIntegral(sp.exp(-_g), z, omega)


def _equal(low: sp.Expr, high: sp.Expr, proof: Justification) -> Lemma:
    return Lemma("exponential.order.equal", at=((u, low), (v, high)), given=(proof,))


def _over_balls(body: sp.Expr, profile: sp.Expr, equal: Justification) -> DisjointBalls:
    return DisjointBalls(RegionIntegral(body, z, omega), (i, j), q, profile, Assume(0, (i, j)), equal)


_weights = _equal(-((q / eta) ** 2), -_g, Scale(sp.Integer(-1), _on_ball))
_summed = _over_balls(sp.exp(-_g), sp.exp(-((q / eta) ** 2)), _weights)
_scaled = Scale(d, Lemma("ball.mass.scaling"))
_positive = Product(
    Sight(d), Combine(((1, Lemma("ball.mass.squared_floor")), (1, Sight(sp.exp(-(radius**2)) * ball_volume))))
)
_log_partition = same(
    partition,
    Z,
    Combine(((-1, _summed), (1, _scaled))),
    _positive,
    shift=added,
)
_unit_positive = Combine(((-1, _scaled), (1, Product(Sight(eta**n), _positive))))
_mass_positive = Product(InversePositive(d, Sight(d)), _unit_positive)
_old_patterns = (rho, ((i, k), rho[i, k] / eta))
_zero = Lemma("nearest.pattern.identity", at=((i, i), _old_patterns))


def _within(side: str, point: sp.Expr) -> Lemma:
    """Proposition 1 at a point, from its coordinate k, in the old unit."""
    return Lemma(f"layer.energy.{side}", at=((x, ((k,), point / eta)), _old_patterns))


def _claim(name: str, role: str, title: str, sides: Sides, *steps: Step) -> Claim:
    return Claim(
        id=f"cross_entropy.{name}.{role}",
        title=f"disjoint balls: {title}",
        lhs=sides[0],
        relation=sides[1],
        rhs=sides[2],
        domain=in_new_unit,
        source=SOURCE,
        reading=f"{READINGS[name].says}; patterns in the new unit, dist / eta^2",
        guards=(_positive, _unit_positive, _mass_positive, damped_in_unit_positive),
        steps=steps,
    )


_log_total, _by_distance, _by_energy = sp.log(partition), loss(nearest), loss(soft)
_model = RegionIntegral(sp.exp(-soft(anywhere)), z, omega)

value = _claim(
    "distance",
    "unit_value",
    "in the new unit the loss is n log eta above the log of d ball masses of the old one",
    (_by_distance, EQ, sp.log(Z) + added),
    Step(EQ, _log_total, Scale(1 / d, SumMonotone(i, 1, d, _zero)), "every pattern has distance 0"),
    Step(EQ, sp.log(Z) + added, _log_partition, "the mass of a ball is eta^n times as large"),
)

ceiling = _claim(
    "layer_energy",
    "unit_change_ceiling",
    "in the new unit the loss is at most n log eta + log d above the log of d ball masses of the old one",
    (_by_energy, LE, sp.log(Z) + added + log_d),
    Step(
        LE,
        sp.log(_model),
        averaged(Combine(((1, _within("ceiling", rho[i, k])), (1, _zero)))),
        "E is at most g, which is 0 at every pattern",
    ),
    Step(
        LE,
        _log_total + log_d,
        order(
            _model,
            d * partition,
            RegionMonotone(z, omega, kept(-soft(anywhere), log_d - _g, _within("floor", z[k]))),
        ),
        "E is at least g - log d",
    ),
    Step(EQ, sp.log(Z) + added + log_d, _log_partition, "the mass of a ball is eta^n times as large"),
)

floor = _claim(
    "layer_energy",
    "unit_change_floor",
    "in the new unit the loss is at least n log eta - log d above the log of d ball masses of the old one",
    (sp.log(Z) + added - log_d, LE, _by_energy),
    Step(EQ, _log_total - log_d, _log_partition, "the mass of a ball is eta^n times as large"),
    Step(
        LE,
        sp.log(_model) - log_d,
        order(partition, _model, RegionMonotone(z, omega, kept(-_g, -soft(anywhere), _within("ceiling", z[k])))),
        "E is at most g",
    ),
    Step(
        LE,
        _by_energy,
        averaged(Combine(((1, _within("floor", rho[i, k])), (-1, _zero))), log_d),
        "E is at least g - log d, and g is 0 at every pattern",
    ),
)


# E_t as printed: the weight over the partition function


def _printed(point: Point) -> sp.Expr:
    return Quotient(sp.exp(-nearest(point)), partition)


_inverse_equal = Combine(  # 1/partition - 1/Z_in_unit
    (
        (-1, Scale(1 / (Z_in_unit * partition), _summed)),
        (-1, Scale(1 / partition, Cancel(Z_in_unit, _unit_positive))),
    )
)
_at_patterns = SumMonotone(i, 1, d, _equal(-nearest(pattern), sp.Integer(0), _zero))
_model_printed = RegionIntegral(sp.exp(-_printed(anywhere)), z, omega)
_same_weights = Combine(
    (
        (1, Scale(-1 / partition, _weights)),
        (-1, Scale(sp.exp(-((q / eta) ** 2)), _inverse_equal)),
    )
)

printed_value = _claim(
    "printed_energy",
    "unit_loss",
    "in the new unit the loss is log d + log J + 1/Z, with J the damped volume of a ball at 1/Z, all in the new unit",
    (loss(_printed), EQ, printed_in_unit),
    Step(
        EQ,
        sp.log(_model_printed) + 1 / partition,
        Combine(((1, Scale(1 / (d * partition), _at_patterns)), (-1, Scale(1 / partition, Cancel(d, Sight(d)))))),
        "E is 1/Z at every pattern",
    ),
    Step(
        EQ,
        log_d + sp.log(damped_in_unit) + 1 / partition,
        same(
            _model_printed,
            damped_in_unit,
            _over_balls(
                sp.exp(-_printed(anywhere)),
                damped_in_unit.body,
                _equal(-sp.exp(-((q / eta) ** 2)) / Z_in_unit, -_printed(anywhere), _same_weights),
            ),
            damped_in_unit_positive,
            shift=log_d,
        ),
        "on its ball every pattern is the nearest",
    ),
    Step(EQ, printed_in_unit, _inverse_equal, "Z is d ball masses"),
)
