"""Table 2: reported losses of large models, against 1 and against the fitted loss (1).

The table is written down once.  Each row gives three claims, the last two for both values of the irreducible loss,
and the true distance from the fitted loss where the row does not agree with it.
"""

from dataclasses import dataclass

import sympy as sp

from theory.claim import Claim, Kind, Relation, Source
from theory.domain import Domain, Range
from theory.notation import irreducible, loss, parameters, tokens
from theory.scaling import PUBLISHED, QUOTED, fitted_loss

HALF_UNIT = sp.Rational("0.05")  # of the last printed digit
FINER = sp.Rational("0.005")
BILLION, TRILLION = 10**9, 10**12


@dataclass(frozen=True)
class Row:
    """One row: parameters and tokens in counts, the loss in nats.

    ``above`` is how far the loss lies above the fitted loss, in nats to the second decimal, by the name of its
    irreducible loss; it is given where that is more than half a unit of the last printed digit.
    """

    key: str
    name: str
    parameters: sp.Rational
    tokens: sp.Rational
    loss: sp.Rational
    above: tuple[tuple[str, sp.Rational], ...]


def _row(key: str, name: str, size: str, data: sp.Expr, reported: str, **above: str) -> Row:
    differences = tuple((constant, sp.Rational(value)) for constant, value in above.items())
    return Row(key, name, sp.Rational(size) * BILLION, data, sp.Rational(reported), differences)


TABLE = (
    _row("transformer", "Transformer 1.5B, 22B tokens", "1.5", sp.Integer(22) * BILLION, "2.5", quoted="0.06"),
    _row("chinchilla_70b", "Chinchilla 70B, 1.4T tokens", "70", sp.Rational("1.4") * TRILLION, "2.2",
         quoted="0.34", published="0.26"),
    _row("palm_2", "PaLM 2 16B, 100B tokens", "16", sp.Integer(100) * BILLION, "2.4", quoted="0.31", published="0.23"),
    _row("gpt2", "GPT-2 8.7B, 178B tokens", "8.7", sp.Integer(178) * BILLION, "2.3", quoted="0.23", published="0.15"),
    _row("minicpm", "MiniCPM 2.4B, 140B tokens", "2.4", sp.Integer(140) * BILLION, "2.4",
         quoted="0.22", published="0.14"),
    _row("nanotron", "Nanotron 1.2B, 105B tokens", "1.2", sp.Integer(105) * BILLION, "2.4", quoted="0.12"),
)  # fmt: skip
CONSTANTS = {"quoted": (QUOTED, "E = 1.61, as quoted"), "published": (PUBLISHED, "E = 1.69, as published")}


def _point(row: Row, constant: sp.Rational | None = None) -> Domain:
    values = {loss: row.loss}
    if constant is not None:
        values |= {irreducible: constant, parameters: row.parameters, tokens: row.tokens}
    return Domain.of(*(Range(symbol, value, value) for symbol, value in values.items()))


def _above_one(row: Row) -> Claim:
    return Claim(
        id=f"{row.key}.loss.above_one",
        title=f"{row.name}: the reported loss is above 1",
        kind=Kind.NUMBER,
        lhs=sp.Integer(1),
        relation=Relation.LT,
        rhs=loss,
        domain=_point(row),
        source=Source("Table 2, above 1"),
    )


def _agrees(row: Row, name: str) -> Claim:
    constant, reading = CONSTANTS[name]
    return Claim(
        id=f"{row.key}.loss.{name}_fit",
        title=f"{row.name}: the reported loss is the fitted loss (1)",
        kind=Kind.NUMBER,
        lhs=sp.Abs(loss - fitted_loss()),
        relation=Relation.LE,
        rhs=HALF_UNIT,
        domain=_point(row, constant),
        source=Source(f"Table 2, (1) with {reading.partition(',')[0]}"),
        reading=f"{reading}; to half a unit of the last printed digit, 0.05",
    )


def _lies_above(row: Row, name: str, difference: sp.Rational) -> Claim:
    constant, reading = CONSTANTS[name]
    return Claim(
        id=f"{row.key}.loss.above_{name}_fit",
        title=f"{row.name}: the reported loss lies {float(difference):.2f} above the fitted loss (1)",
        kind=Kind.NUMBER,
        lhs=sp.Abs(loss - fitted_loss() - difference),
        relation=Relation.LE,
        rhs=FINER,
        domain=_point(row, constant),
        source=Source("Table 2", "", "Majorant"),
        reading=f"{reading}; to half a unit of the second decimal",
        amends=(f"{row.key}.loss.{name}_fit",),
    )


above_one = tuple(map(_above_one, TABLE))
fits = tuple(_agrees(row, name) for row in TABLE for name in CONSTANTS)
differences = tuple(_lies_above(row, name, difference) for row in TABLE for name, difference in row.above)
