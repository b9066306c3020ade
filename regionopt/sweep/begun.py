"""A folder that a sweep works in: what was asked there, by which a later `--resume` sees that it is the same.

Nothing that is finished there is lost without a word, and one sweep works there at a time.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from regionopt.common.errors import InputError, Problem
from regionopt.common.jsontext import to_json
from regionopt.result.files import told_of, write_file
from regionopt.sweep.parts import clear, unfinished
from regionopt.sweep.work import Job


def asked(job: Job) -> dict[str, Any]:
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


def ready(job: Job, folder: Path, resume: bool) -> bool:
    """Whether the folder holds this very sweep, begun or finished. What an older one left stands until the first
    batch of the new one is there (`begin`).

    Raises InputError where there is nothing to resume or something else, or where finished batches would be lost."""
    begun = folder / f"{job.kind}.json"
    if resume:
        _refuse_other(begun, asked(job))
        return True
    if unfinished(folder):
        raise InputError([Problem("sweep_unfinished", str(folder))])
    if begun.exists():
        return False
    begin(job, folder)
    return True


def begin(job: Job, folder: Path) -> None:
    """Take away what an older sweep left, and say what is asked now."""
    clear(folder)
    for name in job.leaves:
        if (folder / name).is_dir():
            shutil.rmtree(folder / name)
        else:
            (folder / name).unlink(missing_ok=True)
    write_file(folder / f"{job.kind}.json", to_json(asked(job)))


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let nobody else work in a folder. The system lets it go however this process ends.

    Raises InputError while somebody does."""
    place = folder / ".lock"
    with told_of(place):
        folder.mkdir(parents=True, exist_ok=True)
        file = place.open("w")
    with file:
        try:
            _lock(file)
        except OSError:
            raise InputError([Problem("folder_busy", str(folder))]) from None
        try:
            yield
        finally:
            place.unlink(missing_ok=True)


def _lock(file: IO[str]) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _refuse_other(begun: Path, now: Mapping[str, Any]) -> None:
    if not begun.exists():
        raise InputError([Problem("nothing_to_resume", str(begun.parent))])
    try:
        before = json.loads(begun.read_bytes())
    except ValueError as error:
        raise InputError([Problem("not_a_sweep", str(begun), error)]) from None
    now = json.loads(json.dumps(now))
    other = [key for key in now if not isinstance(before, dict) or before.get(key) != now[key]]
    if other:
        raise InputError([Problem("resume_changed", str(begun), ", ".join(other))])
