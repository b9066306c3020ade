"""Solves the stages in order, each held while the next is optimised, and proves every one of them.

    hold[stage]    value of the stage ≤ its optimum + give_away · |optimum|

A solver is asked for a basis only; the plan is that basis in exact fractions (`exact`), checked by
`certificate`. When the stages leave a choice, the programmes in their written order decide it, tranche by
tranche as much as possible (`order[region,programme,tranche]`): the plan is unique whatever the solver.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from regionopt.certificate import certificate, check_stage
from regionopt.document import Certificate, StageCertificate, Status
from regionopt.errors import Problem, ToolError
from regionopt.exact import Corner, corner
from regionopt.instance import Instance
from regionopt.model import SpendKey, Stage, build, label, plain, smallest_budget, to_costs, to_program
from regionopt.program import Basis, Program, Row, Seat
from regionopt.solvers import ENGINES, Engine

# A column that can move by less than this (currency units) on the optimal face does not move.
STILL = 1e-6


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


@dataclass(frozen=True)
class Optimum:
    """One stage solved: its costs, the exact corner and the proof."""

    costs: tuple[float, ...]
    basis: Basis
    corner: Corner
    value: Fraction
    proof: StageCertificate


def solve(instance: Instance, solver: str = "highs") -> Solution:
    """Solve a case. `solver` is a key of `ENGINES`. Raises ToolError when an answer cannot be proven."""
    model = build(instance)
    program = to_program(model.problem)
    engine = ENGINES[solver]()
    spend = {key: program.columns.index(plain(column.name)) for key, column in model.spend.items()}
    values: list[StageValue] = []
    steps: list[Optimum] = []
    for stage in model.stages:
        found = optimise(engine, program, stage.name, to_costs(model.problem, stage))
        if isinstance(found, Status):
            return Solution(found)
        unique = leaves_one_plan(engine, program, found, tuple(spend.values()))
        values.append(StageValue(stage.name, stage.sense * found.value, unique))
        steps.append(found)
        solved, program = program, program.with_row(hold(stage, found, instance.give_away))
    steps += written_order(engine, solved, spend, steps[-1])
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


def optimise(engine: Engine, program: Program, stage: str, costs: tuple[float, ...]) -> Optimum | Status:
    """One stage: the solver's basis, solved again in fractions and checked; its status when not optimal."""
    answer = engine.minimise(program, costs)
    if answer.status is not Status.OPTIMAL or answer.basis is None:
        return answer.status
    try:
        found = corner(program, costs, answer.basis)
    except ArithmeticError as error:
        raise ToolError([Problem("solver_failed", engine.name, error)]) from error
    proof = check_stage(stage, program, costs, found.x, found.y)
    value = sum((Fraction(c) * x for c, x in zip(costs, found.x, strict=True) if c), Fraction(0))
    return Optimum(costs, answer.basis, found, value, proof)


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


def leaves_one_plan(engine: Engine, program: Program, optimum: Optimum, spend: Sequence[int]) -> bool:
    """Whether the optimal face holds one plan only: no spend column can move on it, up or down."""
    if _strictly_complementary(optimum):
        return True
    face = optimal_face(program, optimum.corner)
    for j in spend:
        if face.lower[j] == face.upper[j]:
            continue
        for direction in (1.0, -1.0):
            costs = [0.0] * len(program.columns)
            costs[j] = direction
            answer = engine.minimise(face, costs)
            if answer.status is Status.OPTIMAL and abs(answer.x[j] - float(optimum.corner.x[j])) > STILL:
                return False
    return True


def _strictly_complementary(optimum: Optimum) -> bool:
    """Everything that sits at a bound has a price: sufficient for a unique optimum, and free to check."""
    columns = zip(optimum.basis.columns, optimum.corner.d, strict=True)
    rows = zip(optimum.basis.rows, optimum.corner.y, strict=True)
    return all(price for seat, price in (*columns, *rows) if seat is not Seat.BASIC)


def optimal_face(program: Program, found: Corner) -> Program:
    """The program restricted to its optimal plans: whatever has a price stays where it is."""
    lower, upper = list(program.lower), list(program.upper)
    for j, price in enumerate(found.d):
        if price:
            lower[j] = upper[j] = lower[j] if price > 0 else upper[j]
    rows = tuple(
        row if not price else replace(row, lower=bound, upper=bound)
        for row, price in zip(program.rows, found.y, strict=True)
        for bound in (row.lower if price > 0 else row.upper,)
    )
    return replace(program, lower=tuple(lower), upper=tuple(upper), rows=rows)


def written_order(
    engine: Engine, program: Program, spend: Mapping[SpendKey, int], optimum: Optimum
) -> Iterator[Optimum]:
    """Decide what the stages left open: earlier programmes and tranches first, each as much as possible.

    Each step stays on the optimal face of the one before, exactly: nothing is given away here.
    """
    for key, j in spend.items():
        if _strictly_complementary(optimum):
            return
        program = optimal_face(program, optimum.corner)
        if program.lower[j] == program.upper[j]:
            continue
        costs = tuple(-1.0 if i == j else 0.0 for i in range(len(program.columns)))
        found = optimise(engine, program, plain(label("order", *key)), costs)
        if isinstance(found, Status):
            raise ToolError([Problem("solver_failed", engine.name, found.value)])
        optimum = found
        yield optimum


def proven(proofs: Sequence[StageCertificate]) -> Certificate:
    """The certificate of a result; a result without one is not written as optimal."""
    proof = certificate(proofs)
    if not proof.passed:
        raise ToolError([Problem("not_proven", "certificate", proof.largest_violation)])
    return proof
