"""Incomplete gamma functions of large order near the transition: Temme's uniform expansion, scaled.

With lambda = cutoff/order, phi = lambda - 1 - log lambda = eta**2/2 and eta of the sign of lambda - 1 (DLMF 8.12),

    P(a, x) = exp(-a phi)/sqrt(2 pi a) * (sqrt(pi a/2) erfcx(|eta| sqrt(a/2)) - S(a, eta))    for x < a,
    Q(a, x) = exp(-a phi)/sqrt(2 pi a) * (sqrt(pi a/2) erfcx(|eta| sqrt(a/2)) + S(a, eta))    for x >= a,

where S(a, eta) = sum of c_k(eta) a**-k. The brackets neither underflow nor cancel; SciPy sums the series of P instead,
stops it after 2000 terms, and loses P below 1e-308.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import sqrt

import numpy as np
from scipy.special import erfcx

from numerics.double_double import Array

SMALLEST_ORDER = 64.0
LARGEST_ETA = 0.7834  # at cutoff = 2 * order; -0.6216 at cutoff = order / 2
NEGLIGIBLE = 1e-17  # against a bracket of at least 1


def inverse_excess(length: int) -> list[Fraction]:
    """Taylor coefficients of 1/(lambda - 1) - 1/eta, exactly.

    The excess mu = lambda - 1 solves mu mu' = (1 + mu) eta, mu ~ eta; its series is inverted term by term.
    """
    mu = [Fraction(0), Fraction(1)]
    for k in range(2, length + 2):
        known = sum((j * mu[j] * mu[k - j + 1] for j in range(2, k)), Fraction(0))
        mu.append((mu[k - 1] - known) / (k + 1))
    inverse = [Fraction(1)]
    for k in range(1, length + 1):
        inverse.append(-sum((mu[j + 1] * inverse[k - j] for j in range(1, k + 1)), Fraction(0)))
    return inverse[1:]


@cache
def coefficients() -> tuple[tuple[float, tuple[float, ...]], ...]:
    """Rows c_k as Taylor polynomials in eta, each after its largest value, cut where SMALLEST_ORDER cannot see it.

    c_k = c_(k-1)'/eta with the pole at 0 taken off by a multiple of c_0 (DLMF 8.12.12).
    """
    first = inverse_excess(48)
    row, scale = first, 1.0
    table: list[tuple[float, tuple[float, ...]]] = []
    while True:
        sizes = [abs(float(entry)) * LARGEST_ETA**n for n, entry in enumerate(row)]
        kept = [n for n, size in enumerate(sizes) if size * scale > NEGLIGIBLE]
        if not kept:
            return tuple(table)
        table.append((sum(sizes), tuple(float(entry) for entry in row[: kept[-1] + 1])))
        row = [(n + 2) * row[n + 2] - row[1] * first[n] for n in range(len(row) - 2)]
        scale /= SMALLEST_ORDER


def correction(order: Array, eta: Array) -> Array:
    """S(a, eta) for order at least SMALLEST_ORDER and |eta| at most LARGEST_ETA."""
    smallest = float(order.min(initial=np.inf))
    rows = [row for k, (size, row) in enumerate(coefficients()) if k == 0 or size * smallest**-k > NEGLIGIBLE]
    total = np.zeros_like(order)
    for row in reversed(rows):
        value = np.full_like(eta, row[-1])
        for entry in reversed(row[:-1]):
            value *= eta
            value += entry
        total /= order
        total += value
    return total


def divergence(excess: Array) -> Array:
    """phi = mu - log(1 + mu) for mu from -1/2 to 1, to relative precision.

    With s = mu/(2 + mu), log(1 + mu) = 2 atanh(s) and mu - 2 s = mu s.
    """
    s = excess / (2 + excess)
    square = s * s
    series = np.full_like(s, 1 / 37)
    for odd in range(35, 1, -2):
        series *= square
        series += 1 / odd
    return excess * s - 2 * s * square * series


def bracket(order: Array, excess: Array) -> tuple[Array, Array]:
    """The bracket of P (excess < 0) or of Q (excess >= 0), and a phi; excess = (cutoff - order)/order in [-1/2, 1]."""
    phi = divergence(excess)
    root = np.sqrt(order / 2)
    eta = np.copysign(np.sqrt(2 * phi), excess)
    tail = sqrt(np.pi) * root * erfcx(np.abs(eta) * root)
    change = correction(order, eta)
    return tail + np.where(excess < 0, -change, change), order * phi
