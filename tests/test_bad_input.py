"""Broken input: one clear message a problem, all at once, in both languages; nothing written, nothing lost."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pytest
from broken import EVERY, UNKNOWN_KEYS, Broken
from inputs import CASE, small, snapshot, write
from shapely.geometry import box
from typer.testing import CliRunner, Result

from regionopt.case.case import load
from regionopt.cli.main import app
from regionopt.common.errors import InputError, LimitError, Problem
from regionopt.common.texts import catalogue
from regionopt.result import files
from regionopt.result.files import folder_name, write_file, write_folder
from regionopt.result.result import solve_case
from regionopt.run.validate import every_problem

CHINESE = re.compile("[\u4e00-\u9fff]")


def problems(broken: Broken, folder: Path) -> tuple[Problem, ...]:
    """Every problem that the library finds."""
    with pytest.raises(InputError) as caught:
        every_problem(load(small(folder, broken.files), broken.scenario, broken.sets))
    return caught.value.problems


@pytest.mark.parametrize("broken", EVERY, ids=lambda broken: broken.name)
def test_every_problem_at_once_with_place_value_rule_and_remedy(tmp_path: Path, broken: Broken) -> None:
    found = problems(broken, tmp_path)
    missing = list(broken.expected)
    for problem in found:
        shown = problem.sentence().removeprefix(problem.place)
        fits = [
            (code, place, value)
            for code, place, value in missing
            if code == problem.code
            and place in problem.sentence()
            and (value is None or shown.startswith(f" = {value}:"))
        ]
        assert fits, f"not expected: {problem.sentence()}"
        missing.remove(fits[0])
    assert not missing


@pytest.mark.parametrize("broken", EVERY, ids=lambda broken: broken.name)
def test_messages_are_one_line_each_in_both_languages(tmp_path: Path, broken: Broken) -> None:
    for problem in problems(broken, tmp_path):
        english, chinese = problem.sentence("en"), problem.sentence("zh-TW")
        assert english.isprintable()
        assert chinese.replace("\u3000", "").isprintable()
        assert len(english) < 2000
        assert "; " in english
        assert "；" in chinese
        assert CHINESE.search(chinese.split("：", 1)[1])
        assert "{" not in catalogue()["problem"][problem.code]["rule"]["en"].format_map(Known(problem.facts))
        assert not english.endswith(("mean: ", ": "))


class Known(dict[str, object]):
    """Facts of a problem; a placeholder without a fact stays as it is."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def command(*arguments: str | Path) -> Result:
    """The command in this process; what it raises unasked is raised here."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.mark.parametrize("broken", EVERY, ids=lambda broken: broken.name)
def test_the_command_stops_with_2_and_leaves_everything_as_it_was(tmp_path: Path, broken: Broken) -> None:
    case, out = small(tmp_path / "case", broken.files), tmp_path / "out"
    write(out / "small" / "base", {"result.json": "older", "allocation.csv": "older", "mine.txt": "mine"})
    before = snapshot(tmp_path)
    sets = [part for text in broken.sets for part in ("--set", text)]
    ran = command("run", case, "--out", out, "--scenario", broken.scenario, *sets, "--lang", "en")
    assert ran.exit_code == 2, ran.output
    assert ran.stdout == ""
    assert len(ran.stderr.splitlines()) == len(broken.expected)
    assert "Traceback" not in ran.stderr
    assert snapshot(tmp_path) == before


# --- files that are not there, or are something else ---------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("nothing", "case_missing"), ("nothing.toml", "file_missing"), ("", "file_missing"), (".", "file_missing"),
        ("a" * 5000, "file_unreadable"), ("a/b/c.toml", "file_missing"), ("taiwan-2O40", "case_missing"),
    ],
)  # fmt: skip
def test_no_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str, code: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as caught:
        load(case)
    assert [problem.code for problem in caught.value.problems] == [code]
    ran = command("run", case, "--lang", "zh-TW")
    assert ran.exit_code == 2
    assert CHINESE.search(ran.stderr)
    assert snapshot(tmp_path) == {}


def test_a_missing_case_names_the_built_in_one() -> None:
    with pytest.raises(InputError, match="taiwan-2040"):
        load("taiwan")


def test_nearest_names_are_offered(tmp_path: Path) -> None:
    """A slip of the keyboard is met with what was meant."""
    meant = {
        "budget.totl=1": "budget.total",
        "regions.nroth.floor=1": "regions.north.floor",
        "widths.north.lab.1=1": "widths.north.labs.1",
    }
    for text, name in meant.items():
        (problem,) = problems(Broken("", [], {}, [text]), tmp_path)
        assert name in problem.sentence()
    (unknown,) = problems(UNKNOWN_KEYS[3], tmp_path)
    assert "did you mean: total" in unknown.sentence()


def test_an_unused_override_with_an_unknown_path_is_found_by_validate(tmp_path: Path) -> None:
    """It would fail only when a scenario names it."""
    case = load(small(tmp_path, {"case.toml": CASE + "[overrides.later]\n'budget.totl' = 1\n"}))
    with pytest.raises(InputError) as caught:
        every_problem(case)
    assert [(p.code, p.place) for p in caught.value.problems] == [("unknown_path", "case.toml: overrides.later")]
    assert solve_case(case).status == "optimal"


def test_unreadable_workbooks(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.create_sheet("other")
    path = small(tmp_path, {"targets.csv": None})
    book.save(path.parent / "targets.xlsx")
    with pytest.raises(InputError) as caught:
        _ = load(path).resolved
    assert [p.code for p in caught.value.problems] == ["sheet_missing", "no_target"][:1]


# --- boundaries of one's own ---------------------------------------------------------------------------------


def boundaries(
    folder: Path, name: str, crs: str | None, codes: Sequence[str] = ("A", "B"), step: float = 1.0
) -> None:
    """Two squares near Taiwan, in degrees times `step`."""
    shapes = [box(120 * step, (22 + k) * step, 121 * step, (23 + k) * step) for k in range(len(codes))]
    gpd.GeoDataFrame({"code": list(codes)}, geometry=shapes, crs=crs).to_file(folder / name)


OWN_REGIONS = "region,name_zh,name_en,county_codes\nnorth,北,North,A\nsouth,南,South,B\n"


def own(folder: Path, geometry: str) -> Path:
    """The small case with counties A and B and a [geometry] of its own."""
    return small(folder, {"case.toml": f"{CASE}[geometry]\n{geometry}\n", "regions.csv": OWN_REGIONS})


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize(
    ("geometry", "crs", "step", "code"),
    [
        ("file = 'none.gpkg'", "EPSG:4326", 1, "boundaries_missing"),
        ("file = 'case.toml'", "EPSG:4326", 1, "boundaries_unreadable"),
        ("file = '.'", "EPSG:4326", 1, "boundaries_missing"),
        ("file = 'b.shp'", None, 1, "boundaries_no_crs"),
        ("file = 'b.shp'\ncrs = 'EPSG:0'", None, 1, "boundaries_crs_unknown"),
        ("file = 'b.gpkg'", "EPSG:4326", 1000, "boundaries_not_lonlat"),
        ("file = 'b.gpkg'", "EPSG:3826", 1, "boundaries_tiny"),
        ("file = 'b.gpkg'\nid = 'id'", "EPSG:4326", 1, "boundaries_id_column"),
        ("file = 'b.gpkg'\nlayer = 'x'", "EPSG:4326", 1, "boundaries_layer"),
    ],
)
def test_bad_boundaries(tmp_path: Path, geometry: str, crs: str | None, step: float, code: str) -> None:
    """Found by validate, and by run before anything is written."""
    case = own(tmp_path / "case", geometry)
    boundaries(case.parent, "b.shp" if "shp" in geometry else "b.gpkg", crs, step=step)
    with pytest.raises(InputError) as caught:
        every_problem(load(case))
    assert [problem.code for problem in caught.value.problems] == [code]
    ran = command("run", case, "--out", tmp_path / "out", "--lang", "zh-TW")
    assert ran.exit_code == 2
    assert CHINESE.search(ran.stderr)
    assert not (tmp_path / "out").exists()


def test_counties_are_checked_against_boundaries_of_ones_own(tmp_path: Path) -> None:
    case = own(tmp_path / "case", "file = 'b.gpkg'")
    boundaries(case.parent, "b.gpkg", "EPSG:4326", ["A", "C"])
    ran = command("run", case, "--out", tmp_path / "out", "--lang", "en")
    assert ran.exit_code == 2
    assert "regions.csv line 3 = B: no county has this code" in ran.stderr
    assert "geometry.outside = C: the county is in no region" in ran.stderr
    assert not (tmp_path / "out").exists()


def test_boundaries_without_a_crs_are_drawn_with_the_one_that_is_given(tmp_path: Path) -> None:
    case = own(tmp_path / "case", "file = 'b.shp'\ncrs = 'EPSG:4326'")
    with pytest.warns(UserWarning, match="crs"):
        boundaries(case.parent, "b.shp", None)
    ran = command("run", case, "--out", tmp_path / "out", "--quiet")
    assert (ran.exit_code, ran.output) == (0, "")
    assert (tmp_path / "out/small/base/map.html").stat().st_size > 10_000


# --- folders that cannot be written --------------------------------------------------------------------------


def no_space(*_: object, **__: object) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_disk_that_fills_leaves_the_older_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The third file no longer fits: exit 4, the older folder byte for byte, nothing beside it."""
    case, out = small(tmp_path / "case"), tmp_path / "out"
    assert command("run", case, "--out", out, "--quiet").exit_code == 0
    before, real, count = snapshot(tmp_path), Path.write_bytes, 0

    def fill(path: Path, content: bytes) -> int:
        nonlocal count
        count += 1
        return real(path, content) if count < 3 else no_space()

    monkeypatch.setattr(Path, "write_bytes", fill)
    ran = command("run", case, "--out", out, "--set", "budget.total=99", "--name", "base", "--lang", "en")
    assert ran.exit_code == 4
    assert "the disk is full" in ran.stderr
    assert snapshot(tmp_path) == before


