"""The density (9) of the global energy over Omega: its partition function is positive and finite."""

import sympy as sp

from theory.atoms import Quotient, RegionIntegral
from theory.claim import Claim, Kind, Relation, Source, Step
from theory.energies import layers
from theory.energies.global_energy import combined
from theory.energies.layers import omega, over_layers, partition, printed_energy
from theory.notation import bound, energies, l, t, u, v, x, z
from theory.rules import (
    Cancel,
    ExpPositive,
    Generic,
    Identity,
    InversePositive,
    Lemma,
    Product,
    RegionMonotone,
    Sight,
)

LE, LT, EQ = Relation.LE, Relation.LT, Relation.EQ
ABOUT = "global.density.definition"

weight = sp.exp(-combined(printed_energy(z)))
partition_theta = RegionIntegral(weight, z, omega)
volume = RegionIntegral(sp.Integer(1), z, omega)

definition = Claim(
    id=ABOUT,
    title="the density of the global energy",
    kind=Kind.DEFINITION,
    lhs=sp.Symbol("p_theta", real=True),
    relation=EQ,
    rhs=Quotient(sp.exp(-combined(printed_energy(x))), partition_theta),
    domain=layers.at_a_point,
    source=Source("(9)"),
    reading=layers.AS_PRINTED,
)

positive = Claim(
    id="global.partition.positive",
    title="the partition function of (9) is positive",
    lhs=sp.Integer(0),
    relation=LT,
    rhs=partition_theta,
    domain=layers.layered,
    source=Source("(9), well-posed"),
    reading=layers.AS_PRINTED,
    about=ABOUT,
    steps=(
        Step(
            LT,
            partition_theta,
            RegionMonotone(z, omega, ExpPositive(-combined(printed_energy(z)))),
            "the integrand is positive",
        ),
    ),
)

# every layer function is positive, so E_global > -log l and exp(-E_global) < l
_layers_positive = Product(ExpPositive(-layers.nearest(z)), InversePositive(partition, Sight(partition)))
_above = Lemma(
    "global.energy.uniform_floor",
    at=((energies, ((t,), printed_energy(z))), (bound, sp.Integer(0))),
    given=(Generic((over_layers,), _layers_positive),),
)

ceiling = Claim(
    id="global.partition.ceiling",
    title="the partition function of (9) is finite: at most l times the volume of Omega",
    lhs=partition_theta,
    relation=LE,
    rhs=l * volume,
    domain=layers.layered,
    source=Source("(9), well-posed"),
    reading=layers.AS_PRINTED,
    about=ABOUT,
    steps=(
        Step(
            LE,
            l * volume,
            RegionMonotone(
                z,
                omega,
                Lemma(
                    "exponential.order.kept",
                    at=((u, -combined(printed_energy(z))), (v, sp.log(l))),
                    given=(_above,),
                ),
            ),
            "the layer functions are positive, so the global energy exceeds -log l",
        ),
    ),
)

normalised = Claim(
    id="global.density.normalised",
    title="the density of (9) integrates to 1 over Omega",
    lhs=RegionIntegral(Quotient(weight, partition_theta), z, omega),
    relation=EQ,
    rhs=sp.Integer(1),
    domain=layers.layered,
    source=Source("(9), well-posed"),
    reading=layers.AS_PRINTED,
    about=ABOUT,
    steps=(
        Step(
            EQ,
            Quotient(partition_theta, partition_theta),
            Identity(
                RegionIntegral(Quotient(weight, partition_theta), z, omega), Quotient(partition_theta, partition_theta)
            ),
            "the constant leaves the integral",
        ),
        Step(EQ, sp.Integer(1), Cancel(partition_theta, Sight(partition_theta)), "the partition function is positive"),
    ),
)
