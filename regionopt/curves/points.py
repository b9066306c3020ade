"""The breakpoints of a curve as what changes from one to the next, and the way between two of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from regionopt.curves.curve import Curve, Stretch, jumps
from regionopt.curves.told import Key
from regionopt.model.sums import ZERO, Ratio

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Point:
    """A breakpoint: what changes from the one before, and how far the numbers bend on the way to the next.

    Where numbers jump several stand at one value: what comes from the left, what `holds` there, what goes on.
    """

    at: Fraction
    changes: Mapping[Key, Fraction]
    bend: Fraction
    holds: bool = False


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


def grid(
    points: Sequence[Point], tracks: Iterable[tuple[Sequence[int], Sequence[Ratio]]]
) -> tuple[np.ndarray, np.ndarray]:
    """The breakpoints, and what numbers are there (a column a number), as floats; of each number is given at which
    breakpoints it changes, and to what."""
    import numpy as np

    at = np.array([float(point.at) for point in points])
    columns = [
        np.repeat([n / below for n, below in numbers], np.diff([*where, len(at)])) for where, numbers in tracks
    ]
    return at, np.stack(columns, axis=1)


def read_at(at: np.ndarray, known: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Numbers at many values (a row a value), on straight lines from breakpoint to breakpoint; nan outside."""
    import numpy as np

    inside = (asked >= at[0]) & (asked <= at[-1])
    there = np.where(inside, asked, at[0])
    places = np.searchsorted(at, there, side="right") - 1
    way = (there - at[places]) / np.diff(at, append=np.inf)[places]
    read: np.ndarray = np.diff(known, axis=0, append=known[-1:])[places]
    read *= way[:, None]
    read += known[places]
    read[~inside] = np.nan
    return read
