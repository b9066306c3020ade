"""The pictures of a report as SVG: maps by `static`, charts by `charts`, both from the numbers of the report."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from regionopt.case.schema import GeometrySection
from regionopt.charts import Axis, BarChart, Line, Plot, Range, RangeChart, Series, svg
from regionopt.charts import Figure as Drawn
from regionopt.maps.slide import Slide
from regionopt.report.model import Cell, Chart, Figure, Lines, Map, Number, Part, Table, cell_text
from regionopt.report.written import Written

if TYPE_CHECKING:
    from regionopt.maps.drawing import Drawing
    from regionopt.static.ground import Ground

# Pixels of a chart: text that is still read where a phone shows it half as wide.
WIDE = 600

Draw = Callable[[Figure, Part], str | None]


def drawable(found: Written) -> bool:
    """Whether the boundaries of the regions are at hand."""
    result = found.result
    own = result.provenance.geometry != "built-in"
    return result.status.has_plan and any(r.counties for r in result.regions) and (not own or found.case is not None)


def pictures(found: Written, folder: Path) -> Draw:
    """What draws the figures of a report, each once and when asked for; `folder` is that of the case."""

    @cache
    def drawing() -> Drawing:
        return _drawing(found, folder)

    @cache
    def ground(small: bool) -> Ground:
        return _ground(drawing(), small)

    @cache
    def slide() -> Slide | None:
        return None if found.curve is None else Slide(found.curve, found.result)

    @cache
    def draw(figure: Figure, part: Part) -> str | None:
        match figure.drawing:
            case Map(metric, region):
                from regionopt.static.plan_map import map_svg

                return map_svg(found.result, ground(bool(region)), metric, part.language, region or None, slide())
            case Chart() as chart:
                return _chart(figure, chart, part)
            case Lines() as lines:
                return _lines(figure, lines, part)

    return draw


def _drawing(found: Written, folder: Path) -> Drawing:
    from regionopt.maps.boundaries import boundaries_of
    from regionopt.maps.drawing import drawing_of

    boundaries = boundaries_of(found.case.document.geometry if found.case else GeometrySection(), folder)
    return drawing_of(boundaries, {region.id: region.counties for region in found.result.regions})


def _ground(drawing: Drawing, small: bool) -> Ground:
    """Of a map that stands alone, or of a small one that stands beside words about a region."""
    from regionopt.static.ground import FRAME, SMALL, ground_of

    return ground_of(drawing, SMALL if small else FRAME)


def _lines(figure: Figure, lines: Lines, part: Part) -> str:
    marks = [
        Line([(point[0], point[k]) for point in lines.points], name, dots=lines.bends)
        for k, name in enumerate(lines.names, start=1)
    ]
    plot = Plot(Axis(lines.x, percent=lines.parts), Axis(lines.y, zero=True, percent=True), tuple(marks))
    return _drawn(figure, plot, part)


def _drawn(figure: Figure, panel: BarChart | RangeChart | Plot, part: Part) -> str:
    return svg(Drawn(f"ro-{figure.id}-svg", figure.caption, figure.alt, (panel,), "", part.language, WIDE))


def _chart(figure: Figure, chart: Chart, part: Part) -> str | None:
    table = part.table(chart.table)
    rows = table.rows[:-1] if table.total else table.rows
    names = tuple(cell_text(row[chart.label]) for row in rows)
    values = tuple(tuple(_shown(row[column]) for row in rows) for column in chart.series)
    axis = Axis(_axis(table, chart), percent=table.columns[chart.series[0]].unit == "%")
    heads = [table.columns[column].heading if len(values) > 1 else "" for column in chart.series]
    step = _step(table, chart)
    panel: BarChart | RangeChart
    if chart.kind == "ranges":
        ranges = tuple(Range(*ends) for ends in zip(*values, strict=True))
        panel = RangeChart(names, ranges, axis, f"{heads[0]} – {heads[1]}", heads[2], step)
    else:
        panel = BarChart(names, tuple(map(Series, values, heads)), axis, step)
    return _drawn(figure, panel, part)


def _shown(cell: Cell) -> float | None:
    """A number as its column shows it; the chart writes percent signs itself."""
    return None if not isinstance(cell, Number) else cell.value if cell.unit.percent else cell.shown


def _axis(table: Table, chart: Chart) -> str:
    """What is measured: the unit alone where a chart has several columns, which the legend names."""
    column = table.columns[chart.series[0]]
    if len(chart.series) > 1 and column.unit:
        return column.unit
    return column.heading if column.unit in ("", "%") else f"{column.heading} ({column.unit})"


def _step(table: Table, chart: Chart) -> float:
    """The last decimal that the column shows."""
    cells = [cell for row in table.rows for cell in (row[chart.series[0]],) if isinstance(cell, Number)]
    decimals = max((cell.decimals + 2 * cell.unit.percent for cell in cells), default=0)
    return float(10**-decimals)
