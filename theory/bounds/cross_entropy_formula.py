"""Proposition 4 as printed: the loss is about ``log Z + 1/Z``, which is at least 1 and is 1 at Z = 1.

That function has this minimum.  Under no one reading of ``E_t`` is it the loss: it takes ``E_t = g_t`` in the partition
function of the model and ``E_t = exp(-g_t)/Z_t`` at the patterns.
"""

import sympy as sp

from theory.bounds.cross_entropy import READINGS, energy, log_partition, loss, nearest, partition, pattern, zero
from theory.bounds.cross_entropy_balls import mass_positive, masses, masses_positive
from theory.bounds.partition import equal_radii
from theory.claim import Claim, Relation, Source, Step
from theory.domain import Domain, Range, positive
from theory.energies.nearest import READING, on_balls, over_d
from theory.logarithm import order, same
from theory.notation import d, i, u, v
from theory.rules import Cancel, Combine, ExpTangent, Lemma, Scale, Sight, SumMonotone

LE, LT, EQ = Relation.LE, Relation.LT, Relation.EQ
ONE, TENTH = sp.Integer(1), sp.Rational(1, 10)
Z = partition()
formula = sp.log(Z) + 1 / Z

# The function log z + 1/z

of_z = sp.log(u) + 1 / u
FUNCTION = "the function log z + 1/z of a number z > 0"

formula_floor = Claim(
    id="cross_entropy.formula.floor",
    title="log z + 1/z is at least 1",
    lhs=ONE,
    relation=LE,
    rhs=of_z,
    domain=Domain.of(positive(u)),
    source=Source("Proposition 4"),
    reading=FUNCTION,
    steps=(Step(LE, of_z, ExpTangent(-sp.log(u)), "the tangent of exp at -log z"),),
)

formula_minimum = Claim(
    id="cross_entropy.formula.minimum",
    title="log z + 1/z is least at z = 1",
    lhs=of_z.subs(u, 1),
    relation=LE,
    rhs=of_z,
    domain=Domain.of(positive(u)),
    source=Source("Proposition 4"),
    reading=FUNCTION,
    steps=(Step(LE, of_z, Lemma("cross_entropy.formula.floor"), "log 1 + 1/1 = 1"),),
)


def _strict(role: str, sign: str, span: Range, larger: sp.Expr, smaller: sp.Expr) -> Claim:
    away = order(smaller, larger, Sight(larger - smaller), strictly=True)
    return Claim(
        id=f"cross_entropy.formula.{role}",
        title=f"log z + 1/z exceeds 1 for z {sign} 1",
        lhs=ONE,
        relation=LT,
        rhs=of_z,
        domain=Domain.of(span),
        source=Source("Proposition 4, only at Z = 1"),
        reading=FUNCTION,
        steps=(Step(LT, of_z, ExpTangent(-sp.log(u), nonzero=away), "the tangent touches at 0 alone"),),
    )


above = _strict("strict_floor_above", ">", Range(u, 1, sp.oo, open_lower=True), u, ONE)
below = _strict("strict_floor_below", "<", Range(u, 0, 1, open_lower=True, open_upper=True), ONE, u)

# The reading under which it is the loss: two energies at once

BOTH = "E_t = g_t in the partition function of the model, E_t = exp(-g_t) / Z_t at the patterns"
_mixed = log_partition("distance") + sp.Sum(energy("printed_energy", pattern), over_d) / d
_at_patterns = Lemma("exponential.order.equal", at=((u, -nearest(pattern)), (v, sp.Integer(0))), given=(zero(),))

mixed = Claim(
    id="cross_entropy.mixed.identity",
    title="the loss is log Z + 1/Z",
    lhs=_mixed,
    relation=EQ,
    rhs=formula,
    domain=on_balls,
    source=Source("Proposition 4"),
    reading=BOTH,
    steps=(
        Step(
            EQ,
            formula,
            Combine(
                (
                    (1, Scale(1 / (d * Z), SumMonotone(i, 1, d, _at_patterns))),
                    (-1, Scale(1 / Z, Cancel(d, Sight(d)))),
                )
            ),
            "every pattern has distance 0",
        ),
    ),
)

_masses, _positive = masses("v2"), masses_positive("v2")
_summed = Lemma("partition.balls.equal_radii")
in_masses = sp.log(_masses) + 1 / _masses

mixed_value = Claim(
    id="cross_entropy.mixed.value",
    title="disjoint balls: the loss is log Z + 1/Z, where Z is d ball masses",
    lhs=_mixed,
    relation=EQ,
    rhs=in_masses,
    domain=equal_radii,
    source=Source("Proposition 4"),
    reading=BOTH,
    guards=(_positive, mass_positive("v2")),
    steps=(
        Step(EQ, formula, Lemma("cross_entropy.mixed.identity"), "the loss is log Z + 1/Z"),
        Step(EQ, sp.log(_masses) + 1 / Z, same(Z, _masses, _summed, _positive), "Z is d ball masses"),
        Step(
            EQ,
            in_masses,
            Combine(((1, Scale(1 / (Z * _masses), _summed)), (-1, Scale(1 / Z, Cancel(_masses, _positive))))),
            "and so is 1/Z the inverse of them",
        ),
    ),
)

mixed_floor = Claim(
    id="cross_entropy.mixed.unit_floor",
    title="the loss is at least 1",
    lhs=ONE,
    relation=LE,
    rhs=_mixed,
    domain=on_balls,
    source=Source("Proposition 4"),
    reading=BOTH,
    steps=(
        Step(LE, formula, Lemma("cross_entropy.formula.floor", at=((u, Z),)), "log z + 1/z is at least 1"),
        Step(EQ, _mixed, Lemma("cross_entropy.mixed.identity"), "the loss is log Z + 1/Z"),
    ),
)

# The loss under each reading, one layer


def _printed(name: str, role: str, title: str, low: sp.Expr, high: sp.Expr, version: str = "v2") -> Claim:
    return Claim(
        id=f"cross_entropy.{name}.{role}",
        title=title,
        lhs=low,
        relation=LE,
        rhs=high,
        domain=equal_radii,
        source=Source("Proposition 4" if version == "v2" else "Abstract", version),
        reading=f"{READINGS[name].says}; {READING[version]}; one layer",
    )


def _in_reading(name: str) -> tuple[Claim, ...]:
    within = "the loss is log Z + 1/Z, within 10%"
    return (
        _printed(name, "formula", within, sp.Abs(loss(name) - formula), TENTH * formula),
        _printed(name, "unit_floor", "the loss is at least 1", ONE, loss(name)),
        _printed(name, "unit_floor_v1", "the loss is at least 1, within 10%", ONE - TENTH, loss(name, "v1"), "v1"),
    )


in_each_reading = tuple(claim for name in READINGS for claim in _in_reading(name))
