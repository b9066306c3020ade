"""The plan in tables: money by region, targets, programmes, and the parts that not every case has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from regionopt.common.document import RegionResult
from regionopt.common.instance import METRICS
from regionopt.report.model import Block, Cell, Chart, Column, Figure, Heading, Number, Table
from regionopt.report.parts import parts
from regionopt.report.said import Said, summed

KINDS = {
    "budget": "money", "reference": "money", "floor": "money", "ceiling": "money", "share": "ratio",
    "budget_per_head": "head", "output": "yearly", "output_target": "yearly", "output_shortfall": "ratio",
    "jobs": "jobs", "jobs_target": "jobs", "jobs_shortfall": "ratio",
}  # fmt: skip
# Sums of these mean nothing.
NOT_SUMMED = ("budget_per_head", "output_shortfall", "jobs_shortfall", "floor", "ceiling")


def plan(said: Said) -> Iterator[Block]:
    """Money by region, targets with a chart, programmes."""
    yield Heading(1, said.text("plan"), "plan-of-regions")
    yield regions_table(said)
    yield Heading(2, said.text("targets"), "targets-of-regions")
    for metric in METRICS:
        table = targets_table(said, metric)
        if table is not None:
            yield table
            yield _reached(said, metric, table)
    yield Heading(2, said.text("programmes"), "programmes-of-regions")
    yield programmes_table(said)
    yield from parts(said)


def regions_table(said: Said) -> Table:
    """One row a region: budget, share, per head, what the reference plan would give, limits where there are any."""
    fields = ["budget", "share", "budget_per_head", "reference"]
    fields += [f for f in ("floor", "ceiling") if any(getattr(r, f) is not None for r in said.written.result.regions)]
    return _by_region(said, "plan", said.text("plan_caption"), fields)


def targets_table(said: Said, metric: str) -> Table | None:
    """Reached, wanted and missing of a metric by region; None where no region has a target of it."""
    fields = [metric, f"{metric}_target", f"{metric}_shortfall"]
    if all(getattr(region, fields[1]) is None for region in said.written.result.regions):
        return None
    caption = said.text("targets_caption", metric=said.word(f"map.metric_{metric}"))
    return _by_region(said, f"targets-{metric}", caption, fields)


def _by_region(said: Said, table_id: str, caption: str, fields: Sequence[str]) -> Table:
    """Fields of the regions of `result.json` as a table with their sums."""
    regions = said.written.result.regions
    columns = [Column(said.word("run.region"), numeric=False)]
    cells: list[list[Number | None]] = []
    for field in fields:
        cells.append([region_field(said, k, field) for k in range(len(regions))])
        columns.append(Column(said.text(f"column.{field}"), said.unit(KINDS[field]).name))
    rows: list[tuple[Cell, ...]] = [
        (said.region(region.id), *(column[k] for column in cells)) for k, region in enumerate(regions)
    ]
    total = ["" if field in NOT_SUMMED else summed(column) for field, column in zip(fields, cells, strict=True)]
    return Table(table_id, caption, tuple(columns), (*rows, (said.word("run.all"), *total)), total=True)


def region_field(said: Said, place: int, field: str) -> Number | None:
    """A number of a region of `result.json`, with the decimals of its column."""
    regions = said.written.result.regions
    beside = {"output": "output_target", "jobs": "jobs_target", "reference": "budget"}.get(field, field)
    largest = max((_value(region, one) for region in regions for one in (field, beside)), default=0.0)
    value = getattr(regions[place], field)
    return said.field(KINDS[field], f"/regions/{place}/{field}", value, largest)


def _value(region: RegionResult, field: str) -> float:
    return float(getattr(region, field) or 0.0)


def _reached(said: Said, metric: str, table: Table) -> Figure:
    name = said.word(f"map.metric_{metric}")
    told = [f"{row[0]} {_ratio(row)}" for row in table.rows[:-1]]
    alt = said.text("reached_alt", metric=name, numbers=said.listed(told))
    return Figure(
        f"reached-{metric}", said.text("reached_caption", metric=name), alt, Chart("against", table.id, 0, (1, 2))
    )


def _ratio(row: Sequence[Cell]) -> str:
    """How much of a target is reached."""
    reached, wanted = row[1], row[2]
    if not isinstance(reached, Number) or not isinstance(wanted, Number) or not wanted.value:
        return "–"
    return f"{reached.value / wanted.value:.0%}"


def programmes_table(said: Said, region: str = "") -> Table:
    """One row a programme: money, how much it could take, what that brings; of one region or of all."""
    columns = [] if region else [Column(said.word("run.region"), numeric=False)]
    columns += [
        Column(said.text("column.programme"), numeric=False),
        *(Column(said.text(f"column.{f}"), said.unit(KINDS[f]).name) for f in ("budget",)),
        Column(said.text("column.width"), said.unit("money").name),
        *(Column(said.text(f"column.{m}"), said.unit(KINDS[m]).name) for m in METRICS),
    ]
    rows = list(_programme_rows(said, region))
    caption = said.text("programmes_of", region=said.region(region)) if region else said.text("programmes_caption")
    table_id = f"programmes-{region}" if region else "programmes"
    return Table(table_id, caption, tuple(columns), tuple(rows), note="" if region else said.text("programmes_note"))


def _programme_rows(said: Said, region: str) -> Iterator[tuple[Cell, ...]]:
    allocation, coefficients = said.written.tables["allocation"], said.written.tables["coefficients"]
    keys = dict.fromkeys((row["region"], row["programme"]) for row in coefficients)
    for key in keys:
        if region not in ("", key[0]):
            continue
        got = [k for k, row in enumerate(allocation) if (row["region"], row["programme"]) == key]
        could = [k for k, row in enumerate(coefficients) if (row["region"], row["programme"]) == key]
        name = said.programme(*key)
        yield (
            *(() if region else (said.region(key[0]),)),
            name,
            _sum(said, "allocation", got, "budget", "money"),
            _sum(said, "coefficients", could, "width", "money"),
            *(_sum(said, "allocation", got, metric, KINDS[metric]) for metric in METRICS),
        )


def _sum(said: Said, table: str, rows: Sequence[int], column: str, kind: str) -> Number | None:
    """The sum of a column over tranches, with the decimals of the largest sum of the table."""
    listed = said.written.tables[table]
    largest = max((float(row[column] or 0.0) for row in listed), default=0.0)
    return summed(said.cell(table, k, column, said.unit(kind), said.decimals(kind, largest)) for k in rows)
