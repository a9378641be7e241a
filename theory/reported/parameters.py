"""Appendix E: the parameter counts of GPT-2 medium, as printed and as published.

The paper counts query, key and value weights as attention, the output projection with one layer norm as dense, and
feed-forward layers of width 3,072, which is that of GPT-2 small.  The released model (OpenAI 2019) has feed-forward
layers of width 4 d_emb, two layer norms in each block, and a bias in every linear map.
"""

from dataclasses import dataclass

import sympy as sp

from theory.atoms import Quotient
from theory.claim import Claim, Kind, Relation, Source, Step
from theory.domain import Condition, Domain, Range, positive, size
from theory.notation import epsilon, inner_width, l, width
from theory.rules import Assume, Cancel, Combine, InversePositive, Lemma, Product, Scale, Sight

LT, LE, EQ = Relation.LT, Relation.LE, Relation.EQ
OWN = Source("Appendix E", "", "Majorant")
RELEASED = "GPT-2 medium as released, d_FF = 4 d_emb"
TENTH = "to 10%, since no digits are printed"


@dataclass(frozen=True)
class Part:
    """A part of a block: its parameters by the printed formula and as released, and both counts over 24 blocks."""

    key: str
    name: str
    printed: sp.Expr
    released: sp.Expr
    printed_count: int
    released_count: int


feed_forward = 2 * width * inner_width + width + inner_width
PARTS = (
    Part("attention", "attention", 3 * width**2, 3 * width**2 + 3 * width, 75_497_472, 75_571_200),
    Part("dense", "dense and layer norm", width**2 + 2 * width, width**2 + 5 * width, 25_214_976, 25_288_704),
    Part("feed_forward", "feed-forward", feed_forward, feed_forward, 151_093_248, 201_449_472),
)
printed_block = sp.Add(*(part.printed for part in PARTS))
released_block = sp.Add(*(part.released for part in PARTS))
EMBEDDINGS = 50_257 * width + 1024 * width + 2 * width  # words, positions, the last layer norm


def _medium(inner: int) -> Domain:
    values = {l: 24, width: 1024, inner_width: inner}
    return Domain.of(*(Range(symbol, value, value) for symbol, value in values.items()))


as_printed, as_released = _medium(3072), _medium(4096)


def ratio(block: sp.Expr) -> sp.Expr:
    """A of (2): the parameters of a block over the squared embedding width."""
    return Quotient(block, width**2)


def _counts(part: Part) -> tuple[Claim, ...]:
    where = Source("Appendix E, the counts")

    def count(suffix: str, formula: sp.Expr, number: int, domain: Domain, source: Source, **more: str) -> Claim:
        return Claim(
            id=f"gpt2_medium.{part.key}.{suffix}",
            title=f"{part.name} of GPT-2 medium: {number:,} parameters",
            kind=Kind.NUMBER,
            lhs=l * formula,
            relation=EQ,
            rhs=sp.Integer(number),
            domain=domain,
            source=source,
            reading=more["reading"],
            amends=tuple(filter(None, (more.get("amends"),))),
        )

    against = count("released_count", part.released, part.printed_count, as_released, where, reading=RELEASED)
    return (
        count("count", part.printed, part.printed_count, as_printed, where, reading="by the printed formula"),
        against,
        count(
            "count_amended", part.released, part.released_count, as_released, OWN, reading=RELEASED, amends=against.id
        ),
    )


counts = tuple(claim for part in PARTS for claim in _counts(part))


def _ratio(
    name: str, block: sp.Expr, value: str, tolerance: str, domain: Domain, source: Source, reading: str
) -> Claim:
    return Claim(
        id=f"gpt2_medium.block_ratio.{name}",
        title=f"A is about {value} for GPT-2 medium",
        kind=Kind.NUMBER,
        lhs=sp.Abs(ratio(block) - sp.Rational(value)),
        relation=LE,
        rhs=sp.Rational(tolerance),
        domain=domain,
        source=source,
        reading=reading,
        amends=("gpt2_medium.block_ratio.released",) if source == OWN else (),
    )


_WHERE = Source("Appendix E, A ~ 10")
ratios = (
    _ratio("printed", printed_block, "10", "1", as_printed, _WHERE, f"by the printed formulas; {TENTH}"),
    _ratio("released", released_block, "10", "1", as_released, _WHERE, f"{RELEASED}; {TENTH}"),
    _ratio("amended", released_block, "12.01", "0.005", as_released, OWN, f"{RELEASED}; to half a unit"),
)

