"""The rows of a long CSV, each with where it starts and its line, so that reading can go on at any of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from regionopt.common.errors import InputError, Problem

# Where a row starts: its first byte, and the lines before it.
Start = tuple[int, int]
TOP: Start = (0, 0)


def grouped(path: Path, start: Start) -> Iterator[tuple[Start, str, list[tuple[int, dict[str, str]]]]]:
    """Each run with where it starts, and its rows with their line; at the top stands the header."""
    header = next(row for _, _, row in lines(path, TOP))
    rows = lines(path, start)
    if start == TOP:
        next(rows)
    named = ((at, line, dict(zip(header, map(str.strip, row), strict=False))) for at, line, row in rows if any(row))
    for name, group in groupby(named, key=lambda item: item[2].get("run", "")):
        own = list(group)
        yield own[0][0], name, [(line, row) for _, line, row in own]


def lines(path: Path, start: Start) -> Iterator[tuple[Start, int, list[str]]]:
    """Rows from a place on: where each starts, its last line, its cells."""
    (byte, before), consumed = start, [start[0]]

    def texts() -> Iterator[str]:
        with path.open("rb") as stream:
            stream.seek(byte)
            for raw in stream:
                consumed[0] += len(raw)
                yield raw.decode("utf-8-sig" if consumed[0] == len(raw) else "utf-8")

    reader = csv.reader(texts(), strict=True)
    try:
        for row in reader:
            line = before + reader.line_num
            yield start, line, [cell.strip() for cell in row]
            start = consumed[0], line
    except (csv.Error, UnicodeDecodeError) as error:
        raise InputError([Problem("broken_table", f"{path.name} line {before + reader.line_num}", error)]) from None
