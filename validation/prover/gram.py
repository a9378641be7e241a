"""Gram matrices of sums of squares: guessed in floating point, rounded to rationals, exact in the end.

The polynomial is to be a sum over products of constraints ``p_b`` of ``p_b v' Q_b v`` with positive semidefinite
``Q_b`` and polynomials ``v``.  Where the best matrices are singular their kernel is rounded first and the search
continues on its complement.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat

LARGEST = 40  # rows of all blocks together
STEPS = 60
DENOMINATORS = (1, 2, 12, 120, 2**10, 2**16, 2**24, 2**36)


@dataclass
class Block:
    """One product of constraints and the polynomials that its squares are made of."""

    factor: sp.Poly
    basis: list[sp.Poly]


def decompose(
    poly: sp.Poly, bounds: Sequence[sp.Expr], level: int
) -> tuple[tuple[sp.Expr, ...], tuple[sp.Expr, ...], tuple[sp.Expr, ...]] | None:
    """Weights, roots and factors with ``poly == sum w r**2 f``; ``None`` if none was found."""
    blocks = _blocks(poly, bounds, level)
    for _ in range(3):
        if not blocks or sum(len(b.basis) for b in blocks) > LARGEST:
            return None
        system = _affine(poly, blocks)
        if system is None:
            return None
        start, moves = system
        floats = _centre(start, moves, [len(b.basis) for b in blocks])
        if floats is None:
            return None
        parameters, least = floats
        if least > 1e-9:
            found = _rounded(start, moves, parameters, blocks)
            if found is not None:
                return found
        if least < -1e-4:
            return None
        smaller = _reduced(start, moves, parameters, blocks)
        if smaller is None:
            return None
        blocks = smaller
    return None


def _blocks(poly: sp.Poly, bounds: Sequence[sp.Expr], level: int) -> list[Block]:
    symbols = poly.gens
    top = poly.total_degree() + (poly.total_degree() % 2 if not bounds else 0)
    products: list[sp.Poly] = [sp.Poly(1, *symbols)]
    for size in range(1, level + 1):
        for chosen in itertools.combinations(bounds, size):
            products.append(sp.Poly(sp.Mul(*chosen), *symbols))
    if level:
        top = max(top, max((p.total_degree() for p in products), default=0))
        top += top % 2
    blocks = []
    for factor in products:
        half = (top - factor.total_degree()) // 2
        if half >= 0:
            plain = factor == 1 and level == 0
            basis = _newton(poly, half) if plain else list(_monomials(symbols, half))
            blocks.append(Block(factor, basis))
    return blocks


def _monomials(symbols: Sequence[sp.Symbol], degree: int, least: int = 0) -> Iterator[sp.Poly]:
    for powers in itertools.product(range(degree + 1), repeat=len(symbols)):
        if least <= sum(powers) <= degree:
            yield sp.Poly({powers: 1}, *symbols)


def _newton(poly: sp.Poly, half: int) -> list[sp.Poly]:
    """Monomials whose square lies in the bounding box and in the degrees of the polynomial."""
    powers = poly.monoms()
    low = min(map(sum, powers))
    caps = [max(p[i] for p in powers) for i in range(len(poly.gens))]
    floors = [min(p[i] for p in powers) for i in range(len(poly.gens))]
    return [
        m
        for m in _monomials(poly.gens, half, -(-low // 2))
        if all(f <= 2 * e <= c for e, c, f in zip(m.monoms()[0], caps, floors, strict=True))
    ]


def _affine(poly: sp.Poly, blocks: list[Block]) -> tuple[fmpq_mat, fmpq_mat] | None:
    """All Gram entries that reproduce the polynomial: one solution and a basis of the differences, as columns."""
    columns: list[dict[tuple[int, ...], Any]] = []
    for block in blocks:
        for i, a in enumerate(block.basis):
            for b in block.basis[i:]:
                product = (a * b * block.factor).as_dict()
                scale = 1 if a is b else 2
                columns.append({k: v * scale for k, v in product.items()})
    wanted = poly.as_dict()
    places = sorted(set().union(wanted, *columns))
    number = {place: i for i, place in enumerate(places)}
    matrix = fmpq_mat(len(places), len(columns) + 1)
    for j, column in enumerate([*columns, wanted]):
        for place, value in column.items():
            matrix[number[place], j] = _fmpq(value)
    reduced, rank = matrix.rref()
    size = len(columns)
    pivots: list[int] = []
    for row in range(rank):
        pivot = next(j for j in range(size + 1) if reduced[row, j] != 0)
        if pivot == size:
            return None
        pivots.append(pivot)
    free = [j for j in range(size) if j not in set(pivots)]
    start, moves = fmpq_mat(size, 1), fmpq_mat(size, max(len(free), 1))
    for row, pivot in enumerate(pivots):
        start[pivot, 0] = reduced[row, size]
        for k, j in enumerate(free):
            moves[pivot, k] = -reduced[row, j]
    for k, j in enumerate(free):
        moves[j, k] = fmpq(1)
    return start, moves


def _fmpq(value: sp.Rational) -> fmpq:
    value = sp.Rational(value)
    return fmpq(int(value.p), int(value.q))


def _centre(start: fmpq_mat, moves: fmpq_mat, sizes: list[int]) -> tuple[Any, float] | None:
    """Parameters that make the least eigenvalue of all blocks large, by a barrier method; and that eigenvalue."""
    import numpy as np

    base = np.array([float(start[i, 0].p) / float(start[i, 0].q) for i in range(start.nrows())])
    turn = np.array([[float(v.p) / float(v.q) for v in row] for row in moves.table()])
    frames = []
    offset = 0
    for size in sizes:
        count = size * (size + 1) // 2
        rows, cols = np.triu_indices(size)
        directions = np.zeros((turn.shape[1] + 1, size, size))
        fixed = np.zeros((size, size))
        fixed[rows, cols] = fixed[cols, rows] = base[offset : offset + count]
        for k in range(turn.shape[1]):
            directions[k][rows, cols] = directions[k][cols, rows] = turn[offset : offset + count, k]
        directions[-1] = -np.eye(size)
        frames.append((fixed, directions))
        offset += count
    x = np.zeros(turn.shape[1] + 1)
    x[:-1] = np.linalg.lstsq(turn, -base, rcond=None)[0]

    def least(x: Any) -> float:
        return min(float(np.linalg.eigvalsh(f + np.tensordot(x[:-1], d[:-1], 1))[0]) for f, d in frames)

    scale = max(1.0, float(np.abs(base).max()))
    x[-1] = least(x) - scale
    pressure = 1.0 / scale
    best = (x[:-1].copy(), least(x))
    for _ in range(STEPS):
        gradient, hessian = np.zeros_like(x), 1e-9 * np.eye(len(x))
        gradient[-1] = -pressure + 1 / (2 * scale - x[-1])
        hessian[-1, -1] += 1 / (2 * scale - x[-1]) ** 2
        for fixed, directions in frames:
            inverse = np.linalg.inv(fixed + np.tensordot(x, directions, 1))
            spread = inverse @ directions
            gradient -= np.trace(spread, axis1=1, axis2=2)
            flat = spread.reshape(len(x), -1)
            hessian += flat @ spread.transpose(0, 2, 1).reshape(len(x), -1).T
        try:
            step = -np.linalg.solve(hessian, gradient)
        except np.linalg.LinAlgError:
            break
        length = 1.0
        while length > 1e-9:
            trial = x + length * step
            if trial[-1] < 2 * scale and all(
                np.linalg.eigvalsh(f + np.tensordot(trial, d, 1))[0] > 0 for f, d in frames
            ):
                break
            length /= 2
        else:
            break
        x = x + 0.9 * length * step if length < 1 else trial
        value = least(x)
        if value > best[1] or (best[1] <= 0 and value > best[1] - 1e-12):
            best = (x[:-1].copy(), value)
        if float(-gradient @ step) < 0.3:
            pressure *= 4
        if pressure > 1e13:
            break
    return (best[0] if moves.ncols() else best[0][:0]), best[1]


def _rounded(start: fmpq_mat, moves: fmpq_mat, parameters: Any, blocks: list[Block]) -> Any:
    for denominator in DENOMINATORS:
        guess = fmpq_mat(moves.ncols(), 1)
        for k, value in enumerate(parameters):
            guess[k, 0] = fmpq(round(float(value) * denominator), denominator)
        entries = start + moves * guess
        parts = []
        offset = 0
        for block in blocks:
            size = len(block.basis)
            found = _triangular(_symmetric(entries, offset, size))
            if found is None:
                break
            parts.append(found)
            offset += size * (size + 1) // 2
        else:
            return _collected(parts, blocks)
    return None


def _symmetric(entries: fmpq_mat, offset: int, size: int) -> list[list[fmpq]]:
    matrix = [[fmpq(0)] * size for _ in range(size)]
    for i in range(size):
        for j in range(i, size):
            matrix[i][j] = matrix[j][i] = entries[offset, 0]
            offset += 1
    return matrix


def _triangular(matrix: list[list[fmpq]]) -> list[tuple[fmpq, list[fmpq]]] | None:
    """Weights and rows with ``matrix == sum w r r'``; ``None`` unless it is positive semidefinite."""
    size, found = len(matrix), []
    rows = [list(row) for row in matrix]
    for i in range(size):
        pivot = rows[i][i]
        if pivot < 0 or (pivot == 0 and any(v != 0 for v in rows[i][i:])):
            return None
        if pivot == 0:
            continue
        line = [fmpq(0)] * i + [rows[i][j] / pivot for j in range(i, size)]
        found.append((pivot, line))
        for a in range(i + 1, size):
            for b in range(i + 1, size):
                rows[a][b] -= pivot * line[a] * line[b]
    return found


