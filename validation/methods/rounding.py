"""Float64 values of a signed gap, each with a bound on what rounding can have done to it.

The bound comes from a second expression, the magnitude: every sum becomes the sum of the sizes of its terms, every
product the product of the sizes, and a function adds its condition number.  To first order the error of a float
evaluation is at most the magnitude times the unit roundoff times the length of the longest chain of operations.
The bound only sorts cases into clear ones and ones to be examined exactly; no verdict rests on it.

Where doubles overflow, underflow or mislead, balls measure instead: their exponents have no end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp
from flint import arb, ctx

from numerics.backends.as_ball import build_all
from numerics.compile import compile_expression, name_of
from theory.atoms import LSE, IndexMax, IndexMin, Quotient, RadialIntegral, RegionIntegral
from validation.methods.exact import Point, Value, volume

UNIT = float(np.finfo(np.float64).eps)
CHAIN = 32.0
BALL_VOLUME = 60
BALL_PRECISION = 64
DOUBLES = (1e-280, 1e280)
# Float quadrature misses a peak far from its nodes, and gamma functions of a large order become 0 or infinity in a
# product that is neither, both without saying so; a ball widens instead.
SILENT = (RegionIntegral, RadialIntegral, sp.lowergamma, sp.uppergamma, sp.gamma)
FAILURES = (NotImplementedError, ArithmeticError, ValueError, TypeError, KeyError, IndexError)


def magnitude(expr: sp.Expr) -> sp.Expr:
    """An expression for the size of the largest intermediate of ``expr``, errors of its arguments included."""
    if expr.is_Number or expr.is_NumberSymbol or isinstance(expr, (sp.Symbol, sp.Indexed)):
        return sp.Abs(expr)
    if isinstance(expr, sp.Add):
        return sp.Add(*map(magnitude, expr.args))
    if isinstance(expr, sp.Mul):
        return sp.Mul(*map(magnitude, expr.args))
    if isinstance(expr, sp.Pow):
        return _of_power(expr)
    if isinstance(expr, sp.Sum):
        return sp.Sum(magnitude(expr.function), *expr.limits)
    if isinstance(expr, LSE):
        counts = (sp.log(upper - lower + 2) for _, lower, upper in expr.args[1:])
        return IndexMax(magnitude(expr.args[0]) + sp.Add(*counts), *expr.args[1:])
    if isinstance(expr, (IndexMin, IndexMax)):
        return IndexMax(magnitude(expr.args[0]), *expr.args[1:])
    if isinstance(expr, (sp.Min, sp.Max)):
        return sp.Add(*map(magnitude, expr.args))
    if isinstance(expr, Quotient):
        top, bottom = expr.args
        return (magnitude(top) + sp.Abs(expr.numerator / bottom) * magnitude(bottom)) / sp.Abs(bottom)
    if isinstance(expr, sp.Abs):
        return magnitude(expr.args[0])
    if isinstance(expr, sp.log):
        return sp.Abs(expr) + magnitude(expr.args[0]) / sp.Abs(expr.args[0])
    if isinstance(expr, (RegionIntegral, RadialIntegral, sp.Integral, sp.Product, sp.Piecewise)):
        return sp.Abs(expr)
    return sp.Abs(expr) * (1 + sp.Add(*map(magnitude, expr.args)))


def _of_power(expr: sp.Pow) -> sp.Expr:
    base, exponent = expr.args
    if exponent.is_Integer and exponent > 0:
        return magnitude(base) ** exponent
    spread = sp.Abs(exponent) * magnitude(base) / sp.Abs(base)
    if not exponent.is_number:
        spread += sp.Abs(sp.log(sp.Abs(base))) * magnitude(exponent)
    return sp.Abs(expr) * (1 + spread)


@lru_cache(maxsize=256)
def float_routine(expr: sp.Expr) -> Callable[..., Any]:
    """The float64 routine of an expression, compiled once."""
    routine: Callable[..., Any] = compile_expression(expr, "numpy")
    return routine


@dataclass(frozen=True)
class Measure:
    """A float64 gap, its tolerance and its magnitude, all in the unit of the gap.

    Where doubles do not reach the magnitude it is the unit, and 1.
    """

    gap: float
    tolerance: float
    scale: float
    by_ball: bool = False

    @property
    def clear(self) -> bool:
        """Whether rounding cannot have changed the sign."""
        return bool(np.isfinite(self.gap)) and abs(self.gap) > self.tolerance

    @property
    def relative(self) -> float:
        """The gap as a fraction of its magnitude; ``nan`` where there is none."""
        return self.gap / self.scale if self.scale > 0 else (0.0 if self.gap == 0 else float("nan"))


UNKNOWN = Measure(float("nan"), float("inf"), float("nan"))


class Gauge:
    """A signed gap in float64 with its tolerance; through balls of 64 bits where float64 has no routine to rely on."""

    def __init__(self, gap: sp.Expr) -> None:
        self.gap = gap
        self.by_balls = gap.has(*SILENT) or _steep(gap) or not _compiles(gap)

    def __call__(self, point: Point, arrays: dict[Any, Any] | None = None) -> Measure:
        """Measure the gap at a point, ``UNKNOWN`` where float64 overflows or the routine declines."""
        if self.by_balls:
            return self._ball(point)
        arrays = as_arrays(point) if arrays is None else arrays
        gap = _value(self.gap, arrays)
        if gap is None:
            return UNKNOWN
        scale = _value(magnitude_of(self.gap), arrays) if np.isfinite(gap) else None
        if scale is None or not np.isfinite(scale):
            return self._ball(point)
        return Measure(gap, UNIT * (CHAIN + longest(point)) * scale, scale)

    def _ball(self, point: Point) -> Measure:
        found = weighed(self.gap, point, BALL_PRECISION) if volume(point) <= BALL_VOLUME else None
        if found is None:
            return UNKNOWN
        value, scale = found
        size = float(scale)
        if not DOUBLES[0] < size < DOUBLES[1]:
            if scale.is_zero():
                return Measure(0.0, 0.0, 0.0, by_ball=True)
            value, size = value / scale, 1.0
        middle = float(value.mid())
        return Measure(middle, float(value.rad()) + UNIT * abs(middle), size, by_ball=True)


def weighed(gap: sp.Expr, point: Point, precision: int) -> tuple[arb, arb] | None:
    """A ball of the gap and about the sum of the sizes of its terms; ``None`` where a routine declines."""
    try:
        values = _terms(gap)({name_of(variable): value for variable, value in point.items()}, precision)
    except FAILURES:
        return None
    with ctx.workprec(precision):
        total, scale = sum(values, arb(0)), sum((value.abs_upper() for value in values), arb(0))
    return (total, scale.mid()) if total.is_finite() else None


@lru_cache(maxsize=256)
def _terms(gap: sp.Expr) -> Callable[..., list[arb]]:
    """The balls of the terms of a sum, compiled once."""
    return build_all(sp.Add.make_args(gap))[0]


def _steep(expr: sp.Expr) -> bool:
    """Whether powers with variable exponents are multiplied, one of which may vanish while another overflows."""
    powers = {power for power in expr.atoms(sp.Pow) if not power.exp.is_number}
    return len(powers) > 1 or any(isinstance(power.base, (Quotient, sp.Mul)) for power in powers)


def _compiles(expr: sp.Expr) -> bool:
    try:
        float_routine(expr), float_routine(magnitude_of(expr))
    except FAILURES:
        return False
    return True


def _value(expr: sp.Expr, arrays: dict[Any, Any]) -> float | None:
    """The value in float64, not finite where doubles do not reach; ``None`` where there is none."""
    try:
        with np.errstate(all="ignore"):
            return float(float_routine(expr)(arrays))
    except OverflowError:
        return float("inf")
    except FAILURES:
        return None


@lru_cache(maxsize=256)
def magnitude_of(expr: sp.Expr) -> sp.Expr:
    """``magnitude``, computed once per expression."""
    return magnitude(expr)


def longest(point: Point) -> int:
    """The length of the longest axis of the point, which bounds the length of a sum over one index."""
    return max((_axis(value) for value in point.values()), default=1)


def _axis(value: Value) -> int:
    if not isinstance(value, tuple):
        return 1
    return max((len(value), *(_axis(item) for item in value[:8])))


def obstacle(expr: sp.Expr, names: set[str]) -> str:
    """Why an expression cannot be evaluated at points of these variables; empty where it can."""
    try:
        arguments = compile_expression(expr, "ball").arguments
    except FAILURES as error:
        return f"no rigorous routine: {error}"
    missing = [str(a) for a in arguments if str(getattr(a, "label", a)) not in names]
    return f"the domain gives no values for {', '.join(missing)}" if missing else ""


def as_arrays(point: Point) -> dict[Any, Any]:
    """The point in float64: scalars as ``int`` or ``float``, families as arrays, ragged families as nested tuples."""
    return {variable: _as_array(value, bool(variable.is_integer)) for variable, value in point.items()}


def _as_array(value: Value, integer: bool) -> Any:
    if not isinstance(value, tuple):
        return value if integer else float(value)
    if _ragged(value):
        return tuple(_as_array(item, integer) for item in value)
    return np.array(_floats(value), dtype=np.int64 if integer else np.float64)


def _floats(value: Value) -> Any:
    return [_floats(item) for item in value] if isinstance(value, tuple) else float(value)


def _ragged(value: Value) -> bool:
    if not value or not isinstance(value[0], tuple):
        return False
    shapes = {len(item) for item in value}
    return len(shapes) > 1 or any(_ragged(item) for item in value)
