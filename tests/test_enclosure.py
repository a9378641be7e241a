"""Proof on boxes: what holds, what fails, and above all what must never be said."""

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
import sympy as sp
from flint import arb, fmpq

from numerics.backends.as_ball import hull
from numerics.backends.jets import Jet, build, variable
from theory.atoms import LSE, BallUnion, IndexMax, IndexMin, Quotient, RegionIntegral
from theory.claim import Claim, Kind, Source
from theory.domain import Condition, Domain, Family, Range, Relation, positive, size
from theory.notation import beta, cutoff, d, i, j, k, l, n, order, radius, rho, rho_t, sizes, t, u, v, weight, x, y
from validation.evidence import Outcome
from validation.methods.bisection import semidefinite
from validation.methods.enclosure import decimal_below, enclose
from validation.methods.expansion import vanishes
from validation.methods.instances import instances

LE, LT, GE, GT, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.GT, Relation.EQ
HOLDS, FAILS, UNDECIDED = Outcome.HOLDS, Outcome.FAILS, Outcome.UNDECIDED
A, B = sp.IndexedBase("A", real=True), sp.IndexedBase("B", real=True)
QUADRANT = Domain.of(positive(order), positive(cutoff))
PLANE = Domain.everywhere(u, v)
LOGITS = Domain.of(size(d), Family(A, (d,)))
PAIRS = Domain.of(size(d), Family(A, (d,)), Family(B, (d,)))
GAMMA, POWER = sp.lowergamma(order, cutoff), cutoff**order / order
NINE_TENTHS = sp.Rational(9, 10)


def lse(family):
    return LSE(family[j], (j, 1, d))


def claim(lhs, relation, rhs, domain, **more):
    return Claim("a.test.claim", lhs, relation, rhs, domain, Source("nowhere"), **more)


def find(lhs, relation, rhs, domain, budget=2.0, **more):
    return enclose(claim(lhs, relation, rhs, domain, **more), budget)


@pytest.mark.parametrize(
    ("lhs", "relation", "rhs", "domain"),
    [
        (GAMMA, LE, POWER, QUADRANT),
        (GAMMA, GE, POWER * sp.exp(-cutoff), QUADRANT),
        (lse(A), GE, IndexMax(A[j], (j, 1, d)), LOGITS),
        (A[i], LE, lse(A), LOGITS & Domain.of(Range(i, 1, d))),
        (sp.log(1 + u), LE, u, Domain.of(Range(u, 0))),
        (u * v, LE, (u**2 + v**2) / 2, PLANE),
        (1 + u, LE, sp.exp(u), Domain.everywhere(u)),
        (lse(A), GE, lse(B) + sp.Sum(sp.exp(B[j] - lse(B)) * (A[j] - B[j]), (j, 1, d)), PAIRS),
        (weight * (1 - weight), LE, sp.Rational(1, 4), Domain.of(Range(weight, 0, 1))),
        (u * v, GE, 2, PLANE & Domain.of(Condition(u, GE, 2), Condition(v, GT, 1))),
        (lse(A), LE, lse(A), LOGITS),
        (LSE(A[j] + u, (j, 1, d)), EQ, lse(A) + u, LOGITS & Domain.everywhere(u)),
        (sp.log(2) + sp.log(3), EQ, sp.log(6), Domain()),
        (sp.log(2), LT, sp.Rational(7, 10), Domain()),
    ],
    ids=str,
)
def test_true_statements_hold(lhs, relation, rhs, domain):
    evidence = find(lhs, relation, rhs, domain)
    assert evidence.outcome is HOLDS, evidence.reason
    assert evidence.witness is None
    assert Decimal(evidence.margin) >= 0
    assert evidence.covered
    assert evidence.digest == claim(lhs, relation, rhs, domain).digest
    assert evidence.provenance["versions"]["python-flint"]


