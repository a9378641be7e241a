"""What a change of unit, ``x -> eta x``, does to the loss over disjoint balls (theorem 10.6).

The distance is divided by eta^2 and the balls have the radius eta r.  With ``E_t = g_t`` this adds ``n log eta``.  As
printed ``E_t = exp(-g_t) / Z_t`` has the unit 1 / volume: a change of unit also divides it by eta^n, so that it adds
less for eta > 1 and more for eta < 1, while the bounds that rest on the volume alone move by ``n log eta``.
"""

import sympy as sp

from theory.atoms import BallUnion, Quotient, RegionIntegral
from theory.bounds.ball_mass import volume as ball_volume
from theory.bounds.change_of_unit import in_unit, rescaled
from theory.bounds.cross_entropy import BEYOND, READINGS, anywhere, energy, loss, partition
from theory.bounds.cross_entropy_balls import masses, masses_positive, over_balls, weight_on_ball
from theory.bounds.cross_entropy_one_layer import Sides
from theory.bounds.damped_volume import damped
from theory.bounds.partition import equal_radii
from theory.claim import Claim, Relation, Source, Step
from theory.domain import Domain, Family, Range, positive, size
from theory.energies.nearest import omega
from theory.logarithm import order, same
from theory.notation import d, distance, i, k, n, radius, rho, u, unit, v, z
from theory.rules import (
    Antisymmetry,
    Cancel,
    Combine,
    InversePositive,
    Justification,
    Lemma,
    Product,
    Scale,
    Sight,
)

LE, LT, EQ = Relation.LE, Relation.LT, Relation.EQ
q, eta = distance, unit
zero, one = sp.Integer(0), sp.Integer(1)
SOURCE = Source("10.6, change of unit", "", "Majorant")
Z, Z_in_unit = masses("v2"), d * rescaled
log_d, added = sp.log(d), n * sp.log(eta)

# E_t = g_t, and with log Z_t added

_summed = Lemma("partition.balls.equal_radii")
_scaled = Scale(d, Lemma("ball.mass.scaling"))
_positive = masses_positive("v2")
_scaled_positive = Combine(((-1, _scaled), (1, Product(Sight(eta**n), _positive))))


def _unit_change(name: str) -> Claim:
    return Claim(
        id=f"cross_entropy.{name}.unit_change",
        title="a change of unit x -> eta x adds n log eta to the loss",
        lhs=sp.log(Z_in_unit),
        relation=EQ,
        rhs=loss(name) + added,
        domain=equal_radii & Domain.of(positive(eta)),
        source=SOURCE,
        reading=f"{READINGS[name].says}; dist / eta^2 in the new unit, where d ball masses make the loss",
        guards=(_scaled_positive,),
        steps=(
            Step(
                EQ,
                sp.log(partition()) + added,
                same(
                    Z_in_unit,
                    partition(),
                    Combine(((1, _scaled), (-1, Scale(eta**n, _summed)))),
                    _scaled_positive,
                    shift=added,
                ),
                "the mass of a ball is eta^n times as large",
            ),
            Step(EQ, loss(name) + added, Lemma(f"cross_entropy.{name}.identity"), "the loss is log Z"),
        ),
    )


unit_changes = (_unit_change("distance"), _unit_change("normalised"))

# With E_t as printed this fails already for one pattern, which needs not be moved


def _one_pattern(factor: sp.Expr) -> sp.Expr:
    """The loss of one pattern with E_t as printed, the radius times a factor, the distance over its square."""
    region = BallUnion(rho, factor * radius, (one, n), (i, k))
    weight = sp.exp(-sp.Sum((z[k] - rho[1, k]) ** 2, (k, 1, n)) / factor**2)
    total = RegionIntegral(weight, z, region)
    return sp.log(RegionIntegral(sp.exp(-Quotient(weight, total)), z, region)) + 1 / total


printed_unit_change = Claim(
    id="cross_entropy.printed_energy.unit_change",
    title="a change of unit x -> eta x adds n log eta to the loss of one pattern",
    lhs=_one_pattern(eta),
    relation=EQ,
    rhs=_one_pattern(one) + added,
    domain=Domain.of(size(n), positive(radius), Family(rho, (1, n)), positive(eta)),
    source=SOURCE,
    reading=f"{READINGS['printed_energy'].says}; dist / eta^2 in the new unit",
)


# With J the damped volume the loss is log d + log J(1/Z) + 1/Z, and in the new unit Z is eta^n times as large

