"""What a case file says: every number in it with unit, source and standing, and every path it has a place for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel

from regionopt.case.schema import ASIDE, CaseDocument, RegionSection
from regionopt.case.sections import HEAD, MONEY, Names, Stated
from regionopt.case.sources import Sources
from regionopt.common.decimals import stage_unit
from regionopt.common.document import Standing
from regionopt.common.errors import Problem, nearest
from regionopt.common.instance import Target
from regionopt.common.quantity import ABSURD, Quantity, Range
from regionopt.common.units import single_unit

Numbers = dict[str, Quantity]
Missing = TypeVar("Missing")


def value_of(numbers: Numbers, path: str, missing: Missing) -> float | Missing:
    """The value at a path; `missing` where the case has no number there."""
    return numbers[path].value if path in numbers else missing


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
        return stage_unit(metric, self.currency)

    def target_unit(self, target: Target) -> str:
        """Unit of a target: of its metric, 1 for a weighted sum."""
        return "1" if target.over else self.unit(target.metric)

    def head_unit(self, metric: str) -> str:
        """Unit of a metric a resident."""
        return f"{single_unit(self.currency)} a year a head" if metric == "output" else "jobs a head"

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
        problems += _allowed(extra).problems(place, quantity.value, quantity.unit)
        numbers[path] = quantity
    if "budget.total" not in numbers:
        place = f"{context.file}: budget.total"
        problems.append(Problem("number_missing", place))
        numbers["budget.total"] = _unknown(place)
    return numbers, problems


def ranges(context: Context) -> dict[str, Range]:
    """Which values each number of the case file may take, by path."""
    return {path: _allowed(extra) for path, _, extra in _leaves(context.document, "")}


def _allowed(extra: Mapping[str, Any]) -> Range:
    low = extra.get("exclusiveMinimum", extra.get("minimum", 0.0))
    return Range(low, extra.get("maximum", ABSURD), "exclusiveMinimum" in extra)


def _unknown(place: str) -> Quantity:
    """Stands for a number that has a problem, while the rest of the case is checked."""
    return Quantity(math.nan, "", "", "", Standing.ASSUMPTION, place)


def _leaves(section: BaseModel, prefix: str) -> Iterator[tuple[str, Stated, Mapping[str, Any]]]:
    """Every stated number with its dotted path and the schema's unit and range."""
    for name, spec in type(section).model_fields.items():
        told = spec.json_schema_extra if isinstance(spec.json_schema_extra, dict) else {}
        if name not in ASIDE:
            yield from _inside(getattr(section, name), f"{prefix}{name}", told)


def _inside(value: Any, path: str, told: Mapping[str, Any]) -> Iterator[tuple[str, Stated, Mapping[str, Any]]]:
    """The numbers in one value: itself, a section, a list (counted from 1) or a table."""
    if isinstance(value, Stated):
        yield path, value, told
    elif isinstance(value, BaseModel):
        yield from _leaves(value, f"{path}.")
    elif isinstance(value, (tuple, dict)):
        named = value.items() if isinstance(value, dict) else enumerate(value, 1)
        for key, item in named:
            yield from _inside(item, f"{path}.{key}", told)


def _unit(context: Context, path: str, generic: str) -> str:
    """The schema's generic unit in this case's own words."""
    if path.startswith("targets.") and generic.startswith("metric"):
        return context.unit(path.split(".")[1]) if generic == "metric" else context.head_unit(path.split(".")[1])
    if path.startswith("returns.level."):
        return context.return_unit(path.rsplit(".", 1)[1])
    if generic == HEAD:
        return f"{single_unit(context.currency)} a head"
    return context.currency if generic == MONEY else generic


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
    paths = [path for path in _fields(CaseDocument, "", document) if everything or not _replaced(path, sources)]
    limits = RegionSection.model_fields
    return paths + [f"regions.{region.id}.{limit}" for region in sources.regions for limit in limits]


def _replaced(path: str, sources: Sources) -> bool:
    """Whether a table gives what this path would."""
    if path.startswith("targets."):
        split = path.endswith((".total", ".split"))
        return split and sources.path("targets") is not None
    return sources.path("coefficients") is not None and path.startswith(("returns.", "budget.reference"))


def _fields(section: type[BaseModel], prefix: str, raw: Any) -> Iterator[str]:
    """Paths of a schema, apart from the case's id, its overrides and its scenarios."""
    for name, spec in section.model_fields.items():
        path = f"{prefix}{name}"
        if path not in ("case.id", "regions", *ASIDE):
            yield from _paths(spec.annotation, path, raw.get(name) if isinstance(raw, Mapping) else None)


def _paths(annotation: Any, path: str, raw: Any) -> Iterator[str]:
    """Paths below one key: those of a section, of what a table or list holds already, or the key itself.

    An override may also add to a table: `*` stands for a name of its own.
    """
    kind = _plain(annotation)
    inner = [item for item in get_args(kind) if item is not Ellipsis]
    if get_origin(kind) is dict:
        for key, item in raw.items() if isinstance(raw, Mapping) else ():
            yield from _paths(inner[1], f"{path}.{key}", item)
        yield from _paths(inner[1], f"{path}.*", None)
    elif get_origin(kind) is tuple:
        yield path
        for k, item in enumerate(raw if isinstance(raw, list) else (), 1):
            yield from _paths(inner[0], f"{path}.{k}", item)
    elif isinstance(kind, type) and issubclass(kind, BaseModel) and kind not in (Stated, Names):
        yield from _fields(kind, f"{path}.", raw)
    else:
        yield path


def _plain(annotation: Any) -> Any:
    """An annotation without `Annotated` and without `None`; of a choice, the first."""
    options = [option for option in get_args(annotation) if option is not type(None)]
    if get_origin(annotation) in (Annotated, Union, UnionType):
        return _plain(options[0])
    return annotation
