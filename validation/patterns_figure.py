"""The gaps of every bound as a figure: one strip a bound, 0 marked, violations in another colour and hatched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from validation.patterns import CheckReport
from validation.patterns_bounds import BoundResult
from validation.patterns_file import Array
from validation.patterns_report import describe_data, summarise_result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INSTALL = "pip install 'majorant[plot]'"
HOLDS, VIOLATED, GREY = "#0072B2", "#D55E00", "#595959"  # blue, vermilion: apart for every kind of colour blindness
DOTS = 400  # a strip with more queries shows a sample of them


class MatplotlibMissingError(RuntimeError):
    """Matplotlib is not installed; the message names the command that installs it."""


def draw_check(report: CheckReport, out: str | Path) -> Path:
    """Writes the figure to ``out`` (the suffix chooses png, svg or pdf) and gives back its path.

    Raises:
        MatplotlibMissingError: Matplotlib is not installed.
        ValueError: a suffix that Matplotlib does not write.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise MatplotlibMissingError(f"a figure needs Matplotlib: {INSTALL}") from error
    path = Path(out)
    path.parent.mkdir(parents=True, exist_ok=True)
    count = len(report.bounds)
    figure = Figure(figsize=(11, 1.5 + 0.56 * count), dpi=130, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    _set_scale(axes, report.bounds)
    rng = np.random.default_rng(0)
    for place, result in enumerate(report.bounds):
        _draw_strip(axes, count - 1 - place, result, rng)
    axes.axvline(0, color="black", linewidth=1.4, zorder=1)
    axes.axvspan(axes.get_xlim()[0], 0, color="#f3f3f3", zorder=0)
    axes.set_ylim(-0.6, count - 0.4)
    axes.set_yticks(range(count), [""] * count)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("gap = right side less left side, in nats; left of 0 the bound is violated")
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.set_title(describe_data(report), loc="left", fontsize=12, fontweight="bold", pad=14)
    figure.savefig(path)
    return path


def _set_scale(axes: Axes, results: tuple[BoundResult, ...]) -> None:
    """Linear where the gaps are of one size; else linear near 0 and logarithmic beyond the smallest box."""
    gaps = np.concatenate([result.gaps for result in results])
    low, high = min(0.0, float(gaps.min())), max(0.0, float(gaps.max()))
    sizes = [size for result in results if (size := float(np.abs(np.median(result.gaps)))) > 0]
    if sizes and max(sizes) > 50 * min(sizes):
        threshold = 10 ** np.floor(np.log10(max(min(sizes), 1e-4 * max(sizes))))
        axes.set_xscale("symlog", linthresh=threshold, linscale=0.6)
        axes.set_xlim(1.6 * low - 0.3 * threshold, 1.6 * high + 0.3 * threshold)
    else:
        margin = 0.03 * ((high - low) or 1.0)
        axes.set_xlim(low - margin, high + margin)


def _draw_strip(axes: Axes, height: int, result: BoundResult, rng: np.random.Generator) -> None:
    gaps, bad = result.gaps, result.violated > 0
    colour = VIOLATED if bad else HOLDS
    first, middle, last = np.quantile(gaps, (0.25, 0.5, 0.75))
    axes.barh(
        height, last - first, left=first, height=0.44, facecolor=colour + "30", edgecolor=colour, linewidth=1.2,
        hatch="////" if bad else None, zorder=2,
    )  # fmt: skip
    axes.plot((middle, middle), (height - 0.22, height + 0.22), color=colour, linewidth=2.6, zorder=4)
    shown = gaps if len(gaps) <= DOTS else np.append(rng.choice(gaps, DOTS), (gaps.min(), gaps.max()))
    jitter: Array = height + rng.uniform(-0.17, 0.17, len(shown))
    violated = shown < -float(result.rounding.max())
    dots: dict[str, Any] = {"marker": "o", "s": 14, "linewidths": 0, "color": HOLDS, "alpha": 0.6}
    crosses: dict[str, Any] = {"marker": "x", "s": 24, "linewidths": 1.1, "color": VIOLATED, "alpha": 0.9}
    for chosen, style in ((~violated, dots), (violated, crosses)):
        axes.scatter(shown[chosen], jitter[chosen], zorder=3, **style)
    side = axes.get_yaxis_transform()
    reads = result.bound.reads.replace("-", "−").replace("E_MCHN", r"E$_\mathrm{MCHN}$")
    axes.text(-0.012, height + 0.13, reads, transform=side, ha="right", va="center", fontsize=10)
    place = f"{result.bound.place}, β = {result.beta:g}"
    axes.text(-0.012, height - 0.16, place, transform=side, ha="right", va="center", fontsize=8, color=GREY)
    axes.text(
        1.012, height, summarise_result(result).replace(", ", ",\n"), transform=side, ha="left", va="center",
        fontsize=9, color=VIOLATED if bad else "black", fontweight="bold" if bad else "normal",
    )  # fmt: skip
