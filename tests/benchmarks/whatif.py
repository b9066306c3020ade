"""Many runs against what everyone writes first: prints ratios, asserts that the objectives are equal.

python -m tests.benchmarks.whatif [ROUNDS] [--quick]

All sides solve the three stages of the built-in case one after another, each held for the next; only regionopt's also
decides what the stages leave open and checks every plan. Both sides of a ratio are measured in turns.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command does

import highspy
import numpy as np
import pulp

from regionopt.case.case import Case, load
from regionopt.case.patches import Patch
from regionopt.model.model import build
from regionopt.montecarlo.draws import Drawn
from regionopt.sweep.flat import flatten
from regionopt.sweep.runs import Run, Signature
from regionopt.sweep.slots import Slot, plain
from regionopt.sweep.slots import filled as patches_of
from regionopt.sweep.sweep import job_of
from regionopt.sweep.work import Worker
from regionopt.sweep.workers import local
from tests.benchmarks.frontier import report as frontier

ROUNDS, FEW, MANY, PARALLEL, DASK = 5, 8, 1000, 100_000, 20_000
LOOP = 50_000_000
RHS = (
    ("budget.total", 400, 1100),
    ("regions.east.floor", 0, 10),
    ("regions.capital.floor", 50, 150),
    ("regions.tcm.ceiling", 200, 260),
)


# Its own tolerances leave a stage 2e-6 from its optimum: no equal objectives.
TIGHT = (("primal_feasibility_tolerance", 1e-10), ("dual_feasibility_tolerance", 1e-10))


@dataclass(frozen=True)
class Points:
    """Runs at given values of some numbers."""

    paths: tuple[tuple[str, str], ...]
    values: np.ndarray
    slots: dict[tuple[str, str], Slot] = field(init=False)
    columns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        ends = zip(self.paths, self.values.min(axis=0), self.values.max(axis=0), strict=True)
        object.__setattr__(self, "slots", {key: Slot(*key, float(low), float(high)) for key, low, high in ends})

    @property
    def count(self) -> int:
        return len(self.values)

    def some(self, start: int, stop: int) -> list[Run]:
        """Runs as `montecarlo` makes them."""
        keys = tuple((*key, None) for key in self.paths)
        return [Drawn(str(k), (), keys, tuple(row)) for k, row in enumerate(self.values[start:stop].tolist(), start)]

    def alike(self, _: Signature) -> int:
        return self.count

    def examples(self) -> list[Patch]:
        return list(self.some(0, 1)[0].patches)

    def told(self) -> object:
        return len(self.values)


def sides(case: Case) -> dict[str, Callable[[int], Points]]:
    """Random right-hand sides; a sorted grid of budgets; random returns."""

    def rhs(count: int) -> Points:
        values = np.random.default_rng(7).uniform(
            [low for _, low, _ in RHS], [high for *_, high in RHS], (count, len(RHS))
        )
        return Points(tuple((path, "set") for path, *_ in RHS), values)

    def grid(count: int) -> Points:
        return Points((("budget.total", "set"),), np.linspace(200, 1100, count)[:, None])

    def returns(count: int) -> Points:
        keys = sorted(
            {
                tuple(path.split(".")[:4])
                for path in case.resolved.numbers
                if path.count(".") == 4 and path.startswith("returns.")
            }
        )
        factors = np.random.default_rng(8).uniform(0.8, 1.2, (count, len(keys)))
        return Points(tuple((".".join((*key, "*")), "scale") for key in keys), factors)

    return {"right-hand sides, random": rhs, "right-hand sides, a grid": grid, "coefficients, random": returns}


def cbc(instances: list) -> list[list[float]]:
    """PuLP rebuilt, every stage by CBC."""
    found = []
    for instance in instances:
        model, values = build(instance), []
        for stage in model.stages:
            model.problem.setObjective(stage.sense * stage.expression)
            model.problem.solve(pulp.COIN_CMD(path=_path(), msg=False))
            values.append(pulp.value(stage.expression))
            model.problem.add(stage.sense * stage.expression <= stage.sense * values[-1] + 1e-9 * abs(values[-1]))
        found.append(values)
    return found


def _path() -> str:
    from pulp.apis.coin_api import pulp_cbc_path

    return pulp_cbc_path


class Bare:
    """highspy alone, loaded once: numbers are changed, stages held by rows, no plan is read or checked."""

    def __init__(self, instance) -> None:
        self.pattern, self.base = flatten(build(instance))
        self.solver = highspy.Highs()
        for name, value in (("output_flag", False), ("threads", 1), ("presolve", "off"), *TIGHT):
            self.solver.setOptionValue(name, value)
        lp, parts, rows = highspy.HighsLp(), self.pattern.parts, len(self.pattern.rows)
        inside = self.pattern.term_rows < rows
        self.places = self.pattern.term_rows[inside], self.pattern.term_columns[inside]
        whole = self.pattern.matrix(self.base[parts["terms"]])
        lp.num_col_, lp.num_row_ = len(self.pattern.columns), rows
        lp.col_cost_ = np.zeros(lp.num_col_)
        lp.col_lower_, lp.col_upper_ = self.base[parts["lower"]], self.base[parts["upper"]]
        lp.row_lower_, lp.row_upper_ = self.base[parts["row_lower"]], self.base[parts["row_upper"]]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        order = np.lexsort((self.places[1], self.places[0]))
        lp.a_matrix_.start_ = np.searchsorted(self.places[0][order], np.arange(rows + 1)).astype(np.int32)
        lp.a_matrix_.index_ = self.places[1][order].astype(np.int32)
        lp.a_matrix_.value_ = whole[self.places][order]
        self.solver.passModel(lp)
        self.terms = whole[self.places]

    def solve(self, numbers: np.ndarray) -> list[list[float]]:
        """The stages of each run: numbers are known."""
        parts, rows = self.pattern.parts, len(self.pattern.rows)
        width = len(self.pattern.columns)
        columns, every = np.arange(width, dtype=np.int32), np.arange(rows, dtype=np.int32)
        found = []
        for run in numbers:
            whole = self.pattern.matrix(run[parts["terms"]])
            terms = whole[self.places]
            for k in np.flatnonzero(terms != self.terms).tolist():
                self.solver.changeCoeff(int(self.places[0][k]), int(self.places[1][k]), float(terms[k]))
            self.terms = terms
            self.solver.changeRowsBounds(rows, every, run[parts["row_lower"]], run[parts["row_upper"]])
            self.solver.changeColsBounds(width, columns, run[parts["lower"]], run[parts["upper"]])
            values = []
            for rank, sense in enumerate(self.pattern.senses[:-1]):
                costs = whole[rows + rank]
                self.solver.changeColsCost(width, columns, costs)
                self.solver.run()
                value = self.solver.getInfo().objective_function_value
                values.append(sense * value)
                at = np.flatnonzero(costs).astype(np.int32)
                self.solver.addRow(-np.inf, value + 1e-9 * abs(value), len(at), at, costs[at])
            self.solver.deleteRows(len(values), np.arange(rows, rows + len(values), dtype=np.int32))
            found.append(values)
        return found


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Seconds and what it gave."""
    started = time.perf_counter()
    found = work()
    return time.perf_counter() - started, found


