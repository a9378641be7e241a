"""False neighbours of the cross-entropy: wrong bounds, wrong readings, wrong orders of quantifiers."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sympy as sp
from false_neighbours import Attempt, F, attempt, false, refused, reuse

from theory.bounds import choice_of_layer, cross_entropy_floor, entropy
from theory.bounds.cross_entropy import anywhere, loss, nearest, partition
from theory.bounds.cross_entropy_layers import model_partition
from theory.bounds.cross_entropy_layers import partition as layer_partition
from theory.bounds.partition import equal_radii
from theory.claim import Step
from theory.domain import Condition, Domain, Range, Relation, positive
from theory.energies.nearest import omega, on_balls, volume
from theory.notation import bound, d, l, n, radius, s, t, u, unit, v, z
from theory.registry import registry
from theory.rules import Combine, Identity, Justification, Lemma, RegionMonotone, Sight, Square

LE, LT, GE, GT, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.GT, Relation.EQ
ONE, HUNDREDTH = sp.Integer(1), sp.Rational(1, 100)
Z, log_volume = partition(), sp.log(volume)
one_ball = {"d": 1, "n": 1, "r": 1, "rho": ((0,),)}
two_balls = {"d": 2, "n": 1, "r": 1, "rho": ((0,), (3,))}
overlapping = {"d": 2, "n": 1, "r": 1, "rho": ((0,), (1,))}
one_layer = {"l": 1, "n": 1, "d_t": (1,), "r": 1, "rho_t": (((0,),),)}
two_layers = {"l": 2, "n": 1, "d_t": (1, 1), "r": 1, "rho_t": (((0,),), ((3,),))}
unequal = {"l": 2, "n": 1, "d_t": (2, 1), "r": 1, "rho_t": (((0,), (3,)), ((7,),)), "t": 2}


def logarithm_attempts() -> Iterator[Attempt]:
    given = Condition(u, LE, bound * sp.exp(v))
    free = Domain.of(positive(u), positive(bound), Range(v))
    yield reuse("log orders everything", "logarithm.order.kept", {"u": 2, "v": 0, "b": 1}, domain=free)
    weak, equal = free & Domain.of(given), {"u": 1, "v": 0, "b": 1}
    yield reuse("log strict from weak", "logarithm.order.kept_strictly", equal, domain=weak)
    yield reuse("log equal from one side", "logarithm.order.equal", {"u": 1, "v": 1, "b": 1}, domain=weak)
    doubled, falling = sp.log(bound) + 2 * v, {"u": 1, "v": -1, "b": 3}
    yield reuse("the shift twice", "logarithm.order.kept", falling, rhs=doubled)


def formula_attempts() -> Iterator[Attempt]:
    floor, mixed = "cross_entropy.formula.floor", "cross_entropy.mixed.identity"
    yield reuse("log z + 1/z > 1", floor, {"u": 1}, relation=LT)
    yield reuse("log z >= 1", floor, {"u": 1}, rhs=sp.log(u))
    yield reuse("log z + 1/z >= 1 for all z", floor, {"u": -1}, domain=Domain.everywhere(u), rhs=1 / u)
    from_one = Domain.of(Range(u, 1, sp.oo))
    yield reuse("log z + 1/z > 1 for z >= 1", "cross_entropy.formula.strict_floor_above", {"u": 1}, domain=from_one)
    low = Lemma(floor, at=((u, Z),))
    yield attempt("log Z >= 1 by Proposition 4", ONE, LE, sp.log(Z), on_balls, low, at=one_ball)
    yield attempt("the loss >= 1 by Proposition 4", ONE, LE, loss("distance"), on_balls, low, at=one_ball)
    printed = "cross_entropy.distance.unit_floor"
    yield reuse("L >= 1, steps for two readings at once", printed, one_ball, steps_of="cross_entropy.mixed.unit_floor")
    yield reuse("L = log Z + 1/Z, E_t = g_t", mixed, one_ball, lhs=loss("distance"))
    yield reuse("L = log Z + 1/Z, E_t as printed", mixed, one_ball, lhs=loss("printed_energy"))


def one_layer_attempts() -> Iterator[Attempt]:
    distance, printed, soft = (f"cross_entropy.{name}" for name in ("distance", "printed_energy", "layer_energy"))
    yield reuse("L = log Z, E_t as printed", f"{distance}.identity", one_ball, lhs=loss("printed_energy"))
    yield reuse("L = log Z, E_t = (4)", f"{distance}.identity", two_balls, lhs=loss("layer_energy"))
    yield reuse("L = log Z + log d", "cross_entropy.normalised.identity", two_balls, rhs=sp.log(Z) + sp.log(d))
    yield reuse("Jensen without 1/|Omega|", f"{printed}.jensen_floor", one_ball, lhs=log_volume + 1 / Z)
    yield reuse("L <= log |Omega|, E_t as printed", f"{printed}.wide_ceiling", one_ball, rhs=log_volume)
    yield reuse("L <= log Z, E_t = (4)", f"{soft}.log_ceiling", two_balls, rhs=sp.log(Z))
    yield reuse("L <= log Z + log d - 1/100", f"{soft}.log_ceiling", one_ball, rhs=sp.log(Z) + sp.log(d) - HUNDREDTH)
    yield reuse("L >= log Z where balls overlap", f"{soft}.log_floor", overlapping, lhs=sp.log(Z))
    weights = RegionMonotone(z, omega, Combine(((1, Identity(ONE, ONE)), (1, Square(z[1])))))
    yield attempt("|Omega| <= Z", volume, LE, Z, on_balls, weights, at=one_ball)
    nothing = RegionMonotone(z, omega, Sight(nearest(anywhere)))
    yield attempt("the integral of g is at most 0", sp.log(Z), GE, log_volume, on_balls, nothing, at=one_ball)


def ball_attempts() -> Iterator[Attempt]:
    identity, value = registry()["balls.volume.identity"].claim, registry()["cross_entropy.distance.value"].claim
    yield reuse("volumes that overlap add up", identity.id, overlapping, domain=on_balls)
    yield reuse("masses that overlap add up", value.id, overlapping, domain=on_balls)
    yield reuse("the volume of one ball", identity.id, two_balls, rhs=identity.rhs / d)
    touching = replace(equal_radii, given=(replace(equal_radii.given[0], lhs=radius**2),))
    yield reuse("balls of half the distance", identity.id, overlapping | {"rho": ((0,), (F(3, 2),))}, domain=touching)
    printed = registry()["cross_entropy.printed_energy.ceiling"].claim
    quarter = printed.rhs.subs(sp.exp(-(radius**2)), (3 + sp.exp(-(radius**2))) / 4)
    yield reuse("a quarter of (1 - exp(-r^2))/Z", printed.id, one_ball | {"r": F(1, 100)}, rhs=quarter)
    change = registry()["cross_entropy.distance.unit_change"].claim
    doubled = change.rhs + sp.log(unit)
    yield reuse("a change of unit adds (n + 1) log eta", change.id, one_ball | {"eta": 2}, rhs=doubled)
    one = {"n": 1, "r": 1, "eta": 2, "rho": ((0,),)}
    yield reuse("a change of unit, E_t as printed", "cross_entropy.printed_energy.unit_change", one, steps_of=change.id)
    yield reuse("L <= log d, E_t = g_t", "cross_entropy.distance.volume_ceiling", one_ball, rhs=sp.log(d))


def layer_attempts() -> Iterator[Attempt]:
    names = ("distance", "normalised", "printed_energy", "layer_energy")
    distance, normalised, printed, soft = (f"cross_entropy.layers_{name}" for name in names)
    log_union = registry()[f"{distance}.ceiling"].claim.rhs - sp.log(l)
    yield reuse("layers, L <= log Z", f"{distance}.ceiling", two_layers, rhs=log_union)
    less = log_union + sp.log(l) - HUNDREDTH
    yield reuse("layers, L <= log Z + log l - 1/100", f"{distance}.ceiling", one_layer, rhs=less)
    yield reuse("layers, L <= log Z, E_t = (4)", f"{soft}.ceiling", two_layers, rhs=log_union)
    yield reuse("Z_theta = 1 with l layers", f"{normalised}.partition", two_layers, rhs=ONE)
    least = registry()[f"{normalised}.floor"].claim
    yield reuse(
        "layers, L >= min log Z_t + log l",
        least.id,
        two_layers | {"rho_t": (((0,),), ((0,),))},
        lhs=least.lhs + sp.log(l),
    )
    yield reuse("layers, L <= min log Z_t", least.id, two_layers, relation=GE)
    floor = registry()[f"{printed}.floor"].claim
    yield reuse("layers, L >= log |Omega| + 1", floor.id, two_layers, lhs=floor.lhs + 1 / ONE + 1)
    yield reuse("layers, L >= 1", f"{distance}.unit_floor", two_layers | {"r": F(1, 10)}, steps_of=f"{distance}.floor")
    weighed = registry()["lse.weights.identity"].claim
    point = {"n": 1, "x": (0,), "y": (1,), "z": (1,)}
    free = replace(weighed.domain, given=())
    yield reuse("any weights enter LSE as logarithms", weighed.id, point, domain=free)
    mean = registry()["global.energy.mean_ceiling"].claim
    yield reuse("E_global is at most the mean less 2 log l", mean.id, {"l": 2, "E": (0, 0)}, rhs=mean.rhs - sp.log(l))


def partition_attempts() -> Iterator[Attempt]:
    every, some = "global.log_partition.every_layer", "global.log_partition.distance_ceiling"
    yield reuse("(15) for every layer, steps for some layer", every, unequal, steps_of=some)
    log_own = sp.log(layer_partition(t))
    whole = sp.log(model_partition("distance"))
    above = Lemma("global.log_partition.distance_floor")
    inside = registry()[every].claim.domain
    yield attempt("Z_theta <= Z_t", whole, LE, log_own, inside, above, at=unequal)
    for name, steps_of in (
        ("printed_energy", "layers.log_partition.distance"),
        ("layer_energy", "layers.log_partition.layer_energy_floor"),
    ):
        where = {"l": 1, "n": 1, "d_t": (2,), "r": 1, "rho_t": (((0,), (3,)),), "t": 1}
        yield reuse(f"integral = Z_t, {name}", f"layers.log_partition.{name}", where, steps_of=steps_of)
    one = {**one_layer, "t": 1}
    yield reuse(
        "the integral of a density is Z_t",
        "layers.log_partition.normalised",
        one,
        steps_of="layers.log_partition.normalised_identity",
    )


def choice_attempts() -> Iterator[Attempt]:
    single, pair = {"l": 1, "E": (0,)}, {"l": 2, "E": (0, 3)}
    strict = "choice_of_layer.pointwise.strict_ceiling"
    yield reuse("(10) as printed, steps for two", strict, single, steps_of=f"{strict}_from_two")
    interval = registry()["choice_of_layer.pointwise.interval"].claim
    yield reuse("0 < c < log l in some layer", interval.id, single, relation=LT)
    every = registry()[f"{strict}_from_two"].claim
    yield attempt(
        "every layer has 0 <= c", ONE - 1, LE, every.lhs, every.domain, Lemma(interval.id), at={**pair, "t": 2}
    )
    yield reuse("c is constant by its spread", "choice_of_layer.offset.spread", pair | {"F": (0, 0)}, rhs=ONE - 1)
    served = registry()["choice_of_layer.lowest.floor"].claim
    yield reuse("a layer lower than the first", served.id, pair | {"t": 2}, domain=replace(served.domain, given=()))
    uniform = choice_of_layer.uniform_floor
    denied = "choice_of_layer.uniform.failure"
    below: tuple[tuple[str, Justification], ...] = (
        ("(8)", Lemma("choice_of_layer.pointwise.floor")),
        ("sight", Sight(sp.log(2))),
        ("a criterion", Lemma("choice_of_layer.lowest.floor")),
    )
    for name, rule in below:
        for layer in (1, 2):
            steps = (Step(LE, uniform.rhs.subs(s, layer), rule),)
            yield reuse(
                f"layer {layer} serves every point by {name}",
                uniform.id,
                denied_by=denied,
                witness=((s, layer),),
                steps=steps,
            )


def floor_attempts() -> Iterator[Attempt]:
    for name in ("distance", "normalised", "printed_energy", "layer_energy"):
        original, denied = f"cross_entropy.{name}.constant_floor", f"cross_entropy.{name}.no_floor"
        for value in (sp.Integer(-1000), -n, sp.log(n)):
            step = Step(GE, value, Lemma(f"cross_entropy.{name}.volume_ceiling"))
            yield reuse(
                f"{value} is a floor, {name}", original, denied_by=denied, witness=((bound, value),), steps=(step,)
            )
    moving = Step(GE, loss("distance"), Identity(loss("distance"), loss("distance")))
    yield reuse(
        "the loss is its own floor",
        "cross_entropy.distance.constant_floor",
        denied_by="cross_entropy.distance.no_floor",
        witness=((bound, loss("distance")),),
        steps=(moving,),
    )
    below = registry()["cross_entropy.distance.no_floor"].claim
    wide = replace(below.exists, ranges=(below.exists.ranges[0], Range(radius, 1, sp.oo)))
    yield reuse("below every number with radii from 1", below.id, denied_by="cross_entropy.distance.value", exists=wide)
    large = tuple((symbol, ONE if symbol == radius else value) for symbol, value in below.witness)
    yield reuse(
        "below every number at radius 1", below.id, denied_by="cross_entropy.distance.value", witness=large, exists=wide
    )
    several = tuple((symbol, sp.ceiling(bound) if symbol == d else value) for symbol, value in below.witness)
    yield reuse(
        "as many balls as b says",
        below.id,
        denied_by="d >= 1 fails for b < 0",
        witness=several,
        steps=cross_entropy_floor.no_floors[0].steps,
    )


def entropy_attempts() -> Iterator[Attempt]:
    floor = entropy.floor
    samples = replace(floor.domain, given=floor.domain.given[:1])
    above_one = {"n": 1, "x": (0,), "y": (1,)}
    yield reuse("Gibbs for any weights of the model", floor.id, above_one, domain=samples)
    model = replace(floor.domain, given=floor.domain.given[1:])
    yield reuse("Gibbs for any weights of the samples", floor.id, {"n": 1, "x": (-1,), "y": (0,)}, domain=model)
    yield reuse("Gibbs strictly", floor.id, {"n": 1, "x": (0,), "y": (0,)}, relation=LT)
    yield reuse("the entropy is the most", floor.id, {"n": 1, "x": (0,), "y": (-1,)}, relation=GE)
    less = Step(LT, entropy.entropy, Identity(entropy.entropy, entropy.entropy))
    yield reuse("a model below the entropy", entropy.attained.id, denied_by=floor.id, relation=LT, steps=(less,))
    density = "cross_entropy.entropy.density_floor"
    small = {"d": 1, "n": 1, "r": F(1, 4), "rho": ((0,),)}
    yield reuse("the memory model, steps for a discrete one", density, small, steps_of=floor.id)


FAMILIES = (
    logarithm_attempts,
    formula_attempts,
    one_layer_attempts,
    ball_attempts,
    layer_attempts,
    partition_attempts,
    choice_attempts,
    floor_attempts,
    entropy_attempts,
)
ATTEMPTS = [a for family in FAMILIES for a in family()]


@pytest.mark.parametrize("attempted", ATTEMPTS, ids=str)
def test_a_false_neighbour_is_false_and_not_proved(attempted: Attempt) -> None:
    false(attempted)
    refused(attempted)
