"""The partition function over disjoint balls: equation (13), and when it is a sum of ball masses.

A ball that reaches at most half the way to every other pattern lies in the Voronoi cell of its own.  There the nearest
pattern is its centre, so that ``exp(-g)`` is a function of the distance from it.  Balls of one radius that are disjoint
have this property; balls of several radii need not.
"""

import sympy as sp

from theory.atoms import BallUnion, RadialIntegral, RegionIntegral
from theory.bounds.ball_mass import POWER, READING
from theory.claim import Claim, Relation, Source, Step
from theory.domain import Condition, Domain, Family, positive, size
from theory.energies.nearest import nearest, squared_distance
from theory.notation import d, distance, i, j, k, n, radii, radius, rho, t, u, v, z
from theory.rules import (
    Antisymmetry,
    Assume,
    Combine,
    DisjointBalls,
    ExtremumIntro,
    ExtremumMember,
    Generic,
    Hypothesis,
    IntegerCases,
    Justification,
    Lemma,
    Product,
    RootCeiling,
    RootFloor,
    Scale,
    Square,
    SumMonotone,
)

LE, LT, EQ = Relation.LE, Relation.LT, Relation.EQ
q, BEYOND = distance, "Majorant"
HALF = sp.Rational(1, 2)
over_d, over_n = (i, 1, d), (k, 1, n)
pairs = (over_d, (j, i + 1, d))
EQUAL, UNEQUAL = "balls of one radius", "every ball has its own radius"


def apart(one: sp.Expr, two: sp.Expr) -> sp.Sum:
    """The squared distance of two patterns."""
    return sp.Sum((rho[one, k] - rho[two, k]) ** 2, over_n)


patterns = Domain.of(size(d), size(n), Family(rho, (d, n)))
equal_radii = patterns & Domain.of(positive(radius), Condition((2 * radius) ** 2, LT, apart(j, i), pairs))
own_radii = Domain.of(Family(radii, (d,)), Condition(0, LT, radii[i], (over_d,)))
disjoint = patterns & own_radii & Domain.of(Condition((radii[i] + radii[j]) ** 2, LT, apart(j, i), pairs))
voronoi = disjoint & Domain.of(
    Condition((2 * radii[i]) ** 2, LE, apart(j, i), pairs), Condition((2 * radii[j]) ** 2, LE, apart(j, i), pairs)
)
radii_positive = Generic((over_d,), Assume(0, (i,)))


def partition(version: str, reach: sp.Expr) -> RegionIntegral:
    """The integral of ``exp(-g)`` over the union of the balls; ``reach`` is the radius of ball i."""
    return RegionIntegral(sp.exp(-nearest(z, version)), z, BallUnion(rho, reach, (d, n), (i, k)))


def mass(version: str, reach: sp.Expr) -> RadialIntegral:
    """The integral of ``exp(-dist)`` over the ball around one pattern."""
    return RadialIntegral(sp.exp(-(q ** POWER[version])), q, n, reach)


# On ball i, with S_j = ||z - rho_j||^2 and S_i = q^2 <= r_i^2:
# 2 (S_j - q^2) = (||rho_j - rho_i||^2 - 4 r_i^2) + ||2 z - rho_i - rho_j||^2 + 4 (r_i^2 - q^2) - 2 (S_i - q^2).
_on_sphere = squared_distance(z) - q**2


def _farther(separated: Justification, reach: sp.Expr) -> Combine:
    left = Hypothesis(reach - q)
    return Combine(
        (
            (HALF, separated),
            (HALF, SumMonotone(k, 1, n, Square(2 * z[k] - rho[i, k] - rho[j, k]))),
            (2, Product(left, Combine(((1, left), (2, Hypothesis(q)))))),
            (-1, Hypothesis(_on_sphere, "==")),
        )
    )


