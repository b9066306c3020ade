"""The linear program, written in PuLP so that it reads like its formula. Every row is named.

    budget            Σ_r X[r] ≤ B
    tranche           0 ≤ x[r,p,k] ≤ w[r,p,k]                          (bounds of the column `spend`)
    reach[m,r]        Σ_{p,k} e[m,p,k]·x[r,p,k] / T[m,r] + s[m,r] ≥ 1   (s = 0 where the target is a must)
    floor[r]          X[r] ≥ fixed floor        floor_share[r]     X[r] ≥ share · B
    ceiling[r]        X[r] ≤ fixed ceiling      ceiling_share[r]   X[r] ≤ share · B
    worst[m,r]        z ≥ s[m,r]                                       (stage worst_shortfall)
    above[r]          d[r] ≥ X[r] - X_ref[r]                           (stage nearest_reference)
    below[r]          d[r] ≥ X_ref[r] - X[r]

Names use round brackets inside PuLP, which silently rewrites square ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from pulp import LpAffineExpression, LpConstraint, LpProblem, LpVariable, lpSum

from regionopt.instance import METRICS, Instance
from regionopt.program import Program, Row

SpendKey = tuple[str, str, int]


@dataclass(frozen=True)
class Stage:
    """One objective: `sense` is 1 to minimise, -1 to maximise; the unit is that of `unit_of`."""

    name: str
    sense: int
    expression: LpAffineExpression


@dataclass(frozen=True)
class Model:
    """The program under construction: PuLP's problem, and its columns by what they mean."""

    instance: Instance
    problem: LpProblem
    budget: float | LpVariable
    spend: Mapping[SpendKey, LpVariable]
    shortfall: Mapping[tuple[str, str], LpVariable]
    stages: list[Stage] = field(default_factory=list)

    def row(self, constraint: LpConstraint, *name: str) -> None:
        """Add a named row."""
        self.problem.add(constraint, label(*name))

    def column(self, *name: str, upper: float | None = None) -> LpVariable:
        """Add a named column, at least 0."""
        return self.problem.add_variable(label(*name), 0, upper)

    def allocation(self, region: str) -> LpAffineExpression:
        """X[r], the money a region receives."""
        return lpSum(x for (owner, _, _), x in self.spend.items() if owner == region)

    def gained(self, metric: str, region: str | None = None) -> LpAffineExpression:
        """Σ e·x of a metric, in one region or in all."""
        return lpSum(
            t.returns[metric] * self.spend[t.region, t.programme, t.tranche]
            for t in self.instance.tranches
            if region in (None, t.region)
        )


def label(kind: str, *index: object) -> str:
    """`reach`, `jobs`, `east` → `reach(jobs,east)`."""
    return f"{kind}({','.join(map(str, index))})" if index else kind


def build(instance: Instance) -> Model:
    """The program of a case, with its stages in order. Pure: the same instance gives the same program."""
    problem = LpProblem("regionopt")
    return _write(instance, problem, instance.budget, instance.stages)


def smallest_budget(instance: Instance) -> Model:
    """The program of the smallest budget that meets every target: the budget becomes a column."""
    problem = LpProblem("smallest_budget")
    every = replace(instance, targets=tuple(replace(t, must=True) for t in instance.targets))
    model = _write(every, problem, problem.add_variable("budget", 0), ())
    model.stages.append(Stage("smallest_budget", 1, 1 * model.budget))
    return model


def _write(instance: Instance, problem: LpProblem, budget: float | LpVariable, stages: tuple[str, ...]) -> Model:
    spend = {
        (t.region, t.programme, t.tranche): problem.add_variable(
            label("spend", t.region, t.programme, t.tranche), 0, t.width
        )
        for t in instance.tranches
    }
    shortfall = {
        (t.metric, t.region): problem.add_variable(label("shortfall", t.metric, t.region), 0, 0 if t.must else 1)
        for t in instance.targets
    }
    model = Model(instance, problem, budget, spend, shortfall)
    for component in (_budget, _reach, _limits):
        component(model)
    for name in stages:
        WRITERS[name](model)
    return model


