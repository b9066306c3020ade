"""What makes a plan possible together: all numbers with the smallest joint change.

The largest relative change is made as small as possible, then the sum of all changes under it. The sum alone would
end in one number, which the single remedies tell already; this shares the burden.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from regionopt.case.case import Case
from regionopt.common.errors import Problem, ToolError
from regionopt.doctor.elastic import Elastic
from regionopt.doctor.levers import Lever, set_text
from regionopt.doctor.remedies import DIGITS, NOTHING, Remedy, rounded, works
from regionopt.model.program import Program, Row
from regionopt.solve.questions import Questions

# Numbers with what they become, exactly.
Changes = Sequence[tuple[Lever, Fraction]]


def together(case: Case, ask: Questions, elastic: Elastic) -> tuple[Remedy, ...] | None:
    """The smallest joint change; None where no change of these numbers makes a plan possible.

    Raises ToolError where what was found is no plan of the case, LimitError when whole numbers took too long.
    """
    found = _least(ask, elastic, _may_move(elastic))
    if found is None:
        return None
    largest, moved = found
    needed = _as_far_as_needed(case, ask, moved)
    for digits in DIGITS:
        remedies = tuple(rounded(lever, exact, digits) for lever, exact in needed)
        if works(case, ask, *(remedy.text for remedy in remedies)):
            return remedies
    raise ToolError([Problem("not_proven", "together", float(largest))])


def _least(ask: Questions, elastic: Elastic, free: set[int]) -> tuple[Fraction, Changes] | None:
    """The largest relative change, as small as it can be, and the numbers that change under it by the least sum."""
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
    return first.value, moved


def _as_far_as_needed(case: Case, ask: Questions, moved: Changes) -> Changes:
    """The same changes, all by as much more or less as the case really needs.

    Two numbers of which one multiplies the other (a share and the budget) do more, or less, together than the sum of
    what each does: how far to go is then found by halving. Other changes stay as they are.
    """

    def at(part: Fraction) -> Changes:
        return [(lever, Fraction(lever.value) * (1 - part) + part * exact) for lever, exact in moved]

    def enough(part: Fraction) -> bool:
        return works(case, ask, *(set_text(lever.path, lever.within(float(value))) for lever, value in at(part)))

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
    named = {k: f"even[{elastic.levers[k].path}]" for k in sorted(free)}
    terms = {k: ((elastic.more(k), 1.0), (elastic.less(k), 1.0), (z, -1.0)) for k in named}
    rows = (Row(name, terms[k], -math.inf, 0.0) for k, name in named.items())
    return replace(
        program,
        columns=(*program.columns, "largest"),
        lower=(*program.lower, 0.0),
        upper=(*program.upper, math.inf),
        rows=(*program.rows, *rows),
    )


def _may_move(elastic: Elastic) -> set[int]:
    """Levers that may change together: none that was 0, and no national total beside a target computed from it,
    which would no longer follow it."""
    own = {lever.limit.names["metric"] for lever in elastic.levers if lever.limit.kind.key == "target"}
    return {
        k
        for k, lever in enumerate(elastic.levers)
        if lever.value and not (lever.limit.kind.key == "target_total" and lever.limit.names["metric"] in own)
    }
