"""The difference map: what the compared plans change in each region against the first, as one HTML file.

Drawn by the page of a plan (`maps`): its numbers are differences here, its classes lie on both sides of zero, and one
scale holds for everything that is compared. Limits of classes and colours are data of the page.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from regionopt.common.texts import LANGUAGES, Language, text
from regionopt.compare.comparison import exact
from regionopt.compare.page import drawing_of_sides, heading
from regionopt.compare.sides import Side
from regionopt.maps.classes import round_step
from regionopt.maps.counties import Boundaries
from regionopt.maps.mapdata import METRICS, Metric, Unit, page_texts, units
from regionopt.maps.maps import whole_page

# PuOr of ColorBrewer: orange is less, purple is more, the middle is no change.
COLOURS = (
    "#b35806", "#e08214", "#fdb863", "#fee0b6", "#f7f7f7", "#d8daeb", "#b2abd2", "#8073ac", "#542788",
)  # fmt: skip
CLASSES = len(COLOURS) // 2
SHOWN = ("budget", "budget_per_head", "output", "jobs", "output_shortfall", "jobs_shortfall")
SUMMED = ("budget", "output", "jobs")
Told = Mapping[str, Sequence[Mapping[str, str]]]
"""Sentences by side, in both languages; the first is the headline."""


def difference_page(sides: Sequence[Side], told: Told, boundaries: Boundaries, language: Language = "zh-TW") -> str:
    """The whole page of sides against the first, which must have a plan. The same input gives the same bytes.

    A side without a plan stays in the switch and shows no numbers. Raises InputError as `maps.page` does.
    """
    drawing = drawing_of_sides(sides, boundaries)
    return whole_page(drawing, page_data(sides, told, language), language, ("difference.js",), "difference.css")


def page_data(sides: Sequence[Side], told: Told, language: Language) -> dict[str, Any]:
    """What the page knows, but for what geometry adds."""
    base, others = sides[0], sides[1:]
    plans = [_plan(base, side, told[side.name]) for side in others]
    return {
        **heading(sides, "compare.page_title", language),
        "metrics": [_metric(metric, sides, plans) for metric in METRICS if metric.field in SHOWN],
        "plans": plans,
        "first": next(place for place, side in enumerate(others) if side.has_plan),
        "before": _amounts(base),
        "colours": list(COLOURS),
        "geometry": base.document.provenance.geometry,
        "texts": {one: page_texts(one) | _texts(base, one) for one in LANGUAGES},
    }


def limits(values: Iterable[float | None]) -> list[float]:
    """Nine round limits of eight equal classes, symmetric about zero, as far as the largest move either way."""
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    step = round_step(largest / CLASSES) if largest > 0 else 1.0
    return [float(f"{step * limit:.12g}") for limit in range(-CLASSES, CLASSES + 1)]


def _metric(metric: Metric, sides: Sequence[Side], plans: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    moved = [numbers[metric.field] for plan in plans for numbers in plan["regions"]]
    amounts = [getattr(region, metric.field) for side in sides for region in side.document.regions]
    currency = sides[0].document.budget.unit
    shown = _units(metric, currency, moved)
    return {
        "key": metric.field,
        "limits": limits(moved),
        "zero": max(0.5 * 10.0**-unit.decimals / unit.scale for unit in shown.values()),
        "units": {language: asdict(unit) for language, unit in shown.items()},
        "amounts": {language: asdict(unit) for language, unit in _amount_units(metric, currency, amounts).items()},
    }


def _units(metric: Metric, currency: str, values: Sequence[float | None]) -> Mapping[str, Unit]:
    """How differences are shown: those of a shortfall in percentage points."""
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    if metric.kind == "ratio":
        return {one: Unit(100, 1, text("compare.page_points", one)) for one in LANGUAGES}
    return units(metric.kind, currency, largest)


def _amount_units(metric: Metric, currency: str, values: Sequence[float | None]) -> Mapping[str, Unit]:
    """How the amounts themselves are shown."""
    return units(metric.kind, currency, max((value for value in values if value is not None), default=0.0))


def _plan(base: Side, side: Side, told: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """One of the compared: its differences by region and in all, and what is said of it."""
    regions = [
        {field: _difference(getattr(before, field), getattr(side.regions[before.id], field)) for field in SHOWN}
        for before in base.document.regions
    ]
    return {
        "name": side.name,
        "regions": regions,
        "total": {field: _sum(numbers[field] for numbers in regions) for field in SUMMED},
        "against": {one: text("compare.page_against", one, name=side.name, base=base.name) for one in LANGUAGES},
        "finding": dict(told[0]),
        "sentences": {one: [sentence[one] for sentence in told[1:]] for one in LANGUAGES},
    }


def _amounts(base: Side) -> dict[str, Any]:
    """The numbers of the base by region, and in all."""
    regions = [{field: getattr(region, field) for field in SHOWN} for region in base.document.regions]
    return {"regions": regions, "total": {field: _sum(numbers[field] for numbers in regions) for field in SUMMED}}


def _difference(before: float | None, after: float | None) -> float | None:
    a, b = exact(before), exact(after)
    return None if a is None or b is None else float(b - a)


def _sum(values: Iterable[float | None]) -> float | None:
    known = list(values)
    return None if None in known else math.fsum(value for value in known if value is not None)


def _texts(base: Side, language: Language) -> dict[str, str]:
    """Words that the page of a plan has otherwise, and those that only this page has; places stay to be filled."""
    keep = {place: f"{{{place}}}" for place in ("value", "metric", "before", "after", "from", "to")}
    words = {
        "facts": "page_why",
        "table": "page_table",
        "table_hint": "page_hint",
        "note_shortfall": "page_shortfall",
        "difference_no_change": "page_no_change",
        "difference_range": "page_range",
        "difference_before": "page_before",
        "difference_only_before": "page_only_before",
        "difference_note": "page_note",
        "difference_choose": "page_choose",
    }
    return {key: text(f"compare.{name}", language, base=base.name, **keep) for key, name in words.items()}
