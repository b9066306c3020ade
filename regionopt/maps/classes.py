"""Limits of the classes that colours stand for: round numbers from zero on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

CLASSES = 5


def class_limits(values: Iterable[float | None], empty: float = 1.0) -> list[float]:
    """Six round limits of five equal classes, from 0 to at least the largest value.

    Starting at zero keeps colours honest (twice as dark is never a tenth more) and comparable. A largest
    value of 232 gives 0, 50, …, 250. Where there is no value above 0, the step is `empty`.
    """
    top = largest(values)
    step = round_step(top / CLASSES) if top > 0 else empty
    return [float(f"{step * limit:.12g}") for limit in range(CLASSES + 1)]


def wide_limits(values: Iterable[float | None]) -> list[float]:
    """Six round limits of five classes, each of which reaches about twice as far as the one below.

    For plans of very different size on one scale: a tenth of the money is still seen in several colours. A largest
    value of 666 gives 0, 50, 100, 200, 500, 1000.
    """
    limits = [round_step(largest(values) or 1.0, (1, 2, 5, 10))]
    while len(limits) < CLASSES:
        limits.append(round_step(limits[-1] / 2.5, (1, 2, 5, 10)))
    return [0.0, *reversed(limits)]


def round_step(least: float, factors: Sequence[float] = (1, 2, 2.5, 5, 10)) -> float:
    """The smallest of 1, 2, 2.5 or 5 (or other factors) times a power of ten that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(float(f"{factor * power:.12g}") for factor in factors if factor * power >= least * (1 - 1e-9))


def largest(values: Iterable[float | None]) -> float:
    """The largest number that is known; 0 where none is above."""
    return max((value for value in values if value is not None), default=0.0)
