"""Many draws: each is a run, the base plan in each, robust plans, rankings, bytes, resuming, bad input."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from cases import aim, case, fund, solved
from inputs import CASE, SMALL, loaded, small, snapshot
from scipy.optimize import linprog

from regionopt.case.case import load
from regionopt.cli.help import catalogue
from regionopt.common.errors import InputError
from regionopt.model.model import build
from regionopt.montecarlo.distributions import DISCRETE, KINDS
from regionopt.montecarlo.factors import factors_of
from regionopt.montecarlo.inputs import inputs_of
from regionopt.montecarlo.joint import scenarios
from regionopt.montecarlo.kept import achieved, kept_of
from regionopt.montecarlo.montecarlo import montecarlo
from regionopt.montecarlo.prepare import Question, uncertain
from regionopt.montecarlo.robust import least_cvar, worst_case
from regionopt.montecarlo.schema import MonteCarloDocument, json_schema
from regionopt.montecarlo.sound import check
from regionopt.montecarlo.statistics import cvar
from regionopt.montecarlo.told import sentences
from regionopt.montecarlo.work import Wanted, base_of, prepared
from regionopt.run.starter import make
from regionopt.solve.solve import solve
from regionopt.sweep.flat import flatten
from regionopt.sweep.settle import fresh
from regionopt.sweep.workers import local

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
# Batches one after another, in this process.
here = partial(local, workers=1)
# Two regions that share 10: the north brings e jobs a unit, the south 1; both aim at 10 jobs.
DUEL = {
    **SMALL,
    "case.toml": CASE.replace("total = 100", "total = 10").replace(
        '["worst_shortfall", "total_shortfall", "nearest_reference"]', '["worst_shortfall"]'
    ),
    "coefficients.csv": "region,programme,tranche,width,output_per_unit,jobs_per_unit\nnorth,labs,1,10,0,2\n"
    "south,farms,1,10,0,1\n",
    "targets.csv": "metric,region,target,must\njobs,north,10,\njobs,south,10,\n",
}
MIXED = (
    "budget.total=uniform:60,140",
    "returns.jobs.north.*=normal:1x,0.2x",
    "returns.output.*=lognormal:1x,0.3 each=programme",
    "targets.jobs.south=discrete:300@1,400@2,500@1",
    "regions.south.floor=triangular:0,20,110",
)
QUIET = Wanted(robust=0)


def codes(error: pytest.ExceptionInfo) -> set[str]:
    """Which rules were broken."""
    return {problem.code for problem in error.value.problems}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def done(one, folder: Path, vary, wanted: Wanted = QUIET, through=here, **question):
    """The document of a question."""
    return montecarlo(prepared(one, Question(vary=tuple(vary), **question), wanted), folder, through)


# --- a draw is a run -----------------------------------------------------------------------------------------------


def test_every_draw_is_a_fresh_run_with_the_same_numbers(tmp_path):
    """Objective to 1e-9 relative, money to 1e-6; draws without a plan have the status of the run."""
    one = loaded(tmp_path)
    job = prepared(one, Question(300, vary=MIXED), QUIET).job
    runs = job.order.some(0, 300)
    statuses = set()
    for places, found in job.worker().outcomes(runs):
        for i, k in enumerate(places):
            told, proven = found.outcome(i), fresh(one, runs[k].patches)
            statuses.add(told.status)
            assert (told.status, told.reason) == (proven.status, proven.reason)
            for stage, value in proven.stages.items():
                assert told.stages[stage] == pytest.approx(value, rel=1e-9, abs=1e-9)
            for region, amount in proven.allocated.items():
                assert told.allocated[region] == pytest.approx(amount, abs=1e-6)
    assert {"optimal", "infeasible", "refused"} <= statuses | {"refused"}
    assert {"optimal", "infeasible"} <= statuses


def test_the_numbers_written_are_the_numbers_solved(tmp_path):
    """A row of draws.csv as `--set` gives the row's stages, and its money in regions.csv."""
    one = loaded(tmp_path / "case")
    vary = ["budget.total=uniform:60,140", "returns.jobs.*=normal:1x,0.2x", "targets.jobs.south=discrete:300,500"]
    done(one, tmp_path / "out", vary, draws=20)
    money = rows(tmp_path / "out" / "regions.csv")
    for row in rows(tmp_path / "out" / "draws.csv")[::4]:
        again = load(tmp_path / "case" / "case.toml", sets=[f"{path}={row[path]}" for path in
                     ("budget.total", "returns.jobs.*", "targets.jobs.south")])  # fmt: skip
        solution = solve(again.instance)
        for stage in solution.stages:
            assert float(row[stage.name]) == pytest.approx(float(stage.value), abs=1e-9)
        own = {r["region"]: float(r["budget"]) for r in money if r["run"] == row["run"]}
        assert own == pytest.approx({r: float(x) for r, x in solution.plan.allocated.items()}, abs=1e-6)


