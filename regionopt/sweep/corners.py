"""A basis looked at in floating point: its plan, and whether it is the one best plan, costs in order of rank.

What is accepted keeps every bound, and every price decides clearly: prices within a factor of ten of the threshold
below which a price is rounding (`faces.NOISE`) are not decided here, and the run is then solved afresh in fractions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regionopt.model.program import Seat
from regionopt.proof.faces import NOISE
from regionopt.sweep.flat import Array, Ints

# A bound, in scaled units, is kept within this: rounding, and far below what is told of a plan.
ROOM = 1e-11
CLEAR, NOTHING = 10 * NOISE, NOISE / 10


@dataclass(frozen=True)
class Scaled:
    """One program, scaled: bounds by column and row, `whole` as rows, then ranks, then what is told."""

    lower: Array
    upper: Array
    row_lower: Array
    row_upper: Array
    whole: Array
    ranks: int

    @property
    def rows(self) -> Array:
        """The coefficients of the program."""
        return self.whole[: len(self.row_lower)]

    @property
    def costs(self) -> Array:
        """One row a rank."""
        return self.whole[len(self.row_lower) :][: self.ranks]


@dataclass(frozen=True)
class Seats:
    """Where columns and rows sit (`Seat`)."""

    columns: Ints
    rows: Ints

    @property
    def basic(self) -> Ints:
        """The basic columns."""
        return np.flatnonzero(self.columns == Seat.BASIC)

    @property
    def tight(self) -> Ints:
        """The rows that hold with equality."""
        return np.flatnonzero(self.rows != Seat.BASIC)


def plans(
    seats: Seats, program: Scaled, bounds: tuple[Array, Array, Array, Array]
) -> tuple[Array, NDArray[np.bool_]]:
    """The plans of one basis under many bounds (runs × columns; runs × rows), and which of them keep every bound.

    Raises LinAlgError when the basis is singular.
    """
    lower, upper, row_lower, row_upper = bounds
    basic, tight = seats.basic, seats.tight
    if len(basic) != len(tight):
        raise np.linalg.LinAlgError
    x = _at(seats.columns, lower, upper)
    right = _at(seats.rows, row_lower, row_upper)[:, tight] - x @ program.rows[tight].T
    x[:, basic] = np.linalg.solve(program.rows[np.ix_(tight, basic)], right.T).T
    activity = x @ program.rows.T
    inside = (x >= lower - ROOM) & (x <= upper + ROOM)
    within = (activity >= row_lower - ROOM) & (activity <= row_upper + ROOM)
    within[:, tight] = np.isfinite(right)
    return x, np.logical_and(inside.all(axis=1), within.all(axis=1))


def best(seats: Seats, program: Scaled, values: Array, size: Array, far: Array) -> bool:
    """Whether the prices of a basis say that no other plan is better, rank by rank. `values` are the costs by rank,
    `size` what scaled costs are counted in, `far` how far each thing reaches."""
    basic, tight = seats.basic, seats.tight
    rows, costs = program.rows[tight], program.costs
    y = np.linalg.solve(rows[:, basic].T, costs[:, basic].T).T
    prices = np.concatenate([costs - y @ rows, y], axis=1)
    seat = np.concatenate([seats.columns, seats.rows[tight]])
    low = np.concatenate([program.lower, program.row_lower[tight]])
    high = np.concatenate([program.upper, program.row_upper[tight]])
    things = (seat != Seat.BASIC) & (low < high)
    reach = np.concatenate([far[: len(seats.columns)], far[len(seats.columns) :][tight]])
    told = prices * reach * (size / (1 + np.abs(values)))[:, None]
    told = np.where(seat == Seat.UPPER, -told, np.where(seat == Seat.FREE, -np.abs(told), told))[:, things]
    return bool(first_counts(told, axis=0).all())


def first_counts(prices: Array, axis: int) -> NDArray[np.bool_]:
    """Whether, of every thing, the first price along the ranks that counts is a cost."""
    found = np.where(prices > CLEAR, 1, np.where(prices < -CLEAR, -1, np.where(np.abs(prices) < NOTHING, 0, -1)))
    first = np.expand_dims(np.argmax(found != 0, axis=axis), axis)
    right: NDArray[np.bool_] = np.take_along_axis(found, first, axis=axis).squeeze(axis) >= 0
    return right


def _at(seats: Ints, lower: Array, upper: Array) -> Array:
    """What sits at a bound, by run; 0 for the others."""
    return np.where(seats == Seat.LOWER, lower, np.where(seats == Seat.UPPER, upper, 0.0))
