"""The numbers of a case that a planner may change, and what a change of each does to the rows of the program.

What a number does is not written down anywhere: the case is read again with the number a little changed, exactly
as `--set` would, and the two programs are compared. So a number that stands in several rows moves all of them (the
budget moves every share of it), and a number that the rules of the case file hold fast moves nothing.

    lower[i] + δ · lower'[i]  ≤  Σ (a[i,j] + δ · a'[i,j]) x[j]  ≤  upper[i] + δ · upper'[i]

Returns, widths, spillovers, dates and what is left of returns describe the programmes: they are taken as they are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from regionopt.case.case import Case
from regionopt.case.checks import RANGES
from regionopt.case.limits import Limit, of_path
from regionopt.case.patches import parse
from regionopt.case.stated import ranges
from regionopt.common.errors import InputError
from regionopt.common.instance import Instance
from regionopt.common.quantity import Range
from regionopt.doctor.clash import limits_only
from regionopt.model.program import Program, Row

# What rounding makes of a coefficient that is computed twice.
NOISE = 1e-11
# Numbers that come in whole ones.
COUNTS = ("minimum", "maximum")
NOT_EXAMINED = ("arising", "counted", "unlock", "general")

Terms = tuple[tuple[int, float], ...]
Bounds = tuple[float, float]


@dataclass(frozen=True)
class Effect:
    """What one unit more of a number adds: to coefficients and bounds of rows, to bounds of columns."""

    terms: Mapping[int, Terms]
    rows: Mapping[int, Bounds]
    columns: Mapping[int, Bounds]


@dataclass(frozen=True)
class Lever:
    """A number of the case that stands in some limit; `effect` is None where its rules let nothing change alone."""

    limit: Limit
    value: float
    unit: str
    allowed: Range
    effect: Effect | None

    @property
    def path(self) -> str:
        """Where the number stands in the case file, as `--set` names it."""
        return self.limit.path

    @property
    def whole(self) -> bool:
        """Whether the number counts things."""
        return self.limit.kind.key in COUNTS

    @property
    def scale(self) -> float:
        """What a change is measured by: the number itself, 1 where it is 0."""
        return abs(self.value) or 1.0

    @property
    def least(self) -> float:
        """The smallest value that the case file accepts."""
        return self.allowed.minimum + (1e-9 * self.scale if self.allowed.above else 0.0)

    def within(self, value: float) -> float:
        """The value nearest to this one that the case file accepts."""
        return min(max(value, self.least), self.allowed.maximum)

    def touched(self, program: Program) -> frozenset[str]:
        """Names of the rows that change with the number, also through a column of theirs."""
        if self.effect is None:
            return frozenset()
        numbers = {*self.effect.terms, *self.effect.rows}
        held = set(self.effect.columns)
        return frozenset(
            row.name for i, row in enumerate(program.rows) if i in numbers or held & {j for j, _ in row.terms}
        )


Reader = Callable[[Instance], Program]


def levers(case: Case, program: Program, read: Reader = limits_only) -> tuple[Lever, ...]:
    """Every number of a limit that the program hangs on, in the order of the case file; `read` makes the program."""
    found = (_lever(case, program, read, *number) for number in _numbers(case))
    return tuple(lever for lever in found if lever.effect is None or lever.effect != Effect({}, {}, {}))


def lever_at(case: Case, program: Program, read: Reader, path: str) -> Lever | None:
    """The number at one path; None where it stands in no limit, or moves nothing."""
    for number in _numbers(case):
        if number[0].path == path:
            lever = _lever(case, program, read, *number)
            return None if lever.effect == Effect({}, {}, {}) else lever
    return None


def changed(case: Case, *texts: str) -> Case:
    """The case after `--set` of these texts. What it breaks is found when it is read."""
    return case.patched(*map(parse, texts))


def set_text(path: str, value: float) -> str:
    """What follows `--set`. A sign at the front would add, so that a negative number is put in braces."""
    told = f"{value:.17g}" if float(f"{value:.15g}") != value else f"{value:.15g}"
    return f"{path}={{value={told}}}" if value < 0 else f"{path}={told}"


def _numbers(case: Case) -> Iterator[tuple[Limit, float, str, Range]]:
    """Numbers of limits: those of the case file, then the targets of its regions."""
    allowed = ranges(case.resolved.context)
    for path, quantity in case.resolved.numbers.items():
        limit = of_path(path)
        if limit is not None and limit.kind.key not in NOT_EXAMINED:
            yield limit, quantity.value, quantity.unit, allowed.get(path, RANGES["targets"])


def _lever(
    case: Case, program: Program, read: Reader, limit: Limit, value: float, unit: str, allowed: Range
) -> Lever:
    lever = Lever(limit, value, unit, allowed, None)
    for step in _steps(lever):
        try:
            after = read(changed(case, set_text(lever.path, value + step)).instance)
        except InputError:
            continue
        if (effect := effect_of(program, after, value + step - value)) is not None:
            return replace(lever, effect=effect)
    return lever


def _steps(lever: Lever) -> Iterator[float]:
    """Small changes up and down: a power of two, so that hardly anything is rounded; whole numbers by one."""
    size = 1.0 if lever.whole else math.ldexp(1.0, math.frexp(lever.scale)[1] - 7)
    for step in (size, -size):
        if lever.least <= lever.value + step <= lever.allowed.maximum:
            yield step


def effect_of(before: Program, after: Program, step: float) -> Effect | None:
    """The difference of two programs by unit of the number; None where they have other rows or columns."""
    if before.columns != after.columns or [r.name for r in before.rows] != [r.name for r in after.rows]:
        return None
    terms, rows = {}, {}
    for i, (old, new) in enumerate(zip(before.rows, after.rows, strict=True)):
        if old == new:
            continue
        slopes, shift = _slopes(before, old, new, step)
        bounds = _slope(old.lower, new.lower, step), _slope(old.upper, new.upper, step)
        moved = tuple(
            b - shift if math.isfinite(o) else 0.0 for b, o in zip(bounds, (old.lower, old.upper), strict=True)
        )
        if slopes:
            terms[i] = slopes
        if any(moved):
            rows[i] = (moved[0], moved[1])
    columns = {
        j: (_slope(before.lower[j], after.lower[j], step), _slope(before.upper[j], after.upper[j], step))
        for j in range(len(before.columns))
        if (before.lower[j], before.upper[j]) != (after.lower[j], after.upper[j])
    }
    return Effect(terms, rows, columns)


def _slopes(program: Program, old: Row, new: Row, step: float) -> tuple[Terms, float]:
    """How coefficients change, and the same of columns that stand still, as an amount."""
    was, now = dict(old.terms), dict(new.terms)
    slopes = {j: _slope(was.get(j, 0.0), now.get(j, 0.0), step) for j in {**was, **now}}
    still = {j: a for j, a in slopes.items() if program.lower[j] == program.upper[j]}
    shift = sum(a * program.lower[j] for j, a in still.items())
    return tuple((j, a) for j, a in slopes.items() if a and j not in still), shift


def _slope(old: float, new: float, step: float) -> float:
    if math.isinf(old) or math.isclose(old, new, rel_tol=NOISE):
        return 0.0
    return (new - old) / step
