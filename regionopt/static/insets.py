"""Insets: small maps of counties that lie too far away, each at a scale of its own."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from regionopt.charts.lettering import wrapped
from regionopt.charts.paper import INK, SOFT
from regionopt.static.ground import Ground, Inset
from regionopt.static.paint import SEA, clipped, shapes
from regionopt.static.placing import Spot, corner
from regionopt.static.sheet import Sheet
from regionopt.static.svg import add, add_text

LETTERS = 11


def insets(root: Element, sheet: Sheet, ground: Ground) -> list[Spot]:
    """Small maps in the corner where they hide the least land; the rooms they take."""
    if not ground.insets:
        return []
    captions = [_inset_caption(sheet, inset, ground) for inset in ground.insets]
    heights = [inset.land.height + 8 + 13 * len(lines) for inset, lines in zip(ground.insets, captions, strict=True)]
    wide = ground.insets[0].land.width + 4
    spot = corner(wide, sum(heights) + 6 * (len(heights) - 1), ground.land)
    y = spot.y
    for inset, lines, height in zip(ground.insets, captions, heights, strict=True):
        box = add(root, "g", transform=f"translate({spot.x:.1f} {y:.1f})")
        add(box, "rect", width=wide, height=height, rx=3, fill=SEA, stroke=SOFT, stroke_dasharray="4 3")
        inside = add(box, "g", transform="translate(2 2)")
        shapes(clipped(inside, inset.land, f"{sheet.key}-inset{inset.county}"), sheet, inset.land)
        for number, line in enumerate(lines):
            add_text(box, line, wide / 2, inset.land.height + 14 + 13 * number, LETTERS, "middle", fill=INK)
        y += height + 6
    return [spot]


def _inset_caption(sheet: Sheet, inset: Inset, ground: Ground) -> list[str]:
    """The county, and the value of its region where the main map does not show it."""
    lines = wrapped(ground.counties[inset.county][sheet.language], LETTERS, inset.land.width, 2)
    alone = inset.region is not None and ground.anchors[inset.region] is None
    return [*lines, sheet.values[inset.region]] if alone and inset.region is not None else lines
