"""Small cases made by hand: builders that read like the tables of a case file.

    case(10, fund("north", "labs", 4, jobs=2), aim("jobs", "north", 8), bound("north", floor=3), stages=["spend"])

is a budget of 10, one tranche of width 4 that gives 2 jobs per unit of money, a target of 8 jobs and a floor of 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from regionopt.common.document import Status
from regionopt.common.instance import Group, Instance, Limit, Period, Periods, Target, Tranche
from regionopt.model.program import Program, Row
from regionopt.solve.solve import Solution, solve

Part = Tranche | Target | Limit


def fund(region: str, programme: str, width: float, *, output: float = 0.0, jobs: float = 0.0, k: int = 1) -> Tranche:
    """Tranche `k` of a programme: its width, and what a unit of money gives."""
    return Tranche(region, programme, k, width, {"output": output, "jobs": jobs})


def aim(metric: str, region: str, target: float, *, must: bool = False) -> Target:
    """A target of a metric in a region."""
    return Target(metric, region, target, must)


def bound(
    region: str,
    *,
    floor: float | None = None,
    floor_share: float | None = None,
    ceiling: float | None = None,
    ceiling_share: float | None = None,
) -> Limit:
    """Floor and ceiling of a region."""
    return Limit(region, floor, floor_share, ceiling, ceiling_share)


def case(
    budget: float,
    *parts: Part,
    stages: Iterable[str] = ("worst_shortfall",),
    reference: Mapping[str, float] | None = None,
    weights: Mapping[str, float] | None = None,
    give_away: float = 0.0,
    regions: Sequence[str] = (),
) -> Instance:
    """A case; regions stand in the order in which the parts name them. Nothing is given away unless stated."""
    named = tuple(dict.fromkeys((*regions, *(part.region for part in parts))))
    return Instance(
        regions=named,
        budget=budget,
        tranches=tuple(part for part in parts if isinstance(part, Tranche)),
        targets=tuple(part for part in parts if isinstance(part, Target)),
        limits=tuple(part for part in parts if isinstance(part, Limit)),
        reference=dict.fromkeys(named, 0.0) | dict(reference or {}),
        stages=tuple(stages),
        weights={"output": 1.0, "jobs": 1.0} | dict(weights or {}),
        give_away=give_away,
    )


def yearly(instance: Instance, *years: str, envelopes: Mapping[str, float] | None = None, **told: Any) -> Instance:
    """The same case over years: each tranche once a year in equal parts; envelopes as given, the others equal."""
    fixed = dict(envelopes or {})
    share = 1 / max(1, len(years) - len(fixed))
    told["periods"] = tuple(Period(y, fixed.get(y, 0.0), 0.0 if y in fixed else share) for y in years)
    dated = (replace(t, width=t.width / len(years), period=y) for t in instance.tranches for y in years)
    return replace(instance, tranches=tuple(dated), periods=Periods(**told))


def group(name: str, *programmes: str, own_budget: float | None = None, **limits: float) -> Group:
    """A group of programmes given as `north.labs`."""
    members = frozenset((region, programme) for region, _, programme in (p.partition(".") for p in programmes))
    return Group(name, members, bound(name, **limits), own_budget)


def staged(instance: Instance, *stages: str) -> Instance:
    """The same case with other stages."""
    return replace(instance, stages=stages)


def solved(instance: Instance, solver: str = "highs") -> Solution:
    """The solution of a case that has one."""
    solution = solve(instance, solver)
    assert solution.status is Status.OPTIMAL, solution.status
    return solution


def plan(solution: Solution) -> dict[str, Fraction]:
    """Money of each tranche as `{"north.labs.1": 4}`."""
    assert solution.spend is not None
    return {".".join(map(str, key)): money for key, money in solution.spend.items()}


def allocation(solution: Solution) -> dict[str, Fraction]:
    """Money of each region."""
    assert solution.spend is not None
    money: dict[str, Fraction] = {}
    for key, x in solution.spend.items():
        region = str(key[0])
        money[region] = money.get(region, Fraction(0)) + x
    return money


def values(solution: Solution) -> dict[str, Fraction]:
    """Value of each stage, in its own sense and unit."""
    return {stage.name: stage.value for stage in solution.stages}


def unique(solution: Solution) -> dict[str, bool]:
    """Whether the plan is unique from each stage on."""
    return {stage.name: stage.unique for stage in solution.stages}


def program(
    columns: Mapping[str, tuple[float, float]], rows: Mapping[str, tuple[Mapping[str, float], float, float]]
) -> Program:
    """A program from `{"x": (lower, upper)}` and `{"name": ({"x": coefficient}, lower, upper)}`."""
    position = {name: j for j, name in enumerate(columns)}
    return Program(
        columns=tuple(columns),
        lower=tuple(float(low) for low, _ in columns.values()),
        upper=tuple(float(high) for _, high in columns.values()),
        rows=tuple(
            Row(name, tuple((position[column], float(a)) for column, a in terms.items()), float(low), float(high))
            for name, (terms, low, high) in rows.items()
        ),
    )
