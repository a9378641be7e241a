"""The cross-entropy of the memory model over disjoint balls of one radius, under each reading of its energy.

In nats, with the target uniform over the patterns.  Proposition 4 as printed stands beside what holds; the loss of
several layers has no closed form, the partition function of normalised layers has.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from theory.bounds import (
    cross_entropy_balls,
    cross_entropy_formula,
    cross_entropy_layers_weighted,
    cross_entropy_unit,
    cross_entropy_volume,
)
from theory.bounds._balls import computed, evaluated
from theory.bounds.bound import Bound, ceiling, floor, value
from theory.bounds.cross_entropy import loss
from theory.claim import Claim
from theory.notation import d, l, n, radius, unit

_complement = sp.Function("complement")
_MAKE = {"value": value, "floor": floor, "ceiling": ceiling}  # by the last word of the id
_SHARES = {
    1 - sp.exp(-radius): _complement(radius),
    1 - sp.exp(-(radius**2)): _complement(radius**2),
    sp.exp(radius**2) - 1: sp.exp(radius**2) * _complement(radius**2),
}


def _gamma_exponent(expr: sp.Expr) -> sp.Expr:
    """The exponent of the gamma function among the factors: -1 in a volume, 1 in its inverse."""
    factors = (factor.as_base_exp() for factor in sp.Mul.make_args(expr))
    return sum((exponent for base, exponent in factors if isinstance(base, sp.gamma)), sp.S.Zero)


def _stable(expr: sp.Expr) -> sp.Expr:
    """An equal form in which volumes and masses come from their logarithms and nothing cancels for small radii."""

    def through_logarithms(product: sp.Expr) -> sp.Expr:
        return computed(product) if _gamma_exponent(product) < 0 else 1 / computed(1 / product)

    apart = expr.replace(lambda e: isinstance(e, sp.Mul) and _gamma_exponent(e) != 0, through_logarithms)
    return computed(apart.xreplace(_SHARES))


def _closed(claim: Claim, *more: sp.Symbol) -> Bound:
    """The side of a claim in closed form, a function of the number of patterns, the dimension and the radius."""
    role = claim.id.removesuffix("_v1").replace(".", "_").rpartition("_")[2]
    bound = _MAKE[role](claim, d, n, radius, *more, unit="nat")
    return bound.changed(expr=evaluated(bound.expr), computed=_stable(bound.expr))


def _printed() -> Bound:
    """The formula of Proposition 4, with the claim that it is the loss."""
    claims = {claim.id: claim for claim in cross_entropy_formula.in_each_reading}
    claim = claims["cross_entropy.printed_energy.formula"]
    bound = value(claim, d, n, radius, unit="nat", quantity=loss("printed_energy"))
    form = cross_entropy_formula.in_masses
    return bound.changed(expr=evaluated(form), computed=_stable(form))


def _bounds() -> Iterator[Bound]:
    yield _printed()
    yield _closed(cross_entropy_formula.mixed_value)
    for claim in (*cross_entropy_balls.one_radius_v2, *cross_entropy_balls.one_radius_v1):
        yield _closed(claim)
    for claim in cross_entropy_volume.volume_ceilings:
        yield _closed(claim)
    yield _closed(cross_entropy_unit.unit_volume_floor, unit)
    yield _closed(cross_entropy_unit.unit_volume_ceiling, unit)
    yield value(cross_entropy_layers_weighted.normalised_partition, l, unit="1")


BOUNDS = tuple(_bounds())