def test_a_first_result_that_does_not_fit_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "write_bytes", no_space)
    with pytest.raises(LimitError) as caught:
        write_folder(tmp_path / "maps" / "case" / "base", {"a": b"b"})
    assert [problem.code for problem in caught.value.problems] == ["disk_full"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")
def test_a_really_full_disk(tmp_path: Path) -> None:
    """A file system of 64 KiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("tmpfs cannot be mounted here")
    try:
        write_folder(disk / "small" / "base", {"result.json": b"older"})
        before = snapshot(disk)
        with pytest.raises(LimitError) as caught:
            write_folder(disk / "small" / "base", {"result.json": b"x" * 200_000})
        assert [problem.code for problem in caught.value.problems] == ["disk_full"]
        assert snapshot(disk) == before
        assert len(list((disk / "small").iterdir())) == 1
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    ran = command("run", small(tmp_path / "case"), "--out", tmp_path / "out", "--lang", "en")
    assert ran.exit_code == 4
    assert "cannot be written" in ran.stderr
    assert (tmp_path / "out").read_text() == "mine"


def test_a_result_folder_that_is_a_file(tmp_path: Path) -> None:
    write(tmp_path / "out" / "small", {"base": "mine"})
    assert command("run", small(tmp_path / "case"), "--out", tmp_path / "out").exit_code == 4
    assert snapshot(tmp_path / "out") == {"small/base": b"mine"}


def test_a_folder_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may write everywhere: the refusal is the operating system's, simulated."""

    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(files.tempfile, "mkdtemp", refuse)
    ran = command("run", small(tmp_path / "case"), "--out", tmp_path / "out", "--lang", "en")
    assert ran.exit_code == 4
    assert "Permission denied" in ran.stderr
    assert not (tmp_path / "out").exists()


def test_a_case_in_a_read_only_folder_runs(tmp_path: Path) -> None:
    case = small(tmp_path / "case")
    before = snapshot(case.parent)
    case.parent.chmod(0o555)
    try:
        assert command("run", case, "--out", tmp_path / "out", "--quiet").exit_code == 0
    finally:
        case.parent.chmod(0o755)
    assert snapshot(case.parent) == before


@pytest.mark.parametrize("target", ["folder", "file/below.html"])
def test_a_map_that_cannot_be_written(tmp_path: Path, target: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("mine")
    with pytest.raises(LimitError) as caught:
        write_file(tmp_path / target, b"<html>")
    assert [problem.code for problem in caught.value.problems] == ["cannot_write"]
    assert snapshot(tmp_path) == {"file": b"mine"}


@pytest.mark.parametrize("name", ["..", ".", "", "...", ".hidden", " . "])
def test_names_that_are_no_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError) as caught:
        folder_name(name)
    assert [problem.code for problem in caught.value.problems] == ["unexpected_name"]
    assert command("run", small(tmp_path / "case"), "--out", tmp_path / "out", "--name", name).exit_code in (0, 2)
    assert not (tmp_path / "result.json").exists()


# --- results that are no results -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"no json", b"\xff\xfe", b'{"schema": "regionopt.result/2"}', b"[" * 9999]
)
def test_a_map_of_a_broken_result(tmp_path: Path, content: bytes) -> None:
    write(tmp_path / "result", {"result.json": content})
    ran = command("map", tmp_path / "result", "-o", tmp_path / "map.html", "--lang", "en")
    assert ran.exit_code == 2
    said = "this version reads the schema" if b"/2" in content else "this is not a result of this program"
    assert said in ran.stderr
    assert not (tmp_path / "map.html").exists()


def test_a_solver_that_does_not_exist(tmp_path: Path) -> None:
    case = small(tmp_path / "case")
    with pytest.raises(InputError, match="highs, cbc"):
        solve_case(load(case), "gurobi")
    assert command("run", case, "--solver", "gurobi", "--out", tmp_path / "out").exit_code == 2
    assert not (tmp_path / "out").exists()


def test_a_workbook_without_the_package_that_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment lacks something: exit 3, and what to install."""
    case = small(tmp_path / "case", {"targets.csv": None, "targets.xlsx": "any"})
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    told = command("validate", case, "--lang", "en")
    assert told.exit_code == 3
    assert "pip install 'regionopt[excel]'" in told.stderr
