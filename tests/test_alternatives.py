"""Alternatives: by hand, against plans found by sampling, the command, its folders, words in both languages."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from cases import case, fund
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from inputs import CASE, loaded, small, snapshot
from near_cases import costs, held, regional, result_of, samples, within
from strategies import random_case
from typer.testing import CliRunner

from regionopt.cli.main import app
from regionopt.common.document import ResultDocument, Status
from regionopt.common.errors import InputError
from regionopt.common.instance import METRICS, Instance, Platform
from regionopt.explain import apart
from regionopt.explain.alternatives import Alternative, alternative_rows, alternatives, given_up
from regionopt.proof.proofs import ProofDocument, sealed
from regionopt.result.result import Result, solve_case
from regionopt.solve.solve import solve
from regionopt.verify.alternatives import table_check
from regionopt.verify.verify import verify

FEW = settings(deadline=None, derandomize=True, database=None, max_examples=25)
CHINESE = re.compile("[\u4e00-\u9fff]")
EQUAL = (fund("north", "labs", 8, jobs=1), fund("south", "port", 8, jobs=1))


def money(found: tuple[Alternative, ...]) -> list[dict[str, float]]:
    return [{region: float(x) for region, x in a.plan.allocated.items()} for a in found]


# --- by hand -------------------------------------------------------------------------------------------------


def test_each_is_the_farthest_from_all_before_it():
    # 10 in two equal programmes of width 8. The plan has 8 and 2; farthest is 2 and 8 (|6| + |6|); between both 5, 5.
    found = alternatives(result_of(case(10, *EQUAL, stages=["jobs"])), 0, 2)
    assert money(found) == [{"north": 2, "south": 8}, {"north": 5, "south": 5}]
    assert [a.distance for a in found] == [pytest.approx(12), pytest.approx(6)]
    assert [a.name for a in found] == ["alternative-1", "alternative-2"]


def test_what_is_given_up_is_told_stage_by_stage():
    # North 2 jobs a unit, south 1: 18 jobs. Within a tenth, 16.2: 6.2 and 3.8 (3.6 away), or 8 and 0.2 (1.8 away).
    result = result_of(case(10, fund("north", "labs", 8, jobs=2), EQUAL[1], stages=["jobs", "spend"]))
    (found,) = alternatives(result, 0.1, 1)
    assert money((found,)) == [pytest.approx({"north": 6.2, "south": 3.8})]
    assert {k: float(v) for k, v in given_up(result, found).items()} == pytest.approx({"jobs": 1.8, "spend": 0})
    assert found.solution.status is Status.ALTERNATIVE


def test_the_only_plan_has_no_alternative():
    assert alternatives(result_of(case(10, fund("north", "labs", 8, jobs=2), EQUAL[1], stages=["jobs"])), 0) == ()


def test_programmes_differ_where_no_region_can():
    # One region, all of its budget spent either way.
    parts = fund("north", "labs", 8, jobs=1), fund("north", "port", 8, jobs=1)
    (found,) = alternatives(result_of(case(10, *parts, stages=["jobs"])), 0, 1)
    assert {key[1]: float(x) for key, x in found.plan.spend.items()} == {"labs": 2, "port": 8}


def test_platforms_stay_as_the_plan_has_them():
    hub = Platform("hub", "north", 3, raises={("north", "labs"): 0.5})
    result = result_of(replace(case(10, *EQUAL, stages=["jobs"]), platforms=(hub,)))
    # The hub costs 3 and raises 7 jobs to 10.5. Within 0.1: 1.5n + s ≥ 9.45, n + s ≤ 7: the north's 4.9 and its hub.
    (found,) = alternatives(result, 0.1, 1)
    assert found.plan.opened == {"hub": 1}
    assert money((found,)) == [pytest.approx({"north": 7.9, "south": 2.1})]


# --- properties ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("most", [40, 0])
def test_all_of_a_random_case_are_within_the_tolerance_and_far_apart(most: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(apart, "MOST_SIDES", most)

    @FEW
    @given(random_case(), st.sampled_from([0.01, 0.1, 0.5]), st.integers(0, 99))
    def holds(instance: Instance, tolerance: float, seed: int) -> None:
        assume(solve(instance).status is Status.OPTIMAL)
        result = result_of(instance)
        found = alternatives(result, tolerance, 2)
        for a in found:
            assert_within(result, tolerance, a)
        if most:  # branching finds the farthest; an extreme plan need not be
            assert_none_farther(result, tolerance, found, seed)

    holds()


def assert_within(result: Result, tolerance: float, found: Alternative) -> None:
    """By the formulas, but for rounding."""
    instance, plan = result.case.instance, {key: float(x) for key, x in found.plan.spend.items()}
    best = {s.name: float(s.value) * (-1 if s.name in METRICS else 1) for s in result.solution.stages}
    for stage in held(instance):
        assert (
            costs(instance, stage, plan) <= best[stage] + max(tolerance, instance.give_away) * abs(best[stage]) + 1e-9
        )
    for stage, value in found.values.items():
        sign = -1 if stage in METRICS else 1
        assert float(value) * sign == pytest.approx(costs(instance, stage, plan), abs=1e-9)


def assert_none_farther(result: Result, tolerance: float, found: tuple[Alternative, ...], seed: int) -> None:
    """Greedy alternatives among sampled plans are no farther from the plans before them."""
    before = [result.plan, *(a.plan for a in found)]
    sampled = [regional(result.case.instance, plan) for plan in samples(result, tolerance, seed, 40)]
    if any(a.plan.allocated != result.plan.allocated for a in found):
        for k, a in enumerate(found):
            own = [{r: float(x) for r, x in plan.allocated.items()} for plan in before[: k + 1]]
            for other in sampled:
                nearest = min(sum(abs(other[r] - one[r]) for r in one) for one in own)
                assert nearest <= max(float(a.distance), 1e-5 * result.case.instance.budget) + 1e-6


def test_the_built_in_case():
    result = solve_case(loaded_built_in())
    found = alternatives(result)
    assert len(found) == 3
    assert all(a.solution.certificate.passed for a in found)
    for a in found:
        plan = {key: float(x) * (1 - 1e-12) for key, x in a.plan.spend.items()}
        assert within(result, 0.02 + 1e-9, plan)
    assert [a.distance for a in found] == sorted((a.distance for a in found), reverse=True)
    assert [a.plan for a in alternatives(result)] == [a.plan for a in found]


def loaded_built_in():
    from regionopt.case.case import load

    return load()


# --- bad input ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("tolerance", "count"), [(-0.01, 1), (1.01, 1), (0.1, 0), (0.1, -1), (float("nan"), 1)])
def test_refused(tolerance: float, count: int) -> None:
    with pytest.raises(InputError):
        alternatives(result_of(case(10, *EQUAL, stages=["jobs"])), tolerance, count)


# --- the command ---------------------------------------------------------------------------------------------------


def command(*arguments: str | Path):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return small(tmp_path / "case")


def test_folders_tables_and_what_is_said(here: Path) -> None:
    shown = command("alternatives", here, "--count", "2", "--lang", "en")
    assert shown.exit_code == 0, shown.stderr
    folder = Path("maps/small/base/alternatives")
    files = {"allocation.csv", "certificate.json", "coefficients.csv", "limits.csv", "result.json", "targets.csv"}
    assert {path.name for path in (folder / "alternative-1").iterdir()} == files  # no counties, no map
    written = ResultDocument.model_validate_json((folder / "alternative-2/result.json").read_bytes())
    assert (written.status, written.scenario) == (Status.ALTERNATIVE, "base~alternative-2")
    rows = list(csv.DictReader(io.StringIO((folder / "alternatives.csv").read_text("utf-8-sig"))))
    assert {row["plan"] for row in rows} == {"plan", "alternative-1", "alternative-2"}
    told = next(r for r in rows if (r["plan"], r["region"], r["programme"]) == ("alternative-1", "north", ""))
    assert (
        float(told["budget"])
        == json.loads((folder / "alternative-1/result.json").read_bytes())["regions"][0]["budget"]
    )
    assert "Alternative 2" in shown.stdout
    assert "worst shortfall worse by" in shown.stdout
    assert not CHINESE.search(shown.stdout.replace("北", ""))


def test_stages_are_named_in_both_languages(here: Path) -> None:
    for language, name in (("en", "worst shortfall"), ("zh-TW", "最大缺口")):
        shown = command("alternatives", here, "--count", "1", "--lang", language).stdout
        assert shown.count(name) == 2  # in the table, and in what is said of the alternative
        assert "worst_shortfall" not in shown


def refused(folder: Path) -> set[str]:
    return {check.code for check in verify(folder, Path("case/case.toml").resolve()) if check.ok is not True}


@pytest.mark.parametrize("tolerance", ["0", "0.02"])
def test_an_alternative_is_proven_like_any_result(here: Path, tolerance: str) -> None:
    command("run", here)
    command("alternatives", here, "--count", "2", "--tolerance", tolerance)
    written = sorted(Path("maps/small/base/alternatives").glob("alternative-*"))
    assert all(refused(folder) == set() for folder in written)
    assert bool(written) == (tolerance != "0")  # the small case has one plan


def test_a_forged_alternative_is_caught(here: Path) -> None:
    command("run", here)
    command("alternatives", here, "--count", "1")
    folder = Path("maps/small/base/alternatives/alternative-1")
    proof = json.loads((folder / "certificate.json").read_bytes())
    last = proof["plan"]["steps"][-1]["primal"]
    name = next(name for name in last if name.startswith("spend["))
    last[name] = str(Fraction(last[name]) + Fraction(1, 10**6))
    (folder / "certificate.json").write_bytes(sealed(ProofDocument.model_validate(proof | {"digest": ""})))
    assert refused(folder)
    # Without the plan's own folder nothing says what was lost.
    command("alternatives", here, "--count", "1")
    Path("maps/small/base/certificate.json").unlink()
    assert refused(folder) == {"within"}


def test_a_tolerance_that_was_not_kept_is_caught(here: Path) -> None:
    command("run", here)
    command("alternatives", here, "--count", "1", "--tolerance", "0.3")
    folder = Path("maps/small/base/alternatives/alternative-1")
    proof = json.loads((folder / "certificate.json").read_bytes())
    assert proof["reading"]["within"] == 0.3
    proof["reading"]["within"] = 0.001
    (folder / "certificate.json").write_bytes(sealed(ProofDocument.model_validate(proof | {"digest": ""})))
    assert refused(folder) == {"within"}


def test_every_changed_digit_of_the_table_is_caught(here: Path) -> None:
    command("run", here)
    command("alternatives", here, "--count", "2")
    base = Path("maps/small/base")
    table = base / "alternatives" / "alternatives.csv"
    content = table.read_bytes()
    assert table_check(table.parent).ok
    for found in re.finditer(rb"[0-9]", content):
        changed = bytearray(content)
        changed[found.start()] = ord("0") + (int(found[0]) + 1) % 10
        table.write_bytes(changed)
        assert table_check(table.parent).ok is False, content[max(0, found.start() - 40) : found.end()]
    # The whole result, and the folder of alternatives alone, both say so.
    for folder in (base, table.parent):
        assert {check.code for check in verify(folder) if check.ok is False} == {"alternatives"}
    table.write_bytes(content)
    assert refused(base) == set()
    subjects = {check.subject.partition("/")[0] for check in verify(table.parent)}
    assert subjects == {"alternative-1", "alternative-2", "alternatives.csv"}


def test_without_the_plan_the_table_is_not_checked(here: Path) -> None:
    command("alternatives", here, "--count", "1")
    assert table_check(Path("maps/small/base/alternatives")).ok is None


def test_in_chinese_and_as_json(here: Path) -> None:
    shown = command("alternatives", here, "--count", "1", "--lang", "zh-TW")
    assert "替代方案 1：" in shown.stdout
    assert "已寫入" in shown.stderr
    data = json.loads(command("alternatives", here, "--count", "1", "--json").stdout)
    assert list(data[0]) == [
        "plan",
        "kind",
        "region",
        "programme",
        "budget",
        "difference",
        "stage",
        "value",
        "given_up",
    ]


def test_the_same_bytes_again_and_no_folder_of_before(here: Path) -> None:
    folder = Path("maps/small/base/alternatives")
    command("alternatives", here, "--count", "2")
    (folder / "notes.txt").write_text("mine")
    first = snapshot(folder)
    command("alternatives", here, "--count", "2")
    second = snapshot(folder)
    assert {k: v for k, v in first.items() if k != "run.json"} == {k: v for k, v in second.items() if k != "run.json"}
    command("alternatives", here, "--count", "1")
    assert not (folder / "alternative-2").exists()
    assert (folder / "notes.txt").exists()


def test_a_new_run_takes_old_alternatives_away(here: Path) -> None:
    command("alternatives", here)
    command("run", here)
    assert not Path("maps/small/base/alternatives").exists()
    assert Path("maps/small/base/result.json").exists()


def test_an_alternative_is_drawn_and_says_what_it_is(tmp_path: Path) -> None:
    shown = command("alternatives", "--count", "1", "--out", tmp_path, "--lang", "en", "--quiet")
    assert (shown.exit_code, shown.stdout, shown.stderr) == (0, "", "")
    page = (tmp_path / "taiwan-2040/base/alternatives/alternative-1/map.html").read_text("utf-8")
    assert "This is an alternative beside the optimal plan" in page
    assert "base~alternative-1" in page


def test_the_only_plan_is_said_to_be_so(here: Path) -> None:
    shown = command("alternatives", here, "--tolerance", "0", "--lang", "en")
    assert shown.exit_code == 0
    assert shown.stdout.startswith("No other plan within 0% of the optimum")


def test_an_infeasible_case_has_none(here: Path) -> None:
    shown = command("alternatives", here, "--set", "regions.north.floor=90", "--lang", "en")
    assert shown.exit_code == 1
    assert shown.stderr.startswith("Infeasible")
    assert not Path("maps").exists()


def test_both_numbers_are_refused_together(here: Path) -> None:
    shown = command("alternatives", here, "--tolerance", "1.5", "--count", "0", "--lang", "en")
    assert shown.exit_code == 2
    assert shown.stderr.splitlines() == [
        "--tolerance = 1.5: must be ≤ 1; check the unit and correct the number",
        "--count = 0: must be ≥ 1; correct the number",
    ]


def test_a_time_limit_is_above_zero(here: Path) -> None:
    shown = command("alternatives", here, "--time-limit", "0", "--lang", "en")
    assert shown.exit_code == 2
    assert shown.stderr.startswith("--time-limit = 0.0: must be above 0")


def test_rows_add_up(tmp_path: Path) -> None:
    result = solve_case(loaded(tmp_path, {"case.toml": CASE}))
    rows = list(alternative_rows(result, alternatives(result)))
    for name in {row["plan"] for row in rows}:
        own = [row for row in rows if row["plan"] == name]
        money = {kind: sum(row["budget"] for row in own if row["kind"] == kind) for kind in ("region", "programme")}
        assert money["region"] == money["programme"]