def test_an_input_more_leaves_the_other_draws_alone(tmp_path):
    one = loaded(tmp_path)
    few = uncertain(one, Question(9, vary=MIXED[:1])).values(0, 9)
    many = uncertain(one, Question(9, vary=MIXED)).values(0, 9)
    assert [row[0] for row in many] == [row[0] for row in few]


def test_each_has_draws_of_its_own_and_one_draw_changes_all_it_stands_for():
    built_in = load()
    found = {
        each: factors_of(built_in, inputs_of(built_in, (f"returns.jobs.*=uniform:0.9x,1x each={each}",), ()))
        for each in ("region", "programme", "number")
    }
    assert [len(factors) for factors in found.values()] == [5, 20, 60]
    assert found["programme"][0].paths == ("returns.jobs.capital.smart_medical_devices.*",)


# --- the base plan in each draw ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mixed(tmp_path_factory) -> tuple[Path, dict, object]:
    """Draws of the small case in which much goes wrong."""
    folder = tmp_path_factory.mktemp("mixed")
    one = loaded(folder / "case")
    return folder / "out", done(one, folder / "out", MIXED, draws=1500), one


def test_what_the_base_plan_achieves_follows_from_its_money_alone(mixed):
    """Shortfalls from the sums Σ e·x / T; allowed where it costs no more than there is and keeps the floor."""
    folder, _, one = mixed
    plan = solve(one.instance).plan
    order = uncertain(one, Question(1500, vary=MIXED))
    allowed = set()
    for run, row in list(zip(order.some(0, 1500), rows(folder / "draws.csv"), strict=True))[::15]:
        if row["status"] != "optimal":
            assert row["base_allowed"] == row["base_worst_shortfall"] == row["regret_worst_shortfall"] == ""
            continue
        instance = one.patched(*run.patches).instance
        spend = {t.key: float(plan.spend[t.key]) for t in instance.tranches}
        south = float(plan.allocated["south"])
        keeps = sum(spend.values()) <= instance.budget + 1e-9 and south >= instance.limits[0].floor(1) - 1e-9
        assert row["base_allowed"] == ("yes" if keeps else "no")
        allowed.add(keeps)
        if keeps:
            short = [
                max(
                    0,
                    1
                    - sum(t.returns[g.metric] * spend[t.key] for t in instance.tranches if t.region == g.region)
                    / g.target,
                )
                for g in instance.targets
            ]
            assert float(row["base_worst_shortfall"]) == pytest.approx(max(short), abs=1e-8)
            assert float(row["base_total_shortfall"]) == pytest.approx(sum(short), abs=1e-8)
    assert allowed == {True, False}


def test_regret_is_never_below_zero_in_the_first_stage_and_told_of_allowed_draws_only(mixed):
    folder, document, _ = mixed
    told = rows(folder / "draws.csv")
    known = [row for row in told if row["base_allowed"] == "yes"]
    assert min(float(row["regret_worst_shortfall"]) for row in known) >= 0
    for row in known[:50]:
        difference = float(row["base_worst_shortfall"]) - float(row["worst_shortfall"])
        assert float(row["regret_worst_shortfall"]) == pytest.approx(difference, abs=2e-9)
    (share,) = [row for row in document["shares"] if row["kind"] == "base_allowed"]
    assert (share["hits"], share["draws"]) == (len(known), sum(row["status"] == "optimal" for row in told))
    assert document["regret"][0]["draws"] == len(known)


