"""A number with its unit, source and standing, and what may be asked of it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from regionopt.common.document import Standing
from regionopt.common.errors import Problem, refuse

# Nothing in a budget, in its unit, is larger: such a number is a slip of units.
ABSURD = 1e9


@dataclass(frozen=True)
class Quantity:
    """One number of a case. `place` says where it was written: file and line, or file and path."""

    value: float
    unit: str
    source: str
    date: str
    status: Standing
    place: str

    def changed(self, value: float, by: str, place: str) -> Quantity:
        """The number after an override: an assumption of whoever made it, where it was written."""
        return replace(self, value=value, source=by, date="", status=Standing.ASSUMPTION, place=place)


@dataclass(frozen=True)
class Range:
    """Which values are allowed: at least `minimum` (more than it when `above`), at most `maximum`."""

    minimum: float = 0.0
    maximum: float = ABSURD
    above: bool = False

    def problems(self, place: str, value: float, unit: str) -> Iterator[Problem]:
        """Nothing, or the one rule this value breaks."""
        shown = "" if unit == "1" else unit
        facts = {"minimum": f"{self.minimum:g}", "maximum": f"{self.maximum:g}", "unit": shown}
        if not math.isfinite(value):
            yield Problem("not_finite", place, value, facts)
        elif value < self.minimum or (self.above and value == self.minimum):
            yield Problem("too_small_open" if self.above else "too_small", place, value, facts)
        elif value > self.maximum:
            yield Problem("too_large", place, value, facts)


SECONDS = Range(minimum=0.0, above=True)


def check_seconds(limit: float | None) -> None:
    """Raises InputError for a time limit that is none."""
    if limit is not None:
        refuse(SECONDS.problems("--time-limit", limit, "s"))
