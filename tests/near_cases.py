"""Plans near the optimum by other means: a hand-made case as a result, plans sampled, stages evaluated by formula."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import numpy as np
from cases import solved

from regionopt.common.goodness import TIES
from regionopt.common.instance import METRICS, Instance
from regionopt.result.result import Result

Plan = dict[tuple, float]


def result_of(instance: Instance) -> Result:
    """The solved case; of a case file there is nothing but the numbers."""
    return Result(SimpleNamespace(instance=instance), solved(instance), None)


def regional(instance: Instance, plan: Plan) -> dict[str, float]:
    return {r: sum(x for key, x in plan.items() if key[0] == r) for r in instance.regions}


def gained(instance: Instance, plan: Plan, metric: str, region: str | None = None) -> float:
    return sum(plan[t.key] * t.returns[metric] for t in instance.tranches if region in (None, t.region))


def costs(instance: Instance, stage: str, plan: Plan) -> float:
    """A stage of a plan by its formula, to be minimised."""
    short = [(t, max(0.0, 1 - gained(instance, plan, t.metric, t.region) / t.target)) for t in instance.targets]
    money = regional(instance, plan)
    return {
        "worst_shortfall": lambda: max((s for _, s in short), default=0.0),
        "total_shortfall": lambda: sum(instance.weights[t.metric] * s for t, s in short),
        "spend": lambda: sum(plan.values()),
        "nearest_reference": lambda: sum(abs(money[r] - instance.reference[r]) for r in instance.regions),
        **{m: lambda m=m: -gained(instance, plan, m) for m in METRICS},
    }[stage]()


def feasible(instance: Instance, plan: Plan) -> bool:
    money = regional(instance, plan)
    return (
        sum(plan.values()) <= instance.budget
        and all(0 <= plan[t.key] <= t.width for t in instance.tranches)
        and all((limit.floor(instance.budget) or 0.0) <= money[limit.region] for limit in instance.limits)
        and all(
            ceiling is None or money[limit.region] <= ceiling
            for limit in instance.limits
            for ceiling in [limit.ceiling(instance.budget)]
        )
        and all(gained(instance, plan, t.metric, t.region) >= t.target for t in instance.targets if t.must)
    )


def held(instance: Instance) -> list[str]:
    """The stages that are held for a tolerance above 0."""
    good = [k for k, stage in enumerate(instance.stages) if stage not in TIES]
    return list(instance.stages[: good[-1] + 1 if good else 1])


def within(result: Result, tolerance: float, plan: Plan) -> bool:
    """Whether a plan keeps every limit and is within the tolerance, by the formulas alone."""
    instance = result.case.instance
    best = {s.name: float(s.value) * (-1 if s.name in METRICS else 1) for s in result.solution.stages}
    slack = max(tolerance, instance.give_away)
    return feasible(instance, plan) and all(
        costs(instance, stage, plan) <= best[stage] + slack * abs(best[stage]) for stage in held(instance)
    )


def samples(result: Result, tolerance: float, seed: int, count: int = 300) -> list[Plan]:
    """Plans within the tolerance: on the ways from the plan to random ones, as far as they are within it."""
    instance, random = result.case.instance, np.random.default_rng(seed)
    own = {key: float(x) for key, x in result.plan.spend.items()}
    found = []
    for _ in range(count):
        corner = {
            t.key: random.choice([0.0, t.width, own[t.key], t.width * random.random()]) for t in instance.tranches
        }
        for step in (1.0, 0.5, 0.25, 0.1, 0.03, 0.01):
            plan = {key: own[key] + step * (corner[key] - own[key]) for key in own}
            if within(result, tolerance, plan):
                found.append(plan)
                break
    return found


def numbers(plan: dict[object, Fraction]) -> dict[object, float]:
    return {key: float(value) for key, value in plan.items()}
