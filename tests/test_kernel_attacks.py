"""Attempts to have something false proved: each claim here was once accepted, or might have been."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp
from kernel_claims import EMPTY, EQ, GE, GT, LE, LT, m, over_i, over_j, proof, said

from theory.atoms import LSE, BallUnion, IndexMax, IndexMin, Quotient, RadialIntegral, RegionIntegral
from theory.claim import NOTHING, Claim
from theory.domain import Condition, Domain, Family, Range, nonnegative, positive, size
from theory.notation import d, dummy, i, j, k, n, radius, rho, rho_t, sizes, t, u, v, x, y, z
from theory.rules import (
    Assume,
    Combine,
    ExpPositive,
    Generic,
    Hypothesis,
    Identity,
    Lemma,
    Sight,
    Square,
    SumMember,
    SumMonotone,
)
from validation.kernel import rules as K  # noqa: N812 - short for the many calls below
from validation.kernel.context import Context, Hyp
from validation.kernel.normal import bind
from validation.kernel.terms import ONE, Atom, Refused, const, elem, var
from validation.methods.derivation import derive

# Statements that are false, or that no reading makes true

hash_index, percent = sp.Symbol("#0", integer=True), sp.Symbol("%i3", integer=True)
quantified, generic_index = sp.Symbol("#q0", integer=True), sp.Symbol("#r0", integer=True)
bracketed = sp.Symbol("d_t[]")
root_of_square = sp.exp(Quotient(sp.log(dummy**2), 2))
balls = BallUnion(rho, radius, (d, n), (j, k))
ragged = BallUnion(rho_t, radius, (n, sizes[t], n), (t, j, k))
nested_size = RegionIntegral(1, x, BallUnion(rho, radius, (n, sizes[t]), (m, k)))
everything = Domain.of(size(n), size(d), Range(radius), Family(x, (n,)))

half = sp.Rational(1, 2)
whole, scalar_x = sp.IndexedBase("x", integer=True), sp.Symbol("x[]", real=True)


def itself(expr: sp.Expr, domain: Domain = NOTHING) -> Claim:
    """That an expression equals itself: false only where it makes no sense."""
    return said(expr, EQ, expr, domain)


def unit(body: sp.Expr) -> sp.Integral:
    return sp.Integral(body, (dummy, 0, 1))


def radial(body: sp.Expr, distance: sp.Symbol = dummy) -> RadialIntegral:
    return RadialIntegral(body, distance, 1, 1)


def over_balls(body: sp.Expr) -> RegionIntegral:
    return RegionIntegral(body, x, balls)


FALSE_CLAIMS = {
    # The witness of an existential statement
    "for all n there is u with n = 7": said(
        n + 0 * u, EQ, 7, Domain.of(size(n)), Identity(7, 7), exists=Domain.of(Range(u)), witness=((n, 7), (u, 0))
    ),
    "for all n there is u with n + u = 7, by a witness that sets n": said(
        n + u, EQ, 7, Domain.of(size(n)), Identity(7, 7), exists=Domain.of(Range(u)), witness=((n, 7), (u, 0))
    ),
    "there is u >= 0 with u = -1": said(
        u, EQ, -1, Domain.of(nonnegative(u)), Identity(-1, -1), exists=Domain.of(nonnegative(u)), witness=((u, -1),)
    ),
    "there is u with u = -1, where u >= 0 was given": said(
        u, EQ, -1, Domain.of(Condition(u, GE, 0)), Identity(-1, -1), exists=Domain.of(Range(u)), witness=((u, -1),)
    ),
    "every x_1 is 5, by a scalar that is called x[]": said(
        x[1], EQ, 5, Domain.of(Family(x, (n,))), Identity(5, 5),
        exists=Domain.of(Range(sp.Symbol("x[]", real=True))), witness=((sp.Symbol("x[]", real=True), 5),),
    ),
    "every integer n is 5, by a real n": said(
        n, EQ, 5, NOTHING, Identity(5, 5), exists=Domain.of(Range(sp.Symbol("n", real=True))), witness=((n, 5),)
    ),
    "there is an integer n with 2 n = 1": said(
        2 * n, EQ, 1, NOTHING, Identity(1, 1), exists=Domain.of(Range(n)), witness=((n, sp.Rational(1, 2)),)
    ),
    "there is u > 0 with u = 0": said(
        u, EQ, 0, NOTHING, Identity(0, 0), exists=Domain.of(positive(u)), witness=((u, 0),)
    ),
    "there is a family of entries of at least 1 with x_1 = 0": said(
        x[1], EQ, 0, NOTHING, Identity(0, 0), exists=Domain.of(Family(x, (n,), lower=1)), witness=((x, ((i,), 0)),)
    ),
    # Names
    "sum_i z_(i, #0) = sum_i z_(i, i)": said(sp.Sum(rho[i, hash_index], over_i), EQ, sp.Sum(rho[i, i], over_i)),
    "a hypothesis that binds #q0": said(
        x[quantified], GE, 0, Domain.of(size(n), Condition(x[i], GE, y[quantified], forall=(over_i,))), Assume(0, (1,))
    ),
    "a fresh name": itself(percent),
    "a generic index": itself(generic_index),
    "two dummies are one": itself(sp.Dummy("u", real=True)),
    "a real u is a positive u": said(u, EQ, sp.Symbol("u", positive=True)),
    "a real u is any u": said(u, EQ, sp.Symbol("u")),
    "a real n is an integer n": said(n, EQ, sp.Symbol("n", real=True)),
    "a real x_1 is a positive x_1": said(x[1], EQ, sp.IndexedBase("x", positive=True)[1]),
    "x with and without a shape": said(x[1], EQ, sp.IndexedBase("x", real=True, shape=(3,))[1]),
    "a scalar x is x_1": said(x[1], EQ, sp.Symbol("x", real=True)),
    # Reading
    "1 = v, by a point of substitution": said(sp.Subs(sp.Derivative(u * v, u), (u, v), (0, 1)), EQ, v),
    "d_1 + d_1 + d_1 = 1 + 2 + 3": said(sp.Sum(sizes[1], (sizes[1], 1, 3)), EQ, 3 * sizes[1]),
    "the square of a power, written twice, is the power": said(
        sp.Integral(sp.Mul(dummy**2, dummy**2, evaluate=False), (dummy, 0, 1)), EQ, sp.Integral(dummy**2, (dummy, 0, 1))
    ),
    "the integral of 1/t**5 is itself": itself(unit(dummy**-5)),
    "the integral of exp(1/t) is itself": itself(unit(sp.exp(1 / dummy))),
    "the integral of 1/||x|| is itself": itself(radial(1 / dummy)),
    "an integral over a ball of integers": itself(radial(m, m)),
    "an integral over a ball of half a dimension": itself(RadialIntegral(1, dummy, sp.Rational(1, 2), 1)),
    "an integral over a ball of radius u": itself(RadialIntegral(1, dummy, 1, u)),
    "an integral from 1": itself(sp.Integral(dummy, (dummy, 1, 2))),
    "an integral of order 0": itself(sp.Integral(1 / dummy, (dummy, 0, 1))),
    "an integral over points with integer coordinates": said(
        RegionIntegral(whole[1] * (whole[1] - 1), whole, BallUnion(rho, sp.Rational(1, 2), (1, 1), (j, k))), GE, 0,
        why=Square(u),
    ),
    "an integral of what jumps": itself(over_balls(1 / x[1]), Domain.of(size(n), size(d))),
    "a radius that is an integral over balls": said(
        RegionIntegral(1, x, BallUnion(rho, RegionIntegral(1, y, BallUnion(z, y[j], (d, n), (i, k))), (d, n), (j, k))),
        GE, 0, why=Square(u),
    ),
    "a radius that depends on the coordinate": itself(RegionIntegral(1, x, BallUnion(rho, y[k], (d, n), (j, k)))),
    "ceiling(u) = u": said(sp.ceiling(u), EQ, u),
    "gamma(u + 1) = u gamma(u) for every u": said(sp.gamma(u + 1), EQ, u * sp.gamma(u)),
    "an integral over a rectangle is one over its side": said(
        sp.Integral(sp.exp(-dummy), (dummy, 0, 1), (v, 0, 2)), EQ, unit(sp.exp(-dummy))
    ),
    "the integral of u**2 exp(-t) is that of t**2 exp(-t)": said(
        unit(u**2 * sp.exp(-dummy)), EQ, unit(dummy**2 * sp.exp(-dummy))
    ),
    "an integral of order t + 1": said(unit(dummy**dummy), EQ, unit(dummy**dummy)),
    "the integral of x_1 over x_1 is that of a constant": said(
        sp.Integral(x[1], (x[1], 0, 1)), EQ, unit(x[1])
    ),
    "the derivative of x_1**2 by x_1 is 0": said(sp.Derivative(x[1] ** 2, x[1]), EQ, 0),
    "the mixed derivative of u v is v": said(sp.Derivative(u * v, u, v), EQ, v),
    "an integral over an entry": said(sp.Integral(x[1], (x[1], 0, 1)), EQ, sp.Integral(u, (u, 0, 1)) * 2 * x[1]),
    "an integral over an integer": itself(sp.Integral(n, (n, 0, 1))),
    "an integral without ends": itself(sp.Integral(u, u)),
    "an integral that runs down: the integral of |t| from 0 to v is v**2/2": said(
        sp.Integral(root_of_square, (dummy, 0, v)), EQ, sp.Integral(dummy, (dummy, 0, v))
    ),
    "a sum up to 1/2": said(sp.Sum(i, (i, 0, sp.Rational(1, 2))), EQ, sp.Sum(j, (j, 0, sp.Rational(1, 2)))),
    "a sum from 1/2 to 3/2": said(sp.Sum(i, (i, half, half + 1)), EQ, sp.Sum(j, (j, half, half + 1))),
    "a sum up to a real number": said(sp.Sum(i, (i, 0, u)), EQ, sp.Sum(j, (j, 0, u))),
    "a sum over a real index": said(sp.Sum(u, (u, 1, 3)), EQ, 6),
    "an entry at 1/2": itself(x[sp.Rational(1, 2)]),
    "a condition for all reals": said(
        u, GE, 0, Domain.of(Condition(v * (v - 1), GE, u, forall=((v, 0, 1),))), Assume(0, (0,))
    ),
    "the second derivative is the first": said(sp.Derivative(u**2, (u, 2)), EQ, 2 * u),
    "a derivative by an integer": said(sp.Derivative(n**2, n), EQ, 2 * n),
    "a substitution that is no derivative": said(sp.Subs(u**2, u, v), EQ, v**2),
    "|u| has the slope 1": said(sp.Derivative(sp.Max(u, -u), u), EQ, 1),
    "a family of balls without indices": itself(RegionIntegral(1, x, BallUnion(rho, radius, (), ()))),
    "a family of balls with one index twice": said(
        RegionIntegral(1, x, BallUnion(rho, radius, (d, n), (j, j))), EQ, RegionIntegral(1, x, balls)
    ),
    "as many balls as a real number": itself(RegionIntegral(1, x, BallUnion(rho, radius, (u, n), (j, k)))),
    "a size that is itself a region": itself(
        RegionIntegral(1, x, BallUnion(rho_t, radius, (n, nested_size, n), (t, j, k)))
    ),
    "balls with two indices of one name": itself(RegionIntegral(1, x, BallUnion(rho, radius, (n,), (j, j)))),
    "balls with an axis too many": itself(RegionIntegral(1, x, BallUnion(rho, radius, (d, n, n), (j, k)))),
    "an integral of a coordinate, rounded up": itself(over_balls(sp.ceiling(x[1])), Domain.of(size(n), size(d))),
    "a scalar that is called like a family": itself(scalar_x),
    "what the kernel does not know": itself(sp.sin(u)),
    "infinity is itself": itself(sp.oo),
    "a float": said(sp.Float(0.1) + u, EQ, u + sp.Float(0.1)),
    # What must make sense
    "u/u = u/u, at u = 0": itself(Quotient(u, u)),
    "1/u = 1/u, at u = 0": itself(1 / u),
    "sum_i 1/x_i, at x_i = 0": said(sp.Sum(1 / x[i], over_i), EQ, sp.Sum(1 / x[j], over_j)),
    "log(u), at u = -1": itself(sp.log(u)),
    "log(u), for u < 0": said(
        sp.log(u), EQ, sp.log(u), Domain.of(Condition(u, LT, 0)), guards=(Assume(0),)
    ),
    "1/u, because u is assumed to be positive": said(Quotient(1, u), EQ, Quotient(1, u), guards=(Hypothesis(u, ">"),)),
    "sqrt(u), at u = -1": itself(sp.sqrt(u)),
    "u**v, at u = -1": itself(u**v),
    "u**(1/3), at u = -1": itself(u ** sp.Rational(1, 3)),
    "max of nothing": said(IndexMax(x[i], over_i), EQ, IndexMax(x[j], over_j)),
    "LSE of nothing": said(LSE(x[i], over_i), EQ, LSE(x[j], over_j)),
    "an incomplete gamma function of anything": itself(sp.lowergamma(u, v)),
    "gamma of anything": itself(sp.gamma(u)),
    "log gamma of anything": itself(sp.loggamma(u)),
    "sqrt(u**3), at u = -1": itself(sp.sqrt(u**3)),
    "1/sqrt(u**2 + v**2), at 0": itself((u**2 + v**2) ** sp.Rational(-1, 2)),
    "sqrt(u**2 + v), at v = -1": itself(sp.sqrt(u**2 + v)),
    "1/u, in a condition": said(v, GE, 0, Domain.of(Condition(v, GE, Quotient(0, u)), Range(u)), Assume(0)),
    "the end of a range is 1/v": said(u, GE, u, Domain.of(Range(u, Quotient(1, v)))),
    "1/u, in what a witness must satisfy": said(
        v, EQ, 0, Domain.of(Range(u)), Identity(0, 0),
        exists=Domain.of(Range(v), Condition(v, GE, Quotient(0, u))), witness=((v, 0),),
    ),
    "log(s) under a derivative": said(sp.Derivative(sp.log(u), u), EQ, 1 / u, Domain.of(positive(u))),
    # Ranges that may be empty
    "sum_(i <= n) 1 = n for every n": said(sp.Sum(1, over_i), EQ, n),
    "max(5 + x_i) = 5 + max(x_i), over nothing": said(
        sp.Sum(IndexMax(5 + x[i], (i, 1, j)), over_j), EQ, sp.Sum(5 + IndexMax(x[i], (i, 1, j)), over_j)
    ),
    "a softmax over nothing sums to 1": said(
        sp.Sum(sp.exp(x[i] - LSE(x[j], over_j)), over_i), EQ, 1, Domain.of(nonnegative(n))
    ),
    "x_n is a member of x_1, ..., x_n for n >= 0": said(
        sp.Sum(sp.exp(x[i]), over_i), GE, sp.exp(x[n]), Domain.of(nonnegative(n)),
        SumMember(sp.Sum(sp.exp(x[i]), over_i), n, ExpPositive(x[i])),
    ),
    "an empty sum of positive terms is positive": said(
        sp.Sum(sp.exp(x[i]), over_i), GT, 0, Domain.of(nonnegative(n)), SumMonotone(i, 1, n, ExpPositive(x[i]))
    ),
    # Signs
    "u >= 0": said(u, GE, 0, why=Sight(u)),
    "u * v > 0 for u, v >= 0": said(u * v, GT, 0, Domain.of(nonnegative(u), nonnegative(v)), Sight(u * v)),
    "u**3 >= 0": said(u**3, GE, 0, why=Sight(u**3)),
    "1/u >= 0 for u <> 0": said(1 / u, GE, 0, why=Sight(1 / u)),
    "u**2 > 0": said(u**2, GT, 0, why=Sight(u**2)),
    "a ball of radius 0 has a volume": said(
        RegionIntegral(1, x, balls), GT, 0,
        everything & Domain.of(nonnegative(radius)), Sight(RegionIntegral(1, x, balls)),
    ),
    "balls in no dimension have a volume": said(
        RegionIntegral(1, x, balls), GT, 0,
        Domain.of(nonnegative(n), size(d), positive(radius)), Sight(RegionIntegral(1, x, balls)),
    ),
    "balls of layers that may be empty have a volume": said(
        RegionIntegral(1, x, ragged), GT, 0,
        Domain.of(size(n), positive(radius), Family(sizes, (n,), lower=0)), Sight(RegionIntegral(1, x, ragged)),
    ),
    "the integral of x_1 is positive because a free x_1 is": said(
        RegionIntegral(x[1], x, balls), GT, 0,
        everything & Domain.of(positive(radius), Family(x, (n,), lower=1)), Sight(RegionIntegral(x[1], x, balls)),
    ),
    # Normal forms
    "sqrt(u**2) = u": said(sp.sqrt(u**2), EQ, u),
    "log(u v) = log u + log v for u v > 0": said(
        sp.log(u * v), EQ, sp.log(u) + sp.log(v), Domain.of(Condition(u * v, GT, 0))
    ),
    "log(u**2) = 2 log u for u <> 0": said(sp.log(u**2), EQ, 2 * sp.log(u), Domain.of(Condition(u**2, GT, 0))),
    "max(-u, -v) = -max(u, v)": said(sp.Max(-u, -v), EQ, -sp.Max(u, v)),
    "min = max": said(IndexMin(x[i], over_i), EQ, IndexMax(x[i], over_i), Domain.of(size(n))),
    "the inner index wins: sum_i sum_i x_i = n**2 x_1": said(
        sp.Sum(sp.Sum(x[i], over_i), over_i), EQ, n**2 * x[1], Domain.of(size(n))
    ),
    "a ragged sum is a rectangle": said(
        sp.Sum(sp.Sum(1, (j, 1, i)), over_i), EQ, sp.Sum(sp.Sum(1, over_j), over_i), Domain.of(size(n))
    ),
    "sum_t sum_(j <= d_t) 1 = sum_t sum_(j <= d_j) 1": said(
        sp.Sum(sp.Sum(x[j], (j, 1, sizes[t])), (t, 1, n)), EQ, sp.Sum(sp.Sum(x[j], (j, 1, sizes[n])), (t, 1, n)),
    ),
    "z_(i, j) = z_(j, i)": said(
        sp.Sum(sp.Sum(rho[i, j] * z[i], over_j), over_i), EQ, sp.Sum(sp.Sum(rho[j, i] * z[i], over_j), over_i)
    ),
    "sum of products = product of sums": said(
        sp.Sum(x[i] * y[i], over_i), EQ, sp.Sum(x[i], over_i) * sp.Sum(y[i], over_i)
    ),
    # Derivations
    "a lemma that nobody proved": said(u, GE, 0, why=Lemma("no.such.claim")),
    "an inequality, reversed": said(0, GE, u**2, why=Square(u)),
    "minus a square": said(-(u**2), GE, 0, why=Combine(((-1, Square(u)),))),
    "strictly, from a square": said(u**2, GT, 0, why=Square(u)),
    "equal, from a square": said(u**2, EQ, 0, why=Square(u)),
    "a condition at an index out of range": said(
        x[n + 1], GE, 0, Domain.of(size(n), Condition(x[i], GE, 0, forall=(over_i,))), Assume(0, (n + 1,))
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FALSE_CLAIMS)
def test_no_proof(name: str) -> None:
    result = proof(FALSE_CLAIMS[name])
    assert result.fact is None
    assert result.problem


# Neighbours that are true: the refusals above are not for want of anything

TRUE_CLAIMS = {
    "there is u with n + u = 7": said(
        n + u, EQ, 7, Domain.of(size(n)), Identity(7, 7), exists=Domain.of(Range(u)), witness=((u, 7 - n),)
    ),
    "there is a family of entries of at least 1 with x_1 = 2": said(
        x[1], EQ, 2, NOTHING, Identity(2, 2), exists=Domain.of(Family(x, (n,), lower=1)), witness=((x, ((i,), 2)),)
    ),
    "there is v with v <= 0, to which u may be added": said(
        v, EQ, 0, NOTHING, Identity(0, 0), exists=Domain.of(Range(v), Condition(v, LE, 0)), witness=((v, 0),)
    ),
    "a derivative at a point": said(sp.Subs(sp.Derivative(u**2 * v, u), u, 3), EQ, 6 * v),
    "a derivative": said(sp.Derivative(sp.exp(u * v), u), EQ, v * sp.exp(u * v)),
    "the integral of |t| over (0, v) is that of t": said(
        sp.Integral(root_of_square, (dummy, 0, v)), EQ, sp.Integral(dummy, (dummy, 0, v)), Domain.of(positive(v))
    ),
    "sum_(i <= n) 1 = n": said(sp.Sum(1, over_i), EQ, n, Domain.of(size(n))),
    "a softmax sums to 1": said(sp.Sum(sp.exp(x[i] - LSE(x[j], over_j)), over_i), EQ, 1, Domain.of(size(n))),
    "balls have a volume": said(
        RegionIntegral(1, x, ragged), GT, 0,
        Domain.of(size(n), positive(radius), Family(sizes, (n,), lower=1)), Sight(RegionIntegral(1, x, ragged)),
    ),
    "sqrt of squares": said(
        sp.sqrt(u**2 + sp.Sum(x[i] ** 2, over_i)), EQ, sp.sqrt(u**2 + sp.Sum(x[j] ** 2, over_j))
    ),
    "moments": said(
        sp.Integral(dummy ** (u - 1) * sp.exp(-dummy), (dummy, 0, v)), EQ, sp.lowergamma(u, v),
        Domain.of(positive(u), positive(v)),
    ),
    "the length of an interval": said(radial(sp.exp(-dummy)), EQ, radial(1 / sp.exp(dummy))),
    "gamma(u + 2) = u (u + 1) gamma(u)": said(
        sp.gamma(u + 2), EQ, u * (u + 1) * sp.gamma(u), Domain.of(positive(u))
    ),
    "log gamma": said(sp.loggamma(u + 1), EQ, sp.log(u) + sp.loggamma(u), Domain.of(positive(u))),
    "ceiling(u) - ceiling(u) = 0": said(u + sp.ceiling(u) + n, EQ, sp.ceiling(u) + sp.ceiling(n) + u),
    "log(u v) = log u + log v for u, v > 0": said(
        sp.log(u * v), EQ, sp.log(u) + sp.log(v), Domain.of(positive(u), positive(v))
    ),
    "shadowed indices": said(
        sp.Sum(sp.Sum(x[i], over_i), over_i), EQ, n * sp.Sum(x[i], over_i), Domain.of(size(n))
    ),
    "u < v from v > u": said(u, LT, v, Domain.of(Condition(v, GT, u)), Assume(0)),
    "1 <= pi - pi + 1": said(sp.pi * Quotient(2, sp.pi), EQ, Quotient(2, sp.pi) * sp.pi, NOTHING),
    "e = exp(1)": said(sp.E * sp.exp(u), EQ, sp.exp(u + 1)),
}  # fmt: skip


@pytest.mark.parametrize("name", TRUE_CLAIMS)
def test_a_proof(name: str) -> None:
    assert proof(TRUE_CLAIMS[name]).problem == ""


def test_a_contradictory_domain_proves_anything() -> None:
    """A statement about nothing holds; the domain stays in the statement, for all to see."""
    nothing = Domain.of(Condition(u, GE, 1), Condition(u, LE, 0))
    assert proof(said(-1, GE, 0, nothing, Combine(((1, Assume(0)), (1, Assume(1)))))).fact is not None


def test_a_guard_says_why_a_denominator_is_not_zero() -> None:
    domain = Domain.of(size(n), Condition(x[i], GE, 1, forall=(over_i,)))
    low, high = sp.Sum(1 / x[i], over_i), sp.Sum(1 / x[j], over_j)
    shown = Generic((over_i,), Combine(((1, Assume(0, (i,))), (1, Sight(sp.Integer(1))))))
    assert proof(said(low, EQ, high, domain, guards=(shown,))).problem == ""
    weak = Generic((over_i,), Square(x[i]))
    assert "make sense" in proof(said(low, EQ, high, domain, guards=(weak,))).problem
    wide = Generic(((i, 0, n),), Combine(((1, Assume(0, (i,))), (1, Sight(sp.Integer(1))))))
    assert proof(said(low, EQ, high, domain, guards=(wide,))).fact is None


# An integer stays an integer


def test_an_integer_family_does_not_become_a_half() -> None:
    total = sp.Sum(i, (i, 0, sizes[1]))
    base = said(total, GE, sizes[1], Domain.of(Family(sizes, (1,), lower=0)), SumMember(total, sizes[1], Sight(i)))
    for at in ((bracketed, sp.Rational(1, 2)), (sizes, ((i,), i + sp.Rational(1, 2)))):
        used = said(u**2, GE, 0, why=Lemma("attack", at=(at,)))
        result = derive(used, {"attack": K.sight(ONE, Context([Hyp(elem("d_t[]", (ONE,), True), ">=")]))})
        assert "integer" in result.problem
    assert base.lhs == total


def test_no_atom_counts_with_what_is_no_integer() -> None:
    half, real = const(Fraction(1, 2)), var("u")
    for args in ((half,), (real,)):
        with pytest.raises(Refused, match="integer"):
            elem("x[]", args)
    for ends in ((ONE, half), (real, ONE)):
        with pytest.raises(Refused, match="integer"):
            bind("imax", "i", *ends, var("i", True), EMPTY)
    with pytest.raises(Refused, match="well-formed"):
        Atom("exp", "", (ONE,), integer=True)
