"""One task of a pass over patterns: scores of a piece of rows, and what the state takes from them.

Squared distances are ``|x|^2 - (2 x.rho - |rho|^2)`` about an origin near the queries, one matrix product for a piece.
Where that loses digits (a pattern so near to a query that the difference is small against the norms) the distance is
taken again from the difference, in double precision; so are all distances to nearest patterns, from a short list that
``neighbours_bounds`` shows to be long enough.
"""

from __future__ import annotations

import hashlib
import math
import threading
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from numerics.neighbours_bounds import LARGEST_SCALE, product_error, squares_factor
from numerics.streaming_files import Array, StreamError
from numerics.streaming_sources import Task
from numerics.streaming_state import State, empty_state, nearest_of

PIECE_BYTES = 2 << 20  # of scores, and of rows, that a thread holds at once
QUERIES = 1024  # a product takes at most so many queries
TOGETHER = 1 << 16  # differences of rows are taken for about so many entries at once
SAFE = 40.0  # exponents of float32 that lie so near to 0 need no shift: sums neither overflow nor lose terms of note
DOT = 512
_rooms = threading.local()


@dataclass(frozen=True)
class Plan:
    """What is asked of a pass, and the queries as the pieces need them; computed in ``dtype``.

    ``points`` are the queries (queries, width) in double precision, ``scaled`` is ``2 scale (x - origin)`` in
    ``dtype`` and ``squares`` is ``|x - origin|^2``.
    """

    points: Array
    origin: Array
    scaled: Array
    squares: Array
    p: float
    beta: float
    energy: bool
    gradient: bool
    neighbours: int

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.scaled.dtype

    @property
    def longest(self) -> float:
        """The norm of the longest query, about the origin."""
        return math.sqrt(self.squares.max())

    @property
    def scale(self) -> float:
        """What a product is scaled with: with beta where that makes it a score, and leaves the exponents in range."""
        return self.beta if self.scored else 1.0

    @property
    def scored(self) -> bool:
        """Whether products are scores, up to a number for each query."""
        return self.p == 2 and 1 / LARGEST_SCALE <= self.beta <= LARGEST_SCALE

    @property
    def rows(self) -> int:
        """Rows of a piece: as many as fit into ``PIECE_BYTES``, at least 64."""
        widest = max(min(len(self.points), QUERIES), self.points.shape[1])
        return int(np.clip(PIECE_BYTES // (self.dtype.itemsize * widest), 64, 1 << 16))

    def reaches(self, longest: float) -> bool:
        """Whether nothing overflows where the longest pattern has this norm about the origin; False for nan."""
        reach, most = max(1.0, self.longest + longest), math.log(np.finfo(self.dtype).max / 4)
        powers = math.log(reach) * np.array([2, self.p]) + max(0.0, math.log(self.beta))
        return math.isfinite(longest) and bool((powers < most).all())

    def digest(self) -> str:
        """What tells this plan from others: queries, options and dtype."""
        asked = (self.p, self.beta, self.energy, self.gradient, self.neighbours, str(self.dtype), self.points.shape)
        found = hashlib.sha256(repr(asked).encode())
        found.update(np.ascontiguousarray(self.points).tobytes())
        return found.hexdigest()


def make_plan(
    points: Array, dtype: Any, p: float, beta: float, energy: bool = True, gradient: bool = False, neighbours: int = 0
) -> Plan:
    """The plan for queries of shape (queries, width), which are rounded to ``dtype``."""
    points = points.astype(dtype).astype(np.float64)
    centre = points.mean(axis=0)
    spread = ((points - centre) ** 2).sum(axis=1).mean()
    away = float(centre @ centre) > spread / 4  # else the origin of the data serves as well, and costs less
    origin = (centre if away else np.zeros_like(centre)).astype(dtype)
    centred = points - origin
    squares = np.einsum("ij,ij->i", centred, centred)
    plan = Plan(points, origin, centred.astype(dtype), squares, p, beta, energy, gradient, neighbours)
    return replace(plan, scaled=(2 * plan.scale * centred).astype(dtype))


def scan_task(plan: Plan, task: Task, what: str) -> State:
    """The state of the rows of one task.

    Raises:
        StreamError: a row that is not finite, or so long that its square overflows.
    """
    queries, width = plan.points.shape
    state = empty_state(queries, width, plan.gradient, plan.neighbours)
    sums = (state.shift, state.total, state.weight, state.pull, state.squared, state.indices)
    for first, raw in task.pieces(plan.rows, _room("raw", np.dtype(np.uint8), plan.rows * width * 8)):
        points = _centred(plan, raw)
        norms = np.einsum("ij,ij->i", points, points)
        longest = math.sqrt(norms.max())
        if not plan.reaches(longest):
            raise _refusal(raw, first, what, plan.dtype)
        for begin in range(0, queries, QUERIES):
            group = slice(begin, begin + QUERIES)
            _scan_piece(plan, group, raw, points, norms, longest, first, [array[group] for array in sums])
    return State(task.rows, *sums)


def _centred(plan: Plan, raw: Array) -> Array:
    if not plan.origin.any() and raw.dtype == plan.dtype:
        return raw
    room = _room("points", plan.dtype, raw.size).reshape(raw.shape)
    np.subtract(raw, plan.origin, out=room, dtype=np.result_type(raw, plan.dtype), casting="unsafe")
    return room


def _scan_piece(
    plan: Plan, group: slice, raw: Array, points: Array, norms: Array, longest: float, first: int, sums: list[Array]
) -> None:
    """Add a piece to the sums of a group of queries, in place."""
    squares = plan.squares[group]
    close = _room("scores", plan.dtype, len(squares) * len(points)).reshape(len(squares), len(points))
    np.matmul(plan.scaled[group], points.T, out=close)
    close -= norms * plan.dtype.type(plan.scale)  # scale (|x|^2 - squared distance)
    best = close.max(axis=1).astype(np.float64) / plan.scale
    if plan.neighbours:
        _take_nearest(plan, group, raw, close, squares - best, longest, first, sums[4], sums[5])
    if not plan.energy:
        return
    near = np.flatnonzero(squares - best < np.cbrt(np.finfo(plan.dtype).eps) * squares)
    if plan.scored:
        offset = plan.beta * squares
        if near.size:
            close[near] -= offset[near, None].astype(plan.dtype)
            offset[near] = 0.0
            _measure_near(plan, group, raw, close, near)
            best[near] = close[near].max(axis=1).astype(np.float64) / plan.beta
        _add_sums(plan, close, plan.beta * best - offset, offset, points, sums)
        return
    np.subtract(squares[:, None].astype(plan.dtype), close, out=close)
    np.maximum(close, 0, out=close)
    if near.size:
        np.negative(close, out=close)
        _measure_near(plan, group, raw, close, near)
        np.negative(close, out=close)
    distances = _room("distances", plan.dtype, close.size).reshape(close.shape) if plan.gradient else close
    if plan.gradient:
        np.sqrt(close, out=distances)
    if plan.p == 1:
        np.sqrt(close, out=close)
    else:
        np.power(close, plan.dtype.type(plan.p / 2), out=close)
    close *= plan.dtype.type(-plan.beta)
    _add_sums(plan, close, close.max(axis=1).astype(np.float64), np.zeros(len(squares)), points, sums, distances)


def _measure_near(plan: Plan, group: slice, raw: Array, close: Array, near: Array) -> None:
    """Put ``-scale`` times the squared distance, from differences, where it is small against the norms; in place."""
    x, bar = plan.points[group], np.cbrt(np.finfo(plan.dtype).eps) * plan.squares[group] * plan.scale
    for row in near:
        columns = np.flatnonzero(close[row] > -2 * bar[row])
        for some in np.array_split(columns, columns.size * x.shape[1] // TOGETHER + 1):
            away = raw[some].astype(np.float64) - x[row]
            close[row, some] = -plan.scale * np.einsum("ij,ij->i", away, away)


def _add_sums(
    plan: Plan, close: Array, best: Array, offset: Array, points: Array, sums: list[Array],
    distances: Array | None = None,
) -> None:  # fmt: skip
    """Add ``exp(close - offset - shift)`` along the rows, in place; ``best`` is the largest of ``close - offset``."""
    shift, total, weight, pull = sums[:4]
    lowered = (np.maximum(shift, best) + offset).astype(plan.dtype)
    if np.abs(lowered).max() > SAFE or best.max() > -1:  # an energy near 0 keeps more digits with its shift
        close -= lowered[:, None]
    else:
        lowered[:] = 0
    now = lowered - offset
    np.exp(close, out=close)
    kept = np.exp(shift - now)
    total *= kept
    total += _row_sums(close)
    shift[:] = now
    if not plan.gradient:
        return
    if distances is not None:  # the weight of a pattern at the query itself is 0: its difference is
        with np.errstate(divide="ignore"):
            np.power(distances, plan.dtype.type(plan.p - 2), out=distances)
        distances[~np.isfinite(distances)] = 0
        close *= distances
    weight *= kept
    weight += _row_sums(close)
    pull *= kept[:, None]
    pull += close @ points


def _row_sums(values: Array) -> Array:
    """Sums along the rows as exact as NumPy's, which adds in pairs: short dot products, and then in pairs."""
    if values.shape[1] % DOT:
        return values.sum(axis=1)
    dots = values.reshape(-1, DOT) @ np.ones(DOT, values.dtype)
    return dots.reshape(len(values), -1).sum(axis=1)


def _take_nearest(
    plan: Plan, group: slice, raw: Array, close: Array, least: Array, longest: float, first: int, squared: Array,
    indices: Array,
) -> None:  # fmt: skip
    """Update the k nearest of a group of queries in place, exactly: see the shortlist in ``neighbours``."""
    k, x, squares = squared.shape[1], plan.points[group], plan.squares[group]
    error = product_error(x.shape[1], plan.dtype, np.sqrt(squares), longest)
    known = squared[:, -1] * (1 + 2 * squares_factor(x.shape[1]))
    for row in np.flatnonzero(least <= known + error):
        line = close[row]
        limit = known[row] + error[row]
        if k <= line.size:
            kth = squares[row] - float(np.partition(line, line.size - k)[line.size - k]) / plan.scale
            limit = min(limit, kth + 2 * error[row])
        columns = np.flatnonzero(line >= np.nextafter(plan.dtype.type((squares[row] - limit) * plan.scale), -np.inf))
        for some in np.array_split(columns, columns.size * x.shape[1] // TOGETHER + 1):
            away = raw[some].astype(np.float64) - x[row]
            fresh = np.full((1, max(k, some.size)), np.inf)
            fresh[0, : some.size] = np.einsum("ij,ij->i", away, away)
            places = np.full(fresh.shape, -1, np.int64)
            places[0, : some.size] = first + some
            squared[row], indices[row] = nearest_of((squared[row : row + 1], fresh), (indices[row : row + 1], places))


def _room(name: str, dtype: np.dtype[Any], size: int) -> Array:
    """An array that this thread uses again and again."""
    held: Array | None = getattr(_rooms, name, None)
    if held is None or held.dtype != dtype or held.size < size:
        held = np.empty(size, dtype)
        setattr(_rooms, name, held)
    return held[:size]


def _refusal(raw: Array, first: int, what: str, dtype: np.dtype[Any]) -> StreamError:
    finite = np.isfinite(raw)
    if finite.all():
        row = int(np.argmax(np.abs(raw).max(axis=1)))
        return StreamError(
            f"{what}, row {first + row + 1}: entries reach {np.abs(raw[row]).max():.3g}, beta times the distances "
            f"to the power p, or squared, overflow {dtype}: compute with dtype=float64 or divide by a unit"
        )
    row, column = (int(place) for place in np.argwhere(~finite)[0])
    return StreamError(
        f"{what}, row {first + row + 1}, column {column + 1}: {raw[row, column]} is not finite: remove or replace it"
    )
