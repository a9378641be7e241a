"""The two parametric forms of a scaling law: the loss as a function of model size and data size.

Formula (1) with the constants that the paper quotes is in ``theory.scaling``; here the constants are free.
"""

import sympy as sp

from theory.claim import Claim, Kind, Relation, Source, Step
from theory.domain import Domain, positive
from theory.notation import (
    data_coefficient,
    data_exponent,
    data_scale,
    irreducible,
    loss,
    model_coefficient,
    model_exponent,
    model_scale,
    parameters,
    tokens,
)
from theory.rules import Sight

LT, EQ = Relation.LT, Relation.EQ
BEYOND = "Majorant"

sizes = Domain.of(positive(parameters), positive(tokens), positive(model_exponent), positive(data_exponent))
_model = (model_scale / parameters) ** (model_exponent / data_exponent)
kaplan_form = (_model + data_scale / tokens) ** data_exponent
chinchilla_form = (
    irreducible + model_coefficient / parameters**model_exponent + data_coefficient / tokens**data_exponent
)

kaplan = Claim(
    id="kaplan.loss.definition",
    title="the loss of Kaplan et al. 2020: one power of the sum of a model term and a data term",
    kind=Kind.DEFINITION,
    lhs=loss,
    relation=EQ,
    rhs=kaplan_form,
    domain=sizes & Domain.of(positive(model_scale), positive(data_scale)),
    source=Source("(1), beside it: Kaplan et al. 2020"),
)

kaplan_positive = Claim(
    id="kaplan.loss.positive",
    title="the loss of Kaplan et al. has no irreducible part but is positive at every size",
    lhs=sp.Integer(0),
    relation=LT,
    rhs=kaplan_form,
    domain=kaplan.domain,
    source=Source("(1), beside it: Kaplan et al. 2020, well-posed", "", BEYOND),
    about=kaplan.id,
    steps=(Step(LT, kaplan_form, Sight(kaplan_form), "a power of a positive number is positive"),),
)

chinchilla = Claim(
    id="chinchilla.loss.definition",
    title="the loss of Hoffmann et al. 2022: an irreducible loss, a model term and a data term",
    kind=Kind.DEFINITION,
    lhs=loss,
    relation=EQ,
    rhs=chinchilla_form,
    domain=Domain.everywhere(irreducible) & sizes & Domain.of(positive(model_coefficient), positive(data_coefficient)),
    source=Source("(1), with free constants"),
)

chinchilla_floor = Claim(
    id="chinchilla.loss.floor",
    title="the loss of Hoffmann et al. lies above its irreducible part, whatever the constants",
    lhs=irreducible,
    relation=LT,
    rhs=chinchilla_form,
    domain=chinchilla.domain,
    source=Source("(1), with free constants", "", BEYOND),
    about=chinchilla.id,
    steps=(Step(LT, chinchilla_form, Sight(chinchilla_form - irreducible), "both terms are positive"),),
)
