"""What explains a plan: prices with their ranges, what binds, what fairness costs, why a region gets what it gets.

The small case by hand. Budget 100 = a (north) + b (south). North: 40 at 2 output and 3 jobs, 40 more at 1 and 2;
south: 80 at 4 jobs. Reached of the targets, for a > 40:  output north (a + 40)/200,  jobs north (40 + 2a)/300,
jobs south b/100. The first and the last are the worst: (a + 40)/200 = (100 - a)/100, a = 160/3, both 7/15, worst
shortfall 8/15.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from inputs import SMALL, loaded, small, snapshot
from typer.testing import CliRunner

from regionopt.case.case import load
from regionopt.cli.main import app
from regionopt.common.errors import InputError
from regionopt.doctor.levers import changed, set_text
from regionopt.explain.explained import price_sentences
from regionopt.explain.explanation import Explanation, explain, follow, heads, plain, tables
from regionopt.explain.fairness import curves
from regionopt.explain.further import next_best
from regionopt.explain.prices import Price
from regionopt.explain.rough import Rough
from regionopt.explain.tables_told import binding_table, loss_table
from regionopt.explain.together import FIRST, holds, parts_of, smooth
from regionopt.explain.why import known_region, sentences
from regionopt.result.outputs import document
from regionopt.result.result import solve_case
from regionopt.solve.solvers import ENGINES
from regionopt.verify.verify import verify


def explained(folder: Path, changes=None, *sets: str) -> Explanation:
    return explain(solve_case(loaded(folder, changes, *sets)))


def price(found: Explanation, path: str, quantity: str = "worst_shortfall") -> Price:
    return next(p for p in found.prices if (p.lever.path, p.quantity.name) == (path, quantity))


def test_the_price_of_the_budget_to_both_sides(tmp_path):
    # (a + 40)/200 = (B - a)/100: reached (2B + 80)/600, 1/300 a unit. Up to B = 140 (the north is full: reached stays
    # 0.6), down to B = 80 (a = 40); below both are B/200: 1/200 a unit.
    found = price(explained(tmp_path), "budget.total")
    assert found.right.change == pytest.approx(Fraction(-1, 300))
    assert (float(found.right.until), float(found.right.then)) == pytest.approx((140, 0))
    assert found.left.change == pytest.approx(Fraction(-1, 300))
    assert (float(found.left.until), float(found.left.then)) == pytest.approx((80, -1 / 200))


def test_the_price_of_a_target_that_may_be_missed(tmp_path):
    # (a + 40)/T = (100 - a)/100: a = (100T - 4000)/(T + 100), worst a/100, and a' = 14000/300² at T = 200.
    found = price(explained(tmp_path), "targets.output.north")
    assert float(found.right.change) == pytest.approx(0.14 * 1000 / 90000)
    assert found.left.change == pytest.approx(found.right.change)
    # Lowered, jobs north are as bad at once where (a + 40)/T = (40 + 2a)/300 = (100 - a)/100, a = 52, T = 92/0.48.
    assert float(found.left.until) == pytest.approx(92 / 0.48)


RULE = """[[rules]]
id = "cap"
sense = "<="
value = 100
reason = "the budget said twice"
terms = [{ coefficient = 1 }]
"""


def test_where_two_limits_coincide_each_is_free_to_one_side(tmp_path):
    # The budget written twice: more of one alone brings nothing, less of either costs the same. A solver's dual would
    # give the whole price to one of the two, and none to the other.
    found = explained(tmp_path, {"case.toml": SMALL["case.toml"] + RULE})
    for path in ("budget.total", "rules.1.value"):
        one = price(found, path)
        assert (float(one.left.change), float(one.right.change)) == pytest.approx((-1 / 300, 0))


def test_a_direction_without_a_plan_is_told(tmp_path):
    # Both floors take the whole budget: less of it leaves no plan, more does.
    found = explained(tmp_path, None, "regions.north.floor=40", "regions.south.floor=60")
    one = price(found, "budget.total")
    assert one.left.change is None
    assert one.left.end == "none"
    assert one.right.change < 0


def test_a_price_ends_where_there_is_no_plan(tmp_path):
    # The floor of the south may rise to 80, its room.
    found = explained(tmp_path, None, "regions.south.floor=10")
    one = price(found, "regions.south.floor")
    assert one.right.change == 0
    assert float(one.right.until) == pytest.approx(100 - 160 / 3)
    assert float(one.right.then) == pytest.approx(1 / 200)  # the north's reached falls by 1/200 a unit


def test_what_binds_stands_in_the_order_of_what_it_brings(tmp_path):
    # 1 % of each: the budget 1/300; the output target 2 · 7/4500; the south's jobs 4 · 112000/1440000/200;
    # the first tranche 0.4/300. (a + 40)/200 = 4(100 - a)/T has a' = -112000/1440000 at T = 400.
    # The north's jobs are not the worst: their target counts for the second stage only.
    found = explained(tmp_path)
    assert [one.path for one in found.binding] == [
        "budget.total",
        "targets.output.north",
        "targets.jobs.south",
        "widths.north.labs.1",
        "targets.jobs.north",
    ]
    gains = [float(-one.gains["worst_shortfall"]) for one in found.binding]
    assert gains == pytest.approx([1 / 300, 14 / 4500, 4 * 112000 / 1440000 / 200, 0.4 / 300, 0])
    assert [one.helps for one in found.binding] == [1, -1, -1, 1, -1]


def test_the_next_tranche_and_what_it_takes(tmp_path):
    # A unit moved to the south takes 1 from the north's second tranche, 1/200 of its output target; one moved to the
    # north takes 4 jobs of the south's 400.
    found = explained(tmp_path)
    south, north = next_best(found.along, "south"), next_best(found.along, "north")
    assert (south.tranche.key, float(south.changes["worst_shortfall"])) == (
        ("south", "farms", 1),
        pytest.approx(1 / 200),
    )
    assert (north.tranche.key, float(north.changes["worst_shortfall"])) == (
        ("north", "labs", 2),
        pytest.approx(1 / 100),
    )
    assert (south.from_budget, north.from_budget) == (100, 100)


def test_a_region_without_room_has_no_next_tranche(tmp_path):
    found = explained(tmp_path, None, "budget.total=500")
    assert next_best(found.along, "north") is None
    said = list(sentences(found, document(found.result), "north", "en"))
    assert "Every tranche of the region is full: more money needs more programmes." in said


def test_a_region_in_words(tmp_path):
    found = explained(tmp_path)
    shown = document(found.result)
    english = "\n".join(sentences(found, shown, "south", "en"))
    chinese = "\n".join(sentences(found, shown, "south", "zh-TW"))
    for said in ("South receives", "46.7", "Next in line: farms, tranche 1", "What holds South"):
        assert said in english.replace("\N{NO-BREAK SPACE}", " ")
    for said in ("南獲得", "下一順位", "限制南的因素"):
        assert said in chinese


def test_sentences_of_a_price_have_units_and_ranges(tmp_path):
    found = explained(tmp_path)
    shown = document(found.result)
    first, second, *_ = price_sentences(found.prices, "budget.total", found, shown, "en")
    assert "lowers the worst shortfall by" in first
    assert "until" in first
    assert "140" in first
    assert "raises the worst shortfall by" in second
    chinese = next(price_sentences(found.prices, "budget.total", found, shown, "zh-TW"))
    assert chinese.startswith("總預算每增加")
    assert "1,400 億元" in chinese


def test_a_region_that_is_not_there():
    with pytest.raises(InputError) as refused:
        known_region(("north", "south"), "nrth")
    (problem,) = refused.value.problems
    assert (problem.code, problem.place, problem.value) == ("unknown_region", "--region", "nrth")


# --- the price of fairness ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built_in() -> Explanation:
    return explain(solve_case(load()))


def test_every_point_of_a_floor_is_a_fresh_run(built_in):
    curve = next(c for c in built_in.curves if c.dial == "floor_share")
    regions = built_in.result.case.instance.regions
    for point in curve.points[1:-1:5]:
        floors = {f"regions__{region}__floor_share": float(point.at) for region in regions}
        fresh = solve_case(built_in.result.case.but(**floors))
        for stage in fresh.solution.stages:
            assert float(point.values[stage.name]) == pytest.approx(float(stage.value), rel=1e-6)
    # Beyond the last no floor for all can be kept.
    beyond = {f"regions__{region}__floor_share": float(curve.points[-1].at) * 1.001 for region in regions}
    assert not solve_case(built_in.result.case.but(**beyond)).status.has_plan


def test_every_point_of_a_ratio_is_a_fresh_run(built_in):
    curve = next(c for c in built_in.curves if c.dial == "ratio")
    assert curve.points[-1].at == 1
    for point in curve.points[2:-1:4]:
        fresh = solve_case(built_in.result.case.but(equity__ratio=float(point.at)))
        for stage in fresh.solution.stages:
            assert float(point.values[stage.name]) == pytest.approx(float(stage.value), rel=1e-6)


@pytest.mark.parametrize("metric", ["output", "jobs"])
def test_a_total_against_the_worst_off_goes_from_one_optimum_to_the_other(built_in, metric):
    curve = next(c for c in built_in.curves if c.dial == metric)
    case = built_in.result.case
    most = solve_case(case.but(objective__stages=[metric, "worst_shortfall"])).solution.stages
    fairest = solve_case(case.but(objective__stages=["worst_shortfall", metric])).solution.stages
    first, last = curve.points[0].values, curve.points[-1].values
    assert float(first[metric]) == pytest.approx(float(most[0].value), rel=1e-9)
    assert float(first["worst_shortfall"]) == pytest.approx(float(most[1].value), rel=1e-9)
    assert float(last["worst_shortfall"]) == pytest.approx(float(fairest[0].value), rel=1e-9)
    assert float(last[metric]) == pytest.approx(float(fairest[1].value), rel=1e-9)
    # A fairer plan has never more of the metric.
    values = [point.values[metric] for point in curve.points]
    assert values == sorted(values, reverse=True)


def test_a_dial_that_a_case_does_not_have_is_left_out(tmp_path):
    result = solve_case(loaded(tmp_path))
    assert heads(result) == {}
    along = follow(result)
    dials = [curve.dial for curve in curves(ENGINES["highs"](), result.case.instance, {}, along.vertex, along.told)]
    assert "ratio" not in dials
    assert "floor_share" in dials


# --- what is written and told -------------------------------------------------------------------------------------


def test_tables_read_back(built_in):
    read = {
        name: list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        for name, content in tables(built_in).items()
    }
    assert set(read) == {
        "prices.csv", "binding.csv", "bands.csv", "benchmarks.csv", "importance.csv", "fairness.csv",
        "next.csv",
    }  # fmt: skip
    budget = next(row for row in read["prices.csv"] if row["path"] == "budget.total" and row["quantity"] == "jobs")
    assert float(budget["right"]) == pytest.approx(
        float(price(built_in, "budget.total", "jobs").right.change), rel=1e-11
    )
    assert next(row["path"] for row in plain(built_in)["binding"] if row["rank"] == 2) == "budget.total"


def test_a_case_with_whole_numbers_is_explained_without_what_holds_for_linear_programs_only():
    found = explain(solve_case(load(scenario="platforms")))
    assert (found.along, found.prices, found.binding, found.curves) == (None, (), (), ())
    assert found.bands
    shown = CliRunner().invoke(app, ["explain", "--scenario", "platforms", "--lang", "en", "--out", "/dev/null/x"])
    assert shown.exit_code == 4  # the folder cannot be written, after everything was computed


def test_what_is_given_away_is_said(tmp_path):
    result = solve_case(loaded(tmp_path, None, "objective.give_away=0.01"))
    assert follow(result) is None


def test_the_command_writes_a_folder_that_verifies_and_keeps_its_map(tmp_path):
    case, out = small(tmp_path / "case"), tmp_path / "out"
    done = CliRunner().invoke(app, ["explain", str(case), "--out", str(out), "--lang", "en"])
    assert done.exit_code == 0, done.stderr
    folder = out / "small" / "base"
    assert {"prices.csv", "binding.csv", "result.json", "certificate.json"} <= set(snapshot(folder))
    assert all(not check.faults for check in verify(folder, case))
    (folder / "map.html").write_text("drawn of this result")
    assert CliRunner().invoke(app, ["explain", str(case), "--out", str(out), "-q"]).exit_code == 0
    assert (folder / "map.html").read_text() == "drawn of this result"
    (folder / "result.json").write_text("{}")  # of another result: the map goes
    assert CliRunner().invoke(app, ["explain", str(case), "--out", str(out), "-q"]).exit_code == 0
    assert not (folder / "map.html").exists()


@pytest.mark.parametrize("lang", ["en", "zh-TW"])
def test_the_command_for_a_region_and_as_json(tmp_path, lang):
    case, out = small(tmp_path / "case"), tmp_path / "out"
    one = CliRunner().invoke(app, ["explain", str(case), "--region", "south", "--out", str(out), "--lang", lang])
    assert one.exit_code == 0
    assert ("South" if lang == "en" else "南") in one.stdout
    data = CliRunner().invoke(app, ["explain", str(case), "--json", "--out", str(out), "--lang", lang])
    assert {"prices", "binding", "bands", "benchmarks", "importance", "fairness", "next"} == set(
        json.loads(data.stdout)
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--region", "soth"], "south"),
        (["--tolerance", "-0.1"], "--tolerance"),
        (["--tolerance", "1.5"], "--tolerance"),
    ],
)
def test_bad_input_is_one_clear_message(tmp_path, arguments, said):
    case = small(tmp_path / "case")
    done = CliRunner().invoke(app, ["explain", str(case), "--out", str(tmp_path), *arguments])
    assert done.exit_code == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_infeasible_case_has_nothing_to_explain(tmp_path):
    case = small(tmp_path / "case")
    done = CliRunner().invoke(
        app, ["explain", str(case), "--out", str(tmp_path), "--set", "regions.north.floor=90", "--lang", "en"]
    )
    assert done.exit_code == 1
    assert "regionopt diagnose" in done.stderr


def test_explaining_loads_no_map_library(tmp_path):
    code = (
        "import sys; from regionopt.cli.main import app; from typer.testing import CliRunner;"
        f"CliRunner().invoke(app, ['explain', {str(small(tmp_path / 'case'))!r}, '--out', {str(tmp_path)!r}]);"
        "print(sorted({'folium', 'geopandas', 'shapely', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# --- a number that stands in several rows -----------------------------------------------------------------------


@pytest.mark.parametrize(("path", "step"), [("targets.output.total", 7.0), ("targets.jobs.total", 300.0)])
def test_the_price_of_a_national_target_is_that_of_fresh_plans(path: str, step: float) -> None:
    """Central differences of fresh solves a thousandth away; inside the range that is told they meet the price."""
    case = load("taiwan-2040")
    found = {p.quantity.name: p for p in explain(solve_case(case)).prices if p.lever.path == path}
    now = found["total_shortfall"].lever.value
    below, above = ({s.name: s.value for s in solve_case(load("taiwan-2040", "base", [f"{path}={now + sign * step}"]))
                     .solution.stages} for sign in (-1, 1))  # fmt: skip
    for name in below:
        told, slope = found[name], float(above[name] - below[name]) / (2 * step)
        assert float(told.left.change) == float(told.right.change) == pytest.approx(slope, rel=1e-4, abs=1e-12)
        assert told.left.until < now - step < now + step < told.right.until
        assert (told.left.end, told.right.end) == ("at_least", "at_least")
    assert any(told.right.change for told in found.values())


def test_what_is_at_the_edge_is_not_summed(tmp_path):
    """At a kink the change of a sum is not the sum of changes: a number of several rows is not told there."""
    # The plan turns where the first tranche is just full (a = 40): at a budget of 80, not at 81.
    assert [smooth(explained(tmp_path, None, f"budget.total={b}").along.vertex) for b in (80, 81)] == [False, True]


def test_how_far_a_national_target_holds_is_never_a_guess(built_in, monkeypatch):
    # A guess that says yes to everything: what is told was checked in fractions all the same.
    along = built_in.along
    lever = next(one for one in along.levers if one.path == "targets.jobs.total")
    parts, size = parts_of(along.vertex.program, lever.effect), Fraction(lever.value)
    honest = holds(along.vertex, parts, FIRST * size, size)
    monkeypatch.setattr(Rough, "best", lambda *_: True)
    assert 0 < holds(along.vertex, parts, FIRST * size, 4 * size) < 4 * size
    monkeypatch.setattr(Rough, "best", lambda *_: False)
    assert 0 <= holds(along.vertex, parts, FIRST * size, size) <= honest


@pytest.mark.parametrize(
    "path",
    ["budget.total", "targets.jobs.east", "targets.output.south", "targets.jobs.total", "targets.output.total"],
)
def test_prices_are_differences_of_fresh_runs(built_in, path):
    """Every quantity, to both sides, a millionth of the number away."""
    prices = [one for one in built_in.prices if one.lever.path == path]
    now = prices[0].lever.value
    step = now * 2.0**-20
    there, here = built_in.result.case, values_of(built_in.result)
    up, down = (values_of(solve_case(changed(there, set_text(path, now + sign * step)))) for sign in (1, -1))
    for one in prices:
        name = one.quantity.name
        for side, other in ((one.right, up), (one.left, down)):
            difference = (other[name] - here[name]) / Fraction(step if other is up else -step)
            assert float(side.change) == pytest.approx(float(difference), rel=1e-5, abs=1e-10), name


def values_of(result) -> dict[str, Fraction]:
    """Every stage, then the national totals."""
    totals = {m: sum(g for (metric, _), g in result.plan.gained.items() if metric == m) for m in ("output", "jobs")}
    return totals | {stage.name: stage.value for stage in result.solution.stages}


def test_tables_of_what_binds_and_what_is_lost(built_in):
    shown = document(built_in.result)
    binds = binding_table(built_in, shown, "en")
    assert [c.header for c in binds.columns] == [
        "Relaxed by 1%",
        "Worst shortfall",
        "National output",
        "National jobs",
    ]
    assert list(binds.columns[1].cells)[:2] == ["−0.533", "−0.331"]
    assert "National output: NT$ billion a year" in str(binds.caption)
    lost = loss_table(built_in, shown, "zh-TW")
    assert [c.header for c in lost.columns] == ["分文未得的區域", "最大缺口", "總缺口", "全國產值", "全國就業機會"]
    assert sorted(lost.columns[0].cells)[0] == "中部精密智慧新核心"
    assert set(lost.columns[1].cells) == {"+53.270"}  # whoever gets nothing misses all of its own targets
