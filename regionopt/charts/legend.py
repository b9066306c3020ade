"""The legend: a sign and a word for each mark, in rows that fit."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from regionopt.charts.lettering import width
from regionopt.charts.paper import INK, SMALL, crossed, element, label, straight

SIGN, GAP, ROW = 26, 18, 20


@dataclass(frozen=True)
class Entry:
    """A word and the sign that it explains."""

    words: str
    sign: Literal["line", "dot", "cross", "box"]
    colour: str
    dash: str = ""


def legend(entries: Sequence[Entry], top: float, wide: float) -> tuple[list[ET.Element], float]:
    """The legend's elements, and where it ends; nothing for no entries."""
    found, x, y = list[ET.Element](), 0.0, top
    for entry in entries:
        long = SIGN + width(entry.words, SMALL)
        if x and x + long > wide:
            x, y = 0.0, y + ROW
        found += [_sign(entry, x, y + 8), label(entry.words, x + SIGN, y + 12, fill=INK)]
        x += long + GAP
    return found, y + ROW + 6 if entries else top


def _sign(entry: Entry, x: float, y: float) -> ET.Element:
    if entry.sign == "box":
        return element("rect", x=x, y=y - 6, width=20, height=12, fill=entry.colour)
    if entry.sign == "cross":
        return element("path", d=crossed(x + 10, y), fill="none", stroke=entry.colour, stroke_width=1.2)
    if entry.sign == "dot":
        return element("circle", cx=x + 10, cy=y, r=3, fill=entry.colour)
    dashed = {"stroke_dasharray": entry.dash} if entry.dash else {}
    return straight(x, y, x + 20, y, stroke=entry.colour, stroke_width=2, **dashed)
