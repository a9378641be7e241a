"""Exact points of a domain: hard corners by rule, the rest drawn by Hypothesis strategies.

A point is assembled variable by variable, each after those that its range or shape mentions.  Every choice is one
among fewer than a hundred options, simplest first: Hypothesis mixes integer constants of the running program into
wider draws, and then one seed would give different points in different processes.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from theory.atoms import BallUnion, IndexBinder, RegionIntegral
from theory.claim import Claim
from theory.domain import Condition, Domain, Family, Range, Relation
from validation.methods.exact import Point, UndefinedError, UnsupportedError, Value, concrete, reduced
from validation.methods.patterns import KINDS, borrow

Choose = Callable[[Sequence[Any]], Any]
"""Picks one of several options."""

MIDDLING = (12, 40, 150)
LARGE = 2000
SMALL = 4
LARGEST_VOLUME = 20_000
SPREADS = tuple(Fraction(1, share) for share in (1, 2, 1000, 3, 10**8)) + tuple(
    Fraction(size) for size in (2, 3, 10, 1000, 10**6, 10**8)
)
FRACTIONS = tuple(
    Fraction(part, whole)
    for part, whole in ((1, 2), (1, 4), (3, 4), (1, 3), (9, 10), (1, 1000), (999, 1000), (1, 10**9))
)
INTEGERS = (*range(13), 16, 20, 31, 50, 64, 100, 200, 500, 1000, 2000, 10**4, 10**6)


class NoPointError(ValueError):
    """No value satisfies a range, for example an index range that is empty at the sizes chosen."""


@dataclass(frozen=True)
class Space:
    """The variables to draw, in an order in which each range and shape is known when its turn comes.

    ``counted`` are the integers that loops run over, kept small; ``pinned`` are forced values; ``positive`` are
    families whose entries the side conditions keep above 0.
    """

    parts: tuple[Range | Family, ...]
    counted: frozenset[Any]
    pinned: tuple[tuple[sp.Symbol, int], ...] = ()
    positive: frozenset[Any] = frozenset()

    @classmethod
    def of(cls, claim: Claim) -> Space:
        """The space of a claim; integrals over a region pin the dimension to 1.

        Raises ``ValueError`` where ranges or shapes depend on each other in a circle.
        """
        return cls.inner(claim, claim.domain, ())

    @classmethod
    def inner(cls, claim: Claim, domain: Domain, known: tuple[Any, ...]) -> Space:
        """The space of the variables that ``domain``, one of the blocks of a claim, binds after the ``known`` ones."""
        blocks = (claim.domain, claim.exists, claim.forall)
        expressions = [claim.lhs, claim.rhs]
        for condition in (condition for block in blocks for condition in block.given):
            expressions += [condition.lhs, condition.rhs, *(end for limit in condition.forall for end in limit[1:])]
        counted: set[Any] = set()
        for expr in expressions:
            for binder in expr.atoms(sp.Sum, sp.Product, IndexBinder):
                for limit in binder.args[1:]:
                    counted |= _mentioned(limit[1]) | _mentioned(limit[2])
            for index in expr.atoms(sp.Indexed):
                counted |= {part for part in index.indices if isinstance(part, sp.Symbol)}
        for family in (family for block in blocks for family in block.families):
            for extent in family.shape:
                counted |= _mentioned(extent)
        regions = [region for expr in expressions for region in expr.atoms(RegionIntegral, BallUnion)]
        unions = [r.region if isinstance(r, RegionIntegral) else r for r in regions]
        pinned = {u.shape[-1]: 1 for u in unions if isinstance(u.shape[-1], sp.Symbol)}
        positive = {condition.rhs.base for condition in domain.given if _keeps_positive(condition)}
        return cls(ordered(domain, known), frozenset(counted), tuple(pinned.items()), frozenset(positive))

    @property
    def single(self) -> bool:
        """Whether there is only one point: no variables, or one value for each of them."""
        return all(isinstance(part, Range) and part.fixed for part in self.parts)

    @property
    def sizes(self) -> tuple[Range, ...]:
        """The integer ranges that loops run over and that nothing else is needed for."""
        return tuple(p for p in self.parts if isinstance(p, Range) and p.symbol in self.counted and not _needs(p))


def _keeps_positive(part: Condition) -> bool:
    """Whether a condition reads ``0 < family[i]`` for every i."""
    entry = part.rhs if isinstance(part.rhs, sp.Indexed) and part.lhs == 0 and part.relation is Relation.LT else None
    return entry is not None and entry.indices == tuple(index for index, _, _ in part.forall)


def _mentioned(expr: sp.Expr) -> set[Any]:
    """Symbols and families inside an expression."""
    bases = expr.atoms(sp.IndexedBase)
    return {s for s in expr.free_symbols if isinstance(s, sp.Symbol) and s not in {b.label for b in bases}} | bases


def _needs(part: Range | Family) -> set[Any]:
    found: set[Any] = set()
    for expr in (part.lower, part.upper) if isinstance(part, Range) else (part.lower, *part.shape):
        found |= _mentioned(expr)
    return found


def ordered(domain: Domain, known: tuple[Any, ...] = ()) -> tuple[Range | Family, ...]:
    """Ranges and families, integers first, each after the variables that it mentions."""
    names = set(domain.variables())
    waiting: list[Range | Family] = sorted((*domain.ranges, *domain.families), key=lambda part: not part.integer)
    done: list[Range | Family] = []
    have = set(known)
    while waiting:
        ready = [part for part in waiting if not (_needs(part) & names) - have]
        if not ready:
            raise ValueError("ranges depend on each other in a circle")
        done.append(ready[0])
        have.add(ready[0].symbol if isinstance(ready[0], Range) else ready[0].base)
        waiting.remove(ready[0])
    return tuple(done)


def ends(part: Range, point: Point) -> tuple[Fraction | None, Fraction | None]:
    """Both ends of a range at a point, ``None`` where infinite; irrational ends are rounded towards the inside."""
    found: list[Fraction | None] = []
    for end, sign in ((part.lower, 1), (part.upper, -1)):
        if end in (sp.oo, -sp.oo):
            found.append(None)
            continue
        value = concrete(end, point)
        if value.is_Rational:
            found.append(Fraction(int(value.p), int(value.q)))
        else:
            found.append(Fraction(float(value)) + sign * Fraction(abs(float(value))) / 2**50)
    return found[0], found[1]


def inside(part: Range, value: Fraction, lower: Fraction | None, upper: Fraction | None) -> bool:
    """Whether a value lies between the ends of the range."""
    above = lower is None or value > lower or (value == lower and not part.open_lower)
    below = upper is None or value < upper or (value == upper and not part.open_upper)
    return above and below


def scalar_options(part: Range, point: Point, counted: bool = False) -> list[int | Fraction]:
    """Candidate values of a scalar, simplest first: closed ends, near ends, the inside, far out.

    Raises ``NoPointError`` where the range is empty.
    """
    lower, upper = ends(part, point)
    if part.integer:
        return _integer_options(part, lower, upper, counted)
    found: list[Fraction] = []
    if lower is not None:
        found += [lower, *(lower + spread for spread in SPREADS)]
    if upper is not None:
        found += [upper, *(upper - spread for spread in SPREADS)]
    if lower is not None and upper is not None:
        found += [lower + (upper - lower) * share for share in FRACTIONS]
    found += [Fraction(0), *SPREADS, *(-spread for spread in SPREADS)]
    options = [reduced(value) for value in dict.fromkeys(found) if inside(part, value, lower, upper)]
    if not options:
        raise NoPointError(f"{part} is empty")
    return options


def _integer_options(
    part: Range, lower: Fraction | None, upper: Fraction | None, counted: bool
) -> list[int | Fraction]:
    first = None if lower is None else -((-lower) // 1)
    last = None if upper is None else upper // 1
    steps = range(SMALL) if counted and last is None else INTEGERS
    found: list[Any] = []
    if first is not None:
        found += [first + step for step in steps]
    if last is not None:
        found += [last - step for step in steps]
    if first is None:
        found += [sign * step for step in steps for sign in (1, -1)]
    options = [int(v) for v in dict.fromkeys(found) if inside(part, Fraction(v), lower, upper)]
    if not options:
        raise NoPointError(f"{part} is empty")
    return list(options)


def assemble(
    space: Space,
    choose: Choose,
    rng: random.Random,
    forced: Point | None = None,
    kind: str | None = None,
    known: Point | None = None,
) -> dict[Any, Value]:
    """One point of the ranges and families; side conditions are not looked at.

    ``forced`` fixes variables, ``kind`` the pattern of every real family, ``known`` gives variables of an outer
    domain.  Raises ``NoPointError`` where a range is empty.
    """
    point: dict[Any, Value] = dict(known or {})
    rows: dict[int, list[list[Fraction]]] = {}
    fixed = {**dict(space.pinned), **(forced or {})}
    for part in space.parts:
        if isinstance(part, Range):
            if part.symbol in fixed:
                point[part.symbol] = fixed[part.symbol]
                continue
            options = scalar_options(part, point, part.symbol in space.counted)
            peers = [v for v in point.values() if isinstance(v, (int, Fraction)) and not part.integer]
            lower, upper = ends(part, point)
            options += [v for v in dict.fromkeys(peers) if inside(part, Fraction(v), lower, upper) and v not in options]
            point[part.symbol] = choose(options[:90])
        else:
            point[part.base] = _family(part, space, point, choose, rng, kind, rows)
    return point


def _family(
    part: Family,
    space: Space,
    point: Point,
    choose: Choose,
    rng: random.Random,
    kind: str | None,
    rows: dict[int, list[list[Fraction]]],
) -> Value:
    lengths = list(_lengths(part, point))
    if sum(lengths) > LARGEST_VOLUME:
        raise NoPointError("too many entries")
    floor = None if part.lower == -sp.oo else Fraction(str(concrete(part.lower, point)))
    if part.integer:
        steps = range(3) if part.base in space.counted else INTEGERS
        least = int(floor) if floor is not None else 0
        filled = [[Fraction(least + choose(steps)) for _ in range(length)] for length in lengths]
    else:
        names = [*KINDS, "borrowed", "borrowed nearby"] if rows else list(KINDS)
        name = kind if kind in names else choose(names)
        exact = name == "borrowed"
        filled = KINDS[name](lengths, rng) if name in KINDS else borrow(lengths, rows, rng, exact)
        if floor is not None:
            filled = [[floor + abs(value) for value in row] for row in filled]
        if part.base in space.positive:
            filled = [[abs(value) or Fraction(1) for value in row] for row in filled]
        for row in filled:
            if len(rows.setdefault(len(row), [])) < 64:
                rows[len(row)].append(row)
    numbers = iter([reduced(value) for row in filled for value in row])
    return _nest(part, point, numbers)


def _extent(part: Family, axis: int, known: Point) -> int:
    try:
        return int(concrete(part.shape[axis], known))
    except (UndefinedError, UnsupportedError, TypeError) as error:
        raise NoPointError(f"the shape of {part} has no value") from error


def _lengths(part: Family, point: Point, axis: int = 0) -> Iterator[int]:
    """The lengths of the rows, a row being what the last axis runs over."""
    extent = _extent(part, axis, point)
    if axis == len(part.shape) - 1:
        yield extent
        return
    for number in range(1, extent + 1):
        yield from _lengths(part, _named(part, axis, point, number), axis + 1)


def _nest(part: Family, point: Point, numbers: Iterator[Any], axis: int = 0) -> Value:
    extent = _extent(part, axis, point)
    if axis == len(part.shape) - 1:
        return tuple(itertools.islice(numbers, extent))
    return tuple(_nest(part, _named(part, axis, point, m), numbers, axis + 1) for m in range(1, extent + 1))


def _named(part: Family, axis: int, point: Point, number: int) -> Point:
    return {**point, part.indices[axis]: number} if axis < len(part.indices) else point


def corners(space: Space, seed: int = 0, most: int = 160, known: Point | None = None) -> Iterator[dict[Any, Value]]:
    """Hard points, the same for every run with one seed: least and small sizes with every kind of pattern.

    Scalars walk through their options, ends first; a domain that is one point has one.  ``known`` gives variables of
    an outer domain.
    """
    most = 1 if space.single else most
    return _assembled(space, itertools.islice(_cases(space), most), f"corners {seed}", known)


def large(space: Space, seed: int = 0) -> Iterator[dict[Any, Value]]:
    """Points with one size in the thousands and the others at their least; in the hundreds along a ragged family."""
    return _assembled(space, _large_cases(space), f"large {seed}")


def _assembled(
    space: Space, cases: Iterable[tuple[dict[Any, int], str | None]], seed: str, known: Point | None = None
) -> Iterator[dict[Any, Value]]:
    rng = random.Random(seed)
    for count, (forced, kind) in enumerate(cases):
        try:
            yield assemble(space, walking(count // 2, 7), rng, forced, kind, known)
        except NoPointError:
            continue


def walking(start: int, stride: int = 0) -> Choose:
    """Chooses option ``start``, then every ``stride`` further on, around the end of the options."""
    turn = itertools.count(start)
    return lambda options: options[(next(turn) * stride if stride else start) % len(options)]


def _free_sizes(space: Space) -> tuple[list[Range], dict[Any, int]]:
    """The size symbols that are not pinned, and their least values."""
    sizes = [part for part in space.sizes if part.symbol not in dict(space.pinned)]
    return sizes, {part.symbol: int(part.lower) if part.lower.is_Integer else 1 for part in sizes}


def _cases(space: Space) -> Iterator[tuple[dict[Any, int], str | None]]:
    sizes, least = _free_sizes(space)
    settings_of_sizes = [least]
    for step in (1, 2):
        settings_of_sizes += [{**least, symbol: value + step} for symbol, value in least.items()]
        if len(least) > 1:
            settings_of_sizes.append({symbol: value + step for symbol, value in least.items()})
    kinds: list[str | None] = [*KINDS, "borrowed"] if any(isinstance(p, Family) for p in space.parts) else [None] * 24
    for number, forced in enumerate(settings_of_sizes):
        for kind in kinds if number in (0, len(settings_of_sizes) - 1) or len(sizes) < 2 else kinds[number % 3 :: 3]:
            yield forced, kind


def _large_cases(space: Space) -> Iterator[tuple[dict[Any, int], str | None]]:
    sizes, least = _free_sizes(space)
    families = [part for part in space.parts if isinstance(part, Family)]
    ragged = {part.shape[0] for part in families if part.base in space.counted}
    for middling in MIDDLING if families and not space.pinned else ():
        for part in sizes:
            if part.upper == sp.oo:
                yield {**least, part.symbol: middling}, "equal entries"
    for kind in ("dyadic", "zeros", "coincident", "mixed scales") if families else (None, None):
        for part in sizes if not space.pinned else ():
            if part.upper == sp.oo:
                yield {**least, part.symbol: LARGE // 10 if part.symbol in ragged else LARGE}, kind


def strategy(space: Space) -> st.SearchStrategy[dict[Any, Value]]:
    """A Hypothesis strategy for points of the ranges and families of a space."""

    @st.composite
    def points(draw: st.DrawFn) -> dict[Any, Value]:
        def choose(options: Sequence[Any]) -> Any:
            return options[draw(st.integers(0, len(options) - 1))]

        rng = random.Random(str(draw(st.tuples(*[st.integers(0, 98)] * 4))))
        try:
            return assemble(space, choose, rng)
        except NoPointError:
            return {}

    return points()


def drawn(space: Space, seed: int, cases: int) -> list[dict[Any, Value]]:
    """At most ``cases`` distinct points of the strategy, the same for one seed and one version of Hypothesis.

    None where the domain is one point, which the corners hold.
    """
    found: list[dict[Any, Value]] = []
    if space.single:
        return found

    @seeded(seed)
    @settings(
        database=None,
        max_examples=cases,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy(space))
    def collect(point: dict[Any, Value]) -> None:
        if point and len(found) < cases:
            found.append(point)

    collect()
    return found
