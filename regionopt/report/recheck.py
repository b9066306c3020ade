"""`regionopt verify report.html`: the files in a page are checked as a folder is, then the page is made again.

So every number of the page is derived a second time: from the proof to the tables, from the tables to the page, which
must be the same to the byte. No solver is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from itertools import zip_longest
from pathlib import Path

from regionopt.case.tables import read_bytes
from regionopt.common.errors import InputError, Problem
from regionopt.report import html
from regionopt.report.bundle import INPUTS, LEFT_OUT, RESULT, unpacked
from regionopt.report.embedded import Embedded, extracted
from regionopt.report.make import material_in
from regionopt.verify.check import Check, Fault, check, same
from regionopt.verify.verify import verify

SHOWN = 120


def recheck(path: Path) -> Iterator[Check]:
    """Every check of the result inside a page, then the page itself. Raises InputError when it is no report."""
    try:
        page = read_bytes(path).decode("utf-8")
    except UnicodeDecodeError:
        raise InputError([Problem("bad_report", str(path))]) from None
    found = extracted(page, str(path))
    with unpacked(found.files) as folder:
        yield from verify(folder / RESULT, folder / INPUTS, LEFT_OUT)
        yield _page(page, found, folder, path.name)


def _page(page: str, found: Embedded, folder: Path, name: str) -> Check:
    """Whether the page is the one that its files make; another version may say it otherwise."""
    if found.version != version("regionopt"):
        return check("report", name, [same("regionopt", found.version, version("regionopt"))])
    again = html.page(material_in(folder, found.files, found.languages))
    return check("report", name, [] if page == again else [_first(page, again)])


def _first(page: str, again: str) -> Fault:
    """The first line that differs, from where it does."""
    lines = enumerate(zip_longest(page.split("\n"), again.split("\n"), fillvalue=""), start=1)
    number, (own, other) = next((k, pair) for k, pair in lines if pair[0] != pair[1])
    start = next((i for i, (a, b) in enumerate(zip(own, other, strict=False)) if a != b), min(len(own), len(other)))
    begin = max(0, start - SHOWN // 3)
    return Fault(f"line {number}", own[begin : begin + SHOWN], other[begin : begin + SHOWN])
