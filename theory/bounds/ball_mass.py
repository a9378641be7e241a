"""Ball mass: the integral of ``exp(-||x||^p)`` over the n-ball of radius r, with p = 2 in v2 and p = 1 in v1.

In polar coordinates it is the area of the unit sphere times ``integral of s**(n-1) exp(-s**p)`` over (0, r), which the
substitution ``t = s**p`` turns into an incomplete gamma function of order n/p at r**p.  Balls are moved to 0; that this
changes nothing is part of ``partition.balls.equal_radii``, of which a ball around one pattern is the case d = 1.
"""

import sympy as sp

from theory.atoms import Quotient, RadialIntegral
from theory.claim import Claim, Relation, Source, Step
from theory.domain import Domain, positive, size
from theory.notation import distance, dummy, exponent, n, radius, u, v
from theory.rules import (
    Antisymmetry,
    Cancel,
    Combine,
    DerivativeSign,
    ExpPositive,
    ExpTangent,
    Justification,
    Lemma,
    PolarCoordinates,
    Product,
    Scale,
    Sight,
)

LE, EQ = Relation.LE, Relation.EQ
p, q, r, s = exponent, distance, radius, dummy
BEYOND = "Majorant"
READING = {"v1": "dist = Euclidean distance", "v2": "dist = squared Euclidean distance"}
POWER = {"v1": 1, "v2": 2}

sphere_area = 2 * sp.pi ** (n / 2) / sp.gamma(n / 2)  # of the unit sphere of R^n
volume = sp.pi ** (n / 2) * r**n / sp.gamma(1 + n / 2)
any_ball = Domain.of(size(n), positive(r))
any_power = any_ball & Domain.of(positive(p))


def mass(power: sp.Expr, cutoff: sp.Expr = r) -> RadialIntegral:
    """The integral of ``exp(-||x||^power)`` over the ball of radius ``cutoff``; without unit, as r is."""
    return RadialIntegral(sp.exp(-(q**power)), q, n, cutoff)


def moment(body: sp.Expr, cutoff: sp.Expr = r) -> sp.Integral:
    """The integral of ``q**(n-1) * body`` over (0, cutoff)."""
    return sp.Integral(q ** (n - 1) * body, (q, 0, cutoff))


def polar(integral: RadialIntegral) -> PolarCoordinates:
    """Polar coordinates for an integral over a ball."""
    return PolarCoordinates(integral, Sight(integral.radius))


def grows(expr: sp.Expr, slope: Justification) -> DerivativeSign:
    """``expr``, a function of ``dummy`` that vanishes at 0, is nonnegative at the radius because of its slope."""
    return DerivativeSign(expr, s, sp.Integer(0), None, slope, r, Sight(r))


def same(expr: sp.Expr, flat: Justification, back: Justification) -> Antisymmetry:
    """``expr``, a function of ``dummy`` that vanishes at 0 and has the slope 0, is 0 at the radius."""
    return Antisymmetry(grows(expr, flat), grows(-expr, back))


n_cancels = Cancel(n, Sight(n))
shell = s ** (n - 1)

volume_identity = Claim(
    id="ball.volume.identity",
    title="the volume of the n-ball",
    lhs=RadialIntegral(sp.Integer(1), q, n, r),
    relation=EQ,
    rhs=volume,
    domain=any_ball,
    source=Source("ball bounds, the volume"),
    steps=(
        Step(
            EQ, sphere_area * moment(sp.Integer(1)), polar(RadialIntegral(sp.Integer(1), q, n, r)), "polar coordinates"
        ),
        Step(
            EQ,
            volume,
            Scale(
                sphere_area,
                same(s**n / n - moment(sp.Integer(1), s), Scale(shell, n_cancels), Scale(-shell, n_cancels)),
            ),
            "r^n / n has the slope r^(n-1), and Gamma(1 + n/2) = (n/2) Gamma(n/2)",
        ),
    ),
)

# With t = s^p the slope of gamma(n/p, s^p)/p is s^(n-1) exp(-s^p), once p (1/p) is 1 in the exponent and before it.
_plain = n * sp.log(s) - s**p
_scaled = Quotient(n, p) * p * sp.log(s) - s**p
_p_cancels = Cancel(p, Sight(p))


