"""One sheet: heading, map with insets and labels, legend, notes and source, as an SVG that stands alone.

It is told what to write and which colours to fill (`Sheet`), and knows nothing of plans or of differences.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from regionopt.charts.paper import INK, LINE, SOFT
from regionopt.common.texts import Language, text
from regionopt.static.ground import Ground, Inset, Land, Shape
from regionopt.static.lettering import balanced, width, wrapped
from regionopt.static.placing import MANY, Spot, corner, hidden, places
from regionopt.static.svg import add, add_text, picture, written

SEA, PAPER, GREY, MARK = "#eaf1f6", "#ffffff", "#5b6772", "#c2410c"
FADED = "0.3"
"""How much colour is left to regions beside the one that stands out."""
MISSING = "missing"
OUTSIDE = "outside"
LABEL_ROOM = 92.0
LEGEND_ROOM = 150.0


@dataclass(frozen=True)
class Alternative:
    """What a picture says to who cannot see it: a name, and a description."""

    title: str
    description: str


@dataclass(frozen=True)
class Sheet:
    """What is written on a map, and with which fills; regions are in the order of the ground.

    A fill is a colour, MISSING or OUTSIDE. `key` begins the ids of the picture, so that two of them can stand in one
    page; it holds only characters of the program's own.
    """

    key: str
    language: Language
    heading: str
    subheadings: tuple[str, ...]
    names: tuple[str, ...]
    values: tuple[str, ...]
    fills: tuple[str, ...]
    legend_title: str
    legend: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    alternatives: Mapping[Language, Alternative]
    marked: int | None = None
    """The region that stands out, if one does."""


def drawn(sheet: Sheet, ground: Ground) -> str:
    """The sheet as SVG. The same input gives the same bytes."""
    wide = ground.land.width
    root = picture(wide, 100, sheet.language, role="img")
    _tell(root, sheet)
    _hatches(add(root, "defs"), sheet.key)
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


def _hatches(defs: Element, key: str) -> None:
    size = {"patternUnits": "userSpaceOnUse"}
    outside = add(defs, "pattern", id=f"{key}-{OUTSIDE}", width=4, height=4, patternTransform="rotate(45)", **size)
    add(outside, "rect", width=4, height=4, fill=PAPER)
    add(outside, "line", x1=0, y1=0, x2=0, y2=4, stroke="#6d7780", stroke_width=2)
    missing = add(defs, "pattern", id=f"{key}-{MISSING}", width=8, height=8, **size)
    add(missing, "rect", width=8, height=8, fill="#d9dde0")
    add(missing, "path", d="M0 0L8 8M8 0L0 8", stroke="#6d7780", stroke_width=1)


def _fill(sheet: Sheet, fill: str) -> str:
    return f"url(#{sheet.key}-{fill})" if fill in (MISSING, OUTSIDE) else fill


def _head(root: Element, sheet: Sheet, wide: float) -> float:
    """Heading and subheading; the height they take."""
    y = 0.0
    rows = [(sheet.heading, 18.0, INK, "700"), *((words, 13.0, SOFT, "400") for words in sheet.subheadings)]
    for words, size, colour, weight in rows:
        for line in wrapped(words, size, wide, bold=weight == "700"):
            y += size * 1.3
            add_text(root, line, 0, y - size * 0.25, size, fill=colour, font_weight=weight)
    return y


# ---- The map ----------------------------------------------------------------------------------------------------


def _map(root: Element, sheet: Sheet, ground: Ground) -> float:
    """The frame with everything in it; the legend beneath where no corner is free for it. The height they take."""
    land = ground.land
    shapes = _frame(root, land, f"{sheet.key}-frame")
    _shapes(shapes, sheet, land)
    taken = _insets(root, sheet, ground)
    lines = [(fill, wrapped(words, 12.5, LEGEND_ROOM)) for fill, words in sheet.legend]
    wide = 50 + max(width(line, 12.5) for _, rows in lines for line in rows)
    title = wrapped(sheet.legend_title, 13, wide - 16, bold=True)
    spot = corner(wide, 16 + 17 * len(title) + sum(5 + 17 * len(rows) for _, rows in lines), land, taken)
    beside = not any(spot.meets(other) for other in taken) and hidden(spot, land) == 0
    if beside:
        _legend_box(root, sheet, spot, title, lines)
        taken.append(spot)
    taken.append(_scale(root, sheet, land, taken))
    _labels(root, sheet, ground, taken)
    if beside:
        return land.height
    return (
        land.height
        + 8
        + _legend_row(add(root, "g", transform=f"translate(0 {land.height + 8:.1f})"), sheet, land.width)
    )


def _frame(root: Element, land: Land, key: str) -> Element:
    """The sea, and a group for the shapes on it."""
    add(root, "rect", **_edge(land), fill=SEA, stroke=LINE)
    return _clipped(root, land, key)


def _clipped(root: Element, land: Land, key: str) -> Element:
    """A group in which nothing reaches over the edge of the frame."""
    add(add(add(root, "defs"), "clipPath", id=key), "rect", **_edge(land))
    return add(root, "g", clip_path=f"url(#{key})", stroke_linejoin="round", fill="none")


def _edge(land: Land) -> dict[str, float]:
    return {"x": 0.5, "y": 0.5, "width": land.width - 1, "height": land.height - 1, "rx": 5}


def _shapes(root: Element, sheet: Sheet, land: Land) -> None:
    """Areas, then borders: dark with a light core, so that they are seen on the palest class and on the darkest."""
    for shape in land.outside.values():
        _stroke(root, shape, GREY, "0.7", fill=_fill(sheet, OUTSIDE))
    for row, (shape, fill) in enumerate(zip(land.regions, sheet.fills, strict=True)):
        faded = "1" if sheet.marked in (None, row) else FADED
        _stroke(root, shape, INK, "0.8", fill=_fill(sheet, fill), fill_opacity=faded)
    _stroke(root, land.lines, INK, "1.1", stroke_opacity="0.45")
    _stroke(root, land.lines, PAPER, "0.5", stroke_opacity="0.6")
    _stroke(root, land.borders, INK, "2.6")
    _stroke(root, land.borders, PAPER, "1.2")
    if sheet.marked is not None:
        _stroke(root, land.regions[sheet.marked], MARK, "3")


def _stroke(root: Element, shape: Shape, colour: str, weight: str, **more: str) -> None:
    if shape.data:
        add(root, "path", d=shape.data, stroke=colour, stroke_width=weight, **more)


def _insets(root: Element, sheet: Sheet, ground: Ground) -> list[Spot]:
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
        frame = add(box, "g", transform="translate(2 2)")
        _shapes(_clipped(frame, inset.land, f"{sheet.key}-inset{inset.county}"), sheet, inset.land)
        for number, line in enumerate(lines):
            add_text(box, line, wide / 2, inset.land.height + 14 + 13 * number, 11, "middle", fill=INK)
        y += height + 6
    return [spot]


def _inset_caption(sheet: Sheet, inset: Inset, ground: Ground) -> list[str]:
    """The county, and the value of its region where the main map does not show it."""
    lines = wrapped(ground.counties[inset.county][sheet.language], 11, inset.land.width, 2)
    alone = inset.region is not None and ground.anchors[inset.region] is None
    return [*lines, sheet.values[inset.region]] if alone and inset.region is not None else lines


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


@dataclass(frozen=True)
class _Label:
    """Lines of a name, of a size, and a value under them in larger letters."""

    lines: tuple[str, ...]
    value: str
    letters: float

    @property
    def size(self) -> tuple[float, float]:
        """Its width and height."""
        widths = [width(self.value, self.letters + 2, bold=True), *(width(line, self.letters) for line in self.lines)]
        return max(widths) + 10, (len(self.lines) * self.letters + self.letters + 2) * 1.25 + 3


def _labels(root: Element, sheet: Sheet, ground: Ground, taken: list[Spot]) -> None:
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
    letters, room = (10.0, LABEL_ROOM * 0.8) if many else (12.0, LABEL_ROOM)
    return _Label(tuple(balanced(name, letters, room)), value, letters), _Label((), value, letters)


def _label(root: Element, label: _Label, spot: Spot) -> None:
    box = add(root, "g", class_="label", transform=f"translate({spot.x:.1f} {spot.y:.1f})")
    add(box, "rect", width=spot.width, height=spot.height, rx=4, fill=PAPER, fill_opacity="0.9")
    size, middle = label.letters, spot.width / 2
    for number, line in enumerate(label.lines):
        add_text(box, line, middle, 1 + size * (1 + 1.25 * number), size, "middle", fill=INK)
    add_text(box, label.value, middle, spot.height - 4 - size * 0.1, size + 2, "middle", fill=INK, font_weight="700")


def _leader(root: Element, spot: Spot, anchor: tuple[float, float]) -> None:
    """A line from a label to the point it means, where it does not stand on it."""
    x, y = anchor
    edge = min(max(x, spot.x), spot.x + spot.width), min(max(y, spot.y), spot.y + spot.height)
    if math.dist(edge, anchor) < 6:
        return
    line = {"x1": x, "y1": y, "x2": edge[0], "y2": edge[1]}
    add(root, "line", **line, stroke=PAPER, stroke_width=3)
    add(root, "line", **line, stroke=INK, stroke_width=1)
    add(root, "circle", cx=x, cy=y, r="2.6", fill=INK, stroke=PAPER)


# ---- Around the map ---------------------------------------------------------------------------------------------


def _legend_box(root: Element, sheet: Sheet, spot: Spot, title: list[str], rows: list[tuple[str, list[str]]]) -> None:
    """The legend in a free corner of the map."""
    box = add(root, "g", transform=f"translate({spot.x:.1f} {spot.y:.1f})")
    add(box, "rect", width=spot.width, height=spot.height, rx=4, fill=PAPER)
    y = 6.0
    for line in title:
        y += 17
        add_text(box, line, 8, y - 4, 13, fill=INK, font_weight="700")
    y += 4
    for fill, lines in rows:
        _swatch(box, sheet, fill, 8, y)
        for line in lines:
            add_text(box, line, 44, y + 13, 12.5, fill=INK)
            y += 17
        y += 5


def _legend_row(root: Element, sheet: Sheet, room: float) -> float:
    """The legend beneath a wide map; the height it takes."""
    add_text(root, wrapped(sheet.legend_title, 13, room, 1, bold=True)[0], 0, 13, 13, fill=INK, font_weight="700")
    x, y = 0.0, 22.0
    for fill, words in sheet.legend:
        line = wrapped(words, 12.5, 200, 1)[0]
        wide = 36 + width(line, 12.5) + 14
        if x and x + wide > room:
            x, y = 0.0, y + 22
        _swatch(root, sheet, fill, x, y)
        add_text(root, line, x + 36, y + 13, 12.5, fill=INK)
        x += wide
    return y + 18


def _swatch(root: Element, sheet: Sheet, fill: str, x: float, y: float) -> None:
    add(root, "rect", x=x + 0.5, y=y + 0.5, width=28, height=16, fill=_fill(sheet, fill), stroke=GREY)


def _notes(root: Element, sheet: Sheet, top: float, wide: float) -> float:
    """Notes and source at the foot; where they end."""
    y = top
    for note in sheet.notes:
        for line in wrapped(note, 10.5, wide, 6):
            y += 14
            add_text(root, line, 0, y - 3, 10.5, fill=SOFT)
        y += 1
    return y
