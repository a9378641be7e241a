"""False denials: what is offered as the negation of a claim and is none, and one name for two variables."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sympy as sp
from false_neighbours import attempt

from theory.claim import Claim, Source
from theory.domain import Condition, Domain, Range, Relation, size
from theory.notation import n, u, v, weight
from theory.rules import Identity
from validation.kernel.context import Context
from validation.kernel.terms import Refused
from validation.methods.denial import denies
from validation.methods.derivation import Prover, derive

LE, LT, GE, GT, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.GT, Relation.EQ


def negation(name: str, lhs: Any, relation: Relation, rhs: Any, domain: Domain) -> Claim:
    """A claim that is offered as the denial of another."""
    return Claim(name, lhs, relation, rhs, domain, Source("lemma", "", "Majorant"))


def denials() -> Iterator[tuple[Claim, Claim, tuple[tuple[sp.Basic, Any], ...]]]:
    """What does not deny a claim: negation, original, values."""
    whole, reals = Domain.of(size(n)), Domain.everywhere(u)
    weighted = Domain.of(Range(weight, 0, 1))
    original = negation("u^2 >= 0", u**2, GE, 0, reals)
    yield negation("no opposite: u^2 <= 0 at 0", u**2, LE, 0, reals), original, ((u, sp.Integer(0)),)
    yield negation("the same again", u**2, GE, 0, reals), original, ()
    yield negation("something else", u**2 - 1, LT, 0, Domain()), original, ((u, sp.Integer(0)),)
    assumed = reals & Domain(given=(Condition(u, LT, u),))
    yield negation("under a contradiction", u**2, LT, 0, assumed), original, ()
    sizes_ = negation("n >= 1", n, GE, 1, whole)
    yield negation("outside its range", sp.Integer(0), LT, 1, Domain()), sizes_, ((n, sp.Integer(0)),)
    yield negation("at a foreign variable", n, LT, 1, whole), sizes_, ((v, sp.Integer(0)),)
    equal = negation("w = w", weight, EQ, weight, weighted)
    yield negation("an equality has no negation", weight, LT, weight, weighted), equal, ()
    some = replace(negation("some w < 1", weight, LT, 1, Domain()), exists=weighted)
    yield negation("for one w only", sp.Integer(1), GE, 1, Domain()), some, ((weight, sp.Integer(1)),)
    narrow = Domain.of(Range(weight, sp.Rational(1, 2), 1))
    yield negation("for the upper half of w", weight, GE, 1, narrow), some, ()
    conditional = replace(sizes_, domain=whole & Domain(given=(Condition(n, GE, 2),)))
    yield negation("despite its condition", sp.Integer(1), LT, 1, Domain()), conditional, ((n, sp.Integer(1)),)


DENIALS = [*denials()]


@pytest.mark.parametrize(("new", "original", "at"), DENIALS, ids=[new.id for new, _, _ in DENIALS])
def test_what_is_no_negation_denies_nothing(new: Claim, original: Claim, at: tuple[tuple[sp.Basic, Any], ...]) -> None:
    assert not denies(new, original, Prover({}, Context()).values(at))


def test_a_claim_about_integers_is_not_denied_by_a_fraction() -> None:
    """(n - 1)(n - 2) >= 0 holds for every integer; at 3/2 it is no statement about integers."""
    original = negation("between 1 and 2", (n - 1) * (n - 2), GE, 0, Domain.of(size(n)))
    new = negation("at 3/2", sp.Rational(-1, 4), LT, 0, Domain())
    with pytest.raises(Refused):
        denies(new, original, Prover({}, Context()).values(((n, sp.Rational(3, 2)),)))


def test_a_claim_about_nothing_is_not_denied() -> None:
    """There is no integer from 1/3 to 2/3, so whatever is said of all of them holds."""
    nothing = Domain.of(Range(n, sp.Rational(1, 3), sp.Rational(2, 3)))
    assert not denies(negation("not", n, GE, n, nothing), negation("less than itself", n, LT, n, nothing), {})


@pytest.mark.parametrize("twin", [sp.Dummy("u", real=True), sp.Symbol("u"), sp.Symbol("u", positive=True)], ids=str)
def test_two_symbols_of_one_name_are_two_variables(twin: sp.Symbol) -> None:
    false_ = attempt("all reals are equal", twin, EQ, u, Domain.everywhere(u, twin), Identity(twin, u)).claim
    assert derive(false_, {}).fact is None
