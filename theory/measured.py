"""What the training loss of a language model settles at: the sentence of F.2, and what the library holds against it.

These are claims about measurements.  ``L`` is the mean loss in nats per token at which a training settles, ``H`` the
exact entropy per token of the source, ``H_set`` that of the finite set of lines; nothing here is proved.
"""

import sympy as sp

from theory.claim import Claim, Kind, Relation, Source
from theory.domain import Domain, nonnegative
from theory.notation import entropy, loss, set_entropy

TENTH = "to 10%, since no digits are printed"
near_one = sp.Abs(loss - 1)

question_formation = Claim(
    id="question_formation.training_loss.near_one",
    title="vanilla Transformers on Question-Formation: the training loss stabilises at about 1",
    kind=Kind.MEASURED,
    lhs=near_one,
    relation=Relation.LE,
    rhs=sp.Rational(1, 10),
    domain=Domain.of(nonnegative(loss)),
    source=Source("F.2, Question-Formation"),
    reading=TENTH,
)

whatever_the_source = Claim(
    id="language_model.training_loss.near_one",
    title="whatever the source of text, the training loss stabilises at about 1 and gets no lower",
    kind=Kind.MEASURED,
    lhs=near_one,
    relation=Relation.LE,
    rhs=sp.Rational(1, 10),
    domain=Domain.of(nonnegative(loss), nonnegative(entropy)),
    source=Source("F.2, whatever the source"),
    reading="the minimum of about 1 (Abstract of v1, Proposition 4) as a statement on language models, " + TENTH,
)

source_entropy = Claim(
    id="language_model.training_loss.source_entropy",
    title="where each line is seen once, the training loss settles at the entropy of the source",
    kind=Kind.MEASURED,
    lhs=sp.Abs(loss - entropy),
    relation=Relation.LE,
    rhs=entropy / 10,
    domain=Domain.of(nonnegative(loss), nonnegative(entropy)),
    source=Source("10.7, fresh lines", "", "Majorant"),
    amends=(question_formation.id, whatever_the_source.id),
)

finite_set = Claim(
    id="language_model.training_loss.set_entropy",
    title="where few lines are seen many times, the training loss settles at the entropy of that finite set",
    kind=Kind.MEASURED,
    lhs=sp.Abs(loss - set_entropy),
    relation=Relation.LE,
    rhs=set_entropy / 10,
    domain=Domain.of(nonnegative(loss), nonnegative(set_entropy)),
    source=Source("10.7, a finite set", "", "Majorant"),
    amends=(whatever_the_source.id,),
)