@pytest.mark.parametrize(
    ("lhs", "relation", "rhs", "domain"),
    [
        (GAMMA, LE, NINE_TENTHS * POWER, QUADRANT),
        (GAMMA, GE, POWER, QUADRANT),
        (GAMMA, GE, sp.Rational(11, 10) * POWER * sp.exp(-cutoff), QUADRANT),
        (lse(A), LE, IndexMax(A[j], (j, 1, d)) + NINE_TENTHS * sp.log(d), LOGITS),
        (lse(A), GT, IndexMax(A[j], (j, 1, d)), LOGITS),
        (u * v, LT, (u**2 + v**2) / 2, PLANE),
        (u * v, GE, (u**2 + v**2) / 2, PLANE),
        (1 + u, LT, sp.exp(u), Domain.everywhere(u)),
        (1 / u, GE, -5, Domain.everywhere(u)),
        (LSE(A[j] + u, (j, 1, d)), EQ, lse(A) + 2 * u, LOGITS & Domain.everywhere(u)),
        (sp.log(2), LE, sp.Rational(69, 100), Domain()),
        (u * v, GE, 2, PLANE & Domain.of(Condition(u, GE, 1), Condition(v, GT, 0))),
        (lse(A) - lse(B), LE, NINE_TENTHS * IndexMax(sp.Abs(A[j] - B[j]), (j, 1, d)), PAIRS),
    ],
    ids=str,
)
def test_false_statements_fail_at_an_exact_point(lhs, relation, rhs, domain):
    evidence = find(lhs, relation, rhs, domain)
    assert evidence.outcome is FAILS, evidence.reason
    stated = claim(lhs, relation, rhs, domain)
    at = {}
    for name, value in evidence.witness.values:
        entries = value if isinstance(value, tuple) else (value,)
        assert all(isinstance(entry, (int, Fraction)) for entry in entries)
        at[name] = value
    assert {f.label.name if isinstance(f, sp.IndexedBase) else f.name for f in domain.variables()} == set(at)
    gap = float(substituted(stated.gap, at))
    assert gap < 1e-12 if relation.strict else abs(gap) > 0 if relation is EQ else gap < 0


def substituted(expr, at):
    size_of = {
        s: sp.Integer(at[s.name]) for s in expr.free_symbols if isinstance(s, sp.Symbol) and s.name in ("d", "n")
    }
    expr = expr.subs(size_of)
    expr = expr.replace(LSE, lambda body, limit: sp.log(sum(sp.exp(body.subs(limit[0], m)) for m in over(limit))))
    expr = expr.replace(IndexMax, lambda body, limit: sp.Max(*(body.subs(limit[0], m) for m in over(limit))))
    families = {node: sp.Rational(at[node.base.name][int(node.indices[0]) - 1]) for node in expr.atoms(sp.Indexed)}
    expr = expr.xreplace(families)
    scalars = {s: sp.Rational(at[s.name]) for s in expr.free_symbols}
    return expr.subs(scalars).evalf(30)


def over(limit):
    return range(int(limit[1]), int(limit[2]) + 1)


@pytest.mark.parametrize(
    ("lhs", "relation", "rhs", "domain", "reason"),
    [
        # true, but touching zero along a kink or where no rule applies: never a pass, never a refutation
        (sp.Abs(u + v), LE, sp.Abs(u) + sp.Abs(v), PLANE, ""),
        (sp.sqrt(u**2 + v**2), LE, sp.Abs(u) + sp.Abs(v), PLANE, ""),
        (u * v, LE, sp.Rational(1, 4), PLANE & Domain.of(Condition(u + v, EQ, 1)), "equality"),
        (u, LE, v, PLANE & Domain.of(Condition(u, LT, -9), Condition(v, GT, 20)), "side conditions"),
        (sp.sin(u) ** 2 + sp.cos(u) ** 2, EQ, 1, Domain.everywhere(u), "cannot prove an equality"),
        (sp.zeta(u), GE, 0, Domain.everywhere(u), "no rule for"),
        (u, LE, y[1], Domain.everywhere(u), "says nothing of y"),
        (sp.sqrt(u), GE, -1, Domain.everywhere(u), ""),
    ],
    ids=str,
)
def test_open_questions_stay_open(lhs, relation, rhs, domain, reason):
    evidence = find(lhs, relation, rhs, domain, budget=0.4)
    assert evidence.outcome is UNDECIDED
    assert evidence.reason
    assert reason in evidence.reason
    assert evidence.seconds < 1.5


