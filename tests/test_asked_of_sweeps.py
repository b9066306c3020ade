"""What is asked of many runs: how lists and ranges are read, whose slip is told, where results go, what is said."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from inputs import CASE, loaded, small, snapshot
from typer.testing import CliRunner, Result

from regionopt.case.case import load
from regionopt.cli.main import app
from regionopt.common.errors import InputError, Problem
from regionopt.sweep.grid import axis
from regionopt.sweep.listed import listed
from regionopt.sweep.order import order_of
from regionopt.sweep.reasons import Reason
from regionopt.sweep.sweep import job_of

RULE = """
[[rules]]
id = "least"
terms = [{ regions = ["north"], coefficient = -1 }]
sense = ">="
value = -20
reason = "north gets 20 at most"
"""
HEAD = "run,path,mod,value,notes\n"


def asked(folder: Path, command: str, *options: str) -> Result:
    """A command on the small case, its results in `out`; in English where nothing else is said."""
    always = ["--lang", "en", "--workers", "1", "--out", str(folder / "out")]
    return CliRunner().invoke(app, [command, str(small(folder)), *always, *options])


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a table."""
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def runs_file(folder: Path, *rows: str) -> Path:
    """A list of runs."""
    path = folder / "runs.csv"
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows))
    return path


def problems(error: pytest.ExceptionInfo[InputError]) -> list[Problem]:
    """All that was refused."""
    return list(error.value.problems)


# --- signs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mod", "value", "budget"), [("a", "-30", 70), ("a", "+30", 130), ("a", "5e1", 150)])
def test_a_list_adds_what_its_sign_says(tmp_path, mod, value, budget):
    (run,) = listed(runs_file(tmp_path, f"A,budget.total,{mod},{value},")).some(0, 1)
    assert loaded(tmp_path).patched(*run.patches).instance.budget == budget


@pytest.mark.parametrize("value", ["-30", "- 30", "-3.0e1"])
def test_a_list_replaces_by_a_number_below_zero(tmp_path, value):
    (run,) = listed(runs_file(tmp_path, f"A,rules.1.value,r,{value},")).some(0, 1)
    (rule,) = loaded(tmp_path, {"case.toml": CASE + RULE}).patched(*run.patches).instance.rules
    assert rule.value == -30


def test_a_factor_is_no_amount_to_add(tmp_path):
    with pytest.raises(InputError) as error:
        listed(runs_file(tmp_path, "A,budget.total,a,0.9x,"))
    assert [problem.code for problem in problems(error)] == ["not_a_number"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("+0:+100:+50", "+0,+50,+100"),
        ("+100:+0:-50", "+100,+50,+0"),
        ("-50:+50:50", "-50,+0,+50"),
        ("-50:-40:5", "-50,-45,-40"),
        ("0.9x:1.1x:0.1", "0.9x,1x,1.1x"),
        ("200:300:50", "200,250,300"),
    ],
)
def test_a_range_says_what_the_list_of_its_values_says(text, values):
    ranged, written = axis(f"budget.total={text}"), axis(f"budget.total={values}")
    assert [ranged.text(k) for k in range(len(ranged))] == values.split(",")
    assert [ranged.patch(k) for k in range(len(ranged))] == [written.patch(k) for k in range(len(written))]


@pytest.mark.parametrize("text", ["-50:50:50", "0:+100:50", "+0:100:50", "0.9x:1.1:0.1", "1:2:0.1x", "+1:2x:1"])
def test_a_range_whose_ends_act_in_different_ways_is_refused(text):
    with pytest.raises(InputError) as error:
        axis(f"budget.total={text}")
    (problem,) = problems(error)
    assert problem.code == "range_mixed"
    assert "-50:+50:50" in problem.sentence("en")
    assert "{value=-50}" in problem.sentence("zh-TW")


def test_the_runs_of_a_range_with_signs_add(tmp_path):
    done = asked(tmp_path, "sweep", "--vary", "budget.total=+0:+100:+50", "--name", "s")
    assert done.exit_code == 0, done.stderr
    rows = table(tmp_path / "out" / "small" / "s" / "runs.csv")
    assert [(row["budget.total"], float(row["budget"])) for row in rows] == [("+0", 100), ("+50", 150), ("+100", 200)]


