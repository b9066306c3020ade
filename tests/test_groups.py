"""Groups of programmes: what is read, the rows, cases solved by hand, what each group receives."""

from __future__ import annotations

import csv
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from cases import aim, bound, case, fund, group, plan, solved, values, yearly
from golden_parts import GROUPS
from inputs import CASE, loaded, small, written
from test_model import rows

from regionopt.case.case import load
from regionopt.case.sources import data_folder
from regionopt.common.document import ResultDocument
from regionopt.common.instance import Equity, Group, Instance, Limit
from regionopt.model.model import build
from regionopt.model.translate import to_program
from regionopt.result.outputs import document
from regionopt.result.result import solve_case
from regionopt.result.unspent import unspent_reason
from regionopt.run.run import Order, run
from regionopt.run.validate import every_problem
from regionopt.solve.solve import solve
from regionopt.telling.wording import findings

INF = float("inf")
LABS, PORT = "spend[north,labs,1]", "spend[south,port,1]"
PROGRAMMES = (
    "region,programme,name_zh,name_en,fund,ministry\n"
    "north,labs,實驗室,Labs,science,moea\nsouth,farms,農場,Farms,science,moa\nwest,nothing,無,Nothing,idle,moa\n"
)


def groups_of(folder: Path, text: str) -> tuple[Group, ...]:
    """The groups of the small case with a table of programmes."""
    return loaded(folder, {"case.toml": CASE + text, "programmes.csv": PROGRAMMES}).instance.groups


# What the case file says


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("tag = 'fund'\nvalue = 'science'", {("north", "labs"), ("south", "farms")}),
        ("tag = 'ministry'\nvalue = 'moa'", {("south", "farms")}),  # what the case does not fund is in no group
        ("programmes = ['labs']", {("north", "labs")}),
        ("programmes = ['south.farms']", {("south", "farms")}),
        ("tag = 'ministry'\nvalue = 'moa'\nprogrammes = ['labs']", {("north", "labs"), ("south", "farms")}),
    ],
)
def test_members_by_tag_and_by_name(tmp_path: Path, text: str, members: set[tuple[str, str]]) -> None:
    """Tags are read from programmes.csv although widths and returns stand in coefficients.csv."""
    (found,) = groups_of(tmp_path, f"[groups.g]\n{text}\n")
    assert found.programmes == members


def test_limits_and_own_budget(tmp_path: Path) -> None:
    told = "floor = 1\nceiling = 90\nfloor_share = 0.1\nceiling_share = 0.5\nown_budget = 5\n"
    (found,) = groups_of(tmp_path, f"[groups.g]\nprogrammes = ['labs']\n{told}")
    assert (found.limit, found.own_budget) == (Limit("g", 1, 0.1, 90, 0.5), 5)


def test_the_built_in_initiatives_have_the_names_of_their_table() -> None:
    """Every one of the ten is a group, every programme is in one, and those without any say why."""
    with (data_folder() / "initiatives.csv").open(encoding="utf-8-sig") as file:
        names = {row["initiative"]: (row["name_zh"], row["name_en"]) for row in csv.DictReader(file)}
    case = load(scenario="initiatives")
    carried = {record["initiative"] for record in case.resolved.context.sources.programmes}
    assert len(names) == 10
    assert [group.id for group in case.instance.groups] == list(names)
    assert {group.id for group in case.instance.groups if group.programmes} == carried
    for name, section in case.document.groups.items():
        assert (section.empty is None) == (name in carried)
        assert section.title is not None
        assert (section.title.zh, section.title.en) == names[name]
    everywhere = [member for group in case.instance.groups for member in group.programmes]
    assert len(everywhere) == len(set(everywhere)) == 20


# Rows


def test_limits_are_rows_over_the_programmes_of_the_group():
    found = rows(build(GROUPS["group_limits"]))
    assert found["group_floor[all]"] == ({LABS: 1, PORT: 1}, 1, INF)
    assert found["group_floor_share[all]"] == ({LABS: 1, PORT: 1}, 2, INF)  # 0.25 · 8
    assert found["group_ceiling[labs]"] == ({LABS: 1}, -INF, 3)
    assert found["group_ceiling_share[labs]"] == ({LABS: 1}, -INF, 4)
    assert set(found) == {
        "budget", "group_floor[all]", "group_floor_share[all]", "group_ceiling[labs]", "group_ceiling_share[labs]",
    }  # fmt: skip


def test_own_budgets_are_set_aside():
    found = rows(build(GROUPS["group_own_budget"]))
    assert found["own[labs]"] == ({LABS: 1, "general[labs]": -1}, -INF, 3)
    assert found["own[port]"] == ({PORT: 1, "general[port]": -1}, -INF, 1)
    assert found["general"] == ({"general[labs]": 1, "general[port]": 1}, -INF, 4)  # 8 - 3 - 1


