"""The layer energy (4): a soft minimum of the distances, and Proposition 1, which puts it below the hard one."""

import sympy as sp

from theory.atoms import LSE
from theory.claim import Claim, Kind, Relation, Source, Step
from theory.energies.nearest import READING, at_a_point, distance, guards, nearest, over_d
from theory.notation import d, i, n, x
from theory.rules import Lemma

LE, EQ = Relation.LE, Relation.EQ


def energy(point: sp.IndexedBase, version: str = "v2") -> sp.Expr:
    """``E(point) = -log sum_i exp(-dist(point, rho_i))``, equation (4), in nats."""
    return -LSE(-distance(point, version), over_d)


def _proposition_1(version: str) -> tuple[Claim, ...]:
    suffix = "" if version == "v2" else "_v1"
    g, E = nearest(x, version), energy(x, version)
    at_distances = ((n, d), (x, ((i,), distance(x, version))))
    definition = Claim(
        id=f"layer.energy.definition{suffix}",
        title="layer energy",
        kind=Kind.DEFINITION,
        lhs=sp.Symbol("E", real=True),
        relation=EQ,
        rhs=E,
        domain=at_a_point,
        source=Source("(4)", version),
        reading=READING[version],
    )
    floor = Claim(
        id=f"layer.energy.floor{suffix}",
        title="the layer energy is at most log d below the nearest distance",
        lhs=g - sp.log(d),
        relation=LE,
        rhs=E,
        domain=at_a_point,
        source=Source("Proposition 1, lower half", version),
        reading=READING[version],
        guards=guards(version, x),
        steps=(Step(LE, E, Lemma("lse.minimum.floor", at=at_distances), "Lemma 3 at the distances"),),
    )
    ceiling = Claim(
        id=f"layer.energy.ceiling{suffix}",
        title="the layer energy is at most the nearest distance",
        lhs=E,
        relation=LE,
        rhs=g,
        domain=at_a_point,
        source=Source("Proposition 1, upper half", version),
        reading=READING[version],
        guards=guards(version, x),
        steps=(Step(LE, g, Lemma("lse.minimum.ceiling", at=at_distances), "amended Lemma 3 at the distances"),),
    )
    return definition, floor, ceiling


proposition_1_v2 = _proposition_1("v2")
proposition_1_v1 = _proposition_1("v1")
