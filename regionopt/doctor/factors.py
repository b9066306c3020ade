"""Numbers that multiply money (a ratio, a growth, a rate), and the exact least change that makes a plan possible.

As Dinkelbach did for fractions: at a value that works, the plan that keeps its rows most easily needs less than that
value; what it needs is the next value. Each value works, the last one is the least.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from regionopt.common.errors import ToolError
from regionopt.doctor.levers import Lever
from regionopt.model.program import Program, Row
from regionopt.model.scaling import spans
from regionopt.model.sums import activities
from regionopt.solve.questions import Questions

STEPS = 60
# Relative; two values that differ by less are the same.
SAME = 1e-12
# How far from its value a factor is sought at first, and by how much further each time.
FIRST, FURTHER = 1.0, 8.0


def multiplies(lever: Lever, program: Program) -> bool:
    """Whether a number multiplies money in rows that are no equations."""
    effect = lever.effect
    if effect is None or effect.columns:
        return False
    touched = {*effect.terms, *effect.rows}
    return bool(effect.terms) and all(program.rows[i].lower < program.rows[i].upper for i in touched)


def least_factor(ask: Questions, program: Program, lever: Lever) -> Fraction | None:
    """The value nearest to its own at which a factor makes a plan possible, by the nearer of both directions; None
    where none is found.

    Raises ToolError where one direction could not be settled and the other does not help.
    """
    found: list[Fraction] = []
    broken: ToolError | None = None
    for sign in (1, -1):
        try:
            value = _least_change(ask, program, lever, sign)
        except ToolError as error:  # numbers of very different size, far from where the number is
            broken, value = error, None
        found += [] if value is None else [value]
    if broken is not None and not found:
        raise broken
    return min(found, key=lambda value: abs(value - Fraction(lever.value)), default=None)


def _least_change(ask: Questions, program: Program, lever: Lever, sign: int) -> Fraction | None:
    """The value after the least change in one direction: from a value that works, ever nearer."""
    change = next((w for far in _farther(lever, sign) if (w := _needed(ask, program, lever, far)) is not None), None)
    if change is None:
        return None
    for _ in range(STEPS):
        try:
            nearer = _needed(ask, program, lever, change)
        except ToolError:  # nothing is left between this value and the least: too close to tell
            break
        if nearer is None or abs(nearer) >= abs(change) * (1 - SAME):
            break
        change = nearer
    return Fraction(lever.value) + Fraction(change)


def _farther(lever: Lever, sign: int) -> Iterator[float]:
    """Changes to try in one direction, up to what the case file accepts."""
    most = (lever.allowed.maximum - lever.value) if sign > 0 else (lever.value - lever.least)
    size = FIRST * lever.scale
    while 0 < size < most:
        yield sign * size
        size *= FURTHER
    if most > 0:
        yield sign * most


def _needed(ask: Questions, program: Program, lever: Lever, change: float) -> float | None:
    """What the plan that keeps the rows at this change most easily needs of it; None where no plan keeps them."""
    at = moved(program, lever, change)
    touched = [i for i, (new, old) in enumerate(zip(at.rows, program.rows, strict=True)) if new is not old]
    most, far = len(at.columns), at.matrix.reach(spans(at)).tolist()
    eased = replace(
        at,
        columns=(*at.columns, "ease"),
        lower=(*at.lower, -1.0),
        upper=(*at.upper, math.inf),
        rows=tuple(_eased(row, most, far[i]) if i in touched else row for i, row in enumerate(at.rows)),
    )
    found = ask.least(eased, lever.path, [*[0.0] * most, 1.0])
    if found is None or found.value > 0:
        return None
    return _enough(program, lever, touched, found.corner.x[:most], change)


def moved(program: Program, lever: Lever, change: float) -> Program:
    """The program after a change of the number, in its unit."""
    effect = lever.effect
    if effect is None:
        return program
    rows = list(program.rows)
    for i in {*effect.terms, *effect.rows}:
        row, (low, up) = rows[i], effect.rows.get(i, (0.0, 0.0))
        terms = dict(row.terms)
        for j, slope in effect.terms.get(i, ()):
            terms[j] = terms.get(j, 0.0) + slope * change
        rows[i] = Row(row.name, tuple(terms.items()), row.lower + low * change, row.upper + up * change)
    return replace(program, rows=tuple(rows))


def _eased(row: Row, column: int, size: float) -> Row:
    """The row with what makes it easier to keep, in units of how far it can move: so that whatever its numbers are
    counted in, its bound of 1 leaves room for the plan that keeps the row most easily."""
    sign = 1.0 if math.isinf(row.upper) else -1.0
    return Row(row.name, (*row.terms, (column, sign * (size or 1.0))), row.lower, row.upper)


def _enough(program: Program, lever: Lever, touched: Sequence[int], x: Sequence[Fraction], change: float) -> float:
    """The smallest change, towards none, at which a plan keeps the touched rows: at `change` it keeps them.

    Each side of a row is  kept0 + change · rate ≥ 0  at this plan.
    """
    old = [program.rows[i] for i in touched]
    new = [moved(program, lever, change).rows[i] for i in touched]
    least = Fraction(0)
    for before, after, a, b in zip(old, new, activities(old, x), activities(new, x), strict=True):
        sides = [(a - Fraction(before.lower), b - Fraction(after.lower))] if math.isfinite(before.lower) else []
        sides += [(Fraction(before.upper) - a, Fraction(after.upper) - b)] if math.isfinite(before.upper) else []
        for kept0, kept in sides:
            if kept0 < 0 <= kept:
                least = max(least, kept0 / (kept0 - kept))
    return _outward(least * Fraction(change), change)


def _outward(value: Fraction, towards: float) -> float:
    """The nearest float that is not nearer to none."""
    nearest = float(value)
    short = Fraction(nearest) < value if towards > 0 else Fraction(nearest) > value
    return math.nextafter(nearest, math.copysign(math.inf, towards)) if short else nearest
