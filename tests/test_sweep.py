"""Many runs: every fast way gives the plan of a fresh run; bytes, resuming, bad input."""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import random_case
from typer.testing import CliRunner

from regionopt.case.case import load
from regionopt.cli.main import app
from regionopt.common.document import Status
from regionopt.common.errors import InputError, LimitError, Problem, ToolError
from regionopt.common.instance import Instance
from regionopt.model.model import build
from regionopt.model.program import Seat
from regionopt.solve.solve import Solution, solve
from regionopt.sweep import settle, work
from regionopt.sweep import sweep as sweeping
from regionopt.sweep.batch import Batch
from regionopt.sweep.effects import frame
from regionopt.sweep.flat import Scale, flatten
from regionopt.sweep.grid import axis, grid
from regionopt.sweep.listed import listed
from regionopt.sweep.outcomes import layout_of
from regionopt.sweep.rapid import Rapid
from regionopt.sweep.rows import as_written
from regionopt.sweep.settle import agree, fresh
from regionopt.sweep.simplex import Simplex
from regionopt.sweep.slots import Slot, filled, plain
from regionopt.sweep.sweep import check, job_of, sweep
from regionopt.sweep.work import Worker
from regionopt.sweep.workers import local

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
COMMAND = [sys.executable, "-m", "regionopt"]
# Batches one after another, in this process.
here = partial(local, workers=1)


def outcomes(case, order):
    """The outcome of every run, in order."""
    worker = Worker(job_of(case, order))
    found = {}
    for places, settled in worker.outcomes(order.some(0, order.count)):
        found |= {k: settled.outcome(i) for i, k in enumerate(places)}
    return [found[k] for k in range(order.count)]


def codes(error: pytest.ExceptionInfo) -> set[str]:
    """Which rules were broken."""
    return {problem.code for problem in error.value.problems}


def test_no_money_is_written_as_minus_zero():
    """Money has six decimals: what floats leave below zero does not show, what is truly there does."""
    (written,) = as_written(np.array([[-4e-7, -6e-10, -0.0, 4e-10, -2e-6]]))
    assert [f"{number:.6f}" for number in written] == [*["0.000000"] * 4, "-0.000002"]


def test_a_fast_way_that_is_wrong_stops_the_sweep(monkeypatch):
    """One run of every batch is solved in fractions; a plan that is off by more than rounding is not written."""
    laid = settle.laid_out
    monkeypatch.setattr(settle, "laid_out", lambda *given: laid(*given) * (1 + 1e-7))
    with pytest.raises(ToolError) as error:
        outcomes(load(), grid(["budget.total=300:900:50"]))
    assert codes(error) == {"fast_way_differs"}
    assert "budget.total set 900" in error.value.problems[0].sentence("en")


# --- the fast way is the exact way --------------------------------------------------------------------------------


def varied(instance: Instance, budget: float, width: float, returns: float, target: float) -> Instance:
    """Another case with the same rows and columns."""
    tranches = tuple(
        replace(t, width=t.width * (width if k % 2 else 1), returns={m: e * returns**k for m, e in t.returns.items()})
        for k, t in enumerate(instance.tranches)
    )
    targets = tuple(replace(t, target=t.target * (target if k % 2 else 1)) for k, t in enumerate(instance.targets))
    return replace(instance, budget=instance.budget * budget, tranches=tranches, targets=targets)


numbers = st.sampled_from([0.01, 0.5, 0.9, 1.0, 1.1, 3.0])
widths = st.one_of(st.just(0.0), numbers)


@given(
    random_case(give_away=st.just(0.0)),
    st.lists(st.tuples(numbers, widths, st.sampled_from([0.9, 1.0]), numbers), min_size=2, max_size=5),
)
@settings(deadline=None, max_examples=60)
def test_what_is_settled_in_floats_is_the_plan_of_fractions(instance, factors):
    """Any order of neighbours, infeasible ones among them, and programmes without room, which may come first."""
    runs = [*(varied(instance, *factor) for factor in factors), instance]
    flat = [flatten(build(run)) for run in runs]
    pattern, first = flat[0]
    alike = [k for k, (own, _) in enumerate(flat) if own == pattern]
    found = Batch(pattern, Scale.of(pattern, first)).solve(np.array([flat[k][1] for k in alike]))
    for row, k in enumerate(alike):
        if not found.settled[row]:
            continue
        exact = solve(runs[k])
        assert exact.plan is not None, exact.status
        told = dict(zip((*pattern.ranks, *pattern.told), found.told[row].tolist(), strict=True))
        for stage, sense in zip(exact.stages, pattern.senses, strict=False):
            assert sense * told[stage.name] == pytest.approx(float(stage.value), rel=1e-9, abs=1e-9)
        for region, money in exact.plan.allocated.items():
            assert told[f"budget,{region}"] == pytest.approx(float(money), abs=1e-6)


