"""The rows of the README's verdict table: a place of the paper, what it says, and what stands where it fails.

Verdicts are not written here.  ``instead`` puts amendments in a few words, each with the claims that it stands for;
where it is empty, the titles of the amendments speak.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One row: its heading, the places of the paper that it gathers, and short texts.

    ``instead`` pairs a few words with the ids of the claims that prove them, separated by spaces.
    """

    heading: str
    says: str
    places: tuple[str, ...] = ()
    instead: tuple[tuple[str, str], ...] = ()

    def holds(self, place: str) -> bool:
        """Whether a place of the paper belongs to this row."""
        known = self.places or (self.heading,)
        return any(f"{place},".startswith((f"{name},", f"{name} ")) for name in known)


FOUR = ("chinchilla_70b", "palm_2", "gpt2", "minicpm")


def _above(constant: str, keys: tuple[str, ...]) -> str:
    return " ".join(f"{key}.loss.above_{constant}_fit" for key in keys)


ROWS = (
    Place(
        "(1)",
        "the cited fit of the loss has the irreducible part 1.61",
        instead=(("1.69", "fitted.irreducible.published"),),
    ),
    Place("(2)", "N = A l d_emb² is (A l d_emb / T_max) n"),
    Place("Lemma 1", "LSE is convex"),
    Place(
        "Lemma 2",
        "max x < LSE(x) ≤ max x + log n",
        instead=(("≤ for every n, < from n = 2 on", "lse.maximum.floor lse.maximum.strict_floor_from_two"),),
    ),
    Place(
        "Lemma 3",
        "min x - log n ≤ -LSE(-x) < min x",
        instead=(("≤ for every n, < from n = 2 on", "lse.minimum.ceiling lse.minimum.strict_ceiling_from_two"),),
    ),
    Place("Lemma 4", "LSE is 1-Lipschitz in the maximum norm"),
    Place(
        "Appendix C, Figure 1",
        "softmax is the gradient of LSE; -LSE is not convex; the regularisers make the MCHN energy convex",
        ("Appendix C", "Figure 1"),
        (
            ("the energy is convex while β · (diameter of the patterns)² ≤ 4", "mchn.energy.convexity_when_close"),
            ("-LSE is not convex from n = 2 on", "lse.negative.nonconvexity_from_two"),
        ),
    ),
    Place(
        "Definitions (3) to (6), (9)", "the energies and densities are well-posed", ("(3)", "(4)", "(5)", "(6)", "(9)")
    ),
    Place("Proposition 1", "g - log d ≤ E ≤ g"),
    Place(
        "Proposition 2",
        "E and 2 E_MCHN - log d differ by at most the spread of the squared norms",
        instead=(("v1: by at most |g - g²| + spread + log d", "mchn.layer_energy.wide_ceiling_v1"),),
    ),
    Place(
        "Proposition 3",
        "-spread ≤ g - 2 E_MCHN ≤ spread + log d",
        instead=(
            ("-spread - log d ≤ g - 2 E_MCHN ≤ 0, both sharp", "mchn.nearest.floor mchn.nearest.sharp_ceiling"),
            (
                "v1: -|g - g²| - spread - log d ≤ g - 2 E_MCHN ≤ 1/4",
                "mchn.nearest.floor_v1 mchn.nearest.quarter_ceiling_v1",
            ),
        ),
    ),
    Place(
        "(7)",
        "E_global is continuous and not convex",
        instead=(
            (
                "convex for one layer with one pattern; not if two patterns have a middle that is no pattern",
                "global.energy.convexity_with_one_pattern global.energy.nonconvexity_with_two_patterns",
            ),
        ),
    ),
    Place(
        "(8)",
        "min E_t - log l ≤ E_global < min E_t",
        instead=(("≤ for every l, < from l = 2 on", "global.energy.ceiling global.energy.strict_ceiling_from_two"),),
    ),
    Place(
        "Section 4.2",
        "E_t majorizes E_global within the trust region, so the steps (6) descend",
        instead=(("the Gibbs average of the layers majorizes, and its step descends", "surrogate.layers.majorizer"),),
    ),
    Place("(10), (15)", "E_global is E_t - log l + c with one c, and log Z follows", ("(10)", "(11)", "(15)")),
    Place(
        "Proposition 4",
        "the loss is log Z + 1/Z ≥ 1; no model gets below about 1",
        ("Proposition 4", "Abstract", "Section 5.1"),
    ),
    Place(
        "Table 2",
        "the reported losses are above 1; the fitted loss (1) beside them",
        instead=(
            ("they lie 0.06 to 0.34 nats above (1) as quoted", _above("quoted", (*FOUR, "transformer", "nanotron"))),
            ("four lie 0.14 to 0.26 nats above (1) as published", _above("published", FOUR)),
        ),
    ),
    Place("(12), (13)", "the mass of a ball is 2 π^(n/2) γ(n, r) / Γ(n/2), and Z_t is the sum", ("(12)", "(13)")),
    Place("Lemma 5", "exp(-r) rⁿ/n ≤ γ(n, r) ≤ rⁿ/n"),
    Place("ball bounds, (14)", "exp(-r) V_n(r) ≤ mass of a ball ≤ V_n(r); so for Z_t", ("ball bounds", "(14)")),
    Place("Theorem D.1", "Stirling; the volume of the unit ball; V_n(r) = O(1) needs r ~ sqrt(n/(2πe))"),
    Place("Proposition 5", "the loss is smallest when N = O(D²)"),
    Place(
        "Table 3",
        "N / D*² is about constant, and the rule MSE < 0.04 picks each D*",
        instead=(
            ("some rounding of the printed errors obeys the rule", "models.rule.unrounded"),
            (
                "N = c D^γ fits the grid exactly where 1.435... < γ < 2.422...",
                "models.exponent.floor models.exponent.ceiling models.exponent.attained",
            ),
        ),
    ),
    Place(
        "Appendix E",
        "GPT-2 medium has d_FF = 3,072 and A ~ 10",
        instead=(
            ("released: d_FF = 4,096, A = 12.01", "gpt2_medium.inner_width.amended gpt2_medium.block_ratio.amended"),
            ("A = 12 + 13/d_emb at every width", "gpt2.block_ratio.identity"),
        ),
    ),
    Place(
        "F.2",
        "training losses stabilise at about 1 nat per token",
        instead=(("they settle at the entropy of the source", "language_model.training_loss.source_entropy"),),
    ),
    Place("10.1", "flattening: E_global of layers (4) is the energy (4) of all patterns"),
    Place("10.2", "0 ≤ 2 E_MCHN - (2/β) log d - E_β ≤ spread"),
    Place(
        "10.3",
        "a true majorizer, whose step is softmax attention; the greedy step (6)",
        instead=(("a step that lowers the Gibbs average lowers E_global", "surrogate.layers.descent"),),
    ),
    Place("10.4", "the mass of a ball for every exponent; when the masses of balls add up"),
    Place("10.5", "the critical number of patterns, and what follows for N against D"),
    Place("10.6", "the loss under each reading"),
    Place("10.7", "the loss settles at the entropy of the source, or of the finite set that is learnt by heart"),
    Place("Lemmas of the library", "what the proofs rest on", ("lemma",)),
)


def row_of(place: str) -> Place:
    """The row of a place of the paper.  Raises ``ValueError`` for a place that no row gathers."""
    found = [row for row in ROWS if row.holds(place)]
    if len(found) != 1:
        raise ValueError(
            f"{place!r} belongs to {len(found)} rows of docs.places.ROWS, not to one: mend the table there"
        )
    return found[0]
