"""Equation (10): some layer t has ``E_global = E_t - log l + c`` with ``0 <= c < log l``, and c is a constant.

At one point this is (8) at the layer of lowest energy, but for the end of the interval: a single layer has
``c = log l``.  The order of the quantifiers decides the rest.  The layer depends on the point, and so does c.
"""

import sympy as sp

from theory.atoms import LSE, IndexMax, IndexMin
from theory.claim import Claim, Negation, Relation, Source, Step
from theory.domain import Condition, Domain, Family, Range, size
from theory.energies import layers
from theory.energies.global_energy import ANY, combined, lowest, over_layers, stack
from theory.energies.layers import nearest
from theory.logsumexp import kept, reflected
from theory.notation import energies, energies_at_y, j, k, l, n, rho_t, s, sizes, t, u, x, y
from theory.rules import (
    Assume,
    Combine,
    ExpTangent,
    ExtremumAttained,
    ExtremumIntro,
    ExtremumMember,
    Hypothesis,
    Identity,
    IntegerCases,
    Lemma,
    Product,
    Sight,
)

LE, LT, GE, GT, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.GT, Relation.EQ
POINTWISE = f"for every point some layer; {ANY}"
E_global = -LSE(-energies[s], (s, 1, l))
offset = E_global - energies[t] + sp.log(l)  # c of layer t

# For every point some layer

floor = Claim(
    id="choice_of_layer.pointwise.floor",
    title="some layer has 0 <= c",
    lhs=sp.Integer(0),
    relation=LE,
    rhs=IndexMax(offset, over_layers),
    domain=stack,
    source=Source("(10), lower half"),
    reading=POINTWISE,
    steps=(Step(LE, IndexMax(offset, over_layers), Lemma("global.energy.floor"), "(8): the layer of lowest energy"),),
)

strict_ceiling = Claim(
    id="choice_of_layer.pointwise.strict_ceiling",
    title="some layer has c < log l, for every l",
    lhs=IndexMin(offset, over_layers),
    relation=LT,
    rhs=sp.log(l),
    domain=stack,
    source=Source("(10), upper half"),
    reading=POINTWISE,
)

_inside = sp.Min(offset, sp.log(l) - offset)
_best = IndexMax(_inside, over_layers)
_at_lowest = _inside.subs(energies[t], u)

interval = Claim(
    id="choice_of_layer.pointwise.interval",
    title="some layer has 0 <= c <= log l",
    lhs=sp.Integer(0),
    relation=LE,
    rhs=_best,
    domain=stack,
    source=Source("(10), upper half, amended"),
    reading=POINTWISE,
    amends=("choice_of_layer.pointwise.strict_ceiling",),
    steps=(
        Step(
            LE,
            _at_lowest.subs(u, lowest),
            ExtremumIntro(
                _at_lowest.subs(u, lowest),
                sp.Integer(0),
                tuple(
                    Lemma("global.energy.floor" if argument.has(sp.log) else "global.energy.ceiling")
                    for argument in _at_lowest.args
                ),
            ),
            "(8) at the layer of lowest energy",
        ),
        Step(LE, _best, ExtremumAttained(lowest, u, _best - _at_lowest, ExtremumMember(_best, t)), "it is a layer"),
    ),
)

strict_ceiling_two = Claim(
    id="choice_of_layer.pointwise.strict_ceiling_from_two",
    title="every layer has c < log l for l >= 2",
    lhs=offset,
    relation=LT,
    rhs=sp.log(l),
    domain=Domain.of(size(l, 2), Range(t, 1, l), Family(energies, (l,))),
    source=Source("(10), upper half, amended"),
    reading=f"for every point every layer; {ANY}",
    amends=("choice_of_layer.pointwise.strict_ceiling",),
    steps=(
        Step(
            LT,
            sp.log(l),
            Combine(((1, Lemma("global.energy.strict_ceiling_from_two")), (1, ExtremumMember(lowest, t)))),
            "the global energy is below the lowest layer energy",
        ),
    ),
)

