"""Balls of trigonometric, hyperbolic, error, gamma and Lambert functions.

Monotone pieces are evaluated at their ends; whatever is undefined somewhere on the ball is not a number.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from flint import arb, fmpq

from numerics.backends.hulls import ONE, ZERO, ends, hull, monotone, wide

# Where Gamma has its least value on (0, oo), and what lies just below that value and below its logarithm.
GAMMA_LOWEST_AT = arb(fmpq(1461632144968, 10**12)), arb(fmpq(1461632144969, 10**12))
GAMMA_LOWEST, LOG_GAMMA_LOWEST = arb(fmpq(885603194410, 10**12)), arb(fmpq(-121486290536, 10**12))


class Functions:
    """The functions of one ball (and of two: the upper incomplete gamma function) in the working precision."""

    def sin(self, value: arb) -> arb:
        return self._wave(value, arb.sin, fmpq(1, 2))

    def cos(self, value: arb) -> arb:
        return self._wave(value, arb.cos, fmpq(0))

    def _wave(self, value: arb, function: Callable[[arb], arb], crest: fmpq) -> arb:
        """A wave that is 1 at ``(crest + 2 k) pi``, -1 halfway between, and monotone from there to there."""
        if not value.is_finite():
            return arb.nan()
        if not wide(value):
            return function(value)
        turns = value / arb.pi() - crest
        if not turns.abs_upper() < 2**20 or turns.rad() > 2:
            return hull(-ONE, ONE)
        first, last = turns.lower().ceil().unique_fmpz(), turns.upper().floor().unique_fmpz()
        extremes = [ONE if k % 2 == 0 else -ONE for k in range(int(first), int(last) + 1)]
        return hull(*(function(end) for end in ends(value)), *extremes)

    def tan(self, value: arb) -> arb:
        if not wide(value):
            return hull(value.tan())
        turns = value / arb.pi() - fmpq(1, 2)
        return arb.nan() if not value.is_finite() or turns.contains_integer() else monotone(arb.tan, value)

    def asin(self, value: arb) -> arb:
        return monotone(arb.asin, value) if value >= -1 and value <= 1 else arb.nan()

    def acos(self, value: arb) -> arb:
        return monotone(arb.acos, value) if value >= -1 and value <= 1 else arb.nan()

    def atan(self, value: arb) -> arb:
        return monotone(arb.atan, value)

    def sinh(self, value: arb) -> arb:
        return monotone(arb.sinh, value)

    def cosh(self, value: arb) -> arb:
        if not wide(value):
            return hull(value.cosh())
        found = hull(*(end.cosh() for end in ends(value)))
        return hull(ONE, found) if value.contains(0) else found

    def tanh(self, value: arb) -> arb:
        return monotone(arb.tanh, value)

    def erf(self, value: arb) -> arb:
        return monotone(arb.erf, value)

    def erfc(self, value: arb) -> arb:
        return monotone(arb.erfc, value)

    def gamma(self, value: arb) -> arb:
        return self._valley(value, arb.gamma, GAMMA_LOWEST) if value > 0 else hull(value.gamma())

    def log_gamma(self, value: arb) -> arb:
        return self._valley(value, arb.lgamma, LOG_GAMMA_LOWEST) if value > 0 else arb.nan()

    def _valley(self, value: arb, function: Callable[[arb], arb], lowest: arb) -> arb:
        """A function that falls up to ``GAMMA_LOWEST_AT`` and rises from there on."""
        before, after = GAMMA_LOWEST_AT
        found = monotone(function, value)
        return found if not wide(value) or value <= before or value >= after else hull(lowest, found)

    def digamma(self, value: arb) -> arb:
        return monotone(arb.digamma, value) if value > 0 else hull(value.digamma())

    def euler(self) -> arb:
        return arb.const_euler()

    def polygamma(self, order: arb, value: arb) -> arb:
        """The derivative of that whole order of the digamma function, for orders from 1 on at positive numbers."""
        if order.is_zero():
            return self.digamma(value)
        if not (order.is_exact() and order.is_integer() and order > 0 and value > 0):
            return arb.nan()
        size = -((-ONE) ** order) * (order + 1).gamma()
        return size * monotone((order + 1).zeta, value)

    def lambert_w(self, value: arb) -> arb:
        """The principal branch on balls above -1/e."""
        return monotone(lambda end: end.lambertw(), value) if value > -(-ONE).exp() else arb.nan()

    def upper_gamma(self, order: arb, cutoff: arb) -> arb:
        """The unregularised function, for positive cutoffs, and for 0 where the order is positive."""
        if not order.is_finite():
            return arb.nan()
        if order > 0 and cutoff.is_zero():
            return self.gamma(order)
        if not (cutoff > 0 or (order > 0 and cutoff >= 0)):
            return arb.nan()
        orders = ends(order) if cutoff >= 1 and wide(order) else (order,)  # rising in the order there
        return hull(*(monotone(functools.partial(_upper_gamma, a), cutoff) for a in orders))


def _upper_gamma(order: arb, cutoff: arb) -> arb:
    return order.gamma() if cutoff == ZERO else cutoff.gamma_upper(order)
