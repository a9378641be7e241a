"""The loss over disjoint balls of one radius (theorem 10.6): closed forms and bounds.

Omega is d balls, so that Z is d ball masses and ``|Omega|`` d volumes.  The loss then depends on the patterns through
their number, the dimension and the radius alone, up to bounds where E_t is as printed.
"""

import sympy as sp

from theory.atoms import RadialIntegral, RegionIntegral
from theory.bounds.ball_mass import POWER, READING, grows, mass, moment, polar, sphere_area
from theory.bounds.ball_mass import volume as ball_volume
from theory.bounds.cross_entropy import BEYOND, READINGS, anywhere, energy, loss, nearest, partition
from theory.bounds.cross_entropy_one_layer import Sides
from theory.bounds.partition import equal_radii, own_cell
from theory.claim import Claim, Relation, Step
from theory.energies.nearest import omega, squared_distance, volume
from theory.logarithm import order, same
from theory.logsumexp import kept
from theory.notation import d, distance, dummy, i, j, k, n, radius, u, v, x, z
from theory.rules import (
    Antisymmetry,
    Assume,
    Cancel,
    Combine,
    DisjointBalls,
    ExtremumIntro,
    ExtremumMember,
    Hypothesis,
    Identity,
    InversePositive,
    Justification,
    Lemma,
    Product,
    RegionMonotone,
    RootCeiling,
    RootFloor,
    Scale,
    Sight,
)

LE, EQ = Relation.LE, Relation.EQ
q, r, s = distance, radius, dummy
one = sp.Integer(1)
all_balls = d * ball_volume
suffix = {"v2": "", "v1": "_v1"}


def over_balls(body: sp.Expr, profile: sp.Expr, equal: Justification) -> DisjointBalls:
    """The integral of the body over Omega is d times that of the profile over one ball."""
    return DisjointBalls(RegionIntegral(body, z, omega), (i, j), q, profile, Assume(0, (i, j)), equal)


def ball(profile: sp.Expr) -> RadialIntegral:
    """The integral of a function of the distance over one ball."""
    return RadialIntegral(profile, q, n, r)


def _claim(name: str, role: str, version: str, title: str, sides: Sides, *steps: Step) -> Claim:
    return Claim(
        id=f"cross_entropy.{name}.{role}{suffix[version]}",
        title=f"disjoint balls: {title}",
        lhs=sides[0],
        relation=sides[1],
        rhs=sides[2],
        domain=equal_radii,
        source=BEYOND,
        reading=f"{READINGS[name].says}; {READING[version]}; one layer",
        guards=(masses_positive(version), mass_positive(version)),
        steps=steps,
    )


volume_identity = Claim(
    id="balls.volume.identity",
    title="the volume of Omega is that of d balls",
    lhs=volume,
    relation=EQ,
    rhs=all_balls,
    domain=equal_radii,
    source=BEYOND,
    steps=(
        Step(EQ, d * ball(one), over_balls(one, one, Identity(one, one)), "the balls are disjoint"),
        Step(EQ, all_balls, Scale(d, Lemma("ball.volume.identity")), "the volume of a ball"),
    ),
)
log_volume = same(volume, all_balls, Lemma(volume_identity.id))  # of Omega

# E_t = g_t, and with log Z_t added: the loss is the log of d ball masses


def masses(version: str) -> sp.Expr:
    """d times the mass of a ball, which is Z."""
    return d * mass(sp.Integer(POWER[version]))


def _summed(version: str) -> Lemma:
    """Z is d ball masses."""
    return Lemma(f"partition.balls.equal_radii{suffix[version]}")


def masses_positive(version: str) -> Combine:
    return Combine(((1, _summed(version)), (1, Sight(partition(version)))))


def mass_positive(version: str) -> Product:
    return Product(InversePositive(d, Sight(d)), masses_positive(version))


def _value(name: str, version: str) -> Claim:
    log_masses = sp.log(masses(version))
    return _claim(
        name,
        "value",
        version,
        "the loss is the log of d ball masses",
        (loss(name, version), EQ, log_masses),
        Step(EQ, sp.log(partition(version)), Lemma(f"cross_entropy.{name}.identity{suffix[version]}"), "it is log Z"),
        Step(
            EQ,
            log_masses,
            same(partition(version), masses(version), _summed(version), masses_positive(version)),
            "on its ball every pattern is the nearest",
        ),
    )


# E_t as printed: on Omega it is at least exp(-r^p)/Z, and its average there is 1/|Omega|

_on_sphere = squared_distance(z) - q**2


def _distance_on_ball(version: str) -> Antisymmetry:
    """``q**p - g = 0`` on ball i."""
    g, cell = nearest(anywhere, version), own_cell(r, 0, 0)
    sphere = Hypothesis(_on_sphere, "==")
    own: Justification = Scale(-one, sphere)
    others: Justification = cell
    if version == "v1":
        own = RootCeiling(squared_distance(z), q, Hypothesis(q), own)
        others = RootFloor(squared_distance(z, j), q, cell)
    return Antisymmetry(
        ExtremumIntro(g, q ** POWER[version], (others,)), Combine(((1, own), (1, ExtremumMember(g, i))))
    )


def weight_on_ball(version: str) -> Lemma:
    """``exp(-q**p) = exp(-g)`` on ball i."""
    return _equal(-(q ** POWER[version]), -nearest(anywhere, version), Scale(-one, _distance_on_ball(version)))


