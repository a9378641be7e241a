"""Descent: the relative gap minimised over the real variables, on a linear and on a logarithmic scale."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import minimize

from theory.domain import Range, Relation
from validation.methods.admission import rebuilt
from validation.methods.exact import Point, Value, entries, reduced

if TYPE_CHECKING:
    from validation.methods.refutation import Hunt

STARTS = 6
STEPS = 250


def descend(hunt: Hunt) -> Point | None:
    """Minimise the relative gap over the real variables from the best points seen, on a linear and a log scale."""
    starts = sorted(hunt.near, key=lambda item: item[:2])
    chosen: list[Point] = [point for _, _, point in starts[:STARTS]]
    spread = starts[STARTS :: max(1, len(starts) // STARTS)][:STARTS]
    for start in [*chosen, *(point for _, _, point in spread)]:
        for logarithmic in (False, True):
            if hunt.late:
                return None
            lead = descent(hunt, start, logarithmic)
            if lead is not None:
                return lead
    return None


def descent(hunt: Hunt, start: Point, logarithmic: bool, steps: int = STEPS) -> Point | None:
    real = [part for part in hunt.space.parts if not part.integer]
    names = [part.symbol if isinstance(part, Range) else part.base for part in real]
    flat = np.array([float(v) for name in names for v in entries(start[name])])
    if not flat.size or not np.all(np.isfinite(flat)):
        return None
    signs, tiny = np.sign(flat), np.abs(flat) < 1e-300
    if logarithmic and bool(np.all(tiny)):
        return None
    origin = np.where(tiny, 0.0, np.log(np.where(tiny, 1.0, np.abs(flat)))) if logarithmic else flat
    found: list[Point] = []

    def at(vector: Any) -> dict[Any, Value]:
        with np.errstate(all="ignore"):
            moved = np.where(tiny, 0.0, signs * np.exp(np.clip(vector, -300, 300))) if logarithmic else vector
        numbers = iter([reduced(Fraction(float(v))) for v in moved])
        return {**start, **{name: rebuilt(start[name], numbers) for name in names}}

    def objective(vector: Any) -> float:
        if found or hunt.late or not np.all(np.isfinite(vector)):
            return 10.0
        point = at(vector)
        if not hunt.gate.admits(point):
            return 10.0
        measure = hunt.gauge(point)
        hunt.measured += 1
        if measure.clear and hunt.suspicious(measure) and hunt.confirm(point):
            found.append(point)
        value = -abs(measure.relative) if hunt.claim.relation is Relation.EQ else measure.relative
        return value if math.isfinite(value) else 10.0

    with np.errstate(all="ignore"):
        minimize(objective, origin, method="Nelder-Mead", options={"maxfev": steps, "adaptive": True})
    return found[0] if found else None
