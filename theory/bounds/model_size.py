"""Proposition 5: how the model size N and the data size D grow together when every layer has ``Z_t = 1``.

``N = A l d_emb^2`` parameters, ``n = T_max d_emb`` and ``D = T_max d`` tokens, where d is the number of patterns with
``Z_t = 1`` at r = sqrt(n/(2 pi e)): that of the exact partition function (for either distance), or that of its upper
bound ``d V_n(r)`` in (14).  "N = O(D^2)" is stated as an upper bound and, as an optimum asks for both, as a lower one.
"""

from dataclasses import dataclass

import sympy as sp

from theory.bounds.ball_mass import READING
from theory.bounds.critical import PLAIN, SQUARED, ratio
from theory.bounds.critical_powers import LEAST, there, volume_number
from theory.claim import Claim, Negation, Relation, Source, Step
from theory.domain import Domain, positive, size
from theory.notation import blocks, constant, context, l, per_dimension, width
from theory.rules import Combine, Justification, Lemma, Product, RoundedUp, Sight

LE, LT = Relation.LE, Relation.LT
A, C, T, w, kappa = blocks, constant, context, width, per_dimension


@dataclass(frozen=True)
class Count:
    """A critical number of patterns: ``least n**degree <= number**2``, and ``number**2 <= most n`` if it is so."""

    name: str
    reading: str
    number: sp.Expr
    degree: int
    least: sp.Expr
    floor: str
    most: sp.Expr | None = None
    ceiling: str = ""
    positive: str = ""


@dataclass(frozen=True)
class Regime:
    """What is fixed and what grows: ``model_size`` is N, ``growing`` the integer that goes to infinity."""

    name: str
    reading: str
    model_size: sp.Expr
    growing: sp.Symbol
    fixed: Domain


COUNTS = (
    Count(
        "squared",
        f"Z_t exact, {READING['v2']}",
        there(SQUARED.number),
        3,
        LEAST["v2"] ** 2 * ratio**2 * sp.pi,
        "patterns.size.squared_floor",
        positive="patterns.size.weight_positive",
    ),
    Count(
        "plain",
        f"Z_t exact, {READING['v1']}",
        there(PLAIN.number),
        3,
        LEAST["v1"] ** 2 * ratio**2 * sp.pi,
        "patterns.size.squared_floor_v1",
        positive="patterns.size.weight_positive_v1",
    ),
    Count(
        "volume",
        "Z_t as its upper bound d V_n(r) in (14)",
        there(volume_number),
        1,
        sp.pi,
        "patterns.volume_count.squared_floor",
        2 * sp.pi,
        "patterns.volume_count.squared_ceiling",
    ),
)
WIDER = Regime("wider", "l and T_max fixed, d_emb grows", A * l * w**2, w, Domain.of(positive(A), size(l), size(T)))
LONGER = Regime("longer", "l and d_emb fixed, T_max grows", A * l * w**2, T, Domain.of(positive(A), size(l), size(w)))
LINEAR = Regime(
    "linear", "T_max and A l d_emb/T_max fixed, N is proportional to n", kappa * T * w, w,
    Domain.of(positive(kappa), size(T)),
)  # fmt: skip


def _patterns_bound(count: Count, at: sp.Expr | None, regime: Regime, upper: bool) -> Lemma:
    """The floor (ceiling) of the squared number of patterns where the growing integer is ``at``."""
    lemma = count.ceiling if upper else count.floor
    return Lemma(lemma, () if at is None else ((regime.growing, at),))


def _data_size(count: Count) -> sp.Expr:
    return T * count.number


def _claim(regime: Regime, count: Count, upper: bool, witness: sp.Expr | None, steps: tuple[Step, ...]) -> Claim:
    """``N <= C D^2`` (or ``C D^2 <= N``) with one constant for all values of what grows."""
    model, data = regime.model_size, C * _data_size(count) ** 2
    return Claim(
        id=_id(regime, count, upper),
        title=f"N is at {'most' if upper else 'least'} of the order of D^2",
        lhs=model if upper else data,
        relation=LE,
        rhs=data if upper else model,
        domain=regime.fixed,
        exists=Domain.of(positive(C)),
        forall=Domain.of(size(regime.growing)),
        witness=((C, witness),) if witness is not None else (),
        source=Source("Proposition 5"),
        reading=f"{count.reading}; {regime.reading}; {'upper bound' if upper else 'optimum, its lower half'}",
        guards=(Lemma(count.positive),) if count.positive else (),
        steps=steps,
    )


def _id(regime: Regime, count: Count, upper: bool) -> str:
    return f"model_size.{count.name}.{regime.name}_{'ceiling' if upper else 'floor'}"


