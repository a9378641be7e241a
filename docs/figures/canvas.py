"""What the figures share: colours that stay apart for every kind of colour blindness, the canvas, the file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#595959"
PALE = "#eeeeee"
EXACT, PRINTED = BLUE, ORANGE  # what is true and what the paper prints
INSTALL = "pip install 'majorant[plot]'"
SMALL, MIDDLE, LARGE = 10, 11, 14  # points


def canvas(width: float, height: float, finding: str = "", note: str = "", dpi: int = 120) -> Figure:
    """An empty figure of a size in inches; ``finding`` is its headline, ``note`` the line at its foot.

    Raises:
        ModuleNotFoundError: Matplotlib is not installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(f"figures need Matplotlib: {INSTALL}") from error
    figure = Figure(figsize=(width, height), dpi=dpi, layout="constrained")
    FigureCanvasAgg(figure)
    if finding:
        figure.suptitle(finding, x=0.012, ha="left", fontsize=LARGE, fontweight="bold")
    if note:
        figure.supxlabel(note, x=0.012, ha="left", fontsize=SMALL, color=GREY)
    return figure


def write(figure: Figure, out: str | Path, name: str) -> list[Path]:
    """Writes ``name.png`` into the folder ``out``, which is made if need be."""
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.png"
    figure.savefig(path, pil_kwargs={"optimize": True})
    return [path]


def plain(axes: Axes, title: str, across: str, up: str) -> None:
    """Title and labels, two spines, a quiet grid."""
    axes.set_title(title, loc="left", fontsize=MIDDLE)
    axes.set_xlabel(across, fontsize=MIDDLE)
    axes.set_ylabel(up, fontsize=MIDDLE)
    axes.tick_params(labelsize=SMALL, which="both")
    axes.grid(color=PALE, linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def label(axes: Axes, at: tuple[float, float], text: str, colour: str, **more: Any) -> None:
    """A label beside its curve, in the colour of the curve."""
    options: dict[str, Any] = {"fontsize": SMALL, "color": colour, "ha": "left", "va": "center"} | more
    axes.text(*at, text, **options)
