"""Majorization-minimization (Section 5 and theorem 10.3): what a surrogate must do, what (6) does, what works.

A surrogate touches the function at the current point and lies above it elsewhere; minimising it then never increases
the function.  The layer energy is no such surrogate of the global energy; the Gibbs average of the layers, less the
entropy of its weights, is.
"""

from collections.abc import Callable

import sympy as sp

from theory.atoms import LSE, IndexMin
from theory.claim import Claim, Relation, Source, Step
from theory.domain import Condition, Domain, Family, Range, positive, size
from theory.energies import layers
from theory.energies.global_energy import ANY, combined
from theory.energies.layer import energy
from theory.energies.nearest import at_a_point, over_d, over_n, patterns, squared_distance
from theory.notation import d, delta, energies, energies_at_y, i, k, l, n, step, t, u, v, x, y
from theory.rules import Assume, Combine, ExtremumMember, Identity, Lemma, Sight

LE, LT, GE, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.EQ
BEYOND = "Majorant"
over_l = (t, 1, l)
_between = sp.Sum((x[k] - y[k]) ** 2, over_n)

# What a surrogate is for

f_x, f_y, u_x, u_y = sp.symbols("f_x f_y u_x u_y", real=True)

descent = Claim(
    id="surrogate.minimisation.descent",
    title="a step that does not increase a touching majorizer does not increase the function",
    lhs=f_x,
    relation=LE,
    rhs=f_y,
    domain=Domain.everywhere(f_x, f_y, u_x, u_y)
    & Domain.of(Condition(u_x, GE, f_x + (u_y - f_y)), Condition(u_x, LE, u_y)),
    source=Source("Section 4.2, after (8)"),
    reading="u majorizes f at y with c_y = u(y|y) - f(y)",
    steps=(
        Step(
            LE,
            f_y,
            Combine(((1, Sight(u_x - f_x - u_y + f_y)), (1, Sight(u_y - u_x)))),
            "f(x) <= u(x|y) - c_y <= u(y|y) - c_y = f(y)",
        ),
    ),
)

# Is the layer energy one, as Section 4.2 says?  y is x^(t-1), and u(.|y) = E_t

trusted = Domain.of(Range(t, 1, l), positive(delta), Condition(_between, LE, delta))
_both = Domain.of(Family(x, (n,)), Family(y, (n,)))
SUN = "c_t = E_t(y) - E_global(y), as in Sun, Babu & Palomar 2016; every trust radius delta_t"


def _majorizes(name: str, layer_energy: Callable[[sp.IndexedBase], sp.Expr], reading: str) -> Claim:
    at_x, at_y = layer_energy(x), layer_energy(y)
    return Claim(
        id=f"surrogate.layer.{name}",
        title="the layer energy majorizes the global energy within the trust region",
        lhs=combined(at_x) + (at_y - combined(at_y)),
        relation=LE,
        rhs=at_x,
        domain=layers.layered & _both & trusted,
        source=Source("Section 4.2, the surrogate"),
        reading=f"{SUN}; {reading}",
    )


majorizes = _majorizes("majorizes", layers.printed_energy, layers.AS_PRINTED)
majorizes_distance = _majorizes("majorizes_distance", layers.nearest, layers.AS_DISTANCE)

lies_above = Claim(
    id="surrogate.layer.lies_above",
    title="a layer energy lies above the global energy",
    lhs=combined(energies[t]),
    relation=LE,
    rhs=energies[t],
    domain=Domain.of(size(l), Range(t, 1, l), Family(energies, (l,))),
    source=Source("Section 4.2, the surrogate"),
    reading=f"c_t = 0; {ANY}",
    steps=(
        Step(LE, IndexMin(energies[t], over_l), Lemma("global.energy.ceiling"), "(8), amended"),
        Step(LE, energies[t], ExtremumMember(IndexMin(energies[t], over_l), t), "the lowest is at most this one"),
    ),
)

# In the reading E_t = g_t no trust radius helps: two layers, patterns 0 and 2, at their midpoint y = 1

_left, _right = sp.exp(-((1 - step) ** 2)), sp.exp(-((1 + step) ** 2))

no_radius = Claim(
    id="surrogate.layer.no_radius",
    title="patterns 0 and 2 in two layers, y = 1: at every distance h > 0 the point 1 - h violates the surrogate",
    lhs=(1 - step) ** 2 - 1,
    relation=LT,
    rhs=-sp.log(_left + _right) + sp.log(2 * sp.exp(-1)),
    domain=Domain.of(positive(step)),
    source=Source("Section 4.2, the surrogate, for every trust radius", "", BEYOND),
    reading=layers.AS_DISTANCE,
    steps=(
        Step(
            LT,
            -sp.log(_left + _right) + sp.log(2 * sp.exp(-1)),
            Lemma(
                "exponential.order.reflected_strictly",
                at=((u, sp.log(_left + _right)), (v, sp.log(2 * sp.exp(-1)) + 1 - (1 - step) ** 2)),
                given=(
                    Lemma(
                        "exponential.order.kept_strictly",
                        at=((u, -((1 + step) ** 2)), (v, -((1 - step) ** 2))),
                        given=(Sight(4 * step),),
                    ),
                ),
            ),
            "exp(-(1 + h)^2) < exp(-(1 - h)^2)",
        ),
    ),
)

