"""A sweep: many runs, streamed to disk batch by batch.

    <folder>/sweep.json      what was asked, by which a later `--resume` sees that it is the same
    <folder>/parts/          the files of each finished batch; gone when all is done
    <folder>/runs.csv        one row a run
    <folder>/regions.csv     one row a run and region
    <folder>/*.parquet       the same, where pyarrow is installed

A batch is written to a temporary name and renamed: a killed sweep loses what was under way and nothing else. Which
worker does a batch, and when, changes no byte.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from regionopt.case.case import Case
from regionopt.common.errors import InputError, LimitError, Problem, refuse
from regionopt.common.instance import STAGES
from regionopt.common.quantity import check_seconds
from regionopt.sweep.begun import alone, begin, ready
from regionopt.sweep.outcomes import steps_of
from regionopt.sweep.parts import clear, keep, kept, put_together
from regionopt.sweep.runs import Order
from regionopt.sweep.settle import linear
from regionopt.sweep.slips import slips
from regionopt.sweep.work import Job, Part

# From so many runs on a slip is likelier than a wish.
MANY = 1_000_000
# Runs in a batch: few enough that one is soon done, many enough that neighbours help each other.
MOST, LEAST, NUMBERS = 1000, 20, 4_000_000
Numbers = Callable[[Job, Iterable[int]], Iterator[tuple[int, Part]]]


@dataclass(frozen=True)
class Counted:
    """How many runs had each status, how many were settled which way, and the folder."""

    statuses: Mapping[str, int]
    ways: Mapping[str, int]
    folder: Path
    tables: tuple[str, ...]


def job_of(case: Case, order: Order, limit: float | None = None) -> Job:
    """The job of a sweep, with batches small enough for the size of the case. Raises InputError where the runs
    change what the case has no place for, or where the time limit is none."""
    check_seconds(limit)
    first = order.some(0, 1)[0]
    case.resolved  # noqa: B018  a broken case is told before any of its runs
    tried = case.patched(*first.patches)
    refuse(slips(case, order.examples()))
    try:
        instance = tried.instance
    except InputError:
        instance = case.instance
    size = len(instance.tranches) * (len(instance.stages) + 3 * len(instance.regions) + len(instance.targets) + 4)
    room = MOST if linear(instance) else LEAST
    varied = any(item.path == "objective.stages" for item in order.examples())
    stages = steps_of(STAGES if varied else case.instance.stages, case.instance)
    return Job(case, order, max(LEAST, min(room, NUMBERS // max(1, size))), stages, limit)


def check(job: Job, folder: Path, yes: bool, resume: bool = False) -> None:
    """Raises InputError for more runs than anyone means without `--yes`, LimitError where the disk has no room."""
    count = job.order.count
    if count >= MANY and not yes:
        raise InputError([Problem("many_runs", job.kind, f"{count:,}")])
    there = next(path for path in (folder, *folder.resolve().parents) if path.exists())
    needed, free = _needed(job, folder, resume), shutil.disk_usage(there).free
    if needed > free:
        facts = {"needed": _size(needed), "free": _size(free)}
        raise LimitError([Problem("disk_too_small", str(folder), f"{count:,}", facts)])


def _needed(job: Job, folder: Path, resume: bool) -> int:
    """Bytes: the parts that are missing, then all of it once more while it is put together."""
    if resume and (folder / job.last).exists():
        return 0
    done = sum(len(job.batch(number)) for number in kept(job, folder)) if resume else 0
    return (2 * job.order.count - done) * job.bytes_a_run


def _size(count: float) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"


def sweep(
    job: Job,
    folder: Path,
    through: Numbers,
    resume: bool = False,
    tell: Callable[[int, int], None] = lambda *_: None,
    then: Callable[[Path], None] = lambda _: None,
) -> Counted:
    """Do what is missing and put the tables together. `through` does batches; `tell` hears how many runs are done,
    of how many; `then` works on the folder while the parts of all batches are still there.

    Raises InputError where there is nothing to resume, or something else; where finished batches would be lost; where
    another sweep is at work."""
    with alone(folder):
        begun = ready(job, folder, resume)
        if not begun or not (folder / job.last).exists():
            _batches(job, folder, through, begun, tell)
            put_together(job, folder)
            then(folder)
        clear(folder)
        told = json.loads((folder / "counts.json").read_bytes())
        tables = tuple(path.name for path in sorted(folder.iterdir()) if path.suffix in (".csv", ".parquet"))
    return Counted(told["statuses"], told["checked"], folder, tables)


def _batches(job: Job, folder: Path, through: Numbers, begun: bool, tell: Callable[[int, int], None]) -> None:
    """Do the batches that are missing; the first one of a sweep that is new here begins it."""
    done = kept(job, folder) if begun else set[int]()
    finished = sum(len(job.batch(number)) for number in done)
    tell(finished, job.order.count)
    for number, part in through(job, (number for number in range(job.batches) if number not in done)):
        if not begun:
            begin(job, folder)
            begun = True
        keep(folder, number, part)
        finished += len(job.batch(number))
        tell(finished, job.order.count)
