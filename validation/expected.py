"""The reviewed verdicts: what ``expected.toml`` says, and how a run differs from it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

EXPECTED = Path(__file__).with_name("expected.toml")


@dataclass(frozen=True)
class Difference:
    """A claim whose verdict is not the reviewed one."""

    claim: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"- {self.claim}: {self.expected}\n+ {self.claim}: {self.found}"


def reviewed(path: Path = EXPECTED) -> dict[str, str]:
    """Claim id to reviewed verdict.

    Every claim that is not ``proved`` must give a reason.  Raises ``ValueError`` where one is missing.
    """
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    for claim_id, entry in table.items():
        if entry["verdict"] != "proved" and not entry.get("reason"):
            raise ValueError(f"{path.name}: {claim_id} is {entry['verdict']} and gives no reason; add one")
    return {claim_id: entry["verdict"] for claim_id, entry in table.items()}


def differences(found: Mapping[str, str], expected: Mapping[str, str], whole: bool) -> list[Difference]:
    """Where a run differs from what was reviewed; ``whole`` also asks for reviewed claims that are gone."""
    changed = [
        Difference(claim_id, expected.get(claim_id, "(not reviewed)"), status)
        for claim_id, status in found.items()
        if expected.get(claim_id) != status
    ]
    gone = [Difference(claim_id, status, "(gone)") for claim_id, status in expected.items() if claim_id not in found]
    return changed + (gone if whole else [])
