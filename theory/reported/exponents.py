"""Table 3: which exponents gamma of N = c D^gamma the grid of data sizes allows.

The unrounded D at which a model first meets the rule lies after the grid point before D* and at most at D*.  With
sizes relative to the first model and u = log c, each model gives two inequalities that are linear in gamma and u.  A
pair of models bounds gamma by a quotient of logarithms; the outer pair gives both ends of the interval, and every
exponent strictly between them is allowed.
"""

from collections import Counter

import sympy as sp

from theory.atoms import Quotient
from theory.claim import Claim, Kind, Relation, Source, Step
from theory.domain import Condition, Domain, Range
from theory.notation import growth, u
from theory.reported.data_sizes import MODELS, OWN, Model
from theory.rules import (
    Assume,
    Cancel,
    Combine,
    ExpTangent,
    ExtremumIntro,
    ExtremumMember,
    InversePositive,
    Justification,
    Product,
    Scale,
    Sight,
)

LT, LE = Relation.LT, Relation.LE
FIRST, SECOND, LAST = MODELS
LAW = "N = c D^gamma in units of the first model, u = log c"
ROOM = f"{LAW}; some u lies between the ends that the three models set"


def _logarithm(count: int, unit: int) -> sp.Expr:
    return sp.log(count) - sp.log(unit)


def size(model: Model) -> sp.Expr:
    """The logarithm of the model size, relative to the first model."""
    return _logarithm(model.parameters, FIRST.parameters)


def fitted(data: int) -> sp.Expr:
    """The logarithm of ``c D^gamma`` at a data size in units of 10^4 tokens."""
    return u + growth * _logarithm(data, FIRST.least)


def _too_few(model: Model) -> Condition:
    return Condition(fitted(model.before), LT, size(model))


def _enough(model: Model) -> Condition:
    return Condition(size(model), LE, fitted(model.least))


conditions = tuple(condition for model in MODELS for condition in (_too_few(model), _enough(model)))
allowed = Domain.everywhere(growth, u) & Domain(given=conditions)

# The ends of the interval

rise = size(LAST)
widest = _logarithm(LAST.least, FIRST.before)
narrowest = _logarithm(LAST.before, FIRST.least)
least, greatest = Quotient(rise, widest), Quotient(rise, narrowest)


def combined(powers: dict[int, int]) -> sp.Expr:
    """The logarithm of a product of powers, written as a sum."""
    return sp.Add(*(power * sp.log(base) for base, power in powers.items()))


def powers(*ratios: tuple[int, int, int]) -> dict[int, int]:
    """The exponents by base of a product of ``(over / under)**power``, given as ``(power, over, under)``."""
    found = Counter[int]()
    for power, over, under in ratios:
        found[over] += power
        found[under] -= power
    return dict(found)


def above_zero(powers: dict[int, int]) -> Justification:
    """``combined(powers) > 0`` from the tangent of the exponential: it is at least 1 less the inverse product."""
    inverse = sp.Mul(*(sp.Integer(base) ** -power for base, power in powers.items()))
    return Combine(((1, ExpTangent(-combined(powers))), (1, Sight(1 - inverse))))


def below(smaller: int, larger: int) -> Justification:
    """``0 < log(larger) - log(smaller)``."""
    return above_zero(powers((1, larger, smaller)))


widest_positive = below(FIRST.before, LAST.least)
narrowest_positive = below(FIRST.least, LAST.before)
number = {condition: place for place, condition in enumerate(conditions)}


def _given(condition: Condition) -> Assume:
    return Assume(number[condition])


def _divided(span: sp.Expr, positive_span: Justification, above: Justification, sign: int) -> Justification:
    """From ``sign (gamma span - rise) > 0`` to ``sign (gamma - rise/span) > 0``."""
    return Combine(
        (
            (1, Product(InversePositive(span, positive_span), above)),
            (-sign, Scale(growth, Cancel(span, positive_span))),
        )
    )


exponent_floor = Claim(
    id="models.exponent.floor",
    title="the exponent is above log(80.20/39.95) / log(309.37/190.38) = 1.435...",
    lhs=least,
    relation=LT,
    rhs=growth,
    domain=allowed,
    source=OWN,
    reading=LAW,
    amends=("models.exponent.two",),
    guards=(widest_positive,),
    steps=(
        Step(
            LT,
            growth,
            _divided(
                widest,
                widest_positive,
                Combine(((1, _given(_too_few(FIRST))), (1, _given(_enough(LAST))))),
                1,
            ),
            "the first model before its range, the last at the end of its own",
        ),
    ),
)

exponent_ceiling = Claim(
    id="models.exponent.ceiling",
    title="the exponent is below log(80.20/39.95) / log(285.57/214.18) = 2.422...",
    lhs=growth,
    relation=LT,
    rhs=greatest,
    domain=allowed,
    source=OWN,
    reading=LAW,
    amends=("models.exponent.two",),
    guards=(narrowest_positive,),
    steps=(
        Step(
            LT,
            greatest,
            _divided(
                narrowest,
                narrowest_positive,
                Combine(((1, _given(_enough(FIRST))), (1, _given(_too_few(LAST))))),
                -1,
            ),
            "the first model at the end of its range, the last before its own",
        ),
    ),
)

