"""The theorems on energies, checked on patterns that a reader brings.

Given are patterns and queries; found are the nearest distance, the layer energy and the MCHN energy at each query,
every bound between them with its gap, and which assumptions of the paper these patterns satisfy.  All gaps are in the
unit of a squared length, which the energies share.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from validation.evidence import Outcome
from validation.patterns_bounds import (
    BOUNDS,
    Bound,
    BoundResult,
    BoundSides,
    Tightest,
    bound_sides,
    find_tightest,
    judge_bound,
)
from validation.patterns_energies import EPSILON, TWO, Energies, Quantities, make_queries, measure_energies
from validation.patterns_file import Array, Patterns, PatternsError, as_points, read_patterns
from validation.patterns_pairs import Separation, measure_separation

__all__ = [
    "BOUNDS", "Assumption", "Bound", "BoundResult", "BoundSides", "CheckReport", "Energies", "Patterns",
    "PatternsError", "Quantities", "Tightest", "bound_sides", "check_patterns", "measure_energies", "read_patterns",
]  # fmt: skip


@dataclass(frozen=True)
class Assumption:
    """An assumption of the paper, what was found about it on the data, and the claim that states it."""

    name: str
    outcome: Outcome
    finding: str
    claim: str = ""


@dataclass(frozen=True)
class CheckReport:
    """All that ``check_patterns`` found; arrays have one entry a query, lengths the unit of the patterns."""

    source: str
    count: int
    dimension: int
    queries: Array
    queries_given: bool
    radius: float | None
    separation: Separation
    smallest_norm: float
    largest_norm: float
    quantities: Quantities
    assumptions: tuple[Assumption, ...]
    bounds: tuple[BoundResult, ...]
    tightest: tuple[Tightest, ...]
    alarms: tuple[str, ...]
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The report for JSON: every number, without the arrays."""
        return {
            "source": self.source,
            "patterns": self.count,
            "dimension": self.dimension,
            "queries": len(self.queries),
            "queries_given": self.queries_given,
            "radius": self.radius,
            "largest_disjoint_radius": _json_number(self.separation.limit),
            "coincident_pairs": self.separation.coincident,
            "squared_norms": {"smallest": self.smallest_norm, "largest": self.largest_norm},
            "spread": self.quantities.spread,
            "assumptions": [
                {"name": a.name, "claim": a.claim, "outcome": a.outcome.value, "finding": a.finding}
                for a in self.assumptions
            ],
            "bounds": [
                {"claim": r.bound.claim, "place": r.bound.place, "beta": r.beta, "puts": r.bound.puts,
                 "on": r.bound.target, "outcome": r.outcome.value, "holds": r.holds, "undecided": r.undecided,
                 "violated": r.violated, "gap": dict(zip(("min", "median", "max"), r.statistics, strict=True)),
                 "worst_query": r.worst, "repaired_by": r.bound.repaired_by}
                for r in self.bounds
            ],
            "tightest": [vars(best) | {"lead": _json_number(best.lead)} for best in self.tightest],
            "alarms": list(self.alarms),
            "notes": list(self.notes),
        }  # fmt: skip


