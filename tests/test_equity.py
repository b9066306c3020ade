"""Equity between regions and the stage leximin: what is read, the rows, and cases solved by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from cases import aim, allocation, case, fund, plan, solved, values, yearly
from golden_parts import EQUITY
from hypothesis import given, settings
from hypothesis import strategies as st
from inputs import CASE, REGIONS, loaded
from test_model import rows

from regionopt.case.case import load
from regionopt.common.instance import Equity, Instance
from regionopt.model.model import build
from regionopt.model.translate import to_costs, to_program
from regionopt.result.outputs import document
from regionopt.result.result import solve_case
from regionopt.result.unspent import unspent_reason
from regionopt.solve.highs import Highs
from regionopt.solve.optimum import optimise

INF = float("inf")
LABS, PORT = "spend[north,labs,1]", "spend[south,port,1]"
PEOPLE = REGIONS.replace("name_en\n", "name_en,population\n").replace("North\n", "North,2000000\n")
PEOPLE = PEOPLE.replace("South\n", "South,4000000\n")

# What the case file says


def test_heads_are_people_by_the_scale_of_the_currency(tmp_path: Path) -> None:
    """NT$ billion ÷ (people ÷ 1e9) is NT$ a person."""
    text = CASE + "[equity]\nratio = 2\nmean_difference = 500\n"
    equity = loaded(tmp_path, {"case.toml": text, "regions.csv": PEOPLE}).instance.equity
    assert equity == Equity({"north": 0.002, "south": 0.004}, 2, 500)


def test_without_limits_there_is_no_equity(tmp_path: Path) -> None:
    assert loaded(tmp_path, {"case.toml": CASE + "[equity]\n", "regions.csv": PEOPLE}).instance.equity is None


def test_a_ratio_needs_money_everywhere_and_a_platform_is_some(tmp_path: Path) -> None:
    isle = PEOPLE + "isle,島,Isle,1000\n"
    text = CASE + "[equity]\nratio = 3\n[platforms.pier]\nregion = 'isle'\ncost = 1\n"
    assert loaded(tmp_path, {"case.toml": text, "regions.csv": isle}).instance.equity is not None
    text = CASE + "[equity]\nmean_difference = 30\n"  # forces nobody to 0
    assert loaded(tmp_path, {"case.toml": text, "regions.csv": isle}).instance.equity is not None


# Rows


def test_the_highest_is_at_most_a_multiple_of_the_lowest():
    found = rows(build(EQUITY["equity_ratio"]))
    assert found["highest[north]"] == ({LABS: 0.5, "high": -1}, -INF, 0)  # 2 heads
    assert found["lowest[south]"] == ({PORT: 0.25, "low": -1}, 0, INF)  # 4 heads
    assert found["ratio"] == ({"high": 1, "low": -2}, -INF, 0)


def test_the_mean_difference_is_over_all_pairs():
    found = rows(build(EQUITY["equity_mean_difference"]))
    gap = "gap[north,south]"
    assert found["above_pair[north,south]"] == ({gap: 1, LABS: -0.5, PORT: 0.25}, 0, INF)
    assert found["below_pair[north,south]"] == ({gap: 1, LABS: 0.5, PORT: -0.25}, 0, INF)
    assert found["mean_difference"] == ({gap: 1}, -INF, 0.5)


def test_one_region_has_no_differences():
    one = case(8, fund("north", "labs", 4, jobs=6), stages=["jobs"])
    limited = replace(one, equity=Equity({"north": 2.0}, ratio=1, mean_difference=0))
    assert plan(solved(limited)) == {"north.labs.1": 4}


# Solved by hand: 6 jobs a unit in the north (4 wide, 2 heads), 10 in the south (6 wide, 4 heads); budget 8.

FREE = replace(EQUITY["equity_ratio"], equity=None, stages=("jobs",))
HEADS = {"north": 2.0, "south": 4.0}


def limited(**told: float) -> Instance:
    return replace(FREE, equity=Equity(HEADS, **told))


def test_a_ratio_moves_money_to_where_least_a_head_arrives():
    # Free: 2 and 6, that is 1 and 1.5 a head. Equal a head: 8/3 and 16/3, that is 4/3 each.
    assert allocation(solved(FREE)) == {"north": 2, "south": 6}
    assert allocation(solved(limited(ratio=1))) == {"north": Fraction(8, 3), "south": Fraction(16, 3)}
    # 5/4: x/2 · 5/4 = (8 - x)/4 gives x = 16/7.
    assert allocation(solved(limited(ratio=1.25)))["north"] == Fraction(16, 7)


def test_a_mean_difference_allows_that_much():
    # (8 - x)/4 - x/2 = 1/4 gives x = 7/3.
    assert allocation(solved(limited(mean_difference=0.25)))["north"] == Fraction(7, 3)
    assert allocation(solved(limited(mean_difference=0.5))) == {"north": 2, "south": 6}  # 0.5 as it is


def test_the_mean_of_three_pairs():
    # Only the north gains jobs. Gaps of x - y, x - y and 0, at most 2 on average, make x - y at most 3:
    # of 3 the north gets all; of 8, x + 2y = 8 gives x = 14/3.
    parts = (fund("north", "labs", 8, jobs=1), fund("south", "port", 8), fund("east", "hills", 8))
    even = Equity(dict.fromkeys(("north", "south", "east"), 1.0), mean_difference=2)
    for budget, north in ((3, 3), (8, Fraction(14, 3))):
        instance = case(budget, *parts, stages=["jobs"])
        assert allocation(solved(instance))["north"] == budget
        assert allocation(solved(replace(instance, equity=even)))["north"] == north


def test_equity_holds_for_all_years_together():
    instance = yearly(limited(ratio=1), "2030", "2031")
    assert allocation(solved(instance)) == {"north": Fraction(8, 3), "south": Fraction(16, 3)}


@pytest.mark.parametrize("told", [{"ratio": 1.25}, {"mean_difference": 0.25}], ids=str)
def test_tightening_never_improves_and_solvers_agree(told: dict[str, float]) -> None:
    found = solved(limited(**told))
    assert values(found)["jobs"] < values(solved(FREE))["jobs"]
    assert plan(found) == plan(solved(limited(**told), "cbc"))


MUTANTS = {
    "highest[south]": {"ratio": 1.25}, "lowest[north]": {"ratio": 1.25}, "ratio": {"ratio": 1.25},
    "below_pair[north,south]": {"mean_difference": 0.25}, "mean_difference": {"mean_difference": 0.25},
}  # fmt: skip


@pytest.mark.parametrize(("row", "told"), MUTANTS.items())
def test_a_missing_row_lets_the_south_have_more(row: str, told: dict[str, float]) -> None:
    model = build(limited(**told))
    program, costs = to_program(model.problem), to_costs(model.problem, model.stages[0])
    without = replace(program, rows=tuple(r for r in program.rows if r.name != row))
    whole, less = (optimise(Highs(), p, "jobs", costs) for p in (program, without))
    assert len(without.rows) == len(program.rows) - 1
    assert less.value < whole.value


def test_a_binding_ratio_is_the_reason_for_unspent_money(tmp_path: Path) -> None:
    """Farms have nothing to do with the north's 80: with a ratio of 1 a region 10 wide holds the other down."""
    coefficients = (
        "region,programme,tranche,width,output_per_unit,jobs_per_unit\nnorth,labs,1,80,2,3\nsouth,farms,1,10,1,4\n"
    )
    text = CASE + "[equity]\nratio = 1\n"
    files = {"case.toml": text, "regions.csv": PEOPLE, "coefficients.csv": coefficients}
    result = solve_case(loaded(tmp_path, files, "objective.stages=jobs"))
    assert result.plan is not None
    assert result.plan.spent == 15  # 10 in the south of 4 million, 5 in the north of 2 million
    assert unspent_reason(result) == "equity"


