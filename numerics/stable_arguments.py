"""Arguments of the log-domain functions: checked against their domain, broadcast, cut into pieces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from numerics.double_double import Array

PIECE = 131072  # elements, enough to hide the cost of a NumPy call; heavy parts are cut further
LARGEST_DIMENSION = 2.0**53


def _real(value: npt.ArrayLike, name: str, allowed: str) -> Array:
    given = np.asarray(value)
    if given.dtype.kind not in "iuf":
        raise ValueError(
            f"{name} is of type {given.dtype}; allowed is {allowed}: pass real numbers, float64 or convertible to it"
        )
    return given.astype(np.float64, copy=False)


def _require(fine: npt.NDArray[np.bool_], given: Array, name: str, allowed: str, advice: str) -> None:
    if fine.all():
        return
    at = tuple(int(i) for i in np.argwhere(~fine)[0])
    place = f" at index {at if len(at) > 1 else at[0]}" if at else ""
    bad = float(given[at])
    raise ValueError(
        f"{name} is {bad!r}{place}; allowed is {allowed}: {'mask missing values first' if np.isnan(bad) else advice}"
    )


def positive(value: npt.ArrayLike, name: str, advice: str) -> Array:
    """A positive finite float64 array."""
    allowed = "a positive finite number"
    given = _real(value, name, allowed)
    _require((given > 0) & (given < np.inf), given, name, allowed, advice)
    return given


def nonnegative(value: npt.ArrayLike, name: str) -> Array:
    """A float64 array of numbers from 0 to infinity, both included."""
    allowed = "a number from 0 to inf"
    given = _real(value, name, allowed)
    _require(given >= 0, given, name, allowed, "take its absolute value if only its sign is wrong")
    return given


def whole(value: npt.ArrayLike, name: str) -> Array:
    """A float64 array of whole numbers from 1 to LARGEST_DIMENSION."""
    allowed = "a whole number from 1 to 2**53"
    given = _real(value, name, allowed)
    fine = (given >= 1) & (given <= LARGEST_DIMENSION) & (given == np.floor(given))
    _require(fine, given, name, allowed, "pass the number of coordinates of the space")
    return given


def apply(kernel: Callable[..., Array], **arguments: Array) -> Array | np.float64:
    """``kernel`` on the broadcast arguments, piece by piece; a scalar if all of them are.

    Raises
    ------
    ValueError
        The shapes do not broadcast.
    """
    try:
        np.broadcast_shapes(*(argument.shape for argument in arguments.values()))
    except ValueError:
        shapes = ", ".join(f"{name} has shape {argument.shape}" for name, argument in arguments.items())
        raise ValueError(f"{shapes}; allowed are shapes that broadcast: add axes with [:, None]") from None
    inputs = list(arguments.values())
    operands: Any = [*inputs, None]
    use: Any = [*([["readonly"]] * len(inputs)), ["writeonly", "allocate"]]
    kinds = [np.float64] * len(operands)
    pieces = np.nditer(operands, ["external_loop", "buffered", "zerosize_ok"], use, kinds, buffersize=PIECE)
    with pieces, np.errstate(all="ignore"):
        for piece in pieces:
            piece[-1][...] = kernel(*piece[:-1])
        return pieces.operands[-1][()]
