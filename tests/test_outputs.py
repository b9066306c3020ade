"""What a run writes: columns and keys as other tools read them, numbers that can be recomputed, whole folders."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from inputs import CASE, COEFFICIENTS, small, snapshot, write, written
from typer.testing import CliRunner, Result

from regionopt.case.case import load
from regionopt.cli.main import app
from regionopt.common.document import ResultDocument
from regionopt.common.errors import LimitError
from regionopt.result import files as folders
from regionopt.result.files import OWN, folder_name, write_file, write_folder
from regionopt.result.outputs import files
from regionopt.result.result import solve_case

COLUMNS = {
    "allocation.csv": "region,programme,tranche,budget,output,jobs",
    "coefficients.csv": "region,programme,tranche,width,output_per_unit,jobs_per_unit",
    "targets.csv": "metric,region,target,reached,absolute_shortfall,relative_shortfall,met,must",
    "limits.csv": "region,floor,ceiling",
}
KEYS = [
    "schema",
    "case",
    "title",
    "scenario",
    "status",
    "stages",
    "budget",
    "regions",
    "facts",
    "certificate",
    "provenance",
]
REGION_KEYS = [
    "id", "name_zh", "name_en", "budget", "share", "output", "output_target", "output_shortfall",
    "jobs", "jobs_target", "jobs_shortfall",
]  # fmt: skip


def command(*arguments: str | Path) -> Result:
    """The command in this process."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def ran(folder: Path, *arguments: str | Path) -> Path:
    """The folder of a run that went well."""
    result = command("run", *arguments, "--out", folder, "--json")
    assert result.exit_code == 0, result.output
    (found,) = folder.glob("*/*/result.json")
    return found.parent


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ran(tmp_path_factory.mktemp("base"), "--set", "regions.east.floor_share=0.02")


