"""What the record of an experiment says of one hypothesis."""

from dataclasses import dataclass

from validation.evidence import Outcome


@dataclass(frozen=True)
class Finding:
    """An outcome with the numbers that it rests on.

    ``covered`` says what was measured, ``margin`` gives the decisive number, ``reason`` all of them; ``explained_by``
    names the claims that account for what was found.
    """

    claim: str
    outcome: Outcome
    covered: str
    margin: str
    reason: str
    explained_by: tuple[str, ...] = ()
