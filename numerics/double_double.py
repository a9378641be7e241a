"""Double-double numbers on arrays: about 32 digits as an unevaluated sum of two floats.

A number is a pair (high, low) of float64 arrays with |low| at most half a unit in the last place of high. The basic
operations are the error-free transformations of Dekker (1971) and Knuth; they need no fused multiply-add. Products
are exact while no factor exceeds 1e300 and no result falls below 1e-290.
"""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
SPLIT = 134217729.0  # 2**27 + 1 cuts a float64 into two halves of 26 bits


class DoubleDouble(NamedTuple):
    """The unevaluated sum ``high + low``."""

    high: Array
    low: Array


def pair(high: Array | float, low: Array | float | None = None) -> DoubleDouble:
    """``high`` as a double-double; ``low`` defaults to zero."""
    head = np.asarray(high, dtype=np.float64)
    tail = np.zeros_like(head) if low is None else np.asarray(low, dtype=np.float64)
    return DoubleDouble(head, tail)


def constant(digits: Decimal) -> DoubleDouble:
    """A decimal number of 32 or more digits as a double-double."""
    high = float(digits)
    return pair(high, float(digits - Decimal(high)))


def two_sum(x: Array | float, y: Array | float) -> DoubleDouble:
    """x + y and its rounding error, exactly."""
    total = np.add(x, y)
    back = total - x
    return DoubleDouble(total, (x - (total - back)) + (y - back))


def quick_two_sum(x: Array, y: Array) -> DoubleDouble:
    """x + y and its rounding error, exactly, for |x| >= |y|."""
    total = x + y
    return DoubleDouble(total, y - (total - x))


def _halves(x: Array | float) -> tuple[Array, Array]:
    scaled = np.multiply(x, SPLIT)
    high = scaled - (scaled - x)
    return high, x - high


def two_product(x: Array | float, y: Array | float) -> DoubleDouble:
    """x * y and its rounding error, exactly."""
    product = np.multiply(x, y)
    x_high, x_low = _halves(x)
    y_high, y_low = _halves(y)
    return DoubleDouble(product, ((x_high * y_high - product) + x_high * y_low + x_low * y_high) + x_low * y_low)


def add(x: DoubleDouble, y: DoubleDouble) -> DoubleDouble:
    """x + y; the error is at most 4 * 2**-106 of the sum, also where the two cancel."""
    high, low = two_sum(x.high, y.high)
    tail, rest = two_sum(x.low, y.low)
    high, low = quick_two_sum(high, low + tail)
    return quick_two_sum(high, low + rest)


def multiply(x: DoubleDouble, y: DoubleDouble) -> DoubleDouble:
    """x * y."""
    product = two_product(x.high, y.high)
    return quick_two_sum(product.high, product.low + (x.high * y.low + x.low * y.high))


def square_root(x: DoubleDouble) -> DoubleDouble:
    """The square root, by one Newton step."""
    root = np.sqrt(x.high)
    square = two_product(root, root)
    return quick_two_sum(root, ((x.high - square.high) - square.low + x.low) / (2 * root))


with localcontext() as _context:
    _context.prec = 60
    LOG_2 = Decimal(2).ln()
    LOG_2_HIGH = math.floor(float(LOG_2) * 2**40) / 2**40  # times any exponent of a float: exact, as for the middle
    LOG_2_MIDDLE = math.floor(float(LOG_2 - Decimal(LOG_2_HIGH)) * 2**80) / 2**80
    LOG_2_LOW = float(LOG_2 - Decimal(LOG_2_HIGH) - Decimal(LOG_2_MIDDLE))
    PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494")
    ONE_OVER_2_PI_E = constant(1 / (2 * PI * Decimal(1).exp()))
    STEPS = 64  # per unit of the exponent
    _reach = range(-STEPS // 2, STEPS // 2 + 1)
    _table = [constant((Decimal(step) / STEPS).exp()) for step in _reach]
    EXP_HIGH = np.array([entry.high for entry in _table])
    EXP_LOW = np.array([entry.low for entry in _table])


def exponential(x: DoubleDouble) -> DoubleDouble:
    """exp(x) for |x| up to 700, within 1e-22 of its size."""
    twos = np.rint(x.high / float(LOG_2))
    rest = two_sum(x.high - twos * LOG_2_HIGH, twos * -LOG_2_MIDDLE)
    rest = quick_two_sum(rest.high, rest.low + (x.low - twos * LOG_2_LOW))
    step = np.rint(rest.high * STEPS)
    rest = quick_two_sum(rest.high - step / STEPS, rest.low)  # |rest| is at most 1/128
    small = rest.high
    series = 1 / 6 + small * (1 / 24 + small * (1 / 120 + small * (1 / 720 + small * (1 / 5040 + small / 40320))))
    square = two_product(small / 2, small)
    change = quick_two_sum(small, square.high)
    tail = rest.low + (square.low + small * (rest.low + small * small * series))
    change = quick_two_sum(change.high, change.low + tail)
    at = (step + STEPS // 2).astype(np.intp)
    table = DoubleDouble(EXP_HIGH[at], EXP_LOW[at])
    product = multiply(table, change)
    result = quick_two_sum(table.high, product.high)
    result = quick_two_sum(result.high, result.low + (table.low + product.low))
    scale = np.ldexp(1.0, twos.astype(np.intc))
    return DoubleDouble(result.high * scale, result.low * scale)


def log_residual(x: DoubleDouble, y: DoubleDouble, guess: Array) -> Array:
    """log(x/y) - guess within 1e-22, for a guess within 1e-11: a Newton step on the exponential."""
    product = multiply(x, exponential(pair(-guess)))
    return ((product.high - y.high) + (product.low - y.low)) / y.high


def logarithm(x: DoubleDouble) -> DoubleDouble:
    """log(x) for x from 1e-290 to 1e290, within 1e-22."""
    guess = np.log(x.high)
    return two_sum(guess, log_residual(x, pair(1.0), guess))


def power(x: DoubleDouble, exponent: Array | float) -> DoubleDouble:
    """x**exponent for x from 1e-290 to 1e290, within 1e-22 * (1 + |exponent|) of its size, where exp can form it."""
    return exponential(multiply(logarithm(x), pair(exponent)))
