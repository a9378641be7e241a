"""Majorization-minimization (Section 5 and theorem 10.3): what a surrogate must do, what (6) does, what works.

A surrogate touches the function at the current point and lies above it elsewhere; minimising it then never increases
the function.  The layer energy is no such surrogate of the global energy; the Gibbs average of the layers, less the
entropy of its weights, is.
"""

import sympy as sp

from theory.atoms import LSE
from theory.claim import Claim, Relation, Source, Step
from theory.domain import Condition, Domain, Family, positive, size
from theory.energies.global_energy import ANY, combined
from theory.energies.layer import energy
from theory.energies.mchn import mchn, overlap
from theory.energies.nearest import at_a_point, over_d, over_n, patterns, squared_distance
from theory.notation import beta, d, energies, energies_at_y, i, j, k, l, n, rho, t, x, y
from theory.rules import Combine, Identity, Lemma, Sight, Square, SumExchange, SumMonotone

LE, LT, GE, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.EQ
BEYOND = "Majorant"
over_l = (t, 1, l)

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
    amends="surrogate.layer.majorizes",
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

update = sp.Sum(weight * rho[i, k], over_d)  # coordinate k of the update


def majorizer_at_update() -> sp.Expr:
    """``Q(x*|y)`` with ``x*_k = sum_i w_i rho_ik``."""
    inner = sp.Sum(weight.subs(i, j) * rho[j, k], (j, 1, d))
    return sp.Sum(weight * sp.Sum((inner - rho[i, k]) ** 2, over_n), over_d) + sp.Sum(weight * log_weight, over_d)


def energy_at_update() -> sp.Expr:
    """``E(x*)``."""
    inner = sp.Sum(weight.subs(i, j) * rho[j, k], (j, 1, d))
    return -LSE(-sp.Sum((inner - rho[i, k]) ** 2, over_n), over_d)


_inner = sp.Sum(weight.subs(i, j) * rho[j, k], (j, 1, d))


def _swap(coordinate: sp.Expr) -> SumExchange:
    """``sum_k coordinate_k sum_i w_i rho_ik = sum_i w_i sum_k coordinate_k rho_ik``."""
    return SumExchange(sp.Sum(sp.Sum(weight * coordinate * rho[i, k], over_n), over_d))


update_minimises = Claim(
    id="surrogate.update.minimiser",
    title="the softmax average of the patterns minimises the Gibbs majorizer",
    lhs=majorizer_at_update(),
    relation=LE,
    rhs=majorizer(x),
    domain=at_two_points,
    source=Source("10.3, the minimiser", "", BEYOND),
    steps=(
        Step(
            LE,
            majorizer(x),
            Combine(
                (
                    (1, SumMonotone(k, 1, n, Square(x[k] - _inner))),
                    (-2, _swap(x[k])),
                    (2, _swap(_inner)),
                )
            ),
            "sum_i w_i ||x - rho_i||^2 - sum_i w_i ||x* - rho_i||^2 = ||x - x*||^2",
        ),
    ),
)

update_descends = Claim(
    id="surrogate.update.descent",
    title="the softmax update never increases the layer energy",
    lhs=energy_at_update(),
    relation=LE,
    rhs=energy(y),
    domain=at_y,
    source=Source("10.3, descent", "", BEYOND),
    steps=(
        Step(
            LE,
            majorizer_at_update(),
            Lemma("surrogate.layer.gibbs_majorizer", at=((x, ((k,), _inner)),)),
            "the majorizer lies above the energy",
        ),
        Step(
            LE,
            majorizer(y),
            Lemma("surrogate.update.minimiser", at=((x, ((k,), y[k])),)),
            "the update minimises the majorizer",
        ),
        Step(EQ, energy(y), Identity(majorizer(y), energy(y)), "the majorizer touches the energy"),
    ),
)

norm = sp.Sum(rho[i, k] ** 2, over_n)


def attention(scores: sp.Expr, index: sp.Symbol) -> sp.Expr:
    """``sum_i softmax(scores)_i rho_(i, index)``: one head of softmax attention with the patterns as values."""
    return sp.Sum(sp.exp(scores) / sp.Sum(sp.exp(scores.subs(i, j)), (j, 1, d)) * rho[i, index], over_d)


_coordinate = Domain.of(size(n), size(d))
_scores = 2 * overlap(y) - norm

from theory.domain import Range  # noqa: E402

at_coordinate = at_y & Domain.of(Range(k, 1, n))

update_is_attention = Claim(
    id="surrogate.update.attention",
    title="the update is softmax attention whose keys carry the bias -||rho_i||^2",
    lhs=update,
    relation=EQ,
    rhs=attention(_scores, k),
    domain=at_coordinate,
    source=Source("10.3, attention", "", BEYOND),
    steps=(Step(EQ, attention(_scores, k), Identity(update, attention(_scores, k)), "||y||^2 cancels in the softmax"),),
)

# The same construction for the MCHN energy

mchn_weight = sp.exp(beta * overlap(y) - LSE(beta * overlap(y), over_d))
_mchn_inner = sp.Sum(mchn_weight.subs(i, j) * rho[j, k], (j, 1, d))


def mchn_at_update() -> sp.Expr:
    """``E_MCHN`` at ``M softmax(beta M^T y)``."""
    scores = beta * sp.Sum(rho[i, k] * _mchn_inner, over_n)
    from theory.energies.mchn import largest

    return -LSE(scores, over_d) / beta + sp.Sum(_mchn_inner**2, over_n) / 2 + sp.log(d) / beta + largest / 2


mchn_descends = Claim(
    id="surrogate.mchn_update.descent",
    title="the attention update M softmax(beta M^T y) never increases the MCHN energy",
    lhs=mchn_at_update(),
    relation=LE,
    rhs=mchn(y),
    domain=at_y & Domain.of(positive(beta)),
    source=Source("10.3, MCHN", "", BEYOND),
    steps=(),
)
