"""The difference map in Chromium, offline: the switch, signs, classes, words, and what stands in its data."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from documents import document as invented
from documents import regions
from playwright.sync_api import Page

from regionopt.case.case import load
from regionopt.common.document import ResultDocument
from regionopt.common.texts import Language
from regionopt.compare.difference import COLOURS, difference_page, page_data
from regionopt.compare.sides import Side, solved_side
from regionopt.compare.write import compare
from regionopt.maps.counties import Boundaries, built_in
from regionopt.result.result import solve_case

LANGUAGES: tuple[Language, ...] = ("zh-TW", "en")
IMPOSSIBLE = ("targets.jobs.must=east", "regions.east.ceiling=5")
HOSTILE = "</script><script>alert(1)</script>{{7*7}}${alert(2)}\u202e<b>"


@cache
def boundaries() -> Boundaries:
    return built_in()


@cache
def sides() -> tuple[Side, ...]:
    found = [solved_side(s, "scenario", solve_case(load(scenario=s))) for s in ("base", "announced", "east-floor")]
    return (*found, solved_side("impossible", "scenario", solve_case(load(sets=IMPOSSIBLE))))


@cache
def html(language: Language = "en") -> str:
    compared = compare(sides(), [side.name for side in sides()])
    told = {
        pair.scenario: [{"zh-TW": sentence.zh, "en": sentence.en} for sentence in pair.sentences]
        for pair in compared.document.pairs
    }
    return difference_page(sides(), told, boundaries(), language)


def data(page: str) -> dict[str, Any]:
    found = re.search(r'id="plan-data">(.*?)</script>', page)
    assert found
    return json.loads(found[1])


def made(name: str, **changes: Any) -> Side:
    """A side from an invented document."""
    document: ResultDocument = invented(scenario=name, **changes)
    return Side(name, "folder", {"result.json": document.model_dump_json(by_alias=True).encode()}, None)


def choose(page: Page, value: str) -> None:
    page.locator(f"input[value='{value}']").check(force=True)


def fill(page: Page, region: int) -> str:
    return page.locator(f"path[data-region='{region}']").get_attribute("fill") or ""


def plain(words: str) -> str:
    return re.sub("[\u2068\u2069]", "", words).replace("\u00a0", " ")


# --- data ------------------------------------------------------------------------------------------------------


def test_classes_are_symmetric_about_zero_and_one_for_all_compared() -> None:
    """The largest move of any of the compared decides; announced moves 165 out of the capital, east-floor 27.5."""
    budget = next(metric for metric in data(html())["metrics"] if metric["key"] == "budget")
    assert budget["limits"] == [-200, -150, -100, -50, 0, 50, 100, 150, 200]
    assert len(data(html())["colours"]) == len(budget["limits"]) == len(COLOURS)  # one more for no change
    for metric in data(html())["metrics"]:
        assert metric["limits"] == [-limit for limit in reversed(metric["limits"])]
        moved = [plan["regions"][r][metric["key"]] for plan in data(html())["plans"] for r in range(5)]
        assert max(abs(value) for value in moved if value is not None) <= metric["limits"][-1]


def test_the_same_comparison_gives_the_same_bytes() -> None:
    first = html()
    html.cache_clear()
    assert html() == first


def test_the_page_is_small() -> None:
    assert len(html().encode()) < 310_000


# --- what is seen ------------------------------------------------------------------------------------------------


def test_the_switch_changes_map_table_and_words(open_page: Any) -> None:
    page = open_page(html())
    assert "announced against base" in plain(page.locator("#scenario").inner_text())
    assert fill(page, 0) == "#b35806"  # −165.0: −200 to −150
    assert fill(page, 4) == "#fee0b6"  # −5.0
    choose(page, "1")
    assert fill(page, 4) == "#d8daeb"  # +27.5
    assert page.locator("[data-label='4'] span").inner_text() == "+27.5"
    assert page.locator("[data-label='0'] span").inner_text() == "−8.8"
    assert "its floor share of 5% (NT$ 35.6 billion) binds" in plain(page.locator("#facts").inner_text())
    assert page.locator("#table-foot td").first.inner_text() in ("0.0", "−0.0", "+0.0")


def test_what_does_not_move_has_a_class_of_its_own(open_page: Any) -> None:
    same = made("same")
    east = regions()
    east[4]["budget"] += 30
    told = {name: [{"en": "x", "zh-TW": "x"}] for name in ("same", "other")}
    page = open_page(difference_page([made("base"), same, made("other", regions=east)], told, boundaries(), "en"))
    assert [fill(page, region) for region in range(5)] == ["#f7f7f7"] * 5
    choose(page, "1")
    assert [fill(page, region) for region in range(5)] == ["#f7f7f7"] * 4 + ["#542788"]
    legend = page.locator("#legend li").all_inner_texts()
    assert legend[:9] == [
        "−40 to −30", "−30 to −20", "−20 to −10", "−10 to 0", "No change (under ±0.05)",
        "0 to +10", "+10 to +20", "+20 to +30", "+30 to +40",
    ]  # fmt: skip


def test_an_infeasible_one_stays_in_the_switch_and_shows_no_numbers(open_page: Any) -> None:
    page = open_page(html())
    choose(page, "2")
    assert {fill(page, region) for region in range(5)} == {"url(#hatch-missing)"}
    assert "impossible has no plan (infeasible)" in page.locator("#finding").inner_text()
    assert set(page.locator("#table-body td").all_inner_texts()) == {"–"}


def test_a_region_is_shown_before_and_after(open_page: Any) -> None:
    page = open_page(html())
    choose(page, "1")
    page.locator("#table-body button").nth(4).click()
    detail = plain(page.locator("#detail").inner_text())
    assert "Budget: from NT$ 8.1 billion to NT$ 35.6 billion" in detail
    assert "Jobs shortfall: from 46.7 % to 0.0 %" in detail or "Jobs shortfall: from 46.7% to 0.0%" in detail


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
def test_language_units_and_axe(open_page: Any, language: Language, width: int) -> None:
    other: Language = "en" if language == "zh-TW" else "zh-TW"
    page = open_page(html(language), width=width, height=844)
    for now in (language, other):
        words = page.locator("body").inner_text().replace("中文", "")
        assert bool(re.search("[\u4e00-\u9fff]", words)) == (now == "zh-TW")
        label = page.locator("[data-label='0'] span").inner_text()
        assert label == {"zh-TW": "−1,650", "en": "−165.0"}[now]
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator(f"button[lang='{other}']").click()


def test_hostile_names_are_shown_literally(open_page: Any) -> None:
    names = [{**region, "name_en": HOSTILE, "name_zh": HOSTILE} for region in regions()]
    told = {HOSTILE: [{"en": HOSTILE, "zh-TW": HOSTILE}, {"en": HOSTILE, "zh-TW": HOSTILE}]}
    title = {"zh": HOSTILE, "en": HOSTILE}
    pair = [made(name, regions=names, title=title) for name in (f"{HOSTILE}base", HOSTILE)]
    page = open_page(difference_page(pair, told, boundaries(), "en"))
    assert HOSTILE in page.locator("#finding").inner_text()
    assert HOSTILE in page.locator("#scenarios").inner_text()
    assert page.locator("#table-body button").first.inner_text() == HOSTILE


def test_keys_are_enough_to_change_what_is_compared(open_page: Any) -> None:
    page = open_page(html())
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert "east-floor against base" in plain(page.locator("#scenario").inner_text())


def test_it_is_printed_on_two_pages_at_most(open_page: Any) -> None:
    pdf = open_page(html()).pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 2


def test_the_data_say_nothing_that_is_not_compared() -> None:
    told = {"same": [{"en": "x", "zh-TW": "x"}]}
    assert [plan["name"] for plan in page_data([made("base"), made("same")], told, "en")["plans"]] == ["same"]
