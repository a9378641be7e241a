"""The atoms of the normal form: what they are, what their powers become, and logarithms and roots of their products.

Every step is an equality that holds wherever both sides are defined; nothing rests on continuity.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

import sympy as sp

from validation.certificates.fractions_of_atoms import (
    ONE,
    UNIT,
    Monomial,
    Poly,
    Quotient,
    content,
    inverted,
    multiplied,
    number,
    poly,
    product,
    raised,
    single,
    total,
)
from validation.certificates.goals import Rejected
from validation.certificates.ranges import Ranges

HIGHEST, LARGEST = 60, 5000
NOTHING = number(0)


@dataclass(frozen=True)
class Atom:
    """A factor of monomials: its kind, its SymPy expression, and what its relation needs.

    That is the exponent of ``exp``, the argument of ``log`` and ``abs``, the base of ``root``, and for ``sin`` the
    square of it.
    """

    kind: str
    expr: sp.Expr
    inner: Quotient


@dataclass
class Atoms:
    """The atoms over one region, numbered as they appear."""

    ranges: Ranges
    atoms: list[Atom] = field(default_factory=list)
    numbers: dict[object, int] = field(default_factory=dict)

    def atom(self, kind: str, key: object, expr: sp.Expr, inner: Quotient = NOTHING) -> int:
        """The number of an atom; equal kinds and keys are one atom."""
        if (kind, key) not in self.numbers:
            self.numbers[kind, key] = len(self.atoms)
            self.atoms.append(Atom(kind, expr, inner))
        return self.numbers[kind, key]

    def lone(
        self, kind: str, key: object, expr: sp.Expr, exponent: Fraction = ONE, inner: Quotient = NOTHING
    ) -> Quotient:
        """One atom, or a power of it."""
        return single(((self.atom(kind, key, expr, inner), exponent),)) if exponent else number(1)

    # Back to SymPy, to ask for signs.

    def expr_of(self, terms: Poly) -> sp.Expr:
        """A polynomial as an expression."""
        return sp.Add(*(sp.Rational(c.numerator, c.denominator) * self._monomial(m) for m, c in terms.items()))

    def _monomial(self, monomial: Monomial) -> sp.Expr:
        return sp.Mul(*(self.atoms[a].expr ** sp.Rational(e.numerator, e.denominator) for a, e in monomial))

    def shows(self, expr: sp.Expr, relation: str) -> bool:
        """Whether the region shows the sign of an expression."""
        try:
            return self.ranges.holds(expr, relation)
        except Rejected:
            return False

    def _integer_power(self, value: Quotient, exponent: int) -> Quotient:
        """A power, reduced on the way."""
        if abs(exponent) > LARGEST:
            raise Rejected(f"the power {exponent} in a normal form")
        if exponent < 0:
            return self._integer_power(self.reduced(inverted(value)), -exponent)
        if len(value.above) == 1:
            ((monomial, c),) = value.above.items()
            below = {key: e * exponent for key, e in value.below.items()}
            return Quotient({raised(monomial, Fraction(exponent)): c**exponent}, below)
        if exponent > HIGHEST:
            raise Rejected(f"a sum to the power {exponent} in a normal form")
        result = number(1)
        for _ in range(exponent):
            result = self.reduced(multiplied(result, value))
        return result

    # Relations between atoms.

    def reduced(self, value: Quotient) -> Quotient:
        """The quotient with every power of an atom replaced that its relation rewrites."""
        pending, done = list(value.above.items()), []
        rounds = 0
        while pending:
            rounds += 1
            if rounds > 200_000:
                raise Rejected("a normal form takes too long")
            monomial, c = pending.pop()
            for a, e in monomial:
                replacement = self._rewritten(a, e)
                if replacement is not None:
                    rest = tuple(p for p in monomial if p[0] != a)
                    pending += product({rest: c}, replacement).items()
                    break
            else:
                done.append((monomial, c))
        above = poly(done)
        return Quotient(above, value.below if above else {})

    def _rewritten(self, a: int, e: Fraction) -> Poly | None:
        """The polynomial that a power of an atom is, where its relation makes it another one."""
        atom, whole = self.atoms[a], floor(e)
        if atom.kind == "prime" and whole:
            return {_power_of(a, e - whole): Fraction(int(atom.expr)) ** whole}
        if atom.kind == "root" and whole > 0:
            return product({_power_of(a, e - 1): ONE}, atom.inner.above)
        if atom.kind == "sin" and e >= 2:
            return product({_power_of(a, e - 2): ONE}, atom.inner.above)
        if atom.kind == "abs" and e >= 2:
            return product({_power_of(a, e - 2): ONE}, product(atom.inner.above, atom.inner.above))
        if atom.kind == "unit" and e.denominator == 1 and e not in (0, 1):
            return {_power_of(a, e % 2): ONE}
        return None

    def vanishes(self, value: Quotient) -> bool:
        """Whether the fraction is 0; negative powers of sines, roots and absolute values are cleared first."""
        worst: dict[int, Fraction] = {}
        for monomial in value.above:
            for a, e in monomial:
                if e < 0 and self.atoms[a].kind in ("sin", "root", "abs"):
                    worst[a] = min(worst.get(a, e), e)
        clearing = tuple(sorted((a, -e) for a, e in worst.items()))
        return not self.reduced(Quotient(product(value.above, {clearing: ONE}))).above

    # Factors, logarithms and roots.

    def factors(self, value: Quotient) -> tuple[Fraction, list[tuple[Quotient, Fraction]]]:
        """A rational number, and factors with exponents, whose product is the value."""
        if not value.above:
            raise Rejected("0 has no factors")
        scale = content(value.above) if len(value.above) > 1 else next(iter(value.above.values()))
        shared = self._shared(value.above)
        found = [(single(((a, ONE),)), e) for a, e in shared]
        if len(value.above) > 1:
            found.append((Quotient(product(value.above, {raised(shared, -ONE): 1 / scale})), ONE))
        return scale, found + [(Quotient(dict(key)), Fraction(-e)) for key, e in value.below.items()]

    def _shared(self, terms: Poly) -> Monomial:
        """The monomial that all terms share: of several terms only positive atoms are taken out."""
        if len(terms) == 1:
            return next(iter(terms))
        powers = [dict(m) for m in terms]
        names = {a for m in powers for a in m}
        least = ((a, min(m.get(a, Fraction(0)) for m in powers)) for a in sorted(names) if self._positive(a))
        return tuple((a, e) for a, e in least if e)

    def _positive(self, a: int) -> bool:
        return self.atoms[a].kind in ("exp", "prime") or self.shows(self.atoms[a].expr, ">")

    def _has(self, factor: Quotient, relation: str) -> bool:
        """Whether the sign of a factor is seen."""
        if len(factor.above) == 1:
            (((a, _),),) = factor.above
            return self._positive(a) or self.shows(self.atoms[a].expr, relation)
        return self.shows(self.expr_of(factor.above), relation)

    def _split(self, value: Quotient, relation: str) -> tuple[Fraction, list[tuple[Quotient, Fraction]]] | None:
        """Factors that are all positive (or, for ``>=``, all nonnegative), given that the value is.

        One of them need not show it where all others are seen to be positive, unless an even power hides its sign.
        """
        scale, found = self.factors(value)
        hidden = [e for factor, e in found if not self._has(factor, relation)]
        if scale < 0 or len(hidden) > 1:
            return None
        if hidden:
            (e,) = hidden
            if e.denominator == 1 and e.numerator % 2 == 0:
                return None
            if sum(not self._has(factor, ">") for factor, _ in found) > 1:
                return None
        return scale, found

    def log(self, value: Quotient) -> Quotient:
        """The logarithm of a value that is positive where it is defined."""
        parts = self._split(value, ">")
        if parts is None:
            return self.lone("log", value.key, sp.log(self._whole(value)), inner=value)
        scale, found = parts
        terms = [multiplied(number(e), self._log_prime(p)) for p, e in _primes(scale)]
        for factor, e in found:
            terms.append(multiplied(number(e), self._log_factor(factor)))
        return total(terms)

    def _log_prime(self, prime: int) -> Quotient:
        base = self.lone("prime", prime, sp.Integer(prime))
        return self.lone("log", base.key, sp.log(prime), inner=base)

    def _log_factor(self, factor: Quotient) -> Quotient:
        if len(factor.above) == 1:
            (((a, _),),) = factor.above
            if self.atoms[a].kind == "exp":
                return self.atoms[a].inner
            if self.atoms[a].kind == "root":
                return self.log(self.atoms[a].inner)
        return self.lone("log", factor.key, sp.log(self.expr_of(factor.above)), inner=factor)

    def _whole(self, value: Quotient) -> sp.Expr:
        return self.expr_of(value.above) / sp.Mul(*(self.expr_of(dict(key)) ** e for key, e in value.below.items()))

    def root(self, value: Quotient, exponent: Fraction) -> Quotient:
        """A power that is no integer, of a value that is nonnegative where it is defined."""
        if not value.above:
            return number(0)
        if abs(exponent) > LARGEST:
            raise Rejected(f"the power {exponent} in a normal form")
        parts = self._split(value, ">=")
        if parts is None:
            sign, size = (1 if exponent > 0 else -1), abs(exponent)
            opaque = self.lone("radical", value.key, self._whole(value), (size - floor(size)) * sign)
            return multiplied(self._integer_power(value, floor(size) * sign), opaque)
        scale, found = parts
        result = number(1)
        for p, times in _primes(scale):
            result = multiplied(result, self.lone("prime", p, sp.Integer(p), exponent * times))
        for factor, e in found:
            result = self.reduced(multiplied(result, self._root_factor(factor, exponent * e)))
        return self.reduced(result)

    def _root_factor(self, factor: Quotient, exponent: Fraction) -> Quotient:
        if len(factor.above) == 1:
            return single(raised(next(iter(factor.above)), exponent))
        whole = floor(exponent)
        rest = self.atom("root", factor.key, self.expr_of(factor.above), factor)
        part = single(((rest, exponent - whole),)) if exponent != whole else number(1)
        return multiplied(self._integer_power(factor, whole), part)


def _power_of(a: int, e: Fraction) -> Monomial:
    return ((a, e),) if e else UNIT


def _primes(value: Fraction) -> list[tuple[int, int]]:
    """The factors of a positive rational below a bound, what is left as one more factor."""
    above = sp.factorint(value.numerator, limit=1000)
    below = sp.factorint(value.denominator, limit=1000)
    return [(int(p), int(e)) for p, e in above.items()] + [(int(p), -int(e)) for p, e in below.items()]
