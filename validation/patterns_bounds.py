"""Every bound between the energies as data, its two sides on given quantities, and which bound is the tightest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from theory.domain import Relation
from validation.evidence import Outcome
from validation.patterns_energies import TWO, Quantities
from validation.patterns_file import Array


@dataclass(frozen=True)
class Bound:
    """One bound as data: its claim, where it is printed, and the quantity on which it puts a floor or a ceiling.

    ``reads`` is for people; the sides are computed by ``bound_sides`` alone.  ``repaired_by`` names the claim that
    amends a printed bound: a violation of it is a finding, of any other a fault of this program.
    """

    claim: str
    place: str
    reads: str
    target: str
    puts: str
    repaired_by: str = ""


ON_MCHN = "g - 2 E_MCHN"

BOUNDS: tuple[Bound, ...] = (
    Bound("layer.energy.floor", "Proposition 1, lower", "g - log d ≤ E", "E", "floor"),
    Bound("layer.energy.ceiling", "Proposition 1, upper", "E ≤ g", "E", "ceiling"),
    Bound("mchn.layer_energy.distance_ceiling", "Proposition 2", "|E - (2 E_MCHN - log d)| ≤ spread", "E", "both"),
    Bound("mchn.layer_energy.one_sided_floor", "Proposition 2, one-sided, lower",
          "0 ≤ 2 E_MCHN - (2/β) log d - E", "E", "ceiling"),
    Bound("mchn.layer_energy.one_sided_ceiling", "Proposition 2, one-sided, upper",
          "2 E_MCHN - (2/β) log d - E ≤ spread", "E", "floor"),
    Bound("mchn.nearest.printed_floor", "Proposition 3, lower, as printed",
          "-spread ≤ g - 2 E_MCHN", ON_MCHN, "floor", repaired_by="mchn.nearest.floor"),
    Bound("mchn.nearest.floor", "Proposition 3, lower, amended",
          "-spread - log d ≤ g - 2 E_MCHN", ON_MCHN, "floor"),
    Bound("mchn.nearest.ceiling", "Proposition 3, upper, as printed",
          "g - 2 E_MCHN ≤ spread + log d", ON_MCHN, "ceiling"),
    Bound("mchn.nearest.sharp_ceiling", "Proposition 3, upper, sharpened",
          "g - 2 E_MCHN ≤ 0", ON_MCHN, "ceiling"),
)  # fmt: skip


@dataclass(frozen=True)
class BoundSides:
    """Both sides of one bound at every query: ``lhs relation rhs``, arrays of shape (queries,)."""

    claim: str
    beta: float
    lhs: Array
    relation: Relation
    rhs: Array


@dataclass(frozen=True)
class BoundResult:
    """What one bound does on the data: ``gaps`` is rhs - lhs at each query, negative where the bound is violated.

    A gap within ``rounding`` of 0 counts as undecided; ``worst`` is the query, from 0, with the smallest gap.
    """

    bound: Bound
    beta: float
    gaps: Array
    rounding: Array
    holds: int
    undecided: int
    violated: int
    worst: int

    @property
    def outcome(self) -> Outcome:
        """FAILS where one query violates the bound beyond rounding, HOLDS where none comes near that."""
        if self.violated:
            return Outcome.FAILS
        return Outcome.UNDECIDED if self.undecided else Outcome.HOLDS

    @property
    def statistics(self) -> tuple[float, float, float]:
        """The smallest, the median and the largest gap."""
        return float(self.gaps.min()), float(np.median(self.gaps)), float(self.gaps.max())


@dataclass(frozen=True)
class Tightest:
    """The tightest floor or ceiling on one quantity: ``median`` gap, and ``lead`` over the runner-up's median."""

    target: str
    puts: str
    beta: float
    claim: str
    median: float
    runner_up: str
    lead: float
    at_queries: int