def _flat(sign: int) -> Combine:
    equal = Lemma("exponential.order.equal", at=((u, _scaled), (v, _plain)), given=(Scale(-n * sp.log(s), _p_cancels),))
    return Combine(((sign, Scale(1 / s, equal)), (-sign, Scale(sp.exp(_scaled) / s, _p_cancels))))


closed_form = 2 * sp.pi ** (n / 2) / (p * sp.gamma(n / 2)) * sp.lowergamma(n / p, r**p)

identity = Claim(
    id="ball.mass.identity",
    title="the integral of exp(-||x||^p) over a ball, for every p > 0",
    lhs=mass(p),
    relation=EQ,
    rhs=closed_form,
    domain=any_power,
    source=Source("10.4", "", BEYOND),
    steps=(
        Step(EQ, sphere_area * moment(sp.exp(-(q**p))), polar(mass(p)), "polar coordinates"),
        Step(
            EQ,
            closed_form,
            Scale(
                -sphere_area,
                same(moment(sp.exp(-(q**p)), s) - sp.lowergamma(n / p, s**p) / p, _flat(1), _flat(-1)),
            ),
            "both sides have the slope r^(n-1) exp(-r^p) and vanish at 0",
        ),
    ),
)


def printed(version: str) -> Claim:
    """(12) as printed, for the distance of a version."""
    rhs = 2 * sp.pi ** (n / 2) * sp.lowergamma(n, r) / sp.gamma(n / 2)
    true = Lemma("ball.mass.identity", at=((p, sp.Integer(1)),))
    return Claim(
        id="ball.mass.printed" + ("" if version == "v2" else "_v1"),
        title="the integral of exp(-dist) over a ball as an incomplete gamma function of order n at r",
        lhs=mass(sp.Integer(POWER[version])),
        relation=EQ,
        rhs=rhs,
        domain=any_ball,
        source=Source("(12)", version),
        reading=READING[version],
        steps=(Step(EQ, rhs, true, "the general identity at p = 1"),) if version == "v1" else (),
    )


printed_v2, printed_v1 = printed("v2"), printed("v1")

_squared = sp.pi ** (n / 2) * sp.lowergamma(n / 2, r**2) / sp.gamma(n / 2)
squared = Claim(
    id="ball.mass.squared_identity",
    title="the integral of exp(-||x||^2) over a ball: order n/2, cutoff r^2, and no factor 2",
    lhs=mass(sp.Integer(2)),
    relation=EQ,
    rhs=_squared,
    domain=any_ball,
    source=Source("(12), amended"),
    reading=READING["v2"],
    amends=("ball.mass.printed",),
    steps=(Step(EQ, _squared, Lemma("ball.mass.identity", at=((p, sp.Integer(2)),)), "the general identity at p = 2"),),
)

# exp(s^p) >= 1 + s^p >= 1
_at_most_one = Product(ExpPositive(-(s**p)), Combine(((1, ExpTangent(s**p)), (1, Sight(s**p)))))

ceiling = Claim(
    id="ball.mass.ceiling",
    title="the ball mass is at most the volume",
    lhs=mass(p),
    relation=LE,
    rhs=volume,
    domain=any_power,
    source=Source("10.4, upper bound", "", BEYOND),
    steps=(
        Step(EQ, sphere_area * moment(sp.exp(-(q**p))), polar(mass(p)), "polar coordinates"),
        Step(
            LE,
            volume,
            Product(
                Sight(sphere_area),
                grows(
                    s**n / n - moment(sp.exp(-(q**p)), s),
                    Combine(((1, Scale(shell, n_cancels)), (1, Product(Sight(shell), _at_most_one)))),
                ),
            ),
            "exp(-||x||^p) is at most 1",
        ),
    ),
)

