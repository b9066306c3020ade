"""The corner a basis stands for, in exact fractions.

A solver works in floating point; its basis says which bounds hold with equality. Solving those equations again
in fractions gives the plan and its prices without rounding, whichever solver found the basis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from regionopt.model.program import Basis, Program, Seat
from regionopt.model.sums import activities, reduced_costs
from regionopt.proof.factor import ZERO, Factor, factorise


@dataclass(frozen=True)
class Corner:
    """Exact column values `x`, row prices `y` and reduced costs `d = c - A'y` (costs are minimised)."""

    x: tuple[Fraction, ...]
    y: tuple[Fraction, ...]
    d: tuple[Fraction, ...]


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
        basic, rows = frozenset(self.basic), self.program.rows
        return factorise({i: {j: Fraction(a) for j, a in rows[i].terms if a and j in basic} for i in self.tight})

    def primal(self) -> list[Fraction]:
        """The value of every column."""
        program, rows = self.program, [self.program.rows[i] for i in self.tight]
        x = list(map(_at, self.basis.columns, program.lower, program.upper))
        right = {
            i: _at(self.basis.rows[i], row.lower, row.upper) - own
            for i, row, own in zip(self.tight, rows, activities(rows, x), strict=True)
        }
        for column, value in self.factor.solve(right).items():
            x[column] = value
        return x

    def prices(self, costs: Sequence[float]) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
        """Prices of the tight rows, such that basic columns have no reduced cost; and all reduced costs."""
        y = [ZERO] * len(self.program.rows)
        for i, price in self.factor.solve_transposed({j: Fraction(costs[j]) for j in self.basic if costs[j]}).items():
            y[i] = price
        return tuple(y), tuple(reduced_costs(costs, self.program.rows, y))


def corner(program: Program, costs: Sequence[float], basis: Basis) -> Corner:
    """Solve the basis in fractions. Raises ArithmeticError when the basis is singular."""
    seated = Seated(program, basis)
    return Corner(tuple(seated.primal()), *seated.prices(costs))


def prices(
    program: Program, costs: Sequence[float], basis: Basis
) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    """Row prices `y` and reduced costs `d` of a basis; ArithmeticError when it is singular."""
    return Seated(program, basis).prices(costs)


def _at(seat: Seat, lower: float, upper: float) -> Fraction:
    """The bound that something sits at; 0 when it is free, or basic and not known yet."""
    bound = lower if seat is Seat.LOWER else upper if seat is Seat.UPPER else 0.0
    return Fraction(bound) if bound else ZERO
