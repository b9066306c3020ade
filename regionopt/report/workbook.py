"""A report as .xlsx: a sheet of sentences, then one a table or curve, with number formats and charts of Excel's own.

Text is written as text whatever it begins with. Every date in the file is fixed, so that its bytes are.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import xlsxwriter

from regionopt.common.texts import text
from regionopt.report.formats import Material
from regionopt.report.model import (
    NONE,
    Bullets,
    Cell,
    Chart,
    Facts,
    Figure,
    Heading,
    Lines,
    Number,
    Paragraph,
    Part,
    Report,
    Table,
    cell_text,
)
from regionopt.report.workbook_charts import HEAD, bars, curves

# A workbook's dates would make two writings differ.
CREATED = datetime(2026, 1, 1)
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_REFUSED = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
# Excel takes no longer name of a sheet, and no longer text in a cell.
NAME, LONGEST = 31, 32_767


def write(material: Material) -> dict[str, bytes]:
    """`report.xlsx`."""
    return {"report.xlsx": workbook(material.report)}


def workbook(report: Report) -> bytes:
    """The workbook as bytes."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, OPTIONS)
    book.set_properties({"title": report.title[:255], "created": CREATED})
    look, number = Look(book), 0
    for part in report.parts:
        _sentences(book, look, part)
        for table in part.tables():
            number += 1
            _sheet(book, look, part, table, number)
        for figure in part.figures():
            if isinstance(figure.drawing, Lines):
                number += 1
                _points(book, look, figure, figure.drawing, number)
    book.close()
    return stream.getvalue()


@dataclass
class Look:
    """Formats of the workbook, each made once."""

    book: Any
    made: dict[str, Any] = field(default_factory=dict)

    def get(self, **what: Any) -> Any:
        """The format of some properties."""
        key = repr(sorted(what.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format({"valign": "top", **what})
        return self.made[key]

    def number(self, cell: Number, column_unit: str, **more: Any) -> Any:
        """The format of a number: its decimals, its sign, and its unit where the column has none."""
        digits = "#,##0" + (f".{'0' * cell.decimals}" if cell.decimals else "")
        own = cell.unit.name if not column_unit else ""
        quoted = own.replace('"', "''")
        unit = "%" if cell.unit.percent else f'" {quoted}"' if own else ""
        shown = f"+{digits}{unit};−{digits}{unit};{digits}{unit}" if cell.signed else f"{digits}{unit}"
        return self.get(num_format=shown, align="right", **more)


def _sentences(book: Any, look: Look, part: Part) -> None:
    """The first sheet of a language: everything that is no table."""
    sheet = book.add_worksheet(_name(text("report.summary", part.language) + f" {part.language}"))
    sheet.set_column(0, 0, 90)
    sheet.set_column(1, 1, 24)
    sheet.hide_gridlines(2)
    row = 0
    for words, what in _lines(part):
        sheet.write_string(row, 0, words[:LONGEST], look.get(text_wrap=True, **what))
        row += 1
    for facts in (block for block in part.blocks if isinstance(block, Facts)):
        row += 1
        sheet.write_string(row, 0, facts.caption[:LONGEST], look.get(bold=True))
        for fact in facts.facts:
            row += 1
            note = f" ({fact.note})" if fact.note else ""
            sheet.write_string(row, 0, f"{fact.label}{note}"[:LONGEST], look.get(text_wrap=True))
            _write(sheet, look, row, 1, fact.value, "")
        row += 1


def _lines(part: Part) -> Iterator[tuple[str, dict[str, Any]]]:
    yield part.title, {"bold": True, "font_size": 16}
    yield part.subtitle, {"font_color": "#52606d"}
    for block in part.blocks:
        match block:
            case Heading():
                yield block.text, {"bold": True, "font_size": 14 - block.level, "font_color": "#0b5394"}
            case Paragraph():
                yield block.text, {}
            case Bullets():
                yield from ((f"• {item}", {}) for item in block.items)
            case _:
                pass


def _sheet(book: Any, look: Look, part: Part, table: Table, number: int) -> None:
    sheet = book.add_worksheet(_name(f"{number} {table.caption}"))
    sheet.write_string(0, 0, table.caption[:LONGEST], look.get(bold=True, font_size=14))
    for k, column in enumerate(table.columns):
        head = f"{column.heading}\n{column.unit}" if column.unit else column.heading
        side = "right" if column.numeric else "left"
        sheet.write_string(HEAD, k, head, look.get(bold=True, text_wrap=True, bottom=2, align=side))
        sheet.set_column(k, k, _width(table, k))
    for i, row in enumerate(table.rows):
        last = {"bold": True, "top": 1} if table.total and i == len(table.rows) - 1 else {}
        for k, cell in enumerate(row):
            _write(sheet, look, HEAD + 1 + i, k, cell, table.columns[k].unit, **last)
    if table.note:
        sheet.write_string(HEAD + 2 + len(table.rows), 0, table.note[:LONGEST], look.get(italic=True))
    sheet.freeze_panes(HEAD + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for figure in part.figures():
        if isinstance(figure.drawing, Chart) and figure.drawing.table == table.id:
            sheet.insert_chart(HEAD, len(table.columns) + 1, bars(book, sheet.get_name(), table, figure))


def _points(book: Any, look: Look, figure: Figure, lines: Lines, number: int) -> None:
    """The points of lines over a number of the case, and the lines through them."""
    sheet = book.add_worksheet(_name(f"{number} {figure.caption}"))
    sheet.write_string(0, 0, figure.caption[:LONGEST], look.get(bold=True, font_size=14))
    sheet.write_string(1, 1, lines.y[:LONGEST], look.get(italic=True))
    for k, name in enumerate((lines.x, *lines.names)):
        sheet.write_string(HEAD, k, name[:LONGEST], look.get(bold=True, text_wrap=True, bottom=2, align="right"))
    for i, point in enumerate(lines.points, start=HEAD + 1):
        for k, value in enumerate(point):
            sheet.write_number(i, k, value, look.get(num_format="0.00%" if k or lines.parts else "0.00"))
    sheet.set_column(0, len(lines.names), 22)
    sheet.freeze_panes(HEAD + 1, 1)
    sheet.insert_chart(HEAD, len(lines.names) + 2, curves(book, sheet.get_name(), figure, lines))


def _write(sheet: Any, look: Look, row: int, column: int, cell: Cell, unit: str, **more: Any) -> None:
    """A number as a number, a text as a text, nothing as a dash."""
    if isinstance(cell, Number):
        value = cell.value * cell.unit.scale / (100 if cell.unit.percent else 1)
        sheet.write_number(row, column, value, look.number(cell, unit, **more))
    elif cell is None:
        sheet.write_string(row, column, NONE, look.get(align="right", **more))
    elif cell:
        sheet.write_string(row, column, cell[:LONGEST], look.get(text_wrap=True, **more))
    else:
        sheet.write_blank(row, column, None, look.get(**more))


def _width(table: Table, column: int) -> float:
    """Characters that a column needs, where Chinese ones count twice; long texts break."""
    texts = [cell_text(row[column]) for row in table.rows] + [table.columns[column].heading]
    return float(min(48, max(10, *(sum(2 if ord(c) > 0x2E7F else 1 for c in words) for words in texts)) + 2))


def _name(words: str) -> str:
    """A name that a sheet may have."""
    return _REFUSED.sub("_", words)[:NAME]