printed_inner = Claim(
    id="gpt2_medium.inner_width.printed",
    title="the feed-forward layers of GPT-2 medium are 3,072 wide",
    kind=Kind.NUMBER,
    lhs=inner_width,
    relation=EQ,
    rhs=sp.Integer(3072),
    domain=as_released,
    source=Source("Appendix E, d_FF"),
    reading=RELEASED,
)

released_inner = Claim(
    id="gpt2_medium.inner_width.amended",
    title="3,072 is three quarters of the width of the feed-forward layers of GPT-2 medium",
    kind=Kind.NUMBER,
    lhs=sp.Rational(3, 4) * inner_width,
    relation=EQ,
    rhs=sp.Integer(3072),
    domain=as_released,
    source=OWN,
    reading=RELEASED,
    amends=(printed_inner.id,),
)

total = Claim(
    id="gpt2_medium.total.count",
    title="GPT-2 medium as released has 354,823,168 parameters with its embeddings",
    kind=Kind.NUMBER,
    lhs=l * released_block + EMBEDDINGS,
    relation=EQ,
    rhs=sp.Integer(354_823_168),
    domain=as_released,
    source=OWN,
    reading=f"{RELEASED}; 50,257 words, 1,024 positions",
)

# Every width


def _widened(factor: int) -> Domain:
    return Domain.of(size(width), size(inner_width), Condition(inner_width, EQ, factor * width))


def _block(name: str, block: sp.Expr, factor: int, closed: sp.Expr, reading: str) -> Claim:
    return Claim(
        id=f"gpt2.{name}.identity",
        title=f"a block has {sp.sstr(closed)} parameters if d_FF = {factor} d_emb",
        lhs=block,
        relation=EQ,
        rhs=closed,
        domain=_widened(factor),
        source=OWN,
        reading=reading,
        steps=(Step(EQ, closed, Scale(2 * width + 1, Assume(0)), "the feed-forward width is put in"),),
    )


printed_closed, released_closed = 10 * width**2 + 6 * width, 12 * width**2 + 13 * width
printed_identity = _block("printed_block", printed_block, 3, printed_closed, "by the printed formulas")
released_identity = _block("block", released_block, 4, released_closed, "as released")

over_width = Cancel(width, Sight(width))
inverse = Quotient(sp.Integer(1), width)

whole = Domain.of(size(width))
released = ratio(released_block.subs(inner_width, 4 * width))

block_ratio = Claim(
    id="gpt2.block_ratio.identity",
    title="A = 12 + 13/d_emb if d_FF = 4 d_emb",
    lhs=released,
    relation=EQ,
    rhs=12 + 13 * inverse,
    domain=whole,
    source=OWN,
    reading="as released",
    steps=(
        Step(
            EQ,
            12 + 13 * inverse,
            Scale(12 * (Quotient(width, width) + 1) + 13 * inverse, over_width),
            "d_emb over itself is 1",
        ),
    ),
)

block_ratio_floor = Claim(
    id="gpt2.block_ratio.floor",
    title="A is above 12 at every width if d_FF = 4 d_emb",
    lhs=sp.Integer(12),
    relation=LT,
    rhs=released,
    domain=whole,
    source=OWN,
    reading="as released",
    steps=(
        Step(LT, block_ratio.rhs, Sight(13 * inverse), "13/d_emb is positive"),
        Step(EQ, released, Lemma(block_ratio.id), "the exact ratio"),
    ),
)

block_ratio_ceiling = Claim(
    id="gpt2.block_ratio.ceiling",
    title="A is at most 12 + epsilon from the width 13/epsilon on, so A tends to 12",
    lhs=released,
    relation=LE,
    rhs=12 + epsilon,
    domain=whole & Domain.of(positive(epsilon), Condition(13, LE, epsilon * width)),
    source=OWN,
    reading="as released",
    steps=(
        Step(EQ, block_ratio.rhs, Lemma(block_ratio.id), "the exact ratio"),
        Step(
            LE,
            12 + epsilon,
            Combine(
                (
                    (sp.Integer(1), Product(InversePositive(width, Sight(width)), Assume(0))),
                    (sp.Integer(-1), Scale(epsilon, over_width)),
                )
            ),
            "13/d_emb is at most epsilon",
        ),
    ),
)
