"""Solves the stages in order, each held while the next is optimised, and proves every one of them.

    nothing given away    what has a price at the optimum stays where it is: what is left are the plans as good as it
    hold[stage]           value of the stage ≤ its optimum + give_away · |optimum|

A solver is asked for a basis only; the plan is that basis in exact fractions (`exact`), checked by
`certificate`. When the stages leave a choice, a fixed rule decides it (`ties`): the plan is unique whatever the
solver.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from regionopt.common.document import Certificate, Status
from regionopt.common.errors import LimitError, Problem, ToolError
from regionopt.common.instance import Instance, SpendKey
from regionopt.model.core import Stage
from regionopt.model.model import build, smallest_budget
from regionopt.model.program import Program, Row
from regionopt.model.translate import columns_of, to_program
from regionopt.proof.certificate import certificate
from regionopt.proof.faces import settled
from regionopt.solve.engine import Engine
from regionopt.solve.optimum import Optimum, optimal_face, optimise
from regionopt.solve.plan import Plan, read
from regionopt.solve.solvers import ENGINES
from regionopt.solve.steps import Linear, Proof, Solved, StageValue, Whole, deadline
from regionopt.solve.ties import unique_from, written_order
from regionopt.solve.whole import choose, prove


@dataclass(frozen=True)
class Trail:
    """What was solved, for the written proof: the program before anything was held, each stage with its sense
    (1 to minimise), and the steps of the rule that decides what the stages leave open."""

    program: Program
    senses: tuple[int, ...] = ()
    solved: tuple[Solved, ...] = ()
    order: tuple[Optimum, ...] = ()


@dataclass(frozen=True)
class Solution:
    """The plan in exact fractions; no plan without a status that has one."""

    status: Status
    stages: tuple[StageValue, ...] = ()
    plan: Plan | None = None
    certificate: Certificate | None = None
    trail: Trail | None = None

    @property
    def spend(self) -> Mapping[SpendKey, Fraction] | None:
        """Money by tranche, None without a plan."""
        return None if self.plan is None else self.plan.spend


def solve(instance: Instance, solver: str = "highs", limit: float | None = None) -> Solution:
    """Solve a case. `solver` is a key of `ENGINES`, `limit` a time limit in seconds for whole numbers, all stages.

    Raises ToolError when an answer cannot be proven, LimitError when the limit was hit without a plan.
    """
    model = build(instance)
    engine, columns = ENGINES[solver](), columns_of(model.problem)
    program = to_program(model.problem, columns)
    spend = {key: columns.place[id(column)] for key, column in model.spend.items()}
    method = Whole(engine, deadline(limit)) if program.integers else Linear(engine)
    done: list[Solved] = []
    trail = Trail(program, tuple(stage.sense for stage in model.stages))
    for stage in model.stages:
        solved = method.stage(program, stage, columns.costs(stage), done[-1] if done else None)
        if isinstance(solved, Status):
            return Solution(solved, trail=trail)
        done.append(solved)
        program = settled(held(program, stage, solved.optimum, instance.give_away), solved.optimum.basis)
    if isinstance(method, Whole):
        least = Stage("fixed_costs", 1, model.fixed_costs())
        done[-1] = method.settled(program, model.stages[-1], least, columns.costs(least), done[-1])
    steps = [done[-1].optimum, *written_order(engine, done[-1].program, spend, done[-1].optimum)]
    proof = proven([solved.proof for solved in done] + [step.proof for step in steps[1:]])
    x = dict(zip(map(id, columns.listed), steps[-1].corner.x, strict=True))
    status = Status.STOPPED if any(solved.stopped for solved in done) else Status.OPTIMAL
    if isinstance(method, Linear):
        done = _told_unique(engine, done, steps[-1], tuple(spend.values()), not instance.give_away)
    trail = replace(trail, solved=tuple(done), order=tuple(steps[1:]))
    return Solution(status, tuple(solved.stage for solved in done), read(model, x), proof, trail)


def _told_unique(
    engine: Engine, done: Sequence[Solved], last: Optimum, spend: tuple[int, ...], exactly: bool
) -> list[Solved]:
    """The stages with whether one plan is left from each on."""
    flags = unique_from(engine, ((one.program, one.optimum) for one in done), last, spend, exactly)
    return [replace(one, stage=replace(one.stage, unique=flag)) for one, flag in zip(done, flags, strict=True)]


def least_budget(instance: Instance, solver: str = "highs", limit: float | None = None) -> Fraction | None:
    """The smallest budget that meets every target, None when no budget does.

    Raises LimitError when it is not known within `limit` seconds (whole numbers only).
    """
    found = least(instance, solver, limit)
    return found.stages[0].value if found.stages else None


def least(instance: Instance, solver: str = "highs", limit: float | None = None) -> Solution:
    """The smallest budget that meets every target as the value of a single stage, with what was solved."""
    model = smallest_budget(instance)
    stage = model.stages[0]
    columns = columns_of(model.problem)
    program, costs = to_program(model.problem, columns), columns.costs(stage)
    engine = ENGINES[solver]()
    if program.integers:
        chosen = choose(engine, program, stage.name, costs, limit, None)
        if isinstance(chosen, Status):
            return Solution(chosen, trail=Trail(program))
        if chosen.stopped:
            raise LimitError([Problem("time_limit", stage.name)])
        proof: Proof = prove(stage, chosen.optimum, chosen.bound)
        told = StageValue(stage.name, chosen.optimum.value, None)
        solved = Solved(told, chosen.program, chosen.optimum, proof, chosen.bound)
    else:
        optimum = optimise(engine, program, stage.name, costs)
        if isinstance(optimum, Status):
            return Solution(optimum, trail=Trail(program))
        solved = Solved(StageValue(stage.name, optimum.value, None), program, optimum, optimum.proof)
    certified, trail = proven([solved.proof]), Trail(program, (stage.sense,), (solved,))
    return Solution(Status.OPTIMAL, (solved.stage,), None, certified, trail)


def held(program: Program, stage: Stage, optimum: Optimum, give_away: float) -> Program:
    """The program that keeps a stage's value: its optimal face, or a row where something is given away (or where
    whole numbers are still to be chosen, or the face is not proven)."""
    if by_row(program, optimum, give_away):
        return program.with_row(hold(stage, optimum, give_away))
    return optimal_face(program, optimum)


def by_row(program: Program, optimum: Optimum, give_away: float) -> bool:
    """Whether a stage is held by a row; else by its optimal face."""
    return bool(give_away or program.integers or not optimum.proof.exact)


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


def proven(proofs: Sequence[Proof]) -> Certificate:
    """The certificate of a result; a result without one is not written as optimal."""
    proof = certificate(proofs)
    if not proof.passed:
        raise ToolError([Problem("not_proven", "certificate", proof.largest_violation)])
    return proof