def _budget(model: Model) -> None:
    model.row(lpSum(model.spend.values()) <= model.budget, "budget")


def _reach(model: Model) -> None:
    for t in model.instance.targets:
        reached = model.gained(t.metric, t.region) / t.target
        model.row(reached + model.shortfall[t.metric, t.region] >= 1, "reach", t.metric, t.region)


def _limits(model: Model) -> None:
    for limit in model.instance.limits:
        allocation = model.allocation(limit.region)
        if limit.floor_fixed is not None:
            model.row(allocation >= limit.floor_fixed, "floor", limit.region)
        if limit.floor_share is not None:
            model.row(allocation >= limit.floor_share * model.budget, "floor_share", limit.region)
        if limit.ceiling_fixed is not None:
            model.row(allocation <= limit.ceiling_fixed, "ceiling", limit.region)
        if limit.ceiling_share is not None:
            model.row(allocation <= limit.ceiling_share * model.budget, "ceiling_share", limit.region)


def _worst_shortfall(model: Model) -> None:
    worst = model.column("worst_shortfall", upper=1)
    for (metric, region), shortfall in model.shortfall.items():
        model.row(worst >= shortfall, "worst", metric, region)
    model.stages.append(Stage("worst_shortfall", 1, 1 * worst))


def _total_shortfall(model: Model) -> None:
    weights = model.instance.weights
    total = lpSum(weights[metric] * s for (metric, _), s in model.shortfall.items())
    model.stages.append(Stage("total_shortfall", 1, total))


def _national(metric: str) -> Callable[[Model], None]:
    def stage(model: Model) -> None:
        model.stages.append(Stage(metric, -1, model.gained(metric)))

    return stage


def _spend(model: Model) -> None:
    model.stages.append(Stage("spend", 1, lpSum(model.spend.values())))


def _nearest_reference(model: Model) -> None:
    distances = []
    for region in model.instance.regions:
        distance = model.column("distance", region)
        allocation, reference = model.allocation(region), model.instance.reference[region]
        model.row(distance >= allocation - reference, "above", region)
        model.row(distance >= reference - allocation, "below", region)
        distances.append(distance)
    model.stages.append(Stage("nearest_reference", 1, lpSum(distances)))


WRITERS: Mapping[str, Callable[[Model], None]] = {
    "worst_shortfall": _worst_shortfall,
    "total_shortfall": _total_shortfall,
    **{metric: _national(metric) for metric in METRICS},
    "spend": _spend,
    "nearest_reference": _nearest_reference,
}


def to_program(problem: LpProblem) -> Program:
    """The plain numbers of a PuLP problem, names in square brackets. Constants move to the row's bounds."""
    columns = problem.variables()
    position = {column.name: j for j, column in enumerate(columns)}
    return Program(
        columns=tuple(plain(column.name) for column in columns),
        lower=tuple(_or(column.lowBound, -float("inf")) for column in columns),
        upper=tuple(_or(column.upBound, float("inf")) for column in columns),
        rows=tuple(_row(constraint, position) for constraint in problem.constraints()),
    )


def to_costs(problem: LpProblem, stage: Stage) -> tuple[float, ...]:
    """A stage as costs to be minimised, one for each column."""
    return tuple(stage.sense * stage.expression.get(column, 0.0) for column in problem.variables())


def plain(name: str) -> str:
    """PuLP's `reach(jobs,east)` as the product's `reach[jobs,east]`."""
    return name.replace("(", "[").replace(")", "]")


def _row(constraint: LpConstraint, position: Mapping[str, int]) -> Row:
    return Row(
        plain(constraint.name),
        tuple((position[column.name], float(a)) for column, a in constraint.items() if a),
        _or(constraint.getLb(), -float("inf")),
        _or(constraint.getUb(), float("inf")),
    )


def _or(bound: float | None, missing: float) -> float:
    return missing if bound is None else float(bound)
