"""Every rule: what it proves, and the named proof that needs it."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from fractions import Fraction

import pytest
from kernel_facts import (
    BALL,
    BALLS,
    EMPTY,
    FROM_1,
    FROM_2,
    HALF,
    PI,
    ROWS,
    RULES,
    THREE,
    TWO,
    apart,
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
    remainder,
    sphere,
    t,
    truth,
    u,
    v,
    x,
)
from kernel_values import grid, true_at, value

from theory import rules as records
from theory.claim import parts
from theory.registry import claims
from validation.kernel import rules as K  # noqa: N812 - short for the many calls below
from validation.kernel.context import Context, Hyp
from validation.kernel.fact import Fact
from validation.kernel.normal import Function, bind, exp, inv, region, root
from validation.kernel.terms import ONE, ZERO, Atom, Poly, Refused, const, elem, of, var
from validation.methods import elaboration
from validation.methods.derivation import derive, derive_all

# What each rule proves


def positive_uses() -> dict[str, tuple[Fact, Poly, str]]:
    """For each rule a fact, its gap written by hand and its relation."""
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
    weight = exp(-t, EMPTY)
    return {
        "assume": (each, x(i), ">="),
        "sight": (K.sight(u + ONE, grows), u + ONE, ">"),
        "identity": (K.identity((u + ONE) * (u - ONE), u * u - ONE, EMPTY), ZERO, "=="),
        "combine": (K.combine([(HALF, given(u)), (Fraction(2), given(v, ">"))], EMPTY), u.scaled(HALF) + v + v, ">"),
        "antisymmetry": (K.antisymmetry(given(u - v), given(v - u), EMPTY), u - v, "=="),
        "product": (K.product(given(u, ">"), given(v), EMPTY), u * v, ">="),
        "scale": (K.scale(v, given(u, "=="), EMPTY), u * v, "=="),
        "square": (K.square(u - v, EMPTY), u * u - u * v - u * v + v * v, ">="),
        "circle_constant": (K.circle_constant(True, EMPTY), PI - THREE, ">"),
        "rounded_up": (K.rounded_up(u, EMPTY), of(Atom("ceil", "", (u,), integer=True)) - u, ">="),
        "exp_positive": (K.exp_positive(u, EMPTY), exp(u, EMPTY), ">"),
        "exp_tangent": (K.exp_tangent(u, given(-u, ">"), EMPTY), exp(u, EMPTY) - ONE - u, ">"),
        "cancel": (K.cancel(given(u - v, ">"), EMPTY), (u - v) * inv(u - v) - ONE, "=="),
        "inverse_positive": (K.inverse_positive(given(u, ">"), EMPTY), inv(u), ">"),
        "root_square": (K.root_square(given(u), EMPTY), root(u, EMPTY) * root(u, EMPTY) - u, "=="),
        "root_floor": (K.root_floor(v, given(u - v * v, ">"), EMPTY), root(u, EMPTY) - v, ">"),
        "root_ceiling": (K.root_ceiling(given(v), given(v * v - u), EMPTY), v - root(u, EMPTY), ">="),
        "integer_cases": (apart_from_1(n), n * n - n, ">="),
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
        "polar_coordinates": (
            K.polar_coordinates("t", n, weight, given(u, ">"), FROM_1),
            bind("radial", "t", n, u, weight, EMPTY) - sphere(n) * bind("moment", "t", n, u, weight, EMPTY),
            "==",
        ),
        "disjoint_balls": (
            K.disjoint_balls("p", BALLS, ROWS, "t", ONE, ONE, apart(), K.identity(ONE, ONE, EMPTY), EMPTY),
            region("p", BALLS, ONE) - bind("radial", "t", ONE, u, ONE, EMPTY).scaled(Fraction(2)),
            "==",
        ),
        "stirling": (
            K.stirling("t", HALF, -1, granted(remainder(t + ONE, HALF) - remainder(t, HALF)), EMPTY),
            -remainder(t, HALF),
            ">=",
        ),
        "instance": (K.instance(given(u), {"u": v * v}, EMPTY, [(K.square(v, EMPTY), ())]), v * v, ">="),
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


@pytest.mark.parametrize("name", sorted(RULES))
def test_what_the_rule_proves_is_true_in_numbers(name: str, proved: dict) -> None:
    fact = proved[name][0]
    for chosen in VALUES[::2]:
        env = environment(dict(chosen))
        assert true_at(fact, env), env


@pytest.mark.parametrize(("dimension", "volume"), [(1, 2.0), (2, math.pi), (3, 4 * math.pi / 3), (4, math.pi**2 / 2)])
def test_polar_coordinates_give_the_volume_of_balls(dimension: int, volume: float) -> None:
    fact = K.polar_coordinates("t", const(dimension), ONE, K.sight(TWO, EMPTY), EMPTY)
    (ball,) = ((m, c) for m, c in fact.gap.terms if m[0][0].head == "radial")
    shells = fact.gap - Poly(dict([ball]))
    assert math.isclose(-value(shells, {}), volume * 2**dimension, rel_tol=1e-4)


def test_an_integral_over_one_ball_is_moved_to_the_origin() -> None:
    only = Context([*K.spans("i", ONE, ONE), *K.spans("j", i + ONE, ONE)])
    second = K.combine([(Fraction(1), K.sight(gap, only)) for gap in (i - ONE, j - i - ONE, ONE - j)], only)
    around = Hyp((point() + THREE) * (point() + THREE) - t * t, "==")
    body = (point() + THREE) * (point() + THREE)
    alone = granted(-(u + u) * (u + u), ">", second)
    balls = (u, const(-3), ONE, ONE)
    fact = K.disjoint_balls("p", balls, ROWS, "t", body, t * t, alone, K.assume(around, EMPTY), EMPTY)
    assert not fact.hyps
    assert fact.gap == region("p", balls, body) - bind("radial", "t", ONE, u, t * t, EMPTY)
    assert abs(value(fact.gap, {"u": 1.5})) < 1e-3


def test_the_remainder_of_stirling_falls_to_its_limit() -> None:
    """What the axiom says and what its premise asks, in numbers, for both signs and both errors."""
    for error, sign in ((Fraction(0), 1), (Fraction(1, 12), -1)):
        values = [sign * value(remainder(u, error), {"u": at}) for at in (0.3, 1.3, 2.3, 40.0, 160.0)]
        assert values == sorted(values, reverse=True)
        assert 0 < values[-1] < 1e-3


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


def test_one_of_two_terms_that_may_be_0_is_not_less_than_their_sum() -> None:
    each = K.square(x(i), EMPTY)
    fact = K.sum_member("i", ONE, TWO, each, ONE, K.sight(ZERO, EMPTY), truth(), EMPTY)
    assert (fact.gap, fact.relation) == (x(TWO) * x(TWO), ">=")


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


def test_an_equation_stays_one_over_any_ball_and_any_range() -> None:
    zero = K.identity(ZERO, ZERO, EMPTY)
    assert K.region_monotone("p", (u, ZERO, ONE), zero, EMPTY).relation == "=="
    assert K.sum_monotone("i", ONE, n, zero, EMPTY).relation == "=="


def test_a_strict_derivative_holds_beyond_the_start() -> None:
    fact = K.derivative_sign("u", ZERO, u, K.identity(ZERO, ZERO, EMPTY), truth(), True, EMPTY)
    assert fact.relation == ">"
    assert fact.hyps == {Hyp(u, ">")}
    with pytest.raises(Refused):
        K.instance(fact, {"u": ZERO}, EMPTY)


def test_without_a_start_the_function_tends_to_0_at_0() -> None:
    """The moment ``int_0^t exp(-s) ds`` is positive beyond 0: its slope is, and at 0 it vanishes."""
    beyond = Context([Hyp(t, ">")])
    along = bind("moment", "s", ONE, t, exp(-var("s"), EMPTY), EMPTY)
    fact = K.derivative_sign("t", ZERO, along, None, K.exp_positive(-t, beyond), True, EMPTY)
    assert (fact.gap, fact.relation, fact.hyps) == (along, ">", beyond.hyps)
    weak = K.derivative_sign("t", ZERO, along, None, K.exp_positive(-t, beyond), False, EMPTY)
    assert weak.relation == ">="
    with pytest.raises(Refused):
        K.instance(fact, {"t": ZERO}, EMPTY)


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


# Deleting any rule breaks a named proof

ABSTRACT = (records.Justification, records.Axiomatic)
RECORDS = [r for r in vars(records).values() if inspect.isclass(r) and issubclass(r, ABSTRACT) and r not in ABSTRACT]


@pytest.fixture(scope="module")
def derivations() -> dict:
    return derive_all(claims())


def users(record: type) -> list:
    return [c for c in claims() if any(type(part) is record for part in parts(c.steps + c.guards))]


def test_every_rule_has_a_use() -> None:
    assert [record for record in RECORDS if not users(record)] == []


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: r.__name__)
def test_deleting_a_rule_breaks_a_named_proof(record: type, derivations: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    theorems = {name: d.fact for name, d in derivations.items() if d.fact is not None}
    proofs = [claim for claim in users(record) if claim.id in theorems]
    assert proofs, f"no proof uses {record.__name__}"
    if record is records.Generic:
        monkeypatch.setattr(elaboration.Prover, "generic", lambda *_: (K.identity(ZERO, ZERO, EMPTY), ()))
    else:
        monkeypatch.delitem(elaboration.RULES, record)
    shortest = sorted(proofs, key=lambda c: len(list(parts(c.steps))))
    assert any(derive(claim, theorems).fact is None for claim in shortest), shortest[0].id


def test_every_claim_with_steps_is_proved(derivations: dict) -> None:
    failed = {name: d.problem for name, d in derivations.items() if d.fact is None and d.claim.steps}
    assert not failed
