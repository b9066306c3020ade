"""What `regionopt show` says of uncertain numbers."""

from __future__ import annotations

from collections.abc import Iterable

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from regionopt.common.texts import Language, text
from regionopt.montecarlo.inputs import Input


def uncertainty_table(inputs: Iterable[Input], language: Language) -> Table:
    """A line an input: name, path, distribution, what has a draw of its own, group, standing, source."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for key in ("listed", "acts", "distribution", "each", "group"):
        table.add_column(text(f"montecarlo.{key}", language), overflow="fold")
    table.add_column(text("run.standing", language))
    table.add_column(text("run.source", language), overflow="fold")
    for one in inputs:
        each = text(f"montecarlo.each_{one.each}", language) if one.each else ""
        standing = text(f"map.standing_{one.status.value}", language)
        cells = (named(one, language), one.path, one.told(), each, one.group, standing, one.source)
        table.add_row(*map(escape, cells))
    return table


def named(one: Input, language: Language) -> str:
    """What an input is called: its title in this language, else its name."""
    return one.name if one.title is None else one.title["zh" if language == "zh-TW" else "en"]
