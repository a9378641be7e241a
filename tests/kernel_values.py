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
    known = {"exp": _exp, "log": _log, "inv": _inv, "pow": _pow, "max": max, "gamma": _gamma, "ceil": math.ceil}
    return known[a.head](*args)


def _exp(u: float) -> float:
    return math.exp(min(u, 600.0))


def _log(u: float) -> float:
    return math.log(u) if u > 0 else ODD


def _inv(u: float) -> float:
    return 1 / u if u else 0.0


def _pow(u: float, v: float) -> float:
    """An integer power, or a power of ``max(u, 0)``: only its value where the base is positive is fixed otherwise."""
    if v == round(v):
        return u**v if u or v > 0 else 0.0
    return max(u, 0.0) ** v if u > 0 or v > 0 else ODD


def _gamma(u: float) -> float:
    return math.gamma(u) if u > 0 else ODD


def _binder(a: Atom, env: dict) -> float:
    body = a.args[-1]
    if a.head == "region":  # one ball on the line: radius, centre, one size
        return _balls(a, env)
    lower, upper = value(a.args[0], env), value(a.args[1], env)
    if a.head in ("moment", "radial"):
        moment = _moment(lower, upper, lambda s: value(body, {**env, a.bound: s}))
        if a.head == "moment" or lower <= 0:
            return moment
        return 2 * math.pi ** (lower / 2) / _gamma(lower / 2) * moment if upper > 0 else 0.0
    members = [value(body, {**env, a.bound: k}) for k in range(round(lower), round(upper) + 1)]
    if a.head == "sum":
        return math.fsum(members)
    if not members:
        return ODD
    return max(members) if a.head == "imax" else math.log(math.fsum(map(_exp, members)))


def _balls(a: Atom, env: dict) -> float:
    """An integral over a union of balls on the line: rows of one coordinate, or a single ball."""
    *shape, body = a.args
    total, covered, spans = 0.0, -math.inf, []
    for row in range(1, round(value(shape[2], env)) + 1 if len(shape) == 4 else 2):
        radius, centre = (value(part, {**env, "#r0": row, "#r1": 1}) for part in shape[:2])
        spans.append((centre - radius, centre + radius))
    for lower, upper in sorted(spans):
        total += _midpoint(lambda s: value(body, {**env, a.bound: lambda _: s}), max(lower, covered), upper)
        covered = max(covered, upper)
    return total


def _moment(order: float, cutoff: float, function) -> float:
    """The integral of ``s**(order - 1) f(s)`` over (0, cutoff), in the variable ``s**order``."""
    if order <= 0 or cutoff <= 0:
        return ODD
    return _midpoint(lambda t: function(t ** (1 / order)), 0, cutoff**order) / order


def _midpoint(function, lower: float, upper: float, parts: int = 400) -> float:
    """An integral by the midpoint rule; that over a ball of no radius is 0."""
    width = (upper - lower) / parts
    return math.fsum(function(lower + (k + 0.5) * width) for k in range(parts)) * width if lower < upper else 0.0


def holds(gap: float, relation: str) -> bool:
    """Whether ``gap relation 0`` for a number, up to rounding in favour of the statement."""
    small = 1e-6 * max(1.0, abs(gap)) if math.isfinite(gap) else 0.0
    return {"==": abs(gap) <= small, ">=": gap >= -small, ">": gap > 0}[relation]


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