def _json_number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def check_patterns(
    patterns: Patterns | Any,
    queries: Any | None = None,
    betas: Sequence[float] = (TWO,),
    radius: float | None = None,
    seed: int = 0,
) -> CheckReport:
    """Assumptions and bounds on patterns of shape (patterns, width) at queries of shape (queries, width).

    Without queries, ``QUERIES`` are made with the seed: patterns with noise, and midpoints of two patterns.  ``betas``
    are the inverse temperatures of the one-sided bound, ``radius`` that of all balls, in the unit of the patterns.

    Raises:
        PatternsError: arrays that ``as_points`` refuses, an inverse temperature or a radius that is not positive.
    """
    notes: list[str] = []
    if isinstance(patterns, Patterns):
        source, points, asked = patterns.source, patterns.points, patterns.queries
        notes += patterns.notes
    else:
        source, points, asked = "an array", as_points(patterns, "the patterns", notes=notes), None
    if queries is not None:
        asked = as_points(queries, "the queries", points.shape[1], notes)
    chosen = tuple(dict.fromkeys(float(beta) for beta in betas))
    if not chosen or not all(math.isfinite(beta) and beta > 0 for beta in chosen):
        raise PatternsError(f"inverse temperatures {list(betas)}: give one or more positive numbers")
    if radius is not None and not (math.isfinite(radius) and radius > 0):
        raise PatternsError(f"radius {radius}: give a positive number, or none to learn the largest that is possible")
    given = asked is not None
    if asked is None:
        asked = make_queries(points, seed)
        notes.append(
            f"no queries given: {len(asked)} were made with seed {seed}, half of them patterns with Gaussian noise of "
            f"a tenth of the root mean square norm about the centre, half midpoints of two patterns"
        )
    norms = np.einsum("ij,ij->i", points, points)
    quantities = measure_energies(points, asked, chosen)
    separation = measure_separation(points)
    results = tuple(judge_bound(sides, quantities) for sides in bound_sides(quantities))
    return CheckReport(
        source=source,
        count=len(points),
        dimension=points.shape[1],
        queries=asked,
        queries_given=given,
        radius=radius,
        separation=separation,
        smallest_norm=float(norms.min()),
        largest_norm=float(norms.max()),
        quantities=quantities,
        assumptions=_assumptions(separation, quantities, float(norms.max()), radius, given, points.shape[1]),
        bounds=results,
        tightest=find_tightest(results, quantities),
        alarms=tuple(_alarm(result) for result in results if result.violated and not result.bound.repaired_by),
        notes=tuple(notes),
    )


def _alarm(result: BoundResult) -> str:
    return (
        f"{result.bound.claim} is proved and yet violated on {result.violated} of {len(result.gaps)} queries, by "
        f"{-result.gaps[result.worst]:.3g} at query {result.worst} where rounding explains "
        f"{result.rounding[result.worst]:.1g}: this is a fault of the program, please report it with the file"
    )


def _assumptions(
    separation: Separation, quantities: Quantities, largest: float, radius: float | None, given: bool, width: int
) -> tuple[Assumption, ...]:
    limit, claim = separation.limit, "patterns.separation.assumption"
    pairs = f"{separation.coincident} pair{'s' * (separation.coincident != 1)} of patterns"
    if separation.coincident:
        outcome, finding = Outcome.FAILS, f"{pairs} coincide, so no radius keeps all balls disjoint"
    else:
        outcome = Outcome.HOLDS if radius is None else separation.disjoint(radius)
        reach = "every radius (there is one pattern)" if math.isinf(limit) else f"every radius below {limit:.6g}"
        finding = f"closed balls of a common radius are disjoint for {reach}"
        if radius is not None:
            finding += f"; {radius:.6g} was asked for"
    found = [Assumption("Assumption 3, disjoint balls", outcome, finding, claim)]
    cells = {
        Outcome.HOLDS: "follows from Assumption 3, since the radius is common",
        Outcome.FAILS: "balls of patterns that coincide or overlap reach into other cells",
        Outcome.UNDECIDED: "the balls touch to rounding",
    }
    found.append(Assumption("balls inside their Voronoi cells", outcome, cells[outcome]))
    if given:
        found.append(_inside(limit, quantities.nearest, radius, width))
    spread, rounding = quantities.spread, 4 * (width + 2) * EPSILON * largest
    equal = Outcome.FAILS if spread > rounding else Outcome.HOLDS if spread == 0 else Outcome.UNDECIDED
    share = f", {spread / largest:.3g} of the largest" if largest > 0 else ""
    found.append(Assumption("equal norms", equal, f"squared norms spread over {spread:.6g}{share}"))
    return tuple(found)


def _inside(limit: float, nearest: Array, radius: float | None, width: int) -> Assumption:
    """Assumption 2 for one common radius: the given one, or any that Assumption 3 allows."""
    farthest = float(np.sqrt(nearest.max()))
    allowed = limit if radius is None else radius
    rounding = 2 * (width + 4) * EPSILON * farthest
    inside = int((np.sqrt(nearest) <= allowed).sum())
    finding = f"{inside} of {len(nearest)} queries lie within {allowed:.6g} of a pattern, all within {farthest:.6g}"
    if farthest > limit + rounding:
        finding += "; no common radius satisfies Assumptions 2 and 3 here"
    close = abs(farthest - allowed) <= rounding and farthest > 0
    outcome = Outcome.UNDECIDED if close else Outcome.HOLDS if farthest <= allowed else Outcome.FAILS
    return Assumption("Assumption 2, queries inside balls", outcome, finding)