ORDERS = {
    "a grid with infeasible corners": ["budget.total=100:1300:300", "regions.east.floor_share=0,0.02,0.06"],
    "two numbers in one row": ["budget.total=300:900:200", "regions.south.ceiling_share=0.1:0.4:0.1"],
    "scales and targets": ["returns.jobs.*=0.8x:1.2x:0.1x", "targets.jobs.total=200000,324000,500000"],
    "weights": ["objective.weights.jobs=0.5:3:0.25"],
    "names and lists": ["targets.jobs.split=equal,population", "budget.total=200:1000:50"],
    "added": ["budget.total=+10,+20,-30,-40,+50,+60,+70,+80,+90,+95"],
    "a width from nothing": ["widths.east.smart_aquaculture.1=0:20:4"],
    "widths from nothing, many": ["returns.tranche_widths.2=0:1.5:0.05"],
    "widths from nothing and budgets": ["returns.tranche_widths.2=0:1.5:0.5", "budget.total=300:700:100"],
    "one return above the one before": ["returns.jobs.east.tech_tourism.2=100:900:50"],
    "refused below nothing": ["budget.total=-715:+85:200"],
}


def small(coefficient: float) -> Simplex:
    """Least -x - 2y with x + coefficient y ≤ 4, both between 0 and 3."""
    simplex = Simplex(1, 2, (np.array([0, 0]), np.array([0, 1])))
    simplex.load(
        np.array([-1.0, -2.0]), np.array([[0.0, 0], [3, 3]]), np.array([[-np.inf], [4]]), np.array([1, coefficient])
    )
    return simplex


def test_a_small_program_by_hand():
    """y at 3, x at what is left."""
    simplex = small(1)
    assert simplex.run() is Status.OPTIMAL
    values, basic = simplex.values()
    assert (values.tolist(), basic.tolist()) == ([1, 3, 4], [0])
    assert [seats.tolist() for seats in simplex.seats()] == [[Seat.BASIC, Seat.UPPER], [Seat.UPPER]]


def test_what_highs_refuses_is_not_the_program_before():
    """Coefficients of 1e15 and more are too large for it."""
    simplex = small(1)
    simplex.load(np.zeros(2), np.array([[0.0, 0], [3, 3]]), np.array([[-np.inf], [4]]), np.array([1, 1e16]))
    assert simplex.run() is None


def test_where_no_guess_is_right_the_plans_are_the_same(monkeypatch):
    """All ranks at once are a guess; rank by rank is not."""
    case, order = load(), grid(["returns.*.*.*.1=0.8x:1.2x:0.02x"])
    guessed = outcomes(case, order)
    guess = Rapid.guesses
    monkeypatch.setattr(Rapid, "guesses", lambda *asked: (guess(*asked)[0], np.zeros(len(asked[1].low), dtype=bool)))
    found = outcomes(case, order)
    assert [one.way for one in found] == [one.way for one in guessed] == [*["float"] * 20, "exact"]
    assert all(map(agree, found, guessed))


@pytest.mark.parametrize("name", ORDERS)
def test_every_run_of_a_sweep_is_what_a_fresh_run_says(name):
    case, order = load(), grid(ORDERS[name])
    for run, told in zip(order.some(0, order.count), outcomes(case, order), strict=True):
        alone = fresh(case, run.patches)
        assert agree(told, alone), (run.inputs, told, alone)
        assert told.reason == alone.reason
        for key, value in alone.gained.items():
            assert told.gained[key] == pytest.approx(value, rel=1e-7, abs=1e-6)


