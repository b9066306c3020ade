"""All plans that are nearly as good as the plan, as one linear program.

    hold[stage]    value of the stage within t · |its optimum| of its optimum        (t: the tolerance)

For t > 0 the stages that say how good a plan is are held, each by t (never by less than the case gives away): all
up to the last of `worst_shortfall, leximin, total_shortfall, output, jobs`. Stages after that (`spend`,
`nearest_reference`) only choose between equals and are not held: a plan within 1 % of the shortfalls but far from
the reference is what a planner asks for. Where a case has only such stages, the first of them is what it wants.
A stage whose optimum is 0 leaves nothing to be relative to: it stays 0.

For t = 0 every stage is held as the solution held it, the last one exactly: these are the plans that the stages
themselves leave open.
"""

from __future__ import annotations

import math
from fractions import Fraction

from regionopt.common.document import Status
from regionopt.common.errors import Problem, ToolError, refuse
from regionopt.common.goodness import held_stages
from regionopt.common.quantity import Range
from regionopt.explain.warm import Loaded
from regionopt.model.core import Stage
from regionopt.model.program import Program, Row
from regionopt.result.result import Result
from regionopt.solve.optimum import optimal_face, optimise
from regionopt.solve.solve import held

TOLERANCES = Range(maximum=1.0)


def check_tolerance(tolerance: float, place: str = "--tolerance") -> None:
    """Raises InputError for a tolerance below 0 or above 1."""
    refuse(TOLERANCES.problems(place, tolerance, "1"))


def near(loaded: Loaded, result: Result, tolerance: float) -> Program:
    """The program of all plans within a tolerance (relative, 0 to 1) of the plan of `result`."""
    check_tolerance(tolerance)
    stages, given_away = loaded.model.stages, loaded.instance.give_away
    if tolerance:
        slack = max(tolerance, given_away)
        names = held_stages([stage.name for stage in stages], tolerance)
        return _held(loaded, result, stages[: len(names)], slack)
    program = loaded.program
    for k, stage in enumerate(stages, start=1):
        found = optimise(loaded.engine, program, stage.name, loaded.stage_costs[stage.name])
        if isinstance(found, Status):
            raise ToolError([Problem("solver_failed", loaded.engine.name, found.value)])
        last = k == len(stages)
        program = optimal_face(program, found) if last else held(program, stage, found, given_away)
    return program


def _held(loaded: Loaded, result: Result, stages: list[Stage], slack: float) -> Program:
    program = loaded.program
    values = {stage.name: stage.value for stage in result.solution.stages}
    for stage in stages:
        program = program.with_row(_hold(stage, loaded.stage_costs[stage.name], values[stage.name], slack))
    return program


def _hold(stage: Stage, costs: tuple[float, ...], value: Fraction, slack: float) -> Row:
    """The stage's value within a slack of its optimum, rounded so that the optimum itself keeps the row."""
    most = stage.sense * value + Fraction(slack) * abs(value)
    upper = float(most)
    upper = upper if Fraction(upper) >= most else math.nextafter(upper, math.inf)
    return Row(f"hold[{stage.name}]", tuple((j, c) for j, c in enumerate(costs) if c), -math.inf, upper)
