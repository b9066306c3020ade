"""The program with its numbers let loose, and the exact least change that makes a plan possible.

A number v = v0 + unit · (more - less), counted in itself, moves the rows that it stands in:

    lower[i]  ≤  Σ a[i,j] x[j] - unit · right'[i] · (more - less)  ≤  upper[i]

Where a number multiplies money (a ratio, a growth, a rate) there is no such row: see `factors`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from regionopt.doctor.levers import Lever
from regionopt.model.program import Program, Row
from regionopt.solve.questions import Questions


def moves_amounts_only(lever: Lever, program: Program) -> bool:
    """Whether a number moves right-hand sides alone, and both sides of an equation alike."""
    effect = lever.effect
    if effect is None or effect.terms:
        return False
    sides = ((program.rows[i], bounds) for i, bounds in effect.rows.items())
    return all(
        math.isinf(row.lower) or math.isinf(row.upper) or low == up or math.isclose(low, up, rel_tol=1e-9)
        for row, (low, up) in sides
    )


@dataclass(frozen=True)
class Elastic:
    """A program whose `levers` may move: columns `more` and `less` of each, after all others."""

    program: Program
    levers: tuple[Lever, ...]
    first: int

    def only(self, free: Collection[int]) -> Program:
        """The program in which these levers alone may move."""
        upper = list(self.program.upper)
        for k in range(len(self.levers)):
            if k not in free:
                upper[self.more(k)] = upper[self.less(k)] = 0.0
        return replace(self.program, upper=tuple(upper))

    def more(self, k: int) -> int:
        """The column by which a lever rises, in its own scale."""
        return self.first + 2 * k

    def less(self, k: int) -> int:
        """The column by which it falls."""
        return self.first + 2 * k + 1

    def costs(self, free: Collection[int]) -> list[float]:
        """What changing these levers costs: 1 for each multiple of itself."""
        costs = [0.0] * len(self.program.columns)
        for k in free:
            costs[self.more(k)] = costs[self.less(k)] = 1.0
        return costs

    def value(self, k: int, x: Sequence[Fraction]) -> Fraction:
        """What a lever becomes in a plan."""
        lever = self.levers[k]
        return Fraction(lever.value) + Fraction(lever.scale) * (x[self.more(k)] - x[self.less(k)])


def loosened(program: Program, levers: Sequence[Lever]) -> Elastic:
    """The program with the columns of these levers; each must move amounts only."""
    first = len(program.columns)
    columns, upper, rows = list(program.columns), list(program.upper), [dict(row.terms) for row in program.rows]
    lower, added = list(program.lower), []
    for k, lever in enumerate(levers):
        columns += [f"more[{lever.path}]", f"less[{lever.path}]"]
        lower += [0.0, 0.0]
        upper += [(lever.allowed.maximum - lever.value) / lever.scale, (lever.value - lever.least) / lever.scale]
        for i, (low, up) in lever.effect.rows.items() if lever.effect else ():
            rows[i] |= _moves(first + 2 * k, low or up, lever.scale)
        for j, (low, up) in lever.effect.columns.items() if lever.effect else ():
            rests = (program.lower[j], math.inf) if low else (-math.inf, program.upper[j])
            terms = {j: 1.0} | _moves(first + 2 * k, low or up, lever.scale)
            added.append(Row(f"bound[{lever.path}]", tuple(terms.items()), *rests))
            lower[j], upper[j] = (0.0, upper[j]) if low else (lower[j], math.inf)
    kept = [replace_terms(row, tuple(terms.items())) for row, terms in zip(program.rows, rows, strict=True)]
    most_of = tuple(max(0.0, most) if j >= first else most for j, most in enumerate(upper))
    loose = replace(program, columns=tuple(columns), lower=tuple(lower), upper=most_of, rows=(*kept, *added))
    return Elastic(loose, tuple(levers), first)


def replace_terms(row: Row, terms: tuple[tuple[int, float], ...]) -> Row:
    """The row with other terms; itself where they are the same, which an engine then need not send."""
    return row if terms == row.terms else Row(row.name, terms, row.lower, row.upper)


def _moves(column: int, slope: float, scale: float) -> dict[int, float]:
    return {column: -slope * scale, column + 1: slope * scale}


def least_amount(ask: Questions, elastic: Elastic, k: int) -> Fraction | None:
    """The value nearest to its own at which one lever alone makes a plan possible; None where none does."""
    found = ask.least(elastic.only({k}), elastic.levers[k].path, elastic.costs({k}))
    return None if found is None else elastic.value(k, found.corner.x)
