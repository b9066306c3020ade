"""Reads tables (CSV, or a sheet of .xlsx) into typed records, with every broken cell reported.

A table says which columns it knows; unknown columns, missing columns and cells of the wrong kind are problems
with file, line and column. Excel's BOM and CRLF are read as they come.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal
from zipfile import BadZipFile

from regionopt.common.document import Standing
from regionopt.common.errors import InputError, Problem, ToolError, nearest, refuse
from regionopt.common.quantity import Quantity, Range

ID = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
# What a spreadsheet writes; Python's own reading would also take 1_000 and full-width digits.
_NUMBER = re.compile(r"[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|nan|inf(?:inity)?)", re.ASCII | re.IGNORECASE)
_COUNT = re.compile(r"[+-]?\d{1,18}", re.ASCII)
# Kinds of which a cell can be wrong; any text is one, and may be several codes.
CHECKED = ("id", "number", "count", "flag")
PROVENANCE = ("unit", "source", "date", "status")


@dataclass(frozen=True)
class Column:
    """One known column: kind of its cells, whether it must be there, the range of a number, its unit."""

    kind: Literal["id", "text", "number", "count", "flag", "codes"]
    required: bool = True
    range: Range = field(default_factory=Range)
    unit: str = ""


@dataclass(frozen=True)
class Record:
    """One row of a table: typed cells, and where it stood."""

    place: str
    cells: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.cells[column]

    def quantity(self, column: str, unit: str = "") -> Quantity | None:
        """A number of this row with the row's provenance; None where the cell is empty."""
        if self.cells.get(column) is None:
            return None
        return Quantity(
            value=self.cells[column],
            unit=unit or self.cells["unit"],
            source=self.cells["source"],
            date=self.cells["date"],
            status=Standing(self.cells["status"] or Standing.ASSUMPTION),
            place=f"{self.place}, {column}",
        )


@dataclass(frozen=True)
class Table:
    """The rows of a table, and what is wrong in it. A number that cannot be read is nan, with its problem."""

    records: list[Record]
    problems: list[Problem]

    def sound(self) -> list[Record]:
        """The rows of a table with nothing wrong. Raises InputError with all that is."""
        refuse(self.problems)
        return self.records


def read_bytes(path: Path) -> bytes:
    """A file's bytes, or one clear problem."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError([Problem("file_missing", str(path))]) from None
    except OSError as error:
        raise InputError([Problem("file_unreadable", str(path), error.strerror)]) from None
    except ValueError as error:  # a name that no file can have
        raise InputError([Problem("file_unreadable", str(path), error)]) from None


def read_text(path: Path) -> str:
    """A file's text: UTF-8, a BOM allowed."""
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = f"{path.name} byte {error.start + 1}"
        raise InputError([Problem("not_utf8", place, hex(error.object[error.start]))]) from None


def digest(path: Path) -> str:
    """sha256 of a file, for the provenance of a result."""
    return hashlib.sha256(read_bytes(path)).hexdigest()


def read_table(path: Path, name: str, columns: Mapping[str, Column], ignore: tuple[str, ...] = ()) -> Table:
    """Every row of a table. `ignore` names columns to pass over.

    Raises InputError with all problems where rows cannot be told apart: no table, wrong columns, broken ids.
    """
    header, rows = _grid(path, name)
    known = {**columns, **{column: Column("text", required=False) for column in PROVENANCE}}
    problems = list(_header_problems(path, header, known, ignore))
    if problems:
        raise InputError(problems)
    if not rows:
        raise InputError([Problem("empty_table", path.name)])
    records, blurred = [], False
    for line, row in rows:
        place = f"{path.name} line {line}"
        if len(row) > len(header):
            problems.append(Problem("extra_cells", place, row[len(header)], {"columns": len(header)}))
        texts = dict(zip(header, map(str.strip, row), strict=False))
        cells = {}
        for column, spec in known.items():
            given = texts.get(column, "")
            cells[column] = cell = _cell(given, spec)
            if not (spec.required if not given else spec.kind in CHECKED):
                continue
            found = list(_cell_problems(f"{place}, {column}", given, cell, spec))
            blurred = blurred or (bool(found) and spec.kind in ("id", "count"))
            problems += found
        if cells["status"] not in ("", *Standing):
            problems.append(_unknown_standing(place, cells["status"]))
            cells["status"] = ""
        records.append(Record(place, cells))
    if blurred:
        raise InputError(problems)
    return Table(records, problems)


