"""Equations (13) and (14) as printed, for the partition function itself and for the number that (13) evaluates it to.

``Z_t`` is defined as the integral of ``exp(-g)`` over disjoint balls and evaluated by (13).  With v1's distance the
evaluation is right for balls of one radius; with v2's it has another order, cutoff and factor.
"""

import sympy as sp

from theory.atoms import Quotient
from theory.bounds.ball_mass import POWER, READING, volume
from theory.bounds.ball_volume import critical_radius
from theory.bounds.partition import (
    EQUAL,
    UNEQUAL,
    disjoint,
    equal_radii,
    mass,
    over_d,
    partition,
    radii_positive,
    voronoi,
)
from theory.claim import Claim, Relation, Source, Step
from theory.domain import Condition, Domain, Family, size
from theory.energies.nearest import over_n
from theory.notation import d, exponent, i, j, k, n, radii, radius, rho
from theory.rules import Assume, Combine, Generic, Justification, Lemma, Product, Scale, Sight, SumMonotone

LE, LT, EQ = Relation.LE, Relation.LT, Relation.EQ
VERSIONS = ("v2", "v1")


def evaluated(reach: sp.Expr) -> sp.Expr:
    """The integral over one ball as (12) prints it."""
    return 2 * sp.pi ** (n / 2) * sp.lowergamma(n, reach) / sp.gamma(n / 2)


def _suffix(version: str) -> str:
    return "" if version == "v2" else "_v1"


def printed(version: str) -> tuple[Claim, ...]:
    """(13) for balls of one radius and for balls of several, under Assumption 3."""
    own, common = sp.Sum(evaluated(radii[i]), over_d), d * evaluated(radius)
    one_radius = Claim(
        id=f"partition.balls.printed{_suffix(version)}",
        title="the partition function of a layer as a sum of incomplete gamma functions of order n at r",
        lhs=partition(version, radius),
        relation=EQ,
        rhs=common,
        domain=equal_radii,
        source=Source("(13)", version),
        reading=f"{READING[version]}; {EQUAL}",
        steps=()
        if version == "v2"
        else (
            Step(EQ, d * mass(version, radius), Lemma("partition.balls.equal_radii_v1"), "a sum of ball masses"),
            Step(EQ, common, Scale(d, Lemma("ball.mass.printed_v1")), "each is as printed"),
        ),
    )
    several = Claim(
        id=f"partition.balls.printed_any_radii{_suffix(version)}",
        title="the partition function of a layer as a sum of incomplete gamma functions of order n at r_i",
        lhs=partition(version, radii[i]),
        relation=EQ,
        rhs=own,
        domain=disjoint,
        source=Source("(13)", version),
        reading=f"{READING[version]}; {UNEQUAL}",
        guards=(radii_positive,),
    )
    return one_radius, several


printed_v2, printed_v1 = printed("v2"), printed("v1")

_true = d * sp.pi ** (n / 2) * sp.lowergamma(n / 2, radius**2) / sp.gamma(n / 2)
amended = Claim(
    id="partition.balls.squared_identity",
    title="balls of one radius: d incomplete gamma functions of order n/2 at r^2, and no factor 2",
    lhs=partition("v2", radius),
    relation=EQ,
    rhs=_true,
    domain=equal_radii,
    source=Source("(13), amended"),
    reading=f"{READING['v2']}; {EQUAL}",
    amends=("partition.balls.printed",),
    steps=(
        Step(EQ, d * mass("v2", radius), Lemma("partition.balls.equal_radii"), "a sum of ball masses"),
        Step(EQ, _true, Scale(d, Lemma("ball.mass.squared_identity")), "the exact ball mass"),
    ),
)


def own_radii(version: str) -> Claim:
    """What is true of (13) for balls of several radii: they must lie in their Voronoi cells."""
    value, exact = evaluated(radii[i]), "ball.mass.printed_v1"
    if version == "v2":
        value = sp.pi ** (n / 2) * sp.lowergamma(n / 2, radii[i] ** 2) / sp.gamma(n / 2)
        exact = "ball.mass.squared_identity"
    masses, values = sp.Sum(mass(version, radii[i]), over_d), sp.Sum(value, over_d)
    positive = Assume(0, (i,))
    one = Lemma(exact, ((radius, radii[i]),), (positive,))
    return Claim(
        id=f"partition.balls.own_radii_identity{_suffix(version)}",
        title="balls in their Voronoi cells: a sum of incomplete gamma functions of order "
        + ("n/2 at r_i^2, and no factor 2" if version == "v2" else "n at r_i"),
        lhs=partition(version, radii[i]),
        relation=EQ,
        rhs=values,
        domain=voronoi,
        source=Source("(13), amended", version),
        reading=f"{READING[version]}; {UNEQUAL}",
        amends=(f"partition.balls.printed_any_radii{_suffix(version)}",),
        guards=(radii_positive, Generic((over_d,), Product(positive, positive))),
        steps=(
            Step(EQ, masses, Lemma(f"partition.balls.identity{_suffix(version)}"), "a sum of ball masses"),
            Step(EQ, values, SumMonotone(i, 1, d, one), "the exact ball masses"),
        ),
    )


own_radii_v2, own_radii_v1 = own_radii("v2"), own_radii("v1")