def test_statistics_are_those_of_the_written_rows(mixed):
    """Draws without a plan are counted and never averaged in."""
    folder, document, _ = mixed
    told = rows(folder / "draws.csv")
    planned = [row for row in told if row["status"] == "optimal"]
    assert document["statuses"]["optimal"] == len(planned) < len(told) == sum(document["statuses"].values())
    north = sorted(float(row["budget"]) for row in rows(folder / "regions.csv") if row["region"] == "north")
    (row,) = [q for q in rows(folder / "quantiles.csv") if (q["measure"], q["region"]) == ("budget", "north")]
    assert int(row["draws"]) == len(north) == len(planned)
    assert float(row["mean"]) == pytest.approx(np.mean(north), abs=1e-6)
    assert float(row["q0.05"]) == pytest.approx(north[-(-len(north) * 5 // 100) - 1], abs=1e-6)
    base = next(q["base"] for q in document["quantiles"] if (q["measure"], q["region"]) == ("budget", "north"))
    (gain,) = [
        r for r in document["shares"] if (r["kind"], r["measure"], r["region"]) == ("gains", "budget", "north")
    ]
    assert gain["hits"] == sum(amount > base + 1e-6 * (1 + base) for amount in north)
    met = [r for r in document["shares"] if (r["kind"], r["measure"], r["region"]) == ("met", "jobs", "south")]
    own = [row for row in rows(folder / "regions.csv") if row["region"] == "south"]
    assert met[0]["hits"] == sum(float(row["jobs_shortfall"]) <= 1e-8 for row in own)


def test_quantiles_of_a_discrete_budget_are_its_values(tmp_path):
    """A quarter each of 50 and 150 and a half of 100: the quartiles of what there is to spend are these."""
    document = done(
        loaded(tmp_path / "case"), tmp_path / "out", ["budget.total=discrete:50@1,100@2,150@1"], draws=4000
    )
    (row,) = [q for q in document["quantiles"] if q["measure"] == "total_budget"]
    assert [row[f"q{p}"] for p in ("0.05", "0.25", "0.5", "0.75", "0.95")][::2] == [50, 100, 150]
    counts = {float(r["budget.total"]): 0 for r in rows(tmp_path / "out" / "draws.csv")}
    for r in rows(tmp_path / "out" / "draws.csv"):
        counts[float(r["budget.total"])] += 1
    assert [counts[value] / 4000 for value in (50, 100, 150)] == pytest.approx([0.25, 0.5, 0.25], abs=0.03)
    assert row["mean"] == pytest.approx(sum(v * n for v, n in counts.items()) / 4000, rel=1e-9)


def test_a_kept_plan_is_the_same_by_floats_and_fractions():
    """Also where the money that is left open decides nothing: stages of gains and of money only."""
    for stages in (["output", "spend"], ["worst_shortfall", "jobs"], ["leximin"], ["total_shortfall", "output"]):
        instance = case(10, fund("north", "labs", 8, output=2, jobs=1), fund("south", "farms", 8, output=1, jobs=3),
                        aim("output", "north", 12), aim("jobs", "south", 20), stages=stages)  # fmt: skip
        solution = solved(instance)
        pattern, numbers = flatten(build(instance))
        found = achieved(kept_of(instance, solution.plan), pattern, numbers[None, :])[0]
        told = [float(stage.value) for stage in solution.stages]
        assert found[: len(told)].tolist() == pytest.approx(told, abs=1e-9)


# --- plans that hold out -------------------------------------------------------------------------------------------


def held_out(one, vary, count: int, **question):
    """The scenarios of the first draws, all of which have a plan, and their instances."""
    runs = uncertain(one, Question(count, vary=tuple(vary), **question)).some(0, count)
    best = {k + 1: next(iter(fresh(one, run.patches).stages.values())) for k, run in enumerate(runs)}
    given = scenarios(one, {k + 1: run.patches for k, run in enumerate(runs)}, best, base_of(one).kept)
    return given, [one.patched(*run.patches).instance for run in runs]


def test_two_regions_and_two_worlds_by_hand(tmp_path):
    """North's e is 2 as stated: x = 10/3 there, both miss a third. If e were 1: x = 5, both miss a half, and the base
    plan misses 2/3: regret 1/6. With both worlds possible the best worst case is 1/2, at x = 5."""
    one = loaded(tmp_path, DUEL)
    document = done(
        one, tmp_path / "out", ["returns.jobs.north.*=discrete:1,2"], Wanted(robust=12, alpha=0.99), draws=200
    )
    assert document["base"]["stages"] == {"worst_shortfall": pytest.approx(1 / 3)}
    for row in rows(tmp_path / "out" / "draws.csv"):
        bad = row["returns.jobs.north.*"] == "1"
        assert float(row["worst_shortfall"]) == pytest.approx(1 / 2 if bad else 1 / 3, abs=1e-9)
        assert float(row["regret_worst_shortfall"]) == pytest.approx(1 / 6 if bad else 0, abs=1e-9)
    told = {
        (r["plan"], r["measure"], r["region"]): r["value"] for r in document["robust"]["rows"] if not r["programme"]
    }
    assert told["worst_case", "worst_case", ""] == told["cvar", "cvar", ""] == pytest.approx(1 / 2)
    assert told["base", "worst_case", ""] == pytest.approx(2 / 3)
    assert told["worst_case", "budget", "north"] == pytest.approx(5)
    assert document["robust"]["draws"] == 12
    drawn = [row["returns.jobs.north.*"] for row in rows(tmp_path / "out" / "draws.csv")]
    assert {drawn[number - 1] for number in document["robust"]["plans"][0]["draws_in_program"]} == {"1"}
    assert [plan["certificate"]["passed"] for plan in document["robust"]["plans"]] == [True, True]


def everything(instances, alpha):
    """The best worst case and the least CVaR by one dense program over all draws, solved by scipy:
    columns x, w (or η), u of every draw; the stage is the worst shortfall, nothing else is written."""
    n, count = len(instances[0].tranches), len(instances)
    upper, right = [], []
    upper.append([*[1.0] * n, 0.0, *[0.0] * count])
    right.append(min(instance.budget for instance in instances))
    for k, instance in enumerate(instances):
        for target in instance.targets:
            gains = [
                -t.returns[target.metric] / target.target * (t.region == target.region) for t in instance.tranches
            ]
            excess = [-float(j == k and alpha is not None) for j in range(count)]
            upper.append([*gains, -1.0, *excess])
            right.append(-1.0)
        upper.append([*[0.0] * n, -1.0, *[-float(j == k and alpha is not None) for j in range(count)]])
        right.append(0.0)
    cost = [*[0.0] * n, 1.0, *[0.0 if alpha is None else 1 / ((1 - alpha) * count)] * count]
    widths = [(0, min(i.tranches[j].width for i in instances)) for j in range(n)]
    answer = linprog(cost, upper, right, bounds=[*widths, (None, None), *[(0, None)] * count])
    assert answer.status == 0
    return answer.fun


@pytest.mark.parametrize(
    ("built_in", "vary", "count"),
    [
        (False, ["returns.jobs.*=normal:1x,0.2x each=region", "budget.total=uniform:80,120"], 60),
        (False, ["targets.*=uniform:0.7x,1.3x each=number", "widths.*=uniform:0.8x,1x each=number"], 40),
        (True, ["returns.jobs.*=normal:1x,0.2x each=region"], 20),
    ],
)
def test_robust_plans_are_those_of_one_program_over_all_draws(built_in, vary, count, tmp_path):
    one = load() if built_in else loaded(tmp_path)
    given, instances = held_out(one, vary, count, only=())
    best, risk = worst_case(given), least_cvar(given, 0.8)
    assert best.certificate.passed
    assert risk.certificate.passed
    assert float(best.value) == pytest.approx(everything(instances, None), abs=1e-7)
    assert float(risk.value) == pytest.approx(everything(instances, 0.8), abs=1e-7)
    # What is promised is kept in every draw, those outside of the program among them.
    assert max(best.reached) == pytest.approx(float(best.value), abs=1e-7)
    assert cvar(risk.reached, 0.8) == pytest.approx(float(risk.value), abs=1e-7)
    assert set(best.within) <= set(range(1, count + 1))


def test_no_plan_for_all_draws_is_an_answer(tmp_path):
    """A floor of the north and one of the south, each kept alone, both at once beyond the budget."""
    vary = ["regions.north.floor=discrete:0,70 group=g", "regions.south.floor=discrete:0,70 group=g"]
    document = done(
        loaded(tmp_path / "case"), tmp_path / "out", vary, Wanted(robust=40), draws=40, correlate=("g=-1",)
    )
    assert document["statuses"] == {"optimal": 40}
    assert [plan["status"] for plan in document["robust"]["plans"]] == ["infeasible", "infeasible"]
    assert {row["plan"] for row in document["robust"]["rows"]} == {"base"}


# --- what matters --------------------------------------------------------------------------------------------------

# All widths are filled: national output is 40·a + 80·b and what does not move.
FILLED = ["returns.output.north.labs.1=uniform:1.5,2.5", "returns.output.south.farms.1=uniform:0.5,1.5"]


def ample(folder: Path):
    return loaded(folder, None, "budget.total=200", "objective.stages=output")


def test_sobol_indices_of_a_sum_are_its_parts_of_the_variance(tmp_path):
    """40² to 80² is a fifth to four fifths; nothing acts together, so S1 = ST."""
    pytest.importorskip("SALib")
    document = done(
        ample(tmp_path / "case"), tmp_path / "out", FILLED, Wanted(robust=0, sensitivity="sobol", runs=256)
    )
    told = {row["input"]: row for row in document["sensitivity"]["rows"] if row["measure"] == "output"}
    for path, part, rank in zip(FILLED, (0.2, 0.8), (2, 1), strict=True):
        row = told[path.partition("=")[0]]
        assert row["S1"] == pytest.approx(part, abs=0.02)
        assert row["ST"] == pytest.approx(part, abs=0.02)
        assert row["rank"] == rank
    still = [row for row in document["sensitivity"]["rows"] if row["measure"] == "national_jobs"]
    assert {(row["ST"], row["rank"]) for row in still} == {(0.0, None)}
    assert document["sensitivity"]["runs"] == 256 * 4


def test_morris_finds_the_slopes_of_a_sum(tmp_path):
    """From the 1st to the 99th percentile: 0.98 of the whole range, 40 and 80 wide."""
    pytest.importorskip("SALib")
    document = done(
        ample(tmp_path / "case"), tmp_path / "out", FILLED, Wanted(robust=0, sensitivity="morris", runs=8)
    )
    told = [row for row in document["sensitivity"]["rows"] if row["measure"] == "output"]
    assert [row["mu_star"] for row in told] == pytest.approx([0.98 * 40, 0.98 * 80], rel=1e-6)
    assert [row["sigma"] for row in told] == pytest.approx([0, 0], abs=1e-6)


def test_runs_without_a_plan_leave_no_indices(tmp_path):
    pytest.importorskip("SALib")
    vary = ["regions.south.floor=uniform:0,150"]
    document = done(loaded(tmp_path / "case"), tmp_path / "out", vary, Wanted(robust=0, sensitivity="morris", runs=4))
    assert document["sensitivity"]["without_plan"] > 0
    assert {row["mu_star"] for row in document["sensitivity"]["rows"]} == {None}


# --- the same bytes ------------------------------------------------------------------------------------------------

FILES = ("draws.csv", "regions.csv", "quantiles.csv", "shares.csv", "regret.csv", "robust.csv", "montecarlo.json")
MANY = 3000


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory) -> dict[str, bytes]:
    """Draws of the small case, by one worker."""
    folder = tmp_path_factory.mktemp("one")
    done(loaded(folder / "case"), folder / "out", MIXED[:4], Wanted(robust=10), draws=MANY)
    return {name: (folder / "out" / name).read_bytes() for name in FILES}


def same(folder: Path, unbroken: dict[str, bytes]) -> None:
    assert [name for name in FILES if (folder / name).read_bytes() != unbroken[name]] == []
    assert not (folder / "parts").exists()


def test_two_workers_give_the_same_bytes(unbroken, tmp_path):
    one = loaded(tmp_path / "case")
    done(one, tmp_path / "out", MIXED[:4], Wanted(robust=10), partial(local, workers=2), draws=MANY)
    same(tmp_path / "out", unbroken)


DASK = """
import sys
from functools import partial
from pathlib import Path
from distributed import LocalCluster
from regionopt.case.case import load
from regionopt.cli.help import catalogue
from regionopt.montecarlo.montecarlo import montecarlo
from regionopt.montecarlo.work import Wanted, prepared
from regionopt.montecarlo.prepare import Question
from regionopt.sweep.dask_engine import dask

if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        over = partial(dask, address=cluster.scheduler_address)
        work = prepared(load(sys.argv[1]), Question(int(sys.argv[3]), vary=tuple(sys.argv[4:])), Wanted(robust=10))
        montecarlo(work, Path(sys.argv[2]), over)
"""


def test_dask_gives_the_same_bytes(unbroken, tmp_path):
    pytest.importorskip("distributed")
    script = tmp_path / "over_dask.py"
    script.write_text(DASK)
    path = small(tmp_path / "case")
    command = [sys.executable, str(script), str(path), str(tmp_path / "out"), str(MANY), *MIXED[:4]]
    subprocess.run(command, env=ENVIRONMENT, check=True)
    same(tmp_path / "out", unbroken)


def test_killed_and_resumed_gives_the_same_bytes(unbroken, tmp_path):
    path = small(tmp_path / "case")
    vary = [part for text in MIXED[:4] for part in ("--vary", text)]
    command = [sys.executable, "-m", "regionopt", "montecarlo", str(path), *vary, "-n", str(MANY), "--quiet",
               "--robust-draws", "10", "--workers", "1", "--out", str(tmp_path), "--name", "a"]  # fmt: skip
    folder = tmp_path / "small" / "a"
    begun = subprocess.Popen(command, env=ENVIRONMENT)
    while not list(folder.glob("parts/*.done")) and begun.poll() is None:
        time.sleep(0.005)
    begun.send_signal(signal.SIGKILL)
    begun.wait()
    assert not (folder / "montecarlo.json").exists()
    again = partial(subprocess.run, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    other = again([*command, "--seed", "2", "--resume"])
    assert other.returncode == 2
    assert "order" in other.stderr
    subprocess.run([*command, "--resume"], env=ENVIRONMENT, check=True)
    same(folder, unbroken)
    path.write_text(CASE.replace("total = 100", "total = 101"))
    changed = again([*command, "--resume"])
    assert changed.returncode == 2
    same(folder, unbroken)


# --- bad input -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vary", "code"),
    [
        ("budget.totl=uniform:1,2", "unknown_path"),
        ("regions.south.floor=uniform:0.5x,1x", "nothing_to_change"),
        ("budget.total=uniform", "bad_distribution"),
        ("budget.total=uniform:1,2 loudly", "bad_distribution"),
        ("budget.total=uniforme:1,2", "unknown_distribution"),
        ("budget.total=uniform:2,1", "distribution_order"),
        ("budget.total=uniform:1", "distribution_parameters"),
        ("budget.total=uniform:1,2,3", "distribution_parameters"),
        ("budget.total=uniform:1,2x", "distribution_mixed"),
        ("budget.total=uniform:1,much", "distribution_amount"),
        ("budget.total=triangular:1,9,3", "distribution_mode"),
        ("budget.total=normal:100,0", "distribution_positive"),
        ("budget.total=normal:100,-1", "distribution_positive"),
        ("budget.total=normal:1x,-0.1", "distribution_positive"),
        ("budget.total=lognormal:100,-0.1", "distribution_positive"),
        ("budget.total=normal:100,+1", "distribution_mixed"),
        ("budget.total=normal:100,10 each=region", "each_of_nothing"),
        ("budget.total=normal:100,10 each=planet", "unknown_each"),
        ("budget.total=normal:100,10 group=g", "group_without_correlation"),
    ],
)
def test_what_cannot_be_drawn_is_told(vary, code, tmp_path):
    with pytest.raises(InputError) as error:
        prepared(loaded(tmp_path), Question(vary=(vary,)), QUIET)
    assert codes(error) == {code}
    assert all(problem.sentence(language) for problem in error.value.problems for language in ("en", "zh-TW"))


def test_all_that_is_wrong_with_a_question_is_told_at_once(tmp_path):
    question = Question(0, -1, vary=("budget.totl=uniform:1,2", "budget.total=uniform:1,2"), only=("nothing",))
    with pytest.raises(InputError) as error:
        prepared(loaded(tmp_path), question, Wanted(alpha=1, levels=(0.5, 2)))
    assert codes(error) >= {"alpha_range", "quantile_range", "no_draws", "seed_range", "unknown_path"}
    with pytest.raises(InputError) as error:
        prepared(loaded(tmp_path), Question(0, -1, vary=("budget.total=uniform:90,110",)), QUIET)
    assert codes(error) == {"no_draws", "seed_range"}
    with pytest.raises(InputError) as error:
        prepared(loaded(tmp_path), Question(), QUIET)
    assert codes(error) == {"nothing_uncertain"}


UNCERTAIN = """
[uncertainty.money]
path = "budget.total"
kind = "triangular"
low = "0.8x"
mode = "1x"
high = "1.1x"
group = "together"
source = "minutes, 2026-03"
status = "press"
[uncertainty.work]
path = "returns.jobs.*"
kind = "normal"
mean = "1x"
sd = "0.1x"
group = "together"
[correlation.together]
between = ["work", "money"]
matrix = [[1, 0.7], [0.7, 1]]
"""


def test_uncertainty_of_the_case_file(tmp_path):
    """Its correlations hold between normal scores; a path of --vary takes the place of one of the file."""
    one = loaded(tmp_path, {"case.toml": CASE + UNCERTAIN})
    draws = uncertain(one, Question(5000))
    assert draws.columns == ("money", "work")
    values = np.array(draws.values(0, 5000))
    assert np.corrcoef(np.argsort(np.argsort(values, axis=0), axis=0).T)[0, 1] == pytest.approx(0.683, abs=0.03)
    assert 80 < values[:, 0].min() * 100 < 82
    assert uncertain(one, Question(1, only=("work",))).columns == ("work",)
    replaced = uncertain(one, Question(1, vary=("budget.total=uniform:90,110",), only=("money",)))
    assert replaced.columns == ("budget.total",)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("0.7], [0.7, 1]", "0.7], [0.6, 1]", "correlation_symmetric"),
        ("[[1, 0.7], [0.7, 1]]", "[[1, 0.7]]", "correlation_shape"),
        ('between = ["work", "money"]', 'between = ["work", "works"]', "correlation_between"),
        ("matrix", "all = 0.5\nmatrix", "correlation_one_of"),
        ('kind = "normal"', 'kind = "gaussian"', "wrong_kind"),
        ("sd =", "sdd =", "unknown_key"),
        ('sd = "0.1x"', "", "distribution_parameters"),
    ],
)
def test_uncertainty_that_breaks_a_rule(old, new, code, tmp_path):
    assert old in UNCERTAIN
    with pytest.raises(InputError) as error:
        prepared(loaded(tmp_path, {"case.toml": CASE + UNCERTAIN.replace(old, new)}), Question(), QUIET)
    assert codes(error) == {code}