# Every exponent in the interval is allowed

inside = Domain.of(Range(growth, least, greatest, open_lower=True, open_upper=True))
lower_ends = tuple(size(model) - growth * _logarithm(model.least, FIRST.least) for model in MODELS)
upper_ends = tuple(size(model) - growth * _logarithm(model.before, FIRST.least) for model in MODELS)
chosen = sp.Max(*lower_ends)
some_constant = Condition(chosen, LT, sp.Min(*upper_ends))

exponent_positive = Combine(
    (
        (1, Sight(growth - least)),
        (1, Product(below(FIRST.parameters, LAST.parameters), InversePositive(widest, widest_positive))),
    )
)
past_least = Combine(  # gamma widest - rise > 0
    ((1, Product(widest_positive, Sight(growth - least))), (1, Scale(rise, Cancel(widest, widest_positive))))
)
short_of_greatest = Combine(  # rise - gamma narrowest > 0
    (
        (1, Product(narrowest_positive, Sight(greatest - growth))),
        (-1, Scale(rise, Cancel(narrowest, narrowest_positive))),
    )
)
# The share of the outer pair that bounds an inner pair, by the positions of the models with the lower and upper end.
SHARES = {(0, 1): sp.Rational(1, 2), (1, 2): sp.Rational(1, 3), (1, 0): sp.Rational(3, 5), (2, 1): sp.Rational(1, 2)}


def _room(low: int, high: int) -> Justification:
    """The lower end that one model sets is below the upper end that another sets."""
    one, other = MODELS[low], MODELS[high]
    if low == high:
        return Product(exponent_positive, below(one.before, one.least))
    sign, outer, ends = 1, short_of_greatest, (LAST.before, FIRST.least)
    if low > high:
        sign, outer, ends = -1, past_least, (LAST.least, FIRST.before)
    if {low, high} == {0, 2}:
        return outer
    share = SHARES[low, high]
    sizes = powers((share.q, other.parameters, one.parameters), (-sign * share.p, LAST.parameters, FIRST.parameters))
    spans = powers((share.q, one.least, other.before), (sign * share.p, *ends))
    weight = sp.Rational(1, share.q)
    return Combine(
        (
            (share, outer),
            (weight, above_zero(sizes)),
            (weight, Product(exponent_positive, above_zero(spans))),
        )
    )


def _below_upper_end(high: int) -> Justification:
    """The choice of u lies below the upper end that a model sets."""
    return ExtremumIntro(chosen, upper_ends[high], tuple(_room(low, high) for low in range(len(MODELS))))


every_exponent = Claim(
    id="models.exponent.attained",
    title="every exponent strictly between the two quotients is allowed, with some c",
    lhs=conditions[0].lhs,
    relation=LT,
    rhs=conditions[0].rhs,
    domain=inside,
    exists=Domain.everywhere(u) & Domain(given=conditions[1:]),
    source=OWN,
    reading=LAW,
    guards=(
        widest_positive,
        narrowest_positive,
        *(_below_upper_end(high) for high in (1, 2)),
        *(ExtremumMember(chosen, end) for end in lower_ends),
    ),
    witness=((u, chosen),),
    steps=(Step(LT, conditions[0].rhs, _below_upper_end(0), "nine pairs of models, the outer one sharp"),),
)

# Numbers

within_tenth = Claim(
    id="models.exponent.two",
    title="the grid tells the exponent: it is 2 to 10%",
    kind=Kind.NUMBER,
    lhs=sp.Abs(growth - 2),
    relation=LE,
    rhs=sp.Rational(1, 5),
    domain=Domain.everywhere(growth) & Domain.of(some_constant),
    source=Source("Table 3, the exponent"),
    reading=ROOM,
)


def _end(name: str, end: sp.Expr, value: str) -> Claim:
    return Claim(
        id=f"models.exponent.{name}_value",
        title=f"the {name} exponent that the grid allows is {value}",
        kind=Kind.NUMBER,
        lhs=sp.Abs(end - sp.Rational(value)),
        relation=LE,
        rhs=sp.Rational("0.0005"),
        domain=Domain(),
        source=OWN,
        reading="to half a unit of the last digit; the end itself is not allowed",
    )


end_values = (_end("least", least, "1.435"), _end("greatest", greatest, "2.423"))


def _allows(value: str, name: str) -> Claim:
    return Claim(
        id=f"models.exponent.allows_{name}",
        title=f"the grid allows the exponent {value}",
        kind=Kind.NUMBER,
        lhs=some_constant.lhs,
        relation=LT,
        rhs=some_constant.rhs,
        domain=Domain.of(Range(growth, sp.Rational(value), sp.Rational(value))),
        source=OWN,
        reading=ROOM,
    )


allowed_exponents = (_allows("1.5", "three_halves"), _allows("2", "two"), _allows("2.3", "2_3"))
