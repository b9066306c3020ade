"""Bands: cases solved by hand, plans sampled, an independent linear program, words and rows, bad input."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from cases import aim, bound, case, fund, yearly
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from independent import Formulation, stage_values
from inputs import loaded
from near_cases import held, regional, result_of, samples
from strategies import random_case

from regionopt.case.case import load
from regionopt.common.document import Status
from regionopt.common.errors import InputError
from regionopt.common.instance import Instance, Measure, Platform, Rule
from regionopt.explain.bands import TOLERANCES, Band, band_rows, bands, sentences
from regionopt.explain.explanation import Explanation
from regionopt.explain.tables_told import band_table
from regionopt.result.outputs import document, to_csv
from regionopt.result.result import Result, solve_case
from regionopt.solve.solve import solve

FEW = settings(deadline=None, derandomize=True, database=None, max_examples=40)


def ends(instance: Instance, tolerance: float, kind: str = "region") -> dict[str, tuple[float, float]]:
    """The ends of the bands, by region or by `region.programme`."""
    found = bands(result_of(instance), [tolerance])
    return {
        ".".join(filter(None, (b.region, b.programme))): (float(b.minimum), float(b.maximum))
        for b in found
        if b.kind == kind
    }


def near(**expected: tuple[float, float]) -> dict[str, object]:
    return {name: pytest.approx(pair, abs=1e-12) for name, pair in expected.items()}


# --- by hand -------------------------------------------------------------------------------------------------

NORTH, SOUTH = fund("north", "labs", 8, jobs=2), fund("south", "port", 8, jobs=1)


def test_the_band_of_the_only_plan_is_a_point():
    # 8 in the north bring 16, the other 2 bring 2: jobs 18.
    found = bands(result_of(case(10, NORTH, SOUTH, stages=["jobs"])), [0])
    assert [(b.minimum, b.maximum, b.plan) for b in found if b.kind == "region"] == [(8, 8, 8), (2, 2, 2)]


def test_a_tenth_of_the_jobs_may_be_given_up():
    # jobs ≥ 16.2. North: 2n + (10 - n) ≥ 16.2, so n ≥ 6.2. South: 16 + s ≥ 16.2, so s ≥ 0.2; s ≤ 10 - 6.2.
    one = case(10, NORTH, SOUTH, stages=["jobs"])
    assert ends(one, 0.1) == near(north=(6.2, 8), south=(0.2, 3.8))
    assert ends(one, 0.1, "programme") == {
        "north.labs": pytest.approx((6.2, 8)),
        "south.port": pytest.approx((0.2, 3.8)),
    }


def test_with_equal_returns_the_stages_leave_a_choice():
    # 10 in two programmes of width 8 with the same return: each gets 2 to 8; the fixed rule takes 8 and 2.
    one = case(10, fund("north", "labs", 8, jobs=1), fund("south", "port", 8, jobs=1), stages=["jobs"])
    found = {b.region: b for b in bands(result_of(one), [0], kinds=["region"])}
    assert (found["north"].minimum, found["north"].plan, found["north"].maximum) == (2, 8, 8)
    assert (found["south"].minimum, found["south"].plan, found["south"].maximum) == (2, 2, 8)
    # Jobs ≥ 9: a ninth unit is all that must be spent.
    assert ends(one, 0.1) == near(north=(1, 8), south=(1, 8))


def test_rows_written_twice_change_nothing():
    parts = (fund("north", "labs", 8, jobs=1), fund("south", "port", 8, jobs=1))
    one = case(10, *parts, bound("north", floor=3, floor_share=0.3), stages=["jobs"])
    again = tuple(Rule(name, ((1.0, (("north", "labs", 1),)),), ">=", 3) for name in ("once", "twice"))
    assert ends(replace(one, rules=again), 0) == near(north=(3, 8), south=(2, 7))


def test_ties_are_not_held_above_zero():
    # The reference decides between equals: 5 and 5. Within a hundredth it does not count: 2 - 0.1 to 8.
    one = case(
        10, fund("north", "labs", 8, jobs=1), fund("south", "port", 8, jobs=1),
        stages=["jobs", "nearest_reference"], reference={"north": 5, "south": 5},
    )  # fmt: skip
    assert ends(one, 0) == near(north=(5, 5), south=(5, 5))
    assert ends(one, 0.01) == near(north=(1.9, 8), south=(1.9, 8))


def test_a_case_of_ties_alone_wants_the_first_of_them():
    # 8 jobs at 2 a unit: 4 must be spent. Within a quarter: 4 to 5.
    one = case(10, NORTH, aim("jobs", "north", 8, must=True), stages=["spend", "nearest_reference"])
    assert ends(one, 0.25) == near(north=(4, 5))


def test_a_stage_at_zero_stays_at_zero():
    # The target of 8 jobs is met by 4 of the north's 8; no tolerance lets it be missed.
    one = case(10, NORTH, SOUTH, aim("jobs", "north", 8), stages=["worst_shortfall"])
    assert ends(one, 0.5) == near(north=(4, 8), south=(0, 6))


def test_a_tolerance_below_what_the_case_gives_away_is_that():
    one = case(10, NORTH, SOUTH, stages=["jobs"], give_away=0.1)
    assert ends(one, 0.01) == near(north=(6.2, 8), south=(0.2, 3.8))


def test_years_are_summed():
    one = yearly(case(10, NORTH, SOUTH, stages=["jobs"]), "2026", "2027")
    # A year has 5: at most 4 in each region. Jobs 18; within a tenth as without years.
    assert ends(one, 0.1) == near(north=(6.2, 8), south=(0.2, 3.8))


def test_platforms_stay_as_the_plan_has_them():
    # The hub (3) raises the north's jobs by half: 7·3 = 21 against 8·2 + 2 = 18; its cost counts to the north.
    hub = Platform("hub", "north", 3, raises={("north", "labs"): 0.5})
    one = replace(case(10, NORTH, SOUTH, stages=["jobs"]), platforms=(hub,), measures=(Measure("roads", 1, 0, 2),))
    # Within 0.1: 3n + s ≥ 18.9, n + s ≤ 7: n ≥ 5.95; region = n + 3.
    assert ends(one, 0.1) == near(north=(8.95, 10), south=(0, 1.05))
    assert ends(one, 0.1, "programme")["north.labs"] == pytest.approx((5.95, 7))


def test_no_plan_has_no_bands():
    one = case(10, NORTH, bound("north", floor=9), stages=["jobs"])
    infeasible = solve(one)
    assert infeasible.status is Status.INFEASIBLE
    assert bands(Result(result_of(case(10, NORTH)).case, infeasible, None)) == ()


# --- properties ----------------------------------------------------------------------------------------------


@FEW
@given(random_case(), st.sampled_from([0.01, 0.02, 0.2]), st.integers(0, 99))
def test_no_sampled_plan_is_outside_its_band(instance: Instance, tolerance: float, seed: int) -> None:
    assume(solve(instance).status is Status.OPTIMAL)
    result = result_of(instance)
    found = {b.region: b for b in bands(result, [tolerance], kinds=["region"])}
    for plan in samples(result, tolerance, seed, 60):
        for region, money in regional(instance, plan).items():
            assert float(found[region].minimum) - 1e-9 <= money <= float(found[region].maximum) + 1e-9


def test_there_are_plans_to_sample() -> None:
    one = case(10, fund("north", "labs", 8, jobs=1), fund("south", "port", 8, jobs=1), stages=["jobs"])
    found = samples(result_of(one), 0.1, 1)
    assert len(found) > 100
    north = [plan["north", "labs", 1] for plan in found]
    assert min(north) < 3
    assert max(north) > 7


def by_scipy(instance: Instance, tolerance: float) -> dict[str, tuple[float, float]] | None:
    """The ends of the regions' bands from dense matrices."""
    values = stage_values(instance)
    if values is None:
        return None
    model, slack = Formulation(instance), max(tolerance, instance.give_away)
    kept = held(instance) if tolerance else instance.stages
    for stage, value in zip(kept, values, strict=False):
        cost, sense = model.cost(stage)
        model.at_most(cost, sense * value + slack * abs(value))
    found = {}
    for region in instance.regions:
        least, most = model.minimise(model.x(region)), model.minimise(-model.x(region))
        assert (least.status, most.status) == (0, 0)
        found[region] = (least.fun, -most.fun)
    return found


