"""The nearest pair among many patterns, and the radius below which their balls are disjoint."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import cdist

from validation.evidence import Outcome
from validation.patterns_energies import EPSILON
from validation.patterns_file import Array

ROWS = 2048  # a block of distances holds ROWS**2 doubles: 32 MiB
SHORT_LIST = 4096


@dataclass(frozen=True)
class Separation:
    """How far apart the patterns are; lengths are in the unit of the patterns.

    ``limit`` is half the smallest distance of two patterns: closed balls of a common radius below it are disjoint.
    ``coincident`` counts the pairs at one place and ``pair`` names a nearest pair by rows from 0; with one pattern
    ``limit`` is infinite.  ``apart`` is half the smallest distance of two patterns that differ.
    """

    limit: float
    apart: float
    pair: tuple[int, int] | None
    coincident: int
    dimension: int

    def disjoint(self, radius: float) -> Outcome:
        """Whether closed balls of this radius are disjoint: ``2 radius`` against the smallest distance."""
        if not np.isfinite(self.limit):
            return Outcome.HOLDS
        rounding = 2 * (self.dimension + 4) * EPSILON * self.limit
        if abs(radius - self.limit) <= rounding and self.limit > 0:
            return Outcome.UNDECIDED
        return Outcome.HOLDS if radius < self.limit else Outcome.FAILS


def measure_separation(points: Array) -> Separation:
    """The separation of the patterns, shape (patterns, width).

    The memory is a few blocks of ``ROWS**2`` numbers; the time is that of one product of the patterns with themselves.
    """
    places, first, counts = np.unique(points + 0.0, axis=0, return_index=True, return_counts=True)
    coincident = int((counts * (counts - 1) // 2).sum())
    square, pair = nearest_pair(places)
    apart = 0.5 * float(np.sqrt(square))
    if coincident:
        twice = int(np.argmax(counts))
        same = np.flatnonzero((points == places[twice]).all(axis=1))
        return Separation(0.0, apart, (int(same[0]), int(same[1])), coincident, points.shape[1])
    named = None if pair is None else (int(min(first[list(pair)])), int(max(first[list(pair)])))
    return Separation(apart, apart, named, 0, points.shape[1])


def nearest_pair(points: Array) -> tuple[float, tuple[int, int] | None]:
    """The smallest squared distance of two rows, and the rows; infinity and ``None`` for a single row.

    Blocks of ``|a|^2 + |b|^2 - 2 a.b``, which loses digits where norms are large and distances small, only draw up a
    short list: every pair that could win within the error of that formula is measured again by differences.
    """
    centred = points - points.mean(axis=0)
    squares = np.einsum("ij,ij->i", centred, centred)
    error = 8 * (points.shape[1] + 4) * EPSILON * float(squares.max())  # of both sides, with the centring
    best, pair = np.inf, None
    for start in range(0, len(points), ROWS):
        rows = slice(start, start + ROWS)
        for other in range(start, len(points), ROWS):
            columns = slice(other, other + ROWS)
            rough = squares[rows, None] + squares[columns] - 2 * (centred[rows] @ centred[columns].T)
            if start == other:
                rough[np.tril_indices(len(rough))] = np.inf
            near = np.flatnonzero(rough < best + error)
            if near.size > SHORT_LIST:  # many near ties, or digits lost: measure the block itself
                exact = cdist(points[rows], points[columns], "sqeuclidean")
                exact[~np.isfinite(rough)] = np.inf
                place = int(np.argmin(exact))
                value = float(exact.flat[place])
            elif near.size:
                difference = points[start + near // rough.shape[1]] - points[other + near % rough.shape[1]]
                listed = np.einsum("ij,ij->i", difference, difference)
                place, value = int(near[np.argmin(listed)]), float(listed.min())
            else:
                continue
            if value < best:
                best, pair = value, (start + place // rough.shape[1], other + place % rough.shape[1])
    return best, pair
