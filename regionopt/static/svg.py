"""Elements of a picture, written as the charts write theirs: what is text stays text, whatever it says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal
from xml.etree.ElementTree import Element, tostring

from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from regionopt.charts.paper import FONT, element

Anchor = Literal["start", "middle", "end"]


def picture(width: float, height: float, language: str, **attributes: str) -> Element:
    """An empty picture of so many units, one unit a pixel."""
    box = f"0 0 {width:g} {height:g}"
    space = "http://www.w3.org/2000/svg"
    return element(
        "svg", xmlns=space, width=width, height=height, viewBox=box, lang=language, font_family=FONT, **attributes
    )


def add(parent: Element, tag: str, words: str = "", /, **attributes: str | float) -> Element:
    """A child element; `stroke_width=2` is the attribute stroke-width."""
    made = element(tag, words, **attributes)
    parent.append(made)
    return made


def add_text(
    parent: Element, words: str, x: float, y: float, size: float, anchor: Anchor = "start", **more: str
) -> None:
    """One line of text whose base line begins, has its middle or ends at a point."""
    place = {} if anchor == "start" else {"text_anchor": anchor}
    add(parent, "text", words, x=x, y=y, font_size=size, **place, **more)


def written(root: Element) -> str:
    """The picture as text; the same tree gives the same characters."""
    return tostring(root, encoding="unicode") + "\n"


def path(shape: BaseGeometry) -> str:
    """The outlines of areas, and lines, as path data."""
    return "".join(_strokes(shape))


def _strokes(shape: BaseGeometry) -> Iterable[str]:
    for part in getattr(shape, "geoms", [shape]):
        if isinstance(part, Polygon):
            yield from (_stroke(ring.coords[:-1]) + "Z" for ring in (part.exterior, *part.interiors))
        elif isinstance(part, LineString):
            yield _stroke(part.coords)


def _stroke(points: Iterable[tuple[float, ...]]) -> str:
    """To a tenth of a pixel, which is finer than an eye or a printer; points that fall together are one."""
    placed = [f"{_tenth(point[0])} {_tenth(point[1])}" for point in points]
    different = [one for number, one in enumerate(placed) if number == 0 or one != placed[number - 1]]
    return "M" + "L".join(different)


def _tenth(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
