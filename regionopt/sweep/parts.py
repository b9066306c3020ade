"""What a sweep leaves on the disk: a part for each finished batch, and the tables that are put together from them."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from regionopt.common.jsontext import to_json
from regionopt.result.files import told_of, write_file
from regionopt.sweep.rows import quoted
from regionopt.sweep.work import Job, Part, count_in


def part_file(folder: Path, number: int, kind: str) -> Path:
    """One file of a finished batch."""
    return folder / "parts" / f"{number:08d}.{kind}"


def keep(folder: Path, number: int, part: Part) -> None:
    """A finished batch on disk. `done` comes last: without it the batch is done again."""
    for name, content in part.files.items():
        write_file(part_file(folder, number, name), content)
    counts = {"statuses": part.statuses, "checked": part.ways, "reasons": part.reasons}
    write_file(part_file(folder, number, "done"), json.dumps(counts, sort_keys=True).encode())


def kept(job: Job, folder: Path) -> set[int]:
    """The batches that are finished."""
    return {number for number in range(job.batches) if part_file(folder, number, "done").exists()}


def unfinished(folder: Path) -> bool:
    """Whether batches were finished here, and their sweep was not."""
    return any((folder / "parts").glob("*.done"))


def put_together(job: Job, folder: Path) -> None:
    """The tables and the counts from their parts, in the order of the job."""
    _counts(job, folder)
    for table, header in job.tables.items():
        _table(job, folder, table, header)


def _counts(job: Job, folder: Path) -> None:
    """How many runs had each status, how many were settled which way, why runs were not, and the first of these."""
    counts: dict[str, Counter[str]] = {"statuses": Counter(), "checked": Counter()}
    reasons = dict[str, tuple[int, int]]()
    for number in range(job.batches):
        own = json.loads(part_file(folder, number, "done").read_bytes())
        for key, count in counts.items():
            count.update(own[key])
        for code, told in own["reasons"].items():
            count_in(reasons, code, *told)
    ordered = {key: dict(sorted(found.items())) for key, found in counts.items()}
    write_file(folder / "counts.json", to_json({**ordered, "reasons": dict(sorted(reasons.items()))}))


def _table(job: Job, folder: Path, table: str, header: Sequence[str]) -> None:
    fresh = folder / f".{table}.csv"
    with told_of(fresh), fresh.open("wb") as stream:
        stream.write(("\ufeff" + ",".join(map(quoted, header)) + "\n").encode())
        for number in range(job.batches):
            with part_file(folder, number, table).open("rb") as part:
                shutil.copyfileobj(part, stream)
    if find_spec("pyarrow") is not None:
        from regionopt.sweep.parquet import as_parquet

        as_parquet(fresh, folder / f"{table}.parquet", job.texts)
    fresh.replace(folder / f"{table}.csv")


def clear(folder: Path) -> None:
    """Take the parts away."""
    shutil.rmtree(folder / "parts", ignore_errors=True)
