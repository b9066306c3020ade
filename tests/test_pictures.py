"""Charts of curves and of sweeps: what stands in them is what the tables say."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from inputs import CASE, REGIONS, loaded
from typer.testing import CliRunner

from regionopt.case.case import Case
from regionopt.charts.paper import COLOURS
from regionopt.cli.main import app
from regionopt.common.errors import InputError
from regionopt.curves.frontier import frontier
from regionopt.curves.pictures import picture
from regionopt.curves.trade import trade
from regionopt.sweep.along import along
from regionopt.sweep.grid import grid
from regionopt.sweep.listed import Listed, listed
from regionopt.sweep.names import charts_of
from regionopt.sweep.pictures import write_pictures
from regionopt.sweep.sweep import job_of, sweep
from regionopt.sweep.workers import local

SVG = "{http://www.w3.org/2000/svg}"
# Targets by an equal split of a national total: computed numbers.
SPLIT = {"targets.csv": None, "case.toml": CASE + "[targets.jobs]\ntotal = 100\n"}
HOSTILE = "</svg><script>alert(1)</script> {{7*7}}"


def words(root: ET.Element) -> set[str]:
    return {found.text or "" for found in root.iter(f"{SVG}text")}


def paths(root: ET.Element, stroke: str) -> list[list[tuple[float, float]]]:
    """The points of every path of a colour."""
    told = [path.get("d", "") for path in root.iter(f"{SVG}path") if path.get("stroke") == stroke]
    return [[(float(x), float(y)) for x, y in re.findall(r"[ML](\S+?) (\S+?)(?=[MLh]|$)", d)] for d in told]


BLUE, ORANGE, GREY = "#0b5394", "#c2410c", "#52606d"


def drawn(case: Case, folder: Path, order, *charts: str) -> dict[str, ET.Element]:
    """A sweep done, and its charts by file name."""
    job = job_of(case, order)
    asked = charts_of(job, charts)
    sweep(job, folder, partial(local, workers=1))
    return {Path(name).name: ET.parse(folder / name).getroot() for name in write_pictures(job, folder, asked)}


def test_a_chart_has_a_point_for_each_run(tmp_path: Path) -> None:
    # 80 + 80 + 80 of width; up to there every budget is spent: the line of what is spent is straight.
    found = drawn(loaded(tmp_path / "case"), tmp_path / "out", grid(["budget.total=20:100:20"]), "spent")
    assert list(found) == ["spent~budget.total.zh-TW.svg", "spent~budget.total.en.svg"]
    line, dots = paths(found["spent~budget.total.en.svg"], BLUE)
    assert len(line) == len(dots) == 5
    steps = {(round(b[0] - a[0], 1), round(b[1] - a[1], 1)) for a, b in pairwise(line)}
    assert len(steps) == 1
    assert "已支用" in " ".join(words(found["spent~budget.total.zh-TW.svg"]))


def test_another_input_makes_a_series_of_each_of_its_values(tmp_path: Path) -> None:
    order = grid(["budget.total=20:100:20", "regions.north.ceiling=10,30"])
    found = drawn(loaded(tmp_path / "case"), tmp_path / "out", order, "regions.north.budget")
    root = found["regions.north.budget~budget.total.en.svg"]
    assert len(paths(root, BLUE)) == len(paths(root, ORANGE)) == 2  # a line and its dots
    assert {"Ceiling of North: NT$\u00a010 billion", "Ceiling of North: NT$\u00a030 billion"} <= words(root)


def test_runs_without_a_plan_stand_on_the_axis(tmp_path: Path) -> None:
    must = {"targets.csv": "metric,region,target,must\njobs,south,200,true\n"}
    # 4 jobs for each of money in the south: 50 of it are needed.
    order = grid(["budget.total=20:100:20"])
    found = drawn(loaded(tmp_path / "case", must), tmp_path / "out", order, "worst_shortfall")
    root = found["worst_shortfall~budget.total.en.svg"]
    crosses = [points for points in paths(root, GREY) if len(points) == 8]  # 20 and 40, two strokes each
    bottom = max(y for points in paths(root, BLUE) for _, y in points)
    assert len(crosses) == 1
    assert all(y >= bottom - 3 for _, y in crosses[0])
    assert "no plan" in words(root)
    assert "5 runs, 2 of them without a plan." in " ".join(words(root))


def test_all_regions_and_hostile_names(tmp_path: Path) -> None:
    files = {"regions.csv": REGIONS.replace("North", HOSTILE)}
    found = drawn(loaded(tmp_path / "case", files), tmp_path / "out", grid(["budget.total=20,60"]), "regions.budget")
    root = found["regions.budget~budget.total.en.svg"]
    assert HOSTILE in words(root)
    assert not list(root.iter(f"{SVG}script"))
    assert len(paths(root, BLUE)) == len(paths(root, ORANGE)) == 2


def test_a_list_of_runs(tmp_path: Path) -> None:
    runs = tmp_path / "runs.csv"
    runs.write_text("run,path,mod,value\na,budget.total,r,40\nb,budget.total,r,80\nb,regions.north.floor,r,10\n")
    found = drawn(loaded(tmp_path / "case"), tmp_path / "out", listed(runs), "national_jobs:budget.total")
    assert sum(len(points) for points in paths(found["national_jobs~budget.total.en.svg"], BLUE)) > 0


def rows(folder: Path, *told: str) -> Listed:
    """A list of runs: `run,path,mod,value` each."""
    path = folder / "listed.csv"
    path.write_text("\n".join(["run,path,mod,value", *told, ""]))
    return listed(path)


SET = ["budget.total=50,110,200,300"]
SAME = {
    "factors": ["budget.total=0.5x,1.1x,2x,3x"],
    "changes": ["budget.total=-50,+10,+100,+200"],
    "both": ["budget.total=0.5x,+10,200,3x"],
    "a list": ["a,budget.total,s,0.5", "b,budget.total,s,1.1", "c,budget.total,a,100", "d,budget.total,r,300"],
    "in order": [
        *("a,budget.total,s,0.4", "a,budget.total,a,10", "b,budget.total,a,10", "c,budget.total,r,20"),
        *("c,budget.total,s,10", "d,budget.total,a,50", "d,budget.total,s,2"),
    ],
}


@pytest.mark.parametrize("asked", SAME.values(), ids=SAME)
def test_what_is_drawn_is_the_resulting_value(asked: list[str], tmp_path: Path) -> None:
    # The budget of the case is 100: however a run comes to 50, 110, 200 or 300, the chart is the same.
    case = loaded(tmp_path / "case")
    order = rows(tmp_path, *asked) if "," in asked[0].partition("=")[0] else grid(asked)
    found = drawn(case, tmp_path / "out", order, "national_jobs")
    set_plainly = drawn(case, tmp_path / "set", grid(SET), "national_jobs")
    assert list(map(ET.tostring, found.values())) == list(map(ET.tostring, set_plainly.values()))


def test_runs_that_leave_the_input_alone_stand_at_its_own_value(tmp_path: Path) -> None:
    order = rows(
        tmp_path,
        *("a,budget.total,r,40", "b,budget.total,r,80", "c,regions.south.floor,r,20", "d,returns.jobs.*,s,0.9"),
    )
    found = drawn(loaded(tmp_path / "case"), tmp_path / "out", order, "national_jobs")
    root = found["national_jobs~budget.total.en.svg"]
    at = [[x for x, _ in path] for colour in COLOURS[:3] for path in paths(root, colour)]
    # 40 and 80 as a line and its dots; both others at 100, further right by half of the way.
    (low, high), (own,), (other,) = at[0], at[-2], at[-1]
    assert own == other == pytest.approx(high + (high - low) / 2, abs=0.02)
    assert {"nothing else changed", "Floor of South: NT$\u00a020 billion", "All jobs returns: ×0.9"} <= words(root)
    assert "Budget (NT$ billion)" in words(root)
    assert "4 runs, 0 of them without a plan." in " ".join(words(root))


@pytest.mark.parametrize(
    ("asked", "english", "chinese"),
    [
        ("returns.jobs.*=0.9x,1x,1.2x", "All jobs returns (factor)", "所有就業機會效益（倍數）"),
        ("returns.jobs.north.*=+0.5,+1", "Jobs returns of North (change, jobs per NT$ billion)", None),
        ("regions.*.floor=0,10", "Floor of each region (NT$ billion)", "各區域的預算下限（億元）"),
        ("targets.output.*=-20,+0", "Output target of each region (change, NT$ billion a year)", None),
        ("regions.*.floor_share=0.1,0.2", "Least share of the budget for each region", None),
    ],
)
def test_several_numbers_at_once(asked: str, english: str, chinese: str | None, tmp_path: Path) -> None:
    _, _, values = asked.partition("=")
    roots = list(drawn(loaded(tmp_path / "case"), tmp_path / "out", grid([asked]), "spent").values())
    assert english in words(roots[1])
    assert chinese is None or chinese in words(roots[0])
    assert sum(len(points) for points in paths(roots[1], BLUE)) == 2 * len(values.split(","))


def test_a_run_that_leaves_several_numbers_alone_has_factor_one(tmp_path: Path) -> None:
    order = rows(tmp_path, "a,returns.jobs.*,s,0.5", "b,returns.jobs.*,s,1.5", "c,budget.total,r,80")
    found = drawn(loaded(tmp_path / "case"), tmp_path / "out", order, "spent:returns.jobs.*")
    root = next(root for name, root in found.items() if ".en." in name)
    (low, high), (own,) = [[x for x, _ in paths(root, colour)[0]] for colour in (BLUE, ORANGE)]
    assert own == pytest.approx((low + high) / 2, abs=0.02)


def test_several_numbers_changed_in_more_than_one_way_are_refused(tmp_path: Path) -> None:
    order = rows(tmp_path, "a,returns.jobs.*,s,0.5", "b,returns.jobs.*,a,1", "c,budget.total,r,80")
    job = job_of(loaded(tmp_path / "case"), order)
    with pytest.raises(InputError) as refused:
        charts_of(job, ["spent"])
    assert [problem.code for problem in refused.value.problems] == ["chart_mixed"]
    assert charts_of(job, ["spent:budget.total"])


def test_a_number_that_follows_from_another_one(tmp_path: Path) -> None:
    # South has half of what is split equally: 50, 100 of a total of 200, 60.
    order = rows(
        tmp_path,
        *("a,budget.total,r,90", "b,targets.jobs.total,r,200", "c,targets.jobs.total,r,200"),
        *("c,targets.jobs.south,s,0.6", "d,targets.jobs.south,a,10"),
    )
    line = along(loaded(tmp_path / "case", SPLIT), order, "targets.jobs.south")
    assert [line.at(run.patches) for run in order.some(0, 4)] == [50, 100, 60, 60]


def test_runs_without_a_number_on_the_axis_are_told(tmp_path: Path) -> None:
    order = rows(tmp_path, "a,regions.south.ceiling,r,20", "b,budget.total,r,80")
    found = drawn(loaded(tmp_path / "case"), tmp_path / "out", order, "spent")
    root = found["spent~regions.south.ceiling.en.svg"]
    assert "Ceiling of South (NT$ billion)" in words(root)
    assert "have no number on one of the axes: 1." in " ".join(words(root))


def test_which_targets_must_be_met_is_named(tmp_path: Path) -> None:
    order = grid(["budget.total=80,90", "targets.jobs.must=south,false"])
    found = drawn(loaded(tmp_path / "case", SPLIT), tmp_path / "out", order, "spent", "spent:targets.jobs.must")
    series = [words(found[f"spent~budget.total.{language}.svg"]) for language in ("en", "zh-TW")]
    assert {"Jobs targets that must be met: South", "Jobs targets that must be met: none"} <= series[0]
    assert {"必達的就業機會目標：南", "必達的就業機會目標：無"} <= series[1]
    assert {"South", "none", "Jobs targets that must be met"} <= words(found["spent~targets.jobs.must.en.svg"])


def test_what_the_sweep_has_not_is_refused_all_at_once(tmp_path: Path) -> None:
    job = job_of(loaded(tmp_path), grid(["budget.total=20,60"]))
    with pytest.raises(InputError) as refused:
        charts_of(job, ["worst:budget.total", "spent:regions"])
    assert [problem.code for problem in refused.value.problems] == ["chart_output", "chart_input"]


def test_inputs_that_are_texts_stand_side_by_side(tmp_path: Path) -> None:
    order = grid(["objective.reference=equal,population", "budget.total=40,80"])
    regions = {"regions.csv": "region,name_zh,name_en,population\nnorth,北,North,10\nsouth,南,South,30\n"}
    found = drawn(loaded(tmp_path / "case", regions), tmp_path / "out", order, "spent:objective.reference")
    assert {"equal", "population"} <= words(found["spent~objective.reference.en.svg"])


def test_a_run_that_leaves_a_text_alone_stands_at_the_text_of_the_case(tmp_path: Path) -> None:
    regions = {"regions.csv": "region,name_zh,name_en,reference\nnorth,北,North,70\nsouth,南,South,30\n"}
    reference = "objective.reference"
    order = rows(tmp_path, f"a,{reference},r,table", "b,budget.total,r,80", f"c,{reference},r,equal")
    found = drawn(loaded(tmp_path / "case", regions), tmp_path / "out", order, "spent")
    root = found["spent~objective.reference.en.svg"]
    (table, equal), (own,) = [[x for x, _ in paths(root, colour)[0]] for colour in (BLUE, ORANGE)]
    assert {"equal", "table", "Reference plan"} <= words(root)
    assert own == equal != table


def test_a_curve_is_drawn_through_its_breakpoints(tmp_path: Path) -> None:
    found = frontier(loaded(tmp_path), "budget.total", 10, 160)
    root = ET.fromstring(picture(found, "en"))
    line = paths(root, BLUE)[0]
    assert len(line) == len(found.points)
    # Money at the left end is 10, at the right end 160: the axis in between is to scale.
    span = line[-1][0] - line[0][0]
    for (x, _), point in zip(line, found.points, strict=True):
        assert x - line[0][0] == pytest.approx(span * float(point.at - 10) / 150, abs=0.02)
    assert {"North", "South", "as the case says"} <= words(root)
    assert {"北", "南"} <= words(ET.fromstring(picture(found, "zh-TW")))


def test_where_numbers_bend_the_picture_bends(tmp_path: Path) -> None:
    found = frontier(loaded(tmp_path), "targets.jobs.south", 100, 800)
    assert found.bent
    assert len(paths(ET.fromstring(picture(found, "en")), BLUE)[0]) > len(found.points)


def test_a_trade_off_is_drawn(tmp_path: Path) -> None:
    root = ET.fromstring(picture(trade(loaded(tmp_path), "output", "jobs"), "en"))
    assert any(told.startswith("National output") for told in words(root))
    assert any(told.startswith("National jobs") for told in words(root))


def test_the_commands_write_them(tmp_path: Path) -> None:
    case = loaded(tmp_path / "case").path
    out = ["--out", str(tmp_path / "out"), "--quiet"]
    asked = ["frontier", str(case), "--over", "budget.total", "--from", "10", "--to", "90", *out]
    assert CliRunner().invoke(app, asked).exit_code == 0
    asked = ["sweep", str(case), "--vary", "budget.total=10,20", "--chart", "spent", "--workers", "1", *out]
    assert CliRunner().invoke(app, asked).exit_code == 0
    made = {path.name for path in (tmp_path / "out").rglob("*.svg")}
    assert made == {
        "frontier.en.svg", "frontier.zh-TW.svg", "spent~budget.total.en.svg", "spent~budget.total.zh-TW.svg",
    }  # fmt: skip


def test_nothing_is_drawn_where_nothing_has_a_plan(tmp_path: Path) -> None:
    files = {"case.toml": CASE, "targets.csv": "metric,region,target,must\njobs,south,9000,true\n"}
    case = loaded(tmp_path / "case", files).path
    asked = ["frontier", str(case), "--over", "budget.total", "--from", "10", "--to", "90", "--out", str(tmp_path)]
    assert CliRunner().invoke(app, asked).exit_code == 1
    assert not list(tmp_path.rglob("*.svg"))
