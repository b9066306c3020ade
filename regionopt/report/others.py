"""The plan beside other plans: simple rules, plans without a region, and rules of fairness made stricter."""

from __future__ import annotations

from collections.abc import Iterator

from regionopt.common.instance import METRICS
from regionopt.report.model import (
    Block,
    Cell,
    Chart,
    Column,
    Figure,
    Heading,
    Lines,
    Number,
    Paragraph,
    Table,
    Unit,
    cell_text,
)
from regionopt.report.said import Said


def benchmarks(said: Said) -> Iterator[Block]:
    """The plan beside simple rules."""
    rows = said.written.tables["benchmarks"]
    own = [k for k, row in enumerate(rows) if not row["region"]]
    if not own:
        return
    yield Heading(2, said.word("explain.rivals"), "benchmarks-of-plan")
    units = {
        "worst_shortfall": said.unit("ratio"), "total_shortfall": Unit(""), "output": said.unit("yearly"),
        "jobs": said.unit("jobs"), "spent": said.unit("money"),
    }  # fmt: skip
    decimals = {"worst_shortfall": 1, "total_shortfall": 3}
    for name, kind in (("output", "yearly"), ("jobs", "jobs"), ("spent", "money")):
        decimals[name] = said.decimals(kind, max(float(rows[k][name] or 0.0) for k in own))
    columns = [Column(said.text("column.rule"), numeric=False)]
    columns += [Column(said.text(f"column.{name}"), unit.name) for name, unit in units.items()]
    columns.append(Column(said.word("run.limits_broken"), numeric=False))
    found = [
        (
            said.word(f"rivals.{rows[k]['benchmark']}"),
            *(said.cell("benchmarks", k, name, unit, decimals[name]) for name, unit in units.items()),
            rows[k]["limits_broken"] or said.text("none"),
        )
        for k in own
    ]
    yield Table("benchmarks", said.text("benchmarks_caption"), tuple(columns), tuple(found))
    alt = said.text("benchmarks_alt", numbers=said.listed(f"{row[0]} {_shown(row[1])}" for row in found))
    yield Figure("benchmarks-chart", said.text("benchmarks_chart"), alt, Chart("bars", "benchmarks", 0, (1,)))


def _shown(cell: Cell) -> str:
    return cell.text if isinstance(cell, Number) else "–"


def importance(said: Said) -> Iterator[Block]:
    """What is lost without each region."""
    if said.written.tables["importance"]:
        yield Heading(2, said.word("explain.lost"), "importance-of-regions")
        yield Paragraph(said.text("importance_said"))
        yield importance_table(said)


def importance_table(said: Said) -> Table:
    """What the plan loses without every region."""
    groups = said.grouped("importance", "kind", "region").items()
    own = {region: rows for (kind, region), rows in groups if kind == "region"}
    decimals = said.changes("importance", own.values(), "lost", "measure")

    def cells(rows: list[int]) -> Iterator[Cell]:
        at = said.by("importance", rows, "measure")
        for name in said.told:
            yield said.text("no_plan") if "" in at else _lost(said, at[name], name, decimals[name])

    first = Column(said.text("column.without"), numeric=False)
    columns = [Column(said.quantity(name), said.quantity_unit(name).name) for name in said.told]
    found = tuple((said.region(region), *cells(rows)) for region, rows in own.items())
    return Table("importance", said.text("importance_caption"), (first, *columns), found)


def _lost(said: Said, row: int, quantity: str, decimals: int) -> Number | None:
    """By how much a quantity changes; the table says what is lost, which for a total is a fall."""
    unit = said.quantity_unit(quantity)
    turned = Unit(unit.name, -unit.scale) if quantity in METRICS else unit
    return said.cell("importance", row, "lost", turned, decimals, signed=True)


def fairness(said: Said) -> Iterator[Block]:
    """From each dial's easiest to its strictest setting: its ends in a table, the way between them as a chart."""
    if not said.written.tables["fairness"]:
        return
    yield Heading(2, said.word("explain.fairness"), "fairness-costs")
    texts = [Column(said.text("column.dial"), numeric=False)]
    ends = [Column(said.text(f"column.{end}")) for end in ("from", "to")]
    totals = [Column(said.quantity(m), said.quantity_unit(m).name) for m in METRICS]
    rows = {dial: _dial(said, dial) for (dial,) in said.grouped("fairness", "dial")}
    yield Table("fairness", said.text("fairness_caption"), (*texts, *ends, *totals), tuple(rows.values()))
    for dial, row in rows.items():
        lines = _lines(said, dial)
        if len(lines.points) > 1 and lines.names:
            told = dict(zip(("dial", "first", "last", *METRICS), map(_whole, row), strict=True))
            alt = said.text("fairness_alt", **told)
            yield Figure(f"fairness-{dial}", said.text("fairness_chart", dial=told["dial"]), alt, lines)


def _whole(cell: Cell) -> str:
    return cell.whole_text if isinstance(cell, Number) else cell_text(cell)


def _dial(said: Said, dial: str) -> tuple[Cell, ...]:
    """A dial, its ends, and what goes from the first to the last of them."""
    groups = said.grouped("fairness", "dial", "quantity")
    own = next(rows for (one, _), rows in groups.items() if one == dial)
    unit = Unit("") if dial == "ratio" else said.unit("ratio")
    ends = (said.cell("fairness", k, "at", unit, 2) for k in (own[0], own[-1]))
    lost = (
        said.cell("fairness", rows[-1], "difference", said.quantity_unit(m), 1 if m == "output" else 0, signed=True)
        if (rows := groups.get((dial, m)))
        else None
        for m in METRICS
    )
    return (said.text(f"dial_{dial}"), *ends, *lost)


def _lines(said: Said, dial: str) -> Lines:
    """What the national totals lose along a dial, as parts of what they are at its easiest setting."""
    table, groups = said.written.tables["fairness"], said.grouped("fairness", "dial", "quantity")
    rows = {metric: [table[k] for k in groups.get((dial, metric), [])] for metric in METRICS}
    full = {metric: float(own[0]["value"]) for metric, own in rows.items() if own}
    told = [metric for metric in METRICS if full.get(metric)]
    steps = list(zip(*(rows[metric] for metric in told), strict=True))
    bends = any(row["between"] == "bends" for step in steps for row in step)
    return Lines(
        said.text("strict_left" if dial != "floor_share" else "strict_right", dial=said.text(f"dial_{dial}")),
        said.text("fairness_change_bends" if bends else "fairness_change"),
        tuple(said.quantity(metric) for metric in told),
        tuple(
            (float(step[0]["at"]), *(float(row["difference"]) / full[m] for m, row in zip(told, step, strict=True)))
            for step in steps
        ),
        parts=dial != "ratio",
        bends=bends,
    )