@pytest.fixture(scope="module")
def little(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("little")
    limits = "[regions.north]\nfloor = 0.1\nceiling_share = 0.7\n"
    return ran(folder / "out", small(folder / "case", {"case.toml": CASE + limits}))


@pytest.fixture(params=["base", "little"])
def result(request: pytest.FixtureRequest) -> Path:
    """The built-in case and the small one."""
    folder: Path = request.getfixturevalue(request.param)
    return folder


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


# --- columns, encoding, decimals -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_and_encoding(result: Path, name: str) -> None:
    """UTF-8 with BOM, lines ended by a line feed, columns as documented."""
    content = (result / name).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    assert content.endswith(b"\n")
    assert content.decode("utf-8-sig").splitlines()[0] == COLUMNS[name]


def test_files_of_a_run(base: Path, little: Path) -> None:
    """A case whose regions have no counties is not drawn."""
    named = {"result.json", "run.json", "certificate.json", *COLUMNS}
    assert {path.name for path in base.iterdir()} == {*named, "map.html", "map.json", "changes.csv"}
    assert {path.name for path in little.iterdir()} == named


@pytest.mark.parametrize(
    ("name", "decimals"),
    [
        ("allocation.csv", {"budget": 6, "output": 6, "jobs": 3}),
        ("targets.csv", {"reached": 6, "absolute_shortfall": 6, "relative_shortfall": 9}),
    ],
)
def test_results_have_fixed_decimals(result: Path, name: str, decimals: dict[str, int]) -> None:
    for row in rows(result, name):
        for column, count in decimals.items():
            assert re.fullmatch(rf"\d+\.\d{{{count}}}", row[column]), (column, row[column])


def test_what_the_solver_was_given_reads_back_exactly(tmp_path: Path) -> None:
    """Numbers that no fixed decimals could hold: 0.1, a third, 1e-7 and 123456789.123."""
    awkward = ["0.1", repr(1 / 3), "1e-07", "123456789.123"]
    header = COEFFICIENTS.splitlines()[0]
    case = small(
        tmp_path / "case",
        {
            "coefficients.csv": f"{header}\nnorth,labs,1,{awkward[3]},{awkward[1]},{awkward[0]}\n"
            f"south,farms,1,{awkward[1]},{awkward[0]},{awkward[2]}\n",
            "case.toml": CASE.replace("100", awkward[1])
            + f"[regions.north]\nfloor = {awkward[2]}\nceiling = {awkward[0]}\n",
        },
    )
    content = files(solve_case(load(case)))
    write(tmp_path / "out", content)
    instance = load(case).instance
    given = [(t.width, t.returns["output"], t.returns["jobs"]) for t in instance.tranches]
    columns = ("width", "output_per_unit", "jobs_per_unit")
    read = [tuple(float(row[column]) for column in columns) for row in rows(tmp_path / "out", "coefficients.csv")]
    assert read == given
    assert [float(row["target"]) for row in rows(tmp_path / "out", "targets.csv")] == [
        t.target for t in instance.targets
    ]
    limits = rows(tmp_path / "out", "limits.csv")
    assert limits[0] == {"region": "north", "floor": "1e-07", "ceiling": "0.1"}
    assert limits[1] == {"region": "south", "floor": "", "ceiling": ""}
    assert json.loads(content["result.json"])["budget"]["total"] == 1 / 3


def test_the_built_in_case_reads_back_exactly(base: Path) -> None:
    instance = load(sets=["regions.east.floor_share=0.02"]).instance
    table = rows(base, "coefficients.csv")
    assert [(r["region"], r["programme"], int(r["tranche"])) for r in table] == [
        (t.region, t.programme, t.tranche) for t in instance.tranches
    ]
    assert [float(r["width"]) for r in table] == [t.width for t in instance.tranches]
    assert [float(r["jobs_per_unit"]) for r in table] == [t.returns["jobs"] for t in instance.tranches]
    (east,) = [row for row in rows(base, "limits.csv") if row["region"] == "east"]
    assert float(east["floor"]) == 0.02 * 712.5
    assert east["ceiling"] == ""


# --- sums and shortfalls, recomputed from the files alone ----------------------------------------------------


def test_allocation_sums_to_regions_and_to_what_is_spent(result: Path) -> None:
    """Each of the rows is rounded to 6 decimals: a sum of n rows is off by n halves at most."""
    document: Any = written(result)
    allocation = rows(result, "allocation.csv")
    for region in document["regions"]:
        mine = [float(row["budget"]) for row in allocation if row["region"] == region["id"]]
        assert sum(mine) == pytest.approx(region["budget"], abs=0.5e-6 * (len(mine) + 1))
        assert region["share"] == pytest.approx(region["budget"] / document["budget"]["total"], abs=1e-8)
    spent, total = document["budget"]["spent"], document["budget"]["total"]
    assert sum(region["budget"] for region in document["regions"]) == pytest.approx(spent, abs=1e-5)
    assert document["budget"]["unspent"] == pytest.approx(total - spent, abs=1e-6)
    assert spent <= total + 1e-6


def test_no_tranche_gets_more_than_its_width(result: Path) -> None:
    for paid, offered in zip(rows(result, "allocation.csv"), rows(result, "coefficients.csv"), strict=True):
        assert [paid[key] for key in ("region", "programme", "tranche")] == [
            offered[key] for key in ("region", "programme", "tranche")
        ]
        assert float(paid["budget"]) <= float(offered["width"]) + 1e-6


def test_reached_is_the_sum_of_returns_times_allocation(result: Path) -> None:
    reached: dict[tuple[str, str], float] = {}
    for paid, offered in zip(rows(result, "allocation.csv"), rows(result, "coefficients.csv"), strict=True):
        for metric in ("output", "jobs"):
            gained = float(offered[f"{metric}_per_unit"]) * float(paid["budget"])
            assert float(paid[metric]) == pytest.approx(gained, abs=1e-3)
            key = (metric, offered["region"])
            reached[key] = reached.get(key, 0.0) + gained
    for row in rows(result, "targets.csv"):
        assert float(row["reached"]) == pytest.approx(reached[row["metric"], row["region"]], abs=1e-2)


def test_shortfalls_are_what_is_missing_of_the_target(result: Path) -> None:
    document: Any = written(result)
    regions = {region["id"]: region for region in document["regions"]}
    for row in rows(result, "targets.csv"):
        target, reached = float(row["target"]), float(row["reached"])
        missing = max(0.0, target - reached)
        assert float(row["absolute_shortfall"]) == pytest.approx(missing, abs=2e-6)
        assert float(row["relative_shortfall"]) == pytest.approx(missing / target, abs=1e-7)
        assert row["met"] == ("true" if missing / target <= 1e-8 else "false")
        assert row["must"] == "false"
        region = regions[row["region"]]
        assert region[f"{row['metric']}_target"] == target
        assert region[row["metric"]] == pytest.approx(reached, abs=1e-3)
        assert region[f"{row['metric']}_shortfall"] == float(row["relative_shortfall"])
    worst = document["stages"][0]
    assert worst["name"] == "worst_shortfall"
    assert worst["value"] == pytest.approx(
        max(float(r["relative_shortfall"]) for r in rows(result, "targets.csv")), abs=1e-8
    )


def test_limits_hold(result: Path) -> None:
    document: Any = written(result)
    budgets = {region["id"]: region["budget"] for region in document["regions"]}
    for row in rows(result, "limits.csv"):
        assert budgets[row["region"]] >= float(row["floor"] or 0) - 1e-6
        assert budgets[row["region"]] <= float(row["ceiling"] or "inf") + 1e-6


def test_a_target_that_is_met_and_one_that_must_be(tmp_path: Path) -> None:
    """South can reach 320 jobs with its 80; it must, and does."""
    targets = "metric,region,target,must\njobs,south,320,true\noutput,north,1e6,\n"
    folder = ran(tmp_path / "out", small(tmp_path / "case", {"targets.csv": targets}))
    south, north = rows(folder, "targets.csv")
    assert (south["reached"], south["relative_shortfall"], south["met"], south["must"]) == (
        "320.000000", "0.000000000", "true", "true",
    )  # fmt: skip
    assert (north["met"], north["must"]) == ("false", "false")


def test_a_region_without_target_has_none_and_no_shortfall(tmp_path: Path) -> None:
    """What does not exist is null, never 0."""
    folder = ran(tmp_path / "out", small(tmp_path / "case", {"targets.csv": "metric,region,target\njobs,south,10\n"}))
    document: Any = written(folder)
    north, south = document["regions"]
    assert (north["jobs_target"], north["jobs_shortfall"], north["output_shortfall"]) == (None, None, None)
    assert (south["jobs_target"], south["jobs_shortfall"]) == (10.0, 0.0)
    assert document["facts"]["implied_leverage"] is None
    assert (north["population"], north["budget_per_head"]) == (None, None)


def test_facts_beside_the_plan(base: Path) -> None:
    """Leverage is 7,000 / 712.5; all tranches together do not reach the jobs targets."""
    document: Any = written(base)
    facts = document["facts"]
    assert facts["implied_leverage"] == pytest.approx(7000 / 712.5, abs=1e-9)
    assert facts["smallest_budget"] is None
    assert facts["weakest_standing"] == "assumption"
    assert document["certificate"]["passed"] is True
    assert document["certificate"]["largest_violation"] <= document["certificate"]["tolerance"]


def test_the_smallest_budget_meets_every_target(tmp_path: Path) -> None:
    """South needs 100/4 = 25 for its jobs; north's 30 output cost 15. Together 40."""
    targets = {"targets.csv": "metric,region,target\njobs,south,100\noutput,north,30\n"}
    folder = ran(tmp_path / "out", small(tmp_path / "case", targets))
    document: Any = written(folder)
    assert document["facts"]["smallest_budget"] == 40.0
    assert {row["met"] for row in rows(folder, "targets.csv")} == {"true"}


def test_money_that_nothing_can_take_is_reported_with_its_reason(tmp_path: Path) -> None:
    """Widths are 160 in all, 80 in each region: of 500, 340 are left. A share is one of the budget."""
    folder = ran(
        tmp_path / "out", small(tmp_path / "case"), "--set", "budget.total=500", "--set", "objective.stages=jobs"
    )
    document: Any = written(folder)
    budget = document["budget"]
    assert [region["share"] for region in document["regions"]] == [80 / 500, 80 / 500]
    assert (budget["spent"], budget["unspent"], budget["unspent_reason"]) == (160.0, 340.0, "nothing_left_to_fund")


def test_per_head_is_in_single_units(base: Path) -> None:
    """NT$ billion over residents: 232 bn for 7.3 million people are some 31,600 NT$ each."""
    document: Any = written(base)
    for region in document["regions"]:
        assert region["budget_per_head"] == pytest.approx(region["budget"] * 1e9 / region["population"], abs=0.01)
    assert 25_000 < document["regions"][0]["budget_per_head"] < 40_000


# --- result.json ---------------------------------------------------------------------------------------------


def test_the_result_document_keeps_its_schema_and_order(result: Path) -> None:
    content = (result / "result.json").read_bytes()
    document: Any = json.loads(content)
    assert document["schema"] == "regionopt.result/1"
    assert list(document) == KEYS
    assert all(list(region)[: len(REGION_KEYS)] == REGION_KEYS for region in document["regions"])
    assert list(document["budget"])[:4] == ["total", "spent", "unspent", "unit"]
    again = ResultDocument.model_validate_json(content).model_dump(mode="json", by_alias=True)
    assert (json.dumps(again, ensure_ascii=False, indent=2) + "\n").encode() == content
    assert "臺" in content.decode() or "小案例" in content.decode()


def test_provenance_names_files_and_changes_and_no_place_on_this_machine(base: Path) -> None:
    content = (base / "result.json").read_text(encoding="utf-8")
    provenance = json.loads(content)["provenance"]
    assert provenance["overrides"] == ["--set: regions.east.floor_share"]
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in provenance["inputs"].values())
    assert {"taiwan-2040.toml", "facts.csv", "statistics.csv"} <= set(provenance["inputs"])
    assert all("/" not in name for name in provenance["inputs"])
    assert provenance["geometry"] == "built-in"
    assert str(Path.home()) not in content
    assert str(base) not in content


