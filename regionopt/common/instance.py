"""The numbers of one case after every override: what the linear program is written from.

Ids are ASCII (`[a-z0-9_]`), so that they can stand in names of rows; display names live elsewhere. Money is in
the currency unit of the case, output in that unit a year, jobs in jobs. The symbols of the formula are given
in brackets. Every part after `weights` is optional: a case that uses none of it is the small program it always was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

METRICS = ("output", "jobs")
STAGES = ("worst_shortfall", "leximin", "total_shortfall", *METRICS, "spend", "nearest_reference")

SpendKey = tuple[str | int, ...]


@dataclass(frozen=True)
class Tranche:
    """Tranche k of a programme: width [w], and return [e] of each metric per unit of money.

    `period` is empty where money is not divided over years.
    """

    region: str
    programme: str
    tranche: int
    width: float
    returns: Mapping[str, float]
    period: str = ""

    @cached_property
    def key(self) -> SpendKey:
        """What names the tranche's column."""
        return (self.region, self.programme, self.tranche, *((self.period,) if self.period else ()))


@dataclass(frozen=True)
class Target:
    """Target [T] of a metric in a region; a `must` target allows no shortfall.

    `kind` is empty for an amount as it stands, else what it was computed from (`growth`, `per_head`), so that one
    metric and region may have several. `period` is the year it must be reached in, empty for the end. `over`
    weighs what regions gain, for a target of all regions together.
    """

    metric: str
    region: str
    target: float
    must: bool = False
    kind: str = ""
    period: str = ""
    over: Mapping[str, float] | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What names the target's row."""
        return (self.metric, self.region, *filter(None, (self.kind, self.period)))

    @property
    def row(self) -> str:
        """The row that asks for the target."""
        return f"reach[{','.join(self.key)}]"

    @property
    def column(self) -> str:
        """The column of what is missing of it, relative."""
        return f"shortfall[{','.join(self.key)}]"


@dataclass(frozen=True)
class Limit:
    """Floor [L] and ceiling [U] of what a region (or a group) receives: a fixed amount, and a share of B."""

    region: str
    floor_fixed: float | None = None
    floor_share: float | None = None
    ceiling_fixed: float | None = None
    ceiling_share: float | None = None

    def floor(self, budget: float) -> float | None:
        """The floor at this budget, None when there is none."""
        return max(_given(self.floor_fixed, _share(self.floor_share, budget)), default=None)

    def ceiling(self, budget: float) -> float | None:
        """The ceiling at this budget, None when there is none."""
        return min(_given(self.ceiling_fixed, _share(self.ceiling_share, budget)), default=None)


@dataclass(frozen=True)
class Period:
    """A year and its envelope: `fixed + share · (B - all fixed)`; the shares of all periods add up to 1."""

    id: str
    fixed: float
    share: float


@dataclass(frozen=True)
class Absorption:
    """What a region or a programme can spend: at most `start` in the first period, then `growth` times the last."""

    name: str
    region: str
    programme: str | None = None
    start: float | None = None
    growth: float | None = None


@dataclass(frozen=True)
class Periods:
    """Years in order, and what happens between them. See `periods.py` for the rows."""

    periods: tuple[Period, ...]
    carry_over: float = 0.0
    lag: int = 0
    survival: float = 1.0
    execution_rate: float = 1.0
    absorption: tuple[Absorption, ...] = ()

    @cached_property
    def order(self) -> Mapping[str, int]:
        """The place of each period, counted from 0."""
        return {period.id: k for k, period in enumerate(self.periods)}


@dataclass(frozen=True)
class Group:
    """A set of programmes with limits of its own; `own_budget` is the part of B that only it may use."""

    id: str
    programmes: frozenset[tuple[str, str]]
    limit: Limit
    own_budget: float | None = None


@dataclass(frozen=True)
class Equity:
    """Limits between regions on money per head. `heads` are people ÷ the scale of the currency unit."""

    heads: Mapping[str, float]
    ratio: float | None = None
    mean_difference: float | None = None


@dataclass(frozen=True)
class Rule:
    """A rule of the planner's own: Σ coefficient · (money in the keys it selects)  sense  value."""

    id: str
    terms: tuple[tuple[float, tuple[SpendKey, ...]], ...]
    sense: Literal["<=", ">=", "="]
    value: float


@dataclass(frozen=True)
class Share:
    """At least this share of the national total of a metric arises in a region."""

    metric: str
    region: str
    share: float


@dataclass(frozen=True)
class Platform:
    """A platform: open or not, at a fixed cost in its region; opening unlocks programmes and raises returns."""

    id: str
    region: str
    cost: float
    required: bool = False
    unlocks: frozenset[tuple[str, str]] = frozenset()
    raises: Mapping[tuple[str, str], float] = field(default_factory=dict)


@dataclass(frozen=True)
class Measure:
    """A supporting measure that comes in whole numbers, at a unit cost, between a minimum and a maximum."""

    id: str
    cost: float
    minimum: int = 0
    maximum: int = 1000


@dataclass(frozen=True)
class Instance:
    """Everything the linear program needs, and nothing else: no names, no geometry, no sources."""

    regions: tuple[str, ...]
    budget: float
    tranches: tuple[Tranche, ...]
    targets: tuple[Target, ...]
    limits: tuple[Limit, ...]
    reference: Mapping[str, float]
    stages: tuple[str, ...]
    weights: Mapping[str, float]
    give_away: float = 0.0
    periods: Periods | None = None
    groups: tuple[Group, ...] = ()
    equity: Equity | None = None
    rules: tuple[Rule, ...] = ()
    shares: tuple[Share, ...] = ()
    spillovers: Mapping[str, Mapping[tuple[str, str], float]] = field(default_factory=dict)
    platforms: tuple[Platform, ...] = ()
    measures: tuple[Measure, ...] = ()

    def some(self, region: str | None = None, period: str = "") -> Sequence[Tranche]:
        """The tranches of a region, or of all; of a period's money, or of all. In written order."""
        return self.tranches if region is None and not period else self._some.get((region, period), ())

    @cached_property
    def _some(self) -> Mapping[tuple[str | None, str], Sequence[Tranche]]:
        found: dict[tuple[str | None, str], list[Tranche]] = {}
        for t in self.tranches:
            for key in {(t.region, ""), (t.region, t.period), (None, t.period)}:
                found.setdefault(key, []).append(t)
        return found


def _share(share: float | None, budget: float) -> float | None:
    return None if share is None else share * budget


def _given(*values: float | None) -> tuple[float, ...]:
    return tuple(value for value in values if value is not None)
