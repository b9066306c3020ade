"""Why a case is infeasible: hand-made clashes whose irreducible set is known, and how they are told.

A set is irreducible when its rows clash and any one left out lets the others be kept; both are checked for every
case here, and for random ones.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from cases import aim, bound, case, fund
from hypothesis import assume, given, settings
from inputs import loaded
from strategies import random_case

from regionopt.common.document import Status
from regionopt.common.instance import Instance, Limit, Platform
from regionopt.doctor.clash import clashing_rows, hangs_on_widths
from regionopt.doctor.diagnosis import diagnose
from regionopt.solve.solve import solve

ROOM = (fund("north", "labs", 10, jobs=1, output=1), fund("south", "port", 10, jobs=1))

# What clashes in a budget of 8, and the rows that say so.
CLASHES = {
    "two floors above the budget": (
        [bound("north", floor=5), bound("south", floor=4)],  # 5 + 4 > 8
        ["budget", "floor[north]", "floor[south]"],
    ),
    "a floor above its ceiling": (
        [bound("north", floor=5, ceiling=4), bound("south", floor=1)],
        ["floor[north]", "ceiling[north]"],
    ),
    "a share above a ceiling": (
        [bound("north", floor_share=0.75, ceiling=5)],  # 0.75 · 8 = 6
        ["floor_share[north]", "ceiling[north]"],
    ),
    "a share and a floor above the budget": (
        [bound("north", floor_share=0.75), bound("south", floor=3)],  # 6 + 3 > 8
        ["budget", "floor_share[north]", "floor[south]"],
    ),
    "a floor above all widths": ([bound("north", floor=11)], ["floor[north]"]),  # the width is 10
    "a floor where nothing is planned": ([bound("east", floor=1)], ["floor[east]"]),
    "a target out of reach": ([aim("jobs", "north", 11, must=True)], ["reach[jobs,north]"]),  # 10 · 1
    "a target that nothing serves": ([aim("output", "south", 1, must=True)], ["reach[output,south]"]),
    "two targets that the budget cannot pay": (
        [aim("jobs", "north", 5, must=True), aim("jobs", "south", 4, must=True), aim("output", "north", 4)],
        ["budget", "reach[jobs,north]", "reach[jobs,south]"],
    ),
    "a target against a ceiling": (
        [aim("jobs", "north", 5, must=True), bound("north", ceiling=4)],
        ["reach[jobs,north]", "ceiling[north]"],
    ),
    "a target against a ceiling as a share": (
        [aim("jobs", "north", 5, must=True), bound("north", ceiling_share=0.5)],  # 0.5 · 8 = 4
        ["reach[jobs,north]", "ceiling_share[north]"],
    ),
    "a target against another region's floor": (
        [aim("jobs", "north", 5, must=True), bound("south", floor=4), bound("north", ceiling=9)],
        ["budget", "reach[jobs,north]", "floor[south]"],
    ),
}


def without(instance: Instance, row: str) -> Instance:
    """The case without the limit that a row stands for."""
    kind, _, index = row.rstrip("]").partition("[")
    if kind == "budget":
        return replace(instance, budget=1e6)
    if kind == "reach":
        easy = (replace(t, must=t.must and f"{t.metric},{t.region}" != index) for t in instance.targets)
        return replace(instance, targets=tuple(easy))
    name = {"floor": "floor_fixed", "ceiling": "ceiling_fixed"}.get(kind, kind)
    limits = (replace(limit, **{name: None}) if limit.region == index else limit for limit in instance.limits)
    return replace(instance, limits=tuple(limits))


@pytest.mark.parametrize("solver", ["highs", "cbc"])
@pytest.mark.parametrize("name", CLASHES)
def test_the_clash_is_found_and_nothing_else(name, solver):
    parts, rows = CLASHES[name]
    assert clashing_rows(case(8, *ROOM, *parts), solver) == rows


@pytest.mark.parametrize("name", CLASHES)
def test_leaving_out_any_one_of_the_clashing_limits_makes_a_plan_possible(name):
    parts, rows = CLASHES[name]
    instance = case(8, *ROOM, *parts)
    assert solve(instance).status is Status.INFEASIBLE
    for row in rows:
        # A share follows the budget: it is told here as the amount that it is at 8.
        assert solve(without(as_amounts(instance), row.replace("_share", ""))).status is Status.OPTIMAL, row


def as_amounts(instance: Instance) -> Instance:
    """The case with its shares as amounts, so that a larger budget does not raise them."""

    def amounts(limit: Limit) -> Limit:
        return Limit(limit.region, limit.floor(instance.budget), None, limit.ceiling(instance.budget), None)

    return replace(instance, limits=tuple(map(amounts, instance.limits)))


def test_one_clash_is_told_where_there_are_two():
    parts = (bound("north", floor=5, ceiling=4), bound("south", floor=6, ceiling=3))
    assert clashing_rows(case(20, *ROOM, *parts)) in (
        ["floor[north]", "ceiling[north]"],
        ["floor[south]", "ceiling[south]"],
    )


@settings(deadline=None, derandomize=True, max_examples=150, database=None)
@given(random_case())
def test_the_set_is_irreducible_in_random_cases(instance):
    eager = replace(instance, targets=tuple(replace(t, must=True) for t in instance.targets))
    hard = as_amounts(eager)
    assume(solve(hard).status is Status.INFEASIBLE)
    rows = clashing_rows(hard)
    assert rows
    alone = only(hard, rows)
    assert solve(alone).status is Status.INFEASIBLE
    for row in rows:
        assert solve(without(alone, row)).status is Status.OPTIMAL, row


def only(instance: Instance, rows: list[str]) -> Instance:
    """The case with no other limits than those of some rows."""
    kinds = {"floor": "floor_fixed", "ceiling": "ceiling_fixed"}
    loose = replace(
        instance,
        budget=instance.budget if "budget" in rows else 1e6,
        targets=tuple(replace(t, must=f"reach[{t.metric},{t.region}]" in rows) for t in instance.targets),
    )
    for limit in instance.limits:
        for kind in kinds:
            if f"{kind}[{limit.region}]" not in rows:
                loose = without(loose, f"{kind}[{limit.region}]")
    return loose


# How it is told

TARGETS = "metric,region,target,must\noutput,north,200,\njobs,north,1234567,\njobs,south,400,{must}\n"


def entries(folder, *sets: str, must: str = "false") -> dict[str, dict]:
    """The clashing limits of the small case with other limits, by row."""
    told = diagnose(loaded(folder, {"targets.csv": TARGETS.format(must=must)}, *sets))
    assert (told["schema"], told["status"]) == ("regionopt.diagnosis/2", "infeasible")
    assert (told["case"], told["scenario"]) == ("small", "base")
    return {entry["row"]: entry for entry in told["clashing"]}


def test_budget_and_target_are_told_in_both_languages(tmp_path):
    # 400 jobs in the south need the whole width (80 · 4 = 320 < 400): not even that suffices.
    found = entries(tmp_path, must="true")
    reach = found["reach[jobs,south]"]
    assert (reach["path"], reach["value"], reach["unit"]) == ("targets.jobs.south", 400, "jobs")
    assert "South" in reach["sentence"]["en"]
    assert "400 jobs" in reach["sentence"]["en"]
    assert "南" in reach["sentence"]["zh"]
    assert "400" in reach["sentence"]["zh"]


def test_a_clash_of_floor_share_and_must_is_told_with_amounts(tmp_path):
    # 200 jobs at 4 a unit need 50; the north's share of 0.6 leaves 40 of the 100.
    table = TARGETS.format(must="true").replace("400", "200")
    told = diagnose(loaded(tmp_path, {"targets.csv": table}, "regions.north.floor_share=0.6"))
    found = {entry["row"]: entry for entry in told["clashing"]}
    assert list(found)[:3] == ["budget", "reach[jobs,south]", "floor_share[north]"]
    assert (found["budget"]["path"], found["budget"]["value"]) == ("budget.total", 100)
    share = found["floor_share[north]"]
    assert (share["path"], share["value"]) == ("regions.north.floor_share", 60)
    assert "60" in share["sentence"]["en"]
    assert "60" in share["sentence"]["zh"]


@pytest.mark.parametrize(
    ("sets", "row", "value"),
    [
        (["regions.south.ceiling=10"], "ceiling[south]", 10),
        (["regions.south.ceiling_share=0.2"], "ceiling_share[south]", 20),  # 0.2 · 100
        (["regions.north.floor=75"], "floor[north]", 75),  # leaves 25 for a must of 200 jobs, which needs 50
    ],
)
def test_every_kind_of_limit_has_its_path_value_and_sentences(tmp_path, sets, row, value):
    table = TARGETS.format(must="true").replace("400", "200")
    told = diagnose(loaded(tmp_path, {"targets.csv": table}, *sets))
    entry = {entry["row"]: entry for entry in told["clashing"]}[row]
    kind, region = row.rstrip("]").split("[")
    assert entry["path"] == f"regions.{region}.{kind}"
    assert entry["value"] == value
    assert f"{value:g}" in entry["sentence"]["en"]
    assert f"{value:g}" in entry["sentence"]["zh"]
    assert entry["sentence"]["en"] != entry["sentence"]["zh"]


def test_large_numbers_are_told_in_full(tmp_path):
    told = diagnose(loaded(tmp_path, {"targets.csv": TARGETS.format(must="").replace("1234567,", "1234567,true")}))
    (reach,) = [entry for entry in told["clashing"] if entry["row"].startswith("reach")]
    assert "1,234,567 jobs" in reach["sentence"]["en"]
    assert "1,234,567" in reach["sentence"]["zh"]


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_widths_are_found_beside_whole_numbers(solver):
    # 10 of width bring 10 jobs of 20, with the platform that must be opened and is paid for: only room is missing.
    short = case(100, fund("north", "labs", 10, jobs=1), aim("jobs", "north", 20, must=True), stages=["jobs"])
    short = replace(short, platforms=(Platform("hub", "north", 1.0, required=True),))
    rows = clashing_rows(short, solver)
    assert rows == ["reach[jobs,north]"]
    assert hangs_on_widths(short, rows, solver)
