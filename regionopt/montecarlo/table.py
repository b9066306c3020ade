"""The table of many draws: a line an output with its base and quantiles, and how numbers are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from regionopt.common.texts import Language, text
from regionopt.maps.mapdata import Unit, units

Document = Mapping[str, Any]
Row = Mapping[str, Any]
Names = Mapping[str, str]


def table(document: Document, names: Names, language: Language) -> Table:
    """A line an output: the first stage, every region's money, national output and jobs: base, quantiles, gains."""
    levels = [key for key in first_row(document) if key.startswith("q")]
    lines = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    lines.add_column(text("montecarlo.output", language))
    lines.add_column(text("montecarlo.base", language), justify="right")
    for level in levels:
        lines.add_column(level_name(float(level[1:]), language), justify="right")
    lines.add_column(text("montecarlo.gains", language), justify="right")
    gains = {(row["measure"], row["region"]): row for row in document["shares"] if row["kind"] == "gains"}
    for row in _shown(document):
        gain = gains.get((row["measure"], row["region"]))
        values = [row[key] for key in ("base", *levels)]
        unit = _unit(row["measure"], max((abs(v) for v in values if v is not None), default=0.0), document, language)
        label = text("montecarlo.counted", language, what=_name(row, names, language), unit=unit.name)
        share = "" if gain is None else percent(gain["share"])
        lines.add_row(escape(label if unit.name else _name(row, names, language)), *map(unit.number, values), share)
    return lines


def level_name(level: float, language: Language) -> str:
    """What a quantile is called."""
    return text("montecarlo.median", language) if level == 0.5 else f"{100 * level:.4g}%"


def first_row(document: Document) -> Row:
    return document["quantiles"][0]  # type: ignore[no-any-return]


def _shown(document: Document) -> Iterator[Row]:
    yield first_row(document)
    for row in document["quantiles"]:
        if row["measure"] == "budget" or row["measure"].startswith("national_"):
            yield row


def _name(row: Row, names: Names, language: Language) -> str:
    """What an output is called."""
    measure = str(row["measure"])
    if row["region"]:
        return text("montecarlo.budget_of", language, region=names[row["region"]])
    return quantity(measure.removeprefix("national_"), language)


def quantity(measure: str, language: Language) -> str:
    stage, _, step = measure.partition("[")
    return text(f"quantity.{stage}", language, n=step.rstrip("]"))


def amount(measure: str, value: float | None, document: Document, language: Language) -> str:
    """A number with its unit, as the language counts."""
    if value is None:
        return "–"
    return _unit(measure, abs(value), document, language).amount(value).strip()


def _unit(measure: str, largest: float, document: Document, language: Language) -> Unit:
    """What an output is counted in."""
    stage = measure.removeprefix("national_").partition("[")[0]
    if stage in ("total_shortfall", "leximin"):
        return Unit(1, 3, "")
    kind = {"worst_shortfall": "ratio", "jobs": "jobs", "output": "yearly"}.get(stage, "money")
    return units(kind, document["unit"], largest)[language]


def percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"
