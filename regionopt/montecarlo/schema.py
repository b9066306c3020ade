"""`montecarlo.json` as a schema: `regionopt.montecarlo/1`, a contract that other tools read.

Rows are those of the tables beside it. A number that does not exist is null, never 0.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from regionopt.common.document import Bilingual, Certificate, Frozen, Standing

Row = dict[str, str | int | float | None]


class Asked(Frozen):
    """What was asked of the case."""

    draws: int
    seed: int
    sampler: Literal["philox", "sobol"]
    alpha: float = Field(description="CVaR is the mean of the worst 1 - alpha of the draws")
    quantiles: tuple[float, ...]
    robust_draws: int
    sensitivity: Literal["sobol", "morris"] | None
    sensitivity_runs: int | None


class Uncertain(Frozen):
    """An uncertain number, or all that its path matches."""

    name: str
    title: Bilingual | None
    path: str
    acts: Literal["set", "scale", "add"]
    distribution: str = Field(description="as after --vary")
    each: Literal["", "region", "programme", "number"]
    group: str
    source: str
    status: Standing


class Group(Frozen):
    """Factors that move together, with the correlations of their normal scores."""

    group: str
    members: tuple[str, ...]
    correlation: tuple[tuple[float, ...], ...]


class BasePlan(Frozen):
    """The plan of the case at its stated numbers."""

    status: str
    stages: dict[str, float | None]


class RobustPlan(Frozen):
    """A plan that holds out: what it promises, the draws that its program holds, its proof."""

    plan: Literal["worst_case", "cvar"]
    status: str
    value: float | None
    draws_in_program: tuple[int, ...]
    certificate: Certificate | None


class RobustPlans(Frozen):
    """Robust plans over the first draws that have a plan of their own."""

    stage: str
    sense: Literal[1, -1]
    draws: int
    whole_numbers_kept: bool = Field(description="platforms and measures stay as the base plan has them")
    without_plan: int
    alpha: float
    plans: tuple[RobustPlan, ...]
    rows: tuple[Row, ...] = Field(description="robust.csv")


class Ranking(Frozen):
    """Which inputs move the answer."""

    method: Literal["sobol", "morris"]
    runs: int
    without_plan: int
    rows: tuple[Row, ...] = Field(description="sensitivity.csv")


class MonteCarloDocument(Frozen):
    """Everything that the draws say."""

    schema_: Literal["regionopt.montecarlo/1"] = Field(alias="schema")
    case: str
    title: Bilingual
    scenario: str
    unit: str = Field(description="currency unit of the case")
    inputs_read: dict[str, str] = Field(description="file to sha256")
    asked: Asked
    uncertain: tuple[Uncertain, ...]
    drawn_over: tuple[str, ...] = Field(description="paths that an override changed and that are drawn afresh")
    factors: tuple[str, ...] = Field(description="what is drawn by a number of its own: the columns of draws.csv")
    together: tuple[Group, ...]
    statuses: dict[str, int] = Field(description="how many draws have each status")
    checked: dict[str, int]
    base: BasePlan
    regions: tuple[str, ...]
    quantiles: tuple[Row, ...] = Field(description="quantiles.csv")
    shares: tuple[Row, ...] = Field(description="shares.csv")
    regret: tuple[Row, ...] = Field(description="regret.csv")
    robust: RobustPlans | None
    sensitivity: Ranking | None


def json_schema() -> dict[str, Any]:
    """JSON Schema of `montecarlo.json`."""
    return MonteCarloDocument.model_json_schema(by_alias=True)
