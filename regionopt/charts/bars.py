"""Bars that lie: a name at the left, a bar for each series, its value at the end. Long names break into lines."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from regionopt.charts.axes import Axis, Scale, number, scale
from regionopt.charts.legend import Entry, legend
from regionopt.charts.lettering import lines, width
from regionopt.charts.paper import COLOURS, INK, LINE, SMALL, SOFT, element, label, straight

BAR, BETWEEN, BELOW, GAP = 14, 12, 44, 10
# Names take no more than this part of the width, and no more than so many pixels.
NAMES, MOST = 0.35, 200
# A tick for about so many pixels.
APART = 60


@dataclass(frozen=True)
class Series:
    """A value for each name, None where there is none."""

    values: tuple[float | None, ...]
    label: str = ""


@dataclass(frozen=True)
class BarChart:
    """Series side by side over the same names. Values are written to a `step` (0.1 is one decimal)."""

    names: tuple[str, ...]
    series: tuple[Series, ...]
    axis: Axis
    step: float = 0.1

    def drawn(self, top: float, wide: float) -> tuple[list[ET.Element], float]:
        """The elements between `top` and the bottom that is returned."""
        entries = [Entry(s.label, "box", COLOURS[k % len(COLOURS)]) for k, s in enumerate(self.series) if s.label]
        found, top = legend(entries, top, wide)
        names = [lines(name, SMALL, min(MOST, NAMES * wide)) for name in self.names]
        left = GAP + max((width(words, SMALL) for name in names for words in name), default=0.0)
        heights = [BETWEEN + max(BAR * len(self.series), 15 * len(name)) for name in names]
        x, end = self._scale(left, wide), top + sum(heights)
        found += across(x, top, end, self.axis.title)
        for k, (name, high) in enumerate(zip(names, heights, strict=True)):
            found += named(name, left - GAP, top + high / 2)
            found += self._bars(k, x, top + high / 2)
            top += high
        return found, end + BELOW

    def _scale(self, left: float, wide: float) -> Scale:
        """The values between the names and the right edge, with room for what is written at their ends."""
        values = [v for series in self.series for v in series.values if v is not None]
        room = max((width(self._told(v), SMALL) for v in values), default=0.0) + 8
        left += room * (min(values, default=0.0) < 0)
        right = wide - (room if max(values, default=0.0) > 0 else 8)
        ticks = max(2, round((right - left) / APART))
        return replace(scale(replace(self.axis, zero=True), values, ticks=ticks, rounded=True), start=left, end=right)

    def _told(self, value: float) -> str:
        return number(value, self.step, self.axis.percent)

    def _bars(self, k: int, x: Scale, middle: float) -> Iterator[ET.Element]:
        y = middle - BAR * len(self.series) / 2
        for s, series in enumerate(self.series):
            value = series.values[k]
            if value is not None:
                left, right = sorted((x.at(0), x.at(value)))
                at, anchor = (right + 5, "start") if value >= 0 else (left - 5, "end")
                colour = COLOURS[s % len(COLOURS)]
                yield element("rect", x=left, y=y + BAR * s + 1, width=right - left, height=BAR - 2, fill=colour)
                yield label(self._told(value), at, y + BAR * s + 11, anchor=anchor)


def named(name: Sequence[str], right: float, middle: float) -> list[ET.Element]:
    """The lines of a name, ending at `right`, around a middle."""
    first = middle - 15 * len(name) / 2 + 12
    return [label(words, right, first + 15 * i, anchor="end", fill=INK) for i, words in enumerate(name)]


def across(x: Scale, top: float, end: float, title: str) -> Iterator[ET.Element]:
    """Ticks as lines from top to end with their labels below, and the title of the axis."""
    for tick, told in zip(x.ticks, x.labels, strict=True):
        yield straight(x.at(tick), top, x.at(tick), end, stroke=LINE if tick else SOFT)
        yield label(told, x.at(tick), end + 16, anchor="middle")
    yield label(title, x.end, end + 34, anchor="end", fill=INK)
