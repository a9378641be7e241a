"""The figures of the project by name.

Each module draws one figure with ``draw(folder)``; what it draws comes from functions that return the numbers, so that
they can be tested without a picture.  Matplotlib is loaded when a figure is drawn.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

FIGURES: dict[str, str] = {
    "landscapes": "Figure 1, redrawn",
    "loss": "the loss under each reading, beside log Z + 1/Z",
    "ball-mass": "the mass of a ball and its bounds, in the radius and in the dimension",
    "critical-patterns": "the number of patterns at which Z = 1, and the interval that (14) gives",
    "exponents": "Table 3 and the power laws that fit it",
}


def draw(name: str, folder: str | Path) -> list[Path]:
    """Draws a figure into a folder and gives back the files.

    Raises:
        KeyError: no figure has this name; the message lists those that there are.
        ModuleNotFoundError: Matplotlib is not installed; the message names the command that installs it.
    """
    if name not in FIGURES:
        raise KeyError(f"no figure is called {name!r}; allowed: {', '.join(FIGURES)}")
    drawn: list[Path] = import_module(f"docs.figures.{name.replace('-', '_')}").draw(folder)
    return drawn
