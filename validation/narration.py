"""A derivation told step by step: the chain from the left side to the right, each link with its rule and its reason."""

from __future__ import annotations

from typing import Literal

import sympy as sp

from theory.claim import NOTHING, Claim
from theory.registry import claims
from validation.ledger import read_ledger
from validation.methods.derivation import Derivation, derive_all
from validation.report import named_rule, strongest
from validation.trial import closure

Form = Literal["text", "latex", "markdown"]
SIGNS = {"<=": r"\le", "<": "<", ">=": r"\ge", ">": ">", "=": "="}


def narrate(claim: Claim, form: Form = "text") -> str:
    """The derivation of a claim, checked while it is told."""
    result = derive_all(closure([claim]))[claim.id] if claim.steps else None
    return {"text": _text, "latex": _latex, "markdown": _markdown}[form](claim, result)


def _outcome(claim: Claim, result: Derivation | None) -> str:
    if result is None:
        repairs = [c.id for c in claims() if claim.id in c.amends]
        recorded = next((row for row in read_ledger() if row["digest"] == claim.digest), None)
        verdict = f"; {recorded['verdict']}: {strongest(recorded)}" if recorded and recorded["evidence"] else ""
        return f"no derivation is given{verdict}" + (f"; amended by {', '.join(repairs)}" if repairs else "")
    return "every step discharged by the kernel" if result.fact is not None else f"GAP: {result.problem}"


def _marks(claim: Claim, result: Derivation | None) -> list[str]:
    """For each step what is wrong with it, or nothing."""
    problems = [s.problem for s in result.steps] if result else []
    return problems + [""] * (len(claim.steps) - len(problems))


def _text(claim: Claim, result: Derivation | None) -> str:
    lines = [f"{claim.id}: {claim.title}", f"{claim.source.place} ({claim.source.work} {claim.source.version})".strip()]
    lines += [f"reading: {claim.reading}"] if claim.reading else []
    lines += [f"for {claim.domain}"]
    if claim.exists != NOTHING:
        lines += [f"there are {claim.exists}"]
        lines += [f"  take {symbol} = {value}" for symbol, value in claim.witness]
    if claim.forall != NOTHING:
        lines += [f"such that for all {claim.forall}"]
    lines += ["", f"     {claim.lhs}"]
    for number, (step, problem) in enumerate(zip(claim.steps, _marks(claim, result), strict=True), 1):
        lines += [f"  {step.relation.value:>2} {step.expr}", f"     [{number}] {named_rule(step)}: {step.note}"]
        lines += [f"     GAP: {problem}"] if problem else []
    if not claim.steps:
        lines += [f"  {claim.relation.value:>2} {claim.rhs}   (to be judged)"]
    return "\n".join([*lines, "", _outcome(claim, result)])


def _latex(claim: Claim, result: Derivation | None) -> str:
    rows = [rf"  & {sp.latex(claim.lhs)} \\"]
    rows += [
        rf"  {SIGNS[s.relation.value]}{{}} & {sp.latex(s.expr)} && \text{{{_escaped(s.note)}}} \\" for s in claim.steps
    ]
    head = f"% {claim.id}: {claim.title}\n% {_quantifiers(claim)}\n% {_outcome(claim, result)}"
    return "\n".join([head, r"\begin{align*}", *rows, r"\end{align*}"])


def _quantifiers(claim: Claim) -> str:
    """The blocks of variables in one line."""
    text = f"for {claim.domain}"
    if claim.exists != NOTHING:
        text += f" there are {claim.exists}"
    return text + (f" such that for all {claim.forall}" if claim.forall != NOTHING else "")


def _escaped(text: str) -> str:
    for character in "&%#_$":
        text = text.replace(character, "\\" + character)
    return text.replace("^", r"\^{}")


def _markdown(claim: Claim, result: Derivation | None) -> str:
    lines = [f"## `{claim.id}`", "", f"{claim.title} ({claim.source.place})", ""]
    lines += [f"F{_quantifiers(claim)[1:]}.", ""]
    lines += [f"$${sp.latex(claim.lhs)}$$", ""]
    for number, step in enumerate(claim.steps, 1):
        lines += [f"{number}. $${SIGNS[step.relation.value]} {sp.latex(step.expr)}$$ *{named_rule(step)}*: {step.note}"]
    return "\n".join([*lines, "", _outcome(claim, result) + "."])
