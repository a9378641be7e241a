"""False neighbours of the sizes, the parameter counts and the exponents of Table 3."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sympy as sp
from false_neighbours import REAL, Attempt, F, attempt, false, refused, reuse

from theory import scaling
from theory.atoms import Quotient
from theory.claim import Step
from theory.domain import Condition, Domain, Range, Relation, positive, size
from theory.notation import blocks, context, epsilon, growth, inner_width, irreducible, l, n, u, v, width
from theory.registry import registry
from theory.reported import data_sizes, exponents, parameters
from theory.rules import (
    Assume,
    Cancel,
    Combine,
    ExpTangent,
    Identity,
    InversePositive,
    Lemma,
    Product,
    Scale,
    Sight,
)

LE, LT, GE, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.EQ
one, two = sp.Integer(1), sp.Integer(2)


def size_attempts() -> Iterator[Attempt]:
    everywhere, at_one = scaling.fitted_floor.domain, {"E_0": 0, "N": 1, "D": 1}
    terms = scaling.size_term - scaling.data_term
    yield attempt(
        "a model term of the wrong sign", irreducible, LT, irreducible + terms, everywhere, Sight(terms), at=at_one
    )
    yield attempt("below its own floor", scaling.fitted_loss(), LT, irreducible, everywhere, Sight(terms), at=at_one)
    sharp = scaling.fitted_loss() - sp.Rational(1, 10)
    far = {"E_0": 0, "N": 10**12, "D": 10**15}
    yield reuse("a floor of 0.1 above the irreducible loss", "fitted.loss.floor", far, rhs=sharp)

    of_size, loose = "model.size.identity", scaling.model_size.domain & Domain.of(size(context), size(n))
    here = {"l": 1, "A": 1, "d_emb": 1, "T_max": 1, "n": 2}
    yield reuse("any dimension at all", of_size, here, domain=loose)
    summed = loose & Domain.of(Condition(n, EQ, context + width))
    yield reuse("n = T_max + d_emb", of_size, here, domain=summed)
    bounded = loose & Domain.of(Condition(n, LE, context * width))
    yield reuse("n at most T_max d_emb", of_size, {**here, "T_max": 3}, domain=bounded)
    per_token = Quotient(blocks * l * width, context) * width
    yield reuse("N per dimension times d_emb", of_size, {**here, "T_max": 2}, rhs=per_token)
    given = {"l": 1, "A": 1, "d_emb": 1, "T_max": 2, "n": 2}
    yield attempt(
        "T_max cancels before it is divided by",
        blocks * context,
        EQ,
        Quotient(blocks, context),
        loose,
        Scale(blocks, Cancel(context, Sight(context))),
        at=given,
    )


def parameter_attempts() -> Iterator[Attempt]:
    block, ratio = "gpt2.block.identity", "gpt2.block_ratio"
    four, three = {"d_emb": 1, "d_FF": 4}, {"d_emb": 1, "d_FF": 3}
    yield reuse("12 d^2 + 12 d", block, four, rhs=12 * width**2 + 12 * width)
    yield reuse(
        "12 d^2 + 13 d with d_FF = 3 d", block, three, domain=registry()["gpt2.printed_block.identity"].claim.domain
    )
    free = Domain.of(size(width), size(inner_width))
    yield reuse("12 d^2 + 13 d for any d_FF", block, three, domain=free)
    whole = free & Domain.of(Condition(inner_width, EQ, 3 * width))
    lemma = Lemma(block, given=(Assume(0),))
    yield attempt(
        "the lemma under another width",
        parameters.released_block,
        EQ,
        parameters.released_closed,
        whole,
        lemma,
        at=three,
    )
    swapped = Lemma(block, at=((inner_width, width), (width, inner_width)), given=(Assume(0),))
    sides = parameters.released_block, 12 * inner_width**2 + 13 * inner_width
    four_wide = free & Domain.of(Condition(inner_width, EQ, 4 * width))
    yield attempt("the lemma with the widths exchanged", sides[0], EQ, sides[1], four_wide, swapped, at=four)

    yield reuse("A = 12 + 14/d_emb", f"{ratio}.identity", {"d_emb": 1}, rhs=12 + 14 * parameters.inverse)
    yield reuse("A = 12", f"{ratio}.identity", {"d_emb": 1}, rhs=sp.Integer(12))
    yield reuse("A is above 12.1", f"{ratio}.floor", {"d_emb": 1000}, lhs=sp.Rational(121, 10))
    ceiling = registry()[f"{ratio}.ceiling"].claim
    early = replace(ceiling.domain, given=(Condition(12, LE, epsilon * width),))
    yield reuse("from the width 12/epsilon on", f"{ratio}.ceiling", {"d_emb": 12, "epsilon": 1}, domain=early)
    anywhere = replace(ceiling.domain, given=())
    yield reuse("at every width", f"{ratio}.ceiling", {"d_emb": 1, "epsilon": 1}, domain=anywhere)
    tight = Combine(
        ((1, Product(InversePositive(width, Sight(width)), Assume(0))), (-1, Scale(epsilon, parameters.over_width)))
    )
    steps = (Step(EQ, parameters.block_ratio.rhs, Lemma(f"{ratio}.identity")), Step(LT, ceiling.rhs, tight))
    yield Attempt(replace(ceiling, id="strictly", relation=LT, steps=steps, amends=()), {"d_emb": 13, "epsilon": 1})


def exponent_attempts() -> Iterator[Attempt]:
    floor, ceiling, some = "models.exponent.floor", "models.exponent.ceiling", "models.exponent.attained"
    small, large = {"gamma": F(3, 2), "u": F(4, 25)}, {"gamma": F(12, 5), "u": F(1, 200)}
    yield reuse("above the greatest exponent", floor, small, lhs=exponents.greatest)
    yield reuse("below the least exponent", ceiling, large, rhs=exponents.least)
    span = sp.log(30937) - sp.log(21418)
    steps = (
        Step(
            LT,
            growth,
            exponents._divided(
                span,
                exponents.below(21418, 30937),
                Combine(((1, Assume(1)), (1, Assume(5)))),
                1,
            ),
        ),
    )
    middle = Quotient(exponents.rise, span)
    guards = (exponents.below(21418, 30937),)
    yield reuse("both models at their D*", floor, small, lhs=middle, steps=steps, guards=guards)
    for number in (0, 5):
        given = list(exponents.conditions)
        del given[number]
        domain = replace(exponents.allowed, given=tuple(given))
        outside = {0: {"gamma": F(6, 5), "u": F(27, 100)}, 5: {"gamma": F(13, 10), "u": F(19, 125)}}[number]
        yield reuse(f"without condition {number}", floor, outside, domain=domain)
    inside = {"open_lower": True, "open_upper": True}
    wide = Domain.of(Range(growth, exponents.least, exponents.greatest + sp.Rational(1, 10), **inside))
    yield reuse("beyond the greatest exponent", some, domain=wide, denied_by=ceiling)
    low = Domain.of(Range(growth, exponents.least - sp.Rational(1, 10), exponents.greatest, **inside))
    yield reuse("below the least", some, domain=low, denied_by=floor)
    closed = Domain.of(Range(growth, exponents.least, exponents.greatest))
    yield reuse("with the ends", some, domain=closed, denied_by=floor)
    yield reuse("every exponent", some, domain=Domain.of(positive(growth)), denied_by=ceiling)

    here = {"u": 0, "v": 0}
    yield attempt("log 3 < log 2", sp.log(3), LT, sp.log(2), REAL, exponents.below(3, 2), at=here)
    sharp = sp.log(3) - sp.log(2)
    tangent = Combine(((1, ExpTangent(-sharp)), (1, Sight(1 - sp.Rational(2, 3)))))
    yield attempt("the tangent, too sharp", sp.Rational(41, 100), LT, sharp, REAL, tangent, at=here)
    yield attempt(
        "log 6 = log 2 log 3",
        sp.log(6),
        EQ,
        sp.log(2) * sp.log(3),
        REAL,
        Identity(sp.log(6), sp.log(2) * sp.log(3)),
        at=here,
    )
    yield attempt("2 log 2 = log 5", 2 * sp.log(2), EQ, sp.log(5), REAL, Identity(2 * sp.log(2), sp.log(5)), at=here)


def rounding_attempts() -> Iterator[Attempt]:
    name, claim = "models.rule.unrounded", data_sizes.unrounded
    yield reuse("the other way round", name, relation=Relation.GT, denied_by="the ranges of u and v")
    below = replace(claim.exists.ranges[1], upper=sp.Rational("0.035"))
    empty = replace(claim.exists, ranges=(claim.exists.ranges[0], below))
    yield reuse("v in an empty range", name, exists=empty, denied_by="no number is above 0.04 and below 0.035")
    late = ((u, sp.Rational("0.041")), (v, sp.Rational("0.039")))
    yield reuse("each in the range of the other", name, relation=Relation.GT, witness=late, denied_by="the ranges")
    far = claim.rhs - sp.Rational(1, 100)
    yield reuse("apart by 0.01", name, rhs=far, denied_by="u is at least 0.035 and v below 0.045")


ATTEMPTS = [*size_attempts(), *parameter_attempts(), *exponent_attempts(), *rounding_attempts()]


@pytest.mark.parametrize("attempted", ATTEMPTS, ids=str)
def test_a_false_neighbour_is_false(attempted: Attempt) -> None:
    false(attempted)


@pytest.mark.parametrize("attempted", ATTEMPTS, ids=str)
def test_a_false_neighbour_is_refused(attempted: Attempt) -> None:
    refused(attempted)
