"""Money over years: what is read, the rows, cases solved by hand, and what becomes of each year's money."""

from __future__ import annotations

import csv
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from cases import aim, allocation, bound, case, fund, plan, program, solved, values, yearly
from golden_parts import PERIODS, SPEND
from hypothesis import given, settings
from hypothesis import strategies as st
from inputs import CASE, loaded, small, written
from test_model import columns, rows

from regionopt.case.case import load
from regionopt.common.document import Status
from regionopt.common.instance import Absorption
from regionopt.doctor.diagnosis import diagnose
from regionopt.model.model import build, smallest_budget
from regionopt.model.program import Basis, Seat
from regionopt.model.translate import to_costs, to_program
from regionopt.result.result import solve_case
from regionopt.result.unspent import years
from regionopt.run.run import Order, run
from regionopt.solve.highs import Highs
from regionopt.solve.improve import improved
from regionopt.solve.optimum import optimise, proven
from regionopt.solve.solve import least_budget, solve

INF = float("inf")
YEARS = "[periods]\nfirst = 2030\nlast = 2033\n"
LABS_30, LABS_31 = "spend[north,labs,1,2030]", "spend[north,labs,1,2031]"
PORT_30, PORT_31 = "spend[south,port,1,2030]", "spend[south,port,1,2031]"


def kinds(name: str) -> dict[str, tuple[dict[str, float], float, float]]:
    """The rows of a golden case."""
    return rows(build(PERIODS[name]))


# What the case file says


def test_years_share_the_budget_and_the_widths_equally(tmp_path: Path) -> None:
    instance = loaded(tmp_path, {"case.toml": CASE + YEARS}).instance
    assert instance.periods is not None
    assert [(p.id, p.fixed, p.share) for p in instance.periods.periods] == [
        (year, 0, 0.25) for year in ("2030", "2031", "2032", "2033")
    ]
    assert {t.width for t in instance.tranches if (t.programme, t.tranche) == ("labs", 1)} == {10}  # 40 ÷ 4
    assert len(instance.tranches) == 3 * 4
    assert {t.returns["jobs"] for t in instance.tranches if t.programme == "farms"} == {4}


def test_an_envelope_is_fixed_and_the_other_years_share_the_rest(tmp_path: Path) -> None:
    """100 - 40 is 60, 20 for each of three years."""
    instance = loaded(tmp_path, {"case.toml": CASE + YEARS + "budget = { 2031 = 40 }\n"}).instance
    assert instance.periods is not None
    assert [(p.fixed, p.share) for p in instance.periods.periods] == [(0, 1 / 3), (40, 0), (0, 1 / 3), (0, 1 / 3)]


def test_years_that_all_have_envelopes_follow_the_budget_in_proportion(tmp_path: Path) -> None:
    envelopes = "budget = { 2030 = 10, 2031 = 20, 2032 = 30, 2033 = 40 }\n"
    targets = "metric,region,target\njobs,north,30\n"
    case = loaded(tmp_path, {"case.toml": CASE + YEARS + envelopes, "targets.csv": targets})
    assert case.instance.periods is not None
    assert [(p.fixed, p.share) for p in case.instance.periods.periods] == [(0, 0.1), (0, 0.2), (0, 0.3), (0, 0.4)]
    # 10 bring 30 jobs: envelopes of 1, 2, 3 and 4, each within a year's width of 10.
    assert float(least_budget(case.instance) or 0) == pytest.approx(10)


def test_everything_between_years_is_read(tmp_path: Path) -> None:
    told = "carry_over = 0.5\nlag = 1\nsurvival = 0.9\nexecution_rate = 0.95\n"
    periods = loaded(tmp_path, {"case.toml": CASE + YEARS + told}).instance.periods
    assert periods is not None
    assert (periods.carry_over, periods.lag, periods.survival, periods.execution_rate) == (0.5, 1, 0.9, 0.95)


def test_absorption_is_of_a_region_of_every_region_or_of_a_programme(tmp_path: Path) -> None:
    limits = (
        "[periods.absorption.a]\nregion = 'north'\nstart = 3\n[periods.absorption.b]\ngrowth = 1.5\n"
        "[periods.absorption.c]\nprogramme = 'farms'\nstart = 2\ngrowth = 2\n"
    )
    periods = loaded(tmp_path, {"case.toml": CASE + YEARS + limits}).instance.periods
    assert periods is not None
    assert periods.absorption == (
        Absorption("a", "north", None, 3, None),
        Absorption("b.north", "north", None, None, 1.5),
        Absorption("b.south", "south", None, None, 1.5),
        Absorption("c.south.farms", "south", "farms", 2, 2),
    )


