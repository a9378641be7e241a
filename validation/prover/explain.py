"""An answer in words: the verdict in a few lines, a proof as a person would read it, in plain text or in LaTeX.

A proof is told goal by goal as the checker reads it: what is to be shown, which step is taken, and what remains.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import sympy as sp

from theory.language import Statement, show
from validation.certificates.encoding import from_json
from validation.certificates.goals import Constraint, Goal, Interval, goals_of, names_of, substituted
from validation.certificates.lemmas import LEMMAS
from validation.certificates.nodes import Cover, Forget, Instance, Monotone, Node, Sum
from validation.prover.answer import VACUOUSLY, Answer

DIGITS = 12
LONGEST = 300
MULTIPLIED_OUT = 10_000
HOW: Mapping[str, str] = {
    "identity": "both sides have the same normal form",
    "constant": "a number, whose sign a ball shows",
    "sight": "the form shows it, by interval arithmetic on the whole region",
    "given": "this is one of the conditions",
    "empty": "there is no such point",
    "cover": "{boxes} cover the region, and balls show the sign on each",
    "sturm": "counting roots by Sturm's theorem",
    "split": "first {variable} up to {at}, then from there on",
    "points": "one value of {variable} after the other",
    "cases": "first where {by} is at least 0, then where it is at most 0",
    "have": "first {gap} {relation} 0, then the claim with its help",
    "relax": "even for every real {variable}",
    "monotone": "the difference is {trend}; so look at {variable} = {to}",
    "foot": "the difference is nonincreasing in {variable} up to {at} and nondecreasing from there on; so look there",
    "concave": "concave in {variable}, so smallest at the ends",
    "tangency": "convex in {variable} and stationary at {at}",
    "induction": "induction over {variable}",
    "telescope": "the difference falls with every step of {variable} towards its limit",
    "substitute": "put {variable} = {by} with {new} in {interval}",
    "exchange": "symmetric, so let {first} >= {second}",
    "reflect": "even in {variable}, so let {variable} >= 0",
    "period": "periodic in {variable} with period {period}, so one period from {start} on is enough",
    "rewrite": "written as {to}",
    "strengthen": "even {relation}",
    "both": "each side is at most the other",
    "sum": "add {terms}",
    "product": "a product of {factors}",
    "compose": "the same for the images of {left} and {right} under {function}",
    "instance": "the lemma {lemma}, {inequality}, with {values}",
    "squares": "a sum of squares of {roots}",
}
SIGNS = {">=": r"\ge", "<=": r"\le", "==": "=", "!=": r"\ne", ">": ">", "<": "<"}


@dataclass(frozen=True)
class Style:
    """Plain text or LaTeX."""

    latex: bool

    def math(self, expr: sp.Expr) -> str:
        """An expression inside a sentence."""
        if self.latex:
            return f"${sp.latex(expr)}$"
        return _clip(show(expr))

    def goal(self, goal: Goal) -> str:
        """The inequality of a goal, the smaller side first where that reads better."""
        if self.latex:
            return f"${sp.latex(goal.gap)} {SIGNS[goal.relation]} 0$"
        return f"{_clip(show(goal.gap))} {goal.relation} 0"

    def equation(self, name: sp.Symbol, value: sp.Expr) -> str:
        """A value of a variable."""
        return f"${sp.latex(name)} = {sp.latex(value)}$" if self.latex else f"{name} = {_clip(show(value))}"

    def region(self, goal: Goal) -> str:
        """The region of a goal."""
        used = goal.gap.free_symbols
        parts = [f"{self.math(s)} in {self.interval(i)}" for s, i in goal.box if s in used or len(goal.box) == 1]
        return ", ".join([*parts, *(self.constraint(c) for c in goal.given if not c.everywhere)])

    def interval(self, interval: Interval) -> str:
        """An interval."""
        if not self.latex:
            return str(interval)
        left, right = "(" if interval.open_lower else "[", ")" if interval.open_upper else "]"
        ends = f"${left}{sp.latex(interval.lower)}, {sp.latex(interval.upper)}{right}$"
        return f"the integers of {ends}" if interval.integer else ends

    def constraint(self, constraint: Constraint) -> str:
        """A condition."""
        if self.latex:
            return f"${sp.latex(constraint.gap)} {SIGNS[constraint.relation]} 0$"
        return str(constraint)

    def value(self, value: Any) -> str:
        """One argument of a step."""
        if isinstance(value, sp.Basic):
            return self.math(value)
        if isinstance(value, Interval):
            return self.interval(value)
        if isinstance(value, tuple):
            return ", ".join(map(self.value, value)) or "nothing"
        text = str(value)
        if not self.latex:
            return text
        return f"${SIGNS[text]}$" if text in SIGNS else f"${text}$" if len(text) == 1 else text.replace("_", r"\_")


def summary(answer: Answer) -> str:
    """The verdict in a few lines."""
    head = f"{answer.verdict} in {answer.seconds:.2f} s: {answer.statement}"
    if answer.verdict == "proved":
        return "\n".join([head, *([VACUOUSLY] if answer.vacuous else []), _size(answer.certificate)])
    if answer.verdict == "refuted":
        found = gap_at(answer)
        return f"{head}\nfails at {_point(answer.witness.point)}\nwhere {found['difference']} is {found['decimal']}"
    lines = [head]
    if answer.undefined is not None:
        at = _point(answer.undefined.point) or "every point"
        lines.append(f"not real at {at}: {answer.undefined.side} would have to hold there")
    lines += [f"  {a.seconds:7.2f} s  {a.method}: {a.outcome}" for a in answer.tried if a.count]
    return "\n".join(lines)


def explained(answer: Answer, style: str = "text") -> str:
    """The whole answer in words; ``style`` is ``text`` or ``latex``.  What is not proved is summed up."""
    if style == "latex" and answer.verdict == "refuted":
        return _latex_counterexample(answer)
    if answer.verdict != "proved" or answer.certificate is None:
        return summary(answer) if style == "text" else f"\\begin{{verbatim}}\n{summary(answer)}\n\\end{{verbatim}}"
    told = Style(style == "latex")
    lines = list(_proofs(answer.statement, answer.certificate, told))
    if not told.latex:
        return "\n".join([*summary(answer).splitlines()[:-1], *(f"{'  ' * (n.count('.'))}{n} {t}" for n, t in lines)])
    items = "\n".join(rf"\item[{number}] {text}" for number, text in lines)
    return "\n".join(
        [
            r"\begin{theorem}",
            f"{_latex_statement(answer.statement)}",
            r"\end{theorem}",
            r"\begin{proof}",
            *([f"{VACUOUSLY.capitalize()}."] if answer.vacuous else []),
            r"\begin{itemize}",
            items,
            r"\end{itemize}",
            r"\end{proof}",
        ]
    )


def gap_at(answer: Answer) -> dict[str, str]:
    """The gap at a witness: what it is the difference of, its exact value and a decimal of it."""
    goal = goals_of(answer.statement)[-1]
    names = names_of(goal.intervals)
    point = {names[name]: value for name, value in answer.witness.point}
    large = any(value.is_Rational and abs(value.p) + value.q > MULTIPLIED_OUT for value in point.values())
    with sp.evaluate(not large):  # (1 + 1/x)**x at 10**7 would have ten million digits
        exact = substituted(goal.gap, point)
        text = show(exact)
    return {"difference": show(goal.gap), "gap": text, "decimal": str(sp.N(exact, DIGITS))}


def _proofs(statement: Statement, certificate: Mapping[str, Any], style: Style) -> Iterator[tuple[str, str]]:
    goals = goals_of(statement)
    for place, (goal, data) in enumerate(zip(goals, certificate["proofs"], strict=True), 1):
        node = from_json(data, names_of(goal.intervals))
        lead = "" if place == len(goals) else "defined: "
        yield from _told(goal, node, f"{place}.", style, lead, None)


def _told(
    goal: Goal, node: Node, number: str, style: Style, lead: str, above: Goal | None
) -> Iterator[tuple[str, str]]:
    """One line for a goal and its step, then those of what remains."""
    from validation.certificates.checker import subgoals

    if isinstance(node, Forget):
        yield from _told(subgoals(goal, node)[0], node.children[0], number, style, lead, above)
        return
    region = style.region(goal)
    where = f" for {region}" if region and (above is None or region != style.region(above)) else ""
    yield number, f"{lead}{style.goal(goal)}{where}: {_how(goal, node, style)}."
    for place, (below, child) in enumerate(zip(subgoals(goal, node), node.children, strict=True), 1):
        yield from _told(below, child, f"{number}{place}.", style, "", goal)


def _how(goal: Goal, node: Node, style: Style) -> str:
    rule = type(node).__name__.lower()
    arguments = {f.name: style.value(getattr(node, f.name)) for f in fields(node) if f.name != "children"}
    if isinstance(node, Cover):
        leaves = sum(not letter.isdigit() for letter in node.tree)
        arguments["boxes"] = "one box" if leaves == 1 else f"{leaves} boxes"
    if isinstance(node, Monotone):
        arguments["trend"] = _trend(goal, node, style)
    if isinstance(node, Sum):
        pairs = [(c, t) for c, t in zip(node.coefficients, node.terms, strict=True) if t != 0]
        arguments["terms"] = (
            ", ".join(style.math(t) if c == 1 else f"{style.math(c)} times {style.math(t)}" for c, t in pairs)
            or "nothing"
        )
    if isinstance(node, Instance):
        lemma = LEMMAS[node.lemma]
        sign = SIGNS[lemma.relation] if style.latex else lemma.relation
        arguments["inequality"] = f"${sp.latex(lemma.gap)} {sign} 0$" if style.latex else f"{show(lemma.gap)} {sign} 0"
        values = zip(lemma.parameters, node.at, strict=True)
        arguments["values"] = ", ".join(style.equation(name, value) for name, value in values)
    return HOW.get(rule, f"by the rule {rule}").format(**arguments)


def _trend(goal: Goal, node: Monotone, style: Style) -> str:
    """How the difference changes with the variable: it grows with the distance from ``to``."""
    symbol = names_of(goal.intervals)[node.variable]
    interval = dict(goal.box)[symbol]
    if node.to in (interval.lower, interval.upper):
        return f"{'nondecreasing' if node.to == interval.lower else 'nonincreasing'} in {style.math(symbol)}"
    return f"nondecreasing as {style.math(symbol)} moves away from {style.math(node.to)}"


def _size(certificate: Mapping[str, Any] | None) -> str:
    steps = sum(map(_steps, (certificate or {}).get("proofs", [])))
    return f"the checker accepts a certificate of {steps} step{'s' if steps != 1 else ''}"


def _steps(data: Mapping[str, Any]) -> int:
    return 1 + sum(map(_steps, data.get("children", [])))


def _point(point: tuple[tuple[str, sp.Expr], ...]) -> str:
    return ", ".join(f"{name} = {show(value)}" for name, value in point)


def _latex_statement(statement: Statement) -> str:
    relation = SIGNS["==" if statement.relation.value == "=" else statement.relation.value]
    body = f"${sp.latex(statement.lhs)} {relation} {sp.latex(statement.rhs)}$"
    region = Style(True).region(goals_of(statement)[-1])
    return f"{body} for {region}." if region else f"{body}."


def _latex_counterexample(answer: Answer) -> str:
    """Where a refuted statement fails, typeset."""
    gap, found = goals_of(answer.statement)[-1].gap, gap_at(answer)
    names = {r.symbol.name: r.symbol for r in answer.statement.domain.ranges}
    point = ", ".join(Style(True).equation(names[name], value) for name, value in answer.witness.point)
    return "\n".join(
        [
            "The statement",
            _latex_statement(answer.statement).removesuffix("."),
            f"is false: it fails at {point or 'every point'},",
            f"where ${sp.latex(gap)}$ is ${found['decimal']}$.",
        ]
    )


def _clip(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
