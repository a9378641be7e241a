"""Every rule: what it proves, what it refuses, and the false statement that each side condition keeps out."""

from __future__ import annotations

import ast
import inspect
import io
import itertools
import tokenize
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from kernel_values import grid, true_at, value

from theory import rules as records
from theory.claim import parts
from theory.registry import claims
from validation.kernel import rules as K  # noqa: N812 - short for the many calls below
from validation.kernel.context import Context, Hyp
from validation.kernel.fact import Fact
from validation.kernel.normal import Function, bind, exp, inv, power, region
from validation.kernel.terms import ONE, ZERO, Atom, Poly, Refused, const, elem, of, var
from validation.methods import elaboration
from validation.methods.derivation import derive, derive_all

ROOT = Path(__file__).parent.parent
KERNEL = sorted((ROOT / "validation" / "kernel").glob("*.py"))
TRUSTED = (*KERNEL, ROOT / "theory" / "atoms.py")
RULES_AND_FACTS = tuple(ROOT / "validation" / "kernel" / name for name in ("rules.py", "fact.py"))
RULES = {name: f for name, f in vars(K).items() if inspect.isfunction(f) and hasattr(f, "__wrapped__")}

EMPTY = Context()
HALF = Fraction(1, 2)
u, v, t = var("u"), var("v"), var("t")
n, m, i, j, k = (var(name, integer=True) for name in "nmijk")
TWO, THREE = const(2), const(3)
FROM_1 = Context([Hyp(n - ONE, ">=")])
FROM_2 = Context([Hyp(n - TWO, ">=")])
BALL = (ONE, const(-3), ONE)  # the interval from -4 to -2


def x(index: Poly) -> Poly:
    return elem("x[]", (index,))


def point(name: str = "p") -> Poly:
    return elem(name, (ONE,))


def family(name: str, index: str = "q", within: tuple[Poly, Poly] | None = None) -> Hyp:
    """The hypothesis that all entries of a family are nonnegative."""
    gap = elem(name, (var(index, integer=True),))
    return Hyp(gap, ">=", (index,), None if within is None else (within,))


def truth(value: int = 1) -> Fact:
    """``value > 0``, for a positive integer."""
    return K.sight(const(value), EMPTY)


def given(gap: Poly, relation: str = ">=") -> Fact:
    """A fact under itself."""
    return K.assume(Hyp(gap, relation), EMPTY)


def between(name: str, lower: Poly, upper: Poly) -> Context:
    return Context(K.spans(name, lower, upper))


# What each rule proves


