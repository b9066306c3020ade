"""A report as PDF, set by typst: one template, and the report as data, so that no text is ever read as markup."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import typst

from regionopt.common.texts import text
from regionopt.report.formats import Material
from regionopt.report.layout import numbered, shown, together, wide, widths
from regionopt.report.lettered import lettered
from regionopt.report.model import (
    Block,
    Bullets,
    Fact,
    Facts,
    Figure,
    Heading,
    Number,
    Paragraph,
    Part,
    Table,
    cell_text,
)
from regionopt.static.fonts import chosen, installed, settable

TEMPLATE = files("regionopt.report") / "page" / "report.typ"


def write(material: Material) -> dict[str, bytes]:
    """`report.pdf`; the same material and fonts give the same bytes. In English where no font has Chinese."""
    told = settable(json.dumps(data(lettered(material)), ensure_ascii=False, allow_nan=False))
    made = typst.compile(TEMPLATE.read_bytes(), format="pdf", sys_inputs={"report": told}, font_paths=installed())
    return {"report.pdf": made}


def data(material: Material) -> dict[str, Any]:
    """The report as the template reads it."""
    return {
        "title": material.report.title,
        "fonts": chosen(),
        "parts": [_part(material, part) for part in material.report.parts],
    }


def _part(material: Material, part: Part) -> dict[str, Any]:
    language, _, region = part.language.partition("-")
    return {
        "lang": language,
        "region": region or None,
        "title": part.title,
        "subtitle": part.subtitle,
        "contents": text("report.contents", part.language),
        "blocks": list(_blocks(material, part)),
    }


def _blocks(material: Material, part: Part) -> list[dict[str, Any]]:
    """In their order; a picture of one region stands beside the sentences after it."""
    blocks: list[dict[str, Any]] = []
    for block, caption, svg in numbered(material, part):
        made = _block(block, caption, svg)
        if made["kind"] == "bullets" and blocks and blocks[-1].get("small"):
            made = {"kind": "beside", "words": made, "picture": blocks.pop()}
        blocks.append(made)
    return blocks


def _block(block: Block, caption: str, svg: str) -> dict[str, Any]:
    if isinstance(block, Table):
        return _table(block, caption)
    if isinstance(block, Figure):
        look = {"part": block.part, "small": block.beside}
        return {"kind": "picture", "svg": svg, "alt": block.alt, "caption": caption, **look}
    return _plain(block)


def _plain(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "text": block.text}
        case Paragraph():
            return {"kind": "paragraph", "text": block.text}
        case Bullets():
            return {"kind": "bullets", "items": block.items}
        case Facts():
            return {"kind": "facts", "facts": [_fact(fact) for fact in block.facts]}
        case _:
            return {"kind": "break"}


def _fact(fact: Fact) -> dict[str, str]:
    unit = fact.value.unit.name if isinstance(fact.value, Number) and not fact.value.unit.percent else ""
    return {"label": fact.label, "value": cell_text(fact.value), "unit": unit, "note": fact.note}


def _table(table: Table, caption: str) -> dict[str, Any]:
    columns = [
        {
            "heading": column.heading,
            "unit": "" if column.unit == "%" else column.unit,
            "numeric": column.numeric,
            "width": round(points, 1),
        }
        for column, points in zip(table.columns, widths(table), strict=True)
    ]
    rows = [[shown(cell, column) for cell, column in zip(row, table.columns, strict=True)] for row in table.rows]
    return {
        "kind": "table",
        "caption": caption,
        "columns": columns,
        "rows": rows,
        "total": table.total,
        "note": table.note,
        "landscape": wide(table),
        "together": together(table),
    }
