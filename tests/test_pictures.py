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
from regionopt.cli.main import app
from regionopt.common.errors import InputError
from regionopt.curves.frontier import frontier
from regionopt.curves.pictures import picture
from regionopt.curves.trade import trade
from regionopt.sweep.grid import grid
from regionopt.sweep.listed import listed
from regionopt.sweep.names import charts_of
from regionopt.sweep.pictures import write_pictures
from regionopt.sweep.sweep import job_of, sweep
from regionopt.sweep.workers import local

SVG = "{http://www.w3.org/2000/svg}"
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
    assert {"Ceiling of North 10", "Ceiling of North 30"} <= words(root)


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
