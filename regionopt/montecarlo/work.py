"""All that is to be done, checked before anything is written: the base plan, the draws, what is asked of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from regionopt.case.case import Case
from regionopt.common.errors import InputError, Problem, refuse
from regionopt.common.quantity import check_seconds
from regionopt.montecarlo.draws import Draws
from regionopt.montecarlo.jobs import DesignJob, DrawJob
from regionopt.montecarlo.kept import kept_of
from regionopt.montecarlo.left import Kept
from regionopt.montecarlo.outputs import Outputs
from regionopt.montecarlo.prepare import Question, uncertain
from regionopt.montecarlo.sensitivity import METHODS, RUNS, design
from regionopt.montecarlo.statistics import LEVELS
from regionopt.solve.plan import Plan
from regionopt.solve.solve import solve
from regionopt.sweep.outcomes import Outcome, Settled, blank, outcome_of
from regionopt.sweep.sweep import job_of


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

    def told(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {
            "alpha": self.alpha, "quantiles": list(self.levels), "robust_draws": self.robust,
            "sensitivity": self.sensitivity, "sensitivity_runs": self.runs,
        }  # fmt: skip


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
    job = DrawJob(case, draws, own.size, own.stages, own.limit, base.kept, wanted.told())
    ranked = None
    if wanted.sensitivity is not None:
        size = wanted.runs or RUNS[wanted.sensitivity]
        order = design(draws.factors, draws.slots, wanted.sensitivity, size, question.seed)
        ranked = DesignJob(case, order, own.size, own.stages, own.limit)
    return Work(case, draws, wanted, base, job, ranked)


def base_of(case: Case, limit: float | None = None) -> Base:
    """The case solved at its stated numbers."""
    check_seconds(limit)
    solution = solve(case.instance, "highs", limit)
    kept = None if solution.plan is None else kept_of(case.instance, solution.plan)
    return Base(outcome_of(case.instance, solution), solution.plan, kept)
