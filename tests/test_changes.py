"""`changes.csv`: what overrides and `--set` changed, written beside the result, covered by its certificate."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inputs import CASE, loaded, small
from typer.testing import CliRunner

from regionopt.case.case import load
from regionopt.case.changes import change_rows
from regionopt.case.patches import parse
from regionopt.cli.main import app

OVERRIDES = """
[overrides.early]
"budget.total" = { value = 80, source = "a draft", status = "press" }
"regions.north.floor" = 10
[overrides.scaled]
"returns.jobs.*" = "0.5x"
"regions.*.floor" = "+5"
[scenarios]
both = ["early", "scaled"]
"""
HEADER = ["path", "old", "new", "unit", "source", "by"]


def run(folder: Path, *arguments: str) -> Path:
    """The folder of a run of the small case with overrides."""
    case = small(folder / "case", {"case.toml": CASE + OVERRIDES})
    done = CliRunner().invoke(app, ["run", str(case), "--out", str(folder / "out"), "--name", "r", "-q", *arguments])
    assert done.exit_code == 0, done.output
    return folder / "out/small/r"


def rows(folder: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO((folder / "changes.csv").read_text(encoding="utf-8-sig"))))


def verified(folder: Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["verify", str(folder), "--lang", "en", "--case", str(folder.parents[2] / "case")])
    return done.exit_code, done.output


def test_every_change_is_written_in_order_with_unit_source_and_maker(tmp_path: Path) -> None:
    written = rows(run(tmp_path, "--scenario", "both", "--set", "budget.total=+2.5"))
    jobs = "jobs per NT$ billion"
    assert written == [
        HEADER,
        ["budget.total", "100.0", "80.0", "NT$ billion", "", "early"],
        ["regions.north.floor", "", "10.0", "NT$ billion", "", "early"],
        ["regions.north.floor", "10.0", "15.0", "NT$ billion", "scaled: add 5", "scaled"],
        ["budget.total", "80.0", "82.5", "NT$ billion", "--set: add 2.5", "--set"],
        ["returns.jobs.north.labs.1", "3.0", "1.5", jobs, "overrides.scaled", "scaled"],
        ["returns.jobs.north.labs.2", "2.0", "1.0", jobs, "overrides.scaled", "scaled"],
        ["returns.jobs.south.farms.1", "4.0", "2.0", jobs, "overrides.scaled", "scaled"],
    ]


def test_a_number_set_with_its_source_keeps_it(tmp_path: Path) -> None:
    assert rows(run(tmp_path, "--scenario", "early"))[1:] == [
        ["budget.total", "100.0", "80.0", "NT$ billion", "a draft", "early"],
        ["regions.north.floor", "", "10.0", "NT$ billion", "early", "early"],
    ]


def test_texts_and_lists_are_written_too(tmp_path: Path) -> None:
    written = rows(run(tmp_path, "--set", 'objective.stages=["jobs", "spend"]'))
    assert written[1][:3] == [
        "objective.stages",
        "worst_shortfall, total_shortfall, nearest_reference",
        "jobs, spend",
    ]


def test_without_changes_there_is_no_file(tmp_path: Path) -> None:
    folder = run(tmp_path)
    assert not (folder / "changes.csv").exists()
    assert not (run(tmp_path, "--set", "budget.total=100") / "changes.csv").exists()


def test_a_run_without_changes_takes_an_old_file_away(tmp_path: Path) -> None:
    assert (run(tmp_path, "--set", "budget.total=90") / "changes.csv").exists()
    assert not (run(tmp_path) / "changes.csv").exists()


def test_an_infeasible_run_says_what_was_changed(tmp_path: Path) -> None:
    case = small(tmp_path / "case")
    demands = ["--set", "targets.jobs.must=north"]
    done = CliRunner().invoke(app, ["run", str(case), "--out", str(tmp_path), "--name", "r", "-q", *demands])
    assert done.exit_code == 1
    assert rows(tmp_path / "small/r")[1][0] == "targets.jobs.must"


def test_verify_covers_the_file(tmp_path: Path) -> None:
    folder = run(tmp_path, "--scenario", "early")
    assert "changes.csv" in json.loads((folder / "certificate.json").read_bytes())["files"]
    assert verified(folder)[0] == 0
    changed = folder / "changes.csv"
    changed.write_bytes(changed.read_bytes().replace(b"80.0", b"81.0"))
    code, said = verified(folder)
    assert code == 1
    assert "FAILED       changes.csv is as it was written" in said
    assert "FAILED       scenario early" in said  # read again, the case says 80


def test_verify_finds_a_file_that_is_not_of_the_result(tmp_path: Path) -> None:
    folder = run(tmp_path)
    (folder / "changes.csv").write_text("path,old,new,unit,source,by\n")
    assert "FAILED       changes.csv belongs to this result" in verified(folder)[1]


def test_alternatives_written_later_are_no_stray_files(tmp_path: Path) -> None:
    folder = run(tmp_path)
    (folder / "alternatives").mkdir()
    assert verified(folder)[0] == 0


def test_show_changed_tells_the_same_as_the_file(tmp_path: Path) -> None:
    folder = run(tmp_path, "--scenario", "both")
    case = str(tmp_path / "case")
    shown = CliRunner().invoke(app, ["show", case, "--scenario", "both", "--changed", "--json"])
    told = [["" if row[k] is None else str(row[k]) for k in HEADER] for row in json.loads(shown.stdout)]
    assert told == rows(folder)[1:]
    table = CliRunner().invoke(app, ["show", case, "--scenario", "both", "--changed"]).stdout
    assert all(path in table for path, *_ in rows(folder)[1:])


def test_but_changes_what_set_changes(tmp_path: Path) -> None:
    case = loaded(tmp_path)
    one = case.but(**{"budget__total": 90, "returns.jobs.*": "0.9x", "regions__north__floor": 3})
    other = load(case.path, sets=["budget.total=90", "returns.jobs.*=0.9x", "regions.north.floor=3"])
    assert change_rows(one.resolved) == change_rows(other.resolved)
    assert one.name == other.name
    assert one.instance == other.instance
    assert case.instance.budget == 100  # the case itself stays as it is


@settings(deadline=None)
@given(st.floats(0.01, 1e6), st.sampled_from(["={}", "=+{}", "=-{}", "={}x"]))
def test_the_name_of_a_result_reads_back_to_the_same_change(value: float, form: str) -> None:
    """Two numbers, however near, are two folders."""
    text = "budget.total" + form.format(repr(value))
    case = load().patched(parse(text))
    (again,) = load(sets=[case.name.partition("~")[2]]).patches
    assert again == case.patches[0]


@pytest.mark.parametrize("value", ["{value=-3}", "{value=4.5}"])
def test_a_value_in_braces_reads_back(value: str) -> None:
    case = load().patched(parse(f"budget.total={value}"))
    assert case.name == f"base~budget.total={value}"
