"""The normal form: when two expressions are equal at every point of a region at which both are defined.

Every step is an equality that holds at each such point; nothing rests on continuity.  Signs are asked of the region.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

import sympy as sp

from validation.certificates.atoms import Atoms
from validation.certificates.fractions_of_atoms import (
    ONE,
    UNIT,
    Key,
    Monomial,
    Quotient,
    inverted,
    multiplied,
    number,
    product,
    signed_content,
    single,
    total,
)
from validation.certificates.goals import Goal, Rejected
from validation.certificates.ranges import Ranges, fraction, integral
from validation.certificates.shifts import Shifts

Piece = tuple[Monomial, frozenset[tuple[Key, int]]]
MINUS = number(-1)


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
        form = Form(ranges, shifts=shifts)
        difference = total([form.of(left), multiplied(MINUS, form.of(right))])
    return form.vanishes(difference)


@dataclass
class Form(Atoms):
    """Normal forms of expressions over one region."""

    shifts: Shifts = field(default_factory=Shifts)
    forms: dict[sp.Expr, Quotient] = field(default_factory=dict)

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
            lone = len(monomial) == 1 and monomial[0][1] == 1 and not below
            factor = self._exp_atom(monomial[0][0], c) if lone else None
            if factor is None:
                inner = Quotient({monomial: ONE}, dict(below))
                factor = self.lone("exp", piece, sp.exp(self.piece_expr(piece)), c, inner)
            result = self.reduced(multiplied(result, factor))
        return result

    def _exp_atom(self, a: int, c: Fraction) -> Quotient | None:
        """``exp(c*log(u)) = u**c``, and ``exp(W(u)) = u/W(u)`` where W(u) is not 0; ``None`` for other atoms."""
        atom = self.atoms[a]
        if atom.kind == "log":
            return self._integer_power(atom.inner, int(c)) if c.denominator == 1 else self.root(atom.inner, c)
        if atom.kind == "LambertW" and c.denominator == 1 and self.shows(atom.expr, "!="):
            ratio = multiplied(self.of(atom.expr.args[0]), single(((a, -ONE),)))
            return self._integer_power(ratio, int(c))
        return None

    def magnitude(self, value: Quotient) -> Quotient:
        """The absolute value."""
        if not value.above or value.constant is not None:
            return number(abs(value.constant or Fraction(0)))
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
