"""Platforms and supporting measures, from `[platforms.<id>]` and `[measures.<id>]` of the case file.

    [platforms.port]                 a region, a fixed cost (currency unit of the case), required or chosen
    unlocks = ["south.chips"]        programmes that get money only where the platform is open
    raises = { farms = 0.2 }         by programme: its returns rise by a fifth (unit 1) where it is open

    [measures.water]                 cost of one (currency unit), minimum and maximum in the country (whole numbers)

A programme is named as `programme` (in every region that has it) or `region.programme`; the longer name counts
where both are given.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator

from regionopt.case.compute import Resolved
from regionopt.case.naming import Programme, bad_ids, programmes_named, unknown_programmes, unknown_regions
from regionopt.case.stated import value_of
from regionopt.common.errors import Problem
from regionopt.common.instance import Instance, Measure, Platform
from regionopt.common.quantity import Quantity

MOST = 1000
# One part in a million: the rounding of amounts written by hand is no clash.
SLACK = 1e-6


def platforms(resolved: Resolved, known: Collection[Programme]) -> tuple[Platform, ...]:
    """The platforms in their written order; a missing cost is 0, unknown programmes are left out."""
    return tuple(
        Platform(
            name,
            section.region,
            value_of(resolved.stated, f"platforms.{name}.cost", 0.0),
            section.required,
            programmes_named(section.unlocks, known),
            _raises(resolved, f"platforms.{name}.raises", tuple(section.raises), known),
        )
        for name, section in resolved.context.document.platforms.items()
    )


def _raises(
    resolved: Resolved, path: str, names: tuple[str, ...], known: Collection[Programme]
) -> dict[Programme, float]:
    raised: dict[Programme, float] = {}
    for name in sorted(names, key=lambda name: "." in name):
        for key in sorted(programmes_named((name,), known)):
            raised[key] = resolved.stated[f"{path}.{name}"].value
    return raised


def measures(resolved: Resolved) -> tuple[Measure, ...]:
    """The measures in their written order; a missing cost is 0, what is no whole number is cut off."""
    found = []
    for name in resolved.context.document.measures:
        least = _whole(resolved.stated.get(f"measures.{name}.minimum"), 0)
        most = _whole(resolved.stated.get(f"measures.{name}.maximum"), max(MOST, least))
        found.append(Measure(name, value_of(resolved.stated, f"measures.{name}.cost", 0.0), least, most))
    return tuple(found)


def problems(resolved: Resolved, instance: Instance) -> Iterator[Problem]:
    """Names exist, costs are given and can be paid, numbers of measures are whole and in order."""
    document, file = resolved.context.document, resolved.context.file
    yield from bad_ids(f"{file}: platforms", document.platforms)
    yield from bad_ids(f"{file}: measures", document.measures)
    yield from _platform_problems(resolved, instance)
    yield from _measure_problems(resolved, instance)
    yield from _costs(resolved, instance)


def _platform_problems(resolved: Resolved, instance: Instance) -> Iterator[Problem]:
    known = {(t.region, t.programme) for t in instance.tranches}
    for name, section in resolved.context.document.platforms.items():
        place = f"{resolved.context.file}: platforms.{name}"
        if section.cost is None:
            yield Problem("number_missing", f"{place}.cost")
        yield from unknown_regions(f"{place}.region", [section.region], instance.regions)
        yield from unknown_programmes(f"{place}.unlocks", section.unlocks, known)
        yield from unknown_programmes(f"{place}.raises", section.raises, known)


def _measure_problems(resolved: Resolved, instance: Instance) -> Iterator[Problem]:
    for measure in instance.measures:
        path = f"measures.{measure.id}"
        if f"{path}.cost" not in resolved.stated:
            yield Problem("number_missing", f"{resolved.context.file}: {path}.cost")
        given = [resolved.stated.get(f"{path}.{bound}") for bound in ("minimum", "maximum")]
        broken = [q for q in given if q and math.isfinite(q.value) and not q.value.is_integer()]
        for quantity in broken:
            yield Problem("not_a_count", quantity.place, f"{quantity.value:g}")
        if not broken and measure.minimum > measure.maximum:
            facts = {"maximum": measure.maximum}
            yield Problem("minimum_above_maximum", f"{resolved.context.file}: {path}", measure.minimum, facts)


def _costs(resolved: Resolved, instance: Instance) -> Iterator[Problem]:
    """Each fixed cost fits into the budget, and so do all that have to be paid, together."""
    file, budget, unit = resolved.context.file, instance.budget, resolved.context.currency
    facts = {"budget": f"{budget:g}", "unit": unit}
    if not budget > 0:
        return
    dear = [platform for platform in instance.platforms if platform.cost > budget * (1 + SLACK)]
    for platform in dear:
        yield Problem("cost_above_budget", f"{file}: platforms.{platform.id}.cost", f"{platform.cost:g}", facts)
    paid = [platform.cost for platform in instance.platforms if platform.required]
    paid += [measure.cost * measure.minimum for measure in instance.measures]
    if not dear and sum(paid) > budget * (1 + SLACK):
        more = {**facts, "excess": f"{sum(paid) - budget:g}"}
        yield Problem("fixed_costs_above_budget", f"{file}: platforms, measures", f"{sum(paid):g}", more)


def _whole(quantity: Quantity | None, missing: int) -> int:
    finite = quantity is not None and abs(quantity.value) < 1e9
    return int(quantity.value) if quantity is not None and finite else missing