def _collected(parts: list[list[tuple[fmpq, list[fmpq]]]], blocks: list[Block]) -> Any:
    weights, roots, factors = [], [], []
    for part, block in zip(parts, blocks, strict=True):
        for weight, line in part:
            weights.append(sp.Rational(int(weight.p), int(weight.q)))
            terms = [_rational(c) * b.as_expr() for c, b in zip(line, block.basis, strict=True) if c != 0]
            roots.append(sp.Add(*terms))
            factors.append(sp.factor(block.factor.as_expr()))
    return tuple(weights), tuple(roots), tuple(factors)


def _rational(value: fmpq) -> sp.Rational:
    return sp.Rational(int(value.p), int(value.q))


def _reduced(start: fmpq_mat, moves: fmpq_mat, parameters: Any, blocks: list[Block]) -> list[Block] | None:
    """The blocks on the complement of their kernels, rounded to simple rationals; ``None`` if nothing shrinks."""
    import numpy as np

    base = np.array([float(start[i, 0].p) / float(start[i, 0].q) for i in range(start.nrows())])
    turn = np.array([[float(v.p) / float(v.q) for v in row] for row in moves.table()])
    entries = base + (turn @ parameters if len(parameters) else 0)
    smaller, shrunk, offset = [], False, 0
    for block in blocks:
        size = len(block.basis)
        rows, cols = np.triu_indices(size)
        matrix = np.zeros((size, size))
        count = size * (size + 1) // 2
        matrix[rows, cols] = matrix[cols, rows] = entries[offset : offset + count]
        offset += count
        values, vectors = np.linalg.eigh(matrix)
        top = max(float(values[-1]), 1e-6)
        kernel = vectors[:, values < 1e-4 * top].T
        if not len(kernel):
            smaller.append(block)
            continue
        shrunk = True
        complement = _complement(kernel)
        if complement is None:
            return None
        basis = []
        for line in complement:
            terms = [b * _rational(c) for c, b in zip(line, block.basis, strict=True) if c != 0]
            total = terms[0]
            for term in terms[1:]:
                total = total + term
            basis.append(total)
        if basis:
            smaller.append(Block(block.factor, basis))
    return smaller if shrunk else None