# (14): r = sqrt(n/(2 pi e)), balls disjoint

there = {radius: critical_radius}
volume_there = volume.xreplace(there)
_at = ((radius, critical_radius),)
patterns_apart = Domain.of(
    size(d),
    size(n),
    Family(rho, (d, n)),
    Condition(
        (2 * critical_radius) ** 2,
        LT,
        sp.Sum((rho[j, k] - rho[i, k]) ** 2, over_n),
        (over_d, (j, i + 1, d)),
    ),
)
many = Domain.of(size(d), size(n))
DEFINED = "Z_t as defined: the integral of exp(-g) over disjoint balls of one radius"
EXACT = "Z_t as d times the exact ball mass, which it is for disjoint balls of one radius"
PRINTED = "Z_t as (13) prints it, d times an incomplete gamma function of order n at r"
_radius_weight, _square_weight = sp.exp(-critical_radius), sp.exp(-Quotient(n, 2 * sp.pi * sp.E))
WEIGHTS = {_radius_weight: "exp(-r)", _square_weight: "exp(-r^2)"}


def _half(
    role: str, upper: bool, version: str, reading: str, value: sp.Expr, weight: sp.Expr, domain: Domain,
    steps: tuple[Step, ...], amends: tuple[str, ...] = (),
) -> Claim:  # fmt: skip
    side = d * volume_there if upper else d * volume_there * weight
    return Claim(
        id=f"partition.critical.{role}_{'ceiling' if upper else 'floor'}{_suffix(version)}",
        title=f"at r = sqrt(n/(2 pi e)) the partition function is at {'most' if upper else 'least'} d times the volume"
        + ("" if upper else f" times {WEIGHTS[weight]}"),
        lhs=value if upper else side,
        relation=LE,
        rhs=side if upper else value,
        domain=domain,
        source=Source(f"(14), {'upper' if upper else 'lower'} half{', amended' if amends else ''}", version),
        reading=f"{READING[version]}; {reading}",
        steps=steps,
        amends=amends,
    )


def _brackets(version: str) -> tuple[Claim, ...]:
    power = sp.Integer(POWER[version])
    at = ((exponent, power), *_at)
    one, exact = mass(version, critical_radius), d * mass(version, critical_radius)
    defined = partition(version, critical_radius)
    low: Justification = Product(Sight(d), Lemma("ball.mass.floor", at))
    high: Justification = Product(Sight(d), Lemma("ball.mass.ceiling", at))
    as_sum = Lemma(f"partition.balls.equal_radii{_suffix(version)}", _at)
    claims = [
        _half("exact", True, version, EXACT, exact, one, many, (Step(LE, d * volume_there, high, "exp(-dist) <= 1"),)),
        _half(
            "defined", True, version, DEFINED, defined, one, patterns_apart,
            (Step(EQ, exact, as_sum, "a sum of ball masses"), Step(LE, d * volume_there, high, "exp(-dist) <= 1")),
        ),
        _half(
            "exact", False, version, EXACT, exact, _radius_weight, many,
            (Step(LE, exact, low, "exp(-dist) >= exp(-r)"),) if version == "v1" else (),
        ),
    ]  # fmt: skip
    if version == "v1":
        claims.append(
            _half(
                "defined", False, version, DEFINED, defined, _radius_weight, patterns_apart,
                (Step(LE, exact, low, "exp(-dist) >= exp(-r)"), Step(EQ, defined, as_sum, "a sum of ball masses")),
            )
        )  # fmt: skip
    return tuple(claims)


brackets_v2, brackets_v1 = _brackets("v2"), _brackets("v1")
_printed_value = d * evaluated(critical_radius)
_as_v1 = Scale(d, Lemma("ball.mass.printed_v1", _at))
_low = Product(Sight(d), Lemma("ball.mass.floor", ((exponent, sp.Integer(1)), *_at)))
_high = Product(Sight(d), Lemma("ball.mass.ceiling", ((exponent, sp.Integer(1)), *_at)))
printed_floor = _half(
    "printed", False, "v2", PRINTED, _printed_value, _radius_weight, many,
    (Step(LE, _printed_value, Combine(((1, _low), (1, _as_v1))), "(13) prints the mass for v1's distance"),),
)  # fmt: skip
printed_ceiling = _half(
    "printed", True, "v2", PRINTED, _printed_value, _radius_weight, many,
    (Step(LE, d * volume_there, Combine(((1, _high), (-1, _as_v1))), "(13) prints the mass for v1's distance"),),
)  # fmt: skip
_squared_low = Product(Sight(d), Lemma("ball.mass.floor", ((exponent, sp.Integer(2)), *_at)))
squared_floor = _half(
    "squared", False, "v2", DEFINED, partition("v2", critical_radius), _square_weight, patterns_apart,
    (
        Step(LE, d * mass("v2", critical_radius), _squared_low, "exp(-dist) >= exp(-r^2)"),
        Step(
            EQ,
            partition("v2", critical_radius),
            Lemma("partition.balls.equal_radii", _at),
            "a sum of ball masses",
        ),
    ),
    amends=("partition.critical.exact_floor", "partition.critical.defined_floor"),
)  # fmt: skip
