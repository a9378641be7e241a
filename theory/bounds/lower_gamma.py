"""Brackets of the lower incomplete gamma function, each from the sign of a derivative.

``gamma(a, c)`` has the derivative ``c**(a-1) exp(-c)`` in the cutoff and tends to 0 with it.  What tends to 0 with the
cutoff and grows with it is nonnegative.
"""

import sympy as sp

from theory.atoms import Quotient
from theory.claim import Claim, Relation, Source, Step
from theory.domain import Condition, Domain, positive
from theory.notation import cutoff, dummy, order
from theory.rules import (
    Cancel,
    Combine,
    DerivativeSign,
    ExpPositive,
    ExpTangent,
    Hypothesis,
    InversePositive,
    Justification,
    Lemma,
    Product,
    Scale,
    Sight,
)

LE, LT = Relation.LE, Relation.LT
arguments = Domain.of(positive(order), positive(cutoff))
below_order = arguments & Domain.of(Condition(cutoff, LT, order))

lower_gamma = sp.lowergamma(order, cutoff)  # unregularised, order first
along = sp.lowergamma(order, dummy)
density = dummy ** (order - 1)
weight = sp.exp(-dummy)

# exp(tau) >= 1 + tau >= 1, so 1 - exp(-tau) >= 0
weight_at_most_one = Product(ExpPositive(-dummy), Combine(((1, ExpTangent(dummy)), (1, Sight(dummy)))))
order_cancels = Cancel(order, Sight(order))  # a (1/a) = 1
cutoff_cancels = Cancel(dummy, Sight(dummy))


def grows(expr: sp.Expr, slope: Justification, strictly: bool = False) -> DerivativeSign:
    """``expr``, a function of ``dummy`` that vanishes at 0, is nonnegative at the cutoff because of its slope."""
    return DerivativeSign(expr, dummy, sp.Integer(0), None, slope, cutoff, Sight(cutoff), strictly)


floor_at_zero = Claim(
    id="lower_gamma.value.positive",
    title="the lower incomplete gamma function is positive",
    lhs=sp.Integer(0),
    relation=LT,
    rhs=lower_gamma,
    domain=arguments,
    source=Source("lemma", "", "Majorant"),
    steps=(Step(LT, lower_gamma, grows(along, Sight(density * weight), strictly=True), "its slope is positive"),),
)

ceiling = Claim(
    id="lower_gamma.power.ceiling",
    title="power-law ceiling of the lower incomplete gamma function",
    lhs=lower_gamma,
    relation=LE,
    rhs=cutoff**order / order,
    domain=arguments,
    source=Source("Lemma 5, upper half"),
    steps=(
        Step(
            LE,
            cutoff**order / order,
            grows(
                dummy**order / order - along,
                Combine(((1, Scale(density, order_cancels)), (1, Product(Sight(density), weight_at_most_one)))),
            ),
            "the slopes differ by the factor exp(-c), which is at most 1",
        ),
    ),
)

floor = Claim(
    id="lower_gamma.power.floor",
    title="power-law floor of the lower incomplete gamma function",
    lhs=sp.exp(-cutoff) * cutoff**order / order,
    relation=LE,
    rhs=lower_gamma,
    domain=arguments,
    source=Source("Lemma 5, lower half"),
    steps=(
        Step(
            LE,
            lower_gamma,
            grows(
                along - weight * dummy**order / order,
                Combine(
                    ((1, Sight(weight * dummy**order / order)), (-1, Scale(density * weight, order_cancels))),
                ),
            ),
            "the slope of the difference is exp(-c) c**a / a",
        ),
    ),
)

bracket_ceiling = Claim(
    id="lower_gamma.bracket.ceiling",
    title="a - c times the lower incomplete gamma function is at most c^a exp(-c)",
    lhs=(order - cutoff) * lower_gamma,
    relation=LE,
    rhs=cutoff**order * sp.exp(-cutoff),
    domain=arguments,
    source=Source("lemma", "", "Majorant"),
    steps=(
        Step(
            LE,
            cutoff**order * sp.exp(-cutoff),
            grows(
                dummy**order * weight - (order - dummy) * along,
                Combine(
                    (
                        (1, Lemma("lower_gamma.value.positive", ((cutoff, dummy),))),
                        (1, Scale(dummy**order * weight, cutoff_cancels)),
                    )
                ),
            ),
            "the slope of the difference is gamma(a, c) itself",
        ),
    ),
)

# With e = c/(a - c): beside (a - tau) gamma(a, tau) <= tau^a exp(-tau) stands tau <= e (a - tau) for tau up to c.
_excess = Quotient(cutoff, order - cutoff)
_room = Sight(order - cutoff)
_on_the_way = Hypothesis(cutoff - dummy)
_left = Combine(((1, _room), (1, _on_the_way)))  # a - tau > 0
_excess_cancels = Scale(cutoff, Cancel(order - cutoff, _room))  # e (a - c) = c
_excess_nonnegative = Product(Sight(cutoff), InversePositive(order - cutoff, _room))
_enough = Combine(  # e (a - tau) - tau = (e (a - c) - c) + (1 + e) (c - tau)
    ((1, _excess_cancels), (1, _on_the_way), (1, Product(_excess_nonnegative, _on_the_way)))
)
_slope = Combine(  # e tau^(a-1) exp(-tau) - gamma(a, tau), times (a - tau) / (a - tau)
    (
        (
            1,
            Product(
                InversePositive(order - dummy, _left),
                Combine(
                    (
                        (1, Lemma("lower_gamma.bracket.ceiling", ((cutoff, dummy),))),
                        (1, Product(Sight(density * weight), _enough)),
                        (1, Scale(dummy**order * weight, cutoff_cancels)),
                    )
                ),
            ),
        ),
        (-1, Scale(_excess * density * weight - along, Cancel(order - dummy, _left))),
        (-1, Scale(dummy**order * weight, cutoff_cancels)),
    )
)

bracket_floor = Claim(
    id="lower_gamma.bracket.floor",
    title="a - c + c/(a - c) times the lower incomplete gamma function is at least c^a exp(-c) for c < a",
    lhs=cutoff**order * sp.exp(-cutoff),
    relation=LE,
    rhs=(order - cutoff + _excess) * lower_gamma,
    domain=below_order,
    source=Source("lemma", "", "Majorant"),
    steps=(
        Step(
            LE,
            (order - cutoff + _excess) * lower_gamma,
            grows((order - dummy + _excess) * along - dummy**order * weight, _slope),
            "the slope of the difference is c^(a-1) exp(-c) e - gamma(a, c), where e = c/(a - c)",
        ),
    ),
)
