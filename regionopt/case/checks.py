"""Rules between numbers: each function yields what one rule finds, and `find` collects them all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from regionopt.case import (
    read_absorption,
    read_equity,
    read_groups,
    read_periods,
    read_platforms,
    read_relative,
    read_rules,
    read_spillovers,
)
from regionopt.case.compute import Resolved
from regionopt.case.stated import Context, Numbers
from regionopt.common.errors import Problem, nearest
from regionopt.common.instance import METRICS, STAGES, Instance
from regionopt.common.quantity import Range

# One part in a million: the rounding of shares written by hand is no clash.
SLACK = 1e-6

# A target of 0 has no relative shortfall.
RANGES = {
    "targets": Range(minimum=1e-6),
    "returns": Range(),
    "widths": Range(),
    "reference": Range(),
    "population": Range(maximum=1e10),
}


def find(resolved: Resolved, instance: Instance) -> Iterator[Problem]:
    """Every broken rule between the numbers of a case, and single numbers that became wrong by computing them."""
    yield from _keys(resolved, instance)
    yield from _ranges(resolved)
    yield from _falling_returns(resolved.computed, instance)
    yield from _limits(resolved, instance)
    yield from read_periods.problems(resolved)
    yield from read_absorption.problems(resolved, instance.tranches)
    yield from read_groups.problems(resolved, instance)
    yield from read_equity.problems(resolved, instance)
    yield from read_relative.problems(resolved, instance)
    yield from read_rules.problems(resolved, instance)
    yield from read_spillovers.problems(resolved)
    yield from read_platforms.problems(resolved, instance)


def stages(context: Context) -> Iterator[Problem]:
    """The stages are known, there is one at least, and none stands twice."""
    place, given = f"{context.file}: objective.stages", context.document.objective.stages
    if not given:
        yield Problem("no_stage", place, None, {"known": ", ".join(STAGES)})
    for stage in given:
        if stage not in STAGES:
            yield Problem("unknown_stage", place, stage, {"nearest": nearest(stage, STAGES)})
    for stage in sorted({stage for stage in given if given.count(stage) > 1}):
        yield Problem("stage_twice", place, stage)


def names(context: Context) -> Iterator[Problem]:
    """Regions named in the case file exist; scenarios name overrides that exist."""
    document, known = context.document, [region.id for region in context.sources.regions]
    for region in document.regions:
        if region not in known:
            place = f"{context.file}: regions.{region}"
            yield Problem("unknown_region", place, region, {"nearest": nearest(region, known)})
    for metric in METRICS:
        section = getattr(document.targets, metric)
        for region in section.must if section and isinstance(section.must, tuple) else ():
            if region not in known:
                place = f"{context.file}: targets.{metric}.must"
                yield Problem("unknown_region", place, region, {"nearest": nearest(region, known)})
    for scenario, overrides in document.scenarios.items():
        for name in overrides:
            if name not in document.overrides:
                place = f"{context.file}: scenarios.{scenario}"
                yield Problem("unknown_override", place, name, {"nearest": nearest(name, document.overrides)})


def _keys(resolved: Resolved, instance: Instance) -> Iterator[Problem]:
    """Tables name regions and metrics that exist, and there is a target."""
    sources = resolved.context.sources
    known = {region.id for region in sources.regions}
    for table in (sources.targets, sources.coefficients):
        for record in table.records if table else ():
            metric, region = record.cells.get("metric", "jobs"), record["region"]
            if metric not in METRICS:
                yield Problem("unknown_metric", f"{record.place}, metric", metric, {"known": ", ".join(METRICS)})
            if region not in known:
                place = f"{record.place}, region"
                yield Problem("unknown_region", place, region, {"nearest": nearest(region, known)})
    if not instance.targets:
        yield Problem("no_target", f"{resolved.context.file}: targets")


def _ranges(resolved: Resolved) -> Iterator[Problem]:
    """What was computed or patched is in its range; what was found wrong where it stands is not said again."""
    told = {problem.place for problem in resolved.problems if problem.code != "unknown_path"}
    for path, quantity in resolved.computed.items():
        if quantity.place not in told and not (told and quantity.place == "computed"):
            allowed = RANGES[path.partition(".")[0]]
            yield from allowed.problems(f"{quantity.place} ({path})", quantity.value, quantity.unit)


def _falling_returns(numbers: Numbers, instance: Instance) -> Iterator[Problem]:
    """Tranches are numbered 1, 2, 3 …, and returns never rise from one to the next."""
    programmes = defaultdict(list)
    first = instance.tranches[0].period if instance.tranches else ""
    for tranche in instance.tranches:
        if tranche.period != first:
            continue
        programmes[tranche.region, tranche.programme].append(tranche)
    for (region, programme), tranches in programmes.items():
        key = f"{region}.{programme}"
        given = [tranche.tranche for tranche in tranches]
        if sorted(given) != list(range(1, len(given) + 1)):
            row = numbers[f"widths.{key}.{given[0]}"].place.removesuffix(", width")
            yield Problem("tranche_numbers", f"{row}, tranche", ", ".join(map(str, given)), {"programme": key})
        ordered = sorted(tranches, key=lambda tranche: tranche.tranche)
        for before, after in pairwise(ordered):
            for metric in METRICS:
                if after.returns[metric] > before.returns[metric]:
                    path = f"returns.{metric}.{key}.{after.tranche}"
                    facts = {"before": f"{before.returns[metric]:g}", "k": before.tranche}
                    value = f"{after.returns[metric]:g}"
                    yield Problem("returns_rise", f"{numbers[path].place} ({path})", value, facts)


def _limits(resolved: Resolved, instance: Instance) -> Iterator[Problem]:
    """No floor above its ceiling or where nothing can be spent, floors within the budget, heads where per head."""
    budget, unit = instance.budget, resolved.context.currency
    for limit in instance.limits:
        floor, ceiling = limit.floor(budget), limit.ceiling(budget)
        if floor is not None and ceiling is not None and floor > ceiling * (1 + SLACK):
            facts = {"ceiling": f"{ceiling:g}", "unit": unit}
            yield Problem("floor_above_ceiling", f"regions.{limit.region}", f"{floor:g}", facts)
        elif floor is not None and floor > 0 and limit.region in read_equity.unfundable(instance):
            yield Problem("floor_without_money", f"regions.{limit.region}", f"{floor:g}", {"unit": unit})
    floors = sum(limit.floor(budget) or 0.0 for limit in instance.limits)
    if 0 < budget * (1 + SLACK) < floors:
        facts = {"budget": f"{budget:g}", "unit": unit, "excess": f"{floors - budget:g}"}
        yield Problem("floors_above_budget", "regions.*.floor", f"{floors:g}", facts)
    for path, quantity in resolved.stated.items():
        if path.endswith("_per_head") and f"population.{path.split('.')[1]}" not in resolved.computed:
            yield Problem("population_missing", quantity.place, None, {"region": path.split(".")[1]})
