"""Comparisons: hand-made cases, every cause, words in both languages, folders and files, bad input, same bytes.

In the small case the north gives output 2 a unit for 40, then 1, jobs 3 and 2; the south 4 jobs a unit. Targets:
north 200 output, 300 jobs, south 400 jobs. Of a budget of 100 the north's X (above 40) leaves it 1 − (40 + X)/200 of
its output short and the south X/100 of its jobs; both are equal at X = 160/3 = 53.333333.
"""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from inputs import CASE, REGIONS, small, snapshot
from typer.testing import CliRunner

import regionopt as ro
from regionopt.cli.main import app
from regionopt.common.texts import catalogue
from regionopt.compare.document import CompareDocument

CHINESE = re.compile("[\u4e00-\u9fff]")
OVERRIDES = """
[overrides]
more = { "budget.total" = 120 }
less = { "budget.total" = 90 }
share = { "regions.north.floor_share" = 0.7 }
floor65 = { "regions.north.floor" = 65 }
low = { "regions.north.ceiling" = 50 }
must = { "targets.jobs.south" = 200, "targets.jobs.must" = ["south"] }
modest = { "targets.jobs.south" = 80 }
impossible = { "targets.jobs.must" = ["north"] }
rescaled = { "returns.jobs.*" = "0.5x" }
clash = { "regions.north.floor" = 80, "regions.north.ceiling" = 50 }
[scenarios]
tight = ["less", "floor65"]
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the small case and its scenarios, which is the current one."""
    small(tmp_path / "case", {"case.toml": CASE + OVERRIDES})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(*arguments: str, code: int = 0, case: str = "case") -> str:
    done = CliRunner().invoke(app, ["compare", *arguments, "--case", case])
    assert done.exit_code == code, done.output
    return done.output


def test_stages_are_named_in_the_table() -> None:
    said = told("base", "share", "--lang", "zh-TW")
    assert {"最大缺口", "總缺口", "與參考方案的差距"} <= set(said.split())
    assert "_shortfall" not in said


def compared(*names: str) -> CompareDocument:
    told(*names, "-q", "--name", "c")
    return CompareDocument.model_validate_json(Path("maps/small/c/compare.json").read_bytes())


def rows(folder: str = "maps/small/c") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((Path(folder) / "compare.csv").read_text(encoding="utf-8-sig"))))


def moved(document: CompareDocument, k: int = 0) -> dict[str, tuple[float, list[str]]]:
    return {m.region or "": (m.difference, [c.code for c in m.causes or ()]) for m in document.pairs[k].regions}


def english(document: CompareDocument, k: int = 0) -> str:
    return "\n".join(sentence.en for sentence in document.pairs[k].sentences).replace("\u00a0", " ")


# --- causes, by hand -------------------------------------------------------------------------------------------


def test_a_floor_that_the_base_would_break_is_the_cause() -> None:
    document = compared("base", "share")  # 0.7 · 100 = 70, from 53.333333
    assert moved(document) == {"north": (16.666667, ["floor"]), "south": (-16.666667, ["only"])}
    assert "North receives NT$ 16.7 billion more: its floor share of 70% (NT$ 70.0 billion) binds" in english(
        document
    )
    assert "least share of the budget for North is 70%" in english(document)


def test_a_ceiling_that_the_base_would_break_is_the_cause() -> None:
    assert moved(compared("base", "low"))["north"] == (-3.333333, ["ceiling"])


def test_a_limit_that_is_gone_is_the_cause() -> None:
    assert moved(compared("share", "base"))["north"] == (-16.666667, ["floor_gone"])
    assert moved(compared("low", "base"))["north"] == (3.333333, ["ceiling_gone"])


def test_a_limit_that_both_stand_on_moved_with_the_budget() -> None:
    document = compared("share", "share,less")  # 70 % of 100, then of 90
    assert moved(document)["north"] == (-7, ["floor_moved"])
    assert (
        "it stands on its least in both, the floor share of 70% (NT$ 70.0 billion) in share and the floor share of "
        "70% (NT$ 63.0 billion) here"
    ) in english(document)


