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

from numerics.energies_compiled import Array, arguments, backend_of, compiled, stacked

TWO = sp.Integer(2)
CHAIN = 32  # operations after the sum over the coordinates


class EnergyRise(ArithmeticError):  # noqa: N818 - it names what was seen
    """The energy rose by more than rounding explains: the routine or the arguments are at fault."""


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
    ValueError, TypeError
        Arguments that are not allowed.
    """
    if energy not in ("layer", "mchn"):
        raise ValueError(f"energy is {energy!r}; allowed are 'layer' and 'mchn'")
    if not isinstance(max_steps, int) or max_steps < 1:
        raise ValueError(f"max_steps is {max_steps!r}; allowed is a whole number from 1 on")
    if tolerance is not None and not 0 <= tolerance < float("inf"):
        raise ValueError(f"tolerance is {tolerance!r}; allowed is a finite number from 0 on")
    backend = backend_of(x, patterns)
    routine = compiled(energy, TWO, ("value", "gradient"), backend)
    value, slope = routine(arguments(x, patterns, beta))
    length = 1 / (2 * beta) if energy == "layer" else 1.0
    point = x + 0 * slope  # in the type of the result
    allowed = _rounding(value, point, patterns, float(beta), energy)
    if tolerance is None:
        tolerance = _unit(value) ** 0.5 * float((patterns * patterns).sum(-1).max()) ** 0.5
    values, path, converged, largest, steps = [value], [point], value == value, 0.0, 0
    while steps < max_steps and len(value.reshape(-1)):
        step = length * slope
        point = point - step
        before, (value, slope) = value, routine(arguments(point, patterns, beta))
        largest, steps = max(largest, float((value - before).max())), steps + 1
        if not largest <= allowed:
            raise EnergyRise(
                f"the energy rose by {largest:.3g} in step {steps}, rounding explains {allowed:.3g}: "
                f"pass float64 or a beta smaller than {float(beta):.3g}"
            )
        values.append(value)
        path = [*path, point] if keep_trajectory else path
        converged = (step * step).sum(-1) ** 0.5 <= tolerance
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


def _unit(value: Array) -> float:
    """The unit of rounding of an array."""
    if isinstance(value, (np.ndarray, np.generic)):
        return float(np.finfo(value.dtype).eps)
    return float(sys.modules["torch"].finfo(value.dtype).eps)


def _rounding(value: Array, point: Array, patterns: Array, beta: float, energy: str) -> float:
    """What rounding may do to an energy on the way: the unit times the terms of a chain times their largest size.

    The points stay in the convex hull of the patterns after the first step, so no norm is larger than at its start;
    the layer energy is computed around a centre, where the norms are at most twice those around the best one.
    """
    unit = _unit(value)
    wide = patterns + 0 * value.sum()  # integers and halves take part in the type of the result
    centre = wide.mean(0) if energy == "layer" else 0 * wide[0]
    squares = [
        float((array * array).sum(-1).max()) for array in (wide - centre, point - centre) if math.prod(array.shape)
    ]
    size, count = (1 if energy == "mchn" else beta) * max(squares), math.log(patterns.shape[0])
    return (patterns.shape[1] + CHAIN) * unit * (4 * size + count * (1 / beta if energy == "mchn" else 1) + 1)
