"""Points of a goal's region, and what balls say of its gap there.

A coordinate is an ``int`` (integer variables), an ``fmpq``, an exact constant of SymPy, or, while a minimum is being
approached, an ``arb`` without radius.  Only the first three can become a witness.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq

from numerics.backends.as_ball import build_all
from validation.certificates.goals import Constraint, Goal, Interval, Rejected, substituted
from validation.certificates.normal import equal

Coordinate = Any  # int, fmpq, sp.Expr or arb without radius
Point = tuple[Coordinate, ...]
Crossing = tuple[Point, Point]
QUICK, THOROUGH = (1, 4), (1, 4, 16)
BITS, MOST_BITS, LONGEST = 96, 24_000, 3000
WRITABLE = 3200  # bits of numerators and denominators; the language reads a thousand digits
LARGE_ORDER = 2**19
CERTAIN = 12  # bits of the gap that are worth comparing
_FAST_GROWING = (sp.gamma, sp.loggamma, sp.lowergamma, sp.uppergamma, sp.polygamma, sp.zeta)
_NONE = arb.nan()


@dataclass(frozen=True)
class Look:
    """The gap at a point: its sign (``None`` where it is not known) and its size against that of its terms."""

    sign: int | None
    gap: arb
    ratio: arb

    @property
    def defined(self) -> bool:
        """Whether the gap has a value there."""
        return bool(self.gap.is_finite())


UNDEFINED = Look(None, _NONE, _NONE)


def rational(value: Any) -> fmpq | None:
    """The fraction that a constant or a coordinate is; ``None`` for any other."""
    if isinstance(value, fmpq):
        return value
    if isinstance(value, int):
        return fmpq(value)
    if isinstance(value, sp.Rational):
        return fmpq(int(value.p), int(value.q))
    return None


def number(value: Coordinate) -> sp.Expr:
    """The coordinate as an exact constant of SymPy."""
    if isinstance(value, sp.Expr):
        return value
    exact = dyadic(value) if isinstance(value, arb) else fmpq(value)
    return sp.Rational(int(exact.p), int(exact.q))


def dyadic(value: arb) -> fmpq:
    """The middle of a ball as a fraction."""
    return value.mid().fmpq() if value.is_finite() else fmpq(0)


def fraction(value: fmpq) -> Fraction:
    """The same number as a ``Fraction``."""
    return Fraction(int(value.p), int(value.q))


@lru_cache(maxsize=4000)
def constant(expr: sp.Expr, precision: int) -> arb:
    """A ball around an exact constant."""
    return build_all([expr])[0]({}, precision)[0]


def bits(point: Point) -> int:
    """How long the coordinates are: the larger of the bits of size and of fineness."""
    return max((_bits(value) for value in point), default=1)


def _bits(value: Coordinate) -> int:
    if isinstance(value, int):
        return value.bit_length()
    if isinstance(value, fmpq):
        return max(int(value.p).bit_length(), int(value.q).bit_length())
    ball = value if isinstance(value, arb) else constant(value, 64)
    if not ball.is_finite() or ball.mid() == 0:
        return 64
    mantissa, exponent = ball.mid().man_exp()
    return min(abs(int(mantissa).bit_length() + int(exponent)), LONGEST)


class Gauge:
    """A goal compiled: looks at its gap and at its constraints.  Raises ``UnsupportedExpression`` without a routine."""

    def __init__(self, goal: Goal) -> None:
        self.goal = goal
        self.names = tuple(symbol.name for symbol, _ in goal.box)
        self.intervals = tuple(interval for _, interval in goal.box)
        self._terms = build_all(sp.Add.make_args(goal.gap))[0]
        self._single = not isinstance(goal.gap, sp.Add)
        self._given = tuple(c for c in goal.given if not c.everywhere)
        self._constraints: dict[Constraint, Callable[..., list[arb]]] = {c: build_all([c.gap])[0] for c in goal.given}
        incomplete = sorted(goal.gap.atoms(sp.lowergamma, sp.uppergamma), key=str)
        self._incomplete = build_all([arg for part in incomplete for arg in part.args])[0] if incomplete else None
        towers = any(part.exp.free_symbols for part in goal.gap.atoms(sp.Pow))
        self._delicate = towers or goal.gap.has(*_FAST_GROWING)
        self.crossings: list[Crossing] = []

    def values(self, point: Point, precision: int) -> dict[str, Any]:
        """The coordinates by name, integers as they are, everything else as balls."""
        found: dict[str, Any] = {}
        with ctx.workprec(precision):
            for name, value in zip(self.names, point, strict=True):
                ball = constant(value, precision) if isinstance(value, sp.Expr) else value
                found[name] = arb(ball) if isinstance(value, fmpq) else ball
        return found

    def at(self, point: Point, precision: int) -> Look:
        """The gap in one precision."""
        try:
            if self._takes_long(point):
                return UNDEFINED
            terms = self._terms(self.values(point, precision), precision)
        except (ArithmeticError, ValueError, MemoryError):
            return UNDEFINED
        with ctx.workprec(precision):
            gap = sum(terms[1:], terms[0])
            if not gap.is_finite():
                return UNDEFINED
            sign = 1 if gap > 0 else -1 if gap < 0 else 0 if gap.is_zero() else None
            scale = sum((term.abs_upper() for term in terms), arb(0))
            ratio = gap if self._single or not scale > 0 else (gap / scale).mid()
        return Look(sign, gap, ratio)

    def _takes_long(self, point: Point) -> bool:
        """Whether an incomplete gamma function has a large order and a cutoff close to it."""
        args = self._incomplete(self.values(point, 64), 64) if self._incomplete is not None else []
        pairs = zip(args[::2], args[1::2], strict=True)
        return any(order > LARGE_ORDER and order < 2 * cutoff and cutoff < 2 * order for order, cutoff in pairs)

    def look(self, point: Point, efforts: Sequence[int] = QUICK) -> Look:
        """The gap in rising precision until its sign and a few bits are known."""
        size = bits(point)
        found = UNDEFINED
        for effort in efforts:
            precision = min(effort * (BITS + 2 * size), MOST_BITS)
            found = self.at(point, precision)
            if found.sign == 0 or (found.sign is not None and found.gap.rel_accuracy_bits() >= CERTAIN):
                break
            if not found.defined and effort > 1 and not found.gap.is_finite():
                break
        return found

    def fails(self, sign: int | None) -> bool:
        """Whether a gap of this sign violates the relation."""
        if sign is None:
            return False
        relation = self.goal.relation
        if relation == "==":
            return sign != 0
        return sign == 0 if relation == "!=" else sign < 0 or (sign == 0 and relation == ">")

    def admits(self, point: Point) -> bool:
        """Whether no given condition certainly fails at a point; what the gap needs is not looked at."""
        for constraint in self._given:
            sign = self._sign(constraint, point, QUICK)
            if sign is not None and not holds(constraint.relation, sign):
                return False
        return True

    def _sign(self, constraint: Constraint, point: Point, efforts: Sequence[int]) -> int | None:
        size = bits(point)
        for effort in efforts:
            sign = self._sign_in(constraint, point, min(effort * (BITS + 2 * size), MOST_BITS))
            if sign is not None:
                return sign
        return None

    def _sign_in(self, constraint: Constraint, point: Point, precision: int) -> int | None:
        try:
            value = self._constraints[constraint](self.values(point, precision), precision)[0]
        except (ArithmeticError, ValueError, MemoryError):
            return None
        return 1 if value > 0 else -1 if value < 0 else 0 if value.is_zero() else None

    @property
    def origin(self) -> Gauge:
        """The gauge of the region that a search began with: this one."""
        return self

    def lifted(self, point: Point) -> Point | None:
        """The point of the region that a search began with."""
        return point

    def confirms(self, point: Point) -> bool:
        """Whether an exact point certainly lies in the region, everything is defined there, and the relation fails."""
        for interval, value in zip(self.intervals, point, strict=True):
            if isinstance(value, arb) or not (writable(value) and inside(interval, value)):
                return False
        for constraint in self.goal.given:
            sign = self._exact_sign(constraint, point)
            if sign is None or not holds(constraint.relation, sign):
                return False
        look = self.look(point, THOROUGH)
        if look.sign is not None:
            again = self.at(point, min(8 * (BITS + 2 * bits(point)), MOST_BITS) + 64)
            return self.fails(look.sign) and again.sign in (look.sign, None) and look.defined
        return self.goal.relation in (">", "!=") and look.defined and self.vanishes(self.goal.gap, point)

    def needed(self, point: Point) -> int:
        """Bits that are enough for all that balls can tell at a point, twice over."""
        precision = BITS
        while precision < MOST_BITS:
            signs = [self._sign_in(constraint, point, precision) for constraint in self.goal.given]
            if None not in (self.at(point, precision).sign, *signs):
                return 2 * precision
            precision *= 2
        return BITS

    def _exact_sign(self, constraint: Constraint, point: Point) -> int | None:
        sign = self._sign(constraint, point, THOROUGH)
        return 0 if sign is None and self.vanishes(constraint.gap, point) else sign

    def vanishes(self, expr: sp.Expr, point: Point) -> bool:
        """Whether an expression is exactly 0 at an exact point, as far as normal forms tell; small points only."""
        if any(isinstance(value, arb) for value in point) or bits(point) > 400:
            return False
        if self._delicate and any(_bits(value) > 12 for value in point):
            return False
        values = {symbol: number(value) for (symbol, _), value in zip(self.goal.box, point, strict=True)}
        try:
            return zero(substituted(expr, values))
        except Rejected:
            return False


def holds(relation: str, sign: int) -> bool:
    """Whether a number of this sign stands in the relation to 0."""
    return {">=": sign >= 0, ">": sign > 0, "==": sign == 0, "!=": sign != 0}[relation]


@lru_cache(maxsize=2000)
def zero(expr: sp.Expr) -> bool:
    """Whether a constant expression is 0 by SymPy's automatic evaluation or by the normal form of the certificates."""
    if expr == 0:
        return True
    try:
        ball = constant(expr, 256)
    except (ArithmeticError, ValueError, TypeError):
        return False
    if not ball.contains(0):
        return False
    return bool(sp.expand(expr) == 0) or equal(Goal(expr, "=="), expr)


