"""The numbers that runs change: of which kind they are, and between which ends they move."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from regionopt.case.patches import Patch

# Numbers of which the program is made of sums of products. Limits a head take the stricter of two amounts: not here.
PLAIN = (
    "budget.total", "regions.*.floor", "regions.*.ceiling", "regions.*.floor_share", "regions.*.ceiling_share",
    "targets.*.total", "targets.*.*", "returns.*", "widths.*", "reference.*", "objective.weights.*",
)  # fmt: skip
PARTS = ("milestones", "growth", "share", "per_head", "must", "split")
Template = Sequence["Patch | int"]


@dataclass(frozen=True)
class Slot:
    """A number that runs change: path, how, and the least and largest value that a run gives it."""

    path: str
    how: str
    low: float
    high: float

    def patch(self, value: float) -> Patch:
        """The change to one value."""
        return Patch(self.path, self.how, float(value), "--vary")  # type: ignore[arg-type]


def plain(path: str, value: Any) -> bool:
    """Whether a setting is a number of the kind that the formula is for."""
    number = type(value) is float or (isinstance(value, (int, float)) and not isinstance(value, bool))
    return number and math.isfinite(value) and _of_products(path)


@cache
def _of_products(path: str) -> bool:
    """Whether the program is made of sums of products of the numbers at a path."""
    parts = path.split(".")
    wide = (parts[0] == "regions" and "*" in parts[-1]) or parts[0] == "*"
    return not wide and any(fnmatchcase(path, known) for known in PLAIN) and not set(parts) & set(PARTS)


def slots_of(changes: Iterable[Patch]) -> dict[tuple[str, str], Slot]:
    """The plain numbers among changes, with their least and largest value."""
    found: dict[tuple[str, str], Slot] = {}
    for item in changes:
        widen(found, item)
    return found


def widen(slots: dict[tuple[str, str], Slot], change: Patch) -> None:
    """Make room for the value of a change, where it is a plain number."""
    if plain(change.path, change.value):
        key, value = (change.path, change.how), float(change.value)
        old = slots.get(key)
        if old is None or not old.low <= value <= old.high:
            slots[key] = Slot(*key, min(old.low, value) if old else value, max(old.high, value) if old else value)


def filled(template: Template, slots: Sequence[Slot], values: Sequence[float]) -> list[Patch]:
    """The patches of one run: fixed ones, and slots (by number) with their values, in the order written."""
    return [item if isinstance(item, Patch) else slots[item].patch(values[item]) for item in template]
