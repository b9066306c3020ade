"""The written result, `result.json`: schema `regionopt.result/1`, a contract that other tools read.

Shortfalls are relative (0 = target reached, 1 = nothing reached). A number that does not exist (no target,
no population, no optimal plan) is null, never 0. Maps and reports are drawn from this document alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer


class Frozen(BaseModel):
    """A value: unknown keys are refused, nothing is changed after it was made."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Sparse(Frozen):
    """A value of which parts that a case does not use are not written."""

    @model_serializer(mode="wrap")
    def _without_unused(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out the parts that the case does not use."""
        unused = {
            name
            for name, spec in type(self).model_fields.items()
            if spec.default is None and getattr(self, name) is None
        }
        written: dict[str, Any] = write(self)
        return {name: value for name, value in written.items() if name not in unused}


class Standing(StrEnum):
    """How far a number can be trusted, from firm to weak."""

    OFFICIAL = "official"
    PRESS = "press"
    DERIVED = "derived"
    ASSUMPTION = "assumption"


_WEAKNESS = {standing: place for place, standing in enumerate(Standing)}


def weakest(standings: Iterable[Standing]) -> Standing:
    """The standing a result carries: that of its least trusted input."""
    return max(standings, key=_WEAKNESS.__getitem__)


class Status(StrEnum):
    """Outcome of a solve. Numbers exist for `optimal`, and for `stopped`: the best plan found in whole numbers
    before a time limit, with its proven gap. `alternative` is a plan asked for beside the optimal one, nearly as
    good as it."""

    OPTIMAL = "optimal"
    STOPPED = "stopped"
    ALTERNATIVE = "alternative"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"

    @property
    def has_plan(self) -> bool:
        """Whether there is a plan to report."""
        return self in (Status.OPTIMAL, Status.STOPPED, Status.ALTERNATIVE)


class Bilingual(Frozen):
    """A display name; data, never code: it may hold any character."""

    zh: str
    en: str


Money = Annotated[float, Field(json_schema_extra={"unit": "currency unit of the case"})]
Output = Annotated[float, Field(json_schema_extra={"unit": "currency unit of the case a year"})]
Jobs = Annotated[float, Field(json_schema_extra={"unit": "jobs"})]
Ratio = Annotated[float, Field(json_schema_extra={"unit": "1"})]


class StageResult(Frozen):
    """One objective stage and the value it reached."""

    name: str
    value: float
    unit: str
    unique: bool | None = Field(
        description="whether this stage and those before it leave one plan only; null where whole numbers are chosen"
    )


class BudgetResult(Frozen):
    """What there was, what was spent, and why the rest was not."""

    total: Money
    spent: Money | None
    unspent: Money | None
    unit: str
    unspent_reason: str | None = Field(description="code of the reason, null when nothing is left")


class RegionResult(Frozen):
    """One region's part of the plan."""

    id: str
    name_zh: str
    name_en: str
    budget: Money | None
    share: Ratio | None = Field(description="of the budget, as in floor_share")
    output: Output | None
    output_target: Output | None
    output_shortfall: Ratio | None
    jobs: Jobs | None
    jobs_target: Jobs | None
    jobs_shortfall: Ratio | None
    reference: Money | None = Field(description="budget of the reference plan, not rounded: a stage measures by it")
    floor: Money | None
    ceiling: Money | None
    population: float | None = Field(json_schema_extra={"unit": "persons"})
    budget_per_head: float | None = Field(json_schema_extra={"unit": "currency units of 1 a person"})
    counties: tuple[str, ...] = Field(description="codes of the counties of the region")


class FactsResult(Frozen):
    """The blunt facts beside the plan."""

    implied_leverage: Ratio | None = Field(description="sum of output targets divided by the budget")
    smallest_budget: Money | None = Field(description="that would meet every target; null when none would")
    weakest_standing: Standing
    unique: bool | None = Field(
        description="whether the stages alone leave one plan only; null without a plan or with whole numbers"
    )


class StageCertificate(Frozen):
    """Exact check of one stage, computed in fractions of the numbers given to the solver."""

    stage: str
    primal_violation: float = Field(description="largest violation of any row or bound")
    dual_violation: float = Field(description="largest wrong sign of a reduced cost or row price")
    gap: float = Field(description="distance of primal and dual objective, relative to 1 + |value|")
    exact: bool = Field(description="whether all three are zero as fractions")


class WholeCertificate(Frozen):
    """What is proven of a stage with whole numbers: exact feasibility; and the solver's own bound and gap."""

    stage: str
    primal_violation: float = Field(description="largest violation of any row or bound, in exact fractions")
    bound: float | None = Field(description="no plan is better than this, says branch and bound (floating point)")
    gap: float | None = Field(description="distance of the plan from the bound, relative to 1 + |value|")
    exact: bool = Field(description="whether the plan is exactly best among those with its whole numbers")


class Certificate(Frozen):
    """Passed only when every stage's violations and gap are within the tolerance."""

    passed: bool
    tolerance: float
    largest_violation: float
    stages: tuple[StageCertificate | WholeCertificate, ...]


class Provenance(Frozen):
    """Where the inputs came from: a sha256 for each file that was read, and how the case was changed."""

    inputs: dict[str, str] = Field(description="file name to sha256")
    overrides: tuple[str, ...] = Field(description="named overrides and --set, in the order applied")
    give_away: Ratio = Field(description="relative tolerance of a stage to the next")
    weights: dict[str, float] = Field(description="weight of each metric in total_shortfall")
    standings: dict[Standing, int] = Field(description="how many input numbers have each standing")
    geometry: str = Field(description="file name of the boundaries, or `built-in`")


class GroupResult(Sparse):
    """What a group of programmes receives; null without a plan."""

    id: str
    name_zh: str
    name_en: str
    budget: Money | None
    share: Ratio | None = Field(description="of the budget")
    floor: Money | None
    ceiling: Money | None
    own_budget: Money | None = Field(description="part of the budget that only this group may use")
    empty: Bilingual | None = Field(default=None, description="why the group has no programme, where it has none")


class PeriodResult(Frozen):
    """What became of a year's money: budget + carried = spent + unspent."""

    id: str = Field(description="the year")
    budget: Money = Field(description="the year's own envelope")
    carried: Money = Field(description="unspent money of the year before that this year may use")
    spent: Money
    unspent: Money
    unspent_reason: str | None = Field(description="code of the limit that caused it, null when nothing is left")


class PlatformResult(Frozen):
    """A platform: whether the plan opens it; null without a plan."""

    id: str
    name_zh: str
    name_en: str
    region: str
    cost: Money
    required: bool
    opened: bool | None


class MeasureResult(Frozen):
    """A type of supporting measure: how many of it the plan has; null without a plan."""

    id: str
    name_zh: str
    name_en: str
    cost: Money = Field(description="of one")
    minimum: int
    count: int | None


class TargetResult(Frozen):
    """A target beside those of the regions' end: growth, per head, an earlier year. Null without a plan."""

    metric: str
    region: str = Field(description="`all` for a target of all regions together")
    kind: str = Field(description="`growth`, `per_head`, or empty for an amount")
    period: str = Field(description="the year it must be reached in, empty for the end")
    target: float
    unit: str
    reached: float | None
    shortfall: Ratio | None
    met: bool | None


class ResultDocument(Sparse):
    """`result.json` as a whole. Parts that default to null are written only by cases that use them."""

    schema_: Literal["regionopt.result/1"] = Field(default="regionopt.result/1", alias="schema")
    case: str
    title: Bilingual
    scenario: str
    status: Status
    stages: tuple[StageResult, ...]
    budget: BudgetResult
    regions: tuple[RegionResult, ...]
    facts: FactsResult
    certificate: Certificate | None
    provenance: Provenance
    targets: tuple[TargetResult, ...] | None = None
    groups: tuple[GroupResult, ...] | None = None
    periods: tuple[PeriodResult, ...] | None = None
    platforms: tuple[PlatformResult, ...] | None = None
    measures: tuple[MeasureResult, ...] | None = None
