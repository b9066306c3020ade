"""The written comparison, `compare.json`: schema `regionopt.compare/1`, a contract that other tools read.

Numbers that do not exist (no plan, no target, no price) are null, never 0. Differences are the side's number less the
base's; shortfalls are relative.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field

from regionopt.common.document import Bilingual, BudgetResult, Frozen, Money, Sparse, StageResult, Status
from regionopt.compare.budget_price import Held
from regionopt.compare.causes import Cause, Difference, causes, differences
from regionopt.compare.comparison import Move, group_moves, programme_moves, region_moves, won_and_lost
from regionopt.compare.moves_told import move_sentence
from regionopt.compare.sides import Side
from regionopt.compare.told import sentences

Codes = Literal[
    "floor", "ceiling", "must", "floor_gone", "ceiling_gone", "floor_moved", "ceiling_moved",
    "only", "override", "target", "none"
]  # fmt: skip


class PriceResult(Frozen):
    """What one more unit of budget changes of a stage or a national total, below and above the budget."""

    quantity: str
    less: float | None = Field(description="per unit more, just below the budget; null: no plan there")
    more: float | None = Field(description="per unit more, just above the budget; null: no plan there")


class SideResult(Frozen):
    """One of the compared; without a plan its stages and what it spends are empty."""

    name: str
    kind: Literal["scenario", "folder", "file"]
    case: str
    scenario: str = Field(description="with every --set, as in result.json")
    status: Status
    budget: BudgetResult
    stages: tuple[StageResult, ...]
    prices: tuple[PriceResult, ...] | None = Field(
        description="null without a plan, with whole numbers, and where the case of a folder is not at hand"
    )
    tight: tuple[str, ...] | None = Field(description="paths of limits that the plan meets exactly; null as prices")
    inputs: dict[str, str] = Field(description="file name to sha256")


class DifferenceResult(Frozen):
    """A number or text of the case that differs; null where one of the two does not state it."""

    path: str
    old: float | str | None
    new: float | str | None
    unit: str


class CauseResult(Frozen):
    """A proven reason of a move, with its numbers; `none` where nothing is proven."""

    code: Codes
    facts: dict[str, float | str]


class MoveResult(Sparse):
    """Money that a region, a group or a programme receives in the base and in the side."""

    region: str | None = None
    group: str | None = None
    programme: str | None = Field(default=None, description="a programme, a platform or a measure")
    before: Money
    after: Money
    difference: Money
    causes: tuple[CauseResult, ...] | None = Field(default=None, description="of regions and groups")
    sentence: Bilingual | None = None


class TargetResult(Frozen):
    """A target that is met in one of the two only."""

    metric: str
    region: str
    kind: str = Field(description="`growth`, `per_head`, or empty for an amount")
    period: str = Field(description="the year it must be reached in, empty for the end")
    change: Literal["won", "lost"]


class PairResult(Frozen):
    """A side against the base. Without two plans nothing has moved, and the first sentence says so."""

    scenario: str
    status: Status
    differs: tuple[DifferenceResult, ...] | None = Field(description="null where the two were read from other files")
    by: tuple[str, ...] = Field(description="overrides that make the difference; `--set` for the command line")
    regions: tuple[MoveResult, ...]
    groups: tuple[MoveResult, ...]
    programmes: tuple[MoveResult, ...]
    targets: tuple[TargetResult, ...]
    sentences: tuple[Bilingual, ...]


class CompareDocument(Frozen):
    """`compare.json` as a whole."""

    schema_: Literal["regionopt.compare/1"] = Field(default="regionopt.compare/1", alias="schema")
    base: str
    unit: str
    sides: tuple[SideResult, ...]
    pairs: tuple[PairResult, ...]


def documented(sides: Sequence[Side], held: Sequence[Held | None]) -> CompareDocument:
    """The comparison of sides with the first; `held` are their prices and tight limits where these exist."""
    pairs = [_pair(sides[0], side, (held[0], own)) for side, own in zip(sides[1:], held[1:], strict=True)]
    return CompareDocument(
        base=sides[0].name,
        unit=sides[0].document.budget.unit,
        sides=tuple(_side(side, own) for side, own in zip(sides, held, strict=True)),
        pairs=tuple(pairs),
    )


def _side(side: Side, held: Held | None) -> SideResult:
    document = side.document
    prices = [
        PriceResult(quantity=q, less=_float(c[0]), more=_float(c[1]))
        for q, c in (held.prices.items() if held else ())
    ]
    return SideResult(
        name=side.name,
        kind=side.kind,
        case=document.case,
        scenario=document.scenario,
        status=document.status,
        budget=document.budget,
        stages=document.stages,
        prices=tuple(prices) if held else None,
        tight=tuple(held.tight) if held else None,
        inputs=document.provenance.inputs,
    )


def _pair(base: Side, side: Side, held: tuple[Held | None, Held | None]) -> PairResult:
    differ = differences(base, side)
    told = zip(sentences(base, side, "zh-TW", held), sentences(base, side, "en", held), strict=True)
    won, lost = won_and_lost(base, side)
    return PairResult(
        scenario=side.name,
        status=side.document.status,
        differs=None if differ is None else tuple(map(_difference, differ.items)),
        by=differ.by if differ else (),
        regions=tuple(_explained(base, side, m, causes(base, side, m, differ)) for m in region_moves(base, side)),
        groups=tuple(_explained(base, side, m, causes(base, side, m, differ)) for m in group_moves(base, side)),
        programmes=tuple(
            MoveResult(region=move.region, programme=move.programme, **_amounts(move))
            for move in programme_moves(base, side)
        ),
        targets=tuple(
            TargetResult(metric=t[0], region=t[1], kind=t[2], period=t[3], change=change)
            for change, targets in (("won", won), ("lost", lost))
            for t in targets
        ),
        sentences=tuple(Bilingual(zh=zh, en=en) for zh, en in told),
    )


def _explained(base: Side, side: Side, move: Move, found: Sequence[Cause]) -> MoveResult:
    zh, en = (move_sentence(base, side, move, found, language) for language in ("zh-TW", "en"))
    return MoveResult(
        region=move.region or None,
        group=None if move.region else move.programme,
        causes=tuple(CauseResult(code=cause.code, facts=dict(cause.facts)) for cause in found),
        sentence=Bilingual(zh=zh, en=en),
        **_amounts(move),
    )


def _amounts(move: Move) -> dict[str, Any]:
    return {"before": float(move.before), "after": float(move.after), "difference": float(move.difference)}


def _difference(item: Difference) -> DifferenceResult:
    return DifferenceResult(path=item.path, old=item.old, new=item.new, unit=item.unit)


def _float(value: Fraction | None) -> float | None:
    """A price to twelve digits: what the machine's own rounding cannot reach."""
    return None if value is None else float(f"{float(value):.12g}")
