"""What is left of a program when columns that stand in no row and cannot move are left out.

After a stage most columns are kept where they are (`faces`); what comes next is solved and proven in the few that are
left, and is then said of the whole program again. The rows are the same, so are their prices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

import numpy as np

from regionopt.model.points import Point
from regionopt.model.program import Basis, Program, Seat
from regionopt.model.sums import exact, product

T = TypeVar("T")


@dataclass(frozen=True)
class Standing:
    """A program and the places of the columns that are left of it."""

    whole: Program
    places: tuple[int, ...]

    @cached_property
    def program(self) -> Program:
        """The program in the columns that are left."""
        table = self.whole.table
        new = np.zeros(len(self.whole.columns), dtype=np.int64)
        new[list(self.places)] = np.arange(len(self.places))
        matrix = replace(table.matrix, columns=new[table.matrix.columns], width=len(self.places))
        return Program(
            columns=self.picked(self.whole.columns),
            lower=self.picked(self.whole.lower),
            upper=self.picked(self.whole.upper),
            rows=replace(table, matrix=matrix),
            integers=frozenset(int(new[j]) for j in self.whole.integers if j in self.places),
        )

    def picked(self, values: Sequence[T]) -> tuple[T, ...]:
        """Of values for all columns those of the columns that are left."""
        return tuple(values[j] for j in self.places)

    def picked_basis(self, basis: Basis) -> Basis:
        """A basis of the whole program as one of what is left."""
        return replace(basis, columns=self.picked(basis.columns))

    def put(self, values: Sequence[T], others: Sequence[T]) -> tuple[T, ...]:
        """Values of the columns that are left, between those of the others."""
        found = list(others)
        for j, value in zip(self.places, values, strict=True):
            found[j] = value
        return tuple(found)

    def put_basis(self, basis: Basis) -> Basis:
        """A basis of what is left as one of the whole program."""
        return replace(basis, columns=self.put(basis.columns, (Seat.LOWER,) * len(self.whole.columns)))

    def put_plan(self, x: Point) -> Point:
        """An exact plan of what is left as one of the whole program."""
        near = self.whole.bounds[0][: len(self.whole.columns)].copy()
        near[np.isinf(near)] = 0.0
        near[list(self.places)] = x.near
        return Point(near, {self.places[k]: value for k, value in x.other.items()})

    def rest(self, costs: Sequence[float]) -> Fraction:
        """What the columns that are left out cost."""
        left = frozenset(self.places)
        gone = [j for j, cost in enumerate(costs) if cost and j not in left]
        return product([exact(self.whole.lower[j]) for j in gone], [costs[j] for j in gone])


def standing(program: Program) -> Standing | None:
    """The columns of a settled program that stand in a row or can move; None where these are all."""
    if not program.settled:
        return None
    stands = program.movable[: len(program.columns)].copy()
    stands[program.matrix.columns] = True
    return None if stands.all() else Standing(program, tuple(np.flatnonzero(stands).tolist()))
