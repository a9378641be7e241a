"""The types of the theory: domains, claims, atoms, notation."""

from __future__ import annotations

import pytest
import sympy as sp

from theory import notation
from theory.atoms import LSE, BallUnion, IndexMax, IndexMin, Quotient, RegionIntegral, peeled
from theory.axioms import AXIOMS
from theory.claim import Claim, Relation, Source
from theory.denominators import cleared
from theory.domain import Condition, Domain, Family, Range, nonnegative, positive, size
from theory.notation import TABLE, beta, d, i, j, k, n, radius, rho, u, x, z
from theory.paper import position
from theory.registry import claims
from theory.rules import Combine, Sight


def test_symbols_carry_only_real_or_integer() -> None:
    for entry in TABLE.values():
        assumed = {name for name, value in entry.symbol.assumptions0.items() if value}
        assert not assumed & {"positive", "nonnegative", "negative", "nonzero"}
        assert entry.meaning
        assert entry.unit
        assert entry.glyph
    assert sp.sqrt(u**2) - u != 0


def test_every_symbol_of_every_claim_comes_from_the_notation_or_its_own_module() -> None:
    known = {entry.symbol for entry in TABLE.values()}
    own = {"g", "E", "E_t", "E_MCHN", "E_global", "p", "p_theta", "low", "high", "epsilon", "f_x", "f_y", "u_x", "u_y"}
    for claim in claims():
        scalars = {s for s in claim.gap.free_symbols if s.is_Symbol and s not in known}
        labels = {base.label for base in claim.gap.atoms(sp.IndexedBase)}
        assert {s.name for s in scalars - labels} <= own, claim.id


def test_binders_are_inert_and_know_their_parts() -> None:
    binder = LSE(x[i] + 0, (i, 1, n))
    assert (binder.body, binder.index, binder.bounds) == (x[i], i, (1, n))
    assert binder.subs(x[i], 0) == binder
    assert LSE(x[i], (i, 1, 1)) != x[1]
    assert binder.is_real


def test_nested_sums_are_peeled_from_the_outside() -> None:
    nested = sp.Sum(sp.Sum(rho[i, j], (j, 1, n)), (i, 1, d))
    body, index, lower, upper = peeled(nested)
    assert (index, lower, upper) == (i, 1, d)
    assert body == sp.Sum(rho[i, j], (j, 1, n))


def test_the_derivative_of_lse_is_a_softmax_average() -> None:
    slope = sp.diff(LSE(u * x[i], (i, 1, n)), u)
    assert slope == sp.Sum(sp.exp(u * x[i] - LSE(u * x[i], (i, 1, n))) * x[i], (i, 1, n))


def test_a_quotient_stays() -> None:
    assert Quotient(u, u) != 1
    assert str(Quotient(u + 1, u)) == "(u + 1)/(u)"


def test_a_region_integral_binds_its_point() -> None:
    balls = BallUnion(rho, radius, (d, n), (i, k))
    integral = RegionIntegral(sp.exp(-sp.Sum(z[k] ** 2, (k, 1, n))), z, balls)
    assert {s.name for s in integral.free_symbols if s.is_Symbol} >= {"r", "d", "n"}
    assert z not in integral.free_symbols
    assert (integral.body, integral.point, integral.region) == (integral.args[0], z, balls)
    assert (balls.patterns, balls.radius, balls.shape, balls.indices) == (rho, radius, (d, n), (i, k))
    assert str(balls) == "Omega"


@pytest.mark.parametrize(
    ("expr", "part"),
    [
        (LSE(x[i], (i, 1, n)), r"\operatorname{LSE}_{i=1}^{n}"),
        (IndexMin(x[i], (i, 1, n)), r"\min_{i=1}^{n}"),
        (IndexMax(x[i], (i, 1, n)), r"\max_{i=1}^{n}"),
        (Quotient(1, u), r"\frac{1}{u}"),
        (RegionIntegral(sp.Integer(1), z, BallUnion(rho, radius, (d, n), (i, k))), r"\int_{\Omega}"),
    ],
)
def test_atoms_print_as_latex(expr: sp.Expr, part: str) -> None:
    assert part in sp.latex(expr)


