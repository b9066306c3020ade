"""Slips in what runs change: paths and kinds that no number of runs would mend, each with where it was written."""

from __future__ import annotations

from collections.abc import Iterable

from regionopt.case.case import Case
from regionopt.case.patches import Patch
from regionopt.common.errors import InputError, Problem

SLIPS = ("unknown_path", "nothing_to_change", "not_a_number", "unknown_key", "wrong_kind")


def slips(case: Case, changes: Iterable[Patch]) -> list[Problem]:
    """What is wrong with changes, each tried alone: which numbers clash is found run by run."""
    found: dict[tuple[str, str, object], Problem] = {}
    for item in changes:
        try:
            _ = case.patched(item).instance
        except InputError as error:
            for problem in error.problems:
                if problem.code in SLIPS:
                    found.setdefault((item.path, problem.code, problem.value), problem)
    return list(found.values())
