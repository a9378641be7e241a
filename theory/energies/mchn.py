"""The energy of the modern continuous Hopfield network, and how far it is from the layer energy.

Propositions 2 and 3 compare ``2 E_MCHN`` at inverse temperature 2 with the layer energy and the nearest distance; the
one-sided form for every inverse temperature sharpens the first and repairs the second.
"""

import sympy as sp

from theory.atoms import LSE, IndexMax, IndexMin
from theory.claim import Claim, Kind, Relation, Source, Step
from theory.domain import Domain, positive
from theory.energies.layer import energy
from theory.energies.nearest import at_a_point, nearest, over_d, over_n, patterns, squared_distance
from theory.notation import beta, d, i, k, n, rho, u, v, x, y
from theory.rules import Cancel, Combine, ExtremumIntro, ExtremumMember, Generic, Lemma, Product, Scale, Sight

LE, EQ = Relation.LE, Relation.EQ
BEYOND = "Majorant"


def overlap(point: sp.IndexedBase) -> sp.Expr:
    """``rho_i^T point``."""
    return sp.Sum(rho[i, k] * point[k], over_n)


def square(point: sp.IndexedBase) -> sp.Expr:
    """``||point||^2``."""
    return sp.Sum(point[k] ** 2, over_n)


norm = sp.Sum(rho[i, k] ** 2, over_n)
largest, smallest = IndexMax(norm, over_d), IndexMin(norm, over_d)
spread = largest - smallest


def mchn(point: sp.IndexedBase, b: sp.Expr = beta) -> sp.Expr:
    """``E_MCHN(point; b)``: minus lse, half the squared norm, and two constants; in squared units of the patterns."""
    return -LSE(b * overlap(point), over_d) / b + square(point) / 2 + sp.log(d) / b + largest / 2


def tempered(point: sp.IndexedBase, b: sp.Expr = beta) -> sp.Expr:
    """``E_b(point) = -(2/b) log sum_i exp(-(b/2) ||point - rho_i||^2)``, which is (4) at ``b = 2``."""
    return -(2 / b) * LSE(-(b / 2) * squared_distance(point), over_d)


every_temperature = at_a_point & Domain.of(positive(beta))

definition = Claim(
    id="mchn.energy.definition",
    title="energy of the modern continuous Hopfield network",
    kind=Kind.DEFINITION,
    lhs=sp.Symbol("E_MCHN", real=True),
    relation=EQ,
    rhs=mchn(x),
    domain=every_temperature,
    source=Source("Section 2, after Ramsauer et al. 2020"),
)

# Theorem 10.2: one-sided, at every inverse temperature

excess = 2 * mchn(x) - (2 / beta) * sp.log(d) - tempered(x)
_shift = beta / 2
_overlaps = beta * overlap(x)
_biased = _overlaps - _shift * norm
_size_member = ExtremumMember(largest, i)
_scaled_sight = Sight(_shift)

# beta rho_i x <= (beta rho_i x - beta/2 ||rho_i||^2) + beta/2 max ||rho||^2, entry by entry
_from_below = Lemma(
    "lse.order.kept",
    at=((n, d), (x, ((i,), _overlaps)), (y, ((i,), _biased + _shift * largest))),
    given=(Generic((over_d,), Product(_scaled_sight, _size_member)),),
)
_from_above = Lemma(
    "lse.order.kept",
    at=((n, d), (x, ((i,), _biased)), (y, ((i,), _overlaps - _shift * smallest))),
    given=(Generic((over_d,), Product(_scaled_sight, ExtremumMember(smallest, i))),),
)


def _rescaled(entrywise: Lemma, constant: sp.Expr) -> Combine:
    unit = Cancel(beta, Sight(beta))
    return Combine(((1, Product(Sight(2 / beta), entrywise)), (1, Scale(constant, unit))))


one_sided_floor = Claim(
    id="mchn.layer_energy.one_sided_floor",
    title="twice the MCHN energy is never below the layer energy",
    lhs=sp.Integer(0),
    relation=LE,
    rhs=excess,
    domain=every_temperature,
    source=Source("10.2, lower half", "", BEYOND),
    steps=(
        Step(LE, excess, _rescaled(_from_below, -largest - square(x)), "entry by entry, with the largest squared norm"),
    ),
)

