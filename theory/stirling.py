"""Stirling's formula with two-sided error bounds: Theorem D.1 on the positive half-line.

The remainder ``u(x) = log Gamma(x) - (x - 1/2) log x + x - log(2 pi)/2`` changes from x to x + 1 by
``(x + 1/2) log(1 + 1/x) - 1``, which lies between 0 and ``1/(12 x) - 1/(12 (x + 1))``.  As u tends to 0 (an axiom), it
lies between 0 and ``1/(12 x)``.
"""

import sympy as sp

from theory.atoms import Quotient
from theory.claim import Claim, Relation, Source, Step
from theory.denominators import cleared
from theory.domain import Domain, Range, nonnegative, positive
from theory.notation import constant, dummy, step, u, v
from theory.rules import (
    Cancel,
    Combine,
    DerivativeSign,
    ExpTangent,
    Identity,
    Justification,
    Lemma,
    Product,
    Sight,
    Stirling,
)

LE, EQ = Relation.LE, Relation.EQ
LEMMA = Source("lemma", "", "Majorant")
HALF, TWELFTH = sp.Rational(1, 2), sp.Rational(1, 12)
s, h, x = dummy, step, u
zero = sp.Integer(0)

# Increments of the logarithm

log_increment = sp.log(x + h) - sp.log(x)
harmonic = 2 * h / (2 * x + h)
excess = h**3 / (6 * x * (x + h) * (2 * x + h))
_denominators = {d: Sight(d) for d in (x, x + s, 2 * x + s)}


def _increment(name: str, title: str, expr: sp.Expr, slope: sp.Expr, lhs: sp.Expr, rhs: sp.Expr) -> Claim:
    """``expr >= 0`` at ``h >= 0``, where it vanishes at 0 and has the nonnegative ``slope``."""
    along = expr.xreplace({h: s})
    written = Combine(((1, Sight(slope)), (1, cleared(sp.diff(along, s) - slope, _denominators))))
    return Claim(
        id=f"logarithm.increment.{name}",
        title=title,
        lhs=lhs,
        relation=LE,
        rhs=rhs,
        domain=Domain.of(positive(x), nonnegative(h)),
        source=LEMMA,
        steps=(
            Step(LE, rhs, DerivativeSign(along, s, zero, Identity(zero, zero), written, h, Sight(h)), "by its slope"),
        ),
    )


increment_floor = _increment(
    "floor",
    "log(u + h) - log(u) is at least h over the middle of u and u + h",
    log_increment - harmonic,
    s**2 / ((x + s) * (2 * x + s) ** 2),
    harmonic,
    log_increment,
)
increment_ceiling = _increment(
    "ceiling",
    "log(u + h) - log(u) exceeds h over the middle of u and u + h by at most h^3 / (6 u (u + h) (2 u + h))",
    harmonic + excess - log_increment,
    s**4 / (6 * x * (x + s) ** 2 * (2 * x + s) ** 2),
    log_increment,
    harmonic + excess,
)

# The remainder falls from x to x + 1, and by no more than 1/(12 x) does.

_one = ((u, s), (step, sp.Integer(1)))
_at_one = {d: Sight(d) for d in (s, s + 1, 2 * s + 1)}
_middle = s + HALF


def _at(expr: sp.Expr) -> sp.Expr:
    return expr.xreplace({x: s, h: sp.Integer(1)})


_falls = Combine(
    (
        (1, Product(Sight(_middle), Lemma("logarithm.increment.floor", _one))),
        (1, cleared(_middle * _at(harmonic) - 1, _at_one)),
    )
)
_falls_less = Combine(
    (
        (1, Product(Sight(_middle), Lemma("logarithm.increment.ceiling", _one))),
        (
            1,
            cleared(1 + TWELFTH * (1 / s - 1 / (s + 1)) - _middle * _at(harmonic + excess), _at_one),
        ),
    )
)

log_main = (x - HALF) * sp.log(x) - x + sp.log(2 * sp.pi) / 2
main = sp.sqrt(Quotient(2 * sp.pi, x)) * Quotient(x, sp.E) ** x
error = 1 / (12 * x)
beyond_zero = Domain.of(positive(x))


def _bracket(name: str, title: str, lhs: sp.Expr, rhs: sp.Expr, why: Justification) -> Claim:
    return Claim(
        id=f"gamma.stirling.{name}",
        title=title,
        lhs=lhs,
        relation=LE,
        rhs=rhs,
        domain=beyond_zero,
        source=Source("Theorem D.1, Stirling, two-sided for real z > 0", "", "Majorant"),
        steps=(Step(LE, rhs, why, "the remainder falls along x, x + 1, x + 2, ... to its limit 0"),),
    )


log_floor = _bracket(
    "log_floor",
    "Stirling's formula is a floor of log Gamma",
    log_main,
    sp.loggamma(x),
    Stirling(s, zero, 1, _falls, x, Sight(x)),
)
log_ceiling = _bracket(
    "log_ceiling",
    "log Gamma exceeds Stirling's formula by at most 1/(12 z)",
    sp.loggamma(x),
    log_main + error,
    Stirling(s, TWELFTH, -1, _falls_less, x, Sight(x)),
)


def _exponential(below: sp.Expr, above: sp.Expr, lemma: str) -> Lemma:
    """``exp(below) <= exp(above)`` from a proved bracket of logarithms."""
    return Lemma("exponential.order.kept", at=((u, below), (v, above)), given=(Lemma(lemma),))


floor = _bracket(
    "floor",
    "Stirling's formula is a floor of Gamma",
    main,
    sp.gamma(x),
    _exponential(log_main, sp.loggamma(x), "gamma.stirling.log_floor"),
)
ceiling = _bracket(
    "ceiling",
    "Gamma exceeds Stirling's formula by at most the factor exp(1/(12 z))",
    sp.gamma(x),
    main * sp.exp(error),
    _exponential(sp.loggamma(x), log_main + error, "gamma.stirling.log_ceiling"),
)

# With t = 1/(12 z) <= 1/12, from exp(-t) >= 1 - t times exp(t): exp(t) <= 1 + t exp(t), and then exp(t) <= 12/11.
_t = error
_tangent = Product(Sight(sp.exp(_t)), ExpTangent(-_t))  # 1 - exp(t) + t exp(t) >= 0
_small = Combine(((1, Product(Sight(1 / x), Sight(x - 1))), (-1, Cancel(x, Sight(x)))))  # 1 - 1/x >= 0
_capped = Combine(  # 12/11 - exp(t) >= 0
    ((sp.Rational(12, 11), _tangent), (sp.Rational(1, 11), Product(Sight(sp.exp(_t)), _small)))
)
least_constant = sp.Rational(1, 11)

relative_error = Claim(
    id="gamma.stirling.relative_error",
    title="Stirling's formula has a relative error O(1/z): one constant serves all z >= 1",
    lhs=sp.gamma(x),
    relation=LE,
    rhs=main * (1 + constant / x),
    domain=Domain(),
    exists=Domain.of(positive(constant)),
    forall=Domain.of(Range(x, 1)),
    witness=((constant, least_constant),),
    source=Source("Theorem D.1, Stirling"),
    reading="z real, z >= 1; the error is never negative (gamma.stirling.floor)",
    steps=(
        Step(LE, main * sp.exp(error), Lemma("gamma.stirling.ceiling"), "the error bound"),
        Step(
            LE,
            main * (1 + least_constant / x),
            Product(Sight(main), Combine(((1, _tangent), (1, Product(Sight(_t), _capped))))),
            "exp(t) <= 1 + (12/11) t for 0 < t <= 1/12",
        ),
    ),
)
