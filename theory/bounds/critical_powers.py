"""The critical numbers of patterns as powers of the dimension: what Proposition 5 needs of them.

For the exact partition function they grow at least like ``n**(3/2)`` (indeed exponentially); for its upper bound
``d V_n(r)`` in (14) they grow like ``sqrt(n)``.  The dimension is ``n = T_max d_emb``.
"""

import sympy as sp

from theory.atoms import Quotient
from theory.bounds.ball_volume import error, volume_there
from theory.bounds.critical import PLAIN, SQUARED, Case, any_dimension, ratio, within_half
from theory.claim import Claim, Relation, Source, Step
from theory.domain import Domain, size
from theory.notation import context, n, width
from theory.rules import Combine, ExpTangent, Justification, Lemma, Product, Sight

LE, LT = Relation.LE, Relation.LT
T, w = context, width
HALF = sp.Rational(1, 2)
root = sp.sqrt(sp.pi * n)
LEMMA = Source("lemma", "", "Majorant")
counts = Domain.of(size(T), size(w))


def there(expr: sp.Expr) -> sp.Expr:
    """An expression in n at ``n = T_max d_emb``."""
    return expr.xreplace({n: T * w})


# Power laws below the critical numbers: exp(c) >= c for p = 2, exp(r) >= (r/2)^2 for p = 1

_one = sp.Integer(1)
_small = Lemma("patterns.critical.ratio_ceiling")
_c, _r = SQUARED.cutoff, PLAIN.cutoff
_beyond = Combine(((1, ExpTangent(_c)), (1, Sight(_one))))  # exp(c) - c
_squared_slack = Combine(  # (1 - 1/(pi e)) exp(c) - (5/6) c
    ((1, Product(Sight(sp.exp(_c)), _small)), (sp.Rational(5, 6), _beyond))
)
_half_root = Combine(((1, ExpTangent(_r / 2)), (1, Sight(_one))))  # exp(r/2) - r/2
_fourth = Product(_half_root, Combine(((1, _half_root), (1, Sight(_r)))))  # exp(r) - r^2/4
_plain_slack = Combine(  # (1 - r/n) exp(r) - r^2/8
    ((1, Product(Product(Sight(1 / n), within_half), Sight(sp.exp(_r)))), (HALF, _fourth))
)


def suffix(case: Case) -> str:
    """What an id ends in."""
    return "" if case.version == "v2" else "_v1"


def _power_floor(case: Case, least: sp.Expr, slack: Justification) -> Claim:
    return Claim(
        id=f"patterns.critical.power_floor{suffix(case)}",
        title="the critical number of patterns grows at least like n^(3/2)",
        lhs=least * ratio * n * root,
        relation=LE,
        rhs=case.number,
        domain=any_dimension,
        source=LEMMA,
        guards=(case.positive, Product(Sight(case.factor * sp.pi ** (n / 2)), case.positive)),
        steps=(
            Step(LE, case.leading, Product(Sight(root), slack), "the exponential exceeds its power"),
            Step(LE, case.number, Lemma(f"patterns.critical.floor{suffix(case)}"), "its floor"),
        ),
    )


LEAST = {"v2": sp.Rational(5, 12), "v1": sp.Rational(1, 16)}
power_floors = (_power_floor(SQUARED, LEAST["v2"], _squared_slack), _power_floor(PLAIN, LEAST["v1"], _plain_slack))

# The number of patterns for which the upper bound of (14) is 1

volume_number = Quotient(1, volume_there)
volume_floor = Claim(
    id="patterns.volume_count.floor",
    title="1/V_n(r) patterns are at least sqrt(pi n), at r = sqrt(n/(2 pi e))",
    lhs=root,
    relation=LE,
    rhs=volume_number,
    domain=any_dimension,
    source=Source("10.5, the upper bound of (14)", "", "Majorant"),
    steps=(
        Step(LE, volume_number, Product(Sight(root / volume_there), Lemma("ball.volume.critical_ceiling")), "inverses"),
    ),
)
volume_ceiling = Claim(
    id="patterns.volume_count.ceiling",
    title="1/V_n(r) patterns are at most sqrt(pi n) exp(1/(6 n)), at r = sqrt(n/(2 pi e))",
    lhs=volume_number,
    relation=LE,
    rhs=root * sp.exp(error),
    domain=any_dimension,
    source=Source("10.5, the upper bound of (14)", "", "Majorant"),
    steps=(
        Step(
            LE,
            root * sp.exp(error),
            Product(Sight(root * sp.exp(error) / volume_there), Lemma("ball.volume.critical_floor")),
            "inverses",
        ),
    ),
)


