"""Normal forms: derivatives, signs at sight, limits at 0, and the laws that builders obey."""

from __future__ import annotations

import itertools
import math
import random
from fractions import Fraction

import pytest
from kernel_values import satisfied, value

from validation.kernel.calculus import differentiate, tame, vanishes_at_zero
from validation.kernel.context import Context, Hyp
from validation.kernel.normal import (
    Function,
    bind,
    ceil,
    exp,
    gamma,
    inv,
    log,
    maximum,
    power,
    region,
    root,
    settled,
    shape,
    substitute,
)
from validation.kernel.terms import ONE, ZERO, Atom, Poly, Refused, const, elem, of, var

EMPTY = Context()


@pytest.mark.parametrize(
    "term",
    [
        maximum([var("u"), -var("u")]),
        power(var("u"), const(Fraction(1, 2)), EMPTY),
        power(var("u"), var("w"), EMPTY),
        gamma(var("u"), EMPTY),
        ceil(var("u")),
        bind("moment", "t", ONE, var("u"), ONE, EMPTY),
        bind("moment", "t", var("u"), ONE, ONE, EMPTY),
        bind("moment", "t", ONE, ONE, var("u"), EMPTY),
        bind("radial", "t", ONE, var("u"), ONE, EMPTY),
        var("u", True),
        bind("imax", "i", ONE, var("n", True), var("u") * var("i", True), EMPTY),
        log(var("u"), EMPTY),
        inv(var("u")),
        region("p", (var("u"), ZERO, ONE), elem("p", (ONE,))),
    ],
    ids=[
        "max",
        "root",
        "power",
        "gamma",
        "ceil",
        "cutoff",
        "order",
        "integrand",
        "radius",
        "integer",
        "imax",
        "log",
        "inv",
        "region",
    ],
)
def test_no_derivative_where_none_is_plain_to_see(term: Poly) -> None:
    with pytest.raises(Refused, match="differentiable"):
        differentiate(term, "u", EMPTY)


def test_no_derivative_of_a_moment_that_may_diverge_or_of_a_sum_whose_end_moves() -> None:
    ctx = Context([Hyp(var("u"), ">")])
    one = bind("moment", "t", ONE, var("u"), ONE, ctx)
    assert differentiate(one, "u", ctx) == ONE
    for term in (
        bind("moment", "t", var("a"), var("u"), ONE, ctx),
        bind("moment", "t", ONE, var("u") - ONE, ONE, ctx),
        bind("moment", "t", ONE, var("u"), inv(var("t")), ctx),
        bind("moment", "t", ONE, var("u"), maximum([var("t"), ONE]), ctx),
        bind("sum", "i", ONE, ceil(var("u")), elem("f[]", (var("i", True),)), ctx),
        elem("f[]", (ceil(var("u")),)),
    ):
        with pytest.raises(Refused, match="differentiable"):
            differentiate(term, "u", ctx)


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
            lambda: power(left, rng.choice((const(Fraction(1, 2)), b, const(3), const(13))), EMPTY),
            lambda: gamma(left, EMPTY),
            lambda: ceil(left),
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
    half = const(Fraction(1, 2))
    for term, sign in (
        (ZERO, 0), (ONE, 1), (-ONE, None), (a, 1), (b, 0), (a * b, 0), (a + b, 1), (a - b, None), (entry, 1),
        (entry - ONE, 0), (entry - const(2), None), (inv(a), 1), (inv(b), 0), (power(a, half, EMPTY), 1),
        (power(b, half, EMPTY), None), (power(a, b, ctx), 1), (gamma(a, ctx), 1), (gamma(b, ctx), None),
        (ceil(a), 1), (ceil(b), 0), (ceil(a - b), None),
        (var("z") * var("z"), 0), (var("z") * var("z") * var("z"), None), (ball, 1), (of(Atom("const", "pi")), 1),
        (region("p", (b, ZERO, ONE), exp(point_, EMPTY)), None), (region("p", (a, ZERO, ONE), point_), None),
        (region("p", (a, ZERO, ONE), inv(point_)), None), (log(a, EMPTY), None),
        (region("p", (a, ZERO, ONE), ONE + inv(point_ * point_)), None),
        (region("p", (a, ZERO, ONE), power(point_, const(Fraction(-1, 2)), EMPTY)), None),
    ):  # fmt: skip
        assert ctx.sign(term) == sign, term.key
    assert ctx.nonempty(ONE, const(3))
    assert not ctx.nonempty(ONE, var("n", True))
    assert not ctx.nonempty(b - b, b)
    assert not ctx.nonempty(half, ONE)


# Limits at 0, and what may be integrated


def random_function(rng: random.Random, depth: int) -> Poly:
    """A function of s > 0 with a parameter a > 0, wild or tame."""
    s_, a = var("s"), var("a")
    beyond = Context([Hyp(s_, ">"), Hyp(a, ">")])
    if depth == 0:
        return rng.choice((s_, s_, a, ONE, const(Fraction(-1, 2)), inv(s_), log(s_, beyond), log(a, beyond)))
    left, right = random_function(rng, depth - 1), random_function(rng, depth - 1)
    return rng.choice(
        (
            lambda: left + right,
            lambda: left * right,
            lambda: left - right,
            lambda: exp(left, beyond),
            lambda: exp(left, EMPTY),
            lambda: exp(a * log(s_, beyond) + left, beyond),
            lambda: bind("moment", "r", a, s_ * s_, exp(-var("r") * a, EMPTY), EMPTY) * left,
            lambda: bind("moment", "r", ONE, s_, ONE, EMPTY) - left,
            lambda: power(s_, right, beyond),
        )
    )()


