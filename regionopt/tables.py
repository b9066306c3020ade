"""Reads tables (CSV, or a sheet of .xlsx) into typed records, with every broken cell reported.

A table says which columns it knows; unknown columns, missing columns and cells of the wrong kind are problems
with file, line and column. Excel's BOM and CRLF are read as they come.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from regionopt.document import Standing
from regionopt.errors import InputError, Problem, ToolError, nearest
from regionopt.quantity import Quantity, Range

ID = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
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


def read_bytes(path: Path) -> bytes:
    """A file's bytes, or one clear problem."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError([Problem("file_missing", str(path))]) from None
    except OSError as error:
        raise InputError([Problem("file_unreadable", str(path), error.strerror)]) from None


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


def read_table(path: Path, name: str, columns: Mapping[str, Column], ignore: tuple[str, ...] = ()) -> list[Record]:
    """Every row of a table. Raises InputError with all its problems. `ignore` names columns to pass over."""
    header, rows = _grid(path, name)
    known = {**columns, **{column: Column("text", required=False) for column in PROVENANCE}}
    problems = list(_header_problems(path, header, known, ignore))
    if problems:
        raise InputError(problems)
    records = []
    for line, row in rows:
        place = f"{path.name} line {line}"
        if len(row) > len(header):
            problems.append(Problem("extra_cells", place, row[len(header)], {"columns": len(header)}))
        texts = dict(zip(header, row, strict=False))
        cells = {}
        for column, spec in known.items():
            cell = _cell(texts.get(column, ""), spec)
            problems += _cell_problems(f"{place}, {column}", cell, spec)
            cells[column] = cell
        problems += _status_problems(place, cells["status"])
        records.append(Record(place, cells))
    if problems:
        raise InputError(problems)
    if not records:
        raise InputError([Problem("empty_table", path.name)])
    return records


def _grid(path: Path, name: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Header and numbered rows of text, from CSV or from a sheet; empty rows are passed over."""
    rows = _sheet(path, name) if path.suffix.lower() == ".xlsx" else _csv(path)
    filled = [(line, row) for line, row in rows if any(cell.strip() for cell in row)]
    if not filled:
        raise InputError([Problem("empty_table", path.name)])
    return [cell.strip() for cell in filled[0][1]], filled[1:]


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
    try:
        import openpyxl
    except ImportError:
        raise ToolError([Problem("extra_missing", str(path), None, {"extra": "excel"})]) from None
    try:
        book = openpyxl.load_workbook(io.BytesIO(read_bytes(path)), read_only=True, data_only=True)
    except (ValueError, KeyError, OSError) as error:
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


def _cell(text: str, spec: Column) -> Any:
    """A cell as its kind; None when empty, the text itself when it is not of that kind."""
    text = text.strip()
    if spec.kind == "text":
        return text
    if spec.kind == "codes":
        return tuple(text.split())
    if not text:
        return None
    try:
        if spec.kind == "number":
            return float(text)
        if spec.kind == "count":
            return int(text)
    except ValueError:
        return text
    if spec.kind == "flag":
        return {"true": True, "false": False, "1": True, "0": False}.get(text.lower(), text)
    return text


def _cell_problems(place: str, cell: Any, spec: Column) -> Iterator[Problem]:
    if cell in (None, "", ()):
        if spec.required:
            yield Problem("empty_cell", place)
    elif spec.kind == "id" and not ID.fullmatch(cell):
        yield Problem("bad_id", place, cell)
    elif spec.kind in ("number", "count", "flag") and isinstance(cell, str):
        yield Problem(f"not_a_{spec.kind}", place, cell, {"unit": spec.unit})
    elif spec.kind in ("number", "count"):
        yield from spec.range.problems(place, cell, spec.unit)


def _status_problems(place: str, status: str) -> Iterator[Problem]:
    if status and status not in list(Standing):
        yield Problem("bad_standing", f"{place}, status", status, {"known": ", ".join(Standing)})
