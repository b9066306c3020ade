"""The same program in units in which its numbers are near 1, for a solver that works to absolute tolerances.

Whether money is counted in NT$ or in billions must not decide what a solver can see. A column is counted in the
largest amount that it can hold, a row in its largest coefficient, the costs in their largest, each rounded to a
power of two. So nothing is lost, and a basis of the one program is a basis of the other.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from regionopt.model.matrix import Array, Mask, Matrix
from regionopt.model.program import Program, Rows
from regionopt.model.sums import ZERO


def units(program: Program) -> tuple[float, ...]:
    """What each column is counted in: its largest amount, or what balances its rows where it has no bound."""
    return tuple(_units(program, np.ones(len(program.rows), dtype=np.bool_)).tolist())


def spans(program: Program) -> Array:
    """How far each column can move: between its bounds, or by its unit where it has none."""
    lower, upper = (part[: len(program.columns)] for part in program.bounds)
    width: Array = upper - lower
    without = np.isinf(width)
    if not without.any():
        return width
    # The rows that hold a column without a bound say what it is counted in.
    found = _units(program, program.matrix.over_rows(without[program.matrix.columns]) > 0)
    return np.where(without, found, width)


def _units(program: Program, rows: Mask) -> Array:
    """The units of columns by their bounds and by what these rows say; 1 where nothing is known."""
    matrix = program.matrix
    terms, most = rows[matrix.rows], np.abs(program.bounds[1][: len(program.columns)])
    _imply(program, terms, most)
    unknown = ~np.isfinite(most)
    found = np.where(unknown | (most == 0.0), 0.0, _powers(np.where(unknown, 1.0, most)))
    if unknown.any():
        _balance(matrix, terms & (matrix.values != 0.0), unknown, found)
    found[found == 0.0] = 1.0
    return found


def _balance(matrix: Matrix, terms: Mask, unknown: Mask, found: Array) -> None:
    """Count columns whose amounts are unknown in what balances their rows, row after row."""
    amounts, is_open = np.abs(matrix.values), terms & unknown[matrix.columns]
    most = np.zeros(matrix.height)
    np.maximum.at(most, matrix.rows[terms], (amounts * found[matrix.columns])[terms])
    rows = defaultdict[int, list[tuple[int, float]]](list)
    parts = (part[is_open].tolist() for part in (matrix.rows, matrix.columns, amounts))
    for i, j, amount in zip(*parts, strict=True):
        rows[i].append((j, amount))
    for i, open_terms in rows.items():
        known = max(float(most[i]), *(amount * float(found[j]) for j, amount in open_terms))
        for j, amount in open_terms:
            # A column that already balances the row keeps its unit: else it would double from row to row.
            if known / amount > found[j]:
                found[j] = _power(known / amount)


def _imply(program: Program, terms: Mask, most: Array) -> None:
    """Lower what columns can hold `most` to what a row of positive coefficients leaves them (all are at least 0)."""
    matrix = program.matrix
    room = program.table.room[1]
    negative = (matrix.values <= 0.0) | (program.bounds[0][matrix.columns] < 0.0)
    says = np.isfinite(room) & (matrix.over_rows(negative) == 0.0)
    chosen = np.flatnonzero(terms & says[matrix.rows])
    np.minimum.at(most, matrix.columns[chosen], room[matrix.rows[chosen]] / matrix.values[chosen])


@dataclass
class Scaling:
    """Programs with the same columns, counted in the same units. Terms are scaled once: re-solving changes bounds and
    costs, and terms are many."""

    unit: tuple[float, ...]
    _last: tuple[Matrix, Matrix, Array] | None = None

    @cached_property
    def units(self) -> Array:
        """The units as an array."""
        return np.array(self.unit)

    def program(self, program: Program) -> Program:
        """The program with its columns counted in their units."""
        width, table = len(program.columns), program.table
        lower, upper = (side[:width] / self.units for side in program.bounds)
        if self._last is None or self._last[0] is not table.matrix:
            self._last = (table.matrix, *self._scaled(table.matrix))
        _, matrix, largest = self._last
        least, most = (side / largest for side in table.room)
        rows = Rows(table.names, matrix, least, most, (ZERO,) * len(table))
        return replace(program, lower=tuple(lower.tolist()), upper=tuple(upper.tolist()), rows=rows)

    def _scaled(self, matrix: Matrix) -> tuple[Matrix, Array]:
        """The terms in units of their columns, divided by the largest of their row; and these largest."""
        values = matrix.values * self.units[matrix.columns]
        largest = np.zeros(matrix.height)
        np.maximum.at(largest, matrix.rows, np.abs(values))
        largest = _powers(largest)
        return replace(matrix, values=values / largest[matrix.rows]), largest


def scaled_costs(costs: Sequence[float], unit: Sequence[float]) -> tuple[float, ...]:
    """The costs of columns counted in `unit`, the largest near 1."""
    counted = np.array(costs) * np.array(unit)
    return tuple((counted / _power(float(np.abs(counted).max(initial=0.0)))).tolist())


def _powers(amounts: Array) -> Array:
    """The powers of two just above amounts; 1 for none."""
    return np.where(amounts == 0.0, 1.0, np.ldexp(1.0, np.frexp(amounts)[1]))


def _power(amount: float) -> float:
    """The power of two just above an amount; 1 for none."""
    return math.ldexp(1.0, math.frexp(amount)[1]) if amount else 1.0
