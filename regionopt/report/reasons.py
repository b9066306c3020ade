"""Why this plan: what binds, prices with ranges, bands, benchmarks, what each region means, what fairness costs.

From the tables that `regionopt explain` wrote; a table that is not there is said to be missing, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from regionopt.case.limits import of_path
from regionopt.common.instance import METRICS
from regionopt.doctor.advice import counted, step_of
from regionopt.report.model import Block, Cell, Chart, Column, Figure, Heading, Number, Paragraph, Table, Unit
from regionopt.report.said import Said, digits

# What binds is told in so many rows; the table of the result has all.
MOST = 12
RANGES = "bands"


def reasons(said: Said) -> Iterator[Block]:
    """Every part that there are tables for."""
    yield Heading(1, said.text("reasons"), "reasons")
    tables = said.written.tables
    if not tables["bands"]:
        yield Paragraph(said.text("not_explained"))
        return
    if tables["binding"]:
        yield Heading(2, said.word("explain.what_binds"), "what-binds")
        yield binding_table(said)
    if tables["prices"]:
        yield Heading(2, said.text("prices"), "what-prices")
        yield Paragraph(said.text("prices_said"))
        yield prices_table(said)
    yield Heading(2, said.word("explain.choice"), "choice")
    yield Paragraph(said.text("bands_said"))
    yield from region_bands(said)
    yield from _benchmarks(said)
    yield from _importance(said)
    if tables["fairness"]:
        yield from _fairness(said)


def first_stage(said: Said) -> str:
    """The stage that counts first."""
    stages = said.written.result.stages
    return stages[0].name if stages else ""


def told_quantities(said: Said) -> list[str]:
    """The first stage and both national totals."""
    return list(dict.fromkeys([first_stage(said), *METRICS]))


# --- what binds ----------------------------------------------------------------------------------------------


def binding_table(said: Said, region: str = "") -> Table:
    """What binds, the strongest first: what 1 % more room brings; of one region or of all."""
    rows = said.written.tables["binding"]
    numbered = [list(found) for _, found in groupby(range(len(rows)), key=lambda k: rows[k]["rank"])]
    own = [found for found in numbered if region in ("", region_of(rows[found[0]]["path"]))]
    quantities = told_quantities(said)
    columns = [
        Column(said.text("column.binds"), numeric=False),
        Column(said.text("column.now")),
        *(Column(said.quantity(name), said.quantity_unit(name).name) for name in quantities),
    ]
    places = {rows[k]["quantity"]: [f[i] for f in own for i in range(len(f)) if rows[f[i]]["quantity"] ==
              rows[k]["quantity"]] for found in own[:1] for k in found}  # fmt: skip
    decimals = {
        name: _decimals([float(rows[k]["change"] or 0.0) for k in places.get(name, [])], said.quantity_unit(name))
        for name in quantities
    }
    shown = own if region else own[:MOST]
    note = said.text("more_rows", count=len(own) - len(shown), file="binding.csv") if len(own) > len(shown) else ""
    return Table(
        f"binding-{region}" if region else "binding",
        said.text("binding_of", region=said.region(region)) if region else said.text("binding_caption"),
        tuple(columns),
        tuple(_binding_row(said, found, quantities, decimals, region) for found in shown),
        note=note,
    )


def _binding_row(
    said: Said, found: Sequence[int], quantities: Sequence[str], decimals: dict[str, int], within: str
) -> tuple[Cell, ...]:
    rows = said.written.tables["binding"]
    head = rows[found[0]]
    at = {rows[k]["quantity"]: k for k in found}
    changes = (
        said.cell("binding", at[name], "change", said.quantity_unit(name), decimals[name], signed=True)
        for name in quantities
    )
    return (
        binding_name(said, head["path"], head["relaxed"], within),
        number_now(said, "binding", found[0], head["path"], float(head["now"])),
        *changes,
    )


def binding_name(said: Said, path: str, relaxed: str, within: str = "") -> str:
    """What binds in words, with the direction in which it would be relaxed."""
    if path.startswith("widths."):
        _, region, programme, *rest = path.split(".")
        name = said.programme(region, programme)
        full = name if region == within else f"{said.region(region)} · {name}"
        year = f" {rest[1]}" if len(rest) > 1 else ""
        return said.word("explain.full", name=full + year, tranche=rest[0])
    return said.text(f"relax_{relaxed}", limit=said.limit(path))


def region_of(path: str) -> str:
    """The region that a number of the case belongs to, empty where it is of all."""
    if path.startswith("widths."):
        return path.split(".")[1]
    found = of_path(path)
    return found.names.get("region", "") if found else ""


def number_now(said: Said, table: str, row: int, path: str, value: float) -> Number | None:
    """A number of the case as it stands, in the unit that it is counted in."""
    unit = case_unit(said, path)
    return said.cell(table, row, "now", unit, digits(value, unit, 4))


def case_unit(said: Said, path: str) -> Unit:
    """The unit of a number of the case."""
    found = of_path(path)
    how = counted(found) if found else "money"
    if how in ("money", "yearly", "jobs", "head"):
        return said.unit(how)
    return said.unit("ratio") if how == "percent" else Unit(said.text(f"unit_{how}"))


def _decimals(values: Sequence[float], unit: Unit) -> int:
    """Decimals that show three digits of the largest and something of the smaller ones."""
    return digits(max(map(abs, values), default=0.0), unit)


# --- prices --------------------------------------------------------------------------------------------------


def prices_table(said: Said) -> Table:
    """What a little more or less of each limit and target changes first, and how far that holds."""
    rows = said.written.tables["prices"]
    told = [
        k
        for k, row in enumerate(rows)
        if _counts(said, k) and (row["quantity"] in told_quantities(said) if row["path"] == "budget.total" else
                                 k == _first_of(said, row["path"]))
    ]  # fmt: skip
    texts = [Column(said.text(f"column.{key}"), numeric=False) for key in ("limit", "changes", "per")]
    columns = [Column(said.text(f"column.{key}")) for key in ("less", "down_to", "more", "up_to")]
    return Table(
        "prices",
        said.text("prices_caption"),
        (*texts, *columns),
        tuple(_price_row(said, k) for k in told),
        note=" ".join([said.text("prices_note"), *_ends(said, told)]),
    )


def _ends(said: Said, told: Sequence[int]) -> Iterator[str]:
    """Where a price holds at least so far, and where there is no plan beyond."""
    rows = said.written.tables["prices"]
    for end in ("at_least", "no_plan"):
        for side in ("left", "right"):
            names = dict.fromkeys(said.limit(rows[k]["path"]) for k in told if rows[k][f"{side}_end"] == end)
            if names:
                yield said.text(f"prices_{end}_{side}", limits=said.listed(names))


def _first_of(said: Said, path: str) -> int | None:
    """The row of the first stage that a number changes."""
    rows = said.written.tables["prices"]
    stages = [stage.name for stage in said.written.result.stages]
    own = (k for k, row in enumerate(rows) if row["path"] == path and row["quantity"] in stages and _counts(said, k))
    return next(own, None)


def _counts(said: Said, row: int) -> bool:
    """Whether a price says that something changes."""
    cells = said.written.tables["prices"][row]
    return any(float(cells[side] or 0.0) or cells[f"{side}_end"] == "none" for side in ("left", "right"))


def _price_row(said: Said, k: int) -> tuple[Cell, ...]:
    row = said.written.tables["prices"][k]
    found, own = of_path(row["path"]), case_unit(said, row["path"])
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


# --- bands, benchmarks, importance, fairness -----------------------------------------------------------------


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
    own = [k for k, row in enumerate(rows) if row["kind"] == kind and region in ("", row["region"])]
    tolerances = list(dict.fromkeys(rows[k]["tolerance"] for k in own))
    wide = [t for t in tolerances if float(t) > 0] or tolerances
    largest = max((float(rows[k]["maximum"]) for k in own), default=0.0)
    unit, decimals = said.unit("money"), said.decimals("money", largest)
    columns = [
        Column(said.text("column.programme") if region else said.word("run.region"), numeric=False),
        Column(said.text("column.in_plan"), unit.name),
    ]
    for tolerance in wide:
        percent = f"{100 * float(tolerance):.10g}"
        columns += [Column(said.text(f"column.{end}", tolerance=percent), unit.name) for end in ("least", "most")]
    found = []
    for key in dict.fromkeys((rows[k]["region"], rows[k]["programme"]) for k in own):
        at = {rows[k]["tolerance"]: k for k in own if (rows[k]["region"], rows[k]["programme"]) == key}
        ends = (
            said.cell("bands", at[tolerance], end, unit, decimals)
            for tolerance in wide
            for end in ("minimum", "maximum")
        )
        name = said.programme(*key) if region else said.region(key[0])
        found.append((name, said.cell("bands", at[wide[0]], "plan", unit, decimals), *ends))
    caption = said.text("bands_of", region=said.region(region)) if region else said.text("bands_caption")
    return Table(f"bands-{region}" if region else "bands", caption, tuple(columns), tuple(found))


def _benchmarks(said: Said) -> Iterator[Block]:
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


def _importance(said: Said) -> Iterator[Block]:
    """What is lost without each region."""
    if said.written.tables["importance"]:
        yield Heading(2, said.word("explain.lost"), "importance-of-regions")
        yield Paragraph(said.text("importance_said"))
        yield importance_table(said, "")


def importance_table(said: Said, region: str) -> Table:
    """What the plan loses without every region, or without the programmes of one."""
    rows, kind = said.written.tables["importance"], "programme" if region else "region"
    own = [k for k, row in enumerate(rows) if row["kind"] == kind and region in ("", row["region"])]
    quantities = told_quantities(said)
    decimals = {
        name: _decimals([float(rows[k]["lost"] or 0.0) for k in own if rows[k]["measure"] == name],
                        said.quantity_unit(name))
        for name in quantities
    }  # fmt: skip
    found: list[tuple[Cell, ...]] = []
    for key in dict.fromkeys((rows[k]["region"], rows[k]["programme"]) for k in own):
        at = {rows[k]["measure"]: k for k in own if (rows[k]["region"], rows[k]["programme"]) == key}
        name = said.programme(*key) if region else said.region(key[0])
        if "" in at:
            found.append((name, *(said.text("no_plan") for _ in quantities)))
            continue
        found.append((name, *(_lost(said, at[q], q, decimals[q]) for q in quantities)))
    first = Column(said.text("column.programme") if region else said.text("column.without"), numeric=False)
    columns = [Column(said.quantity(name), said.quantity_unit(name).name) for name in quantities]
    caption = said.text("importance_of", region=said.region(region)) if region else said.text("importance_caption")
    return Table(f"importance-{region}" if region else "importance", caption, (first, *columns), tuple(found))


def _lost(said: Said, row: int, quantity: str, decimals: int) -> Number | None:
    """By how much a quantity changes; the table says what is lost, which for a total is a fall."""
    unit = said.quantity_unit(quantity)
    turned = Unit(unit.name, -unit.scale) if quantity in METRICS else unit
    return said.cell("importance", row, "lost", turned, decimals, signed=True)


def _fairness(said: Said) -> Iterator[Block]:
    """From each dial's easiest to its strictest setting; the chart has every step."""
    rows = said.written.tables["fairness"]
    yield Heading(2, said.word("explain.fairness"), "fairness-costs")
    found: list[tuple[Cell, ...]] = []
    for dial in dict.fromkeys(row["dial"] for row in rows):
        at = {m: [k for k, row in enumerate(rows) if row["dial"] == dial and row["quantity"] == m] for m in METRICS}
        own = next((places for places in at.values() if places), [])
        if not own:
            continue
        unit = Unit("") if dial == "ratio" else said.unit("ratio")
        ends = (said.cell("fairness", k, "at", unit, 2) for k in (own[0], own[-1]))
        changes = (
            said.cell("fairness", at[m][-1], "difference", said.quantity_unit(m), 1 if m == "output" else 0, True)
            if at[m]
            else None
            for m in METRICS
        )
        found.append((said.text(f"dial_{dial}"), *ends, *changes))
    columns = (
        Column(said.text("column.dial"), numeric=False),
        Column(said.text("column.from")),
        Column(said.text("column.to")),
        *(Column(said.quantity(m), said.quantity_unit(m).name) for m in METRICS),
    )
    yield Table("fairness", said.text("fairness_caption"), columns, tuple(found))