def test_domains_say_what_they_mean() -> None:
    domain = Domain.of(
        size(n, 2),
        positive(beta),
        nonnegative(u),
        Range(radius, 0, 1, open_upper=True),
        Family(x, (n,)),
        Family(notation.sizes, (notation.l,), lower=1),
        Condition(x[i], Relation.LE, u, forall=((i, 1, n),)),
    )
    text = str(domain)
    for part in (
        "n in integers [2, oo)",
        "beta in (0, oo)",
        "u in [0, oo)",
        "r in [0, 1)",
        "x of shape (n)",
        "d_t of shape (l), entries >= 1",
        "for all i in 1..n: x[i] <= u",
    ):
        assert part in text
    assert domain.variables() == (n, beta, u, radius, x, notation.sizes)
    assert str(Domain()) == "no variables"
    assert domain & domain == domain


def test_two_ranges_of_one_scalar_meet() -> None:
    left = Domain.of(Range(u, 0, 1), Range(n, 2, sp.oo))
    right = Domain.of(Range(u, -1, 1, open_upper=True), size(n), positive(beta))
    assert (left & right).ranges == (Range(u, 0, 1, open_upper=True), Range(n, 2, sp.oo), positive(beta))
    assert (right & left).ranges[0] == Range(u, 0, 1, open_upper=True)
    bounded = Domain.of(Family(x, (n,), lower=1))
    assert (Domain.of(Family(x, (n,))) & bounded).families == bounded.families == (bounded & bounded).families
    with pytest.raises(ValueError, match="whose order is not known"):
        _ = Domain.of(Range(u, 0, beta)) & Domain.of(Range(u, 0, radius))


def test_a_variable_is_bound_once() -> None:
    with pytest.raises(ValueError, match="binds u more than once"):
        Domain.of(Range(u, 0, 1), Range(u, -1, 1))
    with pytest.raises(ValueError, match="binds x more than once"):
        _ = Domain.of(Family(x, (n,))) & Domain.of(Family(x, (d,)))


def test_relations_know_their_negation() -> None:
    assert Relation.LE.negation is Relation.GT
    assert Relation.GT.negation is Relation.LE
    assert Relation.LT.negation is Relation.GE
    assert Relation.GE.negation is Relation.LT
    assert Relation.EQ.negation is None
    assert [r.strict for r in Relation] == [False, True, False, True, False]


def test_a_claim_tells_its_gap_and_its_statement() -> None:
    claim = Claim("a.b.c", u, Relation.GE, 1, Domain.everywhere(u), Source("lemma"), exists=Domain.everywhere(beta))
    assert claim.gap == u - 1
    assert claim.statement == "there are beta in (-oo, oo) with u >= 1"
    assert claim.latex == r"u \ge 1"
    below = Claim("a.b.d", u, Relation.LT, 1, Domain.everywhere(u), Source("lemma"))
    assert (below.gap, below.statement) == (1 - u, "u < 1")


def test_what_comes_after_a_witness_needs_a_witness() -> None:
    with pytest.raises(ValueError, match="nothing exists before"):
        Claim("a.b.c", u, Relation.GE, 1, Domain(), Source("lemma"), forall=Domain.everywhere(u))
    one = Claim(
        "a.b.d", u, Relation.GE, beta, Domain(), Source("lemma"), exists=Domain.of(Range(beta, 1, 1)),
        forall=Domain.everywhere(u),
    )  # fmt: skip
    assert one.statement == "there are beta = 1 such that for all u in (-oo, oo): u >= beta"


def test_a_claim_names_the_axioms_of_its_own_steps() -> None:
    assert {axiom for claim in claims() for axiom in claim.axioms} == {axiom.id for axiom in AXIOMS}
    assert len(AXIOMS) <= 6


def test_denominators_are_cleared_where_the_expression_is_0() -> None:
    proof = cleared(1 / u - 1 / (2 * u) - 1 / (u + u), {u: Sight(u)})
    assert isinstance(proof, Combine)
    with pytest.raises(ValueError, match="is not 0"):
        cleared(1 / u - 1, {u: Sight(u)})
    with pytest.raises(ValueError, match="stands in a denominator"):
        cleared(1 / (u + 1), {u: Sight(u)})


def test_a_place_is_one_of_the_paper() -> None:
    with pytest.raises(ValueError, match="unknown place"):
        position("Section 99")


def test_every_claim_prints() -> None:
    for claim in claims():
        assert claim.latex
        assert claim.statement
        assert claim.digest