def test_existential_claims_and_assumptions_are_left_alone():
    assert "existential" in find(u, LT, v, Domain.everywhere(u), exists=Domain.everywhere(v)).reason
    assert find(u, LT, v, PLANE, kind=Kind.ASSUMPTION).outcome is UNDECIDED


def test_a_spent_budget_is_not_a_pass():
    evidence = find(GAMMA, LE, POWER, QUADRANT, budget=0.0)
    assert evidence.outcome is UNDECIDED


def test_a_tiny_violation_between_the_probes_is_never_a_pass():
    # negative only within 1/2000 of 1/3, which no probe hits
    bump = (u - sp.Rational(1, 3)) ** 2 - sp.Rational(1, 2000**2)
    evidence = find(bump, GE, 0, Domain.everywhere(u))
    assert evidence.outcome is FAILS
    assert find(bump + sp.Rational(1, 10**6), GT, 0, Domain.everywhere(u)).outcome is HOLDS


def test_margin_is_a_lower_bound():
    evidence = find(weight * (1 - weight), LE, sp.Rational(26, 100), Domain.of(Range(weight, 0, 1)))
    assert evidence.outcome is HOLDS
    assert evidence.whole_domain
    assert 0 < Decimal(evidence.margin) <= Decimal("0.01")
    assert decimal_below(Fraction(-1, 3)) == "-0.33333334"
    assert decimal_below(Fraction(2, 3)) == "0.66666666"


def test_only_a_closed_box_is_a_whole_domain():
    assert not find(sp.log(1 + u), LE, u, Domain.of(Range(u, 0))).whole_domain
    assert find(sp.log(2), LT, sp.Rational(7, 10), Domain()).whole_domain
    assert not find(Quotient(u, u), EQ, 1, Domain.everywhere(u)).whole_domain


def test_a_quotient_without_value_does_not_vanish():
    assert find(Quotient(u - u, sp.Integer(0)), EQ, 0, Domain()).outcome is UNDECIDED
    assert not vanishes(sp.nan)
    assert not vanishes(sp.zoo)
    assert not vanishes(sp.log(2) - sp.Rational(69314718055994531, 10**17))


def test_integrals_over_balls_are_enclosed_in_dimension_one():
    omega = BallUnion(rho, radius, (d, n), (i, k))
    density = sp.exp(-IndexMin(sp.Sum((x[k] - rho[i, k]) ** 2, (k, 1, n)), (i, 1, d)))
    domain = Domain.of(size(n), size(d), positive(radius), Family(rho, (d, n)))
    evidence = find(RegionIntegral(density, x, omega), GT, 0, domain)
    assert evidence.outcome is HOLDS
    assert find(RegionIntegral(density, x, omega), GT, 1, domain).outcome is FAILS


def test_instances_respect_ranges_sizes_and_raggedness():
    family = Family(rho_t, (l, sizes[t], n), indices=(t, j, k))
    domain = Domain.of(size(l, 2), size(n), Family(sizes, (l,), lower=1), family, positive(beta), Range(u, 3, 4, True))
    first = instances(domain, most=9)[0]
    assert first.sizes == {"l": 2, "n": 1, "d_t": (1, 1)}
    assert {v.name for v in first.variables} == {"beta", "u", "rho_t"}
    for variable_ in first.variables:
        assert variable_.admits(variable_.lower)
        assert variable_.admits(variable_.upper)
    values = first.assemble(range(len(first.variables)))
    assert [len(layer) for layer in values["rho_t"]] == [1, 1]
    assert all(at.sizes["d"] > at.sizes["n"] for at in instances(Domain.of(size(n), size(d), Condition(d, GT, n))))
    assert not instances(Domain.of(Range(u, 1, 0)))


