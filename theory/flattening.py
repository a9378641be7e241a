"""Flattening (theorem 10.1): layers of energies (4) are one layer over the union of their patterns."""

import sympy as sp

from theory.atoms import LSE, RegionIntegral
from theory.claim import Claim, Relation, Source, Step
from theory.energies.global_energy import combined
from theory.energies.layers import at_a_point, layered, omega, over_layers, over_members, squared_distance
from theory.notation import x, z
from theory.rules import Identity, RegionSum

EQ = Relation.EQ
BEYOND = "Majorant"


def layer_energy(point: sp.IndexedBase) -> sp.Expr:
    """``E_t(point) = -log sum_j exp(-||point - rho_tj||^2)``: equation (4) over the patterns of layer t."""
    return -LSE(-squared_distance(point), over_members)


def union_energy(point: sp.IndexedBase) -> sp.Expr:
    """Equation (4) over the patterns of all layers."""
    return -sp.log(sp.Sum(sp.Sum(sp.exp(-squared_distance(point)), over_members), over_layers))


E_global = combined(layer_energy(x))
_weights = sp.Sum(sp.exp(-layer_energy(x)), over_layers)
_z_theta = RegionIntegral(sp.exp(-combined(layer_energy(z))), z, omega)
_z_layers = sp.Sum(RegionIntegral(sp.exp(-layer_energy(z)), z, omega), over_layers)

energy = Claim(
    id="global.energy.flattening",
    title="the global energy of layers of energies (4) is the energy (4) of all patterns",
    lhs=E_global,
    relation=EQ,
    rhs=union_energy(x),
    domain=at_a_point,
    source=Source("10.1", "", BEYOND),
    reading="E_t is (4) over the patterns of layer t",
    steps=(Step(EQ, union_energy(x), Identity(E_global, union_energy(x)), "a sum of sums"),),
)

weights = Claim(
    id="global.weights.flattening",
    title="the Boltzmann weight of the global energy is the sum of those of the layers",
    lhs=sp.exp(-E_global),
    relation=EQ,
    rhs=_weights,
    domain=at_a_point,
    source=Source("10.1", "", BEYOND),
    reading="E_t is (4) over the patterns of layer t",
    steps=(Step(EQ, _weights, Identity(sp.exp(-E_global), _weights), "exp undoes the logarithm"),),
)

partition = Claim(
    id="global.partition.flattening",
    title="over one common region the partition function of the global energy is the sum of those of the layers",
    lhs=_z_theta,
    relation=EQ,
    rhs=_z_layers,
    domain=layered,
    source=Source("10.1", "", BEYOND),
    reading="E_t is (4) over the patterns of layer t; Omega is shared",
    steps=(
        Step(
            EQ,
            _z_layers,
            RegionSum(z, omega, sp.Sum(sp.exp(-layer_energy(z)), over_layers)),
            "the integral of a finite sum",
        ),
    ),
)
