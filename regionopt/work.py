"""One batch of runs after another: from numbers of runs to the rows that are written, the same wherever it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from regionopt.case import Case
from regionopt.effects import Frame, frame, reads
from regionopt.instance import METRICS
from regionopt.outcomes import Outcome, framed, fresh, linear, read_and_settled
from regionopt.runs import Order, Run, Signature
from regionopt.decimals import JOBS, MET, MONEY, RATIO

# Frames that a worker keeps: cases with lists and names among their settings have one for each.
KEPT = 16
_DECIMALS = {"output": MONEY, "jobs": JOBS}


@dataclass(frozen=True)
class Job:
    """What all batches share: the case, its runs, how many go into a batch, the stages that have columns, a time
    limit in seconds for each run with whole numbers."""

    case: Case
    order: Order
    size: int
    stages: tuple[str, ...]
    limit: float | None = None

    @property
    def batches(self) -> int:
        """How many batches."""
        return -(-self.order.count // self.size)


@dataclass(frozen=True)
class Part:
    """What a batch gives: rows of both tables as CSV without a header, and how many runs have each status."""

    runs: bytes
    regions: bytes
    statuses: Mapping[str, int]
    ways: Mapping[str, int]


@dataclass
class Worker:
    """Does batches of one job. Frames are kept from batch to batch; they do not change what a batch gives."""

    job: Job
    _frames: dict[Signature, Frame | None] = field(default_factory=dict)

    def part(self, number: int) -> Part:
        """One batch as rows."""
        start = number * self.job.size
        runs = self.job.order.some(start, min(start + self.job.size, self.job.order.count))
        outcomes = self.outcomes(runs)
        return Part(
            "".join(run_line(run, outcome, self.job.stages) for run, outcome in zip(runs, outcomes, strict=True)).encode(),
            "".join(map(region_lines, runs, outcomes)).encode(),
            Counter(outcome.status for outcome in outcomes),
            Counter(outcome.way for outcome in outcomes),
        )

    def outcomes(self, runs: Sequence[Run]) -> list[Outcome]:
        """The outcome of each run."""
        alike: dict[Signature, list[int]] = {}
        for k, run in enumerate(runs):
            alike.setdefault(run.signature, []).append(k)
        found: dict[int, Outcome] = {}
        for signature, places in alike.items():
            own = [runs[k] for k in places]
            found |= zip(places, self._together(signature, own), strict=True)
        return [found[k] for k in range(len(runs))]

    def _together(self, signature: Signature, runs: Sequence[Run]) -> list[Outcome]:
        case, patches = self.job.case, [run.patches for run in runs]
        if not linear(case.instance):
            return [fresh(case, run, self.job.limit) for run in patches]
        known = self._frame(signature, runs[0])
        if known is None:
            return read_and_settled(case, patches)
        return framed(case, known, np.array([run.template()[2] for run in runs]), patches)

    def _frame(self, signature: Signature, run: Run) -> Frame | None:
        if signature not in self._frames:
            template, keys, _ = run.template()
            slots = [self.job.order.slots[key] for key in keys]
            worth = keys and len(set(keys)) == len(keys) and self.job.order.alike(signature) > reads(slots)
            if len(self._frames) >= KEPT:
                self._frames.clear()
            self._frames[signature] = frame(self.job.case, template, slots) if worth else None
        return self._frames[signature]


def run_columns(inputs: Sequence[str], stages: Sequence[str]) -> list[str]:
    """Columns of `runs.csv`."""
    return ["run", *inputs, "status", "checked", "reason", *stages, "budget", "spent", "unspent", *TOTALS, *COUNTS]


TOTALS = tuple(f"national_{metric}" for metric in METRICS)
COUNTS = ("targets_met", "targets")
REGION_COLUMNS = (
    "run", "region", "budget", "share", *(f"{metric}{end}" for metric in METRICS for end in ("", "_target", "_shortfall"))
)  # fmt: skip


def run_line(run: Run, outcome: Outcome, stages: Sequence[str]) -> str:
    """One row of `runs.csv`."""
    told = [_quoted(run.name), *map(_quoted, run.inputs), outcome.status, outcome.way, outcome.reason]
    if not outcome.planned:
        return ",".join([*told, *[""] * (len(stages) + 5 + len(COUNTS))]) + "\n"
    numbers = [_told(outcome.stages.get(stage), RATIO) for stage in stages]
    money = (outcome.budget, outcome.spent, outcome.budget - outcome.spent)
    numbers += [_told(amount, MONEY) for amount in money]
    for metric in METRICS:
        numbers.append(_told(sum(v for (m, _), v in outcome.gained.items() if m == metric), _DECIMALS[metric]))
    met = sum(outcome.shortfall(key) <= MET for key in outcome.targets)
    return ",".join([*told, *numbers, str(met), str(len(outcome.targets))]) + "\n"


def region_lines(run: Run, outcome: Outcome) -> str:
    """The rows of one run in `regions.csv`; none without a plan."""
    lines = []
    for region, money in outcome.allocated.items():
        told = [_told(money, MONEY), _told(money / outcome.budget if outcome.budget else None, RATIO)]
        for metric in METRICS:
            key = (metric, region)
            target = outcome.targets.get(key)
            short = None if target is None else outcome.shortfall(key)
            told += [_told(outcome.gained[key], _DECIMALS[metric]), _told(target, MONEY), _told(short, RATIO)]
        lines.append(f"{_quoted(run.name)},{region},{','.join(told)}\n")
    return "".join(lines)


def _told(value: float | None, decimals: int) -> str:
    """A number with its decimals, never minus zero; nothing where there is none."""
    return "" if value is None else f"{round(value, decimals) + 0.0:.{decimals}f}"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n\r') else text


