"""Robust plans beside the base plan: what each promises over the draws, and its money, as plain rows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from regionopt.model.translate import plain
from regionopt.montecarlo.document import Row, nine, unit_of
from regionopt.montecarlo.joint import Scenarios
from regionopt.montecarlo.left import Kept
from regionopt.montecarlo.outputs import Output
from regionopt.montecarlo.robust import Robust, least_cvar, measures, worst_case
from regionopt.solve.plan import read

KEY = ("region", "programme", "tranche", "period")


def robust_document(given: Scenarios, base: Kept, alpha: float) -> dict[str, Any]:
    """The best worst case and the least CVaR over these draws, and how the base plan does in the same draws."""
    plans = [worst_case(given), least_cvar(given, alpha)]
    told = [("base", base, tuple((given.sense * given.values(base)).tolist()))]
    told += [(one.kind, one.kept, one.reached) for one in plans if one.kept is not None]
    return {
        "stage": given.base.stages[0].name,
        "sense": given.sense,
        "draws": len(given.draws),
        "whole_numbers_kept": bool(given.whole),
        "alpha": alpha,
        "plans": [_plan(one) for one in plans],
        "rows": [row for name, kept, reached in told for row in _rows(given, name, kept, reached, alpha)],
    }


def _plan(one: Robust) -> dict[str, Any]:
    proof = one.certificate
    return {
        "plan": one.kind,
        "status": one.status.value,
        "value": None if one.value is None else nine(float(one.value)),
        "draws_in_program": list(one.within),
        "certificate": None if proof is None else proof.model_dump(mode="json"),
    }


def _rows(given: Scenarios, name: str, kept: Kept, reached: Sequence[float], alpha: float) -> Iterator[Row]:
    """Rows of `robust.csv` of one plan: what it promises in the first stage, then its money by region and tranche."""
    currency = given.case.document.case.currency_unit
    unit = unit_of(Output(given.base.stages[0].name), currency)
    columns = {id(column): kept.columns.get(plain(column.name)) for column in given.base.problem.variables()}
    plan = read(given.base, {column: amount for column, amount in columns.items() if amount is not None})
    for measure, value in measures(reached, given.sense, alpha).items():
        yield _row(name, measure, (), value, unit)
    yield _row(name, "not_allowed", (), float(sum(map(math.isinf, reached))), "draws")
    for region, amount in plan.allocated.items():
        yield _row(name, "budget", (region,), float(amount), currency)
    for key, amount in plan.spend.items():
        if amount:
            yield _row(name, "budget", key, float(amount), currency)


def _row(plan: str, measure: str, key: Sequence[object], value: float | None, unit: str) -> Row:
    places = dict(zip(KEY, (*key, *[""] * (len(KEY) - len(key))), strict=True))
    return {"plan": plan, "measure": measure, **places, "value": nine(value), "unit": unit}