def test_infeasible_and_refused_runs_stay_with_their_status():
    """East can hold 48 at most: a floor of 60 has no plan; a floor above the ceiling breaks a rule of the file."""
    case = load(sets=["regions.east.ceiling=80"])
    told = outcomes(case, grid(["regions.east.floor=5,60,90,6"]))
    assert [run.status for run in told] == ["optimal", "infeasible", "refused", "optimal"]
    assert told[2].reason == "floor_above_ceiling"


def test_most_runs_take_the_fast_way():
    told = outcomes(load(), grid(["budget.total=300:900:2"]))
    assert sum(run.way == "float" for run in told) > 290


@pytest.mark.parametrize(
    "sets", [["objective.give_away=1e-6"], ['objective.stages=["worst_shortfall","leximin","spend"]']]
)
def test_other_objectives(sets):
    """Where something is given away every run is solved in fractions; steps of leximin are stages."""
    case, order = load(sets=sets), grid(["budget.total=300,500,700"])
    told = outcomes(case, order)
    for run, own in zip(order.some(0, 3), told, strict=True):
        assert agree(own, fresh(case, run.patches))
    assert tuple(told[0].stages) == layout_of(case.instance).stages


def test_whole_numbers_are_solved_one_by_one():
    """A platform is open or not: no basis is shared, each run is chosen afresh; a time limit may leave no plan."""
    hub = {"title": "Hub", "region": "east", "cost": 5.0, "raises": {"east.tech_tourism": 0.1}}
    given = load()
    original = replace(given.original, raw={**given.raw, "platforms": {"hub": hub}})
    case, order = replace(given, original=original), grid(["budget.total=300,500"])
    told = outcomes(case, order)
    assert [run.way for run in told] == ["exact", "exact"]
    for run, own in zip(order.some(0, 2), told, strict=True):
        assert agree(own, fresh(case, run.patches))
    late = fresh(case, order.some(0, 1)[0].patches, limit=1e-9)
    assert late.status in ("limit", "stopped")


def test_every_status_has_its_row(tmp_path, monkeypatch):
    """Infeasible, unbounded, out of time, refused: each keeps its row, without numbers; what is finished counts."""
    case = load(sets=["objective.give_away=1e-6", "regions.east.ceiling=80"])
    solved = settle.solve

    def answer(instance, solver, limit):
        if instance.budget == 600:
            return Solution(Status.UNBOUNDED)
        if instance.budget == 700:
            raise LimitError([Problem("time_limit", "worst_shortfall")])
        return solved(instance, solver, limit)

    monkeypatch.setattr(settle, "solve", answer)
    order = grid(["budget.total=500,600,700", "regions.east.floor=5,60,90"])
    counted = sweep(job_of(case, order), tmp_path, here)
    rows = list(csv.DictReader((tmp_path / "runs.csv").read_text(encoding="utf-8-sig").splitlines()))
    statuses = [row["status"] for row in rows]
    assert statuses == [
        "optimal", "infeasible", "refused", "unbounded", "unbounded", "refused", "limit", "limit", "refused",
    ]  # fmt: skip
    assert [bool(row["spent"]) for row in rows] == [status == "optimal" for status in statuses]
    assert counted.statuses == {"optimal": 1, "infeasible": 1, "refused": 3, "unbounded": 2, "limit": 2}
    assert {row["reason"] for row in rows if row["status"] == "limit"} == {"time_limit"}
    assert len((tmp_path / "regions.csv").read_text().splitlines()) == 1 + 5


def test_a_command_of_which_no_run_has_a_plan_ends_with_1(tmp_path):
    asked = ["sweep", "--vary", "regions.east.floor=60,70", "--workers", "1", "--out", str(tmp_path), "--quiet"]
    assert CliRunner().invoke(app, asked).exit_code == 1


# --- numbers without reading the case again ---------------------------------------------------------------------


def test_the_formula_gives_what_is_read():
    """A share of the budget is a product of two settings; a level scales every return."""
    case = load()
    slots = [
        Slot("budget.total", "set", 200, 1200),
        Slot("regions.east.floor_share", "set", 0, 0.05),
        Slot("returns.level.jobs", "set", 200, 300),
        Slot("returns.jobs.*", "scale", 0.8, 1.2),
        Slot("targets.output.total", "set", 5000, 9000),
    ]
    template = tuple(range(len(slots)))
    known = frame(case, template, slots)
    assert known is not None
    for share in (0.0, 0.123, 0.77, 1.0):
        values = [slot.low + share * (slot.high - slot.low) for slot in slots]
        _, read = flatten(build(case.patched(*filled(template, slots, values)).instance))
        np.testing.assert_allclose(known.at(np.array([values]))[0], read, rtol=1e-10, atol=1e-10)
    assert (0, 1) in known.products


