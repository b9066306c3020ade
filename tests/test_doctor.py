"""The doctor: cases whose remedies are known by hand, and random ones whose remedies are tried by other means.

Every remedy told, applied as the text after `--set`, must make the case feasible; with 1 % less of its change it must
not. Feasibility is judged by scipy on an independent formulation, or by the whole solve where a case is richer.
"""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from independent import Formulation
from inputs import CASE, REGIONS, loaded, write
from strategies import random_case
from typer.testing import CliRunner

from regionopt.case.case import Case, load
from regionopt.case.limits import KINDS
from regionopt.cli.main import app
from regionopt.common.document import Status
from regionopt.common.errors import InputError
from regionopt.common.instance import Instance
from regionopt.common.texts import catalogue
from regionopt.doctor.diagnosis import diagnose, has_plan
from regionopt.doctor.diagnosis_told import sentences
from regionopt.doctor.levers import changed, set_text
from regionopt.solve.solve import solve

# Jobs: north 3 a unit up to 40, then 2 up to 80; south 4 a unit up to 80. The budget is 100.
MUST = "metric,region,target,must\njobs,north,{north},{first}\njobs,south,{south},true\n"


def told(folder: Path, *sets: str, case: str = CASE, north: float = 1, south: float = 1, first: str = "") -> Any:
    """The case, and what the doctor says of it."""
    table = MUST.format(north=north, south=south, first=first)
    found = loaded(folder, {"case.toml": case, "targets.csv": table}, *sets)
    return found, diagnose(found)


def repairs(found: Any) -> dict[str, float]:
    """New values of the remedies by path."""
    return {entry["path"]: entry["value"] for entry in found["repairs"]}


def feasible(case: Case, *texts: str) -> bool:
    """Whether the case has a plan after these texts; what the rules of a case file refuse has none."""
    try:
        return solve(changed(case, *texts).instance).status is Status.OPTIMAL
    except InputError:
        return False


def holds(case: Case, found: Any, judge: Any = feasible) -> None:
    """Every remedy works, and 1 % less of its change does not."""
    assert not judge(case)
    for entry in found["repairs"]:
        assert judge(case, entry["set"]), entry
        if entry["old"] is not True and entry["unit"] != "measures":
            less = entry["old"] + 0.99 * (entry["value"] - entry["old"])
            assert not judge(case, set_text(entry["path"], less)), entry
    changes = found["together"]["changes"]
    if changes:
        assert judge(case, *(entry["set"] for entry in changes)), changes
        less = [entry["old"] + 0.99 * (entry["value"] - entry["old"]) for entry in changes]
        texts = [set_text(entry["path"], value) for entry, value in zip(changes, less, strict=True)]
        assert not judge(case, *texts), changes


# --- by hand -------------------------------------------------------------------------------------------------


def test_a_target_against_a_ceiling(tmp_path: Path) -> None:
    # 200 jobs at 4 a unit need 50; the ceiling of 30 lets 120 be reached.
    case, found = told(tmp_path, "regions.south.ceiling=30", south=200)
    assert repairs(found) == {"targets.jobs.south": 120, "regions.south.ceiling": 50}
    assert [entry["change"] for entry in found["repairs"]] == pytest.approx([-0.4, 2 / 3])
    assert [entry["set"] for entry in found["repairs"]] == ["targets.jobs.south=120", "regions.south.ceiling=50"]
    assert found["helpless"] == found["not_examined"] == []
    # Both by the same part t: 4 · 30 (1 + t) = 200 (1 - t), so t = 80/320 = 1/4: a ceiling of 37.5, a target of 150.
    changes = {entry["path"]: entry["value"] for entry in found["together"]["changes"]}
    assert changes == {"targets.jobs.south": 150, "regions.south.ceiling": 37.5}
    assert found["together"]["largest"] == pytest.approx(0.25)
    assert found["nearest"]["worst_shortfall"] == pytest.approx(0.4)
    (missed,) = found["nearest"]["missed"]
    assert (missed["path"], missed["target"], missed["unit"]) == ("targets.jobs.south", 200, "jobs")
    assert missed["reached"] == pytest.approx(120)
    holds(case, found)


def test_both_solvers_say_the_same(tmp_path: Path) -> None:
    sets = ("regions.south.ceiling=30", "targets.jobs.must=south")
    case = loaded(tmp_path, None, *sets)
    assert diagnose(case, "cbc") == diagnose(case, "highs")


