"""The case over years against bare HiGHS on the same matrices: prints ratios of time and memory, asserts nothing.

python -m tests.benchmarks.yearly [ROUNDS]

Ours: build the program, solve and prove every stage, decide ties, collect the tables. Bare: the same stages as
arrays that are already there, each held while the next is solved, warm, by highspy alone. Where the time goes is told
in the same unit, one run of bare HiGHS: what ties take, with their own solving and proving, is told apart.
"""

from __future__ import annotations

import functools
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

from regionopt.case.case import Case, load
from regionopt.model.model import build
from regionopt.model.program import Program
from regionopt.model.translate import Columns, to_costs, to_program
from regionopt.result.result import Result
from regionopt.result.rows import allocation_rows, region_rows, target_rows
from regionopt.solve import optimum
from regionopt.solve import solve as solving
from regionopt.solve.engine import FEASIBILITY
from regionopt.solve.highs import Highs, highs_lp
from regionopt.solve.solvers import Scaled

ROUNDS = 9
Stages = list[tuple[Program, tuple[float, ...]]]


def ours(case: Case) -> None:
    """Build, solve, prove, decide ties, collect."""
    tables(Result(case, solving.solve(case.instance), None))


def tables(result: Result) -> list[object]:
    """The rows that are written."""
    return [list(table(result)) for table in (allocation_rows, region_rows, target_rows)]


def stages(case: Case) -> Stages:
    """The program of each stage with its costs, the stages before it held."""
    model = build(case.instance)
    program, listed = to_program(model.problem), []
    for stage in model.stages:
        costs = to_costs(model.problem, stage)
        listed.append((program, costs))
        best = optimum.optimise(Highs(), program, stage.name, costs)
        program = program.with_row(solving.hold(stage, best, case.instance.give_away))
    return listed


def bare(prepared: Stages, presolve: str = "choose") -> Callable[[], None]:
    """What highspy needs for the stages, and the run itself, with presolve as highspy comes unless told otherwise."""
    first, lp = prepared[0][0], highs_lp(prepared[0][0])
    rows = [program.rows[-1] for program, _ in prepared[1:]]
    count = len(first.columns)

    def run() -> None:
        solver = Highs()._solver
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("presolve", presolve)
        for tolerance in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
            solver.setOptionValue(tolerance, FEASIBILITY)
        solver.passModel(lp)
        for k, (_, costs) in enumerate(prepared):
            if k:
                indices, values = zip(*rows[k - 1].terms, strict=True)
                solver.addRow(rows[k - 1].lower, rows[k - 1].upper, len(indices), list(indices), list(values))
            solver.changeColsCost(count, list(range(count)), list(costs))
            solver.run()
            solver.getSolution()

    return run


PARTS = {
    "build": [(solving, "build"), (solving, "columns_of"), (solving, "to_program"), (Columns, "costs")],
    "solve": [(Scaled, "minimise")],
    "prove": [(optimum, "_settled"), (solving, "held"), (solving, "settled"), (solving, "proven")],
    "ties": [(solving, "written_order"), (solving, "unique_from")],
    "collect": [(solving, "read"), (sys.modules[__name__], "tables")],
}


@contextmanager
def watched() -> Iterator[dict[str, float]]:
    """Seconds spent in each part while this is open; a part inside another counts for the outer one alone."""
    spent, inside = dict.fromkeys(PARTS, 0.0), list[str]()

    def timed(part: str, job: Callable[..., object]) -> Callable[..., object]:
        @functools.wraps(job)
        def run(*given: object, **named: object) -> object:
            if inside:
                return job(*given, **named)
            inside.append(part)
            started = time.process_time()
            try:
                found = job(*given, **named)
                return list(found) if isinstance(found, Iterator) else found
            finally:
                inside.pop()
                spent[part] += time.process_time() - started

        return run

    with ExitStack() as stack:
        for part, places in PARTS.items():
            for place, name in places:
                stack.enter_context(patch.object(place, name, timed(part, getattr(place, name))))
        yield spent


def parts(case: Case, rounds: int) -> dict[str, float]:
    """Medians of what each part takes, in runs of bare HiGHS."""
    floor, found = bare(stages(case)), list[dict[str, float]]()
    for _ in range(rounds + 1):
        with watched() as spent:
            ours(case)
        once = seconds(floor)
        found.append({part: took / once for part, took in spent.items()})
    return {part: statistics.median(one[part] for one in found[1:]) for part in PARTS}


