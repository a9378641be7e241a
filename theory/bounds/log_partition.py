"""Equation (15): ``log Z_theta ~ log l - c + log integral exp(-E_t) = log l - c + log Z_t``.

Exactly, ``Z_theta`` is the sum over layers of the integrals of ``exp(-E_t)``.  So c lies in [0, log l] for the layer
whose integral is largest, and not for every layer.  The integral is Z_t in the reading ``E_t = g_t`` alone.
"""

import sympy as sp

from theory.atoms import IndexMax, RegionIntegral
from theory.bounds.cross_entropy import READINGS
from theory.bounds.cross_entropy_layers import (
    anywhere,
    apart,
    distances,
    every_layer,
    layer_energy,
    model_partition,
    nearest,
    partition,
)
from theory.bounds.cross_entropy_layers_weighted import jensen, printed_positive
from theory.claim import Claim, Relation, Source, Step
from theory.energies.layers import layered, omega, one_layer, volume
from theory.logarithm import order
from theory.logsumexp import kept, reflected
from theory.notation import i, l, n, s, sizes, t, x, z
from theory.rules import (
    Combine,
    ExtremumMember,
    Identity,
    Justification,
    Lemma,
    RegionMonotone,
    RegionSum,
    Sight,
    SumMember,
    SumMonotone,
)

LE, GE, EQ = Relation.LE, Relation.GE, Relation.EQ


def integral(name: str, layer: sp.Expr = t) -> sp.Expr:
    """The integral of ``exp(-E_t)`` over Omega."""
    return RegionIntegral(sp.exp(-layer_energy(name, anywhere, layer)), z, omega)


def _sides(name: str) -> tuple[Claim, ...]:
    """c is at most log l for every layer, and at least 0 for some layer."""
    total, each = model_partition(name), integral(name, s)
    log_total, most = sp.log(total), IndexMax(sp.log(each), every_layer)
    summed = RegionSum(z, omega, sp.Sum(sp.exp(-layer_energy(name, anywhere)), every_layer))
    floor = Claim(
        id=f"global.log_partition.{name}_floor",
        title="every layer has c <= log l",
        lhs=sp.log(integral(name)),
        relation=LE,
        rhs=log_total,
        domain=layered & one_layer,
        source=Source("(15), upper half"),
        reading=READINGS[name].says,
        steps=(
            Step(
                LE,
                log_total,
                order(
                    integral(name),
                    total,
                    Combine(((1, summed), (1, SumMember(sp.Sum(each, every_layer), t, Sight(each))))),
                ),
                "the integral of one layer is at most the sum over layers",
            ),
        ),
    )
    ceiling = Claim(
        id=f"global.log_partition.{name}_ceiling",
        title="some layer has 0 <= c",
        lhs=log_total,
        relation=LE,
        rhs=sp.log(l) + most,
        domain=layered,
        source=Source("(15), lower half"),
        reading=f"some layer; {READINGS[name].says}",
        amends=("global.log_partition.every_layer",) if name == "distance" else (),
        steps=(
            Step(
                LE,
                sp.log(l) + most,
                order(
                    total,
                    l,
                    Combine(
                        ((-1, summed), (1, SumMonotone(s, 1, l, kept(sp.log(each), most, ExtremumMember(most, s)))))
                    ),
                    shift=most,
                ),
                "l integrals, each at most the largest",
            ),
        ),
    )
    return floor, ceiling


sides = tuple(claim for name in ("distance", "printed_energy", "layer_energy") for claim in _sides(name))

every_layer_printed = Claim(
    id="global.log_partition.every_layer",
    title="every layer has 0 <= c",
    lhs=sp.log(model_partition("distance")),
    relation=LE,
    rhs=sp.log(l) + sp.log(partition(t)),
    domain=apart & one_layer,
    source=Source("(15), lower half"),
    reading=f"every layer; {READINGS['distance'].says}",
)

# The integral of exp(-E_t) and Z_t

log_own = sp.log(partition(t))


def _value(name: str, *steps: Step) -> Claim:
    return Claim(
        id=f"layers.log_partition.{name}",
        title="the log integral of exp(-E_t) is log Z_t",
        lhs=sp.log(integral(name)),
        relation=EQ,
        rhs=log_own,
        domain=apart & one_layer,
        source=Source("(15), the last equation"),
        reading=READINGS[name].says,
        steps=steps,
    )


def _amended(
    name: str, role: str, title: str, sides: tuple[sp.Expr, Relation, sp.Expr], proof: Justification, note: str
) -> Claim:
    return Claim(
        id=f"layers.log_partition.{name}_{role}",
        title=title,
        lhs=sides[0],
        relation=sides[1],
        rhs=sides[2],
        domain=layered & one_layer,
        source=Source("(15), the last equation, amended"),
        reading=READINGS[name].says,
        amends=(f"layers.log_partition.{name}",),
        steps=(Step(sides[1], sides[2], proof, note),),
    )


values = (
    _value("distance", Step(EQ, log_own, Identity(sp.log(integral("distance")), log_own), "the definition of Z_t")),
    *(_value(name) for name in ("normalised", "printed_energy", "layer_energy")),
)

normalised = _amended(
    "normalised",
    "identity",
    "the integral of exp(-E_t) is 1",
    (integral("normalised"), EQ, sp.Integer(1)),
    Identity(integral("normalised"), sp.Integer(1)),
    "exp(-E_t) is a density",
)
_share = 1 / volume
printed_floor = _amended(
    "printed_energy",
    "floor",
    "the log integral of exp(-E_t) is at most 1/|Omega| below the log volume of Omega",
    (sp.log(volume) - _share, LE, sp.log(integral("printed_energy"))),
    reflected(sp.log(volume) - _share, sp.log(integral("printed_energy")), jensen(t)),
    "Jensen: the average of E_t over Omega is 1/|Omega|",
)
printed_ceiling = _amended(
    "printed_energy",
    "ceiling",
    "the log integral of exp(-E_t) is at most the log volume of Omega",
    (sp.log(integral("printed_energy")), LE, sp.log(volume)),
    order(
        integral("printed_energy"),
        volume,
        RegionMonotone(
            z, omega, kept(-layer_energy("printed_energy", anywhere, t), sp.Integer(0), printed_positive(anywhere, t))
        ),
    ),
    "E_t is positive",
)


def _proposition_1(side: str) -> Lemma:
    """Proposition 1 for the patterns of layer t, by Lemma 3 at the distances."""
    return Lemma(f"lse.minimum.{side}", at=((n, sizes[t]), (x, ((i,), distances(anywhere, t)))))


_soft = layer_energy("layer_energy", anywhere, t)
soft_floor = _amended(
    "layer_energy",
    "floor",
    "the log integral of exp(-E_t) is at least log Z_t",
    (log_own, LE, sp.log(integral("layer_energy"))),
    order(
        partition(t),
        integral("layer_energy"),
        RegionMonotone(z, omega, kept(-nearest(anywhere, t), -_soft, _proposition_1("ceiling"))),
    ),
    "E_t is at most g_t",
)
soft_ceiling = _amended(
    "layer_energy",
    "ceiling",
    "the log integral of exp(-E_t) is at most log d_t above log Z_t",
    (sp.log(integral("layer_energy")), LE, log_own + sp.log(sizes[t])),
    order(
        integral("layer_energy"),
        sizes[t] * partition(t),
        RegionMonotone(z, omega, kept(-_soft, sp.log(sizes[t]) - nearest(anywhere, t), _proposition_1("floor"))),
    ),
    "E_t is at least g_t - log d_t",
)
