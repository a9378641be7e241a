"""How far a squared distance from a matrix product can be from the true one.

With ``u`` half the spacing of floats at 1, ``gamma = m u / (1 - m u)`` and any order of summation, a dot product of
length ``m`` is off by at most ``gamma |a|.|b| <= gamma ||a|| ||b||`` (Higham, Accuracy and Stability of Numerical
Algorithms, section 3.1); fused multiply-add only helps, arithmetic in TF32 or bfloat16 does not obey it.

Let ``c`` be any origin, ``a = fl(x - c)`` and ``b = fl(y - c)`` the rounded centred vectors and ``S = ||a|| + ||b||``.

1. Centring: each entry is off by at most ``u`` of itself, so ``||a - b||`` is off by ``2 u S`` at most (the factor 2
   covers that ``u`` is of the exact entry and a first rounding in double precision), and its square, as
   ``||a - b|| <= S``, by ``5 u S^2``.
2. Norms and product: ``||a||^2``, ``||b||^2`` and ``2 a.b`` are off by ``gamma (||a||^2 + ||b||^2 + 2 ||a|| ||b||)``
   together, which is ``gamma S^2``.  One product of vectors longer by two, that carry the norms along, has the same
   bound with ``m = width + 2``.
3. Scaling, two additions and the rounding of what they are compared with: each intermediate value is at most
   ``(1 + gamma) S^2``, so five roundings cost ``6 u S^2``.

In all ``(gamma + 11 u) S^2``; the code takes ``gamma`` at ``m = width + 2`` and 16 for 11, which also covers the
roundings of ``S``, and adds what underflow can lose, also in products that are scaled by ``1 / LARGEST_SCALE``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

LARGEST_SCALE = 1024.0


def product_factor(width: int, dtype: Any) -> float:
    """The factor of ``S^2`` in the bound, for vectors of ``width`` entries of a NumPy float type.

    Raises:
        ValueError: the vectors are so wide that the bound says nothing (from 4 million in float32).
    """
    unit = float(np.finfo(dtype).eps) / 2
    terms = (width + 2) * unit
    if terms > 0.25:
        raise ValueError(f"width {width} in {np.dtype(dtype)}: rounding is not bounded usefully, use float64")
    return terms / (1 - terms) + 16 * unit


def product_error(width: int, dtype: Any, lengths: Any, largest: Any) -> Array:
    """Bound on the error of a squared distance from a product; ``lengths`` and ``largest`` are norms about the origin.

    Absolute, in squared units of the vectors; the arguments broadcast.
    """
    total = np.asarray(lengths, np.float64) + largest
    lost: Array = product_factor(width, dtype) * total * total + 4 * LARGEST_SCALE * (width + 2) * float(
        np.finfo(dtype).tiny
    )
    return lost


def squares_factor(width: int) -> float:
    """Bound on the relative error of a sum of ``width`` squares of differences of doubles: Higham, as above."""
    terms = (width + 4) * 2.0**-53
    return terms / (1 - terms)
