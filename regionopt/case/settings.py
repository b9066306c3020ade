"""What a case says besides its numbers: texts, flags and lists of names, by path, and what follows from the names.

    groups.<id>.members           the programmes that a group has, however they were named
    spillovers.<metric>.at_home   the regions without a row: their returns arise where the money is spent
    rules.<n>.terms               each with its coefficient, 1 where none is given

Numbers are in `Resolved.numbers`; overrides and scenarios are applied already and no part of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from regionopt.case import read_groups, read_rules
from regionopt.case.compute import Resolved
from regionopt.case.schema import ASIDE
from regionopt.case.sections import Names, Stated
from regionopt.common.instance import Tranche

Value = str | bool | dict[str, str] | list[str] | list[dict[str, Any]]
LEFT_OUT = (*ASIDE, "rules")


def settings(resolved: Resolved) -> dict[str, Value]:
    """Every text, flag and list of the case file by path, in the order of the schema; what is empty is left out."""
    document = resolved.context.document
    found = dict(_leaves({n: getattr(document, n) for n in type(document).model_fields if n not in LEFT_OUT}, ""))
    return {**found, **dict(_members(resolved)), **dict(_at_home(resolved)), **dict(_rules(resolved))}


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Value]]:
    """The settings inside one value of the case file."""
    if isinstance(value, Names):
        yield path, value.model_dump()
    elif isinstance(value, BaseModel) and not isinstance(value, Stated):
        yield from _leaves({name: getattr(value, name) for name in type(value).model_fields}, path)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, tuple) and value and all(isinstance(item, str) for item in value):
        yield path, list(value)
    elif isinstance(value, (str, bool)) and value != "":
        yield path, value


def _tranches(resolved: Resolved) -> tuple[Tranche, ...]:
    """A tranche of every programme, for what is asked of names only."""
    keys = [path.split(".")[1:3] for path in resolved.computed if path.startswith("widths.")]
    return tuple(Tranche(region, programme, 1, 0.0, {}) for region, programme in dict.fromkeys(map(tuple, keys)))


def _members(resolved: Resolved) -> Iterator[tuple[str, Value]]:
    for group in read_groups.part(resolved, _tranches(resolved)):
        yield f"groups.{group.id}.members", [".".join(programme) for programme in sorted(group.programmes)]


def _at_home(resolved: Resolved) -> Iterator[tuple[str, Value]]:
    for metric, rows in resolved.context.document.spillovers.items():
        regions = [region.id for region in resolved.context.sources.regions if region.id not in rows]
        if regions:
            yield f"spillovers.{metric}.at_home", list(regions)


def _rules(resolved: Resolved) -> Iterator[tuple[str, Value]]:
    for n, rule in enumerate(resolved.context.document.rules, 1):
        path = f"rules.{n}"
        coefficients = read_rules.coefficients(resolved, n, rule)
        terms = [
            {"coefficient": coefficient, **dict(_leaves(term, ""))}
            for coefficient, term in zip(coefficients, rule.terms, strict=True)
        ]
        yield f"{path}.id", rule.id
        yield f"{path}.terms", terms
        for name in ("sense", "reason", "source", "unit"):
            yield from _leaves(getattr(rule, name), f"{path}.{name}")