def positive_uses() -> dict[str, tuple[Fact, Poly, str]]:
    """For each rule a fact, its gap written by hand and its relation."""
    order, cutoff = given(u, ">"), given(v, ">")
    integral = bind("integral", "t", ZERO, v, power(t, u - ONE), EMPTY)
    weighted = bind("integral", "t", ZERO, v, power(t, u - ONE) * exp(-t, EMPTY), EMPTY)
    inside = Context([Hyp(t, ">"), Hyp(v - t, ">"), Hyp(v, ">")])
    small = K.product(K.exp_positive(-t, inside), K.power_positive(t, u - ONE, K.sight(t, inside), inside), inside)
    decay = K.combine([(Fraction(1), K.exp_tangent(t, None, EMPTY)), (Fraction(1), K.sight(t, inside))], inside)
    less = K.product(
        K.product(decay, K.exp_positive(-t, inside), inside),
        K.power_positive(t, u - ONE, K.sight(t, inside), inside),
        inside,
    )
    ctx_n = between("i", ONE, n)
    each = K.assume(family("x[]", within=(ONE, n)), ctx_n, (i,), [(K.sight(i - ONE, ctx_n), K.sight(n - i, ctx_n))])
    first = (K.sight(ZERO, FROM_1), K.sight(n - ONE, FROM_1))
    above_bound = K.assume(
        Hyp(u - x(k), ">", ("k",), ((ONE, n),)),
        ctx_n,
        (i,),
        [(K.sight(i - ONE, ctx_n), K.sight(n - i, ctx_n))],
    )
    grows = Context([Hyp(u, ">=")])
    total = bind("sum", "i", ONE, n, x(i), FROM_1)
    top = bind("imax", "i", ONE, n, x(i), FROM_1)
    pair = elem("z[]", (i, j))
    double = bind("sum", "i", ONE, n, bind("sum", "j", ONE, m, pair, EMPTY), EMPTY)
    exchanged = bind("sum", "j", ONE, m, bind("sum", "i", ONE, n, pair, EMPTY), EMPTY)
    pointed = exp(point(), EMPTY)
    over_point = elem("p", (i,)) * elem("p", (i,))
    return {
        "assume": (each, x(i), ">="),
        "sight": (K.sight(u + ONE, grows), u + ONE, ">"),
        "identity": (K.identity((u + ONE) * (u - ONE), u * u - ONE, EMPTY), ZERO, "=="),
        "combine": (K.combine([(HALF, given(u)), (Fraction(2), given(v, ">"))], EMPTY), u.scaled(HALF) + v + v, ">"),
        "antisymmetry": (K.antisymmetry(given(u - v), given(v - u), EMPTY), u - v, "=="),
        "product": (K.product(given(u, ">"), given(v), EMPTY), u * v, ">="),
        "scale": (K.scale(v, given(u, "=="), EMPTY), u * v, "=="),
        "square": (K.square(u - v, EMPTY), u * u - u * v - u * v + v * v, ">="),
        "exp_positive": (K.exp_positive(u, EMPTY), exp(u, EMPTY), ">"),
        "exp_tangent": (K.exp_tangent(u, given(-u, ">"), EMPTY), exp(u, EMPTY) - ONE - u, ">"),
        "exp_log": (K.exp_log(u, given(u, ">"), EMPTY), exp(of(Atom("log", "", (u,))), EMPTY) - u, "=="),
        "cancel": (K.cancel(u, given(u, ">"), EMPTY), u * inv(u) - ONE, "=="),
        "inverse_positive": (K.inverse_positive(u, given(u, ">"), EMPTY), inv(u), ">"),
        "power_positive": (K.power_positive(u, v, given(u, ">"), EMPTY), power(u, v), ">"),
        "root_square": (K.root_square(u, given(u), EMPTY), power(u, const(HALF)) * power(u, const(HALF)) - u, "=="),
        "root_nonnegative": (K.root_nonnegative(u, given(u), EMPTY), power(u, const(HALF)), ">="),
        "sum_monotone": (K.sum_monotone("i", ONE, n, each, EMPTY), bind("sum", "i", ONE, n, x(i), EMPTY), ">="),
        "sum_member": (K.sum_member("i", ONE, n, each, ONE, *first, FROM_1), total - x(ONE), ">="),
        "sum_exchange": (K.sum_exchange(("i", ONE, n), ("j", ONE, m), pair, EMPTY), double - exchanged, "=="),
        "max_member": (K.max_member("i", ONE, n, x(i), ONE, *first, FROM_1), top - x(ONE), ">="),
        "max_intro": (K.max_intro("i", ONE, n, u, above_bound, FROM_1), u - top, ">"),
        "max_attained": (K.max_attained("i", ONE, n, x(i), "v", u - v, above_bound, FROM_1), u - top, ">"),
        "greatest_member": (K.greatest_member([u, v], 1, EMPTY), of(Atom("max", "", (u, v))) - v, ">="),
        "greatest_intro": (
            K.greatest_intro(t, [given(t - u, ">"), given(t - v, ">")], EMPTY),
            t - of(Atom("max", "", (u, v))),
            ">",
        ),
        "derivative_sign": (
            K.derivative_sign("u", ZERO, u * u, K.identity(ZERO, ZERO, EMPTY), K.sight(u + u, grows), False, EMPTY),
            u * u,
            ">=",
        ),
        "region_monotone": (
            K.region_monotone("p", BALL, K.exp_positive(point(), EMPTY), EMPTY),
            region("p", BALL, pointed),
            ">",
        ),
        "region_sum": (
            K.region_sum("p", BALL, "i", ONE, n, over_point, EMPTY),
            region("p", BALL, bind("sum", "i", ONE, n, over_point, EMPTY))
            - bind("sum", "i", ONE, n, region("p", BALL, over_point), EMPTY),
            "==",
        ),
        "gamma_integral": (
            K.gamma_integral(u, v, order, cutoff, EMPTY),
            of(Atom("gamma", "", (u, v))) - weighted,
            "==",
        ),
        "power_integral": (K.power_integral(u, v, order, cutoff, EMPTY), integral - power(v, u) * inv(u), "=="),
        "power_integrable": (K.power_integrable(u, v, order, cutoff, EMPTY), integral, "finite"),
        "integral_monotone": (
            K.integral_monotone(
                "t", v, small, less, K.power_integrable(u, v, order, cutoff, EMPTY), Context([Hyp(v, ">")])
            ),
            integral - weighted,
            ">=",
        ),
        "instance": (K.instance(given(u), {"u": v * v}, EMPTY, [(K.square(v, EMPTY), ())]), v * v, ">="),
        "exhibit": (
            K.exhibit(truth(), u - TWO, ">=", Context([Hyp(u, ">=")]), {"u": THREE}, EMPTY, []),
            ONE,
            ">=",
        ),
        "conclude": (K.conclude(given(u, ">"), u, ">=", Context([Hyp(u, ">"), Hyp(v, ">")])), u, ">="),
    }


@pytest.fixture(scope="module")
def proved() -> dict[str, tuple[Fact, Poly, str]]:
    return positive_uses()


VALUES = grid(
    u=[-2, -0.5, 0, 0.5, 2.5],
    v=[-1, 0.75, 2.5],
    n=[0, 1, 3],
    i=[0, 2],
    rest=[0, 1, -2.5],
)


