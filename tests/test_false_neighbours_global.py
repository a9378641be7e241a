"""False neighbours of the global energy, the surrogates and the existential claims."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sympy as sp
from false_neighbours import Attempt, F, attempt, false, half, refused, reuse

from theory import retrieval, surrogate
from theory.claim import NOTHING, Step
from theory.domain import Condition, Domain, Family, Range, Relation, nonnegative, size
from theory.energies import (
    global_continuity,
    global_energy,
    global_shape,
    layers,
    mchn,
    mchn_sharp,
)
from theory.notation import (
    bound,
    d,
    energies,
    i,
    j,
    k,
    l,
    n,
    rho,
    t,
    u,
    weight,
    x,
    y,
)
from theory.registry import registry
from theory.rules import (
    Combine,
    Identity,
    Lemma,
    Sight,
    Square,
    SumMonotone,
)

LE, LT, GE, GT, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.GT, Relation.EQ
over_d, over_l = (i, 1, d), (t, 1, l)


def global_attempts() -> Iterator[Attempt]:
    strict = "global.energy.strict_ceiling"
    single = {"l": 1, "E": (0,)}
    yield reuse("(8) as printed, steps for two", strict, single, steps_of="global.energy.strict_ceiling_from_two")
    yield reuse("(8) as printed, amended steps", strict, single, steps_of="global.energy.ceiling", relation=LT)
    above = "global.energy.uniform_floor"
    weak = registry()[above].claim.domain
    touching = replace(weak, given=(replace(weak.given[0], relation=LE),))
    yield reuse("strict floor from a weak bound", above, {**single, "b": 0}, domain=touching)
    first = replace(weak, given=(Condition(bound, LT, energies[1]),))
    low = {"l": 2, "E": (1, -5), "b": 0}
    yield reuse("a floor from layer 1", above, low, domain=first)
    below = registry()["global.energy.uniform_ceiling"].claim
    yield reuse("a ceiling less 2 log l", below.id, {"l": 2, "E": (0, 0), "b": F(1, 10)}, rhs=bound - 2 * sp.log(l))
    longer = Domain.of(size(l), Range(t, 1, l + 1), Family(energies, (l + 1,)))
    outside = {"l": 1, "t": 2, "E": (0, -9)}
    yield reuse("a layer that is not there", "surrogate.layer.lies_above", outside, domain=longer)
    two = {"l": 2, "t": 1, "E": (5, 0)}
    yield reuse("a layer lies below", "surrogate.layer.lies_above", two, relation=GE)
    lies = registry()["surrogate.layer.lies_above"].claim
    touched = surrogate.majorizes_distance
    moved = {
        "l": 2,
        "n": 1,
        "r": 1,
        "d_t": (1, 1),
        "rho_t": (((0,),), ((2,),)),
        "x": (0,),
        "y": (1,),
        "t": 1,
        "delta": 1,
    }
    yield reuse("Section 4.2 from 'lies above'", touched.id, moved, steps_of=lies.id)
    twice = Combine(((2, Lemma(lies.id, at=((energies, ((t,), layers.nearest(x))),))),))
    yield reuse("Section 4.2, tuned", touched.id, moved, steps=(Step(LE, touched.rhs, twice),))
    near = global_continuity.continuity
    jump = {"l": 1, "n": 1, "r": F(1, 10), "d_t": (1,), "rho_t": (((0,),),), "x": (0,), "y": (1,), "h": 1}
    smaller = near.rhs / 5
    yield reuse("continuity with a fifth of the constant", near.id, {**jump, "x": (1,), "y": (0,)}, rhs=smaller)
    one_side = replace(near.domain, given=near.domain.given[:1])
    yield reuse("continuity with x - y <= h only", near.id, {**jump, "h": 0}, domain=one_side)
    other_side = replace(near.domain, given=near.domain.given[:1] * 2)
    yield reuse("continuity with one side twice", near.id, {**jump, "h": 0}, domain=other_side)


def surrogate_attempts() -> Iterator[Attempt]:
    gibbs, entropy, E = surrogate.gibbs_l, surrogate.entropy_l, global_energy.combined(energies[t])
    tangent = surrogate.layers_majorizer.steps[0].rule
    flat = {"l": 2, "E": (0, 0), "F": (0, 0)}
    yield attempt("twice the entropy", gibbs + entropy, GE, E, surrogate.two_points, tangent, at=flat)
    yield reuse("a strict majorizer", "surrogate.layers.majorizer", flat, relation=GT)
    average = sp.Sum(surrogate.weights_l * energies[t], over_l)
    yield attempt("the average lies below", average, LE, E, surrogate.two_points, tangent, at=flat)
    apart = {"l": 2, "E": (0, 9), "F": (9, 0)}
    yield reuse(
        "touching away from the point",
        "surrogate.layers.touching",
        apart,
        lhs=gibbs,
        rhs=E,
        domain=surrogate.two_points,
        steps=(Step(EQ, E, Identity(gibbs, E)),),
    )
    open_step = replace(surrogate.layers_descent.domain, given=())
    yield reuse("descent without a step", "surrogate.layers.descent", {"l": 1, "E": (1,), "F": (0,)}, domain=open_step)
    f_x, f_y, u_x, u_y = surrogate.f_x, surrogate.f_y, surrogate.u_x, surrogate.u_y
    numbers = {"f_x": 1, "f_y": 0, "u_x": 0, "u_y": 0}
    below = Domain.everywhere(f_x, f_y, u_x, u_y) & Domain.of(Condition(u_x, LE, u_y))
    yield reuse("descent without majorizing", "surrogate.minimisation.descent", numbers, domain=below)
    at = {"d": 2, "n": 1, "rho": ((0,), (4,)), "x": (0,), "y": (0,)}
    Q = surrogate.majorizer
    minimiser = "surrogate.update.minimiser"
    yield reuse("the current point minimises", minimiser, {**at, "x": (1,), "y": (2 - F(1, 10),)}, lhs=Q(y))
    mean = sp.Sum(rho[j, k], (j, 1, d)) / d
    spread = sp.Sum(surrogate.weight * sp.Sum((mean - rho[i, k]) ** 2, (k, 1, n)), over_d)
    rest = sp.Sum(surrogate.weight * surrogate.log_weight, over_d)
    squares = SumMonotone(k, 1, n, Square(x[k] - mean))
    swap = Combine(((1, squares), (-2, retrieval._swap(x[k])), (2, retrieval._swap(mean))))
    yield attempt("the plain mean minimises", spread + rest, LE, Q(x), surrogate.at_two_points, swap, at=at)
    descent = registry()["surrogate.update.descent"].claim
    still = {"d": 1, "n": 1, "rho": ((0,),), "y": (0,)}
    yield reuse("the update always falls", descent.id, still, relation=LT)
    yield reuse("the update falls by 1", descent.id, still, rhs=descent.rhs - 1)
    attention, plain = registry()["surrogate.update.attention"].claim, retrieval.attention(retrieval._plain, k)
    biased = {"d": 2, "n": 1, "rho": ((0,), (1,)), "y": (0,), "k": 1}
    yield reuse(
        "attention without the bias",
        attention.id,
        biased,
        rhs=plain,
        steps=(Step(EQ, plain, Identity(attention.lhs, plain)),),
    )
    single = retrieval.attention(retrieval._scores / 2, k)
    yield reuse(
        "attention at half the temperature",
        attention.id,
        {**biased, "y": (1,)},
        rhs=single,
        steps=(Step(EQ, single, Identity(attention.lhs, single)),),
    )
    shared = registry()["surrogate.update.plain_attention"].claim
    one_norm = replace(shared.domain.given[0], forall=((i, 1, 1),))
    yield reuse(
        "one norm for the first pattern only",
        shared.id,
        {**biased, "b": 0},
        domain=replace(shared.domain, given=(one_norm,)),
    )
    yield reuse("no norm shared", shared.id, {**biased, "b": 0}, domain=replace(shared.domain, given=()))
    falls = registry()["surrogate.mchn_update.descent"].claim
    yield reuse("the MCHN update always falls", falls.id, {**still, "beta": 1}, relation=LT)
    every = replace(falls.domain, ranges=(*falls.domain.ranges[:-1], Range(mchn.beta, -3, 0, open_upper=True)))
    hot = {"d": 2, "n": 1, "rho": ((1,), (-1,)), "y": (F(1, 10),), "beta": -3}
    yield reuse("the MCHN update at negative beta", falls.id, hot, domain=every)


def existential_attempts() -> Iterator[Attempt]:
    some = Domain.of(Range(weight, 0, 1))
    at_two = ((weight, sp.Integer(2)),)
    yield attempt(
        "a weight above 1",
        weight,
        GT,
        1,
        NOTHING,
        Step(GT, sp.Integer(1), Sight(sp.Integer(1))),
        exists=some,
        witness=at_two,
        denied_by="its own range",
    )
    given = Domain.of(Range(u), Condition(u, GE, 3))
    yield attempt(
        "u >= 3 with u <= 2",
        u,
        LE,
        2,
        NOTHING,
        Step(LE, sp.Integer(2), Sight(sp.Integer(2))),
        exists=given,
        witness=((u, sp.Integer(0)),),
        denied_by="its own condition",
    )
    whole = Domain.of(size(n))
    yield attempt(
        "2 n = 1 in integers",
        2 * n,
        EQ,
        1,
        NOTHING,
        Step(EQ, sp.Integer(1), Identity(2 * n, 2 * n)),
        exists=whole,
        witness=((n, half),),
        denied_by="parity",
    )
    yield attempt(
        "2 n = 1 without a range",
        2 * n,
        EQ,
        1,
        NOTHING,
        Step(EQ, sp.Integer(1), Identity(sp.Integer(1), sp.Integer(1))),
        exists=Domain.everywhere(n),
        witness=((n, half),),
        denied_by="parity",
    )
    many = registry()["lse.negative.nonconvexity_from_two"].claim
    yield reuse(
        "-LSE is not convex for any n",
        "lse.negative.nonconvexity",
        steps_of=many.id,
        witness=many.witness,
        denied_by="lse.negative.convexity_in_dimension_one",
    )
    pair = registry()["global.energy.nonconvexity_with_two_patterns"].claim
    yield reuse(
        "not convex without a free middle",
        pair.id,
        domain=replace(pair.domain, given=()),
        denied_by="all patterns equal",
    )
    yield reuse(
        "not convex for one pattern",
        pair.id,
        denied_by="global.energy.convexity_with_one_pattern",
        domain=replace(pair.domain, ranges=(size(n), size(d)), given=()),
    )
    yield reuse(
        "any layers, steps for two patterns",
        "global.energy.nonconvexity_distance",
        steps_of=pair.id,
        witness=pair.witness,
        denied_by="global.energy.convexity_with_one_pattern",
    )
    printed = global_shape.nonconvexity
    yield reuse(
        "E_t = g_t, steps for E_t as printed",
        "global.energy.nonconvexity_distance",
        steps_of=printed.id,
        witness=printed.witness,
        denied_by="global.energy.convexity_with_one_pattern",
    )
    attained = mchn_sharp.sharp_ceiling_attained
    yield reuse(
        "g above 2 E_MCHN somewhere",
        attained.id,
        relation=GT,
        denied_by="mchn.nearest.sharp_ceiling",
        steps=(Step(GT, sp.Integer(0), Sight(sp.Integer(1))),),
    )
    approached = mchn_sharp.floor_approached
    yield reuse(
        "below the amended floor",
        approached.id,
        rhs=approached.rhs - mchn_sharp.epsilon,
        denied_by="mchn.nearest.floor",
        steps=(*approached.steps[:-1], replace(approached.steps[-1], expr=-sp.log(2))),
    )
    yield reuse(
        "the floor for epsilon = 0",
        approached.id,
        denied_by="mchn.nearest.floor",
        domain=Domain.of(nonnegative(mchn_sharp.epsilon)),
    )


FAMILIES = (
    global_attempts,
    surrogate_attempts,
    existential_attempts,
)
ATTEMPTS = [a for family in FAMILIES for a in family()]


@pytest.mark.parametrize("attempted", ATTEMPTS, ids=str)
def test_a_false_neighbour_is_false_and_not_proved(attempted: Attempt) -> None:
    false(attempted)
    refused(attempted)
