"""Discovery of claims, and the references between them."""

from __future__ import annotations

import dataclasses
from types import ModuleType

import pytest
import sympy as sp

from theory.claim import Claim, Kind, Relation, Source, Step
from theory.domain import Domain
from theory.notation import u
from theory.paper import position
from theory.registry import Entry, RegistryError, check_references, claims, entries_of, indexed, registry, users
from theory.rules import Lemma, Square


def toy(claim_id: str, *uses: str, **changes: object) -> Claim:
    steps = tuple(Step(Relation.EQ, u, Lemma(other)) for other in uses)
    made = Claim(claim_id, u, Relation.LE, u, Domain.everywhere(u), Source("lemma"), steps=steps)
    return dataclasses.replace(made, **changes)


def test_claims_are_found_at_the_top_level_and_in_tuples() -> None:
    module = ModuleType("toy")
    first, second = toy("a.b.c"), toy("a.b.d")
    vars(module).update(single=first, several=(second, 3), other="text")
    assert [e.claim.id for e in entries_of(module)] == ["a.b.c", "a.b.d"]


def test_two_claims_with_one_id_are_refused() -> None:
    once, again = Entry(toy("a.b.c"), "one", "x"), Entry(toy("a.b.c"), "two", "y")
    with pytest.raises(RegistryError, match=r"two claims have the id 'a\.b\.c': one\.x and two\.y; rename one"):
        indexed((once, again))
    assert indexed((once, once)) == {"a.b.c": once}


def test_a_reference_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(RegistryError, match=r"refers to 'x\.y\.z'"):
        check_references({"a": toy("a", "x.y.z")})
    with pytest.raises(RegistryError, match="refers to 'gone'"):
        check_references({"a": toy("a", amends=("gone",))})


def test_a_circle_of_uses_is_refused() -> None:
    with pytest.raises(RegistryError, match="circle: a -> b -> a"):
        check_references({"a": toy("a", "b"), "b": toy("b", "a")})


def test_every_statement_names_its_place_and_domain() -> None:
    for claim in claims():
        assert position(claim.source.place) >= 0
        assert claim.title
        assert str(claim.domain)
        assert claim.id.count(".") == 2


def test_an_unknown_place_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown place 'Theorem 99'"):
        position("Theorem 99")


def test_claims_come_in_the_order_of_the_paper() -> None:
    places = [position(claim.source.place) for claim in claims()]
    assert places == sorted(places)


def test_users_are_found_through_others() -> None:
    assert "surrogate.update.descent" in users("exponential.order.reflected")
    assert users("surrogate.update.descent") == set()


def test_proposition_3_is_found_by_its_number() -> None:
    found = {e.claim.id: e.module for e in registry().values() if "Proposition 3" in e.claim.source.place}
    assert found["mchn.nearest.printed_floor"] == "theory.energies.mchn"


def test_uses_are_read_off_the_derivation() -> None:
    inner = Step(Relation.EQ, u, Lemma("p.q.r", given=(Lemma("s.t.u"), Square(u))))
    assert toy("a", steps=(inner,)).uses == ("p.q.r", "s.t.u")


def test_digest_follows_the_statement_and_not_the_derivation() -> None:
    claim = toy("a")
    assert claim.digest == dataclasses.replace(claim, steps=(Step(Relation.EQ, u, Square(u)),), title="t").digest
    assert claim.digest != dataclasses.replace(claim, relation=Relation.LT).digest
    assert claim.digest != dataclasses.replace(claim, rhs=u + 1).digest
    assert claim.digest != dataclasses.replace(claim, domain=Domain.everywhere(u, sp.Symbol("q", real=True))).digest
    assert claim.digest != dataclasses.replace(claim, exists=Domain.everywhere(u)).digest


def test_definitions_and_assumptions_have_no_steps() -> None:
    for claim in claims():
        if claim.kind in (Kind.DEFINITION, Kind.ASSUMPTION):
            assert claim.steps == ()
