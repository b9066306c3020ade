"""Charts of Excel's own, on cells that stand in the same sheet below row `HEAD`."""

from __future__ import annotations

from typing import Any

from regionopt.report.model import Chart, Figure, Lines, Table

HEAD = 2
"""The row with the headings, counted from 0; the first row of numbers is the next."""


def bars(book: Any, sheet: str, table: Table, figure: Figure) -> Any:
    """A chart of Excel's own on the cells of the table; a total is no bar."""
    drawing = figure.drawing
    assert isinstance(drawing, Chart)
    chart = book.add_chart({"type": "bar"})
    first, last = HEAD + 1, HEAD + len(table.rows) - (1 if table.total else 0)
    for column in drawing.series:
        chart.add_series(
            {
                "name": [sheet, HEAD, column],
                "categories": [sheet, first, drawing.label, last, drawing.label],
                "values": [sheet, first, column, last, column],
            }
        )
    chart.set_title({"name": figure.caption[:255], "name_font": {"size": 12}})
    chart.set_y_axis({"reverse": True})
    if len(drawing.series) == 1:
        chart.set_legend({"none": True})
    chart.set_size({"width": 620, "height": 120 + 44 * len(table.rows)})
    return chart


def curves(book: Any, sheet: str, figure: Figure, lines: Lines) -> Any:
    """Lines through points that stand in rows: the number of the case first, then a column a line."""
    chart = book.add_chart({"type": "scatter", "subtype": "straight_with_markers" if lines.bends else "straight"})
    first, last = HEAD + 1, HEAD + len(lines.points)
    for column in range(1, len(lines.names) + 1):
        chart.add_series(
            {
                "name": [sheet, HEAD, column],
                "categories": [sheet, first, 0, last, 0],
                "values": [sheet, first, column, last, column],
            }
        )
    chart.set_title({"name": figure.caption[:255], "name_font": {"size": 12}})
    chart.set_x_axis({"name": lines.x[:255], "label_position": "low", "min": min(point[0] for point in lines.points)})
    chart.set_y_axis({"name": lines.y[:255]})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 620, "height": 360})
    return chart
