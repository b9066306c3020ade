"""The door to CBC, through PuLP: a new process for each solve."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pulp
from pulp.apis.coin_api import pulp_cbc_path

from regionopt.common.document import Status
from regionopt.common.errors import Problem, ToolError
from regionopt.model.program import Basis, Program, Row, Seat
from regionopt.model.translate import between, finite, round_brackets, to_pulp
from regionopt.solve.engine import FEASIBILITY, Answer


class Cbc:
    """CBC. Its basis file carries what its 8 printed digits lose."""

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
