"""The loss of one layer under each reading of its energy, beside the formula of Proposition 4.

Patterns far apart with balls of one radius, Omega their union, the target uniform over the patterns:
L = log Z_theta + the mean energy of a pattern.  On the line the numbers are middles of balls that hold the values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from docs.figures.canvas import EXACT, GREEN, PRINTED, Array, canvas, label, plain, write
from numerics.compile import compile_expression
from numerics.stable import log_ball_mass
from theory.atoms import Quotient, RadialIntegral
from theory.bounds.cross_entropy import loss
from theory.energies.nearest import partition
from theory.notation import d, distance, n, radius, rho, v

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COUNT, SPACING = 4, 12  # patterns on the line, and how far apart they are
RADII: Array = np.geomspace(0.003, 5.0, 33)
DIMENSION, COUNTS = 16, (8, 10**3, 10**6)
LEFT, RIGHT, LOW, HIGH = -3.6, 3.6, -3.9, 5.3  # nats
READINGS = {"a": "distance", "b": "normalised", "c": "printed_energy", "d": "layer_energy"}
# (c) for balls apart: every pattern is the nearest on its own ball; v stands for Z.
printed_integral = RadialIntegral(sp.exp(-Quotient(sp.exp(-(distance**2)), v)), distance, n, radius)


@dataclass(frozen=True)
class Losses:
    """``log_z`` and the losses by reading at every radius, in nats."""

    radii: Array
    log_z: Array
    by_reading: dict[str, Array]


def proposition_4(log_z: Array) -> Array:
    """``log Z + 1/Z``, in nats."""
    return log_z + np.exp(-log_z)


def on_the_line(radii: Sequence[float] | Array, count: int = COUNT) -> Losses:
    """The losses for ``count`` patterns on the line, at radii below half the spacing."""
    given: dict[Any, Any] = {d: count, n: 1, rho: [[SPACING * place] for place in range(count)]}

    def values(expression: sp.Expr) -> Array:
        routine = compile_expression(expression, "ball")
        return np.array([float(routine({**given, radius: float(r)}, 53).mid()) for r in radii])

    by_reading = {letter: values(loss(name)) for letter, name in READINGS.items()}
    return Losses(np.asarray(radii), values(sp.log(partition)), by_reading)


def as_printed(dimension: int, count: float, radii: Array) -> Losses:
    """The loss under reading (c) in a dimension, for patterns whose balls are apart."""
    log_z = np.log(count) + np.asarray(log_ball_mass(dimension, radii))
    routine = compile_expression(printed_integral, "numpy")
    integrals = [routine({n: dimension, radius: r, v: np.exp(z)}) for r, z in zip(radii, log_z, strict=True)]
    return Losses(radii, log_z, {"c": np.log(count) + np.log(integrals) + np.exp(-log_z)})


def draw(out: str | Path) -> list[Path]:
    """Draws ``loss.png``: the losses against log Z, both in nats."""
    figure = canvas(
        11.5,
        6.1,
        "1 is no floor of the loss: no reading of the energy E gives log Z + 1/Z",
        "d patterns far apart, balls of radius r around them; g: squared distance to the nearest pattern;"
        " Z = ∫ exp(−g) over the balls; r varies along each curve",
    )
    line, space = figure.subplots(1, 2, sharey=True)
    _draw_line(line)
    _draw_space(space)
    return write(figure, out, "loss")


def _draw_formula(axes: Axes) -> None:
    across = np.linspace(LEFT, RIGHT, 300)
    axes.plot(across, proposition_4(across), color=PRINTED, linewidth=2.2, linestyle="dashed")
    axes.axhline(1, color=PRINTED, linewidth=1)
    axes.plot(0, 1, "o", color=PRINTED, markersize=7)
    axes.set_xlim(LEFT, RIGHT)
    axes.set_ylim(LOW, HIGH)


def _draw_line(axes: Axes) -> None:
    plain(axes, f"on the line, d = {COUNT} patterns: every reading falls below 1", "log Z, nats",
          "cross-entropy L, nats")  # fmt: skip
    _draw_formula(axes)
    found = on_the_line(RADII)
    axes.plot(found.log_z, found.by_reading["c"], color=GREEN, linewidth=2.4)
    axes.plot(found.log_z, found.by_reading["a"], color=EXACT, linewidth=3.6)
    axes.plot(found.log_z, found.by_reading["d"], color="white", linewidth=1.2, linestyle=(0, (3, 3)))
    label(axes, (-0.85, 2.5), "log Z + 1/Z\nof Proposition 4", PRINTED)
    label(axes, (LEFT + 0.1, 1.0), "1, the floor it claims", PRINTED, va="bottom")
    label(
        axes,
        (-0.85, -1.9),
        "(a) E = g\n(b) E = g + log Z\n(d) E = −log Σ exp(−‖x − ρ‖²), dashed\nL = log Z for all three",
        EXACT,
    )
    label(axes, (1.8, 4.2), "(c) E = exp(−g)/Z,\nas printed: close to\nthe line below Z = 1", GREEN, ha="right")


def _draw_space(axes: Axes) -> None:
    plain(axes, f"in dimension {DIMENSION} the least value of (c) depends on d", "log Z, nats", "")
    _draw_formula(axes)
    axes.plot((LEFT, RIGHT), (LEFT, RIGHT), color=EXACT, linewidth=3.6)
    radii = np.geomspace(0.2, 3.0, 240)
    for count in COUNTS:
        log_z = np.log(count) + np.asarray(log_ball_mass(DIMENSION, radii))
        found = as_printed(DIMENSION, count, radii[(log_z > LEFT - 1) & (log_z < RIGHT + 1)])
        values = found.by_reading["c"]
        axes.plot(found.log_z, values, color=GREEN, linewidth=2.4)
        least = int(np.argmin(values))
        axes.plot(found.log_z[least], values[least], "o", color=GREEN, markersize=7)
        end = float(np.interp(RIGHT, found.log_z, values))
        label(axes, (RIGHT + 0.1, end), f"(c), d = {count:,}", GREEN)
    label(axes, (RIGHT + 0.1, RIGHT), "(a), (b), (d)", EXACT, va="top")
