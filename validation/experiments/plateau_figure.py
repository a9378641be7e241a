"""The figure of the plateau: curves, where they settle against the entropy, and the losses by position class."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from validation.experiments.plateau_judgement import MEMORISED, QUESTION_FORMATION, groups

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INSTALL = "pip install 'majorant[plot]'"
# Okabe and Ito's colours stay apart for every kind of colour blindness; each source has a marker of its own as well.
COLOURS = ("#0072B2", "#009E73", "#56B4E9", "#D55E00", "#CC79A7", "#E69F00", "#595959")
MARKERS = "osD^vPX"
CURVES = (QUESTION_FORMATION, "markov_low", "markov_high", "question_memorised")
CLASSES = {
    "declarative": "first\nsentence",
    "marker": "decl or\nquest",
    "question": "second\nsentence",
    "end": "end of\nline",
}
MISSED = "#999999"
LINE = 0.115  # height of a line of text in the first panel, in nats


def draw_plateau(record: Mapping[str, Any], out: str | Path) -> Path:
    """Write the figure to ``out`` (the suffix chooses png, svg or pdf) and give back its path.

    Raises:
        ModuleNotFoundError: Matplotlib is not installed.
        ValueError: a suffix that Matplotlib does not write, or a record without finished trainings.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(f"a figure needs Matplotlib: {INSTALL}") from error
    if not any(group.settled for group in groups(record)):
        raise ValueError("the record holds no finished training: nothing to draw")
    figure = Figure(figsize=(16.5, 5.4), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    left, middle, right = figure.subplots(1, 3, width_ratios=(1.2, 1, 1.15))
    styles = {arm["key"]: (COLOURS[i % 7], MARKERS[i % 7]) for i, arm in enumerate(record["arms"])}
    _draw_curves(left, record, styles)
    _draw_settled(middle, record, styles)
    _draw_classes(right, record)
    figure.suptitle(
        "Where does the training loss of a small Transformer settle? Exact entropies against the constant 1",
        x=0.01, ha="left", fontsize=14, fontweight="bold",
    )  # fmt: skip
    path = Path(out)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)
    return path


def _draw_curves(axes: Axes, record: Mapping[str, Any], styles: Mapping[str, tuple[str, str]]) -> None:
    named: list[tuple[float, str, str]] = []
    titles = {arm["key"]: arm["title"] for arm in record["arms"]}
    runs = {arm["key"]: [run for run in arm["runs"] if run["failure"] is None] for arm in record["arms"]}
    for group in groups(record):
        if group.key not in CURVES:
            continue
        colour = styles[group.key][0]
        for run in runs[group.key]:
            if run["layers"] == group.layers:
                axes.plot(*np.array(run["curve"]).T, color=colour, linewidth=1, alpha=0.75)
        axes.axhline(group.entropy, color=colour, linestyle="--", linewidth=1.2)
        name = titles[group.key].replace("Question-Formation, many", "Question-\nFormation, many")
        named.append((group.entropy, f"{name}:\nentropy {group.entropy:.3f}", colour))
    free = 0.0
    for entropy, name, colour in sorted(set(named)):  # upwards, each clear of the one below
        height = LINE * (name.count("\n") + 1)
        bottom = max(entropy - height / 2, free)
        axes.text(1.01, bottom, name, transform=axes.get_yaxis_transform(), color=colour, fontsize=9, va="bottom")
        free = bottom + height + LINE / 3
    _draw_one(axes)
    axes.set_xscale("log")
    axes.set_ylim(0, 3.2)
    _label(axes, "Training loss of each seed; dashed: the exact entropy", "step", "nats per token")


def _draw_settled(axes: Axes, record: Mapping[str, Any], styles: Mapping[str, tuple[str, str]]) -> None:
    found = groups(record)
    end = 1.15 * max(max((group.entropy, *group.settled)) for group in found)
    axes.plot((0, end), (0, end), color="black", linewidth=1, zorder=1)
    axes.text(0.86 * end, 0.9 * end, "settles at\nthe entropy", fontsize=9, ha="right", va="bottom")
    _draw_one(axes)
    for group in found:
        colour, marker = styles[group.key]
        places = [group.entropy] * len(group.settled)
        axes.scatter(
            places, group.settled, s=60, facecolors="none", edgecolors=colour, linewidths=1.6, marker=marker, zorder=3,
            label=group.title,
        )  # fmt: skip
    axes.set_xlim(0, end)
    axes.set_ylim(0, end)
    handles, names = axes.get_legend_handles_labels()
    distinct = dict(zip(names, handles, strict=True))
    axes.legend(distinct.values(), distinct.keys(), fontsize=8, loc="lower right", frameon=False)
    what = "exact entropy of the source or of the few lines, nats per token"
    _label(axes, "Settled loss against the exact entropy", what, "settled training loss, nats per token")


def _draw_classes(axes: Axes, record: Mapping[str, Any]) -> None:
    arm = next(arm for arm in record["arms"] if arm["key"] == QUESTION_FORMATION and arm["regime"] != MEMORISED)
    exact = {**arm["entropy"]["by_class"], "all": arm["entropy"]["per_token"]}
    last = [run["evaluations"][-1]["held_out"] for run in arm["runs"] if run["failure"] is None]
    names = [*CLASSES, "all"]
    places = np.arange(len(names))
    bars = axes.bar(places - 0.2, [exact[name] for name in names], 0.38, color=COLOURS[0], label="exact entropy")
    axes.bar_label(bars, fmt="%.2f", fontsize=8.5)
    for number, losses in enumerate(last):
        heights = [losses["by_class"][name] for name in CLASSES] + [losses["per_token"]]
        label = "loss on fresh lines, one dot a seed" if number == 0 else None
        axes.scatter(places + 0.2 + 0.07 * (number - 1), heights, s=30, color=COLOURS[3], label=label, zorder=3)
    _draw_one(axes, named=False)
    shares = arm["entropy"]["share_of_tokens"]
    ticks = [f"{CLASSES[name]}\n({shares[name]:.0%})" for name in CLASSES] + ["all\ntokens"]
    axes.set_xticks(places, ticks, fontsize=9)
    axes.legend(fontsize=9, frameon=False)
    _label(axes, "Question-Formation by position (share of tokens)", "", "nats per token")


def _draw_one(axes: Axes, named: bool = True) -> None:
    axes.axhline(1.0, color=MISSED, linewidth=2.2, zorder=0)
    if named:
        axes.text(0.015, 1.03, "the constant 1", transform=axes.get_yaxis_transform(), color="#666666", fontsize=9)


def _label(axes: Axes, title: str, across: str, up: str) -> None:
    axes.set_title(title, loc="left", fontsize=11)
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.grid(color="#eeeeee", linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
