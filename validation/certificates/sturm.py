"""Polynomials in one variable with rational coefficients: their sign on an interval by Sturm's theorem."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import sympy as sp
from flint import fmpq, fmpq_poly

from validation.certificates.goals import Goal, Rejected
from validation.certificates.nodes import Sturm
from validation.certificates.ranges import fraction
from validation.certificates.regions import require_defined


def sturm(goal: Goal, node: Sturm) -> list[Goal]:
    """No root inside the interval and one value of the right sign there decide for ``>`` and ``!=``.

    For ``>=`` roots of even multiplicity are allowed inside: the part of the polynomial with odd multiplicities must
    have no root there.  Ends that belong to the interval are looked at by themselves.
    """
    require_defined(goal)
    free = goal.gap.free_symbols
    if len(free) != 1:
        raise Rejected(f"{goal.gap} is no polynomial in one variable")
    (x,) = free
    interval = goal.intervals[x]
    polynomial = _polynomial(goal.gap, x)
    low, high = (_end(end) for end in (interval.lower, interval.upper))
    if goal.relation == "==":
        raise Rejected("Sturm counts prove no equality")
    if low is not None and high is not None and low >= high:
        raise Rejected(f"{interval} has no inside")
    wanted = _odd_part(polynomial) if goal.relation == ">=" else polynomial
    if _roots_inside(wanted, low, high):
        raise Rejected(f"{goal.gap} changes sign or vanishes inside {interval}")
    middle = _regular_point(polynomial, low, high)
    if goal.relation in (">=", ">") and not polynomial(middle) > 0:
        raise Rejected(f"{goal.gap} is not positive at {middle}")
    for end, is_open in ((low, interval.open_lower), (high, interval.open_upper)):
        if goal.relation != ">=" and end is not None and not is_open and polynomial(end) == 0:
            raise Rejected(f"{goal.gap} is 0 at {end}")
    return []


def _polynomial(gap: sp.Expr, x: sp.Symbol) -> fmpq_poly:
    """The polynomial, built from the tree by exact arithmetic."""
    if gap == x:
        return fmpq_poly([0, 1])
    if isinstance(gap, sp.Rational):
        return fmpq_poly([fmpq(int(gap.p), int(gap.q))])
    if isinstance(gap, (sp.Add, sp.Mul)):
        parts = [_polynomial(arg, x) for arg in gap.args]
        total = parts[0]
        for part in parts[1:]:
            total = total + part if isinstance(gap, sp.Add) else total * part
        return total
    if isinstance(gap, sp.Pow) and isinstance(gap.exp, sp.Integer) and 0 <= gap.exp <= 400:
        return _polynomial(gap.base, x) ** int(gap.exp)
    raise Rejected(f"{gap} is no polynomial with rational coefficients")


def _end(end: sp.Expr) -> fmpq | None:
    if end in (sp.oo, -sp.oo):
        return None
    if not isinstance(end, sp.Rational):
        raise Rejected(f"Sturm counts need rational ends, received {end}")
    value: Fraction = fraction(end)
    return fmpq(value.numerator, value.denominator)


def _odd_part(polynomial: fmpq_poly) -> fmpq_poly:
    """The product of the square-free factors with odd multiplicity."""
    product = fmpq_poly([1])
    for factor, multiplicity in polynomial.factor()[1]:
        if multiplicity % 2:
            product = product * factor
    return product


def _roots_inside(polynomial: fmpq_poly, low: fmpq | None, high: fmpq | None) -> int:
    """The number of different real roots strictly between the ends."""
    if polynomial.degree() < 1:
        return 0 if polynomial.degree() == 0 else 1
    polynomial = polynomial // polynomial.gcd(polynomial.derivative())  # the chain asks for simple roots at the ends
    chain = [polynomial, polynomial.derivative()]
    while chain[-1].degree() > 0:
        rest = -(chain[-2] % chain[-1])
        if rest.degree() < 0:
            break
        chain.append(rest)
    count = _changes(chain, low, -1) - _changes(chain, high, 1)
    return int(count) - (1 if high is not None and polynomial(high) == 0 else 0)


def _changes(chain: list[fmpq_poly], place: fmpq | None, side: int) -> int:
    """Sign changes along the chain at a number, or at the infinity of that side."""
    values = [_far(p, side) if place is None else p(place) for p in chain]
    signs = [value > 0 for value in values if value != 0]
    return sum(a != b for a, b in pairwise(signs))


def _far(polynomial: fmpq_poly, side: int) -> fmpq:
    degree = polynomial.degree()
    return polynomial[degree] * (side**degree if degree >= 0 else 1)


def _regular_point(polynomial: fmpq_poly, low: fmpq | None, high: fmpq | None) -> fmpq:
    """A point inside at which the polynomial is not 0."""
    if polynomial.degree() < 0:
        raise Rejected("the polynomial is 0")
    left = low if low is not None else (high if high is not None else fmpq(0)) - 2
    right = high if high is not None else left + 2
    points = (left + (right - left) * fmpq(k, polynomial.degree() + 2) for k in range(1, polynomial.degree() + 2))
    return next(point for point in points if polynomial(point) != 0)
