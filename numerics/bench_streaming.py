"""How fast a pass over patterns on disk is: ``python -m numerics.bench_streaming [PATTERNS] [FOLDER] [--cpu]``.

The layer energy of 64 queries over 10^7 patterns of width 64 in float32, against the sum of what it cannot do
without: reading the file, multiplying the blocks, taking the exponentials, each measured alone with the same threads
and pieces.  Pass and parts run in turn; a ratio is the median over the rounds.  The file, 2.56 GB, is written into the
folder (that of temporary files) and deleted.
"""

from __future__ import annotations

import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from numerics.streaming import TASK_BYTES, one_thread_products, processors, scan_patterns
from numerics.streaming_blocks import PIECE_BYTES
from numerics.streaming_sources import Source, Task, open_patterns

PATTERNS, WIDTH, QUERIES, ROUNDS, SEED = 10_000_000, 64, 64, 5, 20240513
MEGABYTES, RATIO = 600, 1.3
CLOCK = time.process_time if "--cpu" in sys.argv else time.perf_counter
ROWS = PIECE_BYTES // (4 * WIDTH)
Array = np.ndarray[Any, Any]


def write_patterns(path: Path, count: int) -> None:
    """Normal numbers, shape (count, WIDTH), written piece by piece."""
    draw = np.random.default_rng(SEED)
    header = {"descr": "<f4", "fortran_order": False, "shape": (count, WIDTH)}
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for first in range(0, count, ROWS):
            draw.standard_normal((min(ROWS, count - first), WIDTH), dtype=np.float32).tofile(file)


def seconds(work: Callable[[], object]) -> float:
    """Seconds on the clock, or of the processors where ``CLOCK`` says so: on a machine that others use, too."""
    started = CLOCK()
    work()
    return CLOCK() - started


def in_threads(work: Callable[[Task], None], source: Source) -> Callable[[], None]:
    """``work`` on every task of the source, by as many threads as a pass has."""

    def run() -> None:
        with one_thread_products(processors()), ThreadPoolExecutor(processors()) as pool:
            list(pool.map(work, source.tasks(TASK_BYTES // (4 * WIDTH))))

    return run


def parts(source: Source, x: Array) -> dict[str, Callable[[], None]]:
    """What a pass cannot do without, each alone."""
    draw = np.random.default_rng(SEED)
    held = draw.standard_normal((ROWS, WIDTH), dtype=np.float32)
    scores = -draw.uniform(0, 80, (len(x), ROWS)).astype(np.float32)

    def read(task: Task) -> None:
        room = np.empty(ROWS * WIDTH * 4, np.uint8)
        for _ in task.pieces(ROWS, room):
            pass

    def multiply(task: Task) -> None:
        room = np.empty((len(x), ROWS), np.float32)
        for _ in range(0, task.rows, ROWS):
            np.matmul(x, held.T, out=room)

    def exponentiate(task: Task) -> None:
        room = np.empty_like(scores)
        for _ in range(0, task.rows, ROWS):
            np.exp(scores, out=room)

    works = {"reading": read, "products": multiply, "exponentials": exponentiate}
    return {name: in_threads(work, source) for name, work in works.items()}


def main(count: int = PATTERNS, folder: str | None = None) -> bool:
    """Print the times, the ratio and the peak memory; whether both bars are met."""
    needed = count * WIDTH * 4
    with tempfile.TemporaryDirectory(dir=folder) as place:
        free = shutil.disk_usage(place).free
        if free < 1.2 * needed:
            raise SystemExit(
                f"{place} has {free / 1e9:.1f} GB free, {1.2 * needed / 1e9:.1f} are needed: give a folder"
            )
        path = Path(place) / "patterns.npy"
        write_patterns(path, count)
        x = np.random.default_rng(SEED + 1).standard_normal((QUERIES, WIDTH), dtype=np.float32)
        source = open_patterns(path)

        def run() -> object:
            return scan_patterns(x, source, progress=False)

        def measure(**asked: Any) -> float:
            return seconds(lambda: scan_patterns(x, source, progress=False, **asked))

        seconds(run)  # the file comes into the cache of the system
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rounds = []
        for _ in range(ROUNDS):
            taken = {"pass": measure()} | {name: seconds(part) for name, part in parts(source, x).items()}
            rounds.append(
                taken | {"gradient": measure(gradient=True), "nearest 10": measure(energy=False, neighbours=10)}
            )
        floors = [sum(taken[name] for name in ("reading", "products", "exponentials")) for taken in rounds]
        ratio = median(taken["pass"] / floor for taken, floor in zip(rounds, floors, strict=True))
    print(f"{count} patterns x {WIDTH} float32, {QUERIES} queries, {processors()} threads, {ROUNDS} rounds")
    for name in rounds[0]:
        print(f"  {name:13} {median(taken[name] for taken in rounds):7.3f} s")
    print(f"  pass over reading + products + exponentials: {ratio:.2f} (at most {RATIO})")
    print(f"  peak memory of the process: {peak:.0f} MB (at most {MEGABYTES})")
    return ratio <= RATIO and peak <= MEGABYTES


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if argument != "--cpu"]
    sys.exit(not main(int(given[0]) if given else PATTERNS, *given[1:2]))
