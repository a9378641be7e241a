"""False neighbours of the propositions, the densities, the greedy step and the MCHN energy."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sympy as sp
from false_neighbours import Attempt, F, attempt, false, half, refused, reuse

from theory import logsumexp
from theory.atoms import IndexMin, Quotient, RegionIntegral
from theory.claim import Step
from theory.domain import Condition, Domain, Family, Relation, nonnegative, size
from theory.energies import (
    global_density,
    layers,
    mchn,
    mchn_v1,
    nearest,
)
from theory.energies.layer import energy
from theory.notation import (
    d,
    i,
    j,
    k,
    l,
    n,
    radius,
    rho,
    step,
    t,
    u,
    v,
    weight,
    x,
    y,
    z,
)
from theory.registry import registry
from theory.rules import (
    Assume,
    Cancel,
    Combine,
    ExpPositive,
    ExpTangent,
    ExtremumIntro,
    ExtremumMember,
    Generic,
    Identity,
    Lemma,
    Product,
    RegionMonotone,
    RegionSum,
    Sight,
    SumExchange,
)

LE, LT, GE, GT, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.GT, Relation.EQ
over_d, over_l = (i, 1, d), (t, 1, l)


def proposition_attempts() -> Iterator[Attempt]:
    where, g, E = nearest.at_a_point, nearest.nearest(x), energy(x)
    distances = ((n, d), (x, ((i,), nearest.distance(x))))
    two = {"d": 2, "n": 1, "rho": ((0,), (0,)), "x": (0,)}
    one = {"d": 1, "n": 1, "rho": ((0,),), "x": (0,)}
    yield attempt("g <= E", g, LE, E, where, Lemma("lse.minimum.ceiling", at=distances), at=two)
    strict = Lemma("lse.minimum.strict_ceiling_from_two", at=distances)
    yield attempt("E < g for one pattern", E, LT, g, where, strict, at=one)
    wrong_size = Lemma("lse.minimum.floor", at=((x, ((i,), nearest.distance(x))),))
    yield attempt("g - log n <= E", g - sp.log(n), LE, E, where, wrong_size, at=two)
    far = {"d": 1, "n": 1, "rho": ((0,),), "x": (F(1, 2),)}
    other = Lemma("layer.energy.ceiling_v1")
    yield attempt("v1 energy below v2 distance", energy(x, "v1"), LE, g, where, other, at=far)
    mixed = nearest.nearest(x, "v1") - sp.log(d)
    yield attempt("v1 distance below v2 energy", mixed, LE, E, where, Lemma("layer.energy.floor_v1"), at=far)
    apart = {"d": 2, "n": 1, "rho": ((5,), (-5,)), "x": (5,)}
    printed, small = "mchn.nearest.printed_floor", mchn.smallest - mchn.largest
    yield reuse("Prop. 3 as printed, amended steps", printed, apart, steps_of="mchn.nearest.floor")
    negative_log = Lemma("exponential.order.reflected", at=((u, sp.log(d)), (v, sp.Integer(0))), given=(Sight(1 - d),))
    closing = Combine(((1, mchn._above), (1, mchn._ceiling), (1, negative_log)))
    yield attempt("Prop. 3 as printed, log d <= 0", small, LE, g - mchn.twice, where, closing, at=apart)
    tuned = Combine(((2, mchn._above), (1, mchn._ceiling), (-1, mchn._below)))
    yield attempt("Prop. 3 as printed, tuned", small, LE, g - mchn.twice, where, tuned, at=apart)
    lower = Combine(((1, mchn._below), (2, mchn._floor)))
    yield attempt("g <= 2 E_MCHN - log d", g - mchn.twice, LE, -sp.log(d), where, lower, at=two)
    sides = sp.Abs(E - (mchn.twice - sp.log(d)))
    uneven = {"d": 2, "n": 1, "rho": ((0,), (3,)), "x": (-9,)}
    halves = (Combine(((1, mchn._floor), (half, mchn._ceiling))), Combine(((half, mchn._ceiling),)))
    narrow = ExtremumIntro(sides, mchn.spread / 2, halves)
    yield attempt("Prop. 2 with half the spread", sides, LE, mchn.spread / 2, where, narrow, at=uneven)
    away = {"d": 1, "n": 1, "rho": ((0,),), "x": (5,)}
    second = "mchn.layer_energy.distance_ceiling"
    yield reuse("Prop. 2 of v1, steps of v2", second + "_v1", away, steps_of=second)
    yield reuse("Prop. 2 of v1, amended steps", second + "_v1", away, steps_of="mchn.layer_energy.wide_ceiling_v1")
    quarter = {"d": 1, "n": 1, "rho": ((0,),), "x": (F(1, 2),)}
    yield reuse("v1 ceiling with an eighth", "mchn.nearest.quarter_ceiling_v1", quarter, rhs=sp.Rational(1, 8))
    eighth = ExtremumIntro(mchn_v1.squared, mchn_v1.g - sp.Rational(1, 8), (mchn_v1._entry,))
    rule = Combine(((1, eighth), (1, Lemma("mchn.nearest.sharp_ceiling"))))
    yield attempt("an eighth through the root", mchn_v1.g - mchn.twice, LE, sp.Rational(1, 8), where, rule, at=quarter)
    cool = {"d": 2, "n": 1, "rho": ((0,), (3,)), "x": (-9,), "beta": 1}
    yield reuse("no excess at all", "mchn.layer_energy.one_sided_ceiling", cool, rhs=sp.Integer(0))
    small_shift = Product(mchn._scaled_sight, ExtremumMember(mchn.smallest, i))
    at = ((n, d), (x, ((i,), mchn._overlaps)), (y, ((i,), mchn._biased + mchn._shift * mchn.smallest)))
    crossed = Lemma("lse.order.kept", at=at, given=(Generic((over_d,), small_shift),))
    rescaled = mchn._rescaled(crossed, -mchn.smallest - mchn.square(x))
    low = mchn.excess - mchn.spread
    plus = {"d": 2, "n": 1, "rho": ((0,), (3,)), "x": (9,), "beta": 1}
    yield attempt("10.2 with the smallest norm", 0, LE, low, mchn.every_temperature, rescaled, at=plus)
    patterns = {"d": 1, "n": 1, "rho": ((1,),)}
    yield reuse("norms differ", "mchn.norms.spread", patterns, relation=LT)
    member = Combine(
        ((1, ExtremumMember(mchn.largest, sp.Integer(2))), (1, ExtremumMember(mchn.smallest, sp.Integer(1))))
    )
    second_norm = sp.Sum(rho[2, k] ** 2 - rho[1, k] ** 2, (k, 1, n))
    reversed_ = {"d": 2, "n": 1, "rho": ((0,), (1,))}
    doubled = Domain.of(size(d, 2), size(n), Family(rho, (d, n)))
    yield attempt("the spread is below a pair", mchn.spread, LE, -second_norm, doubled, member, at=reversed_)


def region_attempts() -> Iterator[Attempt]:
    Z, volume, omega, g = nearest.partition, nearest.volume, nearest.omega, nearest.nearest(z)
    balls = nearest.on_balls
    unit = {"d": 1, "n": 1, "rho": ((0,),), "r": 1}
    positive_weight = RegionMonotone(z, omega, ExpPositive(-g))
    closed = nearest.patterns & Domain.of(nonnegative(radius))
    yield attempt("Z > 0 for radius 0", 0, LT, Z, closed, positive_weight, denied_by="a set of points has no volume")
    yield attempt("Z >= 1", 1, LE, Z, balls, positive_weight, at={**unit, "r": F(1, 10)})
    backwards = RegionMonotone(z, omega, Product(ExpPositive(-g), ExpTangent(g)))
    yield attempt("the volume is at most Z", volume, LE, Z, balls, backwards, at=unit)
    yield reuse("Z at most half the volume", "nearest.partition.ceiling", {**unit, "r": F(1, 10)}, rhs=volume / 2)
    half_density = RegionIntegral(Quotient(nearest.weighted, 2 * Z), z, omega)
    cancel = Cancel(Z, Sight(Z))
    yield attempt("a density with 2 Z integrates to 1", half_density, EQ, 1, balls, cancel, at=unit)
    near = Domain.of(Family(z, (n,)), Condition(g, LE, 0))
    on_pattern = RegionMonotone(z, omega, Combine(((1, ExpTangent(-g)), (1, Assume(0)))))
    capture = {**unit, "z": (0,)}
    yield attempt("a condition on the bound point", volume, LE, Z, balls & near, on_pattern, at=capture)
    layered = layers.layered
    one = {"l": 1, "n": 1, "r": F(1, 10), "d_t": (1,), "rho_t": (((0,),),), "t": 1, "x": (0,)}
    E = layers.printed_energy(x)
    steps = (Step(LE, sp.Integer(1), Product(ExpPositive(-layers.nearest(x)), Sight(layers.partition))),)
    where = layers.at_a_point & layers.one_layer
    yield attempt("E_t as printed is at most 1", E, LE, 1, where, *steps, at=one)
    two = {"l": 2, "n": 1, "r": 10, "d_t": (1, 1), "rho_t": (((0,),), ((0,),))}
    theta = "global.partition.ceiling"
    yield reuse("Z_theta at most the volume, without l", theta, two, rhs=global_density.volume)
    summed = registry()["global.partition.flattening"].claim
    close = {**two, "r": 1}
    yield reuse("Z_theta = 2 sum Z_t", summed.id, close, rhs=2 * summed.rhs)
    first = summed.rhs.func(summed.rhs.function, (t, 2, l))
    sure = replace(layered, ranges=(size(l, 2), *layered.ranges[1:]))
    yield reuse("Z_theta without the first layer", summed.id, close, rhs=first, domain=sure)
    split = RegionSum(z, layers.omega, sp.Sum(sp.exp(-layers.nearest(z)), over_l))
    hard = sp.Sum(layers.partition, over_l)
    yield attempt(
        "Z_theta as a sum over nearest distances",
        summed.lhs,
        EQ,
        hard,
        layered,
        split,
        at={**close, "l": 1, "d_t": (2,), "rho_t": (((0,), (1,)),)},
    )
    energy_of_all = registry()["global.energy.flattening"].claim
    point = {**close, "x": (0,)}
    minimum = IndexMin(layers.nearest(x), over_l)
    yield reuse(
        "flattening to a minimum",
        energy_of_all.id,
        point,
        rhs=minimum,
        steps=(Step(EQ, minimum, Identity(energy_of_all.lhs, minimum)),),
    )
    weights = registry()["global.weights.flattening"].claim
    mean = weights.rhs / l
    yield reuse(
        "weights averaged, not summed",
        weights.id,
        point,
        rhs=mean,
        steps=(Step(EQ, mean, Identity(weights.lhs, mean)),),
    )
    triangle = sp.Sum(sp.Sum(x[j], (j, 1, i)), (i, 1, n))
    square = sp.Sum(sp.Sum(x[j], (i, 1, n)), (j, 1, n))
    vectors = {"n": 2, "x": (0, 1)}
    yield attempt(
        "a triangle summed as a square", triangle, EQ, square, logsumexp.vectors, SumExchange(triangle), at=vectors
    )


def greedy_attempts() -> Iterator[Attempt]:
    line = {"l": 1, "n": 1, "rho": ((1,),), "y": (0,), "t": 1}
    near = registry()["greedy.step.nearest_point"].claim
    long = replace(
        near.domain,
        ranges=tuple(replace(r, upper=sp.Integer(2)) if r.symbol == step else r for r in near.domain.ranges),
    )
    yield reuse("a step beyond the pattern", near.id, {**line, "h": 2, "z": (1,)}, domain=long)
    anywhere = replace(near.domain, given=())
    yield reuse("nearest point without a trust region", near.id, {**line, "h": half, "z": (1,)}, domain=anywhere)
    far = registry()["greedy.step.farthest_point"].claim
    yield reuse(
        "farthest point without a trust region",
        far.id,
        {**line, "h": half, "z": (-9,)},
        domain=replace(far.domain, given=()),
    )
    yield reuse(
        "farthest point, 1 + h^2",
        far.id,
        {**line, "h": 1, "z": (-1,)},
        rhs=(1 + step**2) * sp.Sum((rho[t, k] - y[k]) ** 2, (k, 1, n)),
    )
    yield reuse(
        "the greedy step descends, by nearness",
        "greedy.step.descent_distance",
        {"l": 2, "n": 1, "rho": ((0,), (2,)), "y": (2,), "t": 1, "h": half},
        steps_of=near.id,
    )
    farther = registry()["greedy.step.printed_energy_moves_away"].claim
    apart = {"l": 1, "n": 1, "r": 1, "d_t": (1,), "rho_t": (((0,),),), "t": 1, "x": (2,), "y": (0,)}
    yield reuse("the smaller E_t, the nearer", farther.id, apart, relation=GE)
    close = registry()["mchn.energy.convexity_when_close"].claim
    pair = {"d": 2, "n": 1, "rho": ((1,), (-1,)), "beta": F(5, 4), "x": (F(1, 10),), "y": (-F(1, 10),), "w": half}
    wide = replace(close.domain, given=(replace(close.domain.given[0], rhs=sp.Integer(5)),))
    yield reuse("convex up to a squared diameter of 5", close.id, pair, domain=wide)
    yield reuse("convex for every set of patterns", "mchn.energy.convexity", {**pair, "beta": 3}, steps_of=close.id)
    from_first = replace(close.domain.given[0], forall=((i, 1, 1), (j, 1, d)))
    three = {**pair, "d": 3, "rho": ((0,), (2,), (-2,)), "beta": 1, "x": (3,), "y": (0,)}
    yield reuse(
        "close to the first pattern",
        close.id,
        {**three, "x": (half,), "y": (-half,)},
        domain=replace(close.domain, given=(from_first,)),
    )
    outer = replace(
        close.domain,
        ranges=tuple(replace(r, upper=sp.Integer(2)) if r.symbol == weight else r for r in close.domain.ranges),
    )
    yield reuse(
        "convex with weights up to 2",
        close.id,
        {**pair, "beta": 1, "rho": ((0,), (0,)), "x": (1,), "y": (0,), "w": 2},
        domain=outer,
    )
    yield reuse("strictly convex", close.id, {**pair, "beta": 1, "w": 1}, relation=LT)


FAMILIES = (
    proposition_attempts,
    region_attempts,
    greedy_attempts,
)
ATTEMPTS = [a for family in FAMILIES for a in family()]


@pytest.mark.parametrize("attempted", ATTEMPTS, ids=str)
def test_a_false_neighbour_is_false_and_not_proved(attempted: Attempt) -> None:
    false(attempted)
    refused(attempted)
