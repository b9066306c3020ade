"""What is compared: results as they are written, whether solved now or read from a folder.

A side is read back from the bytes of its files in both ways, so that a folder and the same scenario solved now
compare alike to the last digit. A folder is trusted only as far as its hashes hold.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Literal

from regionopt.case.case import Case
from regionopt.common.document import RegionResult, ResultDocument
from regionopt.common.errors import InputError, Problem
from regionopt.result.outputs import files
from regionopt.result.result import Result
from regionopt.verify.case import case_again, case_check
from regionopt.verify.files import case_file, file_checks
from regionopt.verify.read import Folder, Table, read
from regionopt.verify.sums import Sums

Kind = Literal["scenario", "folder", "file"]
Target = tuple[str, str, str, str]
"""Metric, region, kind, year of a target; kind and year are empty for an amount at the end."""


@dataclass(frozen=True)
class Side:
    """One of the compared: what it is called, what was written for it, and its case where that is at hand."""

    name: str
    kind: Kind
    content: Mapping[str, bytes]
    case: Case | None

    @cached_property
    def document(self) -> ResultDocument:
        """`result.json`."""
        return ResultDocument.model_validate_json(self.content["result.json"])

    @property
    def has_plan(self) -> bool:
        """Whether there are numbers to compare."""
        return self.document.status.has_plan

    @cached_property
    def regions(self) -> Mapping[str, RegionResult]:
        """The regions by id, in their written order."""
        return {region.id: region for region in self.document.regions}

    @cached_property
    def programmes(self) -> Mapping[tuple[str, str], Mapping[str, Fraction]]:
        """Budget, output and jobs by (region, programme), all tranches and years together; empty without a plan."""
        sums: dict[tuple[str, str], dict[str, Fraction]] = {}
        for row in self._table("allocation.csv"):
            total = sums.setdefault((row["region"], row["programme"]), {})
            for column in ("budget", "output", "jobs"):
                total[column] = total.get(column, Fraction(0)) + Fraction(row[column])
        return sums

    @cached_property
    def targets(self) -> Mapping[Target, dict[str, str]]:
        """Rows of `targets.csv` by what they aim at."""
        rows = self._table("targets.csv")
        return {(r["metric"], r["region"], r.get("kind", ""), r.get("period", "")): r for r in rows}

    @cached_property
    def changes(self) -> Table:
        """Rows of `changes.csv`; none where nothing was changed."""
        return self._table("changes.csv")

    def _table(self, name: str) -> Table:
        content = self.content.get(name, b"").decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(content, newline="")))


def solved_side(name: str, kind: Kind, result: Result) -> Side:
    """A side that was solved now."""
    return Side(name, kind, files(result), result.case)


def folder_side(name: str, path: Path, known: Iterable[Path] = ()) -> Side:
    """A side from a result's folder. Raises InputError when it is none, or no longer what was written.

    `known` are case files that it may have been made from, beside those found near it.
    """
    folder = read(path)
    wrong = [check.subject for check in file_checks(folder) if check.ok is False]
    if wrong:
        raise InputError([Problem("result_altered", str(path), None, {"names": ", ".join(wrong)})])
    return Side(name, "folder", folder.content, _case(folder, known))


def _case(folder: Folder, known: Iterable[Path]) -> Case | None:
    """The case of a folder, where its files are found and give the numbers of the result; else None."""
    sums = Sums(folder, frozenset(column.name for column in folder.proof.plan.program.columns))
    near = case_file(folder, None)
    for path in dict.fromkeys((*([near] if near else []), *known)):
        if case_check(folder, sums, path).ok:
            return case_again(folder, path)
    return None