printed, shrunk = loss("printed_energy"), eta ** (-n) / Z
damped_in_unit = in_unit(damped(u).body).xreplace({u: 1 / Z_in_unit})
printed_in_unit = log_d + sp.log(damped_in_unit) + 1 / Z_in_unit
_energy = energy("printed_energy", anywhere)
_model = RegionIntegral(sp.exp(-_energy), z, omega)
_cancels = Cancel(Z, _positive)
_inverse_equal = Combine(  # 1/partition - 1/Z
    (
        (1, Scale(1 / (Z * partition()), _summed)),
        (-1, Scale(1 / partition(), _cancels)),
    )
)
_shrunk_equal = Combine(  # 1/Z_in_unit - eta^-n/Z
    (
        (1, Scale(shrunk / Z_in_unit, _scaled)),
        (1, Scale(shrunk, Cancel(Z_in_unit, _scaled_positive))),
        (-1, Scale(1 / Z_in_unit, _cancels)),
    )
)


def _damped_positive(at: sp.Expr) -> Lemma:
    return Lemma("ball.damped_volume.positive", at=((u, at),))


_damped_scaled = Lemma("ball.damped_volume.scaling", at=((u, 1 / Z_in_unit),))
damped_in_unit_positive = Combine(((-1, _damped_scaled), (1, Product(Sight(eta**n), _damped_positive(1 / Z_in_unit)))))


def _compared(role: str, low: sp.Expr, high: sp.Expr, proof: Justification) -> Lemma:
    """A fact about the damped volume at two numbers, from a proof that the first is at most the second."""
    return Lemma(f"ball.damped_volume.{role}", at=((u, low), (v, high)), given=(proof,))


def _claim(role: str, title: str, sides: Sides, domain: Domain, *steps: Step) -> Claim:
    return Claim(
        id=f"cross_entropy.printed_energy.{role}",
        title=f"disjoint balls: {title}",
        lhs=sides[0],
        relation=sides[1],
        rhs=sides[2],
        domain=equal_radii & domain,
        source=SOURCE,
        reading=f"{READINGS['printed_energy'].says}; dist / eta^2 in the new unit",
        amends=(printed_unit_change.id,),
        guards=(
            _positive,
            _scaled_positive,
            Product(InversePositive(d, Sight(d)), _positive),
            Product(InversePositive(d, Sight(d)), _scaled_positive),
            _damped_positive(1 / Z),
            _damped_positive(shrunk),
            damped_in_unit_positive,
        ),
        steps=steps,
    )


_on_ball = Lemma(  # exp(-q^2)/Z = exp(-g)/partition
    "exponential.order.equal",
    at=((u, -sp.exp(-(q**2)) / Z), (v, -_energy)),
    given=(
        Combine(
            (
                (1, Scale(-1 / partition(), weight_on_ball("v2"))),
                (-1, Scale(sp.exp(-(q**2)), _inverse_equal)),
            )
        ),
    ),
)

value = Claim(
    id="cross_entropy.printed_energy.value",
    title="disjoint balls: the loss is log(d J) + 1/Z, with J the damped volume of a ball at 1/Z",
    lhs=printed,
    relation=EQ,
    rhs=log_d + sp.log(damped(1 / Z)) + 1 / Z,
    domain=equal_radii,
    source=BEYOND,
    reading=f"{READINGS['printed_energy'].says}; J(u) is the integral of exp(-u exp(-||x||^2)); one layer",
    guards=(_positive, Product(InversePositive(d, Sight(d)), _positive), _damped_positive(1 / Z)),
    steps=(
        Step(
            EQ,
            sp.log(_model) + 1 / partition(),
            Lemma("cross_entropy.printed_energy.identity"),
            "E is 1/Z at every pattern",
        ),
        Step(
            EQ,
            log_d + sp.log(damped(1 / Z)) + 1 / partition(),
            same(
                _model,
                damped(1 / Z),
                over_balls(sp.exp(-_energy), damped(1 / Z).body, _on_ball),
                _damped_positive(1 / Z),
                shift=log_d,
            ),
            "on its ball every pattern is the nearest",
        ),
        Step(EQ, log_d + sp.log(damped(1 / Z)) + 1 / Z, _inverse_equal, "Z is d ball masses"),
    ),
)

_any_unit = Domain.of(positive(eta))
_old = log_d + sp.log(damped(1 / Z)) + 1 / Z
_new = added + log_d + sp.log(damped(shrunk)) + shrunk
_value, _unit_value = Lemma(value.id), Lemma("cross_entropy.printed_energy.unit_value")