def environment(chosen: dict) -> dict:
    offset = chosen.pop("rest")
    entries = {
        "x[]": lambda q: offset + 0.5 * q,
        "z[]": lambda q, r: offset * q - r * r,
        "p": lambda q: offset + q,
        "y[]": lambda q: -offset * q,
    }
    return {**chosen, **entries, "m": 2, "j": 1, "k": 1, "t": 1.5}


def test_each_rule_is_used_below_and_has_a_soundness_argument(proved: dict) -> None:
    assert proved.keys() == RULES.keys()
    assert all(rule.__doc__ for rule in RULES.values())


@pytest.mark.parametrize("name", sorted(RULES))
def test_the_rule_proves_what_it_says(name: str, proved: dict) -> None:
    fact, gap, relation = proved[name]
    assert (fact.gap, fact.relation) == (gap, relation)


@pytest.mark.parametrize("name", sorted(set(RULES) - {"gamma_integral", "power_integral", "integral_monotone"}))
def test_what_the_rule_proves_is_true_in_numbers(name: str, proved: dict) -> None:
    fact = proved[name][0]
    for chosen in VALUES[::2]:
        env = environment(dict(chosen))
        assert true_at(fact, env), env


@pytest.mark.parametrize("name", ["gamma_integral", "power_integral", "integral_monotone"])
def test_integrals_agree_with_the_midpoint_rule(name: str, proved: dict) -> None:
    fact = proved[name][0]
    for order, cutoff in itertools.product([2, 3], [0.5, 2.0]):
        env = {"u": order, "v": cutoff}
        gap = K.instance(fact, {"u": const(order)}, Context([Hyp(v, ">")])).gap
        assert abs(value(gap, env)) < 1e-3 or (name == "integral_monotone" and value(gap, env) > 0)


# The false statements that the side conditions keep out


def off_range() -> Fact:
    hyp = family("x[]", within=(ONE, TWO))
    return K.assume(hyp, EMPTY, (THREE,), [(truth(2), truth())])


def for_one_index() -> Fact:
    return given(x(i))


FALSE: dict[str, tuple[str, Callable[[], Fact], dict]] = {
    "assume": ("x_1, x_2 >= 0 gives x_3 >= 0", off_range, {"x[]": lambda q: 5 - 2 * q}),
    "sight": ("-1 >= 0", lambda: K.sight(const(-1), EMPTY), {}),
    "identity": ("1 = 0", lambda: K.identity(ONE, ZERO, EMPTY), {}),
    "combine": ("-1 > 0", lambda: K.combine([(Fraction(-1), truth())], EMPTY), {}),
    "antisymmetry": ("1 = 0", lambda: K.antisymmetry(truth(), truth(), EMPTY), {}),
    "scale": ("-1 = 0", lambda: K.scale(const(-1), truth(), EMPTY), {}),
    "exp_tangent": ("exp(0) > 1", lambda: K.exp_tangent(ZERO, truth(), EMPTY), {}),
    "exp_log": ("exp(log(-1)) = -1", lambda: K.exp_log(const(-1), truth(), EMPTY), {}),
    "cancel": ("0 * (1/0) = 1", lambda: K.cancel(ZERO, truth(), EMPTY), {}),
    "inverse_positive": ("1/(-1) > 0", lambda: K.inverse_positive(const(-1), truth(), EMPTY), {}),
    "power_positive": ("(-1)**3 > 0", lambda: K.power_positive(const(-1), THREE, truth(), EMPTY), {}),
    "root_square": ("sqrt(-1)**2 = -1", lambda: K.root_square(const(-1), truth(), EMPTY), {}),
    "root_nonnegative": ("sqrt(-1) >= 0", lambda: K.root_nonnegative(const(-1), truth(), EMPTY), {}),
    "sum_monotone": (
        "x_i >= 0 for one i gives sum_i x_i >= 0",
        lambda: K.sum_monotone("i", ONE, n, for_one_index(), EMPTY),
        {"x[]": lambda q: 1 if q == 1 else -5, "i": 1, "n": 2},
    ),
    "sum_member": (
        "the empty sum of ones is at least 1",
        lambda: K.sum_member("i", ONE, n, truth(), n + ONE, truth(), truth(), EMPTY),
        {"n": 0},
    ),
    "sum_exchange": (
        "a triangle is a rectangle",
        lambda: K.sum_exchange(("i", ONE, n), ("j", ONE, i), ONE, EMPTY),
        {"n": 2, "i": 5},
    ),
    "max_member": (
        "n + 1 is at most max(1, ..., n)",
        lambda: K.max_member("i", ONE, n, i, n + ONE, truth(), truth(), FROM_1),
        {"n": 2},
    ),
    "max_intro": (
        "i = max(1, ..., n) for every i",
        lambda: K.max_intro("i", ONE, n, i, K.identity(i, i, EMPTY), FROM_1),
        {"n": 2, "i": 1},
    ),
    "max_attained": (
        "max(1, ..., n) = i for every i",
        lambda: K.max_attained("i", ONE, n, i, "v", v - i, K.identity(i, i, EMPTY), FROM_1),
        {"n": 2, "i": 1},
    ),
    "derivative_sign": (
        "-u >= 0 for u >= 0, with the slope of something else",
        lambda: K.derivative_sign("u", ZERO, -u, K.identity(ZERO, ZERO, EMPTY), truth(), False, EMPTY),
        {"u": 1},
    ),
    "region_monotone": (
        "p >= 0 at one point gives a nonnegative integral of p over [-4, -2]",
        lambda: K.region_monotone("p", BALL, given(point()), EMPTY),
        {"p": lambda _: 1},
    ),
    "region_sum": (
        "balls of radius 1 and of radius i have one volume",
        lambda: K.region_sum("p", (i, ZERO, ONE), "i", ONE, TWO, point() * point(), EMPTY),
        {"i": 1},
    ),
    "gamma_integral": (
        "the incomplete gamma function of a negative cutoff is an integral",
        lambda: K.gamma_integral(ONE, const(-1), truth(), truth(), EMPTY),
        {},
    ),
    "power_integral": (
        "the integral of t**-2 over (0, 1) is -1",
        lambda: K.power_integral(const(-1), ONE, truth(), truth(), EMPTY),
        {},
    ),
    "power_integrable": (
        "the integral of t**-2 over (0, 1) converges",
        lambda: K.power_integrable(const(-1), ONE, truth(), truth(), EMPTY),
        {},
    ),
    "integral_monotone": (
        "t >= 5 at one t gives an integral of t - 5 over (0, 1) that is nonnegative",
        lambda: K.integral_monotone("t", ONE, K.identity(ZERO, ZERO, EMPTY), given(t - const(5)), truth(), EMPTY),
        {"t": 6},
    ),
    "instance": (
        "max(0, 0, -2) >= m(1 - m) for m = 1/2, proved for integers m from 0 to 2",
        lambda: K.instance(quadratic(), {"m": const(HALF)}, EMPTY),
        {},
    ),
    "exhibit": (
        "there is u >= 0 with u = -1",
        lambda: K.exhibit(truth(), u + ONE, "==", Context(), {"u": const(-2)}, EMPTY, []),
        {},
    ),
    "conclude": ("-1 > 0", lambda: K.conclude(truth(), const(-1), ">", EMPTY), {}),
}
# No side condition, or one that only keeps apart what no false statement follows from: a convergence fact among orders
# (its integrand is positive, so reading it as ``>= 0`` would be true), a position that Python's list rejects as well.
HARMLESS = {"square", "exp_positive", "product", "greatest_member", "greatest_intro"}


