"""The layers of Section 5: patterns split over layers, and the layer function ``E_t`` as printed.

As printed ``E_t = exp(-g_t) / Z_t`` is a density, not an energy: it is largest on a pattern.  The statements of
Section 5 are transcribed with it; where the section only makes sense for an energy, the reading ``E_t = g_t`` is
stated beside it.
"""

import sympy as sp

from theory.atoms import BallUnion, IndexMin, Quotient, RegionIntegral
from theory.claim import Claim, Kind, Relation, Source, Step
from theory.domain import Domain, Family, Range, positive, size
from theory.notation import j, k, l, n, radius, rho_t, sizes, t, x, z
from theory.rules import (
    Combine,
    ExpPositive,
    ExpTangent,
    ExtremumIntro,
    InversePositive,
    Product,
    RegionMonotone,
    Sight,
    Square,
    SumMonotone,
)

LE, LT, EQ = Relation.LE, Relation.LT, Relation.EQ
over_layers, over_members, over_n = (t, 1, l), (j, 1, sizes[t]), (k, 1, n)

AS_PRINTED = "E_t = exp(-g_t) / Z_t, as printed; balls of one radius"
AS_DISTANCE = "E_t = g_t"


def squared_distance(point: sp.IndexedBase) -> sp.Expr:
    """``||point - rho_tj||^2``."""
    return sp.Sum((point[k] - rho_t[t, j, k]) ** 2, over_n)


def nearest(point: sp.IndexedBase) -> sp.Expr:
    """``g_t(point)``, the squared distance to the nearest pattern of layer t."""
    return IndexMin(squared_distance(point), over_members)


omega = BallUnion(rho_t, radius, (l, sizes[t], n), (t, j, k))
partition = RegionIntegral(sp.exp(-nearest(z)), z, omega)
volume = RegionIntegral(sp.Integer(1), z, omega)


def printed_energy(point: sp.IndexedBase) -> sp.Expr:
    """``E_t(point) = exp(-g_t(point)) / Z_t``, as printed; in units of 1 / volume."""
    return Quotient(sp.exp(-nearest(point)), partition)


layered = Domain.of(
    size(l),
    size(n),
    positive(radius),
    Family(sizes, (l,), lower=1),
    Family(rho_t, (l, sizes[t], n), indices=(t, j, k)),
)
one_layer = Domain.of(Range(t, 1, l))
at_a_point = layered & Domain.of(Family(x, (n,)))

definition = Claim(
    id="layers.energy.definition",
    title="the function of a layer, as printed",
    kind=Kind.DEFINITION,
    lhs=sp.Symbol("E_t", real=True),
    relation=EQ,
    rhs=printed_energy(x),
    domain=at_a_point & one_layer,
    source=Source("Section 4.2, E_t"),
    reading=AS_PRINTED,
)

partition_positive = Claim(
    id="layers.partition.positive",
    title="the partition function of a layer is positive",
    lhs=sp.Integer(0),
    relation=LT,
    rhs=partition,
    domain=layered & one_layer,
    source=Source("Section 4.2, E_t, well-posed"),
    reading=AS_PRINTED,
    about="layers.energy.definition",
    steps=(Step(LT, partition, RegionMonotone(z, omega, ExpPositive(-nearest(z))), "the integrand is positive"),),
)

_g_nonnegative = ExtremumIntro(nearest(z), sp.Integer(0), (SumMonotone(k, 1, n, Square(z[k] - rho_t[t, j, k])),))

partition_ceiling = Claim(
    id="layers.partition.ceiling",
    title="the partition function of a layer is at most the volume of Omega",
    lhs=partition,
    relation=LE,
    rhs=volume,
    domain=layered & one_layer,
    source=Source("Section 4.2, E_t, well-posed"),
    reading=AS_PRINTED,
    about="layers.energy.definition",
    steps=(
        Step(
            LE,
            volume,
            RegionMonotone(
                z,
                omega,
                Product(ExpPositive(-nearest(z)), Combine(((1, ExpTangent(nearest(z))), (1, _g_nonnegative)))),
            ),
            "exp(-g_t) is at most 1 because g_t is nonnegative",
        ),
    ),
)

printed_positive = Claim(
    id="layers.printed_energy.positive",
    title="the layer function as printed is positive everywhere",
    lhs=sp.Integer(0),
    relation=LT,
    rhs=printed_energy(x),
    domain=at_a_point & one_layer,
    source=Source("Section 4.2, E_t, well-posed"),
    reading=AS_PRINTED,
    about="layers.energy.definition",
    steps=(
        Step(
            LT,
            printed_energy(x),
            Product(ExpPositive(-nearest(x)), InversePositive(partition, Sight(partition))),
            "a positive number over a positive number",
        ),
    ),
)
