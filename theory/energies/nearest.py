"""Nearest-neighbour search (3): the distance to the nearest pattern, and the density (5) that it defines."""

import sympy as sp

from theory.atoms import BallUnion, IndexMin, Quotient, RegionIntegral
from theory.claim import Claim, Kind, Relation, Source, Step
from theory.domain import Condition, Domain, Family, positive, size
from theory.notation import bound, d, i, j, k, n, radius, rho, u, x, z
from theory.rules import (
    Assume,
    Cancel,
    Combine,
    ExpPositive,
    ExpTangent,
    ExtremumAttained,
    ExtremumIntro,
    Generic,
    Identity,
    Justification,
    Product,
    RegionMonotone,
    RootNonnegative,
    Sight,
    Square,
    SumMonotone,
)

LE, LT, GE, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.EQ
over_d, over_n = (i, 1, d), (k, 1, n)


def squared_distance(point: sp.IndexedBase, index: sp.Expr = i) -> sp.Expr:
    """``||point - rho_index||^2``, the distance of version 2; in squared units of the patterns."""
    return sp.Sum((point[k] - rho[index, k]) ** 2, over_n)


def distance(point: sp.IndexedBase, version: str = "v2", index: sp.Expr = i) -> sp.Expr:
    """The ``dist`` of a version of the paper: squared in v2, the norm itself in v1."""
    squared = squared_distance(point, index)
    return squared if version == "v2" else sp.sqrt(squared)


def nearest(point: sp.IndexedBase, version: str = "v2") -> sp.Expr:
    """``g(point) = min_i dist(point, rho_i)``, equation (3)."""
    return IndexMin(distance(point, version), over_d)


patterns = Domain.of(size(d), size(n), Family(rho, (d, n)))
at_a_point = patterns & Domain.of(Family(x, (n,)))
ONE_RADIUS = "Omega is the union of balls of one radius"
READING = {"v2": "dist = squared Euclidean distance", "v1": "dist = Euclidean distance"}


def squares_sum(point: sp.IndexedBase, index: sp.Expr = i) -> SumMonotone:
    """A proof that a squared distance is nonnegative."""
    return SumMonotone(k, 1, n, Square(point[k] - rho[index, k]))


def guards(version: str, *points: sp.IndexedBase) -> tuple[Generic, ...]:
    """Proofs that the roots of version 1 are of nonnegative numbers."""
    return tuple(Generic((over_d,), squares_sum(point)) for point in points) if version == "v1" else ()


def _nonnegative(version: str) -> Justification:
    return squares_sum(x) if version == "v2" else RootNonnegative(squared_distance(x), squares_sum(x))


def _well_posed(version: str) -> tuple[Claim, ...]:
    suffix = "" if version == "v2" else "_v1"
    about = f"nearest.distance.definition{suffix}"
    g = nearest(x, version)
    definition = Claim(
        id=about,
        title="nearest-neighbour distance",
        kind=Kind.DEFINITION,
        lhs=sp.Symbol("g", real=True),
        relation=EQ,
        rhs=g,
        domain=at_a_point,
        source=Source("(3)", version),
        reading=READING[version],
    )
    attained = Claim(
        id=f"nearest.distance.attained{suffix}",
        title="the minimum is attained: what is below every distance is below g",
        lhs=bound,
        relation=LT,
        rhs=g,
        domain=at_a_point
        & Domain.everywhere(bound)
        & Domain.of(Condition(bound, LT, distance(x, version), forall=(over_d,))),
        source=Source("(3), well-posed", version),
        guards=guards(version, x),
        steps=(Step(LT, g, ExtremumAttained(g, u, u - bound, Assume(0, (i,))), "g is one of the distances"),),
        reading=READING[version],
        about=about,
    )
    floor = Claim(
        id=f"nearest.distance.floor{suffix}",
        title="the nearest-neighbour distance is nonnegative",
        lhs=sp.Integer(0),
        relation=LE,
        rhs=g,
        domain=at_a_point,
        source=Source("(3), well-posed", version),
        guards=guards(version, x),
        steps=(Step(LE, g, ExtremumIntro(g, sp.Integer(0), (_nonnegative(version),)), "every distance is"),),
        reading=READING[version],
        about=about,
    )
    return definition, attained, floor


well_posed_v2 = _well_posed("v2")
well_posed_v1 = _well_posed("v1")

separation = Claim(
    id="patterns.separation.assumption",
    title="well-separated patterns: balls of radius r are disjoint",
    kind=Kind.ASSUMPTION,
    lhs=(2 * radius) ** 2,
    relation=LT,
    rhs=IndexMin(IndexMin(sp.Sum((rho[j, k] - rho[i, k]) ** 2, over_n), (j, i + 1, d)), (i, 1, d - 1)),
    domain=Domain.of(size(d, 2), size(n), Family(rho, (d, n)), positive(radius)),
    source=Source("Assumption 3"),
    reading=ONE_RADIUS,
)

# The density (5)

omega = BallUnion(rho, radius, (d, n), (i, k))
weighted = sp.exp(-nearest(z))
partition = RegionIntegral(weighted, z, omega)
volume = RegionIntegral(sp.Integer(1), z, omega)
on_balls = patterns & Domain.of(positive(radius))

density = Claim(
    id="nearest.density.definition",
    title="the density of nearest-neighbour search",
    kind=Kind.DEFINITION,
    lhs=sp.Symbol("p", real=True),
    relation=EQ,
    rhs=Quotient(sp.exp(-nearest(x)), partition),
    domain=on_balls & Domain.of(Family(x, (n,))),
    source=Source("(5)"),
    reading=ONE_RADIUS,
)

_g_nonnegative = ExtremumIntro(nearest(z), sp.Integer(0), (squares_sum(z),))

partition_positive = Claim(
    id="nearest.partition.positive",
    title="the partition function of (5) is positive",
    lhs=sp.Integer(0),
    relation=LT,
    rhs=partition,
    domain=on_balls,
    source=Source("(5), well-posed"),
    reading=ONE_RADIUS,
    about="nearest.density.definition",
    steps=(Step(LT, partition, RegionMonotone(z, omega, ExpPositive(-nearest(z))), "the integrand is positive"),),
)

partition_ceiling = Claim(
    id="nearest.partition.ceiling",
    title="the partition function of (5) is finite: at most the volume of Omega",
    lhs=partition,
    relation=LE,
    rhs=volume,
    domain=on_balls,
    source=Source("(5), well-posed"),
    reading=ONE_RADIUS,
    about="nearest.density.definition",
    steps=(
        Step(
            LE,
            volume,
            RegionMonotone(
                z,
                omega,
                Product(ExpPositive(-nearest(z)), Combine(((1, ExpTangent(nearest(z))), (1, _g_nonnegative)))),
            ),
            "exp(-g) is at most 1 because g is nonnegative",
        ),
    ),
)

density_normalised = Claim(
    id="nearest.density.normalised",
    title="the density of (5) integrates to 1 over Omega",
    lhs=RegionIntegral(Quotient(weighted, partition), z, omega),
    relation=EQ,
    rhs=sp.Integer(1),
    domain=on_balls,
    source=Source("(5), well-posed"),
    reading=ONE_RADIUS,
    about="nearest.density.definition",
    steps=(
        Step(
            EQ,
            Quotient(partition, partition),
            Identity(RegionIntegral(Quotient(weighted, partition), z, omega), Quotient(partition, partition)),
            "the constant leaves the integral",
        ),
        Step(EQ, sp.Integer(1), Cancel(partition, Sight(partition)), "the partition function is positive"),
    ),
)
