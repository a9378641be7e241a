"""The figure of the energies: landscapes in the plane and curves on the line, computed from the theory's expressions.

The patterns are those of Figure 1 of arXiv:2405.08707; every number is drawn by a routine compiled from the expression
that the claims are about.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from docs.figures.canvas import BLUE, GREEN, GREY, ORANGE, Array, canvas, write
from numerics.compile import compile_expression
from theory.atoms import LSE
from theory.energies.layer import energy
from theory.energies.mchn import excess, mchn, overlap, spread
from theory.energies.nearest import over_d
from theory.notation import beta, d, n, rho, x

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PLANE: Array = np.array([[-2.0, -0.5], [0.2, -0.3], [1.5, 1.5]])
LINE: Array = np.array([[-2.0], [0.0], [1.0]])
STEPS = 90  # points along one axis of the plane

one = sp.Integer(1)
minus_lse = -LSE(overlap(x), over_d)
LANDSCAPES: tuple[tuple[str, sp.Expr], ...] = (
    (r"$-\mathrm{LSE}$: no minimum", minus_lse),
    (r"the regularisers of $E_\mathrm{MCHN}$", mchn(x, one) - minus_lse),
    (r"$E_\mathrm{MCHN}$ at $\beta = 1$", mchn(x, one)),
    (r"layer energy $E$ of (4)", energy(x)),
)


def draw(out: str | Path) -> list[Path]:
    """Draws the figure into the folder ``out``, as ``landscapes.png``; energies in nats, lengths without a unit."""
    figure = canvas(11.5, 6.6, dpi=100)
    grid: dict[str, Axes] = figure.subplot_mosaic(
        [["0", "1", "curves"], ["2", "3", "excess"]], width_ratios=(1, 1, 1.25)
    )
    for place, (title, expression) in enumerate(LANDSCAPES):
        _draw_plane(grid[str(place)], title, expression)
    _draw_curves(grid["curves"])
    _draw_excess(grid["excess"])
    return write(figure, out, "landscapes")


def evaluate(expression: sp.Expr, patterns: Array, points: Array, b: float = 1.0) -> Array:
    """The expression at every row of ``points``, shape (points, width), for ``patterns`` of shape (patterns, width)."""
    routine = compile_expression(expression, "numpy")
    fixed: dict[Any, Any] = {d: len(patterns), n: patterns.shape[1], rho: patterns, beta: b}
    return np.array([routine({**fixed, x: point}) for point in points])


def lowest_points(heights: Array) -> list[tuple[int, int]]:
    """The inner points of a grid that lie below their eight neighbours."""
    inner = heights[1:-1, 1:-1]
    rows, columns = heights.shape
    low = np.ones(inner.shape, dtype=bool)
    for down in (0, 1, 2):
        for right in (0, 1, 2):
            if (down, right) != (1, 1):
                low &= inner < heights[down : rows - 2 + down, right : columns - 2 + right]
    return [(int(row) + 1, int(column) + 1) for row, column in np.argwhere(low)]


def _draw_plane(axes: Axes, title: str, expression: sp.Expr) -> None:
    across, up = np.linspace(-3.5, 3.0, STEPS), np.linspace(-2.75, 3.0, STEPS)
    points = np.stack(np.meshgrid(across, up), axis=-1)
    heights = evaluate(expression, PLANE, points.reshape(-1, 2)).reshape(STEPS, STEPS)
    low, high = float(heights.min()), float(np.quantile(heights, 0.97))
    levels = low + (high - low) * np.linspace(0, 1, 19) ** (1.0 if expression == minus_lse else 1.6)
    axes.contourf(across, up, heights, levels=levels, cmap="cividis", extend="max")
    lines = axes.contour(across, up, heights, levels=levels[1::2], colors="white", linewidths=0.7, linestyles="solid")
    axes.clabel(lines, levels[3::4], inline=True, fontsize=7, fmt="%.1f")
    axes.plot(*PLANE.T, "o", markersize=11, markerfacecolor="white", markeredgecolor="black", label="patterns")
    minima = lowest_points(heights)
    if minima:
        rows, columns = zip(*minima, strict=True)
        axes.plot(
            across[list(columns)], up[list(rows)], "x", color=ORANGE, markersize=7, markeredgewidth=2.2, label="minima"
        )
        axes.legend(loc="upper left", fontsize=8, framealpha=0.9)
    axes.set_title(title, fontsize=11)
    axes.set_aspect("equal")
    axes.tick_params(labelsize=8)


def _line() -> tuple[Array, Array]:
    along = np.linspace(-3.6, 2.8, 257)
    return along, along[:, None]


def _draw_curves(axes: Axes) -> None:
    along, points = _line()
    curves = (
        (r"$E$ of (4)", energy(x), 1.0, BLUE, "solid"),
        (r"$E_\mathrm{MCHN}$, $\beta = 1$", mchn(x), 1.0, ORANGE, "dashed"),
        (r"$E_\mathrm{MCHN}$, $\beta = 2$", mchn(x), 2.0, GREEN, "dashdot"),
    )
    for label, expression, b, colour, style in curves:
        axes.plot(along, evaluate(expression, LINE, points, b), color=colour, linestyle=style, linewidth=2, label=label)
    _mark_line(axes, r"patterns $-2, 0, 1$ on the line")
    axes.legend(fontsize=9, frameon=False, loc="upper center")
    axes.set_ylim(-1.3, 3.9)


def _draw_excess(axes: Axes) -> None:
    """The one-sided form of Proposition 2: how far twice the MCHN energy is above the layer energy, and its ends."""
    along, points = _line()
    top = float(evaluate(spread, LINE, points[:1])[0])
    axes.axhspan(0, top, color="#eeeeee")
    axes.axhline(0, color="black", linewidth=1)
    axes.axhline(top, color="black", linewidth=1)
    axes.text(-3.55, top, r"$\max\,\|\rho\|^2 - \min\,\|\rho\|^2$", ha="left", va="top", fontsize=9)
    for b, colour, style in ((1.0, ORANGE, "dashed"), (2.0, GREEN, "dashdot")):
        heights = evaluate(excess, LINE, points, b)
        axes.plot(along, heights, color=colour, linestyle=style, linewidth=2, label=rf"$\beta = {b:g}$")
    _mark_line(axes, r"$2 E_\mathrm{MCHN} - \frac{2}{\beta}\,\log\, d - E_\beta$")
    axes.set_ylim(-0.55, top + 0.25)
    axes.legend(fontsize=9, frameon=False, loc="center left", bbox_to_anchor=(0.02, 0.55))


def _mark_line(axes: Axes, title: str) -> None:
    foot = axes.get_xaxis_transform()
    axes.plot(
        LINE[:, 0], np.full(len(LINE), 0.035), "o", transform=foot, markersize=7, markerfacecolor="white",
        markeredgecolor="black",
    )  # fmt: skip
    for place in LINE[:, 0]:
        axes.axvline(place, color=GREY, linewidth=0.6, linestyle="dotted")
    axes.set_title(title, fontsize=11)
    axes.tick_params(labelsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
