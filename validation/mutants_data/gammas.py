"""Where the mutants of the claims on gamma functions, Stirling's formula and the number e fail."""

from fractions import Fraction
from typing import Any

from validation.mutants_data.energies import at

Q = Fraction

POINTS: dict[str, tuple[tuple[dict[str, Any], str], ...]] = {
    "lower_gamma.power.ceiling": (
        (at(a=3, c=Q(1, 10)), "swap_a_c_lhs tighten rhs_down lhs_up"),
        (at(a=Q(1, 2), c=2), "swap_a_c_rhs"),
    ),
    "lower_gamma.power.floor": (
        (at(a=3, c=Q(1, 10)), "swap_a_c_lhs tighten rhs_down"),
        (at(a=Q(1, 2), c=2), "swap_a_c_rhs"),
        (at(a=1, c=1), "sign_lhs"),
    ),
    "gamma.stirling.log_floor": (
        (at(u=1), "tighten flip"),
        (at(u=10), "rhs_down lhs_up"),
        (at(u=Q(1, 10)), "rhs_negated"),
    ),
    "gamma.stirling.log_ceiling": (
        (at(u=1), "tighten flip rhs_negated"),
        (at(u=10), "rhs_down lhs_up"),
    ),
    "gamma.stirling.floor": ((at(u=1), "tighten rhs_down lhs_up flip rhs_negated"),),
    "gamma.stirling.ceiling": ((at(u=1), "sign_rhs tighten rhs_down lhs_up flip"),),
    "lower_gamma.value.positive": (
        (at(a=3, c=Q(1, 10)), "tighten"),
        (at(a=1, c=1), "flip rhs_negated swamp"),
    ),
    "lower_gamma.bracket.ceiling": (
        (at(a=5, c=1), "swap_a_c_rhs"),
        (at(a=3, c=Q(1, 10)), "tighten rhs_down lhs_up"),
        (at(a=1, c=1), "flip"),
    ),
    "lower_gamma.bracket.floor": (
        (at(a=Q(1, 2), c=2), "without_0"),
        (at(a=3, c=Q(1, 10)), "swap_a_c_lhs swap_a_c_rhs sign_lhs tighten"),
    ),
    "exponential.number.floor": ((at(), "tighten rhs_down lhs_up flip rhs_negated"),),
    "exponential.number.ceiling": ((at(), "tighten rhs_down lhs_up flip rhs_negated"),),
    "logarithm.increment.floor": (
        (at(u=1, h=0), "swap_u_h_lhs strict"),
        (at(u=Q(1, 10), h=3), "swap_u_h_rhs"),
        (at(u=1, h=1), "tighten rhs_down"),
    ),
    "logarithm.increment.ceiling": (
        (at(u=10, h=1), "swap_u_h_lhs"),
        (at(u=Q(1, 10), h=3), "swap_u_h_rhs"),
        (at(u=1, h=0), "strict"),
        (at(u=1, h=1), "tighten rhs_down"),
    ),
    "gamma.reflection.log_floor": ((at(v=Q(1, 2)), "flip rhs_negated lhs_far swamp"),),
    "gamma.reflection.pole_floor": (
        (at(C=1, u=1, v=Q(1, 2)), "without_0"),
        (at(C=Q(1, 100), u=1, v=Q(1, 200)), "swap_C_u_lhs"),
        (at(C=1, u=1, v=Q(1, 1200)), "swap_u_v_lhs flip rhs_negated"),
    ),
    "gamma.stirling.near_pole": (
        (at(C=1, k=1, v=Q(1, 2)), "without_0"),
        (at(C=1, k=10, v=Q(1, 1200)), "tighten"),
        (at(C=1, k=1, v=Q(1, 1200)), "flip rhs_negated lhs_far"),
    ),
}

EXISTENTIAL: dict[tuple[str, str], str] = {
    ("gamma.stirling.relative_error", "rhs_down"): "the factor 0.9 (1 + C/z) falls below 1",
    ("gamma.stirling.relative_error", "lhs_up"): "1.1 Gamma(z) exceeds Stirling's formula by a tenth for large z",
    ("gamma.stirling.negative_axis_fails", "rhs_negated"): "moduli are positive",
}
