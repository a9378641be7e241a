"""The negative LSE (remark in Appendix C): for n = 1 it is linear, from n = 2 on it is not convex."""

import sympy as sp

from theory.atoms import LSE
from theory.claim import Claim, Negation, Relation, Source, Step
from theory.domain import Domain, Family, Range, size
from theory.logsumexp import chord, mixed, over_i, over_j, reflected
from theory.notation import i, j, n, weight, x, y
from theory.rules import Combine, ExpTangent, Identity, Sight, SumMember, SumMonotone

LE, GT, EQ = Relation.LE, Relation.GT, Relation.EQ

_vectors_of_choice = Domain.of(Family(x, (n,)), Family(y, (n,)), Range(weight, 0, 1))

negative_not_convex = Claim(
    id="lse.negative.nonconvexity",
    title="the negative LSE is not convex, for every n",
    lhs=-mixed,
    relation=GT,
    rhs=-chord,
    domain=Domain.of(size(n)),
    exists=_vectors_of_choice,
    source=Source("Appendix C, remark on the negative LSE"),
    reading="for every n",
)

negative_convex_in_one = Claim(
    id="lse.negative.convexity_in_dimension_one",
    title="for n = 1 the negative LSE is linear, hence convex",
    lhs=(-mixed).subs(n, 1),
    relation=LE,
    rhs=(-chord).subs(n, 1),
    domain=Domain.of(Family(x, (1,)), Family(y, (1,)), Range(weight, 0, 1)),
    source=Source("Appendix C, remark on the negative LSE: its failure"),
    negates=Negation("lse.negative.nonconvexity", ((n, 1),)),
    steps=(
        Step(LE, (-chord).subs(n, 1), Identity((-mixed).subs(n, 1), (-chord).subs(n, 1)), "LSE of one entry is it"),
    ),
)

_deviation = sp.exp(i - j) - 1 - (i - j)
_rows = sp.Sum(sp.Sum(_deviation, over_j), over_i)
_above, _below = LSE(i, over_i), LSE(-i, over_i)

negative_not_convex_two = Claim(
    id="lse.negative.nonconvexity_from_two",
    title="the negative LSE is not convex for n >= 2",
    lhs=-mixed,
    relation=GT,
    rhs=-chord,
    domain=Domain.of(size(n, 2)),
    exists=_vectors_of_choice,
    witness=((x, ((i,), i)), (y, ((i,), -i)), (weight, sp.Rational(1, 2))),
    source=Source("Appendix C, remark on the negative LSE, amended"),
    amends=("lse.negative.nonconvexity",),
    steps=(
        Step(EQ, -sp.log(n), Identity(-LSE(0 * i, over_i), -sp.log(n)), "the midpoint of x and -x is 0"),
        Step(
            GT,
            -(_above + _below) / 2,
            Combine(
                (
                    (
                        sp.Rational(1, 2),
                        reflected(
                            2 * sp.log(n),
                            _above + _below,
                            Combine(
                                (
                                    (
                                        1,
                                        SumMember(_rows, sp.Integer(1), SumMonotone(j, 1, n, ExpTangent(i - j))),
                                    ),
                                    (
                                        1,
                                        SumMember(
                                            sp.Sum(_deviation.subs(i, 1), over_j), sp.Integer(2), ExpTangent(1 - j)
                                        ),
                                    ),
                                    (1, ExpTangent(sp.Integer(-1), nonzero=Sight(sp.Integer(1)))),
                                )
                            ),
                            strictly=True,
                        ),
                    ),
                )
            ),
            "exp(LSE(x) + LSE(-x)) = sum_ij exp(x_i - x_j) exceeds n^2: the tangent of exp, strict at i = 1, j = 2",
        ),
    ),
)