def test_digests_are_those_of_the_files(tmp_path: Path) -> None:
    import hashlib

    case = small(tmp_path / "case")
    inputs = load(case).inputs
    for name in ("case.toml", "regions.csv", "coefficients.csv", "targets.csv"):
        assert inputs[name] == hashlib.sha256((case.parent / name).read_bytes()).hexdigest()


def test_json_on_stdout_is_the_file(tmp_path: Path) -> None:
    result = command("run", small(tmp_path / "case"), "--out", tmp_path / "out", "--json")
    assert result.stderr == ""
    assert result.stdout_bytes == (tmp_path / "out/small/base/result.json").read_bytes()


# --- the same bytes ------------------------------------------------------------------------------------------


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    """With other hash seeds, other languages of the terminal and other working folders; run.json alone may differ."""
    shots = []
    for seed, language in (("1", "C.UTF-8"), ("2", "zh_TW.UTF-8")):
        folder = tmp_path / seed
        folder.mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": seed, "LANG": language}
        order = [sys.executable, "-m", "regionopt", "run", "--lang", "zh-TW", "--quiet", "--save-lp"]
        subprocess.run(order, check=True, cwd=folder, env=environment)
        shots.append(snapshot(folder))
    first, second = shots
    assert list(first) == list(second)
    differing = {name for name in first if first[name] != second[name]}
    assert differing <= {"maps/taiwan-2040/base/run.json"}
    assert "maps/taiwan-2040/base/model.lp" in first


