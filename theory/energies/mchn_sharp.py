"""How sharp the amended Propositions 2 and 3 are: cases that attain the bounds, or come as close as one likes."""

import sympy as sp

from theory.atoms import Quotient
from theory.claim import Claim, Relation, Source, Step
from theory.domain import Domain, Family, positive, size
from theory.energies.mchn import BEYOND, excess, largest, mchn, smallest, spread, two
from theory.energies.nearest import nearest
from theory.notation import beta, d, i, k, n, rho, u, v, x
from theory.rules import (
    Cancel,
    Combine,
    ExpPositive,
    ExpTangent,
    ExtremumMember,
    Identity,
    Lemma,
    Product,
    Scale,
    Sight,
)

LE, LT, GE, GT, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.GT, Relation.EQ
epsilon = sp.Symbol("epsilon", real=True)
sizes = Domain.of(size(d), size(n))
configuration = Domain.of(Family(rho, (d, n)), Family(x, (n,)))
at_zero = ((rho, ((i, k), sp.Integer(0))), (x, ((k,), sp.Integer(0))))
_difference = nearest(x) - 2 * mchn(x, two)

sharp_ceiling_attained = Claim(
    id="mchn.nearest.sharp_ceiling_attained",
    title="for every d and n some patterns and a point have g = 2 E_MCHN",
    lhs=_difference,
    relation=EQ,
    rhs=sp.Integer(0),
    domain=sizes,
    exists=configuration,
    witness=at_zero,
    source=Source("Proposition 3, upper half, sharpened: attained", "", BEYOND),
    reading="beta = 2",
    about="mchn.nearest.sharp_ceiling",
    steps=(Step(EQ, sp.Integer(0), Identity(sp.Integer(0), sp.Integer(0)), "all patterns and the point at 0"),),
)

one_sided_attained = Claim(
    id="mchn.layer_energy.one_sided_attained",
    title="for every d, n and beta some patterns and a point attain both ends of 10.2",
    lhs=excess,
    relation=EQ,
    rhs=spread,
    domain=sizes & Domain.of(positive(beta)),
    exists=configuration,
    witness=at_zero,
    source=Source("10.2, both ends attained", "", BEYOND),
    about="mchn.layer_energy.one_sided_ceiling",
    steps=(Step(EQ, sp.Integer(0), Identity(sp.Integer(0), sp.Integer(0)), "all patterns and the point at 0"),),
)


def _pair(expr: sp.Expr) -> sp.Expr:
    """An expression for two patterns on a line."""
    return expr.subs({d: 2, n: 1})


_two_on_a_line = Domain.of(Family(rho, (2, 1)), Family(x, (1,)))

# rho = (a, -a), x = a with a = 1 + 1/epsilon: g = 0 and 2 E_MCHN = log 2 - log(1 + exp(-4 a^2))
_a = 1 + Quotient(1, epsilon)
_far = 4 * _a**2
_tail = sp.exp(-_far)
_floor = _pair(smallest - largest - sp.log(d))

floor_approached = Claim(
    id="mchn.nearest.floor_approached",
    title="two patterns on a line come within any epsilon of the amended floor, with equal norms",
    lhs=_pair(_difference),
    relation=LT,
    rhs=_floor + epsilon,
    domain=Domain.of(positive(epsilon)),
    exists=_two_on_a_line,
    witness=((rho, ((i, k), (3 - 2 * i) * _a)), (x, ((k,), _a))),
    source=Source("Proposition 3, lower half, amended: approached", "", BEYOND),
    reading="beta = 2",
    about="mchn.nearest.floor",
    steps=(
        Step(
            LE,
            -_far / 2 + sp.log(sp.exp(_far / 2) + sp.exp(-_far / 2)) - sp.log(2),
            ExtremumMember(sp.Max(_far / 4, -3 * _far / 4, evaluate=False), _far / 4),
            "the point is a pattern, so g is at most 0",
        ),
        Step(
            LE,
            _tail - sp.log(2),
            Lemma(
                "exponential.order.reflected",
                at=((u, sp.log(sp.exp(_far / 2) + sp.exp(-_far / 2))), (v, _far / 2 + _tail)),
                given=(Product(ExpPositive(_far / 2), ExpTangent(_tail)),),
            ),
            "log(1 + y) <= y",
        ),
        Step(
            LT,
            epsilon - sp.log(2),
            Combine(
                (
                    (1, Product(Sight(epsilon), Product(ExpPositive(-_far), ExpTangent(_far)))),
                    (
                        1,
                        Product(
                            ExpPositive(-_far),
                            Combine(
                                (
                                    (1, Sight(5 * epsilon + 4 * Quotient(epsilon, epsilon**2))),
                                    (8, Cancel(epsilon, Sight(epsilon))),
                                    (7, Sight(sp.Integer(1))),
                                )
                            ),
                        ),
                    ),
                )
            ),
            "exp(-4 a^2) (1 + 4 a^2) <= 1 and epsilon (1 + 4 a^2) > 1",
        ),
    ),
)

