"""Benchmark plans by hand; importance by hand and against a case without the programmes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from cases import case, fund, solved
from hypothesis import assume, given, settings
from inputs import CASE, COEFFICIENTS, loaded
from near_cases import result_of
from strategies import random_case

from regionopt.case.case import load
from regionopt.common.document import Status
from regionopt.common.instance import Instance
from regionopt.explain.importance import Loss, importance, importance_rows, national
from regionopt.explain.importance import sentences as importance_sentences
from regionopt.explain.rivals import LIMITS, RIVALS, Rival, missing, rival_rows, rivals, shortfalls
from regionopt.explain.rivals_told import rivals_table, sentences
from regionopt.result.outputs import document, to_csv
from regionopt.result.result import Result, solve_case
from regionopt.solve.solve import solve

FEW = settings(deadline=None, derandomize=True, database=None, max_examples=30)
PEOPLE = "region,name_zh,name_en,population,reference\nnorth,北,North,300,\nsouth,南,South,100,\n"


def told(sentences: object) -> list[str]:
    """The sentences, with ordinary spaces."""
    return [sentence.replace("\N{NO-BREAK SPACE}", " ") for sentence in sentences]


def made(result: Result) -> dict[str, Rival]:
    return {rival.name: rival for rival in rivals(result)}


def floats(numbers: dict[str, Fraction]) -> dict[str, float]:
    return {name: float(value) for name, value in numbers.items()}


# --- benchmark plans by hand -----------------------------------------------------------------------------------


def test_equal_parts_are_spent_best_first(tmp_path: Path) -> None:
    # 50 each. North: 40 at (2, 3), 10 at (1, 2): output 90 of 200, jobs 140 of 300. South: 50 at (1, 4): 200 of 400.
    result = solve_case(loaded(tmp_path))
    equal = made(result)["equal"]
    assert floats(equal.plan.spend) == pytest.approx(
        {("north", "labs", 1): 40, ("north", "labs", 2): 10, ("south", "farms", 1): 50}
    )
    worst, total = shortfalls(result, equal.plan)
    assert (float(worst), float(total)) == pytest.approx((0.55, 0.55 + 160 / 300 + 0.5))
    assert floats(national(equal.plan)) == pytest.approx({"output": 140, "jobs": 340})
    assert equal.broken == {}


def test_the_plan_is_first_and_no_benchmark_is_better_in_the_first_stage(tmp_path: Path) -> None:
    result = solve_case(loaded(tmp_path))
    found = rivals(result)
    assert [rival.name for rival in found] == ["plan", "equal", "reference"]
    assert all(shortfalls(result, rival.plan)[0] >= shortfalls(result, found[0].plan)[0] - 1e-6 for rival in found)


def test_pro_rata_by_population(tmp_path: Path) -> None:
    # 300 to 100 people: 75 and 25. The north takes 40 and 35: output 115, jobs 190; the south 25: jobs 100 of 400.
    result = solve_case(loaded(tmp_path, {"regions.csv": PEOPLE}))
    found = made(result)["population"]
    assert floats(found.plan.allocated) == pytest.approx({"north": 75, "south": 25})
    worst, total = shortfalls(result, found.plan)
    assert (float(worst), float(total)) == pytest.approx((0.75, 1 - 115 / 200 + 1 - 190 / 300 + 0.75))
    assert missing(result) == ("employed_residents",)


def test_what_a_region_cannot_spend_stays_unspent(tmp_path: Path) -> None:
    # 100 each, widths of 80 in each region: 40 is left.
    result = solve_case(loaded(tmp_path, {}, "budget.total=200"))
    equal = made(result)["equal"]
    assert equal.plan.spent == 160
    assert any("NT$ 40.0 billion cannot be spent where it is put" in s for s in told(sentences_of(result)))


def sentences_of(result: Result, language: str = "en") -> list[str]:
    return list(sentences(result, document(result), rivals(result), language))


def test_limits_may_be_broken_and_are_told(tmp_path: Path) -> None:
    # 50 each against a floor of 60 and a ceiling of 45: broken by 10 and by 5; the must-target too.
    sets = ("regions.north.floor=60", "regions.south.ceiling=45")
    targets = "metric,region,target,must\noutput,north,100,\njobs,north,160,true\njobs,south,400,false\n"
    result = solve_case(loaded(tmp_path, {"targets.csv": targets}, *sets))
    equal = made(result)["equal"]
    # The north brings 40·3 + 10·2 = 140 of the 160 jobs that it must.
    assert floats(equal.broken) == pytest.approx({"floor[north]": 10, "ceiling[south]": 5, "reach[jobs,north]": 20})
    said = next(s for s in told(sentences_of(result)) if s.startswith("Equal parts"))
    assert said == (
        "Equal parts: it breaks jobs target of North by 20 jobs, Floor of North by NT$ 10 billion, "
        "Ceiling of South by NT$ 5 billion."
    )


def test_a_rule_between_regions_may_be_broken(tmp_path: Path) -> None:
    rule = '[[rules]]\nid = "more"\nsense = ">="\nvalue = 20\nreason = "why"\n'
    terms = 'terms = [{ regions = ["north"] }, { regions = ["south"], coefficient = -1 }]\n'
    # North at least 20 more than the south: equal parts miss it by 20.
    result = solve_case(loaded(tmp_path, {"case.toml": CASE + rule + terms}))
    assert floats(made(result)["equal"].broken) == pytest.approx({"rule[more]": 20})


def test_an_equality_may_be_missed_from_either_side(tmp_path: Path) -> None:
    rule = '[[rules]]\nid = "exact"\nsense = "="\nvalue = {}\nreason = "why"\nterms = [{{ regions = ["north"] }}]\n'
    for value in (45, 55):
        result = solve_case(loaded(tmp_path / str(value), {"case.toml": CASE + rule.format(value)}))
        assert floats(made(result)["equal"].broken) == pytest.approx({"rule[exact]": 5})


def test_the_gap_in_budgets_per_head_is_told_at_its_least(tmp_path: Path) -> None:
    # 50 for 300 and 50 for 100 people: 500 to 167 thousand … a head, three to one; at most two to one is allowed.
    # The row is high - 2·low ≤ 0 in money per head: 50/100 - 2·50/300 = 1/6 a head (one unit of the case per person).
    changes = {"regions.csv": PEOPLE, "case.toml": CASE + "[equity]\nratio = 2\n"}
    result = solve_case(loaded(tmp_path, changes))
    (amount,) = made(result)["equal"].broken.values()
    heads = result.case.instance.equity.heads
    high, low = 50 / heads["south"], 50 / heads["north"]
    assert float(amount) == pytest.approx(high - 2 * low)


def test_a_reference_above_the_budget_breaks_the_budget(tmp_path: Path) -> None:
    regions = "region,name_zh,name_en,reference\nnorth,北,North,60\nsouth,南,South,70\n"
    changes = {"regions.csv": regions, "case.toml": CASE.replace('"equal"', '"table"')}
    found = made(solve_case(loaded(tmp_path, changes)))
    assert floats(found["reference"].broken) == pytest.approx({"budget": 30})


def test_platforms_and_measures_are_paid_first(tmp_path: Path) -> None:
    platforms = '[platforms.hub]\nregion = "north"\ncost = 10\nrequired = true\n'
    result = solve_case(loaded(tmp_path, {"case.toml": CASE + platforms}))
    equal = made(result)["equal"]
    assert floats(equal.plan.allocated) == pytest.approx({"north": 55, "south": 45})  # 45 each, and the hub
    assert sentences_of(result)[-1].startswith("Benchmarks keep the platforms")


def test_every_kind_of_limit_of_the_model_is_known() -> None:
    """Kinds of rows that the components write: each is either a limit that may be broken or stays."""
    import re

    import regionopt

    kept = {
        "budget", "balance", "execution", "reach", "worst", "above", "below", "excess", "arising", "counted",
        "unlock", "raise", "within", "own", "highest", "lowest", "above_pair", "below_pair", "amount",
        "from", "up", "down", "apart",
    }  # fmt: skip
    source = "".join(path.read_text("utf-8") for path in Path(regionopt.__file__).parent.rglob("*.py"))
    kinds = set(re.findall(r'\.row\([^"]*?"([a-z_]+)"', source))
    assert kinds <= kept | LIMITS
    assert kinds >= LIMITS


# --- importance by hand ------------------------------------------------------------------------------------------


def losses(result: Result) -> dict[str, Loss]:
    return {".".join(filter(None, (loss.region, loss.programme))): loss for loss in importance(result)}


def test_what_is_lost_without_a_region() -> None:
    # 8·2 + 2 = 18 jobs. Without the north: 8. Without the south: 16.
    one = case(10, fund("north", "labs", 8, jobs=2), fund("south", "port", 8, jobs=1), stages=["jobs"])
    found = losses(result_of(one))
    assert {name: floats(loss.lost) for name, loss in found.items()} == {
        "north": {"jobs": 10, "output": 0},
        "south": {"jobs": 2, "output": 0},
        "north.labs": {"jobs": 10, "output": 0},
        "south.port": {"jobs": 2, "output": 0},
    }
    assert found["north"].values["jobs"] == 8


def test_no_plan_left_is_an_answer(tmp_path: Path) -> None:
    result = solve_case(loaded(tmp_path, {}, "regions.north.floor=10"))
    found = losses(result)
    assert (found["north"].status, found["north"].values) == (Status.INFEASIBLE, {})
    said = told(importance_sentences(result, document(result), importance(result), "en"))
    assert said[0] == "Without any money for North no plan keeps all limits."
    row = next(row for row in importance_rows(importance(result)) if row["status"] == "infeasible")
    assert (row["measure"], row["value"], row["lost"]) == ("", None, None)


def test_nothing_is_lost_where_nothing_was_given(tmp_path: Path) -> None:
    idle = COEFFICIENTS + "south,idle,1,10,0,0\n"
    result = solve_case(loaded(tmp_path, {"coefficients.csv": idle}))
    loss = losses(result)["south.idle"]
    assert (loss.budget, set(loss.lost.values())) == (0, {0})


@FEW
@given(random_case())
def test_it_is_the_case_without_those_programmes(instance: Instance) -> None:
    assume(solve(instance).status is Status.OPTIMAL)
    result = result_of(instance)
    for loss in importance(result):
        rest = [
            t for t in instance.tranches if (t.region, loss.programme or t.programme) != (loss.region, t.programme)
        ]
        if not rest:
            continue
        fresh = solve(replace(instance, tranches=tuple(rest)))
        if loss.budget:
            assert fresh.status is loss.status
        if fresh.status is not Status.OPTIMAL or not loss.budget:
            continue
        for stage in fresh.stages:
            assert float(loss.values[stage.name]) == pytest.approx(float(stage.value), abs=1e-9)
        if fresh.stages[-1].unique:
            for metric, total in national(fresh.plan).items():
                if metric not in instance.stages:  # a stage's own value is told before later stages take of it
                    assert float(loss.values[metric]) == pytest.approx(float(total), abs=1e-6)


@FEW
@given(random_case())
def test_only_what_was_given_is_lost_in_the_first_stage(instance: Instance) -> None:
    """The first stage never gains by a loss of choices."""
    assume(solve(instance).status is Status.OPTIMAL)
    first = instance.stages[0]
    assert all(loss.lost[first] >= -1e-9 for loss in importance(result_of(instance)) if loss.values)


# --- the built-in case: rows and words ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built_in() -> Result:
    return solve_case(load())


def test_benchmarks_of_the_built_in_case(built_in: Result) -> None:
    found = rivals(built_in)
    assert [rival.name for rival in found] == ["plan", *RIVALS]
    lines = to_csv(rival_rows(built_in, found)).decode("utf-8-sig").splitlines()
    assert lines[0] == (
        "benchmark,region,amount,spent,unspent,output,jobs,worst_shortfall,total_shortfall,limits_broken"
    )
    assert len(lines) == 1 + 5 * 6
    by_name = {rival.name: rival for rival in found}
    assert by_name["reference"].plan == by_name["employed_residents"].plan  # the case says so
    assert missing(built_in) == ()


def test_the_floor_of_the_east_is_broken_by_population() -> None:
    # 5 % of 712.5 is 35.625; pro rata by population the East gets 16.19.
    result = solve_case(load(scenario="east-floor"))
    broken = made(result)["population"].broken
    assert floats(broken) == pytest.approx({"floor_share[east]": 19.437428}, abs=1e-6)


def test_words_in_both_languages(built_in: Result) -> None:
    shown, found = document(built_in), rivals(built_in)
    # What the table says is not said again: only equal parts leave money.
    assert told(sentences(built_in, shown, found, "en")) == [
        "Equal parts: NT$ 94.1 billion cannot be spent where it is put."
    ]
    assert told(sentences(built_in, shown, found, "zh-TW")) == ["各區域平均分配：941.2 億元在所分配的地方用不完。"]
    assert rivals_table(built_in, shown, found, "en").row_count == len(found)


def test_importance_of_the_built_in_case(built_in: Result) -> None:
    found = importance(built_in)
    lines = to_csv(importance_rows(found)).decode("utf-8-sig").splitlines()
    assert lines[0] == "kind,region,programme,budget,status,measure,value,lost"
    assert len(lines) == 1 + 25 * 5  # three stages and two national totals
    shown = document(built_in)
    said = told(importance_sentences(built_in, shown, found, "en"))
    assert next(s for s in said if "Capital" in s) == (
        "Without any money for Capital Golden Corridor (the plan gives NT$ 232.0 billion): the worst "
        "shortfall goes from 46.7% to 100.0%; nationwide NT$ 601.5 billion a year less output, 22,378 jobs fewer."
    )
    east = told(importance_sentences(built_in, shown, found, "zh-TW", "east"))
    assert len(east) == 5
    assert east[0].startswith("若東部慢活城鄉分文未得（方案為 81.3 億元）")


def test_no_plan_has_neither(tmp_path: Path) -> None:
    result = solve_case(loaded(tmp_path, {}, "regions.north.floor=90"))
    assert result.status is Status.INFEASIBLE
    assert (rivals(result), importance(result)) == ((), ())
    assert sentences_of(result) == []


def test_values_are_those_of_solve() -> None:
    one = case(10, fund("north", "labs", 8, jobs=2), stages=["jobs"])
    assert solved(one).stages[0].value == 16