def test_a_milestone_is_split_like_the_targets(tmp_path: Path) -> None:
    """Jobs targets are 300 and 400: a milestone of 70 is 30 and 40."""
    text = CASE + YEARS + "[targets.jobs]\nmust = ['north']\nmilestones = { 2031 = 70 }\n"
    targets = loaded(tmp_path, {"case.toml": text}).instance.targets
    assert [(t.metric, t.region, t.target, t.must) for t in targets if t.period == "2031"] == [
        ("jobs", "north", pytest.approx(30), True),
        ("jobs", "south", pytest.approx(40), False),
    ]


def test_a_milestone_follows_a_national_target() -> None:
    targets = load(scenario="yearly", sets=["targets.output.milestones.2032=700"]).instance.targets
    end = {t.region: t.target for t in targets if t.metric == "output" and not t.period}
    early = {t.region: t.target for t in targets if t.period == "2032"}
    assert early == pytest.approx({region: target / 10 for region, target in end.items()})  # 700 of 7,000


# Rows


def test_every_year_has_its_budget_in_place_of_the_one():
    assert kinds("periods") == {
        "budget[2030]": ({LABS_30: 1, PORT_30: 1}, -INF, 4),
        "budget[2031]": ({LABS_31: 1, PORT_31: 1}, -INF, 4),
    }


def test_an_envelope_moves_the_budget_of_the_other_year():
    found = kinds("periods_envelopes")
    assert (found["budget[2030]"][2], found["budget[2031]"][2]) == (3, 5)


def test_half_of_what_is_left_goes_on():
    found = kinds("periods_carry_over")
    assert found["balance[2030]"] == ({LABS_30: 1, PORT_30: 1, "unspent[2030]": 1}, 4, 4)
    assert found["balance[2031]"] == ({LABS_31: 1, PORT_31: 1, "unspent[2031]": 1, "unspent[2030]": -0.5}, 4, 4)


def test_three_quarters_of_a_year_can_be_executed():
    found = kinds("periods_execution")
    assert found["execution[2031]"] == ({LABS_31: 1, PORT_31: 1}, -INF, 3)  # 0.75 · 4
    assert {"budget[2030]", "budget[2031]"} <= set(found)


def test_absorption_starts_at_a_level_and_grows_by_a_factor():
    found = kinds("periods_absorption")
    assert found["absorption_start[a]"] == ({LABS_30: 1}, -INF, 1)
    assert found["absorption_growth[a,2031]"] == ({LABS_31: 1, LABS_30: -0.5}, -INF, 0)
    assert found["absorption_start[b]"] == ({PORT_30: 1}, -INF, 2)
    assert "absorption_growth[b,2031]" not in found


def test_with_a_lag_of_one_the_last_year_brings_nothing_by_its_end():
    assert kinds("periods_lag")["reach[jobs,north]"][0] == {LABS_30: 0.5, "shortfall[jobs,north]": 1}  # 6 ÷ 12


def test_survival_halves_what_the_first_year_brings():
    found = kinds("periods_survival")
    assert found["arising[jobs,north,2030]"] == ({LABS_30: 6, "arising[jobs,north,2030]": -1}, 0, 0)
    terms = {"arising[jobs,north,2030]": 0.5, "arising[jobs,north,2031]": 1, "counted[jobs,north,2031]": -1}
    assert found["counted[jobs,north,2031]"] == (terms, 0, 0)
    assert found["reach[jobs,north]"][0] == {"counted[jobs,north,2031]": 1 / 12, "shortfall[jobs,north]": 1}


def test_a_milestone_counts_what_is_there_in_its_year():
    found = kinds("periods_milestone")
    assert found["reach[jobs,north,2030]"][0] == {LABS_30: 2, "shortfall[jobs,north,2030]": 1}  # 6 ÷ 3
    assert found["reach[jobs,north]"][0] == {LABS_30: 0.5, LABS_31: 0.5, "shortfall[jobs,north]": 1}


