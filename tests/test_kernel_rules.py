"""Every rule: what it proves, and the named proof that needs it."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable
from fractions import Fraction

import pytest
from kernel_facts import (
    BALL,
    EMPTY,
    FROM_1,
    FROM_2,
    HALF,
    RULES,
    THREE,
    TWO,
    between,
    family,
    given,
    i,
    j,
    k,
    m,
    n,
    point,
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
from validation.kernel.normal import Function, bind, exp, inv, power, region
from validation.kernel.terms import ONE, ZERO, Atom, Poly, Refused, const, elem, of, var
from validation.methods import elaboration
from validation.methods.derivation import derive, derive_all

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


# Deleting any rule breaks a named proof

RECORDS = [r for r in vars(records).values() if inspect.isclass(r) and issubclass(r, records.Justification)][1:]


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
    claim = min(proofs, key=lambda c: len(list(parts(c.steps))))
    assert derive(claim, theorems).fact is None, claim.id


def test_every_claim_with_steps_is_proved(derivations: dict) -> None:
    failed = {name: d.problem for name, d in derivations.items() if d.fact is None and d.claim.steps}
    assert not failed
