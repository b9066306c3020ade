"""A plot: two axes and what stands between them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from regionopt.charts.axes import Axis, Scale, scale
from regionopt.charts.legend import Entry, legend
from regionopt.charts.lettering import lines, width
from regionopt.charts.marks import Band, Dots, Line, Mark, Points, Rule
from regionopt.charts.paper import (
    COLOURS,
    DASHES,
    INK,
    LINE,
    SHADE,
    SMALL,
    SOFT,
    crossed,
    element,
    label,
    straight,
    way,
)

HEIGHT, BELOW, SIDE = 260, 44, 14
# Dots nearer than this, in pixels, are one dot: what a million runs look like is then still a small file.
GRAIN = 1.0
# A tick of the x axis for about so many pixels.
APART = 86


@dataclass(frozen=True)
class Plot:
    """Marks over two axes. Marks with labels stand in the legend, in their order."""

    x: Axis
    y: Axis
    marks: tuple[Mark, ...]

    def drawn(self, top: float, wide: float) -> tuple[list[ET.Element], float]:
        """The elements between `top` and the bottom that is returned."""
        entries, colours = self._styles()
        found, top = legend(entries, top, wide)
        heading = lines(self.y.title, SMALL, wide)
        for k, words in enumerate(heading):
            found.append(label(words, 0, top + 12 + 16 * k, fill=INK))
        top += 16 * len(heading) + 8
        x, y = self._scales(top, wide)
        found += _grid(x, y, self.x.title)
        for mark, (colour, dash) in zip(self.marks, colours, strict=True):
            found += _mark(mark, x, y, colour, dash)
        return found, top + HEIGHT + BELOW

    def _scales(self, top: float, wide: float) -> tuple[Scale, Scale]:
        ys = [y for mark in self.marks if isinstance(mark, (Line, Dots)) for _, y in mark.points]
        xs = [x for mark in self.marks if isinstance(mark, (Line, Dots)) for x, _ in mark.points]
        xs += [end for mark in self.marks if isinstance(mark, Band) for end in (mark.low, mark.high)]
        y = scale(self.y, ys, rounded=True)
        left = 8 + max((width(told, SMALL) for told in y.labels), default=0.0)
        x = scale(self.x, xs, ticks=max(3, round(wide / APART)))
        return (
            Scale(x.axis, x.low, x.high, x.step, left, wide - SIDE),
            Scale(y.axis, y.low, y.high, y.step, top + HEIGHT, top),
        )

    def _styles(self) -> tuple[list[Entry], list[tuple[str, str]]]:
        """Legend entries, and a colour and dash for each mark: those of lines and dots follow one another."""
        entries, styles, turn = list[Entry](), list[tuple[str, str]](), 0
        for mark in self.marks:
            style = _FIXED.get(type(mark))
            if style is None or (isinstance(mark, Dots) and not mark.cross):
                style = COLOURS[turn % len(COLOURS)], DASHES[turn % len(DASHES)]
                turn += 1
            styles.append(style)
            if mark.label:
                crossed_out = isinstance(mark, Dots) and mark.cross
                entries.append(Entry(mark.label, "cross" if crossed_out else _SIGNS[type(mark)], *style))
        return entries, styles


_FIXED = {Band: (SHADE, ""), Rule: (SOFT, "3 3"), Dots: (SOFT, "")}
_SIGNS: dict[type, Literal["line", "dot", "box"]] = {Band: "box", Rule: "line", Dots: "dot", Line: "line"}


def _grid(x: Scale, y: Scale, title: str) -> Iterator[ET.Element]:
    """Lines and labels of both axes."""
    for tick, told in zip(y.ticks, y.labels, strict=True):
        yield straight(x.start, y.at(tick), x.end, y.at(tick), stroke=LINE)
        yield label(told, x.start - 6, y.at(tick) + 4, anchor="end")
    for tick, told in zip(x.ticks, x.labels, strict=True):
        yield straight(x.at(tick), y.start, x.at(tick), y.start + 4, stroke=SOFT)
        yield label(told, x.at(tick), y.start + 18, anchor="middle")
    yield straight(x.start, y.start, x.end, y.start, stroke=SOFT)
    yield label(title, x.end, y.start + 36, anchor="end", fill=INK)


def _mark(mark: Mark, x: Scale, y: Scale, colour: str, dash: str) -> Iterator[ET.Element]:
    if isinstance(mark, Band):
        left, right = sorted((x.at(mark.low), x.at(mark.high)))
        yield element("rect", x=left, y=y.end, width=right - left, height=y.start - y.end, fill=colour)
        return
    if isinstance(mark, Rule):
        yield straight(x.at(mark.at), y.start, x.at(mark.at), y.end, stroke=colour, stroke_dasharray=dash)
        return
    at = [(x.at(a), y.at(max(b, y.low))) for a, b in mark.points]
    if not at:
        return
    if isinstance(mark, Dots):
        yield _dots(at, colour, mark.cross)
        return
    yield element(
        "path", d=way(_steps(at) if mark.step else at), fill="none", stroke=colour, stroke_width=2,
        stroke_linejoin="round", **({"stroke_dasharray": dash} if dash else {}),
    )  # fmt: skip
    if mark.dots or len(at) == 1:
        yield _dots(at, colour, False)


def _steps(points: Points) -> list[tuple[float, float]]:
    """Each point held until the next."""
    held = [(b[0], a[1]) for a, b in pairwise(points)]
    return [point for pair in zip(points, [*held, points[-1]], strict=True) for point in pair]


def _dots(points: Points, colour: str, cross: bool) -> ET.Element:
    """All dots as one path: a round end without a length is a dot."""
    grains: dict[tuple[int, int], tuple[float, float]] = {}
    for px, py in points:
        grains.setdefault((round(px / GRAIN), round(py / GRAIN)), (px, py))
    if cross:
        parts = [crossed(px, py) for px, py in grains.values()]
        return element("path", d="".join(parts), fill="none", stroke=colour, stroke_width=1.2)
    parts = [f"{way([point])}h0" for point in grains.values()]
    return element("path", d="".join(parts), fill="none", stroke=colour, stroke_width=5, stroke_linecap="round")
