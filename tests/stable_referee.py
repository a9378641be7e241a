"""Referee for the log-domain functions: ball arithmetic, its precision raised until the ball is tight.

Two positive series with bounded tails do the work where a library call would need too many digits:

    gamma(a, x) = x**a exp(-x)/a * (1 + x/(a + 1) + x**2/((a + 1)(a + 2)) + ...)
    Gamma(a, x) = x**(a - 1) exp(-x) * (1 + (a - 1)/x + (a - 1)(a - 2)/x**2 + ... + t_k Gamma(a - k, x)/...)
"""

from __future__ import annotations

from collections.abc import Callable

from flint import arb, ctx

TIGHT = 1e-18
SMALL = 1e-40


def tight(compute: Callable[[], arb]) -> arb:
    """The ball of ``compute`` at the first precision that makes its radius at most TIGHT * max(1, |value|)."""
    before = ctx.prec
    try:
        for doubling in range(8):
            ctx.prec = 160 << doubling
            value = compute()
            if value.is_finite() and arb(value.rad()) <= TIGHT * value.abs_lower().max(arb(1)):
                return value
    finally:
        ctx.prec = before
    raise AssertionError("no tight ball was found: raise the precision or narrow the grid")


def error(computed: float, compute: Callable[..., arb], *point: float) -> float:
    """An upper bound of |computed - exact|/max(1, |exact|), where exact is ``compute`` at the point."""
    exact = tight(lambda: compute(*(arb(coordinate) for coordinate in point)))
    return float((abs(arb(computed) - exact) / exact.abs_lower().max(arb(1))).abs_upper())


def _log_power(a: arb, x: arb) -> arb:
    return a * x.log() - x


def _log_lower_below(a: arb, x: arb) -> arb:
    term, total, k = arb(1), arb(1), 0
    while True:
        k += 1
        term *= x / (a + k)
        total += term
        ratio = x / (a + k + 1)
        if ratio < 1 and term < SMALL * total:
            tail = (term * ratio / (1 - ratio)).abs_upper()
            return _log_power(a, x) - a.log() + (total + arb(tail / 2, tail / 2)).log()


def _log_upper_above(a: arb, x: arb) -> arb:
    term, total, k = arb(1), arb(0), 0
    while a - k > 1:
        total += term
        k += 1
        term *= (a - k) / x
        if term < SMALL * total and a - k >= 1:
            # Gamma(b, x) <= x**b exp(-x)/(x - b + 1) for b >= 1 and x > b - 1
            tail = (term * x / (x - (a - k) + 1)).abs_upper()
            return _log_power(a - 1, x) + (total + arb(tail / 2, tail / 2)).log()
    b = a - k
    if x > 1e25:  # 1 - (1 - b)/x <= Gamma(b, x)/(x**(b - 1) exp(-x)) <= 1 for 0 < b <= 1
        return _log_power(a - 1, x) + (total + term * (1 - arb(0.5, 0.5) / x)).log()
    total += term * x.gamma_upper(b) / _log_power(b - 1, x).exp()
    return _log_power(a - 1, x) + total.log()


def log_lower(a: arb, x: arb) -> arb:
    if x <= a:
        return _log_lower_below(a, x)
    return a.lgamma() + (1 - (_log_upper_above(a, x) - a.lgamma()).exp()).log()


def log_upper(a: arb, x: arb) -> arb:
    if x > a:
        return _log_upper_above(a, x)
    return a.lgamma() + (1 - (_log_lower_below(a, x) - a.lgamma()).exp()).log()


def lower_slope(a: arb, x: arb) -> arb:
    return (_log_power(a - 1, x) - log_lower(a, x)).exp()


def upper_slope(a: arb, x: arb) -> arb:
    return -((_log_power(a - 1, x) - log_upper(a, x)).exp())


def log_volume(n: arb, r: arb) -> arb:
    return arb.pi().log() * n / 2 + n * r.log() - (1 + n / 2).lgamma()


def log_mass(n: arb, r: arb, p: arb) -> arb:
    return (2 / p).log() + n / 2 * arb.pi().log() - (n / 2).lgamma() + log_lower(n / p, r**p)


def mass_slope(n: arb, r: arb, p: arb) -> arb:
    """The area of the sphere times the weight on it, over the mass."""
    sphere = arb(2).log() + n / 2 * arb.pi().log() - (n / 2).lgamma() + (n - 1) * r.log() - r**p
    return (sphere - log_mass(n, r, p)).exp()


def reference_radius(n: arb) -> arb:
    return (n / (2 * arb.pi() * arb(1).exp())).sqrt()
