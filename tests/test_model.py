"""The linear program as it is written: every row, bound and coefficient by name, and one golden LP file each.

`REGIONOPT_UPDATE_GOLDEN=1 pytest tests/test_model.py` rewrites `golden/*.lp`; read the difference before it is kept.
"""

from __future__ import annotations

import ast
import inspect
import math
import os
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pulp
import pytest
from cases import aim, bound, case, fund, staged
from golden_parts import CHOICES, EQUITY, GROUPS, PERIODS

from regionopt.common.instance import STAGES, Instance, Limit
from regionopt.model import equity, groups, periods, platforms, relative, rules, stages
from regionopt.model import model as written
from regionopt.model.core import Model, Stage, label
from regionopt.model.lpfile import lp_text
from regionopt.model.model import build, smallest_budget
from regionopt.model.stages import WRITERS
from regionopt.model.translate import plain, to_costs, to_program, to_pulp
from regionopt.solve.highs import Highs
from regionopt.solve.optimum import optimise
from regionopt.solve.solve import hold

GOLDEN = Path(__file__).parent / "golden"
INF = math.inf
# Every module that adds rows.
ROOMS = (written, stages, periods, groups, equity, relative, rules, platforms)

# Two tranches in the north that give output 8 and 4, jobs 6 and 2 a unit; one in the south: output 5, jobs 10.
LABS = (fund("north", "labs", 4, output=8, jobs=6), fund("north", "labs", 3, output=4, jobs=2, k=2))
PORT = (fund("south", "port", 5, output=5, jobs=10),)
LABS_1, LABS_2, PORT_1 = "spend[north,labs,1]", "spend[north,labs,2]", "spend[south,port,1]"


def rows(model: Model) -> dict[str, tuple[dict[str, float], float, float]]:
    """Every row as (coefficients by column, lower, upper)."""
    program = to_program(model.problem)
    return {row.name: ({program.columns[j]: a for j, a in row.terms}, row.lower, row.upper) for row in program.rows}


def columns(model: Model) -> dict[str, tuple[float, float]]:
    """Every column as (lower, upper)."""
    program = to_program(model.problem)
    return dict(zip(program.columns, zip(program.lower, program.upper, strict=True), strict=True))


def costs(model: Model) -> dict[str, dict[str, float]]:
    """The costs of every stage, to be minimised, without zeros."""
    names = to_program(model.problem).columns
    return {
        stage.name: {name: c for name, c in zip(names, to_costs(model.problem, stage), strict=True) if c}
        for stage in model.stages
    }


# Columns


def test_a_spend_column_lies_between_nothing_and_the_width_of_its_tranche():
    assert columns(build(case(10, *LABS, *PORT, stages=["spend"]))) == {
        LABS_1: (0, 4),
        LABS_2: (0, 3),
        PORT_1: (0, 5),
    }


def test_a_shortfall_is_a_share_of_its_target():
    model = build(case(10, *LABS, aim("jobs", "north", 12), stages=["spend"]))
    assert columns(model)["shortfall[jobs,north]"] == (0, 1)


def test_a_must_target_allows_no_shortfall():
    model = build(case(10, *LABS, aim("jobs", "north", 12, must=True), stages=["spend"]))
    assert columns(model)["shortfall[jobs,north]"] == (0, 0)


def test_must_concerns_its_own_target_only():
    model = build(case(10, *LABS, aim("jobs", "north", 12, must=True), aim("output", "north", 16), stages=["spend"]))
    assert columns(model)["shortfall[output,north]"] == (0, 1)


# Constraints


def test_budget_is_the_sum_of_all_spending():
    assert rows(build(case(10, *LABS, *PORT, stages=["spend"]))) == {
        "budget": ({LABS_1: 1, LABS_2: 1, PORT_1: 1}, -INF, 10)
    }


def test_reach_divides_returns_by_the_target():
    # 6/12 = 0.5 and 2/12 of the target a unit of money; the south's jobs do not count in the north.
    model = build(case(10, *LABS, *PORT, aim("jobs", "north", 12), stages=["spend"]))
    terms = {LABS_1: 0.5, LABS_2: 2 / 12, "shortfall[jobs,north]": 1}
    assert rows(model)["reach[jobs,north]"] == (terms, 1, INF)
    assert set(rows(model)) == {"budget", "reach[jobs,north]"}


def test_reach_takes_the_returns_of_its_own_metric():
    # 8/16 = 0.5 and 4/16 = 0.25
    model = build(case(10, *LABS, aim("jobs", "north", 12), aim("output", "north", 16), stages=["spend"]))
    terms = {LABS_1: 0.5, LABS_2: 0.25, "shortfall[output,north]": 1}
    assert rows(model)["reach[output,north]"] == (terms, 1, INF)