@FEW
@given(random_case(), st.sampled_from([0.01, 0.02, 0.2]))
def test_bands_are_those_of_an_independent_program(instance: Instance, tolerance: float) -> None:
    expected = by_scipy(instance, tolerance)
    assume(expected is not None)
    assert ends(instance, tolerance) == {r: pytest.approx(pair, abs=1e-5) for r, pair in expected.items()}


@FEW
@given(random_case())
def test_bands_grow_with_the_tolerance_and_hold_the_plan(instance: Instance) -> None:
    assume(solve(instance).status is Status.OPTIMAL)
    found = bands(result_of(instance), [0, 0.01, 0.1])
    for b in found:
        assert b.minimum <= b.plan <= b.maximum
    for narrow, wide in pairwise(found):
        if (narrow.region, narrow.programme) == (wide.region, wide.programme) and narrow.tolerance:
            assert wide.minimum <= narrow.minimum <= narrow.maximum <= wide.maximum


# --- the built-in case, rows, words ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built_in() -> Result:
    return solve_case(load())


@pytest.fixture(scope="module")
def found(built_in: Result) -> tuple[Band, ...]:
    return bands(built_in)


def test_rows_of_the_built_in_case(built_in: Result, found: tuple[Band, ...]) -> None:
    places = len(built_in.case.instance.regions) + 20
    assert len(found) == places * len(TOLERANCES)
    lines = to_csv(band_rows(found)).decode("utf-8-sig").splitlines()
    assert lines[0] == "kind,region,programme,tolerance,minimum,maximum,plan"
    assert lines[2] == "region,capital,,0.01,228.780043,238.830964,231.974796"
    assert all(b.minimum == b.maximum == b.plan for b in found if not b.tolerance)  # the plan is the only one


