"""The cross-entropy of the memory model: Proposition 4 as printed, and one layer under each reading of its energy.

``L = log Z_theta + mean_i E(rho_i)`` in nats, for d patterns in disjoint balls of one radius, Omega their union, and
the target uniform over the patterns.  With Z the partition function of ``exp(-g)`` and V the volume of a ball:

- E = g, and E = g + log Z: the cross-entropy is log Z;
- E = exp(-g) / Z, as printed: it lies between log(d V) and ``(1 - exp(-r^p)) / Z`` above it;
- E of equation (4): at most 1 + (d - 1) exp(-(2 r)^p) terms count at a pattern, and d V exp(-r^p) (d - 1) beyond Z.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from theory.bounds import ball_mass, partition
from theory.bounds._balls import evaluated, log_ball_mass, log_ball_volume
from theory.bounds.bound import Bound
from theory.claim import Source
from theory.notation import d, n, radius

_ARGUMENTS = (d, n, radius)
_volume = sp.Symbol("V", real=True)
_mass = sp.Symbol("M", real=True)
_complement = sp.Symbol("1 - exp(-r^p)", real=True)
_READINGS = {
    "distance": "E = g",
    "normalised": "E = g + log Z",
    "printed_energy": "E = exp(-g)/Z, as printed",
    "layer_energy": "E of equation (4)",
}


def _formulas(power: int) -> Iterator[tuple[str, str, str, sp.Expr]]:
    """Reading, role, title and formula in the volume V and the mass M of one ball."""
    partition_function, weight = d * _mass, sp.exp(-(radius**power))
    log_partition, log_volume = sp.log(partition_function), sp.log(d * _volume)
    crowd = 1 + (d - 1) * sp.exp(-((2 * radius) ** power))
    yield "distance", "value", "the logarithm of the partition function", log_partition
    yield "normalised", "value", "the logarithm of the partition function", log_partition
    yield "printed_energy", "floor", "the logarithm of the volume of Omega", log_volume
    over = _complement / partition_function
    yield "printed_energy", "ceiling", "at most (1 - exp(-r^p))/Z above log(d V)", log_volume + over
    yield "layer_energy", "floor", "log Z less the log of the terms at a pattern", log_partition - sp.log(crowd)
    beyond = sp.log(d * _mass + d * (d - 1) * _volume * weight)
    yield "layer_energy", "ceiling", "log Z and what the other patterns add", beyond


def _cross_entropy(version: str) -> Iterator[Bound]:
    power, suffix = ball_mass.POWER[version], "" if version == "v2" else "_v1"
    exact = evaluated(ball_mass.mass(sp.Integer(power)))
    stable = {_mass: sp.exp(log_ball_mass(n, radius, power)), _volume: sp.exp(log_ball_volume(n, radius))}
    stable[_complement] = sp.Function("complement")(radius**power)
    domain, source = partition.equal_radii, Source("10.6", "", "Majorant")

    def bound(name: str, role: str, title: str, form: sp.Expr, place: Source) -> Bound:
        return Bound(
            name=f"cross_entropy_{name}{suffix}",
            role=role,
            expr=form.xreplace({_mass: exact, _volume: ball_mass.volume} | {_complement: 1 - sp.exp(-(radius**power))}),
            domain=domain,
            arguments=_ARGUMENTS,
            title=f"{title}; {ball_mass.READING[version]}",
            unit="nat",
            promised=f"cross_entropy.{name.replace('_' + role, '')}.{role}{suffix}",
            source=place,
            computed=form.xreplace(stable),
        )

    printed = sp.log(d * _mass) + 1 / (d * _mass)
    yield bound("printed", "value", "the cross-entropy of Proposition 4, log Z + 1/Z", printed, Source("Proposition 4"))
    for reading, role, title, form in _formulas(power):
        name = reading if role == "value" else f"{reading}_{role}"
        yield bound(name, role, f"one layer, {_READINGS[reading]}: {title}", form, source)


BOUNDS = (*_cross_entropy("v2"), *_cross_entropy("v1"))
