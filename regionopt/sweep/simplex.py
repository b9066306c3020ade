"""HiGHS in floating point with programs of one shape, passed whole or changed in costs and bounds."""

from __future__ import annotations

import highspy
import numpy as np

from regionopt.common.document import Status
from regionopt.model.program import Seat
from regionopt.solve.engine import FEASIBILITY
from regionopt.solve.highs import QuietHighs
from regionopt.sweep.flat import Array, Ints

# The program comes in units in which its numbers are near 1: HiGHS need not scale it again.
OPTIONS = (
    ("output_flag", False), ("threads", 1), ("presolve", "off"), ("solver", "simplex"), ("simplex_scale_strategy", 0),
    ("primal_feasibility_tolerance", FEASIBILITY), ("dual_feasibility_tolerance", FEASIBILITY),
    ("small_matrix_value", 1e-12),
)  # fmt: skip
ROWWISE, MINIMISE = int(highspy.MatrixFormat.kRowwise.value), int(highspy.ObjSense.kMinimize.value)
_KNOWN = {
    highspy.HighsModelStatus.kOptimal: Status.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: Status.INFEASIBLE,
    highspy.HighsModelStatus.kUnbounded: Status.UNBOUNDED,
}


class Simplex:
    """One HiGHS object. `places` are the rows and columns of the coefficients, row after row; bounds come as pairs of
    arrays, lower and upper."""

    def __init__(self, rows: int, columns: int, places: tuple[Ints, Ints]) -> None:
        # HiGHS shares its threads among all objects of a process, and refuses a run that asks for another number than
        # the first one did: a case with whole numbers solved before must not change what happens here.
        highspy.Highs.resetGlobalScheduler(True)
        self._solver = QuietHighs()  # type: ignore[no-untyped-call]
        for name, value in OPTIONS:
            self._solver.setOptionValue(name, value)
        self._starts = np.searchsorted(places[0], np.arange(rows + 1)).astype(np.int32)
        self._index = places[1].astype(np.int32)
        self._columns = np.arange(columns, dtype=np.int32)
        self._whole_numbers = np.zeros(columns, dtype=np.int32)
        self._sides, self._rows = np.zeros((2, columns)), np.zeros((2, rows))

    def load(
        self, costs: Array, columns: Array, rows: Array, terms: Array, basis: highspy.HighsBasis | None = None
    ) -> None:
        """A whole program, to begin from a basis of another one. Where HiGHS refuses it none is loaded."""
        self._solver.passModel(
            columns.shape[1], rows.shape[1], len(terms), ROWWISE, MINIMISE, 0.0, costs, *columns, *rows,
            self._starts, self._index, terms, self._whole_numbers,
        )  # type: ignore[call-overload] # fmt: skip
        self._sides, self._rows = columns, rows
        if basis is not None and basis.valid:
            self._solver.setBasis(basis)

    def change(self, costs: Array, columns: Array, rows: Array) -> None:
        """The same coefficients with other costs and bounds: those of few rows differ, mostly."""
        self._solver.changeColsCost(len(costs), self._columns, costs)
        self._solver.changeColsBounds(len(costs), self._columns, *columns)
        changed = np.flatnonzero((rows != self._rows).any(axis=0)).astype(np.int32)
        if len(changed):
            self._solver.changeRowsBounds(len(changed), changed, rows[0, changed], rows[1, changed])  # type: ignore[attr-defined]
        self._sides, self._rows = columns, rows

    def run(self, afresh: bool = False) -> Status | None:
        """Solve from the basis that is there; where that gives no plan, once more without it if asked to: never say
        infeasible from a basis of another program. None where HiGHS lost its way."""
        self._solver.run()
        status = _KNOWN.get(self._solver.getModelStatus())
        if afresh and status is not Status.OPTIMAL:
            self._solver.clearSolver()
            return self.run()
        return status

    def basis(self) -> highspy.HighsBasis:
        """Where it ended, to begin from again."""
        return self._solver.getBasis()

    def values(self) -> tuple[Array, Ints]:
        """The values of things (columns, then rows) and the places of those that are basic: its own list of seats is
        slow to read."""
        at = self._solver.getSolution()
        _, basic = self._solver.getBasicVariables()  # type: ignore[attr-defined]
        return np.array([*at.col_value, *at.row_value]), np.where(basic < 0, len(self._columns) - 1 - basic, basic)

    def prices(self) -> tuple[Array, Array]:
        """The prices of columns and of rows."""
        found = self._solver.getSolution()
        return np.array(found.col_dual), np.array(found.row_dual)

    def seats(self) -> tuple[Ints, Ints]:
        """Where columns and rows sit."""
        values, basic = self.values()
        found = seated(values, np.concatenate([self._sides, self._rows], axis=1), basic)
        return found[: len(self._columns)], found[len(self._columns) :]


def seated(values: Array, bounds: Array, basic: Ints) -> Ints:
    """Where things sit, the last axis of values and bounds (lower, upper): those that are not basic at the bound that
    they are at."""
    lower, upper = bounds
    found = np.where(np.abs(upper - values) < np.abs(values - lower), int(Seat.UPPER), int(Seat.LOWER))
    found[np.isinf(lower) & np.isinf(upper)] = Seat.FREE
    np.put_along_axis(found, basic, int(Seat.BASIC), axis=-1)
    return found
