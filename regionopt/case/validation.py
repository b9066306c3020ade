"""What pydantic finds wrong with a case file, in the product's own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from regionopt.case.schema import CaseDocument
from regionopt.common.errors import InputError, Problem, nearest

_KINDS = {
    "extra_forbidden": "unknown_key",
    "missing": "missing_key",
    "string_pattern_mismatch": "bad_name",
    "string_too_short": "bad_text",
    "string_too_long": "bad_text",
    "string_type": "not_a_text",
    "bool_type": "not_a_flag",
    "enum": "bad_standing",
}


@dataclass(frozen=True)
class Checked:
    """A case file as far as the schema accepts it, and what it refused."""

    raw: Mapping[str, Any]
    document: CaseDocument
    problems: tuple[Problem, ...] = ()


def checked(raw: Mapping[str, Any], file: str) -> Checked:
    """Check a case file against the schema; what is refused is left out, so that the rest can be checked too."""
    try:
        return Checked(raw, CaseDocument.model_validate(raw))
    except ValidationError as error:
        problems, rest = tuple(problems_of(error, file)), _without_refused(raw, error)
    try:
        return Checked(rest, CaseDocument.model_validate(rest), problems)
    except ValidationError:
        raise InputError(problems) from None


def _without_refused(raw: Mapping[str, Any], error: ValidationError) -> dict[str, Any]:
    """The case file without what the schema refuses, under a name of its own where it lacks one."""
    rest: dict[str, Any] = deepcopy(dict(raw))
    for detail in error.errors():
        path = [str(part) for part in _path(detail)]
        _remove(rest, path[:-1] or path if detail["type"] == "missing" else path)
    rest["case"] = {"id": "case", "title": "case"} | rest.get("case", {})
    return rest


def _remove(node: dict[str, Any], path: list[str]) -> None:
    """Remove what a path leads to; where the way ends at something that is no table, all of that."""
    for key in path[:-1]:
        if not isinstance(node.get(key), dict):
            node.pop(key, None)
            return
        node = node[key]
    node.pop(path[-1], None)


def _path(detail: Mapping[str, Any]) -> list[int | str]:
    """Where a problem is, without pydantic's names of the options of a union."""
    return [part for part in detail["loc"] if part not in ("bool", "tuple[str, ...]")]


def problems_of(error: ValidationError, file: str) -> list[Problem]:
    """One problem for each place; what a union says twice of one place is said once."""
    found: dict[str, Problem] = {}
    for detail in error.errors():
        problem = _problem(detail, file)
        found.setdefault(problem.place, problem)
    return list(found.values())


def _problem(detail: Mapping[str, Any], file: str) -> Problem:
    path = _path(detail)
    code = _KINDS.get(detail["type"], "wrong_kind")
    dotted = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in path)
    facts: dict[str, object] = {"known": "official, press, derived, assumption"}
    if code == "unknown_key":
        facts["nearest"] = nearest(str(path[-1]), _siblings(path[:-1]))
    elif code == "wrong_kind":
        facts["expected"] = _expected(detail)
    value = None if code == "missing_key" or isinstance(detail["input"], dict) else detail["input"]
    return Problem(code, f"{file}: {dotted}", value, facts)


def _expected(detail: Mapping[str, Any]) -> str:
    """What stands in the schema, in words that are the same in both languages."""
    number = "number / 數值"
    table, words = "table / 表格", "text / 文字"
    sections = {"Stated": number, "Names": words}
    if detail["type"] in ("model_type", "model_attributes_type"):
        return sections.get(detail["ctx"]["class_name"], table)
    if detail["type"] == "literal_error":
        return str(detail["ctx"]["expected"]).replace(" or ", ", ")
    kinds = {"float_type": number, "tuple_type": "list / 清單", "dict_type": table}
    return str(kinds.get(detail["type"], detail["msg"]))


def _siblings(path: Iterable[object]) -> list[str]:
    """The keys that the schema knows beside an unknown one."""
    section: type[BaseModel] = CaseDocument
    for part in path:
        spec = section.model_fields.get(str(part)) if str(part) in section.model_fields else None
        inner = _model(spec.annotation) if spec else None
        if inner is not None:
            section = inner
    return list(section.model_fields)


def _model(annotation: object) -> type[BaseModel] | None:
    """The schema behind an annotation: itself, an option of it, or the values of a table."""
    for option in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(option, type) and issubclass(option, BaseModel):
            return option
        nested = [inner for inner in getattr(option, "__args__", ()) if isinstance(inner, type)]
        for inner in nested:
            if issubclass(inner, BaseModel):
                return inner
    return None