def test_many_differences_are_told_by_the_changes_that_make_them() -> None:
    said = english(compared("base", "rescaled,modest,less"))
    changes = "returns.jobs.*=0.5x, targets.jobs.south=80, budget.total=90"
    assert f"What differs: 5 entries of the case, by less, rescaled, modest: {changes}." in said


def test_numbers_that_clash_are_told_with_the_name_of_the_scenario() -> None:
    said = told("base", "clash", "tight", "--lang", "en", code=2)
    assert re.search(r"^clash: .*north.*ceiling", said, re.MULTILINE), said


def test_a_must_target_that_the_base_would_miss_is_the_cause() -> None:
    document = compared("base", "must")  # 200 jobs need 50 in the south; the base reaches 4 · 46.67 = 186.67
    assert moved(document)["south"] == (3.333333, ["must"])
    assert "its jobs target of 200 jobs must be met, and base does not reach it" in english(document)


def test_the_only_thing_that_differs_is_the_cause_of_every_move() -> None:
    # Budget 120: 1 − (40 + X)/200 = 1 − 4(120 − X)/400 at X = 400/6, 66.67: 13.33 more; the south 53.33, 6.67 more.
    document = compared("base", "more")
    assert moved(document) == {"north": (13.333334, ["only"]), "south": (6.666666, ["only"])}
    assert "The budget grows by NT$ 20.0 billion; NT$ 20.0 billion more is spent." in english(document)


def test_what_no_limit_explains_is_said_to_be_so() -> None:
    # Budget 90 and a floor of 65: the north stands on its floor; of the south's loss two things may be the cause.
    document = compared("base", "tight")
    assert moved(document) == {"north": (11.666667, ["floor"]), "south": (-21.666667, ["none"])}
    assert "South receives NT$ 21.7 billion less; no single limit explains it." in english(document)
    assert document.pairs[0].by == ("less", "floor65")


def test_one_override_is_named_and_the_target_beside_it() -> None:
    document = compared("base", "rescaled")
    assert {code for _, codes in moved(document).values() for code in codes} <= {"override"}
    assert "it follows from the override rescaled, which is all that differs" in english(document)


def test_targets_won_and_lost() -> None:
    # The south's 80 jobs need 20; the north then has all it can take, 80.
    won = compared("base", "modest").pairs[0].targets
    assert [(t.metric, t.region, t.change) for t in won] == [("jobs", "south", "won")]
    lost = compared("modest", "base").pairs[0].targets
    assert [(t.metric, t.region, t.change) for t in lost] == [("jobs", "south", "lost")]


def test_nothing_moves_where_nothing_differs(home: Path) -> None:
    told("base", "same", "-q", code=2)
    text = (
        home / "case/case.toml"
    ).read_text() + 'same = ["floor0"]\n[overrides.floor0]\n"regions.north.floor" = 0\n'
    (home / "case/case.toml").write_text(text)
    document = compared("base", "same")
    assert document.pairs[0].regions == ()
    assert "No money moves between regions." in english(document)


def test_prices_of_the_budget_are_told_of_each() -> None:
    # 1 − (40 + X)/200 = 1 − 4(B − X)/400: dX/dB = 2/3, so the shortfall changes by −2/3 · 1/200 = −1/300 a unit.
    document = compared("base", "more")
    for side in document.sides:
        price = {p.quantity: p for p in side.prices or ()}["worst_shortfall"]
        assert price.less == price.more == pytest.approx(-1 / 300)
    assert "largest shortfall −0.33 percentage points (−0.33 percentage points)" in english(document)


def test_limits_that_hold_only_one_of_the_plans_are_named() -> None:
    assert "Holds the plan here and not in base: ceiling of North NT$ 50 billion." in english(compared("base", "low"))
    assert "Holds the plan in low and not here: ceiling of North" in english(compared("low", "base"))


