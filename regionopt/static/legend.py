"""The legend: in a corner of the map that hides no land, else beneath it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element

from regionopt.charts.lettering import width, wrapped
from regionopt.charts.paper import INK
from regionopt.static.ground import Land
from regionopt.static.paint import GREY, PAPER
from regionopt.static.placing import Spot, corner, hidden
from regionopt.static.sheet import Sheet
from regionopt.static.svg import add, add_text

TITLE, LETTERS, LINE, ROOM, EDGE, SWATCH = 13.0, 12.5, 17.0, 150.0, 8.0, 36.0
"""Sizes of letters, height of a line, room for words, what stands around, and a swatch with the gap behind it."""


@dataclass(frozen=True)
class Legend:
    """The legend of a sheet, as a box or as rows."""

    sheet: Sheet

    @cached_property
    def _rows(self) -> list[tuple[str, list[str]]]:
        return [(fill, wrapped(words, LETTERS, ROOM)) for fill, words in self.sheet.legend]

    @cached_property
    def _width(self) -> float:
        return 2 * EDGE + SWATCH + max(width(line, LETTERS) for _, lines in self._rows for line in lines)

    @cached_property
    def _title(self) -> list[str]:
        return wrapped(self.sheet.legend_title, TITLE, self._width - 2 * EDGE, bold=True)

    def place(self, land: Land, taken: list[Spot]) -> Spot | None:
        """A corner that is free and hides no land; None where there is none."""
        height = 2 * EDGE + LINE * len(self._title) + sum(5 + LINE * len(lines) for _, lines in self._rows)
        spot = corner(self._width, height, land, taken)
        free = not any(spot.meets(other) for other in taken) and hidden(spot, land) == 0
        return spot if free else None

    def draw_box(self, root: Element, spot: Spot) -> None:
        """On the map."""
        box = add(root, "g", transform=f"translate({spot.x:.1f} {spot.y:.1f})")
        add(box, "rect", width=spot.width, height=spot.height, rx=4, fill=PAPER)
        y = EDGE - 2
        for line in self._title:
            y += LINE
            add_text(box, line, EDGE, y - 4, TITLE, fill=INK, font_weight="700")
        y += 4
        for fill, lines in self._rows:
            self._swatch(box, fill, EDGE, y)
            for line in lines:
                add_text(box, line, EDGE + SWATCH, y + 13, LETTERS, fill=INK)
                y += LINE
            y += 5

    def draw_rows(self, root: Element, room: float) -> float:
        """Beneath the map, in rows of that width; the height they take."""
        title = wrapped(self.sheet.legend_title, TITLE, room, 1, bold=True)[0]
        add_text(root, title, 0, 13, TITLE, fill=INK, font_weight="700")
        x, y = 0.0, 22.0
        for fill, words in self.sheet.legend:
            line = wrapped(words, LETTERS, 200, 1)[0]
            wide = SWATCH + width(line, LETTERS) + 14
            if x and x + wide > room:
                x, y = 0.0, y + 22
            self._swatch(root, fill, x, y)
            add_text(root, line, x + SWATCH, y + 13, LETTERS, fill=INK)
            x += wide
        return y + 18

    def _swatch(self, root: Element, fill: str, x: float, y: float) -> None:
        look = {"fill": self.sheet.fill(fill), "stroke": GREY}
        add(root, "rect", x=x + 0.5, y=y + 0.5, width=28, height=16, **look)
