"""Exact values and certain signs of expressions at one point.

A point gives every variable an ``int``, a ``Fraction`` or nested tuples of them, so nothing has been rounded before a
decision is made.  A sign comes from rational arithmetic, from a ball that excludes 0, or, for 0 itself, from a
symbolic reduction that a ball of high precision has to agree with.  Whatever is left is unknown, never a pass.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp
from flint import arb, ctx

from numerics.compile import compile_expression
from theory.atoms import LSE, BallUnion, IndexMax, IndexMin, Quotient, RadialIntegral, RegionIntegral

Value = Any
"""An ``int``, a ``Fraction``, or nested tuples of them."""

Point = Mapping[Any, Value]
"""Values by SymPy ``Symbol`` or ``IndexedBase``."""

Vanishes = Callable[[sp.Expr], bool]
"""Whether a closed exact expression is certainly 0; ``False`` means only "not shown"."""

PRECISIONS = (64, 128, 256, 512, 1024, 2048, 4096)
QUICK = (32, 64, 128, 256)
TALL = (16384, 65536)
TALL_VOLUME = 64
ZERO_PRECISION = 512
ZERO_RADIUS = 1e-60
EXPANSION_LIMIT = 4000
DIGITS_LIMIT = 20_000
FACTORIAL_LIMIT = 60
SLOW_SECONDS = 0.2
FACTORIALS = (sp.gamma, sp.loggamma, sp.lowergamma, sp.uppergamma, sp.factorial, sp.binomial)
INTEGRALS = (RegionIntegral, RadialIntegral)
RATIONAL_NODES = (sp.Add, sp.Mul, sp.Sum, sp.Abs, sp.Min, sp.Max, IndexMin, IndexMax, Quotient, sp.Tuple)


class UndefinedError(ArithmeticError):
    """The expression has no value at the point: an empty minimum, a zero denominator, a pole."""


class UnsupportedError(NotImplementedError):
    """The expression cannot be written out exactly at the point."""


class TooLargeError(UnsupportedError):
    """A value too large or too close to 0 to write down, or too many of them."""


class Sign(Enum):
    """The certain sign of a real number, or the admission that it is unknown."""

    NEGATIVE = "-"
    ZERO = "0"
    POSITIVE = "+"
    UNKNOWN = "?"


@dataclass(frozen=True)
class Reading:
    """A sign, a decimal enclosure or exact form of the number, and the arithmetic that established the sign."""

    sign: Sign
    number: str = ""
    confirmed: str = ""


def expand_zero(expr: sp.Expr) -> bool:
    """Whether a closed exact expression becomes 0 when products and logarithms are expanded."""
    return bool(sp.expand(expr) == 0 or sp.expand(sp.expand_log(sp.expand(expr), factor=True)) == 0)


def rational(value: Value) -> sp.Rational:
    """An ``int`` or ``Fraction`` as a SymPy rational."""
    return sp.Rational(value.numerator, value.denominator)


def reduced(number: Any) -> int | Fraction:
    """A SymPy or Python rational as an ``int`` where it is one, else a ``Fraction``; floats keep their exact value."""
    fraction = Fraction(int(number.p), int(number.q)) if isinstance(number, sp.Rational) else Fraction(number)
    return int(fraction) if fraction.denominator == 1 else fraction


def entries(value: Value) -> Iterator[Any]:
    """The numbers inside nested tuples, in order."""
    if isinstance(value, tuple):
        for item in value:
            yield from entries(item)
    else:
        yield value


def volume(point: Point) -> int:
    """How many numbers the point holds."""
    return sum(1 for value in point.values() for _ in entries(value))


def concrete(expr: sp.Expr, point: Point, limit: int = EXPANSION_LIMIT) -> sp.Expr:
    """``expr`` at ``point`` as a closed exact expression without binders over an index.

    Raises ``UndefinedError`` where the expression has no real value, and ``UnsupportedError`` for integrals, for
    minima whose members cannot be ordered, and where more than ``limit`` nodes would be visited.
    """
    return _Expansion(point, limit).visit(sp.sympify(expr), {})


class _Expansion:
    """One run of ``concrete``: the point and what is left of the node budget."""

    def __init__(self, point: Point, limit: int) -> None:
        self.point, self.left = point, limit

    def visit(self, expr: sp.Expr, bound: dict[sp.Symbol, sp.Integer]) -> sp.Expr:
        self.left -= 1
        if self.left < 0:
            raise UnsupportedError("too many terms to write out")
        if expr.is_Number or expr.is_NumberSymbol or expr in (sp.true, sp.false):
            return expr
        if isinstance(expr, sp.Symbol):
            return bound[expr] if expr in bound else rational(self.point[expr])
        if isinstance(expr, sp.Indexed):
            return self._entry(expr, bound)
        if isinstance(expr, (sp.Sum, sp.Product, LSE, IndexMin, IndexMax)):
            return self._binder(expr, bound)
        if isinstance(expr, (*INTEGRALS, BallUnion, sp.Integral, sp.Derivative, sp.Subs, sp.Lambda)):
            raise UnsupportedError(f"{type(expr).__name__} has no finite form")
        if isinstance(expr, sp.Piecewise):
            for branch, condition in expr.args:
                if self._truth(condition, bound):
                    return self.visit(branch, bound)
            raise UndefinedError("no branch applies")
        parts = [self.visit(part, bound) for part in expr.args]
        _refuse_huge(expr, parts)
        if isinstance(expr, (sp.ceiling, sp.floor)) and not parts[0].is_Rational:
            return _whole(parts[0], up=isinstance(expr, sp.ceiling))
        if isinstance(expr, (sp.Min, sp.Max)):
            return extremum(parts, greatest=isinstance(expr, sp.Max))
        if isinstance(expr, Quotient):
            if parts[1] == 0:
                raise UndefinedError("division by 0")
            if not parts[1].is_Rational and closed_reading(parts[1]).sign in (Sign.ZERO, Sign.UNKNOWN):
                raise UnsupportedError("a denominator of unknown sign")
            return _checked(parts[0] / parts[1])
        return _checked(expr.func(*parts))

    def _entry(self, expr: sp.Indexed, bound: dict[sp.Symbol, sp.Integer]) -> sp.Expr:
        value = self.point[expr.base]
        for part in expr.indices:
            index = self.visit(part, bound)
            if not index.is_Integer or not 1 <= int(index) <= len(value):
                raise UndefinedError(f"{expr} has no entry at index {index}")
            value = value[int(index) - 1]
        return rational(value)

    def _truth(self, condition: Any, bound: dict[sp.Symbol, sp.Integer]) -> bool:
        if condition in (sp.true, sp.false):
            return bool(condition)
        if isinstance(condition, sp.core.relational.Relational):
            sides = [self.visit(side, bound) for side in condition.args]
            if all(side.is_Rational for side in sides):
                return bool(condition.func(*sides))
        raise UnsupportedError("a case distinction on numbers that are not rational")

    def _binder(self, expr: sp.Expr, bound: dict[sp.Symbol, sp.Integer]) -> sp.Expr:
        members = self._members(expr.args[0], list(expr.args[1:]), bound)
        if isinstance(expr, sp.Sum):
            return sp.Add(*members)
        if isinstance(expr, sp.Product):
            return sp.Mul(*members)
        if not members:
            raise UndefinedError("an empty range under LSE, minimum or maximum")
        if not isinstance(expr, LSE):
            return extremum(members, greatest=isinstance(expr, IndexMax))
        # Factoring out one member leaves log(m) where m members agree, which is what a tie looks like.
        shift = max(members) if all(member.is_Rational for member in members) else members[0]
        return shift + sp.log(sp.Add(*(sp.exp(sp.expand(member - shift)) for member in members)))

    def _members(self, body: sp.Expr, limits: list[Any], bound: dict[sp.Symbol, sp.Integer]) -> list[sp.Expr]:
        if not limits:
            return [self.visit(body, bound)]
        index, lower, upper = limits[-1]
        ends = self.visit(lower, bound), self.visit(upper, bound)
        if not all(end.is_Integer for end in ends):
            raise UndefinedError("a binder with ends that are not integers")
        values = range(int(ends[0]), int(ends[1]) + 1)
        return [m for value in values for m in self._members(body, limits[:-1], {**bound, index: sp.Integer(value)})]


def _refuse_huge(expr: sp.Expr, parts: list[sp.Expr]) -> None:
    """SymPy would write out ``gamma(10**8)`` and ``3**(10**8)`` to the last digit."""
    numbers = [part for part in parts if part.is_Rational]
    power = isinstance(expr, sp.Pow) and parts[0].is_Rational and parts[1].is_Rational
    if power and abs(parts[1]) * max(abs(parts[0].p), parts[0].q).bit_length() > DIGITS_LIMIT:
        raise TooLargeError("a power too large to write out")
    if isinstance(expr, FACTORIALS) and any(abs(number) > FACTORIAL_LIMIT for number in numbers):
        raise TooLargeError("a factorial too large to write out")


def _whole(number: sp.Expr, up: bool) -> sp.Integer:
    """The least integer above a closed real number, or the greatest below; SymPy would write out exp(10**9)."""
    size = enclose(number, {}, QUICK[1])
    if size is not None and abs(size) > arb(2) ** DIGITS_LIMIT:
        raise TooLargeError("an integer too large to write out")
    for precision in PRECISIONS[2:] if size is not None else ():
        value = enclose(number, {}, precision)
        with ctx.workprec(precision):
            rounded = None if value is None else (value.ceil() if up else value.floor()).unique_fmpz()
        if rounded is not None:
            return sp.Integer(int(rounded))
    if size is None or abs(size) > DIGITS_LIMIT:
        raise UnsupportedError("a number that balls cannot tell from an integer")
    return sp.ceiling(number) if up else sp.floor(number)


def _checked(expr: sp.Expr) -> sp.Expr:
    if expr.has(sp.zoo, sp.nan, sp.I, sp.oo, -sp.oo):
        raise UndefinedError("a pole, or a value that is not real")
    return expr


def extremum(members: list[sp.Expr], greatest: bool) -> sp.Expr:
    """The least or greatest of closed exact numbers, certified; ``UnsupportedError`` where the order is open."""
    if all(member.is_Rational for member in members):
        return max(members) if greatest else min(members)
    pick = (max if greatest else min)(members, key=lambda member: sp.Float(member.evalf(30)))
    wanted = Sign.POSITIVE if greatest else Sign.NEGATIVE
    for other in members:
        if not expand_zero(pick - other) and closed_reading(pick - other).sign is not wanted:
            raise UnsupportedError("members whose order is open")
    return pick


@lru_cache(maxsize=256)
def ball(expr: sp.Expr) -> Callable[..., Any]:
    """The ball routine of an expression, compiled once."""
    routine: Callable[..., Any] = compile_expression(expr, "ball")
    return routine


def enclose(expr: sp.Expr, point: Point, precision: int) -> Any:
    """A ball that contains the value of ``expr`` at ``point``; ``None`` where the routine declines."""
    try:
        value = ball(expr)(point, precision=precision)
    except (NotImplementedError, ArithmeticError, ValueError, TypeError, KeyError, IndexError):
        return None
    return value if value.is_finite() else None


def closed_reading(expr: sp.Expr) -> Reading:
    """The sign of a closed exact expression by balls alone."""
    return _by_balls(expr, {}, PRECISIONS)


def _by_balls(expr: sp.Expr, point: Point, precisions: tuple[int, ...]) -> Reading:
    started = time.monotonic()
    for precision in precisions:
        if time.monotonic() - started > SLOW_SECONDS:
            break
        value = enclose(expr, point, precision)
        if value is None:
            continue
        if value > 0:
            return Reading(Sign.POSITIVE, value.str(12), "ball")
        if value < 0:
            return Reading(Sign.NEGATIVE, value.str(12), "ball")
    return Reading(Sign.UNKNOWN)


def read(
    expr: sp.Expr, point: Point, vanishes: Vanishes | None = None, precisions: tuple[int, ...] = PRECISIONS
) -> Reading:
    """The certain sign of ``expr`` at ``point``.

    Rational values are exact.  Otherwise balls of rising precision decide; a 0 needs both ``vanishes`` on the
    written-out expression and balls of up to 4096 bits around 0.  An undefined value has an unknown sign.
    """
    if rational_valued(expr) and volume(point) <= EXPANSION_LIMIT:
        try:
            exact = concrete(expr, point)
        except UndefinedError:
            return Reading(Sign.UNKNOWN)
        except UnsupportedError:
            exact = sp.nan
        if exact.is_Rational:
            sign = Sign.ZERO if exact == 0 else Sign.POSITIVE if exact > 0 else Sign.NEGATIVE
            return Reading(sign, written(exact), "exact")
    if expr.has(*INTEGRALS):
        most = finest(expr)
        precisions = tuple(p for p in precisions if p <= most) or (most,)
    low = tuple(p for p in precisions if p <= ZERO_PRECISION)
    reading = _by_balls(expr, point, low)
    if reading.sign is not Sign.UNKNOWN:
        return reading
    provable = vanishes is not never and not expr.has(*INTEGRALS)
    if provable and _certainly_zero(expr, point, vanishes or expand_zero):
        return Reading(Sign.ZERO, "0", "exact")
    high = tuple(p for p in precisions if p > ZERO_PRECISION)
    return _by_balls(expr, point, high + (TALL if high and volume(point) <= TALL_VOLUME else ()))


def finest(expr: sp.Expr) -> int:
    """The precision beyond which balls of an expression with integrals get no smaller, or take too long."""
    return QUICK[-2] if expr.has(RegionIntegral) else QUICK[-1]


def written(number: sp.Rational) -> str:
    """A rational in full, or by its size where it has thousands of digits."""
    bits = max(abs(int(number.p)), int(number.q)).bit_length()
    return str(number) if bits <= DIGITS_LIMIT // 2 else f"about {sp.Float(number, 12)}"


def never(expr: sp.Expr) -> bool:
    """The test for 0 that shows nothing: balls alone decide."""
    return False


@lru_cache(maxsize=1024)
def rational_valued(expr: sp.Expr) -> bool:
    """Whether the expression is built from rational operations, and so has a rational value at a rational point."""
    if expr.is_Rational or isinstance(expr, (sp.Symbol, sp.Indexed)):
        return True
    if isinstance(expr, sp.Pow):
        return bool(expr.exp.is_Integer) and rational_valued(expr.base)
    return isinstance(expr, RATIONAL_NODES) and all(rational_valued(part) for part in expr.args)


def _certainly_zero(expr: sp.Expr, point: Point, vanishes: Vanishes) -> bool:
    """A symbolic 0 that balls of 512 and of 4096 bits agree with."""
    if not _may_be_zero(expr, point, ZERO_PRECISION):
        return False
    try:
        shown = volume(point) <= EXPANSION_LIMIT and vanishes(concrete(expr, point))
    except (UndefinedError, UnsupportedError):
        return False
    return shown and _may_be_zero(expr, point, PRECISIONS[-1])


def _may_be_zero(expr: sp.Expr, point: Point, precision: int) -> bool:
    value = enclose(expr, point, precision)
    return value is not None and value.contains(0) and float(value.rad()) < ZERO_RADIUS
