"""What a run shows: rows for JSON, for the table on a terminal and for the README."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
from rich import box
from rich.markup import escape
from rich.table import Table

from theory.claim import NOTHING, Claim, Kind, Step
from theory.registry import registry
from theory.rules import Lemma
from validation.evidence import Evidence
from validation.trial import Trial
from validation.verdict import Status, Verdict, verdict

WIDE = 140  # columns
STYLES = {
    "proved": "green",
    "refuted": "bold red",
    "enclosed": "cyan",
    "supported": "yellow",
    "undecided": "magenta",
    "definition": "dim",
    "assumption": "dim",
    "reproduced": "green",
    "explained": "cyan",
    "not reproduced": "bold red",
}


def amended_by(trial: Trial) -> dict[str, list[str]]:
    """For each claim the ids of the claims that amend it."""
    found: dict[str, list[str]] = {}
    for claim in trial.ledger.claims.values():
        for amended in claim.amends:
            found.setdefault(amended, []).append(claim.id)
    return found


def as_rows(trial: Trial) -> list[dict[str, Any]]:
    """One JSON object per claim, in the order of the paper."""
    repairs, entries = amended_by(trial), registry()
    rows = []
    for claim_id, entry in entries.items():
        if claim_id in trial.ledger.claims:
            claim = trial.ledger.claims[claim_id]
            rows.append(_row(claim, verdict(claim, trial.ledger), trial, repairs.get(claim_id, []), entry.module))
    return rows


def _row(claim: Claim, found: Verdict, trial: Trial, repairs: list[str], module: str) -> dict[str, Any]:
    return {
        "id": claim.id,
        "title": claim.title,
        "kind": claim.kind.value,
        "work": claim.source.work,
        "version": claim.source.version,
        "place": claim.source.place,
        "reading": claim.reading,
        "statement": claim.statement,
        "latex": claim.latex,
        "domain": str(claim.domain),
        "exists": str(claim.exists) if claim.exists != NOTHING else "",
        "forall": str(claim.forall) if claim.forall != NOTHING else "",
        "verdict": found.status.value,
        "conditions": list(found.conditions),
        "axioms": list(found.axioms),
        "amends": list(claim.amends),
        "amended_by": repairs,
        "uses": list(claim.uses),
        "digest": claim.digest,
        "module": module,
        "steps": [
            {
                "relation": step.relation.value,
                "expr": str(step.expr),
                "latex": sp.latex(step.expr),
                "rule": named_rule(step),
                "note": step.note,
            }
            for step in claim.steps
        ],
        "evidence": [_evidence(e) for e in trial.ledger.about(claim)],
        "seconds": round(trial.seconds.get(claim.id, 0.0), 4),
    }


def named_rule(step: Step) -> str:
    """The rule of a step, with the name of the lemma where it is one."""
    name = type(step.rule).__name__
    return f"{name} {step.rule.claim}" if isinstance(step.rule, Lemma) else name


def _evidence(e: Evidence) -> dict[str, Any]:
    return {
        "method": e.method,
        "outcome": e.outcome.value,
        "domain": e.covered,
        "margin": e.margin,
        "witness": None if e.witness is None else str(e.witness),
        "reason": e.reason,
        "seconds": round(e.seconds, 4),
        "provenance": e.provenance,
    }


def strongest(row: dict[str, Any]) -> str:
    """The evidence that the verdict rests on, in a few words."""
    if row["verdict"] == "refuted":
        witnessed = [e for e in row["evidence"] if e["outcome"] == "fails"]
        best = min(witnessed, key=lambda e: e["witness"] is None)
        return str(best["witness"] or best["reason"])
    if row["verdict"] == "proved":
        if proving(row) == "derivation":
            return f"derivation, {len(row['steps'])} step{'s' if len(row['steps']) != 1 else ''}"
        covered = next(e["domain"] for e in row["evidence"] if e["method"] == "enclosure")
        return f"enclosure of the whole domain: {covered}"
    measured = [e for e in row["evidence"] if e["method"] == "measurement"]
    if measured:
        return "; ".join(f"measured: {e['margin'] or e['reason']}, {e['domain']}" for e in measured)
    held = [e for e in row["evidence"] if e["outcome"] == "holds"]
    return f"{held[0]['method']}: {held[0]['domain']}" if held else ""


def proving(row: Mapping[str, Any]) -> str:
    """The method that a proof rests on: the derivation, or an enclosure of the whole domain."""
    derived = any(e["method"] == "derivation" and e["outcome"] == "holds" for e in row["evidence"])
    return "derivation" if derived else "enclosure"


def violating_fraction(row: dict[str, Any]) -> str:
    """The share of random cases that violate a refuted statement, where it was sampled."""
    shares = [e["provenance"].get("violating_fraction") for e in row["evidence"]]
    known = [float(share) for share in shares if share is not None]
    return f"{max(known):.0%} of random cases" if known and row["verdict"] == "refuted" else ""


def verdict_table(rows: Sequence[dict[str, Any]], everything: bool = False, width: int = WIDE) -> Table:
    """The table that ``majorant verify`` prints: printed statements with what amends them.

    Lemmas of the library and amendments are folded into the rows that they serve unless ``everything`` is asked for.
    On a terminal of less than ``WIDE`` columns the evidence stands below the statement.
    """
    status = {row["id"]: row["verdict"] for row in rows}
    table = Table(title="The paper on trial", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("paper", max_width=26 if width >= WIDE else 14, overflow="fold")
    table.add_column("statement", ratio=6, overflow="fold")
    for heading in ("printed", "amended"):
        table.add_column(heading, no_wrap=True, min_width=8)
    if width >= WIDE:
        table.add_column("strongest evidence", ratio=5, overflow="fold")
    table.add_column("s", justify="right", no_wrap=True)
    for row in rows:
        if not everything and not is_printed_statement(registry()[row["id"]].claim):
            continue
        style = STYLES[row["verdict"]]
        repairs = sorted({status[other] for other in row["amended_by"] if other in status})
        said = f"{escape(told_apart(registry()[row['id']].claim))}\n[dim]{row['id']}[/dim]"
        evidence = escape(_grounds(row))
        table.add_row(
            row["place"] + (" (v1)" if row["version"] == "v1" else ""),
            said if width >= WIDE or not evidence else f"{said}\n{evidence}",
            f"[{style}]{row['verdict']}[/{style}]",
            "\n".join(repairs),
            *((evidence,) if width >= WIDE else ()),
            f"{row['seconds']:.1f}",
        )
    return table


def _grounds(row: dict[str, Any]) -> str:
    """The strongest evidence, the share of random cases that violate the statement, conditions and axioms."""
    axioms = f"axioms: {', '.join(row['axioms'])}" if row["axioms"] else ""
    return "; ".join(filter(None, [strongest(row), violating_fraction(row), *row["conditions"], axioms]))


def is_printed_statement(claim: Claim) -> bool:
    """Whether a claim is on trial as printed, in the paper or as one of the theorems of Section 10.

    Lemmas of the library, amendments, well-posedness of definitions and claims that deny others are not.
    """
    printed = claim.source.work != "Majorant" or claim.source.place.startswith("10.")
    serves = claim.amends or claim.about or claim.negates or claim.kind in (Kind.DEFINITION, Kind.ASSUMPTION)
    return printed and not serves


def told_apart(claim: Claim) -> str:
    """The title, with the reading where the paper's words allow several."""
    twins = [e.claim for e in registry().values() if e.claim.title == claim.title]
    return f"{claim.title} ({claim.reading})" if len(twins) > 1 and claim.reading else claim.title


def counts(rows: Sequence[dict[str, Any]]) -> str:
    """How many claims got which verdict."""
    tally = {s.value: sum(row["verdict"] == s.value for row in rows) for s in Status}
    return ", ".join(f"{number} {name}" for name, number in tally.items() if number)


def judged(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows that have a verdict."""
    return [row for row in rows if row["kind"] not in (Kind.DEFINITION.value, Kind.ASSUMPTION.value)]
