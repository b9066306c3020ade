"""What a run writes: the result document and the tables, as bytes by file name.

Inputs of the solver are written so that they read back exactly; results have fixed decimals, rounded from exact
fractions, so that two machines write the same bytes. `run.json` alone may differ between runs.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from regionopt.case.changes import change_rows
from regionopt.common.decimals import DECIMALS, MONEY, RATIO, rounded, stage_unit
from regionopt.common.document import (
    Bilingual,
    BudgetResult,
    FactsResult,
    Provenance,
    RegionResult,
    ResultDocument,
    StageResult,
)
from regionopt.common.jsontext import to_json
from regionopt.result import extras
from regionopt.result import rows as tables
from regionopt.result.result import Result, Row
from regionopt.result.unspent import unspent_reason


def document(result: Result) -> ResultDocument:
    """The result as it is written to `result.json`."""
    case, instance = result.case, result.case.instance
    title = case.document.case.title
    return ResultDocument(
        case=case.document.case.id,
        title=Bilingual(zh=title.zh, en=title.en),
        scenario=case.name,
        status=result.status,
        stages=_stages(result),
        budget=_budget(result),
        regions=tuple(RegionResult(**_fixed(row)) for row in tables.region_rows(result)),
        facts=_facts(result),
        certificate=result.solution.certificate,
        provenance=Provenance(
            inputs=case.inputs,
            overrides=tuple(dict.fromkeys(f"{change.by}: {change.path}" for change in case.resolved.changes)),
            give_away=instance.give_away,
            weights=dict(instance.weights),
            standings=case.standings(),
            geometry=Path(case.document.geometry.file or "built-in").name,
        ),
        targets=extras.other_targets(result),
        groups=extras.groups(result),
        periods=extras.periods(result),
        platforms=extras.platforms(result),
        measures=extras.measures(result),
    )  # fmt: skip


def _stages(result: Result) -> tuple[StageResult, ...]:
    currency = result.case.resolved.context.currency
    return tuple(
        StageResult(
            name=stage.name,
            value=rounded(stage.value, RATIO),
            unit=stage_unit(stage.name, currency),
            unique=stage.unique,
        )
        for stage in result.solution.stages
    )


def _budget(result: Result) -> BudgetResult:
    budget, plan = result.case.instance.budget, result.plan
    return BudgetResult(
        total=budget,
        spent=rounded(plan.spent, MONEY) if plan else None,
        unspent=rounded(Fraction(budget) - plan.spent, MONEY) if plan else None,
        unit=result.case.resolved.context.currency,
        unspent_reason=unspent_reason(result),
    )


def _facts(result: Result) -> FactsResult:
    instance = result.case.instance
    wanted = sum(Fraction(t.target) for t in instance.targets if t.key == ("output", t.region))
    stages = result.solution.stages
    return FactsResult(
        implied_leverage=rounded(wanted / Fraction(instance.budget), RATIO) if wanted else None,
        smallest_budget=_maybe(result.smallest_budget, MONEY),
        weakest_standing=result.standing,
        unique=stages[-1].unique if stages else None,
    )


def files(result: Result) -> dict[str, bytes]:
    """Every file of a run that is the same on every machine, apart from the map."""
    written = {
        "result.json": to_json(document(result).model_dump(mode="json", by_alias=True)),
        "coefficients.csv": to_csv(tables.coefficient_rows(result)),
        "targets.csv": to_csv(tables.target_rows(result)),
        "limits.csv": to_csv(tables.limit_rows(result)),
    }
    if result.plan is not None:
        written["allocation.csv"] = to_csv(tables.allocation_rows(result))
    if changed := change_rows(result.case.resolved):
        written["changes.csv"] = to_csv(changed)
    return written


def to_csv(rows: Iterable[Row], columns: Sequence[str] = ()) -> bytes:
    """CSV as UTF-8 with BOM, which Excel needs to read Chinese. `columns` head a table that may have no rows."""
    listed = list(rows)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(listed[0] if listed else columns)
    writer.writerows([_cell(column, value) for column, value in row.items()] for row in listed)
    return buffer.getvalue().encode("utf-8-sig")


def _cell(column: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Fraction):
        return f"{rounded(value, DECIMALS[column]):.{DECIMALS[column]}f}"
    return repr(value) if isinstance(value, float) else str(value)


def _fixed(row: Row) -> Row:
    """Exact fractions with the decimals of their column."""
    return {k: rounded(v, DECIMALS[k]) if isinstance(v, Fraction) else v for k, v in row.items()}


def _maybe(value: Fraction | None, decimals: int) -> float | None:
    return None if value is None else rounded(value, decimals)
