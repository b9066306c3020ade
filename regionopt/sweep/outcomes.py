"""The outcome of many runs: each the one best plan of its numbers, whichever way it was reached.

`float`: the basis was checked in floating point, with room on every side (`corners`). `exact`: solved afresh in
fractions, with a proof, as `regionopt run` does it: whatever is not clearly settled, cases with whole numbers or with
something given away, and one run of every batch, which must agree with the fast way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from regionopt.case.case import Case
from regionopt.case.patches import Patch
from regionopt.common.errors import InputError, Problem, RegionoptError, ToolError
from regionopt.common.instance import METRICS, Instance
from regionopt.model.model import build
from regionopt.solve.solve import Solution, solve
from regionopt.sweep.batch import Batch
from regionopt.sweep.effects import Frame
from regionopt.sweep.flat import Array, Pattern, Scale, flatten

PLANNED = ("optimal", "stopped")
# How far the fast way may be from fractions: relative for stages, in units of the currency for money.
AGREE = 1e-6


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

    @property
    def planned(self) -> bool:
        """Whether there is a plan."""
        return self.status in PLANNED

    def shortfall(self, key: tuple[str, ...]) -> float:
        """Relative shortfall of a target: 0 when it is reached."""
        return max(0.0, 1.0 - self.reached[key] / self.targets[key])


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
            return Outcome(self.statuses[k], self.ways[k], {}, 0, 0, {}, {}, {}, {}, self.reasons[k])
        return self.layout.outcome(self.numbers[k].tolist(), self.statuses[k], self.ways[k])

    def put(self, k: int, outcome: Outcome) -> None:
        """Say what became of a run."""
        self.statuses[k], self.ways[k], self.reasons[k] = outcome.status, outcome.way, outcome.reason
        self.numbers[k] = self.layout.row(outcome) if outcome.planned else np.nan


def blank(layout: Layout, count: int) -> Settled:
    """So many runs of which nothing is known."""
    width = sum(layout.sizes.values())
    return Settled(layout, [""] * count, ["float"] * count, [""] * count, np.full((count, width), np.nan))


def layout_of(instance: Instance) -> Layout:
    """The layout of a case's outcomes."""
    steps = {"leximin": [f"leximin[{n}]" for n in range(1, len(instance.targets) + 1)]}
    stages = tuple(name for stage in instance.stages for name in steps.get(stage, [stage]))
    return Layout(stages, instance.regions, tuple(target.key for target in instance.targets))


def fresh(case: Case, patches: Sequence[Patch], limit: float | None = None) -> Outcome:
    """A run as `regionopt run` solves it, in fractions."""
    try:
        instance = case.patched(*patches).instance
    except InputError as error:
        return Outcome("refused", "", {}, 0, 0, {}, {}, {}, {}, error.problems[0].code)
    try:
        return outcome_of(instance, solve(instance, "highs", limit))
    except RegionoptError as error:
        status = "limit" if error.exit_code == 4 else "failed"
        return Outcome(status, "exact", {}, 0, 0, {}, {}, {}, {}, error.problems[0].code)


def outcome_of(instance: Instance, solution: Solution) -> Outcome:
    """A solved case as an outcome."""
    plan = solution.plan
    if plan is None:
        return Outcome(str(solution.status), "exact", {}, 0, 0, {}, {}, {}, {})
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


def linear(instance: Instance) -> bool:
    """Whether the fast way is open: no whole numbers, nothing given away from stage to stage."""
    return not (instance.platforms or instance.measures or instance.give_away)


def framed(case: Case, frame: Frame, values: Array, patches: Sequence[Sequence[Patch]]) -> Settled:
    """Runs of one frame: values by run and slot; `patches` are the same runs for the slow way."""
    return settled(case, frame.pattern, frame.scale, frame.at(values), patches)


def settled(
    case: Case, pattern: Pattern, scale: Scale, numbers: Array, patches: Sequence[Sequence[Patch]]
) -> Settled:
    """Runs of one pattern, the fast way where it is clear; the first plan is held against fractions.

    Raises ToolError where it does not agree."""
    found = Batch(pattern, scale).solve(numbers)
    clear = found.settled & _returns_fall(pattern, numbers)
    layout, order = read_off(pattern)
    told = blank(layout, len(patches))
    scalars = numbers[:, pattern.parts["scalars"]]
    told.numbers[clear] = np.concatenate([found.told * signs(pattern), scalars], axis=1)[clear][:, order]
    told.statuses = ["optimal" if done else "" for done in clear]
    for k in np.flatnonzero(~clear).tolist():
        told.put(k, fresh(case, patches[k]))
    if clear.any():
        first = int(np.argmax(clear))
        proven = fresh(case, patches[first])
        if not agree(told.outcome(first), proven):
            said = ", ".join(f"{p.path} {p.how} {p.value}" for p in patches[first])
            raise ToolError([Problem("fast_way_differs", "sweep", said)])
        told.put(first, proven)
    return told


