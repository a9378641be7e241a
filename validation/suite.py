"""The suite of statements that the prover is measured on: true and false ones, with a point where a false one fails."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "tests" / "statements"


@dataclass(frozen=True)
class Item:
    """A statement and its truth; ``witness``: where a false one fails, ``why``: a diagnosis if it is not decided."""

    name: str
    statement: str
    where: str
    truth: bool
    note: str
    witness: dict[str, str] = field(default_factory=dict)
    why: str = ""
    file: str = ""

    @property
    def unbounded(self) -> bool:
        """Whether the domain is."""
        return "oo" in self.where


def read_suite(only: str = "", folder: Path = FOLDER) -> list[Item]:
    """The statements whose name contains ``only``, in the order of the files.

    Raises ``FileNotFoundError`` where the statements are not there (they come with the sources, not with a wheel).
    """
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise FileNotFoundError(f"no statements in {folder}: run this from a checkout of the sources")
    rows = [Item(file=f.stem, **row) for f in files for row in tomllib.loads(f.read_text("utf-8"))["statement"]]
    return [row for row in rows if only in row.name]
