"""A curve with its case: what is read off it, at any point and at its breakpoints.

Every breakpoint is known (`walk`), and between two of them every number is known as well (`curve`). At a value at
which numbers jump, the plan that holds there is read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from regionopt.case.case import Case
from regionopt.common.document import Status
from regionopt.common.errors import InputError, Problem
from regionopt.common.instance import Target
from regionopt.curves.curve import Curve, jumps
from regionopt.curves.points import Point, grid, points_of, read_at, way_on
from regionopt.curves.told import KINDS, Key
from regionopt.model.program import Program
from regionopt.model.sums import ZERO, Ratio
from regionopt.model.vectors import ratios

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Part:
    """A part of the range: `optimal`, `infeasible`, or not followed: `allowed` (more than the case file accepts),
    `refused` (with what it says), `other` (the number acts otherwise there), `unseen` (too many pieces)."""

    low: float
    high: float
    status: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Reading:
    """The plan at one value; nothing but the status where there is none. Exact fractions.

    `targets` are the relative shortfalls by (metric, region, …).
    """

    at: Fraction
    status: Status
    stages: Mapping[str, Fraction]
    regions: Mapping[str, Fraction]
    programmes: Mapping[str, Fraction]
    tranches: Mapping[str, Fraction]
    output: Mapping[str, Fraction]
    jobs: Mapping[str, Fraction]
    targets: Mapping[tuple[str, ...], Fraction]


@dataclass(frozen=True)
class Goal:
    """A target along the curve: `amount` where the number is 0, and how much it grows with a unit of it."""

    target: Target
    amount: Fraction
    slope: Fraction

    def at(self, value: Fraction) -> Fraction:
        """What is aimed at, at a value of the number."""
        return self.amount + value * self.slope


@dataclass(frozen=True)
class Frontier:
    """A curve over a number (`over`, its path), from `start` to `end` as it was asked for.

    `trade` names the two quantities where one is set against the other. `program` names what sits in the basis.
    """

    case: Case
    over: str
    unit: str
    own: float | None
    start: float
    end: float
    parts: tuple[Part, ...]
    curve: Curve
    goals: tuple[Goal, ...]
    program: Program
    trade: tuple[str, str] | None = None

    @property
    def bent(self) -> bool:
        """Whether numbers bend between breakpoints or jump at them."""
        return any(stretch.whole for stretch in self.curve.stretches)

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """Every number that is told."""
        return tuple(self.curve.base)

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """The breakpoints from left to right, with the ends of the curve; where numbers jump, several at a value."""
        return tuple(points_of(self.curve))

    @cached_property
    def _lows(self) -> list[Fraction]:
        return [stretch.low for stretch in self.curve.stretches]

    @cached_property
    def _tracks(self) -> Mapping[Key, tuple[list[int], list[Ratio]]]:
        """By number: at which breakpoints it changes, and to what."""
        found: dict[Key, tuple[list[int], list[Ratio]]] = {key: ([], []) for key in self.keys}
        for i, point in enumerate(self.points):
            for key, value in ratios(point.changes):
                where, values = found[key]
                where.append(i)
                values.append(value)
        return found

    @cached_property
    def _starts(self) -> list[int]:
        """The breakpoint at which each stretch begins."""
        starts, i = [], 0
        for k, stretch in enumerate(self.curve.stretches):
            starts.append(i)
            following = self.curve.stretches[k + 1 : k + 2]
            i += (stretch.low < stretch.high) + bool(following and jumps(stretch, following[0]))
        return starts

    def status(self, value: Fraction | float) -> Status:
        """Whether there is a plan at a value. Raises InputError where the curve was not followed."""
        exact = Fraction(value)
        if self.curve.stretches and self._lows[0] <= exact <= self.curve.stretches[-1].high:
            return Status.OPTIMAL
        for part in self.parts:
            if part.low <= exact <= part.high and part.status == "infeasible":
                return Status.INFEASIBLE
        raise InputError([Problem("curve_outside", self.over, f"{float(exact):g}", self._followed())])

    def _followed(self) -> dict[str, object]:
        good = [part for part in self.parts if part.status in ("optimal", "infeasible")]
        if not good:
            return {"low": "–", "high": "–"}
        return {"low": f"{good[0].low:.10g}", "high": f"{good[-1].high:.10g}"}

    def at(self, value: Fraction | float) -> Reading:
        """The plan at a value, as a run there would give it. Raises InputError where the curve was not followed."""
        exact = Fraction(value)
        status = self.status(exact)
        numbers = self._numbers(exact) if status is Status.OPTIMAL else {}
        of: dict[str, dict[str, Fraction]] = {kind: {} for kind in KINDS}
        for (kind, name), number in numbers.items():
            of[kind][name] = number
        short = {}
        for goal in self.goals if numbers else ():
            aimed, key = goal.at(exact), goal.target.key
            reached = of["reached"].get(",".join(key))
            gained = of[goal.target.metric][goal.target.region] if reached is None else reached
            short[key] = max(ZERO, 1 - gained / aimed)
        plan = {kind: of[kind] for kind in KINDS if kind != "reached"}
        return Reading(exact, status, targets=short, **plan)

    def _numbers(self, value: Fraction) -> dict[Key, Fraction]:
        k = bisect_right(self._lows, value) - 1
        if k and self.curve.stretches[k - 1].low == value:  # what holds where numbers jump
            k -= 1
        stretch, i = self.curve.stretches[k], self._starts[k]
        way = way_on(stretch, value)
        found = {}
        for key, (where, values) in self._tracks.items():
            place = bisect_right(where, i) - 1
            number = Fraction(*values[place])
            if place + 1 < len(where) and where[place + 1] == i + 1:
                number += way * (Fraction(*values[place + 1]) - number)
            found[key] = number
        return found

    def table(self, values: Sequence[float], keys: Sequence[Key] | None = None) -> Mapping[Key, np.ndarray]:
        """Many points at once, as floats: an array a number; nan where there is no plan."""
        import numpy as np

        asked = np.asarray(values, dtype=float)
        keys = self.keys if keys is None else keys
        if not self.curve.stretches:
            return {key: np.full(len(asked), np.nan) for key in keys}
        if self.bent:
            rows = [self._numbers(Fraction(v)) if self._inside(v) else {} for v in asked]
            return {key: np.array([float(row.get(key, np.nan)) for row in rows]) for key in keys}
        read = read_at(*self._grid, asked)
        column = {key: j for j, key in enumerate(self.keys)}
        return {key: read[:, column[key]] for key in keys}

    @cached_property
    def _grid(self) -> tuple[np.ndarray, np.ndarray]:
        return grid(self.points, self._tracks.values())

    def _inside(self, value: float) -> bool:
        return self._lows[0] <= Fraction(value) <= self.curve.stretches[-1].high
