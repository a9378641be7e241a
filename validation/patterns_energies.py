"""The quantities that the bounds relate, at every query: nearest distance, layer energy, MCHN energy.

Everything is in double precision, with a bound on the rounding beside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import cdist

from validation.patterns_file import Array

EPSILON = float(np.finfo(np.float64).eps)
TWO = 2.0  # the inverse temperature of Propositions 2 and 3
ENTRIES = 1 << 22  # distances held at once: 32 MiB
QUERIES = 64  # how many are made where none are given


@dataclass(frozen=True)
class Energies:
    """Energies at one inverse temperature, each of shape (queries,).

    ``layer`` is ``E_beta``, which is the layer energy (4) at beta = 2; ``twice_mchn`` is ``2 E_MCHN``; ``rounding``
    bounds what rounding can do to either side of any bound.
    """

    beta: float
    layer: Array
    twice_mchn: Array
    rounding: Array


@dataclass(frozen=True)
class Quantities:
    """What the bounds relate: ``g`` (squared distance to the nearest pattern), energies, the spread, ``log d``."""

    nearest: Array
    energies: Mapping[float, Energies]
    betas: tuple[float, ...]
    spread: float
    log_count: float


def measure_energies(points: Array, queries: Array, betas: Sequence[float] = (TWO,)) -> Quantities:
    """Nearest distances and energies at each query, at beta = 2 and at every beta of ``betas``.

    With ``m_i = max ||rho||^2 - ||rho_i||^2`` the MCHN energy of Section 1 is, after completing the square,
    ``2 E_MCHN = (2/beta) log d - (2/beta) log sum_i exp(-(beta/2) (||x - rho_i||^2 + m_i))``.  Distances come from
    differences and every exponent is shifted by the largest, so no large numbers cancel.
    """
    count, width = points.shape
    longest = points[int(np.argmax(np.einsum("ij,ij->i", points, points)))]
    away, along = longest - points, longest + points
    missing = np.einsum("ij,ij->i", away, along)  # m_i as (a - b).(a + b), which keeps digits that a^2 - b^2 loses
    missing -= missing.min()
    turned = float(np.sqrt((np.einsum("ij,ij->i", away, away) * np.einsum("ij,ij->i", along, along)).max()))
    wanted = tuple(dict.fromkeys((TWO, *betas)))
    nearest = np.empty(len(queries))
    layer, twice = ({beta: np.empty(len(queries)) for beta in wanted} for _ in range(2))
    step = max(1, ENTRIES // count)
    for start in range(0, len(queries), step):
        rows = slice(start, start + step)
        distances = cdist(queries[rows], points, "sqeuclidean")
        nearest[rows] = distances.min(axis=1)
        biased = distances + missing
        for beta in wanted:
            layer[beta][rows] = _soft_minimum(distances, beta)
            twice[beta][rows] = _soft_minimum(biased, beta) + (2 / beta) * math.log(count)
    # A sum of `width` squares is off by (width + 2) roundings of itself, a softmax-weighted mean of the exponents
    # exceeds the least of them by at most (2/beta) log d, and four such quantities meet in a bound.
    unit = 4 * (width + 8) * EPSILON
    energies = {}
    for beta in wanted:
        size = nearest + turned + np.abs(layer[beta]) + np.abs(twice[beta]) + (2 / beta) * math.log(count)
        energies[beta] = Energies(beta, layer[beta], twice[beta], unit * size)
    return Quantities(nearest, energies, tuple(betas), float(missing.max()), math.log(count))


def _soft_minimum(values: Array, beta: float) -> Array:
    """``-(2/beta) log sum_i exp(-(beta/2) values_i)`` along the rows."""
    least = values.min(axis=1)
    sums = np.exp((-beta / 2) * (values - least[:, None])).sum(axis=1)
    soft: Array = least - (2 / beta) * np.log(sums)
    return soft


def make_queries(points: Array, seed: int) -> Array:
    rng = np.random.default_rng(seed)
    half = QUERIES // 2
    centred = points - points.mean(axis=0)
    length = float(np.sqrt(np.einsum("ij,ij->i", centred, centred).mean())) or 1.0
    noise = rng.normal(size=(half, points.shape[1])) * (0.1 * length / math.sqrt(points.shape[1]))
    one, other = rng.integers(len(points), size=(2, half))
    return np.concatenate([points[rng.integers(len(points), size=half)] + noise, (points[one] + points[other]) / 2])