def test_a_text_that_differs_is_told_by_its_path() -> None:
    """`targets.output.split` is no target of a region called `split`."""
    found = ro.load("taiwan-2040").solve().compare(ro.load("taiwan-2040", "equal-split-targets").solve())
    english, chinese = " ".join(found.sentences("en")), " ".join(found.sentences("zh-TW"))
    assert "targets.output.split from output_weight to equal" in english
    assert "targets.output.split 由 output_weight 變為 equal" in chinese
    assert "which is all that differs; its output target goes from" in english
    assert "東部慢活城鄉增加" in chinese


def test_platforms_and_measures_are_called_by_their_names() -> None:
    found = ro.load("taiwan-2040").solve().compare(ro.load("taiwan-2040", "platforms").solve())
    assert "water, power, transport, living, education +NT$\u00a030.0 billion" in " ".join(found.sentences("en"))


# --- an infeasible one stays ------------------------------------------------------------------------------------


def test_an_infeasible_one_keeps_its_rows_and_says_so() -> None:
    document = compared("base", "impossible", "more")
    assert [side.status for side in document.sides] == ["optimal", "infeasible", "optimal"]
    written = [row for row in rows() if row["scenario"] == "impossible"]
    assert len(written) == len(rows()) / 3
    assert {row["status"] for row in written} == {"infeasible"}
    planned = [row for row in written if row["kind"] != "total" and not row["metric"].endswith("_target")]
    assert {row["value"] for row in planned} == {""}
    assert {row["difference"] for row in written} <= {"", "0.0"}  # the budget and the targets are those of the base
    assert "impossible has no plan (infeasible)" in english(document)
    assert "North receives" in english(document, 1)
    shown = told("base", "impossible", "--lang", "en", code=1)  # nothing can be set side by side
    assert "infeasible" in shown
    assert "No difference map" in shown


def test_an_infeasible_base_has_no_differences() -> None:
    told("impossible", "base", "-q", "--name", "c", code=1)
    assert all(row["difference"] == "" for row in rows() if row["kind"] == "region" and "target" not in row["metric"])
    document = CompareDocument.model_validate_json(Path("maps/small/c/compare.json").read_bytes())
    assert "impossible has no plan (infeasible): nothing can be set against it." in english(document)


# --- scenarios, folders, files ----------------------------------------------------------------------------------


def test_folders_scenarios_and_files_are_compared_alike() -> None:
    CliRunner().invoke(app, ["run", "case", "--scenario", "share", "-q"])
    compared("base", "share")
    by_scenario = [{**row, "scenario": ""} for row in rows()]
    compared("case", "maps/small/share")
    assert [{**row, "scenario": ""} for row in rows()] == by_scenario
    document = compared("case/case.toml", "maps/small/share/result.json")
    assert [(side.name, side.kind) for side in document.sides] == [("small", "file"), ("share", "folder")]
    assert moved(document)["north"] == (16.666667, ["floor"])


def test_a_folder_without_its_case_has_no_prices_and_the_rest(home: Path) -> None:
    for scenario in ("base", "share"):
        CliRunner().invoke(app, ["run", "case", "--scenario", scenario, "-q"])
    (home / "case").rename(home / "elsewhere")
    told("maps/small/base", "maps/small/share", "-q", "--name", "c", case="gone.toml")
    document = CompareDocument.model_validate_json(Path("maps/small/c/compare.json").read_bytes())
    assert [side.prices for side in document.sides] == [None, None]
    assert moved(document) == {"north": (16.666667, ["floor"]), "south": (-16.666667, ["only"])}
    assert "its floor of NT$ 70.0 billion binds" in english(document)


