"""What sections of a case file are made of: numbers with unit and range, names in two languages, lists.

A number is written plainly (`total = 800`) or with its standing (`total = { value = 800, source = "…", status =
"press" }`), or named from the table of facts (`total = { fact = "budget_total" }`).
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.config import JsonDict

from regionopt.common.document import Standing
from regionopt.common.quantity import Range

SLUG = r"^[a-z0-9][a-z0-9._-]{0,59}$"


class Section(BaseModel):
    """A part of the case file: frozen, strict about types, closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=True, defer_build=True)


class Stated(Section):
    """A number as it stands in the case file: given, or named from the facts."""

    value: float | None = None
    fact: str | None = None
    unit: str | None = None
    source: str = ""
    date: str = ""
    status: Annotated[Standing, Field(strict=False)] = Standing.ASSUMPTION


def _lift(value: Any) -> Any:
    return {"value": value} if isinstance(value, (int, float)) and not isinstance(value, bool) else value


Number = Annotated[Stated, BeforeValidator(_lift, json_schema_input_type=float | Stated)]


def listed(value: Any) -> Any:
    """TOML gives lists; a frozen case holds tuples."""
    return tuple(value) if isinstance(value, list) else value


def names(value: Any) -> Any:
    """`a,b` on the command line is the list of both."""
    return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else listed(value)


Texts = Annotated[tuple[str, ...], BeforeValidator(names)]
Numbers = Annotated[tuple[Number, ...], BeforeValidator(listed)]


def number(unit: str, meaning: str, allowed: Range | None = None) -> Any:
    """An optional number with unit and range; both appear in the JSON Schema and in every message."""
    return Field(default=None, description=meaning, json_schema_extra=extra(unit, allowed))


def extra(unit: str, allowed: Range | None = None) -> JsonDict:
    """Unit and range as the JSON Schema says them."""
    allowed = allowed or Range()
    lowest = "exclusiveMinimum" if allowed.above else "minimum"
    return {"unit": unit, lowest: allowed.minimum, "maximum": allowed.maximum}


MONEY = "currency unit of the case"
HEAD = "currency a head"
RATIO = Range(maximum=1.0)
POSITIVE = Range(minimum=0.0, above=True)


class Names(Section):
    """A display text in both languages."""

    zh: str
    en: str


def both(value: Any) -> Any:
    return {"zh": value, "en": value} if isinstance(value, str) else value
