"""Prices: what a little more or less of each limit and target changes first, and how far that holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from regionopt.case.limits import of_path
from regionopt.report.model import Cell, Column, Number, Table, Unit
from regionopt.report.said import Said, digits
from regionopt.telling.limits import step_of


def prices_table(said: Said) -> Table:
    """What a little more or less of each limit and target changes first, and how far that holds."""
    told = [k for rows in said.grouped("prices", "path").values() for k in _told(said, rows)]
    texts = [Column(said.text(f"column.{key}"), numeric=False) for key in ("limit", "changes", "per")]
    columns = [Column(said.text(f"column.{key}")) for key in ("less", "down_to", "more", "up_to")]
    return Table(
        "prices",
        said.text("prices_caption"),
        (*texts, *columns),
        tuple(_price_row(said, k) for k in told),
        note=" ".join([said.text("prices_note"), *_ends(said, told)]),
    )


def _told(said: Said, rows: Sequence[int]) -> list[int]:
    """Of the budget all quantities that are told, of another number the first stage that it changes."""
    listed = said.written.tables["prices"]
    changing = [k for k in rows if _counts(said, k)]
    if listed[rows[0]]["path"] == "budget.total":
        return [k for k in changing if listed[k]["quantity"] in said.told]
    stages = [stage.name for stage in said.written.result.stages]
    return [k for k in changing if listed[k]["quantity"] in stages][:1]


def _ends(said: Said, told: Sequence[int]) -> Iterator[str]:
    """Where a price holds at least so far, and where there is no plan beyond."""
    rows = said.written.tables["prices"]
    for end in ("at_least", "no_plan"):
        for side in ("left", "right"):
            names = dict.fromkeys(said.limit(rows[k]["path"]) for k in told if rows[k][f"{side}_end"] == end)
            if names:
                yield said.text(f"prices_{end}_{side}", limits=said.listed(names))


def _counts(said: Said, row: int) -> bool:
    """Whether a price says that something changes."""
    cells = said.written.tables["prices"][row]
    return any(float(cells[side] or 0.0) or cells[f"{side}_end"] == "none" for side in ("left", "right"))


def _price_row(said: Said, k: int) -> tuple[Cell, ...]:
    row = said.written.tables["prices"][k]
    found, own = of_path(row["path"]), said.case_unit(row["path"])
    size = step_of(found, float(row["now"])) if found else 1.0
    base = said.quantity_unit(row["quantity"])
    unit = Unit(base.name, base.scale * size)
    per = Number(size, digits(size, own, 1), own, ())
    return (
        said.limit(row["path"]),
        said.quantity(row["quantity"]),
        per.whole_text,
        *_side(said, k, "left", Unit(unit.name, -unit.scale), own),
        *_side(said, k, "right", unit, own),
    )


def _side(said: Said, k: int, side: str, unit: Unit, own: Unit) -> tuple[Cell, Cell]:
    """A change per step, with its own unit, and how far it holds."""
    row = said.written.tables["prices"][k]
    if row[f"{side}_end"] == "none":
        return said.text("no_plan"), None
    change = said.cell("prices", k, side, unit, digits(float(row[side] or 0.0), unit), signed=True)
    until = row[f"{side}_until"]
    held = (
        said.cell("prices", k, f"{side}_until", own, digits(float(until), own, 4)) if until else said.text("endless")
    )
    return change, held
