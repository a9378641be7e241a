"""The loss of one layer under each reading (theorem 10.6): closed forms and two-sided bounds, for every d, n and r.

They hold for the distances of both versions of the paper, and wherever the balls are.
"""

import sympy as sp

from theory.atoms import RegionIntegral
from theory.bounds.cross_entropy import (
    BEYOND,
    READINGS,
    anywhere,
    averaged,
    energy,
    integrates,
    log_partition,
    loss,
    nearest,
    partition,
    pattern,
    zero,
)
from theory.claim import Claim, Relation, Source, Step
from theory.energies.nearest import READING, omega, on_balls, volume
from theory.logarithm import order
from theory.logsumexp import kept, reflected
from theory.notation import d, i, k, rho, u, v, x, z
from theory.rules import (
    Cancel,
    Combine,
    ExpPositive,
    ExpTangent,
    InversePositive,
    Lemma,
    Product,
    RegionMonotone,
    Scale,
    Sight,
    SumMonotone,
)

LE, EQ = Relation.LE, Relation.EQ
SOURCE = {"v2": BEYOND, "v1": Source("Abstract, amended", "v1")}
log_volume, share = sp.log(volume), 1 / volume
Sides = tuple[sp.Expr, Relation, sp.Expr]
d_cancels = Cancel(d, Sight(d))


def _claim(name: str, role: str, version: str, title: str, sides: Sides, *steps: Step) -> Claim:
    suffix = "" if version == "v2" else "_v1"
    amended = (f"{name}.formula", f"{name}.unit_floor") if version == "v2" else (f"{name}.unit_floor_v1",)
    if (name, version) == ("distance", "v1"):
        amended = (*amended, "entropy.density_floor")
    return Claim(
        id=f"cross_entropy.{name}.{role}{suffix}",
        title=title,
        lhs=sides[0],
        relation=sides[1],
        rhs=sides[2],
        domain=on_balls,
        source=SOURCE[version],
        reading=f"{READINGS[name].says}; {READING[version]}; one layer",
        amends=tuple(f"cross_entropy.{refuted}" for refuted in amended),
        steps=steps,
    )


# E_t = g_t, and with log Z_t added: the loss is the log partition function


def _log_partition(version: str) -> tuple[Claim, ...]:
    log_Z = sp.log(partition(version))
    mean_distance = Scale(1 / d, SumMonotone(i, 1, d, zero(version)))
    distance = _claim(
        "distance",
        "identity",
        version,
        "the loss is log Z",
        (loss("distance", version), EQ, log_Z),
        Step(EQ, log_Z, mean_distance, "every pattern has distance 0"),
    )
    normalised = _claim(
        "normalised",
        "identity",
        version,
        "the loss is log Z: the constant in the energy cancels",
        (loss("normalised", version), EQ, log_Z),
        Step(
            EQ,
            log_Z,
            Combine(((1, mean_distance), (-1, Scale(log_Z, d_cancels)))),
            "the integral of exp(-E) is 1, and E is log Z at every pattern",
        ),
    )
    return distance, normalised


# E_t as printed: it lies between 0 and 1/Z, is 1/Z at every pattern, and its integral over Omega is 1


def _printed(version: str) -> tuple[Claim, ...]:
    E, Z = energy("printed_energy", anywhere, version), partition(version)
    Z_theta, g = RegionIntegral(sp.exp(-E), z, omega), nearest(anywhere, version)
    equal = Lemma(
        "exponential.order.equal", at=((u, -nearest(pattern, version)), (v, sp.Integer(0))), given=(zero(version),)
    )
    closed = sp.log(Z_theta) + 1 / Z
    identity = _claim(
        "printed_energy",
        "identity",
        version,
        "the loss is the log partition function of the model plus 1/Z",
        (loss("printed_energy", version), EQ, closed),
        Step(
            EQ,
            closed,
            Combine(((1, Scale(1 / (d * Z), SumMonotone(i, 1, d, equal))), (-1, Scale(1 / Z, d_cancels)))),
            "E is 1/Z at every pattern",
        ),
    )
    same = Lemma(identity.id)
    positive = Product(ExpPositive(-g), InversePositive(Z, Sight(Z)))
    ceiling = _claim(
        "printed_energy",
        "wide_ceiling",
        version,
        "the loss is at most the log volume of Omega plus 1/Z",
        (loss("printed_energy", version), LE, log_volume + 1 / Z),
        Step(EQ, closed, same, "E is 1/Z at every pattern"),
        Step(
            LE,
            log_volume + 1 / Z,
            order(Z_theta, volume, RegionMonotone(z, omega, kept(-E, sp.Integer(0), positive))),
            "E is positive",
        ),
    )
    jensen = Combine(
        (
            (1, RegionMonotone(z, omega, Product(ExpPositive(-share), ExpTangent(share - E)))),
            (1, integrates(sp.exp(-share) * share, sp.exp(-share))),
            (-1, integrates(sp.exp(-share) * E, sp.exp(-share))),
        )
    )
    floor = _claim(
        "printed_energy",
        "jensen_floor",
        version,
        "the loss is at least the log volume of Omega plus 1/Z less 1/|Omega|",
        (log_volume + 1 / Z - share, LE, loss("printed_energy", version)),
        Step(
            LE,
            closed,
            reflected(log_volume - share, sp.log(Z_theta), jensen),
            "Jensen: the average of E over Omega is 1/|Omega|",
        ),
        Step(EQ, loss("printed_energy", version), same, "E is 1/Z at every pattern"),
    )
    return identity, ceiling, floor


# E_t as in (4): at most g and at least g - log d


def _soft(version: str) -> tuple[Claim, ...]:
    suffix = "" if version == "v2" else "_v1"
    E, g, Z = energy("layer_energy", anywhere, version), nearest(anywhere, version), partition(version)
    Z_theta = RegionIntegral(sp.exp(-E), z, omega)

    def within(side: str, point: sp.Expr) -> Lemma:
        """Proposition 1 at a point, from its coordinate k."""
        return Lemma(f"layer.energy.{side}{suffix}", at=((x, ((k,), point)),))

    ceiling = _claim(
        "layer_energy",
        "log_ceiling",
        version,
        "the loss is at most log d above log Z",
        (loss("layer_energy", version), LE, sp.log(Z) + sp.log(d)),
        Step(
            LE,
            log_partition("layer_energy", version),
            averaged(Combine(((1, within("ceiling", rho[i, k])), (1, zero(version))))),
            "E is at most g, which is 0 at every pattern",
        ),
        Step(
            LE,
            sp.log(Z) + sp.log(d),
            order(Z_theta, d * Z, RegionMonotone(z, omega, kept(-E, sp.log(d) - g, within("floor", z[k])))),
            "E is at least g - log d",
        ),
    )
    floor = _claim(
        "layer_energy",
        "log_floor",
        version,
        "the loss is at most log d below log Z",
        (sp.log(Z) - sp.log(d), LE, loss("layer_energy", version)),
        Step(
            LE,
            log_partition("layer_energy", version) - sp.log(d),
            order(Z, Z_theta, RegionMonotone(z, omega, kept(-g, -E, within("ceiling", z[k])))),
            "E is at most g",
        ),
        Step(
            LE,
            loss("layer_energy", version),
            averaged(Combine(((1, within("floor", rho[i, k])), (-1, zero(version)))), sp.log(d)),
            "E is at least g - log d, and g is 0 at every pattern",
        ),
    )
    return ceiling, floor


one_layer_v2 = (*_log_partition("v2"), *_printed("v2"), *_soft("v2"))
one_layer_v1 = (*_log_partition("v1"), *_printed("v1"), *_soft("v1"))
