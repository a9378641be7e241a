"""Where the mutants of the claims on partition functions of balls and on the critical number of patterns fail."""

from fractions import Fraction
from typing import Any

from validation.mutants_data.energies import at

Q = Fraction

POINTS: dict[str, tuple[tuple[dict[str, Any], str], ...]] = {
    "partition.balls.printed_v1": (
        (at(d=2, n=1, r=1, rho=((0,), (1,))), "without_0"),
        (at(d=2, n=1, r=1, rho=((0,), (Q(99, 50),))), "loosened_0"),
        (at(d=1, n=1, r=1, rho=((0,),)), "exponent_lhs sign_lhs tighten"),
        (at(d=2, n=1, r=1, rho=((0,), (3,))), "extremum_lhs"),
    ),
    "partition.balls.squared_identity": (
        (at(d=2, n=1, r=1, rho=((0,), (1,))), "without_0"),
        (at(d=2, n=1, r=1, rho=((0,), (Q(99, 50),))), "loosened_0"),
        (at(d=1, n=1, r=1, rho=((0,),)), "exponent_lhs sign_lhs"),
        (at(d=1, n=1, r=Q(1, 10), rho=((0,),)), "exponent_rhs"),
        (at(d=2, n=1, r=1, rho=((0,), (3,))), "extremum_lhs"),
    ),
    "partition.balls.own_radii_identity": (
        (at(d=2, n=1, r_i=(3, 1), rho=((0,), (5,))), "without_2"),
        (at(d=2, n=1, r_i=(1, 3), rho=((0,), (5,))), "without_3"),
        (at(d=1, n=1, r_i=(1,), rho=((0,),)), "exponent_lhs sign_lhs tighten"),
        (at(d=2, n=1, r_i=(1, 2), rho=((0,), (4,))), "exponent_rhs"),
    ),
    "partition.balls.own_radii_identity_v1": (
        (at(d=2, n=1, r_i=(3, 1), rho=((0,), (5,))), "without_2"),
        (at(d=2, n=1, r_i=(1, 3), rho=((0,), (5,))), "without_3"),
        (at(d=1, n=1, r_i=(1,), rho=((0,),)), "exponent_lhs sign_lhs tighten"),
        (at(d=2, n=1, r_i=(1, 2), rho=((0,), (4,))), "extremum_lhs"),
    ),
    "partition.critical.exact_reversed": ((at(n=22, d=1), "sign_lhs tighten rhs_down lhs_up"),),
    "partition.critical.exact_ceiling": ((at(n=1, d=1), "sign_lhs tighten rhs_down lhs_up"),),
    "partition.critical.defined_ceiling": (
        (at(d=1, n=1, rho=((0,),)), "sign_lhs tighten rhs_down lhs_up flip rhs_negated"),
    ),
    "partition.critical.exact_ceiling_v1": ((at(n=1, d=1), "sign_lhs tighten flip rhs_negated"),),
    "partition.critical.defined_ceiling_v1": (
        (at(d=1, n=1, rho=((0,),)), "sign_lhs tighten flip rhs_negated lhs_far swamp"),
    ),
    "partition.critical.exact_floor_v1": (
        (at(n=1, d=1), "sign_lhs tighten"),
        (at(n=10, d=2), "rhs_down lhs_up"),
    ),
    "partition.critical.defined_floor_v1": (
        (at(d=2, n=1, rho=((0,), (Q(1, 10),))), "without_0"),
        (at(d=1, n=1, rho=((0,),)), "sign_lhs tighten flip rhs_negated"),
        (at(d=2, n=1, rho=((0,), (3,))), "extremum_rhs"),
    ),
    "partition.critical.printed_floor": (
        (at(n=1, d=1), "sign_lhs tighten flip"),
        (at(n=10, d=2), "rhs_down lhs_up"),
    ),
    "partition.critical.printed_ceiling": ((at(n=1, d=1), "tighten flip rhs_negated lhs_far swamp"),),
    "partition.critical.squared_floor": (
        (at(d=2, n=1, rho=((0,), (Q(1, 10),))), "without_0"),
        (at(d=1, n=1, rho=((0,),)), "sign_lhs tighten rhs_down lhs_up"),
        (at(d=2, n=1, rho=((0,), (3,))), "extremum_rhs"),
    ),
    "partition.balls.identity": (
        (at(d=2, n=1, r_i=(3, 1), rho=((0,), (5,))), "without_2"),
        (at(d=2, n=1, r_i=(1, 3), rho=((0,), (5,))), "without_3"),
        (at(d=2, n=1, r_i=(2, 1), rho=((0,), (Q(399, 100),))), "loosened_2"),
        (at(d=1, n=1, r_i=(1,), rho=((0,),)), "exponent_lhs exponent_rhs sign_lhs"),
    ),
    "partition.balls.equal_radii": (
        (at(d=2, n=1, r=1, rho=((0,), (1,))), "without_0"),
        (at(d=2, n=1, r=1, rho=((0,), (Q(99, 50),))), "loosened_0"),
        (at(d=1, n=1, r=1, rho=((0,),)), "exponent_lhs exponent_rhs sign_lhs sign_rhs"),
    ),
    "partition.balls.identity_v1": (
        (at(d=2, n=1, r_i=(3, 1), rho=((0,), (5,))), "without_2"),
        (at(d=2, n=1, r_i=(1, 3), rho=((0,), (5,))), "without_3"),
        (at(d=2, n=1, r_i=(2, 1), rho=((0,), (Q(399, 100),))), "loosened_2"),
        (at(d=1, n=1, r_i=(1,), rho=((0,),)), "exponent_lhs sign_lhs sign_rhs"),
    ),
    "partition.balls.equal_radii_v1": (
        (at(d=2, n=1, r=1, rho=((0,), (1,))), "without_0"),
        (at(d=2, n=1, r=1, rho=((0,), (Q(99, 50),))), "loosened_0"),
        (at(d=1, n=1, r=1, rho=((0,),)), "exponent_lhs sign_lhs sign_rhs"),
        (at(d=2, n=1, r=1, rho=((0,), (3,))), "extremum_lhs"),
    ),
    "patterns.critical.identity": ((at(n=1), "exponent_lhs sign_lhs tighten rhs_down"),),
    "patterns.critical.floor": (
        (at(n=5), "rhs_down lhs_up"),
        (at(n=1), "flip rhs_negated lhs_far"),
    ),
    "patterns.critical.ceiling": (
        (at(n=1), "sign_rhs flip"),
        (at(n=5), "tighten"),
        (at(n=2), "rhs_down lhs_up"),
    ),
    "patterns.critical.identity_v1": ((at(n=1), "sign_lhs tighten rhs_down lhs_up"),),
    "patterns.critical.floor_v1": (
        (at(n=5), "rhs_down lhs_up"),
        (at(n=1), "flip rhs_negated lhs_far"),
    ),
    "patterns.critical.ceiling_v1": (
        (at(n=1), "sign_rhs flip"),
        (at(n=5), "tighten"),
        (at(n=2), "rhs_down lhs_up"),
    ),
    "patterns.critical.ratio_ceiling": ((at(), "tighten flip rhs_negated lhs_far swamp"),),
    "partition.critical.scaled_reversed": (
        (at(C=1, d=1, n=1, rho=((0,),)), "without_0"),
        (at(C=60, d=1, n=1, rho=((0,),)), "flip rhs_negated swamp"),
    ),
}

EXISTENTIAL: dict[tuple[str, str], str] = {
    (
        "partition.critical.defined_floor_fails",
        "flip",
    ): "the ball mass is at most 1.2 exp(1/4) times the volume times exp(-r)",
    ("partition.critical.defined_floor_fails", "rhs_negated"): "a partition function is positive",
    ("patterns.critical.limit_ceiling", "flip"): "the ratio to the leading term tends to 1",
    ("patterns.critical.limit_ceiling_v1", "flip"): "the ratio to the leading term tends to 1",
    ("patterns.critical.limit_ceiling", "rhs_down"): "for eps = 1/100 the ratio to the leading term exceeds 0.91",
    ("patterns.critical.limit_ceiling_v1", "rhs_down"): "for eps = 1/100 the ratio to the leading term exceeds 0.91",
    ("patterns.critical.limit_floor_v1", "flip"): "the ratio to the leading term tends to 1",
    ("patterns.critical.limit_floor_v1", "lhs_up"): "for eps = 1/100 the ratio to the leading term falls below 1.08",
}