def worked(work: Callable[[], object]) -> tuple[float, object]:
    """CPU seconds, those of processes it started too, and what it gave: on one core the same as seconds, were the
    machine ours alone."""
    started = os.times()
    found = work()
    ended = os.times()
    return sum(ended[:4]) - sum(started[:4]), found


def compare(case: Case, what: str, points: Points, rounds: int) -> None:
    """One line a side."""
    job = job_of(case, points)
    runs = points.some(0, MANY)
    few = [case.patched(*run.patches).instance for run in runs[:FEW]]
    slots = list(points.slots.values())
    frame = Worker(job)._frame(runs[0].signature, runs[0])
    assert frame is not None, "no frame"
    numbers = frame.at(np.array([run.template()[2] for run in runs]))
    bare, worker = Bare(few[0]), Worker(job)
    worker.part(0)  # the numbers' slopes are read once a sweep, not once a batch; so is the bare model loaded once
    ratios: dict[str, list[float]] = {"CBC": [], "highspy": []}
    for _ in range(rounds):
        seconds, _ = worked(lambda: [worker.part(k) for k in range(job.batches)])
        slow, theirs = worked(lambda: cbc(few))
        warm, floor = worked(lambda: bare.solve(numbers))
        own = seconds / len(runs)
        ratios["CBC"].append(slow / len(few) / own)
        ratios["highspy"].append(warm / len(runs) / own)
    told = [found.outcome(k) for _, found in Worker(job).outcomes(runs) for k in range(len(found))]
    names = list(told[0].stages)
    # CBC prints 8 digits, and holds a stage at what it printed: its later stages are a
    # little better than the best. So does bare highspy, within its tolerance.
    for side, whose, near in ((theirs, told[:FEW], 1e-5), (floor, told, 1e-5)):
        for values, outcome in zip(side, whose, strict=True):
            mine = [outcome.stages[name] for name in names]
            assert np.allclose(values[0], mine[0], rtol=1e-6), (values, mine)
            assert np.allclose(values, mine, rtol=near, atol=near), (values, mine)
    assert patches_of((0,), slots[:1], [1.0])
    assert all(plain(slot.path, 1.0) for slot in slots)
    for side, found in ratios.items():
        print(f"{statistics.median(found):7.1f} ×   {what}: regionopt, rows written, / {side}")  # noqa: T201


