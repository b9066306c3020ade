"""How a number is shown along an axis: its name with the unit, in one language, and what it is multiplied by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from regionopt.common.texts import Language, text
from regionopt.maps.mapdata import units

# How the value of a stage is counted; those that are not here are money.
STAGES = {
    "worst_shortfall": "ratio",
    "total_shortfall": "count",
    "leximin": "count",
    "output": "yearly",
    "jobs": "jobs",
}
UNITS = ("money", "yearly", "head", "jobs")


@dataclass(frozen=True)
class Shown:
    """An axis: its title, the factor from the written number to the shown one, and whether it is a percentage."""

    title: str
    scale: float = 1.0
    percent: bool = False


def shown(name: str, kind: str, currency: str, values: Iterable[float], language: Language) -> Shown:
    """The axis of a number that is counted as one of `UNITS`, as a `ratio`, or as just a number."""
    name = name[:1].upper() + name[1:]
    if kind not in UNITS:
        return Shown(name, percent=kind == "ratio")
    unit = units(kind, currency, max(map(abs, values), default=1.0))[language]
    return Shown(text("chart.axis", language, name=name, unit=unit.name), unit.scale)


def stage_shown(stage: str, currency: str, values: Iterable[float], language: Language) -> Shown:
    """The axis of a stage's value; `leximin[3]` is the third of its steps."""
    plain, _, n = stage.rstrip("]").partition("[")
    return shown(text(f"quantity.{plain}", language, n=n), STAGES.get(plain, "money"), currency, values, language)