def test_the_general_budget_pays_what_is_in_no_funded_group():
    found = rows(build(replace(GROUPS["group_own_budget"], groups=GROUPS["group_own_budget"].groups[:1])))
    assert found["general"] == ({PORT: 1, "general[labs]": 1}, -INF, 5)  # 8 - 3


def test_a_group_without_limits_changes_nothing():
    instance = GROUPS["group_limits"]
    free = replace(instance, groups=(group("g", "north.labs"),))
    assert to_program(build(free).problem) == to_program(build(replace(instance, groups=())).problem)


# Solved by hand: the port is better (10 jobs a unit, 6 wide) than the labs (6, 4 wide); budget 8.

EIGHT = replace(GROUPS["group_limits"], groups=(), stages=("jobs",))


def grouped(*groups: Group, **changes: object) -> Instance:
    return replace(EIGHT, groups=groups, **changes)


@pytest.mark.parametrize(
    ("limits", "labs", "port"),
    [
        ({}, 2, 6),
        ({"floor": 3}, 3, 5),
        ({"floor_share": 0.5}, 4, 4),
        ({"ceiling": 1}, 1, 6),
        ({"ceiling_share": 0.125}, 1, 6),
    ],
)
def test_floors_and_ceilings_of_a_group(limits: dict[str, float], labs: float, port: float) -> None:
    assert plan(solved(grouped(group("g", "north.labs", **limits)))) == {"north.labs.1": labs, "south.port.1": port}


def test_an_own_budget_may_not_leave_its_group():
    # 3 belong to the labs: the port gets 5, although it is better. Beyond 3 the labs compete for the rest.
    assert plan(solved(grouped(group("g", "north.labs", own_budget=3))))["south.port.1"] == 5
    # 1 belongs to the labs, 7 are general: the port gets its 6, the labs 1 + 1.
    found = plan(solved(grouped(group("g", "north.labs", own_budget=1))))
    assert found == {"north.labs.1": 2, "south.port.1": 6}


def test_an_own_budget_that_cannot_be_used_stays_unspent():
    # 6 belong to the labs, which are 4 wide; 2 are left for the port.
    found = plan(solved(grouped(group("g", "north.labs", own_budget=6))))
    assert found == {"north.labs.1": 4, "south.port.1": 2}


def test_groups_overlap_with_limits():
    # All together at most 5, labs at least 2: 3 for the port.
    both = group("all", "north.labs", "south.port", ceiling=5)
    found = plan(solved(grouped(both, group("labs", "north.labs", floor=2))))
    assert found == {"north.labs.1": 2, "south.port.1": 3}


# Pairs of components


def test_a_group_over_years():
    # The ceiling of 3 counts both years; the port takes its 3 a year.
    instance = yearly(grouped(group("labs", "north.labs", ceiling=1)), "2030", "2031")
    found = plan(solved(instance))
    assert (found["south.port.1.2030"], found["south.port.1.2031"]) == (3, 3)
    assert found["north.labs.1.2030"] + found["north.labs.1.2031"] == 1


def test_a_group_and_a_region_limit():
    found = solved(grouped(group("labs", "north.labs", floor=1), limits=(bound("south", ceiling=2),)))
    assert plan(found) == {"north.labs.1": 4, "south.port.1": 2}


def test_a_group_and_equity():
    # Heads 1 each: with a ratio of 1 both receive the same; the ceiling of 1 holds both down.
    even = Equity({"north": 1.0, "south": 1.0}, ratio=1)
    assert plan(solved(grouped(group("labs", "north.labs", ceiling=1), equity=even))) == {
        "north.labs.1": 1,
        "south.port.1": 1,
    }


# Properties

TIGHTER = {
    "floor": group("g", "north.labs", floor=3),
    "ceiling": group("g", "south.port", ceiling=5),
    "share": group("g", "south.port", ceiling_share=0.5),
    "own budget": group("g", "north.labs", own_budget=4),
}


@pytest.mark.parametrize("tight", TIGHTER.values(), ids=TIGHTER)
def test_tightening_never_improves_a_stage_and_solvers_agree(tight: Group) -> None:
    instance = grouped(tight)
    free, bounded, other = solved(EIGHT), solved(instance), solved(instance, "cbc")
    assert values(bounded)["jobs"] < values(free)["jobs"]  # each of these binds
    assert plan(bounded) == plan(other)


