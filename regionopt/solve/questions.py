"""Asking for an exact optimum again and again: one engine that starts from the last basis, or branching in time.

With whole numbers the optimum is exact for the whole numbers found; that no others are better is the solver's word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from regionopt.common.document import Status
from regionopt.common.errors import LimitError, Problem, ToolError
from regionopt.model.program import Program
from regionopt.proof.certificate import certificate
from regionopt.solve.engine import Engine
from regionopt.solve.optimum import Optimum, optimise
from regionopt.solve.solvers import ENGINES
from regionopt.solve.steps import deadline, seconds_left
from regionopt.solve.whole import choose

# For all questions about one case with whole numbers together.
SECONDS = 20.0


@dataclass(frozen=True)
class Questions:
    """Who answers, and until when questions about whole numbers may take (monotonic clock)."""

    engine: Engine
    until: float | None = None

    def least(self, program: Program, name: str, costs: Sequence[float]) -> Optimum | None:
        """The plan of least costs, None where none keeps every row. Raises ToolError where it cannot be proven,
        LimitError when whole numbers took too long."""
        found = self._answer(program, name, tuple(costs))
        if isinstance(found, Status):
            return None
        if not (proof := certificate([found.proof])).passed:
            raise ToolError([Problem("not_proven", name, proof.largest_violation)])
        return found

    def feasible(self, program: Program) -> bool:
        """Whether a plan keeps every row, proven as in a result."""
        return self.least(program, "feasible", [0.0] * len(program.columns)) is not None

    def _answer(self, program: Program, name: str, costs: tuple[float, ...]) -> Optimum | Status:
        if not program.integers:
            return optimise(self.engine, program, name, costs)
        chosen = choose(self.engine, program, name, costs, seconds_left(self.until), None)
        if isinstance(chosen, Status):
            return chosen
        if chosen.stopped:
            raise LimitError([Problem("time_limit", name)])
        return chosen.optimum


def questions(solver: str) -> Questions:
    """A new engine of this name, with the whole time."""
    return Questions(ENGINES[solver](), deadline(SECONDS))
