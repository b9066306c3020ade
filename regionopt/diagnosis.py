"""Why a case is infeasible: a smallest set of limits that clash, found by leaving out one limit after another.

What is left when nothing more can be left out is irreducible: without any one of its limits the rest could be
kept. Tranche widths are told beside them where the clash hangs on them: money cannot go where nothing is planned.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from regionopt.case import Case
from regionopt.document import Status
from regionopt.instance import Instance
from regionopt.model import build
from regionopt.program import Program
from regionopt.solvers import ENGINES, Engine, Highs
from regionopt.texts import Language, text
from regionopt.translate import to_program

SPOKEN: Mapping[str, Language] = {"zh": "zh-TW", "en": "en"}

# The case file's path behind each kind of row.
PATHS = {
    "budget": "budget.total",
    "floor": "regions.{0}.floor",
    "floor_share": "regions.{0}.floor_share",
    "ceiling": "regions.{0}.ceiling",
    "ceiling_share": "regions.{0}.ceiling_share",
    "reach": "targets.{0}.{1}",
}

# The same of the parts that not every case has.
OTHERS = {
    "rule": "rules",
    "share": "targets.{0}.share.{1}",
    "unlock": "platforms.{0}.unlocks",
    "budget": "periods.budget.{0}",
    "balance": "periods.budget.{0}",
    "execution": "periods.execution_rate",
    "absorption_start": "periods.absorption.{0}.start",
    "absorption_growth": "periods.absorption.{0}.growth",
    "arising": "returns.{0}",
    "counted": "periods.survival",
    "group_floor": "groups.{0}.floor",
    "group_floor_share": "groups.{0}.floor_share",
    "group_ceiling": "groups.{0}.ceiling",
    "group_ceiling_share": "groups.{0}.ceiling_share",
    "own": "groups.{0}.own_budget",
    "general": "groups.*.own_budget",
    "highest": "equity.ratio",
    "lowest": "equity.ratio",
    "ratio": "equity.ratio",
    "above_pair": "equity.mean_difference",
    "below_pair": "equity.mean_difference",
    "mean_difference": "equity.mean_difference",
}

# How many parts the name of a row has in a case of one period with absolute targets.
MOST_INDEX = {"budget": 0, "reach": 2}


def clashing_rows(instance: Instance, solver: str = "highs") -> list[str]:
    """Names of the rows of an irreducible infeasible set, in the order of the program."""
    program, engine = _limits_only(instance, solver)
    kept = [row.name for row in program.rows]
    for name in list(kept):
        without = _without(program, {*(row.name for row in program.rows)} - set(kept) | {name})
        if _status(engine, without) is Status.INFEASIBLE:
            kept.remove(name)
    return kept


def _limits_only(instance: Instance, solver: str) -> tuple[Program, Engine]:
    """The program without any objective, and what solves it: whole numbers are HiGHS's, in their own units."""
    program = to_program(build(replace(instance, stages=())).problem)
    return program, Highs() if program.integers else ENGINES[solver]()


def _status(engine: Engine, program: Program) -> Status:
    return engine.minimise(program, [0.0] * len(program.columns)).status


def _without(program: Program, names: set[str]) -> Program:
    rows = tuple(replace(row, lower=-math.inf, upper=math.inf) if row.name in names else row for row in program.rows)
    return replace(program, rows=rows)


def diagnose(case: Case, solver: str = "highs") -> dict[str, Any]:
    """The content of `diagnosis.json`: schema `regionopt.diagnosis/1`."""
    rows = clashing_rows(case.instance, solver)
    clashing = [_entry(case, name) for name in rows]
    if _hangs_on_widths(case.instance, rows, solver):
        clashing += [_width(case, region) for region in case.instance.regions if _asked(rows, region)]
    return {
        "schema": "regionopt.diagnosis/1",
        "case": case.document.case.id,
        "scenario": case.name,
        "status": Status.INFEASIBLE.value,
        "clashing": clashing,
    }


def _hangs_on_widths(instance: Instance, rows: list[str], solver: str) -> bool:
    """Whether the clashing rows could be kept if the tranches had room without end."""
    program, engine = _limits_only(instance, solver)
    upper = tuple(
        math.inf if name.startswith("spend[") else high
        for name, high in zip(program.columns, program.upper, strict=True)
    )
    others = {row.name for row in program.rows} - set(rows)
    return _status(engine, _without(replace(program, upper=upper), others)) is Status.OPTIMAL


