"""Tipping points: by hand, against fresh solves on both sides of them, told and refused."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from inputs import CASE, loaded
from typer.testing import CliRunner

from regionopt.case.case import load
from regionopt.cli.main import app
from regionopt.common.document import Status
from regionopt.common.errors import InputError
from regionopt.common.instance import Instance
from regionopt.common.texts import catalogue
from regionopt.curves.coefficients import Coefficient
from regionopt.curves.tipping import PRECISION, tipping
from regionopt.curves.tipping_told import sentences
from regionopt.curves.tips import Tipping
from regionopt.solve.solve import solve


def case_of(stages: str, coefficients: str, targets: str, regions: str = "north,北,North\n") -> dict[str, str]:
    first = 'stages = ["worst_shortfall", "total_shortfall", "nearest_reference"]'
    return {
        "case.toml": CASE.replace("total = 100", "total = 10").replace(first, f"stages = {stages}"),
        "regions.csv": f"region,name_zh,name_en\n{regions}",
        "coefficients.csv": f"region,programme,tranche,width,output_per_unit,jobs_per_unit\n{coefficients}",
        "targets.csv": f"metric,region,target,must\n{targets}",
    }


# Both could take all of the 10: a brings 3 of each a unit, b 2.
TWO = "north,a,1,10,3,3\nnorth,b,1,10,2,2\n"
# Where the jobs of a target are the first stage, the order of writing decides at a tie.
JOBS = case_of('["worst_shortfall"]', TWO, "jobs,north,40,\n")


def by_path(found: tuple[Tipping, ...]) -> dict[str, Tipping]:
    return {tipped.coefficient.path: tipped for tipped in found}


def test_a_switch_by_hand(tmp_path: Path) -> None:
    # The plan is a = 10. It switches when a brings less than 2 (a third less), or b more than 3 (half more).
    found = tipping(loaded(tmp_path, JOBS))
    assert not isinstance(found, Status)
    a, b = by_path(found)["returns.jobs.north.a.*"], by_path(found)["returns.jobs.north.b.*"]
    assert (a.down.how, a.down.change, a.down.exact) == ("switches", pytest.approx(-1 / 3, rel=1e-9), True)
    assert a.down.moved == {("north", "a"): -10, ("north", "b"): 10}
    assert (a.up.how, a.up.change) == ("stays", None)
    assert (b.up.how, b.up.change) == ("switches", pytest.approx(1 / 2, rel=1e-9))
    assert (b.down.how, b.margin) == ("stays", b.up.change)
    # Output is neither target nor stage.
    assert by_path(found)["returns.output.north.a.*"].margin == float("inf")
    assert [tipped.coefficient.path for tipped in found[:2]] == ["returns.jobs.north.a.*", "returns.jobs.north.b.*"]


def test_a_gradual_change_by_hand(tmp_path: Path) -> None:
    # 2 jobs a unit in both, targets 20: 5 each. At (1 + f) times as many in the north x (1 + f) = 10 - x, and a tenth
    # (1 % of 10) has moved at x = 4.9: 1 + f = 5.1/4.9, or at x = 5.1: 1 + f = 4.9/5.1.
    two = "north,a,1,10,0,2\nsouth,a,1,10,0,2\n"
    regions = "north,北,North\nsouth,南,South\n"
    files = case_of('["worst_shortfall"]', two, "jobs,north,20,\njobs,south,20,\n", regions)
    found = tipping(loaded(tmp_path, files))
    assert not isinstance(found, Status)
    north = by_path(found)["returns.jobs.north.a.*"]
    assert (north.up.how, north.up.change) == ("moves", pytest.approx(5.1 / 4.9 - 1, rel=1e-9))
    assert (north.down.how, north.down.change) == ("moves", pytest.approx(4.9 / 5.1 - 1, rel=1e-9))
    assert north.up.moved == {("north", "a"): pytest.approx(-0.1), ("south", "a"): pytest.approx(0.1)}
    further = tipping(loaded(tmp_path / "b", files), moved=0.1)
    assert not isinstance(further, Status)
    assert by_path(further)["returns.jobs.north.a.*"].up.change == pytest.approx(6 / 4 - 1, rel=1e-9)


def test_a_plan_that_is_lost(tmp_path: Path) -> None:
    # 20 jobs from 10 of money: no fewer than 2 a unit, of 3.
    files = case_of('["worst_shortfall"]', "north,a,1,10,0,3\n", "jobs,north,20,true\n")
    found = tipping(loaded(tmp_path, files))
    assert not isinstance(found, Status)
    (only,) = found
    assert (only.down.how, only.down.change) == ("infeasible", pytest.approx(-1 / 3, rel=1e-9))


def test_a_return_that_is_a_stage_only_is_exact(tmp_path: Path) -> None:
    # The stage counts output, the target jobs: costs change, and no row but the stage's own.
    found = tipping(loaded(tmp_path, case_of('["output"]', TWO, "jobs,north,10,\n")))
    assert not isinstance(found, Status)
    a = by_path(found)["returns.output.north.a.*"]
    assert (a.down.how, a.down.exact, a.down.change) == ("switches", True, pytest.approx(-1 / 3, rel=1e-9))


def test_a_return_that_stands_twice_is_halved_in(tmp_path: Path) -> None:
    # Output is stage and target: solved again until the change is known to a thousandth of itself.
    found = tipping(loaded(tmp_path, case_of('["output"]', TWO, "output,north,40,\n")))
    assert not isinstance(found, Status)
    a = by_path(found)["returns.output.north.a.*"]
    assert (a.down.how, a.down.exact) == ("switches", False)
    assert a.down.change == pytest.approx(-1 / 3, rel=2 * PRECISION)
    assert abs(a.down.change or 0) >= 1 / 3


def test_a_single_tranche_stays_between_its_neighbours(tmp_path: Path) -> None:
    # Tranches of a bring 3 and 1, b brings 2: the first may fall to 1 and the second rise to 3, no further.
    rows = "north,a,1,5,0,3\nnorth,a,2,10,0,1\nnorth,b,1,5,0,2\n"
    found = tipping(loaded(tmp_path, case_of('["worst_shortfall"]', rows, "jobs,north,40,\n")), detail=True)
    assert not isinstance(found, Status)
    first, second = (by_path(found)[f"returns.jobs.north.a.{k}"] for k in (1, 2))
    # a.1 and b.1 are full; at a second tranche above 2, twice as much, it takes the money of b.
    assert (first.down.how, first.down.looked) == ("stays", pytest.approx(-2 / 3))
    assert (second.up.how, second.up.change, second.up.looked) == (
        "switches",
        pytest.approx(1, rel=1e-9),
        pytest.approx(2),
    )


def allocation(instance: Instance) -> dict[tuple[str, str], float] | None:
    found = solve(instance)
    if found.spend is None:
        return None
    money: dict[tuple[str, str], float] = {}
    for (region, programme, *_), amount in found.spend.items():
        key = (str(region), str(programme))
        money[key] = money.get(key, 0.0) + float(amount)
    return money


@pytest.mark.parametrize(
    ("sets", "detail"),
    [
        ((), False),
        ((), True),
        (('objective.stages=["output","nearest_reference"]', "targets.output.total=7000"), False),
    ],
)
def test_fresh_solves_on_both_sides_of_a_tip(sets: tuple[str, ...], detail: bool) -> None:
    case = load(sets=sets)
    base, limit = allocation(case.instance), 0.01 * case.instance.budget
    assert base is not None
    found = tipping(case, detail=detail)
    assert not isinstance(found, Status)

    def over(one: Coefficient, change: float) -> bool:
        money = allocation(one.scaled(case.instance, change))
        return money is None or sum(abs(money[key] - base[key]) for key in base) / 2 > limit

    for tipped in random.Random(2).sample(found, 8):
        for tip in (tipped.down, tipped.up):
            if tip.change is None:
                assert not over(tipped.coefficient, 0.999 * tip.looked)
            else:
                assert not over(tipped.coefficient, 0.998 * tip.change)
                assert over(tipped.coefficient, 1.002 * tip.change)


def test_what_is_no_tipping_is_refused() -> None:
    with pytest.raises(InputError, match="whole numbers"):
        tipping(load(scenario="platforms"))
    for moved in (0.0, -1.0, 1.5, float("nan")):
        with pytest.raises(InputError, match="--moved"):
            tipping(load(), moved=moved)


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_the_command(tmp_path: Path, language: str) -> None:
    done = CliRunner().invoke(app, ["tipping", "--out", str(tmp_path), "--lang", language])
    assert done.exit_code == 0
    assert ("the plan switches" if language == "en" else "方案隨即改變") in done.stdout
    assert ("NT$\xa07.1 billion" if language == "en" else "71.2 億元") in done.stdout
    lines = (tmp_path / "taiwan-2040" / "base" / "tipping.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + 2 * 40
    assert lines[0].startswith("path,metric,region,programme,tranche,value,direction,how,change")


def test_the_command_as_json_and_without_a_plan(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["tipping", "--out", str(tmp_path), "--json", "--lang", "en"])
    rows = json.loads(done.stdout)
    assert len(rows) == 80
    assert rows[0]["path"].startswith("returns.jobs.central")
    sets = ["--set", "targets.jobs.must=east", "--set", "regions.east.ceiling=5"]
    assert CliRunner().invoke(app, ["tipping", "--out", str(tmp_path / "b"), *sets]).exit_code == 1
    assert not (tmp_path / "b").exists()


def test_every_sentence_is_said(tmp_path: Path) -> None:
    """In both languages, the same number of sentences."""
    for k, files in enumerate(
        (
            JOBS,
            case_of('["output"]', TWO, "output,north,40,\n"),
            case_of('["worst_shortfall"]', "north,a,1,10,0,3\n", "jobs,north,20,true\n"),
            case_of('["worst_shortfall"]', "north,a,1,10,0,3\n", "jobs,north,20,\n"),
        )
    ):
        case = loaded(tmp_path / str(k), files)
        found = tipping(case)
        assert not isinstance(found, Status)
        english, chinese = ([*sentences(case, found, 0.01, language)] for language in ("en", "zh-TW"))  # type: ignore[arg-type]
        assert len(english) == len(chinese) >= 2
    assert set(catalogue()["tipping"]) >= {"moves", "switches", "infeasible", "none"}
