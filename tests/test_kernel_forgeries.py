"""Attempts to get round the kernel: crafted terms, facts, indices and negations."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import pickle
from collections.abc import Iterator
from fractions import Fraction
from types import SimpleNamespace

import pytest
import sympy as sp
from kernel_claims import EMPTY, EQ, GT, LT, ZERO_IS_ZERO, m, over_i, over_j, proof, said

from theory.atoms import Quotient
from theory.domain import Condition, Domain, Range
from theory.notation import beta, i, j, rho, u, v
from theory.rules import (
    Assume,
)
from validation.kernel import rules as K  # noqa: N812 - short for the many calls below
from validation.kernel.context import Context, Hyp
from validation.kernel.fact import Fact
from validation.kernel.normal import Function, bind, region
from validation.kernel.reading import Reader
from validation.kernel.statement import accept, setting
from validation.kernel.terms import ONE, ZERO, Atom, Frozen, Poly, Refused, const, elem, fresh, of, var
from validation.methods.expansion import normal_form_vanishes

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
    with pytest.raises(Refused, match="well-formed"):
        Atom("sum", "", (ONE, index("#0"), ONE), bound="#0")
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


def test_atoms_have_the_arguments_that_their_heads_take() -> None:
    """``exp(u, 0)`` would be the exponential of u in one place and that of 0 in another."""
    u_, half = var("u"), const(Fraction(1, 2))
    for make in (
        lambda: Atom("exp", "", (u_, ZERO)),
        lambda: Atom("var", "u", (ONE,)),
        lambda: Atom("pow", "", (u_,)),
        lambda: Atom("pow", "", (u_, u_)),
        lambda: Atom("max", "", ()),
        lambda: Atom("sinus", "", (u_,)),
        lambda: Atom("var'u'+1*const", "a"),
        lambda: Atom("region", "", (ONE, ZERO, ONE), bound="#0"),
        lambda: Atom("moment", "", (ONE, ONE, var("#0", True)), bound="#0"),
        lambda: Atom("radial", "", (ONE, ONE, var("#0", True)), bound="#0"),
        lambda: Atom("sum", "", (ONE, index("n"), elem("z[]", (index("i"), index("#1")))), bound="#1"),
        lambda: region("p", (region("q", (ONE, elem("c", (index("#r0"),)), ONE), ONE), half, ONE), ONE),
    ):
        with pytest.raises(Refused, match="well-formed"):
            make()


def test_terms_are_made_of_terms() -> None:
    class Name(str):
        def __repr__(self) -> str:
            return "'u'"

    class Shifty(tuple):
        __slots__ = ()

    class Liar(Atom):
        __slots__ = ("key",)

    class Claimed(Hyp):
        __slots__ = ("key",)

    true = Hyp(ONE, ">")
    liar, claimed = Liar("const", "a"), Claimed(var("u"), ">")
    object.__setattr__(liar, "key", var("u").terms[0][0][0][0].key)
    object.__setattr__(claimed, "key", true.key)
    twice = ((var("u").terms[0][0][0][0], 1),) * 2
    for forge in (
        lambda: Atom("var", Name("v")),
        lambda: Atom("exp", "", (liar,)),
        lambda: Poly({((liar, 1),): Fraction(1)}),
        lambda: Poly({((liar, True),): Fraction(1)}),
        lambda: Poly({twice: Fraction(1)}),
        lambda: Poly({Shifty(twice[:1]): Fraction(1)}),
        lambda: Poly({(Shifty(twice[0]),): Fraction(1)}),
        lambda: Poly({((twice[0][0], True),): Fraction(1)}),
        lambda: Context([claimed]),
        lambda: Hyp(SimpleNamespace(free=frozenset()), ">"),
        lambda: Hyp(ONE, Name(">")),
        lambda: Hyp(elem("x[]", (index("i"),)), ">=", (Name("i"),)),
        lambda: Hyp(elem("x[]", (index("i"),)), ">=", ("i",), ((ONE, SimpleNamespace(free=frozenset(), key="1")),)),
    ):
        with pytest.raises(Refused):
            forge()


def test_what_is_made_of_lists_does_not_change_with_them() -> None:
    arguments = [ZERO]
    atom = Atom("exp", "", arguments)
    arguments[0] = var("u")
    assert atom.args == (ZERO,)
    for part in (EMPTY._scalar, EMPTY._entry, atom.args, var("u").terms):
        assert type(part) is tuple


def test_a_hypothesis_has_a_range_for_each_index_or_for_none() -> None:
    assert Hyp(var("u"), ">=", (), ()) == Hyp(var("u"), ">=")
    with pytest.raises(Refused):
        Hyp(elem("x[]", (index("i"),)), ">=", ("i",), ())


def test_generic_indices_are_nobody_s_values() -> None:
    """In a family of balls every row has its own centre; ``#r0 := 1`` would give all of them the first."""
    centre = elem("c[]", (index("#r0"),))
    balls = region("p", (var("u"), centre, const(2), ONE), ONE)
    fact = K.sight(balls, Context([Hyp(var("u"), ">")]))
    for env in (
        {"u": ONE, "#r0": ONE},
        {"u": ONE, "c[]": Function(("a", "#r1"), ONE)},
        {"u": var("#r0")},
    ):
        with pytest.raises(Refused, match="kept"):
            K.instance(fact, env, EMPTY, [(K.sight(ONE, EMPTY), ())])
    assert region("p", (ONE, centre, const(2), ONE), elem("p", (index("#r0"),))).free == {"c[]", "#r0"}


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
        lambda: Fact.__new__(Fact, const(-1), ">", frozenset()),
        lambda: type("Fake", (Fact,), {}),
    ):
        with pytest.raises((Refused, TypeError)):
            forge()


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
    with contextlib.suppress(TypeError):
        ONE.__init__({})
    assert (ONE.key, len(ONE.terms)) == ("1", 1)
    assert issubclass(Poly, Frozen)


