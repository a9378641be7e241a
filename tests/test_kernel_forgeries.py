"""Attempts to get round the kernel: crafted terms, facts, indices and negations."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from fractions import Fraction
from types import SimpleNamespace

import pytest
import sympy as sp
from kernel_claims import EMPTY, EQ, GE, GT, HERE, LE, LT, ZERO_IS_ZERO, m, over_i, over_j, proof, said

from theory.atoms import Quotient
from theory.claim import NOTHING, Claim, Relation
from theory.domain import Condition, Domain, Family, Range, nonnegative, positive
from theory.notation import beta, i, j, n, rho, u, v, x
from theory.rules import (
    Assume,
)
from validation.kernel import rules as K  # noqa: N812 - short for the many calls below
from validation.kernel.context import Context, Hyp
from validation.kernel.fact import Fact
from validation.kernel.normal import Function, bind, region
from validation.kernel.reading import Reader, vanishes
from validation.kernel.statement import accept, denies, setting
from validation.kernel.terms import ONE, ZERO, Atom, Frozen, Poly, Refused, const, elem, fresh, of, var

# Terms and contexts that are not what they seem


def index(name: str) -> Poly:
    return var(name, integer=True)


def test_bound_names_are_not_free_names() -> None:
    entry = elem("z[]", (index("i"), index("#0")))
    with pytest.raises(Refused, match="#0"):
        bind("sum", "i", ONE, index("n"), entry, EMPTY)
    with pytest.raises(Refused, match="#0"):
        region("p", (ONE, ZERO, ONE), elem("p", (index("#0"),)))
    with pytest.raises(Refused, match="well-formed"):
        Atom("sum", "", (ONE, index("#3"), ONE), bound="#3")
    with pytest.raises(Refused, match="free"):
        K.square(var("#0"), EMPTY)
    with pytest.raises(Refused, match="#q0"):
        Hyp(index("#q0") - index("i"), ">=", ("i",))


def test_a_hypothesis_on_a_bound_point_is_none_on_the_integral() -> None:
    positive_entries = Context([Hyp(elem("#0", (index("q"),)) - ONE, ">=", ("q",))])
    with pytest.raises(Refused, match="free"):
        K.sight(region("p", (ONE, ZERO, ONE), elem("p", (ONE,))), positive_entries)


def test_fresh_names_are_issued_not_guessed() -> None:
    with pytest.raises(Refused, match="fresh"):
        var("%i999999999")
    assert var(fresh("i")).free


def test_atoms_and_polynomials_are_well_formed() -> None:
    squared = Atom("exp", "", (var("u"),))
    for bad in ({((squared, 2),): Fraction(1)}, {((squared, -1),): Fraction(1)}, {(): 1.0}, {(): 1}):
        with pytest.raises(Refused):
            Poly(bad)
    for make in (
        lambda: Atom("exp", "", (var("u"),), bound="u"),
        lambda: Atom("sum", "", (ONE, index("n"), ONE)),
    ):
        with pytest.raises(Refused):
            make()


def test_hypotheses_are_well_formed() -> None:
    u_ = var("u")
    for make in (
        lambda: Hyp(u_, "finite"),
        lambda: Hyp(u_, "<"),
        lambda: Hyp(u_, ">=", ("i", "i")),
        lambda: Hyp(u_, ">=", ("i",), ((ONE, ONE), (ONE, ONE))),
    ):
        with pytest.raises(Refused):
            make()


def test_generic_indices_of_a_region_stay_inside() -> None:
    term = region("p", (ONE, elem("rho[]", (index("#r0"),)), ONE), elem("p", (ONE,)))
    assert term.free == {"rho[]"}
    assert bind("sum", "#r0", ONE, const(2), term, EMPTY) == term + term


# Facts and their like


def test_facts_are_not_made_elsewhere() -> None:
    fact = K.sight(ONE, EMPTY)
    for forge in (
        lambda: Fact(const(-1), ">", frozenset()),
        lambda: Fact(const(-1), ">", frozenset(), object()),
        lambda: copy.copy(fact),
        lambda: copy.deepcopy(fact),
        lambda: pickle.dumps(fact),
        lambda: dataclasses.replace(fact, relation=">"),
        lambda: setattr(fact, "gap", const(-1)),
        lambda: setattr(object.__new__(Fact), "gap", const(-1)),
        lambda: delattr(fact, "hyps"),
        lambda: fact.__init__(const(-1), ">", frozenset()),
        lambda: type("Fake", (Fact,), {}),
    ):
        with pytest.raises((Refused, TypeError)):
            forge()
    assert "under 0" in repr(fact)


def test_terms_and_contexts_do_not_change() -> None:
    fact = K.sight(ONE, Context([Hyp(var("u"), ">=")]))
    (hyp,) = fact.hyps
    atom = var("u").terms[0][0][0][0]
    for thing, name in (
        (fact.gap, "key"),
        (fact.gap, "terms"),
        (hyp, "key"),
        (hyp, "gap"),
        (atom, "key"),
        (EMPTY, "hyps"),
    ):
        with pytest.raises(Refused, match="does not change"):
            setattr(thing, name, getattr(const(-1), "terms", ()))
        with pytest.raises(Refused, match="does not change"):
            delattr(thing, name)
    for name in ("sign", "mood"):
        with pytest.raises((Refused, AttributeError)):
            setattr(EMPTY, name, lambda _: 1)
    with pytest.raises(Refused, match="does not change"):
        ONE.__init__({})
    assert issubclass(Poly, Frozen)


class Optimist(Context):
    """A context that finds everything positive."""

    __slots__ = ()

    def sign(self, term: Poly) -> int:
        return 1


def test_impostors_are_not_taken_for_what_they_imitate() -> None:
    fake = SimpleNamespace(gap=const(-1), relation=">", hyps=frozenset())
    lying = type("Lying", (Poly,), {"__slots__": (), "__eq__": lambda *_: True, "__hash__": lambda _: 0})
    for forge in (
        lambda: K.combine([(Fraction(1), fake)], EMPTY),
        lambda: K.combine([(1.0, K.sight(ONE, EMPTY))], EMPTY),
        lambda: K.conclude(fake, const(-1), ">", EMPTY),
        lambda: K.sight(const(-1), Optimist()),
        lambda: K.sight(const(-1), SimpleNamespace(sign=lambda _: 1, hyps=frozenset())),
        lambda: K.conclude(K.sight(ONE, EMPTY), lying({}), ">", EMPTY),
        lambda: K.instance(K.sight(ONE, EMPTY), {1: ONE}, EMPTY),
        lambda: K.instance(K.sight(ONE, EMPTY), {"u": Function(("a",), lying({}))}, EMPTY),
    ):
        with pytest.raises(Refused):
            forge()


# What must make sense, discharged by a fact about other indices


def test_an_obligation_is_discharged_for_all_indices_or_not_at_all() -> None:
    domain = Domain.of(Range(m))
    claim = said(sp.Sum(1 / (rho[i, m] + u), over_i), EQ, sp.Sum(1 / (rho[j, m] + u), over_j), domain)
    term = lambda a, b: elem("rho[]", (a, b)) + var("u")  # noqa: E731
    assumed = lambda a, b: K.assume(Hyp(term(a, b), ">"), EMPTY)  # noqa: E731
    for name in ("m", "#0"):
        with pytest.raises(Refused, match=r"make sense|kept"):
            accept(claim, ZERO_IS_ZERO, {}, [(assumed(index(name), index("m")), (name,))])
    known = Domain.of(Range(m), Condition(rho[i, m] + u, GT, 0, forall=(over_i,)))
    claim = dataclasses.replace(claim, domain=known)
    scene = setting(known)
    ctx = scene.ctx.extended(*K.spans("q", ONE, index("n")))
    inside = [(K.sight(index("q") - ONE, ctx), K.sight(index("n") - index("q"), ctx))]
    shown = K.assume(scene.given[0], ctx, (index("q"),), inside)
    assert accept(claim, ZERO_IS_ZERO, {}, [(shown, ("q",)), (shown, ("q",))]).hyps == scene.ctx.hyps
    for names in ((), ("q", "q"), ("n",)):
        with pytest.raises(Refused, match="make sense"):
            accept(claim, ZERO_IS_ZERO, {}, [(shown, names)])
    fake = SimpleNamespace(gap=shown.gap, relation=">", hyps=frozenset())
    with pytest.raises(Refused, match="make sense"):
        accept(claim, ZERO_IS_ZERO, {}, [(fake, ("q",))])


def test_an_obligation_may_hold_through_the_negative() -> None:
    domain = Domain.of(Condition(u, LT, 0))
    claim = said(Quotient(1, u), EQ, Quotient(1, u), domain, guards=(Assume(0),))
    assert proof(claim).problem == ""


# Negations


def negated(lhs: object, relation: Relation, rhs: object, domain: Domain = NOTHING, exists: Domain = NOTHING) -> Claim:
    return Claim("attack", lhs, relation, rhs, domain, HERE, exists=exists)


FOR_ALL_N = negated(n * (n - 1), GE, 0, Domain.of(Range(n, 0, sp.oo)))
EXISTS_V = negated(v, GT, n, Domain.of(Range(n)), Domain.of(Range(v)))


def test_a_negation_denies_the_original_at_a_point() -> None:
    at_two = negated(v, LE, 2, Domain.of(Range(v)))
    assert denies(at_two, EXISTS_V, {"n": const(2)})
    assert not denies(at_two, EXISTS_V, {"n": const(3)})
    everywhere = negated(u, LT, 0, Domain.of(Range(u)))
    assert denies(everywhere, negated(u, GE, 0, Domain.of(Range(u))), {})


@pytest.mark.parametrize(
    ("negation", "original", "env"),
    [
        (negated(v, LE, n, NOTHING, Domain.of(Range(v))), EXISTS_V, {}),
        (negated(v, LT, n, Domain.of(Range(v))), EXISTS_V, {}),
        (negated(v, LE, n, Domain.of(Range(v, -sp.oo, 0))), EXISTS_V, {}),
        (negated(u, LT, 0), negated(u, EQ, 0), {}),
        (negated(1, LT, 0), negated(1, GE, 0, Domain.of(Condition(u, GE, 0))), {}),
        (negated(n, LT, 0), negated(n, GE, 0, Domain.of(Range(n, sp.Rational(1, 4), sp.Rational(3, 4)))), {}),
        (negated(u, LT, 0), negated(u, GE, 0, Domain.of(Range(u, 1, 0))), {}),
        (negated(-1, LT, 0), negated(u, GE, 0, Domain.of(nonnegative(u))), {"u": const(-1)}),
        (negated(0, LT, 0), negated(u, GE, 0, Domain.of(positive(u))), {"u": ZERO}),
        (negated(1, LT, 0), negated(u, GE, 0, Domain.of(Range(u, v, sp.oo))), {"u": ONE}),
        (negated(Quotient(1, u), LT, 0), negated(Quotient(1, u), GE, 0, Domain.of(Range(u))), {}),
        (negated(1, LT, 0), negated(u, GE, 0, Domain.of(Range(v))), {"u": ONE}),
        (negated(1, LT, 0), negated(u, GE, 0, Domain.of(Range(u)), Domain.of(Range(u))), {"u": ONE}),
    ],
    ids=[
        "for some v, not for all",
        "strict against strict",
        "for v <= 0 only",
        "an equation has no opposite",
        "side conditions",
        "no integer between 1/4 and 3/4",
        "no number between 1 and 0",
        "a point outside the domain",
        "a point on an open end",
        "a range that leaves something open",
        "a quotient that may not make sense",
        "a variable that the domain does not have",
        "a variable that is chosen, not given",
    ],
)
def test_what_is_no_negation(negation: Claim, original: Claim, env: dict) -> None:
    assert not denies(negation, original, env)


def test_an_integer_claim_is_not_denied_at_a_half() -> None:
    with pytest.raises(Refused, match="integer"):
        denies(negated(-sp.Rational(1, 4), LT, 0), FOR_ALL_N, {"n": const(Fraction(1, 2))})


def test_entries_of_a_fixed_family_must_lie_above_its_bound() -> None:
    original = negated(x[1], GE, 2, Domain.of(Family(x, (3,), lower=1)))
    denial = negated(1, LT, 2)
    assert denies(denial, original, {"x[]": Function((fresh("p"),), ONE)})
    assert not denies(negated(0, LT, 2), original, {"x[]": Function((fresh("p"),), ZERO)})


def test_vanishing_is_decided_only_where_it_makes_sense() -> None:
    assert vanishes(Quotient(4, 2) - 2)
    assert not vanishes(sp.Integer(1))
    assert not vanishes(Quotient(0, 0))
    assert not vanishes(sp.sin(1))


def test_reading_is_exact() -> None:
    reader = Reader(EMPTY)
    assert reader.read(3) == const(3)
    assert reader.read(sp.Rational(1, 3)) == const(Fraction(1, 3))
    assert reader.read(sp.Min(u, v)) == -reader.read(sp.Max(-u, -v))
    assert reader.read(u**13) == of(Atom("pow", "", (var("u"), const(13))))
    assert not reader.obligations
    reader.read(beta**-13)
    assert [asked.what for asked in reader.obligations] == ["nonzero"]
