"""Runs listed in a CSV: `run,path,mod,value,notes`; mod is a (add), r (replace) or s (scale). Rows of one run stand
together. The file is read once to check it, then piece by piece: only where each piece starts is remembered."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path

import numpy as np

from regionopt.case.patches import How, Patch, plain_number, signed
from regionopt.case.tables import digest, read_bytes
from regionopt.common.errors import InputError, Problem, nearest, refuse
from regionopt.sweep.runs import Run, Signature
from regionopt.sweep.slots import Slot, plain, widen

COLUMNS = ("run", "path", "mod", "value", "notes")
HOW: Mapping[str, How] = {"a": "add", "r": "set", "s": "scale"}
# Where a piece starts is remembered for every so many runs.
PIECE = 1000
# So many problems are told; the others are of the same kind.
TOLD = 20
# Of what a path is set to, so many texts and lists are tried before anything is solved.
TRIED = 50

Examples = dict[tuple[str, str], dict[str, Patch]]


@dataclass(frozen=True)
class Listed:
    """The runs of a file."""

    path: Path
    count: int
    starts: tuple[int, ...]
    slots: Mapping[tuple[str, str], Slot]
    kinds: Mapping[Signature, int] = field(repr=False)
    first: Examples = field(repr=False)
    columns: tuple[str, ...] = ("changes",)

    def some(self, start: int, stop: int) -> list[Run]:
        """The runs from `start` to before `stop`."""
        piece = start // PIECE
        runs = _runs(self.path, self.starts[piece])
        return list(islice(runs, start - piece * PIECE, stop - piece * PIECE))

    def alike(self, signature: Signature) -> int:
        """How many runs share what is fixed."""
        return self.kinds[signature]

    def examples(self) -> list[Patch]:
        """Every path that is changed, each way once; the first texts and lists, which may differ in kind."""
        return _examples(self.first)

    def told(self) -> object:
        """The file's sha256."""
        return digest(self.path)


def listed(path: Path, wrong: Callable[[Iterable[Patch]], Iterable[Problem]] = lambda _: ()) -> Listed:
    """Check a file and remember where its pieces start. Raises InputError with what is wrong in it, and then also
    with what is `wrong` with its changes."""
    read_bytes(path)
    refuse(_header_problems(path))
    starts, kinds, slots = list[int](), Counter[Signature](), dict[tuple[str, str], Slot]()
    names, first, problems = list[int](), Examples(), list[Problem]()
    for offset, name, rows in _grouped(path, 0):
        found = [problem for line, row in rows for problem in _problems(path, line, row)]
        problems += found
        if len(problems) >= TOLD:
            break
        if found:
            continue
        if len(names) % PIECE == 0:
            starts.append(offset)
        names.append(int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest()) >> 1)
        run = _run(name, rows, path.name)
        kinds[run.signature] += 1
        for item in run.patches:
            widen(slots, item)
            _remember(first, item)
    if problems:
        raise InputError([*problems, *wrong(_examples(first))][:TOLD])
    if not names:
        raise InputError([Problem("empty_table", path.name)])
    _refuse_apart(path, names)
    return Listed(path, len(names), tuple(starts), slots, dict(kinds), first)


def _remember(first: Examples, item: Patch) -> None:
    """An example of a change: numbers at a path are alike, texts and lists need not be."""
    own = first.setdefault((item.path, item.how), {})
    if len(own) < TRIED:
        own.setdefault("" if plain_number(item.value) is not None else repr(item.value), item)


def _examples(first: Examples) -> list[Patch]:
    return [item for own in first.values() for item in own.values()]


def _refuse_apart(path: Path, names: list[int]) -> None:
    """Rows of one run stand together: a name that comes again is a slip."""
    kept, first = np.unique(np.array(names), return_index=True)
    if len(kept) < len(names):
        again = int(np.setdiff1d(np.arange(len(names)), first)[0])
        name = next(islice(_grouped(path, 0), again, None))[1]
        raise InputError([Problem("run_twice", path.name, name)])


def _header_problems(path: Path) -> Iterator[Problem]:
    header = next((row for _, _, row in _lines(path, 0)), [])
    for column in header:
        if column not in COLUMNS:
            yield Problem("unknown_column", f"{path.name} line 1", column, {"nearest": nearest(column, COLUMNS)})
    for column in COLUMNS[:4]:
        if column not in header:
            yield Problem("missing_column", f"{path.name} line 1", None, {"column": column})
    for column in sorted({column for column in header if header.count(column) > 1}):
        yield Problem("duplicate_column", f"{path.name} line 1", column)


def _problems(path: Path, line: int, row: Mapping[str, str]) -> Iterator[Problem]:
    place = f"{path.name} line {line}"
    for column in COLUMNS[:4]:
        if not row.get(column):
            yield Problem("empty_cell", f"{place}, {column}")
    if row.get("mod") and row["mod"] not in HOW:
        yield Problem("bad_mod", f"{place}, mod", row["mod"])
    elif row.get("mod") in ("a", "s") and row.get("value") and not _number(row["value"]):
        yield Problem("not_a_number", f"{place}, value", row["value"], {"unit": ""})


def _number(text: str) -> bool:
    return plain("budget.total", signed(text))


def _run(name: str, rows: list[tuple[int, dict[str, str]]], file: str = "") -> Run:
    """One run; where its changes stand is told where lines are counted from the start of the file."""
    patches = tuple(_patch(row, f"{file} line {line}" if file else "") for line, row in rows)
    told = "; ".join(f"{row['path']} {row['mod']} {row['value']}" for _, row in rows)
    return Run(name, patches, (told,))


def _patch(row: Mapping[str, str], at: str) -> Patch:
    """A change: the letter says how it acts, so that a sign is only a sign."""
    return Patch(row["path"], HOW[row["mod"]], signed(row["value"]), "--csv", at)


def _runs(path: Path, start: int) -> Iterator[Run]:
    return (_run(name, rows) for _, name, rows in _grouped(path, start))


def _grouped(path: Path, start: int) -> Iterator[tuple[int, str, list[tuple[int, dict[str, str]]]]]:
    """Each run with the byte at which it starts, and its rows with their line; `start` 0 is the header's."""
    header = next(row for _, _, row in _lines(path, 0))
    rows = _lines(path, start)
    if start == 0:
        next(rows)
    named = ((at, line, dict(zip(header, map(str.strip, row), strict=False))) for at, line, row in rows if any(row))
    for name, group in groupby(named, key=lambda item: item[2].get("run", "")):
        own = list(group)
        yield own[0][0], name, [(line, row) for _, line, row in own]


def _lines(path: Path, start: int) -> Iterator[tuple[int, int, list[str]]]:
    """Rows from a byte on: where each starts, its last line counted from there, its cells."""
    consumed, pending = [start], [start]

    def texts() -> Iterator[str]:
        with path.open("rb") as stream:
            stream.seek(start)
            for raw in stream:
                consumed[0] += len(raw)
                yield raw.decode("utf-8-sig" if consumed[0] == len(raw) else "utf-8")

    reader = csv.reader(texts(), strict=True)
    try:
        for row in reader:
            yield pending[0], reader.line_num, [cell.strip() for cell in row]
            pending[0] = consumed[0]
    except (csv.Error, UnicodeDecodeError) as error:
        raise InputError([Problem("broken_table", f"{path.name} line {reader.line_num}", error)]) from None
