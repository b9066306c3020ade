"""What makes a plan possible: each number that does so alone, and all numbers together with the smallest changes.

What is told is rounded away from the number's old value, to a thousandth of the change or finer, and tried: the
case is read again with exactly the text that is told, and must have a plan. So 1 % less of the change has none.

Together: the largest relative change is made as small as possible, then the sum of all changes under it. The sum
alone would end in one number, which the single remedies tell already; this shares the burden.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from regionopt.case.case import Case
from regionopt.common.errors import InputError, LimitError, Problem, ToolError
from regionopt.doctor.elastic import (
    Elastic,
    least_amount,
    least_factor,
    loosened,
    moves_amounts_only,
    multiplies,
)
from regionopt.doctor.levers import Lever, changed, set_text
from regionopt.model.model import build
from regionopt.model.program import Program, Row
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


def _may_move(elastic: Elastic) -> set[int]:
    """Levers that may change together: none that was 0, and no national total beside a target computed from it,
    which would no longer follow it."""
    own = {lever.limit.names["metric"] for lever in elastic.levers if lever.limit.kind.key == "target"}
    return {
        k
        for k, lever in enumerate(elastic.levers)
        if lever.value and not (lever.limit.kind.key == "target_total" and lever.limit.names["metric"] in own)
    }


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
        value = rounded(lever, exact, digits)
        text = set_text(lever.path, value)
        if value != lever.value and works(case, ask, text):
            if lever.effect is not None and lever.effect.terms and _less_works(case, ask, lever, value):
                return None
            return Remedy(lever, exact, value, text)
    return None


def _less_works(case: Case, ask: Questions, lever: Lever, value: float) -> bool:
    """Whether 1 % less of a change would do as well: then it is not the least."""
    return works(case, ask, set_text(lever.path, lever.value + 0.99 * (value - lever.value)))


def rounded(lever: Lever, exact: Fraction, digits: int) -> float:
    """A value away from the old one, to so many digits of the change, within what the case file accepts."""
    change = exact - Fraction(lever.value)
    if not change:
        return lever.value
    unit = Decimal(1) if lever.whole else Decimal(1).scaleb(math.floor(math.log10(abs(change))) - digits + 1)
    units = exact / Fraction(unit)
    near = round(units)
    exactly = abs(units - near) * Fraction(unit) <= abs(change) * Fraction(NOTHING)
    count = near if exactly else math.ceil(units) if change > 0 else math.floor(units)
    return min(max(float(count * unit), lever.least), lever.allowed.maximum)


def works(case: Case, ask: Questions, *texts: str) -> bool:
    """Whether the case has a plan after `--set` of these texts."""
    try:
        instance = changed(case, *texts).instance
    except InputError:
        return False
    return ask.feasible(to_program(build(replace(instance, stages=())).problem))


@dataclass(frozen=True)
class Together:
    """Numbers that change together, none by more than `largest` (relative) but for rounding."""

    largest: float
    remedies: tuple[Remedy, ...]


def together(case: Case, ask: Questions, elastic: Elastic) -> Together | None:
    """The smallest joint change; None where no change of these numbers makes a plan possible.

    Raises ToolError where what was found is no plan of the case, LimitError when whole numbers took too long.
    """
    free = _may_move(elastic)
    even = _even(elastic, free)
    z = len(even.columns) - 1
    first = ask.least(even, "largest change", [*[0.0] * z, 1.0])
    if first is None:
        return None
    held = replace(even, upper=(*even.upper[:z], math.nextafter(float(first.value), math.inf)))
    second = ask.least(held, "all changes", [*elastic.costs(free), 0.0])
    if second is None:
        return None
    levers = [(elastic.levers[k], elastic.value(k, second.corner.x)) for k in sorted(free)]
    moved = [(lever, value) for lever, value in levers if abs(value - Fraction(lever.value)) > NOTHING * lever.scale]
    moved = list(_as_far_as_needed(case, ask, moved))
    for digits in DIGITS:
        values = [rounded(lever, exact, digits) for lever, exact in moved]
        texts = [set_text(lever.path, value) for (lever, _), value in zip(moved, values, strict=True)]
        if works(case, ask, *texts):
            parts = zip(moved, values, texts, strict=True)
            remedies = tuple(Remedy(lever, exact, value, text) for (lever, exact), value, text in parts)
            return Together(float(first.value), remedies)
    raise ToolError([Problem("not_proven", "together", float(first.value))])


def _as_far_as_needed(
    case: Case, ask: Questions, moved: Sequence[tuple[Lever, Fraction]]
) -> Sequence[tuple[Lever, Fraction]]:
    """The same changes, all by as much more or less as the case really needs.

    Two numbers of which one multiplies the other (a share and the budget) do more, or less, together than the sum of
    what each does: how far to go is then found by halving. Other changes stay as they are.
    """

    def at(part: Fraction) -> list[tuple[Lever, Fraction]]:
        return [(lever, Fraction(lever.value) * (1 - part) + part * exact) for lever, exact in moved]

    def enough(part: Fraction) -> bool:
        values = [(lever.path, min(max(float(v), lever.least), lever.allowed.maximum)) for lever, v in at(part)]
        return works(case, ask, *(set_text(path, value) for path, value in values))

    if enough(Fraction(1001, 1000)) and not enough(Fraction(999, 1000)):
        return moved
    few, many = Fraction(0), next((Fraction(n) for n in (1, 2, 4) if enough(Fraction(n))), None)
    if many is None:
        return moved
    while many - few > many / 2000:
        half = (few + many) / 2
        few, many = (few, half) if enough(half) else (half, many)
    return at(many)


def _even(elastic: Elastic, free: set[int]) -> Program:
    """The program with one more column: what no change of these levers may exceed."""
    program = elastic.only(free)
    z = len(program.columns)
    rows = (
        Row(
            f"even[{elastic.levers[k].path}]",
            ((elastic.more(k), 1.0), (elastic.less(k), 1.0), (z, -1.0)),
            -math.inf,
            0.0,
        )
        for k in sorted(free)
    )
    return replace(
        program,
        columns=(*program.columns, "largest"),
        lower=(*program.lower, 0.0),
        upper=(*program.upper, math.inf),
        rows=(*program.rows, *rows),
    )


def switches(case: Case, ask: Questions, paths: Sequence[str]) -> Iterator[str]:
    """Of flags that demand something, those without which there is a plan, as texts for `--set`."""
    for path in paths:
        if works(case, ask, f"{path}=false"):
            yield f"{path}=false"
