"""Bases of many programs looked at together, each with coefficients of its own: what `corners` does one by one.

Things are columns, then rows; a row's activity is a thing with  terms · x - activity = 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regionopt.model.program import Seat
from regionopt.sweep.corners import ROOM, Scaled, first_counts
from regionopt.sweep.flat import Array, Ints


@dataclass(frozen=True)
class Stack:
    """Programs of one shape, scaled: `whole` as program · rows, ranks, what is told · columns; bounds as
    program · thing; `ranks` how many, `size` what each is counted in, `far` how far each thing reaches."""

    whole: Array
    low: Array
    high: Array
    ranks: int
    size: Array
    far: Array

    @property
    def rows(self) -> int:
        """Rows of a program."""
        return int(self.low.shape[1] - self.whole.shape[2])

    @property
    def costs(self) -> Array:
        """One row a rank, by program."""
        return self.whole[:, self.rows :][:, : self.ranks]

    @property
    def slack(self) -> Ints:
        """The things that are basic where only rows are."""
        return np.arange(self.whole.shape[2], self.low.shape[1])

    def mean(self) -> Scaled:
        """The program in the middle of all."""
        lower, row_lower = np.split(self.low.mean(axis=0), [self.whole.shape[2]])
        upper, row_upper = np.split(self.high.mean(axis=0), [self.whole.shape[2]])
        return Scaled(lower, upper, row_lower, row_upper, self.whole.mean(axis=0), self.ranks)

    def plans(self, seats: Ints) -> tuple[Array, NDArray[np.bool_]]:
        """The plan of each program's basis (seats as program · thing), and whether it is the one best plan.

        Raises LinAlgError where a basis is singular.
        """
        rows, width = self.rows, self.whole.shape[2]
        basic = seats == Seat.BASIC
        if (basic.sum(axis=1) != rows).any():
            raise np.linalg.LinAlgError
        unit = np.broadcast_to(-np.eye(rows), (len(seats), rows, rows))
        terms = np.concatenate([self.whole[:, :rows], unit], axis=2)
        places = np.argsort(~basic, axis=1, kind="stable")[:, None, :rows]
        square = np.take_along_axis(terms, places, axis=2)
        values = np.where(seats == Seat.LOWER, self.low, np.where(seats == Seat.UPPER, self.high, 0.0))
        found = np.linalg.solve(square, -(terms @ values[:, :, None]))
        np.put_along_axis(values, places[:, 0], found[:, :, 0], axis=1)
        inside = (values >= self.low - ROOM) & (values <= self.high + ROOM) & np.isfinite(values)
        x = values[:, :width]
        return x, inside.all(axis=1) & self._best(seats, x, terms, square, places)

    def _best(self, seats: Ints, x: Array, terms: Array, square: Array, places: Ints) -> NDArray[np.bool_]:
        """Whether the prices say that no other plan is better, rank by rank."""
        own = self.costs
        costs = np.concatenate([own, np.zeros((len(x), self.ranks, self.rows))], axis=2)
        wanted = np.take_along_axis(costs, places, axis=2)
        y = np.linalg.solve(square.transpose(0, 2, 1), wanted.transpose(0, 2, 1))
        prices = (costs - y.transpose(0, 2, 1) @ terms) * self.far
        worth = (own @ x[:, :, None])[:, :, 0] * self.size
        prices *= (self.size / (1 + np.abs(worth)))[:, :, None]
        seat = seats[:, None]
        told = np.where(seat == Seat.UPPER, -prices, np.where(seat == Seat.FREE, -np.abs(prices), prices))
        stands = (seats == Seat.BASIC) | (self.low >= self.high)
        right = first_counts(np.where(stands[:, None], 0.0, told), axis=1)
        each: NDArray[np.bool_] = np.logical_and.reduce(right, axis=1)
        return each
