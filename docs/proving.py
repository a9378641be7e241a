"""The page on the prover's suite: what each tool decides, and what the prover leaves undecided.

It shows what ``majorant bench prove --record`` wrote to the ledger and computes nothing itself.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from validation.bench_prove import is_wrong, table
from validation.ledger import read_benchmark
from validation.suite import Item, read_suite

PAGE = Path(__file__).parent / "proving.md"
TOOL = "majorant"


def page(budget: float, rows: Sequence[dict[str, Any]], items: Sequence[Item]) -> str:
    """The page as Markdown."""
    mine = {row["name"]: row for row in rows if row["tool"] == TOOL}
    true = sum(item.truth for item in items)
    wide = [item.name for item in items if item.truth and item.unbounded]
    proved = sum(mine[name]["verdict"] == "proved" for name in wide if name in mine)
    decided = sum(row["verdict"] in ("proved", "refuted") for row in mine.values())
    lines = [
        "# What the prover decides",
        "",
        f"From `majorant bench prove --record`: {len(items)} statements of `tests/statements`, {true} true and",
        f"{len(items) - true} false, {budget:g} s for each tool and statement, on one core.",
        "",
        f"Decided: {decided} of {len(mine)}; wrongly decided: {sum(map(is_wrong, mine.values()))}.",
        f"Proved on the whole of an unbounded domain: {proved} of the {len(wide)} true statements that have one.",
        "",
        "```",
        table(list(rows)),
        "```",
        "",
        "SymPy: `simplify`, `solve_univariate_inequality` or `ask`; mpmath: bisection in interval arithmetic; z3 sees",
        "polynomials, quotients, roots, absolute values and extrema.  None of them writes a certificate.",
        "",
        "## What is undecided",
        "",
        "What was tried for one of them, method by method, is printed by `majorant prove`.",
        "",
        "| statement | domain | in truth | what is known |",
        "| --- | --- | --- | --- |",
    ]
    for item in items:
        if mine.get(item.name, {}).get("verdict") not in ("proved", "refuted"):
            known = item.why or _tried(mine.get(item.name))
            cells = (f"`{item.statement}`", f"`{item.where}`", "true" if item.truth else "false", known)
            lines.append("| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |")
    return "\n".join([*lines, ""])


def _tried(row: dict[str, Any] | None) -> str:
    return f"no proof and no counterexample in {row['seconds']:.1f} s" if row else "not in the recorded run"


def write_page() -> Path:
    """Renew the page from the ledger."""
    budget, rows = read_benchmark()
    PAGE.write_text(page(budget, rows, read_suite()), encoding="utf-8")
    return PAGE


if __name__ == "__main__":
    sys.stdout.write(f"renewed {write_page().name}\n")
