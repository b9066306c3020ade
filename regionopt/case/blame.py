"""Whose value is wrong: a problem with a number that a patch wrote is told where the patch was written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from regionopt.case.patches import Patch
from regionopt.common.errors import Problem


def blamed(
    problems: Iterable[Problem], patches: Sequence[Patch], file: str, own: Collection[Problem] = ()
) -> list[Problem]:
    """The problems, those with patched values at their patches; `own` are told of the case file before any patch."""
    return [problem if problem in own else _blamed(problem, patches, file) for problem in problems]


def _blamed(problem: Problem, patches: Sequence[Patch], file: str) -> Problem:
    """A problem `file: path` as that of the last patch that wrote there."""
    head, colon, path = problem.place.partition(": ")
    if not colon or head != file:
        return problem
    for item in reversed(patches):
        if fnmatchcase(path, item.path) or fnmatchcase(path, f"{item.path}.*"):
            return replace(problem, place=_place(item, path, file))
    return problem


def _place(item: Patch, path: str, file: str) -> str:
    """Where a patch wrote a path: an option or a line, or the override in the case file."""
    named = item.place.startswith("overrides.")
    return f"{file}: {item.place}.{path}" if named else f"{item.place}: {path}"
