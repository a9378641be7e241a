"""The critical number of patterns: the real d at which ``Z = d * ball mass = 1``, at r = sqrt(n/(2 pi e)).

With p = 2 (v2) the ball mass is ``pi**a gamma(a, c) / Gamma(a)``, a = n/2 and c = n/(2 pi e); with p = 1 (v1) it is
``2 pi**a gamma(n, r) / Gamma(a)``.  Stirling's formula and the brackets of the incomplete gamma function give

    sqrt(pi n) (1 - c/o) exp(c)  <=  d  <=  the same times exp(1/(6 n)) (1 + c/(o - c)**2)

with o, c the order and the cutoff: d grows like ``sqrt(n) exp(n/(2 pi e))`` for p = 2, and like
``sqrt(n) exp(sqrt(n/(2 pi e)))`` for p = 1.
"""

from dataclasses import dataclass

import sympy as sp

from theory.atoms import Quotient
from theory.bounds.ball_mass import READING, mass
from theory.bounds.ball_volume import critical_radius, error, half
from theory.claim import Claim, Relation, Source, Step
from theory.denominators import cleared
from theory.domain import Domain, size
from theory.notation import cutoff, n, order, radius, u
from theory.rules import (
    Cancel,
    CircleConstant,
    Combine,
    ExpPositive,
    ExpTangent,
    InversePositive,
    Justification,
    Lemma,
    Product,
    RootCeiling,
    Scale,
    Sight,
)

LE, EQ = Relation.LE, Relation.EQ
BEYOND = "Majorant"
any_dimension = Domain.of(size(n))
one = sp.Integer(1)

# 1/(pi e) <= 1/6, as pi e - 6 = (pi - 3) e + 3 (e - 2)
ratio = Quotient(1, sp.pi * sp.E)
_pi_e = Combine(((1, Product(CircleConstant(), ExpPositive(one))), (3, ExpTangent(one))))
ratio_ceiling = Claim(
    id="patterns.critical.ratio_ceiling",
    title="1/(pi e) is at most 1/6",
    lhs=ratio,
    relation=LE,
    rhs=sp.Rational(1, 6),
    domain=Domain(),
    source=Source("lemma", "", BEYOND),
    steps=(
        Step(
            LE,
            sp.Rational(1, 6),
            Combine(
                (
                    (sp.Rational(1, 6), Product(Sight(ratio), _pi_e)),
                    (-sp.Rational(1, 6), Cancel(sp.pi, Sight(sp.pi))),
                )
            ),
            "pi > 3 and e >= 2",
        ),
    ),
)
_small = Lemma("patterns.critical.ratio_ceiling")


@dataclass(frozen=True)
class Case:
    """A version of the distance: order and cutoff of the incomplete gamma function, and what they prove."""

    version: str
    power: int
    order: sp.Expr
    cutoff: sp.Expr
    share: sp.Expr  # cutoff over order
    room: Justification  # cutoff < order

    @property
    def factor(self) -> int:
        """The factor 2/p of the ball mass."""
        return 2 // self.power

    @property
    def lower_gamma(self) -> sp.Expr:
        """The incomplete gamma function of the ball mass."""
        return sp.lowergamma(self.order, self.cutoff)

    @property
    def at(self) -> tuple[tuple[sp.Basic, sp.Expr], ...]:
        """Order and cutoff as the variables of the brackets."""
        return ((order, self.order), (cutoff, self.cutoff))

    @property
    def positive(self) -> Lemma:
        """The incomplete gamma function is positive."""
        return Lemma("lower_gamma.value.positive", self.at)

    @property
    def number(self) -> sp.Expr:
        """The critical number of patterns."""
        return Quotient(sp.gamma(half), self.factor * sp.pi**half * self.lower_gamma)

    @property
    def leading(self) -> sp.Expr:
        """Its leading term, a floor."""
        return sp.sqrt(sp.pi * n) * (1 - self.share) * sp.exp(self.cutoff)

    @property
    def excess(self) -> sp.Expr:
        """The relative error of the bracket."""
        return self.cutoff / (self.order - self.cutoff) ** 2


_square = n * ratio / 2  # n/(2 pi e)
SQUARED = Case(
    "v2",
    2,
    half,
    _square,
    ratio,
    Product(Sight(half), Combine(((1, _small), (sp.Rational(5, 6), Sight(one))))),  # (n/2) (1 - 1/(pi e))
)
# n/2 - r >= 0, as n^2/4 - r^2 = (n/4) (n - 2/(pi e))
within_half = RootCeiling(
    _square,
    half,
    Sight(half),
    Product(Sight(n / 4), Combine(((1, Sight(n - 1)), (2, _small), (sp.Rational(2, 3), Sight(one))))),
)
PLAIN = Case(
    "v1",
    1,
    n,
    critical_radius,
    critical_radius / n,
    Combine(((1, within_half), (1, Sight(half)))),
)


