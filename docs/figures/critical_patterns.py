"""The number of patterns at which Z = 1, at r = sqrt(n/(2 pi e)): exact, with its proved bounds, and what (14) gives.

(14) bounds Z of d patterns below by ``d exp(-r) V`` and above by ``d V``, so that Z = 1 would need d between ``1/V``
and ``exp(r)/V``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from docs.figures.canvas import EXACT, GREEN, GREY, PRINTED, Array, canvas, label, plain, write
from theory import bounds

if TYPE_CHECKING:
    from matplotlib.axes import Axes

UP_TO = 400
SUFFIX = {2: "", 1: "_v1"}
COLOUR = {2: EXACT, 1: GREEN}


@dataclass(frozen=True)
class Numbers:
    """Logarithms of numbers of patterns: exact, its proved bounds, the ends of the interval of (14)."""

    exact: Array
    floor: Array
    ceiling: Array
    least: Array
    greatest: Array


def numbers(dimension: Array, power: int) -> Numbers:
    """The logarithms at dimensions, for the exponent ``power`` (1 or 2) of the norm."""
    named, suffix = bounds.catalogue(), SUFFIX[power]
    return Numbers(
        named[f"log_patterns_critical_identity{suffix}"](dimension),
        named[f"log_patterns_critical_floor{suffix}"](dimension),
        named[f"log_patterns_critical_ceiling{suffix}"](dimension),
        -named[f"log_partition_critical_exact_ceiling{suffix}"](1, dimension),
        -named[f"log_partition_critical_exact_floor{suffix}"](1, dimension),
    )


def above(power: int, up_to: int = 10**4) -> Array:
    """The dimensions at which the exact number lies above the interval of (14)."""
    dimension = np.arange(1.0, up_to + 1)
    found = numbers(dimension, power)
    return dimension[found.exact > found.greatest]


def draw(out: str | Path) -> list[Path]:
    """Draws ``critical-patterns.png``: counts against the dimension."""
    first = f"{above(2)[0]:g}"
    figure = canvas(
        11.5,
        6.0,
        f"For the squared distance, Z = 1 takes more patterns than (14) allows from n = {first} on",
        "Z of d patterns in disjoint balls of radius r = √(n/2πe) is d times the ball mass; d is the real number"
        " at which Z = 1; V is the volume of a ball",
    )
    counts, ratios = figure.subplots(1, 2, width_ratios=(1.5, 1))
    _draw_counts(counts)
    _draw_ratios(ratios)
    return write(figure, out, "critical-patterns")


def _draw_counts(axes: Axes) -> None:
    dimension = np.arange(1.0, UP_TO + 1)
    plain(axes, "the exact number, and the interval that (14) leaves", "dimension n", "patterns d at which Z = 1")
    axes.set_yscale("log")
    interval = numbers(dimension, 2)
    axes.fill_between(
        dimension, np.exp(interval.least), np.exp(interval.greatest), color=PRINTED, alpha=0.2, linewidth=0
    )
    label(axes, (250, 200), "(14): from 1/V to exp(r)/V", PRINTED)
    for power, colour in COLOUR.items():
        axes.plot(dimension, np.exp(numbers(dimension, power).exact), color=colour, linewidth=2.4)
    first = float(above(2)[0])
    axes.axvline(first, color=GREY, linewidth=1, linestyle="dotted")
    label(axes, (first + 3, 1.5), f"n = {first:g}", GREY)
    label(axes, (225, 3e8), "squared distance (v2):\nd grows like √n exp(n/2πe)", COLOUR[2], ha="right")
    label(axes, (180, 1.2e4), "distance (v1): inside;\nd grows like √n exp(√(n/2πe))", COLOUR[1])
    axes.set_xlim(0, UP_TO)
    axes.set_ylim(1, 1e12)


def _draw_ratios(axes: Axes) -> None:
    dimension = np.arange(1.0, 21)
    plain(axes, "the proved bounds close in on it", "dimension n", "ratio to the proved floor")
    for power, colour in COLOUR.items():
        found = numbers(dimension, power)
        axes.plot(dimension, np.exp(found.ceiling - found.floor), color=colour, linewidth=1.4, linestyle="dashed")
        axes.plot(dimension, np.exp(found.exact - found.floor), "o-", color=colour, linewidth=1.6, markersize=4)
    axes.axhline(1, color=GREY, linewidth=1.4)
    axes.set_xlim(0.5, 20.5)
    axes.set_xticks((1, 5, 10, 15, 20))
    label(axes, (4.6, 1.27), "dashed: proved ceiling\ndots: the exact number\nline at 1: proved floor", GREY)
    label(axes, (2.2, 1.6), "distance (v1)", COLOUR[1])
    label(axes, (2.2, 1.56), "squared distance (v2)", COLOUR[2])
