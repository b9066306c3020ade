"""The breakpoints of a curve as what changes from one to the next, and the way between two of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from regionopt.curves.curve import Curve, Stretch, jumps
from regionopt.curves.told import Key
from regionopt.model.sums import ZERO, Ratio


@dataclass(frozen=True)
class Point:
    """A breakpoint: what changes from the one before, and how far the numbers bend on the way to the next.

    Where numbers jump several stand at one value: what comes from the left, what `holds` there, what goes on.
    """

    at: Fraction
    changes: Mapping[Key, Fraction]
    bend: Fraction
    holds: bool = False


def corners(where: Sequence[int], numbers: Sequence[Ratio], count: int) -> tuple[list[int], list[float]]:
    """The breakpoints between which a number is a straight line, with its values there."""
    known: list[int] = []
    kept: list[float] = []
    for place, (i, (n, below)) in enumerate(zip(where, numbers, strict=True)):
        if known and known[-1] < i - 1:  # it stood still until the breakpoint before
            known.append(i - 1)
            kept.append(kept[-1])
        known.append(i)
        kept.append(n / below)
        if place == len(where) - 1 and i < count - 1:
            known.append(count - 1)
            kept.append(n / below)
    return known, kept


def way_on(stretch: Stretch, value: Fraction) -> Fraction:
    """How much of the way from the first to the last number of a stretch is gone at a value."""
    if stretch.low == stretch.high:
        return ZERO
    part = (value - stretch.low) / (stretch.high - stretch.low)
    return part * (1 + stretch.bend) / (1 + stretch.bend * part)


def points_of(curve: Curve) -> list[Point]:
    """Breakpoints as changes from one to the next; the first has every number."""
    now = _leftmost(curve)
    points: list[Point] = []
    stretches = curve.stretches
    for k, stretch in enumerate(stretches):
        if not k:
            points.append(Point(stretch.low, dict(now), stretch.bend))
        elif jumps(stretches[k - 1], stretch):
            jumped = {key: value for key, value in stretch.first.items() if now[key] != value}
            points.append(Point(stretch.low, jumped, stretch.bend))
            now |= jumped
        else:
            points[-1] = replace(points[-1], bend=stretch.bend)
        if k and stretch.low == stretch.high:
            points[-1] = replace(points[-1], holds=True)
        last = stretch.last
        if stretch.whole:
            last = {key: value for key, value in last.items() if now[key] != value}
            now |= last
        if stretch.low < stretch.high:
            points.append(Point(stretch.high, last, ZERO))
    return points


def _leftmost(curve: Curve) -> dict[Key, Fraction]:
    """Every number where the curve begins."""
    there = dict.fromkeys(curve.base, curve.base)
    for stretch in reversed(curve.stretches):
        there |= dict.fromkeys(stretch.first, stretch.first)
    return {key: numbers[key] for key, numbers in there.items()}
