"""The ground of a map with its colours: the sea, areas, hatching, borders."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from regionopt.charts.paper import INK, LINE
from regionopt.static.ground import Land, Shape
from regionopt.static.sheet import MISSING, OUTSIDE, Sheet
from regionopt.static.svg import add

SEA, PAPER, GREY, MARK, HATCH = "#eaf1f6", "#ffffff", "#5b6772", "#c2410c", "#6d7780"
FADED = "0.3"
"""How much colour is left to regions beside the one that stands out."""


def hatches(defs: Element, key: str) -> None:
    """The hatching of counties outside the plan, and of missing numbers."""
    size = {"patternUnits": "userSpaceOnUse"}
    outside = add(defs, "pattern", id=f"{key}-{OUTSIDE}", width=4, height=4, patternTransform="rotate(45)", **size)
    add(outside, "rect", width=4, height=4, fill=PAPER)
    add(outside, "line", x1=0, y1=0, x2=0, y2=4, stroke=HATCH, stroke_width=2)
    missing = add(defs, "pattern", id=f"{key}-{MISSING}", width=8, height=8, **size)
    add(missing, "rect", width=8, height=8, fill="#d9dde0")
    add(missing, "path", d="M0 0L8 8M8 0L0 8", stroke=HATCH, stroke_width=1)


def framed(root: Element, land: Land, key: str) -> Element:
    """The sea, and a group for the shapes on it."""
    add(root, "rect", **_edge(land), fill=SEA, stroke=LINE)
    return clipped(root, land, key)


def clipped(root: Element, land: Land, key: str) -> Element:
    """A group in which nothing reaches over the edge of the frame."""
    add(add(add(root, "defs"), "clipPath", id=key), "rect", **_edge(land))
    return add(root, "g", clip_path=f"url(#{key})", stroke_linejoin="round", fill="none")


def shapes(root: Element, sheet: Sheet, land: Land) -> None:
    """Areas, then borders: dark with a light core, so that they are seen on the palest class and on the darkest."""
    for shape in land.outside.values():
        _stroke(root, shape, GREY, "0.7", fill=sheet.fill(OUTSIDE))
    for row, (shape, fill) in enumerate(zip(land.regions, sheet.fills, strict=True)):
        faded = "1" if sheet.marked in (None, row) else FADED
        _stroke(root, shape, INK, "0.8", fill=sheet.fill(fill), fill_opacity=faded)
    _stroke(root, land.lines, INK, "1.1", stroke_opacity="0.45")
    _stroke(root, land.lines, PAPER, "0.5", stroke_opacity="0.6")
    _stroke(root, land.borders, INK, "2.6")
    _stroke(root, land.borders, PAPER, "1.2")
    if sheet.marked is not None:
        _stroke(root, land.regions[sheet.marked], MARK, "3")


def _edge(land: Land) -> dict[str, float]:
    return {"x": 0.5, "y": 0.5, "width": land.width - 1, "height": land.height - 1, "rx": 5}


def _stroke(root: Element, shape: Shape, colour: str, weight: str, **more: str) -> None:
    if shape.data:
        add(root, "path", d=shape.data, stroke=colour, stroke_width=weight, **more)