# Squares, at n = T_max d_emb

# T w - 1 = (T - 1) w + (w - 1)
_at = ((n, T * w),)
_counted = (Combine(((1, Product(Sight(T - 1), Sight(w))), (1, Sight(w - 1)))),)


def squared_floor(name: str, lemma: str, below: sp.Expr, number: sp.Expr, guards: tuple[Justification, ...]) -> Claim:
    """``below**2 <= number**2`` from ``0 <= below <= number``: number^2 - below^2 = (number - below)(... + 2 below)."""
    more = Lemma(lemma, _at, _counted)
    return Claim(
        id=f"patterns.{name}",
        title="the square of a critical number of patterns is at least a power of the dimension",
        lhs=there(below) ** 2,
        relation=LE,
        rhs=there(number) ** 2,
        domain=counts,
        source=LEMMA,
        guards=guards,
        steps=(
            Step(
                LE,
                there(number) ** 2,
                Combine(((1, Product(more, more)), (2, Product(Sight(there(below)), more)))),
                "squares keep the order of positive numbers",
            ),
        ),
    )


def _positive(case: Case, part: str, expr: sp.Expr, factor: sp.Expr) -> Claim:
    why = Lemma("lower_gamma.value.positive", tuple((v, there(value)) for v, value in case.at))
    return Claim(
        id=f"patterns.size.{part}_positive{suffix(case)}",
        title="what a critical number of patterns is divided by is positive",
        lhs=sp.Integer(0),
        relation=LT,
        rhs=there(expr),
        domain=counts,
        source=LEMMA,
        steps=(Step(LT, there(expr), Product(Sight(there(factor)), why), "an incomplete gamma function is positive"),),
    )


def _of_case(case: Case) -> tuple[Claim, ...]:
    factor = case.factor * sp.pi ** (n / 2)
    weight = _positive(case, "weight", factor * case.lower_gamma, factor)
    return weight, squared_floor(
        f"size.squared_floor{suffix(case)}",
        f"patterns.critical.power_floor{suffix(case)}",
        LEAST[case.version] * ratio * n * root,
        case.number,
        (Lemma(weight.id),),
    )


squares = (*_of_case(SQUARED), *_of_case(PLAIN))
volume_squared_floor = squared_floor(
    "volume_count.squared_floor", "patterns.volume_count.floor", root, volume_number, ()
)

# exp(t) <= 3/2 at t = 1/(3 n) <= 1/3, from exp(t) (1 - t) <= 1
_t = there(2 * error)
_within = Combine(
    (
        (sp.Rational(3, 2), Product(Sight(sp.exp(_t)), ExpTangent(-_t))),
        (HALF, Product(Sight(sp.exp(_t) / (T * w)), _counted[0])),
        (HALF, Sight(_one)),
    )
)
_less = Lemma("patterns.volume_count.ceiling", _at, _counted)
volume_squared_ceiling = Claim(
    id="patterns.volume_count.squared_ceiling",
    title="the square of 1/V_n(r) is at most 2 pi n",
    lhs=there(volume_number) ** 2,
    relation=LE,
    rhs=2 * sp.pi * T * w,
    domain=counts,
    source=LEMMA,
    steps=(
        Step(
            LE,
            sp.pi * T * w * sp.exp(_t),
            Product(_less, Combine(((1, _less), (2, Sight(there(1 / volume_there)))))),
            "squares keep the order of positive numbers",
        ),
        Step(LE, 2 * sp.pi * T * w, Product(Sight(sp.pi * T * w), _within), "exp(1/(3 n)) is at most 2"),
    ),
)
