"""The tables of a result, row by row: dicts in column order, exact fractions, None where there is no number.

Columns `period` and `kind` stand only in the tables of cases that use them.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from regionopt.case.compute import PER_UNIT
from regionopt.common.decimals import MET
from regionopt.common.instance import METRICS, Target, Tranche
from regionopt.common.units import scale
from regionopt.model.core import survival
from regionopt.model.sums import exact
from regionopt.result.result import Result, Row


def allocation_rows(result: Result) -> Iterator[Row]:
    """The plan by tranche in written order, then platforms and measures as tranche 0; nothing without a plan."""
    if result.plan is None:
        return
    instance, dated = result.case.instance, result.case.instance.periods is not None
    left, nothing, spend = survival(instance), Fraction(0), result.plan.spend
    for t in instance.tranches:
        money = spend[t.key]
        counted = _counted(_raised(result, t, money), left[t.period]) if money else nothing
        row: Row = {"region": t.region, "programme": t.programme, "tranche": t.tranche}
        if dated:
            row["period"] = t.period
        row["budget"] = money
        for metric in METRICS:
            row[metric] = exact(t.returns[metric]) * counted if counted is not nothing else nothing
        yield row
    undated, nowhere = {"period": ""} if dated else {}, dict.fromkeys(METRICS, nothing)
    for platform in instance.platforms:
        money = Fraction(platform.cost) * result.plan.opened[platform.id]
        key = {"region": platform.region, "programme": platform.id, "tranche": 0}
        yield {**key, **undated, "budget": money, **nowhere}
    for measure in instance.measures:
        money = Fraction(measure.cost) * result.plan.count[measure.id]
        yield {"region": "", "programme": measure.id, "tranche": 0, **undated, "budget": money, **nowhere}


def _counted(money: Fraction, left: float) -> Fraction:
    """The money of which the returns are left at the end."""
    return money if left == 1 else exact(left) * money


def _raised(result: Result, tranche: Tranche, money: Fraction) -> Fraction:
    """The money, and what would bring as much as what open platforms add to the returns of a tranche."""
    for platform in result.case.instance.platforms:
        raised = result.plan.raised if result.plan else {}
        if (platform.id, tranche.key) in raised:
            more = Fraction(platform.raises[tranche.region, tranche.programme])
            money += more * raised[platform.id, tranche.key]
    return money


def coefficient_rows(result: Result) -> Iterator[Row]:
    """What the solver was given: widths and returns."""
    dated = result.case.instance.periods is not None
    for t in result.case.instance.tranches:
        returns = {PER_UNIT[metric]: t.returns[metric] for metric in METRICS}
        key = {"region": t.region, "programme": t.programme, "tranche": t.tranche}
        yield {**key, **({"period": t.period} if dated else {}), "width": t.width, **returns}


def target_rows(result: Result) -> Iterator[Row]:
    """Targets as given, and what the plan reaches of them (empty without a plan)."""
    targets = result.case.instance.targets
    extra = [name for name in ("kind", "period") if any(getattr(target, name) for target in targets)]
    for target in targets:
        key: Row = {"metric": target.metric, "region": target.region}
        key |= {name: getattr(target, name) for name in extra}
        plan = dict.fromkeys(("reached", "absolute_shortfall", "relative_shortfall", "met"))
        if result.plan is not None:
            short = result.shortfall(target)
            plan = {
                "reached": result.plan.reached[target.key],
                "absolute_shortfall": short * Fraction(target.target),
                "relative_shortfall": short,
                "met": short <= MET,
            }
        yield {**key, "target": target.target, **plan, "must": target.must}


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
        spent = result.plan.allocated[region.id] if result.plan else None
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
    """Reached, target and relative shortfall of each metric at the end; None where there is no plan or target."""
    row: Row = {}
    targets: dict[tuple[str, ...], Target] = {target.key: target for target in result.case.instance.targets}
    for metric in METRICS:
        target = targets.get((metric, region))
        row[metric] = result.plan.gained[metric, region] if result.plan else None
        row[f"{metric}_target"] = target.target if target else None
        row[f"{metric}_shortfall"] = result.shortfall(target) if target and result.plan else None
    return row
