"""The energies of ``theory`` as compiled routines, each compiled once: what ``numerics.energies`` is made of."""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import sympy as sp

from numerics.array_arguments import check_beta, check_power, has_tensor
from numerics.array_routine import ArrayRoutine, Quantity, compile_arrays
from theory.atoms import LSE
from theory.energies.global_energy import combined
from theory.energies.mchn import mchn
from theory.energies.nearest import nearest, over_d, squared_distance
from theory.notation import beta as inverse_temperature
from theory.notation import energies, t, x

Array = Any  # a NumPy array or a Torch tensor
Backend = Literal["numpy", "torch"]


def backend_of(*arrays: Any) -> Backend:
    """``torch`` where a tensor is among the arrays."""
    return "torch" if has_tensor(*arrays) else "numpy"


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


def routine(name: str, p: sp.Rational, quantity: Quantity, backend: Backend) -> ArrayRoutine:
    """The routine of one quantity of an energy."""
    return compiled(name, p, (quantity,), backend)


def power(p: float) -> sp.Rational:
    """The exponent of the distance, exactly; raises ``ValueError`` unless it is positive and finite."""
    exact = check_power(p)
    return sp.Rational(exact.numerator, exact.denominator)


def arguments(x: Array, patterns: Array, beta: Any) -> dict[str, Any]:
    """The arguments of a routine; raises ``ValueError`` unless beta is one positive number."""
    check_beta(beta)
    return {"x": x, "rho": patterns, "beta": beta}


def stacked(backend: Backend, arrays: list[Array], axis: int) -> Array:
    """The arrays along a new axis."""
    return sys.modules["torch"].stack(arrays, axis) if backend == "torch" else np.stack(arrays, axis)