def test_correlations_that_no_numbers_have_are_told_with_their_remedy(tmp_path):
    matrix = "matrix = [[1, 0.9, 0.9], [0.9, 1, -0.9], [0.9, -0.9, 1]]"
    floor = 'path = "regions.south.floor"\nkind = "uniform"\nlow = 0\nhigh = 9\ngroup = "together"'
    more = UNCERTAIN.replace('"money"]', '"money", "floor"]').replace("matrix = [[1, 0.7], [0.7, 1]]", matrix)
    more += f"[uncertainty.floor]\n{floor}\n"
    with pytest.raises(InputError) as error:
        prepared(loaded(tmp_path, {"case.toml": CASE + more}), Question(), QUIET)
    assert codes(error) == {"correlation_impossible"}
    assert "-0.8" in str(error.value)


def test_more_members_than_can_move_against_each_other(tmp_path):
    """Any two of three can have a correlation of -1/2 at least."""
    vary = ("returns.jobs.*=normal:1x,0.1x each=number group=g",)
    with pytest.raises(InputError) as error:
        prepared(loaded(tmp_path), Question(vary=vary, correlate=("g=-0.6",)), QUIET)
    assert codes(error) == {"correlation_impossible"}
    assert "all = -0.5" in str(error.value)
    assert prepared(loaded(tmp_path), Question(vary=vary, correlate=("g=-0.5",)), QUIET)