def cells(result: Result, tolerances: tuple[float, ...], language: str, region: str = "") -> list[list[object]]:
    """The table line by line, the headings first."""
    explained = Explanation(result, None, (), (), bands(result, tolerances), (), (), ())
    columns = band_table(explained, document(result), language, region).columns
    return [[c.header for c in columns], *map(list, zip(*(c.cells for c in columns), strict=True))]


def test_the_table_of_bands(built_in: Result) -> None:
    english, chinese = (cells(built_in, TOLERANCES, language) for language in ("en", "zh-TW"))
    assert english[0] == ["Region", "Plan", "Within 1%", "Within 2%"]  # exactly as good is the plan alone
    assert english[1] == ["Capital Golden Corridor", "232.0", "228.8 – 238.8", "225.6 – 245.7"]
    assert chinese[0] == ["區域", "方案", "相差 1% 以內", "相差 2% 以內"]
    assert chinese[1] == ["首都圈黃金廊帶", "2,320", "2,288 – 2,388", "2,256 – 2,457"]
    assert [line[0] for line in cells(built_in, TOLERANCES, "en", "east")[1:]] == [
        "East", "Smart agriculture and fishery", "Smart aquaculture", "Technology tourism", "Digital software",
    ]  # fmt: skip
    assert list(sentences(built_in, "en")) == [
        "From the stage “worst shortfall” on, the plan is the only one that the stages leave."
    ]


def test_a_choice_is_told(tmp_path: Path) -> None:
    equal = (
        "region,programme,tranche,width,output_per_unit,jobs_per_unit\nnorth,labs,1,80,1,3\nsouth,farms,1,80,1,3\n"
    )
    targets = "metric,region,target,must\njobs,north,30,\n"
    changes = {"coefficients.csv": equal, "targets.csv": targets}
    result = solve_case(loaded(tmp_path, changes, "objective.stages=worst_shortfall"))
    # 10 of the north meet its target; all else is open.
    table = cells(result, (0.0,), "en")
    assert (table[0][-1], table[1][0], table[1][-1]) == ("Exactly as good", "North", "10.0 – 80.0")
    assert list(sentences(result, "en")) == ["The stages alone leave more than one plan."]


@pytest.mark.parametrize("tolerance", [-0.01, 1.01, float("nan")])
def test_a_tolerance_is_between_0_and_1(tolerance: float) -> None:
    with pytest.raises(InputError):
        bands(result_of(case(10, NORTH)), [0, tolerance])


def test_ends_are_exact() -> None:
    thirds = case(10, fund("north", "labs", 8, jobs=3), fund("south", "port", 8, jobs=3), stages=["jobs"])
    found = bands(result_of(thirds), [0], kinds=["region"])
    assert [(b.minimum, b.maximum) for b in found] == [(Fraction(2), Fraction(8))] * 2
    assert not any(isinstance(b.minimum, float | np.floating) for b in found)
