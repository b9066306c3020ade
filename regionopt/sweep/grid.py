"""Combinations of settings as runs: `--vary` reads ranges and lists, a grid is their cross product.

--vary budget.total=200:1200:50 --vary regions.east.floor_share=0,0.02,0.05      the last one changes fastest
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from regionopt.case.patches import How, Patch, number_text, parse, patch
from regionopt.common.errors import InputError, Problem, refuse
from regionopt.sweep.runs import Run, Signature, held
from regionopt.sweep.slots import Slot, plain, slots_of

# A range has at most so many values: more is a slip of the step.
MOST_VALUES = 10_000_000
# Of a list so many values are looked at before anything is solved.
LISTED = 50


@dataclass(frozen=True)
class Steps:
    """The values of a range, computed when they are asked for; `how` they act."""

    low: float
    step: float
    count: int
    how: How = "set"

    def number(self, k: int) -> float:
        """The k-th value: a whole number where it is one."""
        value = float(f"{self.low + k * self.step:.12g}")
        return int(value) if value.is_integer() else value

    def text(self, k: int) -> str:
        """The k-th value as a list would say it."""
        return number_text(self.number(k), self.how)


@dataclass(frozen=True)
class Axis:
    """One `--vary`: the path and its values, a range or a list as it is written, each a `--set`."""

    path: str
    values: Steps | tuple[str, ...]

    def __len__(self) -> int:
        return self.values.count if isinstance(self.values, Steps) else len(self.values)

    @property
    def kinds(self) -> int:
        """How many of its first values may differ in kind."""
        return 1 if isinstance(self.values, Steps) else min(len(self), LISTED)

    def text(self, k: int) -> str:
        """The k-th value as it is written."""
        if isinstance(self.values, Steps):
            return self.values.text(k)
        return self.values[k]

    def patch(self, k: int) -> Patch:
        """The k-th change."""
        if isinstance(self.values, Steps):
            return Patch(self.path, self.values.how, self.values.number(k), "--vary")
        return self._listed[k]

    @cached_property
    def _listed(self) -> tuple[Patch, ...]:
        assert not isinstance(self.values, Steps)
        return tuple(replace(parse(f"{self.path}={value}"), by="--vary") for value in self.values)

    @property
    def ends(self) -> list[Patch]:
        """Changes that hold the least and the largest value: those of a list are all needed."""
        every = (0, len(self) - 1) if isinstance(self.values, Steps) else range(len(self))
        return [self.patch(k) for k in every]

    def alike(self, how: str, told: object) -> int:
        """How many values are told so in a signature; those of a plain range are all alike."""
        if isinstance(self.values, Steps) and plain(self.path, self.values.low):
            return len(self) * ((self.patch(0).how, None) == (how, told))
        patches = map(self.patch, range(len(self)))
        return sum((p.how, held(p)) == (how, told) for p in patches)


@dataclass(frozen=True)
class Grid:
    """The cross product of axes; the last one changes fastest, so that neighbours follow each other."""

    axes: tuple[Axis, ...]

    @property
    def count(self) -> int:
        """How many runs."""
        return math.prod(map(len, self.axes))

    @property
    def columns(self) -> tuple[str, ...]:
        """The paths."""
        return tuple(axis.path for axis in self.axes)

    @cached_property
    def slots(self) -> Mapping[tuple[str, str], Slot]:
        """Plain numbers with their least and largest value."""
        return slots_of([item for axis in self.axes for item in axis.ends])

    def some(self, start: int, stop: int) -> list[Run]:
        """The runs from `start` to before `stop`."""
        return [self._run(k) for k in range(start, stop)]

    def _run(self, number: int) -> Run:
        left, chosen = number, []
        for axis in reversed(self.axes):
            left, k = divmod(left, len(axis))
            chosen.append((axis.patch(k), axis.text(k)))
        chosen.reverse()
        return Run(str(number + 1), tuple(patch for patch, _ in chosen), tuple(text for _, text in chosen))

    def alike(self, signature: Signature) -> int:
        """How many runs share what is fixed."""
        told = zip(self.axes, signature, strict=True)
        return math.prod(axis.alike(how, fixed) for axis, (_, how, fixed) in told)

    def examples(self) -> list[Patch]:
        """The first value of each range, and the first ones of each list: they may differ in kind."""
        return [axis.patch(k) for axis in self.axes for k in range(axis.kinds)]

    def told(self) -> object:
        """Paths with their values."""
        return [[axis.path, repr(axis.values)] for axis in self.axes]


def grid(texts: Sequence[str]) -> Grid:
    """The cross product of `PATH=VALUES`. Raises InputError with every one that cannot be read."""
    axes, problems = [], list[Problem]()
    for text in texts:
        try:
            axes.append(axis(text))
        except InputError as error:
            problems += error.problems
    for path in sorted({a.path for a in axes if [b.path for b in axes].count(a.path) > 1}):
        problems.append(Problem("vary_twice", "--vary", path))
    refuse(problems)
    return Grid(tuple(axes))


def axis(text: str) -> Axis:
    """`PATH=200:1200:50` (both ends are taken) or `PATH=0,0.02,0.05`; values and ends as after `--set`."""
    path, equals, values = (part.strip() for part in text.partition("="))
    if not equals or not path or not values:
        raise InputError([Problem("bad_vary", "--vary", text)])
    parts = values.split(":")
    if len(parts) == 1:
        listed = [value.strip() for value in values.split(",")]
        if "" in listed:
            raise InputError([Problem("bad_vary", "--vary", text)])
        return Axis(path, tuple(listed))
    return Axis(path, _range(text, parts))


def _range(text: str, parts: Sequence[str]) -> Steps:
    try:
        (how, low), (other, high) = map(_end, parts[:-1])
        step = float(parts[-1].strip().rstrip("x×"))
    except ValueError:
        raise InputError([Problem("bad_range", "--vary", text)]) from None
    if not all(map(math.isfinite, (low, high, step))):
        raise InputError([Problem("bad_range", "--vary", text)])
    if how != other or (how != "scale" and parts[-1].strip()[-1] in "x×"):
        raise InputError([Problem("range_mixed", "--vary", text)])
    if step == 0 or (high - low) * step < 0:
        raise InputError([Problem("empty_range", "--vary", text)])
    steps = (high - low) / step
    if steps > MOST_VALUES:
        raise InputError([Problem("range_too_fine", "--vary", text, {"most": MOST_VALUES})])
    return Steps(low, step, math.floor(steps + 1e-9) + 1, how)


def _end(part: str) -> tuple[How, float]:
    """How an end of a range acts, and its number. Raises ValueError where it has none."""
    read = patch("", part.strip(), "--vary")
    return read.how, float(read.value)