def own_cell(reach: sp.Expr, first: int, second: int) -> IntegerCases:
    """On ball i no pattern is nearer than pattern i; the numbers are those of the conditions on r_i and on r_j."""
    return IntegerCases(
        t,
        squared_distance(z, t) - q**2,
        j,
        i,
        above=_farther(Assume(first, (i, j)), reach),
        below=_farther(Assume(second, (j, i)), reach),
        equal=Hypothesis(_on_sphere, "=="),
    )


def _nearest_is_own(version: str, reach: sp.Expr, first: int, second: int) -> Antisymmetry:
    """``g(z) = q**p`` on ball i, as ``-q**p + g = 0``."""
    g, cell, member = nearest(z, version), own_cell(reach, first, second), ExtremumMember(nearest(z, version), i)
    sphere = Hypothesis(_on_sphere, "==")
    if version == "v2":
        return Antisymmetry(ExtremumIntro(_renamed(g), q**2, (cell,)), Combine(((-1, sphere), (1, member))))
    others = RootFloor(squared_distance(z, j), q, cell)
    own = RootCeiling(squared_distance(z), q, Hypothesis(q), Scale(sp.Integer(-1), sphere))
    return Antisymmetry(ExtremumIntro(_renamed(g), q, (others,)), Combine(((1, own), (1, member))))


def _renamed(g: sp.Expr) -> sp.Expr:
    return g.func(g.args[0].xreplace({i: j}), (j, 1, d))


def over_balls(version: str, reach: sp.Expr, separated: int, first: int, second: int) -> DisjointBalls:
    """The partition function is the sum of the ball masses.

    The numbers are those of the conditions: the balls are disjoint, and r_i and r_j reach at most half the way.
    """
    power = POWER[version]
    equal = Lemma(
        "exponential.order.equal",
        at=((u, -(q**power)), (v, -nearest(z, version))),
        given=(Scale(sp.Integer(-1), _nearest_is_own(version, reach, first, second)),),
    )
    apart_ = Assume(separated, (i, j))
    return DisjointBalls(partition(version, reach), (i, j), q, sp.exp(-(q**power)), apart_, equal)


def identities(version: str) -> tuple[Claim, ...]:
    """The partition function as a sum of ball masses, for balls in their Voronoi cells and for balls of one radius."""
    suffix = "" if version == "v2" else "_v1"
    own, common = sp.Sum(mass(version, radii[i]), over_d), d * mass(version, radius)
    cells = Claim(
        id=f"partition.balls.identity{suffix}",
        title="disjoint balls in their Voronoi cells: the partition function is the sum of the ball masses",
        lhs=partition(version, radii[i]),
        relation=EQ,
        rhs=own,
        domain=voronoi,
        source=Source("10.4, the Voronoi condition", "", BEYOND),
        reading=READING[version],
        amends=(f"partition.balls.any_radii{suffix}",),
        guards=(radii_positive,),
        steps=(Step(EQ, own, over_balls(version, radii[i], 1, 2, 3), "on its ball every pattern is the nearest"),),
    )
    one_radius = Claim(
        id=f"partition.balls.equal_radii{suffix}",
        title="disjoint balls of one radius: the partition function is d times the ball mass",
        lhs=partition(version, radius),
        relation=EQ,
        rhs=common,
        domain=equal_radii,
        source=Source("10.4, equal radii", "", BEYOND),
        reading=READING[version],
        steps=(Step(EQ, common, over_balls(version, radius, 0, 0, 0), "on its ball every pattern is the nearest"),),
    )
    any_radii = Claim(
        id=f"partition.balls.any_radii{suffix}",
        title="disjoint balls of any radii: the partition function is the sum of the ball masses",
        lhs=partition(version, radii[i]),
        relation=EQ,
        rhs=own,
        domain=disjoint,
        source=Source("10.4, unequal radii", "", BEYOND),
        reading=READING[version],
    )
    return cells, one_radius, any_radii


identities_v2, identities_v1 = identities("v2"), identities("v1")
