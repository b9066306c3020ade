"""A metric over the regions as a map shows it: numbers in words, a fill for each, and the legend to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from regionopt.common.document import ResultDocument
from regionopt.common.texts import LANGUAGES, Language, text
from regionopt.maps.mapdata import METRICS, Unit, metric_shown
from regionopt.maps.plans import numbers
from regionopt.maps.slide import Slide
from regionopt.static.sheet import MISSING

COLOURS = ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494")
"""YlGnBu of ColorBrewer, as on the page: pale is little, dark is much."""


@dataclass(frozen=True)
class Series:
    """Values in the unit of the result (None where there is no number), limits of classes, and how they are shown."""

    metric: str
    values: tuple[float | None, ...]
    limits: tuple[float, ...]
    units: Mapping[Language, Unit]
    colours: tuple[str, ...]

    @classmethod
    def of(cls, document: ResultDocument, metric: str, slide: Slide | None = None) -> Series:
        """The metric (`mapdata.METRICS`) of a plan as the page of the plan shows it."""
        kind = next(one for one in METRICS if one.field == metric)
        values = tuple(numbers(region, document.budget.unit)[metric] for region in document.regions)
        told = metric_shown(kind, values, document, slide)
        return cls(metric, values, tuple(told["limits"]), units_of(told["units"]), COLOURS)

    def bare(self, value: float | None, language: Language) -> str:
        """A number without its unit, as a label has it; per cent keep their sign."""
        unit = self.units[language]
        sign = "%" if unit.name == "%" else ""
        return "–" if value is None else f"{unit.number(value)}{sign}"

    def amount(self, value: float | None, language: Language) -> str:
        """A number with its unit."""
        unit = self.units[language]
        if value is None:
            return text("map.no_data", language)
        return unit.amount(value)

    def fill(self, value: float | None) -> str:
        """The colour of the class that a value falls in; the lower limit of a class belongs to it."""
        if value is None:
            return MISSING
        room = 1e-12 * self.limits[-1]
        return self.colours[sum(value >= limit - room for limit in self.limits[1:-1])]

    def legend(self, language: Language) -> Iterator[tuple[str, str]]:
        """Fills and their words, from little to much; missing numbers only where there are any."""
        shown = [short(limit * self.units[language].scale) for limit in self.limits]
        for colour, low, high in zip(self.colours, shown, shown[1:], strict=False):
            yield colour, f"{low}–{high}"
        if None in self.values:
            yield MISSING, text("map.no_data", language)


def units_of(told: Mapping[str, Any]) -> dict[Language, Unit]:
    """The units of a metric by language, as the data of a page has them."""
    return {language: Unit(**told[language]) for language in LANGUAGES}


def short(value: float) -> str:
    """A limit of a class, with as many decimals as it needs."""
    written = f"{value:,.6f}"
    return written.rstrip("0").rstrip(".")
