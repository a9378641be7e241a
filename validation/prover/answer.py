"""What the search for a proof comes back with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from theory.language import Statement


@dataclass(frozen=True)
class Attempt:
    """One method: how often it was tried, the seconds it took, and what came of it."""

    method: str
    seconds: float
    outcome: str
    count: int = 1


@dataclass(frozen=True)
class Answer:
    """``proved`` with a certificate, ``refuted`` with a witness, or ``undecided``, and what was tried.

    ``undefined`` names a point of the domain at which a side is not real; such a statement is never proved.
    """

    verdict: str
    statement: Statement
    witness: Any = None
    certificate: dict[str, Any] | None = None
    undefined: Any = None
    tried: tuple[Attempt, ...] = field(default=(), repr=False)
    seconds: float = 0.0
