"""The numbers of a resolved case as the instance of the linear program."""

from __future__ import annotations

from regionopt.case import (
    read_equity,
    read_groups,
    read_periods,
    read_platforms,
    read_relative,
    read_rules,
    read_spillovers,
)
from regionopt.case.compute import Resolved
from regionopt.case.regions import Region
from regionopt.case.stated import Numbers, value_of
from regionopt.common.instance import METRICS, Instance, Limit, Target, Tranche
from regionopt.common.units import scale

# Branching over whole numbers works in floating point: a stage held without any room could not be kept.
GIVE_AWAY_IN_WHOLE = 1e-9


def assemble(resolved: Resolved) -> Instance:
    """Everything the linear program needs; values are in range, rules between them are not yet checked."""
    context, stated = resolved.context, resolved.stated
    regions = tuple(region.id for region in context.sources.regions)
    undated, targets = _tranches(resolved.computed), _targets(resolved)
    periods, groups = read_periods.part(resolved, undated), read_groups.part(resolved, undated)
    tranches = read_periods.dated(undated, periods)
    programmes = {(tranche.region, tranche.programme) for tranche in tranches}
    platforms, measures = read_platforms.platforms(resolved, programmes), read_platforms.measures(resolved)
    return Instance(
        regions=regions,
        budget=stated["budget.total"].value,
        tranches=tranches,
        targets=(*targets, *read_periods.milestones(resolved, targets), *read_relative.targets(resolved)),
        limits=tuple(filter(None, (_limit(resolved, region) for region in context.sources.regions))),
        reference={r: value_of(resolved.computed, f"reference.{r}", 0.0) for r in regions},
        stages=context.document.objective.stages,
        weights={m: value_of(stated, f"objective.weights.{m}", 1.0) for m in METRICS},
        give_away=value_of(stated, "objective.give_away", GIVE_AWAY_IN_WHOLE if platforms or measures else 0.0),
        periods=periods,
        groups=groups,
        equity=read_equity.part(resolved),
        rules=read_rules.part(resolved, tranches, groups),
        shares=read_relative.shares(resolved),
        spillovers=read_spillovers.part(resolved),
        platforms=platforms,
        measures=measures,
    )


def _tranches(computed: Numbers) -> tuple[Tranche, ...]:
    tranches = []
    for path, width in computed.items():
        kind, _, key = path.partition(".")
        if kind == "widths":
            region, programme, k = key.split(".")
            returns = {metric: computed[f"returns.{metric}.{key}"].value for metric in METRICS}
            tranches.append(Tranche(region, programme, int(k), width.value, returns))
    return tuple(tranches)


def _targets(resolved: Resolved) -> tuple[Target, ...]:
    own = resolved.context.sources.targets
    flagged = {(record["metric"], record["region"]) for record in own.records if record["must"]} if own else set()
    targets = []
    for path, quantity in resolved.computed.items():
        kind, *key = path.split(".")
        if kind == "targets":
            metric, region = key
            must = (metric, region) in flagged or _must(resolved, metric, region)
            targets.append(Target(metric, region, quantity.value, must))
    return tuple(targets)


def _must(resolved: Resolved, metric: str, region: str) -> bool:
    section = getattr(resolved.context.document.targets, metric, None)
    must = section.must if section else False
    return must if isinstance(must, bool) else region in must


def _limit(resolved: Resolved, region: Region) -> Limit | None:
    """A region's limits: fixed and per-head amounts merge into the stricter, shares stay shares of B."""

    def given(kind: str) -> float | None:
        return value_of(resolved.stated, f"regions.{region.id}.{kind}", None)

    heads = value_of(resolved.computed, f"population.{region.id}", 0.0) / scale(resolved.context.currency)

    def fixed(kind: str) -> list[float]:
        per_head = given(f"{kind}_per_head")
        amounts = (given(kind), None if per_head is None else per_head * heads)
        return [amount for amount in amounts if amount is not None]

    limit = Limit(
        region.id,
        floor_fixed=max(fixed("floor"), default=None),
        floor_share=given("floor_share"),
        ceiling_fixed=min(fixed("ceiling"), default=None),
        ceiling_share=given("ceiling_share"),
    )
    return None if limit == Limit(region.id) else limit
