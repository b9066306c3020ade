"""What holds the plan, the strongest first: what 1 % more room of each limit, target or full tranche would bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from regionopt.case.limits import of_path
from regionopt.report.model import Cell, Column, Table
from regionopt.report.said import Said

# What binds is told in so many rows; the table of the result has all.
MOST = 12


def binding_table(said: Said, region: str = "") -> Table:
    """What binds, the strongest first: what 1 % more room brings; of one region or of all."""
    groups = said.grouped("binding", "rank", "path").items()
    own = [rows for (_, path), rows in groups if region in ("", region_of(path))]
    shown, decimals = own if region else own[:MOST], said.changes("binding", own, "change", "quantity")
    left = len(own) - len(shown)
    return Table(
        f"binding-{region}" if region else "binding",
        said.text("binding_of", region=said.region(region)) if region else said.text("binding_caption"),
        (
            Column(said.text("column.binds"), numeric=False),
            Column(said.text("column.now")),
            *(Column(said.quantity(name), said.quantity_unit(name).name) for name in said.told),
        ),
        tuple(_row(said, rows, decimals, region) for rows in shown),
        note=said.text("more_rows", count=left, file="binding.csv") if left else "",
    )


def _row(said: Said, rows: Sequence[int], decimals: Mapping[str, int], within: str) -> tuple[Cell, ...]:
    """What binds, its value, and what 1 % of it changes of each quantity."""
    head, at = said.written.tables["binding"][rows[0]], said.by("binding", rows, "quantity")
    changes = (
        said.cell("binding", at[name], "change", said.quantity_unit(name), decimals[name], signed=True)
        for name in said.told
    )
    name = binding_name(said, head, within)
    return (name, said.now("binding", rows[0], head["path"], float(head["now"])), *changes)


def binding_name(said: Said, row: Mapping[str, str], within: str = "") -> str:
    """What binds in words, with the direction in which it would be relaxed; `within` a region is not named again."""
    if row["kind"] != "tranche":
        return said.text(f"relax_{row['relaxed']}", limit=said.limit(row["path"]))
    _, region, programme, tranche = row["path"].split(".")
    name = said.programme(region, programme)
    full = name if region == within else f"{said.region(region)} · {name}"
    year = f" {row['period']}" if row.get("period") else ""
    return said.word("explain.full", name=full + year, tranche=tranche)


def region_of(path: str) -> str:
    """The region that a number of the case belongs to, empty where it is of all."""
    if path.startswith("widths."):
        return path.split(".")[1]
    found = of_path(path)
    return found.names.get("region", "") if found else ""
