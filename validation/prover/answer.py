"""What the search for a proof comes back with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from theory.language import Statement


VACUOUSLY = "vacuously: no point satisfies the domain"


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
    ``str`` gives the verdict in one line.
    """

    verdict: str
    statement: Statement
    witness: Any = None
    certificate: dict[str, Any] | None = None
    undefined: Any = None
    tried: tuple[Attempt, ...] = field(default=(), repr=False)
    seconds: float = 0.0

    @property
    def vacuous(self) -> bool:
        """Whether the certificate proves the statement because its domain has no point."""
        return self.verdict == "proved" and is_vacuous(self.certificate)

    def __str__(self) -> str:
        if self.witness is not None:
            at = ", ".join(f"{name} = {value}" for name, value in self.witness.point)
            return f"{self.verdict}: {self.statement} (fails at {at})"
        return f"{self.verdict}: {self.statement}" + (f" ({VACUOUSLY})" if self.vacuous else "")


def is_vacuous(certificate: Mapping[str, Any] | None) -> bool:
    """Whether the proof of the statement begins by showing that no point satisfies the domain."""
    step = certificate["proofs"][-1] if certificate and certificate.get("proofs") else {}
    while step.get("rule") == "forget":  # fewer conditions: what is empty then was empty before
        (step,) = step["children"]
    return bool(step.get("rule") == "empty")
