"""How far each return may be off before the plan changes, where that was computed (`tips.csv`)."""

from __future__ import annotations

from collections.abc import Iterator

from regionopt.common.texts import capital
from regionopt.report.model import PERCENT, Block, Bullets, Cell, Column, Heading, Table
from regionopt.report.said import Said, digits

# Returns that are listed, those with the smallest margins.
MOST = 20


def tips(said: Said) -> Iterator[Block]:
    """The returns that change the plan, what it does then, and how many do not change it."""
    pairs = _pairs(said)
    if not pairs:
        return
    changing = [pair for pair in pairs if _nearest(said, pair) is not None]
    yield Heading(2, said.text("tips"), "how-far-off")
    yield Bullets(tuple(_sentences(said, pairs, changing)))
    if changing:
        yield _table(said, changing)


def _pairs(said: Said) -> list[tuple[int, int]]:
    """The rows of every return, down and up, in the order of their margins."""
    groups = said.grouped("tips", "path").values()
    return [(down, up) for down, up in groups]


def _nearest(said: Said, pair: tuple[int, int]) -> int | None:
    """The row of the direction in which the plan changes first; None where it does not."""
    rows = said.written.tables["tips"]
    return min((k for k in pair if rows[k]["change"]), key=lambda k: abs(float(rows[k]["change"])), default=None)


def _sentences(said: Said, pairs: list[tuple[int, int]], changing: list[tuple[int, int]]) -> Iterator[str]:
    rows = said.written.tables["tips"]
    moved = float(rows[0]["moved"])
    part = moved * said.written.result.budget.total
    amount = said.field("money", "/budget/total", part, part)
    yield said.word("tipping.meaning", moved=f"{moved * 100:.6g}%", amount=amount.whole_text if amount else "")
    both = [{rows[k]["how"] for k in pair} for pair in pairs]
    stay, unseen = both.count({"stays"}), sum("unseen" in hows for hows in both)
    if not changing:
        yield said.word("tipping.none")
    elif stay:
        yield said.word("tipping.stays", count=stay, all=len(pairs))
    if unseen:
        yield said.word("tipping.unseen", count=unseen)
    for precision in dict.fromkeys(row["precision"] for row in rows if row["precision"]):
        yield said.word("tipping.halved", precision=f"{float(precision):.1%}")


def _table(said: Said, changing: list[tuple[int, int]]) -> Table:
    money = said.unit("money")
    columns = [Column(said.word("tipping.coefficient"), numeric=False)]
    columns += [Column(said.word(f"tipping.{side}"), "%") for side in ("down", "up")]
    for side in ("gains", "loses"):
        columns += [
            Column(said.text(f"column.{side}"), numeric=False),
            Column(said.text(f"column.{side}_amount"), money.name),
        ]
    left = len(changing) - MOST
    note = said.text("tips_more", count=left) if left > 0 else ""
    rows = tuple(_row(said, pair) for pair in changing[:MOST])
    return Table("tips", said.text("tips_caption"), tuple(columns), rows, note=note)


def _row(said: Said, pair: tuple[int, int]) -> tuple[Cell, ...]:
    nearest = _nearest(said, pair)
    assert nearest is not None
    row = said.written.tables["tips"][nearest]
    named = {"metric": said.word(f"metric.{row['metric']}"), "k": row["tranche"]}
    name = _programme(said, row["region"], row["programme"])
    whole = "tranche" if row["tranche"] != "0" else "programme"
    cells: list[Cell] = [capital(said.word(f"tipping.{whole}", name=name, **named)), *(_tip(said, k) for k in pair)]
    if row["how"] == "infeasible":
        return (*cells, said.word("tipping.no_plan"), None, None, None)
    for side in ("gains", "loses"):
        largest = max(abs(float(row[part] or 0.0)) for part in ("gains", "loses"))
        amount = said.cell("tips", nearest, side, said.unit("money"), said.decimals("money", largest))
        cells += [_programme(said, row[f"{side}_region"], row[f"{side}_programme"]) if amount else None, amount]
    return tuple(cells)


def _tip(said: Said, k: int) -> Cell:
    """The relative change at which the plan changes in one direction; none where it stays."""
    change = said.written.tables["tips"][k]["change"]
    decimals = digits(float(change or 0.0), PERCENT)
    return said.cell("tips", k, "change", PERCENT, decimals, signed=True)


def _programme(said: Said, region: str, programme: str) -> str:
    return f"{said.region(region)} · {said.programme(region, programme)}"
