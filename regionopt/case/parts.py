"""Sections that a case may leave out: years, groups, equity, own rules, growth, platforms, measures."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from regionopt.case.sections import (
    HEAD,
    MONEY,
    POSITIVE,
    RATIO,
    Names,
    Number,
    Section,
    Texts,
    both,
    extra,
    listed,
    number,
)
from regionopt.common.document import Standing
from regionopt.common.quantity import Range

YEAR = Range(minimum=1900, maximum=2200)
COUNT = Range(maximum=10_000)
Title = Annotated[Names | None, BeforeValidator(both)]


class AbsorptionSection(Section):
    """What a region, or one of its programmes, can spend: a level at first, then growth by a factor."""

    region: str | None = Field(default=None, description="without it: every region on its own")
    programme: str | None = None
    start: Number | None = number(MONEY, "at most this much in the first year")
    growth: Number | None = number("1", "at most this multiple of the year before", Range(maximum=1000))


class PeriodsSection(Section):
    """Money over years. Without envelopes of their own, years share the budget equally."""

    first: Number | None = number("year", "first year", YEAR)
    last: Number | None = number("year", "last year", YEAR)
    budget: dict[str, Number] = Field(
        default={},
        description="envelope of a year; the others share the rest of the budget equally",
        json_schema_extra=extra(MONEY),
    )
    carry_over: Number | None = number("1", "share of unspent money that the next year may use", RATIO)
    lag: Number | None = number("years", "years from money to its first returns", Range(maximum=100))
    survival: Number | None = number("1", "what is left of a return each year later", Range(0.0, 1.0, above=True))
    execution_rate: Number | None = number(
        "1", "most of a year's money that can be spent (經費達成率)", Range(0.0, 1.0, above=True)
    )
    absorption: dict[str, AbsorptionSection] = Field(default={}, description="limits on spending, by a name")


class GroupSection(Section):
    """A set of programmes: those with a tag, or those named."""

    title: Title = None
    tag: Literal["initiative", "fund", "ministry"] | None = None
    value: str | None = Field(default=None, description="of the tag, as in programmes.csv")
    programmes: Texts = Field(default=(), description="`programme` or `region.programme`")
    empty: Title = Field(default=None, description="why there is no programme, where that is meant: it receives 0")
    floor: Number | None = number(MONEY, "at least this much")
    ceiling: Number | None = number(MONEY, "at most this much")
    floor_share: Number | None = number("share of the budget", "at least this share of B", RATIO)
    ceiling_share: Number | None = number("share of the budget", "at most this share of B", RATIO)
    own_budget: Number | None = number(MONEY, "part of B that only this group may use")


class EquitySection(Section):
    """Limits between regions on budget per head."""

    ratio: Number | None = number("1", "highest to lowest budget per head, at most", Range(minimum=1.0))
    mean_difference: Number | None = number(HEAD, "mean absolute difference of budgets per head, at most")


class TermSection(Section):
    """A part of a rule: money in the regions, programmes, groups and years named (all where none is named)."""

    regions: Texts = ()
    programmes: Texts = ()
    groups: Texts = ()
    periods: Texts = ()
    coefficient: Number | None = number("1", "1 where it is not given", Range(minimum=-1e6, maximum=1e6))


class RuleSection(Section):
    """A rule of the planner's own: the sum of its terms against a value."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$")
    terms: Annotated[tuple[TermSection, ...], BeforeValidator(lambda v: tuple(v) if isinstance(v, list) else v)]
    sense: Literal["<=", ">=", "="]
    value: Number | None = number(MONEY, "right-hand side", Range(minimum=-1e9))
    unit: str = ""
    reason: str = Field(description="why the rule is there; shown where it binds")
    source: str = ""


class GrowthSection(Section):
    """Growth on a stated baseline, in each region or on average over the regions."""

    rate: Number | None = number("1", "0.3 is 30 %", POSITIVE)
    by: Literal["region", "average"] = "region"
    baseline: dict[str, Number] = Field(
        default={}, description="what there is today, by region", json_schema_extra=extra("metric", POSITIVE)
    )
    must: bool = False


class PlatformSection(Section):
    """A platform: a fixed cost in a region; it may unlock programmes or raise their returns."""

    title: Title = None
    region: str
    cost: Number | None = number(MONEY, "fixed cost")
    required: bool = Field(default=False, description="opened in any case; otherwise the optimizer chooses")
    unlocks: Texts = Field(default=(), description="programmes that get money only where it is open")
    raises: dict[str, Number] = Field(
        default={},
        description="by programme: 0.2 raises its returns by 20 %",
        json_schema_extra=extra("1", Range(maximum=10.0)),
    )


class MeasureSection(Section):
    """A type of supporting measure, in whole numbers."""

    title: Title = None
    cost: Number | None = number(MONEY, "cost of one")
    minimum: Number | None = number("measures", "at least this many in the country", COUNT)
    maximum: Number | None = number("measures", "at most this many", COUNT)


Amount = float | str
PARAMETER = 'an amount, or a factor as "0.7x", or an addition as "+5"'


class UncertaintySection(Section):
    """Numbers that are not known exactly, for `regionopt montecarlo`: their path, and how they are distributed."""

    title: Title = None
    path: str = Field(min_length=1, description="of a number; `*` matches any part: then one draw changes them all")
    kind: Literal["uniform", "triangular", "normal", "lognormal", "discrete"]
    low: Amount | None = Field(default=None, description=f"least value, or where a normal one is cut: {PARAMETER}")
    mode: Amount | None = Field(default=None, description=f"likeliest value of a triangular one: {PARAMETER}")
    high: Amount | None = Field(default=None, description=f"largest value: {PARAMETER}")
    mean: Amount | None = Field(default=None, description=f"of a normal one: {PARAMETER}")
    sd: Amount | None = Field(default=None, description=f"standard deviation of a normal one: {PARAMETER}")
    median: Amount | None = Field(default=None, description=f"of a lognormal one: {PARAMETER}")
    sigma: float | None = Field(default=None, description="standard deviation of the logarithm of a lognormal one")
    values: Annotated[tuple[Amount, ...], BeforeValidator(listed)] = Field(
        default=(), description=f"of a discrete one, each: {PARAMETER}"
    )
    weights: Annotated[tuple[float, ...], BeforeValidator(listed)] = Field(
        default=(), description="how likely each value is, in any measure; alike where there are none"
    )
    each: Literal["", "region", "programme", "number"] = Field(
        default="", description="what has a draw of its own, of all that the path matches"
    )
    group: str = Field(default="", description="moves together with the others of a group: `[correlation.<group>]`")
    source: str = ""
    status: Annotated[Standing, Field(strict=False)] = Standing.ASSUMPTION


class CorrelationSection(Section):
    """How the members of a group move together: correlations of their normal scores (a Gaussian copula)."""

    all: float | None = Field(default=None, description="the correlation of any two members")
    between: Texts = Field(default=(), description="the members in the order of the matrix")
    matrix: Annotated[tuple[Annotated[tuple[float, ...], BeforeValidator(listed)], ...], BeforeValidator(listed)] = (
        Field(default=(), description="correlations by row and column, 1 on the diagonal")
    )
    source: str = ""
    status: Annotated[Standing, Field(strict=False)] = Standing.ASSUMPTION
