"""What is left of a program when a plan has decided its money: fewer columns, fewer rows.

Uncertain returns then stand in right-hand sides only: draws share their coefficients, and thousands are settled by
one basis (`batch`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from regionopt.sweep.batch import Batch
from regionopt.sweep.flat import Array, Ints, Pattern, Scale

# A bound that money breaks by less than this part of the numbers involved is broken by rounding: it is kept.
ROUNDING = 1e-9
# Farther outside than this no value of the other columns can help.
OUTSIDE = 1e-6


@dataclass(frozen=True)
class Kept:
    """The columns that a plan decides, by name, in exact fractions."""

    columns: Mapping[str, Fraction]

    def places(self, pattern: Pattern) -> Ints:
        """Where the columns stand in a program."""
        place = {name: j for j, name in enumerate(pattern.columns)}
        return np.array([place[name] for name in self.columns if name in place], dtype=np.int64)

    def amounts(self, pattern: Pattern) -> list[Fraction]:
        """What they hold, in the same order."""
        known = frozenset(pattern.columns)
        return [amount for name, amount in self.columns.items() if name in known]


@dataclass(frozen=True)
class Left:
    """What is left to be decided: a smaller program by run; `given` is what is decided adds to costs and to what is
    told, `possible` says where nothing that is decided breaks a rule for certain."""

    pattern: Pattern
    numbers: Array
    given: Array
    possible: NDArray[np.bool_]

    def solved(self, rows: Ints) -> tuple[NDArray[np.bool_], Array]:
        """Which of these runs are settled, and what is told of them, without what is given."""
        if not self.pattern.columns:
            return np.ones(len(rows), dtype=bool), np.zeros((len(rows), self.given.shape[1]))
        own = self.numbers[rows]
        found = Batch(self.pattern, Scale.of(self.pattern, own[0])).solve(own)
        return found.settled, found.told


def left_of(kept: Kept, pattern: Pattern, numbers: Array) -> Left:
    """The smaller program of every run."""
    places, x = kept.places(pattern), np.array(kept.amounts(pattern), dtype=float)
    free = np.setdiff1d(np.arange(len(pattern.columns)), places)
    amount = np.zeros(len(pattern.columns))
    amount[places] = x
    open_terms = np.isin(pattern.term_columns, free)
    part = {name: numbers[:, place] for name, place in pattern.parts.items()}
    decided = _by_row(pattern, part["terms"] * np.where(open_terms, 0.0, amount[pattern.term_columns]))
    size = _by_row(pattern, np.abs(part["terms"] * np.where(open_terms, 0.0, amount[pattern.term_columns])))
    rows = len(pattern.rows)
    low, high = part["row_lower"] - decided[:, :rows], part["row_upper"] - decided[:, :rows]
    counts = np.isin(np.arange(rows), pattern.term_rows[open_terms])
    room = ROUNDING * (1 + size[:, :rows])
    possible: NDArray[np.bool_] = np.all((low <= room) & (high >= -room), axis=1, where=~counts)
    wide = ROUNDING * (1 + np.abs(x))
    possible &= np.all((part["lower"][:, places] <= x + wide) & (part["upper"][:, places] >= x - wide), axis=1)
    kept_rows = np.flatnonzero(counts)
    smaller = _without(pattern, free, kept_rows, open_terms)
    bounds = (part["lower"][:, free], part["upper"][:, free], low[:, kept_rows], high[:, kept_rows])
    reduced = np.concatenate([*bounds, part["terms"][:, open_terms], part["scalars"]], axis=1)
    possible &= _reachable(smaller, reduced, 1 + size[:, kept_rows])
    return Left(smaller, reduced, decided[:, rows:], possible)


def _by_row(pattern: Pattern, terms: Array) -> Array:
    """Sums of terms by row, a row a run."""
    member = np.zeros((len(pattern.term_rows), pattern.shape[0]))
    member[np.arange(len(pattern.term_rows)), pattern.term_rows] = 1.0
    return terms @ member


def _without(pattern: Pattern, free: Ints, kept_rows: Ints, open_terms: NDArray[np.bool_]) -> Pattern:
    """The pattern of what is left: free columns, and the rows that hold any of them."""
    lines = np.arange(len(pattern.rows), pattern.shape[0])
    renumbered = {int(i): k for k, i in enumerate([*kept_rows, *lines])}
    place = {int(j): k for k, j in enumerate(free)}
    rows = np.array([renumbered[int(i)] for i in pattern.term_rows[open_terms]], dtype=np.int64)
    columns = np.array([place[int(j)] for j in pattern.term_columns[open_terms]], dtype=np.int64)
    return replace(
        pattern,
        columns=tuple(pattern.columns[j] for j in free),
        rows=tuple(pattern.rows[i] for i in kept_rows),
        term_rows=rows,
        term_columns=columns,
        key=rows.tobytes() + columns.tobytes(),
    )


def _reachable(pattern: Pattern, numbers: Array, size: Array) -> NDArray[np.bool_]:
    """Where no row is out of reach of all values of its columns: the others are not allowed for certain."""
    part = {name: numbers[:, place] for name, place in pattern.parts.items()}
    inside, count = pattern.term_rows < len(pattern.rows), len(pattern.rows)
    columns, terms = pattern.term_columns[inside], part["terms"][:, inside]
    with np.errstate(invalid="ignore"):
        ends = np.stack([terms * part["lower"][:, columns], terms * part["upper"][:, columns]])
    least, most = np.zeros((len(numbers), count)), np.zeros((len(numbers), count))
    np.add.at(least.T, pattern.term_rows[inside], ends.min(axis=0).T)
    np.add.at(most.T, pattern.term_rows[inside], ends.max(axis=0).T)
    room = OUTSIDE * size
    with np.errstate(invalid="ignore"):
        out = (most < part["row_lower"] - room) | (least > part["row_upper"] + room)
    found: NDArray[np.bool_] = ~np.any(out, axis=1)
    return found
