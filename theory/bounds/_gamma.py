"""Brackets of the gamma functions: Lemma 5 with its two sharper companions, and Stirling's formula (Theorem D.1)."""

from theory import stirling
from theory.bounds import lower_gamma
from theory.bounds.bound import ceiling, floor
from theory.notation import cutoff, order, u

BOUNDS = (
    floor(lower_gamma.floor, order, cutoff, unit="1"),
    ceiling(lower_gamma.ceiling, order, cutoff, unit="1"),
    ceiling(lower_gamma.bracket_ceiling, order, cutoff, unit="1"),
    floor(lower_gamma.bracket_floor, order, cutoff, unit="1"),
    floor(stirling.floor, u, unit="1"),
    ceiling(stirling.ceiling, u, unit="1"),
    floor(stirling.log_floor, u, unit="1"),
    ceiling(stirling.log_ceiling, u, unit="1"),
)