def _complement(kernel: Any) -> list[list[fmpq]] | None:
    """A rational basis of what is orthogonal to the rows, which are reduced to echelon form and rounded first."""
    import numpy as np

    rows = kernel.copy()
    pivots: list[int] = []
    for column in range(rows.shape[1]):
        place = len(pivots)
        if place == rows.shape[0]:
            break
        best = place + int(np.argmax(np.abs(rows[place:, column])))
        if abs(rows[best, column]) < 1e-3:
            continue
        rows[[place, best]] = rows[[best, place]]
        rows[place] /= rows[place, column]
        for other in range(rows.shape[0]):
            if other != place:
                rows[other] -= rows[other, column] * rows[place]
        pivots.append(column)
    exact = fmpq_mat(len(pivots), rows.shape[1])
    for i in range(len(pivots)):
        for j in range(rows.shape[1]):
            value = sp.Rational(str(round(float(rows[i, j]), 9))).limit_denominator(30)
            if abs(float(value) - rows[i, j]) > 1e-2:
                return None
            exact[i, j] = fmpq(int(value.p), int(value.q))
    return _orthogonal(exact, rows.shape[1])


def _orthogonal(rows: fmpq_mat, size: int) -> list[list[fmpq]]:
    """A basis of the vectors with zero product with every row."""
    if not rows.nrows():
        return [[fmpq(int(i == j)) for j in range(size)] for i in range(size)]
    reduced, rank = rows.rref()
    pivots = [next(j for j in range(size) if reduced[i, j] != 0) for i in range(rank)]
    basis = []
    for j in range(size):
        if j in pivots:
            continue
        line = [fmpq(0)] * size
        line[j] = fmpq(1)
        for i, pivot in enumerate(pivots):
            line[pivot] = -reduced[i, j]
        basis.append(line)
    return basis
