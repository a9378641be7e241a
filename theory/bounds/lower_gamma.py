"""Power-law ceiling of the lower incomplete gamma function.

On (0, r) the weight exp(-t) is at most 1; integrating it against t**(n - 1) leaves the power r**n / n.
"""

import sympy as sp

from theory.claim import Claim, Relation, Source, Step
from theory.domain import Domain, positive
from theory.notation import cutoff, dummy, order
from theory.rules import (
    Combine,
    ExpPositive,
    ExpTangent,
    GammaIntegral,
    IntegralMonotone,
    PowerIntegrable,
    PowerIntegral,
    PowerPositive,
    Product,
    Sight,
)

lower_gamma = sp.lowergamma(order, cutoff)  # unregularised
density = dummy ** (order - 1)
ends = (Sight(order), Sight(cutoff))

# exp(tau) >= 1 + tau >= 1, so 1 - exp(-tau) >= 0
exp_at_most_one = Product(
    ExpPositive(-dummy),
    Combine(((1, ExpTangent(dummy)), (1, Sight(dummy)))),
)
density_positive = PowerPositive(dummy, order - 1, Sight(dummy))

ceiling = Claim(
    id="lower_gamma.power.ceiling",
    title="power-law ceiling of the lower incomplete gamma function",
    lhs=lower_gamma,
    relation=Relation.LE,
    rhs=cutoff**order / order,
    domain=Domain.of(positive(order), positive(cutoff)),
    source=Source("Lemma 5, upper half"),
    steps=(
        Step(
            Relation.EQ,
            sp.Integral(density * sp.exp(-dummy), (dummy, 0, cutoff)),
            GammaIntegral(order, cutoff, *ends),
            "the definition",
        ),
        Step(
            Relation.LE,
            sp.Integral(density, (dummy, 0, cutoff)),
            IntegralMonotone(
                dummy,
                cutoff,
                nonnegative=Product(density_positive, ExpPositive(-dummy)),
                each=Product(density_positive, exp_at_most_one),
                finite=PowerIntegrable(order, cutoff, *ends),
            ),
            "the weight exp(-t) is at most 1",
        ),
        Step(
            Relation.EQ,
            cutoff**order / order,
            PowerIntegral(order, cutoff, *ends),
            "the power converges at 0 because the order is positive",
        ),
    ),
)