def quadratic() -> Fact:
    ctx = Context([Hyp(m, ">="), Hyp(TWO - m, ">=")])
    body = i * (ONE - i)
    return K.max_member("i", ZERO, TWO, body, m, K.sight(m, ctx), K.sight(TWO - m, ctx), ctx)


def test_each_rule_is_on_one_of_the_two_lists() -> None:
    assert FALSE.keys() | HARMLESS == RULES.keys()
    assert not FALSE.keys() & HARMLESS


@pytest.mark.parametrize("name", sorted(FALSE))
def test_a_rule_refuses_the_false_statement(name: str) -> None:
    with pytest.raises(Refused):
        FALSE[name][1]()


@pytest.mark.parametrize("name", sorted(FALSE))
def test_without_its_side_conditions_a_rule_proves_something_false(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(K, "_require", lambda *_: None)
    monkeypatch.setattr(K, "_positive", lambda *_: None)
    monkeypatch.setattr(K, "_in_range", lambda *_: None)
    monkeypatch.setattr(K, "_without", lambda fact, _name, allowed, ctx: fact.hyps - set(allowed) | ctx.hyps)
    said, make, env = FALSE[name]
    fact = make()
    assert not true_at(fact, env), f"{said}: {fact}"


# Each side condition by itself: what is dropped, and the false statement that would follow


def refusals() -> dict[str, Callable[[], Fact]]:
    ctx_i, ctx_n = between("i", ONE, n), between("i", ONE, n).extended(Hyp(n - ONE, ">="))
    first = (K.sight(ZERO, FROM_1), K.sight(n - ONE, FROM_1))
    finite = K.power_integrable(ONE, ONE, truth(), truth(), EMPTY)
    slope, zero = K.sight(TWO, EMPTY), K.identity(ZERO, ZERO, EMPTY)
    sharp = K.assume(
        Hyp(x(k), ">", ("k",), ((ONE, n),)), ctx_n, (i,), [(K.sight(i - ONE, ctx_n), K.sight(n - i, ctx_n))]
    )
    indexed, scalar = family("x[]", within=(ONE, n)), Hyp(u, ">=")
    square_of = Hyp(elem("z[]", (i, j)), ">=", ("i", "j"), ((ONE, TWO), (ONE, TWO)))
    corners = [(K.sight(ZERO, EMPTY), truth()), (truth(), K.sight(ZERO, EMPTY))]
    both = K.assume(square_of, EMPTY, (ONE, TWO), corners)
    diagonal = {"z[]": Function(("a", "b"), -((var("a", True) - var("b", True)) * (var("a", True) - var("b", True))))}
    return {
        "assume an entry without an index: x >= 0 of nothing": lambda: K.assume(indexed, EMPTY),
        "assume an entry at 1/2: d_(1/2) >= 1": lambda: K.assume(family("x[]"), EMPTY, (const(HALF),)),
        "assume an entry without a proof of its range: x_7 >= 0": lambda: K.assume(indexed, EMPTY, (const(7),)),
        "an index in another range: x_n >= 0 for n < 1": lambda: K.assume(indexed, EMPTY, (n,), [(truth(), truth())]),
        "sight of an unknown sign: u >= 0": lambda: K.sight(u, EMPTY),
        "sight of a difference: u - v >= 0 for u, v >= 0": lambda: K.sight(u - v, Context([scalar, Hyp(v, ">=")])),
        "sight from an equation: u > 0 from u = 0": lambda: K.sight(u, Context([Hyp(u, "==")])),
        "combine a convergence": lambda: K.combine([(Fraction(1), finite)], EMPTY),
        "combine with a negative coefficient: -u >= 0 for u >= 0": lambda: K.combine([(-HALF, given(u))], EMPTY),
        "antisymmetry of two terms: u - v = 0 for u, v >= 0": lambda: K.antisymmetry(given(u), given(v), EMPTY),
        "antisymmetry of a convergence": lambda: K.antisymmetry(finite, finite, EMPTY),
        "product with a convergence": lambda: K.product(finite, truth(), EMPTY),
        "scale an inequality by -1: -1 >= 0": lambda: K.scale(const(-1), truth(), EMPTY),
        "a strict tangent without a sign: exp(u) > 1 + u at 0": lambda: K.exp_tangent(u, given(u), EMPTY),
        "a strict tangent for another term": lambda: K.exp_tangent(u, truth(), EMPTY),
        "exp(log(u)) = u for u >= 0": lambda: K.exp_log(u, given(u), EMPTY),
        "u * (1/u) = 1 for u >= 0": lambda: K.cancel(u, given(u), EMPTY),
        "1/u > 0 for u >= 0": lambda: K.inverse_positive(u, given(u), EMPTY),
        "u**v > 0 for u >= 0": lambda: K.power_positive(u, v, given(u), EMPTY),
        "sqrt(u)**2 = u for v >= 0": lambda: K.root_square(u, given(v), EMPTY),
        "sqrt(u) >= 0 from a convergence": lambda: K.root_nonnegative(finite.gap, finite, EMPTY),
        "a sum of convergences": lambda: K.sum_monotone("i", ONE, n, finite, EMPTY),
        "a sum up to its own index": lambda: K.sum_monotone("i", ONE, i, truth(), EMPTY),
        "a sum over an index of which the context speaks": lambda: K.sum_monotone("i", ONE, TWO, truth(), ctx_i),
        "a member at 1/2": lambda: K.sum_member("i", ONE, n, truth(), const(HALF), *first, FROM_1),
        "a member of a sum up to its index": lambda: K.sum_member("i", ONE, i, truth(), ONE, *first, FROM_1),
        "a member of a sum of convergences": lambda: K.sum_member("i", ONE, n, finite, ONE, *first, FROM_1),
        "a member beyond the range: n + 1": lambda: K.sum_member("i", ONE, n, truth(), n + ONE, *first, FROM_1),
        "exchange one index with itself": lambda: K.sum_exchange(("i", ONE, n), ("i", ONE, m), i, EMPTY),
        "exchange over a triangle": lambda: K.sum_exchange(("i", ONE, n), ("j", ONE, i), ONE, EMPTY),
        "exchange an index of which the context speaks": lambda: K.sum_exchange(("i", ONE, n), ("j", ONE, m), i, ctx_i),
        "the greatest at 1/2": lambda: K.max_member("i", ONE, n, i, const(HALF), *first, FROM_1),
        "the greatest up to its index": lambda: K.max_member("i", ONE, i, i, ONE, *first, FROM_1),
        "the greatest where the context knows the index": lambda: K.max_member("i", ONE, n, i, ONE, *first, ctx_i),
        "the greatest of nothing is below u: u > max(empty)": lambda: K.max_intro("i", ONE, n, u, sharp, EMPTY),
        "a bound that moves with the index": lambda: K.max_intro("i", ONE, n, i, zero, FROM_1),
        "a convergence for each member": lambda: K.max_intro("i", ONE, n, u, finite, FROM_1),
        "what holds of one member holds of the greatest": lambda: K.max_intro("i", ONE, n, u, given(u - x(i)), FROM_1),
        "attained in nothing": lambda: K.max_attained("i", ONE, n, x(i), "v", v, sharp, EMPTY),
        "attained by a term that moves": lambda: K.max_attained("i", ONE, n, i, "v", v - i, zero, FROM_1),
        "attained by another term": lambda: K.max_attained("i", ONE, n, x(i), "v", -v, sharp, FROM_1),
        "attained by one member only": lambda: K.max_attained("i", ONE, n, x(i), "v", v, given(x(i)), FROM_1),
        "the member before the first": lambda: K.greatest_member([u, v], -1, EMPTY),
        "the greatest of no members": lambda: K.greatest_intro(u, [], EMPTY),
        "the greatest above convergences": lambda: K.greatest_intro(u, [finite], EMPTY),
        "a derivative by an integer": lambda: K.derivative_sign("n", ZERO, n, zero, truth(), False, EMPTY),
        "a start that moves: u >= u + 1": lambda: K.derivative_sign("u", u, u, given(u), truth(), False, EMPTY),
        "a start under a hypothesis on the variable": lambda: K.derivative_sign(
            "u", ZERO, u, K.combine([(Fraction(1), zero), (Fraction(0), given(u))], EMPTY), truth(), False, EMPTY
        ),
        "a term that is negative at the start: u - 1 >= 0": lambda: K.derivative_sign(
            "u", ZERO, u - ONE, zero, truth(), False, EMPTY
        ),
        "the slope of another term: -u >= 0": lambda: K.derivative_sign("u", ZERO, -u, zero, truth(), False, EMPTY),
        "convergences at the start": lambda: K.derivative_sign("u", ZERO, finite.gap, finite, zero, False, EMPTY),
        "strictly from a slope of 0: 0 > 0": lambda: K.derivative_sign("u", ZERO, ZERO, zero, zero, True, EMPTY),
        "a slope that is positive beyond 5 only: u*u - 10*u >= 0 at 6": lambda: K.derivative_sign(
            "u", ZERO, u * u - u.scaled(Fraction(10)), zero, given(u + u - const(10)), False, EMPTY
        ),
        "a slope at one point only": lambda: K.derivative_sign(
            "u", ZERO, u * u - u - u, zero, K.scale(TWO, given(u - ONE, "=="), EMPTY), False, EMPTY
        ),
        "a maximum is not differentiable": lambda: K.derivative_sign(
            "u", ZERO, K.greatest_member([u, v], 0, EMPTY).gap, zero, slope, False, EMPTY
        ),
        "a variable of which the context speaks": lambda: K.derivative_sign(
            "u", ZERO, u + u, zero, slope, False, Context([scalar])
        ),
        "a discontinuous gap over a region": lambda: K.region_monotone(
            "p", BALL, K.inverse_positive(point(), given(point(), ">"), EMPTY), EMPTY
        ),
        "a gap at one point": lambda: K.region_monotone("p", BALL, given(point()), EMPTY),
        "a convergence over a region": lambda: K.region_monotone("p", BALL, finite, EMPTY),
        "a region that moves with the index": lambda: K.region_sum("p", (i, ZERO, ONE), "i", ONE, n, ONE, EMPTY),
        "a discontinuous sum over a region": lambda: K.region_sum("p", BALL, "i", ONE, n, inv(point()), EMPTY),
        "a region where the context knows the index": lambda: K.region_sum("p", BALL, "i", ONE, n, point(), ctx_i),
        "gamma of order 0": lambda: K.gamma_integral(u, v, given(u), given(v, ">"), EMPTY),
        "gamma of cutoff 0": lambda: K.gamma_integral(u, v, given(u, ">"), given(v), EMPTY),
        "the integral of 1/t over (0, v)": lambda: K.power_integral(ZERO, v, truth(), given(v, ">"), EMPTY),
        "the integral of 1 over (0, -1) is -1": lambda: K.power_integral(ONE, const(-1), truth(), truth(), EMPTY),
        "1/t is integrable at 0": lambda: K.power_integrable(ZERO, v, truth(), given(v, ">"), EMPTY),
        "integrable up to a negative cutoff": lambda: K.power_integrable(ONE, const(-1), truth(), truth(), EMPTY),
        "a larger integral that may diverge": lambda: K.integral_monotone("t", ONE, truth(), truth(), truth(), EMPTY),
        "a cutoff that moves": lambda: K.integral_monotone("t", t, truth(), truth(), finite, EMPTY),
        "an integer variable of integration": lambda: K.integral_monotone("n", ONE, given(n), truth(), finite, EMPTY),
        "an integrand bounded at one point": lambda: K.integral_monotone("t", ONE, given(t), truth(), finite, EMPTY),
        "an integrand bounded by a convergence": lambda: K.integral_monotone("t", ONE, finite, truth(), finite, EMPTY),
        "an integer becomes 1/2": lambda: K.instance(quadratic(), {"m": const(HALF)}, EMPTY),
        "an integer family becomes a number": lambda: K.instance(
            K.sight(ONE, Context([Hyp(elem("d[]", (ONE,), True), ">=")])), {"d[]": const(HALF)}, EMPTY
        ),
        "a family of the wrong arity": lambda: K.instance(given(x(ONE)), {"x[]": Function(("a", "b"), ONE)}, EMPTY),
        "a hypothesis is dropped: -1 >= 0": lambda: K.instance(given(u), {"u": const(-1)}, EMPTY),
        "a strict hypothesis from a weak fact: 0 > 0": lambda: K.instance(
            given(u, ">"), {"u": ZERO}, EMPTY, [(K.identity(ZERO, ZERO, EMPTY), ())]
        ),
        "an equation from an inequality": lambda: K.instance(given(u, "=="), {"u": ONE}, EMPTY, [(truth(), ())]),
        "every pair from the diagonal: -(1 - 2)**2 >= 0": lambda: K.instance(
            both, diagonal, EMPTY, [(zero, ("i", "i"))]
        ),
        "every index from one that the statement names": lambda: K.instance(
            K.assume(Hyp(x(i) - m, ">=", ("i",), ((ONE, TWO),)), EMPTY, (ONE,), [(K.sight(ZERO, EMPTY), truth())]),
            {"x[]": Function(("a",), var("a", True)), "m": j},
            EMPTY,
            [(zero, ("j",))],
        ),
        "every index from a hypothesis on one": lambda: K.instance(
            K.assume(indexed, EMPTY, (i,), [(given(i - ONE), given(n - i))]), {"n": m}, EMPTY, [(given(x(k)), ("k",))]
        ),
        "a value that names a bound variable": lambda: K.instance(given(u), {"u": var("#0")}, EMPTY, [(truth(), ())]),
        "a witness that is not allowed: u >= 0, u = -1": lambda: K.exhibit(
            zero, u + ONE, "==", Context([scalar]), {"u": const(-1)}, EMPTY, []
        ),
        "a witness under a hypothesis of its own": lambda: K.exhibit(
            zero, u - v, "==", Context([scalar]), {"u": v}, EMPTY, [(given(v), ())]
        ),
        "conclude > from >=": lambda: K.conclude(given(u), u, ">", Context([scalar])),
        "conclude about another gap": lambda: K.conclude(truth(), u, ">", EMPTY),
        "conclude minus an inequality: -1 > 0": lambda: K.conclude(truth(), const(-1), ">", EMPTY),
        "conclude and forget a hypothesis: u >= 0": lambda: K.conclude(given(u), u, ">=", EMPTY),
    }


REFUSALS = refusals()


@pytest.mark.parametrize("name", REFUSALS)
def test_the_kernel_refuses(name: str) -> None:
    with pytest.raises(Refused):
        REFUSALS[name]()


@pytest.mark.parametrize(
    ("make", "strict", "weak"),
    [
        (lambda ctx: K.sum_monotone("i", ONE, n, truth(), ctx), FROM_1, EMPTY),
        (
            lambda ctx: K.sum_member("i", ONE, n, truth(), ONE, K.sight(ZERO, FROM_1), K.sight(n - ONE, FROM_1), ctx),
            FROM_2,
            FROM_1,
        ),
        (lambda ctx: K.region_monotone("p", (u, ZERO, ONE), truth(), ctx), Context([Hyp(u, ">")]), EMPTY),
    ],
    ids=["an empty sum is 0", "one term is the whole sum", "a ball of radius 0 has no volume"],
)
def test_strictness_needs_something_to_be_strict_about(make: Callable, strict: Context, weak: Context) -> None:
    assert make(strict).relation == ">"
    assert make(weak).relation == ">="


def test_relations_of_combinations() -> None:
    weak, sharp, equal = given(u), given(v, ">"), given(t, "==")
    one, none = Fraction(1), Fraction(0)
    assert K.combine([(one, weak), (none, sharp)], EMPTY).relation == ">="
    assert K.combine([(one, weak), (one, sharp)], EMPTY).relation == ">"
    assert K.combine([(-one, equal)], EMPTY).relation == "=="
    assert K.combine([], EMPTY).relation == "=="
    assert K.product(equal, sharp, EMPTY).relation == "=="
    assert K.product(sharp, sharp, EMPTY).relation == ">"
    assert K.greatest_intro(t, [weak, sharp], EMPTY).relation == ">="
    assert K.exp_tangent(u, None, EMPTY).relation == ">="
    assert K.conclude(given(u, "=="), -u, "==", Context([Hyp(u, "==")])).gap == -u


def test_a_derivative_may_use_how_far_the_variable_goes() -> None:
    upto = Context([Hyp(ONE - u, ">=")])
    slope = K.combine([(Fraction(2), K.sight(ONE - u, upto))], upto)
    fact = K.derivative_sign("u", ZERO, u + u - u * u, K.identity(ZERO, ZERO, EMPTY), slope, False, EMPTY)
    assert K.instance(fact, {"u": ONE}, EMPTY).gap == ONE
    with pytest.raises(Refused):
        K.instance(fact, {"u": THREE}, EMPTY)


def test_a_strict_derivative_holds_beyond_the_start() -> None:
    fact = K.derivative_sign("u", ZERO, u, K.identity(ZERO, ZERO, EMPTY), truth(), True, EMPTY)
    assert fact.relation == ">"
    assert fact.hyps == {Hyp(u, ">")}
    with pytest.raises(Refused):
        K.instance(fact, {"u": ZERO}, EMPTY)


def test_hypotheses_are_discharged_by_the_context_by_sight_and_by_facts() -> None:
    indexed, entry, equal = family("x[]", within=(ONE, n)), family("y[]"), Hyp(u - v, "==")
    fact = K.combine(
        [
            (Fraction(1), K.assume(indexed, EMPTY, (i,), [(given(i - ONE), given(n - i))])),
            (Fraction(1), K.assume(entry, EMPTY, (j,))),
            (Fraction(1), K.assume(equal, EMPTY)),
        ],
        EMPTY,
    )
    ctx = between("i", ONE, n).extended(indexed)
    assert K.instance(fact, {"y[]": Function(("a",), ONE), "u": v}, ctx).hyps == ctx.hyps
    square = Function(("a",), x(var("a", True)) * x(var("a", True)) - x(var("a", True)) - x(var("a", True)) + ONE)
    shown = [(K.square(x(k) - ONE, EMPTY), ("k",)), (given(v - u, "=="), ())]
    local = between("i", ONE, n)
    found = K.instance(fact, {"y[]": square, "x[]": square}, local, shown)
    assert found.hyps == local.hyps | {Hyp(v - u, "==")}


# The kernel as a whole


def code_lines(path: Path) -> int:
    """Lines with code: no docstrings, no comments, no blank lines."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            skipped |= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    ignored = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    code: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in ignored:
            code |= set(range(token.start[0], token.end[0] + 1))
    return len(code - skipped)


def test_the_trusted_base_stays_small_enough_to_read() -> None:
    assert sum(map(code_lines, RULES_AND_FACTS)) <= 400
    assert sum(map(code_lines, TRUSTED)) <= TRUSTED_LINES


TRUSTED_LINES = 1160


def test_a_rule_knows_no_energy_and_simplifies_nothing() -> None:
    forbidden = {"simplify", "limit", "equals", "Float", "evalf", "nsimplify", "doit", "is_positive", "is_nonnegative"}
    for path in KERNEL:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        found = names & forbidden
        assert not found or (path.name == "statement.py" and found == {"is_positive"}), path
        imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert imported <= {
            "__future__", "collections.abc", "dataclasses", "fractions", "functools", "math", "typing",
            *(f"validation.kernel.{module.stem}" for module in KERNEL), "theory.atoms", "theory.claim", "theory.domain",
        }  # fmt: skip


def makers(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Fact":
            yield "Fact("
        if isinstance(node, (ast.Name, ast.alias)) and getattr(node, "id", getattr(node, "name", "")) == "_TOKEN":
            yield "_TOKEN"
        if isinstance(node, ast.Attribute) and node.attr in ("_TOKEN", "__setattr__", "__new__"):
            yield node.attr


def test_only_the_rules_make_facts_and_nobody_goes_round_the_lock() -> None:
    allowed = {"rules.py": {"Fact(", "_TOKEN"}, "fact.py": {"_TOKEN", "__setattr__"}, "terms.py": {"__setattr__"}}
    for package in ("theory", "numerics", "validation", "docs"):
        for path in (ROOT / package).rglob("*.py"):
            found = set(makers(ast.parse(path.read_text(encoding="utf-8"))))
            if path.parent.name == "kernel":
                assert found <= allowed.get(path.name, set()), path
            else:
                assert not found & {"Fact(", "_TOKEN"}, path


def test_each_function_that_makes_facts_checks_its_arguments() -> None:
    tree = ast.parse((ROOT / "validation" / "kernel" / "rules.py").read_text(encoding="utf-8"))
    public = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and ast.unparse(node.returns or node) == "Fact" and node.name != "_fact"
    }
    assert public == RULES.keys()


# Deleting any rule breaks a named proof

RECORDS = [r for r in vars(records).values() if inspect.isclass(r) and issubclass(r, records.Justification)][1:]
UNUSED = {records.ExpLog}  # SymPy rewrites exp(log(u)) to u before any rule is asked


@pytest.fixture(scope="module")
def derivations() -> dict:
    return derive_all(claims())


def users(record: type) -> list:
    return [c for c in claims() if any(type(part) is record for part in parts(c.steps + c.guards))]


def test_every_rule_but_one_has_a_use() -> None:
    assert {record for record in RECORDS if not users(record)} == UNUSED


@pytest.mark.parametrize("record", [r for r in RECORDS if r not in UNUSED], ids=lambda r: r.__name__)
def test_deleting_a_rule_breaks_a_named_proof(record: type, derivations: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    theorems = {name: d.fact for name, d in derivations.items() if d.fact is not None}
    proofs = [claim for claim in users(record) if claim.id in theorems]
    assert proofs, f"no proof uses {record.__name__}"
    if record is records.Generic:
        monkeypatch.setattr(elaboration.Prover, "generic", lambda *_: (K.identity(ZERO, ZERO, EMPTY), ()))
    else:
        monkeypatch.delitem(elaboration.RULES, record)
    claim = min(proofs, key=lambda c: len(list(parts(c.steps))))
    assert derive(claim, theorems).fact is None, claim.id


def test_every_claim_with_steps_is_proved(derivations: dict) -> None:
    failed = {name: d.problem for name, d in derivations.items() if d.fact is None and d.claim.steps}
    assert not failed
