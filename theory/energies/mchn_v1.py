"""Propositions 2 and 3 with the distance of version 1, the norm itself.

Twice the MCHN energy grows like the squared distance, so no bound by the norms of the patterns alone can hold against
the distance itself; what holds carries the difference of the two.
"""

import sympy as sp

from theory.claim import Claim, Relation, Source, Step
from theory.energies.layer import energy
from theory.energies.mchn import largest, mchn, smallest, spread, two
from theory.energies.nearest import READING, at_a_point, distance, guards, nearest, squared_distance, squares_sum
from theory.notation import d, i, x
from theory.rules import Combine, ExtremumIntro, ExtremumMember, Lemma, RootSquare, Square

LE = Relation.LE
READ = f"beta = 2; {READING['v1']}"
g, squared, E, twice = nearest(x, "v1"), nearest(x), energy(x, "v1"), 2 * mchn(x, two)
apart = sp.Abs(E - (twice - sp.log(d)))

proposition_2 = Claim(
    id="mchn.layer_energy.distance_ceiling_v1",
    title="the layer energy and twice the MCHN energy differ by at most the spread of the squared norms",
    lhs=apart,
    relation=LE,
    rhs=spread,
    domain=at_a_point,
    source=Source("Proposition 2", "v1"),
    reading=READ,
)
proposition_3_floor = Claim(
    id="mchn.nearest.printed_floor_v1",
    title="the nearest distance is at most the spread of the squared norms below twice the MCHN energy",
    lhs=smallest - largest,
    relation=LE,
    rhs=g - twice,
    domain=at_a_point,
    source=Source("Proposition 3, lower half", "v1"),
    reading=READ,
)
proposition_3_ceiling = Claim(
    id="mchn.nearest.ceiling_v1",
    title="the nearest distance is at most spread + log d above twice the MCHN energy",
    lhs=g - twice,
    relation=LE,
    rhs=spread + sp.log(d),
    domain=at_a_point,
    source=Source("Proposition 3, upper half", "v1"),
    reading=READ,
)

# What holds: the difference between distance and squared distance enters

_low, _high = Lemma("layer.energy.floor_v1"), Lemma("layer.energy.ceiling_v1")
_floor, _ceiling = Lemma("mchn.nearest.floor"), Lemma("mchn.nearest.sharp_ceiling")
_difference = sp.Abs(g - squared)
_at_least = ExtremumMember(_difference, g - squared)
_at_most = ExtremumMember(_difference, squared - g)
_bound = _difference + spread + sp.log(d)

proposition_2_amended = Claim(
    id="mchn.layer_energy.wide_ceiling_v1",
    title="the difference is at most |g - g^2| + spread + log d",
    lhs=apart,
    relation=LE,
    rhs=_bound,
    domain=at_a_point,
    source=Source("Proposition 2, amended", "v1"),
    reading=READ,
    amends=("mchn.layer_energy.distance_ceiling_v1",),
    guards=guards("v1", x),
    steps=(
        Step(
            LE,
            _bound,
            ExtremumIntro(
                apart,
                _bound,
                (
                    Combine(((1, _high), (1, _ceiling), (1, _at_least), (1, Lemma("mchn.norms.spread")))),
                    Combine(((1, _low), (1, _floor), (1, _at_most))),
                ),
            ),
            "g - log d <= E <= g, and 2 E_MCHN lies between g^2 and g^2 + spread + log d",
        ),
    ),
)

proposition_3_floor_amended = Claim(
    id="mchn.nearest.floor_v1",
    title="the nearest distance is at most |g - g^2| + spread + log d below twice the MCHN energy",
    lhs=smallest - largest - sp.log(d) - _difference,
    relation=LE,
    rhs=g - twice,
    domain=at_a_point,
    source=Source("Proposition 3, lower half, amended", "v1"),
    reading=READ,
    amends=("mchn.nearest.printed_floor_v1",),
    guards=guards("v1", x),
    steps=(Step(LE, g - twice, Combine(((1, _floor), (1, _at_most))), "the floor of the squared distance"),),
)

_root = distance(x, "v1")
_quarter = sp.Rational(1, 4)
# sqrt(s) <= s + 1/4, from the square of sqrt(s) - 1/2
_entry = Combine(
    (
        (1, ExtremumMember(g, i)),
        (1, Square(_root - sp.Rational(1, 2))),
        (-1, RootSquare(squared_distance(x), squares_sum(x))),
    )
)

proposition_3_ceiling_amended = Claim(
    id="mchn.nearest.quarter_ceiling_v1",
    title="the nearest distance is at most 1/4 above twice the MCHN energy",
    lhs=g - twice,
    relation=LE,
    rhs=_quarter,
    domain=at_a_point,
    source=Source("Proposition 3, upper half, amended", "v1"),
    reading=READ,
    amends=("mchn.nearest.ceiling_v1",),
    guards=guards("v1", x),
    steps=(
        Step(
            LE,
            _quarter,
            Combine(((1, ExtremumIntro(squared, g - _quarter, (_entry,))), (1, _ceiling))),
            "a root exceeds its square by at most 1/4, and the square is at most 2 E_MCHN",
        ),
    ),
)