def test_the_budget_moves_the_shares_of_it(tmp_path: Path) -> None:
    # 200 jobs need 50 in the south and 60 of 100 belong to the north. B - 0.6 B ≥ 50 needs B = 125, 0.6 · 125 = 75
    # fits into the north's 80. A share of 0.5 leaves 50; 160 jobs need 40.
    case, found = told(tmp_path, "regions.north.floor_share=0.6", south=200)
    assert repairs(found) == {"budget.total": 125, "regions.north.floor_share": 0.5, "targets.jobs.south": 160}
    holds(case, found)


def test_no_single_number_mends_two_clashes(tmp_path: Path) -> None:
    # North: 200 jobs need 40 + 40 = 80 against 10, which bring 30. South: 200 need 50 against 20, which bring 80.
    sets = ("regions.north.ceiling=10", "regions.south.ceiling=20", "budget.total=500")
    case, found = told(tmp_path, *sets, north=200, south=200, first="true")
    assert found["repairs"] == []
    assert len(found["further"]) == 1
    rows = [{entry["row"] for entry in clash if entry["path"][:6] != "widths"} for clash in
            (found["clashing"], *found["further"])]  # fmt: skip
    assert sorted(map(sorted, rows)) == [
        ["ceiling[north]", "reach[jobs,north]"],
        ["ceiling[south]", "reach[jobs,south]"],
    ]
    helpless = {entry["path"] for entry in found["helpless"]}
    assert helpless in ({f"targets.jobs.{r}", f"regions.{r}.ceiling"} for r in ("north", "south"))
    joint = " ".join(entry["path"] for entry in found["together"]["changes"])
    assert "north" in joint
    assert "south" in joint
    assert "No single number" in "\n".join(sentences(found, "en"))
    holds(case, found)


def test_a_number_of_the_clash_can_be_helpless(tmp_path: Path) -> None:
    # South's 80 bring 320 jobs at most; 400 clash with its width, whatever the budget is.
    _, found = told(tmp_path, south=400)
    assert repairs(found) == {"targets.jobs.south": 320}
    # 80 of 100 are also needed in the north: then the budget of 100 stands in the way as well, but alone it helps.
    _, both = told(tmp_path / "b", "regions.north.floor=40", south=320)
    assert repairs(both) == {"budget.total": 120, "regions.north.floor": 20, "targets.jobs.south": 240}


def test_a_limit_no_change_of_which_helps_is_named(tmp_path: Path) -> None:
    # A share of at least 0.9 of 100 in the north, whose widths hold 80: the budget would have to fall to 80 / 0.9 =
    # 88.88…, told as 88.88; the share to 0.8. The rule asks for 95 and clashes with the same widths.
    rule = '[[rules]]\nid = "most"\nreason = "r"\nsense = ">="\nvalue = 95\nterms = [{ regions = ["north"] }]\n'
    case, found = told(tmp_path, "regions.north.floor_share=0.9")
    assert repairs(found)["regions.north.floor_share"] == 0.8
    assert repairs(found)["budget.total"] == pytest.approx(88.888, abs=0.01)
    holds(case, found)
    case, found = told(tmp_path / "b", "regions.north.ceiling=20", case=CASE + rule)
    # Widths of 80 keep the rule from 95 even without the ceiling; the rule at 20 helps, the ceiling alone cannot.
    assert repairs(found)["rules.1.value"] in (20, 80)
    assert "regions.north.ceiling" not in repairs(found)
    holds(case, found)


POPULATION = "region,name_zh,name_en,population\nnorth,北,North,1000000\nsouth,南,South,1000000\n"
GROUPS = '[groups.g]\ntitle = { zh = "群", en = "The group" }\nprogrammes = ["north.labs"]\n'
YEARS = "[periods]\nfirst = 2026\nlast = 2027\n"
ABSORB = YEARS + "[periods.absorption.slow]\nregion = 'south'\nstart = 10\ngrowth = 1.5\n"
PLATFORM = "[platforms.hub]\nregion = 'north'\ncost = 30\nrequired = true\n"
MEASURE = "[measures.water]\ncost = 5\nminimum = 8\nmaximum = 9\n"
RULE = '[[rules]]\nid = "cap"\nreason = "r"\nsense = "{}"\nvalue = {}\nterms = [{{ regions = ["south"] }}]\n'