def signs(pattern: Pattern) -> Array:
    """Costs are minimised; stages are told in their own sense."""
    return np.array([*pattern.senses, *[1] * len(pattern.told)], dtype=float)


def read_off(pattern: Pattern) -> tuple[Layout, list[int]]:
    """The layout of a pattern, and where each of its numbers stands: ranks, then what is told, then scalars."""
    names = [*pattern.ranks, *pattern.told, *pattern.scalars]
    place = {name: k for k, name in enumerate(names)}
    stages = pattern.ranks[:-1]
    regions = tuple(name.partition(",")[2] for name in pattern.told if name.startswith("budget,"))
    targets = tuple(name.partition(",")[2] for name in pattern.told if name.startswith("reached,"))
    order = [
        *range(len(stages)),
        place["budget"],
        place["spent"] if "spent" not in stages else len(pattern.ranks),
        *(place[f"budget,{region}"] for region in regions),
        *(place[f"{metric},{region}"] for metric in METRICS for region in regions),
        *(place[f"target,{key}"] for key in targets),
        *(place[f"reached,{key}"] for key in targets),
    ]
    return Layout(stages, regions, tuple(tuple(key.split(",")) for key in targets)), order


def read_and_settled(case: Case, patches: Sequence[Sequence[Patch]]) -> list[tuple[list[int], Settled]]:
    """Runs that are read one by one, then solved together where they have the same pattern: places and outcomes."""
    apart: list[int] = []
    alike: dict[Pattern, list[tuple[int, Array]]] = {}
    for k, run in enumerate(patches):
        try:
            changed = case.patched(*run).instance
            if linear(changed):
                pattern, numbers = flatten(build(changed))
                alike.setdefault(pattern, []).append((k, numbers))
                continue
        except InputError:
            pass
        apart.append(k)
    found = [(apart, alone(case, [patches[k] for k in apart]))] if apart else []
    for pattern, runs in alike.items():
        numbers = np.array([row for _, row in runs])
        own = [patches[k] for k, _ in runs]
        found.append(([k for k, _ in runs], settled(case, pattern, Scale.of(pattern, numbers[0]), numbers, own)))
    return found


def alone(case: Case, patches: Sequence[Sequence[Patch]], limit: float | None = None) -> Settled:
    """Runs solved one by one in fractions. Numbers are told in the layout of the first plan among them; runs in
    another layout are no runs of one call: stages and targets are not changed by numbers."""
    outcomes = [fresh(case, run, limit) for run in patches]
    planned = [outcome for outcome in outcomes if outcome.planned]
    first = planned[0] if planned else Outcome("", "", {}, 0, 0, {}, {}, {}, {})
    told = blank(Layout(tuple(first.stages), tuple(first.allocated), tuple(first.targets)), len(outcomes))
    for k, outcome in enumerate(outcomes):
        told.put(k, outcome)
    return told


def agree(one: Outcome, other: Outcome) -> bool:
    """Whether two ways give the same stages and the same money."""
    if one.status != other.status or one.stages.keys() != other.stages.keys():
        return False
    stages = all(abs(one.stages[s] - v) <= 1e-9 * (1 + abs(v)) for s, v in other.stages.items())
    return stages and all(abs(one.allocated[r] - v) <= AGREE for r, v in other.allocated.items())


def _returns_fall(pattern: Pattern, numbers: Array) -> NDArray[np.bool_]:
    """Whether no return rises from one tranche to the next, by run."""
    before, after = pattern_falls(pattern)
    falls: NDArray[np.bool_] = np.all(numbers[:, after] <= numbers[:, before], axis=1)
    return falls


def pattern_falls(pattern: Pattern) -> tuple[list[int], list[int]]:
    """Places of the returns of each tranche and of the next one of its programme."""
    named = {}
    for k, name in enumerate(pattern.scalars, pattern.parts["scalars"].start):
        kind, *rest = name.split(",")
        if kind == "return":
            metric, region, programme, tranche, period = rest
            named[metric, region, programme, period, int(tranche)] = k
    pairs = [(k, named[(*key[:4], key[4] + 1)]) for key, k in named.items() if (*key[:4], key[4] + 1) in named]
    return [a for a, _ in pairs], [b for _, b in pairs]
