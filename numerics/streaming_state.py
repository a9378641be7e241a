"""What one pass over patterns remembers of each query, and how the memories of two sets of patterns are joined.

``score = -beta distance^p``; the shift of the sums follows the largest score so far, so that nothing overflows, and
joining two states moves both to the larger shift.  Everything here is in double precision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class State:
    """Sums over the patterns seen so far, for (queries,) queries of one width.

    ``shift`` is a number near the largest score, ``total`` sums ``exp(score - shift)``; ``weight`` and ``pull``
    (queries, width) sum the weights of the gradient, without and with the pattern (about the origin of the pass).
    ``squared`` and ``indices`` (queries, k) hold the nearest patterns, nearest first; index -1 says none yet.
    """

    count: int
    shift: Array
    total: Array
    weight: Array
    pull: Array
    squared: Array
    indices: Array


def empty_state(queries: int, width: int, gradient: bool, neighbours: int) -> State:
    """The state before the first pattern."""
    return State(
        0,
        np.full(queries, -np.inf),
        np.zeros(queries),
        np.zeros(queries),
        np.zeros((queries, width if gradient else 0)),
        np.full((queries, neighbours), np.inf),
        np.full((queries, neighbours), -1, dtype=np.int64),
    )


def join_states(one: State, other: State) -> State:
    """The state of both sets of patterns."""
    shift = np.maximum(one.shift, other.shift)
    left, right = (np.exp(s.shift - np.where(np.isfinite(shift), shift, 0.0)) for s in (one, other))
    squared, indices = nearest_of((one.squared, other.squared), (one.indices, other.indices))
    return State(
        one.count + other.count,
        shift,
        left * one.total + right * other.total,
        left * one.weight + right * other.weight,
        left[:, None] * one.pull + right[:, None] * other.pull,
        squared,
        indices,
    )


def shift_indices(state: State, first: int) -> State:
    """The state with its patterns numbered from ``first``."""
    return replace(state, indices=np.where(state.indices < 0, -1, state.indices + first))


def nearest_of(squared: Sequence[Array], indices: Sequence[Array]) -> tuple[Array, Array]:
    """The k nearest of lists of k each, shape (queries, k); the lower index first where distances are equal."""
    values, places = np.concatenate(squared, axis=1), np.concatenate(indices, axis=1)
    order = np.lexsort((places, values), axis=1)[:, : squared[0].shape[1]]
    return np.take_along_axis(values, order, 1), np.take_along_axis(places, order, 1)


def pack_state(state: State) -> Array:
    """The arrays of a state side by side, shape (queries, 3 + width + 2 k); indices are exact below 2^53."""
    columns = (state.shift[:, None], state.total[:, None], state.weight[:, None], state.pull, state.squared)
    return np.concatenate([*columns, state.indices.astype(np.float64)], axis=1)


def unpack_state(packed: Array, count: int, neighbours: int) -> State:
    """The inverse of ``pack_state``."""
    cut = packed.shape[1] - 2 * neighbours
    squared, indices = packed[:, cut : cut + neighbours], packed[:, cut + neighbours :].astype(np.int64)
    return State(count, packed[:, 0], packed[:, 1], packed[:, 2], packed[:, 3:cut], squared, indices)
