"""Sources from their descriptions, so that a record alone says what was drawn from."""

from collections.abc import Mapping
from typing import Any

from validation.experiments.sources.grammar import TemperatureGrammar
from validation.experiments.sources.markov import MarkovChain
from validation.experiments.sources.question_formation import Shares
from validation.experiments.sources.question_source import QuestionFormation
from validation.experiments.sources.source import Source


def source_of(description: Mapping[str, Any]) -> Source:
    """The source that ``describe`` described.

    Raises:
        ValueError: the family is unknown, or its rules are not those of this version.
    """
    family = description.get("family")
    if family == "Question-Formation":
        shares: dict[str, Any] = {
            key: tuple(v) if isinstance(v, list | tuple) else v for key, v in description["shares"].items()
        }
        return QuestionFormation(Shares(**shares))
    if family == "Markov chain":
        sizes = {key: int(description[key]) for key in ("states", "length", "seed")}
        return MarkovChain(float(description["temperature"]), **sizes)
    if family == "temperature grammar":
        return TemperatureGrammar(float(description["temperature"]))
    raise ValueError(f"family {family!r} is unknown: known are Question-Formation, Markov chain, temperature grammar")
