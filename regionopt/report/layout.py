"""What formats with pages share: which table needs a page on its side, and how its width is divided."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from regionopt.charts.lettering import width
from regionopt.common.texts import text
from regionopt.report.formats import Material
from regionopt.report.model import Block, Cell, Column, Figure, Number, Part, Table, cell_text

LETTER = 8.5
"""Size of the letters in tables, in points."""
UPRIGHT, ASIDE = 482.0, 728.0
"""Width of what is printed on A4, upright and on its side, in points."""
NARROW = 0.88
ROOM = 10.0
"""What stands left and right of the words of a cell, in points."""
SHORT, WORD, NUMBER, MOST = 56.0, 80.0, 130.0, 220.0
"""Words shorter than the first keep to one line, one longer than the second is broken, a number longer than the third
as well, and no column asks for more than the last."""
TOGETHER, LONG = 18, 120
"""A table of no more rows stays on one page, unless one of its cells has more letters."""


def numbered(material: Material, part: Part) -> Iterator[tuple[Block, str, str]]:
    """Every block that can be shown, with its caption and its drawing; both are empty where there is none."""
    count = {"table": 0, "figure": 0}
    for block in part.blocks:
        kind = "table" if isinstance(block, Table) else "figure"
        svg = material.draw(block, part) if isinstance(block, Figure) else ""
        if isinstance(block, Table | Figure) and svg is not None:
            count[kind] += 1
            name = text(f"report.{kind}", part.language, number=count[kind])
            yield block, name + text("sentence.colon", part.language) + block.caption, svg
        elif svg is not None:
            yield block, "", ""


def shown(cell: Cell, column: Column) -> str:
    """A cell as a page shows it: with its unit where the column has none."""
    if isinstance(cell, Number) and not column.unit:
        return cell.whole_text
    return cell_text(cell)


def widths(table: Table, narrow: float = NARROW) -> tuple[float, ...]:
    """Points for each column of a table as wide as its page: numbers do not break, words do where room is short.

    `narrow` is how wide letters are beside those that `lettering` fears: 1 where the font is the reader's.
    """
    room = across(table)
    least, asked = zip(*(_needs(table, place, narrow) for place in range(len(table.columns))), strict=True)
    spare = sum(asked) - sum(least)
    part = 1.0 if spare <= 0 else min(1.0, max(0.0, (room - sum(least)) / spare))
    given = [low + part * (high - low) for low, high in zip(least, asked, strict=True)]
    return tuple(room * one / sum(given) for one in given)


def together(table: Table) -> bool:
    """Whether a table stays on one page; a longer one goes on with its header repeated."""
    cells = (shown(cell, column) for row in table.rows for cell, column in zip(row, table.columns, strict=True))
    return len(table.rows) <= TOGETHER and all(len(words) <= LONG for words in cells)


def wide(table: Table) -> bool:
    """Whether the columns ask for more than upright A4 has, even with their words broken."""
    return sum(_needs(table, place, NARROW)[0] for place in range(len(table.columns))) > UPRIGHT


def across(table: Table) -> float:
    """Points between the margins of the page that a table stands on."""
    return ASIDE if wide(table) else UPRIGHT


@lru_cache(maxsize=20_000)
def _width(words: str, narrow: float, bold: bool = False) -> float:
    """In letters of a table; those of Chinese are as wide as high, others narrower than `lettering` fears."""
    latin = "".join(letter for letter in words if letter < "\u2e80")
    wide = "".join(letter for letter in words if letter >= "\u2e80")
    return narrow * width(latin, LETTER, bold) + width(wide, LETTER, bold)


def _needs(table: Table, place: int, narrow: float) -> tuple[float, float]:
    """The least width of a column, at which its longest word still stands in a line, and the width it asks for."""
    column = table.columns[place]
    cells = [shown(row[place], column) for row in table.rows]
    longest = max((_width(word, narrow) for cell in cells for word in cell.split()), default=0.0)
    head = max(_width(word, narrow, bold=True) for word in (*column.heading.split(), *column.unit.split()))
    whole = [_width(words, narrow) for words in cells]
    heading = max(_width(column.heading, narrow, bold=True), _width(column.unit, narrow))
    short = max((one for one in whole if one <= SHORT), default=0.0)
    least = max(min(head, WORD), short, min(longest, NUMBER if column.numeric else WORD))
    return least + ROOM, max(least, min(max([*whole, heading]), MOST)) + ROOM
