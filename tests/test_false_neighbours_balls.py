"""False neighbours of the claims on ball masses, ball volumes and the radius of a ball of bounded volume."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sympy as sp
from false_neighbours import Attempt, F, attempt, false, refused, reuse

from theory.atoms import Quotient, RadialIntegral
from theory.bounds import ball_mass as bm
from theory.bounds import ball_volume as bv
from theory.bounds import bounded_radius as br
from theory.claim import Step
from theory.domain import Domain, Range, Relation, nonnegative, positive, size
from theory.notation import constant, distance, dummy, epsilon, exponent, n, radius, u, v
from theory.registry import registry
from theory.rules import (
    Antisymmetry,
    Cancel,
    CircleConstant,
    Combine,
    ExpTangent,
    Hypothesis,
    Lemma,
    PolarCoordinates,
    Product,
    RootCeiling,
    Scale,
    Sight,
)

LE, LT, GE, GT, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.GT, Relation.EQ
p, q, r, s = exponent, distance, radius, dummy
zero, one, two = sp.Integer(0), sp.Integer(1), sp.Integer(2)
THIRD = sp.Rational(1, 3)
UNIT = {"n": 1, "r": 1}


def mass_attempts() -> Iterator[Attempt]:
    gamma, here = bm.closed_form, {**UNIT, "p": 2}
    mass, area, moment = bm.mass(p), bm.sphere_area, bm.moment
    yield reuse(
        "order n", "ball.mass.identity", here, rhs=gamma.replace(sp.lowergamma, lambda a, c: sp.lowergamma(n, c))
    )
    yield reuse("cutoff r", "ball.mass.identity", {**here, "r": 2}, rhs=gamma.xreplace({r**p: r}))
    yield reuse("no 1/p", "ball.mass.identity", here, rhs=p * gamma)
    half_area = Step(EQ, area / 2 * moment(sp.exp(-(q**p))), bm.polar(mass), "")
    whole = registry()["ball.mass.identity"].claim.steps[-1]
    yield attempt(
        "half the sphere", mass, EQ, gamma / 2, bm.any_power, half_area, replace(whole, expr=gamma / 2), at=here
    )
    flat = bm.same(moment(sp.exp(-(q**p)), s) - sp.lowergamma(n / p, s**p), bm._flat(1), bm._flat(-1))
    yield attempt(
        "a moment without 1/p",
        moment(sp.exp(-(q**p))),
        EQ,
        sp.lowergamma(n / p, r**p),
        bm.any_power,
        flat,
        denied_by="p = 2",
    )
    growing = bm.grows(s**n / n - moment(sp.exp(-(q**p)), s) - one, Sight(bm.shell))
    yield attempt(
        "a start that is not 0", moment(sp.exp(-(q**p))) + 1, LE, r**n / n, bm.any_power, growing, denied_by="r = 1"
    )
    yield reuse("(12) with v2's distance", "ball.mass.printed", UNIT, steps_of="ball.mass.printed_v1")
    yield reuse(
        "(12) with v2's distance, amended steps", "ball.mass.printed", UNIT, steps_of="ball.mass.squared_identity"
    )
    squared = registry()["ball.mass.squared_identity"].claim
    yield reuse("the amendment with a factor 2", squared.id, UNIT, rhs=2 * squared.rhs)
    at_two = Lemma("ball.mass.identity", ((p, two),))
    yield attempt("p = 2 at p = 1", bm.mass(one), EQ, squared.rhs, bm.any_ball, at_two, at=UNIT)
    yield reuse("v1's mass of order n/2", "ball.mass.printed_v1", UNIT, rhs=squared.rhs)
    wide = replace(bm.any_power, ranges=(*bm.any_power.ranges[:2], Range(p)))
    yield reuse("a floor for every p", "ball.mass.floor", denied_by="at p = -1 it is a ceiling", domain=wide)
    closed = (*bm.any_power.ranges[:1], nonnegative(radius), positive(p))
    yield reuse(
        "a positive mass at r = 0", "ball.mass.floor", denied_by="both sides are 0", relation=LT, domain=Domain(closed)
    )
    yield reuse("ceiling and floor exchanged", "ball.mass.ceiling", here, relation=GE)
    yield reuse("exp(-r^p) in the ceiling", "ball.mass.ceiling", here, rhs=sp.exp(-(r**p)) * bm.volume)
    yield reuse("no weight in the floor", "ball.mass.floor", here, lhs=bm.volume)
    yield reuse(
        "exp(-r^p/2) in the floor", "ball.mass.floor", {"n": 20, "r": 1, "p": 1}, lhs=sp.exp(-(r**p) / 2) * bm.volume
    )
    lighter = bm.grows(
        moment(sp.exp(-(q**p)), s) - sp.exp(-(s**p) / 2) * s**n / n,
        Combine(
            (
                (1, Sight(p * s ** (p - 1) * sp.exp(-(s**p) / 2) * s**n / n)),
                (-1, Scale(sp.exp(-(s**p) / 2) * bm.shell, bm.n_cancels)),
            )
        ),
    )
    yield attempt(
        "exp(-r^p/2) in the floor, by slopes",
        sp.exp(-(r**p) / 2) * r**n / n,
        LE,
        moment(sp.exp(-(q**p))),
        bm.any_power,
        lighter,
        denied_by="n = 20",
    )
    tall = {"n": 3, "r": 3}
    for steps_of in ("ball.mass.printed_floor_v1", "ball.mass.squared_floor"):
        yield reuse(f"the printed floor, steps of {steps_of}", "ball.mass.printed_floor", tall, steps_of=steps_of)
    smaller = Product(Sight(bm.volume), ExpTangent(r**2 - r))
    weights = Combine(((1, Lemma("ball.mass.squared_floor")), (1, smaller)))
    yield attempt(
        "the printed floor, exp(-r^2) above exp(-r)",
        sp.exp(-r) * bm.volume,
        LE,
        bm.mass(two),
        bm.any_ball,
        weights,
        at=tall,
    )
    yield reuse("(12) below V_n(r)/2", "ball.mass.evaluated_ceiling", {"n": 1, "r": F(1, 10)}, rhs=bm.volume / 2)
    yield reuse("(12) above V_n(r)", "ball.mass.evaluated_floor", UNIT, lhs=bm.volume)


def polar_attempts() -> Iterator[Attempt]:
    ball = RadialIntegral(one, q, n, r)
    yield reuse("a volume with Gamma(n/2)", "ball.volume.identity", {"n": 1, "r": 1}, rhs=bm.volume * n / 2)
    yield reuse("a volume with r^(n + 1)", "ball.volume.identity", {"n": 1, "r": 2}, rhs=bm.volume * r)
    empty = Domain.of(size(n), Range(r))
    unproved = PolarCoordinates(ball, Sight(r))
    yield attempt(
        "a ball of negative radius",
        ball,
        EQ,
        bm.sphere_area * bm.moment(one),
        empty,
        unproved,
        denied_by="r > 0 is needed",
    )
    nothing = Domain.of(size(n, 0), positive(r))
    yield attempt(
        "a ball in dimension 0",
        ball,
        EQ,
        bm.sphere_area * bm.moment(one),
        nothing,
        bm.polar(ball),
        denied_by="R^0 has no sphere",
    )
    pole = RadialIntegral(Quotient(1, q**n), q, n, r)
    diverging = bm.sphere_area * bm.moment(Quotient(1, q**n))
    yield attempt(
        "a divergent integral",
        pole,
        EQ,
        diverging,
        bm.any_ball,
        bm.polar(pole),
        denied_by="the integral of 1/s diverges",
    )
    shifted = RadialIntegral(sp.exp(-q), q, n + 1, r)
    rule = Combine(((1, bm.polar(RadialIntegral(sp.exp(-q), q, n, r))),))
    yield attempt(
        "one dimension too many",
        shifted,
        EQ,
        bm.sphere_area * bm.moment(sp.exp(-q)),
        bm.any_ball,
        rule,
        denied_by="R^2 is not R^1",
    )
    half_slope = Antisymmetry(
        bm.grows(s**n - bm.moment(one, s), Sight((n - 1) * bm.shell)),
        bm.grows(bm.moment(one, s) - s**n, Sight(bm.shell)),
    )
    yield attempt("a moment without 1/n", bm.moment(one), EQ, r**n, bm.any_ball, half_slope, denied_by="n = 2")
    assumed = bm.grows(s**n / n - bm.moment(one, s) - 1, Hypothesis(s - 1))
    yield attempt("a foreign hypothesis", 1, LE, zero, bm.any_ball, assumed, denied_by="1 > 0")


def volume_attempts() -> Iterator[Attempt]:
    stirling, ceiling, floor = bv.stirling_volume, "ball.volume.stirling_ceiling", "ball.volume.stirling_floor"
    first = {"n": 1}
    yield reuse("Stirling's volume as a floor", floor, UNIT, lhs=stirling)
    yield reuse("an error of 1/(7 n)", floor, UNIT, lhs=stirling * sp.exp(-1 / (7 * n)))
    seventh = Combine(((1, Lemma("gamma.stirling.log_ceiling", ((u, bv.half),))), (F(1, 42), Sight(1 / n))))
    kept = Lemma("exponential.order.kept", ((u, bv._log_stirling - 1 / (7 * n)), (v, bv.log_volume)), (seventh,))
    yield attempt(
        "an error of 1/(7 n), by logarithms", stirling * sp.exp(-1 / (7 * n)), LE, bm.volume, bm.any_ball, kept, at=UNIT
    )
    yield reuse("an error in the ceiling", ceiling, UNIT, rhs=stirling * sp.exp(-bv.error))
    yield reuse("one power of n too many", ceiling, {"n": 4, "r": 1}, rhs=stirling / sp.sqrt(n))
    above = "the volume is at most Stirling's (ball.volume.stirling_ceiling)"
    yield reuse(
        "the ratio exceeds 1 + eps", "ball.volume.asymptotic", denied_by=above, lhs=(1 + epsilon) * bv.unit_stirling
    )
    yield reuse("an eps of 0", "ball.volume.asymptotic", denied_by=above, domain=Domain.of(nonnegative(epsilon)))
    yield reuse("V_n <= 1/(n pi)", "ball.volume.critical_ceiling", first, rhs=Quotient(1, n * sp.pi))
    yield reuse("V_n >= (n pi)^(-1/2)", "ball.volume.critical_floor", first, lhs=bv.small)
    everywhere = Step(
        LE,
        sp.Rational(1, 3),
        RootCeiling(Quotient(1, n * sp.pi), sp.Rational(1, 3), Sight(THIRD), bv._inverse_below_one),
    )
    yield attempt(
        "bounded by 1/3",
        bv.volume_there,
        LE,
        THIRD,
        bv.any_dimension,
        Step(LE, bv.small, Lemma("ball.volume.critical_ceiling")),
        everywhere,
        at=first,
    )
    order, denied = "ball.volume.critical_order", "ball.volume.critical_vanishing"
    yield reuse(
        "Theta(1), from the bound",
        order,
        steps_of="ball.volume.critical_bounded",
        denied_by=denied,
        witness=((constant, one),),
    )
    fall = Step(LE, bv.volume_there, Lemma("ball.volume.critical_floor"))
    yield reuse(
        "Theta(1), from the floor",
        order,
        denied_by=denied,
        steps=(fall,),
        witness=((constant, bv.small * sp.exp(-bv.error)),),
    )
    at_one = ((n, one),)
    yield reuse("small at n = 1", denied, denied_by="V_1 = 0.484 there", witness=at_one)
    yield reuse("below 0 too", denied, denied_by="a volume is positive", domain=Domain.everywhere(constant))
    wide = "ball.volume.unit_radius_ceiling"
    yield reuse("without the error", wide, first, rhs=bv._growth * bv.critical_radius)
    yield reuse("without the growth", wide, first, rhs=bv.critical_radius * sp.exp(1 / (6 * n**2)))
    yield reuse("eleven tenths, by Stirling", "ball.volume.unit_radius_near_critical", first, steps_of=wide)
    twice = registry()["ball.volume.unit_radius_floor"].claim.lhs * sp.exp(1 / (6 * n**2))
    yield reuse("the error in the floor", "ball.volume.unit_radius_floor", first, lhs=twice)
    yield reuse("over n once too often", "ball.volume.unit_radius_floor", first, lhs=bv._growth**2 * bv.critical_radius)


def radius_attempts() -> Iterator[Attempt]:
    near, high, low = (
        "ball.volume.unit_radius_near_critical_floor",
        "ball.volume.bounded_radius_ceiling",
        "ball.volume.bounded_radius_floor",
    )
    yield reuse("three times the critical radius", near, {"n": 1}, lhs=3 * bv.critical_radius)
    more = Combine(((1, Product(Sight(bv.critical_radius), br._grown)), (-2, Sight(bv.critical_radius))))
    step = Step(LE, sp.exp(bv.log_growth) * bv.critical_radius, more)
    last = registry()[near].claim.steps[-1]
    yield attempt(
        "three times, by a negative share",
        3 * bv.critical_radius,
        LE,
        bv.unit_radius,
        bv.any_dimension,
        step,
        last,
        at={"n": 1},
    )
    ceiling, floor = registry()[high].claim, registry()[low].claim
    free = replace(ceiling.forall, given=ceiling.forall.given[:1])
    yield reuse("balls of any volume", high, denied_by="radii may be large", forall=free)
    yield reuse("within 1 - eps of the critical radius", high, denied_by=low, rhs=(1 - epsilon) * bv.critical_radius)
    early = replace(ceiling.forall, given=ceiling.forall.given[1:])
    yield reuse("in every dimension", high, denied_by="the ball of volume 1 in R^1", forall=early)
    yield reuse(
        "from the first dimension on",
        high,
        denied_by="the ball of volume 1 in R^1",
        witness=((ceiling.witness[0][0], one),),
    )
    yield reuse("at least 1 + eps", low, denied_by=high, lhs=(1 + epsilon) * bv.critical_radius)
    yield reuse(
        "small balls too",
        low,
        denied_by="radii may be small",
        forall=replace(floor.forall, given=floor.forall.given[:1]),
    )
    any_constant = Domain.of(positive(epsilon)) & Domain.everywhere(constant)
    yield reuse("volumes of at least C <= 0", low, denied_by="radii may be small", domain=any_constant)
    any_eps = Domain.of(positive(constant), nonnegative(epsilon))
    yield reuse("an eps of 0", low, denied_by="volume 1/1000 in R^1", domain=any_eps)
    cancel = Combine(((1, Sight(one)), (-1, Cancel(constant - 1, Sight(constant - 1)))))
    yield attempt("a division by 0", 0, LT, 0, Domain.everywhere(constant), cancel, denied_by="0 is not below 0")
    circle = Combine(((1, CircleConstant()), (1, CircleConstant(False)), (-1, Sight(sp.Rational(1, 7)))))
    yield attempt("pi between 3 and 3", 0, LT, 0, Domain(), circle, denied_by="0 is not below 0")


FAMILIES = (mass_attempts, polar_attempts, volume_attempts, radius_attempts)
ATTEMPTS = [a for family in FAMILIES for a in family()]


@pytest.mark.parametrize("attempted", ATTEMPTS, ids=str)
def test_a_false_neighbour_is_false_and_not_proved(attempted: Attempt) -> None:
    false(attempted)
    refused(attempted)
