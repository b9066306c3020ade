"""A vertex looked at in floating point: whether it is still best in a changed program, to be tried many times.

Only a guess: whoever tells what is found here has it checked in fractions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regionopt.explain.shift import Shift
from regionopt.model.program import Program, Seat
from regionopt.solve.vertex import Vertex

Array = NDArray[np.float64]
# What is beyond a bound, or cheaper than free, by less than this part is rounding.
NEAR = 1e-11


@dataclass(frozen=True)
class Rough:
    """The vertex as arrays: coefficients and bounds (lower and upper, columns then rows), and what a unit of the
    number adds to them; costs by rank; seats by thing."""

    terms: Array
    bounds: Array
    more_terms: Array
    more_bounds: Array
    costs: Array
    seats: NDArray[np.int64]

    def best(self, units: float) -> bool:
        """Whether the same limits bind so many units on."""
        terms, bounds = self.terms + units * self.more_terms, self.bounds + units * self.more_bounds
        width = terms.shape[1]
        basic, tight = self.seats[:width] == Seat.BASIC, self.seats[width:] != Seat.BASIC
        at = np.where(self.seats == Seat.UPPER, bounds[1], np.where(self.seats == Seat.LOWER, bounds[0], 0.0))
        matrix = terms[np.ix_(tight, basic)]
        x = np.where(basic, 0.0, at[:width])
        try:
            x[basic] = np.linalg.solve(matrix, at[width:][tight] - terms[tight] @ x)
            y = np.asarray(np.linalg.solve(matrix.T, self.costs[:, basic].T).T, dtype=np.float64)
        except np.linalg.LinAlgError:
            return False
        return self._inside(np.concatenate([x, terms @ x]), bounds) and self._right(terms, tight, y, bounds)

    def _inside(self, values: Array, bounds: Array) -> bool:
        room = NEAR * (1 + np.abs(values))
        return bool(((values >= bounds[0] - room) & (values <= bounds[1] + room)).all())

    def _right(self, terms: Array, tight: NDArray[np.bool_], y: Array, bounds: Array) -> bool:
        """Whether every price that decides, rank by rank, has the right sign."""
        prices = np.zeros((len(self.costs), len(self.seats)))
        prices[:, : terms.shape[1]] = self.costs - y @ terms[tight]
        prices[:, terms.shape[1] :][:, tight] = y
        size = NEAR * (1 + np.abs(prices).max(axis=1, keepdims=True))
        sign = np.sign(np.where(np.abs(prices) > size, prices, 0.0))
        first = np.take_along_axis(sign, np.argmax(sign != 0, axis=0)[None, :], axis=0)[0]
        wrong = np.where(self.seats == Seat.UPPER, first > 0, first < 0)
        return not bool((wrong & (self.seats != Seat.BASIC) & (bounds[0] < bounds[1])).any())


def rough(vertex: Vertex, parts: Sequence[Shift]) -> Rough:
    """A vertex, and all parts of a number that changes."""
    program, width = vertex.program, len(vertex.program.columns)
    more_terms, more_bounds = np.zeros((len(program.rows), width)), np.zeros((2, width + len(program.rows)))
    for part in parts:
        _add(more_bounds[0], part.lower)
        _add(more_bounds[1], part.upper)
        if part.row is not None:
            _add(more_terms[part.row], part.terms)
    return Rough(
        _matrix(program), np.array(vertex.bounds, dtype=float).T, more_terms, more_bounds,
        np.array(vertex.ranks, dtype=float), np.array(vertex.seats),
    )  # fmt: skip


def _add(line: Array, changes: Mapping[int, object]) -> None:
    for place, change in changes.items():
        line[place] += float(change)  # type: ignore[arg-type]


def _matrix(program: Program) -> Array:
    terms = np.zeros((len(program.rows), len(program.columns)))
    for i, row in enumerate(program.rows):
        for j, a in row.terms:
            terms[i, j] += float(a)
    return terms
