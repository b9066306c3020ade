"""What the terminal shows of a comparison: a column for each of the compared, first the base."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from regionopt.common.instance import METRICS
from regionopt.common.texts import Language, text
from regionopt.compare.comparison import exact, national
from regionopt.compare.sides import Side
from regionopt.compare.told import status
from regionopt.maps.mapdata import Unit, units
from regionopt.telling.wording import name, quantity_name


def comparison_table(sides: Sequence[Side], language: Language) -> Table:
    """Money of each region with what changes against the base, then national totals and stages; all sides stay."""
    base = sides[0]
    unit = units("money", base.document.budget.unit, base.document.budget.total)[language]
    caption = text("run.unit_note", language, heading=text("run.budget", language), unit=unit.name)
    table = Table(caption=escape(caption), caption_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column(text("run.region", language), overflow="fold")
    for side in sides:
        marked = side is base and side.name != "base"
        label = text("compare.base", language, name=side.name) if marked else side.name
        table.add_column(escape(label), justify="right", overflow="fold")
    table.add_row(text("compare.status", language), *(status(side, language) for side in sides))
    for region in base.document.regions:
        money = [side.regions[region.id].budget for side in sides]
        table.add_row(escape(name(region, language)), *_beside(money, unit))
    table.add_section()
    table.add_row(text("compare.spent", language), *_beside([side.document.budget.spent for side in sides], unit))
    for metric in METRICS:
        totals = [_float(national(side, metric)) for side in sides]
        kind = "jobs" if metric == "jobs" else "yearly"
        shown = units(kind, base.document.budget.unit, max((t for t in totals if t is not None), default=0.0))[
            language
        ]
        heading = text("run.unit_note", language, heading=text(f"map.metric_{metric}", language), unit=shown.name)
        table.add_row(escape(heading), *_beside(totals, shown))
    table.add_section()
    for stage in dict.fromkeys(stage.name for side in sides for stage in side.document.stages):
        found = [{s.name: s.value for s in side.document.stages}.get(stage) for side in sides]
        table.add_row(
            escape(quantity_name(stage, language)), *("–" if value is None else f"{value:,.5g}" for value in found)
        )
    return table


def _beside(values: Sequence[float | None], unit: Unit) -> list[str]:
    """The base's number, then each with its difference."""
    base = values[0]
    return [unit.number(base), *(_with_difference(value, base, unit) for value in values[1:])]


def _with_difference(value: float | None, base: float | None, unit: Unit) -> str:
    if value is None or base is None:
        return unit.number(value)
    told = unit.number((exact(value) or Fraction(0)) - (exact(base) or Fraction(0)), "+").replace("-", "−")
    return f"{unit.number(value)} ({told if told.strip('+−0.,') else '0'})"


def _float(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]
