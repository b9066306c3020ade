"""Exact curves: by hand, against fresh solves at random points and beside breakpoints, as files, and refused."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from independent import Formulation
from inputs import CASE, loaded
from strategies import random_case
from test_walk import between, program_of, start, target
from typer.testing import CliRunner

from regionopt.case.case import Case, load
from regionopt.cli.main import app
from regionopt.common.document import Status
from regionopt.common.errors import InputError
from regionopt.common.texts import catalogue
from regionopt.curves.breakpoints import Frontier
from regionopt.curves.curve import both_ways
from regionopt.curves.frontier import frontier
from regionopt.curves.frontier_file import Written, csv_rows, document, to_json
from regionopt.curves.told import told, tranche_name
from regionopt.curves.trade import trade
from regionopt.curves.turns import turns
from regionopt.doctor.levers import changed, set_text
from regionopt.explain.shift import Shift
from regionopt.model.model import build
from regionopt.solve.solve import solve
from regionopt.solve.vertex import Vertex

# 4 of money bring 2 jobs each, 20 more bring 1 each; the target is 20 jobs.
LABS = {
    "case.toml": CASE.replace("total = 100", "total = 10").replace(
        'stages = ["worst_shortfall", "total_shortfall", "nearest_reference"]', 'stages = ["worst_shortfall"]'
    ),
    "regions.csv": "region,name_zh,name_en\nnorth,北,North\n",
    "coefficients.csv": "region,programme,tranche,width,output_per_unit,jobs_per_unit\n"
    "north,labs,1,4,0,2\nnorth,labs,2,20,0,1\n",
    "targets.csv": "metric,region,target,must\njobs,north,20,\n",
}
MUST = {**LABS, "targets.csv": "metric,region,target,must\njobs,north,20,true\n"}


def corners(found: Frontier) -> list[tuple[float, float]]:
    """The number and the first stage at each breakpoint."""
    stage = found.case.instance.stages[0]
    return [(float(point.at), float(found.at(point.at).stages[stage])) for point in found.points]


def test_a_curve_over_the_budget_by_hand(tmp_path: Path) -> None:
    # 2 → 4 jobs, 4 → 8, 16 → 20 of 20 jobs; then the written order spends on, until 24 are full.
    found = frontier(loaded(tmp_path, LABS), "budget.total", 2, 40)
    assert corners(found) == [(2, 0.8), (4, 0.6), (16, 0), (24, 0), (40, 0)]
    assert found.at(10).regions == {"north": 10}
    assert found.at(Fraction(13)).stages["worst_shortfall"] == Fraction(3, 20)
    assert found.at(30).tranches == {"north.labs.1": 4, "north.labs.2": 20}
    assert found.at(30).jobs == {"north": 28}
    assert not found.bent
    names = [[(turn.event, turn.name) for turn in happens] for happens in turns(found)]
    assert names[1] == [("full", "north.labs.1"), ("begins", "north.labs.2")]
    assert ("met", "reach[jobs,north]") in names[2]
    assert ("full", "north.labs.2") in names[3]


def test_a_curve_over_a_target_bends(tmp_path: Path) -> None:
    # 10 of money bring 14 jobs: met up to 14, then 1 - 14/T.
    found = frontier(loaded(tmp_path, LABS), "targets.jobs.north", 8, 28)
    assert found.bent
    assert corners(found) == [(8, 0), (14, 0), (28, 0.5)]
    assert found.at(21).stages["worst_shortfall"] == Fraction(1, 3)
    assert found.at(21).targets == {("jobs", "north"): Fraction(1, 3)}
    again = Written(json.loads(to_json(found)))
    assert again.at(21)["stages"]["worst_shortfall"] == pytest.approx(1 / 3, abs=1e-9)
    assert again.at(21)["shortfalls"] == {"jobs,north": pytest.approx(1 / 3, abs=1e-9)}


def test_a_plan_that_jumps(tmp_path: Path) -> None:
    # A job in each region for a unit of money, 10 of it. The sum of relative shortfalls falls by 1/T a job: all goes
    # north while its target is below the south's 20, all south above. Just at 20 the nearest to the reference plan
    # (equal: 5 each) is taken.
    files = {
        **LABS,
        "case.toml": LABS["case.toml"].replace('["worst_shortfall"]', '["total_shortfall", "nearest_reference"]'),
        "regions.csv": "region,name_zh,name_en\nnorth,北,North\nsouth,南,South\n",
        "coefficients.csv": "region,programme,tranche,width,output_per_unit,jobs_per_unit\n"
        "north,labs,1,10,0,1\nsouth,labs,1,10,0,1\n",
        "targets.csv": "metric,region,target,must\njobs,north,15,\njobs,south,20,\n",
    }
    case = loaded(tmp_path, files)
    found = frontier(case, "targets.jobs.north", 15, 30)
    again = Written(json.loads(to_json(found)))
    for value, north in ((19.9, 10), (20, 5), (20.1, 0), (25, 0)):
        assert same(found, case, value)
        assert found.at(value).regions["north"] == north
        assert again.at(value)["regions"]["north"] == pytest.approx(north)
        assert again.at(value)["shortfalls"]["jobs,north"] == pytest.approx(1 - north / value)
    assert [float(point.at) for point in found.points] == [15, 20, 20, 20, 30]
    assert turns(found)[3][0].event == "jumps"
    assert found.table([19.0, 20.0, 21.0])["regions", "south"].tolist() == [0, 5, 10]


def test_the_part_without_a_plan_is_told(tmp_path: Path) -> None:
    # 20 jobs that must be reached take 16 of money.
    found = frontier(loaded(tmp_path, MUST), "budget.total", 2, 40)
    assert [(part.low, part.high, part.status) for part in found.parts] == [
        (2, 16, "infeasible"),
        (16, 40, "optimal"),
    ]
    assert found.at(10).status is Status.INFEASIBLE
    assert found.at(10).regions == {}
    assert found.at(20).regions == {"north": 20}
    again = Written(document(found))
    assert [again.status(v) for v in (10, 16, 20)] == ["infeasible", "optimal", "optimal"]


def test_a_must_target_can_be_raised_as_far_as_there_is_a_plan(tmp_path: Path) -> None:
    # 10 of money bring 14 jobs at most; 20, what the case says, has no plan.
    found = frontier(loaded(tmp_path, MUST), "targets.jobs.north", 5, 20)
    assert [(part.low, part.high, part.status) for part in found.parts] == [
        (5, 14, "optimal"),
        (14, 20, "infeasible"),
    ]
    assert found.own == 20


def test_a_plan_in_the_middle_of_the_range_is_found(tmp_path: Path) -> None:
    # A rule says what the south receives; its floor is 3, its ceiling 6, and the range begins and ends beyond.
    rule = '\n[[rules]]\nid = "south"\nreason = "a deed"\nsense = "="\nvalue = 1\nterms = [{ regions = ["south"] }]\n'
    limits = "[regions.south]\nfloor = 3\nceiling = 6\n"
    found = frontier(loaded(tmp_path, {"case.toml": CASE + rule + limits}), "rules.1.value", 1, 50)
    assert [(part.low, part.high, part.status) for part in found.parts] == [
        (1, 3, "infeasible"),
        (3, 6, "optimal"),
        (6, 50, "infeasible"),
    ]
    assert found.at(4).regions["south"] == 4


def test_nothing_in_the_range_has_a_plan(tmp_path: Path) -> None:
    found = frontier(loaded(tmp_path, MUST), "budget.total", 2, 12)
    assert [part.status for part in found.parts] == ["infeasible"]
    assert found.points == ()
    assert json.loads(to_json(found))["breakpoints"] == []
    assert list(csv_rows(found)) == []


def test_a_number_that_the_case_does_not_say_yet(tmp_path: Path) -> None:
    # 80 of width in each region; at a floor above 80 there is no plan, at 100 and more the case is refused or empty.
    found = frontier(loaded(tmp_path), "regions.south.floor", 0, 90)
    assert found.own is None
    assert [(part.high, part.status) for part in found.parts] == [(80, "optimal"), (90, "infeasible")]


def test_the_range_is_cut_where_the_case_file_refuses(tmp_path: Path) -> None:
    found = frontier(loaded(tmp_path, None, "regions.south.floor=40"), "budget.total", 20, 120)
    refused, *_, followed = found.parts
    assert refused.status == "refused"
    assert refused.problems[0].code == "floors_above_budget"
    assert refused.high == pytest.approx(40, rel=1e-5)
    assert followed.status == "optimal"
    cut = frontier(loaded(tmp_path / "b"), "regions.south.floor_share", -1, 0.5)
    assert [(part.low, part.high, part.status) for part in cut.parts] == [(-1, 0, "allowed"), (0, 0.5, "optimal")]
    with pytest.raises(InputError, match="followed from"):
        cut.at(-0.5)


def test_where_a_number_stops_to_act_the_curve_ends(tmp_path: Path) -> None:
    # The floor per head (100 heads, 0.2 each, in units of 1) is stricter than the floor up to 20.
    regions = "region,name_zh,name_en,population\nnorth,北,North,100\nsouth,南,South,100\n"
    case = CASE.replace('id = "small"', 'id = "small"\ncurrency_unit = "coins"')
    case += "[regions.south]\nfloor = 30\nfloor_per_head = 0.2\n"
    found = frontier(loaded(tmp_path, {"case.toml": case, "regions.csv": regions}), "regions.south.floor", 10, 60)
    assert (found.parts[0].status, found.parts[0].high) == ("other", pytest.approx(20))


def test_more_pieces_than_wanted_are_told(tmp_path: Path) -> None:
    found = frontier(loaded(tmp_path, LABS), "budget.total", 2, 40, most=1)
    assert [(part.low, part.high, part.status) for part in found.parts] == [
        (2, 4, "unseen"),
        (4, 16, "optimal"),
        (16, 40, "unseen"),
    ]


# Path, from, to, sets of the built-in case: a budget, a floor, a ceiling, a must-target, a target, and a ratio.
ASKED = (
    ("budget.total", 100, 1500, ()),
    ("budget.total", 20, 1200, ("regions.east.floor=40",)),
    ("regions.east.floor_share", 0, 0.1, ()),
    ("regions.capital.ceiling", 10, 400, ()),
    ("targets.jobs.east", 1000, 15000, ("targets.jobs.must=east",)),
    ("targets.jobs.east", 1000, 60000, ()),
    ("equity.ratio", 1, 4, ("equity.ratio=2",)),
)


def same(found: Frontier, case: Case, value: float) -> bool:
    """Whether a reading equals a fresh solve, stage by stage and tranche by tranche."""
    try:
        status = found.status(value)
    except InputError:
        return any(part.low <= value <= part.high for part in found.parts) or value < found.start or value > found.end
    fresh = solve(changed(case, set_text(found.over, value)).instance)
    if fresh.status is not status:
        return False
    if fresh.spend is None:
        return True
    read = found.at(value)
    stages = all(
        float(read.stages[s.name]) == pytest.approx(float(s.value), rel=1e-9, abs=1e-9) for s in fresh.stages
    )
    plan = all(
        float(read.tranches[".".join(map(str, key))]) == pytest.approx(float(money), rel=1e-6, abs=1e-6)
        for key, money in fresh.spend.items()
    )
    return stages and plan


@pytest.mark.parametrize(("path", "low", "high", "sets"), ASKED)
def test_reading_a_curve_equals_a_fresh_solve(path: str, low: float, high: float, sets: tuple[str, ...]) -> None:
    case = load(sets=sets)
    found, dice = frontier(case, path, low, high), random.Random(path)
    values = [dice.uniform(low, high) for _ in range(24)]
    for point in dice.sample(found.points, min(12, len(found.points))):
        values += [float(point.at) * (1 + beside) for beside in (1e-9, -1e-9)]
    assert len(values) >= 40
    assert [value for value in values if not same(found, case, value)] == []


def test_a_curve_over_years() -> None:
    case = load(scenario="yearly")
    found = frontier(case, "budget.total", 705, 720)
    assert [part.status for part in found.parts] == ["optimal"]
    dice = random.Random(1)
    values = [dice.uniform(705, 720) for _ in range(3)] + [float(found.points[2].at) * (1 + 1e-9)]
    assert [value for value in values if not same(found, case, value)] == []


PROPERTY = settings(
    deadline=None, derandomize=True, max_examples=30, database=None, suppress_health_check=list(HealthCheck)
)


@PROPERTY
@given(random_case(give_away=st.just(0.0)), st.integers(0, 10**6))
def test_curves_of_random_cases(instance, seed):
    before = start(instance)
    assume(isinstance(before, Vertex))
    dice = random.Random(seed)
    budget = Fraction(instance.budget)
    shifts: list[tuple[Shift, Fraction, object]] = [
        (
            between(before.program, program_of(replace(instance, budget=2 * instance.budget)), instance.budget),
            budget,
            lambda value: replace(instance, budget=value),
        )
    ]
    for t in instance.targets[:1]:

        def aimed(value, t=t):
            return replace(
                instance, targets=tuple(replace(u, target=value) if u == t else u for u in instance.targets)
            )

        shifts.append((target(before.program, t.metric, t.region), Fraction(t.target), aimed))
    for shift, at, made in shifts:
        numbers = told(build(instance), before.program)
        low, high = at / 2, at * 2
        curve = both_ways(before, shift, numbers, at, low, high, 500)
        found = Frontier(None, "", "", None, float(low), float(high), (), curve, (), before.program)
        for _ in range(4):
            value = dice.uniform(float(curve.stretches[0].low), float(curve.stretches[-1].high))
            if not curve.stretches[0].low <= Fraction(value) <= curve.stretches[-1].high:
                continue
            fresh = solve(made(value))
            assert fresh.spend is not None
            mine = {name: float(x) for name, x in found.at(value).tranches.items()}
            theirs = {tranche_name(t): float(fresh.spend[t.key]) for t in instance.tranches}
            assert mine == pytest.approx(theirs, rel=1e-6, abs=1e-6)


def test_the_file_reads_as_the_curve() -> None:
    found = frontier(load(), "budget.total", 100, 1500)
    content = to_json(found)
    assert len(content) < 60_000
    again, dice = Written(json.loads(content)), random.Random(7)
    for _ in range(100):
        value = dice.uniform(100, 1500)
        exact, read = found.at(value), again.at(value)
        for kind, half in (
            ("regions", 5e-7),
            ("programmes", 5e-7),
            ("tranches", 5e-7),
            ("output", 5e-7),
            ("jobs", 5e-4),
        ):
            for name, number in getattr(exact, kind).items():
                # Half of the last digit, and what floats leave.
                assert abs(read[kind][name] - float(number)) <= half * (1 + 1e-6)
        for key, short in exact.targets.items():
            assert read["shortfalls"][",".join(key)] == pytest.approx(float(short), abs=1e-6)
    assert to_json(frontier(load(), "budget.total", 100, 1500)) == content


def test_many_points_at_once_are_the_same_numbers() -> None:
    for path, low, high in (("budget.total", 600, 900), ("targets.jobs.east", 6000, 9000)):
        found = frontier(load(), path, low, high)
        values = [random.Random(3).uniform(low, high) for _ in range(30)] + [low - 1]
        table = found.table(values)
        for key in found.keys:
            kind, name = key
            if kind == "reached":
                continue
            for value, number in zip(values[:-1], table[key], strict=False):
                assert number == pytest.approx(float(getattr(found.at(value), kind)[name]), rel=1e-9, abs=1e-9)
            assert table[key][-1] != table[key][-1]


TWO = {
    **LABS,
    "coefficients.csv": "region,programme,tranche,width,output_per_unit,jobs_per_unit\n"
    "north,a,1,10,2,1\nnorth,b,1,10,1,3\n",
}


def test_a_trade_off_by_hand(tmp_path: Path) -> None:
    # All into a: 20 output, 10 jobs; all into b: 10 and 30. A unit moved costs 1 output and brings 2 jobs.
    found = trade(loaded(tmp_path, TWO), "output", "jobs")
    ends = [(float(point.at), float(found.at(point.at).stages["output"])) for point in found.points]
    assert ends[0] == (10, 20)
    assert ends[-1] == (30, 10)
    assert found.at(20).stages["output"] == 15
    assert found.at(20).programmes == {"north.a": 5, "north.b": 5}


def test_a_trade_off_without_any_choice_is_one_point(tmp_path: Path) -> None:
    found = trade(loaded(tmp_path, LABS), "jobs", "output")
    assert [float(point.at) for point in found.points] == [0]
    assert found.at(0).stages["jobs"] == 14


@pytest.mark.parametrize(("first", "other"), [("output", "jobs"), ("jobs", "worst_shortfall")])
def test_a_trade_off_against_another_formulation(first: str, other: str) -> None:
    instance = load().instance
    found, formulation = trade(load(), first, other), Formulation(instance)
    cost, sense = formulation.cost(first)
    row, other_sense = formulation.cost(other)
    dice = random.Random(5)
    low, high = float(found.points[0].at), float(found.points[-1].at)
    for _ in range(6):
        value = dice.uniform(low, high)
        bounded = Formulation(instance)
        bounded.at_most(row, other_sense * value)
        answer = bounded.minimise(cost)
        assert float(found.at(value).stages[first]) == pytest.approx(sense * answer.fun, rel=1e-7)


@pytest.mark.parametrize(
    ("path", "low", "high", "sets", "code"),
    [
        ("budget.totl", 1, 2, (), "unknown_path"),
        ("budget.*", 1, 2, (), "unknown_path"),
        ("regions.nowhere.floor", 1, 2, (), "unknown_path"),
        ("budget.total", 200, 100, (), "curve_range"),
        ("budget.total", 100, 100, (), "curve_range"),
        ("budget.total", 100, float("nan"), (), "not_finite"),
        ("budget.total", -5, -1, (), "too_small"),
        ("returns.level.jobs", 100, 300, (), "curve_no_limit"),
        ("case.title", 1, 2, (), "curve_no_limit"),
        ("targets.jobs.total", 1e5, 3e5, (), "curve_several"),
        ("budget.total", 100, 200, ("objective.give_away=0.01",), "curve_gives_away"),
    ],
)
def test_what_is_no_curve_is_refused(path: str, low: float, high: float, sets: tuple[str, ...], code: str) -> None:
    with pytest.raises(InputError) as refused:
        frontier(load(sets=sets), path, low, high)
    assert code in {problem.code for problem in refused.value.problems} | (
        {"too_small"} if any(p.code == "too_small_open" for p in refused.value.problems) else set()
    )


def test_nearest_names_are_told() -> None:
    with pytest.raises(InputError, match=r"budget\.total"):
        frontier(load(), "budget.totl", 1, 2)


def test_what_can_be_followed_instead_is_told() -> None:
    """The total that was refused is not among it; floors that the case does not set are."""
    with pytest.raises(InputError) as refused:
        frontier(load(), "targets.jobs.total", 1e5, 3e5)
    (problem,) = refused.value.problems
    assert str(problem.facts["known"]).split(", ")[:3] == [
        "budget.total", "targets.<metric>.<region>", "regions.<region>.floor",
    ]  # fmt: skip
    assert "total" not in str(problem.facts["known"]).removeprefix("budget.total")


def test_whole_numbers_have_no_curve() -> None:
    with pytest.raises(InputError, match="whole numbers"):
        frontier(load(scenario="platforms"), "budget.total", 700, 800)
    with pytest.raises(InputError, match="whole numbers"):
        trade(load(scenario="platforms"), "output", "jobs")


@pytest.mark.parametrize(
    ("first", "other", "code"), [("outputs", "jobs", "trade_unknown"), ("jobs", "jobs", "trade_same")]
)
def test_a_trade_off_of_what_there_is_not(first: str, other: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        trade(load(), first, other)
    assert [problem.code for problem in refused.value.problems] == [code]


def command(folder: Path, *arguments: str):
    return CliRunner().invoke(app, ["frontier", *arguments, "--out", str(folder)])


def test_the_command_writes_both_files_and_tells_the_reasons(tmp_path: Path) -> None:
    asked = ("--over", "budget.total", "--from", "600", "--to", "800")
    done = command(tmp_path, *asked, "--lang", "en")
    assert done.exit_code == 0
    assert "breakpoints, exact" in done.stdout
    assert "tranche 1 is full" in " ".join(done.stdout.split())
    folder = tmp_path / "taiwan-2040" / "base"
    assert sorted(path.name for path in folder.iterdir()) == [
        "frontier.csv",
        "frontier.en.svg",
        "frontier.json",
        "frontier.zh-TW.svg",
    ]
    lines = (folder / "frontier.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "point,at,measure,region,programme,value"
    chinese = command(tmp_path, *asked, "--lang", "zh-TW")
    assert "第 1 分段額滿" in "".join(chinese.stdout.split("\n")).replace("  ", "") or "額滿" in chinese.stdout
    assert "億元" in chinese.stdout
    told_json = command(tmp_path, *asked, "--json")
    assert json.loads(told_json.stdout) == json.loads((folder / "frontier.json").read_bytes())


def test_the_command_of_a_trade_off(tmp_path: Path) -> None:
    done = command(tmp_path, "--trade", "output,jobs", "--json", "--lang", "en")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["trade"] == ["output", "jobs"]
    assert (tmp_path / "taiwan-2040" / "base" / "trade.json").is_file()


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_what_is_left_out_is_said(tmp_path: Path, language: str) -> None:
    sets = ("--set", "targets.jobs.must=east")
    over = ("--over", "targets.jobs.east", "--from", "1000", "--to", "20000")
    done = command(tmp_path, *over, *sets, "--lang", language)
    assert done.exit_code == 0
    assert ("no plan keeps all limits" if language == "en" else "沒有任何方案") in done.stdout
    none = command(
        tmp_path, "--over", "targets.jobs.east", "--from", "19000", "--to", "20000", *sets, "--lang", language
    )
    assert none.exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--over", "budget.total"),
        ("--over", "budget.total", "--from", "1"),
        ("--over", "budget.total", "--from", "1", "--to", "2", "--trade", "output,jobs"),
        ("--trade", "output,jobs", "--pieces", "0"),
        ("--over", "budget.total", "--from", "5", "--to", "2"),
    ],
)
def test_a_question_that_is_none_has_exit_code_2(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = command(tmp_path, *arguments)
    assert done.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_what_holds_money_per_resident_together_is_told_as_it_is() -> None:
    """Fresh plans beside each breakpoint: who has the least per resident, and whether the ratio binds at all."""
    case = load(sets=["equity.ratio=3"])
    found = frontier(case, "equity.ratio", 1.2, 5)

    def beside(value: float) -> tuple[float, list[str]]:
        instance = load(sets=[f"equity.ratio={value}"]).instance
        plan = solve(instance).plan
        assert plan is not None
        assert instance.equity is not None
        per_head = {region: float(money) / instance.equity.heads[region] for region, money in plan.allocated.items()}
        least = min(per_head.values())
        return max(per_head.values()) / least, [r for r, amount in per_head.items() if amount < least * (1 + 1e-9)]

    told = [(float(p.at), t.event, t.name) for p, t in zip_turns(found) if "lowest" in t.event or t.name == "ratio"]
    (left, *leaving), (end, *loosening) = told
    assert (leaving, loosening) == (["leaves_lowest", "south"], ["loosens", "ratio"])
    assert "south" in beside(left - 1e-3)[1]
    assert "south" not in beside(left + 1e-3)[1]
    assert beside(end - 1e-3)[0] == pytest.approx(end - 1e-3)
    assert beside(end + 1e-3)[0] < end + 5e-4


def zip_turns(found: Frontier):
    """What happens, with the breakpoint where it does."""
    return [(point, turn) for point, told in zip(found.points, turns(found), strict=True) for turn in told]


def test_everything_that_happens_has_its_words() -> None:
    """The events that the module names, in both languages."""
    import regionopt.curves.turns

    documented = re.findall(r"^([a-z_, ]+?)  ", regionopt.curves.turns.__doc__ or "", re.M)
    events = {event.strip() for line in documented for event in line.split(",")}
    assert {"full", "begins", "binds", "met", "worst", "leaves_lowest", "pair", "jumps", "kink"} <= events
    assert events <= set(catalogue()["frontier"])
