"""A linear program as plain numbers: what a solver is given, and what a certificate is checked against.

    minimise  Σ_j c_j x_j   subject to   row_lower ≤ A x ≤ row_upper,   lower ≤ x ≤ upper

No solver and no modelling library is imported here, so that a proof never rests on either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from fractions import Fraction
from functools import cached_property
from typing import overload

import numpy as np

from regionopt.model.matrix import Array, Ints, Mask, Matrix, holds_fractions, in_whole


@dataclass(frozen=True)
class Row:
    """A named row: its terms as (column, coefficient), its bounds (infinite where there is none).

    `taken` is what columns that cannot move add to it, exactly; such columns need no term.
    """

    name: str
    terms: tuple[tuple[int, float], ...]
    lower: float
    upper: float
    taken: Fraction = Fraction(0)

    @property
    def room(self) -> tuple[float, float]:
        """The bounds of what its terms may add, for a solver: rounded where something is taken."""
        if not self.taken:
            return self.lower, self.upper
        taken = float(self.taken)
        return self.lower - taken, self.upper - taken

    @cached_property
    def whole(self) -> tuple[tuple[tuple[int, int], ...], int]:
        """The terms in whole numbers, and the number that these are to be divided by. No rounding is involved."""
        terms, scale = in_whole(self.terms)
        return tuple(terms), scale

    def within(self, lower: float, upper: float) -> Row:
        """The same terms with other bounds; what was computed of the terms is kept."""
        if lower == self.lower and upper == self.upper:
            return self
        row = Row(self.name, self.terms, lower, upper, self.taken)
        if "whole" in self.__dict__:
            row.__dict__["whole"] = self.whole
        return row


@dataclass(frozen=True, eq=False)
class Rows(Sequence[Row]):
    """Rows as arrays. Each is made when it is looked at: most never are."""

    names: tuple[str, ...]
    matrix: Matrix
    lower: Array
    upper: Array
    taken: tuple[Fraction, ...]

    @staticmethod
    def of(rows: Sequence[Row], matrix: Matrix) -> Rows:
        """The same rows, whose terms are in a matrix."""
        return Rows(
            tuple(row.name for row in rows),
            matrix,
            np.array([row.lower for row in rows], dtype=np.float64),
            np.array([row.upper for row in rows], dtype=np.float64),
            tuple(row.taken for row in rows),
        )

    @cached_property
    def room(self) -> tuple[Array, Array]:
        """The bounds of what the terms may add, for a solver: rounded where something is taken."""
        taken = np.array([float(value) if value else 0.0 for value in self.taken])
        return self.lower - taken, self.upper - taken

    @cached_property
    def _made(self) -> dict[int, Row]:
        return {}

    def __len__(self) -> int:
        return len(self.names)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, place: int | slice) -> Row | tuple[Row, ...]:
        if isinstance(place, slice):
            return tuple(self[i] for i in range(*place.indices(len(self))))
        i = range(len(self))[place]
        if i not in self._made:
            bounds = float(self.lower[i]), float(self.upper[i])
            self._made[i] = Row(self.names[i], self.matrix.terms(i), *bounds, self.taken[i])
        return self._made[i]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


@dataclass(frozen=True)
class Program:
    """Named columns with bounds, named rows; `integers` are the columns that come in whole numbers. Costs are
    given stage by stage. In a `settled` program columns that cannot move were taken out of the rows.
    """

    columns: tuple[str, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    rows: Sequence[Row]
    integers: frozenset[int] = frozenset()
    settled: bool = False

    @cached_property
    def table(self) -> Rows:
        """The rows as arrays."""
        return self.rows if isinstance(self.rows, Rows) else Rows.of(self.rows, self.matrix)

    @cached_property
    def matrix(self) -> Matrix:
        """The terms of all rows as arrays."""
        rows = self.rows
        return rows.matrix if isinstance(rows, Rows) else Matrix.of([row.terms for row in rows], len(self.columns))

    def sharing(self, other: Program) -> Program:
        """The same program, which needs no arrays of its own for terms that are those of another."""
        self.__dict__.setdefault("matrix", other.matrix)
        return self

    @cached_property
    def ends(self) -> tuple[Sequence[float], Sequence[float]]:
        """Lower and upper bounds, columns first, then rows."""
        if isinstance(self.rows, Rows):
            return (*self.lower, *self.rows.lower.tolist()), (*self.upper, *self.rows.upper.tolist())
        return (*self.lower, *(row.lower for row in self.rows)), (*self.upper, *(row.upper for row in self.rows))

    @cached_property
    def bounds(self) -> tuple[Array, Array]:
        """The same as arrays: the nearest floats."""
        lower, upper = self.ends
        return np.array(lower, dtype=np.float64), np.array(upper, dtype=np.float64)

    @cached_property
    def movable(self) -> Mask:
        """What has room between its bounds, columns first, then rows."""
        return np.array([low < high for low, high in zip(*self.ends, strict=True)], dtype=np.bool_)

    @cached_property
    def fractional(self) -> bool:
        """Whether a fraction stands where floats do: numbers that are moved along a curve are moved exactly."""
        return bool(self.matrix.other) or any(map(holds_fractions, self.ends))

    def within(self, lower: Sequence[float], upper: Sequence[float]) -> Program:
        """The same terms with other bounds, columns first, then rows."""
        width, rows = len(self.columns), self.rows
        if self.fractional:
            kept = (row.within(*sides) for row, *sides in zip(rows, lower[width:], upper[width:], strict=True))
            return replace(self, lower=tuple(lower[:width]), upper=tuple(upper[:width]), rows=tuple(kept))
        rows = replace(self.table, lower=np.array(lower[width:]), upper=np.array(upper[width:]))
        return replace(self, lower=tuple(lower[:width]), upper=tuple(upper[:width]), rows=rows)

    def with_row(self, row: Row) -> Program:
        """The same program with one more row at its end."""
        return replace(self, rows=(*self.rows, row))


class Seat(IntEnum):
    """Where a column or a row sits in a basis."""

    LOWER = 0
    BASIC = 1
    UPPER = 2
    FREE = 3


@dataclass(frozen=True)
class Basis:
    """A solver's final basis: one seat for each column and each row."""

    columns: tuple[Seat, ...]
    rows: tuple[Seat, ...]

    @cached_property
    def seats(self) -> Ints:
        """The seats as numbers, columns first."""
        seats = (*self.columns, *self.rows)
        return np.fromiter(seats, dtype=np.int64, count=len(seats))
