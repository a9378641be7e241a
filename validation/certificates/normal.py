"""The normal form: when two expressions are equal at every point of a region at which both are defined.

Every step is an equality that holds at each such point; nothing rests on continuity.  Signs are asked of the region.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

import sympy as sp

from validation.certificates.fractions_of_atoms import (
    ONE,
    UNIT,
    Key,
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
    signed_content,
    single,
    total,
)
from validation.certificates.goals import Goal, Rejected
from validation.certificates.ranges import Ranges, fraction, integral
from validation.certificates.shifts import Shifts

HIGHEST = 60
Piece = tuple[Monomial, frozenset[tuple[Key, int]]]
MINUS, NOTHING = number(-1), number(0)


def require_equal(goal: Goal, left: sp.Expr, right: sp.Expr) -> None:
    """Raises ``Rejected`` unless the two sides have one normal form on the region of the goal."""
    if not equal(goal, left, right):
        raise Rejected(f"{left} and {right} are not seen to be equal")


def equal(goal: Goal, left: sp.Expr, right: sp.Expr = sp.S.Zero) -> bool:
    """Whether the two sides are seen to be equal wherever both are defined on the region of the goal."""
    if left == right:
        return True
    ranges, shifts = Ranges.of(goal), Shifts.of([left, right])
    for _ in range(2):  # the units of angles are settled by the first pass
        form = Form(ranges, shifts)
        difference = total([form.of(left), multiplied(MINUS, form.of(right))])
    return form.vanishes(difference)


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
class Form:
    """Normal forms over one region; atoms are numbered as they appear."""

    ranges: Ranges
    shifts: Shifts
    atoms: list[Atom] = field(default_factory=list)
    numbers: dict[object, int] = field(default_factory=dict)
    forms: dict[sp.Expr, Quotient] = field(default_factory=dict)

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

    # From SymPy.

    def of(self, expr: sp.Expr) -> Quotient:
        """The normal form of an expression."""
        if expr not in self.forms:
            self.forms[expr] = self.reduced(self._of(expr))
        return self.forms[expr]

    def _of(self, expr: sp.Expr) -> Quotient:
        if isinstance(expr, sp.Rational):
            return number(fraction(expr))
        if isinstance(expr, sp.Symbol) or expr in (sp.pi, sp.EulerGamma):
            return self.lone("symbol", expr, expr)
        if expr == sp.E:
            return self.exp(number(1))
        if isinstance(expr, sp.Add):
            return total(map(self.of, expr.args))
        if isinstance(expr, sp.Mul):
            result = number(1)
            for arg in expr.args:
                result = self.reduced(multiplied(result, self.of(arg)))
            return result
        if isinstance(expr, sp.Pow):
            return self._power(expr)
        rule = RULES.get(type(expr))
        if rule is None or len(expr.args) != 1:
            return self._several(expr)
        return rule(self, expr.args[0])

    def _several(self, expr: sp.Expr) -> Quotient:
        if isinstance(expr, (sp.Max, sp.Min)) and len(expr.args) == 2:
            left, right = map(self.of, expr.args)
            sign = Fraction(1, 2) if isinstance(expr, sp.Max) else Fraction(-1, 2)
            spread = self.magnitude(total([left, multiplied(MINUS, right)]))
            return total(
                [
                    *(multiplied(number(Fraction(1, 2)), side) for side in (left, right)),
                    multiplied(number(sign), spread),
                ]
            )
        shifted = self.shifts.expanded(expr, self.ranges)
        if shifted is not None:
            return self.of(shifted)
        return self.lone(type(expr).__name__, tuple(self.of(arg).key for arg in expr.args), expr)

    def _power(self, expr: sp.Pow) -> Quotient:
        base, exponent = expr.args
        if isinstance(exponent, sp.Integer):
            return self._integer_power(self.of(base), int(exponent))
        if isinstance(exponent, sp.Rational):
            return self.root(self.of(base), fraction(exponent))
        if self.shows(base, ">"):
            return self.exp(self.reduced(multiplied(self.of(exponent), self.log(self.of(base)))))
        if integral(exponent) and self.shows(base, "!="):
            return self._whole_power(base, self.of(exponent))
        return self.lone("power", (self.of(base).key, self.of(exponent).key), expr)

    def _integer_power(self, value: Quotient, exponent: int) -> Quotient:
        """A power, reduced on the way."""
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

    def _whole_power(self, base: sp.Expr, exponent: Quotient) -> Quotient:
        """A base that is not 0 to an exponent that is an integer polynomial in integers, term by term."""
        if exponent.below or any(c.denominator != 1 for c in exponent.above.values()):
            return self.lone("power", (self.of(base).key, exponent.key), base ** self.expr_of(exponent.above))
        result, key = number(1), self.of(base).key
        for monomial, c in exponent.above.items():
            if monomial == UNIT:
                factor = self.of(base ** int(c))
            else:
                whole = base ** self._monomial(monomial)
                factor = self.lone("unit" if base == -1 else "power", (key, monomial), whole, c)
            result = self.reduced(multiplied(result, factor))
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
        parts = self._split(value, ">=")
        if parts is None:
            sign = 1 if exponent > 0 else -1
            rest = abs(exponent)
            opaque = self.lone("radical", value.key, self._whole(value), (rest - floor(rest)) * sign)
            return multiplied(self._integer_power(value, floor(rest) * sign), opaque)
        scale, found = parts
        result = number(1)
        for p, e in _primes(scale):
            result = multiplied(result, self.lone("prime", p, sp.Integer(p), exponent * e))
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

    # Functions.

    def pieces(self, value: Quotient) -> list[tuple[Fraction, Piece]]:
        """The terms of a fraction, each over the whole denominator: coefficients and what they multiply."""
        below = frozenset(value.below.items())
        return [(c, (m, below)) for m, c in sorted(value.above.items())]

    def piece_expr(self, piece: Piece) -> sp.Expr:
        """A piece as an expression."""
        return self._monomial(piece[0]) / sp.Mul(*(self.expr_of(dict(key)) ** e for key, e in piece[1]))

    def exp(self, value: Quotient) -> Quotient:
        """The product of the exponentials of the terms; multiples of a logarithm give powers."""
        result = number(1)
        for c, piece in self.pieces(value):
            monomial, below = piece
            only = monomial[0] if len(monomial) == 1 and monomial[0][1] == 1 and not below else None
            head = self.atoms[only[0]] if only else None
            if head is not None and head.kind == "log":
                integer = c.denominator == 1
                factor = self._integer_power(head.inner, int(c)) if integer else self.root(head.inner, c)
            elif head is not None and head.kind == "LambertW" and c.denominator == 1 and self.shows(head.expr, "!="):
                ratio = multiplied(self.of(head.expr.args[0]), single(((only[0], -ONE),)))  # exp(W(u)) = u/W(u)
                factor = self._integer_power(ratio, int(c))
            else:
                inner = Quotient({monomial: ONE}, dict(below))
                factor = self.lone("exp", piece, sp.exp(self.piece_expr(piece)), c, inner)
            result = self.reduced(multiplied(result, factor))
        return result

    def magnitude(self, value: Quotient) -> Quotient:
        """The absolute value."""
        if not value.above or value.constant is not None:
            return number(abs(value.constant or 0))
        expr = self._whole(value)
        if self.shows(expr, ">="):
            return value
        if self.shows(-expr, ">="):
            return multiplied(MINUS, value)
        scale = signed_content(value.above)
        primitive = product(value.above, {UNIT: 1 / scale})
        key = Quotient(primitive, value.below).key
        size = sp.Abs(expr / sp.Rational(scale.numerator, scale.denominator))
        found = self.atom("size" if value.below else "abs", key, size, Quotient(primitive))
        return single(((found, ONE),), abs(scale))

    def wave(self, value: Quotient) -> tuple[Quotient, Quotient]:
        """Sine and cosine of a sum, by the addition formulas down to multiples of the units of its terms."""
        sine, cosine = number(0), number(1)
        for c, piece in self.pieces(value):
            s, k = self._wave_piece(c, piece)
            sine, cosine = (
                self.reduced(total([multiplied(sine, k), multiplied(cosine, s)])),
                self.reduced(total([multiplied(cosine, k), multiplied(MINUS, multiplied(sine, s))])),
            )
        return sine, cosine

    def _wave_piece(self, c: Fraction, piece: Piece) -> tuple[Quotient, Quotient]:
        expr = self.piece_expr(piece)
        unit = self.shifts.angle(expr, c)
        times_, turned = c / unit, expr * sp.Rational(unit.numerator, unit.denominator)
        if expr == sp.pi:
            values = [f(sp.Rational(c.numerator, c.denominator) * sp.pi) for f in (sp.sin, sp.cos)]
            if not any(value.has(sp.sin, sp.cos) for value in values):
                return self.of(values[0]), self.of(values[1])
        cosine = self.atom("cos", (piece, unit), sp.cos(turned))
        circle = Quotient({UNIT: ONE, ((cosine, Fraction(2)),): -ONE})
        sine = single(((self.atom("sin", (piece, unit), sp.sin(turned), circle), ONE),))
        cos1, count = single(((cosine, ONE),)), abs(int(times_))
        if times_.denominator != 1 or count > 40:
            raise Rejected(f"{c} times {expr} is too far from the unit {unit} of its angle")
        s, k = number(0), number(1)
        for _ in range(count):
            s, k = (
                self.reduced(total([multiplied(s, cos1), multiplied(k, sine)])),
                self.reduced(total([multiplied(k, cos1), multiplied(MINUS, multiplied(s, sine))])),
            )
        return (s if times_ > 0 else multiplied(MINUS, s)), k

    def odd(self, kind: type, arg: sp.Expr) -> Quotient:
        """An odd function: the sign of the first term of the argument comes out."""
        value = self.of(arg)
        if value.above and value.above[min(value.above)] < 0:
            return multiplied(MINUS, self.odd(kind, -arg))
        return self.lone(kind.__name__, value.key, kind(arg)) if value.above else number(0)

    def gamma(self, arg: sp.Expr) -> Quotient:
        """Through its logarithm where the argument is seen to be positive."""
        if self.shows(arg, ">"):
            return self.exp(self.of(sp.loggamma(arg)))
        return self.lone("gamma", self.of(arg).key, sp.gamma(arg))

    def hyperbolic(self, arg: sp.Expr) -> tuple[Quotient, Quotient]:
        """Sine and cosine, hyperbolic."""
        up, down = self.exp(self.of(arg)), self.exp(self.of(-arg))
        half = number(Fraction(1, 2))
        return (
            multiplied(half, total([up, multiplied(MINUS, down)])),
            multiplied(half, total([up, down])),
        )


def _ratio(form: Form, parts: tuple[Quotient, Quotient]) -> Quotient:
    return form.reduced(multiplied(parts[0], inverted(parts[1])))


def _power_of(a: int, e: Fraction) -> Monomial:
    return ((a, e),) if e else UNIT


def _primes(value: Fraction) -> list[tuple[int, int]]:
    """The factors of a positive rational below a bound, what is left as one more factor."""
    above = sp.factorint(value.numerator, limit=1000)
    below = sp.factorint(value.denominator, limit=1000)
    return [(int(p), int(e)) for p, e in above.items()] + [(int(p), -int(e)) for p, e in below.items()]


def _sine(form: Form, arg: sp.Expr) -> Quotient:
    return form.wave(form.of(arg))[0]


def _cosine(form: Form, arg: sp.Expr) -> Quotient:
    return form.wave(form.of(arg))[1]


def _complement(first: Quotient, rest: Quotient) -> Quotient:
    return total([first, multiplied(MINUS, rest)])


RULES: dict[type, Callable[[Form, sp.Expr], Quotient]] = {
    sp.exp: lambda form, arg: form.exp(form.of(arg)),
    sp.log: lambda form, arg: form.log(form.of(arg)),
    sp.sin: _sine,
    sp.cos: _cosine,
    sp.tan: lambda form, arg: _ratio(form, form.wave(form.of(arg))),
    sp.sinh: lambda form, arg: form.hyperbolic(arg)[0],
    sp.cosh: lambda form, arg: form.hyperbolic(arg)[1],
    sp.tanh: lambda form, arg: _ratio(form, form.hyperbolic(arg)),
    sp.Abs: lambda form, arg: form.magnitude(form.of(arg)),
    sp.gamma: lambda form, arg: form.gamma(arg),
    sp.erf: lambda form, arg: form.odd(sp.erf, arg),
    sp.erfc: lambda form, arg: _complement(number(1), form.odd(sp.erf, arg)),
    sp.atan: lambda form, arg: form.odd(sp.atan, arg),
    sp.asin: lambda form, arg: form.odd(sp.asin, arg),
    sp.acos: lambda form, arg: _complement(form.of(sp.pi / 2), form.odd(sp.asin, arg)),
}
