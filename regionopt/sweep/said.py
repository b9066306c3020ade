"""What the inputs of a chart are called: the title of their axis with its unit, and the settings behind a series."""

from __future__ import annotations

from collections.abc import Iterable

from regionopt.case.case import Case
from regionopt.case.limits import of_path, setting_of
from regionopt.case.overrides import matches
from regionopt.case.patches import Patch, plain_number
from regionopt.common.texts import Language, text
from regionopt.maps.mapdata import units
from regionopt.sweep.along import Along, value_text
from regionopt.telling.limits import amount, counted, region_names, titled
from regionopt.telling.shown import UNITS, Shown, shown


def input_shown(case: Case, along: Along, ends: Iterable[float], language: Language) -> Shown:
    """The axis of an input, whose points lie between `ends`."""
    name = _title(case, along.path, language)
    if along.measure == "text":
        return Shown(name)
    if along.measure == "factor":
        return Shown(text("chart.factor", language, name=name))
    limit, currency = of_path(along.path), case.resolved.context.currency
    if limit is None:
        return _in_own_unit(case, along, name, language)
    kind = {"percent": "ratio"}.get(counted(limit), counted(limit))
    if along.measure == "value":
        return shown(name, kind, currency, ends, language)
    if kind not in UNITS:
        return Shown(text("chart.change", language, name=name), percent=kind == "ratio")
    unit = units(kind, currency, max(map(abs, ends), default=1.0))[language]
    return Shown(text("chart.change_in", language, name=name, unit=unit.name), unit.scale)


def setting_said(case: Case, item: Patch, language: Language) -> str:
    """A change in words: what is set, and to what."""
    name, value = _title(case, item.path, language), _value(case, item, language)
    return f"{name}{text('sentence.colon', language)}{value}"


def place_said(case: Case, path: str, value: str, language: Language) -> str:
    """A text that an input is set to: regions by their names; nothing is what the case says."""
    if not value:
        return text("frontier.own", language)
    setting = setting_of(path)
    if setting is None or setting.kind.key != "must":
        return value
    if value in ("true", "false"):
        return text(f"setting.{value}", language)
    names = region_names(case, language)
    return text("map.list_separator", language).join(names.get(part.strip(), part) for part in value.split(","))


def _title(case: Case, path: str, language: Language) -> str:
    """What is called something begins with a capital; a path stays as it is written."""
    name = titled(case, path, language)
    return name if name == path else name[:1].upper() + name[1:]


def _in_own_unit(case: Case, along: Along, name: str, language: Language) -> Shown:
    """The axis of a number that is no limit, in the words of the case: its unit where there is one for all."""
    numbers = case.resolved.numbers
    found = {numbers[path].unit for path in matches(along.path, numbers)}
    unit = found.pop() if len(found) == 1 else "1"
    if along.measure == "change":
        key = "chart.change" if unit in ("", "1") else "chart.change_in"
        return Shown(text(key, language, name=name, unit=unit))
    return Shown(name if unit in ("", "1") else text("chart.axis", language, name=name, unit=unit))


def _value(case: Case, item: Patch, language: Language) -> str:
    if item.how == "scale":
        return f"×{value_text(item).rstrip('x')}"
    limit, value = of_path(item.path), plain_number(item.value)
    if value is None:
        return place_said(case, item.path, value_text(item), language)
    if limit is None:
        return value_text(item)
    told = amount(case, counted(limit), value, language)
    return f"+{told}" if item.how == "add" and value >= 0 else told