floor = Claim(
    id="ball.mass.floor",
    title="the ball mass is at least exp(-r^p) times the volume",
    lhs=sp.exp(-(r**p)) * volume,
    relation=LE,
    rhs=mass(p),
    domain=any_power,
    source=Source("10.4, lower bound", "", BEYOND),
    steps=(
        Step(
            LE,
            sphere_area * moment(sp.exp(-(q**p))),
            Product(
                Sight(sphere_area),
                grows(
                    moment(sp.exp(-(q**p)), s) - sp.exp(-(s**p)) * s**n / n,
                    Combine(
                        (
                            (1, Sight(p * s ** (p - 1) * sp.exp(-(s**p)) * s**n / n)),
                            (-1, Scale(sp.exp(-(s**p)) * shell, n_cancels)),
                        )
                    ),
                ),
            ),
            "exp(-||x||^p) is at least exp(-r^p)",
        ),
        Step(EQ, mass(p), polar(mass(p)), "polar coordinates"),
    ),
)


def printed_bounds(version: str) -> tuple[Claim, ...]:
    """The ball bounds as printed, for the distance of a version."""
    power, suffix = sp.Integer(POWER[version]), "" if version == "v2" else "_v1"
    at = ((p, power),)
    low = Claim(
        id=f"ball.mass.printed_floor{suffix}",
        title="the integral of exp(-dist) over a ball is at least exp(-r) times the volume",
        lhs=sp.exp(-r) * volume,
        relation=LE,
        rhs=mass(power),
        domain=any_ball,
        source=Source("ball bounds, lower half", version),
        reading=READING[version],
        steps=(Step(LE, mass(power), Lemma("ball.mass.floor", at=at), "at p = 1"),) if version == "v1" else (),
    )
    high = Claim(
        id=f"ball.mass.printed_ceiling{suffix}",
        title="the integral of exp(-dist) over a ball is at most the volume",
        lhs=mass(power),
        relation=LE,
        rhs=volume,
        domain=any_ball,
        source=Source("ball bounds, upper half", version),
        reading=READING[version],
        steps=(Step(LE, volume, Lemma("ball.mass.ceiling", at=at), f"at p = {power}"),),
    )
    return low, high


bounds_v2, bounds_v1 = printed_bounds("v2"), printed_bounds("v1")

# The ball bounds for what (12) says that the integral is: v1's mass, whatever the distance

EVALUATED = "the integral as (12) evaluates it"
_plain_mass, _as_printed = ((p, sp.Integer(1)),), Lemma("ball.mass.printed_v1")
evaluated_floor = Claim(
    id="ball.mass.evaluated_floor",
    title="the integral of exp(-dist) over a ball is at least exp(-r) times the volume",
    lhs=sp.exp(-r) * volume,
    relation=LE,
    rhs=printed_v2.rhs,
    domain=any_ball,
    source=Source("ball bounds, lower half"),
    reading=f"{READING['v2']}; {EVALUATED}",
    steps=(
        Step(LE, mass(sp.Integer(1)), Lemma("ball.mass.floor", _plain_mass), "at p = 1"),
        Step(EQ, printed_v2.rhs, _as_printed, "(12) prints the mass for v1's distance"),
    ),
)
evaluated_ceiling = Claim(
    id="ball.mass.evaluated_ceiling",
    title="the integral of exp(-dist) over a ball is at most the volume",
    lhs=printed_v2.rhs,
    relation=LE,
    rhs=volume,
    domain=any_ball,
    source=Source("ball bounds, upper half"),
    reading=f"{READING['v2']}; {EVALUATED}",
    steps=(
        Step(EQ, mass(sp.Integer(1)), _as_printed, "(12) prints the mass for v1's distance"),
        Step(LE, volume, Lemma("ball.mass.ceiling", _plain_mass), "at p = 1"),
    ),
)

squared_floor = Claim(
    id="ball.mass.squared_floor",
    title="the integral of exp(-||x||^2) over a ball is at least exp(-r^2) times the volume",
    lhs=sp.exp(-(r**2)) * volume,
    relation=LE,
    rhs=mass(sp.Integer(2)),
    domain=any_ball,
    source=Source("ball bounds, lower half, amended"),
    reading=READING["v2"],
    amends=("ball.mass.printed_floor",),
    steps=(Step(LE, mass(sp.Integer(2)), Lemma("ball.mass.floor", at=((p, sp.Integer(2)),)), "at p = 2"),),
)