def test_shares_of_the_years_follow_the_smallest_budget():
    instance = yearly(case(8, fund("north", "labs", 4, jobs=2), aim("jobs", "north", 4)), "2030", "2031")
    model = smallest_budget(instance)
    assert rows(model)["budget[2030]"] == ({LABS_30: 1, "budget": -0.5}, -INF, 0)
    assert columns(model)["budget"] == (0, INF)


# Solved by hand

NORTH = case(10, fund("north", "labs", 8, jobs=3), aim("jobs", "north", 24), stages=["jobs"])


def over(*names: str, **told: object):
    """The north over years: 8 of width, 10 of budget, 3 jobs a unit."""
    return yearly(NORTH, *names, **told)


def test_an_envelope_of_two_leaves_the_first_year_short():
    # 2 in the first year, 4 (the width) of 8 in the second: 6 · 3 jobs.
    found = solved(over("2030", "2031", envelopes={"2030": 2}))
    assert plan(found) == {"north.labs.1.2030": 2, "north.labs.1.2031": 4}
    assert values(found)["jobs"] == 18


def test_unspent_money_is_carried_over_wholly_or_in_part():
    # 9 in the first year, 1 in the second, widths 4: 5 is left; 0.4 · 5 = 2 more in the second year.
    told = {"envelopes": {"2030": 9}}
    assert plan(solved(over("2030", "2031", **told)))["north.labs.1.2031"] == 1
    assert plan(solved(over("2030", "2031", carry_over=0.4, **told)))["north.labs.1.2031"] == pytest.approx(3)
    assert plan(solved(over("2030", "2031", carry_over=1, **told)))["north.labs.1.2031"] == 4


def test_the_execution_rate_counts_what_was_carried_over():
    # 0.5 · 5 = 2.5 in the first year leaves 2.5; 0.5 · (5 + 2.5) = 3.75 in the second.
    found = solved(over("2030", "2031", execution_rate=0.5, carry_over=1))
    assert plan(found) == {"north.labs.1.2030": Fraction(5, 2), "north.labs.1.2031": Fraction(15, 4)}


def test_survival_and_lag():
    # Money of the first year counts 0.5 (a year old), of the second 1: (0.5 + 1) · 4 · 3 = 18.
    assert values(solved(over("2030", "2031", survival=0.5)))["jobs"] == 18
    # After a lag of 1 the first year's counts 1, the second's nothing.
    assert values(solved(over("2030", "2031", survival=0.5, lag=1)))["jobs"] == 12


def test_absorption_grows_from_its_start():
    # 1, then 1.5, then 2.25 (width 8/3 is more): 4.75 · 3 jobs.
    limit = Absorption("a", "north", None, 1, 1.5)
    found = solved(over("2030", "2031", "2032", absorption=(limit,)))
    assert list(plan(found).values()) == [1, Fraction(3, 2), Fraction(9, 4)]


def test_a_milestone_draws_money_forward():
    # Without it the port takes the first year's 2; 3 jobs by 2030 need 1 in the north.
    parts = (fund("north", "labs", 4, jobs=3), fund("south", "port", 4, jobs=5), aim("jobs", "north", 6))
    instance = yearly(case(4, *parts, stages=["jobs"]), "2030", "2031")
    assert plan(solved(instance))["north.labs.1.2030"] == 0
    early = replace(instance.targets[0], target=3, period="2030", must=True)
    found = plan(solved(replace(instance, targets=(*instance.targets, early))))
    assert (found["north.labs.1.2030"], found["south.port.1.2030"]) == (1, 1)


def test_a_year_and_a_ceiling_together():
    # The ceiling of 5 holds for both years: 2.5 by written order 4 and 1.
    limited = replace(over("2030", "2031"), limits=(bound("north", ceiling=5),))
    assert plan(solved(limited)) == {"north.labs.1.2030": 4, "north.labs.1.2031": 1}


# Properties


