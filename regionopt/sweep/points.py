"""The points of a chart, read from the tables of a sweep in the order of its runs."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from regionopt.result.files import told_of
from regionopt.sweep.names import Asked
from regionopt.sweep.work import Job

Series = tuple[str, ...]


@dataclass
class Points:
    """Points by series, and where runs had no plan. `places` are inputs that are no numbers, in their order."""

    series: dict[Series, tuple[array[float], array[float]]] = field(default_factory=dict)
    without: array[float] = field(default_factory=lambda: array("d"))
    places: dict[str, int] = field(default_factory=dict)


def points_of(job: Job, folder: Path, chart: Asked) -> Points:
    """The points of a chart, in the order of the runs."""
    found = Points()
    by_run = groupby(_rows(folder / "regions.csv") if chart.table == "regions" else (), key=itemgetter("run"))
    for row in _rows(folder / "runs.csv"):
        inputs = _inputs(job, row)
        x = _place(found, inputs.get(chart.over, ""))
        series = tuple(f"{path} {value}" for path, value in inputs.items() if path != chart.over)
        if not row["spent"]:
            found.without.append(x)
            continue
        # Both tables are in the order of the runs.
        for own in [row] if chart.table == "runs" else next(by_run)[1]:
            if not chart.region or own["region"] == chart.region:
                every = chart.table == "regions" and not chart.region
                _put(found, (own["region"],) if every else series, x, own[chart.column])
    return found


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with told_of(path), path.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def _inputs(job: Job, row: Mapping[str, str]) -> dict[str, str]:
    """The inputs of a run by path: columns, or what a list says in one."""
    if job.order.columns != ("changes",):
        return {path: row[path] for path in job.order.columns}
    changes = (change.split(" ", 2) for change in row["changes"].split("; "))
    return {path: {"a": "+", "s": "×"}.get(mod, "") + value.lstrip("+") for path, mod, value in changes}


def _place(found: Points, value: str) -> float:
    """Where an input stands on the axis: its number, or its turn among texts."""
    try:
        return float(value.strip("x×"))
    except ValueError:
        return float(found.places.setdefault(value, len(found.places)))


def _put(found: Points, series: Series, x: float, y: str) -> None:
    if y:
        xs, ys = found.series.setdefault(series, (array("d"), array("d")))
        xs.append(x)
        ys.append(float(y))