def test_reach_keeps_a_row_where_nothing_can_be_gained():
    model = build(case(10, *LABS, aim("jobs", "east", 5), stages=["spend"]))
    assert rows(model)["reach[jobs,east]"] == ({"shortfall[jobs,east]": 1}, 1, INF)


def test_a_return_of_zero_has_no_coefficient():
    model = build(case(10, fund("north", "labs", 4, output=8), aim("jobs", "north", 12), stages=["spend"]))
    assert rows(model)["reach[jobs,north]"] == ({"shortfall[jobs,north]": 1}, 1, INF)


@pytest.mark.parametrize(
    ("given", "lower", "upper"),
    [
        ({"floor": 3}, 3, INF),
        ({"floor_share": 0.25}, 2, INF),  # 0.25 · 8
        ({"ceiling": 6}, -INF, 6),
        ({"ceiling_share": 0.5}, -INF, 4),  # 0.5 · 8
    ],
)
def test_a_limit_is_one_row_over_its_region(given, lower, upper):
    (kind,) = given
    model = build(case(8, *LABS, *PORT, bound("north", **given), stages=["spend"]))
    assert rows(model)[f"{kind}[north]"] == ({LABS_1: 1, LABS_2: 1}, lower, upper)
    assert set(rows(model)) == {"budget", f"{kind}[north]"}


def test_a_floor_of_zero_is_still_a_row():
    assert rows(build(case(8, *LABS, bound("north", floor=0), stages=["spend"])))["floor[north]"][1:] == (0, INF)


def test_all_four_limits_of_a_region_stand_side_by_side():
    limits = bound("north", floor=1, floor_share=0.1, ceiling=7, ceiling_share=0.9)
    kinds = {"floor[north]", "floor_share[north]", "ceiling[north]", "ceiling_share[north]"}
    assert set(rows(build(case(8, *LABS, limits, stages=["spend"])))) == {"budget", *kinds}


def test_the_limit_in_force_is_the_stricter_of_amount_and_share():
    # At a budget of 20, shares 0.1 and 0.5 are 2 and 10.
    limit = Limit("north", floor_fixed=3, floor_share=0.1, ceiling_fixed=12, ceiling_share=0.5)
    assert (limit.floor(20), limit.ceiling(20)) == (3, 10)
    assert (limit.floor(40), limit.ceiling(40)) == (4, 12)
    assert (Limit("north").floor(20), Limit("north").ceiling(20)) == (None, None)


# Stages


def test_worst_shortfall_lies_above_every_shortfall():
    model = build(case(8, *LABS, *PORT, aim("jobs", "north", 12), aim("output", "south", 10)))
    z = "worst_shortfall"
    assert columns(model)[z] == (0, 1)
    assert rows(model)["worst[jobs,north]"] == ({z: 1, "shortfall[jobs,north]": -1}, 0, INF)
    assert rows(model)["worst[output,south]"] == ({z: 1, "shortfall[output,south]": -1}, 0, INF)
    assert costs(model) == {z: {z: 1}}


def test_total_shortfall_weighs_metrics():
    parts = (*LABS, *PORT, aim("jobs", "north", 12), aim("jobs", "south", 20), aim("output", "north", 16))
    model = build(case(8, *parts, stages=["total_shortfall"], weights={"jobs": 3, "output": 0.5}))
    assert costs(model) == {
        "total_shortfall": {
            "shortfall[jobs,north]": 3,
            "shortfall[jobs,south]": 3,
            "shortfall[output,north]": 0.5,
        }
    }


@pytest.mark.parametrize(
    ("metric", "gains"), [("output", {LABS_1: 8, LABS_2: 4, PORT_1: 5}), ("jobs", {LABS_1: 6, LABS_2: 2, PORT_1: 10})]
)
def test_a_metric_is_maximised_over_all_regions(metric, gains):
    model = build(case(8, *LABS, *PORT, stages=[metric]))
    assert costs(model) == {metric: {column: -gain for column, gain in gains.items()}}


def test_spend_counts_every_unit_of_money_once():
    assert costs(build(case(8, *LABS, *PORT, stages=["spend"]))) == {"spend": {LABS_1: 1, LABS_2: 1, PORT_1: 1}}


def test_nearest_reference_measures_both_sides():
    model = build(case(8, *LABS, *PORT, stages=["nearest_reference"], reference={"north": 6, "south": 2}))
    north, south = "distance[north]", "distance[south]"
    assert columns(model)[north] == (0, INF)
    # d ≥ X - 6 is d - X ≥ -6; d ≥ 6 - X is d + X ≥ 6
    assert rows(model)["above[north]"] == ({north: 1, LABS_1: -1, LABS_2: -1}, -6, INF)
    assert rows(model)["below[north]"] == ({north: 1, LABS_1: 1, LABS_2: 1}, 6, INF)
    assert rows(model)["above[south]"] == ({south: 1, PORT_1: -1}, -2, INF)
    assert rows(model)["below[south]"] == ({south: 1, PORT_1: 1}, 2, INF)
    assert costs(model) == {"nearest_reference": {north: 1, south: 1}}


