"""How far a number of the case acts as it does where it stands: in proportion, and accepted by the case file.

The case is read again at a distance and compared with the program moved there. A floor below another floor that is
stricter does nothing up to a point, and a growth rate is no proportion at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from regionopt.case.case import Case
from regionopt.common.errors import InputError, Problem
from regionopt.curves.posed import Posed
from regionopt.doctor.levers import Lever, changed, set_text
from regionopt.explain.shift import Shift, shifted
from regionopt.model.program import Program

# Values are read again at a distance; sums of written numbers differ by their rounding.
SAME = 1e-9
# Halvings on the way to the last value that the case file accepts, or at which the number acts as before.
HALVINGS = 48


@dataclass(frozen=True)
class Cut:
    """A part of the range that is not followed: from where to where, and why (`allowed`, `refused`, `other`); what
    the case file says to it."""

    low: float
    high: float
    why: str
    problems: tuple[Problem, ...] = ()


class Read:
    """A case at other values of one of its numbers, each read once."""

    def __init__(self, case: Case, path: str) -> None:
        self._case, self._path = case, path
        self._known: dict[float, Posed] = {}

    def at(self, value: float) -> Posed:
        """The case with the number at a value. Raises InputError where the case file does not accept it."""
        if value not in self._known:
            self._known[value] = Posed(changed(self._case, set_text(self._path, value)).instance)
        return self._known[value]


def last_alike(
    here: Program, read: Read, lever: Lever, shift: Shift, at: float, far: float
) -> tuple[float, Cut | None]:
    """How far the number goes on acting as it does where it stands, towards `far`; what is cut off, and why."""
    why = _why(here, read, lever, shift, far)
    if why is None:
        return far, None
    good, bad = at, far
    for _ in range(HALVINGS):
        middle = (good + bad) / 2
        if middle in (good, bad):
            break
        found = _why(here, read, lever, shift, middle)
        good, bad, why = (middle, bad, why) if found is None else (good, middle, found)
    reason, problems = why
    return good, Cut(min(good, far), max(good, far), reason, problems)


def _why(
    here: Program, read: Read, lever: Lever, shift: Shift, value: float
) -> tuple[str, tuple[Problem, ...]] | None:
    """Why the number cannot be followed as far as a value; None when it can."""
    try:
        there = read.at(value).program
    except InputError as error:
        return "refused", error.problems
    units = Fraction(value) - Fraction(lever.value)
    return None if _alike(here, shifted(here, shift, units), there) else ("other", ())


def _alike(here: Program, moved: Program, there: Program) -> bool:
    """Whether a program moved from `here` is the one that is read there, but for rounding."""
    if moved.columns != there.columns or [r.name for r in moved.rows] != [r.name for r in there.rows]:
        return False
    ours, theirs = list(_numbers(moved)), list(_numbers(there))
    from_here = list(_numbers(here))
    if len({len(ours), len(theirs), len(from_here)}) > 1:
        return False
    triples = zip(ours, theirs, from_here, strict=True)
    return all(a == b or abs(a - b) <= SAME * max(abs(a), abs(b), abs(c)) for a, b, c in triples)


def _numbers(program: Program) -> Iterable[float]:
    yield from map(float, (*program.lower, *program.upper))
    for row in program.rows:
        yield from map(float, (row.lower, row.upper))
        for j, a in sorted(row.terms):
            if program.upper[j] > program.lower[j]:  # what stands still has moved to the bounds
                yield float(a)
