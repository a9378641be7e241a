"""The rewritings of the array compiler, as claims; the tests take each of them through the kernel."""

import sympy as sp

from theory.atoms import LSE
from theory.claim import Claim, Relation, Source, Step
from theory.domain import Domain, Family, size
from theory.notation import d, i, j, k, n, u, x, y
from theory.rules import Identity

EQ = Relation.EQ
_over_n = (k, 1, n)
_vector = Domain.of(size(d), Family(x, (d,)))
_points = Domain.of(size(n), Family(x, (n,)), Family(y, (n,)))
_difference = sp.Sum((x[k] - y[k]) ** 2, _over_n)


def _identity(name: str, title: str, left: sp.Expr, right: sp.Expr, domain: Domain) -> Claim:
    return Claim(
        id=f"rewriting.{name}.identity",
        title=title,
        lhs=left,
        relation=EQ,
        rhs=right,
        domain=domain,
        source=Source("lemma", "", "Majorant"),
        steps=(Step(EQ, right, Identity(left, right), "one normal form"),),
    )


RULES = (
    _identity(
        "shift",
        "what does not depend on the index leaves an LSE",
        LSE(x[i] + u, (i, 1, d)),
        LSE(x[i], (i, 1, d)) + u,
        _vector & Domain.everywhere(u),
    ),
    _identity(
        "softmax",
        "a softmax sums to 1",
        sp.Sum(sp.exp(x[i] - LSE(x[j], (j, 1, d))), (i, 1, d)),
        sp.Integer(1),
        _vector,
    ),
    _identity(
        "expansion",
        "a squared distance is a product and two squared norms",
        _difference,
        sp.Sum(x[k] ** 2, _over_n) - 2 * sp.Sum(x[k] * y[k], _over_n) + sp.Sum(y[k] ** 2, _over_n),
        _points,
    ),
    _identity(
        "factor",
        "a factor that does not depend on the index leaves a sum",
        sp.Sum(u * x[i], (i, 1, d)),
        u * sp.Sum(x[i], (i, 1, d)),
        _vector & Domain.everywhere(u),
    ),
)
