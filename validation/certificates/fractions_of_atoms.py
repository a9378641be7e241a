"""Fractions of polynomials in atoms: the arithmetic under the normal form.

A monomial is a product of atoms with rational exponents, a polynomial a sum of monomials with rational coefficients,
and a fraction a polynomial over a product of polynomials of several terms.  Exponents of an atom are added without a
look at its sign: a power that is no integer is only ever formed of what is nonnegative where it is defined.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd, lcm

from validation.certificates.goals import Rejected

Monomial = tuple[tuple[int, Fraction], ...]  # numbers of atoms in rising order, exponents other than 0
Poly = Mapping[Monomial, Fraction]
Key = frozenset[tuple[Monomial, Fraction]]
MOST_TERMS = 20_000
UNIT: Monomial = ()
ONE = Fraction(1)


def poly(terms: Iterable[tuple[Monomial, Fraction]]) -> dict[Monomial, Fraction]:
    """The sum of the terms, without zeros."""
    found: dict[Monomial, Fraction] = {}
    for monomial, coefficient in terms:
        total = found.get(monomial, 0) + coefficient
        if total:
            found[monomial] = Fraction(total)
        else:
            found.pop(monomial, None)
    if len(found) > MOST_TERMS:
        raise Rejected(f"a normal form has more than {MOST_TERMS} terms")
    return found


def times(left: Monomial, right: Monomial) -> Monomial:
    """The product of two monomials."""
    powers = dict(left)
    for atom, exponent in right:
        powers[atom] = powers.get(atom, Fraction(0)) + exponent
    return tuple(sorted((atom, exponent) for atom, exponent in powers.items() if exponent))


def raised(monomial: Monomial, exponent: Fraction) -> Monomial:
    """A power of a monomial."""
    return tuple((atom, e * exponent) for atom, e in monomial) if exponent else UNIT


def product(left: Poly, right: Poly) -> dict[Monomial, Fraction]:
    """The product of two polynomials."""
    if len(left) * len(right) > 50 * MOST_TERMS:
        raise Rejected(f"a product in a normal form has {len(left)} times {len(right)} terms")
    return poly((times(m, n), c * d) for m, c in left.items() for n, d in right.items())


def content(terms: Poly) -> Fraction:
    """The positive rational that leaves coprime integers."""
    return Fraction(gcd(*(c.numerator for c in terms.values())), lcm(*(c.denominator for c in terms.values())))


def signed_content(terms: Poly) -> Fraction:
    """The content with the sign of the coefficient of the least monomial."""
    return content(terms) * (1 if terms[min(terms)] > 0 else -1)


@dataclass(frozen=True)
class Quotient:
    """``above`` over the product of ``below``, polynomials of several terms with their positive exponents."""

    above: Poly
    below: Mapping[Key, int] = field(default_factory=dict)

    @property
    def constant(self) -> Fraction | None:
        """The rational number that it is, if its form shows it."""
        if self.below or set(self.above) - {UNIT}:
            return None
        return self.above.get(UNIT, Fraction(0))

    @property
    def key(self) -> tuple[Key, frozenset[tuple[Key, int]]]:
        """Equal for equal forms."""
        return frozenset(self.above.items()), frozenset(self.below.items())


def number(value: Fraction | int) -> Quotient:
    """A rational number."""
    return Quotient({UNIT: Fraction(value)} if value else {})


def single(monomial: Monomial, coefficient: Fraction = ONE) -> Quotient:
    """One term."""
    return Quotient({monomial: coefficient})


def total(parts: Iterable[Quotient]) -> Quotient:
    """The sum over the least common product of the denominators."""
    members = [part for part in parts if part.above]
    below: dict[Key, int] = {}
    for part in members:
        for key, exponent in part.below.items():
            below[key] = max(below.get(key, 0), exponent)
    above: list[tuple[Monomial, Fraction]] = []
    for part in members:
        terms = part.above
        for key, exponent in below.items():
            for _ in range(exponent - part.below.get(key, 0)):
                terms = product(terms, dict(key))
        above += terms.items()
    summed = poly(above)
    return Quotient(summed, below if summed else {})


def multiplied(left: Quotient, right: Quotient) -> Quotient:
    """The product; denominators stay as they are."""
    below = dict(left.below)
    for key, exponent in right.below.items():
        below[key] = below.get(key, 0) + exponent
    above = product(left.above, right.above)
    return Quotient(above, below if above else {})


def inverted(value: Quotient) -> Quotient:
    """One over the fraction, where it is not 0.

    A numerator of several terms becomes a denominator as it is, up to a rational factor: nothing is divided by that
    might vanish.
    """
    if not value.above:
        raise Rejected("a normal form divides by 0")
    above: Poly = {UNIT: ONE}
    for key, exponent in value.below.items():
        for _ in range(exponent):
            above = product(above, dict(key))
    if len(value.above) == 1:
        ((monomial, coefficient),) = value.above.items()
        return Quotient(product(above, {raised(monomial, -ONE): 1 / coefficient}))
    scale = signed_content(value.above)
    primitive = frozenset((m, c / scale) for m, c in value.above.items())
    return Quotient(product(above, {UNIT: 1 / scale}), {primitive: 1})
