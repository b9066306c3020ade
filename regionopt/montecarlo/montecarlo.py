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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from regionopt.case.case import Case
from regionopt.common.errors import InputError, Problem, refuse
from regionopt.common.jsontext import to_json
from regionopt.montecarlo import document as written
from regionopt.montecarlo.draws import Design, Draws
from regionopt.montecarlo.jobs import DesignJob, DrawJob
from regionopt.montecarlo.kept import Kept, kept_of
from regionopt.montecarlo.outputs import Output, Outputs
from regionopt.montecarlo.prepare import Question, uncertain
from regionopt.montecarlo.promises import robust_document
from regionopt.montecarlo.robust import scenarios
from regionopt.montecarlo.sensitivity import METHODS, RUNS, design, influences
from regionopt.montecarlo.statistics import LEVELS
from regionopt.montecarlo.summary import Columns, quantities, regrets, shares
from regionopt.result.files import write_file
from regionopt.solve.plan import Plan
from regionopt.solve.solve import solve
from regionopt.sweep.outcomes import Outcome, Settled, blank, outcome_of
from regionopt.sweep.sweep import Numbers, check, job_of, sweep

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Wanted:
    """What is asked beside the draws: quantiles, the part of draws that CVaR leaves out, over how many draws robust
    plans are sought (none: not at all), the method that ranks inputs and its size."""

    levels: tuple[float, ...] = LEVELS
    alpha: float = 0.9
    robust: int = 100
    sensitivity: str | None = None
    runs: int | None = None
    limit: float | None = None

    def problems(self) -> list[Problem]:
        """What cannot be asked."""
        found = []
        if not 0 < self.alpha < 1:
            found.append(Problem("alpha_range", "--alpha", self.alpha))
        found += [Problem("quantile_range", "--quantiles", level) for level in self.levels if not 0 < level < 1]
        if self.robust < 0:
            found.append(Problem("robust_draws", "--robust-draws", self.robust))
        if self.sensitivity is not None and self.sensitivity not in METHODS:
            known = {"known": ", ".join(METHODS)}
            found.append(Problem("unknown_method", "--sensitivity", self.sensitivity, known))
        return found


@dataclass(frozen=True)
class Base:
    """The plan of the case at its stated numbers; no outcome but a status where there is none."""

    outcome: Outcome
    plan: Plan | None
    kept: Kept | None

    def numbers(self, outputs: Outputs) -> dict[tuple[str, str], float]:
        """Its outputs by measure and region; none without a plan."""
        if self.plan is None:
            return {}
        one: Settled = blank(outputs.layout, 1)
        one.put(0, self.outcome)
        row = outputs.rows(one, np.full((1, one.numbers.shape[1]), np.nan))[0]
        return {(o.measure, o.region): float(v) for o, v in zip(outputs.own, row, strict=False)}


@dataclass(frozen=True)
class Work:
    """All that is to be done, checked before anything is written."""

    case: Case
    draws: Draws
    wanted: Wanted
    base: Base
    job: DrawJob
    ranked: DesignJob | None = field(default=None)

    @property
    def count(self) -> int:
        """How many runs in all."""
        return self.job.order.count + (self.ranked.order.count if self.ranked else 0)


def prepared(case: Case, question: Question, wanted: Wanted) -> Work:
    """What is to be done. Raises InputError with what is wrong with the question or the case."""
    try:
        draws = uncertain(case, question)
    except InputError as error:
        raise InputError([*wanted.problems(), *error.problems]) from None
    refuse(wanted.problems())
    base = base_of(case, wanted.limit)
    own = job_of(case, draws, wanted.limit)
    job = DrawJob(case, draws, own.size, own.stages, own.limit, base.kept)
    ranked = None
    if wanted.sensitivity is not None:
        size = wanted.runs or RUNS[wanted.sensitivity]
        order = design(draws.factors, draws.slots, wanted.sensitivity, size, question.seed)
        ranked = DesignJob(case, order, own.size, own.stages, own.limit)
    return Work(case, draws, wanted, base, job, ranked)


def base_of(case: Case, limit: float | None = None) -> Base:
    """The case solved at its stated numbers."""
    solution = solve(case.instance, "highs", limit)
    kept = None if solution.plan is None else kept_of(case.instance, solution.plan)
    return Base(outcome_of(case.instance, solution), solution.plan, kept)


def montecarlo(
    work: Work, folder: Path, through: Numbers, resume: bool = False, yes: bool = False, tell: Tell = lambda *_: None
) -> dict[str, Any]:
    """Do what is missing; returns the document. Raises InputError where there is nothing to resume or something else,
    LimitError where the disk has no room."""
    check(work.job, folder, yes)
    if not resume:
        for name in (*(f"{table}.csv" for table in written.TABLES), "montecarlo.json"):
            (folder / name).unlink(missing_ok=True)

    def then(own: Path) -> None:
        for name, content in written.files(_document(work, own, through, resume, tell)).items():
            write_file(own / name, content)

    sweep(work.job, folder, through, resume, tell, then)
    told: dict[str, Any] = json.loads((folder / "montecarlo.json").read_bytes())
    return told


def _document(work: Work, folder: Path, through: Numbers, resume: bool, tell: Tell) -> dict[str, Any]:
    columns, wanted = Columns(work.job, folder), work.wanted
    base, currency = work.base.numbers(work.job.outputs), work.case.document.case.currency_unit
    asked = {
        "draws": work.draws.count, "seed": work.draws.seed, "sampler": work.draws.sampler, "alpha": wanted.alpha,
        "quantiles": list(wanted.levels), "robust_draws": wanted.robust, "sensitivity": wanted.sensitivity,
    }  # fmt: skip
    return {
        **written.head(work.case, work.draws, asked),
        **json.loads((folder / "counts.json").read_bytes()),
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
    planned = {k: float(value) for k, value in enumerate(best) if not np.isnan(value)}
    if not planned:
        return None
    runs = work.draws.some(0, len(best))
    given = scenarios(work.case, {k: runs[k].patches for k in planned}, planned)
    told = robust_document(given, work.base.kept, work.wanted.alpha)
    return {**told, "without_plan": len(best) - len(planned)}


def _ranking(job: DesignJob, folder: Path, through: Numbers, resume: bool, tell: Tell) -> dict[str, Any]:
    """The runs of a sensitivity analysis in a folder of their own, and the indices."""
    own = folder / "sensitivity"

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