def _asked(rows: list[str], region: str) -> bool:
    """Whether something at least is asked of a region by these rows."""
    names = (f"floor[{region}]", f"floor_share[{region}]")
    return any(row in names or (row.startswith("reach[") and f",{region}" in row) for row in rows)


def _width(case: Case, region: str) -> dict[str, Any]:
    """What the tranches of a region take at most, and what they bring when they are full."""
    context, tranches = case.resolved.context, [t for t in case.instance.tranches if t.region == region]
    widths, names = sum(t.width for t in tranches), {r.id: r for r in case.regions}
    sentence = {}
    for language, spoken in SPOKEN.items():
        brings = "".join(
            text(
                "clash.brings", spoken, value=f"{sum(t.width * t.returns[metric] for t in tranches):,.6g}",
                unit=context.unit(metric), metric=text(f"metric.{metric}", spoken),
            )
            for metric in sorted({target.metric for target in case.instance.targets if target.must})
        )  # fmt: skip
        name = getattr(names[region], f"name_{language}")
        told = f"{widths:,.6g}"
        sentence[language] = text(
            "clash.width", spoken, region=name, value=told, unit=context.currency, brings=brings
        )
    return {
        "row": f"tranche[{region}]",
        "path": f"widths.{region}.*",
        "value": widths,
        "unit": context.currency,
        "sentence": sentence,
    }


def _entry(case: Case, row: str) -> dict[str, Any]:
    """One clashing limit with its path, value, unit and sentence."""
    kind, _, rest = row.partition("[")
    index = rest.rstrip("]").split(",") if rest else []
    if kind not in PATHS or len(index) > MOST_INDEX.get(kind, 1):
        return _other(case, row, kind, index)
    unit = case.resolved.context.unit(index[0]) if kind == "reach" else case.resolved.context.currency
    value = _value(case.instance, kind, index)
    names = {region.id: region for region in case.regions}
    facts: dict[str, object] = {"value": f"{value:,.10g}", "unit": unit}
    sentence = {}
    for language, spoken in SPOKEN.items():
        region = getattr(names[index[-1]], f"name_{language}") if index else ""
        metric = text(f"metric.{index[0]}", spoken) if kind == "reach" else ""
        sentence[language] = text(f"clash.{kind}", spoken, region=region, metric=metric, **facts)
    path = PATHS[kind].format(*index)
    return {"row": row, "path": path, "value": value, "unit": unit, "sentence": sentence}


def _other(case: Case, row: str, kind: str, index: list[str]) -> dict[str, Any]:
    """A clashing limit of a part that not every case has: its row is named, and where the case file says it."""
    name = [part.partition(".")[0] for part in index]  # an absorption limit of several regions names each
    path, unit = OTHERS.get(kind, kind).format(*name), case.resolved.context.currency
    value: float | None = None
    if kind == "rule":
        n, rule = next((n, r) for n, r in enumerate(case.instance.rules, 1) if r.id == index[0])
        path, value = f"rules.{n}", rule.value
    elif kind == "reach":
        target = next(t for t in case.instance.targets if list(t.key) == index)
        path, value = f"targets.{target.metric}.{target.kind or 'milestones'}", target.target
        unit = "1" if target.over else case.resolved.context.unit(target.metric)
    sentence = {language: text("clash.other", spoken, row=row) for language, spoken in SPOKEN.items()}
    return {"row": row, "path": path, "value": value, "unit": unit, "sentence": sentence}


def _value(instance: Instance, kind: str, index: list[str]) -> float:
    if kind == "budget":
        return instance.budget
    if kind == "reach":
        return next(t.target for t in instance.targets if [t.metric, t.region] == index)
    limit = next(limit for limit in instance.limits if limit.region == index[0])
    amounts: Mapping[str, float | None] = {
        "floor": limit.floor_fixed,
        "ceiling": limit.ceiling_fixed,
        "floor_share": (limit.floor_share or 0.0) * instance.budget,
        "ceiling_share": (limit.ceiling_share or 0.0) * instance.budget,
    }
    return amounts[kind] or 0.0
