"""Retrieval: what the update that minimises the Gibbs majorizer is, and that it descends (theorem 10.3).

For the squared distance the minimiser is a softmax average of the patterns: one step of attention.  The same
construction for the MCHN energy gives the attention update of Ramsauer et al. 2020.
"""

import sympy as sp

from theory.atoms import LSE
from theory.claim import Claim, Relation, Source, Step
from theory.domain import Condition, Domain, Range, positive
from theory.energies.layer import energy
from theory.energies.mchn import largest, mchn, norm, overlap
from theory.energies.nearest import over_d, over_n
from theory.notation import beta, bound, d, i, j, k, n, rho, u, v, x, y
from theory.rules import (
    Antisymmetry,
    Assume,
    Cancel,
    Combine,
    Generic,
    Identity,
    Lemma,
    Product,
    Scale,
    Sight,
    Square,
    SumExchange,
    SumMonotone,
)
from theory.surrogate import BEYOND, at_two_points, at_y, log_weight, majorizer, weight

LE, EQ = Relation.LE, Relation.EQ

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


def attention(scores: sp.Expr, index: sp.Symbol) -> sp.Expr:
    """``sum_i softmax(scores)_i rho_(i, index)``: one head of softmax attention with the patterns as values."""
    return sp.Sum(sp.exp(scores) / sp.Sum(sp.exp(scores.subs(i, j)), (j, 1, d)) * rho[i, index], over_d)


_scores = 2 * overlap(y) - norm

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

_plain = 2 * overlap(y)
_shared_norm = Domain.everywhere(bound) & Domain.of(Condition(norm, EQ, bound, forall=(over_d,)))

_biased_lse, _plain_lse = LSE(_plain - norm, over_d), LSE(_plain, over_d)


def _moved_by_norm(shift: sp.Expr, scores: sp.Expr, target: sp.Expr) -> Lemma:
    """``LSE(scores) <= LSE(target + shift)``, entry by entry from the shared norm."""
    at = ((n, d), (x, ((i,), scores)), (y, ((i,), target + shift)))
    return Lemma("lse.order.kept", at=at, given=(Generic((over_d,), Assume(0, (i,))),))


_lse_equal = Antisymmetry(_moved_by_norm(-bound, _plain - norm, _plain), _moved_by_norm(bound, _plain, _plain - norm))
_exponents_equal = Combine(((1, Assume(0, (i,))), (1, _lse_equal)))
_weights_equal = Lemma(
    "exponential.order.equal",
    at=((u, _plain - norm - _biased_lse), (v, _plain - _plain_lse)),
    given=(_exponents_equal,),
)

update_is_plain_attention = Claim(
    id="surrogate.update.plain_attention",
    title="with patterns of one norm the update is plain softmax attention",
    lhs=update,
    relation=EQ,
    rhs=attention(_plain, k),
    domain=at_coordinate & _shared_norm,
    source=Source("10.3, attention", "", BEYOND),
    reading="all squared norms equal b",
    steps=(
        Step(
            EQ,
            attention(_plain, k),
            SumMonotone(i, 1, d, Scale(rho[i, k], _weights_equal)),
            "one norm leaves the softmax as it is",
        ),
    ),
)

# The same construction for the MCHN energy

mchn_weight = sp.exp(beta * overlap(y) - LSE(beta * overlap(y), over_d))
_mchn_inner = sp.Sum(mchn_weight.subs(i, j) * rho[j, k], (j, 1, d))


def mchn_at_update() -> sp.Expr:
    """``E_MCHN`` at ``M softmax(beta M^T y)``."""
    scores = beta * sp.Sum(rho[i, k] * _mchn_inner, over_n)
    return -LSE(scores, over_d) / beta + sp.Sum(_mchn_inner**2, over_n) / 2 + sp.log(d) / beta + largest / 2


_moved = sp.Sum(mchn_weight * sp.Sum(rho[i, k] * (_mchn_inner - y[k]), over_n), over_d)
_scores_at_update = beta * sp.Sum(rho[i, k] * _mchn_inner, over_n)
_tangent = Lemma("lse.tangent.floor", at=((n, d), (x, ((i,), beta * overlap(y))), (y, ((i,), _scores_at_update))))


def _mchn_swap(coordinate: sp.Expr) -> SumExchange:
    return SumExchange(sp.Sum(sp.Sum(mchn_weight * coordinate * rho[i, k], over_n), over_d))


mchn_descends = Claim(
    id="surrogate.mchn_update.descent",
    title="the attention update M softmax(beta M^T y) never increases the MCHN energy",
    lhs=mchn_at_update(),
    relation=LE,
    rhs=mchn(y),
    domain=at_y & Domain.of(positive(beta)),
    source=Source("10.3, MCHN", "", BEYOND),
    steps=(
        Step(
            LE,
            mchn(y),
            Combine(
                (
                    (1, Product(Sight(1 / beta), _tangent)),
                    (1, Scale(_moved, Cancel(beta, Sight(beta)))),
                    (sp.Rational(1, 2), SumMonotone(k, 1, n, Square(_mchn_inner - y[k]))),
                    (1, _mchn_swap(_mchn_inner)),
                    (-1, _mchn_swap(y[k])),
                )
            ),
            "the tangent of LSE at the overlaps; the energy falls by at least half the squared step",
        ),
    ),
)
