"""Where the mutants fail, by claim: one module for each part of the paper, gathered here."""

from typing import Any

from validation.mutants_data import (
    balls,
    cross_entropy,
    energies,
    gammas,
    model_size,
    numbers,
    partitions,
    scaling_forms,
)

PARTS = (cross_entropy, energies, numbers, scaling_forms, model_size, balls, partitions, gammas)

POINTS: dict[str, tuple[tuple[dict[str, Any], str], ...]] = {}
EXISTENTIAL: dict[tuple[str, str], str] = {}
for part in PARTS:
    POINTS |= part.POINTS
    EXISTENTIAL |= part.EXISTENTIAL
