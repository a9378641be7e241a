"""Normal forms keep the value: random expressions are read and compared in numbers with what SymPy wrote down."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import pytest
import sympy as sp
from kernel_values import value

from theory.atoms import LSE, IndexMax, IndexMin, Quotient, peeled
from theory.domain import Domain, Family, Range, nonnegative, positive, size
from theory.notation import d, i, j, k, n, s, sizes, t, u, v, weight, x, y
from validation.kernel.calculus import differentiate
from validation.kernel.context import Context
from validation.kernel.normal import (
    Function,
    substitute,
)
from validation.kernel.reading import Reader
from validation.kernel.statement import setting
from validation.kernel.terms import ONE, Refused, elem, fresh, rename, var

EMPTY = Context()
DOMAIN = Domain.of(
    size(n), positive(u), nonnegative(v), Range(weight, 0, 1), Family(sizes, (n,), lower=1), Family(x, (n,))
)
SCENE = setting(DOMAIN).ctx
WEAK = Context()
INDICES = ((i, j, k), (s, t, d), (j, k, i))


# Random expressions, and their values straight from SymPy's tree


class Grower:
    """Grows an expression from a seed; the names of its indices are the caller's choice."""

    def __init__(self, seed: int, names: tuple[sp.Symbol, ...]):
        self.random, self.names = random.Random(seed), names

    def real(self, depth: int, level: int = 0) -> sp.Expr:
        pick = self.random.choice
        if depth == 0:
            return self.leaf(level)
        kind = pick(
            (
                "sum",
                "add",
                "add",
                "mul",
                "lse",
                "max",
                "min",
                "exp",
                "log",
                "over",
                "abs",
                "root",
                "square",
                "leaf",
                "power",
                "gamma",
                "loggamma",
                "ceil",
            )
        )
        part = lambda: self.real(depth - 1, level)  # noqa: E731
        if kind in ("sum", "lse", "max", "min") and level < 3:
            binder = {"sum": sp.Sum, "lse": LSE, "max": IndexMax, "min": IndexMin}[kind]
            low, high = pick(((1, n), (1, n), (1, 2), (0, 3), (2, 2), (1, sizes[1])))
            if level and self.random.random() < 0.3:
                high = low + self.names[level - 1] ** 2
            return binder(self.real(depth - 1, level + 1), (self.names[level], low, high))
        if kind == "add":
            return part() + sp.Rational(self.random.randint(-3, 3), 2) * part()
        if kind == "mul":
            return part() * part()
        if kind in ("max", "min"):
            return (sp.Max if kind == "max" else sp.Min)(part(), part())
        simple = {
            "exp": lambda: sp.exp(sp.Rational(1, 4) * self.leaf(level) - self.leaf(level)),
            "log": lambda: sp.log(self.positive(level)),
            "over": lambda: Quotient(part(), self.positive(level)),
            "abs": lambda: sp.Abs(part()),
            "root": lambda: self.positive(level) ** sp.Rational(self.random.choice((1, 2, -1)), 2),
            "square": lambda: part() ** 2,
            "power": lambda: self.positive(level) ** (u * self.leaf(level)),
            "gamma": lambda: sp.gamma(self.positive(level)),
            "loggamma": lambda: sp.loggamma(self.positive(level) + 1),
            "ceil": lambda: sp.ceiling(u * self.leaf(level) + weight),
        }
        return simple.get(kind, lambda: self.leaf(level))()

    def positive(self, level: int) -> sp.Expr:
        pick = self.random.choice
        leaf = self.leaf(level)
        return pick(
            (u, u * sp.exp(leaf), sp.exp(leaf) + v, 2 * u + 3, 1 + leaf**2, Quotient(u, 3), u**2 * sp.exp(v) + u)
        )

    def leaf(self, level: int) -> sp.Expr:
        bound = [self.names[h] for h in range(level)]
        choices = [u, v, weight, sp.Integer(2), sp.Rational(-1, 3), x[1], n]
        choices += (
            [x[b] for b in bound] + [y[a, b] for a in bound for b in bound] + bound * 2 + [x[b + 1] for b in bound]
        )
        return self.random.choice(choices)


def straight(expr: sp.Expr, env: dict) -> float:
    """The value of a SymPy expression, node by node."""
    if isinstance(expr, (sp.Rational, sp.NumberSymbol)):
        return float(expr)
    if isinstance(expr, sp.Symbol):
        return env[expr]
    if isinstance(expr, sp.Indexed):
        return env[expr.base](*(round(straight(index, env)) for index in expr.indices))
    if isinstance(expr, (sp.Sum, LSE, IndexMax, IndexMin)):
        body, index, low, high = peeled(expr)
        span = range(round(straight(low, env)), round(straight(high, env)) + 1)
        members = [straight(body, {**env, index: q}) for q in span]
        if isinstance(expr, LSE):
            return math.log(math.fsum(map(math.exp, members)))
        return {sp.Sum: math.fsum, IndexMax: max, IndexMin: min}[type(expr)](members)
    args = [straight(arg, env) for arg in expr.args]
    if isinstance(expr, sp.Pow):
        return args[0] ** args[1]
    known: dict[type, Callable] = {
        sp.Add: lambda *a: math.fsum(a),
        sp.Mul: lambda *a: math.prod(a),
        sp.exp: math.exp,
        sp.log: math.log,
        sp.Abs: abs,
        sp.gamma: math.gamma,
        sp.loggamma: math.lgamma,
        sp.ceiling: math.ceil,
        sp.Max: max,
        sp.Min: min,
        Quotient: lambda a, b: a / b,
    }
    return known[type(expr)](*args)