criterion = Claim(
    id="choice_of_layer.offset.identity",
    title="c of layer t is log l less the LSE of its excess over the layers",
    lhs=offset,
    relation=EQ,
    rhs=sp.log(l) - LSE(energies[t] - energies[s], (s, 1, l)),
    domain=stack & Domain.of(Range(t, 1, l)),
    source=Source("(10), c exactly", "", "Majorant"),
    reading=ANY,
    amends=("choice_of_layer.uniform.floor",),
    steps=(
        Step(
            EQ,
            sp.log(l) - LSE(energies[t] - energies[s], (s, 1, l)),
            Identity(offset, sp.log(l) - LSE(energies[t] - energies[s], (s, 1, l))),
            "a constant leaves LSE: 0 <= c where exp(-E_t) is at least the mean of these weights",
        ),
    ),
)

lowest_floor = Claim(
    id="choice_of_layer.lowest.floor",
    title="a layer that is lowest at a point has 0 <= c there",
    lhs=sp.Integer(0),
    relation=LE,
    rhs=offset,
    domain=stack & Domain.of(Range(t, 1, l), Condition(energies[t], LE, energies[s], forall=((s, 1, l),))),
    source=Source("(10), where a layer serves", "", "Majorant"),
    reading=ANY,
    steps=(
        Step(
            LE,
            offset,
            Combine(
                (
                    (1, Lemma("global.energy.floor")),
                    (1, ExtremumIntro(IndexMin(energies[s], (s, 1, l)), energies[t], (Assume(0, (s,)),))),
                )
            ),
            "(8)",
        ),
    ),
)

_first, _second = energies[1], energies[2]
two_layers = Claim(
    id="choice_of_layer.lowest.two_layers",
    title="with two layers 0 <= c only where the layer is the lower one",
    lhs=_first,
    relation=LE,
    rhs=_second,
    domain=Domain.of(
        Family(energies, (2,)),
        Condition(0, LE, sp.log(2) - sp.log(sp.exp(-_first) + sp.exp(-_second)) - _first),
    ),
    source=Source("(10), where a layer serves", "", "Majorant"),
    reading=ANY,
    steps=(
        Step(
            LE,
            _second,
            reflected(
                -_second,
                -_first,
                kept(sp.log(sp.exp(-_first) + sp.exp(-_second)), sp.log(2) - _first, Assume(0)),
            ),
            "exp(-E_1) + exp(-E_2) <= 2 exp(-E_1)",
        ),
    ),
)

# Some layer for every point: with two layers it would have to be the lowest everywhere


def distance_offset(point: sp.IndexedBase, layer: sp.Expr) -> sp.Expr:
    """c of a layer in the reading ``E_t = g_t``."""
    own = IndexMin(sp.Sum((point[k] - rho_t[layer, j, k]) ** 2, (k, 1, n)), (j, 1, sizes[layer]))
    return combined(nearest(point)) - own + sp.log(l)


_patterns = Domain.of(
    size(l), size(n), Family(sizes, (l,), lower=1), Family(rho_t, (l, sizes[t], n), indices=(t, j, k))
)

_of_two = distance_offset(x, s).subs(l, 2)
_two_layers = Domain.of(size(n), Family(sizes, (2,), lower=1), Family(rho_t, (2, sizes[t], n), indices=(t, j, k)))

uniform_floor = Claim(
    id="choice_of_layer.uniform.floor",
    title="one of two layers has 0 <= c at every point",
    lhs=sp.Integer(0),
    relation=LE,
    rhs=_of_two,
    domain=_two_layers,
    exists=Domain.of(Range(s, 1, 2)),
    forall=Domain.of(Family(x, (n,))),
    source=Source("(10), lower half"),
    reading=f"some layer for every point; {layers.AS_DISTANCE}",
)

# Patterns 2 and 4 on a line, one in each layer: at the pattern of the other layer E_s = 4 and E_global <= 0

