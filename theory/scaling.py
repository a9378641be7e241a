"""The fitted loss (1) and the sizes (2): what the paper takes over before it begins.

The paper quotes the irreducible loss of (1) as 1.61 nats; the fit of Hoffmann et al. (2022) has 1.69.  Both stand
here as values of ``irreducible``.
"""

import sympy as sp

from theory.atoms import Quotient
from theory.claim import Claim, Kind, Relation, Source, Step
from theory.domain import Condition, Domain, Range, positive, size
from theory.notation import blocks, context, d, irreducible, l, loss, n, parameters, tokens, width
from theory.rules import Assume, Cancel, Combine, Scale, Sight

LT, LE, EQ = Relation.LT, Relation.LE, Relation.EQ

# Formula (1)

QUOTED, PUBLISHED = sp.Rational("1.61"), sp.Rational("1.69")  # the irreducible loss E, in nats
size_term = sp.Rational("406.4") / parameters ** sp.Rational("0.34")
data_term = sp.Rational("410.7") / tokens ** sp.Rational("0.28")


def fitted_loss(irreducible_loss: sp.Expr = irreducible) -> sp.Expr:
    """``L(N, D)`` of formula (1) in nats, for N parameters and D tokens (Hoffmann et al. 2022)."""
    return irreducible_loss + size_term + data_term


sized = Domain.of(positive(parameters), positive(tokens))

fitted = Claim(
    id="fitted.loss.definition",
    title="the fitted loss, with the constants that the paper quotes",
    kind=Kind.DEFINITION,
    lhs=loss,
    relation=EQ,
    rhs=fitted_loss(QUOTED),
    domain=sized,
    source=Source("(1)"),
)

fitted_floor = Claim(
    id="fitted.loss.floor",
    title="the fitted loss lies above its irreducible loss at every size",
    lhs=irreducible,
    relation=LT,
    rhs=fitted_loss(),
    domain=Domain.everywhere(irreducible) & sized,
    source=Source("(1)", "", "Majorant"),
    steps=(Step(LT, fitted_loss(), Sight(size_term + data_term), "powers of positive numbers are positive"),),
)

quoted = Claim(
    id="fitted.irreducible.quoted",
    title="the irreducible loss of the fit that the paper cites is 1.61",
    kind=Kind.NUMBER,
    lhs=sp.Abs(irreducible - QUOTED),
    relation=LE,
    rhs=sp.Rational("0.005"),
    domain=Domain.of(Range(irreducible, PUBLISHED, PUBLISHED)),
    source=Source("(1)"),
    reading="E = 1.69 in the published fit; to half a unit of the last printed digit",
)

published = Claim(
    id="fitted.irreducible.published",
    title="the published irreducible loss is 0.08 above the quoted one",
    kind=Kind.NUMBER,
    lhs=irreducible - QUOTED,
    relation=EQ,
    rhs=sp.Rational("0.08"),
    domain=quoted.domain,
    source=Source("(1)", "", "Majorant"),
    amends=(quoted.id,),
)

# The sizes (2)

model_size = Claim(
    id="model.size.definition",
    title="the number of parameters of attention and feed-forward layers",
    kind=Kind.DEFINITION,
    lhs=parameters,
    relation=EQ,
    rhs=blocks * l * width**2,
    domain=Domain.of(size(l), positive(blocks), size(width)),
    source=Source("(2)"),
    reading="the printed ~ read as equality",
)

data_size = Claim(
    id="data.size.definition",
    title="the number of training tokens",
    kind=Kind.DEFINITION,
    lhs=tokens,
    relation=EQ,
    rhs=context * d,
    domain=Domain.of(size(d), size(context)),
    source=Source("(2)"),
    reading="the printed ~ read as equality",
)

per_dimension = Quotient(blocks * l * width, context)

model_size_in_dimension = Claim(
    id="model.size.identity",
    title="the number of parameters is A l d_emb / T_max times the dimension n = T_max d_emb",
    lhs=model_size.rhs,
    relation=EQ,
    rhs=per_dimension * n,
    domain=model_size.domain & Domain.of(size(context), size(n), Condition(n, EQ, context * width)),
    source=Source("(2)"),
    steps=(
        Step(
            EQ,
            per_dimension * n,
            Combine(
                (
                    (sp.Integer(-1), Scale(per_dimension, Assume(0))),
                    (sp.Integer(1), Scale(blocks * l * width**2, Cancel(context, Sight(context)))),
                )
            ),
            "n over T_max is d_emb",
        ),
    ),
)
