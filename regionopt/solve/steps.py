"""One stage of the objective, done: of a linear program, or of one with whole numbers."""

from __future__ import annotations

import time
from dataclasses import dataclass
from fractions import Fraction

from regionopt.common.document import StageCertificate, Status, WholeCertificate
from regionopt.common.errors import Problem, ToolError
from regionopt.model.core import Stage
from regionopt.model.program import Program
from regionopt.solve.engine import Engine
from regionopt.solve.optimum import Optimum, after, optimise
from regionopt.solve.whole import choose, prove, with_numbers

Proof = StageCertificate | WholeCertificate


@dataclass(frozen=True)
class StageValue:
    """A stage's optimum in its own sense and unit, and whether the plan is unique from here on.

    `unique` is known when all stages are solved. Whether whole numbers could be chosen otherwise is not examined: it
    stays None then.
    """

    name: str
    value: Fraction
    unique: bool | None


@dataclass(frozen=True)
class Solved:
    """One stage done: its value, the linear program it was solved as, and what is held for the next.

    `bound` is what branching proved of the costs, where whole numbers were chosen.
    """

    stage: StageValue
    program: Program
    optimum: Optimum
    proof: Proof
    bound: float | None = None
    stopped: bool = False


@dataclass(frozen=True)
class Linear:
    """A stage of a linear program."""

    engine: Engine

    def stage(self, program: Program, stage: Stage, costs: tuple[float, ...], last: Solved | None) -> Solved | Status:
        """The stage's optimum, or why there is none. Raises ToolError when the solver loses the stage before."""
        # The plan of the stage before keeps every row of this one: from its basis the stage can always be solved.
        before = None if last is None else after(last.optimum, program)
        found = optimise(self.engine, program, stage.name, costs, before)
        if found is Status.INFEASIBLE and last is not None:
            raise ToolError([Problem("solver_failed", self.engine.name, f"{stage.name}: {found.value}")])
        if isinstance(found, Status):
            return found
        return Solved(StageValue(stage.name, stage.sense * found.value, None), program, found, found.proof)


@dataclass(frozen=True)
class Whole:
    """A stage of a program with whole numbers; `until` is its deadline on the monotonic clock."""

    engine: Engine
    until: float | None

    def stage(self, program: Program, stage: Stage, costs: tuple[float, ...], last: Solved | None) -> Solved | Status:
        """The best whole numbers in the time that is left, or why there are none."""
        before = None if last is None else last.program
        chosen = choose(self.engine, program, stage.name, costs, seconds_left(self.until), before)
        if isinstance(chosen, Status):
            return chosen
        proof = prove(stage, chosen.optimum, chosen.bound)
        told = StageValue(stage.name, stage.sense * chosen.optimum.value, None)
        return Solved(told, chosen.program, chosen.optimum, proof, chosen.bound, chosen.stopped)

    def settled(self, program: Program, stage: Stage, least: Stage, costs: tuple[float, ...], last: Solved) -> Solved:
        """The last stage again, with the cheapest whole numbers that all stages leave open: nothing is opened
        without a gain. `program` holds every stage; what it may give away is not used up by this choice."""
        chosen = choose(self.engine, program, least.name, costs, seconds_left(self.until), last.program)
        if isinstance(chosen, Status):
            return last
        numbers = {j: chosen.program.lower[j] for j in program.integers}
        fixed = with_numbers(last.program, numbers)
        optimum = optimise(self.engine, fixed, stage.name, last.optimum.costs)
        if isinstance(optimum, Status):
            return last
        told = StageValue(stage.name, stage.sense * optimum.value, None)
        proof = prove(stage, optimum, last.bound)
        return Solved(told, fixed, optimum, proof, last.bound, last.stopped or chosen.stopped)


def deadline(limit: float | None) -> float | None:
    """When a limit in seconds ends, on the monotonic clock."""
    return None if limit is None else time.monotonic() + limit


def seconds_left(until: float | None) -> float | None:
    """Seconds until a deadline, 0 when it is over."""
    return None if until is None else max(0.0, until - time.monotonic())
