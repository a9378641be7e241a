"""Table 3: the data sizes D* of three widths, their ratios N / D*^2, and the rule that picks them.

Sizes are in units of 10^4 parameters and 10^4 tokens, in which the printed figures are integers.  The rule takes the
first D at which the mean squared error falls below 0.04, and the errors are printed to two decimals.
"""

from dataclasses import dataclass

import sympy as sp

from theory.claim import Claim, Kind, Relation, Source, Step
from theory.domain import Domain, Range
from theory.notation import parameters, tokens, u, v
from theory.rules import Sight

LT, LE = Relation.LT, Relation.LE
UNIT = 10**4
OWN = Source("Table 3", "", "Majorant")
PRINTED_ERRORS = "the printed errors as they stand"


@dataclass(frozen=True)
class Model:
    """One width: parameters and token counts in units of 10^4, the errors up to D* and the printed ratio.

    The last of ``grid`` is D*; ``errors`` belong to the grid in order; ``ratio`` is N / D*^2 in 10^-10.
    """

    key: str
    name: str
    parameters: int
    grid: tuple[int, ...]
    errors: tuple[str, ...]
    ratio: str

    @property
    def least(self) -> int:
        """D*, in units of 10^4 tokens."""
        return self.grid[-1]

    @property
    def before(self) -> int:
        """The grid point before D*, in units of 10^4 tokens."""
        return self.grid[-2]


MODELS = (
    Model("model_40m", "39.95M parameters", 3995, (16706, 19038, 21418), ("0.07", "0.05", "0.04"), "8.71"),
    Model("model_60m", "60.26M parameters", 6026, (21418, 23798, 26178), ("0.05", "0.04", "0.02"), "8.79"),
    Model("model_80m", "80.20M parameters", 8020, (26178, 28557, 30937), ("0.05", "0.04", "0.02"), "8.38"),
)
THRESHOLD, HALF_UNIT = sp.Rational("0.04"), sp.Rational("0.005")  # of the errors


def ratio(model: Model) -> sp.Rational:
    """N / D*^2 in 10^-10 per parameter and token squared."""
    return sp.Rational(model.parameters, model.least**2) * 10**10 / UNIT


def _printed_ratio(model: Model) -> Claim:
    size, data = model.parameters * UNIT, model.least * UNIT
    return Claim(
        id=f"{model.key}.ratio.printed",
        title=f"{model.name}: N / D*^2 is {model.ratio} x 10^-10",
        kind=Kind.NUMBER,
        lhs=sp.Abs(10**10 * parameters / tokens**2 - sp.Rational(model.ratio)),
        relation=LE,
        rhs=sp.Rational("0.005"),
        domain=Domain.of(Range(parameters, size, size), Range(tokens, data, data)),
        source=Source("Table 3, the ratios"),
        reading="to half a unit of the last printed digit",
    )


printed_ratios = tuple(map(_printed_ratio, MODELS))

spread = Claim(
    id="models.ratio.constant",
    title="the three ratios N / D*^2 are constant to 10%",
    kind=Kind.NUMBER,
    lhs=sp.Max(*map(ratio, MODELS)),
    relation=LE,
    rhs=sp.Rational(11, 10) * sp.Min(*map(ratio, MODELS)),
    domain=Domain(),
    source=Source("Table 3, approximately constant"),
    reading="approximately: the largest at most 1.1 times the smallest",
)

# The rule


def _stops(model: Model, relation: Relation, name: str) -> Claim:
    return Claim(
        id=f"{model.key}.{name}_rule.stops",
        title=f"{model.name}: the error at D* is {'below' if relation.strict else 'at most'} 0.04",
        kind=Kind.NUMBER,
        lhs=sp.Rational(model.errors[-1]),
        relation=relation,
        rhs=THRESHOLD,
        domain=Domain(),
        source=Source(f"Table 3, the rule with {relation.value}"),
        reading=PRINTED_ERRORS,
    )


def _waits(model: Model, relation: Relation, name: str) -> Claim:
    return Claim(
        id=f"{model.key}.{name}_rule.waits",
        title=f"{model.name}: no error before D* is {'below' if relation is LE else 'at most'} 0.04",
        kind=Kind.NUMBER,
        lhs=THRESHOLD,
        relation=relation,
        rhs=sp.Min(*map(sp.Rational, model.errors[:-1])),
        domain=Domain(),
        source=Source(f"Table 3, the rule with {'<' if relation is LE else '<='}"),
        reading=PRINTED_ERRORS,
    )


strict_rule = tuple(claim for model in MODELS for claim in (_stops(model, LT, "strict"), _waits(model, LE, "strict")))
weak_rule = tuple(claim for model in MODELS for claim in (_stops(model, LE, "weak"), _waits(model, LT, "weak")))

any_threshold = Claim(
    id="models.rule.any_threshold",
    title="every error at a D* is below every error before one, so some threshold picks them all",
    kind=Kind.NUMBER,
    lhs=sp.Max(*(sp.Rational(model.errors[-1]) for model in MODELS)),
    relation=LT,
    rhs=sp.Min(*(sp.Rational(error) for model in MODELS for error in model.errors[:-1])),
    domain=Domain(),
    source=Source("Table 3, the rule with any threshold"),
    reading=PRINTED_ERRORS,
)

unrounded = Claim(
    id="models.rule.unrounded",
    title="errors that all print as 0.04 let either rule pick every D*",
    lhs=u,
    relation=LT,
    rhs=v,
    domain=Domain(),
    exists=Domain.of(
        Range(u, THRESHOLD - HALF_UNIT, THRESHOLD, open_upper=True),
        Range(v, THRESHOLD, THRESHOLD + HALF_UNIT, open_lower=True, open_upper=True),
    ),
    source=OWN,
    reading="u at the first D*, v before the other two; 0.04 is printed for [0.035, 0.045)",
    witness=((u, sp.Rational("0.039")), (v, sp.Rational("0.041"))),
    steps=(Step(LT, sp.Rational("0.041"), Sight(sp.Rational("0.002")), "any two on either side of 0.04 do"),),
    amends=tuple(
        f"{key}.{rule}"
        for key, rule in (
            ("model_40m", "strict_rule.stops"),
            ("model_60m", "weak_rule.waits"),
            ("model_80m", "weak_rule.waits"),
            ("models", "rule.any_threshold"),
        )
    ),
)