# The Gibbs majorizer of layers, for any layer energies

weights_l = sp.exp(-energies_at_y[t] - LSE(-energies_at_y[t], over_l))
entropy_l = sp.Sum(weights_l * (-energies_at_y[t] - LSE(-energies_at_y[t], over_l)), over_l)
gibbs_l = sp.Sum(weights_l * energies[t], over_l) + entropy_l
two_points = Domain.of(size(l), Family(energies, (l,)), Family(energies_at_y, (l,)))

layers_majorizer = Claim(
    id="surrogate.layers.majorizer",
    title="the Gibbs average of the layer energies less the entropy of its weights lies above the global energy",
    lhs=gibbs_l,
    relation=GE,
    rhs=combined(energies[t]),
    domain=two_points,
    source=Source("10.3, over layers", "", BEYOND),
    reading=ANY,
    amends=("surrogate.layer.majorizes", "surrogate.layer.majorizes_distance"),
    steps=(
        Step(
            GE,
            combined(energies[t]),
            Lemma("lse.tangent.floor", at=((n, l), (x, ((i,), -energies_at_y[i])), (y, ((i,), -energies[i])))),
            "the tangent of LSE at the layer energies of y",
        ),
    ),
)

layers_touching = Claim(
    id="surrogate.layers.touching",
    title="the Gibbs majorizer over layers touches the global energy at the current point",
    lhs=gibbs_l.subs(energies, energies_at_y),
    relation=EQ,
    rhs=combined(energies_at_y[t]),
    domain=Domain.of(size(l), Family(energies_at_y, (l,))),
    source=Source("10.3, over layers", "", BEYOND),
    reading=ANY,
    steps=(
        Step(
            EQ,
            combined(energies_at_y[t]),
            Identity(gibbs_l.subs(energies, energies_at_y), combined(energies_at_y[t])),
            "the weights sum to 1",
        ),
    ),
)

layers_descent = Claim(
    id="surrogate.layers.descent",
    title="a step that does not increase the Gibbs average over layers does not increase the global energy",
    lhs=combined(energies[t]),
    relation=LE,
    rhs=combined(energies_at_y[t]),
    domain=two_points & Domain.of(Condition(gibbs_l, LE, gibbs_l.subs(energies, energies_at_y))),
    source=Source("10.3, over layers", "", BEYOND),
    reading=f"the step that (6) should take; {ANY}",
    amends=("greedy.step.descent", "greedy.step.descent_distance"),
    steps=(
        Step(LE, gibbs_l, Lemma("surrogate.layers.majorizer"), "the majorizer lies above the global energy"),
        Step(LE, gibbs_l.subs(energies, energies_at_y), Assume(0), "the step does not increase the majorizer"),
        Step(EQ, combined(energies_at_y[t]), Lemma("surrogate.layers.touching"), "which touches the global energy"),
    ),
)

# The Gibbs majorizer of the layer energy (4)

log_weight = -squared_distance(y) - LSE(-squared_distance(y), over_d)
weight = sp.exp(log_weight)


def majorizer(point: sp.IndexedBase) -> sp.Expr:
    """``Q(point|y) = sum_i w_i dist(point, rho_i) + sum_i w_i log w_i``, ``w = softmax(-dist(y, rho_.))``."""
    return sp.Sum(weight * squared_distance(point), over_d) + sp.Sum(weight * log_weight, over_d)


at_two_points = at_a_point & Domain.of(Family(y, (n,)))
at_y = patterns & Domain.of(Family(y, (n,)))

layer_majorizer = Claim(
    id="surrogate.layer.gibbs_majorizer",
    title="the Gibbs majorizer lies above the layer energy",
    lhs=majorizer(x),
    relation=GE,
    rhs=energy(x),
    domain=at_two_points,
    source=Source("10.3", "", BEYOND),
    steps=(
        Step(
            GE,
            energy(x),
            Lemma(
                "lse.tangent.floor",
                at=((n, d), (x, ((i,), -squared_distance(y))), (y, ((i,), -squared_distance(x)))),
            ),
            "the tangent of LSE at the distances of y",
        ),
    ),
)

layer_touching = Claim(
    id="surrogate.layer.gibbs_touching",
    title="the Gibbs majorizer touches the layer energy at the current point",
    lhs=majorizer(y),
    relation=EQ,
    rhs=energy(y),
    domain=at_y,
    source=Source("10.3", "", BEYOND),
    steps=(Step(EQ, energy(y), Identity(majorizer(y), energy(y)), "the weights sum to 1"),),
)
