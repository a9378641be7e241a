"""Arithmetic of complex balls, for integrands that Arb integrates over complex neighbourhoods of an interval."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flint import acb, arb

from numerics.backends.as_ball import Ball
from numerics.backends.frame import Body, UnsupportedExpression


@dataclass(frozen=True)
class Positive:
    """A positive number known by its logarithm, continued to complex ones: its powers have no branch cut."""

    log: acb

    @property
    def plain(self) -> acb:
        """The number itself."""
        return self.log.exp()


def plain(value: Any) -> Any:
    """A number without its logarithm."""
    return value.plain if isinstance(value, Positive) else value


class Complex(Ball):
    """Arithmetic of complex balls; real balls are constants.

    With ``analytic`` a function that may fail to be analytic on its argument is not a number, as Arb asks for.
    """

    def __init__(self, analytic: bool) -> None:
        self.analytic = analytic

    def add(self, terms: Sequence[Any]) -> Any:
        return super().add([plain(term) for term in terms])

    def multiply(self, factors: Sequence[Any]) -> Any:
        return super().multiply([plain(factor) for factor in factors])

    def divide(self, numerator: Any, denominator: Any) -> Any:
        return plain(numerator) / plain(denominator)

    def integer_power(self, base: Any, exponent: int) -> Any:
        if isinstance(base, arb):
            return super().integer_power(base, exponent)
        if isinstance(base, Positive):
            return (exponent * base.log).exp()
        power = base ** abs(exponent)
        return 1 / power if exponent < 0 else power

    def power(self, base: Any, exponent: Any, nonnegative: bool) -> Any:
        exponent = plain(exponent)
        if isinstance(base, arb) and isinstance(exponent, arb):
            return super().power(base, exponent, nonnegative)
        if isinstance(base, Positive):
            return (exponent * base.log).exp()
        return acb(base).pow(acb(exponent), analytic=self.analytic)

    def exp(self, value: Any) -> Any:
        return super().exp(value) if isinstance(value, arb) else plain(value).exp()

    def log(self, value: Any) -> Any:
        if isinstance(value, Positive):
            return value.log
        return super().log(value) if isinstance(value, arb) else value.log(analytic=self.analytic)

    def absolute(self, value: Any) -> Any:
        return super().absolute(value) if isinstance(value, arb) else plain(value).real_abs(analytic=self.analytic)

    def sign(self, value: Any) -> Any:
        return super().sign(value) if isinstance(value, arb) else plain(value).real_sgn(analytic=self.analytic)

    def minimum(self, values: Sequence[Any]) -> Any:
        return functools.reduce(lambda a, b: self._extreme(a, b, least=True), map(plain, values))

    def maximum(self, values: Sequence[Any]) -> Any:
        return functools.reduce(lambda a, b: self._extreme(a, b, least=False), map(plain, values))

    def _extreme(self, left: Any, right: Any, least: bool) -> Any:
        if isinstance(left, arb) and isinstance(right, arb):
            return left.min(right) if least else left.max(right)
        pick = acb.real_min if least else acb.real_max
        return pick(acb(left), acb(right), analytic=self.analytic)

    def lse(self, values: Sequence[Any]) -> Any:
        if all(isinstance(value, arb) for value in values):
            return super().lse(values)
        members = [acb(plain(value)) for value in values]
        top = super().maximum([member.real.mid() for member in members])
        return top + self.log(self.add([(member - top).exp() for member in members]))

    def lower_gamma(self, order: Any, cutoff: Any) -> Any:
        if not isinstance(order, arb) or not order > 0:
            raise UnsupportedExpression("no complex routine for the incomplete gamma function of a complex order")
        if isinstance(cutoff, arb):
            return super().lower_gamma(order, cutoff)
        number = plain(cutoff)
        return number.gamma_lower(order) if number.real > 0 else acb(arb.nan())

    def gamma(self, value: Any) -> Any:
        return plain(value).gamma()

    def log_gamma(self, value: Any) -> Any:
        if isinstance(value, arb):
            return super().log_gamma(value)
        number = plain(value)
        return number.lgamma() if number.real > 0 else acb(arb.nan())

    def integral(self, body: Body, patterns: Sequence[Any], radii: Sequence[Any]) -> Any:
        raise UnsupportedExpression("no complex routine for an integral inside an integral")

    def radial(self, body: Body, dimension: Any, radius: Any) -> Any:
        raise UnsupportedExpression("no complex routine for an integral inside an integral")
