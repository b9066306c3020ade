"""What settings do to the numbers of a program: read from the case, once for each setting and not once a run.

    numbers(v) = numbers(g) + Σ_i (v_i - g_i) · s_i + Σ_i<j (v_i - g_i)(v_j - g_j) · s_ij

The numbers of a program are sums of products of the numbers of the case (budgets, shares, targets in their units,
returns, widths, weights). Slopes are differences of case files that were read with one or two settings moved from a
point `g` that is nothing special; then the formula is held against whole readings at points where every setting is
moved. Where it fails, and for everything that is no such number (survival, dates, lists, names), runs are read one
by one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from regionopt.case.case import Case
from regionopt.case.patches import Patch
from regionopt.common.errors import InputError
from regionopt.model.model import build
from regionopt.sweep.flat import Array, Ints, Pattern, Scale, flatten
from regionopt.sweep.slots import Slot, Template, filled

# What rounding leaves between two ways to the same number.
SAME = 1e-11
POINTS, TRIES = 3, 8
# A single number out of its range is refused whatever the others are.
OUT_OF_RANGE = frozenset({"too_small", "too_small_open", "too_large", "not_finite"})


@dataclass(frozen=True)
class Frame:
    """A case with some settings fixed and others free: numbers by run without reading the case again."""

    pattern: Pattern
    scale: Scale
    slots: tuple[Slot, ...]
    point: Array
    numbers: Array
    slopes: tuple[tuple[Ints, Array], ...]
    products: Mapping[tuple[int, int], tuple[Ints, Array]]

    def covers(self, values: Array) -> NDArray[np.bool_]:
        """Which runs keep every slot between its ends: further out the case may have other rules."""
        low, high = (np.array([getattr(slot, end) for slot in self.slots]) for end in ("low", "high"))
        inside: NDArray[np.bool_] = np.all((values >= low) & (values <= high), axis=1)
        return inside

    def at(self, values: Array) -> Array:
        """The numbers of runs: values by run and slot to numbers by run."""
        found = np.repeat(self.numbers[None, :], len(values), axis=0)
        away = values - self.point
        for i, (places, slope) in enumerate(self.slopes):
            found[:, places] += away[:, i, None] * slope
        for (i, j), (places, slope) in self.products.items():
            found[:, places] += (away[:, i] * away[:, j])[:, None] * slope
        return found


def read(case: Case, patches: Sequence[Patch]) -> tuple[Pattern, Array]:
    """Pattern and numbers of a case after more patches. Raises InputError with what is wrong with it."""
    return flatten(build(case.patched(*patches).instance))


def reads(slots: Sequence[Slot]) -> int:
    """About how many readings a frame takes."""
    return 4 + POINTS + 3 * len(slots)


def frame(case: Case, template: Template, slots: Sequence[Slot]) -> Frame | None:
    """The frame of a template; None where the formula does not hold."""
    if any(_strays(case, template, slots, i) for i in range(len(slots))) or _stricter_of_two(case, slots):
        return None
    look = _Reader(case, template, slots)
    for turn in range(TRIES):
        point = np.array([_between(slot, 0.3 + 0.4 * _jitter(i, turn)) for i, slot in enumerate(slots)])
        base = look(point)
        if base is None:
            continue
        built = _sloped(look, slots, point, base)
        if built is not None:
            return built if _holds(look, built) else None
    return None


class _Reader:
    """Reads the numbers at some values; None where the case refuses them or has another pattern."""

    def __init__(self, case: Case, template: Template, slots: Sequence[Slot]) -> None:
        self._case, self._template, self._slots = case, template, slots
        self.pattern: Pattern | None = None

    def __call__(self, values: Array) -> Array | None:
        try:
            pattern, numbers = read(self._case, filled(self._template, self._slots, values.tolist()))
        except InputError:
            return None
        self.pattern = self.pattern or pattern
        return numbers if pattern == self.pattern else None


def _sloped(look: _Reader, slots: Sequence[Slot], point: Array, base: Array) -> Frame | None:
    steps, slopes = np.zeros(len(slots)), []
    moved: list[Array] = []
    for i, slot in enumerate(slots):
        for share in (0.29, -0.29, 0.07, -0.07):
            steps[i] = share * (slot.high - slot.low)
            there = look(point + steps * (np.arange(len(slots)) == i)) if steps[i] else base
            if there is not None:
                break
        else:
            return None
        moved.append(there)
        slopes.append(_slope(base, there, steps[i] or 1.0))
    assert look.pattern is not None
    found = Frame(look.pattern, Scale.of(look.pattern, base), tuple(slots), point, base, tuple(slopes), {})
    products = {}
    for i, j in _meeting(slopes):
        both = look(point + steps * np.isin(np.arange(len(slots)), (i, j)))
        if both is None:
            return None
        alone = found.at((point + steps * np.isin(np.arange(len(slots)), (i, j)))[None, :])[0]
        products[i, j] = _slope(alone, both, steps[i] * steps[j])
    return replace(found, products={pair: slope for pair, slope in products.items() if len(slope[0])})


def _meeting(slopes: Sequence[tuple[Ints, Array]]) -> Iterator[tuple[int, int]]:
    """Pairs of slots that change the same numbers."""
    sets = [frozenset(places.tolist()) for places, _ in slopes]
    return ((i, j) for i, j in combinations(range(len(slopes)), 2) if sets[i] & sets[j])


def _slope(before: Array, after: Array, step: float) -> tuple[Ints, Array]:
    with np.errstate(invalid="ignore"):
        places = np.flatnonzero((before != after) & ~(np.abs(after - before) <= 1e-13 * np.abs(before)))
        return places, (after[places] - before[places]) / step


def _holds(look: _Reader, found: Frame) -> bool:
    """Whether the formula gives what is read at points where everything is moved."""
    agreed = 0
    for turn in range(TRIES):
        values = np.array([_between(slot, _jitter(i, 17 + turn)) for i, slot in enumerate(found.slots)])
        there = look(values)
        if there is None:
            continue
        told = found.at(values[None, :])[0]
        if not np.allclose(told, there, rtol=SAME, atol=SAME):
            return False
        agreed += 1
        if agreed == POINTS:
            return True
    return agreed > 0


def _strays(case: Case, template: Template, slots: Sequence[Slot], i: int) -> bool:
    """Whether the least or largest value of a slot is out of its number's range."""
    for value in {slots[i].low, slots[i].high}:
        values = [value if k == i else _between(slot, 0.5) for k, slot in enumerate(slots)]
        try:
            _ = case.patched(*filled(template, slots, values)).instance
        except InputError as error:
            if any(problem.code in OUT_OF_RANGE for problem in error.problems):
                return True
    return False


def _stricter_of_two(case: Case, slots: Sequence[Slot]) -> bool:
    """Whether a fixed floor or ceiling moves where there is one a head: the stricter of the two counts."""
    kinds = {kind for slot in slots if slot.path.startswith("regions.") for kind in [slot.path.rsplit(".", 1)[-1]]}
    fixed = kinds & {"floor", "ceiling"}
    return bool(fixed) and any(path.endswith("_per_head") for path in case.resolved.stated)


def _between(slot: Slot, share: float) -> float:
    return slot.low + share * (slot.high - slot.low)


def _jitter(i: int, turn: int) -> float:
    """Numbers in (0, 1) that have nothing to do with one another."""
    return math.fmod((i + 1) * 0.6180339887 + (turn + 1) * 0.7548776662, 1.0)