# --- whose slip it is ---------------------------------------------------------------------------------------------


def test_a_bad_value_is_told_where_it_was_written(tmp_path):
    """The case file is sound: the value stands on the command line, in a line of a list, in Python."""
    with pytest.raises(InputError) as error:
        _ = loaded(tmp_path, {}, "budget.total=abc").instance
    assert [problem.place for problem in problems(error)] == ["--set: budget.total"]
    with pytest.raises(InputError) as error:
        _ = loaded(tmp_path).but(budget__total=-5).instance
    assert [problem.place for problem in problems(error)] == ["but(budget__total=-5): budget.total"]
    with pytest.raises(InputError) as error:
        _ = loaded(tmp_path).but(foo__bar=1).instance
    assert [(problem.place, problem.value) for problem in problems(error)] == [("but(foo__bar=1)", "foo.bar")]
    file = str(runs_file(tmp_path, 'A,budget.total,r,"1,000",'))
    for option, value, place in (("--vary", "budget.total=300,abc", "--vary"), ("--csv", file, "runs.csv line 2")):
        done = asked(tmp_path, "sweep", option, value)
        assert (done.exit_code, "case.toml" in done.stderr) == (2, False)
        assert done.stderr.startswith(f"{place}: budget.total = ")


def test_a_slip_of_the_case_file_is_not_blamed_on_a_change(tmp_path):
    with pytest.raises(InputError) as error:
        loaded(tmp_path, {"case.toml": CASE.replace("100", '"abc"')}, "budget.total=300")
    assert [problem.place for problem in problems(error)] == ["case.toml: budget.total"]


def test_a_slip_of_an_override_is_told_there(tmp_path):
    path = small(tmp_path, {"case.toml": CASE + "[overrides.more]\nbudget.total = -5\n"})
    with pytest.raises(InputError) as error:
        _ = load(path, "more").instance
    assert [problem.place for problem in problems(error)] == ["case.toml: overrides.more.budget.total"]


def test_all_slips_of_a_list_are_told_with_their_lines(tmp_path):
    file = runs_file(
        tmp_path, "A,budget.total,r,50,", "A,budget.totl,r,50,", "B,budget.total,x,5,", 'C,budget.total,r,"1,000",'
    )
    with pytest.raises(InputError) as error:
        order_of(loaded(tmp_path), (), file)
    assert [(problem.place, problem.code) for problem in problems(error)] == [
        ("runs.csv line 3", "unknown_path"),
        ("runs.csv line 4, mod", "bad_mod"),
        ("runs.csv line 5: budget.total", "wrong_kind"),
    ]
    sound = runs_file(tmp_path, "A,budget.total,r,50,", "B,budget.total,r,many,", "C,budget.total,r,more,")
    with pytest.raises(InputError) as error:
        job_of(loaded(tmp_path), order_of(loaded(tmp_path), (), sound))
    assert [problem.place.partition(":")[0] for problem in problems(error)] == ["runs.csv line 3", "runs.csv line 4"]


@pytest.mark.parametrize("value", ["0", "-5"])
def test_a_number_that_a_rule_forbids_is_a_run_that_is_refused(tmp_path, value):
    file = runs_file(tmp_path, f"A,budget.total,r,{value},", "B,budget.total,r,50,")
    done = asked(tmp_path, "sweep", "--csv", str(file), "--name", "s")
    assert done.exit_code == 0, done.stderr
    rows = table(tmp_path / "out" / "small" / "s" / "runs.csv")
    assert [row["status"] for row in rows] == ["refused", "optimal"]


# --- where results go ---------------------------------------------------------------------------------------------


def folders(folder: Path) -> set[str]:
    """What was written."""
    return {path.name for path in (folder / "out" / "small").iterdir()}


