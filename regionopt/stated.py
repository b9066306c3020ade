"""What a case file says: every number in it with unit, source and standing, and every path it has a place for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from regionopt.document import Standing
from regionopt.errors import Problem, nearest
from regionopt.quantity import ABSURD, Quantity, Range
from regionopt.schema import CaseDocument, Names, RegionSection, Stated
from regionopt.sources import Sources

Numbers = dict[str, Quantity]


@dataclass(frozen=True)
class Context:
    """What resolving needs at every turn: the case file, its tables, its name for messages."""

    document: CaseDocument
    sources: Sources
    file: str

    @property
    def currency(self) -> str:
        """The currency unit of the case."""
        return self.document.case.currency_unit

    def unit(self, metric: str) -> str:
        """Unit of a metric."""
        return f"{self.currency} a year" if metric == "output" else "jobs"

    def return_unit(self, metric: str) -> str:
        """Unit of a return."""
        return f"{self.unit(metric)} per {self.currency}"


def stated_numbers(context: Context) -> tuple[Numbers, list[Problem]]:
    """Every number of the case file, facts looked up, and what is wrong with them; nan for one without a value."""
    numbers: Numbers = {}
    problems: list[Problem] = []
    for path, stated, extra in _leaves(context.document, ""):
        place = f"{context.file}: {path}"
        quantity = _resolve(context, place, stated, _unit(context, path, extra["unit"]))
        if isinstance(quantity, Problem):
            problems.append(quantity)
            numbers[path] = _unknown(place)
            continue
        low = extra.get("exclusiveMinimum", extra.get("minimum", 0.0))
        allowed = Range(low, extra.get("maximum", ABSURD), "exclusiveMinimum" in extra)
        problems += allowed.problems(place, quantity.value, quantity.unit)
        numbers[path] = quantity
    if "budget.total" not in numbers:
        place = f"{context.file}: budget.total"
        problems.append(Problem("number_missing", place))
        numbers["budget.total"] = _unknown(place)
    return numbers, problems


def _unknown(place: str) -> Quantity:
    """Stands for a number that has a problem, while the rest of the case is checked."""
    return Quantity(math.nan, "", "", "", Standing.ASSUMPTION, place)


def _leaves(section: BaseModel, prefix: str) -> Iterator[tuple[str, Stated, Mapping[str, Any]]]:
    """Every stated number with its dotted path and the schema's unit and range."""
    for name, spec in type(section).model_fields.items():
        value, path = getattr(section, name), f"{prefix}{name}"
        extra = spec.json_schema_extra if isinstance(spec.json_schema_extra, dict) else {}
        if isinstance(value, Stated):
            yield path, value, extra
        elif isinstance(value, tuple):
            yield from ((f"{path}.{k}", item, extra) for k, item in enumerate(value, 1) if isinstance(item, Stated))
        elif isinstance(value, BaseModel):
            yield from _leaves(value, f"{path}.")
        elif path == "regions":
            for region, limits in value.items():
                yield from _leaves(limits, f"{path}.{region}.")


def _unit(context: Context, path: str, generic: str) -> str:
    """The schema's generic unit in this case's own words."""
    if path.startswith("targets."):
        return context.unit(path.split(".")[1])
    if path.startswith("returns.level."):
        return context.return_unit(path.rsplit(".", 1)[1])
    return context.currency if generic == "currency unit of the case" else generic


def _resolve(context: Context, place: str, stated: Stated, unit: str) -> Quantity | Problem:
    facts = context.sources.facts
    if stated.fact is not None:
        if stated.value is not None:
            return Problem("value_and_fact", place, stated.fact)
        if stated.fact not in facts:
            return Problem("unknown_fact", place, stated.fact, {"nearest": nearest(stated.fact, facts)})
        return facts[stated.fact]
    if stated.value is None:
        return Problem("no_value", place)
    source = stated.source or context.file
    return Quantity(stated.value, stated.unit or unit, source, stated.date, stated.status, place)


def settable_paths(document: Mapping[str, Any], sources: Sources, everything: bool = False) -> list[str]:
    """Every path of the case file that an override may set, whether the file says it already or not.

    A number that a table stands in for is none of them, unless `everything` is asked for: to set it would change
    nothing.
    """
    paths = [path for path in _fields(CaseDocument, "") if everything or not _replaced(path, sources)]
    for name in () if sources.path("coefficients") and not everything else ("tranche_widths", "tranche_factors"):
        listed = document.get("returns", {}).get(name, [])
        paths += [f"returns.{name}.{k}" for k in range(1, len(listed) + 1)]
    limits = RegionSection.model_fields
    return paths + [f"regions.{region.id}.{limit}" for region in sources.regions for limit in limits]


def _replaced(path: str, sources: Sources) -> bool:
    """Whether a table gives what this path would."""
    if path.startswith("targets."):
        return sources.path("targets") is not None and not path.endswith(".must")
    return sources.path("coefficients") is not None and path.startswith(("returns.", "budget.reference"))


def _fields(section: type[BaseModel], prefix: str) -> Iterator[str]:
    """Paths of a schema, apart from the case's id, its overrides and its scenarios."""
    for name, spec in section.model_fields.items():
        path = f"{prefix}{name}"
        if path in ("case.id", "regions", "overrides", "scenarios"):
            continue
        inner = _section(spec.annotation)
        if inner is None:
            yield path
        else:
            yield from _fields(inner, f"{path}.")


def _section(annotation: Any) -> type[BaseModel] | None:
    """The section behind an annotation, optional or not; None for a leaf."""
    for option in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(option, type) and issubclass(option, BaseModel) and option is not Stated:
            return None if option is Names else option
    return None
