"""The bounds of ``theory.bounds`` written out in plain NumPy and SciPy: what their speed is measured against.

Each formula is typed here a second time, on purpose: the tests also compare the values.  A peer gives doubles, as the
bounds do, also of counts.  Where the formula is constant in the points, the peer reads them once, as any function that
refuses bad points must.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.spatial.distance import cdist
from scipy.special import gamma, gammainc, gammaln, logsumexp

Array = np.ndarray[Any, Any]
Peer = Callable[..., Any]
PI = np.pi


def _squared(x: Array, rho: Array) -> Array:
    return cdist(x, rho, "sqeuclidean")


def _distances(x: Array, rho: Array) -> Array:
    return cdist(x, rho)


def _nearest(x: Array, rho: Array) -> Array:
    return _squared(x, rho).min(axis=1)


def _nearest_v1(x: Array, rho: Array) -> Array:
    return _distances(x, rho).min(axis=1)


def _spread(rho: Array) -> Any:
    norms = (rho**2).sum(axis=1)
    return norms.max() - norms.min()


def _constant(x: Array, value: Any) -> Array:
    if not np.isfinite(x).all():
        raise ValueError("the points are not finite")
    return np.full(len(x), value)


def _checked(value: Any, *positive: Array) -> Array:
    if not all((array > 0).all() and np.isfinite(array).all() for array in positive):
        raise ValueError("an argument is not positive")
    if not np.isfinite(value).all():
        raise ValueError("the value is not finite")
    return value.copy()


def _mchn(x: Array, rho: Array, beta: Any) -> Array:
    lse = logsumexp(np.asarray(beta)[..., None] * (x @ rho.T), axis=1) / beta
    return -lse + (x**2).sum(axis=1) / 2 + np.log(len(rho)) / beta + (rho**2).sum(axis=1).max() / 2


def _wide_v1(x: Array, rho: Array) -> Array:
    squared = _nearest(x, rho)
    return np.abs(np.sqrt(squared) - squared) + _spread(rho) + np.log(len(rho))


def log_volume(n: Array, r: Array) -> Any:
    """Log of the volume of the n-ball."""
    return n / 2 * np.log(PI) + n * np.log(r) - gammaln(1 + n / 2)


def log_mass(n: Array, r: Array, p: Any) -> Any:
    """Log of the ball mass through SciPy's regularised function, which underflows to 0 for large n and small r."""
    order = n / p
    shell = np.log(2) + n / 2 * np.log(PI) - np.log(p) - gammaln(n / 2)
    return shell + np.log(gammainc(order, r**p)) + gammaln(order)


def _volume(n: Array, r: Array) -> Any:
    return PI ** (n / 2) * r**n / gamma(1 + n / 2)


def _mass(n: Array, r: Array, p: Any) -> Any:
    return 2 * PI ** (n / 2) / (p * gamma(n / 2)) * gammainc(n / p, r**p) * gamma(n / p)


def _masses(n: Array, r: Array, p: Any) -> Any:
    return _mass(n[:, None], r, p).sum(axis=1)


def _log_masses(n: Array, r: Array, p: Any) -> Any:
    return logsumexp(log_mass(n[:, None], r, p), axis=1)


def _reach(n: Array) -> Any:
    return np.sqrt(n / (2 * PI * np.e))


def _stirling(n: Array, r: Array) -> Any:
    return np.sqrt(1 / (n * PI)) * (2 * PI * np.e / n) ** (n / 2) * r**n


def _log_stirling(n: Array, r: Array) -> Any:
    return n / 2 * np.log(2 * PI * np.e / n) + n * np.log(r) - np.log(n * PI) / 2


def _log_leading(n: Array) -> Any:
    return np.log(PI * n) / 2 + np.log1p(-1 / (PI * np.e)) + n / (2 * PI * np.e)


def _log_leading_v1(n: Array) -> Any:
    return np.log(PI * n) / 2 + np.log1p(-_reach(n) / n) + _reach(n)


def _slack(n: Array, order: Any, cutoff: Any) -> Any:
    return np.exp(1 / (6 * n)) * (1 + cutoff / (order - cutoff) ** 2)


def _log_critical(d: Array, n: Array, weight: Any) -> Any:
    return np.log(d) + log_volume(n, _reach(n)) - weight


WEIGHTS: dict[str, Callable[[Array], Any]] = {
    "exact_ceiling": lambda n: 0.0,
    "defined_ceiling": lambda n: 0.0,
    "printed_ceiling": lambda n: 0.0,
    "exact_ceiling_v1": lambda n: 0.0,
    "defined_ceiling_v1": lambda n: 0.0,
    "exact_floor": _reach,
    "exact_floor_v1": _reach,
    "defined_floor_v1": _reach,
    "printed_floor": _reach,
    "squared_floor": lambda n: n / (2 * PI * np.e),
}