_TWO = ((n, sp.Integer(1)), (sizes, ((t,), sp.Integer(1))), (rho_t, ((t, j, k), 2 * t)))
_on_line = -LSE(-((x[1] - 2 * t) ** 2), (t, 1, 2)) - (x[1] - 2 * s) ** 2 + sp.log(2)
_other = 2 * (3 - s)
_stack = -LSE(-((_other - 2 * t) ** 2), (t, 1, 2))
_apart = IntegerCases(  # (s - 1) (s - 2) >= 0 for an integer s
    u,
    (u - 1) * (u - 2),
    s,
    sp.Integer(1),
    above=Product(Hypothesis(s - 2), Sight(s - 1)),
    below=Product(Combine(((1, Hypothesis(-s)), (1, Sight(sp.Integer(1))))), Sight(2 - s)),
    equal=Identity(sp.Integer(0), sp.Integer(0)),
)
_squares = IndexMin((_other - 2 * t) ** 2, (t, 1, 2))

no_layer = Claim(
    id="choice_of_layer.uniform.failure",
    title="two layers, patterns 2 and 4: each layer has c < 0 at the pattern of the other",
    lhs=sp.Integer(0),
    relation=GT,
    rhs=_on_line,
    domain=Domain.of(Range(s, 1, 2)),
    exists=Domain.of(Family(x, (1,))),
    witness=((x, ((k,), _other)),),
    source=Source("(10), lower half: its failure"),
    reading=layers.AS_DISTANCE,
    negates=Negation("choice_of_layer.uniform.floor", _TWO),
    steps=(
        Step(
            GT,
            _stack - (_other - 2 * s) ** 2 + sp.log(2),
            Combine(
                (
                    (
                        1,
                        Lemma(
                            "global.energy.ceiling", at=((l, sp.Integer(2)), (energies, ((t,), (_other - 2 * t) ** 2)))
                        ),
                    ),
                    (1, ExtremumMember(_squares, 3 - s)),
                    (16, _apart),
                    (1, ExpTangent(sp.log(2))),
                    (3, Sight(sp.Integer(1))),
                )
            ),
            "E_s = 4, E_global <= 0 and log 2 <= 1",
        ),
    ),
)

# c taken constant


def _lowest_offset(point: sp.IndexedBase) -> sp.Expr:
    """c of the layer that is lowest at the point, in the reading ``E_t = g_t``."""
    return combined(nearest(point)) - IndexMin(nearest(point), over_layers)


constant = Claim(
    id="choice_of_layer.offset.constant",
    title="c is the same at every point",
    lhs=_lowest_offset(x),
    relation=EQ,
    rhs=_lowest_offset(y),
    domain=_patterns & Domain.of(Family(x, (n,)), Family(y, (n,))),
    source=Source("(10), taken constant"),
    reading=f"c - log l of the layer that is lowest at the point; {layers.AS_DISTANCE}",
)

_c_x = E_global - IndexMin(energies[t], over_layers)
_c_y = -LSE(-energies_at_y[s], (s, 1, l)) - IndexMin(energies_at_y[t], over_layers)
_at_y = ((energies, ((t,), energies_at_y[t])),)

spread = Claim(
    id="choice_of_layer.offset.spread",
    title="c differs by at most log l between two points",
    lhs=sp.Abs(_c_x - _c_y),
    relation=LE,
    rhs=sp.log(l),
    domain=stack & Domain.of(Family(energies_at_y, (l,))),
    source=Source("(10), taken constant, amended"),
    reading=f"c - log l of the layer that is lowest at the point; {ANY}",
    amends=("choice_of_layer.offset.constant",),
    steps=(
        Step(
            LE,
            sp.log(l),
            ExtremumIntro(
                sp.Abs(_c_x - _c_y),
                sp.log(l),
                (
                    Combine(((1, Lemma("global.energy.ceiling")), (1, Lemma("global.energy.floor", at=_at_y)))),
                    Combine(((1, Lemma("global.energy.ceiling", at=_at_y)), (1, Lemma("global.energy.floor")))),
                ),
            ),
            "(8) at both points",
        ),
    ),
)
