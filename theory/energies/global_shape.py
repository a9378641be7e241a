"""The global energy is not convex (after (7)).

With ``E_t`` as printed it never is: on a segment whose middle is a pattern and whose ends are far away, every layer
function is small at the ends.  In the reading ``E_t = g_t`` it depends on the patterns.
"""

import sympy as sp

from theory.atoms import IndexMax, IndexMin, Quotient
from theory.claim import Claim, Negation, Relation, Source, Step
from theory.domain import Condition, Domain, Family, Range, size
from theory.energies import layers
from theory.energies.global_energy import ANY, combined
from theory.energies.layers import over_layers, over_members, over_n, partition, printed_energy
from theory.energies.nearest import nearest
from theory.notation import bound, d, energies, i, j, k, l, n, rho, rho_t, sizes, t, u, v, weight, x, y
from theory.rules import (
    Assume,
    Cancel,
    Combine,
    ExpPositive,
    ExpTangent,
    ExtremumIntro,
    ExtremumMember,
    Generic,
    InversePositive,
    Lemma,
    Product,
    Scale,
    Sight,
    Square,
    SumMonotone,
)

LE, LT, GE, GT, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.GT, Relation.EQ
LEMMA = Source("lemma", "", "Majorant")
half = sp.Rational(1, 2)

# Two bounds for any layer energies

_stack = Domain.of(size(l), Family(energies, (l,)), Range(bound))


def _uniform(name: str, relation: Relation, title: str) -> Claim:
    """The global energy is below (above) b - log l if every layer energy is below (above) b."""
    below = relation is LT
    condition = (
        Condition(energies[t], LT, bound, forall=(over_layers,))
        if below
        else Condition(bound, LT, energies[t], forall=(over_layers,))
    )
    low, high = (-bound, -energies[t]) if below else (-energies[t], -bound)
    each = Lemma("exponential.order.kept_strictly", at=((u, low), (v, high)), given=(Assume(0, (t,)),))
    total = sp.log(l) - bound
    exponent = -combined(energies[t])
    ends = ((u, total), (v, exponent)) if below else ((u, exponent), (v, total))
    sides = (combined(energies[t]), bound - sp.log(l)) if below else (bound - sp.log(l), combined(energies[t]))
    return Claim(
        id=f"global.energy.{name}",
        title=title,
        lhs=sides[0],
        relation=LT,
        rhs=sides[1],
        domain=_stack & Domain.of(condition),
        source=LEMMA,
        reading=ANY,
        steps=(
            Step(
                LT,
                sides[1],
                Lemma("exponential.order.reflected_strictly", at=ends, given=(SumMonotone(t, 1, l, each),)),
                "l terms, each strictly on one side of exp(-b)",
            ),
        ),
    )


uniform_ceiling = _uniform("uniform_ceiling", LT, "layer energies below b put the global energy below b - log l")
uniform_floor = _uniform("uniform_floor", GT, "layer energies above b put the global energy above b - log l")

# Not convex: the middle of the segment is the first pattern of the first layer

centre = rho_t[1, 1, k]
spread = IndexMax(IndexMax(sp.Sum((centre - rho_t[t, j, k]) ** 2, over_n), over_members), over_layers)
least_partition = IndexMin(partition, over_layers)


def _moved(expr: sp.Expr, shift: sp.Expr) -> sp.Expr:
    """An expression in x at the first pattern of the first layer, every coordinate shifted."""
    return expr.replace(lambda e: e == x[k], lambda _: centre + shift)


printed = printed_energy(x)
E_global = combined(printed)
height = _moved(E_global, sp.Integer(0)) + sp.log(l)  # positive: every layer function is
reach = Quotient(1, height * least_partition)
distance = 1 + spread + reach

