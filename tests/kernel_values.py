"""Numbers for terms: an evaluator that shares no code with the kernel, for tests that ask whether a fact is true.

Where a function has no value (a logarithm of -1, an integral over nothing) the kernel allows any; ``ODD`` is chosen so
that nothing comes out right by accident.
"""

import itertools
import math

from validation.kernel.context import Hyp
from validation.kernel.fact import Fact
from validation.kernel.terms import Atom, Poly

ODD = -7.25


def value(term: Poly, env: dict) -> float:
    """The value of a term; ``env`` maps variables to numbers and families to functions of their indices."""
    return sum(float(c) * math.prod(_atom(a, env) ** p for a, p in m) for m, c in term.terms)


def _atom(a: Atom, env: dict) -> float:
    if a.bound:
        return _binder(a, env)
    if a.head == "var":
        return env[a.name]
    if a.head == "const":
        return {"pi": math.pi}[a.name]
    args = [value(arg, env) for arg in a.args]
    if a.head == "elem":
        return env[a.name](*(round(p) for p in args))
    if a.head == "gamma":
        return _midpoint(lambda t: t ** (args[0] - 1) * math.exp(-t), 0, args[1]) if min(args) > 0 else 2 * ODD
    return {"exp": _exp, "log": _log, "inv": _inv, "pow": _pow, "max": max}[a.head](*args)


def _exp(u: float) -> float:
    return math.exp(min(u, 600.0))


def _log(u: float) -> float:
    return math.log(u) if u > 0 else ODD


def _inv(u: float) -> float:
    return 1 / u if u else 0.0


def _pow(u: float, v: float) -> float:
    return u**v if u > 0 or (v == round(v) and u) else (0.0 if u == 0 and v > 0 else ODD)


def _binder(a: Atom, env: dict) -> float:
    body = a.args[-1]
    if a.head == "region":  # one ball on the line: radius, centre, one size
        radius, centre, _ = (value(arg, {**env, "#r0": 1}) for arg in a.args[:-1])
        return _midpoint(lambda t: value(body, {**env, a.bound: lambda _: t}), centre - radius, centre + radius)
    lower, upper = value(a.args[0], env), value(a.args[1], env)
    if a.head == "integral":
        return _midpoint(lambda t: value(body, {**env, a.bound: t}), lower, upper)
    members = [value(body, {**env, a.bound: k}) for k in range(round(lower), round(upper) + 1)]
    if a.head == "sum":
        return math.fsum(members)
    if not members:
        return ODD
    return max(members) if a.head == "imax" else math.log(math.fsum(map(_exp, members)))


def _midpoint(function, lower: float, upper: float) -> float:
    """An integral by the midpoint rule; infinite where refining does not settle."""

    def rule(parts: int) -> float:
        width = (upper - lower) / parts
        return math.fsum(function(lower + (k + 0.5) * width) for k in range(parts)) * width

    if lower >= upper:
        return ODD
    coarse, fine = rule(100), rule(400)
    return math.inf if abs(fine) > 1.5 * abs(coarse) + 1e-9 else fine


def holds(gap: float, relation: str) -> bool:
    """Whether ``gap relation 0`` for a number, up to rounding in favour of the statement."""
    small = 1e-6 * max(1.0, abs(gap)) if math.isfinite(gap) else 0.0
    return {
        "==": abs(gap) <= small,
        ">=": gap >= -small,
        ">": gap > 0,
        "finite": math.isfinite(gap),
    }[relation]


def satisfied(hyp: Hyp, env: dict) -> bool:
    """Whether a hypothesis holds; one about all integers is tried on a few."""
    local = dict(env)

    def indexed(position: int) -> bool:
        if position == len(hyp.indices):
            return holds(value(hyp.gap, local), hyp.relation)
        span = range(-3, 8)
        if hyp.ranges is not None:
            lower, upper = (round(value(end, local)) for end in hyp.ranges[position])
            span = range(lower, upper + 1)
        for k in span:
            local[hyp.indices[position]] = k
            if not indexed(position + 1):
                return False
        return True

    return indexed(0)


def true_at(fact: Fact, env: dict) -> bool:
    """Whether a fact says something true at these values: a hypothesis fails or the relation holds."""
    return not all(satisfied(h, env) for h in fact.hyps) or holds(value(fact.gap, env), fact.relation)


def grid(**choices: list) -> list[dict]:
    """All combinations of values."""
    return [dict(zip(choices, combination, strict=True)) for combination in itertools.product(*choices.values())]
