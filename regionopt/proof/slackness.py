"""Complementary slackness: a plan and prices that prove each other best, without adding anything up.

A plan `x` that keeps every row and bound is optimal where everything that has a price is at the bound that it is
priced for: a column of positive reduced cost, or a row of positive price, at its lower bound, one of negative at its
upper. The value of the plan is then the bound that the prices prove, exactly.

Nothing is rounded: what floats decide beyond their error is decided, and what they do not is compared in fractions.
"""

from __future__ import annotations

import numpy as np

from regionopt.model.matrix import Ints
from regionopt.model.points import Point, activity_at, activity_near
from regionopt.model.program import Program
from regionopt.model.sums import Ratio, beyond
from regionopt.proof.forms import Form


def proves(program: Program, x: Point, form: Form) -> bool:
    """Whether a plan and the prices of a form (its reduced costs and row prices) prove each other best.

    Nothing is said of a program in which fractions stand.
    """
    if program.fractional:
        return False
    signs = form.signs(np.arange(len(program.columns) + len(program.rows)))
    return _columns(program, x, signs) and _rows(program, x, signs[len(program.columns) :])


def _columns(program: Program, x: Point, signs: Ints) -> bool:
    """Whether every column rests where its price wants it."""
    (low, high), at = (part[: len(x)] for part in program.bounds), x.near
    between, paid = (low <= at) & (at <= high), signs[: len(x)]
    rest = np.where(paid > 0, at == low, np.where(paid < 0, at == high, between))
    # Rounding keeps the order: a value that is no float is between two bounds where the float next to it is.
    rest = np.where(x.is_other, (paid == 0) & (low < at) & (at < high), rest)
    return all(
        j in x.other and _rests(x.other[j].as_integer_ratio(), int(paid[j]), program.lower[j], program.upper[j])
        for j in np.flatnonzero(~rest).tolist()
    )


def _rows(program: Program, x: Point, signs: Ints) -> bool:
    """Whether every row does."""
    low, high = (part[len(x) :] for part in program.bounds)
    near, error = activity_near(program, x)
    inside = (signs == 0) & (near - error >= low) & (near + error <= high)
    left = np.flatnonzero(~inside)
    parts = (part[left].tolist() for part in (signs, low, high))
    return all(_rests(*told) for told in zip(activity_at(program, x, left.tolist()), *parts, strict=True))


def _rests(value: Ratio, sign: int, low: float, high: float) -> bool:
    """Whether a value is at the bound that its price is paid for, or between both where it has none."""
    if sign:
        return beyond(value, low if sign > 0 else high) == 0
    return beyond(value, low) >= 0 and beyond(value, high) <= 0
