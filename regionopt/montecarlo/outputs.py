"""What is told of a draw as a row of numbers: which they are, and from where they come.

Of the draw's own best plan, then of the base plan kept there. A draw without a plan has none of them; where the base
plan is not allowed those of the base plan are missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from regionopt.common.instance import METRICS
from regionopt.sweep.flat import Array
from regionopt.sweep.outcomes import Layout, Settled
from regionopt.sweep.rows import run_numbers, shortfalls

BASE = "base_"


@dataclass(frozen=True)
class Output:
    """One number of a draw: what it measures, and where (empty: nationwide)."""

    measure: str
    region: str = ""

    @property
    def of_base(self) -> bool:
        """Whether it is what the base plan achieves in the draw."""
        return self.measure.startswith(BASE)


@dataclass(frozen=True)
class Outputs:
    """The numbers of a draw in order."""

    layout: Layout

    @cached_property
    def every(self) -> tuple[Output, ...]:
        """All of them."""
        return (*self.own, *self.base)

    @cached_property
    def own(self) -> tuple[Output, ...]:
        """Of the draw's own plan: stages, money, national totals; then by region; then shortfalls of targets."""
        stages = (Output(stage) for stage in self.layout.stages)
        national = (
            Output(name) for name in ("total_budget", "spent", "unspent", *(f"national_{m}" for m in METRICS))
        )
        regional = (Output(m, region) for region in self.layout.regions for m in ("budget", "share", *METRICS))
        return (*stages, *national, *regional, *(Output(f"{name}_shortfall", r) for name, r in self._targets()))

    @cached_property
    def base(self) -> tuple[Output, ...]:
        """Of the base plan kept in the draw: stages and shortfalls of targets."""
        stages = (Output(f"{BASE}{stage}") for stage in self.layout.stages)
        return (*stages, *(Output(f"{BASE}{name}_shortfall", r) for name, r in self._targets()))

    def _targets(self) -> Iterator[tuple[str, str]]:
        for metric, region, *more in self.layout.targets:
            yield metric + "".join(f",{part}" for part in more), region

    def at(self, measure: str, region: str = "") -> int:
        """The place of a number."""
        return self._places[measure, region]

    @cached_property
    def _places(self) -> dict[tuple[str, str], int]:
        return {(one.measure, one.region): k for k, one in enumerate(self.every)}

    def rows(self, found: Settled, kept: Array) -> Array:
        """Outcomes and what the base plan achieves there, a row a draw; nan for what is not known."""
        if found.layout != self.layout:  # no draw of these has a plan
            return np.full((len(found), len(self.every)), np.nan)
        width, gained = len(self.layout.regions), found.numbers[:, found.layout.parts["gained"]]
        by_region = np.stack([_money(found), _share(found), *np.split(gained, len(METRICS), axis=1)], axis=2)
        stages = len(self.layout.stages)
        national = run_numbers(found)[:, stages : stages + 3 + len(METRICS)]
        flat = by_region.reshape(len(found), width * (2 + len(METRICS)))
        own = [found.numbers[:, found.layout.parts["stages"]], national, flat, shortfalls(found)]
        there = Settled(self.layout, found.statuses, found.ways, found.reasons, kept)
        return np.concatenate([*own, kept[:, self.layout.parts["stages"]], shortfalls(there)], axis=1)


def _money(found: Settled) -> Array:
    return found.numbers[:, found.layout.parts["allocated"]]


def _share(found: Settled) -> Array:
    return _money(found) / found.numbers[:, found.layout.parts["budget"]]


def regret(stage: str, own: Array, base: Array) -> Array:
    """How much worse the base plan is than the draw's own, in the stage's unit: never below 0 in the first stage."""
    return own - base if stage in METRICS else base - own
