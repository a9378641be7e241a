"""Every rule: the false statements that its side conditions keep out."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from kernel_facts import (
    BALL,
    BALLS,
    EMPTY,
    FROM_1,
    HALF,
    ROWS,
    RULES,
    THREE,
    TWO,
    apart_from_1,
    between,
    family,
    given,
    granted,
    i,
    j,
    k,
    m,
    n,
    point,
    truth,
    u,
    v,
    x,
)
from kernel_values import true_at

from validation.kernel import analysis, instances, premises
from validation.kernel import rules as K  # noqa: N812 - short for the many calls below
from validation.kernel.context import Context, Hyp
from validation.kernel.fact import Fact
from validation.kernel.normal import Function
from validation.kernel.terms import ONE, ZERO, Refused, const, elem, var

MODULES = (K, analysis, instances)
s = var("s")


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
    "cancel": ("0 * (1/0) = 1", lambda: K.cancel(K.sight(ZERO, EMPTY), EMPTY), {}),
    "inverse_positive": ("1/0 > 0", lambda: K.inverse_positive(K.sight(ZERO, EMPTY), EMPTY), {}),
    "integer_cases": (
        "u (u - 1) >= 0 for every real u",
        lambda: apart_from_1(u),
        {"u": 0.5},
    ),
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
    "polar_coordinates": (
        "a moment up to 0 is the integral over a ball of radius 0",
        lambda: K.polar_coordinates("t", ONE, ONE, K.sight(ZERO, EMPTY), EMPTY),
        {},
    ),
    "disjoint_balls": (
        "two intervals that meet have the length of both",
        lambda: K.disjoint_balls("p", BALLS, ROWS, "t", ONE, ONE, truth(), K.identity(ONE, ONE, EMPTY), EMPTY),
        {"u": 1, "x[]": lambda q: q},
    ),
    "stirling": (
        "log Gamma lies 5/x above Stirling's formula",
        lambda: K.stirling("t", Fraction(5), 1, truth(), EMPTY),
        {"t": 1},
    ),
    "instance": (
        "max(0, 0, -2) >= m(1 - m) for m = 1/2, proved for integers m from 0 to 2",
        lambda: K.instance(quadratic(), {"m": const(HALF)}, EMPTY),
        {},
    ),
    "conclude": ("-1 > 0", lambda: K.conclude(truth(), const(-1), ">", EMPTY), {}),
}
# No side condition beyond the shape of the premises, or one that Python's lists and sums check as well.
HARMLESS = {
    "square", "exp_positive", "product", "greatest_member", "greatest_intro", "circle_constant", "rounded_up",
    "root_square", "root_floor", "root_ceiling",
}  # fmt: skip


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
    for module in (*MODULES, premises):
        monkeypatch.setattr(module, "_require", lambda *_: None)
    said, make, env = FALSE[name]
    fact = make()
    assert not true_at(fact, env), f"{said}: {fact}"


# Each side condition by itself: what is dropped, and the false statement that would follow


def refusals() -> dict[str, Callable[[], Fact]]:
    ctx_i, ctx_n = between("i", ONE, n), between("i", ONE, n).extended(Hyp(n - ONE, ">="))
    first = (K.sight(ZERO, FROM_1), K.sight(n - ONE, FROM_1))
    zero = K.identity(ZERO, ZERO, EMPTY)
    sharp = K.assume(
        Hyp(x(k), ">", ("k",), ((ONE, n),)), ctx_n, (i,), [(K.sight(i - ONE, ctx_n), K.sight(n - i, ctx_n))]
    )
    indexed, scalar = family("x[]", within=(ONE, n)), Hyp(u, ">=")
    half, pairs, middle = const(HALF), family("x[]", within=(ONE, TWO)), (K.sight(const(HALF), EMPTY),) * 2
    square_of = Hyp(elem("z[]", (i, j)), ">=", ("i", "j"), ((ONE, TWO), (ONE, TWO)))
    corners = [(K.sight(ZERO, EMPTY), truth()), (truth(), K.sight(ZERO, EMPTY))]
    both = K.assume(square_of, EMPTY, (ONE, TWO), corners)
    diagonal = {"z[]": Function(("a", "b"), -((var("a", True) - var("b", True)) * (var("a", True) - var("b", True))))}
    return {
        "assume an entry without an index: x >= 0 of nothing": lambda: K.assume(indexed, EMPTY),
        "assume an entry at 1/2: d_(1/2) >= 1": lambda: K.assume(family("x[]"), EMPTY, (const(HALF),)),
        "assume an entry without a proof of its range: x_7 >= 0": lambda: K.assume(indexed, EMPTY, (const(7),)),
        "an index in another range: x_n >= 0 for n < 1": lambda: K.assume(indexed, EMPTY, (n,), [(truth(), truth())]),
        "assume an entry of all without an index": lambda: K.assume(family("x[]"), EMPTY),
        "assume what holds of integers at 1/2": lambda: K.assume(Hyp(i * i - i, ">=", ("i",)), EMPTY, (half,)),
        "an index below its range: x_0 >= 0": lambda: K.assume(pairs, EMPTY, (ZERO,), [(truth(), truth(2))]),
        "an index above its range: x_3 >= 0": lambda: K.assume(pairs, EMPTY, (THREE,), [(truth(2), truth())]),
        "the greatest of i (1 - i), at 1/2": lambda: K.max_member("i", ZERO, ONE, i - i * i, half, *middle, EMPTY),
        "a term of 0 + 0, at 1/2": lambda: K.sum_member("i", ZERO, ONE, granted(i - i * i), half, *middle, EMPTY),
        "a range that moves with what replaces its end": lambda: K.instance(
            K.assume(indexed, FROM_1, (n,), [(K.sight(n - ONE, FROM_1), K.sight(ZERO, FROM_1))]),
            {"n": const(5)},
            Context([indexed]),
        ),
        "sight of an unknown sign: u >= 0": lambda: K.sight(u, EMPTY),
        "sight of a difference: u - v >= 0 for u, v >= 0": lambda: K.sight(u - v, Context([scalar, Hyp(v, ">=")])),
        "sight from an equation: u > 0 from u = 0": lambda: K.sight(u, Context([Hyp(u, "==")])),
        "combine with a negative coefficient: -u >= 0 for u >= 0": lambda: K.combine([(-HALF, given(u))], EMPTY),
        "antisymmetry of two terms: u - v = 0 for u, v >= 0": lambda: K.antisymmetry(given(u), given(v), EMPTY),
        "scale an inequality by -1: -1 >= 0": lambda: K.scale(const(-1), truth(), EMPTY),
        "a strict tangent without a sign: exp(u) > 1 + u at 0": lambda: K.exp_tangent(u, given(u), EMPTY),
        "a strict tangent for another term": lambda: K.exp_tangent(u, truth(), EMPTY),
        "u * (1/u) = 1 for u >= 0": lambda: K.cancel(given(u), EMPTY),
        "1/u > 0 for u >= 0": lambda: K.inverse_positive(given(u), EMPTY),
        "a sum up to its own index": lambda: K.sum_monotone("i", ONE, i, truth(), EMPTY),
        "a sum over an index of which the context speaks": lambda: K.sum_monotone("i", ONE, TWO, truth(), ctx_i),
        "a member at 1/2": lambda: K.sum_member("i", ONE, n, truth(), const(HALF), *first, FROM_1),
        "a member of a sum up to its index": lambda: K.sum_member("i", ONE, i, truth(), ONE, *first, FROM_1),
        "a member beyond the range: n + 1": lambda: K.sum_member("i", ONE, n, truth(), n + ONE, *first, FROM_1),
        "exchange one index with itself": lambda: K.sum_exchange(("i", ONE, n), ("i", ONE, m), i, EMPTY),
        "exchange over a triangle": lambda: K.sum_exchange(("i", ONE, n), ("j", ONE, i), ONE, EMPTY),
        "exchange an index of which the context speaks": lambda: K.sum_exchange(("i", ONE, n), ("j", ONE, m), i, ctx_i),
        "the greatest at 1/2": lambda: K.max_member("i", ONE, n, i, const(HALF), *first, FROM_1),
        "the greatest up to its index": lambda: K.max_member("i", ONE, i, i, ONE, *first, FROM_1),
        "the greatest where the context knows the index": lambda: K.max_member("i", ONE, n, i, ONE, *first, ctx_i),
        "the greatest of nothing is below u: u > max(empty)": lambda: K.max_intro("i", ONE, n, u, sharp, EMPTY),
        "a bound that moves with the index": lambda: K.max_intro("i", ONE, n, i, zero, FROM_1),
        "what holds of one member holds of the greatest": lambda: K.max_intro("i", ONE, n, u, given(u - x(i)), FROM_1),
        "attained in nothing": lambda: K.max_attained("i", ONE, n, x(i), "v", v, sharp, EMPTY),
        "attained by a term that moves": lambda: K.max_attained("i", ONE, n, i, "v", v - i, zero, FROM_1),
        "attained by another term": lambda: K.max_attained("i", ONE, n, x(i), "v", -v, sharp, FROM_1),
        "attained by one member only": lambda: K.max_attained("i", ONE, n, x(i), "v", v, given(x(i)), FROM_1),
        "the member before the first": lambda: K.greatest_member([u, v], -1, EMPTY),
        "the greatest of no members": lambda: K.greatest_intro(u, [], EMPTY),
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
            K.assume(family("x[]", within=(ONE, TWO)), EMPTY, (ONE,), [(K.sight(ZERO, EMPTY), truth())]),
            {},
            EMPTY,
            [(given(x(k)), ("k",))],
        ),
        "a value that names a bound variable": lambda: K.instance(given(u), {"u": var("#0")}, EMPTY, [(truth(), ())]),
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
