"""Why a case is infeasible: a smallest set of limits that clash, found by leaving out one limit after another.

What is left when nothing more can be left out is irreducible: without any one of its limits the rest could be
kept. Tranche widths belong to every set: money cannot go where nothing is planned.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from regionopt.case import Case
from regionopt.document import Status
from regionopt.instance import Instance
from regionopt.model import build, to_program
from regionopt.program import Program
from regionopt.solvers import ENGINES
from regionopt.texts import Language, text

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


def clashing_rows(instance: Instance, solver: str = "highs") -> list[str]:
    """Names of the rows of an irreducible infeasible set, in the order of the program."""
    program = to_program(build(replace(instance, stages=())).problem)
    engine, costs = ENGINES[solver](), [0.0] * len(program.columns)
    kept = [row.name for row in program.rows]
    for name in list(kept):
        without = _without(program, {*(row.name for row in program.rows)} - set(kept) | {name})
        if engine.minimise(without, costs).status is Status.INFEASIBLE:
            kept.remove(name)
    return kept


def _without(program: Program, names: set[str]) -> Program:
    rows = tuple(replace(row, lower=-math.inf, upper=math.inf) if row.name in names else row for row in program.rows)
    return replace(program, rows=rows)


def diagnose(case: Case, solver: str = "highs") -> dict[str, Any]:
    """The content of `diagnosis.json`: schema `regionopt.diagnosis/1`."""
    clashing = [_entry(case, name) for name in clashing_rows(case.instance, solver)]
    return {
        "schema": "regionopt.diagnosis/1",
        "case": case.document.case.id,
        "scenario": case.name,
        "status": Status.INFEASIBLE.value,
        "clashing": clashing,
    }


def _entry(case: Case, row: str) -> dict[str, Any]:
    """One clashing limit with its path, value, unit and sentence."""
    kind, _, rest = row.partition("[")
    index = rest.rstrip("]").split(",") if rest else []
    unit = case.resolved.context.unit(index[0]) if kind == "reach" else case.resolved.context.currency
    value = _value(case.instance, kind, index)
    names = {region.id: region for region in case.regions}
    facts: dict[str, object] = {"value": f"{value:,g}", "unit": unit}
    sentence = {}
    for language, spoken in SPOKEN.items():
        region = getattr(names[index[-1]], f"name_{language}") if index else ""
        metric = text(f"metric.{index[0]}", spoken) if kind == "reach" else ""
        sentence[language] = text(f"clash.{kind}", spoken, region=region, metric=metric, **facts)
    path = PATHS[kind].format(*index)
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
