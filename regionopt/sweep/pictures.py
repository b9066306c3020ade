"""Charts of a sweep: any output against any input, read from its tables.

    worst_shortfall                 a column of runs.csv, against the first input
    spent:regions.east.floor_share  against another input
    regions.budget                  a column of regions.csv, a series for each region
    regions.east.jobs_shortfall     of one region

Other inputs with few values make a series each. Runs without a plan are crosses on the axis.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from regionopt.case.case import Case
from regionopt.case.limits import of_path
from regionopt.charts import Axis, Dots, Figure, Line, Plot, svg
from regionopt.common.errors import Problem, nearest, refuse
from regionopt.common.instance import METRICS, STAGES
from regionopt.common.texts import Language, text
from regionopt.result.files import folder_name, told_of, write_files
from regionopt.sweep.rows import REGION_COLUMNS, TOTALS
from regionopt.sweep.work import Job
from regionopt.telling.display import display_names
from regionopt.telling.limits import counted, named
from regionopt.telling.shown import Shown, shown, stage_shown

LANGUAGES: tuple[Language, ...] = ("zh-TW", "en")
# So many series are told apart; with more, all runs are dots alike.
SERIES = 6
KINDS = {
    "budget": "money", "spent": "money", "unspent": "money", "output": "yearly", "output_target": "yearly",
    "national_output": "yearly", "jobs": "jobs", "jobs_target": "jobs", "national_jobs": "jobs", "share": "ratio",
    **{f"{metric}_shortfall": "ratio" for metric in METRICS},
}  # fmt: skip
Series = tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """A chart: a column of a table (`region` is one of its regions, all where it is empty), and an input."""

    table: str
    column: str
    region: str
    over: str

    @property
    def name(self) -> str:
        """The name of its file."""
        parts = ([] if self.table == "runs" else ["regions"], [self.region] if self.region else [], [self.column])
        return folder_name(".".join(part for group in parts for part in group) + f"~{self.over}")


def charts_of(job: Job, charts: Sequence[str]) -> list[Asked]:
    """What each `OUTPUT:INPUT` means. Raises InputError for outputs and inputs that the sweep has not."""
    known, inputs = _outputs(job), inputs_of(job)
    found, problems = [], list[Problem]()
    for chart in charts:
        output, _, over = (part.strip() for part in chart.partition(":"))
        over = over or inputs[0]
        if over not in inputs:
            problems.append(Problem("chart_input", "--chart", over, {"known": ", ".join(inputs)}))
        elif output not in known:
            problems.append(Problem("chart_output", "--chart", output, {"nearest": nearest(output, known)}))
        else:
            found.append(replace(known[output], over=over))
    refuse(problems)
    return found


def _outputs(job: Job) -> dict[str, Asked]:
    """Every number that can be drawn, by the name that asks for it."""
    regions = job.case.instance.regions
    names = {name: Asked("runs", name, "", "") for name in numbers_of(job)}
    for column in REGION_COLUMNS[2:]:
        names[f"regions.{column}"] = Asked("regions", column, "", "")
        names |= {f"regions.{region}.{column}": Asked("regions", column, region, "") for region in regions}
    return names


def inputs_of(job: Job) -> tuple[str, ...]:
    """The inputs by their paths: those of a list are all that its runs change."""
    return tuple(dict.fromkeys(item.path for item in job.order.examples()))


def numbers_of(job: Job) -> tuple[str, ...]:
    """The columns of `runs.csv` that are numbers."""
    return (*job.stages, "budget", "spent", "unspent", *TOTALS, "targets_met")


@dataclass
class _Read:
    """Points by series, and where runs had no plan. `places` are inputs that are no numbers, in their order."""

    points: dict[Series, tuple[array[float], array[float]]] = field(default_factory=dict)
    without: array[float] = field(default_factory=lambda: array("d"))
    places: dict[str, int] = field(default_factory=dict)


def write_pictures(job: Job, folder: Path, charts: Sequence[Asked]) -> list[str]:
    """Draw the charts of a sweep that is done, in both languages; returns their names. Raises LimitError."""
    written = []
    for chart in charts:
        read = _read(job, folder, chart)
        files = {f"{chart.name}.{lang}.svg": _picture(job, chart, read, lang).encode() for lang in LANGUAGES}
        write_files(folder / "charts", files)
        written += [f"charts/{name}" for name in files]
    return written


def _read(job: Job, folder: Path, chart: Asked) -> _Read:
    """The points of a chart, in the order of the runs."""
    found = _Read()
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


def _place(found: _Read, value: str) -> float:
    """Where an input stands on the axis: its number, or its turn among texts."""
    try:
        return float(value.strip("x×"))
    except ValueError:
        return float(found.places.setdefault(value, len(found.places)))


def _put(found: _Read, series: Series, x: float, y: str) -> None:
    if y:
        xs, ys = found.points.setdefault(series, (array("d"), array("d")))
        xs.append(x)
        ys.append(float(y))


def _picture(job: Job, chart: Asked, read: _Read, language: Language) -> str:
    x, y = _over(job.case, chart, read, language), _output(job.case, chart, read, language)
    marks = [*_drawn(job.case, chart, read, x, y, language), *_crosses(read, x, language)]
    plot = Plot(
        Axis(x.title, percent=x.percent, names=tuple(read.places)), Axis(y.title, percent=y.percent), tuple(marks)
    )
    title = text("chart.sweep", language, output=y.title, input=x.title)
    told = text("chart.runs", language, count=f"{job.order.count:,}", without=f"{len(read.without):,}")
    return svg(Figure("sweep", title, told, (plot,), told, language))


def _over(case: Case, chart: Asked, read: _Read, language: Language) -> Shown:
    limit = of_path(chart.over)
    if limit is None or read.places:
        return Shown(chart.over)
    ends = [end for xs, _ in read.points.values() for end in (min(xs), max(xs))]
    kind = {"percent": "ratio"}.get(counted(limit), counted(limit))
    return shown(named(case, limit, language), kind, case.resolved.context.currency, ends, language)


def _output(case: Case, chart: Asked, read: _Read, language: Language) -> Shown:
    currency = case.resolved.context.currency
    values = [end for _, ys in read.points.values() for end in (min(ys), max(ys))]
    if chart.table == "runs" and chart.column.partition("[")[0] in STAGES:
        return stage_shown(chart.column, currency, values, language)
    by_region = chart.table == "regions" and chart.column == "budget"
    name = text("chart.money" if by_region else f"chart.{chart.column}", language)
    if chart.region:
        region = display_names(case, language)[chart.region, ""]
        name = text("chart.of", language, name=name, region=region)
    return shown(name, KINDS.get(chart.column, ""), currency, values, language)


def _drawn(case: Case, chart: Asked, read: _Read, x: Shown, y: Shown, language: Language) -> Iterator[Line | Dots]:
    """A line for each series where every input has one run, dots elsewhere."""
    names = display_names(case, language)
    by_region = chart.table == "regions" and not chart.region
    if len(read.points) > SERIES and not by_region:
        every = [point for xs, ys in read.points.values() for point in zip(xs, ys, strict=True)]
        yield Dots([(a * x.scale, b * y.scale) for a, b in every])
        return
    for series, (xs, ys) in read.points.items():
        label = (
            names[series[0], ""]
            if by_region
            else text("sentence.then", language).join(_said(case, part, language) for part in series)
        )
        points = [(a * x.scale, b * y.scale) for a, b in sorted(zip(xs, ys, strict=True))]
        alone = len(set(xs)) == len(xs)
        yield Line(points, label, dots=len(points) <= 200) if alone else Dots(points, label)


def _said(case: Case, setting: str, language: Language) -> str:
    """`path value` with what a number is called."""
    path, _, value = setting.partition(" ")
    limit = of_path(path)
    return f"{path if limit is None else named(case, limit, language)} {value}"


def _crosses(read: _Read, x: Shown, language: Language) -> Iterator[Dots]:
    if read.without:
        yield Dots(
            [(at * x.scale, float("-inf")) for at in read.without], text("chart.no_plan", language), cross=True
        )
