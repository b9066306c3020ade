"""The points of a chart, read from the tables of a sweep in the order of its runs."""

from __future__ import annotations

import csv
import math
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from regionopt.case.patches import Patch, written_as
from regionopt.result.files import told_of
from regionopt.sweep.along import Along, along
from regionopt.sweep.names import Asked
from regionopt.sweep.runs import Order, Run
from regionopt.sweep.work import Job

Series = tuple[str, ...]
# Runs that are read from a list at once.
PIECE = 1000


@dataclass
class Points:
    """Points by series, and where runs had no plan. `places` are inputs that are texts, in their order; `settings`
    what the names of series say; `apart` counts plans of which nothing is drawn."""

    along: Along
    series: dict[Series, tuple[array[float], array[float]]] = field(default_factory=dict)
    settings: dict[str, Patch] = field(default_factory=dict)
    without: array[float] = field(default_factory=lambda: array("d"))
    places: dict[str, int] = field(default_factory=dict)
    apart: int = 0


def points_of(job: Job, folder: Path, chart: Asked) -> Points:
    """The points of a chart, in the order of the runs."""
    found = Points(along(job.case, job.order, chart.over))
    by_run = groupby(_rows(folder / "regions.csv") if chart.table == "regions" else (), key=itemgetter("run"))
    for row, run in zip(_rows(folder / "runs.csv"), _runs(job.order), strict=True):
        x = _place(found, run)
        if not row["spent"]:
            found.without.append(x)
            continue
        # Both tables are in the order of the runs.
        lines = [row] if chart.table == "runs" else next(by_run)[1]
        found.apart += not sum([_put(found, chart, run, x, line) for line in lines])
    return found


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with told_of(path), path.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def _runs(order: Order) -> Iterator[Run]:
    for start in range(0, order.count, PIECE):
        yield from order.some(start, min(start + PIECE, order.count))


def _place(found: Points, run: Run) -> float:
    """Where a run stands on the axis: its number, or its turn among texts."""
    at = found.along.at(run.patches)
    return float(found.places.setdefault(at, len(found.places))) if isinstance(at, str) else at


def _put(found: Points, chart: Asked, run: Run, x: float, line: Mapping[str, str]) -> bool:
    """Whether a line of the table is asked for and has both numbers; then it is a point."""
    if chart.region not in ("", line.get("region")) or not line[chart.column] or math.isnan(x):
        return False
    xs, ys = found.series.setdefault(_series(found, chart, run, line), (array("d"), array("d")))
    xs.append(x)
    ys.append(float(line[chart.column]))
    return True


def _series(found: Points, chart: Asked, run: Run, line: Mapping[str, str]) -> Series:
    """The region where all are drawn, or else what the run changes beside the axis."""
    if chart.table == "regions" and not chart.region:
        return (line["region"],)
    beside = {written_as(item): item for item in run.patches if item.path != chart.over}
    found.settings |= beside
    return tuple(beside)