def test_other_files_are_not_traced(home: Path) -> None:
    small(home / "other", {"case.toml": CASE.replace("total = 100", "total = 120")})
    document = compared("case", "other/case.toml")
    assert document.pairs[0].differs is None
    assert "not read from the same files" in english(document)
    assert {code for _, codes in moved(document).values() for code in codes} == {"none"}
    assert [side.name for side in document.sides] == ["case", "other/case.toml"]  # both are called `small`


def test_a_set_applies_to_all(home: Path) -> None:
    told("base", "share", "--set", "budget.total=80", "-q", "--name", "c")
    totals = {r["scenario"]: r["value"] for r in rows() if r["metric"] == "budget_total"}
    assert totals == {"base": "80.0", "share": "80.0"}
    told("base", "share", "--set", "budget.total=80", "-q")
    assert (home / "maps/small/compare~base~share~budget.total=80/compare.csv").is_file()


def test_two_sets_of_one_number_are_a_difference() -> None:
    """Both were changed by `--set`, so it is the value that tells them apart."""
    for total in (80, 120):
        CliRunner().invoke(app, ["run", "case", "--set", f"budget.total={total}", "-q"])
    document = compared("maps/small/base~budget.total=80", "maps/small/base~budget.total=120")
    assert [(d.path, d.old, d.new) for d in document.pairs[0].differs or ()] == [("budget.total", 80, 120)]
    assert {code for _, codes in moved(document).values() for code in codes} == {"only"}


def test_whole_numbers_are_compared_without_prices() -> None:
    base = ro.load("taiwan-2040")
    found = base.solve().compare(ro.load("taiwan-2040", "platforms").solve())
    assert [side.prices is None for side in found.document.sides] == [False, True]
    assert "supporting" in set(found.moves["programme"])


def test_pages_are_written_of_what_has_a_plan(home: Path) -> None:
    """Two plans differ; one alone is still shown beside what has none."""
    sets = ["--set", "targets.jobs.must=east", "--set", "regions.east.ceiling=5"]
    assert CliRunner().invoke(app, ["run", *sets, "-q", "--name", "impossible"]).exit_code == 1
    told("base", "announced", "-q", "--name", "c", case="taiwan-2040")
    told("maps/taiwan-2040/impossible", "base", "-q", "--name", "d", case="taiwan-2040", code=1)
    pages = [{file.name for file in (home / "maps/taiwan-2040" / name).glob("*.html")} for name in ("c", "d")]
    assert pages == [{"difference.html", "side-by-side.html"}, {"side-by-side.html"}]


# --- bytes, words, schema -----------------------------------------------------------------------------------------


def test_the_same_comparison_gives_the_same_bytes(home: Path) -> None:
    told("base", "more", "impossible", "-q")
    first = snapshot(home / "maps")
    told("base", "more", "impossible", "-q")
    second = snapshot(home / "maps")
    changing = {name for name in first if first[name] != second[name]}
    assert {Path(name).name for name in changing} <= {"run.json"}


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_everything_is_said_in_the_language_asked_for(language: str) -> None:
    said = told("base", "share", "must", "tight", "impossible", "--lang", language)
    names = said.replace("北", "").replace("南", "") if language == "en" else said
    assert bool(CHINESE.search(names)) == (language == "zh-TW")
    if language == "zh-TW":
        assert "北增加 166.7 億元：最低預算占比 70%（700.0 億元）成為限制，而「base」的分配低於此數。" in said
        assert "沒有任何單一限制足以說明" in said
        assert "無可行方案" in said


