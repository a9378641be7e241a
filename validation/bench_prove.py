"""``majorant bench prove``: verdicts and seconds of several tools on the suite, in one run, one process at a time."""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any

from validation.suite import Item, read_suite

GRACE = 1.1
STARTED = 60.0


class Worker:
    """One tool in a process of its own, which is killed when a statement takes too long."""

    def __init__(self, tool: str) -> None:
        self.tool = tool
        self.start()

    def start(self) -> None:
        """A fresh process, with the tool loaded."""
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(self.tool, theirs), daemon=True)
        self.process.start()
        if not self.pipe.poll(STARTED):
            raise TimeoutError(f"{self.tool} did not start within {STARTED:g} s")
        self.pipe.recv()

    def judge(self, item: Item, budget: float) -> tuple[str, float]:
        """The verdict and its seconds; ``undecided`` where the process had to be killed."""
        begun = time.monotonic()
        self.pipe.send((item.statement, item.where, budget))
        if self.pipe.poll(budget * GRACE + 0.5):
            verdict: str = self.pipe.recv()
            return verdict, time.monotonic() - begun
        self.stop()
        self.start()
        return "undecided", budget

    def stop(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.join()


def serve(tool: str, pipe: Connection) -> None:
    """Judge statements until the other end closes."""
    from theory.language import parse
    from validation.bench_tools import TOOLS

    judge = TOOLS[tool]
    judge(parse("x**2 >= 0", "x in [1, 2]"), 1.0)
    pipe.send("ready")
    while True:
        try:
            statement, where, budget = pipe.recv()
        except EOFError:
            return
        try:
            verdict = judge(parse(statement, where), budget)
        except Exception as error:  # another tool may fail in any way; that is an outcome here
            verdict = f"error: {type(error).__name__}"
        pipe.send(verdict)


def compare(
    budget: float, only: str = "", tools: Sequence[str] = (), progress: Callable[[str, float], None] | None = None
) -> list[dict[str, Any]]:
    """One row for each tool and statement: verdict, seconds and whether the verdict is right.

    Raises ``FileNotFoundError`` outside a checkout, ``ValueError`` if no statement or tool has such a name.
    """
    from validation.bench_tools import TOOLS

    items = read_suite(only)
    unknown = set(tools) - set(TOOLS)
    if unknown:
        raise ValueError(f"no tool is called {', '.join(sorted(unknown))}: allowed are {', '.join(TOOLS)}")
    if not items:
        raise ValueError(f"no statement of the suite has {only!r} in its name")
    rows: list[dict[str, Any]] = []
    begun = time.monotonic()
    for tool in tools or TOOLS:
        try:
            worker = Worker(tool)
        except EOFError:
            rows.append({"tool": tool, "name": "", "truth": True, "verdict": "not installed", "seconds": 0.0})
            continue
        for item in items:
            if progress:
                progress(f"{tool}: {item.name}", time.monotonic() - begun)
            verdict, seconds = worker.judge(item, budget)
            rows.append(
                {"tool": tool, "name": item.name, "truth": item.truth, "verdict": verdict, "seconds": round(seconds, 3)}
            )
        worker.stop()
    return rows


def is_wrong(row: dict[str, Any]) -> bool:
    """Whether a verdict contradicts the truth."""
    return bool(row["verdict"] == ("refuted" if row["truth"] else "proved"))


def table(rows: list[dict[str, Any]]) -> str:
    """How much each tool decides and in what time; one line for each tool."""
    lines = [f"{'tool':<10} {'proved':>11} {'refuted':>11} {'wrong':>6} {'median s':>9} {'total s':>9}"]
    for tool in dict.fromkeys(row["tool"] for row in rows):
        mine = [row for row in rows if row["tool"] == tool and row["name"]]
        if not mine:
            lines.append(f"{tool:<10} not installed")
            continue
        counts = [
            f"{sum(row['verdict'] == verdict for row in of)} of {len(of)}"
            for verdict, of in (
                ("proved", [row for row in mine if row["truth"]]),
                ("refuted", [row for row in mine if not row["truth"]]),
            )
        ]
        wrong = sum(map(is_wrong, mine))
        decided = [r["seconds"] for r in mine if r["verdict"] in ("proved", "refuted")]
        median = f"{statistics.median(decided):.3f}" if decided else "-"
        total = sum(r["seconds"] for r in mine)
        lines.append(f"{tool:<10} {counts[0]:>11} {counts[1]:>11} {wrong:>6} {median:>9} {total:>9.1f}")
    return "\n".join(lines)
