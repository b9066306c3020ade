"""Targets that are relative to something else than an amount, from `[targets.<metric>]` of the case file.

    [targets.output.growth]      rate, baseline by region, by = "region" or "average", must
    [targets.output.share]       by region: least share of the national total; it must be kept
    [targets.output] per_head    amount a resident: single currency units a year, or jobs

    by region     T[m,r] = rate · baseline[m,r]                    per head     T[m,r] = value · residents of r
    on average    Σ_r gained[m,r] / (R · baseline[m,r])  against the rate itself (R: number of regions)

Growth is measured by what the plan brings on top of the baseline. The targets stand beside the absolute ones, in
the unit of the metric; those on average have unit 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from regionopt.case.compute import Resolved
from regionopt.case.naming import unknown_regions
from regionopt.case.schema import TargetSection
from regionopt.common.errors import Problem
from regionopt.common.instance import METRICS, Instance, Share, Target
from regionopt.common.quantity import Range
from regionopt.common.units import scale

# A target of 0 has no relative shortfall.
SMALLEST = Range(minimum=1e-6)


def targets(resolved: Resolved) -> tuple[Target, ...]:
    """Growth and per-head targets of both metrics; none where a number is missing."""
    return tuple(
        target
        for metric, section in _sections(resolved)
        for target in (*_growth(resolved, metric, section), *_per_head(resolved, metric, section))
    )


def shares(resolved: Resolved) -> tuple[Share, ...]:
    """Least shares of the national total, in the written order."""
    return tuple(
        Share(metric, region, resolved.stated[f"targets.{metric}.share.{region}"].value)
        for metric, section in _sections(resolved)
        for region in section.share
        if region in _regions(resolved)
    )


def _growth(resolved: Resolved, metric: str, section: TargetSection) -> Iterator[Target]:
    path = f"targets.{metric}.growth"
    if section.growth is None or f"{path}.rate" not in resolved.stated:
        return
    rate, must, regions = resolved.stated[f"{path}.rate"].value, section.growth.must, _regions(resolved)
    base = {r: resolved.stated[f"{path}.baseline.{r}"].value for r in regions if r in section.growth.baseline}
    if section.growth.by == "region":
        for region, amount in base.items():
            yield Target(metric, region, rate * amount, must, "growth")
    else:
        over = {r: 1 / (len(regions) * amount) for r, amount in base.items() if amount}
        yield Target(metric, "all", rate, must, "growth", over=over)


def _per_head(resolved: Resolved, metric: str, section: TargetSection) -> Iterator[Target]:
    amount = resolved.stated.get(f"targets.{metric}.per_head")
    if amount is None:
        return
    unit = scale(resolved.context.currency) if metric == "output" else 1.0
    for region in _regions(resolved):
        people = resolved.computed.get(f"population.{region}")
        must = section.must if isinstance(section.must, bool) else region in section.must
        if people is not None:
            yield Target(metric, region, amount.value * people.value / unit, must, "per_head")


def problems(resolved: Resolved, instance: Instance) -> Iterator[Problem]:
    """Baselines and populations are there, regions exist, shares add up to 1 at most, no target is 0."""
    for metric, section in _sections(resolved):
        place = f"{resolved.context.file}: targets.{metric}"
        yield from _growth_problems(section, f"{place}.growth", instance)
        yield from unknown_regions(f"{place}.share", section.share, instance.regions)
        wanted = [share.share for share in instance.shares if share.metric == metric]
        if max(wanted, default=0.0) <= 1 and math.fsum(wanted) > 1 + 1e-9:
            yield Problem("shares_above_one", f"{place}.share", f"{math.fsum(wanted):g}")
        if section.per_head is not None:
            for region in instance.regions:
                if f"population.{region}" not in resolved.computed:
                    yield Problem("population_missing", f"{place}.per_head", None, {"region": region})
    for target in instance.targets:
        amount = resolved.stated.get(f"targets.{target.metric}.per_head")
        empty = target.kind == "per_head" and amount is not None and amount.value > 0  # a region without residents
        if target.kind and not target.period and (empty or target.target > 0):
            place = f"{resolved.context.file}: targets.{target.metric}.{target.kind} ({target.region})"
            yield from SMALLEST.problems(place, target.target, resolved.context.unit(target.metric))


def _growth_problems(section: TargetSection, place: str, instance: Instance) -> Iterator[Problem]:
    growth = section.growth
    if growth is None:
        return
    if growth.rate is None:
        yield Problem("number_missing", f"{place}.rate")
    yield from unknown_regions(f"{place}.baseline", growth.baseline, instance.regions)
    missing = [region for region in instance.regions if region not in growth.baseline]
    if missing:
        yield Problem("baseline_missing", f"{place}.baseline", None, {"regions": ", ".join(missing)})


def _sections(resolved: Resolved) -> Iterator[tuple[str, TargetSection]]:
    for metric in METRICS:
        section = getattr(resolved.context.document.targets, metric)
        if section is not None:
            yield metric, section


def _regions(resolved: Resolved) -> tuple[str, ...]:
    return tuple(region.id for region in resolved.context.sources.regions)