one_sided_ceiling = Claim(
    id="mchn.layer_energy.one_sided_ceiling",
    title="twice the MCHN energy exceeds the layer energy by at most the spread of the squared norms",
    lhs=excess,
    relation=LE,
    rhs=spread,
    domain=every_temperature,
    source=Source("10.2, upper half", "", BEYOND),
    steps=(
        Step(
            LE, spread, _rescaled(_from_above, smallest + square(x)), "entry by entry, with the smallest squared norm"
        ),
    ),
)

norms_spread = Claim(
    id="mchn.norms.spread",
    title="the spread of the squared norms is nonnegative",
    lhs=sp.Integer(0),
    relation=LE,
    rhs=spread,
    domain=patterns,
    source=Source("lemma", "", BEYOND),
    steps=(
        Step(
            LE,
            spread,
            Combine(((1, ExtremumMember(largest, sp.Integer(1))), (1, ExtremumMember(smallest, sp.Integer(1))))),
            "the first pattern lies between smallest and largest",
        ),
    ),
)

# Propositions 2 and 3, at inverse temperature 2

two = sp.Integer(2)
_at_two = ((beta, two),)
_floor, _ceiling = (Lemma(claim.id, at=_at_two) for claim in (one_sided_floor, one_sided_ceiling))
g, E, twice = nearest(x), energy(x), 2 * mchn(x, two)

proposition_2 = Claim(
    id="mchn.layer_energy.distance_ceiling",
    title="the layer energy and twice the MCHN energy differ by at most the spread of the squared norms",
    lhs=sp.Abs(E - (twice - sp.log(d))),
    relation=LE,
    rhs=spread,
    domain=at_a_point,
    source=Source("Proposition 2"),
    reading="beta = 2",
    steps=(
        Step(
            LE,
            spread,
            ExtremumIntro(
                sp.Abs(E - (twice - sp.log(d))),
                spread,
                (Combine(((2, _floor), (1, _ceiling))), _ceiling),
            ),
            "the difference has one sign, and the one-sided ceiling bounds it",
        ),
    ),
)

proposition_3_floor = Claim(
    id="mchn.nearest.printed_floor",
    title="the nearest distance is at most the spread of the squared norms below twice the MCHN energy",
    lhs=smallest - largest,
    relation=LE,
    rhs=g - twice,
    domain=at_a_point,
    source=Source("Proposition 3, lower half"),
    reading="beta = 2",
)

_below = Lemma("layer.energy.floor")
_above = Lemma("layer.energy.ceiling")

proposition_3_floor_amended = Claim(
    id="mchn.nearest.floor",
    title="the nearest distance is at most spread + log d below twice the MCHN energy",
    lhs=smallest - largest - sp.log(d),
    relation=LE,
    rhs=g - twice,
    domain=at_a_point,
    source=Source("Proposition 3, lower half, amended"),
    reading="beta = 2",
    amends=("mchn.nearest.printed_floor",),
    steps=(
        Step(
            LE,
            g - twice,
            Combine(((1, _above), (1, _ceiling))),
            "the energy is at most g, and twice the MCHN energy less log d at most the spread above it",
        ),
    ),
)

proposition_3_sharp_ceiling = Claim(
    id="mchn.nearest.sharp_ceiling",
    title="the nearest distance is at most twice the MCHN energy",
    lhs=g - twice,
    relation=LE,
    rhs=sp.Integer(0),
    domain=at_a_point,
    source=Source("Proposition 3, upper half, sharpened", "", BEYOND),
    reading="beta = 2",
    sharpens="mchn.nearest.ceiling",
    steps=(Step(LE, sp.Integer(0), Combine(((1, _below), (1, _floor))), "g <= E + log d <= 2 E_MCHN"),),
)

proposition_3_ceiling = Claim(
    id="mchn.nearest.ceiling",
    title="the nearest distance is at most spread + log d above twice the MCHN energy",
    lhs=g - twice,
    relation=LE,
    rhs=spread + sp.log(d),
    domain=at_a_point,
    source=Source("Proposition 3, upper half"),
    reading="beta = 2",
    steps=(
        Step(LE, sp.Integer(0), Lemma("mchn.nearest.sharp_ceiling"), "even 0 is a ceiling"),
        Step(
            LE,
            spread + sp.log(d),
            Combine(
                (
                    (1, Lemma("mchn.norms.spread")),
                    (
                        1,
                        Lemma(
                            "exponential.order.reflected",
                            at=((u, sp.Integer(0)), (v, sp.log(d))),
                            given=(Sight(d - 1),),
                        ),
                    ),
                )
            ),
            "neither the spread nor log d is negative",
        ),
    ),
)
