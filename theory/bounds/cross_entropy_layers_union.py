"""The loss of l layers where ``E_t`` is a distance or the energy (4) (theorem 10.6): it is close to log Z.

Z is the integral of ``exp(-min_t g_t)``.  With ``E_t = g_t`` the loss is within ``log l`` of its logarithm.  With the
energy (4) it is, because the layers are one layer of all patterns, within the log of the number of patterns.
"""

import sympy as sp

from theory.bounds.cross_entropy import Point
from theory.bounds.cross_entropy_layers import (
    anywhere,
    averaged,
    count,
    distances,
    energy,
    every_layer,
    has_patterns,
    layer_claim,
    loss,
    lowest,
    model_partition,
    nearest,
    pattern,
    union_partition,
)
from theory.claim import Relation, Step
from theory.energies.layers import omega
from theory.logarithm import order
from theory.logsumexp import kept, reflected
from theory.notation import energies, i, j, k, l, n, rho_t, s, sizes, t, z
from theory.rules import (
    Combine,
    ExpPositive,
    ExtremumIntro,
    ExtremumMember,
    Justification,
    Lemma,
    RegionMonotone,
    Square,
    SumMember,
    SumMonotone,
)

LE = Relation.LE
log_union, none = sp.log(union_partition), sp.Integer(0)
squares = SumMonotone(k, 1, n, Square(rho_t[t, j, k] - rho_t[s, i, k]))  # the distance of two patterns

# E_t = g_t: E_global is within log l of min g_t, which is 0 at every pattern

_E, _low = energy("distance", anywhere), lowest(anywhere)
_Z = model_partition("distance")
_at_most_zero = Combine(((1, ExtremumMember(lowest(pattern), t)), (1, ExtremumMember(nearest(pattern, t), j))))
_at_least_zero = ExtremumIntro(lowest(pattern), none, (ExtremumIntro(nearest(pattern), none, (squares,)),))


def _within(side: str, point: Point) -> Lemma:
    """(8) at a point."""
    return Lemma(f"global.energy.{side}", at=((energies, ((s,), nearest(point))),))


distance_ceiling = layer_claim(
    "distance",
    "ceiling",
    "the loss is at most log l above log Z",
    (loss("distance"), LE, log_union + sp.log(l)),
    Step(
        LE,
        sp.log(_Z),
        averaged(Combine(((1, _within("ceiling", pattern)), (1, _at_most_zero)))),
        "E_global is at most min g_t, which is 0 at every pattern",
    ),
    Step(
        LE,
        log_union + sp.log(l),
        order(
            _Z,
            l * union_partition,
            RegionMonotone(z, omega, kept(-_E, sp.log(l) - _low, _within("floor", anywhere))),
        ),
        "E_global is at least min g_t - log l",
    ),
)

distance_floor = layer_claim(
    "distance",
    "floor",
    "the loss is at most log l below log Z",
    (log_union - sp.log(l), LE, loss("distance")),
    Step(
        LE,
        sp.log(_Z) - sp.log(l),
        order(
            union_partition,
            _Z,
            RegionMonotone(z, omega, kept(-_low, -_E, _within("ceiling", anywhere))),
        ),
        "E_global is at most min g_t",
    ),
    Step(
        LE,
        loss("distance"),
        averaged(Combine(((1, _within("floor", pattern)), (1, _at_least_zero))), sp.log(l)),
        "E_global is at least min g_t - log l",
    ),
)


# E_t = (4): the layers are one layer of all patterns


def _weights(point: Point) -> sp.Sum:
    return sp.Sum(sp.Sum(sp.exp(-distances(point)), (i, 1, sizes[s])), every_layer)


def _member(point: Point, layer: sp.Expr, row: sp.Expr) -> Combine:
    """``exp(-dist(point, pattern row of layer))`` is at most ``exp(-E_global)``."""
    inner = sp.Sum(sp.exp(-distances(point, layer)), (i, 1, sizes[layer]))
    in_layer = SumMonotone(i, 1, sizes[s], ExpPositive(-distances(point)))
    return Combine(
        (
            (1, SumMember(_weights(point), layer, in_layer)),
            (1, SumMember(inner, row, ExpPositive(-distances(point, layer)))),
        )
    )


def _each(proof: Justification) -> SumMonotone:
    """A fact for every pattern i of every layer s."""
    return SumMonotone(s, 1, l, SumMonotone(i, 1, sizes[s], proof))


_soft = energy("layer_energy", anywhere)
_Z_soft = model_partition("layer_energy")
_to_any = Combine(((1, ExtremumMember(lowest(anywhere), s)), (1, ExtremumMember(nearest(anywhere), i))))
_below_each = ExtremumIntro(
    lowest(anywhere),
    _soft,
    (ExtremumIntro(nearest(anywhere), _soft, (reflected(-distances(anywhere), -_soft, _member(anywhere, s, i)),)),),
)

soft_ceiling = layer_claim(
    "layer_energy",
    "ceiling",
    "the loss is at most the log of the number of patterns above log Z",
    (loss("layer_energy"), LE, log_union + sp.log(count)),
    Step(
        LE,
        sp.log(_Z_soft),
        averaged(reflected(0, -energy("layer_energy", pattern), _member(pattern, t, j))),
        "one of the weights at a pattern is 1, so E_global is at most 0",
    ),
    Step(
        LE,
        log_union + sp.log(count),
        order(
            _Z_soft,
            count,
            RegionMonotone(z, omega, _each(kept(-distances(anywhere), -lowest(anywhere), _to_any))),
            has_patterns,
            shift=log_union,
        ),
        "every weight is at most that of the nearest pattern",
    ),
)

soft_floor = layer_claim(
    "layer_energy",
    "floor",
    "the loss is at most the log of the number of patterns below log Z",
    (log_union - sp.log(count), LE, loss("layer_energy")),
    Step(
        LE,
        sp.log(_Z_soft) - sp.log(count),
        order(union_partition, _Z_soft, RegionMonotone(z, omega, kept(-lowest(anywhere), -_soft, _below_each))),
        "E_global is at most every distance",
    ),
    Step(
        LE,
        loss("layer_energy"),
        averaged(
            order(
                sp.exp(-energy("layer_energy", pattern)),
                count,
                _each(kept(-distances(pattern), none, squares)),
                has_patterns,
            ),
            sp.log(count),
        ),
        "every weight is at most 1",
    ),
)