class Optimist(Context):
    """A context that finds everything positive."""

    __slots__ = ()

    def sign(self, term: Poly) -> int:
        return 1


def test_impostors_are_not_taken_for_what_they_imitate() -> None:
    fake = SimpleNamespace(gap=const(-1), relation=">", hyps=frozenset())
    good, turns = K.sight(ONE, EMPTY), iter((None,))

    class Turning(list):
        def __iter__(self) -> Iterator:
            return iter([(Fraction(1), fake if next(turns, self) is self else good)])

    lying = type("Lying", (Poly,), {"__slots__": (), "__eq__": lambda *_: True, "__hash__": lambda _: 0})
    for forge in (
        lambda: K.combine([(Fraction(1), fake)], EMPTY),
        lambda: K.combine([(1.0, K.sight(ONE, EMPTY))], EMPTY),
        lambda: K.conclude(fake, const(-1), ">", EMPTY),
        lambda: K.sight(const(-1), Optimist()),
        lambda: K.sight(const(-1), SimpleNamespace(sign=lambda _: 1, hyps=frozenset())),
        lambda: K.conclude(K.sight(ONE, EMPTY), lying({}), ">", EMPTY),
        lambda: K.combine(Turning([1]), EMPTY),
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
    plain = dataclasses.replace(claim, domain=Domain.of(Range(m), Condition(rho[i, m] + u, GT, 0, forall=(over_i,))))
    assert accept(plain, ZERO_IS_ZERO, {}, []).hyps == setting(plain.domain).ctx.hyps
    known = Domain.of(Range(m), Condition(rho[i, m] + u, GT, 1, forall=(over_i,)))
    claim = dataclasses.replace(claim, domain=known)
    scene = setting(known)
    ctx = scene.ctx.extended(*K.spans("q", ONE, index("n")))
    inside = [(K.sight(index("q") - ONE, ctx), K.sight(index("n") - index("q"), ctx))]
    more = K.assume(scene.given[0], ctx, (index("q"),), inside)
    shown = K.combine([(Fraction(1), more), (Fraction(1), K.sight(ONE, ctx))], ctx)
    assert accept(claim, ZERO_IS_ZERO, {}, [(shown, ("q",)), (shown, ("q",))]).hyps == scene.ctx.hyps
    for names in ((), ("q", "q"), ("n",)):
        with pytest.raises(Refused, match="make sense"):
            accept(claim, ZERO_IS_ZERO, {}, [(shown, names)])
    fake = SimpleNamespace(gap=shown.gap, relation=">", hyps=frozenset())
    with pytest.raises(Refused, match="make sense"):
        accept(claim, ZERO_IS_ZERO, {}, [(fake, ("q",))])


def test_an_obligation_is_not_met_on_the_diagonal() -> None:
    """``rho_(i, i) + u > 0`` for every i, said of an index that is called m, is no proof of ``rho_(i, m) + u > 0``."""
    known = Domain.of(Range(m), Condition(rho[i, i] + u, GT, 0, forall=(over_i,)))
    claim = said(sp.Sum(1 / (rho[i, m] + u), over_i), EQ, sp.Sum(1 / (rho[j, m] + u), over_j), known)
    scene = setting(known)
    ctx = scene.ctx.extended(*K.spans("m", ONE, index("n")))
    inside = [(K.sight(index("m") - ONE, ctx), K.sight(index("n") - index("m"), ctx))]
    shown = K.assume(scene.given[0], ctx, (index("m"),), inside)
    with pytest.raises(Refused, match="make sense"):
        accept(claim, ZERO_IS_ZERO, {}, [(shown, ("m",)), (shown, ("m",))])


def test_an_obligation_may_hold_through_the_negative() -> None:
    domain = Domain.of(Condition(u, LT, 0))
    claim = said(Quotient(1, u), EQ, Quotient(1, u), domain, guards=(Assume(0),))
    assert proof(claim).problem == ""


def test_vanishing_is_decided_only_where_it_makes_sense() -> None:
    assert normal_form_vanishes(Quotient(4, 2) - 2)
    assert not normal_form_vanishes(sp.Integer(1))
    assert not normal_form_vanishes(Quotient(0, 0))
    assert not normal_form_vanishes(sp.sin(1))


def test_reading_is_exact() -> None:
    reader = Reader(EMPTY)
    assert reader.read(3) == const(3)
    assert reader.read(sp.Rational(1, 3)) == const(Fraction(1, 3))
    assert reader.read(sp.Min(u, v)) == -reader.read(sp.Max(-u, -v))
    assert reader.read(u**13) == of(Atom("pow", "", (var("u"), const(13))))
    assert not reader.obligations
    for kept in ("", "#0", "%i0", "x[]"):
        with pytest.raises(Refused, match="keeps"):
            reader.read(sp.Symbol(kept, real=True))
    reader.read(beta**-13)
    assert reader.obligations == [(Hyp(var("beta"), ">"), Hyp(-var("beta"), ">"))]
