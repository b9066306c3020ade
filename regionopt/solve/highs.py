"""The door to HiGHS: it keeps what it loaded last and is sent only the difference, so that the next stage or the next
what-if starts from the last basis."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import highspy
import numpy as np

from regionopt.common.document import Status
from regionopt.common.errors import Problem, ToolError
from regionopt.model.matrix import Array
from regionopt.model.program import Basis, Program, Seat
from regionopt.solve.engine import FEASIBILITY, Answer


class QuietHighs(highspy.Highs):
    """HiGHS prints its banner to stdout, which carries data here, when callbacks are enabled: mute it first."""

    def enableCallbacks(self) -> None:  # noqa: N802
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class Highs:
    """HiGHS, loaded once and re-solved warm. `limit` is in seconds, for programs with whole numbers."""

    name = "highs"

    def __init__(self, limit: float | None = None) -> None:
        self._solver = QuietHighs()  # type: ignore[no-untyped-call]
        for tolerance in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
            self._solver.setOptionValue(tolerance, FEASIBILITY)
        # Coefficients below 1e-9 are coefficients: HiGHS would leave them out.
        self._solver.setOptionValue("small_matrix_value", 1e-12)
        for gap in ("mip_rel_gap", "mip_abs_gap"):
            self._solver.setOptionValue(gap, 0.0)
        self._solver.setOptionValue("mip_feasibility_tolerance", FEASIBILITY)
        if limit is not None:
            self._solver.setOptionValue("time_limit", limit)
        self._loaded: Program | None = None

    def minimise(self, program: Program, costs: Sequence[float]) -> Answer:
        """Change what differs from the last call, then solve from the last basis."""
        if program is not self._loaded:
            self._load(program)
        self._solver.changeColsCost(len(costs), np.arange(len(costs)), np.array(costs, dtype=np.float64))
        # Without whole numbers presolve takes longer than it saves (up to 11,000 columns, 1.2 to 1.7 times).
        self._run("choose" if program.integers else "off")
        if program.integers:
            return self._whole()
        status = self._status()
        if status is not Status.OPTIMAL:
            return Answer(status)
        basis = self._solver.getBasis()
        return Answer(
            status,
            tuple(self._solver.getSolution().col_value),
            Basis(
                tuple(map(_SEATS.__getitem__, map(int, basis.col_status))),
                tuple(map(_SEATS.__getitem__, map(int, basis.row_status))),
            ),
        )

    def _whole(self) -> Answer:
        """The best plan of a program with whole numbers, and the bound that branching proved."""
        stopped = self._solver.getModelStatus() == highspy.HighsModelStatus.kTimeLimit
        status = Status.OPTIMAL if stopped else self._status()
        if status is not Status.OPTIMAL:
            return Answer(status)
        info = self._solver.getInfo()
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        x = tuple(self._solver.getSolution().col_value) if found else ()
        bound = info.mip_dual_bound if math.isfinite(info.mip_dual_bound) else None
        return Answer(status, x, bound=bound, stopped=stopped)

    def _run(self, presolve: str) -> highspy.HighsModelStatus:
        self._solver.setOptionValue("presolve", presolve)
        self._solver.run()
        return self._solver.getModelStatus()

    def _status(self) -> Status:
        status = self._solver.getModelStatus()
        if status in (highspy.HighsModelStatus.kNotset, highspy.HighsModelStatus.kUnknown):
            # The last basis led into numbers that it could not follow: start afresh.
            self._solver.clearSolver()
            status = self._run("choose")
        if status == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            # Presolve may stop before it knows which; without it HiGHS always says.
            status = self._run("off")
        known = {
            highspy.HighsModelStatus.kOptimal: Status.OPTIMAL,
            highspy.HighsModelStatus.kInfeasible: Status.INFEASIBLE,
            highspy.HighsModelStatus.kUnbounded: Status.UNBOUNDED,
        }
        if status not in known:
            told = self._solver.modelStatusToString(status)
            raise ToolError([Problem("solver_failed", "HiGHS", told)])
        return known[status]

    def _load(self, program: Program) -> None:
        if self._loaded is None or self._loaded.columns != program.columns:
            self._solver.passModel(highs_lp(program))
        else:
            self._change(self._loaded, program)
        self._loaded = program

    def _change(self, old: Program, new: Program) -> None:
        """Column bounds, row bounds, and rows taken off or added at the end."""
        width = len(new.columns)
        for j in _differ(*((side[:width] for side in program.bounds) for program in (old, new))):
            self._solver.changeColBounds(j, new.lower[j], new.upper[j])
        same, matrix = old.matrix.like(new.matrix), new.matrix
        lower, upper = new.table.room
        for i in _differ(*((side[:same] for side in program.table.room) for program in (old, new))):
            self._solver.changeRowBounds(i, float(lower[i]), float(upper[i]))
        if same < len(old.rows):
            gone = list(range(same, len(old.rows)))
            self._solver.deleteRows(len(gone), gone)
        for i in range(same, len(new.rows)):
            there = slice(matrix.starts[i], matrix.starts[i + 1])
            indices, values = matrix.columns[there].tolist(), matrix.values[there].tolist()
            self._solver.addRow(float(lower[i]), float(upper[i]), len(indices), indices, values)


def _differ(old: Iterable[Array], new: Iterable[Array]) -> list[int]:
    """Where lower or upper bounds are others."""
    (low, high), (then_low, then_high) = old, new
    found: list[int] = np.flatnonzero((low != then_low) | (high != then_high)).tolist()
    return found


# By number: HiGHS' own constants are slow to look up.
_SEATS = {
    int(highspy.HighsBasisStatus.kLower): Seat.LOWER,
    int(highspy.HighsBasisStatus.kBasic): Seat.BASIC,
    int(highspy.HighsBasisStatus.kUpper): Seat.UPPER,
    int(highspy.HighsBasisStatus.kZero): Seat.FREE,
    int(highspy.HighsBasisStatus.kNonbasic): Seat.LOWER,
}


def highs_lp(program: Program) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.columns), len(program.rows)
    lp.col_cost_ = [0.0] * len(program.columns)
    lp.col_lower_, lp.col_upper_ = list(program.lower), list(program.upper)
    lp.row_lower_, lp.row_upper_ = (side.tolist() for side in program.table.room)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    if program.integers:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[j in program.integers] for j in range(len(program.columns))]
    parts = program.matrix.starts, program.matrix.columns, program.matrix.values
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = (part.tolist() for part in parts)
    return lp