def test_another_sweep_leaves_the_one_before(tmp_path):
    one, other = ("--vary", "budget.total=30,40"), ("--vary", "budget.total=50:70:10")
    assert asked(tmp_path, "sweep", *one).exit_code == 0
    first = tmp_path / "out" / "small" / "base-sweep~budget.total=30,40"
    before = snapshot(first)
    assert asked(tmp_path, "sweep", *other).exit_code == 0
    assert folders(tmp_path) == {first.name, "base-sweep~budget.total=50_70_10"}
    assert asked(tmp_path, "sweep", *one, "--resume").exit_code == 0
    assert snapshot(first) == before
    asked(tmp_path, "sweep", *one, "--name", "mine")
    assert folders(tmp_path) == {first.name, "base-sweep~budget.total=50_70_10", "mine"}


def test_a_list_that_was_changed_gets_another_folder(tmp_path):
    for value in (30, 40):
        file = runs_file(tmp_path, f"A,budget.total,r,{value},")
        assert asked(tmp_path, "sweep", "--csv", str(file), "--set", "targets.jobs.north=200").exit_code == 0
    assert len(folders(tmp_path)) == 2
    assert all(
        re.fullmatch(r"base~targets.jobs.north=200-sweep~runs-[0-9a-f]{8}", name) for name in folders(tmp_path)
    )


def test_other_draws_leave_those_before(tmp_path):
    vary = ("--vary", "budget.total=uniform:80,90", "--robust-draws", "0")
    for options in (("--draws", "3"), ("--draws", "4", "--seed", "2"), ("--draws", "3", "--only", "none")):
        assert asked(tmp_path, "montecarlo", *options, *vary).exit_code == 0
    varied = "budget.total=uniform_80,90"
    assert folders(tmp_path) == {
        f"base-montecarlo~draws=3~{varied}~robust-draws=0",
        f"base-montecarlo~draws=4~seed=2~{varied}~robust-draws=0",
        f"base-montecarlo~draws=3~{varied}~only=none~robust-draws=0",
    }


# --- what is said -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "rule", "clash"),
    [
        ("en", "must be above 0", "the floor is above the ceiling of 20"),
        ("zh-TW", "必須大於 0", "下限高於上限 20"),
    ],
)
def test_each_rule_that_runs_break_is_said_in_words_with_its_count(tmp_path, language, rule, clash):
    file = runs_file(
        tmp_path,
        "A,budget.total,r,50,", "B,budget.total,r,-5,", "C,budget.total,r,0,",
        "D,regions.north.floor,r,30,", "D,regions.north.ceiling,r,20,",
    )  # fmt: skip
    done = asked(tmp_path, "sweep", "--csv", str(file), "--name", "s", "--lang", language)
    assert done.exit_code == 0, done.stderr
    small, above = [line.strip("　 ") for line in done.stdout.splitlines() if line.strip("　 ").startswith("`")]
    assert re.match(r"`too_small_open`(: 2, such as run B: |：2 次，例如求解 B：)", small)
    assert rule in small
    assert "runs.csv line 3: budget.total" in small
    assert re.match(r"`floor_above_ceiling`(: 1, such as run D: |：1 次，例如求解 D：)", above)
    assert clash in above
    reasons = [row["reason"] for row in table(tmp_path / "out" / "small" / "s" / "runs.csv")]
    assert reasons == ["", "too_small_open", "too_small_open", "floor_above_ceiling"]


def test_draws_that_break_a_rule_say_which(tmp_path):
    done = asked(
        tmp_path, "montecarlo", "--draws", "10", "--vary", "budget.total=discrete:0,90", "--robust-draws", "0"
    )
    assert done.exit_code == 0, done.stderr
    assert "`too_small_open`: " in done.stdout
    assert "must be above 0" in done.stdout


def test_one_run_is_not_told_as_many(tmp_path):
    done = asked(tmp_path, "sweep", "--vary", "budget.total=90")
    assert "Runs with a plan: 1." in done.stdout
    assert "1 runs" not in done.stdout


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_a_reason_of_the_solver_has_words_without_the_facts_of_a_run(language):
    said = Reason("floor_above_ceiling", 3, "7", None).sentence(language)
    assert said.endswith({"en": "the floor is above the ceiling of … …", "zh-TW": "下限高於上限 … …"}[language])
