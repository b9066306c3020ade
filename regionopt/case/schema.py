"""The case file as a schema: which keys there are, their units, their ranges. Unknown keys are refused.

`sections` says how numbers are written; `parts` holds the sections that a case may leave out.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from regionopt.case.parts import (
    CorrelationSection,
    EquitySection,
    GroupSection,
    GrowthSection,
    MeasureSection,
    PeriodsSection,
    PlatformSection,
    RuleSection,
    UncertaintySection,
)
from regionopt.case.sections import (
    HEAD,
    MONEY,
    POSITIVE,
    RATIO,
    SLUG,
    Names,
    Number,
    Numbers,
    Section,
    Texts,
    both,
    extra,
    listed,
    names,
    number,
)
from regionopt.common.quantity import Range


class CaseSection(Section):
    """What the case is called."""

    id: str = Field(pattern=SLUG)
    title: Annotated[Names, BeforeValidator(both)]
    currency_unit: str = Field(default="NT$ billion", min_length=1, max_length=40)


class BudgetSection(Section):
    """The money to be divided."""

    total: Number | None = number(MONEY, "B, the budget", POSITIVE)
    reference: Number | None = number(
        MONEY, "the budget that tranche widths are measured by; it does not follow `total`", POSITIVE
    )


class Weights(Section):
    """Weight of each metric in the total shortfall."""

    output: Number | None = number("1", "weight of output shortfalls")
    jobs: Number | None = number("1", "weight of jobs shortfalls")


class ObjectiveSection(Section):
    """The stages in order, and what they are measured against."""

    stages: Texts = Field(
        default=("worst_shortfall", "total_shortfall", "nearest_reference"),
        description="solved in order, each held while the next is optimised",
    )
    weights: Weights = Weights()
    reference: str = Field(
        default="employed_residents",
        description="plan that nearest_reference stays near: pro rata to a statistic, `equal`, or `table`",
    )
    give_away: Number | None = number(
        "1", "relative tolerance of a stage to the next; 0, or 1e-9 beside whole numbers", Range(maximum=0.1)
    )


class TargetSection(Section):
    """National target of one metric and its split over the regions."""

    total: Number | None = number("metric", "sum over the regions", POSITIVE)
    split: str | None = Field(default=None, description="a statistic, or `equal`")
    must: Annotated[bool | tuple[str, ...], BeforeValidator(names)] = Field(
        default=False, description="true, or the regions whose target must be met"
    )
    milestones: dict[str, Number] = Field(
        default={},
        description="national totals to be reached by the end of a year, split as `total`; periods are needed",
        json_schema_extra=extra("metric", POSITIVE),
    )
    growth: GrowthSection | None = None
    share: dict[str, Number] = Field(
        default={},
        description="by region: at least this share of the national total must arise there",
        json_schema_extra=extra("1", RATIO),
    )
    per_head: Number | None = number("metric a head", "amount a resident, in every region", POSITIVE)


class TargetsSection(Section):
    """Targets by metric; or a table `targets.csv` with one row a metric and region."""

    output: TargetSection | None = None
    jobs: TargetSection | None = None


class Level(Section):
    """Mean first-tranche return of a programme."""

    output: Number | None = number("currency a year per currency", "mean return of output")
    jobs: Number | None = number("jobs per currency unit", "mean return of jobs")


class ReturnsSection(Section):
    """How returns are computed from sectors; or a table `coefficients.csv` with one row a tranche."""

    level: Level = Level()
    tranche_widths: Numbers = Field(
        default=(),
        json_schema_extra={"unit": "1"},
        description="widths, as multiples of a programme's equal part of its region's share",
    )
    tranche_factors: Numbers = Field(
        default=(),
        json_schema_extra={"unit": "1"},
        description="return of each tranche as a multiple of the first",
    )


class RegionSection(Section):
    """Limits on a region's allocation. The stricter of fixed, per head and share counts."""

    floor: Number | None = number(MONEY, "at least this much")
    ceiling: Number | None = number(MONEY, "at most this much")
    floor_share: Number | None = number("share of the budget", "at least this share of B", RATIO)
    ceiling_share: Number | None = number("share of the budget", "at most this share of B", RATIO)
    floor_per_head: Number | None = number(HEAD, "at least this much a resident")
    ceiling_per_head: Number | None = number(HEAD, "at most this much a resident")


class TablesSection(Section):
    """Tables of the case: .csv or .xlsx, relative to the case file. Without a name: the file called so beside
    the case file, else the built-in one."""

    regions: str | None = None
    programmes: str | None = None
    sectors: str | None = None
    statistics: str | None = None
    facts: str | None = None
    coefficients: str | None = None
    targets: str | None = None


class GeometrySection(Section):
    """Boundaries of the counties. Without a file: the built-in 22 counties of Taiwan."""

    file: str | None = None
    id: str = Field(default="code", description="column with the county code")
    layer: str | None = None
    crs: str | None = Field(default=None, description="coordinate system, where the file does not say it")
    outside: Texts = Field(default=(), description="codes of counties that belong to no region on purpose")


class CaseDocument(Section):
    """The whole case file."""

    case: CaseSection
    budget: BudgetSection = BudgetSection()
    objective: ObjectiveSection = ObjectiveSection()
    targets: TargetsSection = TargetsSection()
    returns: ReturnsSection = ReturnsSection()
    regions: dict[str, RegionSection] = Field(default={}, description="limits by region id")
    periods: PeriodsSection | None = None
    groups: dict[str, GroupSection] = Field(default={}, description="sets of programmes, by id")
    equity: EquitySection | None = None
    rules: Annotated[tuple[RuleSection, ...], BeforeValidator(listed)] = ()
    spillovers: dict[str, dict[str, dict[str, Number]]] = Field(
        default={},
        description="by metric, region of the money, region of the effect: which share of a return arises there",
        json_schema_extra=extra("1", RATIO),
    )
    platforms: dict[str, PlatformSection] = Field(default={}, description="platforms by id, open or not")
    measures: dict[str, MeasureSection] = Field(default={}, description="supporting measures by id, in whole numbers")
    uncertainty: dict[str, UncertaintySection] = Field(
        default={}, description="what is not known exactly, by a name; counts in `regionopt montecarlo` only"
    )
    correlation: dict[str, CorrelationSection] = Field(default={}, description="by group of uncertain numbers")
    tables: TablesSection = TablesSection()
    geometry: GeometrySection = GeometrySection()
    overrides: dict[str, dict[str, Any]] = Field(default={}, description="named patches: path to value")
    scenarios: dict[str, Texts] = Field(default={}, description="named lists of overrides")


# Sections that change no number of the program, or only when they are asked for.
ASIDE = ("overrides", "scenarios", "uncertainty", "correlation")


def json_schema() -> dict[str, Any]:
    """JSON Schema of the case file, with the unit of every number."""
    return CaseDocument.model_json_schema()
