"""Where the mutants of the parametric scaling laws fail; no search saw these points."""

from fractions import Fraction
from typing import Any

Q = Fraction

_KAPLAN = {"N": 100, "D": 100, "alpha_N": 1, "alpha_D": 1, "N_c": 1, "D_c": 1}
_CHINCHILLA = {"N": 100, "D": 100, "alpha_N": 1, "alpha_D": 1, "A_N": 1, "B_D": 1}

POINTS: dict[str, tuple[tuple[dict[str, Any], str], ...]] = {
    "kaplan.loss.positive": ((_KAPLAN, "flip tighten rhs_negated"),),
    "chinchilla.loss.floor": (
        (_CHINCHILLA | {"E_0": Q(8, 5)}, "flip tighten rhs_down rhs_negated"),
        (_CHINCHILLA | {"E_0": 1}, "lhs_up"),
    ),
}
EXISTENTIAL: dict[tuple[str, str], str] = {}
