"""The logarithm from the exponential: it keeps order, and a factor ``exp(v)`` comes out as v."""

import sympy as sp

from theory.claim import Claim, Relation, Source, Step
from theory.domain import Condition, Domain, Range, positive
from theory.notation import bound, u, v
from theory.rules import Antisymmetry, Assume, Justification, Lemma

LE, LT, EQ = Relation.LE, Relation.LT, Relation.EQ
ZERO = sp.Integer(0)


def order(low: sp.Expr, high: sp.Expr, *given: Justification, shift: sp.Expr = ZERO, strictly: bool = False) -> Lemma:
    """``log(low) <= log(high) + shift`` from a proof of ``low <= high * exp(shift)``.

    More proofs may follow: that an end is positive, where that is not seen.
    """
    name = "logarithm.order.kept" + ("_strictly" if strictly else "")
    return Lemma(name, at=((u, low), (bound, high), (v, shift)), given=given)


def same(left: sp.Expr, right: sp.Expr, *given: Justification, shift: sp.Expr = ZERO) -> Lemma:
    """``log(left) = log(right) + shift`` from a proof of ``left = right * exp(shift)``; more proofs as for order."""
    return Lemma("logarithm.order.equal", at=((u, left), (bound, right), (v, shift)), given=given)


_shifted = sp.log(bound) + v


def _reflected(low: sp.Expr, high: sp.Expr, name: str = "reflected") -> Lemma:
    return Lemma(f"exponential.order.{name}", at=((u, low), (v, high)), given=(Assume(0),))


def _claim(name: str, title: str, relation: Relation, proof: Justification) -> Claim:
    ends = Domain.of(positive(u), positive(bound), Range(v))
    return Claim(
        id=f"logarithm.order.{name}",
        title=title,
        lhs=sp.log(u),
        relation=relation,
        rhs=_shifted,
        domain=ends & Domain.of(Condition(u, relation, bound * sp.exp(v))),
        source=Source("lemma", "", "Majorant"),
        steps=(Step(relation, _shifted, proof, "exp undoes the logarithm"),),
    )


kept = _claim("kept", "the logarithm keeps order", LE, _reflected(sp.log(u), _shifted))
kept_strictly = _claim(
    "kept_strictly", "the logarithm keeps strict order", LT, _reflected(sp.log(u), _shifted, "reflected_strictly")
)
equal = _claim(
    "equal",
    "equal numbers, equal logarithms",
    EQ,
    Antisymmetry(_reflected(sp.log(u), _shifted), _reflected(_shifted, sp.log(u))),
)
