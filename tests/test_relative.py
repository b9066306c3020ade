"""Targets that are relative: growth on a baseline, share of the national total, amount per head."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from cases import aim, allocation, case, fund, solved, values
from inputs import CASE, REGIONS, loaded
from test_model import rows

from regionopt.common.document import Status
from regionopt.common.errors import InputError
from regionopt.common.instance import Instance, Share, Target
from regionopt.model.model import build
from regionopt.result.outputs import document, files
from regionopt.result.result import solve_case
from regionopt.run.validate import every_problem
from regionopt.solve.solve import solve
from regionopt.telling.wording import findings

NORTH, SOUTH = fund("north", "labs", 10, jobs=2), fund("south", "port", 10, jobs=1)
INF = float("inf")


def relative(*targets: Target, shares: tuple[Share, ...] = (), budget: float = 8) -> Instance:
    """Two regions, 2 and 1 jobs a unit of money."""
    return replace(case(budget, NORTH, SOUTH), targets=targets, shares=shares)


# --- the rows ------------------------------------------------------------------------------------------------


def test_mean_growth_is_a_weighted_sum_over_the_regions():
    # Baselines 4 and 8, two regions: 1/(2·4) and 1/(2·8) a job; over a rate of 1/2: 2·2/8 = 0.5 and 2·1/16 = 0.125.
    target = Target("jobs", "all", 0.5, kind="growth", over={"north": 1 / 8, "south": 1 / 16})
    terms = {"spend[north,labs,1]": 0.5, "spend[south,port,1]": 0.125, "shortfall[jobs,all,growth]": 1}
    assert rows(build(relative(target)))["reach[jobs,all,growth]"] == (terms, 1, INF)


def test_a_share_compares_a_region_with_the_total():
    # 2x ≥ 0.75·(2x + y) is 0.5·x - 0.75·y ≥ 0
    model = build(relative(aim("jobs", "north", 8), shares=(Share("jobs", "north", 0.75),)))
    assert rows(model)["share[jobs,north]"] == ({"spend[north,labs,1]": 0.5, "spend[south,port,1]": -0.75}, 0, INF)


def test_targets_of_one_metric_and_region_stand_side_by_side():
    targets = (
        aim("jobs", "north", 16),
        Target("jobs", "north", 8, kind="growth"),
        Target("jobs", "north", 4, kind="per_head"),
    )
    found = {name for name in rows(build(relative(*targets))) if name.startswith("reach")}
    assert found == {"reach[jobs,north]", "reach[jobs,north,growth]", "reach[jobs,north,per_head]"}


# --- solved by hand ------------------------------------------------------------------------------------------


def test_mean_growth_may_come_from_one_region():
    # The north grows by 2 jobs on 4 a unit of money, which is half on average between two: 1/4 a unit. 2 units: 0.5.
    target = Target("jobs", "all", 0.5, kind="growth", over={"north": 1 / 8, "south": 1 / 16})
    instance = replace(relative(target), stages=("worst_shortfall", "spend"))
    found = solved(instance)
    assert values(found) == {"worst_shortfall": 0, "spend": 2}
    assert allocation(found) == {"north": 2, "south": 0}


def test_mean_growth_falls_short_like_any_target():
    # One unit of money: 0.25 of 0.5.
    target = Target("jobs", "all", 0.5, kind="growth", over={"north": 1 / 8, "south": 1 / 16})
    assert values(solved(relative(target, budget=1))) == {"worst_shortfall": Fraction(1, 2)}


def test_a_share_must_be_kept_and_costs_what_it_displaces():
    # Half of all jobs in the south: 2x = y, x + y = 6: x = 2, y = 4, 8 jobs instead of 12.
    free = replace(relative(aim("jobs", "north", 99), budget=6), stages=("jobs",))
    assert values(solved(free)) == {"jobs": 12}
    half = replace(free, shares=(Share("jobs", "south", 0.5),))
    assert values(solved(half)) == {"jobs": 8}
    assert allocation(solved(half)) == {"north": 2, "south": 4}


def test_shares_that_clash_are_infeasible():
    # The south gains nothing of output: it can have a third of it only where there is none; the north must have some.
    north = fund("north", "labs", 10, output=1)
    instance = replace(
        case(8, north, SOUTH, aim("output", "north", 4, must=True)), shares=(Share("output", "south", 1 / 3),)
    )
    assert solve(instance).status is Status.INFEASIBLE


def test_tightening_a_share_never_improves_a_stage():
    free = replace(relative(aim("jobs", "north", 99), budget=6), stages=("jobs",))
    jobs = [values(solved(replace(free, shares=(Share("jobs", "south", s),))))["jobs"] for s in (0, 0.1, 0.5, 0.9, 1)]
    assert jobs == sorted(jobs, reverse=True)
    assert jobs[0] == 12


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_both_solvers_agree(solver):
    target = Target("jobs", "all", 0.5, kind="growth", over={"north": 1 / 8, "south": 1 / 16})
    found = solved(relative(target, shares=(Share("jobs", "south", 0.5),), budget=3), solver)
    # 2x = y, x + y = 3: x = 1, y = 2: 2/8 + 2/16 = 3/8 of 1/2.
    assert values(found) == {"worst_shortfall": Fraction(1, 4)}


# --- the case file -------------------------------------------------------------------------------------------

POPULATED = (
    REGIONS.replace("name_en\n", "name_en,population\n")
    .replace("North\n", "North,1000\n")
    .replace("South\n", "South,3000\n")
)
BY_REGION = "[targets.jobs.growth]\nrate = 0.5\nbaseline = { north = 40, south = 60 }\n"
AVERAGE = BY_REGION + 'by = "average"\n'
PER_HEAD = "[targets.output]\nper_head = 2e6\n[targets.jobs]\nper_head = 0.01\n"
SHARE = "[targets.jobs]\nshare = { north = 0.25, south = 0.5 }\n"


def read(folder: Path, text: str, *sets: str) -> Instance:
    return loaded(folder, {"case.toml": CASE + text, "regions.csv": POPULATED}, *sets).instance


def test_growth_by_region_is_an_amount(tmp_path: Path):
    # Half of 40 and of 60.
    targets = [t for t in read(tmp_path, BY_REGION + "must = true\n").targets if t.kind]
    assert targets == [Target("jobs", "north", 20, True, "growth"), Target("jobs", "south", 30, True, "growth")]


def test_growth_on_average_has_weights(tmp_path: Path):
    (target,) = [t for t in read(tmp_path, AVERAGE).targets if t.kind]
    assert target == Target("jobs", "all", 0.5, False, "growth", over={"north": 1 / 80, "south": 1 / 120})


def test_per_head_counts_residents_and_single_currency_units(tmp_path: Path):
    # NT$2 million × 1,000 people = NT$2 billion; 0.01 jobs × 3,000 people = 30.
    targets = {t.key: t.target for t in read(tmp_path, PER_HEAD).targets if t.kind}
    assert targets == {
        ("output", "north", "per_head"): 2.0,
        ("output", "south", "per_head"): 6.0,
        ("jobs", "north", "per_head"): 10.0,
        ("jobs", "south", "per_head"): 30.0,
    }


def test_shares_are_read(tmp_path: Path):
    assert read(tmp_path, SHARE).shares == (Share("jobs", "north", 0.25), Share("jobs", "south", 0.5))


def test_relative_targets_stand_beside_the_absolute_ones(tmp_path: Path):
    plain = loaded(tmp_path / "plain", {"regions.csv": POPULATED}).instance
    assert read(tmp_path / "more", AVERAGE).targets[:-1] == plain.targets


def test_units_are_said(tmp_path: Path):
    numbers = loaded(tmp_path, {"case.toml": CASE + PER_HEAD + SHARE.replace("[targets.jobs]\n", "") + BY_REGION,
                                "regions.csv": POPULATED}).resolved.numbers  # fmt: skip
    assert numbers["targets.output.per_head"].unit == "NT$ a year a head"
    assert numbers["targets.jobs.per_head"].unit == "jobs a head"
    assert numbers["targets.jobs.share.north"].unit == "1"
    assert numbers["targets.jobs.growth.rate"].unit == "1"
    assert numbers["targets.jobs.growth.baseline.north"].unit == "jobs"


def test_numbers_can_be_set(tmp_path: Path):
    assert read(tmp_path, AVERAGE, "targets.jobs.growth.rate=0.3").targets[-1].target == 0.3
    assert read(tmp_path, SHARE, "targets.jobs.share.north=0.1").shares[0].share == 0.1


def test_targets_csv_shows_the_kind(tmp_path: Path):
    result = solve_case(loaded(tmp_path, {"case.toml": CASE + AVERAGE, "regions.csv": POPULATED}))
    table = list(csv.DictReader(io.StringIO(files(result)["targets.csv"].decode("utf-8-sig"))))
    assert [(row["metric"], row["region"], row["kind"], row["target"]) for row in table[2:]] == [
        ("jobs", "south", "", "400.0"),
        ("jobs", "all", "growth", "0.5"),
    ]


def test_the_result_says_how_relative_targets_end(tmp_path: Path):
    written = document(solve_case(loaded(tmp_path, {"case.toml": CASE + AVERAGE, "regions.csv": POPULATED})))
    (target,) = written.targets
    assert (target.metric, target.region, target.kind, target.unit, target.met) == (
        "jobs",
        "all",
        "growth",
        "1",
        True,
    )
    assert any("all 1 met" in sentence for sentence in findings(written, "en"))
    growth = f"on average over the regions: {target.reached:.1%}; {target.target:.1%} is asked"
    assert any(growth in sentence for sentence in findings(written, "en"))
    assert any(f"平均成長 {target.reached:.1%}" in sentence for sentence in findings(written, "zh-TW"))
    # The leverage counts the absolute output target of 200 only.
    assert written.facts.implied_leverage == 2.0


def test_every_target_met_is_not_said_where_a_relative_one_is_not(tmp_path: Path):
    low = "metric,region,target\njobs,north,1\n"
    text = CASE + AVERAGE.replace("0.5", "900")
    written = document(
        solve_case(loaded(tmp_path, {"case.toml": text, "regions.csv": POPULATED, "targets.csv": low}))
    )
    said = list(findings(written, "en"))
    assert "Every target is met." not in said
    assert any("0 of 1 met" in sentence for sentence in said)


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("[targets.jobs.growth]\nrate = 0.3\n", "baseline_missing", "targets.jobs.growth.baseline"),
        (BY_REGION.replace(", south = 60", ""), "baseline_missing", "targets.jobs.growth.baseline"),
        (BY_REGION.replace("rate = 0.5\n", ""), "number_missing", "targets.jobs.growth.rate"),
        (BY_REGION.replace("60", "60, east = 2"), "unknown_region", "targets.jobs.growth.baseline"),
        (BY_REGION.replace("60", "0"), "too_small_open", "targets.jobs.growth.baseline.south"),
        (BY_REGION.replace("0.5", "-0.5"), "too_small_open", "targets.jobs.growth.rate"),
        (BY_REGION + 'by = "county"\n', "wrong_kind", "targets.jobs.growth.by"),
        (SHARE.replace("0.25", "0.6"), "shares_above_one", "targets.jobs.share"),
        (SHARE.replace("0.25", "1.5"), "too_large", "targets.jobs.share.north"),
        (SHARE.replace("north", "nroth"), "unknown_region", "targets.jobs.share"),
        (PER_HEAD.replace("2e6", "1e-9"), "too_small", "targets.output.per_head"),
    ],
)
def test_bad_relative_targets_are_refused(tmp_path: Path, text, code, place):
    with pytest.raises(InputError) as caught:
        every_problem(loaded(tmp_path, {"case.toml": CASE + text, "regions.csv": POPULATED}))
    assert {problem.code for problem in caught.value.problems} == {code}
    assert all(place in problem.place for problem in caught.value.problems)
    assert all(problem.sentence("zh-TW") for problem in caught.value.problems)


def test_a_region_without_residents_has_no_target_per_head(tmp_path: Path):
    nobody = POPULATED.replace("3000", "0")
    with pytest.raises(InputError) as caught:
        every_problem(loaded(tmp_path, {"case.toml": CASE + PER_HEAD, "regions.csv": nobody}))
    assert [problem.code for problem in caught.value.problems] == ["too_small", "too_small"]


def test_an_amount_per_head_needs_residents(tmp_path: Path):
    with pytest.raises(InputError) as caught:
        every_problem(loaded(tmp_path, {"case.toml": CASE + "[targets.jobs]\nper_head = 0.01\n"}))
    assert [problem.code for problem in caught.value.problems] == ["population_missing"] * 2
