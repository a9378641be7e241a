"""How fast the named bounds are: ``python -m numerics.bench_bounds [NAME...]``.

Two questions on arrays of 10^6 entries.  Where the plain NumPy or SciPy formula is accurate: how many times its cost?
Where it is not: how many times faster than mpmath, whose cost is measured on a sample?  Both sides run in turn in one
process, and the least of several runs counts.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import mpmath
import numpy as np
import sympy as sp

from numerics.bench_peers import PEERS
from theory.bounds import catalogue
from theory.bounds.arguments import label
from theory.bounds.bound import Bound

Array = np.ndarray[Any, Any]
ENTRIES, COORDINATES, PATTERNS = 10**6, 16, 64
RUNS, AGAIN, SAMPLE = 7, 3, 12
SLOWER_AT_MOST, FASTER_AT_LEAST = 3.0, 1000.0

# Arguments for which the plain formulas are accurate, and dimensions for which they are not.
RANGES = {"n": (1, 60), "r": (0.5, 3.0), "p": (0.5, 3.0), "a": (0.5, 60.0), "c": (0.1, 30.0), "d": (1, 1000)}
WIDE = {"n": (1000, 20000), "r": (0.5, 3.0), "p": (1.0, 2.0), "a": (1000.0, 20000.0), "c": (0.1, 3.0), "d": (1, 1000)}
OTHERS = {
    "l": (1, 40),
    "T_max": (1, 4096),
    "d_emb": (1, 4096),
    "N": (1e6, 1e11),
    "D": (1e8, 1e13),
    "alpha_N": (0.2, 0.5),
    "alpha_D": (0.2, 0.5),
}


def arguments(bound: Bound, ranges: dict[str, tuple[Any, Any]], entries: int = ENTRIES, seed: int = 0) -> list[Any]:
    """Arrays for the arguments of a bound: ``entries`` scalars each, or points with that many coordinates in all."""
    random, found = np.random.default_rng(seed), dict[str, Any]()
    families = any(bound.family(v) for v in bound.arguments)
    rows = entries // COORDINATES if families else entries
    for variable in bound.arguments:
        family, name = bound.family(variable), label(variable)
        low, high = (ranges | OTHERS).get(name, (0.5, 3.0))
        if name == "r_i":
            found[name] = random.uniform(*ranges["r"], (rows, COORDINATES))
        elif family is not None:
            shape = (PATTERNS, COORDINATES) if len(family.shape) == 2 else (rows, COORDINATES)
            found[name] = random.normal(size=shape)
        elif variable.is_integer:
            found[name] = random.integers(max(int(low), 1), int(high), rows, endpoint=True)
        else:
            found[name] = random.uniform(low, high, rows)
    if bound.name == "model_size_identity":
        found["n"] = found["T_max"] * found["d_emb"]
    if bound.name == "lower_gamma_bracket_floor":
        found["c"] = found["a"] * random.uniform(0.1, 0.9, rows)
    return [found[label(variable)] for variable in bound.arguments]


def least_times(*functions: Callable[[], Any], runs: int = RUNS) -> list[float]:
    """The least time of each function in seconds, the functions taking turns."""
    times: list[list[float]] = [[] for _ in functions]
    for _ in range(runs):
        for function, spent in zip(functions, times, strict=True):
            started = time.perf_counter()
            function()
            spent.append(time.perf_counter() - started)
    return [min(spent) for spent in times]


def against_plain(bound: Bound, runs: int = RUNS) -> tuple[float, float]:
    """Seconds of the bound and of its plain formula on 10^6 entries."""
    given, peer = arguments(bound, RANGES), PEERS[bound.name]
    with np.errstate(all="ignore"):
        ours, plain = least_times(lambda: bound(*given), lambda: peer(*given), runs=runs)
    return ours, plain


def against_mpmath(bound: Bound, runs: int = 3) -> tuple[float, float]:
    """Seconds per entry of the bound on 10^6 entries and of mpmath on a sample of them, at 15 digits."""
    given = arguments(bound, WIDE)
    (ours,) = least_times(lambda: bound(*given), runs=runs)
    with mpmath.workdps(15):
        sample = [[_reference(v) for v in np.asarray(value)[:SAMPLE]] for value in given]
        started = time.perf_counter()
        for at in zip(*sample, strict=True):
            bound(*at)
        slow = (time.perf_counter() - started) / SAMPLE
    return ours / len(given[0]), slow


def _reference(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return np.array([mpmath.mpf(float(entry)) for entry in value], dtype=object)
    return int(value) if isinstance(value, np.integer) else mpmath.mpf(float(value))


def underflows(bound: Bound) -> bool:
    """Whether the plain formula of the bound leaves the range of doubles in large dimensions."""
    return isinstance(bound.expr, sp.log) and not any(v.is_Symbol and str(v) == "a" for v in bound.arguments)


def main(names: Sequence[str]) -> int:
    """Print both tables; 1 if a ratio misses its mark."""
    chosen = [b for b in catalogue().values() if not names or b.name in names]
    missed = 0
    print(f"{'bound':48}{'ours':>10}{'plain':>10}{'ratio':>8}   (10^6 entries, ms)")
    for bound in chosen:
        if bound.name not in PEERS:
            print(f"{bound.name:48}   no plain formula")
            continue
        ours, plain = against_plain(bound)
        for _ in range(AGAIN):  # another process may have taken the core
            if ours <= SLOWER_AT_MOST * plain:
                break
            ours, plain = map(min, zip((ours, plain), against_plain(bound), strict=True))
        missed += ours > SLOWER_AT_MOST * plain
        mark = "" if ours <= SLOWER_AT_MOST * plain else "  > 3"
        print(f"{bound.name:48}{ours * 1e3:10.2f}{plain * 1e3:10.2f}{ours / plain:8.2f}{mark}")
    print(f"\n{'bound, n from 1000 to 20000':48}{'ours':>10}{'mpmath':>10}{'times faster':>14}   (us per entry)")
    for bound in filter(underflows, chosen):
        ours, slow = against_mpmath(bound)
        missed += slow < FASTER_AT_LEAST * ours
        mark = "" if slow >= FASTER_AT_LEAST * ours else "  < 1000"
        print(f"{bound.name:48}{ours * 1e6:10.3f}{slow * 1e6:10.0f}{slow / ours:14.0f}{mark}")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
