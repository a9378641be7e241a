"""Where the mutants of the claims on ball masses and ball volumes fail."""

from fractions import Fraction
from typing import Any

from validation.mutants_data.energies import at

Q = Fraction

POINTS: dict[str, tuple[tuple[dict[str, Any], str], ...]] = {
    "ball.mass.printed_v1": ((at(n=1, r=1), "sign_lhs tighten rhs_down lhs_up"),),
    "ball.mass.squared_identity": (
        (at(n=1, r=1), "exponent_lhs sign_lhs tighten"),
        (at(n=3, r=2), "exponent_rhs"),
    ),
    "ball.damped_volume.scaling": ((at(n=1, r=1, u=1, eta=2), "exponent_lhs sign_rhs swap_u_eta_lhs tighten"),),
    "ball.damped_volume.positive": ((at(n=1, r=1, u=1), "flip swamp rhs_negated"),),
    "ball.damped_volume.growth": (
        (at(n=1, r=1, u=1, v=0), "without_0"),
        (at(n=1, r=1, u=0, v=0), "tighten"),
        (at(n=1, r=1, u=0, v=1), "flip"),
    ),
    "ball.damped_volume.strict_growth": (
        (at(n=1, r=1, u=1, v=0), "without_0"),
        (at(n=1, r=1, u=0, v=1), "flip swap_u_v_lhs"),
    ),
    "ball.damped_volume.decay": (
        (at(n=1, r=1, u=1, v=0), "without_0"),
        (at(n=1, r=1, u=0, v=1), "flip sign_lhs"),
    ),
    "ball.volume.identity": ((at(n=1, r=1), "tighten rhs_down lhs_up rhs_up"),),
    "ball.mass.printed_ceiling": (
        (at(n=1, r=1), "sign_lhs"),
        (at(n=2, r=Q(1, 2)), "tighten"),
        (at(n=1, r=Q(1, 10)), "rhs_down lhs_up"),
    ),
    "ball.mass.printed_floor_v1": (
        (at(n=1, r=1), "sign_lhs"),
        (at(n=2, r=Q(1, 2)), "tighten"),
        (at(n=1, r=Q(1, 10)), "rhs_down lhs_up"),
    ),
    "ball.mass.printed_ceiling_v1": (
        (at(n=1, r=1), "sign_lhs"),
        (at(n=1, r=Q(1, 10)), "tighten rhs_down lhs_up"),
    ),
    "ball.mass.evaluated_floor": (
        (at(n=1, r=1), "sign_lhs flip"),
        (at(n=2, r=Q(1, 2)), "tighten"),
        (at(n=1, r=Q(1, 10)), "rhs_down lhs_up"),
    ),
    "ball.mass.evaluated_ceiling": (
        (at(n=1, r=Q(1, 10)), "tighten rhs_down lhs_up"),
        (at(n=1, r=1), "flip rhs_negated"),
    ),
    "ball.mass.squared_floor": (
        (at(n=2, r=Q(1, 2)), "exponent_lhs tighten"),
        (at(n=1, r=1), "sign_lhs"),
        (at(n=1, r=Q(1, 10)), "rhs_down"),
    ),
    "ball.volume.stirling_ceiling": (
        (at(n=2, r=Q(1, 2)), "tighten"),
        (at(n=3, r=2), "rhs_down lhs_up"),
        (at(n=1, r=1), "flip rhs_negated"),
    ),
    "ball.volume.stirling_floor": ((at(n=1, r=1), "sign_lhs tighten rhs_down lhs_up flip"),),
    "ball.volume.critical_ceiling": (
        (at(n=1), "tighten flip rhs_negated"),
        (at(n=2), "rhs_down lhs_up"),
    ),
    "ball.volume.critical_floor": ((at(n=1), "sign_lhs tighten rhs_down lhs_up flip"),),
    "ball.volume.unit_radius_floor": (
        (at(n=1), "tighten flip rhs_negated"),
        (at(n=2), "rhs_down lhs_up"),
    ),
    "ball.volume.unit_radius_ceiling": ((at(n=1), "sign_rhs tighten rhs_down lhs_up flip"),),
    "ball.volume.unit_radius_near_critical_floor": ((at(n=1), "flip rhs_negated lhs_far swamp"),),
    "ball.mass.identity": (
        (at(n=1, r=Q(1, 10), p=3), "swap_r_p_lhs swap_r_p_rhs"),
        (at(n=1, r=1, p=1), "sign_lhs tighten"),
    ),
    "ball.mass.ceiling": (
        (at(n=1, r=Q(1, 10), p=3), "swap_r_p_lhs tighten"),
        (at(n=2, r=3, p=1), "swap_r_p_rhs"),
        (at(n=1, r=1, p=1), "sign_lhs"),
    ),
    "ball.mass.floor": (
        (at(n=1, r=Q(1, 10), p=3), "swap_r_p_lhs tighten rhs_down"),
        (at(n=1, r=1, p=1), "sign_lhs"),
    ),
    "ball.mass.critical_ceiling": (
        (at(n=5), "exponent_lhs"),
        (at(n=2), "sign_lhs"),
        (at(n=1), "tighten rhs_down"),
    ),
}

EXISTENTIAL: dict[tuple[str, str], str] = {
    ("ball.volume.asymptotic", "flip"): "the volume exceeds Stirling's less its share from some dimension on",
    (
        "ball.volume.asymptotic",
        "lhs_up",
    ): "for eps = 1/20 the left side exceeds Stirling's volume, which exceeds the volume",
    ("ball.volume.critical_bounded", "flip"): "the volume at the critical radius falls below every positive number",
    ("ball.volume.critical_bounded", "rhs_negated"): "a volume is positive",
    ("ball.volume.critical_vanishing", "flip"): "the volume at the critical radius is at most 1",
    ("ball.volume.bounded_radius_ceiling", "flip"): "balls may be as small as one likes",
    (
        "ball.volume.bounded_radius_ceiling",
        "rhs_down",
    ): "for eps = 1/20 this is below the critical radius, at which the volume vanishes",
    ("ball.volume.bounded_radius_floor", "flip"): "balls may be as large as one likes",
    (
        "ball.volume.bounded_radius_floor",
        "rhs_down",
    ): "for eps = 1/100 the ball of volume C comes nearer to the critical radius",
}