def test_a_missing_extra_is_told(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib.sample", None)
    monkeypatch.setitem(sys.modules, "scipy.stats.qmc", None)
    with pytest.raises(InputError) as error:
        prepared(loaded(tmp_path), Question(vary=MIXED[:1]), Wanted(sensitivity="sobol"))
    assert codes(error) == {"extra_missing"}
    with pytest.raises(InputError) as error:
        prepared(loaded(tmp_path), Question(vary=MIXED[:1], sampler="sobol"), QUIET)
    assert codes(error) == {"extra_missing"}


def test_a_case_without_a_plan_has_draws_and_no_base(tmp_path):
    """As stated 50 is too little for the 300 jobs that the south must have at 4 a unit; some draws have 75."""
    must = {"targets.csv": "metric,region,target,must\njobs,south,300,true\noutput,north,200,\n"}
    one = loaded(tmp_path / "case", must, "budget.total=50")
    document = done(one, tmp_path / "out", ["budget.total=uniform:50,150"], Wanted(robust=5), draws=50)
    assert set(document["statuses"]) == {"infeasible", "optimal"}
    assert document["base"]["status"] == "infeasible"
    assert (document["robust"], document["regret"]) == (None, [])
    assert {row["kind"] for row in document["shares"]} == {"met"}


def test_the_command_speaks_both_languages_and_writes_nothing_when_refused(tmp_path):
    path = small(tmp_path / "case")
    options = ["-n", "50", "--workers", "1", "--robust-draws", "5", "--vary", "budget.total=uniform:90,110"]
    command = [sys.executable, "-m", "regionopt", "montecarlo", str(path), *options, "--out", str(tmp_path / "out")]
    run = partial(subprocess.run, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    english, chinese = run([*command, "--lang", "en"]), run([*command, "--lang", "zh-TW"])
    assert (english.returncode, chinese.returncode) == (0, 0), english.stderr
    assert "Draws: 50; uncertain inputs: 1; seed: 1." in english.stdout
    assert "共抽樣 50 次" in chinese.stdout
    printed = json.loads(run([*command, "--json"]).stdout)
    asked = "draws=50~budget.total=uniform_90,110~robust-draws=5"
    assert printed == json.loads(
        (tmp_path / "out" / "small" / f"base-montecarlo~{asked}" / "montecarlo.json").read_bytes()
    )
    before = snapshot(tmp_path / "out")
    refused = run([*command, "--alpha", "1", "--lang", "en"])
    assert refused.returncode == 2
    assert "between 0 and 1" in refused.stderr
    assert snapshot(tmp_path / "out") == before


def test_platforms_in_whole_numbers_are_drawn_too(tmp_path):
    """Each draw is solved alone in fractions; the base plan keeps its platform."""
    text = CASE + '[platforms.lab]\nregion = "north"\ncost = 5\nraises = { labs = 0.5 }\n'
    one = loaded(tmp_path / "case", {"case.toml": text})
    document = done(one, tmp_path / "out", ["returns.jobs.*=uniform:0.9x,1.1x"], Wanted(robust=3), draws=3)
    assert document["checked"] == {"exact": 3}
    assert document["robust"]["whole_numbers_kept"]
    assert document["regret"][0]["minimum"] >= -1e-9
    assert base_of(one).kept.columns["open[lab]"] in (0, 1)


# --- what is read and told ------------------------------------------------------------------------------------------


def test_the_document_keeps_its_schema(mixed):
    _, document, _ = mixed
    read = MonteCarloDocument.model_validate(document)
    assert read.asked.draws == 1500
    assert {one.acts for one in read.uncertain} == {"set", "scale"}
    json_schema()


def test_show_lists_what_is_uncertain_and_validate_checks_it(tmp_path):
    path = small(tmp_path, {"case.toml": CASE + UNCERTAIN})
    run = partial(subprocess.run, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    shown = run([sys.executable, "-m", "regionopt", "show", str(path), "--lang", "en"])
    assert "normal:1x,0.1x" in shown.stdout
    assert "minutes, 2026-03" in shown.stdout
    told = json.loads(run([sys.executable, "-m", "regionopt", "show", str(path), "--json"]).stdout)
    assert told["uncertainty.money"]["distribution"] == "triangular:0.8x,1x,1.1x"
    assert told["uncertainty.money"]["status"] == "press"
    path.write_text(CASE + UNCERTAIN.replace("budget.total", "budget.totl") + "[correlation.spare]\nall = 0.1\n")
    wrong = run([sys.executable, "-m", "regionopt", "validate", str(path), "--lang", "en"])
    assert wrong.returncode == 2
    assert "budget.totl" in wrong.stderr
    path.write_text(CASE + UNCERTAIN + "[correlation.spare]\nall = 0.1\n")
    spare = run([sys.executable, "-m", "regionopt", "validate", str(path), "--lang", "en"])
    assert "correlation.spare" in spare.stderr


def test_uncertainty_changes_no_plan_and_no_standing(tmp_path):
    one, other = loaded(tmp_path / "a"), loaded(tmp_path / "b", {"case.toml": CASE + UNCERTAIN})
    assert one.instance == other.instance
    assert one.standings() == other.standings()
    assert one.resolved.numbers == other.resolved.numbers


def test_amounts_that_overrule_a_scenario_are_told(tmp_path):
    one = loaded(tmp_path / "case", None, "budget.total=120", "returns.jobs.*=0.9x")
    vary = ["budget.total=uniform:90,110", "returns.jobs.*=uniform:0.9x,1x"]
    document = done(one, tmp_path / "out", vary, draws=4)
    assert document["drawn_over"] == ["budget.total"]
    names = {region.id: region.name_en for region in one.regions}
    assert any("budget.total is drawn in amounts" in sentence for sentence in sentences(document, names, "en"))


def test_sobol_draws_and_their_caveat(tmp_path):
    one = loaded(tmp_path / "case")
    vary = ["budget.total=uniform:90,110", "returns.jobs.*=uniform:0.9x,1x"]
    document = done(one, tmp_path / "out", vary, draws=100, sampler="sobol")
    names = {region.id: region.name_zh for region in one.regions}
    assert any("2 的次方" in sentence for sentence in sentences(document, names, "zh-TW"))
    told = np.array([[float(row[path].rstrip("x")) for path in ("budget.total", "returns.jobs.*")]
                     for row in rows(tmp_path / "out" / "draws.csv")])  # fmt: skip
    assert told.mean(axis=0) == pytest.approx([100, 0.95], abs=0.2)


def test_no_draw_with_a_plan_is_an_answer(tmp_path):
    """The south must have more jobs than its width can bring, whatever is drawn."""
    must = {"targets.csv": "metric,region,target,must\njobs,south,400,true\n"}
    path = small(tmp_path / "case", must)
    options = ["-n", "5", "--workers", "1", "--vary", "budget.total=uniform:90,110", "--lang", "en"]
    command = [sys.executable, "-m", "regionopt", "montecarlo", str(path), *options, "--out", str(tmp_path)]
    ran = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "cannot all be kept: 5." in ran.stdout
    assert "Traceback" not in ran.stderr


def test_going_on_asks_for_the_same_statistics(tmp_path):
    """Parts are gone when all is done: another alpha is another question."""
    one, vary = loaded(tmp_path / "case"), ("budget.total=uniform:90,110",)
    first = prepared(one, Question(6, vary=vary), QUIET)
    told = montecarlo(first, tmp_path / "out", here)
    assert montecarlo(first, tmp_path / "out", here, resume=True) == told
    with pytest.raises(InputError) as error:
        montecarlo(prepared(one, Question(6, vary=vary), Wanted(robust=0, alpha=0.5)), tmp_path / "out", here, True)
    assert codes(error) == {"resume_changed"}


def test_the_uncertainty_that_the_starter_shows_is_right_when_it_is_uncommented(tmp_path):
    file = make(tmp_path / "starter")
    head, mark, rest = file.read_text(encoding="utf-8").partition("# What is not known exactly")
    shown, _, tail = rest.partition("[geometry]\n")
    opened = re.sub(r"^# (\[|[a-z_]+ = )", r"\1", mark + shown, flags=re.MULTILINE)
    file.write_text(f"{head}{opened}[geometry]\n{tail}", encoding="utf-8")
    one = load(file)
    check(one)
    draws = uncertain(one, Question(3))
    assert len(draws.columns) == 20 + 1
    assert [len(group.places) for group in draws.together] == [20]
    assert fresh(one, draws.some(0, 1)[0].patches).status == "optimal"


def test_it_is_said_in_how_many_draws_the_base_plan_is_allowed(tmp_path):
    """The base plan costs 100; a budget of 60 does not allow it."""
    document = done(
        loaded(tmp_path / "case"), tmp_path / "out", ["budget.total=discrete:60,120"], Wanted(robust=40), draws=40
    )
    drawn = [row["budget.total"] for row in rows(tmp_path / "out" / "draws.csv")]
    assert 0 < drawn.count("120") < 40
    for language, told in (("en", "allowed in {} of them only"), ("zh-TW", "其中 {} 次抽樣允許基準方案")):
        said = [one for one in sentences(document, {}, language) if told.format(drawn.count("120")) in one]
        assert len(said) == 2


@pytest.mark.parametrize("kind", [*KINDS, DISCRETE])
def test_help_and_readme_say_what_each_distribution_needs(kind):
    """In the order in which `--vary` takes them."""
    english = next(sentence for sentence in catalogue() if sentence.startswith("Beside those"))
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    needs = ",".join(KINDS[kind].needs) if kind in KINDS else "v@weight"
    assert f"{kind}:{needs}" in english
    assert f"{kind}:" in catalogue()[english]
    assert f"`{kind}:{needs.replace('v@', 'value@')}" in readme
