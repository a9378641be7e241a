"""False neighbours of the brackets of gamma functions, of Stirling's formula and of the bounds on e."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sympy as sp
from false_neighbours import Attempt, F, attempt, false, half, refused, reuse

from theory import exponential_number, stirling, stirling_poles
from theory.atoms import Quotient
from theory.bounds import lower_gamma as lg
from theory.claim import Step
from theory.domain import Domain, Range, Relation, nonnegative, positive, size
from theory.notation import bound, constant, cutoff, dummy, k, n, order, step, u, v
from theory.registry import registry
from theory.rules import (
    Cancel,
    CircleConstant,
    Combine,
    DerivativeSign,
    ExpPositive,
    ExpTangent,
    Hypothesis,
    Identity,
    InversePositive,
    Lemma,
    Product,
    Scale,
    Sight,
    Stirling,
)

LE, LT, GE, GT, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.GT, Relation.EQ
one = sp.Integer(1)


def lower_gamma_attempts() -> Iterator[Attempt]:
    where, value, along, s = lg.arguments, lg.lower_gamma, lg.along, dummy
    density, weight, grows = lg.density, lg.weight, lg.grows
    unit, small = {"a": 1, "c": 1}, {"a": 3, "c": F(1, 10)}
    closed = Domain.of(positive(order), nonnegative(cutoff))
    yield reuse("positive at a cutoff of 0", "lower_gamma.value.positive", {"a": 1, "c": 0}, domain=closed)
    yield attempt("at least 1", 1, LE, value, where, grows(along - 1, Sight(density * weight)), at=unit)
    constant_start = DerivativeSign(
        along - 1,
        s,
        sp.Integer(0),
        Identity(sp.Integer(0), sp.Integer(0)),
        Sight(density * weight),
        cutoff,
        Sight(cutoff),
    )
    yield attempt("at least 1, from a start", 1, LE, value, where, constant_start, at=unit)
    slope = Combine(((1, Scale(density, lg.order_cancels)), (1, Product(Sight(density), lg.weight_at_most_one))))
    yield attempt(
        "power over a + 1",
        value,
        LE,
        cutoff**order / (order + 1),
        where,
        grows(s**order / (order + 1) - along, slope),
        at=small,
    )
    yield reuse("power over 2 a", "lower_gamma.power.ceiling", small, rhs=cutoff**order / (2 * order))
    yield reuse(
        "a ceiling with exp(-c)", "lower_gamma.power.ceiling", unit, rhs=sp.exp(-cutoff) * cutoff**order / order
    )
    lower = Combine(((1, Scale(density * weight, lg.order_cancels)), (1, Sight(density * weight))))
    yield attempt(
        "a ceiling with exp(-c), by slopes",
        value,
        LE,
        sp.exp(-cutoff) * cutoff**order / order,
        where,
        grows(weight * s**order / order - along, lower),
        at=unit,
    )
    yield reuse("the bounds exchanged", "lower_gamma.power.floor", unit, relation=GE)
    yield reuse("a floor without exp(-c)", "lower_gamma.power.floor", unit, lhs=cutoff**order / order)
    halved = sp.exp(-s / 2)
    wrong = Combine(((half, Sight(halved * s**order / order)), (-1, Scale(density * halved, lg.order_cancels))))
    yield attempt(
        "a floor with exp(-c/2)",
        sp.exp(-cutoff / 2) * cutoff**order / order,
        LE,
        value,
        where,
        grows(along - halved * s**order / order, wrong),
        at={"a": 5, "c": 2},
    )
    swapped = Lemma("lower_gamma.power.ceiling", ((order, cutoff), (cutoff, order)))
    yield attempt(
        "order and cutoff exchanged", value, LE, order**cutoff / cutoff, where, swapped, at={"a": half, "c": 2}
    )
    yield reuse("a gamma at most c^a exp(-c)", "lower_gamma.bracket.ceiling", unit, lhs=order * value)
    ceiling = registry()["lower_gamma.bracket.ceiling"].claim
    yield reuse("a - c/2 in the ceiling", ceiling.id, small, lhs=(order - cutoff / 2) * value)
    every = Combine(
        ((1, Lemma("lower_gamma.value.positive", ((cutoff, s),))), (1, Scale(s**order * weight, lg.cutoff_cancels)))
    )
    rule = grows(s**order * weight - (order - s / 2) * along, every)
    yield attempt(
        "a - c/2 in the ceiling, by slopes", (order - cutoff / 2) * value, LE, ceiling.rhs, where, rule, at=small
    )
    yield reuse("no excess in the floor", "lower_gamma.bracket.floor", small, rhs=(order - cutoff) * value)
    halfway = (order - cutoff + lg._excess / 4) * value
    yield reuse("a quarter of the excess", "lower_gamma.bracket.floor", {"a": 5, "c": 1}, rhs=halfway)
    far = {"a": half, "c": 2}
    yield reuse("the floor beyond the order", "lower_gamma.bracket.floor", far, domain=where)
    beyond = Product(InversePositive(order - dummy, Sight(order - dummy)), Hypothesis(cutoff - dummy))
    floor = registry()["lower_gamma.bracket.floor"].claim
    yield attempt("the floor from its end", floor.lhs, LE, floor.rhs, where, grows(sp.Integer(0), beyond), at=far)


def increment_attempts() -> Iterator[Attempt]:
    rise, middle, excess = stirling.log_increment, stirling.harmonic, stirling.excess
    floor, ceiling = "logarithm.increment.floor", "logarithm.increment.ceiling"
    ahead, still = {"u": 1, "h": 1}, {"u": 1, "h": 0}
    yield reuse("h over the lower end", floor, ahead, lhs=step / u)
    yield reuse("a strict floor", floor, still, relation=LT)
    back = Domain.of(positive(u), Range(step, -half, half))
    yield reuse("a step back", floor, {"u": 1, "h": -half}, domain=back)
    yield reuse("no excess", ceiling, ahead, rhs=middle)
    yield reuse("a sixth of the excess", ceiling, {"u": F(1, 10), "h": 1}, rhs=middle + excess / 100)
    yield reuse("floor and ceiling exchanged", floor, ahead, relation=GE)
    decimal = Lemma(floor, ((u, 2 * u),))
    yield attempt(
        "log(2 u + h) - log(u)", rise, LE, middle, Domain.of(positive(u), nonnegative(step)), decimal, at=ahead
    )


def stirling_attempts() -> Iterator[Attempt]:
    s, x, main, log_main = dummy, u, stirling.main, stirling.log_main
    where, tenth, twelfth = stirling.beyond_zero, {"u": 10}, stirling.TWELFTH
    falls, less = stirling._falls, stirling._falls_less
    small = Stirling(s, F13, -1, less, x, Sight(x))
    yield attempt("an error of 1/(13 z)", sp.loggamma(x), LE, log_main + F13 / x, where, small, at=tenth)
    above = Stirling(s, twelfth, 1, falls, x, Sight(x))
    yield attempt("the error in the floor", log_main + twelfth / x, LE, sp.loggamma(x), where, above, at={"u": 1})
    below = Stirling(s, sp.Integer(0), -1, falls, x, Sight(x))
    yield attempt("Stirling's formula as a ceiling", sp.loggamma(x), LE, log_main, where, below, at={"u": 1})
    turned = Stirling(s, sp.Integer(0), 1, less, x, Sight(x))
    yield attempt("the steps of the ceiling", log_main + twelfth / x, LE, sp.loggamma(x), where, turned, at={"u": 1})
    no_step = Stirling(s, sp.Integer(0), 1, Sight(s), x, Sight(x))
    yield attempt("without a step", log_main + 1, LE, sp.loggamma(x), where, no_step, at={"u": 1})
    yield reuse("log(2 pi) for its half", "gamma.stirling.log_floor", {"u": 1}, lhs=log_main + sp.log(2 * sp.pi) / 2)
    yield reuse("one power too many", "gamma.stirling.log_floor", tenth, lhs=log_main + sp.log(x))
    yield reuse("strictly below in every case", "gamma.stirling.floor", {"u": 1}, relation=GE)
    yield reuse("a ceiling without its error", "gamma.stirling.ceiling", {"u": 1}, rhs=main)
    thirteen = main * (1 + F13 / x)
    beyond_one = Domain.of(Range(x, 1))
    steps = registry()["gamma.stirling.relative_error"].claim.steps
    bent = (*steps[:-1], replace(steps[-1], expr=thirteen))
    yield attempt("a relative error of 1/(13 z)", sp.gamma(x), LE, thirteen, beyond_one, *bent, at=tenth)
    yield reuse(
        "the least constant 1/13",
        "gamma.stirling.relative_error",
        denied_by="the series begins with 1/(12 z)",
        witness=((constant, F13),),
        exists=Domain.of(Range(constant, 0, F13)),
        steps=bent,
    )
    yield reuse(
        "a relative error that shrinks",
        "gamma.stirling.relative_error",
        denied_by="at z = 1 it is 0.084",
        rhs=main * (1 + constant / x**2),
        exists=Domain.of(Range(constant, 0, F(1, 20))),
    )


F13 = sp.Rational(1, 13)


def pole_attempts() -> Iterator[Attempt]:
    poles = stirling_poles
    reflection = "gamma.reflection.log_floor"
    near, away = {"v": F(1, 1000)}, {"v": half}
    claim = registry()[reflection].claim
    yield reuse("reflection, a whole logarithm", reflection, near, lhs=sp.log(2 * sp.pi) - 2 - 2 * sp.log(v))
    yield reuse("reflection without the loss", reflection, away, lhs=claim.lhs + 2)
    positive_v = Domain.of(positive(v))
    yield reuse(
        "reflection beyond 1", reflection, denied_by="the kernel reads Gamma at positive arguments", domain=positive_v
    )
    product, pole = "gamma.reflection.pole_floor", "gamma.stirling.near_pole"
    apart = {"C": 1, "u": 1, "v": half}
    bare = replace(registry()[product].claim.domain, given=())
    yield reuse("far from the pole", product, apart, domain=bare)
    off = {"C": 1, "k": 1, "v": half}
    yield reuse("far from the pole, at k + v", pole, off, domain=replace(registry()[pole].claim.domain, given=()))
    yield reuse("near the pole the other way", pole, {"C": 1, "k": 1, "v": F(1, 2000)}, relation=GT)
    printed = "gamma.stirling.negative_axis"
    denied = f"{printed}_fails"
    one_constant = ((constant, one), (bound, one))
    yield reuse("Stirling on the negative axis", printed, steps_of=pole, denied_by=denied, witness=one_constant)
    last = Step(LE, registry()[printed].claim.rhs, Lemma(pole))
    yield reuse(
        "Stirling on the negative axis, by a lemma", printed, denied_by=denied, steps=(last,), witness=one_constant
    )
    fixed = ((k, sp.Integer(1)), (v, half))
    yield reuse("half way between the poles", denied, denied_by="there the ratio is 1/2", witness=fixed)
    early = ((k, sp.Integer(1)), (v, poles._v))
    yield reuse(
        "the first pole, whatever b",
        denied,
        denied_by="k = 1 is not beyond b",
        witness=early,
        guards=(poles._below_one, Sight(one)),
    )


def number_attempts() -> Iterator[Attempt]:
    nowhere = Domain()
    high, low = sp.Rational(272, 100), sp.Rational(271, 100)
    above = exponential_number._number("e is at least 2.72", "", high, sp.E, sp.Rational(1, 32))
    below = exponential_number._number("e is at most 2.71", "", sp.E, low, -sp.Rational(1, 32))
    yield Attempt(above, denied_by="e < 2.7183")
    yield Attempt(below, denied_by="e > 2.7182")
    away = exponential_number.squared(ExpTangent(sp.Integer(-3)), sp.Integer(-2))  # exp(-3) >= -2, squared
    yield attempt("exp(-6) is at least 4", 4, LE, sp.exp(-6), nowhere, away, denied_by="exp(-6) < 1")
    inverse = Product(ExpPositive(one), ExpTangent(-one / 2))
    yield attempt("e is at most 2", sp.E, LE, 2, nowhere, Combine(((2, inverse),)), denied_by="e > 2.7")
    narrow = Domain.of(size(n))
    tangent = Product(ExpTangent(-n), ExpTangent(-n))  # (exp(-n) - 1 + n)^2
    yield attempt("a square of what is negative", sp.exp(-2 * n), GE, (1 - n) ** 2, narrow, tangent, at={"n": 3})
    pi_cancels = Cancel(sp.pi, Sight(sp.pi))
    by_ninth = Combine(((F(1, 9), Product(Sight(Quotient(1, sp.pi)), CircleConstant())), (-1, pi_cancels)))
    yield attempt("1/pi is at most 1/9", Quotient(1, sp.pi), LE, F(1, 9), nowhere, by_ninth, denied_by="pi < 4")


FAMILIES = (lower_gamma_attempts, increment_attempts, stirling_attempts, pole_attempts, number_attempts)
ATTEMPTS = [a for family in FAMILIES for a in family()]


@pytest.mark.parametrize("attempted", ATTEMPTS, ids=str)
def test_a_false_neighbour_is_false_and_not_proved(attempted: Attempt) -> None:
    false(attempted)
    refused(attempted)