def _critical(weight: Callable[[Array], Any]) -> tuple[Peer, Peer]:
    return (
        lambda d, n: d * _volume(n, _reach(n)) * np.exp(-weight(n)),
        lambda d, n: _log_critical(d, n, weight(n)),
    )


def _losses(p: float) -> dict[str, Peer]:
    """The cross-entropies over disjoint balls, by claim; the last six are claimed of squared distances alone."""

    def log_z(d: Array, n: Array, r: Array) -> Any:
        return np.log(d) + log_mass(n, r, p)

    def log_v(d: Array, n: Array, r: Array) -> Any:
        return np.log(d) + log_volume(n, r)

    def printed(d: Array, n: Array, r: Array) -> Any:
        return log_z(d, n, r) + np.exp(-log_z(d, n, r))

    return {
        "distance_value": log_z,
        "normalised_value": log_z,
        "printed_energy_floor": log_v,
        "printed_energy_ceiling": lambda d, n, r: log_v(d, n, r) - np.expm1(-(r**p)) * np.exp(-log_z(d, n, r)),
        "layer_energy_floor": lambda d, n, r: log_z(d, n, r) - np.log(d),
        "layer_energy_ceiling": lambda d, n, r: log_z(d, n, r) + np.log(d),
        "printed_energy_formula": printed,
        "mixed_value": printed,
        "distance_volume_ceiling": log_v,
        "normalised_volume_ceiling": log_v,
        "layer_energy_volume_ceiling": lambda d, n, r: log_v(d, n, r) + np.log(d),
        "printed_energy_volume_ceiling": lambda d, n, r: log_v(d, n, r) + np.expm1(r**2) * np.exp(-log_v(d, n, r)),
    }