def compare(left: Coordinate, right: Coordinate) -> int | None:
    """The sign of ``left - right``; ``None`` where it is not known."""
    if not isinstance(left, arb) and not isinstance(right, arb):
        a, b = rational(left), rational(right)
        if a is not None and b is not None:
            return (a > b) - (a < b)
        if number(left) == number(right):
            return 0
    for precision in (128, 1024, 8192):
        a, b = (_ball(value, precision) for value in (left, right))
        if a > b or a < b:
            return 1 if a > b else -1
    return None


def _ball(value: Coordinate, precision: int) -> arb:
    if isinstance(value, sp.Expr):
        return constant(value, precision)
    with ctx.workprec(precision):
        return arb(value)


def inside(interval: Interval, value: Coordinate) -> bool:
    """Whether a coordinate certainly lies in an interval."""
    if interval.integer:
        whole = rational(value)
        if whole is None or whole.q != 1:
            return False
    if interval.lower != -sp.oo:
        sign = compare(value, interval.lower)
        if sign is None or sign < 0 or (sign == 0 and interval.open_lower):
            return False
    if interval.upper != sp.oo:
        sign = compare(value, interval.upper)
        if sign is None or sign > 0 or (sign == 0 and interval.open_upper):
            return False
    return True


def writable(value: Coordinate) -> bool:
    """Whether a number has few enough digits to be written down."""
    exact = rational(value)
    return exact is None or max(int(exact.p).bit_length(), int(exact.q).bit_length()) <= WRITABLE


def with_coordinate(point: Point, place: int, value: Coordinate) -> Point:
    """The point with one coordinate replaced."""
    return (*point[:place], value, *point[place + 1 :])


def middle(low: arb, high: arb, share: float, precision: int) -> arb:
    """The number at a share of the way from one to another, without radius."""
    with ctx.workprec(precision):
        return (low + (high - low) * arb(share)).mid()
