"""Statistics of all draws, column by column from the parts of the batches: never more than one number of all draws
in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from regionopt.common.decimals import MET
from regionopt.common.instance import METRICS
from regionopt.montecarlo.jobs import NUMBERS, DrawJob
from regionopt.montecarlo.outputs import BASE, Output, regret
from regionopt.montecarlo.statistics import Share, Spread, share, spread
from regionopt.sweep.flat import Array
from regionopt.sweep.parts import part_file

# A region gains where it has more than this beyond the base plan, in parts of what it has there.
MORE = 1e-6
GAINED = ("budget", *METRICS)


@dataclass(frozen=True)
class Columns:
    """The numbers of all draws, read from the finished batches."""

    job: DrawJob
    folder: Path

    def column(self, measure: str, region: str = "") -> Array:
        """One number of every draw, in the order of draws; nan where a draw does not have it."""
        place, width = self.job.outputs.at(measure, region), len(self.job.outputs.every)
        found = []
        for number in range(self.job.batches):
            rows = len(self.job.batch(number))
            whole = np.memmap(part_file(self.folder, number, NUMBERS), dtype=float, mode="r", shape=(rows, width))
            found.append(np.array(whole[:, place]))
        return np.concatenate(found)


@dataclass(frozen=True)
class Quantity:
    """An output over all draws that have a plan, beside its value in the base plan."""

    output: Output
    base: float | None
    spread: Spread


@dataclass(frozen=True)
class Regret:
    """How much worse the base plan is than a plan made for the draw: a stage, over the draws where it is allowed."""

    stage: str
    spread: Spread
    none: Share


@dataclass(frozen=True)
class Held:
    """A share of draws: `kind` is gains, loses, met, met_by_base or base_allowed."""

    kind: str
    measure: str
    region: str
    share: Share


def quantities(columns: Columns, base: dict[tuple[str, str], float], levels: Sequence[float]) -> Iterator[Quantity]:
    """Every output of the draws' own plans, in order."""
    for one in columns.job.outputs.own:
        key = one.measure, one.region
        yield Quantity(one, base.get(key), spread(columns.column(*key), levels))


def regrets(columns: Columns, levels: Sequence[float]) -> Iterator[Regret]:
    """Every stage, in order."""
    for stage in columns.job.outputs.layout.stages:
        worse = regret(stage, columns.column(stage), columns.column(f"{BASE}{stage}"))
        allowed = ~np.isnan(worse)
        size = MORE * (1 + np.abs(columns.column(stage)))
        with np.errstate(invalid="ignore"):
            yield Regret(stage, spread(worse, levels), share(np.abs(worse) <= size, allowed))


def shares(columns: Columns, base: dict[tuple[str, str], float]) -> Iterator[Held]:
    """Where the base plan is allowed; which regions gain and lose against it; which targets are met, by the draw's
    own plan and by the base plan."""
    outputs = columns.job.outputs
    planned: NDArray[np.bool_] = ~np.isnan(columns.column(outputs.layout.stages[0]))
    allowed: NDArray[np.bool_] = planned & ~np.isnan(columns.column(f"{BASE}{outputs.layout.stages[0]}"))
    if base:
        yield Held("base_allowed", "", "", share(allowed, planned))
        for region in outputs.layout.regions:
            for measure in GAINED:
                before = base[measure, region]
                change = columns.column(measure, region) - before
                more = MORE * (1 + abs(before))
                yield Held("gains", measure, region, share(change > more, planned))
                yield Held("loses", measure, region, share(change < -more, planned))
    for one in (*outputs.own, *outputs.base):
        if one.measure.endswith("_shortfall") and one.region:
            kind, among = ("met_by_base", allowed) if one.of_base else ("met", planned)
            name = one.measure.removeprefix(BASE).removesuffix("_shortfall")
            if base or not one.of_base:
                held: NDArray[np.bool_] = columns.column(one.measure, one.region) <= float(MET)
                yield Held(kind, name, one.region, share(held, among))
