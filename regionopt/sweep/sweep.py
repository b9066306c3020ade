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
from importlib.metadata import version
from pathlib import Path
from typing import Any

from regionopt.case.case import Case
from regionopt.common.errors import InputError, LimitError, Problem, refuse
from regionopt.common.instance import STAGES
from regionopt.common.jsontext import to_json
from regionopt.result.files import write_file
from regionopt.sweep.outcomes import layout_of
from regionopt.sweep.parts import clear, keep, kept, put_together
from regionopt.sweep.runs import Order
from regionopt.sweep.settle import linear
from regionopt.sweep.slips import slips
from regionopt.sweep.work import Job, Part

# From so many runs on a slip is likelier than a wish.
MANY = 1_000_000
# Runs in a batch: few enough that one is soon done, many enough that neighbours help each other.
MOST, LEAST, NUMBERS = 1000, 20, 4_000_000
# How often all of it stands on the disk while it is put together.
TWICE = 2

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
    change what the case has no place for."""
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
    stages = STAGES if varied else layout_of(case.instance).stages
    return Job(case, order, max(LEAST, min(room, NUMBERS // max(1, size))), stages, limit)


def check(job: Job, folder: Path, yes: bool) -> None:
    """Raises InputError for more runs than anyone means without `--yes`, LimitError where the disk has no room."""
    count = job.order.count
    if count >= MANY and not yes:
        raise InputError([Problem("many_runs", job.kind, f"{count:,}")])
    needed = count * job.bytes_a_run * TWICE
    there = next(path for path in (folder, *folder.resolve().parents) if path.exists())
    free = shutil.disk_usage(there).free
    if needed > free:
        facts = {"needed": _size(needed), "free": _size(free)}
        raise LimitError([Problem("disk_too_small", str(folder), f"{count:,}", facts)])


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

    Raises InputError where there is nothing to resume, or something else."""
    asked = _asked(job)
    begun = folder / f"{job.kind}.json"
    if resume:
        _refuse_other(begun, asked)
    else:
        clear(folder)
        for old in (job.last, *(f"{table}{end}" for table in job.tables for end in (".csv", ".parquet"))):
            (folder / old).unlink(missing_ok=True)
        write_file(begun, to_json(asked))
    if not (folder / job.last).exists():
        done = kept(job, folder)
        finished = sum(len(job.batch(number)) for number in done)
        tell(finished, job.order.count)
        for number, part in through(job, (number for number in range(job.batches) if number not in done)):
            keep(folder, number, part)
            finished += len(job.batch(number))
            tell(finished, job.order.count)
        put_together(job, folder)
        then(folder)
    clear(folder)
    told = json.loads((folder / "counts.json").read_bytes())
    tables = tuple(path.name for path in sorted(folder.iterdir()) if path.suffix in (".csv", ".parquet"))
    return Counted(told["statuses"], told["checked"], folder, tables)


def _asked(job: Job) -> dict[str, Any]:
    """What makes two sweeps the same: the case with its changes, the runs, the program's version."""
    case = job.case
    return {
        "schema": f"regionopt.{job.kind}/1",
        "version": version("regionopt"),
        "case": case.document.case.id,
        "scenario": case.name,
        "inputs": case.inputs,
        "changes": [f"{p.by} {p.path} {p.how} {p.value}" for p in case.patches],
        "runs": job.order.count,
        "order": job.order.told(),
        "batch": job.size,
        "limit": job.limit,
        **job.told(),
    }


def _refuse_other(begun: Path, asked: Mapping[str, Any]) -> None:
    if not begun.exists():
        raise InputError([Problem("nothing_to_resume", str(begun.parent))])
    try:
        before = json.loads(begun.read_bytes())
    except ValueError as error:
        raise InputError([Problem("not_a_sweep", str(begun), error)]) from None
    now = json.loads(json.dumps(asked))
    other = [key for key in now if not isinstance(before, dict) or before.get(key) != now[key]]
    if other:
        raise InputError([Problem("resume_changed", str(begun), ", ".join(other))])
