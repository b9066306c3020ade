"""What is written on a map, and with which fills: all that a picture is told, of a plan or of a difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from regionopt.common.texts import Language

MISSING = "missing"
OUTSIDE = "outside"


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

    def fill(self, fill: str) -> str:
        """A fill as an attribute: a colour, or the hatching of this picture."""
        return f"url(#{self.key}-{fill})" if fill in (MISSING, OUTSIDE) else fill
