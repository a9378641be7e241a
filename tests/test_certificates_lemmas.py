"""Every lemma that a certificate may cite has a certificate of its own, which cites only lemmas before it."""

from __future__ import annotations

import pytest
import sympy as sp

from tests.certificate_goals import accepted, goal, left, read, refused
from validation.certificates import checker
from validation.certificates.goals import Goal, Interval
from validation.certificates.lemmas import LEMMAS
from validation.certificates.nodes import (
    Concave,
    Foot,
    Have,
    Identity,
    Instance,
    Monotone,
    Node,
    Product,
    Rewrite,
    Sight,
    Split,
    Telescope,
)

u, v, a = sp.symbols("u v a", real=True)
ZERO, ONE, oo = sp.S.Zero, sp.S.One, sp.oo
POSITIVE, NONNEGATIVE, LINE, UNIT = Interval(ZERO, oo, True), Interval(ZERO, oo), Interval(), Interval(ZERO, ONE)
NEGATIVE = Interval(-oo, ZERO, True, True)
SEEN, SAME = Sight(), Identity()
RISING = Monotone("u", ZERO).following(SAME, SEEN)
STRICT = Monotone("u", ZERO, strict=True).following(SAME, SEEN)


def square(text: str) -> Node:
    """A slope that is seen once it is written like this."""
    return Rewrite(read(text, goal("u + v + a >= 0", "u in (0, oo); v in (0, oo); a in (0, 1)"))).following(SEEN)


def falling(rest: Node, times: int = 1) -> Node:
    """A gap that falls to the limit 0 at infinity, or whose slope rises to it."""
    for _ in range(times):
        rest = Monotone("u", oo, limit=True, strict=True).following(SAME, rest)
    return rest


def telescoping(text: str, rest: Node) -> Node:
    """A gap that tends to 0, and differs from the next one by ``text``."""
    place = goal("u + v + a >= 0", "u in (0, oo); v in (0, oo); a in (0, 1)")
    return Telescope("u").following(SAME, Rewrite(read(text, place)).following(rest))


def powers(sign: int) -> Node:
    """``a*((1 + u)**(a - 1) - 1)`` has the sign of its second factor."""
    return Product((a, sign * ((1 + u) ** (a - 1) - 1)), (1, 1)).following(SEEN, SEEN)


def either_side(below: Node, above: Node) -> Node:
    """From 0 both ways."""
    return Split("u", ZERO).following(
        Monotone("u", ZERO).following(SAME, below), Monotone("u", ZERO).following(SAME, above)
    )


EVEN = Split("u", ZERO)
MEANS = (("u", POSITIVE), ("v", POSITIVE), ("a", UNIT))
STEP = "(u + 1/2)*(log(u + 1) - log(u)) - 1"
ABOVE_MINUS_ONE = ("u", Interval(-ONE, oo, True))
SIN = Instance("sin_ceiling", (u,)).following(SEEN)
PROOFS: dict[str, list[tuple[tuple[tuple[str, Interval], ...], Node]]] = {
    "exp_floor": [((("u", LINE),), EVEN.following(RISING, RISING))],
    "exp_strict_floor": [((("u", POSITIVE),), STRICT), ((("u", NEGATIVE),), STRICT)],
    "log_ceiling": [((("u", POSITIVE),), Foot("u", ONE).following(SAME, square("(u - 1)**2/u")))],
    "log_strict_ceiling": [
        ((("u", Interval(ZERO, ONE, True, True)),), Monotone("u", ONE, strict=True).following(SAME, square("1/u - 1"))),
        ((("u", Interval(ONE, oo, True)),), Monotone("u", ONE, strict=True).following(SAME, SEEN)),
    ],
    "log_floor": [((("u", POSITIVE),), Foot("u", ONE).following(SAME, square("(u - 1)**2/u**2")))],
    "sin_ceiling": [((("u", NONNEGATIVE),), RISING)],
    "cos_floor": [
        ((("u", NONNEGATIVE),), Monotone("u", ZERO).following(SAME, SIN)),
        (
            (("u", Interval(-oo, ZERO)),),
            Monotone("u", ZERO).following(SAME, Instance("sin_ceiling", (-u,)).following(SEEN)),
        ),
    ],
    "sin_floor": [((("u", NONNEGATIVE),), Monotone("u", ZERO).following(SAME, Instance("cos_floor", (u,))))],
    "tanh_ceiling": [((("u", NONNEGATIVE),), RISING)],
    "atan_ceiling": [((("u", NONNEGATIVE),), Monotone("u", ZERO).following(SAME, square("u**2/(1 + u**2)")))],
    "weighted_means": [
        (MEANS, Concave("a").following(SAME, SAME, square("u**a*v**(1 - a)*(log(u) - log(v))**2"))),
    ],
    "bernoulli": [((ABOVE_MINUS_ONE, ("a", Interval(ONE))), either_side(powers(-1), powers(1)))],
    "bernoulli_ceiling": [((ABOVE_MINUS_ONE, ("a", UNIT)), either_side(powers(1), powers(-1)))],
    "digamma_ceiling": [
        (
            (("u", POSITIVE),),
            telescoping(
                "1/(2*u) + 1/(2*(u + 1)) + log(u) - log(u + 1)",
                falling(square("1/(2*u**2*(u + 1)**2)")),
            ),
        )
    ],
    "digamma_floor": [
        (
            (("u", POSITIVE),),
            telescoping("log(u + 1) - log(u) - 1/(u + 1)", falling(square("1/(u*(u + 1)**2)"))),
        )
    ],
    "trigamma_floor": [((("u", POSITIVE),), telescoping("1/(2*u**2*(u + 1)**2)", SEEN))],
    "loggamma_floor": [((("u", POSITIVE),), telescoping(STEP, falling(square("1/(2*u**2*(u + 1)**2)"), 2)))],
    "loggamma_ceiling": [
        (
            (("u", POSITIVE),),
            telescoping(f"1/(12*u) - 1/(12*(u + 1)) - ({STEP})", falling(square("1/(6*u**3*(u + 1)**3)"), 2)),
        )
    ],
    "loggamma_convex": [
        (
            MEANS,
            Have(a * u + (1 - a) * v, ">").following(
                Concave("a").following(SEEN, SEEN, SAME),
                Concave("a").following(SAME, SAME, square("(u - v)**2*polygamma(1, a*u + (1 - a)*v)")),
            ),
        )
    ],
}


