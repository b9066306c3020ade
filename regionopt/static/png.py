"""PNG of an SVG through typst, which needs neither a browser nor a library of the system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regionopt.static.fonts import installed, settable

if TYPE_CHECKING:
    import typst

PAGE = b"""#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image(bytes(sys.inputs.picture), format: "svg", alt: "")"""
PIXEL = 0.75
"""Points of a pixel of the SVG."""


def png(svg: str, width: int = 1280, fonts: typst.Fonts | None = None) -> bytes:
    """The picture so many pixels wide. The same input gives the same bytes on a machine with the same fonts."""
    from xml.etree import ElementTree

    import typst

    units = float(ElementTree.fromstring(svg).get("width", "0"))
    ppi = width / (units * PIXEL) * 72
    there = fonts or installed()
    told = {"picture": settable(svg, there)}
    return typst.compile(PAGE, format="png", ppi=ppi, sys_inputs=told, font_paths=there)
