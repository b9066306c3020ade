"""What is said of alternatives: a table of each plan's budgets and stages beside the plan's own, and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from regionopt.common.document import ResultDocument
from regionopt.common.texts import Language, text
from regionopt.explain.alternatives import Alternative, given_up
from regionopt.maps.mapdata import Unit, units
from regionopt.result.result import Result
from regionopt.telling.display import display_names
from regionopt.telling.wording import money, quantity_name

# Stages that differ by less than this are told as equal.
SAME = Fraction(1, 10**9)


def alternatives_table(
    result: Result, document: ResultDocument, found: Sequence[Alternative], language: Language
) -> Table:
    """One column a plan: the regions' budgets, with what changes against the plan, then the value of every stage."""
    unit = units("money", document.budget.unit, document.budget.total)[language]
    caption = text("run.unit_note", language, heading=text("run.budget", language), unit=unit.name)
    table = Table(
        caption=escape(caption), caption_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), title_justify="left"
    )
    table.add_column(text("run.region", language), overflow="fold")
    table.add_column(text("run.plan", language), justify="right", no_wrap=True)
    for alternative in found:
        heading = text("run.alternative_number", language, number=alternative.number)
        table.add_column(heading, justify="right", no_wrap=True)
    names = display_names(result.case, language)
    assert result.plan is not None
    for region, own in result.plan.allocated.items():
        cells = [_beside(alternative.plan.allocated[region], own, unit) for alternative in found]
        table.add_row(escape(names[region, ""]), unit.number(own), *cells)
    table.add_section()
    for stage in result.solution.stages:
        cells = [f"{float(alternative.values[stage.name]):,.5g}" for alternative in found]
        table.add_row(escape(quantity_name(stage.name, language)), f"{float(stage.value):,.5g}", *cells)
    return table


def _beside(value: Fraction, own: Fraction, unit: Unit) -> str:
    return f"{unit.number(value)} ({unit.number(value - own, '+')})"


def _given(stage: str, value: Fraction, language: Language) -> str:
    key = "alternatives.same" if abs(value) <= SAME else "alternatives.worse" if value > 0 else "alternatives.better"
    return text(key, language, stage=quantity_name(stage, language), value=f"{float(abs(value)):,.4g}")


def sentences(
    result: Result, document: ResultDocument, found: Sequence[Alternative], tolerance: float, language: Language
) -> Iterator[str]:
    """How far each alternative lies from every plan before it, and what it gives up; or that there is none."""
    within = f"{100 * tolerance:.10g}"
    if not found:
        yield text("alternatives.none", language, tolerance=within)
    for alternative in found:
        lost = text("map.list_separator", language).join(
            _given(stage, value, language) for stage, value in given_up(result, alternative).items()
        )
        apart = money(float(alternative.distance), document, language)
        yield text("alternatives.apart", language, number=alternative.number, value=apart, stages=lost)
    if result.case.instance.platforms or result.case.instance.measures:
        yield text("bands.whole", language)
