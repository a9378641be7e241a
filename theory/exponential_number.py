"""Two bounds on the number e, from the tangent of the exponential at 0 squared five times."""

import sympy as sp

from theory.claim import Claim, Relation, Source, Step
from theory.domain import Domain
from theory.rules import Combine, ExpPositive, ExpTangent, Justification, Product, Sight

LE = Relation.LE
Q, one = sp.Rational, sp.Integer(1)
E_LEAST, E_MOST = Q(267, 100), Q(277, 100)


def squared(fact: Justification, bound: sp.Rational) -> Product:
    """``a**2 - bound**2 >= 0`` where ``fact`` proves ``a - bound >= 0``, for ``bound >= 0``."""
    return Product(fact, Combine(((1, fact), (2 * bound, Sight(one)))))


def _number(name: str, title: str, lhs: sp.Expr, rhs: sp.Expr, step: sp.Rational) -> Claim:
    """A bound on e from ``exp(step) >= 1 + step`` for a step of 1/32 up or down."""
    bound = 1 + step
    fact: Justification = ExpTangent(step)
    for _ in range(5):
        fact, bound = squared(fact, bound), bound**2
    inverse = Product(ExpPositive(one), fact)  # 1 - bound e, where bound is below exp(-1)
    why = ((1, fact), (bound - lhs, Sight(one))) if step > 0 else ((1 / bound, inverse), (rhs - 1 / bound, Sight(one)))
    return Claim(
        id=f"exponential.number.{name}",
        title=title,
        lhs=lhs,
        relation=LE,
        rhs=rhs,
        domain=Domain(),
        source=Source("lemma", "", "Majorant"),
        steps=(Step(LE, rhs, Combine(why), f"exp({step}) is at least {1 + step}"),),
    )


floor = _number("floor", "e is at least 2.67", E_LEAST, sp.E, Q(1, 32))
ceiling = _number("ceiling", "e is at most 2.77", sp.E, E_MOST, -Q(1, 32))
