"""The doors to the solvers: a program and costs go in, a status and a basis come out.

An engine keeps what it loaded last and sends only the difference, so that the next stage or the next what-if
starts from the last basis. What differs between HiGHS and CBC ends here; one contract suite tests both.
"""

from __future__ import annotations

import math
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from operator import mul
from pathlib import Path
from typing import Protocol

import highspy
import pulp
from pulp.apis.coin_api import pulp_cbc_path

from regionopt.document import Status
from regionopt.errors import Problem, ToolError
from regionopt.program import Basis, Program, Row, Seat
from regionopt.scaling import Scaling, scaled_costs, units
from regionopt.translate import between, finite, round_brackets, to_pulp

# The tightest that HiGHS accepts: what a stage gives away (1e-9) must be visible to the solver.
FEASIBILITY = 1e-10


@dataclass(frozen=True)
class Answer:
    """A solver's answer: numbers exist only when the status is optimal.

    With whole numbers there is no basis but a proven `bound` of the value; `stopped` says that a time limit was
    hit, and `x` is then the best plan found, empty when there is none.
    """

    status: Status
    x: tuple[float, ...] = ()
    basis: Basis | None = None
    bound: float | None = None
    stopped: bool = False


class Engine(Protocol):
    """Minimises the costs over a program."""

    name: str

    def minimise(self, program: Program, costs: Sequence[float]) -> Answer: ...


class _Quiet(highspy.Highs):
    """HiGHS prints its banner to stdout, which carries data here, when callbacks are enabled: mute it first."""

    def enableCallbacks(self) -> None:  # noqa: N802
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class Highs:
    """HiGHS, loaded once and re-solved warm. `limit` is in seconds, for programs with whole numbers."""

    name = "highs"

    def __init__(self, limit: float | None = None) -> None:
        self._solver = _Quiet()  # type: ignore[no-untyped-call]
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
        self._solver.changeColsCost(len(costs), list(range(len(costs))), list(costs))
        self._solver.run()
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
                tuple(map(_SEATS.__getitem__, basis.col_status)),
                tuple(map(_SEATS.__getitem__, basis.row_status)),
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

    def _status(self) -> Status:
        status = self._solver.getModelStatus()
        if status == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            # Presolve may stop before it knows which; without it HiGHS always says.
            self._solver.setOptionValue("presolve", "off")
            self._solver.run()
            self._solver.setOptionValue("presolve", "choose")
            status = self._solver.getModelStatus()
        if status in (highspy.HighsModelStatus.kNotset, highspy.HighsModelStatus.kUnknown):
            # The last basis led into numbers that it could not follow: start afresh.
            self._solver.clearSolver()
            self._solver.run()
            status = self._solver.getModelStatus()
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
            self._solver.passModel(_highs_lp(program))
        else:
            self._change(self._loaded, program)
        self._loaded = program

    def _change(self, old: Program, new: Program) -> None:
        """Column bounds, row bounds, and rows taken off or added at the end."""
        before = zip(old.lower, old.upper, strict=True)
        for j, (bounds, was) in enumerate(zip(zip(new.lower, new.upper, strict=True), before, strict=True)):
            if bounds != was:
                self._solver.changeColBounds(j, *bounds)
        same = _common_prefix(old.rows, new.rows)
        for i in range(same):
            was_row, row = old.rows[i], new.rows[i]
            if row.lower != was_row.lower or row.upper != was_row.upper:
                self._solver.changeRowBounds(i, row.lower, row.upper)
        if same < len(old.rows):
            gone = list(range(same, len(old.rows)))
            self._solver.deleteRows(len(gone), gone)
        for row in new.rows[same:]:
            indices, values = zip(*row.terms, strict=True) if row.terms else ((), ())
            self._solver.addRow(row.lower, row.upper, len(indices), list(indices), list(values))


def _common_prefix(old: tuple[Row, ...], new: tuple[Row, ...]) -> int:
    """How many rows at the start have the same terms."""
    for i, (a, b) in enumerate(zip(old, new, strict=False)):
        if a.terms is not b.terms and a.terms != b.terms:
            return i
    return min(len(old), len(new))


_SEATS = {
    highspy.HighsBasisStatus.kLower: Seat.LOWER,
    highspy.HighsBasisStatus.kBasic: Seat.BASIC,
    highspy.HighsBasisStatus.kUpper: Seat.UPPER,
    highspy.HighsBasisStatus.kZero: Seat.FREE,
    highspy.HighsBasisStatus.kNonbasic: Seat.LOWER,
}


