"""Programs with columns in whole numbers: what is proven of them, and what a solver only says.

HiGHS branches and bounds; its whole numbers are then fixed, and what is left is a linear program that is solved in
exact fractions like any other. So a plan is proven feasible, and best among all plans with these whole numbers.
That no other whole numbers are better by more than the gap is the solver's word: its bound, in floating point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from regionopt.common.document import Status, WholeCertificate
from regionopt.common.errors import LimitError, Problem, ToolError
from regionopt.model.core import Stage
from regionopt.model.program import Program
from regionopt.solve.engine import Engine
from regionopt.solve.highs import Highs
from regionopt.solve.optimum import Optimum, optimise


@dataclass(frozen=True)
class Choice:
    """A stage of a whole-number program: the program with its whole numbers fixed, its exact optimum, and what
    branching proved of the costs of any other."""

    program: Program
    optimum: Optimum
    bound: float | None
    stopped: bool


def choose(
    engine: Engine, program: Program, stage: str, costs: tuple[float, ...], limit: float | None, last: Program | None
) -> Choice | Status:
    """The best whole numbers for a stage, within a time limit in seconds; `engine` solves what is left.

    `last` is the program of the stage before: its numbers keep every row of this one, whatever the solver's
    tolerances say, and stand where the solver has none to offer.
    Raises LimitError when the limit was hit before any plan was found, ToolError when the answer is unusable.
    """
    answer = Highs(limit).minimise(program, costs)
    if answer.status is Status.UNBOUNDED or (answer.status is Status.INFEASIBLE and last is None):
        return answer.status
    offered = [{j: float(round(answer.x[j])) for j in program.integers}] if answer.x else []
    offered += [{j: last.lower[j] for j in program.integers}] if last else []
    for numbers in offered:
        fixed = with_numbers(program, numbers)
        optimum = optimise(engine, fixed, stage, costs)
        if not isinstance(optimum, Status):
            return Choice(fixed, optimum, answer.bound, answer.stopped)
    if answer.stopped and not answer.x:
        raise LimitError([Problem("time_limit", stage)])
    raise ToolError([Problem("solver_failed", Highs.name, stage)])


def with_numbers(program: Program, numbers: dict[int, float]) -> Program:
    """The linear program that is left when the whole numbers are decided."""
    lower, upper = (_put(bounds, numbers) for bounds in (program.lower, program.upper))
    return replace(program, lower=lower, upper=upper, integers=frozenset())


def _put(bounds: Sequence[float], numbers: dict[int, float]) -> tuple[float, ...]:
    return tuple(numbers.get(j, bound) for j, bound in enumerate(bounds))


def prove(stage: Stage, optimum: Optimum, bound: float | None) -> WholeCertificate:
    """Exact feasibility, the solver's bound in the stage's own sense, and how far the plan is from it."""
    gap = None
    if bound is not None:
        gap = float(max(Fraction(0), optimum.value - Fraction(bound)) / (1 + abs(optimum.value)))
    return WholeCertificate(
        stage=stage.name,
        primal_violation=optimum.proof.primal_violation,
        bound=None if bound is None else stage.sense * bound,
        gap=gap,
        exact=optimum.proof.exact,
    )