def test_what_is_seen_to_tend_to_0_does_and_what_is_tame_is_bounded() -> None:
    rng, beyond = random.Random(11), Context([Hyp(var("s"), ">"), Hyp(var("a"), ">")])
    held = Context([Hyp(var("a"), ">")])
    limits = bounded = 0
    for _ in range(2500):
        term = random_function(rng, 2)
        if vanishes_at_zero(term, "s", beyond):
            limits += bool(term.terms)
            for a in (0.25, 2.0):
                near, far = (abs(value(term, {"s": at, "a": a})) for at in (1e-60, 1e-3))
                assert near <= max(1e-9, 0.9 * far), term.key
        if tame(term, "s", held):
            bounded += "s" in term.free
            for a in (0.25, 2.0):
                assert max(abs(value(term, {"s": 10.0**-k, "a": a})) for k in range(0, 80, 8)) < 1e6, term.key
    assert limits > 100
    assert bounded > 200


def test_a_limit_needs_the_logarithm_of_what_is_positive() -> None:
    """The logarithm of -s has no value: its exponential need not tend to 0."""
    beyond = Context([Hyp(var("s"), ">")])
    assert vanishes_at_zero(exp(log(var("s"), EMPTY), EMPTY), "s", beyond)
    assert not vanishes_at_zero(exp(log(-var("s"), EMPTY), EMPTY), "s", beyond)
    assert vanishes_at_zero(var("s") * var("a"), "s", beyond)
    positive, s_ = Context([Hyp(var("s"), ">"), Hyp(var("a"), ">")]), var("s")
    square = log(s_, beyond) * log(s_, beyond)  # this and the next are beyond all bounds
    squared = log(s_, beyond) * log(s_ + s_ * s_, beyond)
    for other in (ONE, var("a"), var("s", True), *(exp(u, EMPTY) for u in (s_, var("a"), squared, square))):
        assert not vanishes_at_zero(other, "s", positive)


def test_an_integrand_is_continuous() -> None:
    """The integral up to c of ``exp(-ceil(s))`` is no differentiable function of c."""
    s_ = var("s")
    assert tame(exp(-s_ * s_, EMPTY), "s", EMPTY)
    for jumping in (ceil(s_), maximum([s_, ONE]), log(s_, EMPTY), bind("lse", "i", ONE, var("n", True), s_, EMPTY)):
        assert not tame(exp(-jumping, EMPTY), "s", EMPTY)


def test_a_moment_tends_to_0_where_its_order_and_its_integrand_stay() -> None:
    s_, a = var("s"), var("a")
    beyond = Context([Hyp(s_, ">"), Hyp(a, ">")])
    assert vanishes_at_zero(bind("moment", "r", a, s_, ONE, EMPTY), "s", beyond)
    for term in (
        bind("moment", "r", s_, s_, ONE, EMPTY),  # s**s / s
        bind("moment", "r", ONE, s_, inv(s_), EMPTY),  # 1
        bind("moment", "r", ONE, s_, inv(var("r")), EMPTY),
        bind("moment", "r", a - ONE, s_, ONE, EMPTY),
        bind("moment", "r", a, -s_, ONE, EMPTY),
        bind("radial", "r", ONE, s_, ONE, EMPTY),
        elem("s", (ONE,)),
    ):
        assert not vanishes_at_zero(term, "s", beyond)


def test_the_derivative_of_a_moment_is_its_density() -> None:
    ctx = Context([Hyp(var("u"), ">"), Hyp(var("a"), ">")])
    moment = bind("moment", "r", var("a"), var("u") * var("u"), exp(-var("r"), EMPTY), EMPTY)
    slope = differentiate(moment, "u", ctx)
    for a, u in itertools.product((0.5, 1.0, 3.0), (0.5, 1.25)):
        ahead, behind = (value(moment, {"u": u + h, "a": a}) for h in (1e-4, -1e-4))
        assert math.isclose(value(slope, {"u": u, "a": a}), (ahead - behind) / 2e-4, rel_tol=1e-2)


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
    assert power(a, const(-2), EMPTY) == inv(a) * inv(a)
    assert power(a, const(13), EMPTY) == of(Atom("pow", "", (a, const(13))))
    assert power(a, const(Fraction(3, 2)), positive_a) == a * root(a, positive_a)
    assert power(a, const(Fraction(-1, 2)), positive_a) == inv(a) * root(a, positive_a)
    assert root(a, positive_a) * root(a, positive_a) != a
    assert settled(root(a, positive_a) * root(a, positive_a), positive_a) == a
    assert settled(a * inv(a) * b, positive_a) == b
    assert settled(b * inv(b), positive_a) != ONE
    assert log(const(Fraction(2, 3)), EMPTY) == log(const(2), EMPTY) - log(const(3), EMPTY)
    assert log(const(-2), EMPTY) == of(Atom("log", "", (const(-2),)))
    assert gamma(const(4), EMPTY) == const(6)
    assert gamma(ZERO, EMPTY) == of(Atom("gamma", "", (ZERO,)))
    assert gamma(a + const(2), positive_a) == (a + ONE) * a * gamma(a, EMPTY)
    assert gamma(a + const(2), EMPTY) == of(Atom("gamma", "", (a + const(2),)))
    assert gamma(a + const(13), positive_a) == of(Atom("gamma", "", (a + const(13),)))
    assert ceil(count - const(2)) == count - const(2)
    assert ceil(a).integer
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
