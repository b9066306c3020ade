"""Charts as SVG from plain numbers and strings: lines, steps, dots, bands and bars, with axes and a legend.

    figure = Figure("worst", "Worst shortfall", "Falls from 80 % to 0.", (Plot(x, y, (Line(points),)),))
    svg(figure)

Nothing here knows the product: whoever draws says every word, in one language. Text goes through an XML writer, so
that a name can say what it likes; colours and dashes are the module's own, so that no text becomes an attribute.
"""

from regionopt.charts.axes import Axis
from regionopt.charts.bars import BarChart, Series
from regionopt.charts.figure import Figure, svg
from regionopt.charts.marks import Band, Dots, Line, Rule
from regionopt.charts.plot import Plot
from regionopt.charts.ranges import Range, RangeChart

__all__ = [
    "Axis",
    "Band",
    "BarChart",
    "Dots",
    "Figure",
    "Line",
    "Plot",
    "Range",
    "RangeChart",
    "Rule",
    "Series",
    "svg",
]
