"""Energies of associative memory at many points, for NumPy arrays and Torch tensors alike.

Points have shape (..., n) and patterns (d, n); an energy has shape (...), in nats, a gradient (..., n).  The float type
and, for tensors, the device are those of the arguments.  Every function compiles the expression of ``theory`` once;
tensors that require gradients get theirs through autograd.  Bad arguments raise ``ValueError`` or ``TypeError`` that
says what was received and what is allowed.

>>> import numpy as np
>>> layer_energy(np.zeros((1, 2)), np.array([[3.0, 4.0]])).tolist()
[25.0]
>>> layer_energy_gradient(np.ones((1, 2)), np.zeros((1, 2))).tolist()
[[2.0, 2.0]]
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from numbers import Real
from typing import Any, Literal

import numpy as np
import sympy as sp

from numerics.array_routine import ArrayRoutine, Quantity, compile_arrays
from theory.atoms import LSE
from theory.energies.global_energy import combined
from theory.energies.mchn import mchn
from theory.energies.nearest import nearest, over_d, squared_distance
from theory.notation import beta as inverse_temperature
from theory.notation import energies, t, x

__all__ = [
    "global_energy",
    "global_energy_gradient",
    "layer_energy",
    "layer_energy_gradient",
    "layer_energy_hessian_product",
    "mchn_energy",
    "mchn_energy_gradient",
    "mchn_energy_hessian_product",
    "nearest_distance",
    "nearest_distance_gradient",
]

Array = Any  # a NumPy array or a Torch tensor
Backend = Literal["numpy", "torch"]


def layer_energy(x: Array, patterns: Array, p: float = 2, beta: float = 1.0) -> Array:
    """The layer energy (4), ``-log sum_i exp(-beta ||x - rho_i||^p)``; claim ``layer.energy.definition`` at beta 1.

    ``p`` is a positive number, ``beta`` a positive number or a tensor without axes.
    """
    return _routine("layer", _power(p), "value", backend_of(x, patterns))(arguments(x, patterns, beta))


def layer_energy_gradient(x: Array, patterns: Array, p: float = 2, beta: float = 1.0) -> Array:
    """The gradient of ``layer_energy`` in x: a softmax average of the gradients of the distances.

    A pattern at the point itself adds 0, also for p <= 1, where the energy has a kink there.
    """
    return _routine("layer", _power(p), "gradient", backend_of(x, patterns))(arguments(x, patterns, beta))


def layer_energy_hessian_product(x: Array, direction: Array, patterns: Array, p: float = 2, beta: float = 1.0) -> Array:
    """The Hessian of ``layer_energy`` in x times a direction of the shape of x."""
    values = arguments(x, patterns, beta) | {"direction": direction}
    return _routine("layer", _power(p), "hessian_product", backend_of(x, patterns))(values)


def mchn_energy(x: Array, patterns: Array, beta: float = 1.0) -> Array:
    """The energy of the modern continuous Hopfield network, claim ``mchn.energy.definition``; in squared units of x."""
    return _routine("mchn", _power(2), "value", backend_of(x, patterns))(arguments(x, patterns, beta))


def mchn_energy_gradient(x: Array, patterns: Array, beta: float = 1.0) -> Array:
    """The gradient of ``mchn_energy``: x less its attention update."""
    return _routine("mchn", _power(2), "gradient", backend_of(x, patterns))(arguments(x, patterns, beta))


def mchn_energy_hessian_product(x: Array, direction: Array, patterns: Array, beta: float = 1.0) -> Array:
    """The Hessian of ``mchn_energy`` times a direction of the shape of x."""
    values = arguments(x, patterns, beta) | {"direction": direction}
    return _routine("mchn", _power(2), "hessian_product", backend_of(x, patterns))(values)


def nearest_distance(x: Array, patterns: Array, p: float = 2) -> Array:
    """``g(x) = min_i ||x - rho_i||^p``, equation (3)."""
    return _routine("nearest", _power(p), "value", backend_of(x, patterns))({"x": x, "rho": patterns})


def nearest_distance_gradient(x: Array, patterns: Array, p: float = 2) -> Array:
    """The gradient of ``nearest_distance``; that of the first of several nearest patterns, and 0 on a pattern."""
    return _routine("nearest", _power(p), "gradient", backend_of(x, patterns))({"x": x, "rho": patterns})


def global_energy(x: Array, layers: Sequence[Array], p: float = 2, beta: float = 1.0) -> Array:
    """The global energy (7), ``-log sum_t exp(-E_t)``, of layer energies over a partition of the patterns.

    ``layers`` holds the patterns of each layer, (d_t, n).  By claim ``global.energy.flattening`` the value is the layer
    energy of all patterns together.
    """
    backend, stack = _stack(x, layers, p, beta)
    return _routine("global", _power(2), "value", backend)({"E": stack})


def global_energy_gradient(x: Array, layers: Sequence[Array], p: float = 2, beta: float = 1.0) -> Array:
    """The gradient of ``global_energy`` in x: the average of those of the layers, weighted by their Gibbs weights."""
    backend, stack = _stack(x, layers, p, beta)
    weights = _routine("global", _power(2), "gradient", backend)({"E": stack})
    slopes = (layer_energy_gradient(x, patterns, p, beta) for patterns in layers)
    return sum(weights[..., place, None] * slope for place, slope in enumerate(slopes))


def backend_of(*arrays: Any) -> Backend:
    """``torch`` where a tensor is among the arrays; it is not imported to find out."""
    torch = sys.modules.get("torch")
    return "torch" if torch is not None and any(isinstance(array, torch.Tensor) for array in arrays) else "numpy"


def expression(name: str, p: sp.Rational) -> sp.Expr:
    """The energy as an expression of ``theory`` in x, rho and beta."""
    distance = squared_distance(x) ** (p / 2)
    return {
        "layer": -LSE(-inverse_temperature * distance, over_d),
        "mchn": mchn(x),
        "nearest": nearest(x) ** (p / 2),
        "global": combined(energies[t]),
    }[name]


@lru_cache(maxsize=256)
def compiled(name: str, p: sp.Rational, compute: tuple[Quantity, ...], backend: Backend) -> ArrayRoutine:
    """The routine of an energy, compiled once."""
    return compile_arrays(expression(name, p), backend, (energies if name == "global" else x,), compute=compute)


def _routine(name: str, p: sp.Rational, quantity: Quantity, backend: Backend) -> ArrayRoutine:
    return compiled(name, p, (quantity,), backend)


def _power(p: float) -> sp.Rational:
    if not isinstance(p, Real) or isinstance(p, bool) or not (0 < float(p) < math.inf):
        raise ValueError(f"p is {p!r}; allowed is a positive finite number, such as 1 or 2")
    exact = Fraction(p) if isinstance(p, (int, Fraction)) else Fraction(float(p))
    return sp.Rational(exact.numerator, exact.denominator)


def arguments(x: Array, patterns: Array, beta: Any) -> dict[str, Any]:
    """The arguments of a routine; raises ``ValueError`` unless beta is one positive number."""
    size = getattr(beta, "ndim", 0)
    plain = isinstance(beta, (Real, np.generic)) and not isinstance(beta, (bool, np.bool_))
    if size or not (plain or hasattr(beta, "ndim")) or (plain and not 0 < float(beta) < math.inf):
        raise ValueError(f"beta is {beta!r}; allowed is one positive finite number, the inverse temperature")
    return {"x": x, "rho": patterns, "beta": beta}


def _stack(x: Array, layers: Sequence[Array], p: float, beta: float) -> tuple[Backend, Array]:
    """The layer energies along a last axis."""
    if not isinstance(layers, (list, tuple)) or not layers:
        raise ValueError(
            f"layers is {type(layers).__name__}; allowed is a list of arrays (d_t, n), one for each layer, at least one"
        )
    backend = backend_of(x, *layers)
    found = [layer_energy(x, patterns, p, beta) for patterns in layers]
    return backend, stacked(backend, found, -1)


def stacked(backend: Backend, arrays: list[Array], axis: int) -> Array:
    """The arrays along a new axis."""
    return sys.modules["torch"].stack(arrays, axis) if backend == "torch" else np.stack(arrays, axis)
