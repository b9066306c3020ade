"""What one unit of a number changes in a program, and the program so many units on, exactly."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from regionopt.model.program import Program, Row
from regionopt.model.sums import ZERO, plus


@dataclass(frozen=True)
class Shift:
    """What one unit of a number changes: lower and upper bounds by thing (columns, then rows), and the coefficients
    of `row` by column. Where coefficients change, no other row's bounds do."""

    lower: Mapping[int, Fraction] = field(default_factory=dict)
    upper: Mapping[int, Fraction] = field(default_factory=dict)
    row: int | None = None
    terms: Mapping[int, Fraction] = field(default_factory=dict)

    def times(self, factor: Fraction) -> Shift:
        """So many units of it as one."""
        lower, upper, terms = (
            {key: factor * change for key, change in part.items()} for part in (self.lower, self.upper, self.terms)
        )
        return Shift(lower, upper, self.row, terms)


def opens(program: Program, shift: Shift, units: Fraction) -> bool:
    """Whether something whose bounds move gets room between them, or loses it, so many units on."""
    lower, upper = program.ends
    for thing in {*shift.lower, *shift.upper}:
        low, high = lower[thing], upper[thing]
        if not math.isinf(low) and not math.isinf(high):
            there = (
                _plus(low, shift.lower.get(thing, ZERO), units),
                _plus(high, shift.upper.get(thing, ZERO), units),
            )
            if (low < high) is not (there[0] < there[1]):
                return True
    return False


def shifted(program: Program, shift: Shift, units: Fraction) -> Program:
    """The program with so many more units of the number, exactly."""
    width = len(program.columns)
    lower, upper = map(list, program.ends)
    for bounds, changes in ((lower, shift.lower), (upper, shift.upper)):
        for thing, change in changes.items():
            bounds[thing] = _plus(bounds[thing], change, units)
    rows = list(program.rows)
    for thing in {*shift.lower, *shift.upper}:
        if thing >= width:
            rows[thing - width] = rows[thing - width].within(lower[thing], upper[thing])
    if shift.row is not None and shift.terms:
        rows[shift.row] = _changed(rows[shift.row], shift.terms, units)
    return replace(program, lower=tuple(lower[:width]), upper=tuple(upper[:width]), rows=tuple(rows))


def _changed(row: Row, terms: Mapping[int, Fraction], units: Fraction) -> Row:
    now: dict[int, float] = dict(row.terms)
    for j, change in terms.items():
        now[j] = _plus(now.get(j, 0.0), change, units)
    return Row(row.name, tuple(now.items()), row.lower, row.upper)


def _plus(bound: float, change: Fraction, units: Fraction) -> float:
    """A bound moved, exactly: a fraction stands where floats do."""
    return bound if math.isinf(bound) else plus(bound, change, units)  # type: ignore[return-value]
