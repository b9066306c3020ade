"""One picture: heading, map with insets and labels, legend, notes and source, as an SVG that stands alone."""

from __future__ import annotations

import math
from xml.etree.ElementTree import Element

from regionopt.charts.lettering import width, wrapped
from regionopt.charts.paper import INK, SOFT
from regionopt.common.texts import text
from regionopt.static.ground import Ground, Land
from regionopt.static.insets import insets
from regionopt.static.labels import labels
from regionopt.static.legend import Legend
from regionopt.static.paint import PAPER, SEA, framed, hatches, shapes
from regionopt.static.placing import Spot, corner
from regionopt.static.sheet import Sheet
from regionopt.static.svg import add, add_text, picture, written


def drawn(sheet: Sheet, ground: Ground) -> str:
    """The sheet as SVG. The same input gives the same bytes."""
    wide = ground.land.width
    root = picture(wide, 100, sheet.language, role="img")
    _tell(root, sheet)
    hatches(add(root, "defs"), sheet.key)
    paper = add(root, "rect", width=wide, height=100, fill=PAPER)
    top = _head(root, sheet, wide) + 8
    bottom = top + _map(add(root, "g", transform=f"translate(0 {top:.1f})"), sheet, ground)
    height = f"{_notes(root, sheet, bottom + 6, wide) + 4:.0f}"
    for element in (root, paper):
        element.set("height", height)
    root.set("viewBox", f"0 0 {wide:g} {height}")
    return written(root)


def _tell(root: Element, sheet: Sheet) -> None:
    """Title and description in the language of the sheet, and in the other for who copies them from the file."""
    root.set("aria-labelledby", f"{sheet.key}-title {sheet.key}-desc")
    own = sheet.alternatives[sheet.language]
    add(root, "title", own.title, id=f"{sheet.key}-title")
    add(root, "desc", own.description, id=f"{sheet.key}-desc")
    for language, other in sheet.alternatives.items():
        if language != sheet.language:
            add(root, "metadata", f"{other.title}\n{other.description}", lang=language)


def _head(root: Element, sheet: Sheet, wide: float) -> float:
    """Heading and subheading; the height they take."""
    y = 0.0
    rows = [(sheet.heading, 18.0, INK, "700"), *((words, 13.0, SOFT, "400") for words in sheet.subheadings)]
    for words, size, colour, weight in rows:
        for line in wrapped(words, size, wide, bold=weight == "700"):
            y += size * 1.3
            add_text(root, line, 0, y - size * 0.25, size, fill=colour, font_weight=weight)
    return y


def _map(root: Element, sheet: Sheet, ground: Ground) -> float:
    """The frame with everything in it, the legend beneath where no corner is free for it; the height they take."""
    land, legend = ground.land, Legend(sheet)
    shapes(framed(root, land, f"{sheet.key}-frame"), sheet, land)
    taken = insets(root, sheet, ground)
    spot = legend.place(land, taken)
    if spot is not None:
        legend.draw_box(root, spot)
        taken.append(spot)
    taken.append(_scale(root, sheet, land, taken))
    labels(root, sheet, ground, taken)
    if spot is not None:
        return land.height
    below = add(root, "g", transform=f"translate(0 {land.height + 8:.1f})")
    return land.height + 8 + legend.draw_rows(below, land.width)


def _scale(root: Element, sheet: Sheet, land: Land, taken: list[Spot]) -> Spot:
    """A bar of a round length on the ground, in a corner that is free; the room it takes."""
    kilometres = _round_below(land.width * land.metres / 4000)
    length = kilometres * 1000 / land.metres
    words = text("static.kilometres", sheet.language, value=f"{kilometres:,g}")
    spot = corner(max(length, width(words, 11)) + 4, 24, land, taken)
    x = spot.x + 2
    add(root, "rect", x=spot.x, y=spot.y, width=spot.width, height=spot.height, rx=3, fill=SEA, fill_opacity="0.85")
    bar = f"M{x:.1f} {spot.y + 15:.1f}v6h{length:.1f}v-6"
    add_text(root, words, x, spot.y + 10, 11, fill=INK)
    add(root, "path", d=bar, fill="none", stroke=INK, stroke_width="1.2")
    return spot


def _round_below(most: float) -> float:
    power = 10.0 ** math.floor(math.log10(most))
    return max(power * factor for factor in (1, 2, 5) if power * factor <= most)


def _notes(root: Element, sheet: Sheet, top: float, wide: float) -> float:
    """Notes and source at the foot; where they end."""
    y = top
    for note in sheet.notes:
        for line in wrapped(note, 10.5, wide, 6):
            y += 14
            add_text(root, line, 0, y - 3, 10.5, fill=SOFT)
        y += 1
    return y
