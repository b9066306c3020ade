"""A report's tables as CSV, one file each: every number in the unit of the report, with all its digits."""

from __future__ import annotations

from collections.abc import Iterator

from regionopt.report.formats import Material
from regionopt.report.model import Cell, Column, Facts, Number, Part, Table
from regionopt.result.outputs import to_csv


def write(material: Material) -> dict[str, bytes]:
    """`report.<id>.csv` for every table and for the facts."""
    return {name: content for part in material.report.parts for name, content in _files(part)}


def _files(part: Part) -> Iterator[tuple[str, bytes]]:
    for block in part.blocks:
        if isinstance(block, Table):
            heads = list(_heads(block.columns))
            rows = [dict(zip(heads, map(_plain, row), strict=True)) for row in block.rows]
            yield f"report.{block.id}.csv", to_csv(rows, heads)
        elif isinstance(block, Facts):
            yield (
                f"report.{block.id}.csv",
                to_csv(
                    {"fact": fact.label, "value": _plain(fact.value), "unit": _unit(fact.value), "note": fact.note}
                    for fact in block.facts
                ),
            )


def _heads(columns: tuple[Column, ...]) -> Iterator[str]:
    """Headings with their units; one that stands twice is told apart by its place."""
    seen: set[str] = set()
    for place, column in enumerate(columns, start=1):
        head = f"{column.heading} (%)" if column.unit == "%" else column.full
        yield f"{head} {place}" if head in seen else head
        seen.add(head)


def _plain(cell: Cell) -> str | None:
    """The number itself without separators; its own unit where the column has none stands in the report."""
    return f"{cell.shown:.12g}" if isinstance(cell, Number) else cell


def _unit(cell: Cell) -> str:
    return cell.unit.name if isinstance(cell, Number) else ""
