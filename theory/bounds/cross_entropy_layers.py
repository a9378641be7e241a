"""The cross-entropy of the memory model with l layers, under each reading of the layer function.

``L = log Z_theta + mean E_global(rho_tj)``, the mean over all patterns of all layers.  The printed floor
fails for two layers as it does for one.  The bounds that hold (theorem 10.6) are in ``cross_entropy_layers_union``,
where ``E_t`` is a distance or the energy (4), and in ``cross_entropy_layers_weighted``, where it holds Z_t.
"""

import sympy as sp

from theory.atoms import LSE, IndexMin, RegionIntegral
from theory.bounds.cross_entropy import BEYOND, READINGS, Point
from theory.claim import Claim, Relation, Source, Step
from theory.domain import Condition, Domain, size
from theory.energies.layers import layered, omega, over_layers
from theory.notation import i, j, k, l, n, radius, rho_t, s, sizes, t, z
from theory.rules import (
    Cancel,
    Combine,
    InversePositive,
    Justification,
    Product,
    Scale,
    Sight,
    SumMonotone,
)

LE, EQ = Relation.LE, Relation.EQ
every_layer = (s, 1, l)


def anywhere(coordinate: sp.Expr) -> sp.Expr:
    """The point of integration."""
    return z[coordinate]


def pattern(coordinate: sp.Expr) -> sp.Expr:
    """Pattern j of layer t."""
    return rho_t[t, j, coordinate]


def distances(point: Point, layer: sp.Expr = s) -> sp.Expr:
    """The squared distance to pattern i of a layer."""
    return sp.Sum((point(k) - rho_t[layer, i, k]) ** 2, (k, 1, n))


def nearest(point: Point, layer: sp.Expr = s) -> sp.Expr:
    """The squared distance to the nearest pattern of a layer."""
    return IndexMin(distances(point, layer), (i, 1, sizes[layer]))


def soft(point: Point, layer: sp.Expr = s) -> sp.Expr:
    """The energy (4) over the patterns of a layer."""
    return -LSE(-distances(point, layer), (i, 1, sizes[layer]))


def lowest(point: Point) -> sp.Expr:
    """``min_s g_s(point)``: the distance to the nearest of all patterns."""
    return IndexMin(nearest(point), every_layer)


def partition(layer: sp.Expr = s) -> sp.Expr:
    """``Z_s``, over the common Omega."""
    return RegionIntegral(sp.exp(-nearest(anywhere, layer)), z, omega)


union_partition = RegionIntegral(sp.exp(-lowest(anywhere)), z, omega)
count = sp.Sum(sizes[t], over_layers)
has_patterns = SumMonotone(t, 1, l, Sight(sizes[t]))


def layer_energy(name: str, point: Point, layer: sp.Expr = s) -> sp.Expr:
    """``E_s(point)`` in the reading of this name."""
    return READINGS[name].energy(nearest(point, layer), partition(layer), soft(point, layer))


def energy(name: str, point: Point) -> sp.Expr:
    """``E_global(point)``, equation (7)."""
    return -LSE(-layer_energy(name, point), every_layer)


def mean(expr: sp.Expr) -> sp.Expr:
    """The mean over all patterns of an expression in t and j."""
    return sp.Sum(sp.Sum(expr, (j, 1, sizes[t])), over_layers) / count


def model_partition(name: str) -> sp.Expr:
    """``Z_theta``: the integral of ``exp(-E_global)``."""
    return RegionIntegral(sp.exp(-energy(name, anywhere)), z, omega)


def loss(name: str) -> sp.Expr:
    """``L = log Z_theta + mean E_global(rho_tj)``, in nats."""
    return sp.log(model_partition(name)) + mean(energy(name, pattern))


def averaged(each: Justification, rest: sp.Expr = sp.S.Zero) -> Combine:
    """From the sign of ``E(rho_tj) + rest``, or of ``rest - E(rho_tj)``, for every t and j: the same for the mean."""
    total = SumMonotone(t, 1, l, SumMonotone(j, 1, sizes[t], each))
    return Combine(
        (
            (1, Product(InversePositive(count, has_patterns), total)),
            (-1, Scale(rest, Cancel(count, has_patterns))),
        )
    )


def layer_claim(name: str, role: str, title: str, sides: tuple[sp.Expr, Relation, sp.Expr], *steps: Step) -> Claim:
    return Claim(
        id=f"cross_entropy.layers_{name}.{role}",
        title=title,
        lhs=sides[0],
        relation=sides[1],
        rhs=sides[2],
        domain=layered,
        source=BEYOND,
        reading=READINGS[name].says,
        amends=(f"cross_entropy.layers_{name}.unit_floor",),
        guards=(has_patterns,),
        steps=steps,
    )


# The printed floor, from two layers on


def between(layer: sp.Expr, other: sp.Expr) -> sp.Expr:
    """The squared distance of pattern j of one layer to pattern i of another."""
    return sp.Sum((rho_t[layer, j, k] - rho_t[other, i, k]) ** 2, (k, 1, n))


_reach = (2 * radius) ** 2
apart = layered & Domain.of(
    Condition(_reach, Relation.LT, between(t, t), forall=(over_layers, (j, 1, sizes[t]), (i, j + 1, sizes[t]))),
    Condition(
        _reach, Relation.LT, between(t, s), forall=(over_layers, (s, t + 1, l), (j, 1, sizes[t]), (i, 1, sizes[s]))
    ),
)
unit_floors = tuple(
    Claim(
        id=f"cross_entropy.layers_{name}.unit_floor",
        title="the loss of two layers or more is at least 1",
        lhs=sp.Integer(1),
        relation=LE,
        rhs=loss(name),
        domain=apart & Domain.of(size(l, 2)),
        source=Source("Proposition 4"),
        reading=READINGS[name].says,
    )
    for name in READINGS
)