def test_the_record_of_a_run(base: Path) -> None:
    record = json.loads((base / "run.json").read_text(encoding="utf-8"))
    assert record["schema"] == "regionopt.run/1"
    assert {"command", "solver", "seconds", "python", "versions"} <= set(record)
    assert {"regionopt", "highspy", "pulp", "geopandas"} <= set(record["versions"])


# --- infeasible ----------------------------------------------------------------------------------------------

MUST = "metric,region,target,must\njobs,south,1000,true\n"


def test_infeasible_is_told_and_nothing_is_allocated(tmp_path: Path) -> None:
    """South's 80 give at most 320 jobs of the 1,000 it must reach. An older plan and map of this folder go."""
    write(tmp_path / "out/small/base", {"allocation.csv": "old", "map.html": "old", "note.txt": "mine"})
    case = small(tmp_path / "case", {"targets.csv": MUST})
    result = command("run", case, "--out", tmp_path / "out", "--lang", "en")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "South must reach its jobs target of 1,000 jobs" in result.stderr
    folder = tmp_path / "out/small/base"
    assert {path.name for path in folder.iterdir()} == {
        "result.json", "run.json", "diagnosis.json", "certificate.json",
        "coefficients.csv", "targets.csv", "limits.csv", "note.txt",
    }  # fmt: skip
    document: Any = written(folder)
    assert document["status"] == "infeasible"
    assert (document["stages"], document["certificate"]) == ([], None)
    assert document["budget"]["spent"] is None
    assert [region["budget"] for region in document["regions"]] == [None, None]
    assert rows(folder, "targets.csv")[0]["reached"] == ""
    diagnosis = json.loads((folder / "diagnosis.json").read_bytes())
    assert diagnosis["schema"] == "regionopt.diagnosis/2"
    assert [entry["path"] for entry in diagnosis["clashing"]] == ["targets.jobs.south", "widths.south.*"]
    assert "take at most NT$\u00a080 billion" in diagnosis["clashing"][1]["sentence"]["en"]
    assert "320 jobs" in diagnosis["clashing"][1]["sentence"]["en"]
    assert set(diagnosis["clashing"][0]["sentence"]) == {"en", "zh"}


