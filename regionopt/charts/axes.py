"""Axes: what is measured along them, where their ticks are, and how a number is written there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# A tick is a round number: one of these times a power of ten.
ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)
# Rounding of sums of steps, as a part of one step.
SLIP = 1e-9


@dataclass(frozen=True)
class Axis:
    """An axis: its title with the unit, and how its numbers read.

    `low` and `high` fix an end; an end that is None follows the data. `zero` takes 0 in, `percent` writes 0.25 as
    25 %, `names` stand at 0, 1, 2 … instead of numbers.
    """

    title: str
    low: float | None = None
    high: float | None = None
    zero: bool = False
    percent: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scale:
    """An axis that is laid out: values from `low` to `high` stand at pixels from `start` to `end`."""

    axis: Axis
    low: float
    high: float
    step: float
    start: float = 0.0
    end: float = 1.0

    def at(self, value: float) -> float:
        """The pixel of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    @property
    def ticks(self) -> list[float]:
        """The values that are written: multiples of the step, 0 where names stand."""
        first = math.ceil(self.low / self.step - SLIP)
        last = math.floor(self.high / self.step + SLIP)
        return [k * self.step for k in range(first, last + 1)]

    @property
    def labels(self) -> list[str]:
        """A label for each tick."""
        if self.axis.names:
            return [self.axis.names[round(tick)] if 0 <= tick < len(self.axis.names) else "" for tick in self.ticks]
        return [number(tick, self.step, self.axis.percent) for tick in self.ticks]


def scale(axis: Axis, values: Iterable[float], *, ticks: int = 6, rounded: bool = False) -> Scale:
    """The scale of an axis over its data, with at most about so many ticks; `rounded` moves free ends to a tick."""
    if axis.names:
        return Scale(axis, -0.5, len(axis.names) - 0.5, max(1.0, math.ceil(len(axis.names) / 24)))
    low, high = _ends(axis, [value for value in values if math.isfinite(value)])
    step = nice(high - low, ticks)
    if rounded:
        low = low if axis.low is not None else math.floor(low / step + SLIP) * step
        high = high if axis.high is not None else math.ceil(high / step - SLIP) * step
    return Scale(axis, low, high, step)


def _ends(axis: Axis, values: Sequence[float]) -> tuple[float, float]:
    """From where to where an axis goes; never a single point."""
    seen = [*values, *([0.0] if axis.zero or not values else [])]
    low = min(seen) if axis.low is None else axis.low
    high = max(seen) if axis.high is None else axis.high
    if low < high:
        return low, high
    wide = abs(low) / 10 or 1.0
    return low - wide * (axis.low is None or axis.high is not None), high + wide


def nice(span: float, most: int) -> float:
    """The least round step that divides a span into at most so many parts."""
    rough = span / most
    power = 10.0 ** math.floor(math.log10(rough))
    return next(part * power for part in ROUND if part * power >= rough * (1 - SLIP))


def number(value: float, step: float, percent: bool = False) -> str:
    """A number as a tick or a label says it: as many decimals as the step needs, a minus that is a minus."""
    if percent:
        return f"{number(value * 100, step * 100)} %"
    digits = next(d for d in range(16) if abs(round(step, d) - step) <= step * SLIP or d == 15)
    told = f"{value:,.{digits}f}"
    return "−" + told[1:] if told.startswith("-") and float(told.replace(",", "")) else told.lstrip("-")
