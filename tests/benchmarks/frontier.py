"""10,000 points read off an exact curve against solving them with PuLP rebuilt and CBC: prints ratios.

python -m tests.benchmarks.frontier [ROUNDS]

Both sides start from the built-in case as it was read. Ours: follow its curve over the budget from 100 to 1,500 (how
the case acts at other budgets, the exact start and every breakpoint included), then read every number of the plan at
10,000 random points. Theirs: build the program of each point with PuLP and solve it with the bundled CBC, stage after
stage, each held by a row; 20 points, scaled to 10,000. Both sides must have the same value of every stage at these
points, as far as the 8 digits of CBC tell.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pulp
from pulp.apis.coin_api import pulp_cbc_path

from regionopt.case.case import load
from regionopt.common.instance import Instance
from regionopt.curves.frontier import frontier
from regionopt.doctor.levers import changed, set_text
from regionopt.model.model import build

ROUNDS = 5
POINTS, SOLVED = 10_000, 20
PATH, LOW, HIGH = "budget.total", 100.0, 1500.0
# CBC's own tolerance leaves this much.
EQUAL = 1e-6


def by_cbc(instance: Instance, stages: int | None = None) -> list[float]:
    """The value of every stage (or of the first ones) as everyone writes it first."""
    model, values = build(instance), []
    solver = pulp.COIN_CMD(path=str(Path(pulp_cbc_path)), msg=False)
    for stage in model.stages[:stages]:
        model.problem.setObjective(stage.sense * stage.expression)
        model.problem.solve(solver)
        assert pulp.LpStatus[model.problem.status] == "Optimal", stage.name
        best = float(pulp.value(stage.sense * stage.expression))
        values.append(stage.sense * best)
        most = best + EQUAL / 10 * (1 + abs(best))
        model.problem.add(stage.sense * stage.expression <= most, f"hold({stage.name})")
    return values


def ours(points: Sequence[float]) -> tuple[dict[str, list[float]], float, float, float]:
    """Every stage at every point (all other numbers of the plan are read as well), and the seconds that the case
    file, the curve and the reading took."""
    started = time.perf_counter()
    case = load()
    _ = case.instance
    known = time.perf_counter()
    found = frontier(case, PATH, LOW, HIGH)
    followed = time.perf_counter()
    table = found.table(points)
    done = time.perf_counter()
    read = {name: list(values) for (kind, name), values in table.items() if kind == "stages"}
    return read, known - started, followed - known, done - followed


def once(seed: int) -> tuple[float, ...]:
    """How many times faster: all stages, with the case file, reading alone, and the first stage alone."""
    dice = random.Random(seed)
    points = [dice.uniform(LOW, HIGH) for _ in range(POINTS)]
    read, known, followed, reading = ours(points)
    case = load()
    instances = [changed(case, set_text(PATH, point)).instance for point in points[:SOLVED]]
    started = time.perf_counter()
    solved = [by_cbc(instance) for instance in instances]
    theirs = (time.perf_counter() - started) * POINTS / SOLVED
    started = time.perf_counter()
    for instance in instances:
        by_cbc(instance, 1)
    first = (time.perf_counter() - started) * POINTS / SOLVED
    for i, values in enumerate(solved):
        # CBC prints 8 digits: what a stage is held at gives away as much, and moves the ones after it by more.
        for k, (name, value) in enumerate(zip(case.instance.stages, values, strict=True)):
            assert abs(read[name][i] - value) <= 10 ** (k + 1) * EQUAL * (1 + abs(value)), (points[i], name)
    own = followed + reading
    return theirs / own, theirs / (known + own), theirs / reading, first / own


def report(rounds: int = ROUNDS) -> None:
    """Print the ratios, medians of so many rounds."""
    ratios = [once(seed) for seed in range(rounds)]
    every, known, reading, first = (statistics.median(side) for side in zip(*ratios, strict=True))
    what = f"{POINTS:,} points of a frontier / PuLP rebuilt + CBC"
    print(f"{every:8,.0f} ×   {what}, all stages, the curve included (target 2,000)")  # noqa: T201
    print(f"{known:8,.0f} ×   {what}, all stages, the curve and our reading of the case file included")  # noqa: T201
    print(f"{reading:8,.0f} ×   {what}, all stages, reading alone")  # noqa: T201
    print(f"{first:8,.0f} ×   {what}, the first stage alone, the curve included")  # noqa: T201


if __name__ == "__main__":
    report(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