_partition_positive = Sight(partition)
_least_positive = ExtremumIntro(least_partition, sp.Integer(0), (_partition_positive,))
_height_positive = Lemma(
    "global.energy.uniform_floor",
    at=((energies, ((t,), _moved(printed, sp.Integer(0)))), (bound, sp.Integer(0))),
    given=(
        Generic(
            (over_layers,),
            Product(
                ExpPositive(-_moved(layers.nearest(x), sp.Integer(0))), InversePositive(partition, _partition_positive)
            ),
        ),
    ),
)
_unit = height * least_partition
_unit_positive = Product(_height_positive, _least_positive)
_reach_positive = InversePositive(_unit, _unit_positive)
_spread_nonnegative = Combine(
    (
        (1, ExtremumMember(spread, sp.Integer(1))),
        (1, ExtremumMember(IndexMax(sp.Sum((centre - rho_t[1, j, k]) ** 2, over_n), (j, 1, sizes[1])), sp.Integer(1))),
    )
)


def _far(sign: int) -> Lemma:
    """At distance ``sign * distance`` in every coordinate the global energy is below that in the middle."""
    shift = sign * distance
    g = _moved(layers.nearest(x), shift)
    squares = SumMonotone(k, 1, n, Square(shift + 2 * (centre - rho_t[t, j, k])))
    within = Combine(
        (
            (1, ExtremumMember(spread, t)),
            (1, ExtremumMember(IndexMax(sp.Sum((centre - rho_t[t, j, k]) ** 2, over_n), over_members), j)),
        )
    )
    # n s^2 / 2 >= s^2 / 2 = (1 + A)^2 / 2 >= A with A = spread + reach
    room = Product(Sight(n - 1), Square(distance))
    above = ExtremumIntro(
        g,
        reach,
        (
            Combine(
                (
                    (half, squares),
                    (1, within),
                    (half, room),
                    (half, Square(spread + reach)),
                    (half, Sight(sp.Integer(1))),
                )
            ),
        ),
    )
    # exp(-g) <= exp(-reach) < height * least partition <= height * Z_t
    falls = Lemma("exponential.order.kept", at=((u, -g), (v, -reach)), given=(above,))
    tail = Combine(
        (
            (
                1,
                Product(
                    _unit_positive,
                    Product(ExpPositive(-reach), Combine(((1, ExpTangent(reach)), (1, Sight(sp.Integer(1)))))),
                ),
            ),
            (1, Scale(sp.exp(-reach), Cancel(_unit, _unit_positive))),
        )
    )
    wide = Product(_height_positive, ExtremumMember(least_partition, t))
    small = Product(InversePositive(partition, _partition_positive), Combine(((1, falls), (1, tail), (1, wide))))
    return Lemma(
        "global.energy.uniform_ceiling",
        at=((energies, ((t,), _moved(printed, shift))), (bound, height)),
        given=(
            Generic(
                (over_layers,),
                Combine(((1, small), (-1, Scale(height, Cancel(partition, _partition_positive))))),
            ),
        ),
    )


_segment = Domain.of(Family(x, (n,)), Family(y, (n,)), Range(weight, 0, 1))


def _mixed(expr: sp.Expr) -> sp.Expr:
    return expr.replace(lambda e: e == x[k], lambda _: weight * x[k] + (1 - weight) * y[k])


def _at_y(expr: sp.Expr) -> sp.Expr:
    return expr.replace(lambda e: e == x[k], lambda _: y[k])


nonconvexity = Claim(
    id="global.energy.nonconvexity",
    title="the global energy is not convex, for any layers, patterns and radius",
    lhs=_mixed(E_global),
    relation=GT,
    rhs=weight * E_global + (1 - weight) * _at_y(E_global),
    domain=layers.layered,
    exists=_segment,
    witness=((x, ((k,), centre + distance)), (y, ((k,), centre - distance)), (weight, half)),
    source=Source("(7), not convex"),
    reading=f"{layers.AS_PRINTED}; on R^n",
    guards=(Generic((), _unit_positive),),
    steps=(
        Step(
            GT,
            half * _moved(E_global, distance) + half * _moved(E_global, -distance),
            Combine(((half, _far(1)), (half, _far(-1)))),
            "far away every layer function is small, and the global energy close to -log l; on the pattern it is not",
        ),
    ),
)

