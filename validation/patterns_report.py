"""The findings of ``check_patterns`` as tables for a terminal."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from validation.evidence import Outcome
from validation.patterns import CheckReport
from validation.patterns_bounds import BoundResult, Tightest

STYLES = {Outcome.HOLDS: "green", Outcome.FAILS: "bold red", Outcome.UNDECIDED: "yellow"}
SYMBOLS = (
    "g: squared distance to the nearest pattern.  E: layer energy (4).  "
    "spread: largest squared norm less the smallest.  d: number of patterns."
)


def render_report(report: CheckReport) -> list[RenderableType]:
    """What to print, from top to bottom: alarms where there are any, assumptions, bounds, the tightest ones, notes."""
    tables: list[RenderableType] = [
        Panel(Text(alarm), title="A PROVED BOUND IS VIOLATED", border_style="bold red") for alarm in report.alarms
    ]
    tables.append(Text(f"{report.source}: {describe_data(report)}", style="bold"))
    tables += [_assumptions(report), _bounds(report), Text(SYMBOLS, style="dim"), *_sentences(report)]
    tables += [Text(f"note: {note}", style="dim") for note in report.notes]
    return tables


def describe_data(report: CheckReport) -> str:
    """``512 patterns of dimension 64, 64 queries``."""
    patterns = "1 pattern" if report.count == 1 else f"{report.count} patterns"
    queries = "1 query" if len(report.queries) == 1 else f"{len(report.queries)} queries"
    made = "" if report.queries_given else " made for this check"
    return f"{patterns} of dimension {report.dimension}, {queries}{made}"


def summarise_result(result: BoundResult) -> str:
    """One phrase on how a bound fares: ``violated on 64 of 64``."""
    total = len(result.gaps)
    if result.violated:
        return f"violated on {result.violated} of {total}"
    if result.undecided:
        held = f"holds on {result.holds}, " if result.holds else ""
        return f"{held}equal to rounding on {result.undecided} of {total}"
    return f"holds on {total} of {total}"


def _assumptions(report: CheckReport) -> Table:
    table = Table(title="Assumptions on this data", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for name in ("assumption", "found", "because"):
        table.add_column(name)
    for found in report.assumptions:
        table.add_row(found.name, Text(found.outcome.value, style=STYLES[found.outcome]), found.finding)
    return table


def _bounds(report: CheckReport) -> Table:
    title = "Bounds: gap = right side less left side, in nats"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("bound", no_wrap=True)
    table.add_column("found")
    for name in ("least", "median", "most"):
        table.add_column(name, justify="right", no_wrap=True)
    for result in report.bounds:
        place = f"{result.bound.place}, β = {result.beta:g}"
        lines = [(result.bound.reads, ""), (f"\n{result.bound.claim}\n{place}", "dim")]
        if result.violated and result.bound.repaired_by:
            lines.append((f"\nrepaired by {result.bound.repaired_by}", STYLES[Outcome.FAILS]))
        numbers = [format_gap(value, float(result.rounding.max())) for value in result.statistics]
        found = Text(summarise_result(result), style=STYLES[result.outcome])
        table.add_row(Text.assemble(*lines), found, *numbers)
    return table


def format_gap(value: float, rounding: float) -> str:
    """Three significant digits; what rounding alone could make is 0."""
    return "≈ 0" if 0 < abs(value) <= rounding else f"{value + 0.0:.3g}"


def _sentences(report: CheckReport) -> list[Text]:
    return [Text(_sentence(best, len(report.queries))) for best in report.tightest]


def _sentence(best: Tightest, total: int) -> str:
    start = f"Tightest {best.puts} on {best.target} at β = {best.beta:g}: {best.claim}, median gap {best.median:.4g}"
    if not best.runner_up:
        return f"{start}; every other one is violated."
    if best.lead == 0:
        return f"{start}, as tight as {best.runner_up}."
    return f"{start}, tightest at {best.at_queries} of {total} queries; {best.runner_up} is {best.lead:.4g} looser."
