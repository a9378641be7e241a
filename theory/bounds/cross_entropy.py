"""The cross-entropy of the memory model under each reading of the layer function (theorem 10.6), one layer.

The model is ``exp(-E) / Z_theta`` on Omega, the target is uniform over the patterns, so the loss is
``L = log Z_theta + mean_i E(rho_i)``, in nats.  What the paper calls ``E_t`` has four readings; a constant added to E
leaves L as it is, which makes the first two one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import sympy as sp

from theory.atoms import LSE, BallUnion, IndexMin, Quotient, RegionIntegral
from theory.claim import Claim, Kind, Relation, Source, Step
from theory.domain import Domain, Range
from theory.energies import nearest as search
from theory.energies.nearest import omega, on_balls, over_d, over_n, patterns
from theory.notation import d, i, j, k, n, rho, x, z
from theory.rules import (
    Antisymmetry,
    Cancel,
    Combine,
    ExtremumIntro,
    ExtremumMember,
    Identity,
    InversePositive,
    Justification,
    Lemma,
    Product,
    RootCeiling,
    RootFloor,
    Scale,
    Sight,
    Square,
    SumMonotone,
)

LE, LT, EQ = Relation.LE, Relation.LT, Relation.EQ
BEYOND = Source("10.6", "", "Majorant")
LEMMA = Source("lemma", "", "Majorant")
Point = Callable[[sp.Expr], sp.Expr]


@dataclass(frozen=True)
class Reading:
    """What ``E_t`` stands for, from g, its partition function and the energy (4), all of one layer."""

    says: str
    energy: Callable[[sp.Expr, sp.Expr, sp.Expr], sp.Expr]


READINGS: Mapping[str, Reading] = MappingProxyType(
    {
        "distance": Reading("E_t = g_t", lambda g, total, soft: g),
        "normalised": Reading("E_t = g_t + log Z_t", lambda g, total, soft: g + sp.log(total)),
        "printed_energy": Reading(
            "E_t = exp(-g_t) / Z_t, as printed", lambda g, total, soft: Quotient(sp.exp(-g), total)
        ),
        "layer_energy": Reading("E_t is (4) over the patterns of layer t", lambda g, total, soft: soft),
    }
)


def distances(point: Point, version: str = "v2") -> sp.Expr:
    """``dist(point, rho_j)``; the point is a function of the coordinate."""
    squared = sp.Sum((point(k) - rho[j, k]) ** 2, over_n)
    return squared if version == "v2" else sp.sqrt(squared)


def nearest(point: Point, version: str = "v2") -> sp.Expr:
    """``g(point)``, the distance to the nearest pattern."""
    return IndexMin(distances(point, version), (j, 1, d))


def soft(point: Point, version: str = "v2") -> sp.Expr:
    """The energy (4) at a point."""
    return -LSE(-distances(point, version), (j, 1, d))


def anywhere(coordinate: sp.Expr) -> sp.Expr:
    """The point of integration."""
    return z[coordinate]


def pattern(coordinate: sp.Expr) -> sp.Expr:
    """Pattern i."""
    return rho[i, coordinate]


def partition(version: str = "v2") -> sp.Expr:
    """``Z``, the integral of ``exp(-g)`` over Omega."""
    return RegionIntegral(sp.exp(-nearest(anywhere, version)), z, omega)


def energy(name: str, point: Point, version: str = "v2") -> sp.Expr:
    """``E(point)`` in the reading of this name, one layer; in nats, as printed in units of 1 / volume."""
    return READINGS[name].energy(nearest(point, version), partition(version), soft(point, version))


def log_partition(name: str, version: str = "v2") -> sp.Expr:
    """``log Z_theta``: the integral of ``exp(-E)`` over Omega."""
    return sp.log(RegionIntegral(sp.exp(-energy(name, anywhere, version)), z, omega))


def loss(name: str, version: str = "v2") -> sp.Expr:
    """``L = log Z_theta + mean_i E(rho_i)``, in nats."""
    return log_partition(name, version) + sp.Sum(energy(name, pattern, version), over_d) / d


# The target (11)

target = Claim(
    id="cross_entropy.target.definition",
    title="the target: every pattern has the same mass",
    kind=Kind.DEFINITION,
    lhs=sp.Symbol("p", real=True),
    relation=EQ,
    rhs=sp.Sum(sp.Product(sp.DiracDelta(x[k] - rho[i, k]), over_n), over_d) / d,
    domain=search.at_a_point,
    source=Source("(11)"),
    reading="the samples are all d patterns, as in 10.6",
)

target_normalised = Claim(
    id="cross_entropy.target.normalised",
    title="the masses of the target sum to 1",
    lhs=sp.Sum(1 / d, over_d),
    relation=EQ,
    rhs=sp.Integer(1),
    domain=patterns,
    source=Source("(11), well-posed"),
    about="cross_entropy.target.definition",
    steps=(Step(EQ, sp.Integer(1), Identity(sp.Sum(1 / d, over_d), sp.Integer(1)), "d masses of 1/d"),),
)

definition = Claim(
    id="cross_entropy.loss.definition",
    title="the cross-entropy of the target and the density of one layer",
    kind=Kind.DEFINITION,
    lhs=sp.Symbol("L", real=True),
    relation=EQ,
    rhs=loss("printed_energy"),
    domain=on_balls,
    source=Source("Proposition 4"),
    reading=f"{READINGS['printed_energy'].says}; the integral of -log p_theta against (11)",
)

# Proofs about integrals over Omega and sums over the patterns


def integrates(body: sp.Expr, value: sp.Expr, region: BallUnion = omega) -> Identity:
    """The integral of the body over a region is the value, because both have one normal form."""
    return Identity(RegionIntegral(body, z, region), value)


def averaged(each: Justification, rest: sp.Expr = sp.S.Zero) -> Combine:
    """From the sign of ``E(rho_i) + rest``, or of ``rest - E(rho_i)``, for every i: the same for the mean of E."""
    mean = Product(InversePositive(d, Sight(d)), SumMonotone(i, 1, d, each))
    return Combine(((1, mean), (-1, Scale(rest, Cancel(d, Sight(d))))))


def _at_pattern(version: str) -> Claim:
    g = nearest(pattern, version)
    squares = SumMonotone(k, 1, n, Square(rho[i, k] - rho[j, k]))
    each: Justification = squares
    own: Justification = ExtremumMember(g, i)
    if version == "v1":
        none = sp.Integer(0)
        each = RootFloor(distances(pattern), none, squares)
        own = Combine(((1, own), (1, RootCeiling(none, none, Identity(none, none), Identity(none, none)))))
    return Claim(
        id="nearest.pattern.identity" + ("" if version == "v2" else "_v1"),
        title="a pattern has distance 0 to the nearest pattern",
        lhs=g,
        relation=EQ,
        rhs=sp.Integer(0),
        domain=patterns & Domain.of(Range(i, 1, d)),
        source=LEMMA,
        reading=search.READING[version],
        steps=(
            Step(EQ, sp.Integer(0), Antisymmetry(ExtremumIntro(g, sp.Integer(0), (each,)), own), "it is a pattern"),
        ),
    )


at_pattern_v2, at_pattern_v1 = _at_pattern("v2"), _at_pattern("v1")


def zero(version: str = "v2") -> Lemma:
    """``g(rho_i) = 0``."""
    return Lemma("nearest.pattern.identity" + ("" if version == "v2" else "_v1"), at=((i, i),))
