"""The budget slider of the map page, in Chromium, offline: every budget shows what a run of its own would show."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from regionopt.case.case import Case, load
from regionopt.case.sources import data_folder
from regionopt.common.texts import Language
from regionopt.maps.boundaries import Boundaries, load_boundaries
from regionopt.maps.companion import Companion
from regionopt.maps.mapdata import embedded, page_data
from regionopt.maps.maps import page as map_page
from regionopt.result.outputs import document
from regionopt.result.result import solve_case
from regionopt.run.companion import companion

LANGUAGES: tuple[Language, ...] = ("zh-TW", "en")
Open = Callable[..., Page]
READ = """() => [...document.querySelectorAll('#finding, #table-body tr, #table-foot tr, .label, #detail')]
    .map((part) => part.innerText)"""


@pytest.fixture(scope="module")
def boundaries() -> Boundaries:
    return load_boundaries(data_folder() / "counties.geojson")


@pytest.fixture(scope="module")
def case() -> Case:
    return load()


@pytest.fixture(scope="module")
def told(case: Case) -> Companion:
    return companion(case)


@pytest.fixture
def show(open_page: Open, boundaries: Boundaries, case: Case, told: Companion) -> Open:
    def shown(language: Language = "en", of: Case = case, with_: Companion = told, **options: Any) -> Page:
        return open_page(map_page(document(solve_case(of)), boundaries, language, with_), **options)

    return shown


def go(page: Page, budget: float) -> None:
    """To a budget in the unit of the language shown."""
    page.locator("#amount").fill(repr(budget))
    page.locator("#amount").press("Enter")


def fifty(told: Companion) -> list[float]:
    """Breakpoints, and budgets between them, from the whole curve."""
    assert told.curve
    at, draw = told.curve.at, random.Random(6)
    kinks = draw.sample(at[1:-1], 22)
    return [190.0, 712.5, 2137.5, at[0], at[-1], *kinks, *(round(draw.uniform(at[0], at[-1]), 3) for _ in range(23))]


@pytest.mark.parametrize(("language", "scale", "count"), [("en", 1, 50), ("zh-TW", 10, 10)])
def test_every_budget_shows_what_a_run_of_its_own_shows(
    show: Open,
    open_page: Open,
    case: Case,
    told: Companion,
    boundaries: Boundaries,
    language: Language,
    scale: int,
    count: int,
) -> None:
    slider = show(language)
    slider.locator("#table-body button").nth(3).click()
    alone = map_page(document(solve_case(case)), boundaries, language, told.model_copy(update={"curve": None}))
    differing = []
    for budget in fifty(told)[:count]:
        go(slider, budget * scale)
        fresh = open_page(with_plan_of(alone, case.but(budget__total=budget), language), name="fresh.html")
        fresh.locator("#table-body button").nth(3).click()
        shown, expected = slider.evaluate(READ), fresh.evaluate(READ)
        fresh.context.close()
        if shown != expected:
            differing.append((budget, [pair for pair in zip(shown, expected, strict=True) if pair[0] != pair[1]]))
    assert differing == []


def with_plan_of(html: str, case: Case, language: Language) -> str:
    """A page with the data of another plan: geometry, which is the same, is not made again."""
    element = re.search(r'(id="plan-data">)(.*?)(</script>)', html, re.DOTALL)
    assert element
    data = {**json.loads(element[2]), **page_data(document(solve_case(case)), language)}
    return html[: element.start(2)] + embedded(data) + html[element.end(2) :]
