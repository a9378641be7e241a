"""Evidence from measurements: the committed records, judged again by the rules written beside each hypothesis."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from theory.claim import Claim, Kind
from validation.evidence import Evidence, Outcome, versions
from validation.experiments import plateau_judgement
from validation.experiments.finding import Finding

RECORDS = Path(__file__).parent.parent / "records"
JUDGEMENTS: dict[str, Callable[[Mapping[str, Any]], dict[str, Finding]]] = {"plateau": plateau_judgement.judge}


def measurement_evidence(claims: Iterable[Claim], records: Path = RECORDS) -> list[Evidence]:
    """What the records say of the measured claims among ``claims``; where no record does, it is undecided.

    Raises:
        ValueError: a record is damaged, or names a finite set of lines that cannot be drawn again.
    """
    measured = [claim for claim in claims if claim.kind is Kind.MEASURED]
    if not measured:
        return []
    findings: dict[str, tuple[Finding, dict[str, Any]]] = {}
    for name, judge in JUDGEMENTS.items():
        path = records / f"{name}.json"
        if path.exists():
            content = path.read_bytes()
            record = json.loads(content)
            kept = {key: record[key] for key in ("experiment", "preset", "started", "versions", "hardware")}
            provenance = {"record": path.name, "sha256": hashlib.sha256(content).hexdigest(), "measured": kept}
            findings |= {claim: (finding, provenance) for claim, finding in judge(record).items()}
    return [_evidence(claim, *findings.get(claim.id, (None, {}))) for claim in measured]


def _evidence(claim: Claim, finding: Finding | None, provenance: dict[str, Any]) -> Evidence:
    if finding is None:
        missing = f"no record in {RECORDS.name}/ speaks of it: run `majorant measure`"
        return Evidence(claim.id, claim.digest, "measurement", Outcome.UNDECIDED, "nothing", reason=missing)
    return Evidence(
        claim=claim.id,
        digest=claim.digest,
        method="measurement",
        outcome=finding.outcome,
        covered=finding.covered,
        margin=finding.margin,
        uses=finding.explained_by,
        reason=finding.reason,
        provenance={"versions": versions(), **provenance},
    )
