"""How far LSE may bend: Hoeffding's lemma for symbolic n, from the variance along a step."""

import sympy as sp

from theory.atoms import LSE
from theory.claim import Claim, Relation, Step
from theory.domain import Condition, Domain
from theory.logsumexp import LEMMA, lse_x, lse_y, over_i, slope, two_vectors
from theory.notation import i, n, step, x, y
from theory.rules import Assume, Combine, DerivativeSign, ExpPositive, Identity, Product, Sight, Square, SumMonotone

LE = Relation.LE

low, high = sp.symbols("low high", real=True)
_direction = y[i] - x[i]
_along = LSE(x[i] + step * _direction, over_i)
_tilted = sp.exp(x[i] + step * _direction - _along)
_mean = sp.Sum(_tilted * _direction, over_i)
_bend = slope - _mean + step * (high - low) ** 2 / 4

# variance <= (high - mean)(mean - low) <= (high - low)**2 / 4
_variance = Combine(
    (
        (
            1,
            SumMonotone(
                i,
                1,
                n,
                Product(ExpPositive(x[i] + step * _direction - _along), Product(Assume(0, (i,)), Assume(1, (i,)))),
            ),
        ),
        (1, Square(_mean - (low + high) / 2)),
    )
)

curvature = Claim(
    id="lse.curvature.ceiling",
    title="LSE bends by at most an eighth of the squared spread of the step",
    lhs=lse_y,
    relation=LE,
    rhs=lse_x + slope + (high - low) ** 2 / 8,
    domain=two_vectors
    & Domain.everywhere(low, high)
    & Domain.of(Condition(low, LE, y[i] - x[i], forall=(over_i,)), Condition(y[i] - x[i], LE, high, forall=(over_i,))),
    source=LEMMA,
    steps=(
        Step(
            LE,
            lse_x + slope + (high - low) ** 2 / 8,
            DerivativeSign(
                lse_x + step * slope + step**2 * (high - low) ** 2 / 8 - _along,
                step,
                sp.Integer(0),
                at_start=Identity(lse_x, lse_x),
                slope=DerivativeSign(_bend, step, sp.Integer(0), Identity(slope, slope), _variance, step, Sight(step)),
                at=sp.Integer(1),
                beyond=Sight(sp.Integer(1)),
            ),
            "along the step the second derivative of LSE is a variance, at most a quarter of the squared spread",
        ),
    ),
)