def cited(node: Node) -> set[str]:
    """The lemmas that a node and those below it cite."""
    own = {node.lemma} if isinstance(node, Instance) else set()
    return own.union(*(cited(child) for child in node.children))


@pytest.mark.parametrize("name", LEMMAS)
def test_a_lemma_is_proved_from_those_before_it(name: str) -> None:
    lemma, before = LEMMAS[name], list(LEMMAS)[: list(LEMMAS).index(name)]
    symbols = {"u": u, "v": v, "a": a}
    for box, node in PROOFS[name]:
        checker.check(Goal(lemma.gap, lemma.relation, tuple((symbols[s], i) for s, i in box)), node)
        assert cited(node) <= set(before)


def test_the_boxes_of_the_proofs_are_the_conditions() -> None:
    from validation.certificates.regions import less

    assert set(PROOFS) == set(LEMMAS)
    for name, lemma in LEMMAS.items():
        for value in (-3, -1, sp.Rational(-1, 2), 0, sp.Rational(1, 2), 1, 3):
            for weight in (-1, 0, sp.Rational(1, 3), 1, 2):
                at = {u: value, v: sp.Integer(2), a: weight}
                allowed = all(_holds(condition.subs(at), relation) for condition, relation in lemma.conditions)
                covered = any(
                    all(
                        (less(i.lower, at[s]) or (i.lower == at[s] and not i.open_lower))
                        and (less(at[s], i.upper) or (i.upper == at[s] and not i.open_upper))
                        for s, i in ((sp.Symbol(n, real=True), i) for n, i in box)
                    )
                    for box, _ in PROOFS[name]
                )
                assert covered or not allowed, (name, at)


def _holds(value: sp.Expr, relation: str) -> bool:
    return bool({">=": value >= 0, ">": value > 0, "!=": value != 0}[relation])


def test_an_instance_leaves_its_side_conditions() -> None:
    place = goal("x*y - 1 - log(x*y) >= 0", "x in (0, oo); y in (0, oo)")
    node = Instance("log_ceiling", (read("x*y", place),))
    assert left(place, node) == ["x*y > 0 for x in (0, oo); y in (0, oo)"]
    assert accepted(place, node.following(SEEN))


@pytest.mark.parametrize(
    ("statement", "where", "lemma", "at", "why"),
    [
        ("x - 1 - log(x) > 0", "x in (1, oo)", "log_ceiling", "x", "proves >="),
        ("x - 1 - log(x) == 0", "x in (1, oo)", "log_ceiling", "x", "proves >="),
        ("x - log(x) >= 0", "x in (1, oo)", "log_ceiling", "x", "equal"),
        ("x - 1 - log(x) >= 0", "x in (1, oo)", "log_ceiling", "2*x", "equal"),
        ("x - 1 - log(x) >= 0", "x in (1, oo)", "wishful", "x", "no lemma"),
        ("exp(x) - 1 - x >= 0", "x in (1, oo)", "weighted_means", "x", "no lemma"),
    ],
)
def test_what_is_no_instance(statement: str, where: str, lemma: str, at: str, why: str) -> None:
    place = goal(statement, where)
    refused(place, Instance(lemma, (read(at, place),)), why)


def test_an_instance_is_defined() -> None:
    x = sp.Symbol("x", real=True)
    bare = Goal(x - sp.sin(x), ">=", ((x, Interval()),))
    assert not accepted(bare, Instance("sin_ceiling", (x,)).following(SEEN))
    refused(Goal(x - 1 - sp.log(x), ">=", ((x, Interval()),)), Instance("log_ceiling", (x,)), "defined")
