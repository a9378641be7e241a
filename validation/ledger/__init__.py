"""The committed ledger: the verdicts of the last recorded run, with what they rest on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

LEDGER = Path(__file__).with_name("verdicts.json")
BENCHMARK = Path(__file__).with_name("proving.json")
KEPT = ("id", "digest", "verdict", "conditions", "axioms")
KEPT_OF_EVIDENCE = ("method", "outcome", "domain", "margin", "witness", "reason", "provenance")


def write_ledger(rows: Sequence[dict[str, Any]], path: Path = LEDGER) -> Path:
    """Write the verdicts of a whole run, without what changes from run to run."""
    kept = [
        {key: row[key] for key in KEPT}
        | {"evidence": [{key: e[key] for key in KEPT_OF_EVIDENCE} for e in row["evidence"]]}
        for row in rows
    ]
    path.write_text(json.dumps(kept, indent=1, default=str, sort_keys=True) + "\n", encoding="utf-8")
    return path


def read_ledger(path: Path = LEDGER) -> list[dict[str, Any]]:
    """The recorded verdicts.  Raises ``ValueError`` if the file is not a ledger."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(rows, list) or not all(isinstance(row, dict) and {*KEPT} <= set(row) for row in rows):
        raise ValueError(f"{path} is no ledger: write one with `majorant verify --record`")
    return rows


def write_benchmark(budget: float, rows: Sequence[dict[str, Any]], path: Path = BENCHMARK) -> Path:
    """Write what ``majorant bench prove`` found on the whole suite, with the seconds that each tool was given."""
    lines = ",\n".join(json.dumps(row) for row in rows)
    path.write_text(f'{{"budget": {json.dumps(budget)}, "rows": [\n{lines}\n]}}\n', encoding="utf-8")
    return path


def read_benchmark(path: Path = BENCHMARK) -> tuple[float, list[dict[str, Any]]]:
    """The seconds that each tool had, and one row for each tool and statement."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return data["budget"], data["rows"]