@pytest.mark.parametrize("kind", ["floor", "floor_share", "ceiling", "ceiling_share"])
def test_missing_rows_change_the_plan(kind: str) -> None:
    """A mutant: the limit left out of the row's writer gives the free plan."""
    limits = {"floor": 3.0, "floor_share": 0.375, "ceiling": 1.0, "ceiling_share": 0.125}
    found = plan(solved(grouped(group("g", "north.labs", **{kind: limits[kind]}))))
    assert found["north.labs.1"] == (3 if kind.startswith("floor") else 1)
    assert found != plan(solved(EIGHT))


# What each group receives


def test_the_result_says_what_each_group_receives(tmp_path: Path) -> None:
    text = CASE + (
        "[groups.science]\ntitle = { zh = '科學', en = 'Science' }\nprogrammes = ['labs']\nfloor_share = 0.3\n"
        "own_budget = 20\n[groups.food]\nprogrammes = ['farms']\n"
    )
    result, folder = run(load(small(tmp_path, {"case.toml": text})), Order(out=tmp_path))
    science, food = written(folder)["groups"]
    assert (science["name_zh"], science["name_en"], food["name_en"]) == ("科學", "Science", "food")
    assert (science["floor"], science["ceiling"], science["own_budget"]) == (30.0, None, 20.0)
    regions = {region["id"]: region["budget"] for region in written(folder)["regions"]}
    assert (science["budget"], food["budget"]) == (regions["north"], regions["south"])
    assert science["share"] == pytest.approx(science["budget"] / 100)
    assert document(result).groups is not None


def test_own_money_that_is_left_is_told(tmp_path: Path) -> None:
    """95 belong to the labs, which are 80 wide; farms could take 80 but only 5 are general."""
    text = CASE + "[groups.g]\nprogrammes = ['labs']\nown_budget = 95\n"
    result = solve_case(loaded(tmp_path, {"case.toml": text}, "objective.stages=jobs"))
    assert result.plan is not None
    assert result.plan.spent == 85  # 80 of the labs' 95, and the other 5
    assert unspent_reason(result) == "own_budgets"


def test_a_full_group_is_told(tmp_path: Path) -> None:
    text = CASE + "[groups.g]\nprogrammes = ['labs', 'farms']\nceiling = 50\n"
    assert unspent_reason(solve_case(loaded(tmp_path, {"case.toml": text}))) == "group_ceiling"


def test_naming_groups_does_not_change_the_plan() -> None:
    """The scenario `initiatives` shows what the base case gives."""
    base, named = (solve(load(scenario=scenario).instance) for scenario in ("base", "initiatives"))
    assert base.plan == named.plan
    assert [s.value for s in base.stages] == [s.value for s in named.stages]


def test_every_initiative_is_shown_and_why_some_receive_nothing() -> None:
    told = document(solve_case(load(scenario="initiatives")))
    shown = {group.id: group for group in told.groups or ()}
    assert len(shown) == 10
    without = [group for group in shown.values() if group.empty is not None]
    assert {group.id for group in without} == {"quantum", "ai_robotics", "talent_capital", "regional_ai"}
    assert {(group.budget, group.share) for group in without} == {(0.0, 0.0)}
    assert sum(group.budget or 0 for group in shown.values()) == pytest.approx(712.5)
    for language, word in (("en", "No programme, so 0"), ("zh-TW", "沒有計畫，因此為 0")):
        said = [sentence for sentence in findings(told, language) if word in sentence]
        assert len(said) == 2  # three by one reason, one by another
        assert all(any(getattr(g, f"name_{language[:2]}") in sentence for sentence in said) for g in without)
    assert "empty" not in told.model_dump(mode="json")["groups"][0]
    assert ResultDocument.model_validate_json(told.model_dump_json(by_alias=True)) == told


def test_an_empty_group_that_is_meant_changes_nothing(tmp_path: Path) -> None:
    text = CASE + "[groups.g]\nempty = 'not yet decided'\n"
    case = loaded(tmp_path, {"case.toml": text})
    assert every_problem(case)
    assert solve_case(case).plan == solve_case(loaded(tmp_path)).plan


def test_floors_of_initiatives_hold() -> None:
    found = solve_case(load(scenario="initiatives", sets=["groups.ai_software.floor=2"]))
    shown = {group.id: group.budget for group in document(found).groups or ()}
    assert shown["ai_software"] == pytest.approx(2)
    assert found.plan is not None
    assert found.plan.spent <= Fraction(712.5)


def test_a_target_that_a_group_cannot_pay_is_short():
    # The north needs 4 for 24 jobs; its group has at most 1: 6 of 24, short by 3/4.
    instance = case(8, fund("north", "labs", 4, jobs=6), aim("jobs", "north", 24))
    found = solved(replace(instance, groups=(group("g", "north.labs", ceiling=1),)))
    assert values(found)["worst_shortfall"] == Fraction(3, 4)
