"""False neighbours of the claims on partition functions over balls and on the critical number of patterns."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sympy as sp
from false_neighbours import Attempt, F, attempt, false, half, refused, reuse

from theory.bounds import ball_volume as bv
from theory.bounds import critical as cr
from theory.bounds import critical_floor as cf
from theory.bounds import critical_limits as cl
from theory.bounds import partition as pa
from theory.bounds import partition_printed as pp
from theory.claim import Step
from theory.domain import Condition, Domain, Family, Range, Relation, nonnegative, positive, size
from theory.notation import bound, constant, d, distance, epsilon, i, j, n, radii, radius, rho
from theory.registry import registry
from theory.rules import (
    Assume,
    Combine,
    DisjointBalls,
    ExpTangent,
    Generic,
    Lemma,
    Product,
    RoundedUp,
    Scale,
    Sight,
    SumMonotone,
)

LE, LT, GE, GT, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.GT, Relation.EQ
q, r = distance, radius
zero, one = sp.Integer(0), sp.Integer(1)
ALONE = {"d": 1, "n": 1, "r": 1, "rho": ((0,),)}
PAIR = {"d": 2, "n": 1, "r": 1, "rho": ((0,), (3,))}
UNEQUAL = {"d": 2, "n": 1, "r_i": (1, 3), "rho": ((0,), (5,))}


def conditions(domain: Domain, *kept: int) -> Domain:
    """The domain with these side conditions only."""
    return replace(domain, given=tuple(domain.given[number] for number in kept))


def union_attempts() -> Iterator[Attempt]:
    for suffix, version in (("", "v2"), ("_v1", "v1")):
        cells, same = f"partition.balls.identity{suffix}", f"partition.balls.equal_radii{suffix}"
        yield reuse(
            f"disjoint balls of any radii {version}",
            f"partition.balls.any_radii{suffix}",
            UNEQUAL,
            steps_of=cells,
            guards=(pa.radii_positive,),
        )
        yield reuse(
            f"overlapping balls {version}", same, {**PAIR, "rho": ((0,), (1,))}, domain=conditions(pa.equal_radii)
        )
        yield reuse(f"only r_i within half the way {version}", cells, UNEQUAL, domain=conditions(pa.voronoi, 0, 1, 2))
        yield reuse(
            f"only r_j within half the way {version}",
            cells,
            {**UNEQUAL, "r_i": (3, 1)},
            domain=conditions(pa.voronoi, 0, 1, 3),
        )
        claim = registry()[same].claim
        yield reuse(f"one ball for all {version}", same, PAIR, rhs=pa.mass(version, r))
        yield reuse(f"d squared {version}", same, PAIR, rhs=d * claim.rhs)
        neighbours = ((i, 1, d - 1), (j, i + 1, i + 1))
        chain = Condition((2 * r) ** 2, LT, pa.apart(j, i), neighbours)
        three = {"d": 3, "n": 1, "r": 1, "rho": ((0,), (5,), (1,))}
        yield reuse(f"neighbours in the list {version}", same, three, domain=replace(pa.equal_radii, given=(chain,)))
        closer = Condition(r**2, LT, pa.apart(j, i), pa.pairs)
        near = {**PAIR, "rho": ((0,), (F(3, 2),))}
        yield reuse(
            f"centres outside the other ball {version}", same, near, domain=replace(pa.equal_radii, given=(closer,))
        )
        own = sp.Sum(pa.mass(version, radii[1]), pa.over_d)
        wide = {"d": 2, "n": 1, "r_i": (1, 2), "rho": ((0,), (4,))}
        yield reuse(f"the radius of the first ball {version}", cells, wide, rhs=own)
    mixed = pa.over_balls("v1", r, 0, 0, 0)
    true = registry()["partition.balls.equal_radii"].claim
    yield attempt("v1's mass for v2's distance", true.lhs, EQ, d * pa.mass("v1", r), pa.equal_radii, mixed, at=ALONE)
    v2 = pa.over_balls("v2", r, 0, 0, 0)
    profile = replace(v2, profile=sp.exp(-q))
    yield attempt("another profile", true.lhs, EQ, d * pa.mass("v1", r), pa.equal_radii, profile, at=ALONE)
    assert isinstance(v2, DisjointBalls)
    fixed = replace(v2, apart=Assume(0, (j, i)))
    yield attempt("pairs in the wrong order", true.lhs, EQ, 2 * true.rhs, pa.equal_radii, fixed, at=PAIR)
    unproved = replace(v2, same=Lemma("exponential.order.equal", v2.same.at))  # type: ignore[attr-defined]
    yield attempt(
        "g is not the own distance",
        true.lhs,
        EQ,
        true.rhs,
        conditions(pa.equal_radii),
        unproved,
        at={**PAIR, "rho": ((0,), (1,))},
    )
    captured = replace(v2, rows=(i, i))
    yield attempt("one row for two", true.lhs, EQ, 2 * true.rhs, pa.equal_radii, captured, at=PAIR)


def printed_attempts() -> Iterator[Attempt]:
    first, several = "partition.balls.printed", "partition.balls.printed_any_radii"
    for steps_of in ("partition.balls.printed_v1", "partition.balls.squared_identity"):
        yield reuse(f"(13) with v2's distance, {steps_of}", first, ALONE, steps_of=steps_of)
    point = {**ALONE, "r_i": (1,)}
    del point["r"]
    for suffix in ("", "_v1"):
        at = point if not suffix else UNEQUAL
        yield reuse(
            f"(13) with radii r_i{suffix}", several + suffix, at, steps_of="partition.balls.own_radii_identity_v1"
        )
    amended = registry()["partition.balls.squared_identity"].claim
    yield reuse("the amendment with a factor 2", amended.id, ALONE, rhs=2 * amended.rhs)
    own = registry()["partition.balls.own_radii_identity"].claim
    linear = sp.Sum(own.rhs.function.xreplace({radii[i] ** 2: radii[i]}), pa.over_d)
    yield reuse("cutoff r_i for r_i^2", own.id, {**point, "r_i": (2,)}, rhs=linear)
    sums = SumMonotone(i, 2, d, Lemma("ball.mass.squared_identity", ((radius, radii[i]),), (Assume(0, (i,)),)))
    step = Step(EQ, own.rhs.func(own.rhs.function, (i, 2, d)), sums)
    yield attempt("a sum without the first ball", own.steps[0].expr, EQ, step.expr, pa.voronoi, step, at=point)


def critical_attempts() -> Iterator[Attempt]:
    exact, defined = "partition.critical.exact", "partition.critical.defined"
    low = {"d": 1, "n": 22}
    one_pattern = {"d": 1, "n": 1, "rho": ((0,),)}
    for steps_of in (f"{exact}_floor_v1", "partition.critical.squared_floor"):
        yield reuse(f"(14) with v2's distance, {steps_of}", f"{exact}_floor", low, steps_of=steps_of)
    yield reuse("exp(-r) in the ceiling", f"{exact}_ceiling", {"d": 1, "n": 1}, rhs=d * bv.volume_there * cf.weight)
    yield reuse("a floor without its weight", f"{exact}_floor_v1", {"d": 1, "n": 1}, lhs=d * bv.volume_there)
    yield reuse("more patterns, one ball", f"{defined}_ceiling", one_pattern, rhs=bv.volume_there / 2)
    crowded = {"d": 2, "n": 1, "rho": ((0,), (F(1, 100),))}
    yield reuse("overlapping balls", f"{defined}_floor_v1", crowded, domain=conditions(pp.patterns_apart))
    evaluated = "partition.critical.printed_ceiling"
    yield reuse("(13) below half the volume", evaluated, {"d": 1, "n": 1}, rhs=d * bv.volume_there / 2)
    yield reuse(
        "a tenth of the weight",
        "partition.critical.squared_floor",
        one_pattern,
        lhs=d * bv.volume_there * sp.exp(-cf.c / 10),
    )
    early = replace(cf.exact_reversed.domain, ranges=(size(d), size(n, 20)))
    yield reuse("reversed from n = 20 on", f"{exact}_reversed", {"d": 1, "n": 20}, domain=early)
    yield reuse("reversed in every dimension", f"{exact}_reversed", {"d": 1, "n": 1}, domain=pp.many)
    nothing = replace(cf.exact_reversed.domain, ranges=(size(d, 0), size(n, 22)))
    yield reuse("reversed without patterns", f"{exact}_reversed", denied_by="0 is not below 0", domain=nothing)
    stronger = replace(cf.exact_reversed, id="reversed by a tenth").rhs * F(9, 10)
    yield reuse("reversed by a tenth", f"{exact}_reversed", low, rhs=stronger)
    yield reuse("a ball mass of V exp(-r^2)", "ball.mass.critical_ceiling", {"n": 1}, lhs=cf.ball)
    scaled = "partition.critical.scaled_reversed"
    bare = conditions(cf.scaled_reversed.domain, 1)
    yield reuse("every multiple in every dimension", scaled, {**one_pattern, "C": 1}, domain=bare)
    printed, denial = f"{defined}_floor", f"{defined}_floor_fails"
    for weight in (one, cf.weight):
        yield reuse(
            f"a constant that saves (14): {weight}",
            printed,
            denied_by=denial,
            steps_of="partition.critical.squared_floor",
            witness=((constant, weight),),
        )
    few = ((n, one), *cf._one_pattern)
    yield reuse("already in dimension 1", denial, denied_by="for C = 1 and n = 1 the floor holds", witness=few)
    two = ((n, cf._n), (d, sp.Integer(2)), cf._one_pattern[1])
    yield reuse("two patterns in one place", denial, denied_by="their balls are not disjoint", witness=two)
    wrong = Generic(((i, 1, 1), (j, i, 1)), cf._apart.each)
    yield reuse(
        "a pattern apart from itself",
        denial,
        denied_by="the witness is not what is asked",
        witness=two,
        guards=(wrong,),
    )
    up = Combine(((1, RoundedUp(cf._threshold)), (-1, Sight(one))))
    yield attempt(
        "a ceiling one too small",
        cf._threshold + 1,
        LE,
        sp.ceiling(cf._threshold),
        Domain.of(positive(constant)),
        up,
        denied_by="ceiling(x) < x + 1",
    )


def number_attempts() -> Iterator[Attempt]:
    first, ratio = {"n": 1}, cr.ratio
    for suffix, case in (("", cr.SQUARED), ("_v1", cr.PLAIN)):
        identity, floor, ceiling = (f"patterns.critical.{role}{suffix}" for role in ("identity", "floor", "ceiling"))
        yield reuse(f"Z is 2{suffix}", identity, first, rhs=sp.Integer(2))
        yield reuse(f"without 1 - c/a{suffix}", floor, {"n": 40}, lhs=case.leading / (1 - case.share))
        yield reuse(f"1 + c/a{suffix}", floor, {"n": 40}, lhs=case.leading * (1 + case.share) / (1 - case.share))
        yield reuse(f"the leading term as a ceiling{suffix}", ceiling, first, rhs=case.leading)
        yield reuse(f"no excess{suffix}", ceiling, first, rhs=case.leading * sp.exp(bv.error))
        yield reuse(
            f"exp(-c) for exp(c){suffix}",
            ceiling,
            {"n": 40},
            rhs=registry()[ceiling].claim.rhs * sp.exp(-2 * case.cutoff),
        )
        yield reuse(f"floor and ceiling exchanged{suffix}", floor, first, relation=GE)
        limit = f"patterns.critical.limit_ceiling{suffix}"
        yield reuse(f"below its leading term{suffix}", limit, denied_by=floor, rhs=(1 - epsilon) * case.leading)
        yield reuse(f"an eps of 0{suffix}", limit, denied_by=floor, domain=Domain.of(nonnegative(epsilon)))
        anywhere = replace(registry()[limit].claim.forall, given=())
        yield reuse(f"in every dimension{suffix}", limit, denied_by="n = 1, eps = 1/1000", forall=anywhere)
        negative = Domain.of(Range(epsilon, -half, half))
        yield reuse(f"eps of either sign{suffix}", limit, denied_by=floor, domain=negative)
    yield reuse(
        "v2's number for v1's mass",
        "patterns.critical.identity",
        first,
        lhs=cr.PLAIN.number * pa.mass("v2", bv.critical_radius),
    )
    plain = "patterns.critical.limit_floor_v1"
    yield reuse(
        "above its leading term",
        plain,
        denied_by="patterns.critical.limit_ceiling_v1",
        lhs=(1 + epsilon) * cl.plain_leading,
    )
    yield reuse("from n = 1 on", plain, denied_by="n = 1, eps = 1/1000", witness=((bound, one),))
    lemma = "patterns.critical.ratio_ceiling"
    yield reuse("1/(pi e) is at most 1/9", lemma, denied_by="it is 0.1171", rhs=F(1, 9))
    circle = Combine(((F(1, 9), Product(Sight(ratio), Combine(((1, cr._pi_e), (3, ExpTangent(one)))))),))
    yield attempt("1/(pi e) is at most 1/9, by halves", ratio, LE, F(1, 9), Domain(), circle, denied_by="it is 0.1171")
    swollen = Scale(cr.SQUARED.number, Lemma("ball.mass.squared_identity", ((radius, 2 * bv.critical_radius),)))
    wide = registry()["patterns.critical.identity"].claim
    yield attempt("another radius", wide.lhs, EQ, 2, wide.domain, swollen, at=first)
    none = Domain.of(size(n, 0))
    yield reuse("dimension 0", "patterns.critical.identity", denied_by="Gamma(0) is no number", domain=none)
    loose = Domain.of(size(d), size(n), Family(rho, (d, n)))
    spread = Generic(((i, 1, d), (j, i + 1, d)), Assume(0, (i, j)))
    overlap = Lemma("partition.balls.equal_radii", ((radius, bv.critical_radius),), (spread,))
    where = {"d": 2, "n": 1, "rho": ((0,), (0,))}
    yield attempt(
        "no separation",
        pa.partition("v2", bv.critical_radius),
        EQ,
        d * pa.mass("v2", bv.critical_radius),
        loose,
        overlap,
        at=where,
    )


FAMILIES = (union_attempts, printed_attempts, critical_attempts, number_attempts)
ATTEMPTS = [a for family in FAMILIES for a in family()]


@pytest.mark.parametrize("attempted", ATTEMPTS, ids=str)
def test_a_false_neighbour_is_false_and_not_proved(attempted: Attempt) -> None:
    false(attempted)
    refused(attempted)
