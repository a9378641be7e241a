"""Quantifiers: witnesses that come too late, and denials that deny nothing."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp
from kernel_claims import EQ, GE, GT, HERE, LE, LT, m, proof, said

from theory.atoms import Quotient
from theory.claim import NOTHING, Claim, Relation
from theory.domain import Condition, Domain, Family, Range, nonnegative, positive
from theory.notation import i, n, sizes, u, v, x
from theory.rules import Assume, Combine, Generic, Hypothesis, Identity, IntegerCases, Product, Sight, Square
from validation.kernel import rules as K  # noqa: N812 - short for the many calls below
from validation.kernel.context import Context, Hyp
from validation.kernel.normal import Function
from validation.kernel.statement import accept
from validation.kernel.terms import ONE, ZERO, Refused, const, fresh, var
from validation.methods.denial import denies

N = sp.Symbol("N", integer=True)
half = sp.Rational(1, 2)
beyond_it, all_n = Domain.of(Range(n, N, sp.oo)), Domain.of(Range(n))
some = Domain.of(Range(N))
INSIDE_1 = sp.log(N * (1 - N))

# n (n - 1) = ((2 n - 1)**2 - 1)/4 is not negative for an integer, so that 2 n = 1 is absurd.


def apart(number: sp.Symbol) -> IntegerCases:
    """``n (n - 1) >= 0`` for an integer: beyond 1, below 1 and at 1."""
    ahead, behind, one = Hypothesis(number - 2), Hypothesis(-number), Sight(sp.Integer(1))
    more, less = Combine(((1, ahead), (1, one))), Combine(((1, behind), (1, one)))
    above, below = Product(more, Combine(((1, more), (1, one)))), Product(behind, less)
    return IntegerCases(v, v**2 - v, number, sp.Integer(1), above, below, Identity(0, 0))


half_is_no_integer = Combine(((4, apart(n)), (-1, Product(Assume(0), Assume(0)))))

FALSE = {
    "an integer N that is 1/2, beyond which nothing is": said(
        0, GE, 1, NOTHING, half_is_no_integer, exists=some,
        forall=Domain.of(Range(n), Condition(2 * n, EQ, 2 * N)), witness=((N, half),),
    ),
    "an integer N that makes sense of log(N (1 - N))": said(
        Quotient(INSIDE_1, 1), EQ, INSIDE_1, NOTHING, Identity(INSIDE_1, INSIDE_1), exists=some, witness=((N, half),)
    ),
    "0 is at least v (1 - v) for every real v from 0 to 1": said(
        u, EQ, 0, NOTHING, Identity(0, 0),
        exists=Domain.of(Range(u), Condition(u, GE, v * (1 - v), forall=((v, 0, 1),))),
        witness=((u, 0),), guards=(Generic(((i, 0, 1),), apart(i)),),
    ),
    "d_1 is at least 1, 2 and 3, which are called d_1": said(
        u, EQ, sizes[1], NOTHING, Identity(sizes[1], sizes[1]),
        exists=Domain.of(Range(u), Condition(u, GE, sizes[1], forall=((sizes[1], 1, 3),))), witness=((u, sizes[1]),),
    ),
    "a condition for all integers up to 1/2": said(
        u, GE, 0, Domain.of(Range(u), Condition(u, GE, i, forall=((i, 0, half),))), Assume(0, (0,))
    ),
    "one N is every n": said(N, EQ, n, NOTHING, Identity(n, n), exists=some, forall=all_n, witness=((N, n),)),
    "one family holds every n": said(
        x[1], EQ, n, NOTHING, Identity(n, n), exists=Domain.of(Family(x, (1,))), forall=all_n, witness=((x, ((i,), n)),)
    ),
    "one N, which is asked to be n": said(
        N, EQ, n, NOTHING, Identity(n, n), exists=Domain.of(Range(N), Condition(N, EQ, n)), forall=all_n,
        witness=((N, n),),
    ),
    "an n that is given, and then every n": said(
        u, EQ, n, all_n, Identity(n, n), exists=Domain.of(Range(u)), forall=all_n, witness=((u, n),)
    ),
    "an n of at least 1 that is given, and then every n": said(
        n, GE, 1, Domain.of(Range(n, 1, sp.oo)), Sight(n - 1), exists=some, forall=all_n, witness=((N, 1),)
    ),
    "an n that is chosen, and then every n": said(
        n, EQ, 5, NOTHING, Identity(5, 5), exists=all_n, forall=all_n, witness=((n, 5),)
    ),
    "N is beyond 5 because what comes later is": said(
        N, GE, 5, NOTHING, Assume(0), exists=Domain.of(Range(N, 5, sp.oo)),
        forall=Domain.of(Range(n), Condition(4, GE, 5)), witness=((N, 4),),
    ),
    "no u is beyond some v, where nobody declares u": said(
        0, GE, 1, NOTHING, Assume(0), exists=Domain.of(Range(v)), forall=Domain.of(Condition(u, GE, v)),
        witness=((v, u + 1),),
    ),
    "1/u, in what is asked of the witness, where u <> 0 is assumed later": said(
        v, EQ, 0, Domain.of(Range(u)), Identity(0, 0), exists=Domain.of(Range(v), Condition(v, GE, Quotient(0, u))),
        forall=Domain.of(Range(n), Condition(u, GT, 0)), witness=((v, 0),), guards=(Assume(0),),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FALSE)
def test_the_order_of_quantifiers_is_kept(name: str) -> None:
    assert proof(FALSE[name]).fact is None


def test_one_constant_serves_all_that_comes_after_it() -> None:
    beyond = said(n, GE, 3, NOTHING, Sight(n - 3), exists=some, forall=beyond_it, witness=((N, 3),))
    assert proof(beyond).problem == ""
    square = said((n - u) ** 2, GE, N, Domain.of(Range(u)), Square(n - u), exists=some, forall=all_n, witness=((N, 0),))
    assert proof(square).problem == ""
    depends = said(
        v + n**2, GE, u, Domain.of(Range(u)), Square(n), exists=Domain.of(Range(v)), forall=all_n, witness=((v, u),)
    )
    assert proof(depends).problem == ""
    late = said(sp.log(n), EQ, sp.log(n), exists=some, forall=beyond_it, witness=((N, 1),), guards=(Sight(n),))
    assert proof(late).problem == ""
    assert proof(replace(late, guards=())).problem == ""
    assert "make sense" in proof(replace(late, guards=(), witness=((N, 0),))).problem
    inverse = Domain.of(Range(N), Condition(Quotient(1, N), GE, 0))
    early = said(n, EQ, n, exists=inverse, forall=beyond_it, witness=((N, 1),))
    assert proof(early).problem == ""
    assert "make sense" in proof(replace(early, witness=((N, 0),))).problem


def test_what_is_asked_of_a_witness_does_not_speak_of_what_comes_later() -> None:
    asked = Domain.of(Range(v), Condition(v**2 + n**2, GE, 0))
    assert "block" in proof(said(n, EQ, n, exists=asked, forall=all_n, witness=((v, 0),))).problem


def test_what_is_asked_of_a_witness_rests_on_the_domain_alone() -> None:
    """``v >= 5`` is asked of v = u and follows from ``u >= 5``, which is assumed only afterwards."""
    asked, later = Domain.of(Range(v, 5, sp.oo)), Domain.of(Range(n), Condition(u, GE, 5))
    claim = said(v, EQ, u, Domain.of(Range(u)), exists=asked, forall=later)
    late = K.assume(Hyp(var("u") - const(5), ">="), Context())
    with pytest.raises(Refused, match="rests on"):
        accept(claim, K.identity(ZERO, ZERO, Context()), {"v": var("u")}, [(late, ())])
    known = replace(claim, domain=Domain.of(Range(u, 5, sp.oo)))
    assert accept(known, K.identity(ZERO, ZERO, Context()), {"v": var("u")}, []).relation == "=="


# Negations


def negated(
    lhs: object, relation: Relation, rhs: object, domain: Domain = NOTHING, exists: Domain = NOTHING,
    forall: Domain = NOTHING,
) -> Claim:  # fmt: skip
    return Claim("attack", lhs, relation, rhs, domain, HERE, exists=exists, forall=forall)


def denied(negation: Claim, original: Claim, env: dict) -> bool:
    """Whether the first is taken for a denial of the second; a refusal is a no."""
    try:
        return denies(negation, original, env)
    except Refused:
        return False


EMPTY_CYCLE = Domain.of(Range(u, v + 1, sp.oo), Range(v, u + 1, sp.oo))
ALL_U = Domain.of(Range(u))
FAR = Domain.of(Range(u, 5, 6))
LARGER_M = negated(m, GT, n, NOTHING, Domain.of(Range(n)), Domain.of(Range(m)))  # some n is below all m
BEYOND = negated(m, LE, n, NOTHING, Domain.of(Range(n)), Domain.of(Range(m, n, sp.oo)))  # some n ends the integers
BEYOND_FIXED = negated(m, GT, n, Domain.of(Range(n)), Domain.of(Range(u)), Domain.of(Range(m, n, sp.oo)))
FOR_ALL_N = negated(n * (n - 1), GE, 0, Domain.of(Range(n, 0, sp.oo)))
EXISTS_V = negated(v, GT, n, Domain.of(Range(n)), Domain.of(Range(v)))


def test_a_negation_denies_the_original_at_a_point() -> None:
    at_two = negated(v, LE, 2, Domain.of(Range(v)))
    assert denied(at_two, EXISTS_V, {"n": const(2)})
    assert not denied(at_two, EXISTS_V, {"n": const(3)})
    below = negated(m, LE, n, Domain.of(Range(n)), Domain.of(Range(m)))
    assert denied(below, LARGER_M, {})
    further = negated(m, GT, n, Domain.of(Range(n)), Domain.of(Range(m, n, sp.oo)))
    assert denied(further, BEYOND, {})
    everywhere = negated(u, LT, 0, Domain.of(Range(u)))
    assert denied(everywhere, negated(u, GE, 0, Domain.of(Range(u))), {})


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
        (negated(1, LT, 0), negated(Quotient(0, u) + 1, GE, 0, Domain.of(Range(u))), {}),
        (negated(1, LT, 0), negated(u, GE, 0, Domain.of(Range(v))), {"u": ONE}),
        (negated(1, LT, 0), negated(u, GE, 0, Domain.of(Range(u)), Domain.of(Range(u))), {"u": ONE}),
        (negated(0, LE, 0), negated(v, GT, u, Domain.of(Range(u)), Domain.of(Range(v))), {"u": var("v")}),
        (negated(0, GT, -1, EMPTY_CYCLE), negated(0, LE, -1, EMPTY_CYCLE), {}),
        (negated(u, GT, 1, FAR), negated(u, LE, 1, FAR, Domain.of(Range(u, 0, 1))), {}),
        (negated(m, LE, n, Domain.of(Range(n))), LARGER_M, {}),
        (negated(m, LE, n, Domain.of(Range(n)), Domain.of(Range(v))), LARGER_M, {}),
        (negated(m, GT, n, Domain.of(Range(n)), Domain.of(Range(m))), BEYOND, {}),
        (negated(m, LE, 5, NOTHING, Domain.of(Range(m, 5, sp.oo))), BEYOND_FIXED, {"n": const(5)}),
        (negated(m, LE, n, Domain.of(Range(n)), Domain.of(Range(m)), Domain.of(Range(u))), LARGER_M, {}),
        (negated(m, LE, n, Domain.of(Range(n), Range(m)), Domain.of(Range(m))), LARGER_M, {}),
        (negated(v, LT, v + 1), negated(v, GE, v + 1, ALL_U, Domain.of(Range(v, Quotient(1, u), sp.oo))), {}),
        (negated(-1, LT, 0), negated(u, GE, 0, Domain.of(Range(u), Family(x, (3,), lower=u))), {"u": const(-1)}),
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
        "at the value of what is chosen later",
        "every u that is beyond v + 1 where v is beyond u + 1",
        "a name that is given and chosen",
        "for all m, where there should be one",
        "for some v, where it should be some m",
        "for an m that need not be beyond n",
        "at a point of which the later conditions speak",
        "for all of something else",
        "for all m and some m",
        "a range that may not make sense",
        "a bound of a family that stays open",
    ],
)
def test_what_is_no_negation(negation: Claim, original: Claim, env: dict) -> None:
    assert not denied(negation, original, env)


def test_an_integer_claim_is_not_denied_at_a_half() -> None:
    with pytest.raises(Refused, match="integer"):
        denies(negated(-sp.Rational(1, 4), LT, 0), FOR_ALL_N, {"n": const(Fraction(1, 2))})


def test_entries_of_a_fixed_family_must_lie_above_its_bound() -> None:
    original = negated(x[1], GE, 2, Domain.of(Family(x, (3,), lower=1)))
    denial = negated(1, LT, 2)
    assert denied(denial, original, {"x[]": Function((fresh("p"),), ONE)})
    assert not denied(negated(0, LT, 2), original, {"x[]": Function((fresh("p"),), ZERO)})
    p = fresh("p")
    ordered = negated(x[1], GE, x[2], Domain.of(Family(x, (3,))))
    assert denied(denial, ordered, {"x[]": Function((p,), var(p, integer=True))})


@pytest.mark.parametrize("span", [Range(u, -sp.oo, 0), Range(u, 0, sp.oo), Range(u, 0, 1)], ids=str)
def test_a_range_that_has_a_member_may_be_denied_on(span: Range) -> None:
    domain = Domain.of(span)
    assert denied(negated(u, LT, u + 1, domain), negated(u, GE, u + 1, domain), {})
