"""Parts of a Word document that python-docx has no words for: fields, bookmarks, links, tables made at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from regionopt.charts.paper import legal

INK, HAIR, TINT = "1B2A38", "CFD6DC", "EEF4FA"
TWENTIETHS = 20
"""Word measures in twentieths of a point."""


@dataclass(frozen=True)
class Cell:
    """Lines of text in a cell: how they are aligned, which one is bold, and the letters of each in half points."""

    lines: tuple[str, ...]
    right: bool = False
    bold: int | None = None
    sizes: tuple[int, ...] = ()


def put(parent: Any, tag: str, **attributes: str) -> Any:
    """A child element in Word's name space; attributes are in it as well."""
    made = parent.makeelement(_named(tag))
    for name, value in attributes.items():
        made.set(_named(name), value)
    parent.append(made)
    return made


@cache
def _named(name: str) -> str:
    """A name in Word's name space, asked for some ten thousand times."""
    return str(qn(f"w:{name}"))


def run(paragraph: Any, words: str, bold: bool = False, size: int | None = None) -> None:
    """Text at the end of a paragraph; a tab in it is a tab. `size` is in half points."""
    made = put(paragraph, "r")
    if bold or size is not None:
        look = put(made, "rPr")
        if bold:
            put(look, "b")
        if size is not None:
            put(look, "sz", val=str(size))
    for number, part in enumerate(legal(words).split("\t")):
        if number:
            put(made, "tab")
        told = put(made, "t")
        told.text = part
        told.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def field(paragraph: Any, code: str, result: str) -> None:
    """A field with the result that is shown until Word computes it again."""
    _character(paragraph, "begin")
    put(put(paragraph, "r"), "instrText").text = f" {code} "
    _character(paragraph, "separate")
    run(paragraph, result)
    _character(paragraph, "end")


def open_field(paragraph: Any, code: str) -> None:
    """The beginning of a field whose result goes on over several paragraphs."""
    _character(paragraph, "begin")
    put(put(paragraph, "r"), "instrText").text = f" {code} "
    _character(paragraph, "separate")


def close_field(paragraph: Any) -> None:
    """The end of it."""
    _character(paragraph, "end")


def bookmark(paragraph: Any, name: str, number: int) -> None:
    """A bookmark around everything that a paragraph holds."""
    start = OxmlElement("w:bookmarkStart")
    start.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    paragraph.insert(1 if paragraph.pPr is not None else 0, start)
    put(paragraph, "bookmarkEnd", id=str(number))


def link(paragraph: Any, name: str, words: str) -> None:
    """Text that leads to a bookmark."""
    run(put(paragraph, "hyperlink", anchor=name, history="1"), words)


def table(
    widths: Sequence[float], rows: Sequence[Sequence[Cell]], heads: int, total: bool, together: bool = True
) -> Any:
    """A table of so many points by column; its first `heads` rows are repeated on every page, `total` marks the
    last, and one that stays `together` is on one page."""
    made = OxmlElement("w:tbl")
    look = put(made, "tblPr")
    put(look, "tblW", w=str(round(sum(widths) * TWENTIETHS)), type="dxa")
    put(look, "tblLayout", type="fixed")
    margins = put(look, "tblCellMar")
    for side, room in (("top", "25"), ("left", "80"), ("bottom", "25"), ("right", "80")):
        put(margins, side, w=room, type="dxa")
    put(look, "tblLook", firstRow="1" if heads else "0", lastRow=str(int(total)), firstColumn="1", noVBand="1")
    grid = put(made, "tblGrid")
    for points in widths:
        put(grid, "gridCol", w=str(round(points * TWENTIETHS)))
    for number, row in enumerate(rows):
        strong = number == heads - 1 or (total and number >= len(rows) - 2)
        _row(made, row, widths, head=number < heads, line=(INK, "8") if strong else (HAIR, "4"))
    if together:
        for paragraph in [look for row in made.findall(qn("w:tr"))[:-1] for look in row.iter(qn("w:pPr"))]:
            paragraph.insert(1, OxmlElement("w:keepNext"))
    return made


def cards(widths: Sequence[float], rows: Sequence[Sequence[Cell]]) -> Any:
    """A table of tinted cells with gaps between them."""
    made = table(widths, rows, 0, False)
    for cell in made.iter(qn("w:tc")):
        look = cell.find(qn("w:tcPr"))
        look.remove(look.find(qn("w:tcBorders")))
        borders = put(look, "tcBorders")
        for side in ("top", "left", "bottom", "right"):
            put(borders, side, val="single", sz="36", space="0", color="FFFFFF")
        if any(text.text for text in cell.iter(qn("w:t"))):
            put(look, "shd", val="clear", color="auto", fill=TINT)
    return made


def _row(parent: Any, row: Sequence[Cell], widths: Sequence[float], head: bool, line: tuple[str, str]) -> None:
    made = put(parent, "tr")
    look = put(made, "trPr")
    put(look, "cantSplit")
    if head:
        put(look, "tblHeader")
    for cell, points in zip(row, widths, strict=True):
        box = put(made, "tc")
        shape = put(box, "tcPr")
        put(shape, "tcW", w=str(round(points * TWENTIETHS)), type="dxa")
        borders = put(shape, "tcBorders")
        put(borders, "bottom", val="single", sz=line[1], space="0", color=line[0])
        if head:
            put(shape, "vAlign", val="bottom")
        for number, words in enumerate(cell.lines):
            _paragraph(box, cell, number, words)


def _paragraph(box: Any, cell: Cell, number: int, words: str) -> None:
    made = put(box, "p")
    look = put(made, "pPr")
    put(look, "pStyle", val="TableText")
    if cell.right:
        put(look, "jc", val="right")
    size = cell.sizes[number] if cell.sizes else None
    run(made, words, bold=number == cell.bold, size=size)


def _character(paragraph: Any, kind: str) -> None:
    put(put(paragraph, "r"), "fldChar", fldCharType=kind)