def point(seed: int) -> tuple[dict, dict]:
    """Values that the domain allows, for SymPy's symbols and for the kernel's names."""
    rng = random.Random(seed)
    xs, ys = ({} for _ in range(2))

    def entry(store: dict) -> Callable:
        return lambda *at: store.setdefault(at, rng.uniform(-1, 1))

    values = {u: rng.uniform(0.1, 2), v: rng.choice((0, rng.random())), weight: rng.random(), n: rng.choice((1, 2, 3))}
    families = {x: entry(xs), y: entry(ys), sizes: lambda q: 1 + abs(q) % 2}
    return {**values, **families}, {
        **{symbol.name: number for symbol, number in values.items()},
        **{f"{base.label}[]": function for base, function in families.items()},
    }


def close(left: float, right: float) -> bool:
    return math.isclose(left, right, rel_tol=1e-7, abs_tol=1e-7)


@pytest.mark.parametrize("block", range(6))
def test_reading_keeps_the_value_and_forgets_the_names_of_indices(block: int) -> None:
    compared = 0
    for seed in range(60 * block, 60 * block + 60):
        expressions = [Grower(seed, names).real(3) for names in INDICES]
        for ctx in (SCENE, WEAK):
            terms = [Reader(ctx).read(expr) for expr in expressions]
            for at in (point(seed), point(seed + 1)):
                try:
                    wanted = [straight(expr, at[0]) for expr in expressions]
                except OverflowError:
                    continue
                found = [value(term, at[1]) for term in terms]
                if max(map(abs, wanted)) < 1e6:
                    assert all(map(close, found, wanted)), (seed, expressions[0], found, wanted)
                    compared += 1
    assert compared > 150


def alpha(expr: sp.Expr, names: dict) -> sp.Expr:
    """The same expression with its bound indices renamed, node by node, without SymPy's substitution."""
    if expr in names:
        return names[expr]
    if isinstance(expr, (sp.Sum, LSE, IndexMax, IndexMin)):
        body, index, low, high = peeled(expr)
        new = sp.Dummy(integer=True)
        return expr.func(alpha(body, {**names, index: new}), (new, alpha(low, names), alpha(high, names)))
    if not expr.args or isinstance(expr, sp.IndexedBase):
        return expr
    return expr.func(*(alpha(arg, names) for arg in expr.args))


def test_alpha_variants_have_one_key() -> None:
    bound = 0
    for seed in range(250):
        expr = Grower(seed, INDICES[0]).real(3)
        other = alpha(expr, {})
        bound += expr != other
        assert Reader(SCENE).read(expr).key == Reader(SCENE).read(other).key, expr
    assert bound > 60


def test_substitution_keeps_the_value() -> None:
    """Substituting and evaluating is evaluating at the substituted values, also under binders."""
    for seed in range(150):
        term = Reader(SCENE).read(Grower(seed, INDICES[0]).real(3))
        _, env = point(seed)
        name, entry = fresh("a"), fresh("b")
        new = var(name, integer=True)
        shift = elem("x[]", (new + ONE,)) - var("w") * new
        changed = substitute(term, {"x[]": Function((name,), shift), "v": var("u") + ONE}, SCENE)
        moved = {
            **env,
            "x[]": lambda q, env=env: env["x[]"](q + 1) - env["w"] * q,
            "v": env["u"] + 1,
        }
        if abs(value(term, moved)) < 1e6:
            assert close(value(changed, env), value(term, moved)), seed
        renamed = rename(term, {"w": entry})
        assert (
            close(value(renamed, {**env, entry: 0.25}), value(term, {**env, "w": 0.25})) or abs(value(term, env)) > 1e6
        )


def test_a_derivative_is_the_limit_of_difference_quotients() -> None:
    found = 0
    for seed in range(300):
        term = Reader(SCENE).read(Grower(seed, INDICES[0]).real(3))
        try:
            slope = differentiate(term, "u", SCENE)
        except Refused:
            continue
        _, env = point(seed)
        step = 1e-5
        ahead, behind = (value(term, {**env, "u": env["u"] + h}) for h in (step, -step))
        wanted = (ahead - behind) / (2 * step)
        if abs(ahead) + abs(wanted) < 1e4:
            assert math.isclose(value(slope, env), wanted, rel_tol=1e-3, abs_tol=1e-3), seed
            found += bool(slope.terms)
    assert found > 30
