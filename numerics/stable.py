"""Log-domain special functions of the memory model: incomplete gamma functions, ball mass and ball volume.

Every function takes scalars or arrays, broadcasts them, computes in float64 and returns float64. Nothing overflows or
underflows on the way to a finite result. For dimensions to 1e7 and radii from 1e-6 to 1e6, values and slopes are
within 1e-13 * max(1, |result|) of the exact ones; the tests compare them with ball arithmetic. A bad argument raises
``ValueError``.

Claims that state what is computed: ``ball.mass.identity``, ``ball.volume.identity``, ``patterns.critical.identity``;
claims that bracket it: ``lower_gamma.power.ceiling``, ``lower_gamma.power.floor``, ``lower_gamma.bracket.ceiling``.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from numerics import stable_ball, stable_gamma
from numerics.double_double import Array
from numerics.stable_arguments import apply, nonnegative, positive, whole

__all__ = [
    "log_ball_mass",
    "log_ball_mass_slope",
    "log_ball_volume",
    "log_ball_volume_slope",
    "log_critical_patterns",
    "log_critical_patterns_slope",
    "log_lower_gamma",
    "log_lower_gamma_slope",
    "log_upper_gamma",
    "log_upper_gamma_slope",
]

Real = Array | np.float64
ORDER = "the integral from 0 diverges at any other"
EXPONENT = "pass p > 0, such as 1 or 2"


def log_lower_gamma(order: npt.ArrayLike, cutoff: npt.ArrayLike) -> Real:
    """Log of gamma(order, cutoff), the integral of t**(order - 1) exp(-t) from 0 to the cutoff; not regularised.

    The form below the order is the right side of ``lower_gamma.power.ceiling`` times exp(-x) M(1, a + 1, x); the one
    above it is Gamma(a) (1 - Q(a, x)).

    Parameters
    ----------
    order
        a > 0, finite.
    cutoff
        x from 0 to inf; the value is -inf at 0 and log Gamma(a) at inf.
    """
    return apply(stable_gamma.log_lower, order=positive(order, "order", ORDER), cutoff=nonnegative(cutoff, "cutoff"))


def log_lower_gamma_slope(order: npt.ArrayLike, cutoff: npt.ArrayLike) -> Real:
    """Derivative of ``log_lower_gamma`` with respect to the cutoff, x**(a - 1) exp(-x)/gamma(a, x).

    It is at least (a - x)/x, which is ``lower_gamma.bracket.ceiling``. Arguments as there; inf at cutoff 0.
    """
    return apply(stable_gamma.lower_slope, order=positive(order, "order", ORDER), cutoff=nonnegative(cutoff, "cutoff"))


def log_upper_gamma(order: npt.ArrayLike, cutoff: npt.ArrayLike) -> Real:
    """Log of Gamma(order, cutoff), the integral of t**(order - 1) exp(-t) from the cutoff to infinity.

    Arguments as for ``log_lower_gamma``; the value is log Gamma(a) at cutoff 0 and -inf at inf.
    """
    return apply(stable_gamma.log_upper, order=positive(order, "order", ORDER), cutoff=nonnegative(cutoff, "cutoff"))


def log_upper_gamma_slope(order: npt.ArrayLike, cutoff: npt.ArrayLike) -> Real:
    """Derivative of ``log_upper_gamma`` with respect to the cutoff, -x**(a - 1) exp(-x)/Gamma(a, x)."""
    return apply(stable_gamma.upper_slope, order=positive(order, "order", ORDER), cutoff=nonnegative(cutoff, "cutoff"))


def log_ball_volume(dimension: npt.ArrayLike, radius: npt.ArrayLike) -> Real:
    """Log of the volume of the ball of a radius in R**dimension, by ``ball.volume.identity``.

    Parameters
    ----------
    dimension
        n, a whole number from 1 to 2**53.
    radius
        r from 0 to inf, in the units of a coordinate.
    """
    return apply(stable_ball.log_volume, dimension=whole(dimension, "dimension"), radius=nonnegative(radius, "radius"))


def log_ball_volume_slope(dimension: npt.ArrayLike, radius: npt.ArrayLike) -> Real:
    """Derivative of ``log_ball_volume`` with respect to the radius, n/r."""
    n, r = whole(dimension, "dimension"), nonnegative(radius, "radius")
    return apply(np.divide, dimension=n, radius=r)


def log_ball_mass(dimension: npt.ArrayLike, radius: npt.ArrayLike, exponent: npt.ArrayLike = 2.0) -> Real:
    """Log of the integral of exp(-||x||**exponent) over a ball in R**dimension, by ``ball.mass.identity``.

    Parameters
    ----------
    dimension
        n, a whole number from 1 to 2**53.
    radius
        r from 0 to inf; at inf the integral is over the whole space.
    exponent
        p > 0, finite.
    """

    def kernel(n: Array, r: Array, p: Array) -> Array:
        return stable_ball.log_mass(n, p, r, np.broadcast_to(0.0, r.shape))

    return apply(kernel, **_ball(dimension, radius, exponent))


def log_ball_mass_slope(dimension: npt.ArrayLike, radius: npt.ArrayLike, exponent: npt.ArrayLike = 2.0) -> Real:
    """Derivative of ``log_ball_mass`` with respect to the radius, per unit of r: sphere over ball."""

    def kernel(n: Array, r: Array, p: Array) -> Array:
        return stable_ball.mass_slope(n, p, r)

    return apply(kernel, **_ball(dimension, radius, exponent))


def log_critical_patterns(
    dimension: npt.ArrayLike, exponent: npt.ArrayLike = 2.0, radius: npt.ArrayLike | None = None
) -> Real:
    """Log of the real number d of patterns with d * ball mass = 1, by ``patterns.critical.identity``.

    Parameters
    ----------
    dimension, exponent
        As for ``log_ball_mass``.
    radius
        Of the ball; by default the exact sqrt(dimension/(2 pi e)), not its rounded value.
    """

    def kernel(n: Array, p: Array) -> Array:
        return -stable_ball.log_mass(n, p, *stable_ball.reference_radius(n))

    if radius is not None:
        return -log_ball_mass(dimension, radius, exponent)
    return apply(kernel, dimension=whole(dimension, "dimension"), exponent=positive(exponent, "exponent", EXPONENT))


def log_critical_patterns_slope(dimension: npt.ArrayLike, exponent: npt.ArrayLike, radius: npt.ArrayLike) -> Real:
    """Derivative of ``log_critical_patterns`` with respect to the radius."""
    return -log_ball_mass_slope(dimension, radius, exponent)


def _ball(dimension: npt.ArrayLike, radius: npt.ArrayLike, exponent: npt.ArrayLike) -> dict[str, Array]:
    return {
        "dimension": whole(dimension, "dimension"),
        "radius": nonnegative(radius, "radius"),
        "exponent": positive(exponent, "exponent", EXPONENT),
    }
