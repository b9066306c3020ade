"""The map page of results with parts that not every case has: years, groups, platforms, measures, a time limit."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from documents import document as invented
from playwright.sync_api import Page

from regionopt.case.case import load
from regionopt.common.document import ResultDocument
from regionopt.common.texts import Language
from regionopt.maps.aside import asides
from regionopt.maps.counties import Boundaries, built_in
from regionopt.maps.maps import page as map_page
from regionopt.result.outputs import document
from regionopt.result.result import solve_case

SCENARIOS = ("yearly", "platforms", "initiatives", "platforms,initiatives,yearly")
LANGUAGES: tuple[Language, ...] = ("zh-TW", "en")
SAID = {
    "yearly": {"en": "year by year, 2026 to 2040", "zh-TW": "自 2026 年至 2040 年逐年規劃"},
    "platforms": {"en": "Supporting measures: 30", "zh-TW": "配套措施：共 30 項"},
    "initiatives": {
        "en": "No programme, so 0: World-Leading Quantum",
        "zh-TW": "因此為 0：全球量子能力登頂",
    },
}
Open = Callable[..., Page]


@cache
def solved(scenario: str) -> ResultDocument:
    return document(solve_case(load(scenario=scenario)))


@pytest.fixture(scope="module")
def boundaries() -> Boundaries:
    return built_in()


@pytest.fixture
def show(open_page: Open, boundaries: Boundaries) -> Open:
    def shown(of: ResultDocument, language: Language = "en", **options: Any) -> Page:
        return open_page(map_page(of, boundaries, language), **options)

    return shown


def facts(page: Page) -> str:
    """What is said beside the map, without marks of direction and of unbroken lines."""
    return re.sub("[\u2068\u2069]", "", page.locator("#facts").inner_text()).replace("\u00a0", " ")


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_said_in_both_languages(show: Open, scenario: str, language: Language) -> None:
    """The page as it opens, and after its language is switched; the console and the network stay silent."""
    told = solved(scenario)
    page = show(told, language)
    other: Language = "en" if language == "zh-TW" else "zh-TW"
    for now in (language, other):
        said = facts(page)
        assert all(sentence in said for sentence in asides(told, now))
        for part in scenario.split(","):
            assert SAID[part][now] in said
            assert SAID[part]["en" if now == "zh-TW" else "zh-TW"] not in said
        page.locator(f"button[lang='{other}']").click()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_more_is_claimed_of_whole_numbers_than_is_proven(show: Open, language: Language) -> None:
    said = facts(show(solved("platforms"), language))
    assert {"en": "the solver's bound, in floating point", "zh-TW": "求解器以浮點數算出的界限"}[language] in said
    assert {"en": "Certificate passed", "zh-TW": "證明檢核通過"}[language] not in said


def test_a_stopped_result_says_so_first(show: Open) -> None:
    stopped = invented(status="stopped", platforms=[], measures=None)
    assert "The time limit was hit" in facts(show(stopped, "en"))


def test_a_case_without_such_parts_has_no_such_file(boundaries: Boundaries) -> None:
    assert "data.asides" not in map_page(solved("base"), boundaries, "en")
    assert "data.asides" in map_page(solved("yearly"), boundaries, "en")


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    show: Open, scenario: str, language: Language, width: int
) -> None:
    page = show(solved(scenario), language, width=width, height=844)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_printed_on_two_pages_at_most(show: Open, language: Language) -> None:
    pdf = show(solved(SCENARIOS[-1]), language).pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 2
