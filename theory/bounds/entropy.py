"""The remark of version 1: an over-parameterised model has the entropy of the training samples as its least loss.

For a discrete model it is Gibbs' inequality, with equality where the model is the distribution of the samples.  The
memory model is a density: its loss against the samples (11), whose entropy is log d, has no such floor.
"""

import sympy as sp

from theory.bounds.cross_entropy import READINGS, loss
from theory.bounds.partition import equal_radii
from theory.claim import Claim, Relation, Source, Step
from theory.domain import Condition, Domain, Family, size
from theory.energies.nearest import READING
from theory.notation import d, i, n, x, y
from theory.rules import Assume, Combine, ExpPositive, ExpTangent, Identity, Product, SumMonotone

LE, EQ = Relation.LE, Relation.EQ
over_n = (i, 1, n)
LOGARITHMS = "n samples with log probabilities x; the model gives them the log probabilities y"

entropy = -sp.Sum(sp.exp(x[i]) * x[i], over_n)
cross_entropy = -sp.Sum(sp.exp(x[i]) * y[i], over_n)
samples = Domain.of(size(n), Family(x, (n,)), Condition(sp.Sum(sp.exp(x[i]), over_n), EQ, 1))
_model = Domain.of(Family(y, (n,)), Condition(sp.Sum(sp.exp(y[i]), over_n), LE, 1))

floor = Claim(
    id="cross_entropy.entropy.floor",
    title="the cross-entropy of a discrete model is at least the entropy of the samples",
    lhs=entropy,
    relation=LE,
    rhs=cross_entropy,
    domain=samples & _model,
    source=Source("Section 5.1, remark on over-parameterised models, lower half", "v1"),
    reading=LOGARITHMS,
    steps=(
        Step(
            LE,
            cross_entropy,
            Combine(
                (
                    (1, SumMonotone(i, 1, n, Product(ExpPositive(x[i]), ExpTangent(y[i] - x[i])))),
                    (-1, Assume(0)),
                    (1, Assume(1)),
                )
            ),
            "the tangent of exp at y - x, weighed by exp(x)",
        ),
    ),
)

attained = Claim(
    id="cross_entropy.entropy.attained",
    title="some discrete model has the entropy of the samples as its cross-entropy",
    lhs=cross_entropy,
    relation=EQ,
    rhs=entropy,
    domain=samples,
    exists=_model,
    witness=((y, ((i,), x[i])),),
    source=Source("Section 5.1, remark on over-parameterised models, upper half", "v1"),
    reading=LOGARITHMS,
    guards=(Assume(0),),
    steps=(Step(EQ, entropy, Identity(entropy, entropy), "the model that is the distribution of the samples"),),
)

density = Claim(
    id="cross_entropy.entropy.density_floor",
    title="the loss of the memory model is at least the entropy of the samples",
    lhs=sp.log(d),
    relation=LE,
    rhs=loss("distance", "v1"),
    domain=equal_radii,
    source=Source("Section 5.1, remark on over-parameterised models, lower half", "v1"),
    reading=f"the model is a density, d different samples; {READINGS['distance'].says}; {READING['v1']}",
)
