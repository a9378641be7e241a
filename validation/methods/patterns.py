"""Kinds of patterns: rules that fill the rows of a family with exact numbers.

A rule takes the lengths of the rows (a row is one pattern, its length the dimension) and a random generator, and
gives back one list of fractions for each row.  The kinds are the configurations at which statements about distances
and energies become tight or break: coincident patterns, equal norms, opposite pairs, far and near, mixed scales.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction

Rows = list[list[Fraction]]
Rule = Callable[[list[int], random.Random], Rows]


def _each(number: Callable[[random.Random], Fraction]) -> Rule:
    """The rule that draws every entry on its own."""
    return lambda lengths, rng: [[number(rng) for _ in range(length)] for length in lengths]


def _small(rng: random.Random) -> Fraction:
    return Fraction(rng.choice((0, 1, -1, 2, -2)))


def _dyadic(rng: random.Random) -> Fraction:
    return Fraction(rng.randrange(-64, 65), 16)


def _normal(rng: random.Random) -> Fraction:
    return Fraction(rng.gauss(0.0, 1.0))


def _scale(rng: random.Random) -> Fraction:
    return rng.choice((-1, 1)) * rng.randrange(1, 10) * Fraction(10) ** rng.randrange(-8, 9)


def _row(length: int, rng: random.Random) -> list[Fraction]:
    number = rng.choice((_small, _dyadic, _normal))
    return [number(rng) for _ in range(length)]


def _equal_entries(lengths: list[int], rng: random.Random) -> Rows:
    value = rng.choice((_small, _dyadic, _scale))(rng)
    return [[value] * length for length in lengths]


def _progression(lengths: list[int], rng: random.Random) -> Rows:
    step = Fraction(rng.choice((1, 1, 2, -1)), rng.choice((1, 1, 2, 10)))
    return [[step * (number + place) for place in range(length)] for number, length in enumerate(lengths)]


def _one_hot(lengths: list[int], rng: random.Random) -> Rows:
    size = rng.choice((Fraction(1), Fraction(1), Fraction(3), Fraction(20)))
    offset = rng.randrange(3)
    return [
        [size if place == (number + offset) % length else Fraction(0) for place in range(length)]
        for number, length in enumerate(lengths)
    ]


def _coincident(lengths: list[int], rng: random.Random) -> Rows:
    groups = rng.choice((1, 1, 2))
    shared = [_row(max(lengths, default=1), rng) for _ in range(groups)]
    return [shared[number % groups][:length] for number, length in enumerate(lengths)]


def _nearly_coincident(lengths: list[int], rng: random.Random) -> Rows:
    shared = _row(max(lengths, default=1), rng)
    small = Fraction(1, rng.choice((2**10, 2**27, 10**6)))
    return [[shared[place] + small * _small(rng) for place in range(length)] for length in lengths]


def _equal_norms(lengths: list[int], rng: random.Random) -> Rows:
    shared = _row(max(lengths, default=1), rng)
    return [[value * rng.choice((1, -1)) for value in rng.sample(shared[:length], length)] for length in lengths]


def _opposite(lengths: list[int], rng: random.Random) -> Rows:
    shared = _row(max(lengths, default=1), rng)
    return [[(-1) ** number * value for value in shared[:length]] for number, length in enumerate(lengths)]


def _far(lengths: list[int], rng: random.Random) -> Rows:
    centre = Fraction(rng.choice((-1, 1)) * 10 ** rng.randrange(1, 6))
    return [[centre + _small(rng) for _ in range(length)] for length in lengths]


def _one_far(lengths: list[int], rng: random.Random) -> Rows:
    rows = [[_dyadic(rng) for _ in range(length)] for length in lengths]
    odd = rng.randrange(len(rows)) if rows else 0
    rows[odd : odd + 1] = [[value * 1000 for value in row] for row in rows[odd : odd + 1]]
    return rows


def _unit(lengths: list[int], rng: random.Random) -> Rows:
    """Rows of norm 1 with rational entries: two coordinates of a Pythagorean pair, zeros elsewhere."""
    rows = []
    for length in lengths:
        row = [Fraction(0)] * length
        t = Fraction(rng.randrange(-6, 7), rng.randrange(1, 5))
        pair = [(1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)] if length > 1 else [Fraction(rng.choice((1, -1)))]
        for place, value in zip(rng.sample(range(length), len(pair)), pair, strict=True):
            row[place] = value
        rows.append(row)
    return rows


def _scaled(size: Fraction) -> Rule:
    return lambda lengths, rng: [[size * _normal(rng) for _ in range(length)] for length in lengths]


KINDS: dict[str, Rule] = {
    "zeros": _each(lambda rng: Fraction(0)),
    "small integers": _each(_small),
    "equal entries": _equal_entries,
    "dyadic": _each(_dyadic),
    "coincident": _coincident,
    "opposite": _opposite,
    "equal norms": _equal_norms,
    "one hot": _one_hot,
    "progression": _progression,
    "normal": _each(_normal),
    "mixed scales": _each(_scale),
    "nearly coincident": _nearly_coincident,
    "far": _far,
    "one far": _one_far,
    "unit": _unit,
    "tiny": _scaled(Fraction(1, 10**8)),
    "large": _scaled(Fraction(10**4)),
}


def borrow(lengths: list[int], rows: dict[int, Rows], rng: random.Random, exact: bool) -> Rows:
    """Rows of earlier families of the same claim, in order; not ``exact``: moved a little, or midway between two."""
    filled: Rows = []
    for number, length in enumerate(lengths):
        donors = rows.get(length)
        if not donors:
            filled.append([_dyadic(rng) for _ in range(length)])
            continue
        row = list(donors[number % len(donors)] if len(lengths) > 1 else rng.choice(donors))
        if not exact:
            other = rng.choice(donors)
            share = rng.choice((Fraction(1, 2), Fraction(1, 2**20), Fraction(-1), Fraction(1, 10)))
            step = other if other != row else [_dyadic(rng) for _ in range(length)]
            row = [value + share * (target - value) for value, target in zip(row, step, strict=True)]
        filled.append(row)
    return filled