def test_every_word_of_a_comparison_is_used() -> None:
    package = Path(ro.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    causes = {
        "floor",
        "ceiling",
        "must",
        "floor_gone",
        "ceiling_gone",
        "override",
        "only",
        "floor_moved",
        "ceiling_moved",
        "target",
        "none",
    }
    statuses = {"optimal", "stopped", "alternative", "infeasible", "unbounded"}
    for key in catalogue()["compare"]:
        made = key in causes | statuses or key.startswith(("limit_", "no_map_"))
        assert made or f'"compare.{key}"' in source or f'"{key}"' in source, key


def test_the_table_is_tidy_and_documented(home: Path) -> None:
    compared("base", "share")
    columns = "scenario,status,kind,region,programme,metric,unit,value,base,difference"
    assert (home / "maps/small/c/compare.csv").read_text(encoding="utf-8-sig").splitlines()[0] == columns
    keys = [tuple(row[name] for name in columns.split(",")[:6] if name != "status") for row in rows()]
    assert len(keys) == len(set(keys))
    documented = set(re.findall(r"`([a-z_]+)`", (Path(__file__).parent.parent / "maps/README.md").read_text("utf-8")))
    assert {*columns.split(","), *(row["kind"] for row in rows())} <= documented


def test_json_on_stdout_is_the_file(home: Path) -> None:
    printed = told("base", "share", "--json")
    assert json.loads(printed) == json.loads((home / "maps/small/compare~base~share/compare.json").read_bytes())
    shown = CliRunner().invoke(app, ["schema", "--of", "compare"]).stdout
    assert json.loads(shown)["title"] == "CompareDocument"


def test_frames_from_python() -> None:
    case = ro.load("case")
    found = case.solve().compare(case.but(budget__total=120).solve(), ro.load("case", "impossible").solve())
    north = found.moves.set_index(["region", "programme"]).loc[("north", "")]
    assert north["difference"] == pytest.approx(40 / 3, abs=1e-6)
    assert list(found.changes["path"]) == ["budget.total", "targets.jobs.must"]
    assert set(found.numbers["scenario"]) == {"base", "base~budget.total=120", "impossible"}
    assert next(iter(case.solve().compare(case.solve()).targets.columns)) == "scenario"
    assert any("預算" in sentence for sentence in found.sentences("zh-TW"))


# --- bad input ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["base"], "only one thing"),
        ([], "only one thing"),
        (["base", "base"], "named twice"),
        (["base", "bas"], "scenarios: base"),
        (["base", "empty"], "holds no result"),
        (["base", "other"], "has other regions"),
        (["base", "euro"], "another unit"),
        (["base", "maps/small/share", "--set", "budget.total=80"], "--set cannot change a result"),
        (["base", "altered"], "not as they were written: limits.csv"),
        (["base", "more", "--name", "share"], "already holds files"),
        (["base", "share", "--set", "budget.totl=3"], "did you mean"),
    ],
)
def test_bad_input_is_one_clear_message(home: Path, arguments: list[str], words: str) -> None:
    (home / "empty").mkdir()
    others = REGIONS.replace("south", "west")
    moved_south = {"coefficients.csv": None, "targets.csv": None}
    files = {name: text.replace("south", "west") for name, text in _tables().items()}
    small(home / "other", {**moved_south, **files, "regions.csv": others})
    small(home / "euro", {"case.toml": CASE.replace('id = "small"', 'id = "small"\ncurrency_unit = "EUR million"')})
    CliRunner().invoke(app, ["run", "case", "--scenario", "share", "-q"])
    CliRunner().invoke(app, ["run", "case", "--name", "x", "--out", "y", "-q"])
    (home / "y/small/x").rename(home / "altered")
    (home / "altered/limits.csv").write_text("region,floor,ceiling\n")
    before = snapshot(home)
    assert words in told(*arguments, "--lang", "en", code=2)
    assert snapshot(home) == before
    chinese = told(*arguments, "--lang", "zh-TW", code=2)
    assert CHINESE.search(chinese)


def _tables() -> dict[str, str]:
    from inputs import COEFFICIENTS, TARGETS

    return {"coefficients.csv": COEFFICIENTS, "targets.csv": TARGETS}


def test_years_are_written_as_years() -> None:
    found = ro.load("taiwan-2040").solve().compare(ro.load("taiwan-2040", "yearly").solve())
    assert "periods.first is 2026; periods.last is 2040" in repr(found)
