"""Ranges that lie: a name at the left, a bar from the least to the most, a mark in between."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, replace

from regionopt.charts.axes import Axis, Scale, number, scale
from regionopt.charts.bars import APART, BAR, BELOW, BETWEEN, GAP, MOST, NAMES, across, named
from regionopt.charts.legend import Entry, legend
from regionopt.charts.lettering import lines, width
from regionopt.charts.paper import COLOURS, SMALL, element, label, straight


@dataclass(frozen=True)
class Range:
    """From `low` to `high`, with a mark at `at`; a range with an end that is None is not drawn."""

    low: float | None
    high: float | None
    at: float | None = None


@dataclass(frozen=True)
class RangeChart:
    """A range for each name; `label` and `mark` say what bar and mark are. Ends are written to a `step`."""

    names: tuple[str, ...]
    ranges: tuple[Range, ...]
    axis: Axis
    label: str = ""
    mark: str = ""
    step: float = 0.1

    def drawn(self, top: float, wide: float) -> tuple[list[ET.Element], float]:
        """The elements between `top` and the bottom that is returned."""
        signs = (Entry(self.label, "box", COLOURS[0]), Entry(self.mark, "line", COLOURS[1]))
        found, top = legend([sign for sign in signs if sign.words], top, wide)
        names = [lines(name, SMALL, min(MOST, NAMES * wide)) for name in self.names]
        left = GAP + max((width(words, SMALL) for name in names for words in name), default=0.0)
        heights = [BETWEEN + max(BAR, 15 * len(name)) for name in names]
        x, end = self._scale(left, wide), top + sum(heights)
        found += across(x, top, end, self.axis.title)
        for name, one, high in zip(names, self.ranges, heights, strict=True):
            found += named(name, left - GAP, top + high / 2)
            found += self._range(one, x, top + high / 2)
            top += high
        return found, end + BELOW

    def _scale(self, left: float, wide: float) -> Scale:
        """All ends between the names and the right edge, with room for what is written beside them."""
        values = [v for one in self.ranges for v in (one.low, one.high, one.at) if v is not None]
        room = max((width(number(v, self.step, self.axis.percent), SMALL) for v in values), default=0.0) + 8
        ticks = max(2, round((wide - left - 2 * room) / APART))
        laid = scale(replace(self.axis, zero=True), values, ticks=ticks, rounded=True)
        return replace(laid, start=left + room, end=wide - room)

    def _range(self, one: Range, x: Scale, middle: float) -> Iterator[ET.Element]:
        if one.low is None or one.high is None:
            return
        left, right = x.at(one.low), x.at(one.high)
        y, long = middle - BAR / 2 + 1, max(1.0, right - left)
        yield element("rect", x=left, y=y, width=long, height=BAR - 2, fill=COLOURS[0])
        if one.at is not None:
            yield straight(x.at(one.at), y - 4, x.at(one.at), y + BAR + 2, stroke=COLOURS[1], stroke_width=3)
        for value, at, anchor in ((one.low, left - 5, "end"), (one.high, right + 5, "start")):
            yield label(number(value, self.step, self.axis.percent), at, middle + 4, anchor=anchor)
