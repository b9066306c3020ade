"""The corner a basis stands for, in exact fractions.

A solver works in floating point; its basis says which bounds hold with equality. Solving those equations again
in fractions gives the plan and its prices without rounding, whichever solver found the basis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from regionopt.model.program import Basis, Program, Seat
from regionopt.model.sums import Common, exact, missing, priced, reduced_costs, reduced_whole
from regionopt.proof.factor import ZERO, Factor, Vector, factorise


@dataclass(frozen=True)
class Corner:
    """Exact column values `x`, row prices `y`, and reduced costs `d = c - A'y` (costs are minimised)."""

    x: tuple[Fraction, ...]
    y: tuple[Fraction, ...]
    d: Common


@dataclass(frozen=True)
class Seated:
    """A program with a basis of it: basic columns follow from the rows that hold with equality, all others sit at
    a bound. The equations are eliminated once. ArithmeticError when the basis is singular."""

    program: Program
    basis: Basis

    @cached_property
    def basic(self) -> tuple[int, ...]:
        """The columns that are basic."""
        return tuple(j for j, seat in enumerate(self.basis.columns) if seat is Seat.BASIC)

    @cached_property
    def tight(self) -> tuple[int, ...]:
        """The rows that hold with equality."""
        return tuple(i for i, seat in enumerate(self.basis.rows) if seat is not Seat.BASIC)

    @cached_property
    def factor(self) -> Factor:
        """The tight rows in the basic columns, eliminated."""
        if len(self.basic) != len(self.tight):
            raise ArithmeticError("the basis is singular")
        basic = frozenset(self.basic)
        return factorise({i: {j: n for j, n in self._whole(i)[0] if j in basic} for i in self.tight})

    def _whole(self, i: int) -> tuple[tuple[tuple[int, int], ...], int]:
        return self.program.rows[i].whole

    def solved(self, right: Mapping[int, Fraction]) -> Vector:
        """The basic columns for right-hand sides of the tight rows; what is 0 is left out."""
        return self.factor.solve({i: value * self._whole(i)[1] for i, value in right.items() if value})

    def primal(self) -> list[Fraction]:
        """The value of every column."""
        x = list(map(_at, self.basis.columns, self.program.lower, self.program.upper))
        right = missing([self.program.rows[i] for i in self.tight], x, list(map(self._wanted, self.tight)))
        for column, value in self.factor.solve(dict(zip(self.tight, right, strict=True))).items():
            x[column] = value
        return x

    def _wanted(self, i: int) -> Fraction:
        row = self.program.rows[i]
        at = _at(self.basis.rows[i], row.lower, row.upper)
        return at - row.taken if row.taken else at

    def prices(self, costs: Sequence[float]) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
        """Prices of the tight rows, such that basic columns have no reduced cost; and all reduced costs."""
        y = self.row_prices(costs)
        return tuple(y), tuple(reduced_costs(costs, self.program.rows, y))

    def priced(self, costs: Sequence[float]) -> Common:
        """The same as one list: reduced costs of columns, then prices of rows."""
        return priced(costs, self.program.rows, self.row_prices(costs))

    def tight_prices(self, costs: Sequence[float]) -> Vector:
        """Prices of the tight rows; what is 0 is left out."""
        wanted = {j: exact(costs[j]) for j in self.basic if costs[j]}
        return {i: price * self._whole(i)[1] for i, price in self.factor.solve_transposed(wanted).items()}

    def row_prices(self, costs: Sequence[float]) -> list[Fraction]:
        """The prices of all rows."""
        known = self.tight_prices(costs)
        return [known.get(i, ZERO) for i in range(len(self.program.rows))]

    def on(self, program: Program) -> Seated:
        """The same basis of another program; where only bounds differ the equations stay eliminated."""
        there = Seated(program, self.basis)
        same = all(old.terms is new.terms for old, new in zip(self.program.rows, program.rows, strict=True))
        if same and "factor" in self.__dict__:
            there.__dict__["factor"] = self.factor
        return there


def corner(program: Program, costs: Sequence[float], basis: Basis) -> Corner:
    """Solve the basis in fractions. Raises ArithmeticError when the basis is singular."""
    seated = Seated(program, basis)
    y = seated.row_prices(costs)
    return Corner(tuple(seated.primal()), tuple(y), Common(*reduced_whole(costs, program.rows, y)))


def prices(
    program: Program, costs: Sequence[float], basis: Basis
) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    """Row prices `y` and reduced costs `d` of a basis; ArithmeticError when it is singular."""
    return Seated(program, basis).prices(costs)


def _at(seat: Seat, lower: float, upper: float) -> Fraction:
    """The bound that something sits at; 0 when it is free, or basic and not known yet."""
    bound = lower if seat is Seat.LOWER else upper if seat is Seat.UPPER else 0.0
    return exact(bound) if bound else ZERO
