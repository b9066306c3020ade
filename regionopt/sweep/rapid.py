"""HiGHS in floating point through all ranks, warm: finds the basis that `corners` then looks at.

What has a price at one rank is fixed to its bound for the next (`faces`).
"""

from __future__ import annotations

import highspy
import numpy as np

from regionopt.common.document import Status
from regionopt.model.program import Seat
from regionopt.solve.engine import FEASIBILITY
from regionopt.solve.highs import QuietHighs
from regionopt.sweep.corners import CLEAR, Scaled, Seats
from regionopt.sweep.flat import Array, Ints

# What a rank weighs against the one before, where all are asked for at once: little enough that it rarely decides
# against it, enough to be seen by a solver that works to a tolerance.
FAR_BELOW = 1e-4
# The program comes in units in which its numbers are near 1: HiGHS need not scale it again.
OPTIONS = (
    ("output_flag", False), ("threads", 1), ("presolve", "off"), ("solver", "simplex"), ("simplex_scale_strategy", 0),
)  # fmt: skip
# More coefficients than this are sent sooner as a whole program, with the basis put back.
FEW = 30
_KNOWN = {
    highspy.HighsModelStatus.kOptimal: Status.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: Status.INFEASIBLE,
    highspy.HighsModelStatus.kUnbounded: Status.UNBOUNDED,
}


class Rapid:
    """One HiGHS object with the program of the last run in it: what differs is sent, then solved from its basis."""

    def __init__(self, program: Scaled, places: tuple[Ints, Ints], far: Array, size: Array) -> None:
        # HiGHS shares its threads among all objects of a process, and refuses a run that asks for another number than
        # the first one did: a case with whole numbers solved before must not change what happens here.
        highspy.Highs.resetGlobalScheduler(True)
        self._solver = QuietHighs()  # type: ignore[no-untyped-call]
        for name, value in OPTIONS:
            self._solver.setOptionValue(name, value)
        for tolerance in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
            self._solver.setOptionValue(tolerance, FEASIBILITY)
        self._solver.setOptionValue("small_matrix_value", 1e-12)
        inside = places[0] < len(program.row_lower)
        self._places = places[0][inside], places[1][inside]
        self._far, self._size = far, size
        self._columns = np.arange(len(program.lower), dtype=np.int32)
        self._terms: Array
        self._rows: Array
        self._sides, self._first = _ends(program)
        self._lp, self._order = _lp(program, self._places)
        self._pass(program.whole[self._places])

    def guess(self, program: Scaled) -> Seats | Status | None:
        """The basis of all ranks at once, each far below the one before: mostly the same, and found in one solve."""
        self._load(program)
        self._ask(FAR_BELOW ** np.arange(len(program.costs)) @ program.costs, *_ends(program))
        status = self._run(afresh=True)
        return self._found() if status is Status.OPTIMAL else status

    def basis(self, program: Scaled) -> Seats | Status | None:
        """The basis after the last rank; the status where there is no plan; None where HiGHS lost its way."""
        self._load(program)
        columns, rows = _ends(program)
        for rank, costs in enumerate(program.costs):
            self._ask(costs, columns, rows)
            status = self._run(afresh=rank == 0)
            if status is not Status.OPTIMAL:
                return status if rank == 0 else None
            if rank < len(program.costs) - 1:
                columns, rows = self._face(costs, columns, rows, self._size[rank])
                # So many things sit at a bound; when each of them has a price one plan is left.
                if np.sum(columns[0] == columns[1]) + np.sum(rows[0] == rows[1]) >= len(costs):
                    break
        return self._seats(program, columns, rows)

    def _load(self, program: Scaled) -> None:
        terms = program.whole[self._places]
        other = np.flatnonzero(terms != self._terms)
        if len(other) > FEW:
            basis = self._solver.getBasis()
            self._pass(terms)
            if basis.valid:
                self._solver.setBasis(basis)
            return
        rows, columns = (place[other].tolist() for place in self._places)
        for i, j, a in zip(rows, columns, terms[other].tolist(), strict=True):
            self._solver.changeCoeff(i, j, a)
        self._terms = terms

    def _pass(self, terms: Array) -> None:
        """The program whole, with these coefficients and the bounds that it was made with."""
        self._lp.a_matrix_.value_ = terms[self._order]
        self._solver.passModel(self._lp)
        self._terms = terms
        self._rows = self._first

    def _ask(self, costs: Array, columns: Array, rows: Array) -> None:
        self._solver.changeColsCost(len(costs), self._columns, costs)
        self._solver.changeColsBounds(len(costs), self._columns, *columns)
        self._sides = columns
        self._bound_rows(rows)

    def _bound_rows(self, rows: Array) -> None:
        changed = np.flatnonzero((rows != self._rows).any(axis=0)).astype(np.int32)
        if len(changed):
            self._solver.changeRowsBounds(len(changed), changed, rows[0, changed], rows[1, changed])  # type: ignore[attr-defined]
        self._rows = rows

    def _run(self, afresh: bool) -> Status | None:
        self._solver.run()
        status = _KNOWN.get(self._solver.getModelStatus())
        if status is not Status.OPTIMAL and afresh:
            # Never say infeasible from a basis of another program.
            self._solver.clearSolver()
            self._solver.run()
            status = _KNOWN.get(self._solver.getModelStatus())
        return status

    def _face(self, costs: Array, columns: Array, rows: Array, size: float) -> tuple[Array, Array]:
        """The bounds of the plans that are as good at this rank."""
        found = self._solver.getSolution()
        x, width = np.array(found.col_value), len(costs)
        least = CLEAR * (1 + abs(float(costs @ x)) * size) / size
        return (
            _fixed(columns, np.array(found.col_dual), self._far[:width], least),
            _fixed(rows, np.array(found.row_dual), self._far[width:], least),
        )

    def _seats(self, program: Scaled, columns: Array, rows: Array) -> Seats:
        own = self._found()
        return Seats(
            _side(own.columns, columns, program.lower, program.upper),
            _side(own.rows, rows, program.row_lower, program.row_upper),
        )

    def _found(self) -> Seats:
        """The seats that HiGHS ended at: its own list of them is slow to read, what is basic and where the rest is
        says the same."""
        _, basic = self._solver.getBasicVariables()  # type: ignore[attr-defined]
        at = self._solver.getSolution()
        return Seats(
            _seated(np.array(at.col_value), self._sides, basic[basic >= 0]),
            _seated(np.array(at.row_value), self._rows, -1 - basic[basic < 0]),
        )


