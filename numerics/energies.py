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

from collections.abc import Sequence

from numerics.energies_compiled import Array, Backend, arguments, backend_of, power, routine, stacked
from numerics.energies_retrieval import EnergyRise, Retrieval, retrieve

__all__ = [
    "EnergyRise",
    "Retrieval",
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
    "retrieve",
]


def layer_energy(x: Array, patterns: Array, p: float = 2, beta: float = 1.0) -> Array:
    """The layer energy (4), ``-log sum_i exp(-beta ||x - rho_i||^p)``; claim ``layer.energy.definition`` at beta 1.

    ``p`` is a positive number, ``beta`` a positive number, or an array or tensor of one without axes.
    """
    return routine("layer", power(p), "value", backend_of(x, patterns))(arguments(x, patterns, beta))


def layer_energy_gradient(x: Array, patterns: Array, p: float = 2, beta: float = 1.0) -> Array:
    """The gradient of ``layer_energy`` in x: a softmax average of the gradients of the distances.

    A pattern at the point itself adds 0, also for p <= 1, where the energy has a kink there.  That 0 is a convention:
    for p < 1 the slope grows without bound near a pattern, and ``numerics.streaming`` refuses gradients with p < 1.
    """
    return routine("layer", power(p), "gradient", backend_of(x, patterns))(arguments(x, patterns, beta))


def layer_energy_hessian_product(x: Array, direction: Array, patterns: Array, p: float = 2, beta: float = 1.0) -> Array:
    """The Hessian of ``layer_energy`` in x times a direction of the shape of x."""
    values = arguments(x, patterns, beta) | {"direction": direction}
    return routine("layer", power(p), "hessian_product", backend_of(x, patterns))(values)


def mchn_energy(x: Array, patterns: Array, beta: float = 1.0) -> Array:
    """The energy of the modern continuous Hopfield network, claim ``mchn.energy.definition``; in squared units of x."""
    return routine("mchn", power(2), "value", backend_of(x, patterns))(arguments(x, patterns, beta))


def mchn_energy_gradient(x: Array, patterns: Array, beta: float = 1.0) -> Array:
    """The gradient of ``mchn_energy``: x less its attention update."""
    return routine("mchn", power(2), "gradient", backend_of(x, patterns))(arguments(x, patterns, beta))


def mchn_energy_hessian_product(x: Array, direction: Array, patterns: Array, beta: float = 1.0) -> Array:
    """The Hessian of ``mchn_energy`` times a direction of the shape of x."""
    values = arguments(x, patterns, beta) | {"direction": direction}
    return routine("mchn", power(2), "hessian_product", backend_of(x, patterns))(values)


def nearest_distance(x: Array, patterns: Array, p: float = 2) -> Array:
    """``g(x) = min_i ||x - rho_i||^p``, equation (3)."""
    return routine("nearest", power(p), "value", backend_of(x, patterns))({"x": x, "rho": patterns})


def nearest_distance_gradient(x: Array, patterns: Array, p: float = 2) -> Array:
    """The gradient of ``nearest_distance``; that of the first of several nearest patterns, and 0 on a pattern."""
    return routine("nearest", power(p), "gradient", backend_of(x, patterns))({"x": x, "rho": patterns})


def global_energy(x: Array, layers: Sequence[Array], p: float = 2, beta: float = 1.0) -> Array:
    """The global energy (7), ``-log sum_t exp(-E_t)``, of layer energies over a partition of the patterns.

    ``layers`` holds the patterns of each layer, (d_t, n).  By claim ``global.energy.flattening`` the value is the layer
    energy of all patterns together.
    """
    backend, stack = _stack(x, layers, p, beta)
    return routine("global", power(2), "value", backend)({"E": stack})


def global_energy_gradient(x: Array, layers: Sequence[Array], p: float = 2, beta: float = 1.0) -> Array:
    """The gradient of ``global_energy`` in x: the average of those of the layers, weighted by their Gibbs weights."""
    backend, stack = _stack(x, layers, p, beta)
    weights = routine("global", power(2), "gradient", backend)({"E": stack})
    slopes = (layer_energy_gradient(x, patterns, p, beta) for patterns in layers)
    return sum(weights[..., place, None] * slope for place, slope in enumerate(slopes))


def _stack(x: Array, layers: Sequence[Array], p: float, beta: float) -> tuple[Backend, Array]:
    """The layer energies along a last axis."""
    if not isinstance(layers, (list, tuple)) or not layers:
        raise ValueError(
            f"layers is {type(layers).__name__}; allowed is a list of arrays (d_t, n), one for each layer, at least one"
        )
    backend = backend_of(x, *layers)
    found = [layer_energy(x, patterns, p, beta) for patterns in layers]
    return backend, stacked(backend, found, -1)
