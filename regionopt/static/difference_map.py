"""The map of what changes between two plans as a picture: numbers, classes and words of `difference.html`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from regionopt.charts.lettering import isolated
from regionopt.common.texts import LANGUAGES, Language, text
from regionopt.static.compose import drawn
from regionopt.static.ground import Ground
from regionopt.static.series import Series, short, units_of
from regionopt.static.sheet import MISSING, Alternative, Sheet
from regionopt.static.words import description, footnote, heading, legend, legend_title, metric_name, source


@dataclass(frozen=True)
class Moves(Series):
    """Differences: signed numbers, classes on both sides of zero, and one for what is no change."""

    zero: float
    words: Mapping[Language, Mapping[str, str]]

    @classmethod
    def between(cls, data: Mapping[str, Any], plan: int, metric: str) -> Moves:
        """The metric as the page of differences has it."""
        told = next(one for one in data["metrics"] if one["key"] == metric)
        values = tuple(region[metric] for region in data["plans"][plan]["regions"])
        limits, colours, units = tuple(told["limits"]), tuple(data["colours"]), units_of(told["units"])
        return cls(metric, values, limits, units, colours, told["zero"], data["texts"])

    def bare(self, value: float | None, language: Language) -> str:
        """A signed number without its unit."""
        if value is None:
            return "–"
        unit = self.units[language]
        return _signed(unit.number(value, "+"))

    def amount(self, value: float | None, language: Language) -> str:
        """A signed number with its unit."""
        if value is None:
            return text("map.no_data", language)
        size, bare = super().amount(abs(value), language), self.bare(value, language)
        return bare[0] + size if bare[0] in "+−" else size

    def fill(self, value: float | None) -> str:
        """The colour of the class; one for each side of zero and each limit passed."""
        if value is None:
            return MISSING
        middle = len(self.colours) // 2
        if abs(value) < self.zero:
            return self.colours[middle]
        passed = sum(abs(value) * (1 + 1e-12) >= limit for limit in self.limits[middle + 1 : -1])
        return self.colours[middle + (1 + passed if value > 0 else -1 - passed)]

    def legend(self, language: Language) -> Iterator[tuple[str, str]]:
        """From less to more, with no change in the middle."""
        words, scale = self.words[language], self.units[language].scale
        middle = len(self.colours) // 2
        shown = [_signed(f"{'+' if limit > 0 else ''}{short(limit * scale)}") for limit in self.limits]
        for place, colour in enumerate(self.colours):
            if place == middle:
                yield colour, words["difference_no_change"].format(value=f"{self.zero * scale:.2g}")
            else:
                first = place - (place > middle)
                facts = {"from": shown[first], "to": shown[first + 1]}
                yield colour, words["difference_range"].format(**facts)
        if None in self.values:
            yield MISSING, text("map.no_data", language)


def difference_svg(
    data: Mapping[str, Any], ground: Ground, plan: int = 0, metric: str = "budget", language: Language = "zh-TW"
) -> str:
    """What one of the compared plans changes in a metric, as SVG; the same input gives the same bytes.

    `data` is what `difference.html` knows (`compare.difference.page_data`), `plan` the place of the plan in it, and
    `ground` that of the regions of the base.
    """
    moves = Moves.between(data, plan, metric)
    sheet = Sheet(
        key=f"difference-{plan}-{metric}-{language}".lower().replace("_", "-"),
        language=language,
        heading=heading(moves, language),
        subheadings=(data["title"][language], data["plans"][plan]["against"][language]),
        names=_names(data, language),
        values=tuple(moves.bare(value, language) for value in moves.values),
        fills=tuple(map(moves.fill, moves.values)),
        legend_title=legend_title(moves, language),
        legend=legend(moves, ground, language),
        notes=tuple(_notes(data, ground, metric, language)),
        alternatives={one: _alternative(data, ground, moves, plan, one) for one in LANGUAGES},
    )
    return drawn(sheet, ground)


def _alternative(data: Mapping[str, Any], ground: Ground, moves: Moves, plan: int, language: Language) -> Alternative:
    against = data["plans"][plan]["against"][language]
    facts = {"metric": metric_name(moves.metric, language), "against": isolated(against)}
    title = text("static.difference", language, **facts)
    return Alternative(title, description(moves, _names(data, language), ground, language))


def _notes(data: Mapping[str, Any], ground: Ground, metric: str, language: Language) -> Iterator[str]:
    words = data["texts"][language]
    yield words["difference_note"]
    if metric.endswith("_shortfall"):
        yield words["note_shortfall"]
    yield footnote(ground, language)
    yield source(data["geometry"], language)


def _names(data: Mapping[str, Any], language: Language) -> tuple[str, ...]:
    return tuple(region[language] for region in data["regions"])


def _signed(written: str) -> str:
    """With a true minus, and without a sign where nothing but zeros is written."""
    return written.replace("-", "−") if any(digit in "123456789" for digit in written) else written.lstrip("+-")
