"""Parts of a plan that not every case has: groups, years, platforms and measures, targets of other kinds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from regionopt.report.model import Block, Cell, Column, Number, Table, Unit
from regionopt.report.said import Said


def parts(said: Said) -> Iterator[Block]:
    """Groups, years, platforms and measures, targets beside those of the regions."""
    result = said.written.result
    if result.groups:
        yield _listed(said, "groups", ("budget", "share", "floor", "ceiling", "own_budget"))
    if result.periods:
        yield _listed(said, "periods", ("budget", "carried", "spent", "unspent"))
    if result.platforms or result.measures:
        yield _choices(said)
    if result.targets:
        yield _other_targets(said)


def _listed(said: Said, part: str, fields: Sequence[str]) -> Table:
    """A part of `result.json` with amounts of money, one row each."""
    first = Column(said.text(f"column.{part}"), numeric=False)
    kinds = {field: "ratio" if field == "share" else "money" for field in fields}
    columns = [Column(said.text(f"column.{field}"), said.unit(kinds[field]).name) for field in fields]
    rows = []
    for k, item in enumerate(getattr(said.written.result, part)):
        name = item.id if part == "periods" else item.name_zh if said.language == "zh-TW" else item.name_en
        cells = (
            said.field(kinds[f], f"/{part}/{k}/{f}", getattr(item, f), said.written.result.budget.total)
            for f in fields
        )
        rows.append((name, *cells))
    return Table(part, said.text(f"{part}_caption"), (first, *columns), tuple(rows))


def _choices(said: Said) -> Table:
    """Platforms and measures: where, how many, what each costs."""
    result = said.written.result
    rows: list[tuple[Cell, ...]] = []
    name = "name_zh" if said.language == "zh-TW" else "name_en"
    for k, platform in enumerate(result.platforms or ()):
        cost = said.field("money", f"/platforms/{k}/cost", platform.cost, platform.cost)
        opened = said.text("yes" if platform.opened else "no")
        rows.append((str(getattr(platform, name)), said.region(platform.region), opened, cost))
    for k, measure in enumerate(result.measures or ()):
        cost = said.field("money", f"/measures/{k}/cost", measure.cost, measure.cost)
        count = (
            None
            if measure.count is None
            else Number(measure.count, 0, Unit(""), (f"result.json#/measures/{k}/count",))
        )
        rows.append((str(getattr(measure, name)), said.word("run.all"), count, cost))
    heads = [Column(said.word(f"run.{key}"), numeric=False) for key in ("choice", "region")]
    columns = (*heads, Column(said.text("column.chosen")), Column(said.word("run.cost"), said.unit("money").name))
    return Table("choices", said.text("choices_caption"), columns, tuple(rows))


def _other_targets(said: Said) -> Table:
    """Growth, per head, earlier years."""
    rows: list[tuple[Cell, ...]] = []
    for k, target in enumerate(said.written.result.targets or ()):
        where = said.word("run.all") if target.region == "all" else said.region(target.region)
        kind = said.text(f"target_{target.kind}") if target.kind else said.text("target_amount")

        numbers = [
            None
            if value is None
            else Number(
                value, 3, Unit("" if target.unit == "1" else target.unit), (f"result.json#/targets/{k}/{field}",)
            )
            for field, value in (("target", target.target), ("reached", target.reached))
        ]
        short = said.field("ratio", f"/targets/{k}/shortfall", target.shortfall, 1.0)
        rows.append((said.word(f"map.metric_{target.metric}"), where, kind, target.period, *numbers, short))
    texts = [Column(said.text(f"column.{key}"), numeric=False) for key in ("metric", "where", "kind", "period")]
    numbers_of = [Column(said.text(f"column.{key}")) for key in ("wanted", "reached")]
    columns = (*texts, *numbers_of, Column(said.text("column.shortfall"), "%"))
    return Table("other-targets", said.text("other_targets_caption"), columns, tuple(rows))
