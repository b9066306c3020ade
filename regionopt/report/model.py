"""A report as frozen values: every number once, with its unit and the place it was read from.

`contents` makes it from the written files of a result; a writer only formats. A place is a file and a pointer into
it as JSON would have it: `result.json#/regions/0/budget`, `bands.csv#/3/minimum` (row from 0, then the column).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from regionopt.common.decimals import shown
from regionopt.common.texts import Language

NONE = "–"


@dataclass(frozen=True)
class Unit:
    """How a number is shown: times `scale` (億元 is ten times NT$ billion), then the unit's name.

    `pattern` places the two where there is no column.
    """

    name: str
    scale: float = 1.0
    pattern: str = "{value} {unit}"

    @property
    def percent(self) -> bool:
        """Whether the unit is written with the number and not beside it."""
        return self.name == "%"


PERCENT = Unit("%", 100.0)
PLAIN = Unit("")


@dataclass(frozen=True)
class Number:
    """A number as the files have it: the sum of what stands at `places`, mostly one; `signed` shows a plus too."""

    value: float
    decimals: int
    unit: Unit
    places: tuple[str, ...]
    signed: bool = False

    @property
    def shown(self) -> float:
        """In the unit it is shown in, not rounded."""
        return self.value * self.unit.scale

    @property
    def text(self) -> str:
        """The digits that are shown, the unit left to the column; a percent sign stands with its number."""
        digits = shown(abs(self.shown), self.decimals)
        zero = not any(digit in "123456789" for digit in digits)
        sign = "" if zero else "−" if self.shown < 0 else "+" if self.signed else ""
        return f"{sign}{digits}{'%' if self.unit.percent else ''}"

    @property
    def whole_text(self) -> str:
        """With its unit, for a place without a column."""
        if self.unit.percent:
            return self.text
        return self.unit.pattern.format(value=self.text, unit=self.unit.name).rstrip()


# Text is data and may hold any character; None is a number that does not exist, never 0.
Cell = str | Number | None


def cell_text(cell: Cell) -> str:
    """A cell as every text format shows it."""
    return NONE if cell is None else cell.text if isinstance(cell, Number) else cell


@dataclass(frozen=True)
class Column:
    """A column of a table; `unit` is that of all its numbers, empty where it says none or they differ."""

    heading: str
    unit: str = ""
    numeric: bool = True

    @property
    def full(self) -> str:
        """The heading with the unit, where there is no second line for it; a percent sign stands with its numbers."""
        return f"{self.heading} ({self.unit})" if self.unit and self.unit != "%" else self.heading


@dataclass(frozen=True)
class Heading:
    """A heading of a part (1 to 3; the part's title is above them); `id` is unique in the report."""

    level: int
    text: str
    id: str


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of plain text."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """Sentences that stand side by side."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Fact:
    """One fact: what it is called, its value, and what is to be said of it."""

    label: str
    value: Cell
    note: str = ""


@dataclass(frozen=True)
class Facts:
    """Facts side by side, the most important first."""

    id: str
    caption: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Table:
    """A table: rows of cells under columns; `total`: the last row sums the others. `note` stands below."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: bool = False
    note: str = ""


@dataclass(frozen=True)
class Map:
    """A map of a metric (a field of the regions of `result.json`), of all regions or with one of them marked."""

    metric: str
    region: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart of a table of the same part: the columns with labels and with numbers, by place.

    `bars`: a bar a row and series. `against`: what is reached (first series) against what is wanted (second).
    `ranges`: from the first series to the second, the third marked in between.
    """

    kind: Literal["bars", "against", "ranges"]
    table: str
    label: int
    series: tuple[int, ...]


@dataclass(frozen=True)
class Lines:
    """Lines over a number of the case. A point is that number and what each of `names` is there, as a part of 1.

    `x` and `y` say what is measured along the axes; `parts`: the number is a part of 1 too. `bends`: the lines are
    exact at their points, and bend a little between them.
    """

    x: str
    y: str
    names: tuple[str, ...]
    points: tuple[tuple[float, ...], ...]
    parts: bool
    bends: bool = False


@dataclass(frozen=True)
class Figure:
    """A picture: what to draw, a caption to read and a text for those who do not see it."""

    id: str
    caption: str
    alt: str
    drawing: Map | Chart | Lines

    @property
    def part(self) -> float:
        """How much of the width between margins it takes on paper: letters of a map and of a chart are then alike."""
        return 0.6 if self.beside else 0.9 if isinstance(self.drawing, Map) else 0.75

    @property
    def beside(self) -> bool:
        """Whether text runs beside it: the map of one region only says where it lies."""
        return isinstance(self.drawing, Map) and self.drawing.region != ""


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a page of its own, where there are pages."""


Block = Heading | Paragraph | Bullets | Facts | Table | Figure | PageBreak


@dataclass(frozen=True)
class Part:
    """The whole report in one language."""

    language: Language
    title: str
    subtitle: str
    blocks: tuple[Block, ...]

    def tables(self) -> Iterator[Table]:
        """Its tables in the order they stand."""
        return (block for block in self.blocks if isinstance(block, Table))

    def figures(self) -> Iterator[Figure]:
        """Its pictures in the order they stand."""
        return (block for block in self.blocks if isinstance(block, Figure))

    def table(self, table_id: str) -> Table:
        """The table of an id; raises KeyError where there is none."""
        found = next((table for table in self.tables() if table.id == table_id), None)
        if found is None:
            raise KeyError(table_id)
        return found


@dataclass(frozen=True)
class Report:
    """A report: one part for each language asked for."""

    parts: tuple[Part, ...]

    @property
    def title(self) -> str:
        """Titles of all parts; a file has one."""
        return " / ".join(dict.fromkeys(part.title for part in self.parts))
