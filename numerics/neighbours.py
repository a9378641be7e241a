"""The nearest other rows of every row, exactly: the product in float32 draws up a short list, double precision decides.

The rows are centred, scaled by a power of two and multiplied in blocks; a block above the diagonal serves its rows and
its columns, so that half of the products suffice.  A product gives the squared distance up to ``product_error``, whose
derivation is in ``neighbours_bounds``.  With ``e`` that bound, a pair is on the short list of a row if its product is
at most ``T + e``, where ``T`` is the k-th smallest ``product + e`` that the row has seen.  Every true neighbour is on
it: k pairs are within ``T``, so the true distances of the k nearest are at most ``T`` and their products at most
``T + e``.  Where the list of a row is long, because norms hide the distances, its block is multiplied again in double
precision, with that bound; what is left is measured by differences of the given rows, in double precision.

What that last step cannot decide, ties among it, goes by the computed value, then by row; ``undecided`` says where.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from numerics.neighbours_bounds import Array, product_error, squares_factor
from numerics.streaming_progress import progress_bar

BLOCK = 2048
LONG = 16  # candidates of a row in one block, for each neighbour wanted, that call for double precision
HELD = 1 << 22  # candidates held before they are measured
MEASURED = 1 << 22  # entries of differences at once


class NeighbourError(ValueError):
    """Rows or options that cannot be used: what was received, what is allowed and what to do."""


@dataclass(frozen=True)
class Neighbours:
    """The k nearest other rows, nearest first: ``indices`` and ``distances``, both (rows, k), in the unit of the rows.

    ``undecided`` (rows,) says where two distances, of the k or of one of them and the next, are equal to the rounding
    of double precision; rows at the same place do not count.  ``measured`` pairs were measured by differences,
    ``repeated`` counts rows of blocks that were multiplied again in double precision.
    """

    indices: Array
    distances: Array
    undecided: Array
    measured: int
    repeated: int


class Products(Protocol):
    """Where blocks of products are computed; arrays that come back are NumPy's."""

    def multiply(self, rows: slice, columns: slice) -> Any:
        """Squared distances of rows to columns, from products, with infinity where both are the same row."""

    def minima(self, block: Any) -> tuple[Array, Array]:
        """The least value of each row, and of each column."""

    def lines(self, block: Any, which: Array, axis: int) -> Array:
        """Some rows (axis 0) or columns (axis 1) of a block, each a row of the result."""


@dataclass
class HostProducts:
    """Products in NumPy; ``points`` carry their squared norm and a 1 in two more columns."""

    points: Array

    def multiply(self, rows: slice, columns: slice) -> Array:
        others = self.points[columns] * np.float32(-2)
        others[:, -2] = 1
        others[:, -1] = self.points[columns, -2]
        block: Array = self.points[rows] @ others.T
        if rows == columns:
            np.fill_diagonal(block, np.inf)
        return block

    def minima(self, block: Array) -> tuple[Array, Array]:
        return block.min(axis=1), block.min(axis=0)

    def lines(self, block: Array, which: Array, axis: int) -> Array:
        return block[which] if axis == 0 else np.ascontiguousarray(block[:, which].T)


@dataclass
class Shortlist:
    """Candidates of all rows.

    ``reach`` (rows, k) holds the k least upper bounds of squared distances, in the unit of the products; ``squared``
    and ``indices`` (rows, k + 1) what was measured, both ascending.
    """

    raw: Array
    centre: Array
    unit: float
    lengths: Array
    reach: Array
    squared: Array
    indices: Array
    measured: int = 0
    repeated: int = 0
    count: int = 0
    pending: list[tuple[Array, Array, Array]] = field(default_factory=list)


