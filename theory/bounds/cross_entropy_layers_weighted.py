"""The loss of l layers where ``E_t`` holds the Z_t of its layer (theorem 10.6): plus ``log Z_t``, and as printed."""

import sympy as sp

from theory.atoms import LSE, IndexMin
from theory.bounds.cross_entropy import Point, integrates
from theory.bounds.cross_entropy_layers import (
    anywhere,
    averaged,
    energy,
    every_layer,
    layer_claim,
    layer_energy,
    loss,
    mean,
    model_partition,
    nearest,
    partition,
    pattern,
)
from theory.claim import Claim, Relation, Source, Step
from theory.domain import Condition, Domain, Family
from theory.energies.global_energy import ANY, E_global, over_layers, stack
from theory.energies.layers import omega, volume
from theory.logarithm import order, same
from theory.logsumexp import kept, reflected, two_vectors
from theory.notation import bound, energies, i, j, k, l, n, rho_t, s, t, x, y, z
from theory.rules import (
    Assume,
    Cancel,
    Combine,
    ExpPositive,
    ExpTangent,
    ExtremumIntro,
    ExtremumMember,
    Generic,
    InversePositive,
    Lemma,
    Product,
    RegionMonotone,
    RegionSum,
    Scale,
    Sight,
    Square,
    SumMonotone,
)

LE, EQ = Relation.LE, Relation.EQ
LEMMA = Source("lemma", "", "Majorant")

mean_ceiling = Claim(
    id="global.energy.mean_ceiling",
    title="the global energy is at most log l below the mean of the layer energies",
    lhs=E_global,
    relation=LE,
    rhs=sp.Sum(energies[t], over_layers) / l - sp.log(l),
    domain=stack,
    source=LEMMA,
    reading=ANY,
    steps=(
        Step(
            LE,
            sp.Sum(energies[t], over_layers) / l - sp.log(l),
            Lemma("lse.tangent.floor", at=((n, l), (x, ((i,), sp.Integer(0))), (y, ((i,), -energies[i])))),
            "the tangent of LSE at 0",
        ),
    ),
)


weights = Claim(
    id="lse.weights.identity",
    title="positive weights enter LSE as their logarithms",
    lhs=sp.exp(LSE(x[i] - y[i], (i, 1, n))),
    relation=EQ,
    rhs=sp.Sum(z[i] * sp.exp(x[i]), (i, 1, n)),
    domain=two_vectors & Domain.of(Family(z, (n,)), Condition(z[i] * sp.exp(y[i]), EQ, 1, forall=((i, 1, n),))),
    source=LEMMA,
    reading="the weights are z = exp(-y)",
    steps=(
        Step(
            EQ,
            sp.Sum(z[i] * sp.exp(x[i]), (i, 1, n)),
            SumMonotone(i, 1, n, Scale(sp.exp(x[i] - y[i]), Assume(0, (i,)))),
            "term by term",
        ),
    ),
)


def _of_layers(name: str, point: Point) -> tuple[sp.Basic, tuple[tuple[sp.Symbol], sp.Expr]]:
    return (energies, ((s,), layer_energy(name, point)))


def _summed(name: str) -> RegionSum:
    """``Z_theta`` is the sum over layers of the integrals of ``exp(-E_s)``."""
    return RegionSum(z, omega, sp.Sum(sp.exp(-layer_energy(name, anywhere)), every_layer))


def _g_nonnegative(point: Point) -> ExtremumIntro:
    return ExtremumIntro(nearest(point), sp.Integer(0), (SumMonotone(k, 1, n, Square(point(k) - rho_t[s, i, k])),))


# E_t = g_t + log Z_t

_least = IndexMin(sp.log(partition(s)), every_layer)
_own_log = sp.log(partition(t))

_as_weights = Lemma(
    "lse.weights.identity",
    at=(
        (n, l),
        (x, ((s,), -nearest(anywhere))),
        (y, ((s,), sp.log(partition(s)))),
        (z, ((s,), 1 / partition(s))),
    ),
    given=(Generic((every_layer,), Cancel(partition(s), Sight(partition(s)))),),
)

normalised_partition = layer_claim(
    "normalised",
    "partition",
    "the partition function of the model is the number of layers",
    (model_partition("normalised"), EQ, l),
    Step(
        EQ,
        l,
        Combine(
            (
                (1, RegionMonotone(z, omega, _as_weights)),
                (-1, RegionSum(z, omega, sp.Sum(sp.exp(-nearest(anywhere)) / partition(s), every_layer))),
                (-1, SumMonotone(s, 1, l, integrates(sp.exp(-nearest(anywhere)) / partition(s), sp.Integer(1), omega))),
            )
        ),
        "every layer integrates to 1 over the common Omega",
    ),
)

_log_l = same(model_partition("normalised"), l, Lemma("cross_entropy.layers_normalised.partition"))
_energy_at_pattern = energy("normalised", pattern)
_stack_at_pattern = IndexMin(layer_energy("normalised", pattern), every_layer)