def _claims(case: Case) -> tuple[Claim, ...]:
    suffix = "" if case.version == "v2" else "_v1"
    gamma, weight = case.lower_gamma, case.factor * sp.pi**half * case.lower_gamma
    gamma_cancels = Cancel(gamma, case.positive)
    over_weight = Product(InversePositive(gamma, case.positive), Sight(sp.pi ** (-half) / case.factor))
    there = mass(sp.Integer(case.power), critical_radius)
    exact_mass = weight / sp.gamma(half)
    exact = "ball.mass.squared_identity" if case.power == 2 else "ball.mass.printed_v1"
    bracket = case.leading * sp.exp(error) * (1 + case.excess)

    # scale * cutoff**order * exp(-cutoff) is Stirling's Gamma(n/2), and scale * (order - cutoff) is leading * weight
    common = sp.sqrt(sp.pi * n) * sp.exp(case.cutoff) * sp.pi**half
    scale, gap = common * 2 / n, case.order - case.cutoff
    denominators = {n: Sight(n), gap: case.room}
    low = cleared(2 / n * gap - case.factor * (1 - case.share), denominators)
    high = cleared(case.factor * (1 - case.share) * (1 + case.excess) - 2 / n * (gap + case.cutoff / gap), denominators)
    stirling_above = Combine(  # Stirling's Gamma(n/2) - leading * weight
        ((1, Product(Sight(scale), Lemma("lower_gamma.bracket.ceiling", case.at))), (1, Scale(common * gamma, low)))
    )
    stirling_below = Combine(  # leading (1 + excess) weight - Stirling's Gamma(n/2)
        (
            (1, Product(Sight(scale), Lemma("lower_gamma.bracket.floor", case.at, (case.room,)))),
            (1, Scale(common * gamma, high)),
        )
    )

    def claim(role: str, place: str, title: str, lhs: sp.Expr, rhs: sp.Expr, *steps: Step) -> Claim:
        return Claim(
            id=f"patterns.critical.{role}{suffix}",
            title=title,
            lhs=lhs,
            relation=EQ if role == "identity" else LE,
            rhs=rhs,
            domain=any_dimension,
            source=Source(f"10.5, {place}", "", BEYOND),
            reading=READING[case.version],
            guards=(case.positive, Product(Sight(case.factor * sp.pi**half), case.positive), case.room),
            steps=steps,
        )

    identity = claim(
        "identity",
        "the critical number",
        "the partition function of the critical number of patterns is 1",
        case.number * there,
        one,
        Step(
            EQ,
            case.number * exact_mass,
            Scale(-case.number, Lemma(exact, ((radius, critical_radius),))),
            "the exact ball mass",
        ),
        Step(
            EQ,
            one,
            Combine(
                (
                    (1, Scale(Quotient(sp.gamma(half), sp.gamma(half)), gamma_cancels)),
                    (1, Cancel(sp.gamma(half), Sight(sp.gamma(half)))),
                )
            ),
            "a number over itself",
        ),
    )
    floor = claim(
        "floor",
        "lower bound",
        "the critical number of patterns is at least its leading term",
        case.leading,
        case.number,
        Step(
            LE,
            case.number,
            Combine(
                (
                    (
                        1,
                        Product(
                            over_weight,
                            Combine(((1, Lemma("gamma.stirling.floor", ((u, half),))), (1, stirling_above))),
                        ),
                    ),
                    (1, Scale(case.leading, gamma_cancels)),
                )
            ),
            "Stirling's floor, and the ceiling of the incomplete gamma function",
        ),
    )
    ceiling = claim(
        "ceiling",
        "upper bound",
        "the critical number of patterns is at most its leading term times a factor that tends to 1",
        case.number,
        bracket,
        Step(
            LE,
            bracket,
            Combine(
                (
                    (
                        1,
                        Product(
                            over_weight,
                            Combine(
                                (
                                    (1, Lemma("gamma.stirling.ceiling", ((u, half),))),
                                    (1, Product(Sight(sp.exp(error)), stirling_below)),
                                )
                            ),
                        ),
                    ),
                    (-1, Scale(bracket, gamma_cancels)),
                )
            ),
            "Stirling's ceiling, and the floor of the incomplete gamma function",
        ),
    )
    return identity, floor, ceiling


squared, plain = _claims(SQUARED), _claims(PLAIN)
