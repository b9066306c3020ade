"""Equity between regions: `[equity]` as a part of the instance.

heads[r] = population[r] ÷ scale of the currency unit, so that money ÷ heads is in single currency units a person
"""

from __future__ import annotations

from collections.abc import Iterator

from regionopt.compute import Resolved
from regionopt.errors import Problem
from regionopt.instance import Equity
from regionopt.regions import Region
from regionopt.units import scale

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


def problems(resolved: Resolved) -> Iterator[Problem]:
    """Money per head needs a population of every region."""
    if resolved.context.document.equity is not None:
        for region in _uncounted(resolved):
            place = f"{resolved.context.file}: equity"
            yield Problem("population_missing", place, None, {"region": region})


def _regions(resolved: Resolved) -> tuple[Region, ...]:
    return resolved.context.sources.regions


def _uncounted(resolved: Resolved) -> Iterator[str]:
    """Regions without residents, or without a number of them."""
    for region in _regions(resolved):
        people = resolved.computed.get(f"population.{region.id}")
        if people is None or not people.value > 0:
            yield region.id
