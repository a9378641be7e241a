"""How fast the log-domain functions are: ``python -m numerics.bench_stable [SUBSTRING]``.

Each row is one function on one region of 10^6 points. Where the plain SciPy formula is accurate on all of them, the
ratio of the two costs counts, at most PLAIN; where it is not, mpmath is the peer, and at least MPMATH times its speed
counts. Peers run in turn with the function in one process; a ratio is the median over the rounds. mpmath is timed on
a few points.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from statistics import median
from typing import Any

import mpmath as mp
import numpy as np
from mpmath.libmp import NoConvergence
from scipy.special import gammainc, gammaincc, gammaln

from numerics import stable
from numerics.double_double import Array

POINTS, ROUNDS, MANY, SAMPLE = 10**6, 7, 50, 25
PLAIN, MPMATH = 3.0, 1000.0
DIGITS = 30
Function = Callable[..., Any]
Region = tuple[str, tuple[Any, ...]]


def plain_lower(a: Any, x: Any) -> Any:
    return np.log(gammainc(a, x)) + gammaln(a)


def plain_upper(a: Any, x: Any) -> Any:
    return np.log(gammaincc(a, x)) + gammaln(a)


def plain_volume(n: Any, r: Any) -> Any:
    return n / 2 * np.log(np.pi) + n * np.log(r) - gammaln(1 + n / 2)


def plain_mass(n: Any, r: Any, p: Any) -> Any:
    return np.log(2 / p) + n / 2 * np.log(np.pi) - gammaln(n / 2) + plain_lower(n / p, r**p)


def largest_gamma(a: Any, x: Any) -> Any:
    return np.abs(gammaln(a))


def largest_volume(n: Any, r: Any) -> Any:
    return np.maximum(np.abs(n * np.log(r)), gammaln(1 + n / 2))


def largest_mass(n: Any, r: Any, p: Any) -> Any:
    return np.maximum(np.abs(gammaln(n / 2)), np.abs(gammaln(n / p)))


def precise_lower(a: Any, x: Any) -> Any:
    return mp.log(mp.gammainc(a, 0, x))


def precise_upper(a: Any, x: Any) -> Any:
    return mp.log(mp.gammainc(a, x))


def precise_volume(n: Any, r: Any) -> Any:
    return n * mp.log(mp.pi) / 2 + n * mp.log(r) - mp.loggamma(1 + n / 2)


def precise_mass(n: Any, r: Any, p: Any) -> Any:
    return mp.log(2 / p) + n * mp.log(mp.pi) / 2 - mp.loggamma(n / 2) + precise_lower(n / p, r**p)


def gamma_regions(draw: np.random.Generator) -> list[Region]:
    small, middle = draw.uniform(0.5, 50, POINTS), draw.uniform(50, 200, POINTS)
    large = 10 ** draw.uniform(3, 7, POINTS)
    return [
        ("order 0.5 to 50, cutoff around it", (small, small * draw.uniform(0.5, 2, POINTS))),
        ("order 0.5 to 50, cutoff below", (small, small * draw.uniform(0.01, 0.5, POINTS))),
        ("order 0.5 to 50, cutoff above", (small, small * draw.uniform(2, 10, POINTS))),
        ("order 50 to 200, cutoff around it", (middle, middle * draw.uniform(0.6, 1.5, POINTS))),
        ("order 10^3 to 10^7, transition", (large, large + np.sqrt(large) * draw.uniform(-4, 4, POINTS))),
        ("order 10^3 to 10^7, cutoff below", (large, large * draw.uniform(0.01, 0.5, POINTS))),
        ("order 10^3 to 10^7, cutoff above", (large, large * draw.uniform(2, 10, POINTS))),
        ("one order, 20", (20.0, draw.uniform(1, 60, POINTS))),
    ]


def volume_regions(draw: np.random.Generator) -> list[Region]:
    n, radius = np.rint(10 ** draw.uniform(0, 7, POINTS)), 10 ** draw.uniform(-6, 6, POINTS)
    return [
        ("all dimensions and radii", (n, radius)),
        ("all dimensions, volume near 1", (n, np.sqrt(n / (2 * np.pi * np.e)) * draw.uniform(0.99, 1.01, POINTS))),
        ("one dimension, 3", (3.0, radius)),
        ("one dimension, 1000, volume near 1", (1000.0, 7.6518 * draw.uniform(0.99, 1.01, POINTS))),
    ]


def mass_regions(draw: np.random.Generator) -> list[Region]:
    n, radius = np.rint(10 ** draw.uniform(0, 7, POINTS)), 10 ** draw.uniform(-6, 6, POINTS)
    low = draw.integers(1, 50, POINTS).astype(np.float64)
    found: list[Region] = []
    for p in (1.0, 2.0, 2.7):
        found += [
            (f"p = {p}, dimension 1 to 49", (low, (low / p) ** (1 / p) * draw.uniform(0.5, 1.5, POINTS), p)),
            (f"p = {p}, all dimensions and radii", (n, radius, p)),
            (f"p = {p}, mode of the weight", (n, (n / p) ** (1 / p) * draw.uniform(0.5, 1.5, POINTS), p)),
            (f"p = {p}, one dimension, 3", (3.0, draw.uniform(0, 10, POINTS), p)),
        ]
    close = draw.uniform(0.999, 1.001, POINTS)
    found += [("p = 2, one dimension, 300, mass near 1", (300.0, 4.5382 * close, 2.0))]
    return [*found, ("p = 2, one dimension, 10000, mass near 1", (10000.0, 25.8872 * close, 2.0))]


CASES: list[tuple[str, Function, Function, Function, Function, Callable[[np.random.Generator], list[Region]]]] = [
    ("log_lower_gamma", stable.log_lower_gamma, plain_lower, largest_gamma, precise_lower, gamma_regions),
    ("log_upper_gamma", stable.log_upper_gamma, plain_upper, largest_gamma, precise_upper, gamma_regions),
    ("log_ball_volume", stable.log_ball_volume, plain_volume, largest_volume, precise_volume, volume_regions),
    ("log_ball_mass", stable.log_ball_mass, plain_mass, largest_mass, precise_mass, mass_regions),
]


def seconds(function: Function, arguments: tuple[Any, ...]) -> float:
    started = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - started


def accurate(plain: Array, value: Array, largest: Array) -> bool:
    """Whether the plain formula is within 1e-13 * max(1, |value|, its largest term) of the value, at every point."""
    return bool((np.abs(plain - value) <= 1e-13 * np.maximum(np.maximum(1, np.abs(value)), largest)).all())


def against_mpmath(function: Function, precise: Function, arguments: tuple[Any, ...]) -> float:
    """Seconds of mpmath over those of the function, per point; mpmath on points spread evenly."""
    at = np.linspace(0, POINTS - 1, SAMPLE).astype(int)
    columns = np.broadcast_arrays(*arguments)

    def sample() -> None:
        for i in at:
            with suppress(NoConvergence):  # the time until it gave up counts
                precise(*(mp.mpf(float(column[i])) for column in columns))

    with mp.workdps(DIGITS):
        pairs = [(seconds(sample, ()), seconds(function, arguments)) for _ in range(ROUNDS)]
    return median(peer / own for peer, own in pairs) * POINTS / SAMPLE


def main(wanted: str = "") -> None:
    """Print one row for each function and region."""
    draw = np.random.default_rng(20240513)
    print(f"{'function':16} {'region':40} {'own':>7} {'peer':>10} {'ratio':>9}")
    for name, function, plain, largest, precise, regions in CASES:
        for region, arguments in regions(draw):
            if wanted not in f"{name} {region}":
                continue
            with np.errstate(all="ignore"):
                fine = accurate(plain(*arguments), function(*arguments), largest(*arguments))
                rounds = max(ROUNDS, min(MANY, int(1 / seconds(plain, arguments))))
                pairs = [(seconds(function, arguments), seconds(plain, arguments)) for _ in range(rounds)]
            own, ratio = median(a for a, _ in pairs), median(a / b for a, b in pairs)
            if fine:
                tail = f"{'plain':>10} {ratio:8.2f}x{'' if ratio <= PLAIN else '  too slow'}"
            else:
                speed = against_mpmath(function, precise, arguments)
                tail = f"{'mpmath':>10} {1 / speed:8.1e}x{'' if speed >= MPMATH else '  too slow'} (plain {ratio:.2f}x)"
            print(f"{name:16} {region:40} {own / POINTS * 1e9:4.0f} ns {tail}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:2])