def random_form(random, depth):
    if depth == 0:
        return random.choice([u, v, sp.Rational(random.randint(-3, 3), 2)])
    left, right = random_form(random, depth - 1), random_form(random, depth - 1)
    smooth = [sp.exp(left / 2), sp.log(3 + left**2), sp.sqrt(1 + right**2), left**2]
    return random.choice([left + right, left * right, *smooth])


@pytest.mark.parametrize("seed", range(25))
def test_jets_enclose_derivatives_and_know_convexity(seed):
    random = Random(seed)
    form = random_form(random, 3)
    jets = build(form)
    low = [Fraction(random.randint(-8, 4), 8) for _ in range(2)]
    high = [a + Fraction(random.randint(1, 4), 8) for a in low]
    ends = [[arb(fmpq(*value.as_integer_ratio())) for value in values] for values in (low, high)]
    sides = [hull(a, b) for a, b in zip(*ends, strict=True)]
    jet = jets({"u": variable(sides[0], 0), "v": variable(sides[1], 1)}, 96, True)
    inside = [a + (b - a) * Fraction(random.randint(0, 4), 4) for a, b in zip(low, high, strict=True)]
    at = {s: sp.Rational(value.numerator, value.denominator) for s, value in zip((u, v), inside, strict=True)}

    def near(enclosure, exact):
        return enclosure.overlaps(arb(str(sp.N(exact.subs(at), 30))) + arb(0, 1e-20))

    assert near(jet.value, form)
    for place, symbol in enumerate((u, v)):
        assert near(jet.slopes.get(place, arb(0)), sp.diff(form, symbol))
        for other, second in enumerate((u, v)):
            key = (min(place, other), max(place, other))
            assert near(jet.bends.get(key, arb(0)), sp.diff(form, symbol, second))
    if jet.shape is not None:
        hessian = sp.hessian(form, (u, v)).subs(at).evalf(30)
        trace, det = hessian.trace(), hessian.det()
        assert (jet.shape * trace >= -1e-15 and det >= -1e-15) if jet.shape else abs(trace) + abs(det) < 1e-15


def test_slopes_at_kinks_enclose_all_generalized_gradients():
    form = sp.Abs(u) + sp.Max(u, v) - IndexMin(A[j], (j, 1, 2))
    at = {"u": variable(arb(0, 1), 0), "v": variable(arb(0, 1), 1), "A": [variable(arb(0, 1), 2), Jet(arb(0))]}
    jet = build(form)(at, 96, True)
    assert jet.slopes[0].contains(-1)
    assert jet.slopes[0].contains(2)
    assert jet.slopes[1].contains(0)
    assert jet.slopes[1].contains(1)
    assert jet.slopes[2].contains(-1)
    assert jet.slopes[2].contains(0)
    assert not any(jet.bends[place, place].is_finite() for place in range(3))
    assert build(sp.Abs(u) + sp.Max(u, v))(at, 96, True).shape == 1
    assert build(-sp.Abs(u) - sp.Max(u, v))(at, 96, True).shape == -1
    assert build(sp.Min(u, v) + sp.Abs(u))(at, 96, True).shape is None
    assert not build(sp.sqrt(sp.Abs(u)))(at, 96).slopes[0].is_finite()
    assert not build(sp.sign(u))(at, 96).slopes[0].is_finite()


def test_semidefinite_wants_certainty():
    one, some = arb(1), arb(0, 1)
    assert semidefinite([[one, one], [one, one]])
    assert not semidefinite([[one, 2 * one], [2 * one, one]])
    assert not semidefinite([[some]])
    assert not semidefinite([[arb.nan()]])
    assert semidefinite([[arb(3), one, -one], [one, arb(2), one], [-one, one, arb(4)]])
    assert not semidefinite([[one, one, one], [one, one, -one], [one, -one, one]])
