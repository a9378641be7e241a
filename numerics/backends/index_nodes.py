"""Index notation in a small normal form: what the array compiler works on.

A node knows the labels that it runs along: the names of bound and free indices, and ``BATCH`` for the rows of the
points.  The constructors in lower case keep the form normal: sums are split at their terms, factors that do not depend
on an index leave its sum, what does not depend on the index leaves an LSE, and a softmax sums to 1.  The claims behind
these rewritings are in ``index_rules``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

BATCH = ""


@dataclass(frozen=True)
class Node:
    """An expression; ``labels`` are the axes of its array."""

    @cached_property
    def labels(self) -> frozenset[str]:
        """The labels of the parts, without the bound one."""
        inner: frozenset[str] = frozenset().union(*(part.labels for part in self.parts))
        return inner - {getattr(self, "label", None)}

    @cached_property
    def parts(self) -> tuple[Node, ...]:
        """The nodes right below."""
        found: list[Node] = []
        for item in (getattr(self, field.name) for field in fields(self)):
            found += [p for p in (item if isinstance(item, tuple) else (item,)) if isinstance(p, Node)]
        return tuple(found)

    @cached_property
    def key(self) -> str:
        """A text that orders nodes the same way in every run."""
        return repr(self)


@dataclass(frozen=True)
class Number(Node):
    value: Fraction | float


@dataclass(frozen=True)
class Scalar(Node):
    """An argument without axes."""

    name: str


@dataclass(frozen=True)
class Size(Node):
    """The length of an axis, as a number."""

    name: str


@dataclass(frozen=True)
class Entry(Node):
    """An entry of a family; ``centre`` names the family whose mean is taken off first, where one is."""

    name: str
    places: tuple[str, ...]
    batched: bool = False
    centre: str = ""

    @cached_property
    def labels(self) -> frozenset[str]:
        return frozenset(self.places) | ({BATCH} if self.batched else frozenset())


@dataclass(frozen=True)
class Delta(Node):
    """1 where two indices agree, else 0."""

    left: str
    right: str

    @cached_property
    def labels(self) -> frozenset[str]:
        return frozenset((self.left, self.right))


@dataclass(frozen=True)
class Add(Node):
    terms: tuple[Node, ...]


@dataclass(frozen=True)
class Mul(Node):
    factors: tuple[Node, ...]


@dataclass(frozen=True)
class Power(Node):
    """A power; where ``guarded``, 0 to a negative exponent is 0: the smallest subgradient of a distance at 0."""

    base: Node
    exponent: Node
    guarded: bool = False


@dataclass(frozen=True)
class Kept(Node):
    """A sum that is not multiplied out, because its terms cancel."""

    body: Node


@dataclass(frozen=True)
class Apply(Node):
    function: str
    argument: Node


@dataclass(frozen=True)
class Contract(Node):
    """The sum over ``label`` of the product of ``factors``, all of which depend on it."""

    label: str
    factors: tuple[Node, ...]


@dataclass(frozen=True)
class Distance(Node):
    """The squared Euclidean distance of two families of different labels, summed over ``label``."""

    label: str
    point: Entry
    pattern: Entry


@dataclass(frozen=True)
class LogSum(Node):
    """The LSE of ``scores`` over ``label``."""

    label: str
    scores: Node


@dataclass(frozen=True)
class Average(Node):
    """The product of ``factors`` averaged over ``label`` with the softmax of ``scores`` as weights."""

    label: str
    scores: Node
    factors: tuple[Node, ...]


@dataclass(frozen=True)
class Extremum(Node):
    kind: str
    label: str
    body: Node


@dataclass(frozen=True)
class Select(Node):
    """``value`` at the index where ``body`` is extreme; the first one of several."""

    kind: str
    label: str
    body: Node
    value: Node


ZERO, ONE = Number(Fraction(0)), Number(Fraction(1))


def number(value: Any) -> Number:
    """A number, exact where it is an integer or a fraction."""
    return Number(value if isinstance(value, float) else Fraction(value))


def add(*terms: Node) -> Node:
    """The sum, flat, like terms collected, terms in one order."""
    counts: dict[Node, Fraction | float] = {}
    for term in flattened(terms, Add):
        coefficient, rest = coefficient_of(term)
        counts[rest] = counts.get(rest, Fraction(0)) + coefficient
    kept = [mul(Number(c), rest) for rest, c in sorted(counts.items(), key=lambda item: item[0].key) if c]
    return ZERO if not kept else kept[0] if len(kept) == 1 else Add(tuple(kept))


def coefficient_of(term: Node) -> tuple[Fraction | float, Node]:
    """The number in front of a term, and the rest."""
    if isinstance(term, Number):
        return term.value, ONE
    if isinstance(term, Mul) and isinstance(term.factors[0], Number):
        rest = term.factors[1:]
        return term.factors[0].value, rest[0] if len(rest) == 1 else Mul(rest)
    return Fraction(1), term


def mul(*factors: Node) -> Node:
    """The product, flat, numbers in front."""
    constant: Fraction | float = Fraction(1)
    rest: list[Node] = []
    for factor in flattened(factors, Mul):
        if isinstance(factor, Number):
            constant = constant * factor.value
        else:
            rest.append(factor)
    if constant == 0:
        return ZERO
    rest.sort(key=lambda factor: factor.key)
    if constant != 1:
        rest.insert(0, Number(constant))
    return ONE if not rest else rest[0] if len(rest) == 1 else Mul(tuple(rest))


def negative(node: Node) -> Node:
    """Minus the node."""
    return mul(Number(Fraction(-1)), node)


def power(base: Node, exponent: Node, guarded: bool = False) -> Node:
    """The power; exponents 0 and 1 vanish."""
    if exponent == ZERO:
        return ONE
    return base if exponent == ONE else Power(base, exponent, guarded)


def flattened(nodes: Iterable[Node], kind: type[Add] | type[Mul]) -> Iterable[Node]:
    """The nodes, those of ``kind`` replaced by their parts."""
    for node in nodes:
        yield from node.parts if isinstance(node, kind) else (node,)


def terms_of(node: Node) -> tuple[Node, ...]:
    """The terms of a sum; the node itself if it is none."""
    return node.terms if isinstance(node, Add) else (node,)


def factors_of(node: Node) -> tuple[Node, ...]:
    """The factors of a product; the node itself if it is none."""
    return node.factors if isinstance(node, Mul) else (node,)


def monomials(node: Node) -> list[list[Node]]:
    """The node as a sum of products: products are multiplied out, powers are not."""
    found: list[list[Node]] = []
    for term in terms_of(node):
        products: list[list[Node]] = [[]]
        for factor in factors_of(term):
            choices = terms_of(factor)
            products = [[*product, choice] for product in products for choice in choices]
        for product in products:
            nested = any(isinstance(factor, (Add, Mul)) for factor in product)
            found += monomials(mul(*product)) if nested else [product]
    return found


def relabelled(node: Node, old: str, new: str) -> Node:
    """The node with one label instead of another; a label bound inside is left alone."""
    if old not in node.labels:
        return node
    if isinstance(node, Entry):
        return replace(node, places=tuple(new if place == old else place for place in node.places))
    if isinstance(node, Delta):
        return Delta(*(new if place == old else place for place in (node.left, node.right)))
    moved: dict[str, Any] = {}
    for field in fields(node):
        item = getattr(node, field.name)
        if isinstance(item, Node):
            moved[field.name] = relabelled(item, old, new)
        elif isinstance(item, tuple):
            moved[field.name] = tuple(relabelled(part, old, new) for part in item)
    if isinstance(node, Add):
        return add(*moved["terms"])
    return mul(*moved["factors"]) if isinstance(node, Mul) else replace(node, **moved)


def canonical(node: Node, depth: int = 0) -> Node:
    """The node with bound labels named by how deep they are, so that equal expressions are equal."""
    bound = getattr(node, "label", None)
    if not node.parts or isinstance(node, Entry):
        return node
    changed: dict[str, Any] = {}
    for field in fields(node):
        item = getattr(node, field.name)
        if field.name == "label":
            changed["label"] = f"@{depth}"
        elif isinstance(item, Node):
            changed[field.name] = _inside(item, bound, depth)
        elif isinstance(item, tuple):
            changed[field.name] = tuple(sorted((_inside(part, bound, depth) for part in item), key=lambda p: p.key))
    return replace(node, **changed)


def _inside(part: Node, bound: str | None, depth: int) -> Node:
    return canonical(part if bound is None else relabelled(part, bound, f"@{depth}"), depth + 1)


def total(label: str, size: str, body: Node) -> Node:
    """The sum of ``body`` over the index ``label``, which runs from 1 to ``size``."""
    return add(*(_summed(label, size, factors) for factors in _split(label, body)))


def _split(label: str, body: Node) -> list[list[Node]]:
    """Terms of the body; multiplied out only where that separates factors that depend on the label from others."""
    found: list[list[Node]] = []
    for term in terms_of(body):
        factors = factors_of(term)
        mixed = any(isinstance(f, Add) and not all(label in part.labels for part in f.terms) for f in factors)
        wide = any(isinstance(f, Add) and any(part.labels != f.labels for part in f.terms) for f in factors)
        found += monomials(term) if mixed or wide else [list(factors)]
    return found


def _summed(label: str, size: str, factors: list[Node]) -> Node:
    for place, factor in enumerate(factors):
        if isinstance(factor, Delta) and label in (factor.left, factor.right):
            other = factor.right if factor.left == label else factor.left
            rest = factors[:place] + factors[place + 1 :]
            return mul(*(relabelled(part, label, other) for part in rest))
    inside = [factor for factor in factors if label in factor.labels]
    outside = [factor for factor in factors if label not in factor.labels]
    if not inside:
        return mul(Size(size), *outside)
    weights = next((found for found in (softmax_of(label, f) for f in inside) if found), None)
    if weights is not None:
        factor, scores = weights
        rest = [part for part in inside if part is not factor]
        return mul(*outside, average(label, scores, mul(*rest)))
    return mul(*outside, Contract(label, tuple(sorted(inside, key=lambda f: f.key))))


def softmax_of(label: str, factor: Node) -> tuple[Node, Node] | None:
    """The factor and the scores, if it is ``exp(scores - LSE(scores))`` along the label."""
    if not (isinstance(factor, Apply) and factor.function == "exp"):
        return None
    terms = terms_of(factor.argument)
    for place, term in enumerate(terms):
        parts = factors_of(term)
        if len(parts) == 2 and parts[0] == Number(Fraction(-1)) and isinstance(parts[1], LogSum):
            lse = parts[1]
            rest = add(*terms[:place], *terms[place + 1 :])
            scores, shift = hoisted(label, rest)
            if shift == ZERO and canonical(scores) == canonical(relabelled(lse.scores, lse.label, label)):
                return factor, scores
    return None


def hoisted(label: str, scores: Node) -> tuple[Node, Node]:
    """The terms that depend on the label, and the others."""
    inside = [term for term in terms_of(scores) if label in term.labels]
    return add(*inside), add(*(term for term in terms_of(scores) if label not in term.labels))


def log_sum(label: str, size: str, scores: Node) -> Node:
    """The LSE of the scores over the label, what does not depend on it in front."""
    inside, shift = hoisted(label, scores)
    return add(shift, Apply("log", Size(size)) if inside == ZERO else LogSum(label, inside))


def average(label: str, scores: Node, value: Node) -> Node:
    """The average of the value with softmax weights, split into products; a constant is its own average."""
    return linear(label, value, lambda inside: Average(label, scores, inside))


def linear(label: str, value: Node, functional: Callable[[tuple[Node, ...]], Node]) -> Node:
    """A normalised linear functional over the label, applied to each product of the value."""
    found: list[Node] = []
    for factors in monomials(value):
        inside = tuple(sorted((f for f in factors if label in f.labels), key=lambda f: f.key))
        outside = [f for f in factors if label not in f.labels]
        found.append(mul(*outside, functional(inside)) if inside else mul(*outside))
    return add(*found)


def select(kind: str, label: str, body: Node, value: Node) -> Node:
    """The value at the extreme index; every factor is taken there."""

    def pick(inside: tuple[Node, ...]) -> Node:
        return mul(*(Select(kind, label, body, factor) for factor in inside))

    return linear(label, value, pick)
