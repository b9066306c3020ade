"""What pydantic finds wrong with a case file, in the product's own words."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from regionopt.errors import Problem, nearest
from regionopt.schema import CaseDocument

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


def problems_of(error: ValidationError, file: str) -> list[Problem]:
    """One problem for each place; what a union says twice of one place is said once."""
    found: dict[str, Problem] = {}
    for detail in error.errors():
        problem = _problem(detail, file)
        found.setdefault(problem.place, problem)
    return list(found.values())


def _problem(detail: ErrorDetails, file: str) -> Problem:
    path = [part for part in detail["loc"] if part not in ("bool", "tuple[str, ...]")]
    code = _KINDS.get(detail["type"], "wrong_kind")
    dotted = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in path)
    facts: dict[str, object] = {"known": "official, press, derived, assumption"}
    if code == "unknown_key":
        facts["nearest"] = nearest(str(path[-1]), _siblings(path[:-1]))
    elif code == "wrong_kind":
        facts["expected"] = _expected(detail)
    value = None if code == "missing_key" or isinstance(detail["input"], dict) else detail["input"]
    return Problem(code, f"{file}: {dotted}", value, facts)


def _expected(detail: ErrorDetails) -> str:
    """What stands in the schema, in words that are the same in both languages."""
    number = "number / 數值"
    kinds = {"model_type": number, "model_attributes_type": number, "float_type": number}
    kinds |= {"tuple_type": "list / 清單", "dict_type": "table / 表格"}
    return kinds.get(detail["type"], detail["msg"])


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
