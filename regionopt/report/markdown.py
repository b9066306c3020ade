"""A report as Markdown: every text literally, tables in GitHub's flavour, pictures beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from regionopt.common.texts import text
from regionopt.report.formats import Material, picture_name
from regionopt.report.model import (
    Block,
    Bullets,
    Facts,
    Figure,
    Heading,
    Number,
    PageBreak,
    Paragraph,
    Part,
    Table,
    cell_text,
)

# What begins markup anywhere, and what does at the front of a line or in a bare address.
_ANYWHERE = re.compile(r"[\\`*_{}\[\]<>|~$&#^]")
_FRONT = re.compile(r"^(\s*)(?:(\d+)([.)](?=\s|$))|([-+=]))")
_ADDRESS = re.compile(r"(?i)(?<=http)(s?)(:)|(?<=www)(\.)|(@)")
_BREAKS = re.compile(r"[\r\n\u2028\u2029\x0b\x0c\x85]+")


def write(material: Material) -> dict[str, bytes]:
    """`report.md`, and the pictures that it shows."""
    pictures: dict[str, bytes] = {}
    written = "\n\n".join(block for part in material.report.parts for block in _part(material, part, pictures))
    return {"report.md": f"{written}\n".encode(), **pictures}


def literal(words: str) -> str:
    """Text that a reader of Markdown shows as it is, on one line."""
    safe = _ANYWHERE.sub(lambda found: f"\\{found[0]}", one_line(words))
    safe = _ADDRESS.sub(lambda found: f"{found[1] or ''}\\{found[0][-1]}", safe)
    return _FRONT.sub(lambda found: f"{found[1]}{found[2] or ''}\\{found[3] or found[4]}", safe)


def one_line(words: str) -> str:
    """Text without ends of lines."""
    return _BREAKS.sub(" ", words)


def _part(material: Material, part: Part, pictures: dict[str, bytes]) -> Iterator[str]:
    yield f"# {literal(part.title)}"
    yield literal(part.subtitle)
    for block in part.blocks:
        yield from _block(material, part, block, pictures)


def _block(material: Material, part: Part, block: Block, pictures: dict[str, bytes]) -> Iterator[str]:
    match block:
        case Heading():
            yield f"{'#' * (block.level + 1)} {literal(block.text)}"
        case Paragraph():
            yield literal(block.text)
        case Bullets():
            yield "\n".join(f"- {literal(item)}" for item in block.items)
        case Facts():
            yield _facts(block, part)
        case Table():
            yield f"**{literal(block.caption)}**"
            yield _table(block)
            yield from ([literal(block.note)] if block.note else [])
        case Figure():
            if (drawn := material.draw(block, part)) is not None:
                name = picture_name(block, "svg")
                pictures[name] = drawn.encode()
                yield f"![{literal(block.alt)}]({name})"
                yield f"*{literal(block.caption)}*"
        case PageBreak():
            yield "---"


def _table(table: Table) -> str:
    heads = [column.full for column in table.columns]
    sides = ["--:" if column.numeric else "---" for column in table.columns]
    rows = [
        [
            cell.whole_text if isinstance(cell, Number) and not column.unit else cell_text(cell)
            for cell, column in zip(row, table.columns, strict=True)
        ]
        for row in table.rows
    ]
    return "\n".join([_row(map(literal, heads)), _row(sides), *(_row(map(literal, row)) for row in rows)])


def _facts(facts: Facts, part: Part) -> str:
    colon = text("sentence.colon", part.language)
    lines = []
    for fact in facts.facts:
        value = fact.value.whole_text if isinstance(fact.value, Number) else cell_text(fact.value)
        note = f" ({literal(fact.note)})" if fact.note else ""
        lines.append(f"- {literal(fact.label)}{colon}**{literal(value)}**{note}")
    return "\n".join(lines)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