def test_yearly_gives_the_one_period_totals():
    """Without lag, depreciation and absorption the years together are the case without years."""
    one, many = (solve(load(scenario=scenario).instance) for scenario in ("base", "yearly"))
    assert [s.name for s in one.stages] == [s.name for s in many.stages]
    for a, b in zip(one.stages, many.stages, strict=True):
        assert float(a.value) == pytest.approx(float(b.value), rel=1e-9)
    assert one.plan is not None
    assert many.plan is not None
    for region, money in one.plan.allocated.items():
        assert float(many.plan.allocated[region]) == pytest.approx(float(money), rel=1e-9)
    assert {key[3] for key in many.plan.spend} == {str(year) for year in range(2026, 2041)}


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.integers(0, 12), min_size=2, max_size=2),
    st.lists(st.integers(0, 9), min_size=4, max_size=4),
    st.integers(1, 4),
    st.integers(1, 20),
)
def test_years_aggregate_to_one_period(widths: list[int], returns: list[int], count: int, budget: int) -> None:
    parts = [
        fund("north", "labs", widths[0], output=returns[0], jobs=returns[1]),
        fund("south", "port", widths[1], output=returns[2], jobs=returns[3]),
        aim("jobs", "north", 30), aim("jobs", "south", 20), aim("output", "south", 25),
    ]  # fmt: skip
    one = case(budget, *parts, stages=["worst_shortfall", "total_shortfall", "jobs"])
    many = yearly(one, *(str(2030 + k) for k in range(count)))
    for (name, value), other in zip(values(solved(one)).items(), values(solved(many)).values(), strict=True):
        assert float(other) == pytest.approx(float(value), abs=1e-9), name


TIGHTER = {
    "envelope": {"envelopes": {"2030": 1}},
    "execution rate": {"execution_rate": 0.6},
    "absorption": {"absorption": (Absorption("a", "north", None, 1, 1.2),)},
    "survival": {"survival": 0.7},
    "lag": {"lag": 1},
}


@pytest.mark.parametrize("told", TIGHTER.values(), ids=TIGHTER)
def test_tightening_never_improves_a_stage(told: dict[str, object]) -> None:
    assert (
        values(solved(over("2030", "2031", "2032", **told)))["jobs"]
        <= values(solved(over("2030", "2031", "2032")))["jobs"]
    )


@pytest.mark.parametrize("told", TIGHTER.values(), ids=TIGHTER)
def test_both_solvers_give_the_same_plan(told: dict[str, object]) -> None:
    instance = over("2030", "2031", "2032", **told)
    instance = replace(instance, stages=("worst_shortfall", "jobs"))
    assert plan(solved(instance, "highs")) == plan(solved(instance, "cbc"))


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_survival_and_lag_over_fifteen_years_are_proven_exactly(solver: str) -> None:
    """Years that are nearly as good as one another once made prices of the wrong sign, and an empty optimal face."""
    sets = ["periods.lag=2", "periods.survival=0.95"]
    found = solve(load(scenario="yearly", sets=sets).instance, solver)
    assert found.status is Status.OPTIMAL
    assert found.certificate is not None
    assert all(stage.exact for stage in found.certificate.stages)


MUTANTS = {
    "budget[2030]": "periods", "balance[2031]": "periods_carry_over", "execution[2030]": "periods_execution",
    "absorption_start[a]": "periods_absorption", "absorption_growth[a,2031]": "periods_absorption",
    "arising[jobs,south,2030]": "periods_survival", "counted[jobs,south,2031]": "periods_survival",
}  # fmt: skip


@pytest.mark.parametrize(("row", "name"), MUTANTS.items())
def test_a_missing_row_changes_the_most_jobs(row: str, name: str) -> None:
    """Every row binds in the case it is shown in: without it more jobs are gained."""
    model = build(replace(PERIODS[name], stages=("jobs",)))
    full, costs = to_program(model.problem), to_costs(model.problem, model.stages[0])
    without = replace(full, rows=tuple(r for r in full.rows if r.name != row))
    assert len(without.rows) == len(full.rows) - 1
    whole, less = (optimise(Highs(), p, "jobs", costs) for p in (full, without))
    assert less is Status.UNBOUNDED or (less.value < whole.value)


# What became of each year's money


def reasons(folder: Path, text: str, *sets: str) -> dict[str, str | None]:
    """The reason by year. The small case: labs 80 wide (3 and 2 jobs), farms 80 wide, budget 100."""
    return {year.id: year.reason for year in years(solve_case(loaded(folder, {"case.toml": CASE + text}, *sets)))}


