"""How much choice there is: bands of the budgets of regions and programmes among plans nearly as good."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from regionopt.report.model import Block, Cell, Chart, Column, Figure, Number, Table
from regionopt.report.said import Said


def region_bands(said: Said) -> Iterator[Block]:
    """How far each region's budget could move among plans nearly as good."""
    table = bands_table(said, "")
    yield table
    last = len(table.columns) - 1
    alt = said.text("bands_alt", numbers=said.listed(_ranges(table)))
    yield Figure("bands-chart", said.text("bands_chart"), alt, Chart("ranges", table.id, 0, (last - 1, last, 1)))


def _ranges(table: Table) -> Iterator[str]:
    for row in table.rows:
        ends = [cell.text for cell in row[-2:] if isinstance(cell, Number)]
        yield f"{row[0]} {'–'.join(ends)}"


def bands_table(said: Said, region: str) -> Table:
    """Least and most at each tolerance: of every region, or of the programmes of one."""
    rows, kind = said.written.tables["bands"], "programme" if region else "region"
    groups = said.grouped("bands", "kind", "region", "programme").items()
    own = {key[1:]: found for key, found in groups if key[0] == kind and region in ("", key[1])}
    tolerances = list(dict.fromkeys(rows[k]["tolerance"] for found in own.values() for k in found))
    wide = [one for one in tolerances if float(one) > 0] or tolerances
    largest = max((float(rows[k]["maximum"]) for found in own.values() for k in found), default=0.0)
    unit, decimals = said.unit("money"), said.decimals("money", largest)

    def cells(found: list[int]) -> Iterator[Cell]:
        at = said.by("bands", found, "tolerance")
        yield said.cell("bands", found[0], "plan", unit, decimals)
        for tolerance in wide:
            yield from (said.cell("bands", at[tolerance], end, unit, decimals) for end in ("minimum", "maximum"))

    return Table(
        f"bands-{region}" if region else "bands",
        said.text("bands_of", region=said.region(region)) if region else said.text("bands_caption"),
        tuple(_columns(said, region, wide, unit.name)),
        tuple((said.programme(*key) if region else said.region(key[0]), *cells(found)) for key, found in own.items()),
    )


def _columns(said: Said, region: str, tolerances: Sequence[str], unit: str) -> Iterator[Column]:
    yield Column(said.text("column.programme") if region else said.word("run.region"), numeric=False)
    yield Column(said.text("column.in_plan"), unit)
    for tolerance in tolerances:
        percent = f"{100 * float(tolerance):.10g}"
        yield from (Column(said.text(f"column.{end}", tolerance=percent), unit) for end in ("least", "most"))
