"""The curve over the budget as a page carries it, and the largest and smallest that its slider will show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from regionopt.common.document import RegionResult, ResultDocument
from regionopt.common.errors import Problem
from regionopt.common.texts import LANGUAGES, catalogue
from regionopt.maps.aside import receiving
from regionopt.maps.companion import MEASURES, BudgetCurve
from regionopt.maps.plans import heads, reason_words

FIELDS_OF = {"output_per_head": ("output", "money"), "jobs_per_thousand": ("jobs", "thousand")}
"""Metrics that are a measure of the curve times a factor of the region."""


@dataclass(frozen=True)
class Slide:
    """A curve with the result that it was made of."""

    curve: BudgetCurve
    document: ResultDocument

    @property
    def width(self) -> int:
        """How many numbers a breakpoint has: of regions, of groups that have a programme, of other targets."""
        others = len(receiving(self.document)) + len(self.document.targets or ())
        return len(MEASURES) * len(self.document.regions) + others

    def problems(self) -> Iterator[Problem]:
        """That the curve is of another result, or of a version that did not follow all of this."""
        counted = [len(self.curve.steps[0]) // 2, *(1 + max(step[::2], default=0) for step in self.curve.steps)]
        if counted[0] != self.width or max(counted) > self.width:
            yield Problem("bad_result", "map.json: curve.steps", counted[0])

    @cached_property
    def states(self) -> list[list[float]]:
        """Every number at every breakpoint."""
        now = [0.0] * self.width
        found = []
        for step in self.curve.steps:
            for number, value in zip(step[::2], step[1::2], strict=True):
                now[int(number)] = value
            found.append(list(now))
        return found

    def values(self, metric: str) -> Iterator[float]:
        """What a metric is at the breakpoints, in every region; between two of them it lies between."""
        for row, region in enumerate(self.document.regions):
            yield from self._of(metric, row, region)

    def _of(self, metric: str, row: int, region: RegionResult) -> Iterator[float]:
        if metric.endswith("_shortfall"):
            yield from (max(0.0, 1 - part) for part in self.parts(row, metric.removesuffix("_shortfall")))
        elif metric == "share":
            yield from (x / at for x, at in zip(self._track("budget", row), self.curve.at, strict=True))
        elif metric == "next":
            yield from self._slopes(row)
        else:
            field = "budget" if metric == "budget_per_head" else metric
            measure, per = FIELDS_OF.get(metric, (field, "money" if field != metric else None))
            factor = 1.0 if per is None else heads(region, self.document.budget.unit)[per]
            yield from (x * factor for x in self._track(measure, row) if factor is not None)

    def parts(self, row: int, measure: str) -> Iterator[float]:
        """What part of its target a region reaches at every breakpoint; nothing without a target above 0."""
        target = getattr(self.document.regions[row], f"{measure}_target")
        if target:
            yield from (value / target for value in self._track(measure, row))

    @property
    def fullest(self) -> float:
        """The largest part of a target that any region reaches anywhere."""
        rows = range(len(self.document.regions))
        return max(
            (part for row in rows for measure in MEASURES[1:] for part in self.parts(row, measure)), default=0.0
        )

    def _track(self, measure: str, row: int) -> list[float]:
        place = MEASURES.index(measure) * len(self.document.regions) + row
        return [state[place] for state in self.states]

    def _slopes(self, row: int) -> Iterator[float]:
        for (x, a), (y, b) in pairwise(zip(self._track("budget", row), self.curve.at, strict=True)):
            yield (y - x) / (b - a)

    def data(self) -> dict[str, Any]:
        """What the page's slider reads."""
        curve = self.curve
        events = dict.fromkeys(turn.event for happens in curve.happens for turn in happens)
        codes = dict.fromkeys(filter(None, (*curve.unspent_at, *curve.unspent_after)))
        targets = [region.output_target for region in self.document.regions if region.output_target is not None]
        return {
            "step": curve.step,
            "at": list(curve.at),
            "steps": [[*step] for step in curve.steps],
            "happens": [[[turn.event, turn.name] for turn in happens] for happens in curve.happens],
            "names": [{"zh-TW": name.zh, "en": name.en} for name in curve.names],
            "unspent_at": curve.unspent_at,
            "unspent_after": curve.unspent_after,
            "presets": [preset.model_dump() for preset in curve.presets],
            "elsewhere": curve.elsewhere,
            "notes": {"zh-TW": [note.zh for note in curve.notes], "en": [note.en for note in curve.notes]},
            "heads": [heads(region, self.document.budget.unit) for region in self.document.regions],
            "wanted": sum(targets) if targets else None,
            "turns": {event: _words("frontier", event) for event in events},
            "unspent": {code: reason_words(code) for code in codes},
        }


def _words(family: str, key: str) -> dict[str, str] | None:
    """A text of the catalogue with its places still to be filled; None for what another version called so."""
    pair = catalogue()[family].get(key)
    return pair and {language: pair["zh" if language == "zh-TW" else "en"] for language in LANGUAGES}
