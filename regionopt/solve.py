"""Solves the stages in order, each held while the next is optimised, and proves every one of them.

    hold[stage]    value of the stage ≤ its optimum + give_away · |optimum|

A solver is asked for a basis only; the plan is that basis in exact fractions (`exact`), checked by
`certificate`. When the stages leave a choice, a fixed rule decides it (`ties`): the plan is unique whatever the
solver.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from regionopt.certificate import certificate
from regionopt.document import Certificate, StageCertificate, Status
from regionopt.errors import Problem, ToolError
from regionopt.instance import Instance
from regionopt.model import SpendKey, Stage, build, plain, smallest_budget, to_costs, to_program
from regionopt.optimum import Optimum, after, optimise
from regionopt.program import Row
from regionopt.solvers import ENGINES
from regionopt.ties import leaves_one_plan, written_order


@dataclass(frozen=True)
class StageValue:
    """A stage's optimum in its own sense and unit, and whether the plan is unique from here on."""

    name: str
    value: Fraction
    unique: bool


@dataclass(frozen=True)
class Solution:
    """The plan in exact fractions. Empty when the status is not optimal."""

    status: Status
    stages: tuple[StageValue, ...] = ()
    spend: Mapping[SpendKey, Fraction] | None = None
    certificate: Certificate | None = None


def solve(instance: Instance, solver: str = "highs") -> Solution:
    """Solve a case. `solver` is a key of `ENGINES`. Raises ToolError when an answer cannot be proven."""
    model = build(instance)
    program = to_program(model.problem)
    engine = ENGINES[solver]()
    spend = {key: program.columns.index(plain(column.name)) for key, column in model.spend.items()}
    values: list[StageValue] = []
    steps: list[Optimum] = []
    for stage in model.stages:
        before = after(steps[-1], program) if steps else None
        found = optimise(engine, program, stage.name, to_costs(model.problem, stage), before)
        if found is Status.INFEASIBLE and steps:
            # The plan of the stage before keeps every row of this one: the solver lost it.
            raise ToolError([Problem("solver_failed", engine.name, f"{stage.name}: {found.value}")])
        if isinstance(found, Status):
            return Solution(found)
        unique = leaves_one_plan(engine, program, found, tuple(spend.values()))
        values.append(StageValue(stage.name, stage.sense * found.value, unique))
        steps.append(found)
        solved, program = program, program.with_row(hold(stage, found, instance.give_away))
    named = {",".join(map(str, key)): j for key, j in spend.items()}
    steps += written_order(engine, solved, named, steps[-1])
    plan = {key: steps[-1].corner.x[j] for key, j in spend.items()}
    return Solution(Status.OPTIMAL, tuple(values), plan, proven([step.proof for step in steps]))


def least_budget(instance: Instance, solver: str = "highs") -> Fraction | None:
    """The smallest budget that meets every target, None when no budget does."""
    model = smallest_budget(instance)
    stage = model.stages[0]
    costs = to_costs(model.problem, stage)
    optimum = optimise(ENGINES[solver](), to_program(model.problem), stage.name, costs)
    if isinstance(optimum, Status):
        return None
    proven([optimum.proof])
    return optimum.value


def hold(stage: Stage, optimum: Optimum, give_away: float) -> Row:
    """The row that keeps a stage's value while later stages are optimised."""
    most = optimum.value + Fraction(give_away) * abs(optimum.value)
    return Row(
        f"hold[{stage.name}]",
        tuple((j, c) for j, c in enumerate(optimum.costs) if c),
        -math.inf,
        _rounded_up(most),
    )


def _rounded_up(value: Fraction) -> float:
    """The nearest float that is not below: a held optimum must stay feasible."""
    nearest = float(value)
    return nearest if Fraction(nearest) >= value else math.nextafter(nearest, math.inf)


def proven(proofs: Sequence[StageCertificate]) -> Certificate:
    """The certificate of a result; a result without one is not written as optimal."""
    proof = certificate(proofs)
    if not proof.passed:
        raise ToolError([Problem("not_proven", "certificate", proof.largest_violation)])
    return proof
