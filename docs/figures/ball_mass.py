"""The mass of a ball, the integral of exp(-||x||^p) over it, with the bounds on it as shares of its volume.

``log(mass / volume)`` lies between ``-r^p`` and 0.  The lower bound that the paper prints is ``-r`` for both versions
of the distance; with the squared distance (p = 2) it is no bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from docs.figures.canvas import EXACT, GREY, PRINTED, Array, canvas, label, plain, write
from theory import bounds

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DIMENSIONS = {2: (1, 4, 16, 64), 1: (1, 4, 16)}
WIDEST, UP_TO = 2.5, 100  # radius, dimension
DEPTH = {2: -6.4, 1: -2.6}  # nats
TITLE = {
    2: "squared distance, p = 2 (v2): too high at some radii for n ≥ 3",
    1: "distance, p = 1 (v1): a floor at every radius",
}
SUFFIX = {2: "", 1: "_v1"}


@dataclass(frozen=True)
class Shares:
    """Logarithms of ball mass and bounds over the volume, in nats; ``printed`` is the printed lower bound."""

    exact: Array
    floor: Array
    printed: Array
    ceiling: Array


def shares(dimension: Array, radius: Array, power: int) -> Shares:
    """The shares at dimensions and radii that broadcast, for the exponent ``power`` (1 or 2)."""
    log_volume = bounds.log_ball_volume_identity(dimension, radius)
    printed = bounds.catalogue()[f"log_ball_mass_printed_floor{SUFFIX[power]}"]
    return Shares(
        bounds.log_ball_mass_identity(dimension, radius, power) - log_volume,
        bounds.log_ball_mass_floor(dimension, radius, power) - log_volume,
        printed(dimension, radius) - log_volume,
        bounds.log_ball_mass_ceiling(dimension, radius, power) - log_volume,
    )


def reference(dimension: Array) -> Array:
    """The radius sqrt(n/(2 pi e)) of (14)."""
    return np.sqrt(dimension / (2 * np.pi * np.e))


def failures(power: int, up_to: int = 10**4) -> Array:
    """The dimensions at which the printed lower bound exceeds the mass at the radius of (14)."""
    dimension = np.arange(1.0, up_to + 1)
    found = shares(dimension, reference(dimension), power)
    return dimension[found.printed > found.exact]


def draw(out: str | Path) -> list[Path]:
    """Draws ``ball-mass.png``: logarithms of shares of the volume, in nats."""
    figure = canvas(
        11.5,
        8.8,
        "exp(−r) · volume is a floor of the ball mass for the distance, not for its square",
        "mass: the integral of exp(−‖x‖ᵖ) over the ball of radius r in n dimensions; dashed: the floor that the paper"
        " prints; grey: proved bounds",
    )
    for row, power in zip(figure.subplots(2, 2), (2, 1), strict=True):
        _in_radius(row[0], power)
        _in_dimension(row[1], power)
    return write(figure, out, "ball-mass")


def _in_radius(axes: Axes, power: int) -> None:
    radius = np.linspace(0.004, WIDEST, 600)
    plain(axes, TITLE[power], "radius r, in units of length", "log(mass / volume), nats")
    _draw_bounds(axes, radius, shares(np.array(1), radius, power), power)
    for dimension in DIMENSIONS[power]:
        exact = shares(np.array(dimension), radius, power).exact
        axes.plot(radius, exact, color=EXACT, linewidth=1.8)
        label(axes, (1.012 * WIDEST, exact[-1]), f"mass, n = {dimension}", EXACT)
    label(axes, (1.012 * WIDEST, 0), "volume", GREY)
    label(axes, (1.012 * WIDEST, -WIDEST), "exp(−r) · volume", PRINTED, va="center" if power == 2 else "top")
    if power == 2:
        label(axes, (1.97, -4.4), "exp(−r²) · volume", GREY, ha="right")
    axes.set_xlim(0, WIDEST)


def _in_dimension(axes: Axes, power: int) -> None:
    dimension = np.arange(1.0, UP_TO + 1)
    failing = failures(power)
    verdict = f"too high from n = {failing[0]:g} on" if failing.size else "a floor"
    plain(axes, f"r = √(n/2πe): exp(−r) · volume is {verdict}", "dimension n", "")
    found = shares(dimension, reference(dimension), power)
    if failing.size:
        late = dimension >= failing[0] - 1
        axes.fill_between(
            dimension[late], found.exact[late], found.printed[late], color=PRINTED, alpha=0.15, linewidth=0
        )
        label(axes, (72, -3.0), "no floor here", PRINTED, ha="center")
    _draw_bounds(axes, dimension, found, power)
    axes.plot(dimension, found.exact, color=EXACT, linewidth=2.4)
    axes.set_xlim(0, UP_TO)
    label(axes, (UP_TO + 1, 0), "volume", GREY)
    label(axes, (UP_TO + 1, found.printed[-1]), "exp(−r) · volume", PRINTED, va="center" if power == 2 else "top")
    label(axes, (UP_TO + 1, found.exact[-1]), "mass", EXACT, va="bottom")
    if power == 2:
        label(axes, (UP_TO + 1, found.floor[-1]), "exp(−r²) · volume", GREY, va="top")


def _draw_bounds(axes: Axes, across: Array, found: Shares, power: int) -> None:
    axes.plot(across, found.ceiling, color=GREY, linewidth=1.8)
    axes.plot(across, found.floor, color=GREY, linewidth=1.8)
    axes.plot(across, found.printed, color=PRINTED, linewidth=2.4, linestyle="dashed")
    axes.set_ylim(DEPTH[power], -DEPTH[power] / 25)
