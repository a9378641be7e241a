"""Where the mutants fail, by claim: one module for each part of the paper, gathered here."""

from typing import Any

from validation.mutants_data import energies, model_size, numbers, scaling_forms

PARTS = (energies, numbers, scaling_forms, model_size)

POINTS: dict[str, tuple[tuple[dict[str, Any], str], ...]] = {}
EXISTENTIAL: dict[tuple[str, str], str] = {}
for part in PARTS:
    POINTS |= part.POINTS
    EXISTENTIAL |= part.EXISTENTIAL