def _equal(low: sp.Expr, high: sp.Expr, proof: Justification) -> Lemma:
    return Lemma("exponential.order.equal", at=((u, low), (v, high)), given=(proof,))


def _smaller(version: str) -> Combine:
    """``Z_theta <= |Omega| exp(-exp(-r^p)/Z)``: both over d balls, and there in polar coordinates."""
    power, Z = POWER[version], partition(version)
    E = energy("printed_energy", anywhere, version)

    def at(reach: sp.Expr) -> sp.Expr:
        return sp.exp(-(reach**power)) / Z

    shorter: Justification = Hypothesis(r - s)
    if version == "v2":
        shorter = Product(shorter, Combine(((1, shorter), (2, Sight(s)))))  # (r - s) (r + s)
    below = Product(InversePositive(Z, Sight(Z)), kept(-(r**power), -(s**power), shorter))
    rising = grows(
        sp.exp(-at(r)) * moment(one, s) - moment(sp.exp(-at(q)), s),
        Product(Sight(s ** (n - 1)), kept(-at(s), -at(r), below)),
    )
    return Combine(
        (
            (1, Scale(sp.exp(-at(r)), over_balls(one, one, Identity(one, one)))),
            (-1, over_balls(sp.exp(-E), sp.exp(-at(q)), _equal(-at(q), -E, Scale(-1 / Z, weight_on_ball(version))))),
            (1, Scale(d * sp.exp(-at(r)), polar(ball(one)))),
            (-1, Scale(d, polar(ball(sp.exp(-at(q)))))),
            (1, Product(Sight(d * sphere_area), rising)),
        )
    )


def _printed(version: str) -> tuple[Claim, ...]:
    name, end = "printed_energy", suffix[version]
    Z, g = partition(version), nearest(anywhere, version)
    Z_theta, log_balls = RegionIntegral(sp.exp(-energy(name, anywhere, version)), z, omega), sp.log(all_balls)
    share = 1 - sp.exp(-(r ** POWER[version]))
    inverse, cancelled = InversePositive(Z, Sight(Z)), Cancel(masses(version), masses_positive(version))
    ceiling = _claim(
        name,
        "ceiling",
        version,
        "the loss is at most the log of d volumes plus (1 - exp(-r^p))/Z",
        (loss(name, version), LE, log_balls + share / masses(version)),
        Step(EQ, sp.log(Z_theta) + 1 / Z, Lemma(f"cross_entropy.{name}.identity{end}"), "E is 1/Z at every pattern"),
        Step(
            LE,
            sp.log(volume) + share / Z,
            order(Z_theta, volume, _smaller(version), shift=(share - 1) / Z),
            "on Omega E is at least exp(-r^p)/Z",
        ),
        Step(EQ, log_balls + share / Z, log_volume, "the volume of Omega"),
        Step(
            EQ,
            log_balls + share / masses(version),
            Combine(((1, Scale(share / (Z * masses(version)), _summed(version))), (-1, Scale(share / Z, cancelled)))),
            "Z is d ball masses",
        ),
    )
    at_most = RegionMonotone(z, omega, kept(-g, sp.Integer(0), Lemma(f"nearest.distance.floor{end}", at=_AT_POINT)))
    floor = _claim(
        name,
        "floor",
        version,
        "the loss is at least the log of d volumes",
        (log_balls, LE, loss(name, version)),
        Step(EQ, sp.log(volume), log_volume, "the volume of Omega"),
        Step(
            LE,
            sp.log(volume) + 1 / Z - 1 / volume,
            Product(Product(inverse, InversePositive(volume, Sight(volume))), at_most),
            "Z is at most the volume",
        ),
        Step(LE, loss(name, version), Lemma(f"cross_entropy.{name}.jensen_floor{end}"), "Jensen"),
    )
    return ceiling, floor


_AT_POINT = ((x, ((k,), z[k])),)

# E_t as in (4): within log d of the loss of E_t = g_t


def _soft(version: str) -> tuple[Claim, ...]:
    name, end = "layer_energy", suffix[version]
    log_Z, log_masses, log_d = sp.log(partition(version)), sp.log(masses(version)), sp.log(d)
    equal = same(partition(version), masses(version), _summed(version), masses_positive(version))
    ceiling = _claim(
        name,
        "ceiling",
        version,
        "the loss is at most log d above the log of d ball masses",
        (loss(name, version), LE, log_masses + log_d),
        Step(LE, log_Z + log_d, Lemma(f"cross_entropy.{name}.log_ceiling{end}"), "E is at least g - log d"),
        Step(EQ, log_masses + log_d, equal, "on its ball every pattern is the nearest"),
    )
    floor = _claim(
        name,
        "floor",
        version,
        "the loss is at most log d below the log of d ball masses",
        (log_masses - log_d, LE, loss(name, version)),
        Step(EQ, log_Z - log_d, equal, "on its ball every pattern is the nearest"),
        Step(LE, loss(name, version), Lemma(f"cross_entropy.{name}.log_floor{end}"), "E is at most g"),
    )
    return ceiling, floor


one_radius_v2, one_radius_v1 = (
    (_value("distance", version), _value("normalised", version), *_printed(version), *_soft(version))
    for version in ("v2", "v1")
)
