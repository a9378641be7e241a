"""What one case says of a claim: by its float gap where that is clear, exactly where rounding could have decided."""

from __future__ import annotations

import math

from theory.claim import Claim
from theory.domain import Relation
from validation.evidence import Outcome
from validation.methods.decision import satisfied
from validation.methods.exact import Point, Sign, Vanishes, finest, read, volume
from validation.methods.rounding import Measure, weighed

EXACT_VOLUME = 400
TIE = 1e-9


def classify(claim: Claim, point: Point, measure: Measure, vanishes: Vanishes | None = None) -> Outcome:
    """What one case says.

    An equality or a weak inequality whose gap a ball of 256 bits (128 for integrals over regions) cannot tell from 0,
    although it knows the terms to 9 digits, counts as satisfied; a strict inequality does not.
    """
    if measure.clear:
        violates = measure.gap < 0 or claim.relation is Relation.EQ
        return Outcome.FAILS if violates else Outcome.HOLDS
    if volume(point) > EXACT_VOLUME and not claim.relation.strict:
        tie = abs(measure.gap) <= measure.tolerance < math.inf
        return Outcome.HOLDS if tie else Outcome.UNDECIDED
    if volume(point) > EXACT_VOLUME:
        return Outcome.UNDECIDED
    if claim.relation.strict:
        return satisfied(claim.relation, read(claim.gap, point, vanishes).sign)
    found = weighed(claim.gap, point, finest(claim.gap))
    if found is None:
        return Outcome.UNDECIDED
    gap, scale = found
    sign = Sign.POSITIVE if gap > 0 else Sign.NEGATIVE if gap < 0 else Sign.UNKNOWN
    if sign is Sign.UNKNOWN and gap.rad() <= TIE * scale:
        return Outcome.HOLDS
    return satisfied(claim.relation, sign)
