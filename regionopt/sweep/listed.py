"""Runs listed in a CSV: `run,path,mod,value,notes`; mod is a (add), r (replace) or s (scale). Rows of one run stand
together. The file is read once to check it, then piece by piece: only where each piece starts is remembered."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np

from regionopt.case.patches import How, Patch, plain_number, signed
from regionopt.case.tables import digest, read_bytes
from regionopt.common.errors import InputError, Problem, nearest, refuse
from regionopt.sweep.places import TOP, Start, grouped, lines
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
    starts: tuple[Start, ...]
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


@dataclass
class _Read:
    """What is remembered of the runs while a file is read."""

    names: list[int] = field(default_factory=list)
    starts: list[Start] = field(default_factory=list)
    kinds: Counter[Signature] = field(default_factory=Counter)
    slots: dict[tuple[str, str], Slot] = field(default_factory=dict)
    first: Examples = field(default_factory=dict)

    def add(self, at: Start, run: Run) -> None:
        """One more run, and where it starts."""
        if len(self.names) % PIECE == 0:
            self.starts.append(at)
        self.names.append(int.from_bytes(hashlib.blake2b(run.name.encode(), digest_size=8).digest()) >> 1)
        self.kinds[run.signature] += 1
        for item in run.patches:
            widen(self.slots, item)
            self._remember(item)

    def _remember(self, item: Patch) -> None:
        """An example of a change: numbers at a path are alike, texts and lists need not be."""
        own = self.first.setdefault((item.path, item.how), {})
        if len(own) < TRIED:
            own.setdefault("" if plain_number(item.value) is not None else repr(item.value), item)


def listed(path: Path, wrong: Callable[[Iterable[Patch]], Iterable[Problem]] = lambda _: ()) -> Listed:
    """Check a file and remember where its pieces start. Raises InputError with what is wrong in it, and then also
    with what is `wrong` with its changes."""
    read_bytes(path)
    refuse(_header_problems(path))
    read, problems = _Read(), list[Problem]()
    for at, name, rows in grouped(path, TOP):
        found = [problem for line, row in rows for problem in _problems(path, line, row)]
        problems += found
        if len(problems) >= TOLD:
            break
        if not found:
            read.add(at, _run(name, rows, path.name))
    if problems:
        raise InputError(sorted([*problems, *wrong(_examples(read.first))], key=_line)[:TOLD])
    if not read.names:
        raise InputError([Problem("empty_table", path.name)])
    _refuse_apart(path, read.names)
    return Listed(path, len(read.names), tuple(read.starts), read.slots, dict(read.kinds), read.first)


def _line(problem: Problem) -> int:
    """The line that a problem is told of."""
    found = re.search(r" line (\d+)", problem.place)
    return int(found[1]) if found else 0


def _examples(first: Examples) -> list[Patch]:
    return [item for own in first.values() for item in own.values()]


def _refuse_apart(path: Path, names: list[int]) -> None:
    """Rows of one run stand together: a name that comes again is a slip."""
    kept, first = np.unique(np.array(names), return_index=True)
    if len(kept) < len(names):
        again = int(np.setdiff1d(np.arange(len(names)), first)[0])
        name = next(islice(grouped(path, TOP), again, None))[1]
        raise InputError([Problem("run_twice", path.name, name)])


def _header_problems(path: Path) -> Iterator[Problem]:
    header = next((row for _, _, row in lines(path, TOP)), [])
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


def _run(name: str, rows: list[tuple[int, dict[str, str]]], file: str) -> Run:
    patches = tuple(_patch(row, f"{file} line {line}") for line, row in rows)
    told = "; ".join(f"{row['path']} {row['mod']} {row['value']}" for _, row in rows)
    return Run(name, patches, (told,))


def _patch(row: Mapping[str, str], at: str) -> Patch:
    """A change: the letter says how it acts, so that a sign is only a sign."""
    return Patch(row["path"], HOW[row["mod"]], signed(row["value"]), "--csv", at)


def _runs(path: Path, start: Start) -> Iterator[Run]:
    return (_run(name, rows, path.name) for _, name, rows in grouped(path, start))
