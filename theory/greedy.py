"""The greedy step (6): minimise one layer's energy within a trust region.  Does the global energy fall with it?

With one pattern per layer the step has a closed form: along the line through the current point y and the pattern.  In
the reading ``E_t = g_t`` it moves towards the pattern; with ``E_t`` as printed, a density, it moves away from it.  The
two lemmas below show that these are the minimisers over the trust region; what the step does to the global energy is
then a statement like any other.
"""

import sympy as sp

from theory.atoms import LSE, BallUnion, Quotient, RegionIntegral
from theory.claim import Claim, Kind, Relation, Source, Step
from theory.domain import Condition, Domain, Family, Range, positive, size
from theory.energies import layers
from theory.energies.nearest import over_n
from theory.notation import delta, i, j, k, l, n, radius, rho, step, t, u, v, x, y, z
from theory.rules import (
    Assume,
    Cancel,
    Combine,
    InversePositive,
    Lemma,
    Product,
    Scale,
    Sight,
    Square,
    SumMonotone,
)

LE, LT, GE, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.EQ
BEYOND = "Majorant"

definition = Claim(
    id="greedy.step.definition",
    title="the trust region of the greedy step, in which E_t is minimised",
    kind=Kind.DEFINITION,
    lhs=sp.Sum((x[k] - y[k]) ** 2, over_n),
    relation=LE,
    rhs=delta,
    domain=Domain.of(size(n), positive(delta), Family(x, (n,)), Family(y, (n,))),
    source=Source("(6)"),
    reading="x is its point with the least E_t, y is x^(t-1); that E_t has a least value there is not stated",
)

# With E_t as printed the step looks for the farthest point

farther = Claim(
    id="greedy.step.printed_energy_moves_away",
    title="the smaller the layer function as printed, the farther the nearest pattern",
    lhs=layers.nearest(y),
    relation=LE,
    rhs=layers.nearest(x),
    domain=layers.layered
    & layers.one_layer
    & Domain.of(Family(x, (n,)), Family(y, (n,)), Condition(layers.printed_energy(x), LE, layers.printed_energy(y))),
    source=Source("(6)", "", BEYOND),
    reading=layers.AS_PRINTED,
    steps=(
        Step(
            LE,
            layers.nearest(x),
            Lemma(
                "exponential.order.reflected",
                at=((u, -layers.nearest(x)), (v, -layers.nearest(y))),
                given=(
                    Combine(
                        (
                            (1, Product(Sight(layers.partition), Assume(0))),
                            (
                                1,
                                Scale(
                                    sp.exp(-layers.nearest(x)) - sp.exp(-layers.nearest(y)),
                                    Cancel(layers.partition, Sight(layers.partition)),
                                ),
                            ),
                        )
                    ),
                ),
            ),
            "E_t is a decreasing function of g_t",
        ),
    ),
)

# One pattern per layer: rho[t, k] is coordinate k of the pattern of layer t

single = Domain.of(size(l), size(n), Family(rho, (l, n)), Family(y, (n,)), Range(t, 1, l))
apart = sp.Sum((rho[t, k] - y[k]) ** 2, over_n)
near_z = sp.Sum((z[k] - y[k]) ** 2, over_n)
to_pattern = sp.Sum((z[k] - rho[t, k]) ** 2, over_n)
_trust = Domain.of(Family(z, (n,)), Condition(near_z, LE, step**2 * apart))

nearest_in_region = Claim(
    id="greedy.step.nearest_point",
    title="within the trust region no point is nearer to the pattern than the step towards it",
    lhs=(1 - step) ** 2 * apart,
    relation=LE,
    rhs=to_pattern,
    domain=single & _trust & Domain.of(Range(step, 0, 1, open_lower=True)),
    source=Source("(6), one pattern per layer", "", BEYOND),
    reading=layers.AS_DISTANCE,
    steps=(
        Step(
            LE,
            to_pattern,
            Combine(
                (
                    (
                        1,
                        Product(
                            InversePositive(step, Sight(step)),
                            SumMonotone(k, 1, n, Square((z[k] - y[k]) - step * (rho[t, k] - y[k]))),
                        ),
                    ),
                    (1, Product(Product(InversePositive(step, Sight(step)), Sight(1 - step)), Assume(0))),
                    (
                        1,
                        Scale(
                            2 * sp.Sum((z[k] - y[k]) * (rho[t, k] - y[k]), over_n)
                            - near_z
                            - 2 * step * apart
                            + step**2 * apart,
                            Cancel(step, Sight(step)),
                        ),
                    ),
                )
            ),
            "complete the square in z - y - s (rho - y)",
        ),
    ),
)

farthest_in_region = Claim(
    id="greedy.step.farthest_point",
    title="within the trust region no point is farther from the pattern than the step away from it",
    lhs=to_pattern,
    relation=LE,
    rhs=(1 + step) ** 2 * apart,
    domain=single & _trust & Domain.of(positive(step)),
    source=Source("(6), one pattern per layer", "", BEYOND),
    reading=layers.AS_PRINTED,
    steps=(
        Step(
            LE,
            (1 + step) ** 2 * apart,
            Combine(
                (
                    (
                        1,
                        Product(
                            InversePositive(step, Sight(step)),
                            SumMonotone(k, 1, n, Square((z[k] - y[k]) + step * (rho[t, k] - y[k]))),
                        ),
                    ),
                    (1, Product(Sight(1 + 1 / step), Assume(0))),
                    (
                        1,
                        Scale(
                            -2 * sp.Sum((z[k] - y[k]) * (rho[t, k] - y[k]), over_n) - 2 * step * apart,
                            Cancel(step, Sight(step)),
                        ),
                    ),
                )
            ),
            "complete the square in z - y + s (rho - y)",
        ),
    ),
)

towards = y[k] + step * (rho[t, k] - y[k])
away = y[k] - step * (rho[t, k] - y[k])
j_apart = sp.Sum((y[k] - rho[j, k]) ** 2, over_n)


def _distance_from(point: sp.Expr) -> sp.Expr:
    """The squared distance of a point (coordinate k) to the pattern of layer j."""
    return sp.Sum((point - rho[j, k]) ** 2, over_n)


def _global(layer_energy: sp.Expr) -> sp.Expr:
    """``-LSE(-E_1, ..., -E_l)`` from an expression in the layer index j."""
    return -LSE(-layer_energy, (j, 1, l))


omega = BallUnion(rho, radius, (l, n), (i, k))
partition_j = RegionIntegral(sp.exp(-sp.Sum((z[k] - rho[j, k]) ** 2, over_n)), z, omega)

descent_distance = Claim(
    id="greedy.step.descent_distance",
    title="the greedy step never increases the global energy",
    lhs=_global(_distance_from(towards)),
    relation=LE,
    rhs=_global(j_apart),
    domain=single & Domain.of(Range(step, 0, 1)),
    source=Source("10.3, the greedy step (6)", "", BEYOND),
    reading=f"{layers.AS_DISTANCE}; x = y + s (rho_t - y) minimises E_t over the trust region",
)

descent_printed = Claim(
    id="greedy.step.descent",
    title="the greedy step never increases the global energy",
    lhs=_global(Quotient(sp.exp(-_distance_from(away)), partition_j)),
    relation=LE,
    rhs=_global(Quotient(sp.exp(-j_apart), partition_j)),
    domain=single & Domain.of(positive(step), positive(radius), Condition(sp.Integer(0), LT, apart)),
    source=Source("10.3, the greedy step (6)", "", BEYOND),
    reading=f"{layers.AS_PRINTED}; x = y - s (rho_t - y) minimises E_t over the trust region",
)
