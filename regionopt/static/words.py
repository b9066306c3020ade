"""What stands around a map and is said of it, whether it shows a plan or what changes between two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from regionopt.charts.lettering import isolated
from regionopt.common.texts import Language, text
from regionopt.static.ground import Ground
from regionopt.static.series import Series
from regionopt.static.sheet import OUTSIDE

JOINT = {"zh-TW": "", "en": " "}
"""What stands between two sentences."""


def metric_name(metric: str, language: Language) -> str:
    """What a metric is called on every map."""
    return text(f"map.metric_{metric}", language)


def heading(series: Series, language: Language) -> str:
    """The metric and its unit."""
    unit = series.units[language].name
    return text("static.heading", language, metric=metric_name(series.metric, language), unit=unit)


def legend_title(series: Series, language: Language) -> str:
    """The unit; a bare sign of per cent would say too little."""
    unit = series.units[language].name
    return heading(series, language) if unit == "%" else unit


def legend(series: Series, ground: Ground, language: Language) -> tuple[tuple[str, str], ...]:
    """Fills and what they mean; counties outside the plan only where there are any."""
    beyond = [(OUTSIDE, text("map.outside", language))] if ground.beyond else []
    return (*series.legend(language), *beyond)


def description(series: Series, names: Sequence[str], ground: Ground, language: Language) -> str:
    """Every number of the map, and what is left out, in sentences."""
    told = [
        f"{isolated(name)} {series.amount(value, language)}" for name, value in zip(names, series.values, strict=True)
    ]
    values = text("sentence.then", language).join(told)
    first = text("static.values", language, metric=metric_name(series.metric, language), values=values)
    beyond = [isolated(ground.counties[row][language]) for row in ground.beyond]
    counties = text("map.list_separator", language).join(beyond)
    return sentences(
        [first, *([text("static.beyond", language, counties=counties)] if beyond else [])],
        language,
    )


def footnote(ground: Ground, language: Language) -> str:
    """What the frame leaves out."""
    return text("map.footnote_insets" if ground.insets else "map.footnote", language)


def source(geometry: str, language: Language) -> str:
    """Whose the boundaries are, and what made the picture."""
    built_in = geometry == "built-in"
    file = text("map.source_file", language, file=isolated(geometry)) + text("sentence.stop", language)
    return sentences(
        [text("map.source_built_in", language) if built_in else file, text("static.made", language)], language
    )


def sentences(told: Iterable[str], language: Language) -> str:
    """Sentences one after another."""
    return JOINT[language].join(told)