def bound_sides(quantities: Quantities) -> list[BoundSides]:
    """Both sides of every bound that applies: Propositions 1 to 3 at beta = 2, the one-sided form at every beta."""
    q, at_two = quantities, quantities.energies[TWO]
    g, E, twice = q.nearest, at_two.layer, at_two.twice_mchn
    spread, log_d = np.full_like(g, q.spread), np.full_like(g, q.log_count)
    zero = np.zeros_like(g)
    triples: list[tuple[str, float, Array, Array]] = [
        ("layer.energy.floor", TWO, g - log_d, E),
        ("layer.energy.ceiling", TWO, E, g),
        ("mchn.layer_energy.distance_ceiling", TWO, np.abs(E - (twice - log_d)), spread),
    ]
    for beta in q.betas:
        energies = q.energies[beta]
        excess = energies.twice_mchn - (2 / beta) * log_d - energies.layer
        triples += [
            ("mchn.layer_energy.one_sided_floor", beta, zero, excess),
            ("mchn.layer_energy.one_sided_ceiling", beta, excess, spread),
        ]
    triples += [
        ("mchn.nearest.printed_floor", TWO, -spread, g - twice),
        ("mchn.nearest.floor", TWO, -spread - log_d, g - twice),
        ("mchn.nearest.ceiling", TWO, g - twice, spread + log_d),
        ("mchn.nearest.sharp_ceiling", TWO, g - twice, zero),
    ]
    return [BoundSides(claim, beta, lhs, Relation.LE, rhs) for claim, beta, lhs, rhs in triples]


def judge_bound(sides: BoundSides, quantities: Quantities) -> BoundResult:
    """The gaps of one bound, sorted into held, violated and too close to 0 for double precision to tell."""
    bound = next(bound for bound in BOUNDS if bound.claim == sides.claim)
    gaps, rounding = sides.rhs - sides.lhs, quantities.energies[sides.beta].rounding
    violated, holds = int((gaps < -rounding).sum()), int((gaps > rounding).sum())
    undecided = len(gaps) - violated - holds
    return BoundResult(bound, sides.beta, gaps, rounding, holds, undecided, violated, int(np.argmin(gaps)))


def find_tightest(results: Sequence[BoundResult], quantities: Quantities) -> tuple[Tightest, ...]:
    """The tightest bound per quantity, side and inverse temperature, of those that hold and that nothing amends.

    Where only one bound speaks there is nothing to compare, and nothing is said.  Of equally tight bounds a one-sided
    one wins.
    """
    found = []
    for target, puts in (("E", "floor"), ("E", "ceiling"), (ON_MCHN, "floor"), (ON_MCHN, "ceiling")):
        for beta in dict.fromkeys(result.beta for result in results):
            rivals = [
                result
                for result in sorted(results, key=lambda result: result.bound.puts == "both")
                if result.beta == beta and result.bound.target == target and result.bound.puts in (puts, "both")
            ]
            slacks = {
                r.bound.claim: _slack(r, puts, quantities) for r in rivals if not r.violated and not r.bound.repaired_by
            }
            if len(rivals) < 2 or not slacks:
                continue
            medians = {claim: float(np.median(slack)) for claim, slack in slacks.items()}
            rounding = quantities.energies[beta].rounding
            tie = min(medians.values()) + float(rounding.max())
            best = next(claim for claim, median in medians.items() if median <= tie)
            wins = int((slacks[best] <= np.min(list(slacks.values()), axis=0) + rounding).sum())
            others = [claim for claim in medians if claim != best]
            second = min(others, key=medians.__getitem__, default="")
            lead = medians[second] - medians[best] if second else math.inf
            lead = 0.0 if abs(lead) <= float(rounding.max()) else lead
            found.append(Tightest(target, puts, beta, best, medians[best], second, lead, wins))
    return tuple(found)


def _slack(result: BoundResult, puts: str, quantities: Quantities) -> Array:
    """How far a bound is from its target; ``|v| <= c`` with ``v <= 0`` has its floor at c + v, its ceiling at c - v."""
    if result.bound.puts == "both" and puts == "ceiling":
        return 2 * quantities.spread - result.gaps
    return result.gaps