def parallel(case: Case, points: Points, through: dict[str, Callable]) -> None:
    """Runs a second of each way against the first, which starts its workers too; all give the same bytes. On a busy
    machine seconds say little: what CPU time the work took, all workers together, is told beside."""
    job = job_of(case, points)
    seconds, cpu, bytes_of = {}, {}, {}
    for name, way in through.items():
        before = _cpu()
        seconds[name], parts = timed(lambda way=way: sorted(way(job, range(job.batches)), key=itemgetter(0)))
        cpu[name] = _cpu() - before
        bytes_of[name] = [part.files for _, part in parts]
        assert len(parts) == job.batches
    first = next(iter(seconds))
    for name in list(seconds)[1:]:
        assert bytes_of[name] == bytes_of[first], name
        print(f"{seconds[first] / seconds[name]:7.2f} ×   {points.count:,} runs: {name} / {first}")  # noqa: T201
        if cpu[name] and cpu[first]:
            print(f"{cpu[first] / cpu[name]:7.2f} ×   the same by CPU time of all processes together")  # noqa: T201


def machine() -> float:
    """How much two processes with nothing in common get done in the time of one: what no sweep can exceed."""
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(_loop, (1, 1)))  # both are there
        one, _ = timed(lambda: list(pool.map(_loop, (LOOP,))))
        two, _ = timed(lambda: list(pool.map(_loop, (LOOP, LOOP))))
    return 2 * one / two


def _loop(count: int) -> int:
    return sum(k * k for k in range(count))


def _cpu() -> float:
    """CPU seconds of processes that have ended; Dask's go on."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def memory(count: int) -> float:
    """Peak memory of a sweep of so many runs, one worker, in MB."""
    steps = (1100 - 200) / (count - 1)
    with tempfile.TemporaryDirectory() as folder:
        code = (
            "import resource, sys; from regionopt.cli.main import app\n"
            f"vary, out = 'budget.total=200:1100:{steps!r}', '{folder}'\n"
            "try: app(['sweep', '--vary', vary, '--workers', '1', '--yes', '--quiet', '--out', out])\n"
            "except SystemExit: pass\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1]) / 1024


def main() -> None:
    """Print every ratio; `--quick` leaves out what takes minutes: the frontier, Dask, and the million runs."""
    rounds = int(sys.argv[1]) if sys.argv[1:] and sys.argv[1].isdigit() else ROUNDS
    case = load()
    made = sides(case)
    for what, points in made.items():
        compare(case, what, points(MANY), rounds)
    through = {"one process": partial(local, workers=1), "two processes": partial(local, workers=2)}
    count = DASK if "--quick" in sys.argv else PARALLEL
    print(f"{machine():7.2f} ×   two plain loops at once / one: what this machine gives now")  # noqa: T201
    parallel(case, made["coefficients, random"](count), through)
    print(f"{machine():7.2f} ×   two plain loops at once / one: what this machine gives now")  # noqa: T201
    if "--quick" not in sys.argv:
        frontier(rounds)
        with_dask(case, made["coefficients, random"](DASK))
        small, large = memory(10_001), memory(1_000_001)
        print(f"{large / small:7.2f} ×   peak memory: a million runs / ten thousand ({small:.0f} MB)")  # noqa: T201


def with_dask(case: Case, points: Points) -> None:
    """Two Dask workers against two local processes."""
    from distributed import LocalCluster

    from regionopt.sweep.dask_engine import dask

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        through = {
            "two processes": partial(local, workers=2),
            "Dask": partial(dask, address=cluster.scheduler_address),
        }
        parallel(case, points, through)


if __name__ == "__main__":
    main()