normalised_ceiling = layer_claim(
    "normalised",
    "ceiling",
    "the loss is at most log l above the mean of log Z_t over the patterns",
    (loss("normalised"), LE, sp.log(l) + mean(_own_log)),
    Step(EQ, sp.log(l) + mean(_energy_at_pattern), _log_l, "the partition function of the model is l"),
    Step(
        LE,
        sp.log(l) + mean(_own_log),
        averaged(
            Combine(
                (
                    (1, Lemma("global.energy.ceiling", at=(_of_layers("normalised", pattern),))),
                    (1, ExtremumMember(_stack_at_pattern, t)),
                    (1, ExtremumMember(nearest(pattern, t), j)),
                )
            )
        ),
        "E_global is at most E_t, which is log Z_t at a pattern of layer t",
    ),
)

normalised_floor = layer_claim(
    "normalised",
    "floor",
    "the loss is at least the smallest log Z_t",
    (_least, LE, loss("normalised")),
    Step(
        LE,
        sp.log(l) + mean(_energy_at_pattern),
        averaged(
            Combine(
                (
                    (1, Lemma("global.energy.floor", at=(_of_layers("normalised", pattern),))),
                    (
                        1,
                        ExtremumIntro(
                            _stack_at_pattern,
                            _least,
                            (Combine(((1, ExtremumMember(_least, s)), (1, _g_nonnegative(pattern)))),),
                        ),
                    ),
                )
            ),
            sp.log(l) - _least,
        ),
        "E_global is at least min E_t - log l, and every E_t at least log Z_t",
    ),
    Step(EQ, loss("normalised"), _log_l, "the partition function of the model is l"),
)

# E_t as printed

_share = 1 / volume


def printed_positive(point: Point, layer: sp.Expr = s) -> Product:
    """The layer function is positive."""
    own = partition(layer)
    return Product(ExpPositive(-nearest(point, layer)), InversePositive(own, Sight(own)))


def jensen(layer: sp.Expr = s) -> Combine:
    """The integral of ``exp(-E_s)`` is at least ``|Omega| exp(-1/|Omega|)``: the integral of E_s is 1."""
    E, weight = layer_energy("printed_energy", anywhere, layer), sp.exp(-_share)
    return Combine(
        (
            (1, RegionMonotone(z, omega, Product(ExpPositive(-_share), ExpTangent(_share - E)))),
            (1, integrates(weight * _share, weight, omega)),
            (-1, integrates(weight * E, weight, omega)),
        )
    )


def _above(point: Point) -> Lemma:
    """E_global is above -log l, because every layer function is positive."""
    return Lemma(
        "global.energy.uniform_floor",
        at=(_of_layers("printed_energy", point), (bound, sp.Integer(0))),
        given=(Generic((every_layer,), printed_positive(point)),),
    )


printed_ceiling = layer_claim(
    "printed_energy",
    "ceiling",
    "the loss is at most the log volume of Omega plus the mean of 1/Z_t over the layers",
    (loss("printed_energy"), LE, sp.log(volume) + sp.Sum(1 / partition(s), every_layer) / l),
    Step(
        LE,
        sp.log(l) + sp.log(volume) + mean(energy("printed_energy", pattern)),
        order(
            model_partition("printed_energy"),
            l * volume,
            RegionMonotone(z, omega, kept(-energy("printed_energy", anywhere), sp.log(l), _above(anywhere))),
        ),
        "every layer function is positive",
    ),
    Step(
        LE,
        sp.log(volume) + sp.Sum(1 / partition(s), every_layer) / l,
        averaged(
            Combine(
                (
                    (1, Lemma("global.energy.mean_ceiling", at=(_of_layers("printed_energy", pattern),))),
                    (
                        1,
                        Product(
                            InversePositive(l, Sight(l)),
                            SumMonotone(
                                s,
                                1,
                                l,
                                Product(
                                    InversePositive(partition(s), Sight(partition(s))),
                                    kept(-nearest(pattern), sp.Integer(0), _g_nonnegative(pattern)),
                                ),
                            ),
                        ),
                    ),
                )
            ),
            sp.Sum(1 / partition(s), every_layer) / l - sp.log(l),
        ),
        "E_global is at most the mean of the layer functions less log l, and these are at most 1/Z_t",
    ),
)

printed_floor = layer_claim(
    "printed_energy",
    "floor",
    "the loss is at least the log volume of Omega less 1/|Omega|",
    (sp.log(volume) - _share, LE, loss("printed_energy")),
    Step(
        LE,
        sp.log(model_partition("printed_energy")) - sp.log(l),
        reflected(
            sp.log(l) + sp.log(volume) - _share,
            sp.log(model_partition("printed_energy")),
            Combine(((1, SumMonotone(s, 1, l, jensen())), (1, _summed("printed_energy")))),
        ),
        "Jensen: the average of E_t over Omega is 1/|Omega|",
    ),
    Step(LE, loss("printed_energy"), averaged(_above(pattern), sp.log(l)), "E_global is above -log l"),
)
