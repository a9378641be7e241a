"""The generated parts of the README: the verdict table and the table from paper number to claim id."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from theory.claim import Claim
from theory.registry import registry
from validation.ledger import read_ledger
from validation.report import is_printed_statement, told_apart

README = Path(__file__).parent.parent / "README.md"


def _because(claim: Claim, row: Mapping[str, Any]) -> str:
    if row["verdict"] == "proved":
        return "derivation"
    failing = [e for e in row["evidence"] if e["outcome"] == "fails"]
    witnessed = [e for e in failing if e["witness"]] or failing
    return f"`{witnessed[0]['witness']}`" if witnessed and witnessed[0]["witness"] else witnessed[0]["reason"]


def _repairs(claim: Claim, rows: Mapping[str, Any]) -> str:
    found = [e.claim for e in registry().values() if claim.id in e.claim.amends]
    return "<br>".join(f"{rows[c.id]['verdict']}: {c.title}" for c in found)


def verdict_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """The verdicts of the printed statements as Markdown, from recorded rows."""
    by_id = {row["id"]: row for row in rows}
    lines = ["| paper | statement | as printed | because | amended |", "| --- | --- | --- | --- | --- |"]
    for claim_id, entry in registry().items():
        claim = entry.claim
        if is_printed_statement(claim):
            row = by_id[claim_id]
            place = claim.source.place + (" (v1)" if claim.source.version == "v1" else "")
            verdict = f"**{row['verdict']}**" if row["verdict"] == "refuted" else row["verdict"]
            cells = (place, told_apart(claim), verdict, _because(claim, row), _repairs(claim, by_id))
            lines.append("| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |")
    return "\n".join(lines)


def place_table() -> str:
    """From paper number to claim ids and the module that defines them, as Markdown."""
    lines = ["| paper | claims | module |", "| --- | --- | --- |"]
    groups: dict[tuple[str, str], list[str]] = {}
    for claim_id, entry in registry().items():
        place = entry.claim.source.place.split(",")[0]
        groups.setdefault((place, entry.module), []).append(claim_id)
    for (place, module), ids in groups.items():
        path = module.replace(".", "/") + ".py"
        lines.append(f"| {place} | {', '.join(f'`{claim_id}`' for claim_id in ids)} | [{path}]({path}) |")
    return "\n".join(lines)


def renewed(text: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """The README with its generated parts renewed."""
    for name, part in (("verdicts", verdict_table(rows)), ("places", place_table())):
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- end {name} -->)", re.DOTALL)
        found = pattern.search(text)
        if not found:
            raise ValueError(f"README.md has no block <!-- {name} --> ... <!-- end {name} -->")
        text = text[: found.end(1)] + part + text[found.start(2) :]
    return text


if __name__ == "__main__":
    README.write_text(renewed(README.read_text(encoding="utf-8"), read_ledger()), encoding="utf-8")
    sys.stdout.write(f"renewed {README.name}\n")