def seconds(job: Callable[[], None]) -> float:
    """One run of a job, in seconds of the processor: the machine is shared."""
    started = time.process_time()
    job()
    return time.process_time() - started


def without_presolve(case: Case, rounds: int) -> float:
    """What bare HiGHS takes without presolve, in runs of it with presolve: ours does without."""
    prepared = stages(case)
    first, second = bare(prepared), bare(prepared, "off")
    return statistics.median([seconds(second) / seconds(first) for _ in range(rounds + 1)][1:])


def ratio(case: Case, rounds: int) -> tuple[float, float, float]:
    """Median ratio of neighbouring runs, after one of each that is not counted; then both medians in seconds."""
    floor = bare(stages(case))
    pairs = [(seconds(lambda: ours(case)), seconds(floor)) for _ in range(rounds + 1)][1:]
    both = zip(*pairs, strict=True)
    return (statistics.median(a / b for a, b in pairs), *(statistics.median(side) for side in both))


BARE = """
import pickle, sys
import highspy
first, rest = pickle.load(open(sys.argv[1], "rb"))
lp = highspy.HighsLp()
for name, value in first.items():
    target, _, field = name.rpartition(".")
    setattr(lp.a_matrix_ if target else lp, field, value)
lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
solver = highspy.Highs()
solver.setOptionValue("output_flag", False)
solver.passModel(lp)
for row, costs in rest:
    if row:
        solver.addRow(*row)
    solver.changeColsCost(len(costs), list(range(len(costs))), costs)
    solver.run()
    solver.getSolution()
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
OURS = """
import tests.benchmarks.yearly as benchmark
benchmark.ours(benchmark.load(scenario="yearly"))
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
FIELDS = ("num_col_", "num_row_", "col_cost_", "col_lower_", "col_upper_", "row_lower_", "row_upper_")


def arrays(prepared: Stages) -> bytes:
    """The stages as plain lists, for a process that knows nothing but highspy."""
    lp = highs_lp(prepared[0][0])
    first = {name: _listed(getattr(lp, name)) for name in FIELDS}
    first |= {f"a_matrix_.{name}": _listed(getattr(lp.a_matrix_, name)) for name in ("start_", "index_", "value_")}
    rest = []
    for k, (program, costs) in enumerate(prepared):
        row = program.rows[-1]
        indices, values = ([j for j, _ in row.terms], [a for _, a in row.terms])
        rest.append(((row.lower, row.upper, len(indices), indices, values) if k else None, list(costs)))
    return pickle.dumps((first, rest))


def _listed(value: object) -> object:
    return value if isinstance(value, int) else list(value)  # type: ignore[call-overload]


def memory(code: str, *arguments: str) -> float:
    """Largest resident memory of a process, in MB. (`getrusage` would still count what its parent held.)"""
    done = subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1]) / 1024


def main() -> None:
    """Print a line for each scenario's time, and one for memory."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    for scenario in ("yearly", "base"):
        middle, mine, theirs = ratio(load(scenario=scenario), rounds)
        what = f"{scenario}: build + solve + collect / bare highspy"
        print(f"{middle:6.2f} ×   {what}   ({mine:.3f} s / {theirs:.3f} s)")  # noqa: T201
        told = parts(load(scenario=scenario), rounds)
        alone = sum(told[part] for part in ("build", "solve", "collect"))
        print(f"{alone:6.2f} ×   {scenario}: the same without proofs and ties")  # noqa: T201
        print("           " + ", ".join(f"{part} {took:.2f}" for part, took in told.items()))  # noqa: T201
        print(f"{without_presolve(load(scenario=scenario), rounds):6.2f} ×   {scenario}: bare without presolve")  # noqa: T201
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "stages"
        file.write_bytes(arrays(stages(load(scenario="yearly"))))
        mine, theirs = memory(OURS), memory(BARE, str(file))
    print(f"{mine / theirs:6.2f} ×   yearly: memory   ({mine:.0f} MB / {theirs:.0f} MB)")  # noqa: T201


if __name__ == "__main__":
    main()