# Both ends of 10.2 for two patterns of different norms, rho = (0, 1), at beta = 2: far to the left the excess tends to
# the spread, which is 1, far to the right to 0

_line = _pair(excess.subs(beta, 2))
_on_line = ((rho, ((i, k), i - 1)),)
_narrow = Domain.of(positive(epsilon))

one_sided_ceiling_approached = Claim(
    id="mchn.layer_energy.one_sided_ceiling_approached",
    title="two patterns of different norms come within any epsilon of the upper end of 10.2",
    lhs=_pair(spread) - epsilon,
    relation=LT,
    rhs=_line,
    domain=_narrow,
    exists=_two_on_a_line,
    witness=(*_on_line, (x, ((k,), sp.log(epsilon) / 2))),
    source=Source("10.2, upper half: approached", "", BEYOND),
    reading="beta = 2, patterns 0 and 1",
    about="mchn.layer_energy.one_sided_ceiling",
    steps=(
        Step(
            LT,
            1 - sp.log(1 + epsilon),
            Lemma(
                "exponential.order.reflected_strictly",
                at=((u, sp.log(1 + epsilon)), (v, epsilon)),
                given=(ExpTangent(epsilon, Sight(epsilon)),),
            ),
            "log(1 + epsilon) < epsilon",
        ),
        Step(
            LE,
            1 - sp.log(1 + epsilon) + sp.log(1 + epsilon * sp.exp(-1)),
            Lemma(
                "exponential.order.reflected",
                at=((u, sp.Integer(0)), (v, sp.log(1 + epsilon * sp.exp(-1)))),
                given=(Sight(epsilon * sp.exp(-1)),),
            ),
            "log(1 + epsilon / e) is nonnegative",
        ),
    ),
)

_tall = sp.exp(1) / epsilon

one_sided_floor_approached = Claim(
    id="mchn.layer_energy.one_sided_floor_approached",
    title="two patterns of different norms come within any epsilon of the lower end of 10.2",
    lhs=_line,
    relation=LT,
    rhs=epsilon,
    domain=_narrow,
    exists=_two_on_a_line,
    witness=(*_on_line, (x, ((k,), (1 - sp.log(epsilon)) / 2))),
    source=Source("10.2, lower half: approached", "", BEYOND),
    reading="beta = 2, patterns 0 and 1",
    about="mchn.layer_energy.one_sided_floor",
    steps=(
        Step(
            LT,
            epsilon,
            Lemma(
                "exponential.order.reflected_strictly",
                at=((u, 1 + sp.log(1 + 1 / epsilon)), (v, epsilon + sp.log(1 + _tall))),
                given=(
                    Combine(
                        (
                            (1, Product(Sight(1 + _tall), ExpTangent(epsilon, Sight(epsilon)))),
                            (1, Sight(1 + epsilon)),
                            (1, Scale(sp.exp(1), Cancel(epsilon, Sight(epsilon)))),
                        )
                    ),
                ),
            ),
            "e (1 + 1/epsilon) < exp(epsilon) (1 + e/epsilon), from exp(epsilon) > 1 + epsilon",
        ),
    ),
)
