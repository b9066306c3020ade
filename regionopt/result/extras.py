"""Parts of the result document that not every case has: each is None for a case without it, and then not written."""

from __future__ import annotations

from fractions import Fraction

from regionopt.case.sections import Names
from regionopt.common.decimals import MET, MONEY, RATIO, rounded
from regionopt.common.document import (
    Bilingual,
    GroupResult,
    MeasureResult,
    PeriodResult,
    PlatformResult,
    TargetResult,
)
from regionopt.result.result import Result
from regionopt.result.unspent import group_money, years


def other_targets(result: Result) -> tuple[TargetResult, ...] | None:
    """Targets beside those of the regions' end; None for a case without any."""
    targets = [t for t in result.case.instance.targets if t.kind or t.period]
    rows = (
        TargetResult(
            metric=t.metric,
            region=t.region,
            kind=t.kind,
            period=t.period,
            target=t.target,
            unit="1" if t.over else result.case.resolved.context.unit(t.metric),
            reached=rounded(result.plan.reached[t.key], MONEY) if result.plan else None,
            shortfall=rounded(result.shortfall(t), RATIO) if result.plan else None,
            met=result.shortfall(t) <= MET if result.plan else None,
        )
        for t in targets
    )
    return tuple(rows) or None


def platforms(result: Result) -> tuple[PlatformResult, ...] | None:
    """The platforms and which of them the plan opens; None for a case without any."""
    sections, plan = result.case.document.platforms, result.plan
    rows = (
        PlatformResult(
            id=platform.id,
            **_titled(platform.id, sections[platform.id].title),
            region=platform.region,
            cost=platform.cost,
            required=platform.required,
            opened=bool(plan.opened[platform.id]) if plan else None,
        )
        for platform in result.case.instance.platforms
    )
    return tuple(rows) or None


def measures(result: Result) -> tuple[MeasureResult, ...] | None:
    """The measures and how many of each the plan has; None for a case without any."""
    sections, plan = result.case.document.measures, result.plan
    rows = (
        MeasureResult(
            id=measure.id,
            **_titled(measure.id, sections[measure.id].title),
            cost=measure.cost,
            minimum=measure.minimum,
            count=plan.count[measure.id] if plan else None,
        )
        for measure in result.case.instance.measures
    )
    return tuple(rows) or None


def groups(result: Result) -> tuple[GroupResult, ...] | None:
    """What each group receives; None for a case without any."""
    sections, plan, instance = result.case.document.groups, result.plan, result.case.instance
    total = Fraction(instance.budget)
    rows = (
        GroupResult(
            id=group.id,
            **_titled(group.id, sections[group.id].title),
            budget=rounded(group_money(plan, group.programmes), MONEY) if plan else None,
            share=rounded(group_money(plan, group.programmes) / total, RATIO) if plan else None,
            floor=group.limit.floor(instance.budget),
            ceiling=group.limit.ceiling(instance.budget),
            own_budget=group.own_budget,
            empty=_bilingual(sections[group.id].empty),
        )
        for group in instance.groups
    )
    return tuple(rows) or None


def _bilingual(names: Names | None) -> Bilingual | None:
    return None if names is None else Bilingual(zh=names.zh, en=names.en)


def periods(result: Result) -> tuple[PeriodResult, ...] | None:
    """What became of each year's money; None for a case without years or without a plan."""
    rows = (
        PeriodResult(
            id=year.id,
            budget=rounded(year.budget, MONEY),
            carried=rounded(year.carried, MONEY),
            spent=rounded(year.spent, MONEY),
            unspent=rounded(year.unspent, MONEY),
            unspent_reason=year.reason,
        )
        for year in years(result)
    )
    return tuple(rows) or None


def _titled(id_: str, title: Names | None) -> dict[str, str]:
    """Display names, the id where the case gives none."""
    return {"name_zh": title.zh if title else id_, "name_en": title.en if title else id_}
