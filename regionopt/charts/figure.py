"""A figure: a title, what it shows in a sentence, and plots one below the other."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from regionopt.charts.lettering import lines
from regionopt.charts.paper import FONT, INK, SIZE, element, label, short

EDGE, GAP = 16, 14
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


class Panel(Protocol):
    """What a figure can hold: a `Plot`, a `BarChart`."""

    def drawn(self, top: float, wide: float) -> tuple[Sequence[ET.Element], float]:
        """The elements between `top` and the bottom that is returned, on paper so wide."""
        ...


@dataclass(frozen=True)
class Figure:
    """`id` makes the figure's own ids: different in each figure of a page. `note` stands below in small print, `wide`
    is the width in pixels (a phone's page wants 360)."""

    id: str
    title: str
    description: str
    panels: Sequence[Panel]
    note: str = ""
    language: str = "en"
    wide: int = 720


def svg(figure: Figure) -> str:
    """The figure as one SVG document that loads nothing. Raises ValueError for an id that is none."""
    if not _ID.fullmatch(figure.id):
        raise ValueError(f"not an id: {figure.id!r}")
    inside = figure.wide - 2 * EDGE
    group = element("g", transform=f"translate({EDGE} {EDGE})")
    y = _written(group, figure.title, 0.0, inside, size=16, weight="600")
    for panel in figure.panels:
        found, y = panel.drawn(y + GAP, inside)
        group.extend(found)
    if figure.note:
        y = _written(group, figure.note, y + 4, inside)
    root = _root(figure, y + 2 * EDGE)
    root.append(group)
    ET.indent(root, " ")
    return ET.tostring(root, encoding="unicode") + "\n"


def _written(group: ET.Element, words: str, top: float, wide: float, size: int = 12, weight: str = "") -> float:
    """Text in as many lines as it takes; where it ends."""
    for told in lines(words, size, wide, bool(weight)):
        top += size + 4
        group.append(label(told, 0, top - 3, size=size, fill=INK, weight=weight))
    return top


def _root(figure: Figure, high: float) -> ET.Element:
    box = f"0 0 {figure.wide} {short(high)}"
    root = element(
        "svg", xmlns="http://www.w3.org/2000/svg", viewBox=box, width=figure.wide, height=high,
        role="img", lang=figure.language, font_family=FONT, font_size=SIZE,
    )  # fmt: skip
    root.set("aria-labelledby", f"{figure.id}-title {figure.id}-description")
    root.append(element("title", figure.title, id=f"{figure.id}-title"))
    root.append(element("desc", figure.description, id=f"{figure.id}-description"))
    root.append(element("rect", width=figure.wide, height=high, fill="#ffffff"))
    return root
