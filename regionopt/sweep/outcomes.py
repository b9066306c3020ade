"""What becomes of a run: its outcome, what the numbers of outcomes are, and many of them that are told alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np

from regionopt.common.instance import METRICS, Instance
from regionopt.solve.solve import Solution
from regionopt.sweep.flat import Array, Pattern

PLANNED = ("optimal", "stopped")


@dataclass(frozen=True)
class Outcome:
    """One run. Without a plan every number is absent. `refused` is no status of a solve: the case file's rules do not
    allow these numbers, `reason` is the code of the rule, and `way` is empty."""

    status: str
    way: str
    stages: dict[str, float]
    spent: float
    budget: float
    allocated: dict[str, float]
    gained: dict[tuple[str, str], float]
    targets: dict[tuple[str, ...], float]
    reached: dict[tuple[str, ...], float]
    reason: str = ""

    @classmethod
    def without_plan(cls, status: str, way: str, reason: str = "") -> Outcome:
        """A run that has no plan."""
        return cls(status, way, {}, 0, 0, {}, {}, {}, {}, reason)

    @property
    def planned(self) -> bool:
        """Whether there is a plan."""
        return self.status in PLANNED

    @property
    def layout(self) -> Layout:
        """What its numbers are: nothing without a plan."""
        return Layout(tuple(self.stages), tuple(self.allocated), tuple(self.targets))


@dataclass(frozen=True)
class Layout:
    """What the numbers of an outcome are, in order: stages, budget, spent, money by region, gains by metric and
    region, targets, and what each is measured by."""

    stages: tuple[str, ...]
    regions: tuple[str, ...]
    targets: tuple[tuple[str, ...], ...]

    @property
    def sizes(self) -> dict[str, int]:
        """How many numbers each part has."""
        r, t = len(self.regions), len(self.targets)
        return {
            "stages": len(self.stages), "budget": 1, "spent": 1, "allocated": r, "gained": len(METRICS) * r,
            "targets": t, "reached": t,
        }  # fmt: skip

    @property
    def width(self) -> int:
        """How many numbers in all."""
        return sum(self.sizes.values())

    @cached_property
    def parts(self) -> dict[str, slice]:
        """Where each part stands."""
        ends = list(accumulate(self.sizes.values(), initial=0))
        return {name: slice(a, b) for name, a, b in zip(self.sizes, ends, ends[1:], strict=False)}

    def row(self, outcome: Outcome) -> list[float]:
        """An outcome with a plan as numbers."""
        return [
            *(outcome.stages[name] for name in self.stages),
            outcome.budget,
            outcome.spent,
            *outcome.allocated.values(),
            *(outcome.gained[metric, region] for metric in METRICS for region in self.regions),
            *(outcome.targets[key] for key in self.targets),
            *(outcome.reached[key] for key in self.targets),
        ]

    def outcome(self, row: Sequence[float], status: str, way: str) -> Outcome:
        """Numbers as an outcome with a plan."""
        part = {name: row[place] for name, place in self.parts.items()}
        gained = [(metric, region) for metric in METRICS for region in self.regions]
        return Outcome(
            status,
            way,
            dict(zip(self.stages, part["stages"], strict=True)),
            part["spent"][0],
            part["budget"][0],
            dict(zip(self.regions, part["allocated"], strict=True)),
            dict(zip(gained, part["gained"], strict=True)),
            dict(zip(self.targets, part["targets"], strict=True)),
            dict(zip(self.targets, part["reached"], strict=True)),
        )


@dataclass
class Settled:
    """Runs that are told alike: status, way and reason of each, and its numbers (nan where there is no plan)."""

    layout: Layout
    statuses: list[str]
    ways: list[str]
    reasons: list[str]
    numbers: Array

    def __len__(self) -> int:
        return len(self.statuses)

    def outcome(self, k: int) -> Outcome:
        """One run."""
        if self.statuses[k] not in PLANNED:
            return Outcome.without_plan(self.statuses[k], self.ways[k], self.reasons[k])
        return self.layout.outcome(self.numbers[k].tolist(), self.statuses[k], self.ways[k])

    def put(self, k: int, outcome: Outcome) -> None:
        """Say what became of a run."""
        self.statuses[k], self.ways[k], self.reasons[k] = outcome.status, outcome.way, outcome.reason
        self.numbers[k] = self.layout.row(outcome) if outcome.planned else np.nan


def blank(layout: Layout, count: int) -> Settled:
    """So many runs of which nothing is known."""
    return Settled(layout, [""] * count, ["float"] * count, [""] * count, np.full((count, layout.width), np.nan))


def layout_of(instance: Instance) -> Layout:
    """The layout of a case's outcomes."""
    targets = tuple(target.key for target in instance.targets)
    return Layout(steps_of(instance.stages, instance), instance.regions, targets)


def steps_of(stages: Sequence[str], instance: Instance) -> tuple[str, ...]:
    """Stages as they are told: leximin has a step for each target."""
    steps = {"leximin": [f"leximin[{n}]" for n in range(1, len(instance.targets) + 1)]}
    return tuple(name for stage in stages for name in steps.get(stage, [stage]))


def outcome_of(instance: Instance, solution: Solution) -> Outcome:
    """A solved case as an outcome."""
    plan = solution.plan
    if plan is None:
        return Outcome.without_plan(str(solution.status), "exact")
    return Outcome(
        str(solution.status),
        "exact",
        {stage.name: float(stage.value) for stage in solution.stages},
        float(plan.spent),
        instance.budget,
        {name: float(value) for name, value in plan.allocated.items()},
        {key: float(value) for key, value in plan.gained.items()},
        {target.key: target.target for target in instance.targets},
        {key: float(value) for key, value in plan.reached.items()},
    )


def layout_read(pattern: Pattern) -> Layout:
    """The layout of the outcomes of a pattern's runs, by the names in it."""
    regions = tuple(name.partition(",")[2] for name in pattern.told if name.startswith("budget,"))
    targets = (name.partition(",")[2] for name in pattern.told if name.startswith("reached,"))
    return Layout(pattern.ranks[:-1], regions, tuple(tuple(key.split(",")) for key in targets))


def laid_out(pattern: Pattern, told: Array, numbers: Array) -> Array:
    """What plans achieve, a row a run in the layout of outcomes: from the ranks as costs and what is told of each
    plan, and the numbers of its program. Costs are minimised; stages are told in their own sense."""
    senses = np.array([*pattern.senses, *[1] * len(pattern.told)], dtype=float)
    every: Array = np.concatenate([told * senses, numbers[:, pattern.parts["scalars"]]], axis=1)
    return every[:, _places(pattern)]


def _places(pattern: Pattern) -> list[int]:
    """Where each number of an outcome stands among ranks, what is told, and scalars."""
    names = [*pattern.ranks, *pattern.told, *pattern.scalars]
    place = {name: k for k, name in enumerate(names)}
    layout = layout_read(pattern)
    targets = [",".join(key) for key in layout.targets]
    return [
        *range(len(layout.stages)),
        place["budget"],
        place["spent"] if "spent" not in layout.stages else len(pattern.ranks),
        *(place[f"budget,{region}"] for region in layout.regions),
        *(place[f"{metric},{region}"] for metric in METRICS for region in layout.regions),
        *(place[f"target,{key}"] for key in targets),
        *(place[f"reached,{key}"] for key in targets),
    ]
