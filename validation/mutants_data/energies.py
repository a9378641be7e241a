"""Where the mutants fail: by claim, exact points with the operators whose mutant is false there; no search saw them."""

from fractions import Fraction
from typing import Any

Q = Fraction


def at(**values: Any) -> dict[str, Any]:
    """A point: values by the names of the variables."""
    return values


POINTS: dict[str, tuple[tuple[dict[str, Any], str], ...]] = {
    "lse.convexity.ceiling": (
        (at(n=2, w=Q(1, 2), x=(0, 0), y=(0, 2)), "flip hard_rhs"),
        (at(n=2, w=2, x=(0, 0), y=(0, 2)), "above_w"),
        (at(n=2, w=-1, x=(0, 0), y=(0, 2)), "below_w"),
    ),
    "lse.maximum.ceiling": (
        (at(n=1, x=(0,)), "strict"),
        (at(n=1098, x=(0,) * 1098), "log_capped"),
        (at(n=2, x=(1, 2)), "extremum_rhs flip"),
        (at(n=2, x=(1, -1)), "cut_rhs"),
    ),
    "lse.maximum.floor": (
        (at(n=1, x=(0,)), "tighten strict"),
        (at(n=1, x=(-5,)), "lhs_down"),
        (at(n=1, x=(1,)), "rhs_down"),
        (at(n=2, x=(1, 2)), "hard_rhs"),
    ),
    "lse.maximum.strict_floor_from_two": (
        (at(n=2, x=(-5, 2)), "tighten cut_rhs flip lhs_up"),
        (at(n=1, x=(0,)), "below_n"),
    ),
    "lse.minimum.floor": (
        (at(n=1, x=(0,)), "strict tighten"),
        (at(n=1098, x=(0,) * 1098), "log_capped"),
        (at(n=2, x=(1, 2)), "extremum_lhs"),
        (at(n=1, x=(1,)), "rhs_down"),
    ),
    "lse.minimum.ceiling": (
        (at(n=1, x=(0,)), "tighten strict"),
        (at(n=2, x=(1, 2)), "hard_lhs cut_lhs flip"),
    ),
    "lse.minimum.strict_ceiling_from_two": (
        (at(n=2, x=(0, 0)), "flip"),
        (at(n=2, x=(-5, 2)), "tighten lhs_down"),
        (at(n=1, x=(0,)), "below_n"),
    ),
    "lse.lipschitz.ceiling": (
        (at(n=1, x=(0,), y=(0,)), "strict tighten"),
        (at(n=2, x=(0, 0), y=(0, 2)), "extremum_rhs flip"),
        (at(n=2, x=(0, 0), y=(3, 2)), "cut_rhs"),
    ),
    "mchn.energy.convexity_when_close": (
        (at(d=1, n=1, w=1, beta=1, rho=((0,),), x=(0,), y=(0,)), "tighten"),
        (
            at(d=2, n=1, rho=((1,), (-1,)), beta=Q(41, 40), x=(Q(1, 10),), y=(Q(-1, 10),), w=Q(1, 2)),
            "loosened_0 without_0",
        ),
        (at(d=1, n=1, w=1, beta=1, rho=((0,),), x=(3,), y=(0,)), "exponent_lhs"),
        (at(d=1, n=1, w=2, beta=2, rho=((1,),), x=(3,), y=(0,)), "above_w"),
    ),
    "lse.gradient.identity": (
        (at(n=1, x=(0,), y=(0,)), "tighten"),
        (at(n=2, x=(1, 2), y=(0, 2)), "sign_rhs swap_x_y_lhs lhs_down rhs_down"),
    ),
    "lse.negative.convexity_in_dimension_one": (
        (at(w=1, x=(0,), y=(0,)), "strict tighten"),
        (at(w=1, x=(1,), y=(0,)), "swap_x_y_lhs lhs_down"),
        (at(w=1, x=(-5,), y=(0,)), "rhs_down"),
    ),
    "nearest.distance.attained": (
        (at(d=1, n=1, rho=((0,),), x=(1,), b=Q(99, 100)), "tighten flip"),
        (at(d=1, n=1, b=1, rho=((0,),), x=(1,)), "loosened_0 without_0"),
        (at(d=2, n=2, b=1, rho=((0, 0), (0, 0)), x=(1, 1)), "cut_rhs"),
    ),
    "nearest.distance.floor": (
        (at(d=1, n=1, rho=((0,),), x=(1,)), "flip rhs_negated"),
        (at(d=1, n=1, rho=((0,),), x=(0,)), "strict tighten"),
    ),
    "nearest.distance.attained_v1": (
        (at(d=1, n=1, rho=((0,),), x=(1,), b=Q(99, 100)), "tighten flip"),
        (at(d=1, n=1, b=1, rho=((0,),), x=(1,)), "loosened_0 without_0"),
        (at(d=2, n=2, b=1, rho=((0, 0), (0, 0)), x=(1, 1)), "cut_rhs"),
    ),
    "nearest.distance.floor_v1": (
        (at(d=1, n=1, rho=((0,),), x=(0,)), "tighten strict"),
        (at(d=1, n=1, rho=((0,),), x=(1,)), "flip rhs_negated"),
    ),
    "layer.energy.floor": (
        (at(d=2, n=1, rho=((1,), (2,)), x=(0,)), "flip extremum_lhs"),
        (at(d=1098, n=1, rho=((0,),) * 1098, x=(0,)), "log_capped"),
        (at(d=1, n=1, rho=((0,),), x=(3,)), "exponent_lhs strict"),
    ),
    "layer.energy.ceiling": (
        (at(d=1, n=1, rho=((0,),), x=(0,)), "strict tighten"),
        (at(d=1, n=1, rho=((0,),), x=(3,)), "exponent_lhs lhs_up"),
        (at(d=2, n=1, rho=((1,), (2,)), x=(0,)), "hard_lhs"),
    ),
    "layer.energy.floor_v1": (
        (at(d=1, n=1, rho=((0,),), x=(0,)), "tighten strict"),
        (at(d=1098, n=1, rho=((0,),) * 1098, x=(0,)), "log_capped"),
        (at(d=1, n=1, rho=((0,),), x=(3,)), "exponent_lhs"),
        (at(d=2, n=1, rho=((1,), (2,)), x=(0,)), "extremum_lhs"),
    ),
    "layer.energy.ceiling_v1": (
        (at(d=2, n=1, rho=((0,), (0,)), x=(0,)), "flip"),
        (at(d=1, n=1, rho=((0,),), x=(3,)), "exponent_lhs strict"),
        (at(d=2, n=1, rho=((1,), (2,)), x=(0,)), "hard_lhs"),
    ),
    "mchn.layer_energy.distance_ceiling": (
        (at(d=1, n=1, rho=((0,),), x=(0,)), "strict tighten"),
        (at(d=2, n=1, rho=((1,), (2,)), x=(0,)), "extremum_rhs exponent_lhs"),
        (at(d=2, n=1, rho=((-5,), (2,)), x=(0,)), "lhs_up"),
    ),
    "mchn.layer_energy.wide_ceiling_v1": (
        (at(d=1, n=1, rho=((0,),), x=(0,)), "tighten"),
        (at(d=2, n=1, rho=((1,), (-1,)), x=(1,)), "log_dropped hard_lhs"),
        (at(d=2, n=1, rho=((1,), (2,)), x=(0,)), "extremum_rhs exponent_lhs"),
    ),
    "mchn.nearest.floor": (
        (at(d=2, n=1, rho=((0,), (0,)), x=(0,)), "flip"),
        (at(d=2, n=1, rho=((1,), (2,)), x=(3,)), "hard_rhs extremum_lhs exponent_rhs"),
        (at(d=1, n=1, rho=((0,),), x=(0,)), "strict"),
    ),
    "mchn.nearest.sharp_ceiling": (
        (at(d=1, n=1, rho=((0,),), x=(0,)), "strict tighten"),
        (at(d=1098, n=1, rho=((0,),) * 1098, x=(0,)), "log_capped"),
        (at(d=2, n=1, rho=((1,), (2,)), x=(0,)), "flip extremum_lhs"),
    ),
    "mchn.nearest.ceiling": (
        (at(d=1, n=1, rho=((0,),), x=(0,)), "tighten strict"),
        (at(d=2, n=1, rho=((0,), (0,)), x=(0,)), "log_dropped rhs_negated"),
        (at(d=1, n=1, rho=((-5,),), x=(1,)), "exponent_lhs"),
    ),
    "mchn.nearest.floor_v1": (
        (at(d=2, n=1, rho=((0,), (0,)), x=(0,)), "flip"),
        (at(d=2, n=1, rho=((1,), (2,)), x=(3,)), "hard_rhs"),
        (at(d=2, n=2, rho=((0, 0), (0, 0)), x=(3, 2)), "cut_lhs lhs_down"),
    ),
    "mchn.nearest.quarter_ceiling_v1": (
        (at(d=1, n=1, rho=((0,),), x=(Q(1, 2),)), "strict lhs_up rhs_down"),
        (at(d=2, n=1, rho=((0,), (0,)), x=(0,)), "log_dropped flip"),
    ),
    "nearest.partition.positive": (
        (at(d=1, n=1, r=1, rho=((0,),)), "flip rhs_negated"),
        (at(d=1, n=1, rho=((0,),), r=Q(1, 100)), "tighten"),
    ),
    "nearest.partition.ceiling": ((at(d=1, n=1, r=Q(1, 2), rho=((0,),)), "tighten sign_lhs flip lhs_up rhs_down"),),
    "nearest.density.normalised": (
        (at(d=1, n=1, r=1, rho=((0,),)), "tighten lhs_down rhs_down"),
        (at(d=1, n=1, r=0, rho=((0,),)), "below_r"),
    ),
    "layers.partition.positive": (
        (at(l=1, n=1, d_t=(1,), rho_t=(((0,),),), r=Q(1, 100), t=1), "tighten flip rhs_negated"),
    ),
    "layers.partition.ceiling": (
        (at(l=1, n=1, t=1, d_t=(1,), r=1, rho_t=(((0,),),)), "flip sign_lhs"),
        (at(l=1, n=1, t=1, d_t=(1,), r=Q(1, 2), rho_t=(((0,),),)), "tighten lhs_up rhs_down"),
    ),
    "layers.printed_energy.positive": (
        (at(l=1, n=1, t=1, d_t=(1,), r=1, rho_t=(((0,),),), x=(3,)), "tighten flip rhs_negated"),
    ),
    "greedy.step.printed_energy_moves_away": (
        (at(l=1, n=1, t=1, d_t=(1,), r=1, rho_t=(((0,),),), x=(1,), y=(0,)), "flip"),
        (at(l=1, n=1, t=1, d_t=(1,), r=1, rho_t=(((-5,),),), x=(0,), y=(1,)), "loosened_0 without_0"),
        (at(l=2, n=1, t=1, d_t=(2, 2), r=2, rho_t=(((-5,), (2,)), ((9,), (16,))), x=(0,), y=(1,)), "extremum_lhs"),
        (at(l=1, n=1, t=1, d_t=(1,), r=1, rho_t=(((-5,),),), x=(1,), y=(0,)), "exponent_lhs"),
    ),
    "greedy.step.nearest_point": (
        (at(l=1, n=1, t=1, h=1, rho=((0,),), y=(1,), z=(1,)), "flip"),
        (at(l=1, n=1, t=1, h=2, rho=((0,),), y=(1,), z=(0,)), "above_h"),
        (at(l=1, n=1, t=1, h=Q(1, 2), rho=((0,),), y=(1,), z=(0,)), "without_0"),
    ),
    "greedy.step.farthest_point": (
        (at(l=1, n=1, t=1, h=1, rho=((0,),), y=(0,), z=(0,)), "strict tighten"),
        (at(l=1, n=1, t=1, h=1, rho=((0,),), y=(0,), z=(1,)), "without_0"),
        (at(l=2, n=2, t=2, h=1, rho=((1, 2), (3, 4)), y=(0, 2), z=(0, 0)), "cut_rhs exponent_lhs"),
    ),
    "global.energy.continuity": (
        (at(l=1, n=1, d_t=(1,), r=1, h=0, rho_t=(((0,),),), x=(0,), y=(0,)), "tighten"),
        (at(l=1, n=1, d_t=(1,), r=1, h=1, rho_t=(((-5,),),), x=(0,), y=(1,)), "sign_lhs flip"),
        (at(l=1, n=1, d_t=(1,), r=1, h=Q(1, 2), rho_t=(((1,),),), x=(1,), y=(0,)), "without_0"),
        (at(l=1, n=1, d_t=(2,), r=2, h=1, rho_t=(((-5,), (2,)),), x=(1,), y=(0,)), "extremum_lhs"),
    ),
    "global.energy.modulus": (
        (at(l=2, E=(0, 0), F=(0, 2)), "flip extremum_rhs"),
        (at(l=1, E=(0,), F=(0,)), "strict tighten"),
        (at(l=2, E=(0, 0), F=(3, 2)), "cut_rhs"),
    ),
    "global.energy.convexity_with_one_pattern": (
        (at(n=1, w=1, rho_t=(((0,),),), x=(0,), y=(0,)), "strict"),
        (at(n=1, w=2, rho_t=(((0,),),), x=(0,), y=(1,)), "above_w"),
        (at(n=1, w=1, rho_t=(((0,),),), x=(0,), y=(1,)), "swap_x_y_lhs"),
        (at(n=1, w=1, rho_t=(((0,),),), x=(3,), y=(0,)), "exponent_lhs"),
        (at(n=2, w=1, rho_t=(((0, 0),),), x=(1, 1), y=(0, 0)), "cut_rhs"),
    ),
    "global.energy.floor": (
        (at(l=1, E=(0,)), "tighten strict"),
        (at(l=1098, E=(0,) * 1098), "log_capped"),
        (at(l=2, E=(1, 2)), "extremum_lhs cut_lhs"),
    ),
    "global.energy.ceiling": (
        (at(l=2, E=(0, 0)), "flip"),
        (at(l=2, E=(1, 2)), "hard_lhs cut_lhs"),
        (at(l=1, E=(0,)), "strict"),
    ),
    "global.energy.strict_ceiling_from_two": (
        (at(l=2, E=(0, 0)), "flip hard_lhs"),
        (at(l=1, E=(0,)), "below_l"),
        (at(l=2, E=(-5, 2)), "tighten lhs_down"),
    ),
    "surrogate.layer.lies_above": (
        (at(l=1, t=1, E=(0,)), "tighten strict"),
        (at(l=2, t=1, E=(1, 2)), "hard_lhs flip"),
        (at(l=1, t=1, E=(-5,)), "lhs_down"),
    ),
    "surrogate.layer.no_radius": (
        (at(h=1), "flip sign_rhs"),
        (at(h=0), "below_h"),
        (at(h=3), "exponent_lhs"),
    ),
    "surrogate.minimisation.descent": (
        (at(f_x=1, f_y=1, u_x=1, u_y=1), "strict tighten"),
        (at(f_x=1, f_y=1, u_x=Q(1, 2), u_y=Q(1, 2)), "swap_f_y_u_x_rhs"),
        (at(f_x=1, f_y=Q(1, 2), u_x=1, u_y=1), "without_0"),
        (at(f_x=1, f_y=2, u_x=1, u_y=1), "flip"),
    ),
    "global.partition.positive": (
        (at(l=1, n=1, d_t=(1,), r=1, rho_t=(((0,),),)), "flip rhs_negated"),
        (at(l=1, n=1, d_t=(1,), rho_t=(((0,),),), r=Q(1, 100)), "tighten"),
    ),
    "global.partition.ceiling": (
        (at(l=1, n=1, d_t=(1,), r=1, rho_t=(((0,),),)), "flip sign_lhs"),
        (at(l=2, n=1, d_t=(2, 2), r=2, rho_t=(((-5,), (2,)), ((9,), (16,)))), "lhs_up rhs_down"),
    ),
    "global.density.normalised": ((at(l=1, n=1, d_t=(1,), r=1, rho_t=(((0,),),)), "tighten lhs_down rhs_down lhs_up"),),
    "global.energy.flattening": (
        (at(l=1, n=1, d_t=(1,), r=1, rho_t=(((0,),),), x=(0,)), "flip strict"),
        (at(l=1, n=1, d_t=(1,), r=1, rho_t=(((0,),),), x=(1,)), "sign_rhs"),
        (at(l=1, n=1, d_t=(2,), r=1, rho_t=(((0,), (0,)),), x=(0,)), "hard_lhs"),
    ),
    "global.weights.flattening": (
        (at(l=1, n=1, d_t=(1,), r=1, rho_t=(((0,),),), x=(0,)), "strict"),
        (at(l=1, n=1, d_t=(1,), r=1, rho_t=(((0,),),), x=(1,)), "sign_lhs"),
        (at(l=1, n=1, d_t=(2,), r=1, rho_t=(((0,), (0,)),), x=(0,)), "hard_lhs"),
        (at(l=1, n=1, d_t=(1,), r=1, rho_t=(((0,),),), x=(3,)), "exponent_lhs"),
        (at(l=2, n=2, d_t=(2, 2), r=1, rho_t=(((1, 2), (3, 4)), ((5, 6), (7, 8))), x=(3, 2)), "cut_lhs"),
    ),
    "global.partition.flattening": (
        (at(l=1, n=1, d_t=(1,), r=1, rho_t=(((0,),),)), "tighten sign_lhs exponent_lhs lhs_down"),
        (at(l=1, n=1, d_t=(2,), r=1, rho_t=(((0,), (0,)),)), "hard_lhs"),
    ),
    "mchn.layer_energy.one_sided_floor": (
        (at(d=2, n=1, beta=1, rho=((1,), (2,)), x=(0,)), "flip extremum_rhs"),
        (at(d=1, n=1, beta=1, rho=((0,),), x=(0,)), "strict tighten"),
        (at(d=1, n=1, beta=1, rho=((-5,),), x=(1,)), "exponent_rhs"),
    ),
    "mchn.layer_energy.one_sided_ceiling": (
        (at(d=1, n=1, beta=1, rho=((0,),), x=(0,)), "strict"),
        (at(d=2, n=1, beta=1, rho=((1,), (2,)), x=(0,)), "extremum_rhs flip exponent_lhs"),
        (at(d=2, n=2, beta=1, rho=((1, 2), (3, 4)), x=(0, 0)), "cut_rhs"),
    ),
    "surrogate.update.minimiser": (
        (at(d=1, n=1, rho=((0,),), x=(0,), y=(0,)), "tighten strict"),
        (at(d=2, n=1, rho=((1,), (2,)), x=(0,), y=(0,)), "sign_lhs hard_lhs"),
        (at(d=2, n=2, rho=((0, 0), (0, 0)), x=(0, 0), y=(0, 0)), "cut_lhs"),
    ),
    "surrogate.update.descent": (
        (at(d=1, n=1, rho=((0,),), y=(1,)), "flip"),
        (at(d=2, n=1, rho=((1,), (2,)), y=(0,)), "sign_lhs hard_lhs"),
        (at(d=1, n=1, rho=((0,),), y=(0,)), "strict"),
    ),
    "surrogate.update.attention": (
        (at(d=1, n=1, k=1, rho=((0,),), y=(0,)), "strict flip"),
        (at(d=2, n=1, k=1, rho=((1,), (2,)), y=(0,)), "sign_lhs hard_lhs exponent_lhs"),
    ),
    "surrogate.update.plain_attention": (
        (at(d=1, n=1, k=1, b=1, rho=((1,),), y=(0,)), "tighten strict"),
        (at(d=2, n=1, k=1, b=1, rho=((1,), (2,)), y=(0,)), "without_0"),
        (at(d=2, n=1, k=1, b=1, rho=((1,), (-1,)), y=(1,)), "sign_lhs hard_lhs"),
    ),
    "surrogate.mchn_update.descent": (
        (at(d=1, n=1, beta=1, rho=((0,),), y=(1,)), "flip"),
        (at(d=2, n=1, beta=1, rho=((1,), (2,)), y=(0,)), "sign_lhs extremum_rhs hard_lhs"),
        (at(d=2, n=2, beta=1, rho=((0, 0), (0, 0)), y=(0, 0)), "cut_lhs"),
    ),
    "surrogate.layers.majorizer": (
        (at(l=1, E=(0,), F=(0,)), "strict tighten"),
        (at(l=1, E=(1,), F=(0,)), "swap_E_F_lhs"),
        (at(l=2, E=(0, 0), F=(0, 0)), "sign_lhs"),
        (at(l=2, E=(0, 0), F=(0, 2)), "flip"),
    ),
    "surrogate.layers.touching": (
        (at(l=1, F=(0,)), "tighten strict"),
        (at(l=2, F=(0, 0)), "sign_lhs hard_lhs cut_lhs"),
    ),
    "surrogate.layers.descent": (
        (at(l=1, E=(0,), F=(1,)), "flip"),
        (at(l=1, E=(1,), F=(0,)), "without_0"),
        (at(l=1, E=(0,), F=(0,)), "tighten"),
    ),
    "surrogate.layer.gibbs_majorizer": (
        (at(d=1, n=1, rho=((0,),), x=(0,), y=(0,)), "strict"),
        (at(d=1, n=1, rho=((0,),), x=(1,), y=(0,)), "swap_x_y_lhs"),
        (at(d=2, n=1, rho=((0,), (0,)), x=(0,), y=(0,)), "sign_lhs"),
        (at(d=1, n=1, rho=((0,),), x=(3,), y=(0,)), "exponent_rhs"),
        (at(d=2, n=1, rho=((1,), (2,)), x=(0,), y=(1,)), "flip"),
    ),
    "surrogate.layer.gibbs_touching": (
        (at(d=1, n=1, rho=((0,),), y=(0,)), "tighten strict"),
        (at(d=2, n=1, rho=((0,), (0,)), y=(0,)), "sign_lhs hard_lhs"),
        (at(d=1, n=1, rho=((0,),), y=(3,)), "exponent_lhs"),
    ),
    "minimum.lipschitz.ceiling": (
        (at(n=2, x=(0, 0), y=(0, 2)), "flip"),
        (at(n=2, x=(1, 2), y=(0, 2)), "extremum_rhs cut_rhs tighten lhs_up"),
    ),
    "global.energy.uniform_ceiling": (
        (at(l=1, b=1, E=(0,)), "flip"),
        (at(l=1, b=1, E=(1,)), "loosened_0 without_0"),
        (at(l=2, E=(1, 1), b=Q(101, 100)), "rhs_down hard_lhs"),
    ),
    "global.energy.uniform_floor": (
        (at(l=2, E=(1, 1), b=Q(99, 100)), "tighten log_dropped flip"),
        (at(l=1, b=1, E=(1,)), "loosened_0 without_0"),
    ),
    "mchn.norms.spread": (
        (at(d=2, n=1, rho=((1,), (2,))), "flip extremum_rhs rhs_negated"),
        (at(d=1, n=1, rho=((0,),)), "strict tighten"),
    ),
    "vectors.product.ceiling": (
        (at(n=1, x=(0,), y=(0,)), "strict"),
        (at(n=1, x=(1,), y=(3,)), "exponent_lhs lhs_up"),
        (at(n=2, x=(1, 2), y=(1, 1)), "cut_rhs flip"),
    ),
    "exponential.order.kept": (
        (at(u=1, v=1), "tighten sign_rhs strict"),
        (at(u=1, v=Q(1, 2)), "without_0"),
        (at(u=1, v=2), "flip"),
    ),
    "exponential.order.kept_strictly": (
        (at(u=1, v=2), "flip swap_u_v_lhs sign_rhs"),
        (at(u=1, v=1), "loosened_0 without_0"),
    ),
    "exponential.order.reflected": (
        (at(u=1, v=1), "strict tighten lhs_up rhs_down"),
        (at(u=1, v=Q(1, 2)), "without_0"),
    ),
    "exponential.order.reflected_strictly": (
        (at(u=1, v=2), "flip swap_u_v_lhs rhs_negated"),
        (at(u=1, v=1), "loosened_0 without_0"),
    ),
    "exponential.order.equal": (
        (at(u=1, v=1), "flip sign_lhs strict tighten"),
        (at(u=1, v=Q(1, 2)), "without_0"),
    ),
    "exponential.decay.lipschitz": (
        (at(u=1, v=1), "strict tighten"),
        (at(u=1, v=Q(1, 2)), "sign_lhs flip"),
        (at(u=0, v=Q(1, 100)), "lhs_up"),
    ),
    "lse.order.kept": (
        (at(n=1, x=(0,), y=(0,)), "tighten strict"),
        (at(n=1, x=(1,), y=(0,)), "without_0"),
        (at(n=2, x=(0, 0), y=(0, 0)), "hard_rhs cut_rhs"),
    ),
    "lse.tangent.floor": (
        (at(n=2, x=(0, 0), y=(0, 2)), "flip sign_lhs"),
        (at(n=1, x=(1,), y=(0,)), "swap_x_y_lhs"),
        (at(n=2, x=(0, 0), y=(1, 1)), "hard_lhs cut_rhs"),
    ),
    "lse.curvature.ceiling": (
        (at(n=1, low=1, high=1, x=(0,), y=(1,)), "strict swap_x_y_rhs"),
        (at(n=2, low=Q(1, 2), high=1, x=(1, -1), y=(0, 0)), "without_0"),
        (at(n=2, x=(0, 0), y=(Q(1, 2), Q(-1, 2)), low=Q(-1, 2), high=Q(1, 2)), "hard_rhs cut_rhs"),
    ),
}

