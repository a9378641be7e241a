"""The global energy is continuous (after (7)): a local Lipschitz bound with its constant.

``exp(-g)`` is 1-Lipschitz in ``g >= 0``, a minimum in its entries, and a squared distance locally in the coordinates.
"""

import sympy as sp

from theory.atoms import IndexMax, IndexMin, Quotient
from theory.claim import Claim, Relation, Source, Step
from theory.domain import Condition, Domain, Family, Range, size
from theory.energies import layers
from theory.energies.global_energy import combined
from theory.energies.layers import over_layers, over_members, over_n, partition, printed_energy
from theory.notation import energies, energies_at_y, i, j, k, n, rho_t, sizes, step, t, u, v, x, y
from theory.rules import (
    Assume,
    Combine,
    ExtremumIntro,
    ExtremumMember,
    InversePositive,
    Justification,
    Lemma,
    Product,
    Sight,
    Square,
    SumMonotone,
)

LE = Relation.LE
LEMMA = Source("lemma", "", "Majorant")


lower_x, lower_y = IndexMin(x[i], (i, 1, n)), IndexMin(y[i], (i, 1, n))
_entries = IndexMax(sp.Abs(x[i] - y[i]), (i, 1, n))


def _least_moves(larger: sp.IndexedBase, smaller: sp.IndexedBase) -> ExtremumIntro:
    """``min(larger) <= min(smaller) + max|x - y|``."""
    least = IndexMin(larger[i], (i, 1, n))
    entry = Combine(
        (
            (1, ExtremumMember(least, i)),
            (1, ExtremumMember(_entries, i)),
            (1, ExtremumMember(sp.Abs(x[i] - y[i]), larger[i] - smaller[i])),
        )
    )
    return ExtremumIntro(IndexMin(smaller[i], (i, 1, n)), least - _entries, (entry,))


minimum_lipschitz = Claim(
    id="minimum.lipschitz.ceiling",
    title="the minimum is 1-Lipschitz in the maximum norm",
    lhs=sp.Abs(lower_x - lower_y),
    relation=LE,
    rhs=_entries,
    domain=Domain.of(size(n), Family(x, (n,)), Family(y, (n,))),
    source=LEMMA,
    steps=(
        Step(
            LE,
            _entries,
            ExtremumIntro(sp.Abs(lower_x - lower_y), _entries, (_least_moves(x, y), _least_moves(y, x))),
            "every entry of one is within the largest difference of the other",
        ),
    ),
)

# |(x - rho)^2 - (y - rho)^2| <= h (2 |x - rho| + 1) in every coordinate, for |x - y| <= h <= 1
_offset = x[k] - rho_t[t, j, k]
_size = sp.Abs(_offset)
_near = Domain.of(
    Range(step, 0, 1),
    Condition(x[k] - y[k], LE, step, forall=(over_n,)),
    Condition(y[k] - x[k], LE, step, forall=(over_n,)),
)
_above_step, _below_step = Assume(0, (k,)), Assume(1, (k,))


def _coordinate(sign: int) -> Combine:
    """``h (2 |a| + 1) - sign (a^2 - (a - delta)^2) >= 0`` with a the offset and delta = x - y."""
    first, second = (_above_step, _below_step) if sign > 0 else (_below_step, _above_step)
    up, down = ExtremumMember(_size, _offset), ExtremumMember(_size, -_offset)
    rest: Justification = (
        Combine(((1, Square(x[k] - y[k])), (1, Sight(step))))
        if sign > 0
        else Combine(((1, Product(Sight(step), Sight(1 - step))), (1, Product(_above_step, _below_step))))
    )
    return Combine(((1, Product(first, down)), (1, Product(second, up)), (1, rest)))


_x_distance, _y_distance = layers.squared_distance(x), layers.squared_distance(y)
_rate = sp.Sum(2 * _size + 1, over_n)
_per_pattern = sp.Abs(_x_distance - _y_distance)
_pattern_bound = ExtremumIntro(
    _per_pattern, step * _rate, (SumMonotone(k, 1, n, _coordinate(1)), SumMonotone(k, 1, n, _coordinate(-1)))
)
_g_x, _g_y = layers.nearest(x), layers.nearest(y)
_widest = IndexMax(_rate, over_members)
_layer_moves = Combine(
    (
        (
            1,
            Lemma(
                "minimum.lipschitz.ceiling",
                at=((n, sizes[t]), (x, ((j,), _x_distance)), (y, ((j,), _y_distance))),
            ),
        ),
        (
            1,
            ExtremumIntro(
                IndexMax(_per_pattern, over_members),
                step * _widest,
                (Combine(((1, _pattern_bound), (1, Product(Sight(step), ExtremumMember(_widest, j))))),),
            ),
        ),
    )
)
_energy_x, _energy_y = printed_energy(x), printed_energy(y)
_nonnegative_x, _nonnegative_y = (
    ExtremumIntro(layers.nearest(p), sp.Integer(0), (SumMonotone(k, 1, n, Square(p[k] - rho_t[t, j, k])),))
    for p in (x, y)
)
_decay = Lemma("exponential.decay.lipschitz", at=((u, _g_x), (v, _g_y)), given=(_nonnegative_x, _nonnegative_y))
_falls = sp.Abs(sp.exp(-_g_x) - sp.exp(-_g_y))
_inverse = InversePositive(partition, Sight(partition))


def _energy_moves(sign: int) -> Product:
    """``+-(E_t(x) - E_t(y)) <= h widest / Z_t``."""
    member = ExtremumMember(_falls, sign * (sp.exp(-_g_x) - sp.exp(-_g_y)))
    return Product(_inverse, Combine(((1, member), (1, _decay), (1, _layer_moves))))


_constant = IndexMax(Quotient(_widest, partition), over_layers)

continuity = Claim(
    id="global.energy.continuity",
    title="the global energy is locally Lipschitz, hence continuous",
    lhs=sp.Abs(combined(_energy_x) - combined(_energy_y)),
    relation=LE,
    rhs=step * _constant,
    domain=layers.layered & Domain.of(Family(x, (n,)), Family(y, (n,))) & _near,
    source=Source("(7), continuous"),
    reading=f"{layers.AS_PRINTED}; a bound for |x - y| <= h <= 1 in every coordinate",
    steps=(
        Step(
            LE,
            IndexMax(sp.Abs(_energy_x - _energy_y), over_layers),
            Lemma("global.energy.modulus", at=((energies, ((t,), _energy_x)), (energies_at_y, ((t,), _energy_y)))),
            "Lemma 4 at the layer functions",
        ),
        Step(
            LE,
            step * _constant,
            ExtremumIntro(
                IndexMax(sp.Abs(_energy_x - _energy_y), over_layers),
                step * _constant,
                (
                    Combine(
                        (
                            (
                                1,
                                ExtremumIntro(
                                    sp.Abs(_energy_x - _energy_y),
                                    step * Quotient(_widest, partition),
                                    (_energy_moves(1), _energy_moves(-1)),
                                ),
                            ),
                            (1, Product(Sight(step), ExtremumMember(_constant, t))),
                        )
                    ),
                ),
            ),
            "exp(-g) is 1-Lipschitz in g, the nearest distance in the distances, these in the coordinates",
        ),
    ),
)
