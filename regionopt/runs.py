"""Many runs as one value: the k-th run is computed when it is asked for, so that a million take no memory.

--vary budget.total=200:1200:50 --vary regions.east.floor_share=0,0.02,0.05      cross product, the last one fastest
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from regionopt.effects import Slot, Template, plain
from regionopt.errors import InputError, Problem, refuse
from regionopt.overrides import Patch, parse

# A range has at most so many values: more is a slip of the step.
MOST_VALUES = 10_000_000
Signature = tuple[tuple[str, str, object], ...]


class Order(Protocol):
    """Runs by number: their changes, their inputs as they are written, and how many are like each."""

    @property
    def count(self) -> int: ...

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the inputs."""
        ...

    @property
    def slots(self) -> Mapping[tuple[str, str], Slot]:
        """The plain numbers that runs change, by path and how."""
        ...

    def some(self, start: int, stop: int) -> list[Run]:
        """The runs from `start` to before `stop`."""
        ...

    def alike(self, signature: Signature) -> int:
        """How many runs differ only in plain numbers from one of this signature."""
        ...

    def examples(self) -> list[Patch]:
        """Every path that is changed, each way once."""
        ...

    def told(self) -> object:
        """The whole order as JSON can hold it, for `--resume`."""
        ...


@dataclass(frozen=True)
class Run:
    """One run: its name, its changes in order, its inputs as they are written."""

    name: str
    patches: tuple[Patch, ...]
    inputs: tuple[str, ...]

    @cached_property
    def signature(self) -> Signature:
        """What is fixed among runs that are alike: the settings, without the values of plain numbers."""
        return tuple((p.path, p.how, None if plain(p.path, p.value) else repr(p.value)) for p in self.patches)

    def template(self) -> tuple[Template, tuple[tuple[str, str], ...], tuple[float, ...]]:
        """The changes with plain numbers taken out; the settings that these are, and their values."""
        template: list[Patch | int] = []
        keys = list[tuple[str, str]]()
        for item, (_, _, fixed) in zip(self.patches, self.signature, strict=True):
            template.append(len(keys) if fixed is None else item)
            if fixed is None:
                keys.append((item.path, item.how))
        return template, tuple(keys), self.values()

    def values(self) -> tuple[float, ...]:
        """The plain numbers, in order."""
        told = zip(self.patches, self.signature, strict=True)
        return tuple(float(item.value) for item, (_, _, fixed) in told if fixed is None)


@dataclass(frozen=True)
class Axis:
    """One `--vary`: the path and its values as they are written, each a `--set`."""

    path: str
    texts: Sequence[str]

    @cached_property
    def patches(self) -> tuple[Patch, ...]:
        """The changes, one a value."""
        return tuple(parse(f"{self.path}={value}") for value in self.texts)


@dataclass(frozen=True)
class Grid:
    """The cross product of axes; the last one changes fastest, so that neighbours follow each other."""

    axes: tuple[Axis, ...]

    @property
    def count(self) -> int:
        """How many runs."""
        return math.prod(len(axis.texts) for axis in self.axes)

    @property
    def columns(self) -> tuple[str, ...]:
        """The paths."""
        return tuple(axis.path for axis in self.axes)

    @cached_property
    def slots(self) -> Mapping[tuple[str, str], Slot]:
        """Plain numbers with their least and largest value."""
        return slots_of([item for axis in self.axes for item in axis.patches])

    def some(self, start: int, stop: int) -> list[Run]:
        """The runs from `start` to before `stop`."""
        return [self._run(k) for k in range(start, stop)]

    def _run(self, number: int) -> Run:
        left, chosen = number, []
        for axis in reversed(self.axes):
            left, k = divmod(left, len(axis.texts))
            chosen.append((axis.patches[k], axis.texts[k]))
        chosen.reverse()
        return Run(str(number + 1), tuple(patch for patch, _ in chosen), tuple(text for _, text in chosen))

    def alike(self, signature: Signature) -> int:
        """How many runs share what is fixed."""
        return math.prod(
            sum((p.how, None if plain(p.path, p.value) else repr(p.value)) == (how, told) for p in axis.patches)
            for axis, (_, how, told) in zip(self.axes, signature, strict=True)
        )

    def examples(self) -> list[Patch]:
        """The first value of each axis."""
        return [axis.patches[0] for axis in self.axes]

    def told(self) -> object:
        """Paths with their values."""
        return [[axis.path, list(axis.texts)] for axis in self.axes]


def slots_of(patches: Sequence[Patch]) -> dict[tuple[str, str], Slot]:
    """The plain numbers among changes, with their least and largest value."""
    found: dict[tuple[str, str], Slot] = {}
    for item in patches:
        if plain(item.path, item.value):
            value, key = float(item.value), (item.path, item.how)
            old = found.get(key)
            low, high = (value, value) if old is None else (min(old.low, value), max(old.high, value))
            found[key] = Slot(item.path, item.how, low, high)
    return found


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
    """`PATH=200:1200:50` (both ends are taken) or `PATH=0,0.02,0.05`; values as after `--set`."""
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


def _range(text: str, parts: Sequence[str]) -> tuple[str, ...]:
    ends = {part.strip()[-1:] for part in parts} & {"x", "×"}
    try:
        low, high, step = (float(part.strip().rstrip("x×")) for part in parts)
    except ValueError:
        raise InputError([Problem("bad_range", "--vary", text)]) from None
    if not all(map(math.isfinite, (low, high, step))):
        raise InputError([Problem("bad_range", "--vary", text)])
    if step == 0 or (high - low) * step < 0:
        raise InputError([Problem("empty_range", "--vary", text)])
    steps = (high - low) / step
    if steps > MOST_VALUES:
        raise InputError([Problem("range_too_fine", "--vary", text, {"most": MOST_VALUES})])
    numbers = (float(f"{low + k * step:.12g}") for k in range(math.floor(steps + 1e-9) + 1))
    return tuple(_said(number, bool(ends)) for number in numbers)


def _said(number: float, scale: bool) -> str:
    """A number as it stands after `--set`; a sign at the front would add."""
    told = f"{number:.12g}"
    return f"{told}x" if scale else f"{{value={told}}}" if number < 0 else told
