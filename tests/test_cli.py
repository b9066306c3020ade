"""The command line as a user meets it: help, exit codes, what goes where, names of folders, what is not imported."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from inputs import CASE, COEFFICIENTS, small, snapshot, written
from typer.main import get_command
from typer.testing import CliRunner, Result

import regionopt as ro
from regionopt.case.sources import data_folder
from regionopt.cli.help import catalogue, sentences
from regionopt.cli.main import app
from regionopt.common.document import ResultDocument
from regionopt.common.errors import Problem, ToolError
from regionopt.run import starter
from regionopt.telling.wording import findings

COMMANDS = ("run", "validate", "show", "new", "map", "schema", "cite", "alternatives")
CHINESE = re.compile("[\u4e00-\u9fff]")
EXECUTABLE = Path(sys.executable).parent / "regionopt"


def command(*arguments: str | Path) -> Result:
    """The command in this process."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def process(*arguments: str | Path, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """The installed command in a process of its own."""
    return subprocess.run(
        [EXECUTABLE, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return small(tmp_path / "case")


# --- help, version, language ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*COMMANDS, "tutorial"])
def test_help_has_an_example_and_the_options_of_every_command(name: str) -> None:
    shown = command(name, "--help")
    assert shown.exit_code == 0
    assert f"Example: regionopt {name}" in shown.stdout
    for option in ("--lang", "--quiet", "--debug", "--version"):
        assert option in shown.stdout
    assert command(name, "-h").stdout == shown.stdout


def test_help_lists_the_commands() -> None:
    shown = command("--help").stdout
    assert all(re.search(rf"\b{name}\b", shown) for name in COMMANDS)


@pytest.mark.parametrize("arguments", [["--version"], *([name, "--version"] for name in COMMANDS)])
def test_version(arguments: list[str]) -> None:
    shown = command(*arguments)
    assert (shown.exit_code, shown.stdout) == (0, f"regionopt {version('regionopt')}\n")


def test_the_examples_of_help_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each as it stands, in an empty folder, in the order of the commands."""
    monkeypatch.chdir(tmp_path)
    for name in ("new", "validate", "show", "schema", "cite", "run"):
        (example,) = re.findall(r"Example: regionopt ([^\n│]*)", command(name, "--help").stdout)
        words = example.split(">")[0].split()
        assert command(*words).exit_code == 0, example


def test_every_sentence_of_help_is_there_in_chinese_and_no_other() -> None:
    frame = {"Arguments", "Options", "Commands"}
    assert {*sentences(get_command(app)), *frame} == set(catalogue())


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["sweep", "-h"]])
def test_help_is_chinese_where_it_is_asked_for_so(arguments: list[str]) -> None:
    said = process(*arguments, "--lang=zh-TW") if len(arguments) > 1 else process(*arguments, LC_ALL="zh_TW.UTF-8")
    assert said.returncode == 0
    words = re.findall(r"[A-Za-z]{4,} [a-z]{2,} [a-z]{2,}", said.stdout.replace("regionopt", ""))
    assert CHINESE.search(said.stdout)
    assert words == []
    assert not CHINESE.search(process(*arguments, LC_ALL="C.UTF-8").stdout)


@pytest.mark.parametrize(
    ("variables", "chinese"),
    [
        ({"LANG": "zh_TW.UTF-8"}, True),
        ({"LANG": "en_US.UTF-8"}, False),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_TW.UTF-8"}, False),
    ],
)
def test_the_language_follows_the_locale(tmp_path: Path, variables: dict[str, str], chinese: bool) -> None:
    blank = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": ""}
    told = process("run", "nothing", cwd=tmp_path, **{**blank, **variables})
    assert told.returncode == 2
    assert bool(CHINESE.search(told.stderr)) is chinese


@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_language_of_every_message(case: Path, tmp_path: Path, language: str) -> None:
    shown = command("run", case, "--out", tmp_path / "out", "--lang", language)
    assert shown.exit_code == 0
    assert ("小案例" in shown.stdout) is (language == "zh-TW")
    assert ("Small case" in shown.stdout) is (language == "en")
    assert bool(CHINESE.search(shown.stderr)) is (language == "zh-TW")
    valid = command("validate", case, "--lang", language)
    assert bool(CHINESE.search(valid.stderr)) is (language == "zh-TW")


