"""Table 3: three widths, the range in which the least D of each lies, and the power laws N = c D^gamma that fit them.

The grid of data sizes tells for every model a half-open range (D before D*, D*]; a law fits if it reaches the model
size within each.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from docs.figures.canvas import EXACT, PRINTED, Array, canvas, label, plain, write
from numerics.compile import compile_expression
from theory.notation import growth
from theory.reported.data_sizes import MODELS
from theory.reported.exponents import FIRST, chosen, greatest, least, some_constant

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MILLION = 100  # table units of 10^4
LEFT, RIGHT = 150, 400  # million tokens


@dataclass(frozen=True)
class Window:
    """A model: its size and the range of its least data size, in millions."""

    parameters: float
    before: float
    least: float


WINDOWS = tuple(Window(m.parameters / MILLION, m.before / MILLION, m.least / MILLION) for m in MODELS)


def ends() -> tuple[float, float]:
    """The least and the greatest exponent; neither is allowed."""
    low, high = (compile_expression(end, "numpy")({}) for end in (least, greatest))
    return low, high


def constants(gamma: float) -> tuple[float, float]:
    """The ends of ``u = log c`` for an exponent, in units of the first model; no u fits if they are not in order."""
    low, high = (compile_expression(end, "numpy")({growth: gamma}) for end in (chosen, some_constant.rhs))
    return low, high


def law(gamma: float, u: float, data: Array) -> Array:
    """``c D^gamma`` in millions of parameters, for data sizes in millions of tokens."""
    relative = data * MILLION / FIRST.least
    return FIRST.parameters / MILLION * np.exp(u) * relative**gamma


def fan(data: Array, count: int = 60) -> tuple[Array, Array]:
    """The least and the greatest model size that an allowed law gives at each data size."""
    low, high = ends()
    gammas = np.linspace(low, high, count + 2)[1:-1]
    pairs = [constants(float(gamma)) for gamma in gammas]
    below = np.min([law(float(g), u, data) for g, (u, _) in zip(gammas, pairs, strict=True)], axis=0)
    above = np.max([law(float(g), u, data) for g, (_, u) in zip(gammas, pairs, strict=True)], axis=0)
    return below, above


def draw(out: str | Path) -> list[Path]:
    """Draws ``exponents.png``: model sizes against data sizes, in millions, both logarithmic."""
    low, high = ends()
    figure = canvas(
        10,
        6.4,
        f"Table 3 cannot tell the exponent: any γ between {low:.3f} and {high:.3f} fits",
        "● D*, the first data size on the grid that the rule accepts; ○ the one before it, rejected;"
        " a law fits if it crosses all three bars",
    )
    axes = figure.add_subplot()
    plain(axes, r"model size as a power of the data size, $N = c\,D^\gamma$: laws that fit the three models",
          "training tokens D, millions", "parameters N, millions")  # fmt: skip
    _draw_laws(axes, low, high)
    for window in WINDOWS:
        axes.plot((window.before, window.least), (window.parameters,) * 2, color="black", linewidth=3)
        axes.plot(window.least, window.parameters, "o", color="black", markersize=8)
        axes.plot(window.before, window.parameters, "o", color="black", markerfacecolor="white", markersize=8)
        label(
            axes,
            (1.02 * window.least, 0.965 * window.parameters),
            f"{window.parameters:.2f}M parameters",
            "black",
            va="top",
        )
    for set_scale, set_ticks, ticks in (
        (axes.set_xscale, axes.set_xticks, (150, 200, 250, 300, 350, 400)),
        (axes.set_yscale, axes.set_yticks, (20, 30, 40, 60, 80, 100, 150)),
    ):
        set_scale("log")
        set_ticks(ticks, [str(tick) for tick in ticks])
        set_ticks([], minor=True)
    axes.set_xlim(LEFT, RIGHT)
    axes.set_ylim(16, 185)
    return write(figure, out, "exponents")


def _draw_laws(axes: Axes, low: float, high: float) -> None:
    data = np.geomspace(LEFT, RIGHT, 200)
    axes.fill_between(data, *fan(data), color=EXACT, alpha=0.15, linewidth=0)
    for gamma, name in ((low, f"γ > {low:.3f}"), (2.0, "γ = 2"), (high, f"γ < {high:.3f}")):
        two = gamma == 2
        values = law(gamma, sum(constants(gamma)) / 2, data)
        axes.plot(
            data, values, color=PRINTED if two else EXACT, linewidth=2.6 if two else 1.8,
            linestyle="solid" if two else "dashed",
        )  # fmt: skip
        label(axes, (data[-1] * 1.01, values[-1]), name, PRINTED if two else EXACT)