unit_value = _claim(
    "unit_value",
    "a change of unit x -> eta x adds n log eta to the loss and divides E by eta^n",
    (printed_in_unit, EQ, _new),
    _any_unit,
    Step(
        EQ,
        added + log_d + sp.log(damped(1 / Z_in_unit)) + 1 / Z_in_unit,
        same(
            damped_in_unit,
            damped(1 / Z_in_unit),
            _damped_scaled,
            damped_in_unit_positive,
            _damped_positive(1 / Z_in_unit),
            shift=added,
        ),
        "lengths are eta times as large",
    ),
    Step(
        EQ,
        _new,
        Antisymmetry(
            _compared("growth", 1 / Z_in_unit, shrunk, Combine(((-1, _shrunk_equal),))),
            _compared("growth", shrunk, 1 / Z_in_unit, _shrunk_equal),
        ),
        "and so Z is eta^n times as large",
    ),
)

_log_grows = Product(Sight(n), order(one, eta, Sight(eta - 1), strictly=True))
_log_falls = Product(Sight(n), order(eta, one, Sight(1 - eta), strictly=True))
_inverse = InversePositive(Z, _positive)


def _exp_strictly(low: sp.Expr, high: sp.Expr, proof: Justification) -> Lemma:
    return Lemma("exponential.order.kept_strictly", at=((u, low), (v, high)), given=(proof,))


unit_ceiling_above = _claim(
    "unit_ceiling_above",
    "a change of unit x -> eta x with eta > 1 adds less than n log eta to the loss",
    (printed_in_unit, LT, printed + added),
    Domain.of(Range(eta, 1, sp.oo, open_lower=True)),
    Step(EQ, _new, _unit_value, "E is divided by eta^n"),
    Step(
        LT,
        _old + added,
        _compared("strict_growth", shrunk, 1 / Z, Product(_inverse, _exp_strictly(-added, zero, _log_grows))),
        "what E takes from the integral grows less than 1/Z",
    ),
    Step(EQ, printed + added, _value, "the loss in the old unit"),
)

unit_floor_below = _claim(
    "unit_floor_below",
    "a change of unit x -> eta x with eta < 1 adds more than n log eta to the loss",
    (printed + added, LT, printed_in_unit),
    Domain.of(Range(eta, 0, 1, open_lower=True, open_upper=True)),
    Step(EQ, _old + added, _value, "the loss in the old unit"),
    Step(
        LT,
        _new,
        _compared("strict_growth", 1 / Z, shrunk, Product(_inverse, _exp_strictly(zero, -added, _log_falls))),
        "what E takes from the integral grows less than 1/Z",
    ),
    Step(EQ, printed_in_unit, _unit_value, "E is divided by eta^n"),
)

# In every unit the loss is close to the log volume of Omega, which moves by n log eta

_log_volume = log_d + sp.log(ball_volume) + added
_no_energy = log_d + sp.log(damped(zero)) + added
_volume = same(damped(zero), ball_volume, Lemma("ball.volume.identity"), _damped_positive(zero))
_nonnegative = Product(Sight(eta ** (-n)), _inverse)
_excess = shrunk * (1 - sp.exp(-(radius**2)))

unit_volume_floor = _claim(
    "unit_volume_floor",
    "in the unit x -> eta x the loss is at least the log volume of Omega, which moves by n log eta",
    (_log_volume, LE, printed_in_unit),
    _any_unit,
    Step(EQ, _no_energy, _volume, "the volume of a ball"),
    Step(LE, _new, _compared("growth", zero, shrunk, _nonnegative), "E takes less from the integral than 1/Z adds"),
    Step(EQ, printed_in_unit, _unit_value, "E is divided by eta^n"),
)

unit_volume_ceiling = _claim(
    "unit_volume_ceiling",
    "in the unit x -> eta x the loss is at most (1 - exp(-r^2))/(eta^n Z) above the log volume of Omega",
    (printed_in_unit, LE, _log_volume + _excess),
    _any_unit,
    Step(EQ, _new, _unit_value, "E is divided by eta^n"),
    Step(LE, _no_energy + _excess, _compared("decay", zero, shrunk, _nonnegative), "E is at least exp(-r^2)/(eta^n Z)"),
    Step(EQ, _log_volume + _excess, _volume, "the volume of a ball"),
)