@pytest.mark.parametrize(
    "path", ["periods.survival", "regions.east.floor_per_head", "targets.jobs.must", "equity.ratio"]
)
def test_what_is_no_sum_of_products_is_read_run_by_run(path):
    assert not plain(path, 0.5)


def test_a_floor_beside_one_a_head_is_read_run_by_run():
    """The stricter of the two counts: no formula of slopes holds."""
    case = load(sets=["regions.east.floor_per_head=1000"])
    assert frame(case, (0,), [Slot("regions.east.floor", "set", 0, 10)]) is None


# --- the command --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory) -> Path:
    """A sweep of 3,000 runs with one worker."""
    job = job_of(load(), grid(MANY))
    return sweep(job, tmp_path_factory.mktemp("one"), here).folder


MANY = ["budget.total=201:1200:1", "regions.east.floor_share=0,0.02,0.04"]
TABLES = ("runs.csv", "regions.csv")


def same(one: Path, other: Path) -> None:
    for table in TABLES:
        assert (one / table).read_bytes() == (other / table).read_bytes()


def test_rows_of_a_sweep(unbroken):
    with (unbroken / "runs.csv").open(encoding="utf-8-sig", newline="") as stream:
        runs = list(csv.DictReader(stream))
    with (unbroken / "regions.csv").open(encoding="utf-8-sig", newline="") as stream:
        regions = list(csv.DictReader(stream))
    assert len(runs) == 3000
    assert [run["run"] for run in runs] == [str(k) for k in range(1, 3001)]
    planned = [run for run in runs if run["status"] == "optimal"]
    assert len(regions) == 5 * len(planned)
    assert {run["spent"] == "" for run in runs if run["status"] != "optimal"} <= {True}
    first = [row for row in regions if row["run"] == planned[0]["run"]]
    assert sum(float(row["budget"]) for row in first) == pytest.approx(float(planned[0]["spent"]), abs=1e-5)
    assert not (unbroken / "parts").exists()


def test_two_workers_give_the_same_bytes(unbroken, tmp_path):
    same(unbroken, sweep(job_of(load(), grid(MANY)), tmp_path, partial(local, workers=2)).folder)


def test_a_batch_of_a_process_that_dies_is_done_again(tmp_path):
    """The process beside this one is killed in the middle: nothing is lost, and no process stays."""
    job, killed = replace(job_of(load(), grid(MANY)), size=100), list[int]()

    def mine(job, numbers):
        for done, found in enumerate(local(job, numbers, workers=2)):
            if done == job.batches // 2:
                killed.extend(child.pid for child in multiprocessing.active_children())
                for pid in killed:
                    os.kill(pid, signal.SIGKILL)
            yield found

    unharmed = sweep(job, tmp_path / "here", here).folder
    same(unharmed, sweep(job, tmp_path / "killed", mine).folder)
    assert len(killed) == 1
    assert not multiprocessing.active_children()


def test_what_one_worker_found_out_no_other_does_again(monkeypatch):
    job = job_of(load(), grid(MANY))
    first, second = job.worker(), job.worker()
    first.prepare(1)
    second.learn(first.packed())
    found = first.part(1)
    assert found.statuses["optimal"]
    monkeypatch.setattr(work, "frame", refused)
    assert second.part(1) == found


def refused(*_):
    raise AssertionError("made again")


def test_killed_in_a_batch_and_resumed(unbroken, tmp_path):
    """kill -9 after the first finished batch: it is kept, and the resumed tables have the same bytes."""
    vary = [part for text in MANY for part in ("--vary", text)]
    command = [*COMMAND, "sweep", *vary, "--workers", "1", "--out", str(tmp_path), "--name", "a"]
    folder = tmp_path / "taiwan-2040" / "a"
    begun = subprocess.Popen(command, env=ENVIRONMENT)
    while not list(folder.glob("parts/*.done")) and begun.poll() is None:
        time.sleep(0.005)
    begun.send_signal(signal.SIGKILL)
    assert begun.wait() == -signal.SIGKILL
    kept = {path.name: path.stat().st_mtime_ns for path in folder.glob("parts/*.done")}
    assert kept
    assert not (folder / "runs.csv").exists()
    subprocess.run([*command, "--resume", "--quiet"], env=ENVIRONMENT, check=True)
    same(unbroken, folder)


