"""Charts of a sweep, drawn from what its tables say, in both languages.

Inputs beside the one on the axis, with few values, make a series each. Runs without a plan are crosses on the axis.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from regionopt.case.case import Case
from regionopt.case.limits import of_path
from regionopt.charts import Axis, Dots, Figure, Line, Plot, svg
from regionopt.common.instance import METRICS, STAGES
from regionopt.common.texts import Language, text
from regionopt.result.files import write_files
from regionopt.sweep.names import Asked
from regionopt.sweep.points import Points, points_of
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


def write_pictures(job: Job, folder: Path, charts: Sequence[Asked]) -> list[str]:
    """Draw the charts of a sweep that is done, in both languages; returns their names. Raises LimitError."""
    written = []
    for chart in charts:
        read = points_of(job, folder, chart)
        files = {f"{chart.name}.{lang}.svg": _picture(job, chart, read, lang).encode() for lang in LANGUAGES}
        write_files(folder / "charts", files)
        written += [f"charts/{name}" for name in files]
    return written


def _picture(job: Job, chart: Asked, read: Points, language: Language) -> str:
    x, y = _over(job.case, chart, read, language), _output(job.case, chart, read, language)
    marks = [*_drawn(job.case, chart, read, x, y, language), *_crosses(read, x, language)]
    plot = Plot(
        Axis(x.title, percent=x.percent, names=tuple(read.places)), Axis(y.title, percent=y.percent), tuple(marks)
    )
    title = text("chart.sweep", language, output=y.title, input=x.title)
    told = text("chart.runs", language, count=f"{job.order.count:,}", without=f"{len(read.without):,}")
    return svg(Figure("sweep", title, told, (plot,), told, language))


def _over(case: Case, chart: Asked, read: Points, language: Language) -> Shown:
    limit = of_path(chart.over)
    if limit is None or read.places:
        return Shown(chart.over)
    ends = [end for xs, _ in read.series.values() for end in (min(xs), max(xs))]
    kind = {"percent": "ratio"}.get(counted(limit), counted(limit))
    return shown(named(case, limit, language), kind, case.resolved.context.currency, ends, language)


def _output(case: Case, chart: Asked, read: Points, language: Language) -> Shown:
    currency = case.resolved.context.currency
    values = [end for _, ys in read.series.values() for end in (min(ys), max(ys))]
    if chart.table == "runs" and chart.column.partition("[")[0] in STAGES:
        return stage_shown(chart.column, currency, values, language)
    by_region = chart.table == "regions" and chart.column == "budget"
    name = text("chart.money" if by_region else f"chart.{chart.column}", language)
    if chart.region:
        region = display_names(case, language)[chart.region, ""]
        name = text("chart.of", language, name=name, region=region)
    return shown(name, KINDS.get(chart.column, ""), currency, values, language)


def _drawn(case: Case, chart: Asked, read: Points, x: Shown, y: Shown, language: Language) -> Iterator[Line | Dots]:
    """A line for each series where every input has one run, dots elsewhere."""
    names = display_names(case, language)
    by_region = chart.table == "regions" and not chart.region
    if len(read.series) > SERIES and not by_region:
        every = [point for xs, ys in read.series.values() for point in zip(xs, ys, strict=True)]
        yield Dots([(a * x.scale, b * y.scale) for a, b in every])
        return
    for series, (xs, ys) in read.series.items():
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


def _crosses(read: Points, x: Shown, language: Language) -> Iterator[Dots]:
    if read.without:
        yield Dots(
            [(at * x.scale, float("-inf")) for at in read.without], text("chart.no_plan", language), cross=True
        )
