"""What limits are called, and how their numbers are counted and told: amounts with their units."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from regionopt.case.case import Case
from regionopt.case.limits import Limit, of_path, setting_of
from regionopt.common.instance import Target
from regionopt.common.texts import Language, in_language, short, text
from regionopt.maps.mapdata import units

# How the number of each kind of limit is counted; targets are counted as their metric.
COUNTED = {
    **dict.fromkeys(("floor", "ceiling", "group_floor", "group_ceiling", "own_budget", "envelope"), "money"),
    **dict.fromkeys(("budget", "absorption_start", "rule", "platform_cost", "measure_cost"), "money"),
    **dict.fromkeys(("floor_share", "ceiling_share", "group_floor_share", "group_ceiling_share"), "percent"),
    **dict.fromkeys(("share", "execution_rate", "carry_over", "growth"), "percent"),
    **dict.fromkeys(("ratio", "absorption_growth"), "times"),
    **dict.fromkeys(("floor_per_head", "ceiling_per_head", "mean_difference"), "head"),
    **dict.fromkeys(("minimum", "maximum"), "count"),
}
COUNTED_METRICS = {"output": "yearly", "jobs": "jobs"}
STEPS = {"percent": 0.01, "times": 0.1, "count": 1.0}


def named(case: Case, limit: Limit, language: Language) -> str:
    """What a limit is called."""
    return text(f"limit.{limit.kind.key}", language, **names(case, limit, language))


def row_named(case: Case, limit: Limit, language: Language) -> str:
    """What one row of a limit is called, where its number is said for several regions or years at once."""
    own = [name for name in limit.names if f"{{{name}}}" in limit.kind.row and f"{{{name}}}" not in limit.kind.path]
    every = names(case, limit, language)
    beside = ", ".join(filter(None, (every[name].strip(",") for name in own)))
    said = named(case, limit, language)
    return text("sentence.beside", language, name=said, beside=beside) if beside else said


def titled(case: Case, path: str, language: Language) -> str:
    """The name of the limit or other setting at a path; the path itself where it has none."""
    if (limit := of_path(path)) is not None:
        return named(case, limit, language)
    if (setting := setting_of(path)) is not None:
        return text(f"setting.{setting.kind.key}", language, **names(case, setting, language))
    return path


def counted(limit: Limit) -> str:
    """How the number of a limit is counted."""
    metric = limit.names.get("metric", "output")
    if limit.kind.key == "per_head":
        return "head" if metric == "output" else "jobs_head"
    return COUNTED.get(limit.kind.key) or COUNTED_METRICS[metric]


def counted_target(target: Target) -> str:
    """How a target is counted."""
    return "percent" if target.over else COUNTED_METRICS[target.metric]


def step_of(limit: Limit, value: float) -> float:
    """The step in which a change of a number is told: one of its units near a thousandth of it."""
    how = counted(limit)
    if how in STEPS:
        return STEPS[how]
    return float(10 ** math.floor(math.log10(abs(value) / 500))) if value else 1.0


def amount(case: Case, how: str, value: float, language: Language) -> str:
    """A value with its unit, with every digit that it has."""
    if how == "percent":
        return f"{_digits(value * 100)}%"
    if how in ("times", "count", "jobs", "jobs_head"):
        return text(f"amount.{how}", language, value=_digits(value))
    unit = units(how, case.resolved.context.currency, abs(value))[language]
    return unit.pattern.format(value=_digits(value * unit.scale), unit=unit.name)


def _digits(value: float) -> str:
    return f"{value:,.10f}".rstrip("0").rstrip(".") if abs(value) < 1 else f"{float(f'{value:.10g}'):,.10g}"


def region_names(case: Case, language: Language) -> dict[str, str]:
    """Display names of regions by id."""
    return {region.id: getattr(region, f"name_{short(language)}") for region in case.regions}


def names(case: Case, limit: Limit, language: Language) -> dict[str, str]:
    """Display names of what is named in a limit; ids where there is none."""
    document = case.document
    regions = region_names(case, language)
    sections: Mapping[str, Mapping[str, Any]] = {
        "group": document.groups,
        "platform": document.platforms,
        "measure": document.measures,
    }
    found = dict(limit.names)
    for kind, value in limit.names.items():
        if kind in ("region", "other"):
            found[kind] = text("setting.each_region", language) if value == "*" else regions.get(value, value)
        elif kind == "metric":
            found[kind] = text(f"metric.{value}", language)
        elif value in sections.get(kind, {}):
            title = sections[kind][value].title
            found[kind] = in_language(title, language) if title else value
    if limit.kind.key == "rule":
        found["rule"] = document.rules[int(found["n"]) - 1].id
    return found
