"""The corner a basis stands for, in exact fractions.

A solver works in floating point; its basis says which bounds hold with equality. Solving those equations again
in fractions gives the plan and its prices without rounding, whichever solver found the basis.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from regionopt.model.matrix import Mask, in_whole
from regionopt.model.points import Point, activity_at, sums_in_whole
from regionopt.model.program import Basis, Program, Seat
from regionopt.model.sums import ZERO, added, reduced_whole
from regionopt.model.vectors import Common, Vector, over_common, vector
from regionopt.proof.factor import Factor, factorise
from regionopt.proof.forms import Form


@dataclass(frozen=True)
class Corner:
    """Exact column values `x`; and the row prices with the reduced costs `d = c - A'y` (costs are minimised)."""

    x: Point
    d: Form

    @cached_property
    def y(self) -> tuple[Fraction, ...]:
        """The prices of all rows."""
        return tuple(self.d.y.get(i, ZERO) for i in range(self.d.terms.matrix.height))


@dataclass(frozen=True)
class Seated:
    """A program with a basis of it: basic columns follow from the rows that hold with equality, all others sit at
    a bound. The equations are eliminated once. ArithmeticError when the basis is singular."""

    program: Program
    basis: Basis

    @cached_property
    def _is_basic(self) -> tuple[Mask, Mask]:
        """Which columns are basic, and which rows."""
        found, width = self.basis.seats == Seat.BASIC, len(self.program.columns)
        return found[:width], found[width:]

    @cached_property
    def basic(self) -> tuple[int, ...]:
        """The columns that are basic."""
        return tuple(np.flatnonzero(self._is_basic[0]).tolist())

    @cached_property
    def tight(self) -> tuple[int, ...]:
        """The rows that hold with equality."""
        return tuple(np.flatnonzero(~self._is_basic[1]).tolist())

    @cached_property
    def free(self) -> tuple[int, ...]:
        """The rows that do not."""
        return tuple(np.flatnonzero(self._is_basic[1]).tolist())

    @cached_property
    def equations(self) -> dict[int, tuple[dict[int, int], int]]:
        """The tight rows in the basic columns: in whole numbers, and what these are to be divided by."""
        matrix, (basic, free) = self.program.matrix, self._is_basic
        if matrix.is_whole:
            known, asked = basic.tolist(), ((i, *matrix.whole[i]) for i in self.tight)
            return {i: ({j: n for j, n in terms if known[j] and n}, scale) for i, terms, scale in asked}
        chosen = np.flatnonzero(basic[matrix.columns] & ~free[matrix.rows])
        terms: dict[int, list[tuple[int, float | Fraction]]] = {i: [] for i in self.tight}
        parts = matrix.rows[chosen].tolist(), matrix.columns[chosen].tolist(), matrix.exact(chosen)
        for i, j, a in zip(*parts, strict=True):
            terms[i].append((j, a))
        whole = ((i, *in_whole(own)) for i, own in terms.items())
        return {i: (dict(own), scale) for i, own, scale in whole}

    @cached_property
    def factor(self) -> Factor:
        """The equations, eliminated."""
        if len(self.basic) != len(self.tight):
            raise ArithmeticError("the basis is singular")
        return factorise({i: terms for i, (terms, _) in self.equations.items()})

    def solved(self, right: Vector[int]) -> Vector[int]:
        """The basic columns for right-hand sides of the tight rows; what is 0 is left out."""
        return self.factor.solve(Vector({i: n * self.equations[i][1] for i, n in right.whole.items()}, right.below))

    def spread(self, levels: Sequence[int], below: int) -> Common:
        """The value of every thing, columns then rows, where those at a bound are at such levels: whole numbers to be
        divided by `below`. Columns follow from the rows that hold with equality, all other rows from the columns."""
        matrix, width = self.program.matrix, len(self.program.columns)
        x, rows, scale = levels[:width], levels[width:], matrix.scale
        pushed = sums_in_whole(matrix, x, self.tight) if any(x) else (0 for _ in self.tight)
        right = {i: rows[i] * scale - rise for i, rise in zip(self.tight, pushed, strict=True)}
        found = self.solved(Vector({i: n for i, n in right.items() if n}, below * scale))
        shared = math.lcm(below, found.below)
        own, more = shared // below, shared // found.below
        x = [n * own for n in x]
        for j, n in found.whole.items():
            x[j] = n * more
        rows = [n * own * scale for n in rows]
        for i, rise in zip(self.free, sums_in_whole(matrix, x, self.free), strict=True):
            rows[i] = rise
        return Common([*(n * scale for n in x), *rows], shared * scale)

    def primal(self) -> Point:
        """The value of every column. Raises ArithmeticError for a column at a bound that it does not have."""
        at, width = self._at_bounds(), len(self.program.columns)
        wanted = [at.ratio(width + i) for i in self.tight]
        start = at.start(width)
        there = activity_at(self.program, start, self.tight)
        right = (added(own, (-n, below)) for own, (n, below) in zip(wanted, there, strict=True))
        found = self.solved(over_common(dict(zip(self.tight, right, strict=True))))
        start.near[list(found)] = [found.near(j) for j in found]
        return Point(start.near, {**start.other, **found})

    def _at_bounds(self) -> Point:
        """The bound that everything sits at; 0 where it is free, or basic and not known yet."""
        (lower, upper), seats = self.program.bounds, self.basis.seats
        at = np.where(seats == Seat.LOWER, lower, np.where(seats == Seat.UPPER, upper, 0.0))
        if not np.isfinite(at).all():
            raise ArithmeticError("something sits at a bound that it does not have")
        if not self.program.fractional:
            return Point(at, {})
        sides = {Seat.LOWER: self.program.ends[0], Seat.UPPER: self.program.ends[1]}
        seated = enumerate((*self.basis.columns, *self.basis.rows))
        return Point(at, {thing: Fraction(sides[seat][thing]) for thing, seat in seated if seat in sides})

    def priced(self, costs: Sequence[float]) -> Common:
        """The same as one list: reduced costs of columns, then prices of rows."""
        prices = self.row_prices(costs)
        left, below = reduced_whole(costs, self.program.rows, prices)
        return Common((*left, *(price.numerator * (below // price.denominator) for price in prices)), below)

    def tight_prices(self, costs: Sequence[float]) -> Vector[int]:
        """Prices of the tight rows; what is 0 is left out."""
        found = self.factor.solve_transposed(vector({j: costs[j] for j in self.basic if costs[j]}))
        return Vector({i: n * self.equations[i][1] for i, n in found.whole.items()}, found.below)

    def row_prices(self, costs: Sequence[float]) -> list[Fraction]:
        """The prices of all rows."""
        known = self.tight_prices(costs)
        return [known.get(i, ZERO) for i in range(len(self.program.rows))]

    def on(self, program: Program) -> Seated:
        """The same basis of another program; where only bounds differ the equations stay eliminated."""
        there = Seated(program, self.basis)
        if all(old.terms is new.terms for old, new in zip(self.program.rows, program.rows, strict=True)):
            same = ("basic", "tight", "free", "factor", "equations", "_is_basic")
            there.__dict__.update({name: value for name, value in self.__dict__.items() if name in same})
        return there


def corner(program: Program, costs: Sequence[float], basis: Basis) -> Corner:
    """Solve the basis in fractions. Raises ArithmeticError when the basis is singular."""
    seated = Seated(program, basis)
    return Corner(seated.primal(), Form.of(program, costs, seated.tight_prices(costs)))
