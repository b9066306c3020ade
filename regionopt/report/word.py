"""A report for Word: real headings, captions that number themselves, pictures with words for who cannot see them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import docx
from docx.enum.text import WD_BREAK
from docx.shared import Mm

from regionopt.charts.paper import legal
from regionopt.common.texts import text
from regionopt.report.formats import Material
from regionopt.report.layout import UPRIGHT, numbered, shown, together, wide, widths
from regionopt.report.lettered import pictured
from regionopt.report.model import (
    Block,
    Bullets,
    Fact,
    Facts,
    Figure,
    Heading,
    Number,
    PageBreak,
    Paragraph,
    Part,
    Table,
    cell_text,
)  # fmt: skip
from regionopt.report.word_style import styled, turned
from regionopt.report.word_xml import Cell, bookmark, cards, close_field, field, link, open_field, run, table
from regionopt.static.png import png

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip file can name."""
CARDS = 4
ACROSS, PIXELS = 170, 1600
"""Millimetres between the margins of upright A4, and the pixels of a picture as wide: 240 an inch."""
CONTENTS = 2
"""Levels of headings that the table of contents lists."""


def write(material: Material) -> dict[str, bytes]:
    """`report.docx`; the same material and fonts give the same bytes."""
    report, material = material.report, pictured(material)
    document = docx.Document()
    styled(document, legal(report.title))
    for number, part in enumerate(report.parts):
        if number:
            _new_page(document)
        _Writer(document, material, part, first=number * 10_000).part()
    buffer = io.BytesIO()
    document.save(buffer)
    return {"report.docx": _undated(buffer.getvalue())}


class _Writer:
    """Writes one part to the end of a document; `first` is the number of its first bookmark."""

    def __init__(self, document: Any, material: Material, part: Part, first: int) -> None:
        self._document, self._material, self._part = document, material, part
        self._bookmarks = count(first)
        self._captions = {"table": 0, "figure": 0}
        self._styles = {style.name: style.style_id for style in document.styles}

    def part(self) -> None:
        """Title, contents, and every block."""
        self._paragraph("Title", legal(self._part.title))
        self._paragraph("Subtitle", legal(self._part.subtitle))
        headings = [b for b in self._part.blocks if isinstance(b, Heading)]
        names = {heading.id: f"_Toc{next(self._bookmarks):09d}" for heading in headings}
        self._contents(headings, names)
        for block, _, svg in numbered(self._material, self._part):
            self._block(block, svg, names)

    def _contents(self, headings: Sequence[Heading], names: Mapping[str, str]) -> None:
        """A field that Word can fill with page numbers; until then it leads to the headings by links."""
        self._paragraph("TOC Heading", text("report.contents", self._part.language))
        listed = [heading for heading in headings if heading.level <= CONTENTS]
        for heading in listed:
            paragraph = self._paragraph(f"toc {heading.level}")._p
            if heading is listed[0]:
                open_field(paragraph, f'TOC \\o "1-{CONTENTS}" \\h \\z \\u')
            link(paragraph, names[heading.id], heading.text)
            if heading is listed[-1]:
                close_field(paragraph)

    def _block(self, block: Block, svg: str, names: Mapping[str, str]) -> None:
        match block:
            case Heading():
                paragraph = self._paragraph(f"Heading {block.level}", legal(block.text))
                bookmark(paragraph._p, names[block.id], next(self._bookmarks))
            case Paragraph():
                self._document.add_paragraph(legal(block.text))
            case Bullets():
                for item in block.items:
                    self._paragraph("List Bullet", legal(item))
            case Facts():
                self._append(cards([UPRIGHT / CARDS] * CARDS, _cards(block)))
            case Table():
                self._table(block)
            case Figure():
                self._figure(block, svg)
            case PageBreak():
                _new_page(self._document)

    def _table(self, block: Table) -> None:
        """A table under its caption, on a page of its own on its side where it needs one."""
        if wide(block):
            turned(self._document, aside=True)
        self._caption("table", block.caption, together=True)
        self._append(
            table(widths(block, narrow=1.0), _rows(block), heads=1, total=block.total, together=together(block))
        )
        self._paragraph("Note", legal(block.note))
        if wide(block):
            turned(self._document, aside=False)

    def _figure(self, block: Figure, svg: str) -> None:
        """A picture with its description, over its caption."""
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        shape = paragraph.add_run().add_picture(
            io.BytesIO(png(svg, round(PIXELS * block.part))), width=Mm(ACROSS * block.part)
        )
        properties = shape._inline.docPr
        properties.set("descr", legal(block.alt))
        properties.set("title", legal(block.caption))
        self._caption("figure", block.caption, together=False)

    def _caption(self, kind: str, caption: str, together: bool) -> None:
        """A name with a number of Word's own, then what is shown."""
        self._captions[kind] += 1
        number = self._captions[kind]
        before, _, after = text(f"report.{kind}", self._part.language, number="\t").partition("\t")
        paragraph = self._paragraph("Caption")
        paragraph.paragraph_format.keep_with_next = together
        run(paragraph._p, before)
        again = " \\r 1" if number == 1 else ""
        field(paragraph._p, f"SEQ {kind.capitalize()} \\* ARABIC{again}", str(number))
        run(paragraph._p, after + text("sentence.colon", self._part.language) + caption)

    def _paragraph(self, style: str, words: str = "") -> Any:
        """A paragraph in a style; python-docx would go through all styles for each."""
        paragraph = self._document.add_paragraph(words)
        paragraph._p.style = self._styles[style]
        return paragraph

    def _append(self, element: Any) -> None:
        """An element at the end of the text, before the properties of the section."""
        self._document.element.body._insert_tbl(element)


def _new_page(document: Any) -> None:
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _rows(block: Table) -> list[list[Cell]]:
    """Headings with their units, then every row; numbers stand at the right."""
    heads = [
        Cell(
            tuple(filter(None, (one.heading, "" if one.unit == "%" else one.unit))),
            one.numeric,
            bold=0,
            sizes=(17, 15),
        )
        for one in block.columns
    ]
    last = len(block.rows) - 1 if block.total else -1
    rows = [
        [
            Cell((shown(cell, column),), column.numeric, bold=0 if number == last else None)
            for cell, column in zip(row, block.columns, strict=True)
        ]
        for number, row in enumerate(block.rows)
    ]
    return [heads, *rows]


def _cards(block: Facts) -> list[list[Cell]]:
    """So many facts beside each other, the last row filled with empty ones."""
    cells = [_card(fact) for fact in block.facts]
    cells += [Cell(("",))] * (-len(cells) % CARDS)
    return [cells[start : start + CARDS] for start in range(0, len(cells), CARDS)]


def _card(fact: Fact) -> Cell:
    unit = f" {fact.value.unit.name}" if isinstance(fact.value, Number) and not fact.value.unit.percent else ""
    lines = [(fact.label, 16), (cell_text(fact.value) + unit, 24), (fact.note, 16)]
    kept = [(words, size) for words, size in lines if words]
    return Cell(tuple(words for words, _ in kept), bold=1, sizes=tuple(size for _, size in kept))


def _undated(package: bytes) -> bytes:
    """The same package with every file of one date, so that it does not say when it was packed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
