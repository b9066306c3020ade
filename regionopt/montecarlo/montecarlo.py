"""Monte Carlo from end to end: the base plan, the draws, their statistics, robust plans, the ranking of inputs.

    <folder>/draws.json         what was asked; by it a later `--resume` sees that it is the same
    <folder>/draws.csv          one row a draw          regions.csv   one row a draw and region
    <folder>/sensitivity/       the runs of the sensitivity analysis, in the same form
    <folder>/quantiles.csv shares.csv regret.csv robust.csv sensitivity.csv
    <folder>/montecarlo.json    all of it; written last

Effects are here and in `sweep`; everything else is pure.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from regionopt.common.jsontext import to_json
from regionopt.montecarlo import document as written
from regionopt.montecarlo.draws import Design
from regionopt.montecarlo.jobs import RANKED, DesignJob
from regionopt.montecarlo.joint import scenarios
from regionopt.montecarlo.outputs import Output
from regionopt.montecarlo.promises import robust_document
from regionopt.montecarlo.sensitivity import influences
from regionopt.montecarlo.summary import Columns, quantities, regrets, shares
from regionopt.montecarlo.work import Work
from regionopt.result.files import write_file
from regionopt.sweep.sweep import Numbers, check, sweep

Tell = Callable[[int, int], None]


def montecarlo(
    work: Work, folder: Path, through: Numbers, resume: bool = False, yes: bool = False, tell: Tell = lambda *_: None
) -> dict[str, Any]:
    """Do what is missing; returns the document. Raises InputError where there is nothing to resume or something else,
    LimitError where the disk has no room."""
    check(work.job, folder, yes, resume)

    def then(own: Path) -> None:
        for name, content in written.files(_document(work, own, through, resume, tell)).items():
            write_file(own / name, content)

    sweep(work.job, folder, through, resume, tell, then)
    told: dict[str, Any] = json.loads((folder / "montecarlo.json").read_bytes())
    return told


def _document(work: Work, folder: Path, through: Numbers, resume: bool, tell: Tell) -> dict[str, Any]:
    columns, wanted = Columns(work.job, folder), work.wanted
    base, currency = work.base.numbers(work.job.outputs), work.case.document.case.currency_unit
    counts = json.loads((folder / "counts.json").read_bytes())
    asked = {"draws": work.draws.count, "seed": work.draws.seed, "sampler": work.draws.sampler, **wanted.told()}
    return {
        **written.head(work.case, work.draws, asked),
        **{key: counts[key] for key in ("statuses", "checked")},
        "base": {"status": work.base.outcome.status, "stages": _nine(work.base.outcome.stages)},
        "regions": list(work.job.outputs.layout.regions),
        "quantiles": written.quantile_rows(quantities(columns, base, wanted.levels), currency),
        "shares": written.share_rows(shares(columns, base)),
        "regret": written.regret_rows(regrets(columns, wanted.levels), currency) if base else [],
        "robust": _robust(work, columns),
        "sensitivity": None if work.ranked is None else _ranking(work.ranked, folder, through, resume, tell),
    }


def _nine(numbers: Mapping[str, float]) -> dict[str, float | None]:
    return {name: written.nine(value) for name, value in numbers.items()}


def _robust(work: Work, columns: Columns) -> dict[str, Any] | None:
    """Robust plans over the first draws that have a plan; None where none are asked for, or there is no base plan."""
    if work.base.kept is None or not work.wanted.robust:
        return None
    best = columns.column(work.job.outputs.layout.stages[0])[: work.wanted.robust]
    planned = {k: float(value) for k, value in enumerate(best, 1) if not np.isnan(value)}
    if not planned:
        return None
    runs = work.draws.some(0, len(best))
    given = scenarios(work.case, {k: runs[k - 1].patches for k in planned}, planned, work.base.kept)
    told = robust_document(given, work.base.kept, work.wanted.alpha)
    return {**told, "without_plan": len(best) - len(planned)}


def _ranking(job: DesignJob, folder: Path, through: Numbers, resume: bool, tell: Tell) -> dict[str, Any]:
    """The runs of a sensitivity analysis in a folder of their own, and the indices."""
    own = folder / RANKED

    def then(there: Path) -> None:
        write_file(there / job.last, to_json(_indices(job, there)))

    sweep(job, own, through, resume and (own / f"{job.kind}.json").exists(), tell, then)
    told: dict[str, Any] = json.loads((own / job.last).read_bytes())
    return told


def _indices(job: DesignJob, folder: Path) -> dict[str, Any]:
    assert isinstance(job.order, Design)
    columns, layout = Columns(job, folder), job.outputs.layout
    told = [Output(stage) for stage in layout.stages]
    told += [one for one in job.outputs.own if one.measure.startswith("national_") or one.measure == "budget"]
    found = [
        one for output in told for one in influences(job.order, output, columns.column(output.measure, output.region))
    ]
    without = int(np.isnan(columns.column(layout.stages[0])).sum())
    return {
        "method": job.order.method, "runs": job.order.count, "without_plan": without,
        "rows": written.sensitivity_rows(job.order.method, found),
    }  # fmt: skip