def find_neighbours(
    points: Any, k: int = 1, device: Any = None, block: int | None = None, progress: bool | None = None
) -> Neighbours:
    """The k nearest other rows of each row of ``points``, shape (rows, width): an array, or a tensor of Torch.

    The products run where a tensor lies, or on ``device`` (as Torch names it); without either in NumPy.  ``block`` is
    the number of rows of a block; ``progress`` shows a bar, by default if there is a terminal.

    Raises:
        NeighbourError: fewer than k + 1 rows, another shape or dtype, or values that are not finite.
    """
    raw, place = _as_points(points, k, device)
    centre = raw.mean(axis=0, dtype=np.float64)
    scaled, unit = _centred(raw, centre)
    products: Products = HostProducts(scaled)
    if place is not None:
        from numerics.neighbours_torch import DeviceProducts

        products = DeviceProducts(scaled, place)
    count, width = raw.shape
    size, lengths = block or BLOCK, np.sqrt(scaled[:, -2].astype(np.float64))
    nothing = np.full((count, k + 1), np.inf), np.full((count, k + 1), -1, np.int64)
    found = Shortlist(raw, centre, unit, lengths, np.full((count, k), np.inf), *nothing)
    pieces = [slice(first, min(first + size, count)) for first in range(0, count, size)]
    pairs = [(rows, columns) for at, rows in enumerate(pieces) for columns in pieces[at:]]
    with progress_bar("blocks", len(pairs), progress) as show:
        for done, (rows, columns) in enumerate(pairs):
            values = products.multiply(rows, columns)
            least = products.minima(values)
            for axis, (own, other) in enumerate([(rows, columns), (columns, rows)][: 1 + (rows != columns)]):
                error = product_error(width, np.float32, lengths[own], lengths[other].max())
                active = np.flatnonzero(least[axis] <= _limit(found, own, error))
                if active.size:
                    lines = products.lines(values, active, axis).astype(np.float64)
                    _take_lines(found, own.start + active, other, lines, error[active])
            show(done + 1)
    _measure(found)
    near, far = found.squared[:, :-1], found.squared[:, 1:]
    equal = (far * (1 - 4 * squares_factor(width)) <= near) & (far > 0) & np.isfinite(far)
    undecided: Array = np.logical_or.reduce(equal, axis=1)
    return Neighbours(found.indices[:, :k], np.sqrt(found.squared[:, :k]), undecided, found.measured, found.repeated)


def _as_points(points: Any, k: int, device: Any) -> tuple[Array, Any]:
    """The rows as a NumPy array, and the device of the products, None for NumPy."""
    if type(points).__module__.split(".")[0] == "torch":
        device = points.device if device is None else device
        points = points.detach().cpu()
        points = points.numpy() if points.element_size() != 2 else points.float().numpy()
    raw = np.asarray(points)
    if raw.dtype.kind not in "fiub" or raw.dtype.itemsize > 8:
        raise NeighbourError(f"rows of dtype {raw.dtype}: give float16, float32, float64 or integers")
    if raw.ndim != 2 or raw.shape[1] == 0:
        raise NeighbourError(f"rows of shape {raw.shape}: give a 2-d array with at least one column")
    if k < 1 or len(raw) <= k:
        raise NeighbourError(f"{k} nearest other rows of {len(raw)} rows: k is from 1 to {max(1, len(raw) - 1)}")
    raw = np.ascontiguousarray(raw if raw.dtype in (np.float32, np.float64) else raw.astype(np.float64))
    if not np.isfinite(raw).all():
        row, column = (int(place) for place in np.argwhere(~np.isfinite(raw))[0])
        raise NeighbourError(f"row {row + 1}, column {column + 1}: {raw[row, column]} is not finite: remove the row")
    if float(np.abs(raw).max()) > 1e150:
        raise NeighbourError(f"entries reach {np.abs(raw).max():.3g}: squared distances overflow, divide by a unit")
    return raw, device


def _centred(raw: Array, centre: Array) -> tuple[Array, float]:
    """Centred rows in float32, divided by a power of two, with two more columns: squared norm and 1."""
    scaled = np.empty((len(raw), raw.shape[1] + 2), np.float32)
    largest = max(float(np.abs(raw[i : i + BLOCK] - centre).max()) for i in range(0, len(raw), BLOCK))
    unit = float(2.0 ** np.ceil(np.log2(largest))) if largest > 0 else 1.0
    for first in range(0, len(raw), BLOCK):
        rows = slice(first, first + BLOCK)
        inner = scaled[rows, :-2]
        inner[:] = (raw[rows] - centre) / unit
        scaled[rows, -2] = np.einsum("ij,ij->i", inner, inner, dtype=np.float64)
    scaled[:, -1] = 1
    return scaled, unit