# In the reading E_t = g_t one layer with one pattern is convex

_distance_energy = combined(layers.nearest(x))


_layered_patterns = Domain.of(
    size(l), size(n), Family(sizes, (l,), lower=1), Family(rho_t, (l, sizes[t], n), indices=(t, j, k))
)

nonconvexity_distance = Claim(
    id="global.energy.nonconvexity_distance",
    title="the global energy is not convex, for any layers and patterns",
    lhs=_mixed(_distance_energy),
    relation=GT,
    rhs=weight * _distance_energy + (1 - weight) * _at_y(_distance_energy),
    domain=_layered_patterns,
    exists=_segment,
    source=Source("(7), not convex"),
    reading=f"{layers.AS_DISTANCE}; on R^n",
)

_simple = sp.Sum((x[k] - rho_t[1, 1, k]) ** 2, over_n)
_with_mixture = Domain.of(size(n), Family(rho_t, (1, 1, n)), Family(x, (n,)), Family(y, (n,)), Range(weight, 0, 1))

convex_with_one_pattern = Claim(
    id="global.energy.convexity_with_one_pattern",
    title="one layer with one pattern: the global energy is a squared distance, hence convex",
    lhs=_mixed(_simple),
    relation=LE,
    rhs=weight * _simple + (1 - weight) * _at_y(_simple),
    domain=_with_mixture,
    source=Source("(7), not convex: its failure"),
    reading=layers.AS_DISTANCE,
    negates=Negation("global.energy.nonconvexity_distance", ((l, sp.Integer(1)), (sizes, ((t,), sp.Integer(1))))),
    steps=(
        Step(
            LE,
            weight * _simple + (1 - weight) * _at_y(_simple),
            Product(Product(Sight(weight), Sight(1 - weight)), SumMonotone(k, 1, n, Square(x[k] - y[k]))),
            "the chord exceeds the parabola by w (1 - w) ||x - y||^2",
        ),
    ),
)


def _to_pattern(number: int) -> sp.Expr:
    """The nearest distance of a pattern, which is 0."""
    return IndexMin(sp.Sum((rho[number, k] - rho[i, k]) ** 2, over_n), (i, 1, d))


_middle = sp.Sum(((rho[1, k] + rho[2, k]) / 2 - rho[i, k]) ** 2, over_n)

nonconvexity_with_two = Claim(
    id="global.energy.nonconvexity_with_two_patterns",
    title="one layer is not convex if two of its patterns have a middle that is no pattern",
    lhs=_mixed(nearest(x)),
    relation=GT,
    rhs=weight * nearest(x) + (1 - weight) * nearest(y),
    domain=Domain.of(
        size(n), size(d, 2), Family(rho, (d, n)), Condition(sp.Integer(0), LT, _middle, forall=((i, 1, d),))
    ),
    exists=_segment,
    witness=((x, ((k,), rho[1, k])), (y, ((k,), rho[2, k])), (weight, half)),
    source=Source("(7), not convex, amended"),
    reading=f"{layers.AS_DISTANCE}; on R^n",
    amends=("global.energy.nonconvexity_distance",),
    steps=(
        Step(
            GT,
            sp.Integer(0),
            ExtremumIntro(IndexMin(_middle, (i, 1, d)), sp.Integer(0), (Assume(0, (i,)),)),
            "the middle has a positive distance to every pattern",
        ),
        Step(
            GE,
            half * _to_pattern(1) + half * _to_pattern(2),
            Combine(
                (
                    (half, ExtremumMember(_to_pattern(1), sp.Integer(1))),
                    (half, ExtremumMember(_to_pattern(2), sp.Integer(2))),
                )
            ),
            "a pattern has distance 0 to itself",
        ),
    ),
)
