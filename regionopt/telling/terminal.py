"""What the terminal shows of a result. Printing itself is the command line's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.measure import Measurement
from rich.table import Table

from regionopt.common.document import ResultDocument
from regionopt.common.instance import METRICS
from regionopt.common.texts import Language, in_language, text
from regionopt.maps.mapdata import Unit, units
from regionopt.telling.wording import name

# What may stand in a table of its own where the terminal is too narrow for all: (money), (output), (jobs).
Column = tuple[str, str, Unit, str]


def plan_tables(document: ResultDocument, language: Language, screen: Console) -> list[Table]:
    """Allocation, and reached against target of each metric, one row a region and one for all.

    One table where the screen is wide enough; else as few as have room, none without its regions, nothing left out.
    """
    tables: list[list[Column]] = []
    for part in _columns(document, language):
        wider = [*tables[-1], *part] if tables else part
        room = not tables or _width(_plan_table(document, language, wider), screen) <= screen.width
        tables = [*tables[:-1], wider] if room else [*tables, part]
    found = [_plan_table(document, language, columns) for columns in tables]
    title = text("run.title", language, title=in_language(document.title, language), scenario=document.scenario)
    found[0].title, found[0].title_justify = escape(title), "left"
    return found


def _width(table: Table, screen: Console) -> int:
    """Characters that a table takes without breaking any line of it."""
    return Measurement.get(screen, screen.options.update(max_width=10_000), table).maximum


def _plan_table(document: ResultDocument, language: Language, columns: list[Column]) -> Table:
    table = Table(
        caption=escape("\n".join(dict.fromkeys(note for _, _, _, note in columns if note))),
        caption_justify="left",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    table.add_column(text("run.region", language), min_width=8, overflow="fold")
    for heading, _, _, _ in columns:
        table.add_column(heading, justify="right", no_wrap=True)
    for region in document.regions:
        cells = [_shown(getattr(region, field), unit) for _, field, unit, _ in columns]
        table.add_row(escape(name(region, language)), *cells)
    table.add_section()
    table.add_row(text("run.all", language), *(_total(document, field, unit) for _, field, unit, _ in columns))
    return table


def table_of(first: str, names: Sequence[str], columns: Mapping[str, Sequence[str]], caption: str) -> Table:
    """A column of names and columns of numbers: names and headings are wrapped between words, numbers never."""
    table = Table(caption=escape(caption), caption_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column(first, overflow="fold")
    for heading, cells in columns.items():
        table.add_column(heading, justify="right", width=max(map(cell_len, (*heading.split(), *cells))))
    for line, *cells in zip(names, *columns.values(), strict=True):
        table.add_row(escape(line), *cells)
    return table


def groups_table(document: ResultDocument, language: Language) -> Table:
    """What each group receives, and its own limits."""
    table = _amounts("group", ("budget", "share", "floor", "ceiling", "own_budget"), document, language)
    unit = units("money", document.budget.unit, document.budget.total)[language]
    ratio = units("ratio", document.budget.unit, 1.0)[language]
    for group in document.groups or ():
        limits = (_shown(value, unit) for value in (group.floor, group.ceiling, group.own_budget))
        row = (_shown(group.budget, unit), _shown(group.share, ratio), *limits)
        table.add_row(escape(name(group, language)), *row)
    return table


def years_table(document: ResultDocument, language: Language) -> Table:
    """What became of each year's money, and why some of it is left."""
    table = _amounts("year", ("budget", "carried", "spent", "unspent"), document, language)
    table.add_column(text("run.reason", language))
    unit = units("money", document.budget.unit, document.budget.total)[language]
    for year in document.periods or ():
        reason = text(f"unspent.{year.unspent_reason}", language) if year.unspent_reason else ""
        row = (_shown(value, unit) for value in (year.budget, year.carried, year.spent, year.unspent))
        table.add_row(year.id, *row, reason)
    return table


def _amounts(first: str, amounts: tuple[str, ...], document: ResultDocument, language: Language) -> Table:
    """A table of names and amounts of money, still empty."""
    unit = units("money", document.budget.unit, document.budget.total)[language]
    table = Table(caption=escape(unit.name), caption_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column(text(f"run.{first}", language), overflow="fold")
    for key in amounts:
        table.add_column(text(f"run.{key}", language), justify="right", no_wrap=True)
    return table


def choices_table(document: ResultDocument, language: Language) -> Table:
    """Platforms and measures: where, how many, at what cost."""
    unit = units("money", document.budget.unit, document.budget.total)[language]
    where = {region.id: name(region, language) for region in document.regions}
    table = Table(caption=escape(unit.name), caption_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for key in ("choice", "region", "count", "cost"):
        table.add_column(text(f"run.{key}", language), justify="right" if key in ("count", "cost") else "left")
    for platform in document.platforms or ():
        opened = int(platform.opened or False)
        cells = (name(platform, language), where.get(platform.region, platform.region), str(opened))
        table.add_row(*map(escape, cells), _shown(opened * platform.cost, unit))
    for measure in document.measures or ():
        count = measure.count or 0
        everywhere = text("run.all", language)
        table.add_row(escape(name(measure, language)), everywhere, str(count), _shown(count * measure.cost, unit))
    return table


def _columns(document: ResultDocument, language: Language) -> list[list[Column]]:
    """Heading, field of the region, unit, note on the unit: of money, and of each metric."""

    def column(heading: str, kind: str, field: str, beside: str = "") -> Column:
        values = [getattr(r, name) or 0.0 for r in document.regions for name in (field, beside or field)]
        largest = max(values, default=0.0)
        unit = units(kind, document.budget.unit, largest)[language]
        note = "" if kind == "ratio" else text("run.unit_note", language, heading=heading, unit=unit.name)
        return escape(heading), field, unit, note

    money = [
        column(text("run.budget", language), "money", "budget"),
        column(text("run.share", language), "ratio", "share"),
        column(text("run.head", language), "head", "budget_per_head"),
    ]
    parts = [money]
    target, shortfall = text("run.target", language), text("run.shortfall", language)
    for metric in METRICS:
        kind = "yearly" if metric == "output" else "jobs"
        reached = column(text(f"map.metric_{metric}", language), kind, metric, f"{metric}_target")
        aimed = (target, f"{metric}_target", reached[2], "")
        parts.append([reached, aimed, column(shortfall, "ratio", f"{metric}_shortfall")])
    return parts


def _shown(value: float | None, unit: Unit) -> str:
    return unit.number(value) + ("%" if unit.name == "%" and value is not None else "")


def _total(document: ResultDocument, field: str, unit: Unit) -> str:
    """Sums where a sum means something; nothing for shortfalls and per head."""
    if field == "budget_per_head" or field.endswith("_shortfall"):
        return ""
    values = [getattr(region, field) for region in document.regions]
    return _shown(None if None in values else sum(values), unit)
