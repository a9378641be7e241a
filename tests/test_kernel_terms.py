"""Normal forms keep the value: random expressions are read and compared in numbers with what SymPy wrote down."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable
from fractions import Fraction

import pytest
import sympy as sp
from kernel_values import satisfied, value

from theory.atoms import LSE, IndexMax, IndexMin, Quotient, peeled
from theory.domain import Domain, Family, Range, nonnegative, positive, size
from theory.notation import d, i, j, k, n, s, sizes, t, u, v, weight, x, y
from validation.kernel.calculus import differentiate
from validation.kernel.context import Context, Hyp
from validation.kernel.normal import Function, bind, exp, inv, log, maximum, power, region, substitute
from validation.kernel.reading import Reader
from validation.kernel.statement import setting
from validation.kernel.terms import ONE, ZERO, Atom, Poly, Refused, const, elem, fresh, of, rename, shape, var

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
            ("sum", "add", "add", "mul", "lse", "max", "min", "exp", "log", "over", "abs", "root", "square", "leaf")
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


@pytest.mark.parametrize(
    "term",
    [
        maximum([var("u"), -var("u")]),
        power(var("u"), var("w")),
        of(Atom("gamma", "", (var("u"), ONE))),
        bind("integral", "t", ZERO, var("u"), var("t"), EMPTY),
        bind("imax", "i", ONE, var("n", True), var("u") * var("i", True), EMPTY),
        log(var("u"), EMPTY),
        inv(var("u")),
        region("p", (var("u"), ZERO, ONE), elem("p", (ONE,))),
    ],
    ids=["max", "pow", "gamma", "integral", "imax", "log", "inv", "region"],
)
def test_no_derivative_where_none_is_plain_to_see(term: Poly) -> None:
    with pytest.raises(Refused, match="differentiable"):
        differentiate(term, "u", EMPTY)


# Signs at sight


def random_term(rng: random.Random, depth: int) -> Poly:
    a, b, c = var("a"), var("b"), var("c")
    leaves = [a, b, c, var("n", True), elem("f[]", (var("n", True),)), elem("g[]", (ONE,)), ONE, const(Fraction(1, 3))]
    if depth == 0:
        return rng.choice(leaves)
    left, right = random_term(rng, depth - 1), random_term(rng, depth - 1)
    return rng.choice(
        (
            lambda: left + right,
            lambda: left - right,
            lambda: left * right,
            lambda: left * left,
            lambda: exp(rng.choice((a, b, c)), EMPTY),
            lambda: inv(left),
            lambda: power(left, rng.choice((const(Fraction(1, 2)), b, const(3)))),
            lambda: left + const(rng.randint(-2, 2)),
            lambda: log(left, EMPTY),
            lambda: maximum([left, right]),
            lambda: region("p", (a, ZERO, var("n", True)), left + elem("p", (ONE,)) * elem("p", (ONE,))),
        )
    )()


def test_a_sign_at_sight_is_the_sign() -> None:
    rng = random.Random(7)
    shapes = (
        lambda: Hyp(var(rng.choice("abc")) + const(rng.randint(-2, 2)), rng.choice((">", ">=", "=="))),
        lambda: Hyp(var("a") - var("b") + const(rng.randint(-1, 1)), rng.choice((">", ">="))),
        lambda: Hyp(var("n", True) - ONE, ">="),
        lambda: Hyp(elem("f[]", (var("q", True),)) - const(rng.randint(-1, 1)), rng.choice((">=", ">")), ("q",)),
        lambda: Hyp(elem("g[]", (var("q", True),)) - ONE, ">=", ("q",), ((ONE, const(2)),)),
        lambda: Hyp(var("a") * var("b"), ">="),
    )
    seen = {0: 0, 1: 0}
    for _ in range(1500):
        ctx = Context(rng.choice(shapes)() for _ in range(rng.randint(0, 4)))
        term = random_term(rng, 2)
        sign = ctx.sign(term)
        if sign is None:
            continue
        for _ in range(6):
            offset = rng.choice((-1, 0, 1, 2))
            env = {
                **{name: rng.choice((-2, -1, 0, 0.5, 1, 2, 3)) for name in "abc"},
                "n": rng.choice((1, 1, 0, 2)),
                "f[]": lambda q, offset=offset: offset + abs(q) / 2,
                "g[]": lambda q, offset=offset: offset * q,
            }
            if any(a.head == "region" for m, _ in term.terms for a, _ in m) and env["n"] != 1:
                continue
            if all(satisfied(h, env) for h in ctx.hyps):
                seen[sign] += 1
                assert value(term, env) > (0 if sign else -1e-9), (term.key, [h.key for h in ctx.hyps], env)
    assert min(seen.values()) > 100


def test_signs_that_are_seen_and_signs_that_are_not() -> None:
    a, b = var("a"), var("b")
    ctx = Context([Hyp(a, ">"), Hyp(b, ">="), Hyp(elem("f[]", (var("q", True),)) - ONE, ">=", ("q",))])
    entry, point_ = elem("f[]", (var("n", True),)), elem("p", (ONE,))
    ball = region("p", (a, ZERO, ONE), exp(point_, EMPTY))
    for term, sign in (
        (ZERO, 0), (ONE, 1), (-ONE, None), (a, 1), (b, 0), (a * b, 0), (a + b, 1), (a - b, None), (entry, 1),
        (entry - ONE, 0), (entry - const(2), None), (inv(a), 1), (inv(b), 0), (power(a, b), 1), (power(b, a), None),
        (var("z") * var("z"), 0), (var("z") * var("z") * var("z"), None), (ball, 1), (of(Atom("const", "pi")), 1),
        (region("p", (b, ZERO, ONE), exp(point_, EMPTY)), None), (region("p", (a, ZERO, ONE), point_), None),
        (region("p", (a, ZERO, ONE), inv(point_)), None), (log(a, EMPTY), None),
    ):  # fmt: skip
        assert ctx.sign(term) == sign, term.key
    assert ctx.nonempty(ONE, const(3))
    assert not ctx.nonempty(ONE, var("n", True))
    assert not ctx.nonempty(b - b, b)


# Laws and conventions of the normal form


def test_what_a_normal_form_says() -> None:
    a, b = var("a"), var("b")
    positive_a = Context([Hyp(a, ">")])
    count = var("n", True)
    some = Context([Hyp(count - ONE, ">=")])
    entry = elem("f[]", (var("i", True),))
    assert inv(ZERO) == ZERO
    assert inv(const(2) * a * a) == inv(a) * inv(a) * const(Fraction(1, 2))
    assert inv(inv(a)) == a
    assert inv(exp(a, EMPTY)) == exp(-a, EMPTY)
    assert inv(a + a + b + b) == inv(a + b) * const(Fraction(1, 2))
    assert exp(log(a, positive_a) + log(a, positive_a), positive_a) == a * a
    assert exp(-log(a, positive_a), positive_a) == inv(a)
    assert exp(log(a, EMPTY), EMPTY) != a
    assert log(ONE, EMPTY) == ZERO
    assert log(exp(a, EMPTY) * const(2), EMPTY) == a + log(const(2), EMPTY)
    assert log(inv(a), positive_a) == -log(a, positive_a)
    assert log(-a, positive_a) == of(Atom("log", "", (-a,)))
    assert power(a, const(-2)) == inv(a) * inv(a)
    assert maximum([a, a]) == a
    assert maximum([a + b, b + const(2)]) == b + maximum([const(2), a])
    assert bind("sum", "i", ONE, count, ONE, EMPTY) != count
    assert bind("sum", "i", ONE, count, ONE, some) == count
    assert bind("lse", "i", ONE, count, a, some) == a + log(count, some)
    assert bind("lse", "i", ONE, count, a, EMPTY) != a + log(count, EMPTY)
    assert bind("imax", "i", ONE, count, a, some) == a
    assert bind("imax", "i", ONE, count, entry + entry, some) == bind("imax", "i", ONE, count, entry, some).scaled(
        Fraction(2)
    )
    assert bind("sum", "i", ONE, count, exp(entry, EMPTY), some) == exp(bind("lse", "i", ONE, count, entry, some), some)
    assert bind("lse", "i", const(2), const(2), entry, EMPTY) == elem("f[]", (const(2),))
    assert shape(bind("sum", "i", ONE, count, entry, EMPTY)).count("#") == 2
    with pytest.raises(Refused, match="2 indices"):
        substitute(elem("f[]", (ONE,)), {"f[]": Function(("a", "b"), ONE)}, EMPTY)


def test_equal_means_equal_keys() -> None:
    a = var("a")
    atom = a.terms[0][0][0][0]
    assert a != "a"
    assert atom != "a"
    assert Hyp(a, ">") != "a"
    assert len({a, var("a"), var("a", True)}) == 2
    assert len({atom, var("a").terms[0][0][0][0]}) == 1
    assert a.constant is None
    assert (a + ONE).constant is None
    assert not const(Fraction(1, 2)).integer
    assert (var("n", True) * var("n", True) - ONE).integer


def test_every_binder_is_renamed_where_it_would_capture() -> None:
    """Substituting an index into a body that binds the same height never binds it."""
    inner = bind("sum", "i", ONE, var("n", True), elem("z[]", (var("i", True), var("m", True))), EMPTY)
    outer = bind("sum", "m", ONE, var("n", True), inner, EMPTY)
    free = bind("sum", "m", ONE, var("n", True), substitute(inner, {"m": var("k", True)}, EMPTY), EMPTY)
    assert outer != free
    for rows, table in itertools.product((1, 2, 3), (lambda p, q: p - 2 * q, lambda p, q: p * q)):
        env = {"n": rows, "k": 2, "z[]": table}
        span = range(1, rows + 1)
        assert value(outer, env) == sum(table(p, q) for p in span for q in span)
        assert value(free, env) == rows * sum(table(p, 2) for p in span)
    into = substitute(bind("imax", "i", ONE, var("n", True), elem("f[]", (var("i", True),)) * var("a"), EMPTY), {
        "a": bind("imax", "j", ONE, var("n", True), elem("f[]", (var("j", True),)), EMPTY)}, EMPTY)  # fmt: skip
    assert value(into, {"n": 3, "f[]": lambda q: [0, 1, -2, 3][q]}) == 9
