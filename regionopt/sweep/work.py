"""Batches of runs and who does them: the same rows wherever it is done."""

from __future__ import annotations

import pickle
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from regionopt.case.case import Case
from regionopt.case.patches import Patch
from regionopt.sweep.effects import Frame, frame, reads
from regionopt.sweep.outcomes import Settled
from regionopt.sweep.rows import REGION_COLUMNS, lines_of, run_columns
from regionopt.sweep.runs import Order, Run, Signature
from regionopt.sweep.settle import alone, framed, linear, read_and_settled

# Bytes of a row in each table.
ROW = 160
# Frames that a worker keeps: cases with lists and names among their settings have one for each.
KEPT = 16


@dataclass(frozen=True)
class Job:
    """What all batches share: the case, its runs, how many go into a batch, the stages that have columns, a time
    limit in seconds for each run with whole numbers.

    `kind` names what is done and the file that says what was asked; a job of another kind writes more of each run.
    """

    case: Case
    order: Order
    size: int
    stages: tuple[str, ...]
    limit: float | None = None
    kind: ClassVar[str] = "sweep"

    @property
    def batches(self) -> int:
        """How many batches."""
        return -(-self.order.count // self.size)

    def batch(self, number: int) -> range:
        """The runs of a batch."""
        return range(number * self.size, min((number + 1) * self.size, self.order.count))

    @property
    def tables(self) -> Mapping[str, tuple[str, ...]]:
        """The columns of the tables that are written, by the table's name."""
        return {"regions": REGION_COLUMNS, "runs": tuple(run_columns(self.order.columns, self.stages))}

    @property
    def texts(self) -> tuple[str, ...]:
        """The columns that hold texts."""
        return ("run", "region", "status", "checked", "reason", *self.order.columns)

    @property
    def last(self) -> str:
        """The file that is written last: where it stands, all is done."""
        return "runs.csv"

    @property
    def leaves(self) -> tuple[str, ...]:
        """What it leaves in its folder, beside what was asked."""
        return (self.last, *(f"{table}{end}" for table in self.tables for end in (".csv", ".parquet")))

    @property
    def bytes_a_run(self) -> int:
        """About what a run takes on the disk, once."""
        return ROW * (1 + len(self.case.instance.regions))

    def worker(self) -> Worker:
        """Who does its batches."""
        return Worker(self)

    def told(self) -> Mapping[str, object]:
        """What else makes two jobs the same, as JSON can hold it."""
        return {}


@dataclass(frozen=True)
class Part:
    """What a batch gives: a file for each table, its rows as CSV without a header, and files beside them; how many
    runs have each status, each way and each reason, of these with the number of the first."""

    files: Mapping[str, bytes]
    statuses: Mapping[str, int]
    ways: Mapping[str, int]
    reasons: Mapping[str, tuple[int, int]]


@dataclass
class Worker:
    """Does batches of one job. Frames are kept from batch to batch, and may come from another worker of the same job:
    they do not change what a batch gives."""

    job: Job
    frames: dict[Signature, Frame | None] = field(default_factory=dict)

    def prepare(self, number: int) -> None:
        """Make the frame that a batch begins with: mostly the only one."""
        start = self.job.batch(number).start
        if linear(self.job.case.instance):
            (run,) = self.job.order.some(start, start + 1)
            self._frame(run.signature, run)

    def packed(self) -> bytes:
        """The frames, small: while a process is busy its batches wait in a pipe, and a full pipe would block."""
        return zlib.compress(pickle.dumps(self.frames))

    def learn(self, packed: bytes) -> None:
        """Take over the frames of another worker."""
        self.frames = pickle.loads(zlib.decompress(packed))

    def part(self, number: int) -> Part:
        """One batch as rows."""
        batch = self.job.batch(number)
        runs = self.job.order.some(batch.start, batch.stop)
        statuses, ways, reasons = Counter[str](), Counter[str](), dict[str, tuple[int, int]]()
        files: dict[str, list[str | bytes]] = {}
        for places, found in self.outcomes(runs):
            statuses.update(found.statuses)
            ways.update(filter(None, found.ways))
            for k, reason in zip(places, found.reasons, strict=True):
                if reason:
                    count_in(reasons, reason, 1, batch.start + k)
            for name, told in self.written([runs[k] for k in places], found).items():
                into = files.setdefault(name, [""] * len(runs))
                for k, line in zip(places, told, strict=True):
                    into[k] = line
        return Part({name: _joined(lines) for name, lines in files.items()}, statuses, ways, reasons)

    def written(self, runs: Sequence[Run], found: Settled) -> Mapping[str, Sequence[str | bytes]]:
        """What is written of each run, by file."""
        lines = lines_of(runs, found, self.job.stages)
        return {"runs": [line for line, _ in lines], "regions": [lines for _, lines in lines]}

    def outcomes(self, runs: Sequence[Run]) -> list[tuple[list[int], Settled]]:
        """The outcomes of runs: those that are told alike together, with their places."""
        alike: dict[Signature, list[int]] = {}
        for k, run in enumerate(runs):
            alike.setdefault(run.signature, []).append(k)
        found = []
        for signature, places in alike.items():
            for own, settled in self._together(signature, [runs[k] for k in places]):
                found.append(([places[k] for k in own], settled))
        return found

    def _together(self, signature: Signature, runs: Sequence[Run]) -> list[tuple[list[int], Settled]]:
        case, patches = self.job.case, _Changes(runs)
        every = list(range(len(runs)))
        if not linear(case.instance):
            return [(every, alone(case, patches, self.job.limit))]
        known = self._frame(signature, runs[0])
        if known is None:
            return read_and_settled(case, patches)
        values = np.array([run.values() for run in runs])
        within = known.covers(values)
        found = []
        for places in (np.flatnonzero(within), np.flatnonzero(~within)):
            own = _Changes([runs[k] for k in places.tolist()])
            if len(places) and within[places[0]]:
                found.append((places.tolist(), framed(case, known, values[places], own)))
            elif len(places):
                found += [([int(places[k]) for k in part], one) for part, one in read_and_settled(case, own)]
        return found

    def _frame(self, signature: Signature, run: Run) -> Frame | None:
        if signature not in self.frames:
            template, keys, _ = run.template()
            slots = [self.job.order.slots[key] for key in keys]
            worth = keys and len(set(keys)) == len(keys) and self.job.order.alike(signature) > reads(slots)
            if len(self.frames) >= KEPT:
                self.frames.clear()
            self.frames[signature] = frame(self.job.case, template, slots) if worth else None
        return self.frames[signature]


class _Changes(Sequence[tuple[Patch, ...]]):
    """The changes of runs, each made when it is asked for: few are, where the fast way is clear."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self._runs = runs

    def __len__(self) -> int:
        return len(self._runs)

    def __getitem__(self, k: Any) -> Any:
        return self._runs[k].patches


def count_in(reasons: dict[str, tuple[int, int]], code: str, count: int, first: int) -> None:
    """Count so many more runs of a reason, the first of which has this number."""
    known, before = reasons.get(code, (0, first))
    reasons[code] = known + count, min(before, first)


def _joined(lines: Sequence[str | bytes]) -> bytes:
    return b"".join(line.encode() if isinstance(line, str) else line for line in lines)
