"""`regionopt report --tipping`: how far each return may be off, told in a report if asked, and checked with it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from inputs import small
from test_report import command, made
from test_tipping import JOBS, TWO, case_of

from regionopt.case.case import load
from regionopt.curves.tipping import MOVED, PRECISION
from regionopt.curves.tipping_file import tips
from regionopt.report.model import Bullets, Number, Paragraph, Part, Table
from regionopt.verify.verify import verify


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The result of a case solved by hand in `test_tipping`, reported with its tips."""
    home = tmp_path_factory.mktemp("tips")
    case = small(home, JOBS)
    assert reported(case, home, "--tipping").exit_code == 0
    return home / "maps" / "small" / "base"


def reported(case: Path, home: Path, *more: str, formats: str = "html"):  # type: ignore[no-untyped-def]
    return command("report", case, "--out", home / "maps", "--format", formats, "--lang", "en", "-q", *more)


def tips_of(part: Part) -> Table:
    return part.table("tips")


def words(part: Part) -> Sequence[str]:
    return [item for block in part.blocks if isinstance(block, Bullets) for item in block.items]


def test_tips_by_hand(told: Path) -> None:
    """a brings 3, b 2: the plan switches when a brings a third less, or b half more; output moves nothing."""
    part = made(told, "en").report.parts[0]
    table = tips_of(part)
    shown = [[cell.text if isinstance(cell, Number) else cell for cell in row] for row in table.rows]
    assert shown == [
        ["The jobs return of North · a", "−33.3%", None, "North · b", "10.0", "North · a", "−10.0"],
        ["The jobs return of North · b", None, "+50.0%", "North · b", "10.0", "North · a", "−10.0"],
    ]
    assert table.note == ""
    assert any("more than 1% of the budget (NT$\u00a00.10 billion)" in said for said in words(part))
    assert any(said.startswith("2 of 4 returns may fall to nothing") for said in words(part))


def test_the_file_has_the_rows_of_tipping_and_is_certified(told: Path) -> None:
    case = told.parents[2] / "case.toml"
    assert command("tipping", case, "--out", told.parents[2] / "other", "-q").exit_code == 0
    plain = rows((told.parents[2] / "other" / "small" / "base" / "tipping.csv").read_bytes())
    own = rows((told / "tips.csv").read_bytes())
    assert [{**row, "moved": str(MOVED), "precision": ""} for row in plain] == own
    checks = verify(told)
    assert {check.ok for check in checks if check.subject == "tips.csv"} == {True}
    assert command("verify", told / "report.html").exit_code == 0


def test_the_next_report_without_tips_has_none_and_says_how_to_get_them(told: Path, tmp_path: Path) -> None:
    case = small(tmp_path, JOBS)
    assert reported(case, tmp_path, "--tipping").exit_code == 0
    assert reported(case, tmp_path).exit_code == 0
    folder = tmp_path / "maps" / "small" / "base"
    assert not (folder / "tips.csv").exists()
    part = made(folder, "en").report.parts[0]
    assert "tips" not in {table.id for table in part.tables()}
    hint = "`regionopt report CASE --tipping`"
    assert any(isinstance(block, Paragraph) and hint in block.text for block in part.blocks)
    asked = made(told, "en").report.parts[0]
    assert not any(isinstance(block, Paragraph) and hint in block.text for block in asked.blocks)


def test_a_result_without_tips_cannot_tell_them(tmp_path: Path) -> None:
    case = small(tmp_path, JOBS)
    assert reported(case, tmp_path).exit_code == 0
    folder = tmp_path / "maps" / "small" / "base"
    refused = command("report", folder, "--tipping", "--lang", "en", "-q")
    assert refused.exit_code == 2
    assert "written without how far its returns may be off" in refused.output
    assert "regionopt report CASE --tipping" in refused.output


def test_whole_numbers_have_no_tips_and_nothing_is_written(tmp_path: Path) -> None:
    refused = command(
        "report", "taiwan-2040", "--scenario", "platforms", "--tipping", "--out", tmp_path, "--lang", "en", "-q"
    )
    assert refused.exit_code == 2
    assert "whole numbers" in refused.output
    assert list(tmp_path.iterdir()) == []


def test_a_case_without_a_plan_is_reported_as_ever(tmp_path: Path) -> None:
    clash = {**JOBS, "case.toml": JOBS["case.toml"] + "[regions.north]\nfloor = 9\n", "targets.csv": TOO_MUCH}
    case = small(tmp_path, clash)
    assert reported(case, tmp_path, "--tipping").exit_code == 1
    folder = tmp_path / "maps" / "small" / "base"
    assert json.loads((folder / "result.json").read_bytes())["status"] == "infeasible"
    assert not (folder / "tips.csv").exists()


TOO_MUCH = "metric,region,target,must\njobs,north,400,true\n"


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_more_tips_than_are_listed_are_counted(tmp_path: Path, language: str) -> None:
    """The built-in case: 20 of 40 returns change the plan, the nearest first; every number is one of the file."""
    run = ("report", "taiwan-2040", "--tipping", "--set", "regions.east.floor=30", "--out", tmp_path, "-q")
    assert command(*run).exit_code == 0
    (folder,) = (tmp_path / "taiwan-2040").iterdir()
    table = tips_of(made(folder, language).report.parts[0])
    changing = {row["path"] for row in rows((folder / "tips.csv").read_bytes()) if row["change"]}
    assert len(table.rows) == min(20, len(changing))
    assert (str(len(changing) - 20) in table.note) == (len(changing) > 20)
    margins = [min(abs(cell.value) for cell in row[1:3] if isinstance(cell, Number)) for row in table.rows]
    assert margins == sorted(margins)


def test_where_a_change_is_not_exact_the_file_says_how_well_it_is_known(tmp_path: Path) -> None:
    # The jobs count in a target and in the second stage.
    case = load(small(tmp_path, case_of('["worst_shortfall", "jobs"]', TWO, "jobs,north,40,\n")))
    found = rows(tips(case)["tips.csv"])
    known = {(row["metric"], row["exact"]): row["precision"] for row in found}
    assert known == {("jobs", "false"): str(PRECISION), ("output", "true"): ""}