@pytest.mark.parametrize(
    ("more", "sets", "south", "expected"),
    [
        # 200 jobs need 50 in the south; the group of the north must get 60: 110 of 100.
        (GROUPS + "floor = 60\n", [], 200, {"groups.g.floor": 50, "budget.total": 110, "targets.jobs.south": 160}),
        # Of 100, 60 are the north's own: 40 are left, and 240 jobs need 60.
        (GROUPS + "own_budget = 60\n", [], 240,
         {"groups.g.own_budget": 40, "budget.total": 120, "targets.jobs.south": 160}),
        # The south may get 40 by a rule; 200 jobs need 50.
        (RULE.format("<=", 40), [], 200, {"rules.1.value": 50, "targets.jobs.south": 160}),
        # An equation: money of the south = 40.
        (RULE.format("=", 40), [], 200, {"rules.1.value": 50, "targets.jobs.south": 160}),
        # The execution rate leaves 40 of 100 to be spent; 200 jobs need 50. Without carry-over it stands alone.
        (YEARS + "execution_rate = 0.4\n", [], 200,
         {"periods.execution_rate": 0.5, "budget.total": 125, "targets.jobs.south": 160}),
        # 10, then at most 1.5 · 10 = 15: 100 jobs of 120, which need 30 = 10 · (1 + 2) = 12 · 2.5.
        (ABSORB, [], 120,
         {"periods.absorption.slow.start": 12, "periods.absorption.slow.growth": 2, "targets.jobs.south": 100}),
        # The same people: high ≤ 1.5 low, the north at most 20, so the south at most 30 of the 50 that it needs.
        ("[equity]\nratio = 1.5\n", ["regions.north.ceiling=20"], 200,
         {"equity.ratio": 2.5, "regions.north.ceiling": 100 / 3, "targets.jobs.south": 120}),
        # 1 billion for 1 million people are NT$ 1,000 a head: 50 - 20 is a difference of 30,000 against 20,000.
        ("[equity]\nmean_difference = 20000\n", ["regions.north.ceiling=20"], 200,
         {"equity.mean_difference": 30000, "regions.north.ceiling": 30, "targets.jobs.south": 160}),
        # At least 0.3 of all jobs arise in the north, whose ceiling of 20 brings 60: south 140 at most, must 200.
        # 60 / 260 = 0.2307…; 0.3 / 0.7 · 200 = 85.7 jobs need 28.57 in the north.
        ("[targets.jobs]\nshare = { north = 0.3 }\n", ["regions.north.ceiling=20"], 200,
         {"targets.jobs.share.north": 0.2307, "regions.north.ceiling": 28.572, "targets.jobs.south": 140}),
        # The platform takes 30 of the north's ceiling of 20.
        (PLATFORM, ["regions.north.ceiling=20"], 1,
         {"platforms.hub.cost": 20, "regions.north.ceiling": 30, "platforms.hub.required": False}),
        # 8 measures of 5 take 40 of 100, 280 jobs need 70: 6 measures, or 3.75 each, or 110 in all, or 240 jobs.
        (MEASURE, [], 280,
         {"measures.water.minimum": 6, "measures.water.cost": 3.75, "budget.total": 110, "targets.jobs.south": 240}),
    ],
)  # fmt: skip
def test_every_number_that_helps_alone(
    tmp_path: Path, more: str, sets: list[str], south: float, expected: dict[str, float]
) -> None:
    table = MUST.format(north=1, south=south, first="")
    files = {"case.toml": CASE + more, "targets.csv": table, "regions.csv": POPULATION}
    case = loaded(tmp_path, files, *sets)
    found = diagnose(case)
    assert repairs(found) == pytest.approx(expected, rel=1e-3)
    assert found["not_examined"] == []
    holds(case, found)


def test_limits_that_clash_without_any_target(tmp_path: Path) -> None:
    case, found = told(tmp_path, "regions.north.floor_share=0.9", south=1)
    assert found["nearest"]["feasible"] is False
    assert "without any must-target" in found["nearest"]["sentence"]["en"]
    assert has_plan(changed(case, "regions.north.floor_share=0.1"))


def test_numbers_of_the_clash_below_zero_are_set_in_braces() -> None:
    assert set_text("rules.1.value", -2.5) == "rules.1.value={value=-2.5}"
    assert set_text("budget.total", 125.0) == "budget.total=125"


# --- at random -----------------------------------------------------------------------------------------------


def as_files(instance: Instance) -> dict[str, str]:
    """A case folder that says the same as an instance of regions, tranches, targets and limits."""
    limits = "".join(
        f"[regions.{limit.region}]\n"
        + "".join(
            f"{name} = {value!r}\n"
            for name, value in (
                ("floor", limit.floor_fixed), ("floor_share", limit.floor_share),
                ("ceiling", limit.ceiling_fixed), ("ceiling_share", limit.ceiling_share),
            ) if value is not None
        )
        for limit in instance.limits
    )  # fmt: skip
    tranches = "".join(
        f"{t.region},{t.programme},{t.tranche},{t.width!r},{t.returns['output']!r},{t.returns['jobs']!r}\n"
        for t in instance.tranches
    )
    targets = "".join(f"{t.metric},{t.region},{t.target!r},{str(t.must).lower()}\n" for t in instance.targets)
    return {
        "case.toml": CASE.replace("total = 100", f"total = {instance.budget!r}") + limits,
        "regions.csv": "region,name_zh,name_en\n" + "".join(f"{r},區{r},{r}\n" for r in instance.regions),
        "coefficients.csv": "region,programme,tranche,width,output_per_unit,jobs_per_unit\n" + tranches,
        "targets.csv": "metric,region,target,must\n" + targets,
    }


