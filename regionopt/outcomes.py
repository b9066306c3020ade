"""The outcome of many runs: each the one best plan of its numbers, whichever way it was reached.

`float`: the basis was checked in floating point, with room on every side (`corners`). `exact`: solved afresh in
fractions, with a proof, as `regionopt run` does it: whatever is not clearly settled, cases with whole numbers or with
something given away, and one run of every batch, which must agree with the fast way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from regionopt.batch import Batch
from regionopt.case import Case
from regionopt.document import Status
from regionopt.effects import Frame, read
from regionopt.errors import InputError, Problem, RegionoptError, ToolError
from regionopt.flat import Array, Pattern, Scale
from regionopt.instance import METRICS, Instance
from regionopt.overrides import Patch
from regionopt.solve import Solution, solve

# How far the fast way may be from fractions: relative for stages, in units of the currency for money.
AGREE = 1e-6


@dataclass(frozen=True)
class Outcome:
    """One run. Without a plan every number is absent. `refused` is no status of a solve: the case file's rules do not
    allow these numbers, `reason` is the code of the rule. `met` counts targets that are reached, of `targets`."""

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
        return self.status in ("optimal", "stopped")

    def shortfall(self, key: tuple[str, ...]) -> float:
        """Relative shortfall of a target: 0 when it is reached."""
        return max(0.0, 1.0 - self.reached[key] / self.targets[key])


@dataclass(frozen=True)
class Reading:
    """Told numbers by name, from one row of `Found.told`."""

    pattern: Pattern

    @cached_property
    def _told(self) -> dict[str, int]:
        return {name: k for k, name in enumerate(self.pattern.told, len(self.pattern.ranks))}

    @cached_property
    def _groups(self) -> tuple[list[tuple[str, int]], list[tuple[tuple[str, str], int]], list[tuple[tuple[str, ...], int, int]]]:
        allocated, gained, reached = [], [], []
        for name, k in self._told.items():
            kind, _, rest = name.partition(",")
            if kind == "budget":
                allocated.append((rest, k))
            elif kind in METRICS:
                gained.append(((kind, rest), k))
            elif kind == "reached":
                reached.append((tuple(rest.split(",")), k, self.pattern.at(f"target,{rest}")))
        return allocated, gained, reached

    def outcome(self, told: Array, numbers: Array) -> Outcome:
        """A settled run."""
        allocated, gained, reached = self._groups
        row, values = told.tolist(), numbers
        stages = zip(self.pattern.ranks[:-1], self.pattern.senses, row, strict=False)
        return Outcome(
            "optimal",
            "float",
            {name: sense * value for name, sense, value in stages},
            row[self._told["spent"]],
            float(values[self.pattern.at("budget")]),
            {name: row[k] for name, k in allocated},
            {key: row[k] for key, k in gained},
            {key: float(values[at]) for key, _, at in reached},
            {key: row[k] for key, k, _ in reached},
        )


def fresh(case: Case, patches: Sequence[Patch], limit: float | None = None) -> Outcome:
    """A run as `regionopt run` solves it, in fractions."""
    try:
        instance = case.patched(*patches).instance
    except InputError as error:
        return Outcome("refused", "exact", {}, 0, 0, {}, {}, {}, {}, error.problems[0].code)
    try:
        return _exact(instance, solve(instance, "highs", limit))
    except RegionoptError as error:
        status = "limit" if error.exit_code == 4 else "failed"
        return Outcome(status, "exact", {}, 0, instance.budget, {}, {}, {}, {}, error.problems[0].code)


def _exact(instance: Instance, solution: Solution) -> Outcome:
    plan, targets = solution.plan, {target.key: target.target for target in instance.targets}
    if plan is None:
        return Outcome(str(solution.status), "exact", {}, 0, instance.budget, {}, {}, targets, {})
    return Outcome(
        str(solution.status),
        "exact",
        {stage.name: float(stage.value) for stage in solution.stages},
        float(plan.spent),
        instance.budget,
        {name: float(value) for name, value in plan.allocated.items()},
        {key: float(value) for key, value in plan.gained.items()},
        targets,
        {key: float(value) for key, value in plan.reached.items()},
    )


def linear(instance: Instance) -> bool:
    """Whether the fast way is open: no whole numbers, nothing given away from stage to stage."""
    return not (instance.platforms or instance.measures or instance.give_away)


def framed(case: Case, frame: Frame, values: Array, patches: Sequence[Sequence[Patch]]) -> list[Outcome]:
    """Runs of one frame: values by run and slot; `patches` are the same runs for the slow way."""
    return settled(case, frame.pattern, frame.scale, frame.at(values), patches)


def settled(
    case: Case, pattern: Pattern, scale: Scale, numbers: Array, patches: Sequence[Sequence[Patch]]
) -> list[Outcome]:
    """Runs of one pattern, the fast way where it is clear; the first plan is held against fractions.

    Raises ToolError where it does not agree."""
    found, reading = Batch(pattern, scale).solve(numbers), Reading(pattern)
    falling = _returns_fall(pattern, numbers)
    outcomes: list[Outcome] = []
    checked = False
    for k, run in enumerate(patches):
        if not (found.settled[k] and falling[k]):
            outcomes.append(fresh(case, run))
            continue
        outcome = reading.outcome(found.told[k], numbers[k])
        if not checked:
            proven, checked = fresh(case, run), True
            if not agree(outcome, proven):
                raise ToolError([Problem("fast_way_differs", "sweep", ", ".join(f"{p.path} {p.how} {p.value}" for p in run))])
            outcome = proven
        outcomes.append(outcome)
    return outcomes


def read_and_settled(case: Case, patches: Sequence[Sequence[Patch]]) -> list[Outcome]:
    """Runs that are read one by one, then solved together where they have the same pattern."""
    outcomes: dict[int, Outcome] = {}
    alike: dict[Pattern, list[tuple[int, Array]]] = {}
    for k, run in enumerate(patches):
        try:
            instance = case.patched(*run).instance
            if linear(instance):
                pattern, numbers = read(case, run)
                alike.setdefault(pattern, []).append((k, numbers))
                continue
        except InputError:
            pass
        outcomes[k] = fresh(case, run)
    for pattern, runs in alike.items():
        numbers = np.array([row for _, row in runs])
        own = [patches[k] for k, _ in runs]
        told = settled(case, pattern, Scale.of(pattern, numbers[0]), numbers, own)
        outcomes |= {k: outcome for (k, _), outcome in zip(runs, told, strict=True)}
    return [outcomes[k] for k in range(len(patches))]


def agree(one: Outcome, other: Outcome) -> bool:
    """Whether two ways give the same stages and the same money."""
    if one.status != other.status or one.stages.keys() != other.stages.keys():
        return False
    stages = all(abs(one.stages[s] - v) <= 1e-9 * (1 + abs(v)) for s, v in other.stages.items())
    return stages and all(abs(one.allocated[r] - v) <= AGREE for r, v in other.allocated.items())


def _returns_fall(pattern: Pattern, numbers: Array) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether no return rises from one tranche to the next, by run."""
    before, after = pattern_falls(pattern)
    return (numbers[:, after] <= numbers[:, before]).all(axis=1)


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