# Existential mutants, by claim and operator, with the reason why no value satisfies them.
EXISTENTIAL: dict[tuple[str, str], str] = {
    ("lse.negative.nonconvexity_from_two", "below_n"): "for n = 1 the negative LSE is linear",
    ("lse.negative.nonconvexity_from_two", "flip"): "LSE is convex (Lemma 1)",
    ("mchn.nearest.sharp_ceiling_attained", "flip"): "g is at most 2 E_MCHN",
    ("mchn.nearest.floor_approached", "tighten"): "nothing is below the amended floor; take epsilon = 1/20",
    ("mchn.nearest.floor_approached", "below_epsilon"): "nothing is below the amended floor",
    ("mchn.layer_energy.one_sided_attained", "flip"): "the excess is at most the spread",
    ("mchn.layer_energy.one_sided_ceiling_approached", "below_epsilon"): "the excess is at most the spread",
    ("mchn.layer_energy.one_sided_floor_approached", "below_epsilon"): "the excess is never negative",
    ("global.energy.nonconvexity", "tighten"): "one layer of 100 patterns far apart: 0 < E_global < 1/100 everywhere",
    ("global.energy.nonconvexity_with_two_patterns", "without_0"): "all patterns equal: g is one squared distance",
    ("global.energy.nonconvexity_with_two_patterns", "loosened_0"): "all patterns equal: g is one squared distance",
}
