"""Equity between regions: `[equity]` as a part of the instance.

heads[r] = population[r] ÷ scale of the currency unit, so that money ÷ heads is in single currency units a person
"""

from __future__ import annotations

from collections.abc import Iterator

from regionopt.case.compute import Resolved
from regionopt.case.regions import Region
from regionopt.common.errors import Problem
from regionopt.common.instance import Equity, Instance
from regionopt.common.units import scale

KINDS = ("ratio", "mean_difference")


def part(resolved: Resolved) -> Equity | None:
    """The limits that are given, with every region's heads; None where there is none or nobody is counted."""
    given = {kind: resolved.stated.get(f"equity.{kind}") for kind in KINDS}
    if not any(given.values()) or list(_uncounted(resolved)):
        return None
    unit = scale(resolved.context.currency)
    heads = {region.id: resolved.computed[f"population.{region.id}"].value / unit for region in _regions(resolved)}
    ratio, difference = (None if quantity is None else quantity.value for quantity in given.values())
    return Equity(heads, ratio, difference)


def problems(resolved: Resolved, instance: Instance) -> Iterator[Problem]:
    """Money per head needs a population of every region, a ratio needs money in every region."""
    if resolved.context.document.equity is not None:
        for region in _uncounted(resolved):
            place = f"{resolved.context.file}: equity"
            yield Problem("population_missing", place, None, {"region": region})
    ratio, barren = resolved.stated.get("equity.ratio"), unfundable(instance)
    if ratio is not None and barren:
        facts = {"regions": ", ".join(barren)}
        yield Problem("ratio_without_money", f"{resolved.context.file}: equity.ratio", f"{ratio.value:g}", facts)


def unfundable(instance: Instance) -> tuple[str, ...]:
    """Regions that can receive nothing: no tranche or platform takes money, or the ceiling is 0."""
    open_ = {t.region for t in instance.tranches if not t.width <= 0}
    open_ |= {platform.region for platform in instance.platforms if platform.cost > 0}
    closed = {limit.region for limit in instance.limits if limit.ceiling(instance.budget) == 0}
    return tuple(region for region in instance.regions if region not in open_ or region in closed)


def _regions(resolved: Resolved) -> tuple[Region, ...]:
    return resolved.context.sources.regions


def _uncounted(resolved: Resolved) -> Iterator[str]:
    """Regions without residents, or without a number of them."""
    for region in _regions(resolved):
        people = resolved.computed.get(f"population.{region.id}")
        if people is None or not people.value > 0:
            yield region.id
