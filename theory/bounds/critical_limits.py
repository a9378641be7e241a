"""The leading asymptotics of the critical number of patterns: two-sided, up to any eps, from some dimension on.

For p = 2 it grows like ``sqrt(pi n) (1 - 1/(pi e)) exp(n/(2 pi e))``, for p = 1 like ``sqrt(pi n) exp(r)`` with
r = sqrt(n/(2 pi e)).  For p = 2 the floor needs no eps: it is ``patterns.critical.floor``.
"""

import sympy as sp

from theory.atoms import Quotient
from theory.bounds.ball_mass import READING
from theory.bounds.ball_volume import critical_radius, error, half
from theory.bounds.critical import PLAIN, SQUARED, Case, any_dimension, ratio, within_half
from theory.claim import Claim, Relation, Source, Step
from theory.domain import Condition, Domain, positive
from theory.notation import bound, epsilon, n
from theory.rules import (
    Assume,
    Cancel,
    Combine,
    ExpTangent,
    InversePositive,
    Justification,
    Lemma,
    Product,
    RootCeiling,
    Scale,
    Sight,
)

LE = Relation.LE
eps, growth = epsilon, sp.exp(error)
_small = Lemma("patterns.critical.ratio_ceiling")
one = sp.Integer(1)

# With t = 1/(6 n) <= 1/6: exp(t) <= 1 + t exp(t), and exp(t) <= 6/5.
_tangent = Product(Sight(growth), ExpTangent(-error))
_capped = Combine(
    (
        (sp.Rational(6, 5), _tangent),
        (sp.Rational(1, 5), Product(Sight(growth / n), Sight(n - 1))),
    )
)


def _excess_small(case: Case, slack: Justification) -> Combine:
    """``2/n - c/(o - c)**2 >= 0``, where ``slack`` proves ``2 (o - c)**2 / n - c >= 0``."""
    gap = case.order - case.cutoff
    inverse = InversePositive(gap, case.room)
    twice = gap * Quotient(1, gap) + 1
    return Combine(((1, Product(Product(inverse, inverse), slack)), (-1, Scale(2 / n * twice, Cancel(gap, case.room)))))


# For p = 2 with rho = 1/(pi e): (n/2) ((1 - rho)^2 - rho); for p = 1: (2/n) ((n - r)^2 - n^2/4) + n/2 - r.
_EXCESS = {
    "v2": _excess_small(
        SQUARED, Product(Sight(half), Combine(((3, _small), (1, Sight(ratio**2)), (sp.Rational(1, 2), Sight(one)))))
    ),
    "v1": _excess_small(
        PLAIN,
        Combine(
            (
                (1, Product(Sight(2 / n), Product(within_half, Combine(((1, within_half), (1, Sight(n))))))),
                (1, within_half),
            )
        ),
    ),
}


def _claim(name: str, case: Case, title: str, lhs: sp.Expr, rhs: sp.Expr, witness: sp.Expr, *steps: Step) -> Claim:
    suffix = "" if case.version == "v2" else "_v1"
    return Claim(
        id=f"patterns.critical.limit_{name}{suffix}",
        title=title,
        lhs=lhs,
        relation=LE,
        rhs=rhs,
        domain=Domain.of(positive(eps)),
        exists=Domain.everywhere(bound),
        forall=Domain.of(*any_dimension.ranges, Condition(bound, LE, n)),
        witness=((bound, witness),),
        source=Source("10.5, leading asymptotics", "", "Majorant"),
        reading=READING[case.version],
        guards=(case.positive, Product(Sight(case.factor * sp.pi**half), case.positive), case.room),
        steps=steps,
    )


def _ceiling(case: Case, leading: sp.Expr, *more: Step) -> Claim:
    suffix = "" if case.version == "v2" else "_v1"
    bracket = case.leading * growth * (1 + case.excess)
    share_below_one = Product(Sight(1 / case.order), case.room)
    scale = Product(Sight(sp.sqrt(sp.pi * n) * sp.exp(case.cutoff)), share_below_one)
    within = Combine(  # 1 + eps - exp(t) (1 + excess)
        (
            (1, _tangent),
            (1, Product(Sight(growth), _EXCESS[case.version])),
            (1, Product(Sight(sp.Rational(13, 6) / n), _capped)),
            (1, Product(Sight(eps / n), Assume(0))),
        )
    )
    return _claim(
        "ceiling",
        case,
        "the critical number of patterns is at most 1 + eps times its leading term, from some dimension on",
        case.number,
        (1 + eps) * leading,
        Quotient(13, 5 * eps),
        Step(LE, bracket, Lemma(f"patterns.critical.ceiling{suffix}"), "its ceiling"),
        Step(LE, (1 + eps) * case.leading, Product(scale, within), "the error is at most 13/(5 n)"),
        *more,
    )


plain_leading = sp.sqrt(sp.pi * n) * sp.exp(critical_radius)
_within_eps = RootCeiling(  # r <= n eps, from r^2 <= n <= (n eps)^2
    PLAIN.cutoff.args[0],
    n * eps,
    Sight(n * eps),
    Combine(
        (
            (1, Product(Sight(n * eps**2), Assume(0))),
            (1, Product(Sight(half), _small)),
            (sp.Rational(11, 12), Sight(n)),
        )
    ),
)
squared_ceiling = _ceiling(SQUARED, SQUARED.leading)
plain_ceiling = _ceiling(
    PLAIN,
    plain_leading,
    Step(LE, (1 + eps) * plain_leading, Sight((1 + eps) * plain_leading * critical_radius / n), "1 - r/n is at most 1"),
)
plain_floor = _claim(
    "floor",
    PLAIN,
    "the critical number of patterns is at least 1 - eps times its leading term, from some dimension on",
    (1 - eps) * plain_leading,
    PLAIN.number,
    Quotient(1, eps**2),
    Step(LE, PLAIN.leading, Product(Sight(plain_leading / n), _within_eps), "r/n is at most eps"),
    Step(LE, PLAIN.number, Lemma("patterns.critical.floor_v1"), "its floor"),
)
