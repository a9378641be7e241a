"""No constant is a floor of the loss (theorem 10.6): small balls take it below every number, in every dimension.

One ball is enough where the energy is a distance: its volume goes to 0.  With E_t as printed 1/Z grows as the balls
shrink, so it takes many of them, just as many as keep the volume of Omega.
"""

import sympy as sp

from theory.bounds.ball_mass import volume as ball_volume
from theory.bounds.cross_entropy import BEYOND, READINGS, loss
from theory.bounds.partition import apart, pairs
from theory.claim import Claim, Negation, Relation, Source, Step
from theory.domain import Condition, Domain, Family, Range, positive, size
from theory.logarithm import order
from theory.logsumexp import kept
from theory.notation import bound, d, i, j, k, n, radius, rho
from theory.rules import (
    Combine,
    ExpPositive,
    ExpTangent,
    ExtremumMember,
    Generic,
    Hypothesis,
    InversePositive,
    Justification,
    Lemma,
    Product,
    RoundedUp,
    Sight,
    Square,
)

LT, GE = Relation.LT, Relation.GE
none, one, half = sp.Integer(0), sp.Integer(1), sp.Rational(1, 2)
unity = Sight(one)  # 1 > 0

# Patterns (i, ..., i) and balls of radius exp(-t), t >= 3/2


def _balls_apart(t: sp.Expr, count: sp.Expr, proof: Justification) -> Generic:
    """``n (j - i)^2 > 4 exp(-2 t)`` for j > i, from a proof of ``t - 3/2 >= 0``."""
    later = Combine(((2, Hypothesis(j - i - 1)), (1, Square(j - i - 1))))  # (j - i)^2 - 1
    return Generic(
        ((i, 1, count), (j, i + 1, count)),
        Combine(
            (
                (1, later),
                (1, Product(Sight(n - 1), Square(j - i))),
                (1, Product(ExpPositive(-2 * t), ExpTangent(2 * t))),
                (2, Product(ExpPositive(-2 * t), proof)),
            )
        ),
    )


_configuration = Domain.of(
    size(d), Family(rho, (d, n)), positive(radius), Condition((2 * radius) ** 2, LT, apart(j, i), pairs)
)


def _constant_floor(name: str) -> Claim:
    return Claim(
        id=f"cross_entropy.{name}.constant_floor",
        title="in every dimension some constant is at most the loss of all patterns and radii",
        lhs=loss(name),
        relation=GE,
        rhs=bound,
        domain=Domain.of(size(n)),
        exists=Domain.of(Range(bound)),
        forall=_configuration,
        source=Source("10.6, a constant as a floor", "", "Majorant"),
        reading=READINGS[name].says,
    )


def _no_floor(
    name: str, count: sp.Expr, t: sp.Expr, wide: Justification, below: Justification, *given: Justification
) -> Claim:
    """Below b at ``count`` patterns and balls of radius exp(-t); ``wide`` proves t > 3/2, ``below`` the rest."""
    witness = ((d, count), (rho, ((i, k), i)), (radius, sp.exp(-t)))
    separated = _balls_apart(t, count, wide)
    ceiling = Lemma(f"cross_entropy.{name}.volume_ceiling", at=witness, given=(separated, *given))
    return Claim(
        id=f"cross_entropy.{name}.no_floor",
        title="in every dimension the loss goes below every number",
        lhs=loss(name),
        relation=LT,
        rhs=bound,
        domain=Domain.of(size(n), Range(bound)),
        exists=_configuration,
        witness=witness,
        source=BEYOND,
        reading=READINGS[name].says,
        negates=Negation(f"cross_entropy.{name}.constant_floor"),
        amends=(f"cross_entropy.{name}.constant_floor",),
        guards=(separated, *given),
        steps=(Step(LT, bound, Combine(((1, ceiling), (1, below))), "the volume of Omega goes to 0"),),
    )


def _size(expr: sp.Expr, sign: int) -> ExtremumMember:
    """``|expr| + sign * expr >= 0``."""
    return ExtremumMember(sp.Abs(expr), -sign * expr)


# One ball, t = 2 + |kappa| with kappa = log V_n(1) - b: then log V_n(r) = log V_n(1) - n t < b

_kappa = sp.log(ball_volume.subs(radius, 1)) - bound
_t = 2 + sp.Abs(_kappa)
_magnitude = Combine(((half, _size(_kappa, 1)), (half, _size(_kappa, -1))))  # |kappa| >= 0
_volume_below = Combine(  # (n - 1) t + |kappa| - kappa + 2 = n t - kappa
    ((1, Product(Sight(n - 1), Combine(((1, _magnitude), (2, unity))))), (1, _size(_kappa, -1)), (2, unity))
)
_wide = Combine(((1, _magnitude), (half, unity)))

# As many balls of radius exp(-s) as make the volume exp(b - 2), which is d V_n(1) exp(-n s)

_T = 3 + sp.Abs(_kappa) + sp.Abs(bound)
_E = n * _T - _kappa - 2
_many = sp.ceiling(sp.exp(_E))
_s = (_kappa + 2 + sp.log(_many)) / n
_magnitudes = Combine(((1, _magnitude), (half, _size(bound, 1)), (half, _size(bound, -1))))
_E_positive = Combine(  # (n - 1) T + |kappa| - kappa + |b| + 1
    (
        (1, Product(Sight(n - 1), Combine(((1, _magnitudes), (3, unity))))),
        (1, _size(_kappa, -1)),
        (half, _size(bound, 1)),
        (half, _size(bound, -1)),
        (1, unity),
    )
)
_at_least_one = Combine(((1, RoundedUp(sp.exp(_E))), (1, ExpTangent(_E)), (1, _E_positive)))
_beyond = Product(InversePositive(n, Sight(n)), order(sp.exp(_E), _many, RoundedUp(sp.exp(_E))))  # s - T
_wide_many = Combine(((1, _beyond), (1, _magnitudes), (sp.Rational(3, 2), unity)))
_area = sp.exp(-2 * _s)
_exponent = 2 - bound - 2 * _s + _area
_exponent_negative = Combine(  # 2 (s - T) + (1 - exp(-2 s)) + 2 |kappa| + |b| + (|b| + b) + 3
    (
        (2, _beyond),
        (1, kept(-2 * _s, none, Combine(((2, _wide_many), (3, unity))))),
        (1, _magnitudes),
        (1, _magnitude),
        (1, _size(bound, 1)),
        (3, unity),
    )
)
_many_below = Combine(  # 2 - (exp(x) - 1) exp(2 - b) with x = exp(-2 s), from exp(x) - 1 <= x exp(x)
    (
        (1, Product(ExpPositive(2 - bound + _area), ExpTangent(-_area))),
        (1, kept(_exponent, none, _exponent_negative)),
        (1, unity),
    )
)

floors = tuple(_constant_floor(name) for name in READINGS)
no_floors = (
    *(_no_floor(name, one, _t, _wide, _volume_below) for name in ("distance", "normalised", "layer_energy")),
    _no_floor("printed_energy", _many, _s, _wide_many, _many_below, _at_least_one),
)
