"""Where the mutants of the cross-entropy, of (10) and of (15) fail."""

from typing import Any

from validation.mutants_data.energies import Q, at

# One pattern, two patterns, and one or two layers of patterns on a line
BALL, SMALL, LARGE = (
    at(d=1, n=1, r=1, rho=((0,),)),
    at(d=1, n=1, r=Q(1, 4), rho=((1,),)),
    at(d=1, n=1, r=3, rho=((0,),)),
)
TWO, TWICE = at(d=2, n=1, r=1, rho=((0,), (3,))), at(d=2, n=1, r=Q(1, 2), rho=((0,), (0,)))
LAYER, PAIR = (
    at(l=1, n=1, d_t=(1,), r=1, rho_t=(((0,),),)),
    at(l=1, n=1, d_t=(2,), r=1, rho_t=(((0,), (3,)),)),
)
WIDE = at(d=2, n=1, r=1, rho=((0,), (6,)))
DOUBLED, HALVED = at(eta=2), at(eta=Q(1, 2))  # factors of a change of unit
LAYERS, FIRST = at(l=2, n=1, d_t=(1, 1), r=1, rho_t=(((0,),), ((3,),))), at(t=1)

POINTS: dict[str, tuple[tuple[dict[str, Any], str], ...]] = {
    "cross_entropy.distance.identity_v1": (
        (TWO, "extremum_lhs extremum_rhs"),
        (BALL, "exponent_lhs sign_lhs"),
    ),
    "cross_entropy.normalised.identity_v1": (
        (TWO, "extremum_lhs extremum_rhs"),
        (BALL, "exponent_lhs"),
    ),
    "cross_entropy.printed_energy.identity_v1": (
        (TWO, "extremum_lhs extremum_rhs"),
        (BALL, "exponent_lhs"),
    ),
    "cross_entropy.printed_energy.wide_ceiling_v1": (
        (BALL, "sign_lhs flip"),
        (LARGE, "rhs_down"),
    ),
    "cross_entropy.printed_energy.jensen_floor_v1": (
        (TWO, "extremum_lhs extremum_rhs"),
        (LARGE, "exponent_lhs"),
    ),
    "cross_entropy.layer_energy.log_ceiling_v1": (
        (TWO, "log_dropped extremum_rhs"),
        (BALL, "exponent_lhs"),
    ),
    "cross_entropy.layer_energy.log_floor_v1": ((BALL, "exponent_lhs sign_lhs tighten"),),
    "choice_of_layer.pointwise.floor": (
        (at(l=2, E=(0, 0)), "log_dropped log_shortened"),
        (at(l=2, E=(0, 3)), "extremum_rhs flip"),
    ),
    "choice_of_layer.pointwise.interval": (
        (at(l=2, E=(0, 0)), "log_dropped log_shortened"),
        (at(l=2, E=(0, 3)), "extremum_rhs flip"),
    ),
    "choice_of_layer.pointwise.strict_ceiling_from_two": (
        (at(l=1, E=(0,), t=1), "below_l"),
        (at(l=2, E=(0, 0), t=2), "cut_lhs"),
        (at(l=2, E=(0, 0), t=1), "hard_lhs flip"),
    ),
    "choice_of_layer.offset.identity": (
        (at(l=2, E=(0, 0), t=2), "cut_lhs cut_rhs"),
        (at(l=2, E=(0, 0), t=1), "hard_lhs hard_rhs"),
    ),
    "choice_of_layer.lowest.floor": (
        (at(l=2, E=(0, 0), t=1), "log_dropped log_shortened"),
        (at(l=2, E=(0, 3), t=2), "without_0"),
        (at(l=1, E=(0,), t=1), "tighten"),
    ),
    "choice_of_layer.lowest.two_layers": (
        (at(E=(1, 0)), "without_0"),
        (at(E=(0, 0)), "tighten strict swamp"),
    ),
    "choice_of_layer.offset.spread": (
        (at(l=2, E=(0, 0), F=(0, 1)), "log_dropped hard_lhs"),
        (at(l=2, E=(0, 0), F=(0, 4)), "extremum_lhs"),
        (at(l=1, E=(0,), F=(0,)), "tighten"),
    ),
    "cross_entropy.target.normalised": ((at(d=1, n=1, rho=((0,),)), "tighten strict flip rhs_down"),),
    "global.log_partition.distance_floor": (
        (PAIR | FIRST, "extremum_rhs"),
        (LAYERS | FIRST, "hard_rhs"),
        (LAYER | FIRST, "exponent_lhs"),
    ),
    "global.log_partition.distance_ceiling": (
        (LAYERS, "log_dropped"),
        (PAIR, "extremum_rhs"),
        (LAYER, "exponent_lhs"),
    ),
    "global.log_partition.printed_energy_floor": (
        (PAIR | FIRST, "extremum_lhs"),
        (LAYERS | FIRST, "hard_rhs"),
        (LAYER | FIRST, "exponent_rhs"),
    ),
    "global.log_partition.printed_energy_ceiling": (
        (LAYERS, "log_dropped"),
        (PAIR, "extremum_lhs"),
        (at(l=2, n=1, d_t=(1, 1), r=Q(1, 4), rho_t=(((0,),), ((1,),))), "exponent_lhs"),
    ),
    "global.log_partition.layer_energy_floor": (
        (LAYERS | FIRST, "hard_rhs"),
        (LAYER | FIRST, "exponent_lhs sign_lhs"),
    ),
    "global.log_partition.layer_energy_ceiling": (
        (LAYERS, "log_dropped"),
        (at(l=1, n=1, d_t=(2,), r=Q(1, 2), rho_t=(((0,), (0,)),)), "hard_rhs"),
        (LAYER, "exponent_lhs"),
    ),
    "layers.log_partition.distance": (
        (PAIR | FIRST, "extremum_lhs extremum_rhs"),
        (LAYER | FIRST, "exponent_lhs sign_lhs"),
    ),
    "layers.log_partition.normalised_identity": ((LAYER | FIRST, "tighten rhs_down lhs_up"),),
    "layers.log_partition.printed_energy_floor": ((LAYER | FIRST, "tighten flip rhs_down"),),
    "layers.log_partition.printed_energy_ceiling": ((LAYER | FIRST, "sign_lhs flip swamp"),),
    "layers.log_partition.layer_energy_floor": (
        (PAIR | FIRST, "hard_rhs"),
        (LAYER | FIRST, "exponent_lhs sign_lhs"),
    ),
    "layers.log_partition.layer_energy_ceiling": (
        (PAIR | FIRST, "extremum_rhs"),
        (LAYER | FIRST, "exponent_lhs sign_lhs"),
    ),
    "cross_entropy.formula.floor": ((at(u=1), "tighten strict rhs_down lhs_up"),),
    "cross_entropy.formula.minimum": ((at(u=1), "tighten strict rhs_down lhs_up"),),
    "cross_entropy.formula.strict_floor_above": (
        (at(u=1), "below_u"),
        (at(u=2), "flip swamp rhs_negated"),
    ),
    "cross_entropy.formula.strict_floor_below": (
        (at(u=1), "above_u"),
        (at(u=Q(1, 2)), "flip swamp rhs_negated"),
    ),
    "cross_entropy.mixed.identity": (
        (TWO, "extremum_lhs extremum_rhs"),
        (BALL, "exponent_lhs"),
    ),
    "cross_entropy.mixed.value": (
        (TWICE, "without_0"),
        (TWO, "extremum_lhs tighten"),
        (BALL, "exponent_rhs sign_lhs"),
    ),
    "cross_entropy.layer_energy.ceiling": (
        (TWO, "log_dropped hard_lhs"),
        (BALL, "exponent_lhs"),
    ),
    "cross_entropy.layer_energy.floor": (
        (TWO, "log_negated flip"),
        (BALL, "exponent_lhs sign_lhs tighten"),
    ),
    "cross_entropy.layer_energy.ceiling_v1": (
        (TWO, "log_dropped sign_lhs"),
        (BALL, "exponent_lhs"),
    ),
    "cross_entropy.layer_energy.floor_v1": (
        (TWO, "log_negated flip"),
        (BALL, "sign_lhs tighten"),
    ),
    "cross_entropy.mixed.unit_floor": (
        (TWO, "extremum_rhs"),
        (BALL, "tighten flip"),
    ),
    "cross_entropy.entropy.floor": (
        (at(n=1, x=(0,), y=(1,)), "without_1"),
        (at(n=1, x=(0,), y=(0,)), "tighten strict swamp"),
    ),
    "balls.volume.identity": (
        (TWICE, "without_0"),
        (BALL, "tighten rhs_down"),
    ),
    "cross_entropy.distance.value": (
        (TWICE, "without_0"),
        (TWO, "extremum_lhs"),
        (BALL, "exponent_lhs"),
    ),
    "cross_entropy.normalised.value": (
        (TWICE, "without_0"),
        (TWO, "extremum_lhs"),
        (BALL, "exponent_lhs"),
    ),
    "cross_entropy.printed_energy.ceiling": (
        (SMALL, "exponent_rhs tighten"),
        (BALL, "sign_lhs"),
    ),
    "cross_entropy.printed_energy.floor": (
        (TWICE, "without_0"),
        (TWO, "extremum_rhs"),
        (SMALL, "tighten"),
    ),
    "cross_entropy.distance.value_v1": (
        (TWICE, "without_0"),
        (TWO, "extremum_lhs"),
        (BALL, "exponent_lhs"),
    ),
    "cross_entropy.normalised.value_v1": (
        (TWICE, "without_0"),
        (TWO, "extremum_lhs"),
        (BALL, "exponent_lhs"),
    ),
    "cross_entropy.printed_energy.ceiling_v1": (
        (BALL, "sign_lhs flip"),
        (TWO, "rhs_down"),
    ),
    "cross_entropy.printed_energy.floor_v1": (
        (TWICE, "without_0"),
        (TWO, "extremum_rhs rhs_down"),
    ),
    "cross_entropy.printed_energy.value": (
        (TWICE, "without_0"),
        (BALL, "exponent_rhs sign_lhs tighten"),
    ),
    "cross_entropy.printed_energy.unit_value": ((BALL | DOUBLED, "exponent_lhs sign_rhs swap_r_eta_lhs tighten"),),
    "cross_entropy.printed_energy.unit_ceiling_above": (
        (BALL | HALVED, "below_eta"),
        (BALL | DOUBLED, "flip sign_lhs swap_r_eta_lhs"),
    ),
    "cross_entropy.printed_energy.unit_floor_below": (
        (BALL | DOUBLED, "above_eta"),
        (BALL | HALVED, "flip exponent_rhs swap_r_eta_rhs"),
    ),
    "cross_entropy.printed_energy.unit_volume_floor": ((BALL | DOUBLED, "flip tighten rhs_down"),),
    "cross_entropy.printed_energy.unit_volume_ceiling": (
        (at(d=1, n=1, r=Q(1, 8), rho=((0,),), eta=2), "tighten exponent_rhs"),
        (BALL | DOUBLED, "flip sign_lhs sign_rhs swap_r_eta_lhs"),
    ),
    "cross_entropy.printed_energy.unit_loss": (
        (TWICE | DOUBLED, "without_0"),
        (WIDE | DOUBLED, "extremum_lhs log_dropped exponent_rhs swap_r_eta_lhs"),
    ),
    "cross_entropy.distance.unit_value": (
        (TWICE | DOUBLED, "without_0"),
        (WIDE | DOUBLED, "extremum_lhs exponent_lhs swap_r_eta_rhs tighten"),
    ),
    "cross_entropy.layer_energy.unit_change_ceiling": (
        (WIDE | DOUBLED, "flip log_dropped hard_lhs"),
        (BALL | DOUBLED, "sign_lhs swap_r_eta_rhs tighten"),
    ),
    "cross_entropy.layer_energy.unit_change_floor": (
        (WIDE | DOUBLED, "flip log_negated"),
        (BALL | DOUBLED, "exponent_lhs swap_r_eta_rhs tighten"),
    ),
    "cross_entropy.normalised.unit_change": (
        (TWICE | DOUBLED, "without_0"),
        (TWO | DOUBLED, "tighten exponent_rhs swap_r_eta_lhs"),
    ),
    "cross_entropy.distance.unit_change": (
        (at(d=2, n=1, r=Q(1, 2), rho=((0,), (0,)), eta=2), "without_0"),
        (at(d=2, n=1, r=1, rho=((0,), (3,)), eta=2), "extremum_rhs"),
        (at(d=1, n=1, r=1, rho=((0,),), eta=2), "swap_r_eta_lhs"),
    ),
    "cross_entropy.layers_distance.ceiling": ((LAYERS, "log_dropped extremum_rhs hard_lhs"),),
    "cross_entropy.layers_distance.floor": ((LAYER, "exponent_lhs sign_lhs tighten"),),
    "cross_entropy.layers_layer_energy.ceiling": (
        (LAYERS, "extremum_rhs hard_lhs"),
        (LAYER, "exponent_lhs"),
    ),
    "cross_entropy.layers_layer_energy.floor": ((LAYER, "exponent_lhs sign_lhs tighten"),),
    "cross_entropy.layers_normalised.partition": (
        (LAYERS, "hard_lhs"),
        (LAYER, "sign_lhs tighten"),
    ),
    "cross_entropy.layers_normalised.ceiling": (
        (LAYERS, "log_dropped hard_lhs"),
        (PAIR, "extremum_lhs"),
    ),
    "cross_entropy.layers_normalised.floor": ((LAYER, "exponent_lhs sign_lhs tighten"),),
    "cross_entropy.layers_printed_energy.ceiling": ((LAYER, "sign_lhs flip swamp"),),
    "cross_entropy.layers_printed_energy.floor": (
        (LAYERS, "sign_rhs"),
        (LAYER, "flip swamp"),
    ),
    "cross_entropy.distance.identity": (
        (TWO, "extremum_lhs extremum_rhs"),
        (BALL, "exponent_lhs sign_lhs"),
    ),
    "cross_entropy.normalised.identity": (
        (TWO, "extremum_lhs extremum_rhs"),
        (BALL, "exponent_lhs"),
    ),
    "cross_entropy.printed_energy.identity": (
        (TWO, "extremum_lhs extremum_rhs"),
        (BALL, "exponent_lhs"),
    ),
    "cross_entropy.printed_energy.wide_ceiling": (
        (BALL, "sign_lhs flip"),
        (LARGE, "rhs_down"),
    ),
    "cross_entropy.printed_energy.jensen_floor": (
        (TWO, "extremum_lhs extremum_rhs"),
        (BALL, "exponent_rhs"),
    ),
    "cross_entropy.layer_energy.log_ceiling": ((TWO, "log_dropped extremum_rhs hard_lhs"),),
    "cross_entropy.layer_energy.log_floor": (
        (at(d=2, n=1, r=1, rho=((0,), (1,))), "log_dropped"),
        (BALL, "exponent_lhs sign_lhs"),
    ),
    "cross_entropy.distance.volume_ceiling": (
        (TWO, "log_dropped extremum_lhs"),
        (BALL, "sign_lhs"),
    ),
    "cross_entropy.normalised.volume_ceiling": (
        (TWO, "log_dropped extremum_lhs"),
        (BALL, "sign_lhs"),
    ),
    "cross_entropy.layer_energy.volume_ceiling": (
        (TWO, "log_dropped hard_lhs"),
        (BALL, "sign_lhs"),
    ),
    "cross_entropy.printed_energy.volume_ceiling": (
        (TWO, "log_dropped"),
        (SMALL, "exponent_rhs sign_lhs"),
    ),
    "nearest.pattern.identity": (
        (at(d=2, n=1, rho=((0,), (3,)), i=1), "extremum_lhs"),
        (at(d=1, n=1, rho=((0,),), i=1), "tighten strict flip"),
    ),
    "nearest.pattern.identity_v1": (
        (at(d=2, n=1, rho=((0,), (3,)), i=1), "extremum_lhs"),
        (at(d=1, n=1, rho=((0,),), i=1), "tighten strict flip"),
    ),
    "global.energy.mean_ceiling": (
        (at(l=2, E=(0, 0)), "cut_lhs hard_lhs"),
        (at(l=2, E=(1, -1)), "cut_rhs"),
        (at(l=1, E=(0,)), "tighten"),
    ),
    "lse.weights.identity": (
        (at(n=1, x=(0,), y=(1,), z=(1,)), "without_0"),
        (at(n=2, x=(0, 1), y=(0, 0), z=(1, 1)), "cut_lhs cut_rhs hard_lhs"),
    ),
    "logarithm.order.kept": (
        (at(u=Q(1, 2), v=-1, b=Q(1, 2)), "without_0"),
        (at(u=Q(1, 2), v=-1, b=2), "swap_u_b_lhs swap_u_b_rhs flip"),
    ),
    "logarithm.order.kept_strictly": (
        (at(u=Q(1, 2), v=-1, b=Q(1, 2)), "without_0"),
        (at(u=Q(1, 2), v=0, b=Q(1, 2)), "loosened_0"),
        (at(u=Q(1, 2), v=-1, b=2), "swap_u_b_lhs swap_u_b_rhs"),
    ),
    "logarithm.order.equal": (
        (at(u=Q(1, 2), v=-1, b=Q(1, 2)), "without_0"),
        (at(u=Q(1, 2), v=0, b=Q(1, 2)), "tighten strict flip"),
    ),
}

EXISTENTIAL: dict[tuple[str, str], str] = {
    ("choice_of_layer.uniform.failure", "hard_rhs"): "the greatest energy is at least that of the layer",
    ("cross_entropy.entropy.attained", "strict"): "no cross-entropy is below the entropy",
    ("cross_entropy.entropy.attained", "tighten"): "no cross-entropy is below the entropy",
    ("cross_entropy.distance.no_floor", "narrowed_r"): "on a line a radius above 1 makes the loss positive",
    ("cross_entropy.normalised.no_floor", "narrowed_r"): "on a line a radius above 1 makes the loss positive",
    ("cross_entropy.printed_energy.no_floor", "narrowed_r"): "on a line a radius above 1 makes the loss positive",
    ("cross_entropy.layer_energy.no_floor", "narrowed_r"): "on a line a radius above 1 makes the loss positive",
}