# --- exit codes and streams ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "nothing"], ["run", "--solver", "none"], ["run", "--lang", "fr"], ["run", "--nonsense"],
        ["run", "a", "b"], ["nonsense"], ["new"], ["validate"], ["schema", "--of", "map"], ["show", "nothing"],
        ["map", "nothing"], ["run", "--set", "budget.total"], ["validate", "taiwan-2040", "--scenario", "none"],
    ],
)  # fmt: skip
def test_misuse_is_2(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = command(*arguments)
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr
    assert "Traceback" not in told.stderr
    assert snapshot(tmp_path) == {}


def test_debug_shows_the_traceback_and_nothing_else_does(tmp_path: Path) -> None:
    plain, debug = (process("validate", "nothing", *extra, cwd=tmp_path) for extra in ([], ["--debug"]))
    assert plain.returncode == 2
    assert len(plain.stderr.splitlines()) == 1
    assert "Traceback" in debug.stderr
    assert debug.returncode != 0


def test_an_error_inside_is_3_and_asks_for_a_report(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError("by design")

    monkeypatch.setattr("regionopt.run.validate.every_problem", broken)
    told = command("validate", case, "--lang", "en")
    assert told.exit_code == 3
    assert (
        told.stderr == "Internal error: ZeroDivisionError: by design. Please report it with the output of --debug.\n"
    )


def test_a_solver_that_breaks_is_3(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ToolError([Problem("solver_failed", "highs", "unknown")])

    monkeypatch.setattr("regionopt.run.run.solve_case", broken)
    told = command("run", case, "--out", tmp_path / "out", "--lang", "en")
    assert told.exit_code == 3
    assert "the solver did not give a usable answer" in told.stderr
    assert not (tmp_path / "out").exists()


def test_data_goes_to_stdout_and_messages_to_stderr(case: Path, tmp_path: Path) -> None:
    shown = command("run", case, "--out", tmp_path / "out", "--lang", "en")
    assert shown.stderr.splitlines()[-1] == f"Written to {tmp_path / 'out/small/base'}"
    assert "Written" not in shown.stdout
    assert "North" in shown.stdout


def test_the_summary_says_what_is_in_the_file(case: Path, tmp_path: Path) -> None:
    shown = command("run", case, "--out", tmp_path / "out", "--lang", "en")
    document = ResultDocument.model_validate(written(tmp_path / "out/small/base"))
    sentences = list(findings(document, "en"))
    assert len(sentences) >= 5
    assert [sentence for sentence in sentences if sentence not in shown.stdout] == []
    assert "No map: the regions have no counties" in shown.stderr


def test_quiet_is_silent(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for arguments in (
        ["new", tmp_path / "new"],
        ["validate", tmp_path / "new"],
        ["run", tmp_path / "new", "--out", out],
        ["map", out / "my-case/base", "--output", tmp_path / "map.html"],
    ):
        shown = command(*arguments, "--quiet")
        assert (shown.exit_code, shown.output) == (0, ""), arguments


@pytest.mark.parametrize(("extra", "told"), [([], True), (["--quiet"], False), (["--json"], False)])
def test_progress_is_told_on_a_terminal(case: Path, tmp_path: Path, extra: list[str], told: bool) -> None:
    pty = pytest.importorskip("pty")
    terminal, stderr = pty.openpty()
    order = [EXECUTABLE, "run", case, "--out", tmp_path / "out", "--lang", "en", *extra]
    subprocess.run(order, check=True, stdout=subprocess.DEVNULL, stderr=stderr, env={**os.environ, "TERM": "xterm"})
    os.write(stderr, b"END")
    shown = b""
    while not shown.endswith(b"END"):
        shown += os.read(terminal, 1000)
    os.close(stderr)
    os.close(terminal)
    hides_the_cursor = b"\x1b[?25l"
    assert (hides_the_cursor in shown) is told


def test_quiet_still_says_what_is_wrong() -> None:
    assert command("validate", "nothing", "-q").stderr != ""


@pytest.mark.parametrize(
    "arguments",
    [["run"], ["validate"], ["show"], ["show", "--changed"], ["show", "--changed", "--set", "budget.total=7"]],
)
def test_json_alone_is_on_stdout(case: Path, tmp_path: Path, arguments: list[str]) -> None:
    name, *rest = arguments
    out = ["--out", str(tmp_path / "out")] if name == "run" else []
    shown = command(name, case, *rest, *out, "--json", "--lang", "en")
    assert (shown.exit_code, shown.stderr) == (0, "")
    json.loads(shown.stdout)


def test_json_of_a_broken_case_lists_the_problems(case: Path) -> None:
    shown = command("validate", case, "--json", "--set", "budget.total=-900", "--set", "a=1", "--lang", "en")
    assert shown.exit_code == 2
    told = json.loads(shown.stdout)["problems"]
    assert shown.stderr.splitlines() == told
    assert len(told) == 2


@pytest.mark.parametrize("arguments", [["cite"], ["show"], ["schema"]], ids="".join)
def test_whoever_stops_reading_is_no_internal_error(arguments: list[str]) -> None:
    """`regionopt cite | head -1`."""
    piped = subprocess.Popen([EXECUTABLE, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert piped.stdout is not None
    assert piped.stderr is not None
    piped.stdout.close()
    said = piped.stderr.read().decode()
    piped.stderr.close()
    piped.wait()
    assert "Internal error" not in said
    assert "Traceback" not in said


def test_a_terminal_without_chinese_is_no_error(case: Path) -> None:
    shown = process("show", case, "--lang", "zh-TW", PYTHONIOENCODING="ascii")
    assert shown.returncode == 0
    assert "\\u" in shown.stdout
    assert json.loads(process("show", case, "--json", PYTHONIOENCODING="ascii").stdout)


# --- validate and show ---------------------------------------------------------------------------------------


def test_validate_counts_numbers_and_says_their_standing(case: Path) -> None:
    shown = command("validate", case, "--lang", "en")
    assert shown.stdout == ""
    numbers = len(ro.load(case).resolved.numbers)
    assert shown.stderr == f"{case}: no problem found ({numbers} numbers, weakest standing: assumption).\n"


def test_validate_accepts_every_scenario_of_the_built_in_case() -> None:
    for scenario in ("base", *ro.load().document.scenarios):
        assert command("validate", "taiwan-2040", "--scenario", scenario).exit_code == 0


def test_show_lists_every_number_with_unit_source_and_standing(case: Path) -> None:
    told = json.loads(command("show", case, "--json").stdout)
    assert set(told["budget.total"]) == {"value", "unit", "source", "date", "status", "place"}
    assert told["widths.north.labs.2"]["value"] == 40
    table = command("show", case, "--lang", "en").stdout
    assert all(path in table for path in told)
    assert "NT$ billion" in table


def test_show_changed_has_old_and_new(case: Path) -> None:
    shown = command("show", case, "--changed", "--set", "budget.total=0.5x", "--lang", "en")
    (row,) = [line for line in shown.stdout.splitlines() if "budget.total" in line]
    assert re.findall(r"[\d.]+(?=\s)", row.split("budget.total")[1])[:2] == ["100", "50"]
    assert command("show", case, "--changed", "--lang", "en").stderr == "Nothing is changed.\n"


def test_hostile_names_are_shown_as_they_are(tmp_path: Path) -> None:
    """Rich reads [red] as markup; the product does not let it."""
    regions = 'region,name_zh,name_en\nnorth,北,"[red]North[/red] {{7*7}}"\nsouth,南,[/]\n'
    case = small(tmp_path / "case", {"regions.csv": regions, "case.toml": CASE.replace("Small", "[bold]{x}")})
    shown = command("run", case, "--out", tmp_path / "out", "--lang", "en")
    assert shown.exit_code == 0
    for literal in ("[red]North[/red]", "[/]", "[bold]{x}"):
        assert literal in shown.stdout


# --- new -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["new", "tutorial"])
def test_a_new_case_is_valid_and_runs(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "我的 案例"
    told = command(name, folder, "--lang", "en")
    assert told.exit_code == 0
    assert str(folder / "case.toml") in told.stderr
    assert {path.name for path in folder.iterdir()} == {"case.toml", "regions.csv", "coefficients.csv", "targets.csv"}
    assert command("validate", folder / "case.toml").exit_code == 0
    assert command("run", folder, "--out", tmp_path / "out", "-q").exit_code == 0
    assert (tmp_path / "out/my-case/base/map.html").exists()


def test_scenarios_of_the_new_case_run(tmp_path: Path) -> None:
    """Its comments name them: half the budget, returns of jobs at 80 %."""
    command("new", tmp_path / "new")
    tight, base = (ro.load(tmp_path / "new", scenario=name).instance for name in ("tight", "base"))
    assert tight.budget == base.budget / 2
    first = tight.tranches[0].returns["jobs"], base.tranches[0].returns["jobs"]
    assert first[0] == pytest.approx(0.8 * first[1])


def test_new_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / ".hidden").write_text("mine")
    (tmp_path / "file").write_text("mine")
    before = snapshot(tmp_path)
    for name in ("full", "file", "full/.hidden"):
        told = command("new", tmp_path / name, "--lang", "en")
        assert told.exit_code == 2
        assert "nothing was changed" in told.stderr
    assert snapshot(tmp_path) == before


def test_new_fills_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    assert command("new", tmp_path / "empty", "-q").exit_code == 0
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert command("new", ".", "-q").exit_code == 0
    assert (tmp_path / "here/case.toml").exists()


# --- names of folders ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "folder"),
    [
        ([], "base"),
        (["--set", "budget.total=190"], "base~budget.total=190"),
        (["--set", "returns.jobs.*=0.9x"], "base~returns.jobs._=0.9x"),
        (["--set", "case.currency_unit=a/b"], "base~case.currency_unit=a_b"),
        (["--scenario", "less,more"], "less+more"),
        (["--scenario", "less", "--set", "budget.total=+1"], "less~budget.total=+1"),
        (["--name", "高雄 2040"], "高雄 2040"),
        (["--name", "a/../b"], "a_.._b"),
    ],
)
def test_folder_of_a_run(tmp_path: Path, arguments: list[str], folder: str) -> None:
    overrides = "[overrides]\nless.budget.total = 50\nmore.budget.total = '2x'\n"
    case = small(tmp_path / "case", {"case.toml": CASE + overrides})
    assert command("run", case, "--out", tmp_path / "out", "-q", *arguments).exit_code == 0
    assert [path.name for path in (tmp_path / "out/small").iterdir()] == [folder]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["small"]


def test_a_name_in_another_encoding(case: Path, tmp_path: Path) -> None:
    """A byte that is no UTF-8 reaches Python as half a character."""
    ran = process("run", case, "--out", tmp_path / "out", "--name", "\udcff", "--quiet")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads((tmp_path / "out/small/\udcff/run.json").read_bytes())["command"][-2] == "\udcff"


def test_the_default_folder_is_maps_below_the_working_folder(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command("run", case, "-q").exit_code == 0
    assert (tmp_path / "maps/small/base/result.json").exists()


def test_cbc_agrees_with_highs(case: Path, tmp_path: Path) -> None:
    results: list[Any] = []
    for solver in ("highs", "cbc"):
        ran = command("run", case, "--out", tmp_path / solver, "--solver", solver, "--json")
        assert ran.exit_code == 0
        results.append(json.loads(ran.stdout))
    first, second = results
    assert [s["value"] for s in first["stages"]] == pytest.approx([s["value"] for s in second["stages"]], abs=1e-6)


def test_save_lp(case: Path, tmp_path: Path) -> None:
    assert command("run", case, "--out", tmp_path / "out", "--save-lp", "-q").exit_code == 0
    text = (tmp_path / "out/small/base/model.lp").read_text()
    assert "reach(jobs,south)" in text


# --- map, schema, cite ---------------------------------------------------------------------------------------


def test_map_of_a_result_and_of_a_case_are_the_map_of_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command("run", "--lang", "en", "-q").exit_code == 0
    drawn = (tmp_path / "maps/taiwan-2040/base/map.html").read_bytes()
    for source in ("maps/taiwan-2040/base", "maps/taiwan-2040/base/result.json", "taiwan-2040"):
        told = command("map", source, "--lang", "en", "--output", "new/again.html")
        assert told.exit_code == 0, told.output
        assert "again.html" in told.stderr
        assert (tmp_path / "new/again.html").read_bytes() == drawn


def test_an_infeasible_result_is_not_drawn(tmp_path: Path) -> None:
    must = {"targets.csv": "metric,region,target,must\njobs,south,9999,true\n"}
    case = small(tmp_path / "case", must)
    assert command("run", case, "--out", tmp_path / "out", "-q").exit_code == 1
    told = command("map", tmp_path / "out/small/base", "-o", tmp_path / "map.html", "--lang", "en")
    assert told.exit_code == 2
    assert "there is no plan to draw" in told.stderr
    assert not (tmp_path / "map.html").exists()


def test_schema_of_the_case_has_units_and_closed_sections() -> None:
    schema = json.loads(command("schema").stdout)
    assert set(schema["properties"]) >= {"case", "budget", "objective", "targets", "returns", "regions", "scenarios"}
    budget = schema["$defs"]["BudgetSection"]
    assert budget["additionalProperties"] is False
    assert budget["properties"]["total"]["unit"] == "currency unit of the case"
    assert budget["properties"]["total"]["exclusiveMinimum"] == 0


def test_schema_of_the_result() -> None:
    schema = json.loads(command("schema", "--of", "result").stdout)
    assert schema["properties"]["schema"]["const"] == "regionopt.result/1"


def test_schema_has_a_place_for_every_section_of_the_shipped_cases() -> None:
    known = set(json.loads(command("schema").stdout)["properties"])
    for file in (starter.CASE, data_folder() / "taiwan-2040.toml"):
        assert set(tomllib.loads(file.read_text(encoding="utf-8"))) <= known


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_cite_names_version_and_licences(language: str) -> None:
    shown = command("cite", "--lang", language).stdout
    assert version("regionopt") in shown
    assert "MIT" in shown
    assert "data.gov.tw/license" in shown


# --- what is not imported ------------------------------------------------------------------------------------

HEAVY = ("pandas", "geopandas", "folium", "pulp", "highspy", "shapely", "numpy")


def imported(code: str) -> set[str]:
    """Heavy packages that a piece of code imports, in a process of its own."""
    script = f"import sys\n{code}\nprint('|'.join(m for m in {HEAVY} if m in sys.modules), file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(filter(None, ran.stderr.splitlines()[-1].split("|")))


def invoke(*arguments: str) -> str:
    """Code that runs a command in its process."""
    return (
        "from typer.testing import CliRunner\nfrom regionopt.cli.main import app\n"
        f"ran = CliRunner().invoke(app, {arguments})\nassert ran.exit_code == 0, ran.output"
    )


@pytest.mark.parametrize(
    "code",
    [
        "import regionopt",
        "import regionopt.cli.main",
        invoke("--help"),
        invoke("run", "--help"),
        invoke("--version"),
        invoke("schema"),
    ],
    ids=["import", "cli", "help", "run help", "version", "schema"],
)
def test_light_commands_import_nothing_heavy(code: str) -> None:
    assert imported(code) == set()


@pytest.mark.parametrize("arguments", [("validate", "taiwan-2040"), ("show",), ("show", "--json")], ids="-".join)
def test_checking_a_case_needs_neither_solver_nor_maps(arguments: tuple[str, ...]) -> None:
    assert imported(invoke(*arguments)) == set()


def test_as_a_module(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "regionopt", "validate", "taiwan-2040"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == ""


# --- Python --------------------------------------------------------------------------------------------------


def test_the_python_interface(case: Path) -> None:
    loaded = ro.load(case)
    result = loaded.solve()
    assert result.status == "optimal"
    assert list(result.regions["id"]) == ["north", "south"]
    assert list(result.allocation.columns) == ["region", "programme", "tranche", "budget", "output", "jobs"]
    assert list(result.targets.columns) == [
        "metric", "region", "target", "reached", "absolute_shortfall", "relative_shortfall", "met", "must",
    ]  # fmt: skip
    assert result.allocation["budget"].sum() == pytest.approx(result.regions["budget"].sum())
    assert result.regions["budget"].sum() == pytest.approx(100)


def test_more_budget_in_python(case: Path) -> None:
    loaded = ro.load(case)
    less, more = loaded.but(budget__total=50).solve(), loaded.but(budget__total=150).solve()
    assert less.targets["relative_shortfall"].max() > more.targets["relative_shortfall"].max()
    assert loaded.solve("cbc").regions["budget"].tolist() == pytest.approx(loaded.solve().regions["budget"].tolist())


def test_an_infeasible_result_in_python(tmp_path: Path) -> None:
    must = {"targets.csv": "metric,region,target,must\njobs,south,9999,true\n"}
    result = ro.load(small(tmp_path, must)).solve()
    assert result.status == "infeasible"
    assert result.allocation.empty
    assert result.regions["budget"].isna().all()


def test_errors_in_python_carry_their_problems(tmp_path: Path) -> None:
    broken = small(tmp_path, {"coefficients.csv": COEFFICIENTS.replace("80", "-80")})
    with pytest.raises(ro.InputError, match=r"coefficients\.csv line 4, width = -80: must be ≥ 0") as caught:
        ro.load(broken).solve()
    assert [problem.code for problem in caught.value.problems] == ["too_small"]


def test_frozen_in_frozen_out(case: Path) -> None:
    result = ro.load(case).solve()
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.case = None  # type: ignore[assignment, misc]
    with pytest.raises(AttributeError, match="nothing"):
        ro.nothing  # noqa: B018
    assert all(getattr(ro, name) for name in ro.__all__)
