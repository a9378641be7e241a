"""Nearest other rows against faiss: ``python -m numerics.bench_neighbours [ROWS] [WIDTH] [--cpu]``.

One nearest neighbour of each of 80,000 rows of width 1024 in float32, against ``faiss.IndexFlatL2`` asked for two
(the first is the row itself), with the same threads, in turn; the ratio is the median over the rounds, of seconds on
the clock or, with ``--cpu``, of the processors.  Then how many neighbours each gets right, on those rows and on rows
of large norm with near duplicates, where right is what differences in double precision say.
"""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import numpy as np
from scipy.spatial.distance import cdist

from numerics.neighbours import find_neighbours

ROWS, WIDTH, ROUNDS, SEED, SAMPLE = 80_000, 1024, 3, 20240513, 200
RATIO = 1.0
CLOCK = time.process_time if "--cpu" in sys.argv else time.perf_counter
Array = np.ndarray[Any, Any]


def normal_rows(rows: int, width: int) -> Array:
    return np.random.default_rng(SEED).standard_normal((rows, width), dtype=np.float32)


def near_duplicates(rows: int, width: int) -> Array:
    """Far centres, each with rows around it that differ by little, in float32."""
    draw = np.random.default_rng(SEED)
    centres = 1000 * draw.standard_normal((max(1, rows // 20), width))
    nearby = draw.standard_normal((rows, width)) * 10.0 ** draw.uniform(-2, 0, (rows, 1))
    return (centres[draw.integers(len(centres), size=rows)] + nearby).astype(np.float32)


def ask_faiss(faiss: Any, points: Array) -> Array:
    """The nearest other row of each row, says ``IndexFlatL2``."""
    index = faiss.IndexFlatL2(points.shape[1])
    index.add(points)
    _, found = index.search(points, 2)
    own = np.arange(len(points))
    nearest: Array = np.where(found[:, 0] == own, found[:, 1], found[:, 0])
    return nearest


def right(points: Array, found: Array) -> float:
    """The share of a sample of rows whose neighbour is at the least distance."""
    rows = np.random.default_rng(SEED).choice(len(points), min(SAMPLE, len(points)), replace=False)
    good = 0
    for some in np.array_split(rows, 1 + len(rows) // 50):
        distances = np.full((len(some), len(points)), np.inf)
        for first in range(0, len(points), 8192):
            piece = points[first : first + 8192].astype(np.float64)
            distances[:, first : first + 8192] = cdist(points[some].astype(np.float64), piece, "sqeuclidean")
        distances[np.arange(len(some)), some] = np.inf
        good += int((distances[np.arange(len(some)), found[some]] <= distances.min(axis=1) * (1 + 1e-13)).sum())
    return good / len(rows)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """How long it took, and what came out."""
    started = CLOCK()
    found = work()
    return CLOCK() - started, found


def main(rows: int = ROWS, width: int = WIDTH) -> bool:
    """Print times, ratio and correctness; whether the ratio is met and all neighbours are right."""
    try:
        faiss = importlib.import_module("faiss")
    except ModuleNotFoundError:
        print("faiss is not installed: pip install faiss-cpu")
        faiss = None
    good = True
    for what, points in (("normal", normal_rows(rows, width)), ("near duplicates", near_duplicates(rows // 4, width))):
        rounds = ROUNDS if what == "normal" else 1
        own, other = list[tuple[float, Any]](), list[tuple[float, Any]]()
        for _ in range(rounds):
            own.append(timed(partial(find_neighbours, points)))
            if faiss is not None:
                other.append(timed(partial(ask_faiss, faiss, points)))
        result = own[-1][1]
        share = right(points, result.indices[:, 0])
        good &= share == 1
        print(f"{what}, {len(points)} x {width}: {median(t for t, _ in own):.2f} s, {share:.1%} right")
        print(
            f"  {result.measured} pairs measured, {result.repeated} lines repeated, {result.undecided.sum()} undecided"
        )
        if faiss is not None:
            ratio = median(a / b for (a, _), (b, _) in zip(own, other, strict=True))
            share = right(points, other[-1][1])
            print(f"  faiss: {median(t for t, _ in other):.2f} s, {share:.1%} right; ratio {ratio:.2f}")
            good &= what != "normal" or ratio <= RATIO
    return good


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:] if argument != "--cpu"]
    sys.exit(not main(*given))