def _limit(found: Shortlist, own: Any, error: Array) -> Array:
    """What the product of a candidate is at most, for ties in double precision, too."""
    limit: Array = found.reach[own, -1] * (1 + 8 * squares_factor(found.raw.shape[1])) + error
    return limit


def _take_lines(found: Shortlist, own: Array, other: slice, lines: Array, error: Array) -> None:
    """Put candidates of the rows ``own`` on their lists; ``lines`` (own, other) are products, off by ``error``."""
    before = found.reach[own]
    _tighten(found, own, lines, error)
    listed = (lines <= _limit(found, own, error)[:, None]) & (lines < np.inf)
    long = np.flatnonzero(listed.sum(axis=1) > LONG * found.reach.shape[1])
    if long.size:  # norms hide the distances, or rows coincide
        rows, longest = own[long], found.lengths[other].max()
        left, right = ((found.raw[some] - found.centre) / found.unit for some in (rows, other))
        squares = [np.einsum("ij,ij->i", side, side) for side in (left, right)]
        lines[long] = squares[0][:, None] + squares[1] - 2 * (left @ right.T)
        lines[long] = np.where(np.arange(other.start, other.stop) == rows[:, None], np.inf, lines[long])
        error[long] = product_error(found.raw.shape[1], np.float64, 1.001 * found.lengths[rows], 1.001 * longest)
        found.repeated += len(rows)
        found.reach[rows] = before[long]  # a pair may count once among the k
        _tighten(found, rows, lines[long], error[long])
        listed[long] = (lines[long] <= _limit(found, rows, error[long])[:, None]) & (lines[long] < np.inf)
    at, column = np.nonzero(listed)
    found.pending.append((own[at], other.start + column, lines[at, column] - error[at]))
    found.count += at.size
    if found.count > HELD:
        _measure(found)


def _tighten(found: Shortlist, own: Array, lines: Array, error: Array) -> None:
    """Lower the upper bounds of rows by what a block says of them."""
    k = found.reach.shape[1]
    some = min(k, lines.shape[1])
    least = np.partition(lines, some - 1, axis=1)[:, :some] + error[:, None]
    found.reach[own] = np.sort(np.concatenate([found.reach[own], least], axis=1), axis=1)[:, :k]


def _measure(found: Shortlist) -> None:
    """Measure the candidates that are still within reach by differences, and keep the nearest of each row."""
    if not found.pending:
        return
    rows, columns, lower = (np.concatenate(parts) for parts in zip(*found.pending, strict=True))
    found.pending, found.count = [], 0
    kept = lower <= _limit(found, rows, np.zeros(1))
    rows, columns = rows[kept], columns[kept]
    squared = np.empty(len(rows))
    step = max(1, MEASURED // found.raw.shape[1])
    for first in range(0, len(rows), step):
        some = slice(first, first + step)
        away = found.raw[rows[some]].astype(np.float64) - found.raw[columns[some]]
        squared[some] = np.einsum("ij,ij->i", away, away)
    found.measured += len(rows)
    touched, k = np.unique(rows), found.squared.shape[1]
    rows = np.concatenate([rows, np.repeat(touched, k)])
    columns = np.concatenate([columns, found.indices[touched].ravel()])
    squared = np.concatenate([squared, found.squared[touched].ravel()])
    order = np.lexsort((columns, squared, rows))
    starts = np.searchsorted(rows[order], touched)
    order = order[(starts[:, None] + np.arange(k)).ravel()]
    found.squared[touched] = squared[order].reshape(-1, k)
    found.indices[touched] = columns[order].reshape(-1, k)
    exact = found.squared[touched, : k - 1] / found.unit**2 * (1 + squares_factor(found.raw.shape[1]))
    found.reach[touched] = np.minimum(found.reach[touched], exact)
