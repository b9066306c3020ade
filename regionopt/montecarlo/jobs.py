"""Draws as a job of the sweep's engine: each batch also says what the base plan achieves in its draws, and hands on
the numbers that statistics are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

import numpy as np

from regionopt.common.decimals import RATIO
from regionopt.montecarlo.kept import achieved
from regionopt.montecarlo.left import Kept
from regionopt.montecarlo.outputs import BASE, Outputs, regret
from regionopt.sweep.effects import read
from regionopt.sweep.flat import Array, Pattern, together
from regionopt.sweep.outcomes import PLANNED, Settled, layout_of
from regionopt.sweep.rows import REGION_COLUMNS, as_written, run_columns
from regionopt.sweep.runs import Run
from regionopt.sweep.work import Job, Worker

NUMBERS = "numbers"
# The tables of statistics, and the folder of the runs that rank the inputs.
STATISTICS = ("quantiles", "shares", "regret", "robust", "sensitivity")
RANKED = "sensitivity"
# Bytes of a number as it is kept; written in digits it takes about twice as many.
WORD = 8


@dataclass(frozen=True)
class DrawJob(Job):
    """A job of draws. Without a base plan nothing is said of one; `asked` is what their statistics are to say."""

    kept: Kept | None = None
    asked: Mapping[str, object] = field(default_factory=dict)
    kind: ClassVar[str] = "draws"

    @property
    def tables(self) -> Mapping[str, tuple[str, ...]]:
        """`regions.csv` as a sweep writes it; `draws.csv` with what the base plan achieves."""
        if self.kept is None:
            return {"regions": REGION_COLUMNS, "draws": tuple(run_columns(self.order.columns, self.stages))}
        base = (f"{BASE}allowed", *(f"{BASE}{s}" for s in self.stages), *(f"regret_{s}" for s in self.stages))
        return {"regions": REGION_COLUMNS, "draws": (*run_columns(self.order.columns, self.stages), *base)}

    @property
    def texts(self) -> tuple[str, ...]:
        """The columns that hold texts."""
        return (*super().texts, f"{BASE}allowed")

    @property
    def last(self) -> str:
        """The document of all statistics."""
        return "montecarlo.json"

    @property
    def leaves(self) -> tuple[str, ...]:
        """Tables, statistics, and the folder of the ranking."""
        return (*super().leaves, *(f"{table}.csv" for table in STATISTICS), RANKED)

    @cached_property
    def outputs(self) -> Outputs:
        """What is told of a draw as numbers."""
        return Outputs(layout_of(self.case.instance))

    @property
    def bytes_a_run(self) -> int:
        """The rows with their inputs, and the numbers."""
        return super().bytes_a_run + WORD * (2 * len(self.order.columns) + len(self.outputs.every))

    def worker(self) -> Worker:
        """Who does its batches."""
        return DrawWorker(self)

    def told(self) -> Mapping[str, object]:
        """The base plan and what is asked of the draws: with another one it is another job."""
        base = None if self.kept is None else {name: str(x) for name, x in self.kept.columns.items()}
        return {"base": base, "asked": dict(self.asked)}


@dataclass(frozen=True)
class DesignJob(DrawJob):
    """A job of the runs that a sensitivity analysis asks for."""

    kind: ClassVar[str] = "design"

    @property
    def last(self) -> str:
        """The indices."""
        return "sensitivity.json"


@dataclass
class DrawWorker(Worker):
    """Does batches of draws."""

    def written(self, runs: Sequence[Run], found: Settled) -> Mapping[str, Sequence[str | bytes]]:
        """The rows of both tables, and the numbers of each draw."""
        assert isinstance(self.job, DrawJob)
        told = super().written(runs, found)
        outputs = self.job.outputs
        numbers = outputs.rows(found, self.kept(runs, found))
        ends = _ends(self.job, found, numbers)
        draws = [str(line)[:-1] + end + "\n" for line, end in zip(told["runs"], ends, strict=True)]
        return {"draws": draws, "regions": told["regions"], NUMBERS: [row.tobytes() for row in numbers]}

    def kept(self, runs: Sequence[Run], found: Settled) -> Array:
        """What the base plan achieves in each draw that has a plan, in the layout of outcomes; nan elsewhere."""
        assert isinstance(self.job, DrawJob)
        told = np.full((len(runs), self.job.outputs.layout.width), np.nan)
        if self.job.kept is None:
            return told
        places = [k for k, status in enumerate(found.statuses) if status in PLANNED]
        for pattern, own, numbers in self._programs(runs, places):
            told[own] = achieved(self.job.kept, pattern, numbers)
        return told

    def _programs(self, runs: Sequence[Run], places: Sequence[int]) -> list[tuple[Pattern, list[int], Array]]:
        """The numbers of these draws: from the frame where it covers them, else read one by one."""
        if not places:
            return []
        known = self._frame(runs[places[0]].signature, runs[places[0]])
        if known is not None:
            values = np.array([runs[k].values() for k in places])
            if known.covers(values).all():
                return [(known.pattern, list(places), known.at(values))]
        # A draw that has a plan was read before: nothing in it is refused now.
        return together((k, read(self.job.case, runs[k].patches)) for k in places)


def _ends(job: DrawJob, found: Settled, numbers: Array) -> list[str]:
    """The last cells of the rows of `draws.csv`: whether the base plan is allowed, its stages, its regret."""
    if job.kept is None:
        return [""] * len(numbers)
    stages, outputs = job.stages, job.outputs
    base = np.stack([numbers[:, outputs.at(f"{BASE}{stage}")] for stage in stages], axis=1)
    own = np.stack([numbers[:, outputs.at(stage)] for stage in stages], axis=1)
    worse = np.stack([regret(stage, own[:, k], base[:, k]) for k, stage in enumerate(stages)], axis=1)
    shape = f",%.{RATIO}f" * (2 * len(stages))
    rows = as_written(np.concatenate([base, worse], axis=1))
    nothing = "," * (2 * len(stages))
    return [
        ("," if status not in PLANNED else ",no") + nothing if np.isnan(row[0]) else ",yes" + shape % tuple(row)
        for status, row in zip(found.statuses, rows, strict=True)
    ]
