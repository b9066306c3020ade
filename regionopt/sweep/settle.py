"""How runs are settled: each gets the one best plan of its numbers, whichever way it is reached.

`float`: the basis was checked in floating point, with room on every side (`corners`). `exact`: solved afresh in
fractions, with a proof, as `regionopt run` does it: whatever is not clearly settled, cases with whole numbers or with
something given away, and one run of every batch, which must agree with the fast way.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from regionopt.case.case import Case
from regionopt.case.patches import Patch
from regionopt.common.errors import InputError, Problem, RegionoptError, ToolError
from regionopt.common.instance import Instance
from regionopt.model.model import build
from regionopt.solve.solve import solve
from regionopt.sweep.batch import Batch
from regionopt.sweep.effects import Frame
from regionopt.sweep.flat import Array, Pattern, Scale, flatten, together
from regionopt.sweep.outcomes import Layout, Outcome, Settled, blank, laid_out, layout_read, outcome_of

# How far the fast way may be from fractions: relative for stages, in units of the currency for money.
AGREE = 1e-6


def fresh(case: Case, patches: Sequence[Patch], limit: float | None = None) -> Outcome:
    """A run as `regionopt run` solves it, in fractions."""
    try:
        instance = case.patched(*patches).instance
    except InputError as error:
        return Outcome.without_plan("refused", "", error.problems[0].code)
    try:
        return outcome_of(instance, solve(instance, "highs", limit))
    except RegionoptError as error:
        status = "limit" if error.exit_code == 4 else "failed"
        return Outcome.without_plan(status, "exact", error.problems[0].code)


def linear(instance: Instance) -> bool:
    """Whether the fast way is open: no whole numbers, nothing given away from stage to stage."""
    return not (instance.platforms or instance.measures or instance.give_away)


def framed(case: Case, frame: Frame, values: Array, patches: Sequence[Sequence[Patch]]) -> Settled:
    """Runs of one frame: values by run and slot; `patches` are the same runs for the slow way."""
    return settled(case, frame.pattern, frame.scale, frame.at(values), patches)


def settled(
    case: Case, pattern: Pattern, scale: Scale, numbers: Array, patches: Sequence[Sequence[Patch]]
) -> Settled:
    """Runs of one pattern, the fast way where it is clear; the last plan is held against fractions.

    Raises ToolError where it does not agree."""
    found = Batch(pattern, scale).solve(numbers)
    clear = found.settled & _returns_fall(pattern, numbers)
    told = blank(layout_read(pattern), len(patches))
    told.numbers[clear] = laid_out(pattern, found.told[clear], numbers[clear])
    told.statuses = ["optimal" if done else "" for done in clear]
    for k in np.flatnonzero(~clear).tolist():
        told.put(k, fresh(case, patches[k]))
    if clear.any():
        # The last one: the fast way begins from the first, and is likeliest to be right there.
        last = int(np.flatnonzero(clear)[-1])
        proven = fresh(case, patches[last])
        if not agree(told.outcome(last), proven):
            said = ", ".join(f"{p.path} {p.how} {p.value}" for p in patches[last])
            raise ToolError([Problem("fast_way_differs", "sweep", said)])
        told.put(last, proven)
    return told


def read_and_settled(case: Case, patches: Sequence[Sequence[Patch]]) -> list[tuple[list[int], Settled]]:
    """Runs that are read one by one, then solved together where they have the same pattern: places and outcomes."""
    apart: list[int] = []
    read: list[tuple[int, tuple[Pattern, Array]]] = []
    for k, run in enumerate(patches):
        try:
            changed = case.patched(*run).instance
            if linear(changed):
                read.append((k, flatten(build(changed))))
                continue
        except InputError:
            pass
        apart.append(k)
    found = [(apart, alone(case, [patches[k] for k in apart]))] if apart else []
    for pattern, places, numbers in together(read):
        own = [patches[k] for k in places]
        found.append((places, settled(case, pattern, Scale.of(pattern, numbers[0]), numbers, own)))
    return found


def alone(case: Case, patches: Sequence[Sequence[Patch]], limit: float | None = None) -> Settled:
    """Runs solved one by one in fractions. Numbers are told in the layout of the first plan among them; runs in
    another layout are no runs of one call: stages and targets are not changed by numbers."""
    outcomes = [fresh(case, run, limit) for run in patches]
    layouts = (outcome.layout for outcome in outcomes if outcome.planned)
    told = blank(next(layouts, Layout((), (), ())), len(outcomes))
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
    before, after = _next_tranches(pattern)
    falls: NDArray[np.bool_] = np.all(numbers[:, after] <= numbers[:, before], axis=1)
    return falls


def _next_tranches(pattern: Pattern) -> tuple[list[int], list[int]]:
    """Places of the returns of each tranche and of the next one of its programme."""
    named = {}
    for k, name in enumerate(pattern.scalars, pattern.parts["scalars"].start):
        kind, *rest = name.split(",")
        if kind == "return":
            metric, region, programme, tranche, period = rest
            named[metric, region, programme, period, int(tranche)] = k
    pairs = [(k, named[(*key[:4], key[4] + 1)]) for key, k in named.items() if (*key[:4], key[4] + 1) in named]
    return [a for a, _ in pairs], [b for _, b in pairs]
