"""Labels: every region with its name and value, on it or near it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from regionopt.charts.lettering import balanced, width
from regionopt.charts.paper import INK
from regionopt.static.ground import Ground
from regionopt.static.paint import PAPER
from regionopt.static.placing import MANY, Point, Spot, places
from regionopt.static.sheet import Sheet
from regionopt.static.svg import add, add_text

ROOM = 92.0
"""Width of the longest line of a name."""


@dataclass(frozen=True)
class _Label:
    """Lines of a name, of a size, and a value under them in larger letters."""

    lines: tuple[str, ...]
    value: str
    letters: float

    @property
    def size(self) -> Point:
        """Its width and height."""
        widths = [width(self.value, self.letters + 2, bold=True), *(width(line, self.letters) for line in self.lines)]
        return max(widths) + 10, (len(self.lines) * self.letters + self.letters + 2) * 1.25 + 3


def labels(root: Element, sheet: Sheet, ground: Ground, taken: list[Spot]) -> None:
    """Every region with its name and value; with its value alone where there is no room for the name."""
    forms = [
        _forms(name, value, len(sheet.names) > MANY) for name, value in zip(sheet.names, sheet.values, strict=True)
    ]
    found = places(ground.land, ground.anchors, [[label.size for label in labels] for labels in forms], taken)
    placed = [
        (labels[one[0]], one[1], anchor)
        for labels, one, anchor in zip(forms, found, ground.anchors, strict=True)
        if one and anchor
    ]
    for _, spot, anchor in placed:
        _leader(root, spot, anchor)
    for label, spot, _ in placed:
        _label(root, label, spot)


def _forms(name: str, value: str, many: bool) -> Sequence[_Label]:
    letters, room = (10.0, ROOM * 0.8) if many else (12.0, ROOM)
    return _Label(tuple(balanced(name, letters, room)), value, letters), _Label((), value, letters)


def _label(root: Element, label: _Label, spot: Spot) -> None:
    box = add(root, "g", class_="label", transform=f"translate({spot.x:.1f} {spot.y:.1f})")
    add(box, "rect", width=spot.width, height=spot.height, rx=4, fill=PAPER, fill_opacity="0.9")
    size, middle = label.letters, spot.width / 2
    for number, line in enumerate(label.lines):
        add_text(box, line, middle, 1 + size * (1 + 1.25 * number), size, "middle", fill=INK)
    add_text(box, label.value, middle, spot.height - 4 - size * 0.1, size + 2, "middle", fill=INK, font_weight="700")


def _leader(root: Element, spot: Spot, anchor: Point) -> None:
    """A line from a label to the point it means, where it does not stand on it."""
    x, y = anchor
    edge = min(max(x, spot.x), spot.x + spot.width), min(max(y, spot.y), spot.y + spot.height)
    if math.dist(edge, anchor) < 6:
        return
    line = {"x1": x, "y1": y, "x2": edge[0], "y2": edge[1]}
    add(root, "line", **line, stroke=PAPER, stroke_width=3)
    add(root, "line", **line, stroke=INK, stroke_width=1)
    add(root, "circle", cx=x, cy=y, r="2.6", fill=INK, stroke=PAPER)
