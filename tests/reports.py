"""Reports for tests of what is written: of the gallery, and one in which every text is hostile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from regionopt.common.texts import Language
from regionopt.report.bundle import LEFT_OUT, bundle
from regionopt.report.formats import Material
from regionopt.report.make import material
from regionopt.report.model import (
    PERCENT,
    Bullets,
    Column,
    Fact,
    Facts,
    Figure,
    Heading,
    Map,
    Number,
    PageBreak,
    Paragraph,
    Part,
    Report,
    Table,
    Unit,
)
from regionopt.verify.read import read

BASE = Path(__file__).parents[1] / "maps" / "taiwan-2040" / "base"
HOSTILE = (
    '#eval("1+1")',
    "$x$ *bold* _it_ @ref <label> `raw`",
    "</w:t><b>&amp; \"'",
    "=cmd|' /C calc'!A0",
    "{{7*7}} {% raw",
    "\\\\ #{}[]()",
    "W" * 200,
    "// no comment",
)
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="50"><rect width="9" height="9"/></svg>'


@contextmanager
def of_gallery(languages: Sequence[Language]) -> Iterator[Material]:
    """The report of the built-in case, as `regionopt run` leaves it."""
    with material(bundle(read(BASE, LEFT_OUT)), languages) as made:
        yield made


def hostile(language: Language = "en") -> Material:
    """A report in which every text that can come from a case is hostile."""
    return _plain(Part(language, HOSTILE[0], HOSTILE[1], tuple(_blocks())))


def _plain(part: Part) -> Material:
    return Material(Report((part,)), {}, lambda _figure, _part: PICTURE, lambda _: _plain(part))


def _blocks() -> Iterator[object]:
    number = Number(0.25, 1, PERCENT, ("result.json#/x",))
    for place, words in enumerate(HOSTILE):
        yield Heading(1 + place % 3, words, f"h{place}")
        yield Paragraph(words)
        yield Bullets((words, words))
        yield Facts(f"f{place}", words, (Fact(words, words, words), Fact(words, number)))
        columns = (Column(words, numeric=False), Column(words, words), Column(words))
        amount = Number(1234.5, 1, Unit(words), ("result.json#/y",))
        yield Table(f"t{place}", words, columns, ((words, number, amount), (words, None, number)), True, words)
        yield Figure(f"p{place}", words, words, Map("budget", "r" * (place % 2)))
        yield PageBreak()
