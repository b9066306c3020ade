"""Platforms and measures: rows, cases solved by hand, the case file, what is written and said, what is refused."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from cases import aim, allocation, bound, case, fund, plan, solved, values
from inputs import CASE, loaded, small, written
from test_model import columns, rows
from typer.testing import CliRunner

from regionopt.cli.main import app
from regionopt.common.document import ResultDocument, Standing, WholeCertificate
from regionopt.common.errors import InputError
from regionopt.common.instance import Instance, Measure, Platform
from regionopt.model.model import build
from regionopt.model.translate import to_program
from regionopt.result.outputs import document, files
from regionopt.result.result import solve_case
from regionopt.result.unspent import unspent_reason
from regionopt.run.validate import every_problem
from regionopt.solve.solve import least_budget
from regionopt.telling.wording import findings

LABS, PORT = fund("north", "labs", 10, jobs=2), fund("south", "port", 10, jobs=1)
LAB, PIER = ("north", "labs"), ("south", "port")
INF = float("inf")


def built(*choices: Platform | Measure, budget: float = 8, stages=("jobs",), parts=()) -> Instance:
    return replace(
        case(budget, LABS, PORT, *parts, stages=stages),
        platforms=tuple(choice for choice in choices if isinstance(choice, Platform)),
        measures=tuple(choice for choice in choices if isinstance(choice, Measure)),
    )


# --- the rows ------------------------------------------------------------------------------------------------


def test_a_platform_is_open_or_not_and_costs_its_region():
    model = build(built(Platform("hub", "north", 3), parts=[bound("north", ceiling=6), bound("south", ceiling=6)]))
    assert columns(model)["open[hub]"] == (0, 1)
    program = to_program(model.problem)
    assert [program.columns[j] for j in program.integers] == ["open[hub]"]
    north, south = "spend[north,labs,1]", "spend[south,port,1]"
    assert rows(model)["budget"] == ({north: 1, south: 1, "open[hub]": 3}, -INF, 8)
    assert rows(model)["ceiling[north]"] == ({north: 1, "open[hub]": 3}, -INF, 6)
    assert rows(model)["ceiling[south]"] == ({south: 1}, -INF, 6)


def test_a_required_platform_is_open():
    assert columns(build(built(Platform("hub", "north", 3, required=True))))["open[hub]"] == (1, 1)


def test_measures_are_counted_between_their_bounds_and_paid_from_the_budget():
    model = build(built(Measure("roads", 0.5, 2, 9)))
    assert columns(model)["count[roads]"] == (2, 9)
    assert rows(model)["budget"][0]["count[roads]"] == 0.5
    program = to_program(model.problem)
    assert [program.columns[j] for j in program.integers] == ["count[roads]"]


def test_a_platform_unlocks():
    model = build(built(Platform("hub", "north", 3, unlocks=frozenset({PIER}))))
    assert rows(model)["unlock[hub,south,port,1]"] == ({"spend[south,port,1]": 1, "open[hub]": -10}, -INF, 0)
    assert "unlock[hub,north,labs,1]" not in rows(model)


def test_a_platform_raises_returns():
    model = build(built(Platform("hub", "north", 3, raises={LAB: 0.5}), parts=[aim("jobs", "north", 8)]))
    raised, spent = "raised[hub,north,labs,1]", "spend[north,labs,1]"
    assert columns(model)[raised] == (0, 10)
    assert rows(model)["raise[hub,north,labs,1]"] == ({raised: 1, "open[hub]": -10}, -INF, 0)
    assert rows(model)["within[hub,north,labs,1]"] == ({raised: 1, spent: -1}, -INF, 0)
    # 2/8 a unit, and half as much again for what is raised.
    terms = {spent: 0.25, raised: 0.125, "shortfall[jobs,north]": 1}
    assert rows(model)["reach[jobs,north]"] == (terms, 1, INF)


def test_spending_counts_fixed_costs():
    model = build(built(Platform("hub", "north", 3), Measure("roads", 0.5), stages=("spend",)))
    assert {column.name: a for column, a in model.stages[0].expression.items()} == {
        "spend(north,labs,1)": 1, "spend(south,port,1)": 1, "open(hub)": 3, "count(roads)": 0.5,
    }  # fmt: skip


# --- solved by hand ------------------------------------------------------------------------------------------


def test_a_platform_is_opened_when_it_pays():
    # 8 in the labs bring 16. With the hub 5 bring 10, and 80 % more: 18.
    found = solved(built(Platform("hub", "north", 3, raises={LAB: 0.8})))
    assert (found.plan.opened, values(found)) == ({"hub": 1}, {"jobs": 2 * 5 * (1 + Fraction(0.8))})
    # 50 % more are 15 only.
    found = solved(built(Platform("hub", "north", 3, raises={LAB: 0.5})))
    assert (found.plan.opened, values(found)) == ({"hub": 0}, {"jobs": 16})


def test_a_required_platform_is_paid_for():
    found = solved(built(Platform("hub", "north", 3, required=True)))
    assert values(found) == {"jobs": 10}
    assert allocation(found) == {"north": 5, "south": 0}
    assert found.plan.allocated == {"north": 8, "south": 0}
    assert found.plan.spent == 8


def test_nothing_goes_to_a_locked_programme():
    # 1 for the key and 7 in the labs: 14; without it 8 in the port: 8.
    found = solved(built(Platform("key", "north", 1, unlocks=frozenset({LAB}))))
    assert (found.plan.opened, values(found)) == ({"key": 1}, {"jobs": 14})
    dear = solved(built(Platform("key", "north", 5, unlocks=frozenset({LAB}))))
    assert (dear.plan.opened, values(dear)) == ({"key": 0}, {"jobs": 8})
    assert plan(dear) == {"north.labs.1": 0, "south.port.1": 8}


def test_what_two_platforms_unlock_needs_both():
    keys = (Platform(name, "north", 1, unlocks=frozenset({LAB})) for name in ("a", "b"))
    found = solved(built(*keys))
    assert (found.plan.opened, values(found)) == ({"a": 1, "b": 1}, {"jobs": 12})


def test_two_platforms_raise_together():
    # 8 - 2 = 6 in the labs: 12, and 50 % twice: 24.
    hubs = (Platform(name, "north", 1, raises={LAB: 0.5}) for name in ("a", "b"))
    assert values(solved(built(*hubs))) == {"jobs": 24}


def test_measures_stay_at_their_minimum_where_nothing_asks_for_more():
    found = solved(built(Measure("roads", 0.5, 4)))
    assert (found.plan.count, values(found)) == ({"roads": 4}, {"jobs": 12})  # 8 - 2 = 6 in the labs


def test_nothing_is_opened_without_a_gain():
    # 30 of money fill both programmes (20) and leave 10: enough for all, and nothing gains by it.
    choices = (Platform("hub", "north", 3), Platform("free", "south", 2, raises={}), Measure("roads", 0.5, 1, 9))
    found = solved(built(*choices, budget=30))
    assert (found.plan.opened, found.plan.count) == ({"hub": 0, "free": 0}, {"roads": 1})
    assert values(found) == {"jobs": 30}


def test_a_floor_can_be_met_by_a_fixed_cost():
    # The south's floor of 3 by the pier of 3, which brings nothing, or by the port at 1 job: the port.
    found = solved(built(Platform("pier", "south", 3), parts=[bound("south", floor=3)]))
    assert (found.plan.opened, values(found)) == ({"pier": 0}, {"jobs": 13})


def test_the_smallest_budget_pays_for_what_is_required():
    # 8 jobs in the labs are 4, the hub 3, two measures 1; with a raise of 1.0 the labs need 2, the hub 3.
    parts = [aim("jobs", "north", 8)]
    assert least_budget(built(Platform("hub", "north", 3, required=True), Measure("r", 0.5, 2), parts=parts)) == 8
    assert least_budget(built(Platform("hub", "north", 1, raises={LAB: 1.0}), parts=parts)) == 3
    assert least_budget(built(Platform("hub", "north", 9, raises={LAB: 1.0}), parts=parts)) == 4


def test_there_is_no_smallest_budget_where_platforms_do_not_help():
    assert least_budget(built(Platform("hub", "north", 3), parts=[aim("jobs", "north", 21)])) is None


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_the_same_plan_whatever_the_solver(solver):
    choices = (Platform("hub", "north", 3, raises={LAB: 0.8}), Measure("roads", 0.5, 1))
    found = solved(built(*choices, stages=("jobs", "spend", "nearest_reference")), solver)
    assert found.plan == solved(built(*choices, stages=("jobs", "spend", "nearest_reference"))).plan


def test_the_certificate_states_what_is_proven():
    found = solved(built(Platform("hub", "north", 3, raises={LAB: 0.8})))
    first = found.certificate.stages[0]
    assert isinstance(first, WholeCertificate)
    assert (first.stage, first.primal_violation, first.exact) == ("jobs", 0, True)
    assert first.bound == pytest.approx(18)  # in the stage's own sense: no plan brings more
    assert first.gap == pytest.approx(0, abs=1e-9)
    assert [stage.unique for stage in found.stages] == [None]


# --- the case file -------------------------------------------------------------------------------------------

CHOICES = """[platforms.hub]
title = { zh = "樞紐", en = "Hub" }
region = "north"
cost = 5
raises = { labs = 0.5, "south.farms" = 0.1 }
[platforms.pier]
region = "south"
cost = { value = 2, source = "an offer", status = "press" }
required = true
unlocks = ["farms"]
[measures.roads]
title = "Roads"
cost = 1.5
minimum = 3
maximum = 7
"""


def test_choices_of_the_case_file(tmp_path: Path):
    case_ = loaded(tmp_path, {"case.toml": CASE + CHOICES})
    assert case_.instance.platforms == (
        Platform("hub", "north", 5, False, frozenset(), {("north", "labs"): 0.5, ("south", "farms"): 0.1}),
        Platform("pier", "south", 2, True, frozenset({("south", "farms")})),
    )
    assert case_.instance.measures == (Measure("roads", 1.5, 3, 7),)
    assert case_.resolved.numbers["platforms.pier.cost"].status is Standing.PRESS


def test_the_longer_name_of_a_programme_counts(tmp_path: Path):
    text = CHOICES.replace('"south.farms" = 0.1', '"north.labs" = 0.7')
    assert loaded(tmp_path, {"case.toml": CASE + text}).instance.platforms[0].raises == {("north", "labs"): 0.7}


def test_numbers_can_be_set(tmp_path: Path):
    sets = ("platforms.hub.cost=9", "platforms.hub.required=true", "measures.roads.minimum=+1")
    instance = loaded(tmp_path, {"case.toml": CASE + CHOICES}, *sets).instance
    assert (instance.platforms[0].cost, instance.platforms[0].required, instance.measures[0].minimum) == (9, True, 4)


def test_the_result_names_what_is_opened(tmp_path: Path):
    result = solve_case(loaded(tmp_path, {"case.toml": CASE + CHOICES}))
    told = document(result)
    assert [(p.id, p.name_zh, p.name_en, p.opened) for p in told.platforms] == [
        ("hub", "樞紐", "Hub", True),
        ("pier", "pier", "pier", True),
    ]
    assert [(m.id, m.name_en, m.count, m.minimum) for m in told.measures] == [("roads", "Roads", 3, 3)]
    assert (told.facts.unique, [stage.unique for stage in told.stages]) == (None, [None] * 3)
    assert ResultDocument.model_validate_json(told.model_dump_json(by_alias=True)) == told


def test_a_result_without_choices_has_no_such_keys(tmp_path: Path):
    told = document(solve_case(loaded(tmp_path))).model_dump(mode="json", by_alias=True)
    assert not {"platforms", "measures", "targets"} & set(told)


def test_the_allocation_adds_up_to_what_is_spent_and_gained(tmp_path: Path):
    result = solve_case(loaded(tmp_path, {"case.toml": CASE + CHOICES}))
    table = list(csv.DictReader(io.StringIO(files(result)["allocation.csv"].decode("utf-8-sig"))))
    told = document(result)
    assert sum(float(row["budget"]) for row in table) == pytest.approx(told.budget.spent)
    for region in told.regions:
        own = [row for row in table if row["region"] == region.id]
        assert sum(float(row["budget"]) for row in own) == pytest.approx(region.budget)
        assert sum(float(row["jobs"]) for row in own) == pytest.approx(region.jobs)
        assert sum(float(row["output"]) for row in own) == pytest.approx(region.output)
    assert [(row["programme"], row["tranche"], row["budget"]) for row in table[3:]] == [
        ("hub", "0", "5.000000"), ("pier", "0", "2.000000"), ("roads", "0", "4.500000"),
    ]  # fmt: skip


def test_money_is_left_where_a_programme_stays_locked(tmp_path: Path):
    # The key to the farms costs 90 of 100: it stays shut, the labs take 80, nothing else may be funded.
    locked = '[platforms.key]\nregion = "south"\ncost = 90\nunlocks = ["farms"]\n'
    targets = "metric,region,target\njobs,north,300\n"
    result = solve_case(loaded(tmp_path, {"case.toml": CASE + locked, "targets.csv": targets}))
    assert float(result.plan.spent) == pytest.approx(80, rel=1e-7)
    assert unspent_reason(result) == "nothing_left_to_fund"


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_the_words_claim_what_is_proven_and_no_more(tmp_path: Path, language):
    said = list(findings(document(solve_case(loaded(tmp_path, {"case.toml": CASE + CHOICES}))), language))
    text = "\n".join(said)
    assert ("solver's bound" if language == "en" else "求解器") in text
    assert ("Hub, pier (2 of 2)" if language == "en" else "樞紐、pier（共 2 處，設立 2 處）") in text
    # One kind of measure needs no number of its own; a gap of rounding is not told to seventeen digits.
    assert ("Supporting measures: 3 (Roads)." if language == "en" else "配套措施：共 3 項（Roads）。") in said
    assert "1e-09" in text
    assert not any(word in text for word in ("Certificate passed", "證明檢核通過"))


def test_the_command_shows_a_table_of_choices(tmp_path: Path):
    ran = CliRunner().invoke(app, ["run", str(small(tmp_path / "c", {"case.toml": CASE + CHOICES})), "--lang", "en",
                                   "--out", str(tmp_path / "out")])  # fmt: skip
    assert ran.exit_code == 0
    line = next(line for line in ran.stdout.splitlines() if "Roads" in line)
    assert line.split() == ["Roads", "All", "regions", "3", "4.5"]
    assert written(tmp_path / "out" / "small" / "base")["platforms"][0]["opened"] is True


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ('region = "north"', 'region = "nroth"', "unknown_region", "platforms.hub.region"),
        ('"south.farms"', '"north.farms"', "unknown_programme", "platforms.hub.raises"),
        ('unlocks = ["farms"]', 'unlocks = ["frams"]', "unknown_programme", "platforms.pier.unlocks"),
        ("[platforms.hub]", "[platforms.'hub (1)']", "bad_id", "platforms"),
        ("[measures.roads]", "[measures.'道路']", "bad_id", "measures"),
        ("cost = 5\n", "", "number_missing", "platforms.hub.cost"),
        ("cost = 1.5\n", "", "number_missing", "measures.roads.cost"),
        ("cost = 5\n", "cost = -5\n", "too_small", "platforms.hub.cost"),
        ("cost = 5\n", "cost = 101\n", "cost_above_budget", "platforms.hub.cost"),
        ("value = 2,", "value = 99,", "fixed_costs_above_budget", "platforms, measures"),
        ("cost = 1.5\n", "cost = 40\n", "fixed_costs_above_budget", "platforms, measures"),
        ("minimum = 3", "minimum = 3.5", "not_a_count", "measures.roads.minimum"),
        ("maximum = 7", "maximum = 7.5", "not_a_count", "measures.roads.maximum"),
        ("minimum = 3", "minimum = 8", "minimum_above_maximum", "measures.roads"),
        ("minimum = 3", "minimum = -1", "too_small", "measures.roads.minimum"),
        ("minimum = 3", "minimum = nan", "not_finite", "measures.roads.minimum"),
        ("maximum = 7", "maximum = 1e6", "too_large", "measures.roads.maximum"),
        ("labs = 0.5", "labs = -0.5", "too_small", "platforms.hub.raises.labs"),
    ],
)
def test_bad_choices_are_refused(tmp_path: Path, old, new, code, place):
    assert old in CHOICES
    with pytest.raises(InputError) as caught:
        every_problem(loaded(tmp_path, {"case.toml": CASE + CHOICES.replace(old, new, 1)}))
    (problem,) = caught.value.problems
    assert problem.code == code
    assert place in problem.place
    assert problem.sentence("en")
    assert problem.sentence("zh-TW")