def test_stages_stand_in_the_order_of_the_case():
    order = ("spend", "jobs", "worst_shortfall")
    assert tuple(stage.name for stage in build(case(8, *LABS, stages=order)).stages) == order


def test_every_stage_of_the_case_file_has_a_writer():
    assert tuple(WRITERS) == STAGES


def test_only_stages_that_are_asked_for_leave_rows_behind():
    parts = (*LABS, aim("jobs", "north", 12))
    assert set(rows(build(case(8, *parts, stages=["jobs", "total_shortfall"])))) == {"budget", "reach[jobs,north]"}


# The smallest budget


def test_the_smallest_budget_is_a_column():
    model = smallest_budget(case(8, *LABS, aim("jobs", "north", 12), stages=["jobs"]))
    assert columns(model)["budget"] == (0, INF)
    assert rows(model)["budget"] == ({LABS_1: 1, LABS_2: 1, "budget": -1}, -INF, 0)
    assert costs(model) == {"smallest_budget": {"budget": 1}}


def test_the_smallest_budget_makes_every_target_a_must():
    model = smallest_budget(case(8, *LABS, aim("jobs", "north", 12), aim("output", "north", 9)))
    assert columns(model)["shortfall[jobs,north]"] == (0, 0)
    assert columns(model)["shortfall[output,north]"] == (0, 0)


def test_shares_follow_the_smallest_budget():
    limits = bound("north", floor=1, floor_share=0.25, ceiling=7, ceiling_share=0.5)
    found = rows(smallest_budget(case(8, *LABS, limits)))
    assert found["floor_share[north]"] == ({LABS_1: 1, LABS_2: 1, "budget": -0.25}, 0, INF)
    assert found["ceiling_share[north]"] == ({LABS_1: 1, LABS_2: 1, "budget": -0.5}, -INF, 0)
    assert (found["floor[north]"][1:], found["ceiling[north]"][1:]) == ((1, INF), (-INF, 7))


# The row that keeps a stage


def held(value: Fraction, give_away: float, sense: int = 1) -> float:
    """The bound of the row that keeps a stage which costs x at an optimum of `value`."""
    model = build(case(8, fund("north", "labs", 4, output=1, jobs=1), stages=["spend"]))
    found = optimise(Highs(), to_program(model.problem), "spend", (float(sense),))
    object.__setattr__(found, "value", value)
    row = hold(Stage("spend", sense, model.stages[0].expression), found, give_away)
    assert (row.name, row.terms, row.lower) == ("hold[spend]", ((0, float(sense)),), -INF)
    return row.upper


def test_a_held_minimum_may_rise_by_what_is_given_away():
    assert held(Fraction(4), 0.25) == 5  # 4 + 0.25 · 4
    assert held(Fraction(4), 0) == 4


def test_a_held_maximum_may_fall_by_what_is_given_away():
    # A maximum of 4 is the minimum -4 of the negative: -4 + 0.25 · 4
    assert held(Fraction(-4), 0.25, sense=-1) == -3


def test_a_held_optimum_is_never_rounded_down():
    for value in (Fraction(1, 3), Fraction(-1, 3), Fraction(2, 3), Fraction(1, 10)):
        kept = held(value, 0)
        assert Fraction(kept) >= value
        assert Fraction(math.nextafter(kept, -INF)) < value


# Names


def test_names_use_square_brackets_outside_pulp():
    assert label("reach", "jobs", "east") == "reach(jobs,east)"
    assert plain(label("reach", "jobs", "east")) == "reach[jobs,east]"
    assert label("budget") == "budget"


def test_the_same_case_gives_the_same_program_twice():
    instance = case(8, *LABS, *PORT, aim("jobs", "north", 12), bound("south", floor=1), stages=STAGES)
    assert to_program(build(instance).problem) == to_program(build(instance).problem)


def test_a_program_survives_the_way_to_pulp_and_back():
    instance = case(8, *LABS, *PORT, aim("jobs", "north", 12), bound("south", floor=1), stages=STAGES)
    program = to_program(build(instance).problem)
    back = to_program(to_pulp(program, [0.0] * len(program.columns)))
    assert {row.name: (set(row.terms), row.lower, row.upper) for row in back.rows} == {
        row.name: (set(row.terms), row.lower, row.upper) for row in program.rows
    }
    assert (back.columns, back.lower, back.upper) == (program.columns, program.lower, program.upper)


# Golden LP files: one a constraint and one a stage


