"""A linear program as plain numbers: what a solver is given, and what a certificate is checked against.

    minimise  Σ_j c_j x_j   subject to   row_lower ≤ A x ≤ row_upper,   lower ≤ x ≤ upper

No solver and no modelling library is imported here, so that a proof never rests on either.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import IntEnum
from fractions import Fraction
from functools import cached_property


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
        ratios = [(j, *a.as_integer_ratio()) for j, a in self.terms]
        scale = math.lcm(*{below for _, _, below in ratios})
        return tuple((j, n * (scale // below)) for j, n, below in ratios if n), scale

    def within(self, lower: float, upper: float) -> Row:
        """The same terms with other bounds; what was computed of the terms is kept."""
        if lower == self.lower and upper == self.upper:
            return self
        row = Row(self.name, self.terms, lower, upper, self.taken)
        if "whole" in self.__dict__:
            row.__dict__["whole"] = self.whole
        return row


@dataclass(frozen=True)
class Program:
    """Named columns with bounds, named rows; `integers` are the columns that come in whole numbers. Costs are
    given stage by stage. In a `settled` program columns that cannot move were taken out of the rows.
    """

    columns: tuple[str, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    rows: tuple[Row, ...]
    integers: frozenset[int] = frozenset()
    settled: bool = False

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
