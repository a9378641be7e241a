"""What the parts of one identity share: the least argument of a gamma function, the unit of an angle."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor, gcd

import sympy as sp

from validation.certificates.goals import Rejected
from validation.certificates.ranges import Ranges, fraction

FAMILY = {sp.loggamma: "log", sp.gamma: "log", sp.polygamma: "poly", sp.lowergamma: "order", sp.uppergamma: "order"}
FARTHEST = 60
Class = tuple[str, sp.Expr, Fraction]


def _argument(expr: sp.Expr) -> sp.Expr:
    return expr.args[1] if isinstance(expr, sp.polygamma) else expr.args[0]


def _class(expr: sp.Expr) -> tuple[Class, int]:
    """What arguments that differ by integers share, and the integer part."""
    summand, core = _argument(expr).as_coeff_Add()
    value = fraction(summand)
    return (FAMILY[type(expr)], core, value - floor(value)), floor(value)


@dataclass
class Shifts:
    """The least integer part for every class of arguments, and the unit of every angle."""

    least: dict[Class, int] = field(default_factory=dict)
    units: dict[sp.Expr, Fraction] = field(default_factory=dict)
    doubled: set[sp.Expr] = field(default_factory=set)

    @classmethod
    def of(cls, exprs: Iterable[sp.Expr]) -> Shifts:
        """The least arguments in some expressions."""
        found = cls()
        for expr in exprs:
            for part in expr.atoms(*FAMILY):
                found.note(part)
                if isinstance(part, sp.uppergamma):
                    found.note(sp.loggamma(part.args[0]))
        cores = {core for family, core, _ in found.least if family == "log" and core.free_symbols}
        for family, core, rest in list(found.least):
            if family == "log" and core / 2 in cores:  # what the duplication formula brings in
                whole = found.least[family, core, rest]
                start = (core + sp.Rational(rest.numerator, rest.denominator) + whole) / 2
                found.note(sp.loggamma(start))
                found.note(sp.loggamma(start + sp.Rational(1, 2)))
                found.doubled.add(core)
        return found

    def note(self, part: sp.Expr) -> None:
        """Takes a function into account."""
        if type(part) in FAMILY:
            group, whole = _class(part)
            self.least[group] = min(self.least.get(group, whole), whole)

    def angle(self, expr: sp.Expr, coefficient: Fraction) -> Fraction:
        """The greatest rational of which all multiples of the angle met so far are integer multiples."""
        known = self.units.get(expr, coefficient)
        unit = Fraction(
            gcd(known.numerator * coefficient.denominator, coefficient.numerator * known.denominator),
            known.denominator * coefficient.denominator,
        )
        self.units[expr] = unit
        return unit

    def expanded(self, expr: sp.Expr, ranges: Ranges) -> sp.Expr | None:
        """The function at the least argument that is seen to be positive, by the recurrence; ``None`` if it is there.

        Loggamma and its derivatives at ``u + k`` differ from those at ``u > 0`` by sums over ``u, ..., u + k - 1``;
        the incomplete functions of order ``u + k`` follow by partial integration.
        """
        if type(expr) not in FAMILY:
            return None
        if isinstance(expr, sp.uppergamma) and _positive(ranges, expr.args[0]):
            return sp.gamma(expr.args[0]) - sp.lowergamma(*expr.args)
        group, whole = _class(expr)
        count = whole - self.least.get(group, whole)
        start = _argument(expr) - count
        if count == 0 and isinstance(expr, sp.loggamma) and _positive(ranges, start):
            return self._at_another(start, ranges)
        if count == 0 or isinstance(expr, (sp.gamma, sp.uppergamma)) or not _positive(ranges, start):
            return None
        if count > FARTHEST:
            raise Rejected(f"{expr} is {count} steps from {start}")
        places = [start + j for j in range(count)]
        if isinstance(expr, sp.loggamma):
            return sp.loggamma(start) + sp.Add(*map(sp.log, places))
        if isinstance(expr, sp.polygamma):
            return _polygamma(expr.args[0], start, places)
        cutoff, value = expr.args[1], sp.lowergamma(start, expr.args[1])
        for order in places:
            value = order * value - cutoff**order * sp.exp(-cutoff)
        return value

    def _at_another(self, u: sp.Expr, ranges: Ranges) -> sp.Expr | None:
        """Loggamma at u > 0 by the duplication formula, or by the reflection formula where 0 < u < 1.

        The first serves where half of u occurs as well, the second where u falls as what occurs besides rises.
        """
        core = u.as_coeff_Add()[1]
        if core in self.doubled:
            halves = sp.loggamma(u / 2) + sp.loggamma((u + 1) / 2)
            return halves + (u - 1) * sp.log(2) - sp.log(sp.pi) / 2
        if core.could_extract_minus_sign() and _positive(ranges, 1 - u):
            return sp.log(sp.pi) - sp.log(sp.sin(sp.pi * u)) - sp.loggamma(1 - u)
        return None


def _positive(ranges: Ranges, expr: sp.Expr) -> bool:
    try:
        return ranges.holds(expr, ">")
    except Rejected:
        return False


def _polygamma(order: sp.Expr, start: sp.Expr, places: list[sp.Expr]) -> sp.Expr | None:
    if not isinstance(order, sp.Integer) or order < 0:
        return None
    n = int(order)
    factor = (-1) ** n * sp.factorial(n)
    return sp.polygamma(n, start) + sp.Add(*(factor / place ** (n + 1) for place in places))
