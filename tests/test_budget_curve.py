"""The curve that a map's slider follows: by hand, where it ends and why, what lies on it, and its file."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from documents import document, regions
from inputs import CASE, loaded
from test_frontier import LABS, MUST

from regionopt.case.case import load
from regionopt.common.errors import InputError
from regionopt.curves.presets import presets
from regionopt.curves.slider import budget_curve
from regionopt.maps.companion import BudgetCurve, Companion, Preset
from regionopt.maps.slide import Slide
from regionopt.result.result import solve_case
from regionopt.result.unspent import unspent_reason
from regionopt.run.companion import companion, read, written


def numbers(curve: BudgetCurve) -> list[list[float]]:
    """Every number at every breakpoint: budget, output, jobs of one region."""
    return Slide(curve, document(regions=regions()[:1])).states


def test_the_curve_of_a_slider_by_hand(tmp_path: Path) -> None:
    # 4 of money bring 2 jobs each, 20 more 1 each: full at 24. The slider goes to 24.48, in steps of 0.025.
    curve = budget_curve(loaded(tmp_path, LABS))
    assert curve.step == 0.025
    assert curve.at == (0.025, 4.0, 16.0, 24.0, 24.5)
    assert numbers(curve) == [[0.025, 0, 0.05], [4, 0, 8], [16, 0, 20], [24, 0, 28], [24, 0, 28]]
    assert curve.steps[1:4] == ((0, 4.0, 2, 8.0), (0, 16.0, 2, 20.0), (0, 24.0, 2, 28.0))
    assert [[turn.event for turn in happens] for happens in curve.happens][1] == ["full", "begins"]
    assert curve.names[curve.happens[1][0].name or 0].en == "North · labs, tranche 1"
    assert curve.unspent_at == (None, None, None, None, "nothing_left_to_fund")
    assert curve.unspent_after == (None, None, None, "nothing_left_to_fund")
    assert curve.notes == ()


LIMITED = "[regions.south]\nceiling_share = 0.3\n[regions.north]\nceiling = 25\n"
YEARS = """
[periods]
first = 2026
last = 2028
carry_over = 0.5
absorption.slow = { region = "north", programme = "labs", start = 3, growth = 1.1 }
"""


@pytest.mark.parametrize("more", [LIMITED, YEARS, ""])
def test_why_money_is_left_is_what_a_run_there_says(tmp_path: Path, more: str) -> None:
    case = loaded(tmp_path, {"case.toml": CASE + more})
    curve = budget_curve(case)
    middles = [(a + b) / 2 for a, b in pairwise(curve.at)]
    told = [*zip(curve.at, curve.unspent_at, strict=True), *zip(middles, curve.unspent_after, strict=True)]
    runs = [unspent_reason(solve_case(case.but(budget__total=at))) for at, _ in told]
    assert [code for _, code in told] == runs
    assert any(runs)


def test_where_there_is_no_plan_the_slider_begins_and_says_so(tmp_path: Path) -> None:
    # 20 jobs that must be reached take 16 of money.
    curve = budget_curve(loaded(tmp_path, MUST, "budget.total=20"))
    assert curve.at[0] == 16
    assert "0.025 to 16" in curve.notes[0].en
    assert "no plan keeps all limits" in curve.notes[0].en


def test_a_long_curve_ends_with_a_sentence(tmp_path: Path) -> None:
    curve = budget_curve(loaded(tmp_path, LABS), pieces=1)
    assert (curve.at[0], curve.at[-1]) == (4, 16)
    assert [("leaves out" in note.en, "未涵蓋" in note.zh) for note in curve.notes] == [(True, True)] * 2


def test_a_case_that_gives_something_away_says_why_it_has_no_curve(tmp_path: Path) -> None:
    told = companion(loaded(tmp_path, LABS, "objective.give_away=0.01"))
    assert told.curve is None
    assert told.no_curve
    assert "stages give something away" in told.no_curve.en
    assert "滑桿" in told.no_curve.zh


def test_presets_are_scenarios_that_change_the_budget_alone(tmp_path: Path) -> None:
    scenarios = """
[overrides.more]
"budget.total" = 20
[overrides.less]
"budget.total" = "0.5x"
[overrides.limited]
"regions.north.ceiling" = 5
[scenarios]
both = ["more", "limited"]
more = ["more"]
less = ["less"]
"""
    case = loaded(tmp_path, {**LABS, "case.toml": LABS["case.toml"] + scenarios})
    own = Preset(name=None, at=10)
    assert presets(case) == ((own, Preset(name="more", at=20), Preset(name="less", at=5)), ("both",))
    changed = presets(case.but(regions__north__ceiling=5))
    assert changed == ((own, Preset(name="both", at=20)), ("base", "more", "less"))


def test_the_built_in_presets() -> None:
    found, elsewhere = presets(load())
    assert [(preset.name, preset.at) for preset in found] == [(None, 712.5), ("announced", 190)]
    assert elsewhere == (
        "conservative", "promoters-high", "equal-split-targets", "population-split-targets", "east-floor", "yearly",
        "platforms",
    )  # fmt: skip
    announced = presets(load(scenario="announced"))[0]
    assert [(preset.name, preset.at) for preset in announced] == [(None, 190), ("base", 712.5)]


def test_limits_of_classes_hold_for_the_whole_curve(tmp_path: Path) -> None:
    slide = Slide(budget_curve(loaded(tmp_path, LABS)), document(regions=regions(jobs_target=20.0)[:1]))
    assert max(slide.values("budget")) == 24
    assert list(slide.values("jobs_shortfall")) == pytest.approx([0.9975, 0.6, 0, 0, 0])
    assert list(slide.values("next")) == [1, 1, 1, 0]
    assert slide.fullest == 1.4  # 28 of 20 jobs
    assert max(slide.values("share")) == 1


def test_the_file_reads_back_and_a_broken_one_is_refused(tmp_path: Path) -> None:
    told = companion(load())
    (tmp_path / "map.json").write_bytes(written(told))
    assert read(tmp_path) == told
    assert read(tmp_path / "elsewhere") == Companion()
    broken = json.loads(written(told))
    broken["curve"]["at"][3] = "NaN"
    (tmp_path / "map.json").write_text(json.dumps(broken))
    with pytest.raises(InputError, match=r"map\.json"):
        read(tmp_path)


def test_facts_of_counties_carry_year_standing_and_source() -> None:
    told = companion(load())
    assert told.facts
    assert told.sources
    fact = told.facts["population"]["10014"]
    assert (fact.value, fact.date, fact.status) == (210212, "2024-12", "derived")
    assert "population density × land area" in told.sources[fact.source]
    assert set(told.facts) == {"population", "employed_residents", "land_area"}
    assert {len(by_county) for by_county in told.facts.values()} == {22}
