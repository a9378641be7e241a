"""Derivation: runs the steps of a claim through the kernel.

Nothing here is trusted.  If the kernel refuses a step, or proves something else than the step says, the derivation has
a gap and the step says which.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from theory.claim import NOTHING, Claim, Kind, Step
from theory.domain import Relation
from theory.rules import Justification
from validation.evidence import Evidence, Outcome, versions
from validation.kernel import rules as kernel
from validation.kernel.fact import Fact
from validation.kernel.normal import substitute
from validation.kernel.reading import Reader
from validation.kernel.statement import KERNEL_RELATION, accept, setting
from validation.kernel.terms import Atom, Poly, Refused, rename
from validation.methods.elaboration import Prover


@dataclass(frozen=True)
class StepResult:
    """One step after checking: what discharged it, or why it is a gap."""

    step: Step
    problem: str = ""


@dataclass(frozen=True)
class Derivation:
    """A checked derivation; ``fact`` is there only if every step was discharged."""

    claim: Claim
    fact: Fact | None
    steps: tuple[StepResult, ...] = ()
    problem: str = ""
    seconds: float = 0.0


def derive(claim: Claim, theorems: Mapping[str, Fact]) -> Derivation:
    """Run the steps of a claim; ``theorems`` maps the ids of proved universal claims to their facts."""
    started = time.perf_counter()
    try:
        fact, steps, problem = _run(claim, theorems)
    except (Refused, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        fact, steps, problem = None, (), f"{type(error).__name__}: {error}"
    return Derivation(claim, fact, steps, problem, time.perf_counter() - started)


def _run(claim: Claim, theorems: Mapping[str, Fact]) -> tuple[Fact | None, tuple[StepResult, ...], str]:
    if not claim.steps:
        return None, (), "no derivation is given"
    scene = setting(claim.domain)
    outer = Prover(theorems, scene.ctx, scene.given)
    chosen = setting(claim.exists, scene.ctx)
    inner = setting(claim.forall, chosen.ctx)
    whole = Reader(inner.ctx, {}, [])
    env = outer.values(claim.witness)
    prover = outer.after(env, inner.ctx.hyps - chosen.ctx.hyps, inner.given)
    left = substitute(whole.read(claim.lhs), env, prover.ctx)
    results, terms, previous = [], [], left
    named = set(claim.exists.variables())
    for step in claim.steps:
        current = prover.read(step.expr)
        if env and step.expr.free_symbols & named:  # a step may speak of the witness by its name
            current = substitute(Reader(inner.ctx, {}, []).read(step.expr), env, prover.ctx)
        try:
            terms.append(_link(prover, step, previous, current))
            results.append(StepResult(step))
        except (Refused, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            results.append(StepResult(step, str(error)))
        previous = current
    failed = [r.problem for r in results if r.problem]
    if failed:
        return None, tuple(results), failed[0]
    if previous != substitute(whole.read(claim.rhs), env, prover.ctx):
        return None, tuple(results), f"the steps end at {show(previous)}, not at the right side"
    fact = kernel.combine(terms, prover.ctx)
    return accept(claim, fact, env, [_guard(why, outer, prover) for why in claim.guards]), tuple(results), ""


def _guard(why: Justification, outer: Prover, inner: Prover) -> tuple[Fact, tuple[str, ...]]:
    """What a guard shows: about the witness from the domain alone, else from what comes after the witness too."""
    try:
        return outer.pairs((why,))[0]
    except Refused:
        return inner.pairs((why,))[0]


def _link(prover: Prover, step: Step, previous: Poly, current: Poly) -> tuple[Fraction, Fact]:
    fact = prover.prove(step.rule)
    wanted = previous - current if step.relation in (Relation.GE, Relation.GT) else current - previous
    if kernel.gives(fact, wanted, KERNEL_RELATION[step.relation]):
        return Fraction(1 if fact.gap == wanted else -1), fact
    off = show(fact.gap - wanted)
    raise Refused(f"the rule gives {show(fact.gap)} {fact.relation} 0, the step needs {show(wanted)} (off by {off})")


def derivation_evidence(result: Derivation) -> Evidence:
    """What a checked derivation says of its claim: it holds on the whole domain, or nothing."""
    claim = result.claim
    return Evidence(
        claim=claim.id,
        digest=claim.digest,
        method="derivation",
        outcome=Outcome.HOLDS if result.fact is not None else Outcome.UNDECIDED,
        covered=str(claim.domain) if result.fact is not None else "",
        axioms=claim.axioms,
        uses=claim.uses,
        reason=result.problem,
        seconds=result.seconds,
        provenance={"steps": len(claim.steps), "versions": versions()},
        whole_domain=result.fact is not None,
    )


def derive_all(claims: list[Claim]) -> dict[str, Derivation]:
    """Derive claims in an order in which each comes after what it uses."""
    by_id = {claim.id: claim for claim in claims}
    results: dict[str, Derivation] = {}
    theorems: dict[str, Fact] = {}

    def visit(claim: Claim, above: tuple[str, ...]) -> None:
        if claim.id in results or claim.id in above or claim.kind in (Kind.ASSUMPTION, Kind.MEASURED):
            return
        for used in claim.uses:
            if used in by_id:
                visit(by_id[used], (*above, claim.id))
        results[claim.id] = result = derive(claim, theorems)
        if result.fact is not None and claim.exists == NOTHING:
            theorems[claim.id] = result.fact

    for claim in claims:
        visit(claim, ())
    return results


def show(term: Poly) -> str:
    """A term for error messages."""
    parts = []
    for monomial, c in term.terms:
        factors = [_show_atom(a) + (f"^{p}" if p > 1 else "") for a, p in monomial]
        sign = "-" if c < 0 else "+"
        size = "" if abs(c) == 1 and factors else str(abs(c))
        parts.append(f"{sign} " + "*".join(filter(None, [size, *factors])))
    return " ".join(parts).removeprefix("+ ") or "0"


def _show_atom(a: Atom) -> str:
    if a.head in ("var", "const"):
        return a.name
    if a.head == "elem":
        return f"{a.name.removesuffix('[]')}[{','.join(map(show, a.args))}]"
    if a.bound:
        body = show(rename(a.args[-1], {a.bound: a.bound.replace("#", "i")}))
        if a.head == "region":
            return f"int({body})"
        return f"{a.head}({a.bound.replace('#', 'i')}={show(a.args[0])}..{show(a.args[1])}: {body})"
    return f"{a.head}({', '.join(map(show, a.args))})"
