"""A solved case: the plan with what it reaches, as tidy tables and as the document that is written.

Tables are lists of rows (dicts in column order). Money is in the currency unit of the case, output in that unit
a year, jobs in jobs; shortfalls are relative unless called absolute. Nothing is rounded here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from regionopt.case import Case
from regionopt.compute import PER_UNIT
from regionopt.document import Status, weakest
from regionopt.errors import InputError, Problem
from regionopt.instance import METRICS, Target
from regionopt.solve import Solution, least_budget, solve
from regionopt.solvers import ENGINES
from regionopt.units import scale

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]

# A shortfall below what a stage may give away is none.
MET = Fraction(1, 10**8)


@dataclass(frozen=True)
class Result:
    """A case and its solution. Numbers exist only when the status is optimal."""

    case: Case
    solution: Solution
    smallest_budget: Fraction | None

    @property
    def status(self) -> Status:
        """optimal, infeasible or unbounded."""
        return self.solution.status

    @cached_property
    def spent(self) -> Mapping[str, Fraction]:
        """X[r], the allocation of each region."""
        spend = self.solution.spend or {}
        return {
            region.id: sum((x for (r, _, _), x in spend.items() if r == region.id), Fraction(0))
            for region in self.case.regions
        }

    @cached_property
    def gained(self) -> Mapping[tuple[str, str], Fraction]:
        """What is reached of each metric in each region."""
        spend, reached = self.solution.spend or {}, {}
        for metric in METRICS:
            for region in self.case.regions:
                reached[metric, region.id] = Fraction(0)
            for t in self.case.instance.tranches:
                money = spend.get((t.region, t.programme, t.tranche), Fraction(0))
                reached[metric, t.region] += Fraction(t.returns[metric]) * money
        return reached

    def shortfall(self, target: Target) -> Fraction:
        """Relative shortfall of a target: 0 when it is reached."""
        reached = self.gained[target.metric, target.region] / Fraction(target.target)
        return max(Fraction(0), 1 - reached)

    @property
    def regions(self) -> pd.DataFrame:
        """One row a region: budget, share, and each metric with target and shortfall."""
        return _frame(list(region_rows(self)))

    @property
    def allocation(self) -> pd.DataFrame:
        """One row a tranche: `region, programme, tranche, budget, output, jobs`."""
        return _frame(list(allocation_rows(self)))

    @property
    def targets(self) -> pd.DataFrame:
        """One row a target: `metric, region, target, reached, absolute_shortfall, relative_shortfall, met, must`."""
        return _frame(list(target_rows(self)))


def solve_case(case: Case, solver: str = "highs") -> Result:
    """Solve a case. An infeasible case is a result; broken input and broken solvers raise."""
    if solver not in ENGINES:
        raise InputError([Problem("unknown_solver", "solver", solver, {"known": ", ".join(ENGINES)})])
    solution = solve(case.instance, solver)
    least = least_budget(case.instance, solver) if solution.status is Status.OPTIMAL else None
    return Result(case, solution, least)


def allocation_rows(result: Result) -> Iterator[Row]:
    """The plan, tranche by tranche, in written order. Empty when there is none."""
    for t in result.case.instance.tranches if result.solution.spend else ():
        money = (result.solution.spend or {})[t.region, t.programme, t.tranche]
        gained = {metric: Fraction(t.returns[metric]) * money for metric in METRICS}
        yield {"region": t.region, "programme": t.programme, "tranche": t.tranche, "budget": money, **gained}


def coefficient_rows(result: Result) -> Iterator[Row]:
    """What the solver was given: widths and returns."""
    for t in result.case.instance.tranches:
        returns = {PER_UNIT[metric]: t.returns[metric] for metric in METRICS}
        key = {"region": t.region, "programme": t.programme, "tranche": t.tranche}
        yield {**key, "width": t.width, **returns}


def target_rows(result: Result) -> Iterator[Row]:
    """Targets as given, and what the plan reaches of them (empty without a plan)."""
    for target in result.case.instance.targets:
        row: Row = {"metric": target.metric, "region": target.region, "target": target.target}
        reached = result.gained[target.metric, target.region]
        short = result.shortfall(target)
        plan = {
            "reached": reached,
            "absolute_shortfall": short * Fraction(target.target),
            "relative_shortfall": short,
            "met": short <= MET,
        }
        optimal = result.status is Status.OPTIMAL
        yield {**row, **(plan if optimal else dict.fromkeys(plan)), "must": target.must}


def limit_rows(result: Result) -> Iterator[Row]:
    """Floors and ceilings that were in force at this budget; None where there is none."""
    instance = result.case.instance
    limits = {limit.region: limit for limit in instance.limits}
    for region in instance.regions:
        limit = limits.get(region)
        floor = limit.floor(instance.budget) if limit else None
        ceiling = limit.ceiling(instance.budget) if limit else None
        yield {"region": region, "floor": floor, "ceiling": ceiling}


def region_rows(result: Result) -> Iterator[Row]:
    """One row a region in the columns of `RegionResult`; what needs a plan is None without one."""
    instance, computed = result.case.instance, result.case.resolved.computed
    unit = Fraction(scale(result.case.resolved.context.currency))
    limits = {row["region"]: row for row in limit_rows(result)}
    for region in result.case.regions:
        spent = result.spent[region.id] if result.status is Status.OPTIMAL else None
        people, reference = computed.get(f"population.{region.id}"), computed.get(f"reference.{region.id}")
        heads = Fraction(people.value) if people else Fraction(0)
        yield {
            "id": region.id,
            "name_zh": region.name_zh,
            "name_en": region.name_en,
            "budget": spent,
            "share": None if spent is None else spent / Fraction(instance.budget),
            **_metrics(result, region.id),
            "reference": reference.value if reference else None,
            "floor": limits[region.id]["floor"],
            "ceiling": limits[region.id]["ceiling"],
            "population": people.value if people else None,
            "budget_per_head": spent * unit / heads if spent is not None and heads else None,
            "counties": region.counties,
        }


def _metrics(result: Result, region: str) -> Row:
    """Reached, target and relative shortfall of each metric; None where there is no plan or no target."""
    row: Row = {}
    optimal = result.status is Status.OPTIMAL
    targets = {(t.metric, t.region): t for t in result.case.instance.targets}
    for metric in METRICS:
        target = targets.get((metric, region))
        row[metric] = result.gained[metric, region] if optimal else None
        row[f"{metric}_target"] = target.target if target else None
        row[f"{metric}_shortfall"] = result.shortfall(target) if target and optimal else None
    return row


def unspent_reason(result: Result) -> str | None:
    """Why money is left: a code of `texts.toml`, None when none is left."""
    instance, total = result.case.instance, sum(result.spent.values())
    left = Fraction(instance.budget) - total
    if round(left, 6) <= 0:
        return None
    if left <= Fraction(instance.budget) * MET:
        return "give_away"
    room = Fraction(0)
    for row in limit_rows(result):
        width = sum(Fraction(t.width) for t in instance.tranches if t.region == row["region"])
        ceiling = width if row["ceiling"] is None else min(width, Fraction(row["ceiling"]))
        room += max(Fraction(0), ceiling - result.spent[row["region"]])
    if room <= Fraction(instance.budget) * MET:
        return "nothing_left_to_fund"
    return "spend_stage" if "spend" in instance.stages else "no_stage_gains"


def standing(result: Result) -> str:
    """The weakest standing of the inputs."""
    return weakest(set(result.case.standings()))


def _frame(rows: list[Row]) -> pd.DataFrame:
    """A tidy frame; exact fractions become floats."""
    import pandas as pd

    return pd.DataFrame([{k: float(v) if isinstance(v, Fraction) else v for k, v in row.items()} for row in rows])