def _grid(path: Path, name: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Header and numbered rows of text, from CSV or from a sheet; empty rows are passed over."""
    rows = _sheet(path, name) if path.suffix.lower() == ".xlsx" else _csv(path)
    filled = [(line, row) for line, row in rows if any(cell.strip() for cell in row)]
    if not filled:
        raise InputError([Problem("empty_table", path.name)])
    return [cell.strip() for cell in _trimmed(filled[0][1])], [(line, _trimmed(row)) for line, row in filled[1:]]


def _trimmed(row: list[str]) -> list[str]:
    """Without the empty cells at the end that spreadsheets leave behind."""
    filled = [k for k, cell in enumerate(row, start=1) if cell.strip()]
    return row[: filled[-1]]


def _csv(path: Path) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    rows = []
    try:
        for row in reader:
            rows.append((reader.line_num, row))
    except csv.Error as error:
        raise InputError([Problem("broken_table", f"{path.name} line {reader.line_num}", error)]) from None
    return rows


def _sheet(path: Path, name: str) -> list[tuple[int, list[str]]]:
    """The sheet called like the table, or the only one. openpyxl is the extra `excel`."""
    content = read_bytes(path)
    try:
        import openpyxl
    except ImportError:
        raise ToolError([Problem("extra_missing", str(path), None, {"extra": "excel"})]) from None
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (ValueError, KeyError, OSError, SyntaxError, BadZipFile) as error:
        raise InputError([Problem("broken_table", path.name, error)]) from None
    if name not in book.sheetnames and len(book.sheetnames) > 1:
        raise InputError([Problem("sheet_missing", path.name, name, {"known": ", ".join(book.sheetnames)})])
    sheet = book[name if name in book.sheetnames else book.sheetnames[0]]
    rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    book.close()
    return list(enumerate(rows, start=1))


def _header_problems(
    path: Path, header: list[str], known: Mapping[str, Column], ignore: tuple[str, ...]
) -> Iterator[Problem]:
    place = f"{path.name} line 1"
    for column in header:
        if column not in known and column not in ignore:
            yield Problem("unknown_column", place, column, {"nearest": nearest(column, known)})
        elif header.count(column) > 1:
            yield Problem("duplicate_column", place, column)
    for column, spec in known.items():
        if spec.required and column not in header:
            yield Problem("missing_column", place, None, {"column": column})


def _cell(given: str, spec: Column) -> Any:
    """A cell as its kind; nan for a number that cannot be read, None for anything else that is not there."""
    if spec.kind in ("text", "id"):
        return given
    if spec.kind == "codes":
        return tuple(given.split())
    if spec.kind == "number":
        missing = None if not given and not spec.required else math.nan
        return float(given) if _NUMBER.fullmatch(given) else missing
    if spec.kind == "count":
        return int(given) if _COUNT.fullmatch(given) else None
    return {"true": True, "false": False, "1": True, "0": False}.get(given.lower())


def _cell_problems(place: str, given: str, cell: Any, spec: Column) -> Iterator[Problem]:
    """What is wrong with one cell, which is quoted as it was written."""
    if not given:
        if spec.required:
            yield Problem("empty_cell", place)
    elif spec.kind == "id" and not ID.fullmatch(given):
        yield Problem("bad_id", place, given)
    elif spec.kind == "number" and not _NUMBER.fullmatch(given):
        yield Problem("not_a_number", place, given, {"unit": spec.unit})
    elif spec.kind in ("count", "flag") and cell is None:
        yield Problem(f"not_a_{spec.kind}", place, given)
    elif spec.kind in ("number", "count"):
        for problem in spec.range.problems(place, cell, spec.unit):
            yield replace(problem, value=given)


def _unknown_standing(place: str, given: str) -> Problem:
    return Problem("bad_standing", f"{place}, status", given, {"known": ", ".join(Standing)})
