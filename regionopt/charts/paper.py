"""The one place that writes SVG: elements with text that is escaped, numbers that are short."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from regionopt.charts.marks import Points

INK, SOFT, LINE, SHADE = "#1b2a38", "#52606d", "#cfd6dc", "#e8ecef"
# Told apart by every kind of colour vision and in grey; the dash tells them apart once more.
COLOURS = ("#0b5394", "#c2410c", "#2f7d5b", "#8e44ad", "#1a9bc0", "#8a6d00", "#5b6772", "#a61e4d")
DASHES = ("", "7 3", "2 3", "9 3 2 3", "5 2 1 2 1 2", "12 4", "1 2", "4 4")
FONT = "'Noto Sans TC', 'Noto Sans CJK TC', 'PingFang TC', 'Microsoft JhengHei', system-ui, sans-serif"
SIZE, SMALL = 13, 12
# What XML 1.0 cannot say at all: ElementTree would write it, and no reader would open the file.
_REFUSED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(tag: str, words: str = "", /, **given: str | float) -> ET.Element:
    """An element; `stroke_width=2` is the attribute stroke-width."""
    found = ET.Element(tag, {name.replace("_", "-").strip("-"): _told(value) for name, value in given.items()})
    found.text = legal(words) or None
    return found


def legal(words: str) -> str:
    """Text without the characters that XML refuses; a mark stands where one was."""
    return _REFUSED.sub("\ufffd", words)


def label(
    words: str, x: float, y: float, *, anchor: str = "start", size: int = SMALL, fill: str = SOFT, weight: str = ""
) -> ET.Element:
    """A line of text."""
    bold = {"font_weight": weight} if weight else {}
    return element("text", words, x=x, y=y, text_anchor=anchor, font_size=size, fill=fill, **bold)


def straight(x1: float, y1: float, x2: float, y2: float, *, stroke: str = LINE, **more: str | float) -> ET.Element:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, **more)


def way(points: Points) -> str:
    """The path through points on paper; those that fall on the one before are left out."""
    told = [f"{short(x)} {short(y)}" for x, y in points]
    return "M" + "L".join(now for k, now in enumerate(told) if not k or now != told[k - 1])


def crossed(x: float, y: float) -> str:
    """The path of a small cross around a point."""
    return way([(x - 3, y - 3), (x + 3, y + 3)]) + way([(x - 3, y + 3), (x + 3, y - 3)])


def short(value: float) -> str:
    """A coordinate, to a hundredth of a pixel."""
    told = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if told == "-0" else told


def _told(value: str | float) -> str:
    return value if isinstance(value, str) else short(value)