def test_a_year_without_rest_has_no_reason(tmp_path: Path) -> None:
    assert set(reasons(tmp_path, YEARS, "objective.stages=jobs").values()) == {None}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("execution_rate = 0.9\n", "execution_rate"),
        ("[periods.absorption.a]\nstart = 2\ngrowth = 1.1\n", "absorption"),
        ("lag = 3\n", "too_late"),
        ("[groups.all]\nprogrammes = ['labs', 'farms']\nceiling = 20\n", "group_ceiling"),
    ],
)
def test_the_limit_that_keeps_money(tmp_path: Path, text: str, reason: str) -> None:
    found = reasons(tmp_path, YEARS + text, "objective.stages=jobs,spend")
    assert found["2033"] == reason


def test_full_tranches_keep_money(tmp_path: Path) -> None:
    assert set(reasons(tmp_path, YEARS, "budget.total=900", "objective.stages=jobs").values()) == {
        "nothing_left_to_fund"
    }


def test_money_for_later_is_carried_over(tmp_path: Path) -> None:
    """All 100 come in the first year, whose tranches are 40 wide."""
    text = YEARS + "carry_over = 1\nbudget = { 2030 = 100 }\n[periods.absorption.a]\nstart = 5\ngrowth = 2\n"
    found = reasons(tmp_path, text, "objective.stages=jobs")
    assert found["2030"] == "absorption"
    rows_ = list(years(solve_case(load(tmp_path / "case.toml", sets=["objective.stages=jobs"]))))
    for before, after in pairwise(rows_):
        assert after.carried == before.unspent
    for row in rows_:
        assert row.budget + row.carried == row.spent + row.unspent


def test_the_result_says_what_became_of_each_year(tmp_path: Path) -> None:
    text = CASE + YEARS + "execution_rate = 0.9\n"
    _, folder = run(load(small(tmp_path, {"case.toml": text})), Order(out=tmp_path))
    document = written(folder)
    assert document["periods"][0] == {
        "id": "2030", "budget": 25.0, "carried": 0.0, "spent": 22.5, "unspent": 2.5,
        "unspent_reason": "execution_rate",
    }  # fmt: skip
    assert document["budget"]["unspent_reason"] == "execution_rate"
    with (folder / "allocation.csv").open(encoding="utf-8-sig") as file:
        spent = [row for row in csv.DictReader(file) if row["period"] == "2031"]
    assert sum(float(row["budget"]) for row in spent) == pytest.approx(22.5)


def test_a_case_without_years_has_no_such_key(tmp_path: Path) -> None:
    _, folder = run(load(small(tmp_path)), Order(out=tmp_path))
    assert not {"periods", "groups"} & set(written(folder))
    assert b"period" not in (folder / "allocation.csv").read_bytes()


def test_years_spend_what_regions_receive():
    found = solved(replace(yearly(SPEND, "2030", "2031"), stages=("jobs",)))
    assert sum(allocation(found).values()) == 8


def test_a_basis_that_is_not_optimal_is_led_to_one_that_is():
    # max 3x + 2y, x + y ≤ 4, x ≤ 3: from nothing at all to x = 3, y = 1.
    small_program = program({"x": (0, 3), "y": (0, INF)}, {"sum": ({"x": 1, "y": 1}, -INF, 4)})
    nothing = Basis((Seat.LOWER, Seat.LOWER), (Seat.BASIC,))
    found = proven(small_program, "max", (-3.0, -2.0), improved(small_program, (-3.0, -2.0), nothing))
    assert (found.corner.x, found.value, found.proof.exact) == ((3, 1), -11, True)


def test_what_clashes_over_years_is_named(tmp_path: Path) -> None:
    """By 2031 the north must have 21 of its 30 jobs, which takes 7; it can absorb 1 a year."""
    text = (
        YEARS + "[periods.absorption.slow]\nregion = 'north'\nstart = 1\ngrowth = 1\n"
        "[targets.jobs]\nmust = ['north']\nmilestones = { 2031 = 49 }\n"
    )
    targets = "metric,region,target\njobs,north,30\njobs,south,40\n"
    case = loaded(tmp_path, {"case.toml": CASE + text, "targets.csv": targets})
    assert solve_case(case).status is Status.INFEASIBLE
    clashing = {entry["row"]: entry["path"] for entry in diagnose(case)["clashing"]}
    assert {"periods.absorption.slow.start", "periods.absorption.slow.growth"} <= set(clashing.values())
    assert any(path.startswith("targets.jobs") for path in clashing.values())