def _holds(regime: Regime, count: Count, upper: bool, witness: sp.Expr, slack: Justification | None) -> Claim:
    """A true half: the constant, and a proof that it leaves ``slack`` beside the bound on the patterns."""
    bound = Product(Sight(witness * T**2), _patterns_bound(count, None, regime, upper=not upper))
    why: Justification = bound if slack is None else Combine(((1, bound), (1, slack)))
    end = witness * _data_size(count) ** 2 if upper else regime.model_size
    return _claim(regime, count, upper, witness, (Step(LE, end, why, "a power of n bounds the number of patterns"),))


def _fails(regime: Regime, count: Count, upper: bool, threshold: sp.Expr, slack: Justification) -> tuple[Claim, Claim]:
    """A false half with the claim that denies it: for every constant, what grows may be ``ceiling(threshold) + 1``."""
    original = _claim(regime, count, upper, None, ())
    at = sp.ceiling(threshold) + 1
    put = {regime.growing: at}
    model, data = regime.model_size, C * _data_size(count) ** 2
    bound = Product(Sight(C * T.xreplace(put) ** 2), _patterns_bound(count, at, regime, upper))
    denial = Claim(
        id=f"{original.id}_fails",
        title=f"N is not at {'most' if upper else 'least'} of the order of D^2: every constant is too "
        + ("small" if upper else "large"),
        lhs=data if upper else model,
        relation=LT,
        rhs=model if upper else data,
        domain=regime.fixed & Domain.of(positive(C)),
        exists=Domain.of(size(regime.growing)),
        witness=((regime.growing, at),),
        source=Source("Proposition 5, amended"),
        reading=original.reading,
        amends=(original.id,),
        negates=Negation(original.id),
        guards=(Lemma(count.positive, ((regime.growing, at),)),) if count.positive else (),
        steps=(
            Step(
                LT,
                model if upper else data,
                Combine(((1, bound), (1, slack))),
                "a power of n bounds the number of patterns",
            ),
        ),
    )
    return original, denial


def _beyond(scale: sp.Expr, threshold: sp.Expr, degree: int = 1) -> Combine:
    """``scale * (at**degree - threshold) > 0`` at ``at = ceiling(threshold) + 1``."""
    at = sp.ceiling(threshold) + 1
    terms = [(1, Product(Sight(scale), RoundedUp(threshold))), (1, Sight(scale))]
    if degree > 1:
        terms.append((1, Product(Sight(scale), Sight(at**degree - at))))
    return Combine(tuple(terms))


def _exact(count: Count) -> tuple[Claim, ...]:
    """With the exact partition function D outgrows every power of N: the upper bound is true, the optimum is not."""
    k = count.least
    wide, long, line = A * l / (C * k * T**5), A * l / (C * k * w), kappa / (C * k * T**4)
    return (
        _holds(WIDER, count, True, A * l / (k * T**5), Product(Sight(A * l * w**2), Sight(w - 1))),
        *_fails(
            WIDER, count, False, wide, Product(Sight((sp.ceiling(wide) + 1) ** 2), _beyond(C * k * T**5, wide))
        ),
        _holds(
            LONGER, count, True, A * l / (k * w),
            Product(Sight(A * l * w**2 * (T**4 + T**3 + T**2 + T + 1)), Sight(T - 1)),
        ),
        *_fails(LONGER, count, False, long, Product(Sight(w**2), _beyond(C * k * w, long, 5))),
        _holds(LINEAR, count, True, kappa / (k * T**4), Product(Sight(kappa * T * w * (w + 1)), Sight(w - 1))),
        *_fails(
            LINEAR, count, False, line,
            Product(Sight(T * (sp.ceiling(line) + 1)), _beyond(C * k * T**4, line, 2)),
        ),
    )  # fmt: skip


def _bounded(count: Count) -> tuple[Claim, ...]:
    """With (14)'s upper bound for Z_t the squared number of patterns is of the order of n."""
    wide, long = 2 * sp.pi * T**3 * C / (A * l), A * l * w / (C * sp.pi)
    return (
        *_fails(WIDER, count, True, wide, Product(Sight(sp.ceiling(wide) + 1), _beyond(A * l, wide))),
        _holds(WIDER, count, False, A * l / (2 * sp.pi * T**3), Product(Sight(A * l * w), Sight(w - 1))),
        _holds(LONGER, count, True, A * l * w / sp.pi, Product(Sight(A * l * w**2 * (T**2 + T + 1)), Sight(T - 1))),
        *_fails(LONGER, count, False, long, Product(Sight(w), _beyond(C * sp.pi, long, 3))),
        _holds(LINEAR, count, True, kappa / (sp.pi * T**2), None),
        _holds(LINEAR, count, False, kappa / (2 * sp.pi * T**2), None),
    )


squared, plain, volume = _exact(COUNTS[0]), _exact(COUNTS[1]), _bounded(COUNTS[2])