def test_infeasible_as_json(tmp_path: Path) -> None:
    case = small(tmp_path / "case", {"targets.csv": MUST})
    result = command("run", case, "--out", tmp_path / "out", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["status"] == "infeasible"


def test_an_optimal_run_removes_an_older_diagnosis(tmp_path: Path) -> None:
    write(tmp_path / "out/small/base", {"diagnosis.json": "old", "model.lp": "old"})
    folder = ran(tmp_path / "out", small(tmp_path / "case"))
    assert not (folder / "diagnosis.json").exists()
    assert not (folder / "model.lp").exists()


# --- whole folders -------------------------------------------------------------------------------------------


def test_what_is_not_of_this_program_is_kept(tmp_path: Path) -> None:
    """Notes, folders, links and links to nowhere."""
    folder = tmp_path / "base"
    write(folder, {"allocation.csv": "old", "notes.md": "mine"})
    write(folder / "figures", {"a.png": "mine"})
    (folder / "link").symlink_to("notes.md")
    (folder / "nowhere").symlink_to("gone")
    (folder / "elsewhere").symlink_to(tmp_path, target_is_directory=True)
    write_folder(folder, {"result.json": b"new"})
    assert (folder / "result.json").read_bytes() == b"new"
    assert (folder / "notes.md").read_text() == "mine"
    assert (folder / "figures/a.png").read_text() == "mine"
    assert not (folder / "allocation.csv").exists()
    assert [os.readlink(folder / name) for name in ("link", "nowhere")] == ["notes.md", "gone"]
    assert (folder / "elsewhere").is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base"]


def test_a_folder_that_is_a_link_stays_one(tmp_path: Path) -> None:
    """Twice, as the second time meets what the first left."""
    (tmp_path / "real").mkdir()
    (tmp_path / "base").symlink_to(tmp_path / "real", target_is_directory=True)
    for content in (b"1", b"2"):
        write_folder(tmp_path / "base", {"result.json": content})
        assert (tmp_path / "base").is_symlink()
        assert snapshot(tmp_path / "real") == {"result.json": content}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base", "real"]


class CrashError(BaseException):
    """The process is gone: nothing after it runs."""


def crashing(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """`Path.replace` dies the `at`-th time, and clearing up dies with it."""
    calls: Iterator[int] = iter(range(1, 99))
    real = Path.replace

    def replace(path: Path, target: Path) -> Path:
        if next(calls) == at:
            raise CrashError
        return real(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(folders.shutil, "rmtree", lambda *_, **__: None)


@pytest.mark.parametrize("at", [1, 2])
def test_a_crash_between_the_renames_is_recovered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """Before the first rename the old folder stands; after it, it lies aside, and the next run puts it back."""
    folder = tmp_path / "base"
    write_folder(folder, {"result.json": b"old"})
    write(folder, {"notes.md": "mine"})
    with monkeypatch.context() as patched:
        crashing(patched, at)
        with pytest.raises(CrashError):
            write_folder(folder, {"result.json": b"new"})
    aside = tmp_path / ".base.before"
    assert (folder if at == 1 else aside).joinpath("result.json").read_bytes() == b"old"
    write_folder(folder, {"result.json": b"newer"})
    assert snapshot(folder) == {"result.json": b"newer", "notes.md": b"mine"}
    assert not aside.exists()


def test_a_crash_after_the_renames_leaves_the_new_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "base"
    write_folder(folder, {"result.json": b"old"})
    with monkeypatch.context() as patched:
        patched.setattr(folders.shutil, "rmtree", lambda *_, **__: None)
        write_folder(folder, {"result.json": b"new"})
    assert (tmp_path / ".base.before").exists()
    write_folder(folder, {"result.json": b"newer"})
    assert snapshot(tmp_path) == {"base/result.json": b"newer"}


def test_a_refused_rename_puts_the_old_folder_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "base"
    write_folder(folder, {"result.json": b"old"})
    real = Path.replace

    def replace(path: Path, target: Path) -> Path:
        if target == folder and ".before" not in path.name:
            raise PermissionError(13, "Permission denied")
        return real(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(LimitError):
        write_folder(folder, {"result.json": b"new"})
    assert snapshot(tmp_path) == {"base/result.json": b"old"}


def test_files_and_folders_have_ordinary_permissions(tmp_path: Path) -> None:
    """Temporary folders are private; what takes their place is as the umask says."""
    mask = os.umask(0o022)
    try:
        write_folder(tmp_path / "base", {"result.json": b"x"})
        write_file(tmp_path / "map.html", b"x")
    finally:
        os.umask(mask)
    modes = [(tmp_path / name).stat().st_mode & 0o777 for name in ("base", "base/result.json", "map.html")]
    assert modes == [0o755, 0o644, 0o644]


def test_a_file_is_replaced_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_file(tmp_path / "new/map.html", b"old")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(LimitError, match="disk is full"):
        write_file(tmp_path / "new/map.html", b"new")
    assert snapshot(tmp_path) == {"new/map.html": b"old"}


def test_own_names_are_those_that_are_written(base: Path, little: Path) -> None:
    """A file that is written and not in the list would be kept from an older run."""
    assert {path.name for folder in (base, little) for path in folder.iterdir()} <= OWN
    assert {"diagnosis.json", "model.lp"} <= OWN


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("base~budget.total=190", "base~budget.total=190"),
        ("base~returns.jobs.*=0.9x", "base~returns.jobs._=0.9x"),
        ('a<b>c:d"e/f\\g|h?i*j', "a_b_c_d_e_f_g_h_i_j"),
        ("line\nbreak\x00", "line_break_"),
        ("dots...", "dots"),
        ("情境 甲", "情境 甲"),
    ],
)
def test_folder_names(name: str, folder: str) -> None:
    assert folder_name(name) == folder


def test_long_names_are_cut_and_stay_apart() -> None:
    """Two settings of 300 characters that differ in the last one are two folders."""
    names = [folder_name("東" * 300 + end) for end in "ab"]
    assert names[0] != names[1]
    assert all(len(name.encode()) <= 200 for name in names)
    assert folder_name("x" * 200) == "x" * 200


def test_runs_beside_each_other(tmp_path: Path) -> None:
    """A scenario, a --set and a --name each have their folder; a second run replaces only its own."""
    case = small(tmp_path / "case")
    for extra in ([], ["--set", "budget.total=50"], ["--name", "mine"], []):
        assert command("run", case, "--out", tmp_path / "out", "--quiet", *extra).exit_code == 0
    assert sorted(path.name for path in (tmp_path / "out/small").iterdir()) == [
        "base",
        "base~budget.total=50",
        "mine",
    ]
    shutil.rmtree(tmp_path / "out/small/mine")
    assert written(tmp_path / "out/small/base")["scenario"] == "base"
    less: Any = written(tmp_path / "out/small/base~budget.total=50")
    assert (less["scenario"], less["budget"]["total"]) == ("base~budget.total=50", 50.0)
