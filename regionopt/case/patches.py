"""Patches: one change of a case each, as text (`PATH=VALUE`, `PATH=+5`, `PATH=0.9x`) and as a value."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from regionopt.common.errors import InputError, Problem

How = Literal["set", "add", "scale"]
STATED = {"value", "fact", "unit", "source", "date", "status"}
_ADD = re.compile(r"[+-]\s*(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_SCALE = re.compile(r"((\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)\s*[x×]")


@dataclass(frozen=True)
class Patch:
    """One change: where, how, by how much, and who asked for it: an option such as `--set`, or an override's name.

    `at` says where exactly it was written, where that is more than who asked."""

    path: str
    how: How
    value: Any
    by: str
    at: str = field(default="", compare=False)

    @property
    def source(self) -> str:
        """Who is the source of a number that the patch wrote."""
        return self.by if self.by.startswith("--") else f"overrides.{self.by}"

    @property
    def place(self) -> str:
        """Where the patch was written."""
        return self.at or self.source

    def applied(self, old: float) -> float:
        """The new number from the old one."""
        if self.how == "add":
            return old + float(self.value)
        return old * float(self.value) if self.how == "scale" else plain_number(self.value) or 0.0


@dataclass(frozen=True)
class Change:
    """What a patch did to one number or text."""

    path: str
    old: Any
    new: Any
    by: str


def parse(text: str) -> Patch:
    """A patch from the command line."""
    path, equals, value = text.partition("=")
    if not equals or not path.strip() or not value.strip():
        raise InputError([Problem("bad_set", "--set", text)])
    return patch(path.strip(), literal(value.strip()), "--set")


def patches_of(name: str, table: Mapping[str, Any]) -> tuple[Patch, ...]:
    """The patches of a named override; nested tables and dotted paths mean the same."""
    return tuple(patch(path, value, name) for path, value in _flatten(table))


def patch(path: str, value: Any, by: str, at: str = "") -> Patch:
    """Decide from the value whether it sets, adds or scales."""
    if isinstance(value, str) and _ADD.fullmatch(value):
        return Patch(path, "add", float(_closed(value)), by, at)
    if isinstance(value, str) and (scaled := _SCALE.fullmatch(value)):
        return Patch(path, "scale", float(scaled.group(1)), by, at)
    return Patch(path, "set", value, by, at)


def literal(text: str) -> Any:
    """A TOML value, or the text as it stands. `+5` and `-5` are no numbers here: they add."""
    if _ADD.fullmatch(text) or _SCALE.fullmatch(text):
        return text
    return _toml(text)


def signed(text: str) -> Any:
    """The same where a sign is only a sign: `-5` is a number."""
    return _toml(_closed(text)) if _ADD.fullmatch(text) else literal(text)


def _closed(text: str) -> str:
    """A number without room after its sign."""
    return "".join(text.split())


def _toml(text: str) -> Any:
    try:
        table = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):  # no TOML, or more digits or brackets than Python reads
        return text
    return table["value"] if len(table) == 1 else text


def _flatten(table: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    for key, value in table.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping) and value and not _one_value(value):
            yield from _flatten(value, f"{path}.")
        else:
            yield path, value


def _one_value(table: Mapping[str, Any]) -> bool:
    """Whether a table is a number with its standing, or a name in both languages, and no table of several."""
    number = {"value", "fact"} & set(table) and set(table) <= STATED
    return bool(number) or set(table) <= {"zh", "en"}


def plain_number(value: Any) -> float | None:
    """A value as a number; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value)
    except OverflowError:  # a whole number beyond every float
        return math.inf if value > 0 else -math.inf


def written_as(item: Patch) -> str:
    """What follows `--set`, as short as it can be without meaning another number."""
    if item.how == "set":
        return f"{item.path}={_plain(item.value)}"
    value = _plain(item.value)
    if item.how == "scale":
        return f"{item.path}={value}x"
    return f"{item.path}={value if value.startswith('-') else f'+{value}'}"


def number_text(number: float, how: str) -> str:
    """A number of runs, in twelve digits, as it would be written after `PATH=` to act so."""
    return f"{number:+.12g}" if how == "add" else f"{number:.12g}{'x' * (how == 'scale')}"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, (list, tuple)):
        return ",".join(map(_plain, value))
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}={_plain(item)}' for key, item in value.items())}}}"
    return str(value)
