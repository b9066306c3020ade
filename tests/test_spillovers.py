"""Spillovers: where the returns of a region's programmes arise."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from cases import aim, case, fund, plan, solved, values
from inputs import CASE, loaded
from test_model import rows

from regionopt.common.errors import InputError
from regionopt.common.instance import METRICS, Instance, Share
from regionopt.model.model import build
from regionopt.result.outputs import document
from regionopt.result.result import solve_case
from regionopt.run.validate import every_problem

NORTH, SOUTH = fund("north", "labs", 10, jobs=4, output=1), fund("south", "port", 10, jobs=4, output=1)
IDENTITY = {("north", "north"): 1.0, ("south", "south"): 1.0}
OUT = {("north", "north"): 0.75, ("north", "south"): 0.25, ("south", "south"): 1.0}
INF = float("inf")


def spilled(matrix: dict[tuple[str, str], float], *parts, stages=("worst_shortfall",), budget: float = 8) -> Instance:
    return replace(case(budget, NORTH, SOUTH, *parts, stages=stages), spillovers={"jobs": matrix})


# --- the rows ------------------------------------------------------------------------------------------------


def test_a_region_gains_from_its_own_money_and_that_of_others():
    # North: 0.75·4/8; south: 0.25·4/8 from the north and 4/8 of its own.
    found = rows(build(spilled(OUT, aim("jobs", "north", 8), aim("jobs", "south", 8))))
    north, south = "spend[north,labs,1]", "spend[south,port,1]"
    assert found["reach[jobs,north]"] == ({north: 0.375, "shortfall[jobs,north]": 1}, 1, INF)
    assert found["reach[jobs,south]"] == ({north: 0.125, south: 0.5, "shortfall[jobs,south]": 1}, 1, INF)


def test_one_metric_spills_over_alone():
    instance = spilled(OUT, aim("output", "south", 8))
    assert (
        rows(build(instance))["reach[output,south]"]
        == rows(build(replace(instance, spillovers={})))["reach[output,south]"]
    )


def test_the_national_total_counts_what_arises_somewhere():
    # Half of the north's 4 arises nowhere in the plan.
    model = build(spilled({("north", "north"): 0.5, ("south", "south"): 1.0}, stages=("jobs",)))
    (stage,) = model.stages
    assert {column.name: a for column, a in stage.expression.items()} == {
        "spend(north,labs,1)": 2,
        "spend(south,port,1)": 4,
    }


def test_a_share_counts_what_arises():
    # The north has 3 of the 4 of its own jobs: 3x - 0.5·(4x + 4y) ≥ 0.
    model = build(replace(spilled(OUT, aim("jobs", "north", 8)), shares=(Share("jobs", "north", 0.5),)))
    assert rows(model)["share[jobs,north]"][0] == {"spend[north,labs,1]": 1, "spend[south,port,1]": -2}


# --- solved by hand ------------------------------------------------------------------------------------------


def test_money_in_one_region_reaches_the_other():
    # A quarter of the north's jobs arises in the south: 1 of 4, which is all it wants from 1 unit.
    found = solved(
        spilled(OUT, aim("jobs", "north", 3), aim("jobs", "south", 1), stages=("worst_shortfall", "spend"))
    )
    assert values(found) == {"worst_shortfall": 0, "spend": 1}
    assert plan(found) == {"north.labs.1": 1, "south.port.1": 0}


def test_what_leaves_a_region_is_missing_there():
    # 3x = x + 4y with x + y = 8: x = 16/3, and both gain 16 of 32.
    both = (aim("jobs", "north", 32), aim("jobs", "south", 32))
    assert values(solved(spilled(OUT, *both))) == {"worst_shortfall": Fraction(1, 2)}
    assert plan(solved(spilled(OUT, *both)))["north.labs.1"] == Fraction(16, 3)
    # Without spillovers each gains 16 of 32 from 4: what leaves the north arrives in the south.
    assert values(solved(replace(spilled(OUT, *both), spillovers={}))) == {"worst_shortfall": Fraction(1, 2)}


def test_what_arises_nowhere_is_lost():
    # Half of all is lost: 8·4/2 = 16 of 64.
    lost = {("north", "north"): 0.5, ("south", "south"): 0.5}
    both = (aim("jobs", "north", 32), aim("jobs", "south", 32))
    assert values(solved(spilled(lost, *both))) == {"worst_shortfall": Fraction(3, 4)}


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_both_solvers_agree(solver):
    both = (aim("jobs", "north", 32), aim("jobs", "south", 32))
    assert values(solved(spilled(OUT, *both), solver)) == {"worst_shortfall": Fraction(1, 2)}


def test_identity_equals_none():
    parts = (aim("jobs", "north", 24), aim("jobs", "south", 8))
    stages = ("worst_shortfall", "total_shortfall", "jobs")
    with_it, without = spilled(IDENTITY, *parts, stages=stages), case(8, NORTH, SOUTH, *parts, stages=stages)
    assert rows(build(with_it)) == rows(build(without))
    assert plan(solved(with_it)) == plan(solved(without))


# --- the case file -------------------------------------------------------------------------------------------

ROW = "[spillovers.jobs.north]\nnorth = 0.75\nsouth = 0.25\n"


def read(folder: Path, text: str, *sets: str) -> Instance:
    return loaded(folder, {"case.toml": CASE + text}, *sets).instance


def test_a_row_of_the_case_file(tmp_path: Path):
    assert read(tmp_path, ROW).spillovers == {"jobs": OUT}


def test_a_row_that_is_given_stands_as_it_is(tmp_path: Path):
    # North names the south only: nothing stays at home.
    assert read(tmp_path, "[spillovers.jobs.north]\nsouth = 0.5\n").spillovers == {
        "jobs": {("north", "south"): 0.5, ("south", "south"): 1.0}
    }


def test_the_identity_written_out_changes_no_number(tmp_path: Path):
    rows_of_one = "".join(f"[spillovers.{m}.{r}]\n{r} = 1\n" for m in METRICS for r in ("north", "south"))
    plain = document(solve_case(loaded(tmp_path / "plain")))
    written = document(solve_case(loaded(tmp_path / "one", {"case.toml": CASE + rows_of_one})))
    assert (written.regions, written.stages, written.budget) == (plain.regions, plain.stages, plain.budget)


def test_regions_are_told_what_arises_in_them(tmp_path: Path):
    lost = "[spillovers.jobs.north]\nnorth = 0.5\n[spillovers.jobs.south]\nsouth = 0.5\n"
    result = solve_case(loaded(tmp_path, {"case.toml": CASE + lost}))
    spend = result.plan.spend
    brought = 3 * spend["north", "labs", 1] + 2 * spend["north", "labs", 2]
    assert result.plan.gained["jobs", "north"] == brought / 2


def test_the_numbers_can_be_set(tmp_path: Path):
    assert read(tmp_path, ROW, "spillovers.jobs.north.south=0.1").spillovers["jobs"]["north", "south"] == 0.1


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        (ROW.replace("0.25", "0.5"), "spillover_above_one", "spillovers.jobs.north"),
        (ROW.replace("0.25", "1.5"), "too_large", "spillovers.jobs.north.south"),
        (ROW.replace("0.25", "-0.5"), "too_small", "spillovers.jobs.north.south"),
        (ROW.replace("0.25", "nan"), "not_finite", "spillovers.jobs.north.south"),
        (ROW.replace("jobs", "job"), "unknown_metric", "spillovers.job"),
        (ROW.replace("jobs.north", "jobs.nroth"), "unknown_region", "spillovers.jobs"),
        (ROW.replace("south =", "suoth ="), "unknown_region", "spillovers.jobs.north"),
    ],
)
def test_bad_spillovers_are_refused(tmp_path: Path, text, code, place):
    with pytest.raises(InputError) as caught:
        every_problem(loaded(tmp_path, {"case.toml": CASE + text}))
    (problem,) = caught.value.problems
    assert problem.code == code
    assert place in problem.place
    assert problem.sentence("zh-TW")
