"""What makes a plan possible: each number that does so alone.

What is told is rounded away from the number's old value, to a thousandth of the change or finer, and tried: the
case is read again with exactly the text that is told, and must have a plan. So 1 % less of the change has none.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from regionopt.case.case import Case
from regionopt.common.errors import InputError, LimitError, Problem, ToolError
from regionopt.doctor.elastic import Elastic, least_amount, loosened, moves_amounts_only
from regionopt.doctor.factors import least_factor, multiplies
from regionopt.doctor.levers import Lever, changed, set_text
from regionopt.model.model import build
from regionopt.model.program import Program
from regionopt.model.translate import to_program
from regionopt.solve.questions import Questions

# A change is told to this part of itself, then finer where that breaks something else.
DIGITS = range(4, 14, 2)
# Relative changes below this are none.
NOTHING = 1e-9
# Where both a fixed amount and one per resident are given, the stricter holds whatever becomes of the other.
STRICTER = ("floor", "floor_per_head", "ceiling", "ceiling_per_head")


@dataclass(frozen=True)
class Remedy:
    """A number with its new value: `exact` is the nearest that helps, `value` is told, `text` follows `--set`."""

    lever: Lever
    exact: Fraction
    value: float
    text: str

    @property
    def change(self) -> float | None:
        """The relative change; None of a number that was 0."""
        return (self.value - self.lever.value) / abs(self.lever.value) if self.lever.value else None


@dataclass(frozen=True)
class Alone:
    """Numbers that make a plan possible alone, numbers of the clash that cannot, and those that were not examined."""

    remedies: tuple[Remedy, ...]
    helpless: tuple[Lever, ...]
    unknown: tuple[Lever, ...]


def alone(case: Case, ask: Questions, elastic: Elastic, program: Program, levers: Sequence[Lever]) -> Alone:
    """Each of these numbers tried by itself."""
    remedies: list[Remedy] = []
    helpless: list[Lever] = []
    unknown: list[Lever] = []
    for lever in levers:
        try:
            found = _least(ask, elastic, program, lever)
            remedy = None if found is None else _told(case, ask, lever, found)
        except (ToolError, LimitError):
            unknown.append(lever)
            continue
        if remedy is not None:
            remedies.append(remedy)
        else:
            (helpless if found is None or lever.limit.kind.key in STRICTER else unknown).append(lever)
    return Alone(tuple(remedies), tuple(helpless), tuple(unknown))


def amounts(program: Program, levers: Sequence[Lever]) -> Elastic:
    """The program with every number let loose that moves amounts only."""
    return loosened(program, [lever for lever in levers if moves_amounts_only(lever, program)])


def _least(ask: Questions, elastic: Elastic, program: Program, lever: Lever) -> Fraction | None:
    """The exact value nearest to its own at which a number makes a plan possible."""
    if lever.effect is None:
        return None
    if lever in elastic.levers:
        return least_amount(ask, elastic, elastic.levers.index(lever))
    if not multiplies(lever, program):
        raise ToolError([Problem("not_proven", lever.path, lever.value)])
    return least_factor(ask, program, lever)


def _told(case: Case, ask: Questions, lever: Lever, exact: Fraction) -> Remedy | None:
    """The number as it is told, tried on the case; None where no rounding of it has a plan."""
    for digits in DIGITS:
        remedy = rounded(lever, exact, digits)
        if remedy.value != lever.value and works(case, ask, remedy.text):
            factor = lever.effect is not None and lever.effect.terms
            return None if factor and _less_works(case, ask, remedy) else remedy
    return None


def _less_works(case: Case, ask: Questions, remedy: Remedy) -> bool:
    """Whether 1 % less of a change would do as well: then it is not the least."""
    lever = remedy.lever
    return works(case, ask, set_text(lever.path, lever.value + 0.99 * (remedy.value - lever.value)))


def rounded(lever: Lever, exact: Fraction, digits: int) -> Remedy:
    """The number as it is told to so many digits of its change."""
    value = _away(lever, exact, digits)
    return Remedy(lever, exact, value, set_text(lever.path, value))


def _away(lever: Lever, exact: Fraction, digits: int) -> float:
    """A value away from the old one, to so many digits of the change, within what the case file accepts."""
    change = exact - Fraction(lever.value)
    if not change:
        return lever.value
    unit = Decimal(1) if lever.whole else Decimal(1).scaleb(math.floor(math.log10(abs(change))) - digits + 1)
    units = exact / Fraction(unit)
    near = round(units)
    exactly = abs(units - near) * Fraction(unit) <= abs(change) * Fraction(NOTHING)
    count = near if exactly else math.ceil(units) if change > 0 else math.floor(units)
    return lever.within(float(count * unit))


def works(case: Case, ask: Questions, *texts: str) -> bool:
    """Whether the case has a plan after `--set` of these texts."""
    try:
        instance = changed(case, *texts).instance
    except InputError:
        return False
    return ask.feasible(to_program(build(replace(instance, stages=())).problem))


def needless(case: Case, ask: Questions, paths: Iterable[str]) -> list[str]:
    """Of flags that demand something, those without which there is a plan."""
    return [path for path in paths if works(case, ask, f"{path}=false")]
