"""`montecarlo.json` and the tables beside it: schema `regionopt.montecarlo/1`. Rows are the same in both.

Numbers have nine digits: what many draws say is no more exact, and sums of many floats need not be the same on every
machine. A number that does not exist is null, never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from regionopt.case.case import Case
from regionopt.case.overrides import matches
from regionopt.common.decimals import stage_unit
from regionopt.common.jsontext import to_json
from regionopt.montecarlo.draws import Draws
from regionopt.montecarlo.inputs import described
from regionopt.montecarlo.outputs import BASE, Output
from regionopt.montecarlo.sensitivity import Influence
from regionopt.montecarlo.summary import Held, Quantity, Regret
from regionopt.result.outputs import to_csv

SCHEMA = "regionopt.montecarlo/1"
Row = dict[str, Any]


def nine(value: float | None) -> float | None:
    """Nine digits, and at most nine decimals: what is smaller is rounding. Never minus zero."""
    return None if value is None else round(float(f"{value:.9g}"), 9) + 0.0


def unit_of(output: Output, currency: str) -> str:
    """The unit of an output."""
    measure = output.measure.removeprefix(BASE)
    if measure in ("budget", "total_budget", "spent", "unspent"):
        return currency
    if measure == "share" or (measure.endswith("_shortfall") and output.region):
        return "1"
    return stage_unit(measure.removeprefix("national_"), currency)


def quantile_rows(found: Iterable[Quantity], currency: str) -> list[Row]:
    """Rows of `quantiles.csv`."""
    return [
        {
            "measure": one.output.measure,
            "region": one.output.region,
            "unit": unit_of(one.output, currency),
            "base": nine(one.base),
            **_spread(one.spread),
        }
        for one in found
    ]


def regret_rows(found: Iterable[Regret], currency: str) -> list[Row]:
    """Rows of `regret.csv`."""
    return [
        {
            "stage": one.stage,
            "unit": stage_unit(one.stage, currency),
            **_spread(one.spread),
            "share_without": nine(one.none.share),
        }
        for one in found
    ]


def _spread(found: Any) -> Row:
    ends = {"minimum": nine(found.minimum)}
    ends |= {f"q{level:g}": nine(value) for level, value in found.quantiles.items()}
    return {
        "draws": found.draws,
        "mean": nine(found.mean),
        "sd": nine(found.sd),
        **ends,
        "maximum": nine(found.maximum),
    }


def share_rows(found: Iterable[Held]) -> list[Row]:
    """Rows of `shares.csv`."""
    return [
        {
            "kind": one.kind,
            "measure": one.measure,
            "region": one.region,
            "share": nine(one.share.share),
            "standard_error": nine(one.share.standard_error),
            "hits": one.share.hits,
            "draws": one.share.draws,
        }
        for one in found
    ]


def sensitivity_rows(method: str, found: Iterable[Influence]) -> list[Row]:
    """Rows of `sensitivity.csv`."""
    return [
        {
            "method": method,
            "measure": one.output.measure,
            "region": one.output.region,
            "input": one.factor,
            "rank": one.rank,
            **{name: nine(value) for name, value in one.measures.items()},
        }
        for one in found
    ]


def head(case: Case, draws: Draws, asked: Mapping[str, Any]) -> Row:
    """What was asked of which case."""
    document = case.document.case
    return {
        "schema": SCHEMA,
        "case": document.id,
        "title": {"zh": document.title.zh, "en": document.title.en},
        "scenario": case.name,
        "unit": document.currency_unit,
        "inputs_read": case.inputs,
        "asked": dict(asked),
        "uncertain": list(described({factor.input.name: factor.input for factor in draws.factors}.values())),
        "drawn_over": _drawn_over(case, draws),
        "factors": list(draws.columns),
        "together": [
            {
                "group": one.group,
                "members": [draws.columns[k] for k in one.places],
                "correlation": one.matrix.tolist(),
            }
            for one in draws.together
        ],
    }


def _drawn_over(case: Case, draws: Draws) -> list[str]:
    """Paths that an override changed and that amounts are drawn for afresh: what the override says does not count."""
    changed = [change.path for change in case.resolved.changes]
    inputs = {factor.input.path: factor.input.how for factor in draws.factors}
    return [path for path, how in inputs.items() if how == "set" and matches(path, changed)]


def files(document: Mapping[str, Any]) -> dict[str, bytes]:
    """The tables of a document, and the document itself last: where it stands, all is done."""
    rows: dict[str, Sequence[Row]] = {
        "quantiles": document["quantiles"],
        "shares": document["shares"],
        "regret": document["regret"],
        "robust": document["robust"]["rows"] if document["robust"] else (),
        "sensitivity": document["sensitivity"]["rows"] if document["sensitivity"] else (),
    }
    tables = {f"{name}.csv": to_csv(listed) for name, listed in rows.items() if listed}
    return {**tables, "montecarlo.json": to_json(document)}