def _ends(program: Scaled) -> tuple[Array, Array]:
    """Lower and upper bounds of the columns, and of the rows."""
    return np.array([program.lower, program.upper]), np.array([program.row_lower, program.row_upper])


def _seated(at: Array, bounds: Array, basic: Ints) -> Ints:
    """Where things sit: those that are not basic at the bound that they are at."""
    lower, upper = bounds
    there = np.where(np.abs(upper - at) < np.abs(at - lower), int(Seat.UPPER), int(Seat.LOWER))
    there[np.isinf(lower) & np.isinf(upper)] = Seat.FREE
    there[basic] = Seat.BASIC
    return there


def _fixed(bounds: Array, prices: Array, far: Array, least: float) -> Array:
    counts = np.abs(prices) * far > least
    at = np.where(prices > 0, bounds[0], bounds[1])
    return np.where(counts & np.isfinite(at), at, bounds)


def _side(seats: Ints, fixed: Array, lower: Array, upper: Array) -> Ints:
    """What was fixed sits at the bound that it was fixed to; a row that holds with equality at either."""
    held = (seats != Seat.BASIC) & (fixed[0] == fixed[1]) & (lower < upper)
    return np.where(held, np.where(fixed[0] == lower, int(Seat.LOWER), int(Seat.UPPER)), seats)


def _lp(program: Scaled, places: tuple[Ints, Ints]) -> tuple[highspy.HighsLp, Ints]:
    """A program for HiGHS without its coefficients, and the order in which these follow."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.lower), len(program.row_lower)
    lp.col_cost_ = np.zeros(len(program.lower))
    lp.col_lower_, lp.col_upper_ = program.lower, program.upper
    lp.row_lower_, lp.row_upper_ = program.row_lower, program.row_upper
    order = np.lexsort((places[1], places[0]))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.searchsorted(places[0][order], np.arange(len(program.row_lower) + 1)).astype(np.int32)
    lp.a_matrix_.index_ = places[1][order].astype(np.int32)
    return lp, order