AIMS = (aim("jobs", "north", 12), aim("jobs", "south", 20), aim("output", "north", 16))
BASE = case(8, *LABS, *PORT, *AIMS, reference={"north": 6, "south": 2}, weights={"jobs": 3})


def first_stage(instance: Instance) -> Callable[[], str]:
    return lambda: lp_text(instance)


def smallest() -> str:
    """The program of the smallest budget, shares included."""
    parts = (*LABS, aim("jobs", "north", 12), bound("north", floor_share=0.25, ceiling_share=0.5))
    model = smallest_budget(case(8, *parts))
    model.problem.setObjective(model.stages[0].expression)
    return as_text(model.problem)


def second_stage() -> str:
    """Spending is least while 7/8 of the most jobs are kept: 10·5 + 6·3 = 68, less an eighth, is 59.5."""
    model = build(case(8, *LABS, *PORT, stages=["jobs", "spend"]))
    program = to_program(model.problem)
    jobs, spend = (to_costs(model.problem, stage) for stage in model.stages)
    best = optimise(Highs(), program, "jobs", jobs)
    return as_text(to_pulp(program.with_row(hold(model.stages[0], best, 0.125)), spend))


def as_text(problem: pulp.LpProblem) -> str:
    """PuLP's LP format."""
    path = GOLDEN / f".{os.getpid()}.lp"
    try:
        problem.writeLP(str(path))
        return path.read_text()
    finally:
        path.unlink(missing_ok=True)


GOLDEN_FILES: dict[str, Callable[[], str]] = {
    "budget": first_stage(case(8, *LABS, *PORT, stages=["spend"])),
    "reach": first_stage(case(8, *LABS, aim("jobs", "north", 12), stages=["spend"])),
    "must": first_stage(case(8, *LABS, aim("jobs", "north", 12, must=True), stages=["spend"])),
    "floor": first_stage(case(8, *LABS, *PORT, bound("north", floor=3), stages=["spend"])),
    "floor_share": first_stage(case(8, *LABS, *PORT, bound("north", floor_share=0.25), stages=["spend"])),
    "ceiling": first_stage(case(8, *LABS, *PORT, bound("north", ceiling=6), stages=["jobs"])),
    "ceiling_share": first_stage(case(8, *LABS, *PORT, bound("north", ceiling_share=0.5), stages=["jobs"])),
    **{stage: first_stage(staged(BASE, stage)) for stage in STAGES},
    "stages": first_stage(staged(BASE, "worst_shortfall", "total_shortfall", "jobs")),
    "hold": second_stage,
    "smallest_budget": smallest,
    **{name: first_stage(instance) for name, instance in {**PERIODS, **GROUPS, **EQUITY, **CHOICES}.items()},
}


@pytest.mark.parametrize("name", GOLDEN_FILES)
def test_the_program_reads_as_in_its_golden_file(name):
    path, text = GOLDEN / f"{name}.lp", GOLDEN_FILES[name]()
    if os.environ.get("REGIONOPT_UPDATE_GOLDEN") == "1":
        path.write_text(text)
    assert text == path.read_text()


def test_every_golden_file_is_compared():
    assert {path.stem for path in GOLDEN.glob("[!.]*.lp")} == set(GOLDEN_FILES)


def test_every_kind_of_row_is_in_a_golden_file():
    shown = set(re.findall(r"^(\w+)(?:\([^)]*\))?:", "".join(text() for text in GOLDEN_FILES.values()), re.MULTILINE))
    assert row_kinds() | {"hold"} <= shown - {"OBJ"}


def row_kinds() -> set[str]:
    """Every kind of row that the program can have."""
    return set().union(*map(kinds_in, ROOMS))


def kinds_in(room: ModuleType) -> set[str]:
    """The first name in every call of `model.row` in a module's source: a new row is found by itself."""
    calls = (node for node in ast.walk(ast.parse(inspect.getsource(room))) if isinstance(node, ast.Call))
    added = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "row"]
    kinds = [
        [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)] for call in added
    ]
    assert all(kinds)
    return {names[0] for names in kinds}


def test_the_register_finds_the_rows_of_the_formula():
    assert {"budget", "reach", "worst", "floor", "ceiling", "above", "below"} <= row_kinds()


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)
def test_every_row_is_in_the_formula_at_the_top_of_its_module(room):
    named = set(re.findall(r"\b([a-z_]+)(?:\[[a-zR,]+\])?(?=\s)", room.__doc__))
    assert kinds_in(room) <= named


def test_a_row_that_is_changed_changes_no_sum_of_the_model():
    instance = case(10, fund("north", "a", 5, output=2), Limit("north", floor_fixed=1), stages=["spend"])
    model = build(instance)
    floor = model.problem.get_constraint_by_name("floor(north)")
    floor.addInPlace(model.column("more"))
    assert [column.name for column in model.allocation("north")] == ["spend(north,a,1)"]