def long_sweep(out: Path) -> list[str]:
    """A command that takes a while, with two workers."""
    vary = ["--vary", "budget.total=201:1200:0.01"]
    return [*COMMAND, "sweep", *vary, "--workers", "2", "--out", str(out), "--lang", "en"]


@pytest.mark.skipif(not Path("/proc").exists(), reason="processes are looked up in /proc")
def test_killed_with_others_beside_it_nobody_is_left_behind(tmp_path):
    begun = subprocess.Popen(long_sweep(tmp_path), env=ENVIRONMENT)
    others = Path(f"/proc/{begun.pid}/task/{begun.pid}/children")
    while len(list(tmp_path.glob("*/*/parts/*.done"))) < 3 and begun.poll() is None:
        time.sleep(0.005)
    left = [Path("/proc", pid) for pid in others.read_text().split()]
    assert left
    begun.send_signal(signal.SIGKILL)
    begun.wait()
    for _ in range(600):
        left = [process for process in left if process.exists()]
        if not left:
            break
        time.sleep(0.05)
    assert not left


def test_interrupted_it_says_how_to_go_on(tmp_path):
    command = long_sweep(tmp_path)
    # What is started in the background hears no Ctrl-C, and hands that on to what it starts.
    begun = subprocess.Popen(
        command, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    while not list(tmp_path.glob("*/*/parts/*.done")) and begun.poll() is None:
        time.sleep(0.005)
    begun.send_signal(signal.SIGINT)
    _, said = begun.communicate(timeout=60)
    assert begun.returncode == 130
    assert "--resume" in said
    assert "Traceback" not in said


def test_a_resume_against_another_case_is_refused(tmp_path):
    order = grid(["budget.total=300,400"])
    sweep(job_of(load(), order), tmp_path, here)
    with pytest.raises(InputError) as error:
        sweep(job_of(load(sets=["targets.jobs.total=1000"]), order), tmp_path, here, resume=True)
    assert codes(error) == {"resume_changed"}
    with pytest.raises(InputError) as error:
        sweep(job_of(load(), order), tmp_path / "nowhere", here, resume=True)
    assert codes(error) == {"nothing_to_resume"}


def test_a_finished_sweep_resumes_to_itself(tmp_path):
    job = job_of(load(), grid(["budget.total=300,400"]))
    before = sweep(job, tmp_path, here)
    written = (tmp_path / "runs.csv").stat().st_mtime_ns
    assert sweep(job, tmp_path, here, resume=True) == before
    assert (tmp_path / "runs.csv").stat().st_mtime_ns == written


# --- runs from a file ---------------------------------------------------------------------------------------------


def test_runs_from_a_file(tmp_path):
    """One run may have several rows; a adds, s scales, r replaces."""
    file = tmp_path / "runs.csv"
    file.write_text(
        "run,path,mod,value,notes\nless,budget.total,s,0.5,half\n"
        'more,budget.total,a,100,"two, rows"\nmore,regions.east.floor_share,r,0.02,\n'
    )
    order, case = listed(file), load()
    less, more = order.some(0, 2)
    assert [run.name for run in (less, more)] == ["less", "more"]
    told = outcomes(case, order)
    assert told[0].budget == case.instance.budget / 2
    assert told[1].budget == case.instance.budget + 100
    for run, own in zip((less, more), told, strict=True):
        assert agree(own, fresh(case, run.patches))


def test_a_long_file_is_read_piece_by_piece(tmp_path):
    file = tmp_path / "runs.csv"
    rows = "".join(f'r{k},budget.total,r,{200 + k},"第{k}次\n續"\n' for k in range(2500))
    file.write_text("run,path,mod,value,notes\n" + rows, encoding="utf-8-sig")
    order = listed(file)
    assert order.count == 2500
    assert [run.name for run in order.some(2000, 2003)] == ["r2000", "r2001", "r2002"]
    (run,) = order.some(1000, 1001)
    assert (run.patches[0].value, run.patches[0].at) == (1200, "runs.csv line 2003")  # two lines a run


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("run,path,how,value\na,budget.total,r,5\n", "unknown_column"),
        ("run,path,value\na,budget.total,5\n", "missing_column"),
        ("run,path,mod,value\na,budget.total,x,5\n", "bad_mod"),
        ("run,path,mod,value\na,budget.total,s,much\n", "not_a_number"),
        ("run,path,mod,value\na,,r,5\n", "empty_cell"),
        ("run,path,mod,value\n", "empty_table"),
        ("run,path,mod,value\na,budget.total,r,5\nb,budget.total,r,6\na,budget.total,r,7\n", "run_twice"),
    ],
)
def test_a_file_with_something_wrong(tmp_path, content, code):
    file = tmp_path / "runs.csv"
    file.write_text(content)
    with pytest.raises(InputError) as error:
        listed(file)
    assert code in codes(error)


