"""Where the mutants of the sizes, the parameter counts and the exponents of Table 3 fail."""

from typing import Any

from validation.mutants_data.energies import Q, at

_INSIDE = at(gamma=2, u=Q(1, 10))

POINTS: dict[str, tuple[tuple[dict[str, Any], str], ...]] = {
    "fitted.loss.floor": (
        (at(E_0=0, N=1, D=1), "flip rhs_negated"),
        (at(E_0=10**5, N=1, D=1), "lhs_up rhs_down"),
        (at(E_0=0, N=10**12, D=10**15), "tighten swap_E_0_N_lhs"),
    ),
    "model.size.identity": (
        (at(l=1, A=1, d_emb=1, T_max=1, n=1), "flip strict tighten lhs_up"),
        (at(l=1, A=1, d_emb=2, T_max=1, n=2), "exponent_lhs"),
        (at(l=1, A=1, d_emb=1, T_max=1, n=2), "without_0"),
    ),
    "gpt2.printed_block.identity": (
        (at(d_emb=1, d_FF=3), "flip strict tighten"),
        (at(d_emb=2, d_FF=6), "exponent_lhs exponent_rhs"),
        (at(d_emb=1, d_FF=1), "without_0"),
    ),
    "gpt2.block.identity": (
        (at(d_emb=1, d_FF=4), "flip strict tighten"),
        (at(d_emb=2, d_FF=8), "exponent_lhs exponent_rhs"),
        (at(d_emb=1, d_FF=1), "without_0"),
    ),
    "gpt2.block_ratio.identity": ((at(d_emb=1), "flip strict tighten rhs_down"), (at(d_emb=2), "exponent_lhs")),
    "gpt2.block_ratio.floor": ((at(d_emb=1000), "flip tighten lhs_up rhs_down"),),
    "gpt2.block_ratio.ceiling": (
        (at(d_emb=13, epsilon=1), "strict tighten lhs_up rhs_down"),
        (at(d_emb=13, epsilon=2), "flip"),
        (at(d_emb=1, epsilon=1), "without_0"),
        (at(d_emb=1, epsilon=Q(259, 20)), "loosened_0"),
    ),
    "models.exponent.floor": (
        (_INSIDE, "flip"),
        (at(gamma=Q(3, 2), u=Q(4, 25)), "tighten lhs_up rhs_down swap_gamma_u_rhs"),
        (at(gamma=Q(6, 5), u=Q(27, 100)), "without_0"),
        (at(gamma=Q(13, 10), u=Q(11, 50)), "loosened_0"),
        (at(gamma=Q(13, 10), u=Q(19, 125)), "without_5 loosened_5"),
    ),
    "models.exponent.ceiling": (
        (_INSIDE, "flip"),
        (at(gamma=Q(12, 5), u=Q(1, 200)), "tighten lhs_up rhs_down"),
        (at(gamma=Q(5, 2), u=Q(-1, 20)), "without_1 loosened_1"),
        (at(gamma=Q(5, 2), u=Q(1, 20)), "without_4 loosened_4"),
    ),
}

EXISTENTIAL: dict[tuple[str, str], str] = {
    ("models.exponent.attained", "flip"): "at gamma = 12/5 the last model leaves u below 1/100, less than 0.28",
    ("models.exponent.attained", "tighten"): "at gamma = 29/20 the last model asks for u > 0.16, this for u < 0.08",
    ("models.rule.unrounded", "flip"): "u is below 0.04 and v is above",
    ("models.rule.unrounded", "tighten"): "u and v are less than 1/10 apart, both positive",
}