def _highs_lp(program: Program) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.columns), len(program.rows)
    lp.col_cost_ = [0.0] * len(program.columns)
    lp.col_lower_, lp.col_upper_ = list(program.lower), list(program.upper)
    lp.row_lower_ = [row.lower for row in program.rows]
    lp.row_upper_ = [row.upper for row in program.rows]
    start, index, value = [0], [], []
    for row in program.rows:
        index += [j for j, _ in row.terms]
        value += [a for _, a in row.terms]
        start.append(len(index))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    if program.integers:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[j in program.integers] for j in range(len(program.columns))]
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = start, index, value
    return lp


class Cbc:
    """CBC through PuLP: a new process for each solve. Its basis file carries what its 8 printed digits lose."""

    name = "cbc"

    def __init__(self) -> None:
        path = pulp_cbc_path if Path(pulp_cbc_path).exists() else shutil.which("cbc")
        if path is None:
            raise ToolError([Problem("solver_missing", "--solver", "cbc")])
        self._path = path

    def minimise(self, program: Program, costs: Sequence[float]) -> Answer:
        """Write, solve, read back the basis.

        Numbers reach CBC with 12 digits, so a program with little room can seem to have none: before it is called
        infeasible, CBC is asked again with its own tolerance. What it finds is made exact, or refused, later.
        """
        answer = self._minimise(program, costs, [f"primalTolerance {FEASIBILITY}", f"dualTolerance {FEASIBILITY}"])
        return self._minimise(program, costs, []) if answer.status is Status.INFEASIBLE else answer

    def _minimise(self, program: Program, costs: Sequence[float], tolerances: list[str]) -> Answer:
        problem = to_pulp(program, costs)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "basis"
            options = [*tolerances, "initialSolve", f"basisOut {file}"]
            try:
                problem.solve(pulp.COIN_CMD(path=self._path, msg=False, mip=False, options=options))
            except pulp.PulpSolverError as error:
                raise ToolError([Problem("solver_failed", "CBC", error)]) from error
            status = _CBC_STATUS.get(problem.status)
            if status is None:
                raise ToolError([Problem("solver_failed", "CBC", pulp.LpStatus[problem.status])])
            if status is not Status.OPTIMAL:
                return Answer(status)
            # PuLP numbers the columns by their names.
            x = {column.name: column.varValue for column in problem.variables()}
            basis = _read_basis(file.read_text(), program, list(x))
        return Answer(status, tuple(x[round_brackets(name)] for name in program.columns), basis)


_CBC_STATUS = {
    pulp.LpStatusOptimal: Status.OPTIMAL,
    pulp.LpStatusInfeasible: Status.INFEASIBLE,
    pulp.LpStatusUnbounded: Status.UNBOUNDED,
}


def _read_basis(text: str, program: Program, names: Sequence[str]) -> Basis:
    """CBC's basis in MPS form, its columns numbered as in `names`. A column that it leaves out is at its lower
    bound, a row that it leaves out is basic."""
    position = {round_brackets(column): j for j, column in enumerate(program.columns)}
    columns = [Seat.FREE if finite(low) is None else Seat.LOWER for low in program.lower]
    tight = set()
    for kind, first, *others in (line.split() for line in text.splitlines() if line.startswith(" ")):
        j = position[names[int(first[1:])]]
        if kind in ("XU", "XL"):
            columns[j] = Seat.BASIC
            tight.add(int(others[0][1:]))
        elif kind == "UL":
            columns[j] = Seat.UPPER
    # Sign conventions of such files differ, so a row sits at the one bound it has.
    rows = [_tight(row) if i in tight else Seat.BASIC for i, row in enumerate(program.rows)]
    ranged = [i for i, row in enumerate(program.rows) if between(row)]
    for own, i in enumerate(ranged, start=len(rows)):
        rows[i] = Seat.UPPER if own in tight else rows[i]
    return Basis(tuple(columns), tuple(rows))


def _tight(row: Row) -> Seat:
    return Seat.UPPER if finite(row.lower) is None else Seat.LOWER


class Scaled:
    """An engine that counts every column in its own unit. The units of the first program stay while columns do."""

    def __init__(self, engine: Engine) -> None:
        self.name, self._engine = engine.name, engine
        self._columns: tuple[str, ...] = ()
        self._scaling = Scaling(())

    def minimise(self, program: Program, costs: Sequence[float]) -> Answer:
        """Scale, solve, scale back. The basis is the same."""
        if program.columns != self._columns:
            self._columns, self._scaling = program.columns, Scaling(units(program))
        unit = self._scaling.unit
        answer = self._engine.minimise(self._scaling.program(program), scaled_costs(costs, unit))
        return replace(answer, x=tuple(map(mul, answer.x, unit)))


ENGINES: dict[str, Callable[[], Engine]] = {"highs": lambda: Scaled(Highs()), "cbc": lambda: Scaled(Cbc())}
