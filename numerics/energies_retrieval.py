"""Retrieval: a point moves to the softmax average of the patterns until it rests; the energy never rises.

Both updates minimise a majorizer that touches the energy: claims ``surrogate.update.descent`` for the layer energy and
``surrogate.mchn_update.descent`` for the network of Ramsauer et al. 2020.  Every run checks that of its own numbers.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from typing import Literal

import numpy as np
import sympy as sp

from numerics.array_arguments import check_count, has_tensor, plain_number
from numerics.energies_compiled import Array, arguments, backend_of, compiled, stacked

TWO = sp.Integer(2)
CHAIN = 32
"""Roundings of an energy besides those of the sum over the coordinates, each at most half the machine epsilon.

Centring 2; product, both squares and their sum 4; beta 2; shift by the largest exponent 2; exp 2; the sum over up to
2^16 patterns taken by halves 16; log 2; joining with the shift 1; the type of the result 1.  A whole epsilon is counted
for each, which leaves room for sums that are taken in another order.
"""


class EnergyRise(ArithmeticError):  # noqa: N818 - it names what was seen
    """The energy rose by more than rounding explains: the routine is at fault."""


@dataclass(frozen=True)
class Retrieval:
    """What the points came to.

    ``points`` (..., n) after the last step; ``energies`` (steps + 1, ...) before every step and at the end;
    ``converged`` (...) whether the last step was within the tolerance; ``largest_rise`` the largest increase of an
    energy in a step, at most ``allowed_rise``; ``trajectory`` (steps + 1, ..., n) where it was asked for.
    """

    points: Array
    energies: Array
    converged: Array
    steps: int
    largest_rise: float
    allowed_rise: float
    trajectory: Array | None = None


@np.errstate(over="ignore", invalid="ignore")  # _finite says what overflows
def retrieve(
    x: Array,
    patterns: Array,
    beta: float = 1.0,
    *,
    energy: Literal["layer", "mchn"] = "layer",
    tolerance: float | None = None,
    max_steps: int = 1000,
    keep_trajectory: bool = False,
) -> Retrieval:
    """Runs the update from the points x, shape (..., n), until no point moves by more than the tolerance.

    Parameters
    ----------
    x, patterns
        Points (..., n) and patterns (d, n), NumPy arrays or Torch tensors.
    beta
        Inverse temperature.
    energy
        ``layer``, with the squared distance: the update is softmax attention with the bias -beta ||rho_i||^2, one
        gradient step of length 1/(2 beta).  ``mchn``: the update is softmax(beta M^T x) M, a gradient step of length 1.
    tolerance
        Largest norm of a step at rest, in the unit of the patterns; the root of the unit roundoff times the largest
        norm of a pattern by default.
    max_steps
        After so many steps the run ends; ``converged`` says which points rest.
    keep_trajectory
        Whether to return all points on the way.

    Raises
    ------
    EnergyRise
        An energy rose by more than rounding explains.
    FloatingPointError
        An energy or a step overflows the type of the result, or is nan: whether it rose cannot be told.
    ValueError, TypeError
        Arguments that are not allowed.
    """
    _check(x, patterns, energy, tolerance, max_steps)
    backend = backend_of(x, patterns)
    routine = compiled(energy, TWO, ("value", "gradient"), backend)
    value, slope = routine(arguments(x, patterns, beta))
    length = 1 / (2 * beta) if energy == "layer" else 1.0
    point = x + 0 * slope  # in the type of the result
    _finite(value, "the energy", 0)
    allowed = _rounding(value, point, patterns, float(_double(beta)), energy)
    if tolerance is None:
        tolerance = _unit(value) ** 0.5 * _largest_norm(_double(patterns))
    values, path, converged, largest, steps = [value], [point], value == value, 0.0, 0
    while steps < max_steps and len(value.reshape(-1)):
        step = length * slope
        _finite(step, "the step", steps)
        point = point - step
        before, (value, slope) = value, routine(arguments(point, patterns, beta))
        steps += 1
        _finite(value, "the energy", steps)
        largest = max(largest, float((_double(value) - _double(before)).max()))
        if largest > allowed:
            raise EnergyRise(
                f"the energy rose by {largest:.3g} in step {steps}, rounding explains {allowed:.3g}: the routine is at "
                "fault; run again in float64, and report it if it stays"
            )
        values.append(value)
        path = [*path, point] if keep_trajectory else path
        converged = (_double(step) ** 2).sum(-1) ** 0.5 <= tolerance
        if bool(converged.all()):
            break
    return Retrieval(
        points=point,
        energies=stacked(backend, values, 0),
        converged=converged,
        steps=steps,
        largest_rise=largest,
        allowed_rise=allowed,
        trajectory=stacked(backend, path, 0) if keep_trajectory else None,
    )


def _check(x: Array, patterns: Array, energy: str, tolerance: float | None, max_steps: int) -> None:
    """Raises ``TypeError`` or ``ValueError`` for what ``retrieve`` does not take."""
    for name, array in (("x", x), ("patterns", patterns)):
        if not isinstance(array, np.ndarray) and not has_tensor(array):
            raise TypeError(
                f"{name} is a {type(array).__name__}; allowed are NumPy arrays and Torch tensors: convert it first, "
                "with numpy.asarray or torch.as_tensor"
            )
    if energy not in ("layer", "mchn"):
        raise ValueError(f"energy is {energy!r}; allowed are 'layer' and 'mchn'")
    check_count(max_steps, "max_steps", 1)
    if tolerance is not None and not (plain_number(tolerance) and 0 <= tolerance < math.inf):
        raise ValueError(f"tolerance is {tolerance!r}; allowed is a finite number from 0 on, or None")


def _finite(array: Array, what: str, steps: int) -> None:
    """Raises ``FloatingPointError`` where an array has entries that are not finite."""
    double = _double(array).reshape(-1)
    bad = double[~(abs(double) < math.inf)]
    if len(bad):
        raise FloatingPointError(
            f"{what} after {steps} steps is {float(bad[0])} in {array.dtype}, so no rise can be told: pass a wider "
            "type, such as float64, or divide x and patterns by a unit"
        )


def _double(array: Array) -> Array:
    """The array in double precision, without gradients."""
    return array.detach().double() if has_tensor(array) else np.asarray(array, dtype=np.float64)


def _largest_norm(array: Array) -> float:
    """The largest norm along the last axis of an array in double precision; 0 if there is none."""
    return float((array * array).sum(-1).max()) ** 0.5 if math.prod(array.shape) else 0.0


def _unit(value: Array) -> float:
    """The unit of rounding of an array."""
    return float((sys.modules["torch"] if has_tensor(value) else np).finfo(value.dtype).eps)


def _rounding(value: Array, point: Array, patterns: Array, beta: float, energy: str) -> float:
    """What rounding may do to an energy in a step, in double precision from the numbers of the first point.

    An energy is off by the unit times the roundings of a chain times the largest term.  The points stay in the convex
    hull of the patterns after the first step, so no norm is larger than at its start; the layer energy is computed
    around a centre, where the norms are at most twice those around the best one.  A point is rounded with its slope,
    its step and their difference: off by a vector e, it is above the minimum of the majorizer by its curvature times
    ||e||^2, with beta for the layer energy and 1/2 for the network.
    """
    unit, wide, start = _unit(value), _double(patterns), _double(point)
    centre = wide.mean(0) if energy == "layer" else 0 * wide[0]
    size = (1 if energy == "mchn" else beta) * max(_largest_norm(wide - centre), _largest_norm(start - centre)) ** 2
    count = math.log(len(wide)) * (1 / beta if energy == "mchn" else 1)
    moved = 3 * unit * max(_largest_norm(wide), _largest_norm(start))
    allowed = (wide.shape[1] + CHAIN) * unit * (4 * size + count + 1) + max(beta, 0.5) * moved**2
    if not allowed < math.inf:
        raise FloatingPointError(
            f"the tolerance of the descent check is {allowed} at beta {beta:.3g}: divide x and patterns by a unit"
        )
    return allowed