PEERS: dict[str, Peer] = {
    "lse_maximum_ceiling": lambda x: x.max(axis=1) + np.log(x.shape[1]),
    "lse_maximum_strict_floor": lambda x: x.max(axis=1),
    "lse_maximum_floor": lambda x: x.max(axis=1),
    "lse_maximum_strict_floor_from_two": lambda x: x.max(axis=1),
    "lse_minimum_floor": lambda x: x.min(axis=1) - np.log(x.shape[1]),
    "lse_minimum_strict_ceiling": lambda x: x.min(axis=1),
    "lse_minimum_ceiling": lambda x: x.min(axis=1),
    "lse_minimum_strict_ceiling_from_two": lambda x: x.min(axis=1),
    "lse_lipschitz_ceiling": lambda x, y: np.abs(x - y).max(axis=1),
    "nearest_distance_definition": _nearest,
    "nearest_distance_definition_v1": _nearest_v1,
    "layer_energy_definition": lambda x, rho: -logsumexp(-_squared(x, rho), axis=1),
    "layer_energy_floor": lambda x, rho: _nearest(x, rho) - np.log(len(rho)),
    "layer_energy_ceiling": _nearest,
    "layer_energy_definition_v1": lambda x, rho: -logsumexp(-_distances(x, rho), axis=1),
    "layer_energy_floor_v1": lambda x, rho: _nearest_v1(x, rho) - np.log(len(rho)),
    "layer_energy_ceiling_v1": _nearest_v1,
    "mchn_energy_definition": _mchn,
    "mchn_layer_energy_distance_ceiling": lambda x, rho: _constant(x, _spread(rho)),
    "mchn_layer_energy_distance_ceiling_v1": lambda x, rho: _constant(x, _spread(rho)),
    "mchn_layer_energy_wide_ceiling_v1": _wide_v1,
    "mchn_layer_energy_one_sided_floor": lambda x, rho, beta: _constant(x, 0.0),
    "mchn_layer_energy_one_sided_ceiling": lambda x, rho, beta: _constant(x, _spread(rho)),
    "mchn_nearest_printed_floor": lambda x, rho: _constant(x, -_spread(rho)),
    "mchn_nearest_floor": lambda x, rho: _constant(x, -_spread(rho) - np.log(len(rho))),
    "mchn_nearest_ceiling": lambda x, rho: _constant(x, _spread(rho) + np.log(len(rho))),
    "mchn_nearest_sharp_ceiling": lambda x, rho: _constant(x, 0.0),
    "mchn_nearest_printed_floor_v1": lambda x, rho: _constant(x, -_spread(rho)),
    "mchn_nearest_floor_v1": lambda x, rho: -_wide_v1(x, rho),
    "mchn_nearest_ceiling_v1": lambda x, rho: _constant(x, _spread(rho) + np.log(len(rho))),
    "mchn_nearest_quarter_ceiling_v1": lambda x, rho: _constant(x, 0.25),
    "global_energy_definition": lambda e: -logsumexp(-e, axis=1),
    "global_energy_floor": lambda e: e.min(axis=1) - np.log(e.shape[1]),
    "global_energy_strict_ceiling": lambda e: e.min(axis=1),
    "global_energy_ceiling": lambda e: e.min(axis=1),
    "global_energy_strict_ceiling_from_two": lambda e: e.min(axis=1),
    "global_energy_modulus": lambda e, f: np.abs(e - f).max(axis=1),
    "lower_gamma_power_floor": lambda a, c: np.exp(-c) * c**a / a,
    "lower_gamma_power_ceiling": lambda a, c: c**a / a,
    "lower_gamma_bracket_ceiling": lambda a, c: c**a * np.exp(-c),
    "lower_gamma_bracket_floor": lambda a, c: c**a * np.exp(-c),
    "gamma_stirling_floor": lambda u: np.sqrt(2 * PI / u) * (u / np.e) ** u,
    "gamma_stirling_ceiling": lambda u: np.sqrt(2 * PI / u) * (u / np.e) ** u * np.exp(1 / (12 * u)),
    "gamma_stirling_log_floor": lambda u: (u - 0.5) * np.log(u) - u + np.log(2 * PI) / 2,
    "gamma_stirling_log_ceiling": lambda u: (u - 0.5) * np.log(u) - u + np.log(2 * PI) / 2 + 1 / (12 * u),
    "ball_volume_identity": _volume,
    "log_ball_volume_identity": log_volume,
    "ball_volume_stirling_floor": lambda n, r: _stirling(n, r) * np.exp(-1 / (6 * n)),
    "log_ball_volume_stirling_floor": lambda n, r: _log_stirling(n, r) - 1 / (6 * n),
    "ball_volume_stirling_ceiling": lambda n, r: _stirling(n, r),
    "log_ball_volume_stirling_ceiling": lambda n, r: _log_stirling(n, r),
    "ball_volume_critical_floor": lambda n: np.sqrt(1 / (n * PI)) * np.exp(-1 / (6 * n)),
    "ball_volume_critical_ceiling": lambda n: np.sqrt(1 / (n * PI)),
    "ball_volume_unit_radius_near_critical": lambda n: 1.1 * _reach(n),
    "ball_volume_unit_radius_floor": lambda n: (n * PI) ** (1 / (2 * n)) * _reach(n),
    "ball_volume_unit_radius_ceiling": lambda n: (n * PI) ** (1 / (2 * n)) * _reach(n) * np.exp(1 / (6 * n**2)),
    "ball_mass_identity": _mass,
    "log_ball_mass_identity": log_mass,
    "ball_mass_floor": lambda n, r, p: np.exp(-(r**p)) * _volume(n, r),
    "log_ball_mass_floor": lambda n, r, p: log_volume(n, r) - r**p,
    "ball_mass_ceiling": lambda n, r, p: _volume(n, r),
    "log_ball_mass_ceiling": lambda n, r, p: log_volume(n, r),
    "ball_mass_printed": lambda n, r: _mass(n, r, 1.0),
    "log_ball_mass_printed": lambda n, r: log_mass(n, r, 1.0),
    "ball_mass_squared_identity": lambda n, r: _mass(n, r, 2.0),
    "log_ball_mass_squared_identity": lambda n, r: log_mass(n, r, 2.0),
    "ball_mass_printed_v1": lambda n, r: _mass(n, r, 1.0),
    "log_ball_mass_printed_v1": lambda n, r: log_mass(n, r, 1.0),
    "ball_mass_printed_floor": lambda n, r: np.exp(-r) * _volume(n, r),
    "log_ball_mass_printed_floor": lambda n, r: log_volume(n, r) - r,
    "ball_mass_squared_floor": lambda n, r: np.exp(-(r**2)) * _volume(n, r),
    "log_ball_mass_squared_floor": lambda n, r: log_volume(n, r) - r**2,
    "ball_mass_printed_ceiling": _volume,
    "log_ball_mass_printed_ceiling": log_volume,
    "ball_mass_printed_floor_v1": lambda n, r: np.exp(-r) * _volume(n, r),
    "log_ball_mass_printed_floor_v1": lambda n, r: log_volume(n, r) - r,
    "ball_mass_printed_ceiling_v1": _volume,
    "log_ball_mass_printed_ceiling_v1": log_volume,
    "partition_balls_identity": lambda n, r: _masses(n, r, 2.0),
    "log_partition_balls_identity": lambda n, r: _log_masses(n, r, 2.0),
    "partition_balls_identity_v1": lambda n, r: _masses(n, r, 1.0),
    "log_partition_balls_identity_v1": lambda n, r: _log_masses(n, r, 1.0),
    "partition_balls_equal_radii": lambda d, n, r: d * _mass(n, r, 2.0),
    "log_partition_balls_equal_radii": lambda d, n, r: np.log(d) + log_mass(n, r, 2.0),
    "partition_balls_equal_radii_v1": lambda d, n, r: d * _mass(n, r, 1.0),
    "log_partition_balls_equal_radii_v1": lambda d, n, r: np.log(d) + log_mass(n, r, 1.0),
    "partition_balls_printed": lambda d, n, r: d * _mass(n, r, 1.0),
    "partition_balls_squared_identity": lambda d, n, r: d * _mass(n, r, 2.0),
    "partition_balls_printed_v1": lambda d, n, r: d * _mass(n, r, 1.0),
    "partition_balls_printed_any_radii": lambda n, r: _masses(n, r, 1.0),
    "partition_balls_printed_any_radii_v1": lambda n, r: _masses(n, r, 1.0),
    "patterns_critical_power_floor": lambda n: 5 / (12 * PI * np.e) * n * np.sqrt(PI * n),
    "patterns_critical_power_floor_v1": lambda n: 1 / (16 * PI * np.e) * n * np.sqrt(PI * n),
    "patterns_volume_count_floor": lambda n: np.sqrt(PI * n),
    "patterns_volume_count_ceiling": lambda n: np.sqrt(PI * n) * np.exp(1 / (6 * n)),
    "patterns_critical_identity": lambda n: 1 / _mass(n, _reach(n), 2.0),
    "log_patterns_critical_identity": lambda n: -log_mass(n, _reach(n), 2.0),
    "patterns_critical_floor": lambda n: np.exp(_log_leading(n)),
    "log_patterns_critical_floor": lambda n: _log_leading(n),
    "patterns_critical_ceiling": lambda n: np.exp(_log_leading(n)) * _slack(n, n / 2, n / (2 * PI * np.e)),
    "log_patterns_critical_ceiling": lambda n: _log_leading(n) + np.log(_slack(n, n / 2, n / (2 * PI * np.e))),
    "patterns_critical_identity_v1": lambda n: 1 / _mass(n, _reach(n), 1.0),
    "log_patterns_critical_identity_v1": lambda n: -log_mass(n, _reach(n), 1.0),
    "patterns_critical_floor_v1": lambda n: np.exp(_log_leading_v1(n)),
    "log_patterns_critical_floor_v1": lambda n: _log_leading_v1(n),
    "patterns_critical_ceiling_v1": lambda n: np.exp(_log_leading_v1(n)) * _slack(n, n, _reach(n)),
    "log_patterns_critical_ceiling_v1": lambda n: _log_leading_v1(n) + np.log(_slack(n, n, _reach(n))),
    "log_partition_balls_printed": lambda d, n, r: np.log(d) + log_mass(n, r, 1.0),
    "log_partition_balls_squared_identity": lambda d, n, r: np.log(d) + log_mass(n, r, 2.0),
    "log_partition_balls_printed_v1": lambda d, n, r: np.log(d) + log_mass(n, r, 1.0),
    "log_partition_balls_printed_any_radii": lambda n, r: _log_masses(n, r, 1.0),
    "log_partition_balls_printed_any_radii_v1": lambda n, r: _log_masses(n, r, 1.0),
    "fitted_loss_definition": lambda n, d: 1.61 + 406.4 / n**0.34 + 410.7 / d**0.28,
    "fitted_loss_floor": lambda n, d, e: _checked(e, n, d),
    "model_size_definition": lambda a, layers, w: a * layers * w**2,
    "model_size_identity": lambda a, layers, w, t, n: a * layers * w / t * n,
    "data_size_definition": lambda t, d: (t * d).astype(float),
    "cross_entropy_printed_energy_unit_volume_floor": lambda d, n, r, eta: np.log(d) + log_volume(n, eta * r),
    "cross_entropy_printed_energy_unit_volume_ceiling": lambda d, n, r, eta: (
        np.log(d) + log_volume(n, eta * r) - np.expm1(-(r**2)) / (d * eta**n * _mass(n, r, 2.0))
    ),
    "cross_entropy_layers_normalised_partition": lambda layers: _checked(layers, layers),
    "kaplan_loss_definition": lambda n, d, a, b, s, t: ((a / n) ** (s / t) + b / d) ** t,
    "chinchilla_loss_definition": lambda n, d, e, a, b, s, t: e + a / n**s + b / d**t,
    "chinchilla_loss_floor": lambda n, d, e, a, b, s, t: _checked(e, n, d, a, b, s, t),
}
for _name, _weight in WEIGHTS.items():
    _plain, _logarithm = _critical(_weight)
    PEERS |= {f"partition_critical_{_name}": _plain, f"log_partition_critical_{_name}": _logarithm}
for _power, _suffix in ((2.0, ""), (1.0, "_v1")):
    PEERS |= {f"cross_entropy_{_name}{_suffix}": _peer for _name, _peer in _losses(_power).items()}
