"""Proof on boxes: a claim at small sizes, enclosed by ball arithmetic over a compact box of its real variables.

What comes out speaks for the sizes and the box that ``covered`` lists and for nothing else.  A violation counts only
at an exact point where a ball excludes the relation (or, for a strict one, where the gap is exactly 0).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from typing import Any

from flint import ctx

from numerics.backends.as_ball import hull
from numerics.compile import UnsupportedExpression, compile_expression, name_of
from theory.claim import Claim, Kind
from theory.domain import Domain, Relation
from validation.evidence import Evidence, Outcome, Witness, versions
from validation.methods.bisection import PRECISION, Finding, Search, rational
from validation.methods.decision import cancelled, examine, has_values, point_of, probe
from validation.methods.exact import rational_valued
from validation.methods.expansion import vanishes
from validation.methods.instances import Instance, instances

METHOD = "enclosure"


def enclose(claim: Claim, budget_seconds: float = 2.0) -> Evidence:
    """Evidence from balls about a universal claim, within about ``budget_seconds``.

    HOLDS speaks for the instances in ``covered``; ``margin`` is then a lower bound of the signed gap on all of them.
    FAILS carries an exact witness.  UNDECIDED says why in ``reason`` and is never a pass.
    """
    return _Enclosure(claim, time.perf_counter(), budget_seconds).run()


def decimal_below(value: Fraction, digits: int = 8) -> str:
    """The fraction as a decimal, rounded towards minus infinity."""
    return str(Context(prec=digits, rounding=ROUND_FLOOR).divide(Decimal(value.numerator), Decimal(value.denominator)))


@dataclass
class _Enclosure:
    claim: Claim
    started: float
    budget: float
    boxes: int = 0
    proved: list[tuple[Instance, Finding]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def run(self) -> Evidence:
        claim = self.claim
        if claim.kind not in (Kind.STATEMENT, Kind.NUMBER):
            return self.evidence(Outcome.UNDECIDED, reason=f"{claim.kind.value}: nothing to enclose")
        if claim.exists != Domain():
            return self.evidence(Outcome.UNDECIDED, reason="existential: not an enclosure question")
        try:
            needed = {name_of(a) for a in compile_expression(claim.gap, "ball").arguments}
            unbound = needed - {name_of(v) for v in claim.domain.variables()}
            if unbound:
                return self.evidence(
                    Outcome.UNDECIDED, reason=f"the domain says nothing of {', '.join(sorted(unbound))}"
                )
            found = instances(claim.domain)
        except (UnsupportedExpression, ValueError, KeyError) as obstacle:
            return self.evidence(Outcome.UNDECIDED, reason=f"cannot be instantiated: {obstacle}")
        if not found:
            return self.evidence(Outcome.UNDECIDED, reason="no small sizes satisfy the conditions")
        for place, instance in enumerate(found):
            now = time.perf_counter()
            share = (self.started + self.budget - now) / (len(found) - place)
            try:
                search = Search(claim.gap, claim.relation, instance, now + share)
                with ctx.workprec(PRECISION):
                    self.settle(search)
            except (UnsupportedExpression, ValueError, IndexError) as obstacle:
                self.open.append(f"{instance}: {obstacle}")
                continue
            self.boxes += search.found.boxes
            if search.found.outcome is Outcome.FAILS:
                return self.refuted(instance, search.found)
            if search.found.outcome is Outcome.HOLDS:
                self.proved.append((search.instance, search.found))
            else:
                self.open.append(f"{instance}: {search.found.reason or 'undecided'}")
        if not self.proved:
            return self.evidence(Outcome.UNDECIDED, reason="; ".join(self.open))
        return self.confirmed()

    def settle(self, search: Search) -> None:
        """Tries the routes in turn; the finding is in ``search.found``."""
        finding = search.found
        if search.refute(search.candidates()):
            return
        if self.exact_at_one_point(search):
            return
        centre = [rational((v.lower + v.upper) / 2) for v in search.instance.variables]
        defined = search.ball(centre).is_finite()
        if not self.claim.relation.strict and defined and search.form is not None and vanishes(search.form):
            finding.outcome, finding.margin, finding.route = Outcome.HOLDS, Fraction(0), "the gap is exactly 0"
            return
        if self.claim.relation is Relation.EQ:
            width = search.ball([rational(v.lower) for v in search.instance.variables]).rad()
            finding.reason = f"balls cannot prove an equality; they leave a width of {(2 * width).str(3, radius=False)}"
            return
        if not search.touch():
            search.prove()

    def exact_at_one_point(self, search: Search) -> bool:
        """Settles the claim in rational arithmetic where the domain is one point and both sides are rational there."""
        if not (self.one_point and rational_valued(self.claim.gap)):
            return False
        values = search.instance.assemble([v.lower for v in search.instance.variables])
        found = examine(self.claim, point_of(self.claim, values))
        if found.outcome is not Outcome.HOLDS:
            return False
        search.found.outcome, search.found.margin = found.outcome, Fraction(found.gap)
        search.found.route = "rational arithmetic at the only point"
        return True

    @property
    def one_point(self) -> bool:
        """Whether the domain has one point: no variables, or one value for each, and no conditions."""
        domain = self.claim.domain
        return not domain.families and not domain.given and all(r.fixed for r in domain.ranges)

    def refuted(self, instance: Instance, finding: Finding) -> Evidence:
        values = instance.assemble(finding.point or ())
        if probe(self.claim, values) is not Outcome.FAILS:  # a witness counts where the whole domain admits it
            return self.evidence(Outcome.UNDECIDED, reason="a violation in a box was not confirmed in the domain")
        witness = Witness(tuple(values.items()), finding.gap, finding.confirmed)
        covered = f"the point {witness}" if values else "no variables"
        return self.evidence(Outcome.FAILS, covered, finding.gap, witness=witness)

    def confirmed(self) -> Evidence:
        parts, margins = [], []
        for instance, finding in self.proved:
            exact = finding.route == "the gap is exactly 0" and bool(instance.variables)
            part = f"all real values where both sides exist, {instance.fixed}" if exact else str(instance)
            if instance.conditions and not exact:
                part += " where the side conditions certainly hold"
                part += f" ({finding.skipped} small boxes left out)" if finding.skipped else ""
            parts.append(part)
            margins.append(finding.margin if finding.margin is not None else Fraction(0))
        return self.evidence(Outcome.HOLDS, "; ".join(parts), decimal_below(min(margins)), whole=self.whole())

    def whole(self) -> bool:
        """Whether the one instance proved is the whole domain."""
        domain = self.claim.domain
        if domain.families or domain.given or any(r.integer and not r.fixed for r in domain.ranges):
            return False
        instance, finding = self.proved[0]
        boxed = finding.route != "the gap is exactly 0" or self.one_point
        if not boxed or instance.conditions or not all(v.whole for v in instance.variables):
            return False
        if not cancelled(self.claim):
            return True
        box = [hull(rational(v.lower), rational(v.upper)) for v in instance.variables]
        return has_values(self.claim, instance.assemble(box))

    def evidence(
        self,
        outcome: Outcome,
        covered: str = "",
        margin: str = "",
        reason: str = "",
        witness: Witness | None = None,
        whole: bool = False,
    ) -> Evidence:
        provenance: dict[str, Any] = {"precision": PRECISION, "boxes": self.boxes, "versions": versions()}
        if self.proved:
            provenance["routes"] = sorted({finding.route for _, finding in self.proved})
        if self.open and self.proved:
            provenance["undecided"] = list(self.open)
        return Evidence(
            claim=self.claim.id,
            digest=self.claim.digest,
            method=METHOD,
            outcome=outcome,
            covered=covered,
            margin=margin,
            witness=witness,
            reason=reason,
            seconds=round(time.perf_counter() - self.started, 3),
            provenance=provenance,
            whole_domain=whole,
        )
