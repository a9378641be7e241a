"""Hazards that were met, each kept from coming back."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp
from flint import arb, arb_series, ctx

from numerics.backends.quadrature import Series
from numerics.compile import compile_expression
from theory.atoms import Quotient
from theory.claim import Claim, Relation, Source, Step
from theory.domain import Condition, Domain, Family, Range, size
from theory.notation import cutoff, i, j, n, order, u, x
from theory.rules import Identity
from validation.evidence import Outcome
from validation.kernel.context import Context
from validation.kernel.reading import Reader
from validation.kernel.terms import Refused
from validation.methods.derivation import derive
from validation.methods.enclosure import enclose
from validation.methods.refutation import refute


def toy(lhs: sp.Expr, relation: Relation, rhs: sp.Expr, domain: Domain, *steps: Step) -> Claim:
    return Claim("toy.toy.toy", lhs, relation, rhs, domain, Source("lemma"), steps=steps)


def test_two_thirds_times_three_contains_two() -> None:
    value = compile_expression(sp.Rational(2, 3) * u, "ball")({u: 3})
    assert value.contains(2)


def test_a_rounded_decimal_is_refused_by_balls_and_by_the_kernel() -> None:
    with pytest.raises(Exception, match="rounded decimal"):
        compile_expression(sp.Float(0.5) * u, "ball")
    with pytest.raises(Refused, match="does not know"):
        Reader(Context()).read(sp.Float("0.5"))


def test_a_square_keeps_its_two_sides() -> None:
    claim = toy(u**2, Relation.GE, sp.Integer(0), Domain.everywhere(u))
    assert (claim.lhs, claim.rhs) == (u**2, 0)


def test_a_ball_that_straddles_decides_nothing_and_squares_stay_finite() -> None:
    straddling = arb(1, 0.5)
    assert not straddling > 1
    assert not straddling <= 1
    assert compile_expression(u**2, "ball")({u: arb(0, 1)}).is_finite()
    claim = toy(u, Relation.LE, sp.Integer(1), Domain.of(Range(u, 0, 2)))
    assert enclose(claim).outcome is Outcome.FAILS


def test_the_incomplete_gamma_bound_is_settled_without_millions_of_boxes() -> None:
    domain = Domain.of(Range(order, sp.Rational(1, 4), 2), Range(cutoff, sp.Rational(1, 4), 2))
    power = cutoff**order / order
    assert enclose(toy(sp.lowergamma(order, cutoff), Relation.LE, power, domain), 3.0).outcome is Outcome.HOLDS
    smaller = toy(sp.lowergamma(order, cutoff), Relation.LE, power * sp.Rational(9, 10), domain)
    assert enclose(smaller, 3.0).outcome is Outcome.FAILS


def test_argument_orders_of_the_incomplete_gamma_function() -> None:
    expr, at = sp.lowergamma(order, cutoff), {order: 2, cutoff: Fraction(1, 2)}
    exact = 1 - Fraction(3, 2) * Fraction(60653065971263342, 10**17)  # 1 - (1 + c) exp(-c)
    for backend in ("numpy", "mpmath", "ball"):
        assert float(compile_expression(expr, backend)(at)) == pytest.approx(float(exact), rel=1e-12)


def test_no_bound_index_has_a_name() -> None:
    reader = Reader(Context())
    assert reader.read(sp.Sum(x[i], (i, 1, n)) - sp.Sum(x[j], (j, 1, n))).terms == ()


def test_a_cancelled_denominator_is_on_record() -> None:
    everywhere = Domain.of(size(n), Family(x, (n,)))
    one = sp.Integer(1)
    claim = toy(Quotient(x[1], x[1]), Relation.EQ, one, everywhere, Step(Relation.EQ, one, Identity(one, one)))
    assert derive(claim, {}).fact is None


def test_a_statement_is_not_simplified_away_by_assumed_signs() -> None:
    claim = toy(sp.sqrt(u**2), Relation.LE, u, Domain.everywhere(u))
    found = refute(claim)
    assert found.outcome is Outcome.FAILS
    assert found.witness is not None


def test_samples_that_meet_no_side_condition_are_no_support() -> None:
    from validation.methods.sampling import sample

    domain = Domain.everywhere(u) & Domain.of(Condition(u**2, Relation.LT, sp.Integer(0)))
    assert sample(toy(u, Relation.LE, u + 1, domain)).outcome is Outcome.UNDECIDED


def test_a_minimum_of_series_does_not_ask_for_an_equality_of_rounded_numbers() -> None:
    with ctx.workprec(300):
        third = arb(1) / 3  # longer than the working precision of the comparison
    least = Series().minimum([arb_series([third, arb(1)], prec=2), arb(5)])
    assert isinstance(least, arb_series)
    assert least[0].overlaps(third)