# --- bad input ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("budget.total", "bad_vary"),
        ("budget.total=1,,2", "bad_vary"),
        ("budget.total=1:2", "bad_range"),
        ("budget.total=a:b:c", "bad_range"),
        ("budget.total=1:2:inf", "bad_range"),
        ("budget.total=2:1:0.5", "empty_range"),
        ("budget.total=1:2:0", "empty_range"),
        ("budget.total=1:2:1e-12", "range_too_fine"),
    ],
)
def test_a_range_that_is_none(text, code):
    with pytest.raises(InputError) as error:
        axis(text)
    assert codes(error) == {code}


def told(text: str) -> list[str]:
    """The values of a `--vary` as they are written."""
    return [axis(text).text(k) for k in range(len(axis(text)))]


def test_ranges_take_both_ends():
    assert told("budget.total=200:1200:500") == ["200", "700", "1200"]
    assert told("budget.total=0:0.3:0.1") == ["0", "0.1", "0.2", "0.3"]
    assert told("x=0.9x:1.1x:0.1x") == ["0.9x", "1x", "1.1x"]
    assert told("x=0, 0.02,5x") == ["0", "0.02", "5x"]
    assert [axis("x=-1:+1:1").patch(k).value for k in range(3)] == [-1, 0, 1]
    assert [axis("x=0.9x:1x:0.1").patch(k).how for k in range(2)] == ["scale", "scale"]


def test_a_long_range_takes_no_memory():
    """Ten million values are three numbers until one is asked for."""
    order = grid(["budget.total=200:1200:0.0001"])
    assert order.count == 10_000_001
    assert order.some(10_000_000, 10_000_001)[0].inputs == ("1200",)
    assert order.alike(order.some(5, 6)[0].signature) == order.count


def test_paths_that_nothing_matches_are_told_together():
    with pytest.raises(InputError) as error:
        job_of(load(), grid(["budget.totl=1,2", "regions.west.floor=1"]))
    assert [problem.value for problem in error.value.problems] == ["budget.totl", "regions.west.floor"]


def test_a_value_of_the_wrong_kind_in_a_list_is_a_slip():
    with pytest.raises(InputError) as error:
        job_of(load(), grid(["budget.total=300,many"]))
    assert codes(error) == {"wrong_kind"}


def test_a_million_runs_are_asked_about(tmp_path, monkeypatch):
    job = job_of(load(), grid(["budget.total=200:1200:0.5", "regions.east.floor_share=0:0.05:0.0001"]))
    with pytest.raises(InputError) as error:
        check(job, tmp_path, yes=False)
    assert "1,002,501" in str(error.value)
    monkeypatch.setattr(sweeping.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 10**6}))
    with pytest.raises(LimitError) as full:
        check(job, tmp_path, yes=True)
    assert codes(full) == {"disk_too_small"}


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--vary", "budget.total=1,2", "--csv", "x.csv"],
        ["--vary", "budget.total=500", "--workers", "0"],
        ["--vary", "budget.total=500", "--engine", "dask"],
        ["--vary", "budget.total=500", "--scheduler", "tcp://127.0.0.1:1"],
    ],
)
def test_options_that_do_not_go_together(options, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "regionopt", "sweep", *options, "--out", str(tmp_path), "--lang", "en"],
        env=ENVIRONMENT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


