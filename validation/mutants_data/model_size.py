"""Where the mutants of the claims on Proposition 5 and on a change of unit fail."""

from fractions import Fraction
from typing import Any

from validation.mutants_data.energies import at

Q = Fraction
_any = (at(n=1), "flip swamp lhs_far rhs_negated")
_sized = (at(T_max=1, d_emb=1), "flip swamp rhs_negated")

POINTS: dict[str, tuple[tuple[dict[str, Any], str], ...]] = {
    "patterns.critical.power_floor": (_any,),
    "patterns.critical.power_floor_v1": (_any,),
    "patterns.volume_count.floor": (_any, (at(n=2), "lhs_up rhs_down"), (at(n=40), "tighten")),
    "patterns.volume_count.ceiling": ((at(n=1), "flip tighten lhs_up rhs_down sign_rhs"),),
    "patterns.size.weight_positive": (_sized,),
    "patterns.size.weight_positive_v1": (_sized,),
    "patterns.size.squared_floor": (_sized, (at(T_max=1, d_emb=1), "lhs_far")),
    "patterns.size.squared_floor_v1": (_sized,),
    "patterns.volume_count.squared_floor": (_sized, (at(T_max=2, d_emb=3), "lhs_up rhs_down")),
    "patterns.volume_count.squared_ceiling": ((at(T_max=1, d_emb=1), "flip swamp lhs_far exponent_lhs"),),
    "ball.mass.scaling": (
        (at(n=1, r=1, eta=2), "tighten lhs_up rhs_down sign_lhs exponent_rhs swap_r_eta_lhs swap_r_eta_rhs"),
    ),
}

_grows = "the data size outgrows every multiple of the model size (the denial of the lower half)"
_bounded = "the data size is at least a constant and the model size is fixed"

EXISTENTIAL: dict[tuple[str, str], str] = {
    **{
        (f"model_size.{count}.{regime}_ceiling", "flip"): _grows
        for count in ("squared", "plain")
        for regime in ("wider", "longer", "linear")
    },
    **{
        (f"model_size.{count}.{regime}_floor_fails", "flip"): "N is at most of the order of D^2: take a large constant"
        for count in ("squared", "plain")
        for regime in ("wider", "longer", "linear")
    },
    ("model_size.volume.wider_ceiling_fails", "flip"): "N is at least of the order of D^2: take a small constant",
    ("model_size.volume.wider_floor", "flip"): "the model size outgrows every multiple of D^2",
    ("model_size.volume.longer_ceiling", "flip"): "D outgrows every multiple of the model size, which is fixed",
    ("model_size.volume.longer_floor_fails", "flip"): _bounded + ": take a large constant",
    ("model_size.volume.linear_ceiling", "rhs_negated"): "a model size is positive",
    ("model_size.volume.linear_floor", "rhs_negated"): "a model size is positive",
}
