"""Where the mutants fail: exact points found by trying simple values, apart from the searches that are tested.

For each proved universal claim, points with the operators of ``validation.mutants`` whose mutant is false there.
"""

from fractions import Fraction as F
from typing import Any

POINTS: dict[str, tuple[tuple[dict[str, Any], str], ...]] = {
    "lse.convexity.ceiling": (
        (dict(n=2, w=F(1, 2), x=(0, 0), y=(0, 2)), "flip hard_rhs"),
        (dict(n=2, w=2, x=(0, 0), y=(0, 2)), "above_w"),
        (dict(n=2, w=-1, x=(0, 0), y=(0, 2)), "below_w"),
        (dict(n=1, w=1, x=(0,), y=(1,)), "swap_x_y_lhs"),
    ),
    "lse.maximum.ceiling": (
        (dict(n=1, x=(0,)), "strict"),
        (dict(n=1098, x=(0,) * 1098), "log_capped"),
        (dict(n=2, x=(1, 2)), "extremum_rhs flip"),
        (dict(n=2, x=(1, -1)), "cut_rhs"),
    ),
    "lse.maximum.floor": (
        (dict(n=1, x=(0,)), "tighten strict"),
        (dict(n=1, x=(-5,)), "lhs_down"),
        (dict(n=1, x=(1,)), "rhs_down"),
        (dict(n=2, x=(1, 2)), "hard_rhs"),
    ),
    "lse.maximum.strict_floor_from_two": (
        (dict(n=2, x=(-5, 2)), "tighten cut_rhs flip lhs_up"),
        (dict(n=1, x=(0,)), "below_n"),
    ),
    "lse.minimum.floor": (
        (dict(n=1, x=(0,)), "strict tighten"),
        (dict(n=1098, x=(0,) * 1098), "log_capped"),
        (dict(n=2, x=(1, 2)), "extremum_lhs"),
        (dict(n=1, x=(1,)), "rhs_down"),
    ),
    "lse.minimum.ceiling": (
        (dict(n=1, x=(0,)), "tighten strict"),
        (dict(n=2, x=(1, 2)), "hard_lhs cut_lhs flip"),
    ),
    "lse.minimum.strict_ceiling_from_two": (
        (dict(n=2, x=(0, 0)), "flip"),
        (dict(n=2, x=(-5, 2)), "tighten lhs_down"),
        (dict(n=1, x=(0,)), "below_n"),
        (dict(n=2, x=(1, 2)), "rhs_negated"),
    ),
    "lse.lipschitz.ceiling": (
        (dict(n=1, x=(0,), y=(0,)), "strict tighten"),
        (dict(n=2, x=(0, 0), y=(0, 2)), "extremum_rhs flip"),
        (dict(n=2, x=(0, 0), y=(3, 2)), "cut_rhs"),
    ),
    "mchn.energy.convexity_when_close": (
        (dict(d=1, n=1, w=1, beta=1, rho=((0,),), x=(0,), y=(0,)), "tighten"),
        (
            dict(d=2, n=1, rho=((1,), (-1,)), beta=F(41, 40), x=(F(1, 10),), y=(F(-1, 10),), w=F(1, 2)),
            "loosened_0 without_0",
        ),
        (dict(d=1, n=1, w=1, beta=1, rho=((0,),), x=(3,), y=(0,)), "exponent_lhs"),
        (dict(d=1, n=1, w=2, beta=2, rho=((1,),), x=(3,), y=(0,)), "above_w"),
    ),
    "lse.gradient.identity": (
        (dict(n=1, x=(0,), y=(0,)), "tighten"),
        (dict(n=2, x=(1, 2), y=(0, 2)), "sign_rhs swap_x_y_lhs lhs_down rhs_down"),
    ),
    "lse.negative.convexity_in_dimension_one": (
        (dict(w=1, x=(0,), y=(0,)), "strict tighten"),
        (dict(w=1, x=(1,), y=(0,)), "swap_x_y_lhs lhs_down"),
        (dict(w=1, x=(-5,), y=(0,)), "rhs_down"),
    ),
    "nearest.distance.attained": (
        (dict(d=1, n=1, rho=((0,),), x=(1,), b=F(99, 100)), "tighten flip"),
        (dict(d=1, n=1, b=1, rho=((0,),), x=(1,)), "loosened_0 without_0"),
        (dict(d=2, n=2, b=1, rho=((0, 0), (0, 0)), x=(1, 1)), "cut_rhs"),
    ),
    "nearest.distance.floor": (
        (dict(d=1, n=1, rho=((0,),), x=(1,)), "flip rhs_negated"),
        (dict(d=1, n=1, rho=((0,),), x=(0,)), "strict tighten"),
    ),
    "nearest.distance.attained_v1": (
        (dict(d=1, n=1, rho=((0,),), x=(1,), b=F(99, 100)), "tighten flip"),
        (dict(d=1, n=1, b=1, rho=((0,),), x=(1,)), "loosened_0 without_0"),
        (dict(d=2, n=2, b=1, rho=((0, 0), (0, 0)), x=(1, 1)), "cut_rhs"),
    ),
    "nearest.distance.floor_v1": (
        (dict(d=1, n=1, rho=((0,),), x=(0,)), "tighten strict"),
        (dict(d=1, n=1, rho=((0,),), x=(1,)), "flip rhs_negated"),
    ),
    "layer.energy.floor": (
        (dict(d=2, n=1, rho=((1,), (2,)), x=(0,)), "flip extremum_lhs"),
        (dict(d=1098, n=1, rho=((0,),) * 1098, x=(0,)), "log_capped"),
        (dict(d=1, n=1, rho=((0,),), x=(3,)), "exponent_lhs strict"),
    ),
    "layer.energy.ceiling": (
        (dict(d=1, n=1, rho=((0,),), x=(0,)), "strict tighten"),
        (dict(d=1, n=1, rho=((0,),), x=(3,)), "exponent_lhs lhs_up"),
        (dict(d=2, n=1, rho=((1,), (2,)), x=(0,)), "hard_lhs"),
    ),
    "layer.energy.floor_v1": (
        (dict(d=1, n=1, rho=((0,),), x=(0,)), "tighten strict"),
        (dict(d=1098, n=1, rho=((0,),) * 1098, x=(0,)), "log_capped"),
        (dict(d=1, n=1, rho=((0,),), x=(3,)), "exponent_lhs"),
        (dict(d=2, n=1, rho=((1,), (2,)), x=(0,)), "extremum_lhs"),
    ),
    "layer.energy.ceiling_v1": (
        (dict(d=2, n=1, rho=((0,), (0,)), x=(0,)), "flip"),
        (dict(d=1, n=1, rho=((0,),), x=(3,)), "exponent_lhs strict"),
        (dict(d=2, n=1, rho=((1,), (2,)), x=(0,)), "hard_lhs"),
        (dict(d=2, n=2, rho=((1, 2), (3, 4)), x=(0, 0)), "cut_lhs"),
    ),
    "mchn.layer_energy.distance_ceiling": (
        (dict(d=1, n=1, rho=((0,),), x=(0,)), "strict tighten"),
        (dict(d=2, n=1, rho=((1,), (2,)), x=(0,)), "extremum_rhs exponent_lhs"),
        (dict(d=2, n=1, rho=((-5,), (2,)), x=(0,)), "lhs_up"),
    ),
    "mchn.layer_energy.wide_ceiling_v1": (
        (dict(d=1, n=1, rho=((0,),), x=(0,)), "tighten"),
        (dict(d=2, n=1, rho=((1,), (-1,)), x=(1,)), "log_dropped hard_lhs"),
        (dict(d=2, n=1, rho=((1,), (2,)), x=(0,)), "extremum_rhs exponent_lhs"),
    ),
    "mchn.nearest.floor": (
        (dict(d=2, n=1, rho=((0,), (0,)), x=(0,)), "flip"),
        (dict(d=2, n=1, rho=((1,), (2,)), x=(3,)), "hard_rhs extremum_lhs exponent_rhs"),
        (dict(d=1, n=1, rho=((0,),), x=(0,)), "strict"),
    ),
    "mchn.nearest.sharp_ceiling": (
        (dict(d=1, n=1, rho=((0,),), x=(0,)), "strict tighten"),
        (dict(d=1098, n=1, rho=((0,),) * 1098, x=(0,)), "log_capped"),
        (dict(d=2, n=1, rho=((1,), (2,)), x=(0,)), "flip extremum_lhs"),
    ),
    "mchn.nearest.ceiling": (
        (dict(d=1, n=1, rho=((0,),), x=(0,)), "tighten strict"),
        (dict(d=2, n=1, rho=((0,), (0,)), x=(0,)), "log_dropped rhs_negated"),
        (dict(d=1, n=1, rho=((-5,),), x=(1,)), "exponent_lhs"),
    ),
    "mchn.nearest.floor_v1": (
        (dict(d=2, n=1, rho=((0,), (0,)), x=(0,)), "flip"),
        (dict(d=2, n=1, rho=((1,), (2,)), x=(3,)), "hard_rhs"),
        (dict(d=2, n=2, rho=((0, 0), (0, 0)), x=(3, 2)), "cut_lhs lhs_down"),
        (dict(d=1, n=1, rho=((0,),), x=(0,)), "tighten"),
    ),
    "mchn.nearest.quarter_ceiling_v1": (
        (dict(d=1, n=1, rho=((0,),), x=(F(1, 2),)), "strict lhs_up rhs_down"),
        (dict(d=2, n=1, rho=((0,), (0,)), x=(0,)), "log_dropped flip"),
    ),
    "nearest.partition.positive": (
        (dict(d=1, n=1, r=1, rho=((0,),)), "flip rhs_negated"),
        (dict(d=1, n=1, rho=((0,),), r=F(1, 100)), "tighten"),
    ),
    "nearest.partition.ceiling": ((dict(d=1, n=1, r=F(1, 2), rho=((0,),)), "tighten sign_lhs flip lhs_up rhs_down"),),
    "nearest.density.normalised": (
        (dict(d=1, n=1, r=1, rho=((0,),)), "tighten lhs_down rhs_down"),
        (dict(d=1, n=1, r=0, rho=((0,),)), "below_r"),
    ),
    "layers.partition.positive": (
        (dict(l=1, n=1, d_t=(1,), rho_t=(((0,),),), r=F(1, 100), t=1), "tighten flip rhs_negated"),
    ),
    "layers.partition.ceiling": (
        (dict(l=1, n=1, t=1, d_t=(1,), r=1, rho_t=(((0,),),)), "flip sign_lhs"),
        (dict(l=1, n=1, t=1, d_t=(1,), r=F(1, 2), rho_t=(((0,),),)), "tighten lhs_up rhs_down"),
    ),
    "layers.printed_energy.positive": (
        (dict(l=1, n=1, t=1, d_t=(1,), r=1, rho_t=(((0,),),), x=(3,)), "tighten flip rhs_negated"),
    ),
    "greedy.step.printed_energy_moves_away": (
        (dict(l=1, n=1, t=1, d_t=(1,), r=1, rho_t=(((0,),),), x=(1,), y=(0,)), "flip"),
        (dict(l=1, n=1, t=1, d_t=(1,), r=1, rho_t=(((-5,),),), x=(0,), y=(1,)), "loosened_0 without_0"),
        (dict(l=2, n=1, t=1, d_t=(2, 2), r=2, rho_t=(((-5,), (2,)), ((9,), (16,))), x=(0,), y=(1,)), "extremum_lhs"),
        (dict(l=1, n=1, t=1, d_t=(1,), r=1, rho_t=(((-5,),),), x=(1,), y=(0,)), "exponent_lhs"),
    ),
    "greedy.step.nearest_point": (
        (dict(l=1, n=1, t=1, h=1, rho=((0,),), y=(1,), z=(1,)), "flip"),
        (dict(l=1, n=1, t=1, h=2, rho=((0,),), y=(1,), z=(0,)), "above_h"),
        (dict(l=1, n=1, t=1, h=F(1, 2), rho=((0,),), y=(1,), z=(0,)), "without_0"),
        (dict(l=2, n=2, t=2, h=F(1, 2), rho=((1, -1), (1, -1)), y=(0, 2), z=(0, F(1, 2))), "cut_rhs"),
        (dict(l=1, n=1, t=1, h=1, rho=((0,),), y=(0,), z=(0,)), "strict"),
    ),
    "greedy.step.farthest_point": (
        (dict(l=1, n=1, t=1, h=1, rho=((0,),), y=(0,), z=(0,)), "strict tighten"),
        (dict(l=1, n=1, t=1, h=1, rho=((0,),), y=(0,), z=(1,)), "without_0"),
        (dict(l=2, n=2, t=2, h=1, rho=((1, 2), (3, 4)), y=(0, 2), z=(0, 0)), "cut_rhs exponent_lhs"),
    ),
    "global.energy.continuity": (
        (dict(l=1, n=1, d_t=(1,), r=1, h=0, rho_t=(((0,),),), x=(0,), y=(0,)), "tighten"),
        (dict(l=1, n=1, d_t=(1,), r=1, h=1, rho_t=(((-5,),),), x=(0,), y=(1,)), "sign_lhs flip"),
        (dict(l=1, n=1, d_t=(1,), r=1, h=F(1, 2), rho_t=(((1,),),), x=(1,), y=(0,)), "without_0"),
        (dict(l=1, n=1, d_t=(2,), r=2, h=1, rho_t=(((-5,), (2,)),), x=(1,), y=(0,)), "extremum_lhs"),
    ),
    "global.energy.modulus": (
        (dict(l=2, E=(0, 0), F=(0, 2)), "flip extremum_rhs"),
        (dict(l=1, E=(0,), F=(0,)), "strict tighten"),
        (dict(l=2, E=(0, 0), F=(3, 2)), "cut_rhs"),
    ),
    "global.energy.convexity_with_one_pattern": (
        (dict(n=1, w=1, rho_t=(((0,),),), x=(0,), y=(0,)), "strict"),
        (dict(n=1, w=2, rho_t=(((0,),),), x=(0,), y=(1,)), "above_w"),
        (dict(n=1, w=1, rho_t=(((0,),),), x=(0,), y=(1,)), "swap_x_y_lhs"),
        (dict(n=1, w=1, rho_t=(((0,),),), x=(3,), y=(0,)), "exponent_lhs"),
        (dict(n=2, w=1, rho_t=(((0, 0),),), x=(1, 1), y=(0, 0)), "cut_rhs"),
    ),
    "global.energy.floor": (
        (dict(l=1, E=(0,)), "tighten strict"),
        (dict(l=1098, E=(0,) * 1098), "log_capped"),
        (dict(l=2, E=(1, 2)), "extremum_lhs cut_lhs"),
    ),
    "global.energy.ceiling": (
        (dict(l=2, E=(0, 0)), "flip"),
        (dict(l=2, E=(1, 2)), "hard_lhs cut_lhs"),
        (dict(l=1, E=(0,)), "strict"),
        (dict(l=1, E=(-5,)), "lhs_down"),
    ),
    "global.energy.strict_ceiling_from_two": (
        (dict(l=2, E=(0, 0)), "flip hard_lhs"),
        (dict(l=1, E=(0,)), "below_l"),
        (dict(l=2, E=(-5, 2)), "tighten lhs_down"),
    ),
    "surrogate.layer.lies_above": (
        (dict(l=1, t=1, E=(0,)), "tighten strict"),
        (dict(l=2, t=1, E=(1, 2)), "hard_lhs flip"),
        (dict(l=1, t=1, E=(-5,)), "lhs_down"),
    ),
    "surrogate.layer.no_radius": (
        (dict(h=1), "flip sign_rhs"),
        (dict(h=0), "below_h"),
        (dict(h=3), "exponent_lhs"),
        (dict(h=F(1, 100)), "tighten"),
    ),
    "surrogate.minimisation.descent": (
        (dict(f_x=1, f_y=1, u_x=1, u_y=1), "strict tighten"),
        (dict(f_x=1, f_y=1, u_x=F(1, 2), u_y=F(1, 2)), "swap_f_y_u_x_rhs"),
        (dict(f_x=1, f_y=F(1, 2), u_x=1, u_y=1), "without_0"),
        (dict(f_x=1, f_y=2, u_x=1, u_y=1), "flip"),
    ),
    "global.partition.positive": (
        (dict(l=1, n=1, d_t=(1,), r=1, rho_t=(((0,),),)), "flip rhs_negated"),
        (dict(l=1, n=1, d_t=(1,), rho_t=(((0,),),), r=F(1, 100)), "tighten"),
    ),
    "global.partition.ceiling": (
        (dict(l=1, n=1, d_t=(1,), r=1, rho_t=(((0,),),)), "flip sign_lhs"),
        (dict(l=2, n=1, d_t=(2, 2), r=2, rho_t=(((-5,), (2,)), ((9,), (16,)))), "lhs_up rhs_down"),
    ),
    "global.density.normalised": (
        (dict(l=1, n=1, d_t=(1,), r=1, rho_t=(((0,),),)), "tighten lhs_down rhs_down lhs_up"),
    ),
    "lower_gamma.power.ceiling": ((dict(a=1, c=F(1, 10)), "tighten swap_a_c_lhs flip lhs_up rhs_down"),),
    "global.energy.flattening": (
        (dict(l=1, n=1, d_t=(1,), r=1, rho_t=(((0,),),), x=(0,)), "flip strict"),
        (dict(l=1, n=1, d_t=(1,), r=1, rho_t=(((0,),),), x=(1,)), "sign_rhs"),
        (dict(l=1, n=1, d_t=(2,), r=1, rho_t=(((0,), (0,)),), x=(0,)), "hard_lhs"),
        (dict(l=1, n=1, d_t=(1,), r=1, rho_t=(((0,),),), x=(3,)), "exponent_lhs"),
    ),
    "global.weights.flattening": (
        (dict(l=1, n=1, d_t=(1,), r=1, rho_t=(((0,),),), x=(0,)), "strict"),
        (dict(l=1, n=1, d_t=(1,), r=1, rho_t=(((0,),),), x=(1,)), "sign_lhs"),
        (dict(l=1, n=1, d_t=(2,), r=1, rho_t=(((0,), (0,)),), x=(0,)), "hard_lhs"),
        (dict(l=1, n=1, d_t=(1,), r=1, rho_t=(((0,),),), x=(3,)), "exponent_lhs"),
        (dict(l=2, n=2, d_t=(2, 2), r=1, rho_t=(((1, 2), (3, 4)), ((5, 6), (7, 8))), x=(3, 2)), "cut_lhs"),
    ),
    "global.partition.flattening": (
        (dict(l=1, n=1, d_t=(1,), r=1, rho_t=(((0,),),)), "tighten sign_lhs exponent_lhs lhs_down"),
        (dict(l=1, n=1, d_t=(2,), r=1, rho_t=(((0,), (0,)),)), "hard_lhs"),
    ),
    "mchn.layer_energy.one_sided_floor": (
        (dict(d=2, n=1, beta=1, rho=((1,), (2,)), x=(0,)), "flip extremum_rhs"),
        (dict(d=1, n=1, beta=1, rho=((0,),), x=(0,)), "strict tighten"),
        (dict(d=1, n=1, beta=1, rho=((-5,),), x=(1,)), "exponent_rhs"),
    ),
    "mchn.layer_energy.one_sided_ceiling": (
        (dict(d=1, n=1, beta=1, rho=((0,),), x=(0,)), "strict"),
        (dict(d=2, n=1, beta=1, rho=((1,), (2,)), x=(0,)), "extremum_rhs flip exponent_lhs"),
        (dict(d=2, n=2, beta=1, rho=((1, 2), (3, 4)), x=(0, 0)), "cut_rhs"),
    ),
    "surrogate.update.minimiser": (
        (dict(d=1, n=1, rho=((0,),), x=(0,), y=(0,)), "tighten strict"),
        (dict(d=2, n=1, rho=((1,), (2,)), x=(0,), y=(0,)), "sign_lhs hard_lhs"),
        (dict(d=2, n=2, rho=((0, 0), (0, 0)), x=(0, 0), y=(0, 0)), "cut_lhs"),
    ),
    "surrogate.update.descent": (
        (dict(d=1, n=1, rho=((0,),), y=(1,)), "flip"),
        (dict(d=2, n=1, rho=((1,), (2,)), y=(0,)), "sign_lhs hard_lhs"),
        (dict(d=1, n=1, rho=((0,),), y=(0,)), "strict"),
        (dict(d=2, n=2, rho=((0, 0), (0, 0)), y=(0, 0)), "cut_lhs"),
    ),
    "surrogate.update.attention": (
        (dict(d=1, n=1, k=1, rho=((0,),), y=(0,)), "strict flip"),
        (dict(d=2, n=1, k=1, rho=((1,), (2,)), y=(0,)), "sign_lhs hard_lhs exponent_lhs"),
    ),
    "surrogate.update.plain_attention": (
        (dict(d=1, n=1, k=1, b=1, rho=((1,),), y=(0,)), "tighten strict"),
        (dict(d=2, n=1, k=1, b=1, rho=((1,), (2,)), y=(0,)), "without_0"),
        (dict(d=2, n=1, k=1, b=1, rho=((1,), (-1,)), y=(1,)), "sign_lhs hard_lhs"),
    ),
    "surrogate.mchn_update.descent": (
        (dict(d=1, n=1, beta=1, rho=((0,),), y=(1,)), "flip"),
        (dict(d=2, n=1, beta=1, rho=((1,), (2,)), y=(0,)), "sign_lhs extremum_rhs hard_lhs"),
        (dict(d=2, n=2, beta=1, rho=((0, 0), (0, 0)), y=(0, 0)), "cut_lhs"),
    ),
    "surrogate.layers.majorizer": (
        (dict(l=1, E=(0,), F=(0,)), "strict tighten"),
        (dict(l=1, E=(1,), F=(0,)), "swap_E_F_lhs"),
        (dict(l=2, E=(0, 0), F=(0, 0)), "sign_lhs"),
        (dict(l=2, E=(0, 0), F=(0, 2)), "flip"),
    ),
    "surrogate.layers.touching": (
        (dict(l=1, F=(0,)), "tighten strict"),
        (dict(l=2, F=(0, 0)), "sign_lhs hard_lhs cut_lhs"),
    ),
    "surrogate.layers.descent": (
        (dict(l=1, E=(0,), F=(1,)), "flip"),
        (dict(l=1, E=(1,), F=(0,)), "without_0"),
        (dict(l=1, E=(0,), F=(0,)), "tighten"),
        (dict(l=2, E=(0, 0), F=(0, 0)), "lhs_down"),
        (dict(l=1, E=(1,), F=(1,)), "rhs_down"),
    ),
    "surrogate.layer.gibbs_majorizer": (
        (dict(d=1, n=1, rho=((0,),), x=(0,), y=(0,)), "strict"),
        (dict(d=1, n=1, rho=((0,),), x=(1,), y=(0,)), "swap_x_y_lhs"),
        (dict(d=2, n=1, rho=((0,), (0,)), x=(0,), y=(0,)), "sign_lhs"),
        (dict(d=1, n=1, rho=((0,),), x=(3,), y=(0,)), "exponent_rhs"),
        (dict(d=2, n=1, rho=((1,), (2,)), x=(0,), y=(1,)), "flip"),
    ),
    "surrogate.layer.gibbs_touching": (
        (dict(d=1, n=1, rho=((0,),), y=(0,)), "tighten strict"),
        (dict(d=2, n=1, rho=((0,), (0,)), y=(0,)), "sign_lhs hard_lhs"),
        (dict(d=1, n=1, rho=((0,),), y=(3,)), "exponent_lhs"),
    ),
    "minimum.lipschitz.ceiling": (
        (dict(n=2, x=(0, 0), y=(0, 2)), "flip"),
        (dict(n=2, x=(1, 2), y=(0, 2)), "extremum_rhs cut_rhs tighten lhs_up"),
    ),
    "global.energy.uniform_ceiling": (
        (dict(l=1, b=1, E=(0,)), "flip"),
        (dict(l=1, b=1, E=(1,)), "loosened_0 without_0"),
        (dict(l=2, E=(1, 1), b=F(101, 100)), "rhs_down hard_lhs"),
    ),
    "global.energy.uniform_floor": (
        (dict(l=2, E=(1, 1), b=F(99, 100)), "tighten log_dropped flip"),
        (dict(l=1, b=1, E=(1,)), "loosened_0 without_0"),
    ),
    "mchn.norms.spread": (
        (dict(d=2, n=1, rho=((1,), (2,))), "flip extremum_rhs rhs_negated"),
        (dict(d=1, n=1, rho=((0,),)), "strict tighten"),
    ),
    "vectors.product.ceiling": (
        (dict(n=1, x=(0,), y=(0,)), "strict"),
        (dict(n=1, x=(1,), y=(3,)), "exponent_lhs lhs_up"),
        (dict(n=2, x=(1, 2), y=(1, 1)), "cut_rhs flip"),
    ),
    "exponential.order.kept": (
        (dict(u=1, v=1), "tighten sign_rhs strict"),
        (dict(u=1, v=F(1, 2)), "without_0"),
        (dict(u=1, v=2), "flip"),
    ),
    "exponential.order.kept_strictly": (
        (dict(u=1, v=2), "flip swap_u_v_lhs sign_rhs"),
        (dict(u=1, v=1), "loosened_0 without_0"),
    ),
    "exponential.order.reflected": (
        (dict(u=1, v=1), "strict tighten lhs_up rhs_down"),
        (dict(u=1, v=F(1, 2)), "without_0"),
    ),
    "exponential.order.reflected_strictly": (
        (dict(u=1, v=2), "flip swap_u_v_lhs rhs_negated"),
        (dict(u=1, v=1), "loosened_0 without_0"),
    ),
    "exponential.order.equal": (
        (dict(u=1, v=1), "flip sign_lhs strict tighten"),
        (dict(u=1, v=F(1, 2)), "without_0"),
    ),
    "exponential.decay.lipschitz": (
        (dict(u=1, v=1), "strict tighten"),
        (dict(u=1, v=F(1, 2)), "sign_lhs flip"),
        (dict(u=0, v=F(1, 100)), "lhs_up"),
    ),
    "lse.order.kept": (
        (dict(n=1, x=(0,), y=(0,)), "tighten strict"),
        (dict(n=1, x=(1,), y=(0,)), "without_0"),
        (dict(n=2, x=(0, 0), y=(0, 0)), "hard_rhs cut_rhs"),
    ),
    "lse.tangent.floor": (
        (dict(n=2, x=(0, 0), y=(0, 2)), "flip sign_lhs"),
        (dict(n=1, x=(1,), y=(0,)), "swap_x_y_lhs"),
        (dict(n=2, x=(0, 0), y=(1, 1)), "hard_lhs cut_rhs"),
    ),
    "lse.curvature.ceiling": (
        (dict(n=1, low=1, high=1, x=(0,), y=(1,)), "strict swap_x_y_rhs"),
        (dict(n=2, low=F(1, 2), high=1, x=(1, -1), y=(0, 0)), "without_0"),
        (dict(n=2, x=(0, 0), y=(F(1, 2), F(-1, 2)), low=F(-1, 2), high=F(1, 2)), "hard_rhs cut_rhs"),
    ),
}

_LOWER = "the amended floor of Proposition 3 is proved: nothing is below it"

# Existential mutants, by claim and operator, with the reason why no value satisfies them.
EXISTENTIAL: dict[tuple[str, str], str] = {
    ("lse.negative.nonconvexity_from_two", "below_n"): "for n = 1 the negative LSE is linear",
    ("lse.negative.nonconvexity_from_two", "flip"): "LSE is convex (Lemma 1)",
    ("mchn.nearest.sharp_ceiling_attained", "flip"): "g is at most 2 E_MCHN",
    ("mchn.nearest.floor_approached", "tighten"): _LOWER + "; take epsilon = 1/20",
    ("mchn.nearest.floor_approached", "below_epsilon"): _LOWER + "; take epsilon = -1/2",
    ("mchn.layer_energy.one_sided_attained", "flip"): "the excess is at most the spread",
    ("global.energy.nonconvexity", "tighten"): "one layer of 100 patterns far apart: 0 < E_global < 1/100 everywhere",
    ("global.energy.nonconvexity_with_two_patterns", "without_0"): "all patterns equal: g is one squared distance",
    ("global.energy.nonconvexity_with_two_patterns", "loosened_0"): "all patterns equal: g is one squared distance",
}
