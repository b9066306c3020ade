"""Charts of a sweep, drawn from what its tables say, in both languages.

Inputs beside the one on the axis, with few values, make a series each. Runs without a plan are crosses on the axis.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from regionopt.case.case import Case
from regionopt.charts import Axis, Dots, Figure, Line, Plot, svg
from regionopt.common.instance import METRICS, STAGES
from regionopt.common.texts import Language, text
from regionopt.result.files import write_files
from regionopt.sweep.names import Asked
from regionopt.sweep.points import Points, Series, points_of
from regionopt.sweep.said import input_shown, place_said, setting_said
from regionopt.sweep.work import Job
from regionopt.telling.display import display_names
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
    case = job.case
    x, y = input_shown(case, read.along, _ends(read), language), _output(case, chart, read, language)
    marks = [*_drawn(case, chart, read, x, y, language), *_crosses(read, x, language)]
    places = tuple(place_said(case, chart.over, value, language) for value in read.places)
    plot = Plot(Axis(x.title, percent=x.percent, names=places), Axis(y.title, percent=y.percent), tuple(marks))
    title = text("chart.sweep", language, output=y.title, input=x.title)
    told = _told(job.order.count, read, language)
    return svg(Figure("sweep", title, told, (plot,), told, language))


def _told(count: int, read: Points, language: Language) -> str:
    """How many runs there are, and why some have no point."""
    told = text("chart.runs", language, count=f"{count:,}", without=f"{len(read.without):,}")
    apart = text("chart.apart", language, count=f"{read.apart:,}") if read.apart else ""
    return f"{told} {apart}".rstrip()


def _ends(read: Points) -> list[float]:
    """The least and the largest value of the input."""
    ends = [end for xs, _ in read.series.values() for end in (min(xs), max(xs))]
    return [*ends, *_seen(read.without)]


def _seen(values: Iterable[float]) -> list[float]:
    return [value for value in values if math.isfinite(value)]


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
    """A line for each series where every number has one run, dots elsewhere."""
    names = display_names(case, language)
    by_region = chart.table == "regions" and not chart.region
    if len(read.series) > SERIES and not by_region:
        every = [point for xs, ys in read.series.values() for point in zip(xs, ys, strict=True)]
        yield Dots([(a * x.scale, b * y.scale) for a, b in every])
        return
    for series, (xs, ys) in read.series.items():
        label = names[series[0], ""] if by_region else _label(case, read, series, language)
        points = [(a * x.scale, b * y.scale) for a, b in sorted(zip(xs, ys, strict=True))]
        # Between two texts there is nothing that a line could show.
        alone = len(set(xs)) == len(xs) and not read.places
        yield Line(points, label, dots=len(points) <= 200) if alone else Dots(points, label)


def _label(case: Case, read: Points, series: Series, language: Language) -> str:
    """What the runs of a series change beside the input on the axis; nothing where all runs are one series."""
    if not series:
        return text("chart.nothing_else", language) if len(read.series) > 1 else ""
    return text("sentence.then", language).join(setting_said(case, read.settings[name], language) for name in series)


def _crosses(read: Points, x: Shown, language: Language) -> Iterator[Dots]:
    if at := _seen(read.without):
        yield Dots([(value * x.scale, float("-inf")) for value in at], text("chart.no_plan", language), cross=True)
