"""Ball mass and ball volume for every p > 0, and the partition function of disjoint balls, with their bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

from theory.atoms import RadialIntegral
from theory.bounds import ball_mass, ball_volume, partition, partition_printed
from theory.bounds.bound import Bound, ceiling, floor, value
from theory.claim import Claim
from theory.notation import d, exponent, n, radii, radius

VOLUME, NUMBER = "length^n", "1"
log_ball_mass, log_ball_volume = sp.Function("log_ball_mass"), sp.Function("log_ball_volume")
_VOLUMES = (
    (ball_mass.volume, log_ball_volume(n, radius)),
    (ball_volume.volume_there, sp.Function("log_critical_volume")(n)),
)
Make = Callable[..., Bound]


def _closed(integral: RadialIntegral) -> sp.Expr:
    """The closed form of ``ball.mass.identity``; that of ``ball.volume.identity`` where the integrand is 1."""
    if integral.body == 1:
        return ball_mass.volume.subs({n: integral.dimension, radius: integral.radius}, simultaneous=True)
    p = (-integral.body.args[0]).as_base_exp()[1]
    at = {exponent: p, n: integral.dimension, radius: integral.radius}
    return ball_mass.closed_form.subs(at, simultaneous=True)


def _routine(integral: RadialIntegral) -> sp.Expr:
    p = (-integral.body.args[0]).as_base_exp()[1]
    return sp.exp(log_ball_mass(integral.dimension, integral.radius, p))


def evaluated(expr: sp.Expr) -> sp.Expr:
    """An expression with every ball mass and volume in closed form."""
    return expr.replace(lambda e: isinstance(e, RadialIntegral), _closed)


def computed(expr: sp.Expr) -> sp.Expr:
    """An expression with every ball mass and the volume through the routines for their logarithms."""
    for volume, routine in _VOLUMES:
        without = expr / volume
        if not without.has(sp.gamma) and without.has(radius) <= expr.has(radius):
            expr = sp.exp(routine) * without
    return expr.replace(lambda e: isinstance(e, RadialIntegral), _routine)


def both(make: Make, claim: Claim, *arguments: sp.Basic, form: sp.Expr | None = None, **more: Any) -> Iterator[Bound]:
    """A bound on a ball mass or a sum of them, and its logarithm; ``form`` is an equal form to compute."""
    bound = make(claim, *arguments, unit=more.pop("unit", NUMBER), **more)
    form = computed(bound.expr if form is None else form)
    found = bound.changed(expr=evaluated(bound.expr), computed=form)
    yield found
    yield found.log


_BALL = (n, radius)
_MASS = {"v2": sp.exp(log_ball_mass(n, radius, 2)), "v1": sp.exp(log_ball_mass(n, radius, 1))}
_SUM = partition.identities_v1[0].rhs  # as printed: the masses at p = 1


def _critical() -> Iterator[Bound]:
    """(14) as printed, under each reading, and as amended."""
    printed = (partition_printed.printed_floor, partition_printed.printed_ceiling, partition_printed.squared_floor)
    for claim in (*partition_printed.brackets_v2, *partition_printed.brackets_v1, *printed):
        yield from both(ceiling if "ceiling" in claim.id else floor, claim, d, n)


BOUNDS = (
    *both(value, ball_mass.volume_identity, *_BALL, unit=VOLUME),
    *both(floor, ball_volume.floor, *_BALL, unit=VOLUME),
    *both(ceiling, ball_volume.ceiling, *_BALL, unit=VOLUME),
    floor(ball_volume.critical_floor, n, unit=VOLUME),
    ceiling(ball_volume.critical_ceiling, n, unit=VOLUME),
    ceiling(ball_volume.printed_unit_radius, n, unit="length"),
    floor(ball_volume.unit_radius_floor, n, unit="length"),
    ceiling(ball_volume.unit_radius_ceiling, n, unit="length"),
    *both(value, ball_mass.identity, *_BALL, exponent, form=ball_mass.mass(exponent)),
    *both(floor, ball_mass.floor, *_BALL, exponent),
    *both(ceiling, ball_mass.ceiling, *_BALL, exponent),
    *both(value, ball_mass.printed_v2, *_BALL, form=_MASS["v1"]),  # as printed: the mass at p = 1
    *both(value, ball_mass.squared, *_BALL, form=_MASS["v2"]),
    *both(value, ball_mass.printed_v1, *_BALL, form=_MASS["v1"]),
    *both(floor, ball_mass.bounds_v2[0], *_BALL),
    *both(floor, ball_mass.squared_floor, *_BALL),
    *both(ceiling, ball_mass.bounds_v2[1], *_BALL),
    *both(floor, ball_mass.bounds_v1[0], *_BALL),
    *both(ceiling, ball_mass.bounds_v1[1], *_BALL),
    *both(value, partition.identities_v2[0], n, radii),
    *both(value, partition.identities_v1[0], n, radii),
    *both(value, partition.identities_v2[1], d, n, radius),
    *both(value, partition.identities_v1[1], d, n, radius),
    *both(value, partition_printed.printed_v2[0], d, n, radius, form=d * _MASS["v1"]),
    *both(value, partition_printed.amended, d, n, radius, form=d * _MASS["v2"]),
    *both(value, partition_printed.printed_v1[0], d, n, radius, form=d * _MASS["v1"]),
    *both(value, partition_printed.printed_v2[1], n, radii, form=_SUM),
    *both(value, partition_printed.printed_v1[1], n, radii, form=_SUM),
    *_critical(),
)
