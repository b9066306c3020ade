"""A solved case loaded again, to be changed and solved many times: one program, one engine, one set of columns.

Whole numbers (platforms, measures) stay as the plan has them: what is left is a linear program, so every answer is
proven in exact fractions. Who tells the answers of a case with whole numbers says so (`Loaded.whole`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from pulp import LpAffineExpression

from regionopt.common.document import Status
from regionopt.common.instance import Instance, SpendKey
from regionopt.model.core import Model, Stage
from regionopt.model.model import build
from regionopt.model.program import Basis, Program
from regionopt.model.translate import plain, to_costs, to_program
from regionopt.result.result import Result
from regionopt.solve.engine import Engine
from regionopt.solve.optimum import Optimum, after, optimise
from regionopt.solve.plan import Plan, read
from regionopt.solve.solve import held
from regionopt.solve.solvers import ENGINES
from regionopt.solve.ties import written_order
from regionopt.solve.whole import with_numbers


@dataclass(frozen=True)
class Loaded:
    """A case's model with its program (whole numbers fixed) and the engine that solves what is made of it."""

    model: Model
    engine: Engine
    program: Program
    whole: bool

    @property
    def instance(self) -> Instance:
        """The numbers of the case."""
        return self.model.instance

    @cached_property
    def position(self) -> Mapping[str, int]:
        """The place of each column, by the product's name."""
        return {name: j for j, name in enumerate(self.program.columns)}

    @cached_property
    def spend(self) -> Mapping[SpendKey, int]:
        """The column of each tranche in written order."""
        return {key: self.position[plain(c.name)] for key, c in self.model.spend.items()}

    @cached_property
    def stage_costs(self) -> Mapping[str, tuple[float, ...]]:
        """The costs of every stage of the case, to be minimised."""
        return {stage.name: to_costs(self.model.problem, stage) for stage in self.model.stages}

    def costs(self, expression: LpAffineExpression, sense: int = 1) -> tuple[float, ...]:
        """An expression of the model as costs; `sense` is -1 to maximise."""
        return to_costs(self.model.problem, Stage("", sense, expression))

    def plan(self, optimum: Optimum) -> Plan:
        """The plan at a corner, through the same sums as the rows."""
        columns = self.model.problem.variables()
        return read(self.model, {id(c): optimum.corner.x[self.position[plain(c.name)]] for c in columns})


@dataclass(frozen=True)
class Again:
    """A changed program solved through all stages: each stage's value in its own sense, and the one plan."""

    values: Mapping[str, Fraction]
    plan: Plan
    optima: tuple[Optimum, ...]


def load(result: Result, extend: Callable[[Model], None] = lambda _: None) -> Loaded:
    """The case of a result that has a plan, built again; `extend` may add columns and rows of its own."""
    assert result.plan is not None
    model = build(result.case.instance)
    extend(model)
    program = to_program(model.problem)
    numbers = {model.opened[name].name: float(n) for name, n in result.plan.opened.items()}
    numbers |= {model.count[name].name: float(n) for name, n in result.plan.count.items()}
    fixed = {j: numbers[c.name] for j, c in enumerate(model.problem.variables()) if c.name in numbers}
    return Loaded(model, ENGINES["highs"](), with_numbers(program, fixed), bool(fixed))


def solve_again(loaded: Loaded, program: Program, then: tuple[Stage, ...] = ()) -> Again | Status:
    """All stages of the case, after them `then`, on a changed program, warm, ended by the fixed rule.

    Returns why there is no plan where the change leaves none.
    """
    optima: list[Optimum] = []
    values: dict[str, Fraction] = {}
    for stage in (*loaded.model.stages, *then):
        costs = loaded.stage_costs.get(stage.name) or to_costs(loaded.model.problem, stage)
        start: Basis | None = after(optima[-1], program) if optima else None
        found = optimise(loaded.engine, program, stage.name, costs, start)
        if isinstance(found, Status):
            return found
        optima.append(found)
        values[stage.name] = stage.sense * found.value
        last, program = program, held(program, stage, found, loaded.instance.give_away)
    optima += written_order(loaded.engine, last, loaded.spend, optima[-1])
    return Again(values, loaded.plan(optima[-1]), tuple(optima))
