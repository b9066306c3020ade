"""The linear program, written in PuLP so that it reads like its formula. Every row is named.

    budget            Σ_r X[r] ≤ B                                     (a row a year with periods: `periods`)
    tranche           0 ≤ x[r,p,k] ≤ w[r,p,k]                          (bounds of the column `spend`)
    reach[m,r]        gained[m,r] / T[m,r] + s[m,r] ≥ 1                (s = 0 where the target is a must)
    floor[r]          X[r] ≥ fixed floor        floor_share[r]     X[r] ≥ share · B
    ceiling[r]        X[r] ≤ fixed ceiling      ceiling_share[r]   X[r] ≤ share · B

The sums stand in `core`, the objective in `stages`; `periods`, `groups`, `equity`, `rules` and `platforms` add
their own rows where a case uses them, and nothing where it does not.
"""

from __future__ import annotations

from dataclasses import replace

from pulp import LpProblem

from regionopt.common.instance import Instance
from regionopt.model import equity, groups, periods, platforms, relative, rules
from regionopt.model.core import Model, Money, Stage
from regionopt.model.stages import WRITERS


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


def _write(instance: Instance, problem: LpProblem, budget: Money, stages: tuple[str, ...]) -> Model:
    model = Model(instance, problem, budget)
    for t in instance.tranches:
        model.spend[t.key] = model.column("spend", *t.key, upper=t.width)
    for target in instance.targets:
        model.shortfall[target.key] = model.column("shortfall", *target.key, upper=0 if target.must else 1)
    platforms.columns(model)
    periods.columns(model)
    for component in (_budget, _reach, _limits):
        component(model)
    for room in (periods, groups, equity, relative, rules, platforms):
        room.write(model)
    for name in stages:
        WRITERS[name](model)
    return model


def _budget(model: Model) -> None:
    if model.instance.periods is None:
        model.row(model.spent() <= model.budget, "budget")


def _reach(model: Model) -> None:
    for t in model.instance.targets:
        reached = model.reached(t) / t.target
        reached += model.shortfall[t.key]
        model.row(reached >= 1, "reach", *t.key)


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
