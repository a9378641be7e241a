"""The critical number of patterns, at which the partition function is 1, with its bounds and leading terms.

All of it is at the radius sqrt(n/(2 pi e)); p = 2 belongs to version 2 of the paper and p = 1 to version 1.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from theory.bounds import critical, critical_powers
from theory.bounds.bound import Bound, ceiling, floor, value
from theory.claim import Claim
from theory.notation import n

log_critical_patterns = sp.Function("log_critical_patterns")


def _critical(case: critical.Case, claims: tuple[Claim, ...]) -> Iterator[Bound]:
    identity, low, high = claims
    exact = value(identity, n, unit="count").changed(
        expr=case.number,
        quantity=sp.Symbol("d", real=True),
        title="the critical number of patterns, for which the partition function is 1",
        computed=sp.exp(log_critical_patterns(n, case.power)),
    )
    for bound in (exact, floor(low, n, unit="count"), ceiling(high, n, unit="count")):
        yield bound
        yield bound.log


BOUNDS = (
    *_critical(critical.SQUARED, critical.squared),
    *_critical(critical.PLAIN, critical.plain),
    *(floor(claim, n, unit="count") for claim in critical_powers.power_floors),
    floor(critical_powers.volume_floor, n, unit="count"),
    ceiling(critical_powers.volume_ceiling, n, unit="count"),
)
