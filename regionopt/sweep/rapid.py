"""HiGHS in floating point through all ranks: finds the bases that `corners` and `stack` then look at.

What has a price at one rank is fixed to its bound for the next (`faces`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionopt.common.document import Status
from regionopt.model.program import Seat
from regionopt.sweep.corners import CLEAR, Scaled, Seats
from regionopt.sweep.flat import Array, Ints
from regionopt.sweep.simplex import Simplex, seated
from regionopt.sweep.stack import Stack

# What a rank weighs against the one before, where all are asked for at once: little enough that it rarely decides
# against it, enough to be seen by a solver that works to a tolerance.
FAR_BELOW = 1e-5


class Rapid:
    """The program of the last run stays loaded: what differs is sent, then solved from its basis.

    `shape` is rows and columns of a program, `places` rows and columns of coefficients (those of further rows are
    left out), `far` how far each thing reaches, `size` what each rank is counted in.
    """

    def __init__(self, shape: tuple[int, int], places: tuple[Ints, Ints], far: Array, size: Array) -> None:
        order = np.lexsort((places[1], places[0]))
        order = order[places[0][order] < shape[0]]
        self._places = places[0][order], places[1][order]
        self._simplex = Simplex(*shape, self._places)
        self._far, self._size = far, size
        self._weights = FAR_BELOW ** np.arange(len(size))
        self._terms: Array | None = None

    def guesses(self, programs: Stack) -> tuple[Ints, NDArray[np.bool_]]:
        """The bases of many programs, all ranks of each at once: seats by program and thing, and which were found.

        Each begins from the basis of their mean, which is nearer to each than they are to one another.
        """
        self.guess(programs.mean())
        middle = self._simplex.basis()
        costs, terms = self._weights @ programs.costs, programs.whole[:, *self._places]
        values, bounds = np.zeros(programs.low.shape), np.stack([programs.low, programs.high])
        basic = np.tile(programs.slack, (len(values), 1))
        found, width = np.zeros(len(values), dtype=bool), costs.shape[1]
        for k in range(len(values)):
            self._simplex.load(costs[k], bounds[:, k, :width], bounds[:, k, width:], terms[k], middle)
            found[k] = self._simplex.run() is Status.OPTIMAL
            if found[k]:
                values[k], basic[k] = self._simplex.values()
        self._terms = None
        return seated(values, bounds, basic), found

    def guess(self, program: Scaled) -> Seats | Status | None:
        """The basis of all ranks at once, each far below the one before: mostly the same, and found in one solve."""
        self._ask(program, self._weights @ program.costs, *_ends(program))
        status = self._simplex.run(afresh=True)
        return Seats(*self._simplex.seats()) if status is Status.OPTIMAL else status

    def basis(self, program: Scaled) -> Seats | Status | None:
        """The basis after the last rank; the status where there is no plan; None where HiGHS lost its way."""
        columns, rows = _ends(program)
        for rank, costs in enumerate(program.costs):
            self._ask(program, costs, columns, rows)
            status = self._simplex.run(afresh=rank == 0)
            if status is not Status.OPTIMAL:
                return status if rank == 0 else None
            if rank < len(program.costs) - 1:
                columns, rows = self._face(costs, columns, rows, self._size[rank])
                # So many things sit at a bound; when each of them has a price one plan is left.
                if np.sum(columns[0] == columns[1]) + np.sum(rows[0] == rows[1]) >= len(costs):
                    break
        own = self._simplex.seats()
        return Seats(
            _side(own[0], columns, program.lower, program.upper),
            _side(own[1], rows, program.row_lower, program.row_upper),
        )

    def _ask(self, program: Scaled, costs: Array, columns: Array, rows: Array) -> None:
        """Costs and bounds of a program; its coefficients only where they are others than those that are loaded."""
        terms = program.whole[self._places]
        if self._terms is not None and np.array_equal(terms, self._terms):
            self._simplex.change(costs, columns, rows)
        else:
            self._simplex.load(costs, columns, rows, terms, self._simplex.basis())
        self._terms = terms

    def _face(self, costs: Array, columns: Array, rows: Array, size: float) -> tuple[Array, Array]:
        """The bounds of the plans that are as good at this rank."""
        x, width = self._simplex.values()[0][: len(costs)], len(costs)
        least = CLEAR * (1 + abs(float(costs @ x)) * size) / size
        of_columns, of_rows = self._simplex.prices()
        return (
            _fixed(columns, of_columns, self._far[:width], least),
            _fixed(rows, of_rows, self._far[width:], least),
        )


def _ends(program: Scaled) -> tuple[Array, Array]:
    """Lower and upper bounds of the columns, and of the rows."""
    return np.array([program.lower, program.upper]), np.array([program.row_lower, program.row_upper])


def _fixed(bounds: Array, prices: Array, far: Array, least: float) -> Array:
    counts = np.abs(prices) * far > least
    at = np.where(prices > 0, bounds[0], bounds[1])
    return np.where(counts & np.isfinite(at), at, bounds)


def _side(seats: Ints, fixed: Array, lower: Array, upper: Array) -> Ints:
    """What was fixed sits at the bound that it was fixed to; a row that holds with equality at either."""
    held = (seats != Seat.BASIC) & (fixed[0] == fixed[1]) & (lower < upper)
    return np.where(held, np.where(fixed[0] == lower, int(Seat.LOWER), int(Seat.UPPER)), seats)