# Leximin


def steps(found: object) -> list[Fraction]:
    """The sums of the n largest shortfalls."""
    return [value for name, value in values(found).items() if name.startswith("leximin")]


THREE = (
    fund("north", "labs", 1, jobs=1), fund("south", "port", 9, jobs=1), fund("east", "hills", 9, jobs=1),
    aim("jobs", "north", 4), aim("jobs", "south", 4), aim("jobs", "east", 4),
)  # fmt: skip


def test_after_the_worst_off_comes_the_next():
    # The north can reach 1 of 4 (short 3/4) whatever it gets. The other two share 4: short 1/2 each.
    found = solved(case(5, *THREE, stages=["leximin"]))
    assert steps(found) == [Fraction(3, 4), Fraction(5, 4), Fraction(7, 4)]
    assert allocation(found) == {"north": 1, "south": 2, "east": 2}


def test_the_worst_shortfall_alone_does_not_care_for_the_next():
    # Nobody needs to be better than the north's 3/4: 1 each is as good, and the written order decides.
    found = solved(case(5, *THREE, stages=["worst_shortfall"]))
    assert values(found) == {"worst_shortfall": Fraction(3, 4)}
    assert allocation(found) == {"north": 1, "south": 3, "east": 1}


def test_the_first_step_is_the_worst_shortfall():
    one, other = (solved(case(5, *THREE, stages=[stage])) for stage in ("worst_shortfall", "leximin"))
    assert steps(other)[0] == values(one)["worst_shortfall"]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 8), min_size=3, max_size=3), st.integers(0, 12))
def test_leximin_against_filling_up(widths: list[int], budget: int) -> None:
    """With equal returns and targets the answer is known: raise all together, those that are full stay behind."""
    names = ("north", "south", "east")
    parts = [fund(name, "p", width, jobs=1) for name, width in zip(names, widths, strict=True)]
    aims = [aim("jobs", name, 8) for name in names]
    level, left, open_ = Fraction(0), Fraction(budget), sorted(widths)
    money: list[Fraction] = []
    while open_:
        level = min(Fraction(open_[0]), left / len(open_))
        money.append(level)
        left -= level
        open_.pop(0)
    shortfalls = sorted((1 - m / 8 for m in money), reverse=True)
    found = steps(solved(case(budget or 0.0, *parts, *aims, stages=["leximin"])))
    assert found == [sum(shortfalls[: n + 1]) for n in range(3)]


def test_both_solvers_agree_on_leximin():
    instance = case(5, *THREE, stages=["leximin", "spend"])
    assert plan(solved(instance)) == plan(solved(instance, "cbc"))


def test_leximin_in_the_built_in_case_is_told_without_money_units():
    found = solve_case(load(sets=["objective.stages=leximin,nearest_reference"]))
    stages = document(found).stages
    assert [stage.name for stage in stages][:2] == ["leximin[1]", "leximin[2]"]
    assert {stage.unit for stage in stages if stage.name.startswith("leximin")} == {"1"}
    assert float(stages[0].value) == pytest.approx(0.4673, abs=1e-4)
