"""The global energy (7), its bounds (8) and what holds for any layer energies whatever.

``E_global = -LSE(-E_1, ..., -E_l)`` is a soft minimum over layers, so (8) is Lemma 3 at the layer energies.  The
claims here hold for arbitrary real numbers ``E_t``, hence under every reading of the layer energy.
"""

import sympy as sp

from theory.atoms import LSE, IndexMax, IndexMin
from theory.claim import Claim, Kind, Relation, Source, Step
from theory.domain import Domain, Family, size
from theory.notation import energies, energies_at_y, i, l, n, t, x, y
from theory.rules import Lemma

LE, LT, EQ = Relation.LE, Relation.LT, Relation.EQ
over_layers = (t, 1, l)
ANY = "any real layer energies"


def combined(layer_energy: sp.Expr) -> sp.Expr:
    """``-LSE(-E_1, ..., -E_l)``, equation (7), from an expression in the layer index t."""
    return -LSE(-layer_energy, over_layers)


E_global = combined(energies[t])
lowest = IndexMin(energies[t], over_layers)
stack = Domain.of(size(l), Family(energies, (l,)))
_at_energies = ((n, l), (x, ((i,), energies[i])))

definition = Claim(
    id="global.energy.definition",
    title="global energy",
    kind=Kind.DEFINITION,
    lhs=sp.Symbol("E_global", real=True),
    relation=EQ,
    rhs=E_global,
    domain=stack,
    source=Source("(7)"),
)

floor = Claim(
    id="global.energy.floor",
    title="the global energy is at most log l below the lowest layer energy",
    lhs=lowest - sp.log(l),
    relation=LE,
    rhs=E_global,
    domain=stack,
    source=Source("(8), lower half"),
    reading=ANY,
    steps=(Step(LE, E_global, Lemma("lse.minimum.floor", at=_at_energies), "Lemma 3 at the layer energies"),),
)

strict_ceiling = Claim(
    id="global.energy.strict_ceiling",
    title="the global energy is strictly below the lowest layer energy, for every l",
    lhs=E_global,
    relation=LT,
    rhs=lowest,
    domain=stack,
    source=Source("(8), upper half"),
    reading=ANY,
)

ceiling = Claim(
    id="global.energy.ceiling",
    title="the global energy is at most the lowest layer energy",
    lhs=E_global,
    relation=LE,
    rhs=lowest,
    domain=stack,
    source=Source("(8), upper half, amended"),
    reading=ANY,
    amends=("global.energy.strict_ceiling",),
    steps=(Step(LE, lowest, Lemma("lse.minimum.ceiling", at=_at_energies), "amended Lemma 3 at the layer energies"),),
)

strict_ceiling_two = Claim(
    id="global.energy.strict_ceiling_from_two",
    title="the global energy is strictly below the lowest layer energy for l >= 2",
    lhs=E_global,
    relation=LT,
    rhs=lowest,
    domain=Domain.of(size(l, 2), Family(energies, (l,))),
    source=Source("(8), upper half, amended"),
    reading=ANY,
    amends=("global.energy.strict_ceiling",),
    steps=(
        Step(LT, lowest, Lemma("lse.minimum.strict_ceiling_from_two", at=_at_energies), "amended Lemma 3, two layers"),
    ),
)

modulus = Claim(
    id="global.energy.modulus",
    title="the global energy moves by at most the largest move of a layer energy",
    lhs=sp.Abs(E_global - combined(energies_at_y[t])),
    relation=LE,
    rhs=IndexMax(sp.Abs(energies[t] - energies_at_y[t]), over_layers),
    domain=stack & Domain.of(Family(energies_at_y, (l,))),
    source=Source("(7), continuity"),
    reading=ANY,
    steps=(
        Step(
            LE,
            IndexMax(sp.Abs(energies[t] - energies_at_y[t]), over_layers),
            Lemma("lse.lipschitz.ceiling", at=((n, l), (x, ((i,), -energies[i])), (y, ((i,), -energies_at_y[i])))),
            "Lemma 4 at minus the layer energies",
        ),
    ),
)