# --- a Dask cluster -----------------------------------------------------------------------------------------------

DASK = """
import os, signal, sys
from functools import partial
from pathlib import Path
from distributed import LocalCluster
from regionopt.case.case import load
from regionopt.sweep.dask_engine import dask
from regionopt.sweep.grid import grid
from regionopt.sweep.sweep import job_of, sweep

if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        killed = []

        def tell(done, of):
            if done and not killed:
                killed.append(next(iter(cluster.workers.values())).pid)
                os.kill(killed[0], signal.SIGKILL)

        over = partial(dask, address=cluster.scheduler_address)
        sweep(job_of(load(), grid(sys.argv[2:])), Path(sys.argv[1]), over, tell=tell)
        assert killed
"""


def test_dask_gives_the_same_bytes_though_a_worker_dies(unbroken, tmp_path):
    pytest.importorskip("distributed")
    script = tmp_path / "over_dask.py"
    script.write_text(DASK)
    subprocess.run([sys.executable, str(script), str(tmp_path / "out"), *MANY], env=ENVIRONMENT, check=True)
    same(unbroken, tmp_path / "out")


def test_a_scheduler_that_does_not_answer(monkeypatch):
    pytest.importorskip("distributed")
    from regionopt.sweep import dask_engine

    monkeypatch.setattr(dask_engine, "PATIENCE", "1s")
    with pytest.raises(ToolError) as error:
        list(dask_engine.dask(job_of(load(), grid(["budget.total=500"])), [0], "tcp://127.0.0.1:1"))
    assert codes(error) == {"scheduler_silent"}


def test_parquet_holds_the_same(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    job = job_of(load(), grid(["budget.total=100:1300:400"]))
    folder = sweep(job, tmp_path, here).folder
    table = parquet.read_table(folder / "runs.parquet")
    assert table.num_rows == 4
    assert (
        json.loads((folder / "counts.json").read_bytes())["statuses"]["optimal"]
        == table["spent"].drop_null().length()
    )


def test_parquet_keeps_names_that_look_like_nothing(tmp_path):
    """A run may be called NA or null."""
    parquet = pytest.importorskip("pyarrow.parquet")
    (tmp_path / "runs.csv").write_text(
        "run,path,mod,value,notes\nNA,budget.total,r,300,\nnull,budget.total,r,400,\nx,budget.total,r,500,\n"
    )
    folder = sweep(job_of(load(), listed(tmp_path / "runs.csv")), tmp_path / "out", here).folder
    assert parquet.read_table(folder / "runs.parquet")["run"].to_pylist() == ["NA", "null", "x"]
    assert set(parquet.read_table(folder / "regions.parquet")["run"].to_pylist()) == {"NA", "null", "x"}


def test_a_worker_with_another_version_is_refused():
    """It is asked before anything is sent; one that lacks regionopt answers with an error."""
    from regionopt.sweep import dask_engine

    class Client:
        def run(self, asked, on_error):
            assert on_error == "return"
            return {"tcp://a:1": asked(), "tcp://b:2": "0.0.1", "tcp://c:3": ImportError("no regionopt")}

    with pytest.raises(ToolError) as error:
        dask_engine._refuse_others(Client())
    assert [problem.place for problem in error.value.problems] == ["tcp://b:2", "tcp://c:3"]
    assert "no regionopt" in error.value.problems[1].sentence("en")


@pytest.mark.parametrize("limit", [-1.0, 0.0, float("nan")])
def test_a_time_limit_that_is_none(limit):
    with pytest.raises(InputError, match="--time-limit"):
        job_of(load(), grid(["budget.total=500"]), limit)


def test_every_step_of_varied_stages_has_its_column(tmp_path):
    (tmp_path / "runs.csv").write_text(
        'run,path,mod,value,notes\na,objective.stages,r,"[""worst_shortfall""]",\nb,objective.stages,r,"[""leximin""]",\n'
    )
    order = listed(tmp_path / "runs.csv")
    told = outcomes(load(), order)
    stages = job_of(load(), order).stages
    assert set(told[1].stages) <= set(stages)
    assert "leximin" not in stages