def valid(case: Case) -> bool:
    try:
        return bool(case.instance.targets)
    except InputError:
        return False


def by_scipy(case: Case, *texts: str) -> bool:
    try:
        formulation = Formulation(changed(case, *texts).instance)
    except InputError:
        return False
    return bool(formulation.minimise(np.zeros(formulation.size)).status == 0)


@settings(deadline=None, derandomize=True, max_examples=120, database=None)
@given(random_case())
def test_every_remedy_of_random_cases_works_and_less_does_not(instance: Instance) -> None:
    assume(instance.targets)
    eager = replace(instance, targets=tuple(replace(t, must=True) for t in instance.targets))
    with tempfile.TemporaryDirectory() as folder:
        case = load(write(Path(folder), as_files(eager)))
        assume(valid(case) and not by_scipy(case))
        found = diagnose(case)
        assert found["not_examined"] == []
        holds(case, found, by_scipy)
        for entry in found["helpless"]:
            for part in (0.0, 0.25, 0.5, 0.9, 1.1, 2.0, 10.0, 1000.0):
                assert not by_scipy(case, set_text(entry["path"], entry["value"] * part)), entry


# --- what is said --------------------------------------------------------------------------------------------


def test_both_languages_say_the_same_numbers(tmp_path: Path) -> None:
    """But for money: NT$ 1 billion is 10 億元."""
    _, found = told(tmp_path, "regions.south.ceiling=30", south=200)
    ceiling = next(e for e in found["repairs"] if e["path"] == "regions.south.ceiling")["sentence"]
    assert ceiling["en"] == "Ceiling of South: from NT$\u00a030 billion up to NT$\u00a050 billion (+66.7%)."
    assert ceiling["zh"] == "南的預算上限：由 300 億元提高到 500 億元（+66.7%）。"
    target = next(e for e in found["repairs"] if e["path"] == "targets.jobs.south")["sentence"]
    assert target["en"] == "Jobs target of South: from 200 jobs down to 120 jobs (-40%)."
    assert target["zh"] == "南的就業機會目標：由 200 個降低到 120 個（-40%）。"


def test_remedies_come_before_the_clash(tmp_path: Path) -> None:
    _, found = told(tmp_path, "regions.south.ceiling=30", south=200)
    for language in ("en", "zh-TW"):
        lines = list(sentences(found, language))
        text = "\n".join(lines)
        assert text.index("--set regions.south.ceiling=50") < text.index(lines[-2])
        assert lines[0] == catalogue()["doctor"]["alone"]["en" if language == "en" else "zh"]


def test_every_limit_has_a_name_and_every_name_a_limit() -> None:
    assert {kind.key for kind in KINDS} == set(catalogue()["limit"])


def test_every_sentence_of_the_doctor_is_used() -> None:
    source = "".join(p.read_text("utf-8") for p in (Path(__file__).parent.parent / "regionopt").rglob("*.py"))
    for section in ("doctor", "amount"):
        for key in catalogue()[section]:
            assert re.search(rf"\b{key}\b", source), key


def command(*words: object) -> Any:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_the_command(tmp_path: Path) -> None:
    table = MUST.format(north=1, south=200, first="")
    case = write(tmp_path, {"case.toml": CASE, "regions.csv": REGIONS, "targets.csv": table,
                            "coefficients.csv": (loaded_small())})  # fmt: skip
    healthy = command("diagnose", case, "--lang", "en")
    assert (healthy.exit_code, healthy.stdout) == (0, "There is a plan: nothing clashes.\n")
    sets = ("--set", "regions.south.ceiling=30")
    ill = command("diagnose", case, "--lang", "en", *sets)
    assert ill.exit_code == 1
    assert "--set regions.south.ceiling=50" in ill.stdout
    plain = command("diagnose", case, "--json", *sets)
    assert plain.exit_code == 1
    assert json.loads(plain.stdout)["schema"] == "regionopt.diagnosis/2"
    assert json.loads(command("diagnose", case, "--json").stdout)["status"] == "feasible"
    ran = command("run", case, "--out", tmp_path / "out", "--quiet", *sets, "--set", "regions.south.ceiling=50")
    assert ran.exit_code == 0
    assert command("diagnose", case, "--set", "regions.west.ceiling=1").exit_code == 2


def loaded_small() -> str:
    from inputs import COEFFICIENTS

    return COEFFICIENTS
