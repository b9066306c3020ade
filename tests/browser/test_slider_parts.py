"""The budget slider of results with groups, years and targets of other kinds: what is said at every budget."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Page
from test_slider import HOSTILE, READ, plainly, with_plan_of

from regionopt.case.case import Case, load
from regionopt.common.document import ResultDocument
from regionopt.common.errors import InputError
from regionopt.common.texts import Language
from regionopt.maps.aside import asides
from regionopt.maps.companion import Companion
from regionopt.maps.counties import Boundaries, built_in
from regionopt.maps.maps import page as map_page
from regionopt.result.outputs import document
from regionopt.result.result import solve_case
from regionopt.run.companion import companion

Open = Callable[..., Page]
# Output grows by a tenth on average, jobs by 1 % in every region, and a job for one resident in 50 is asked.
BASELINES = {
    "output": {"capital": 9000, "tcm": 6000, "central": 4000, "south": 5000, "east": 700},
    "jobs": {"capital": 3.5e6, "tcm": 2e6, "central": 2.2e6, "south": 3e6, "east": 2.5e5},
}
RELATIVE = (
    "targets.output.growth.rate=0.1",
    'targets.output.growth.by="average"',
    "targets.jobs.growth.rate=0.01",
    "targets.jobs.per_head=0.02",
    *(f"targets.{m}.growth.baseline.{r}={n}" for m, rows in BASELINES.items() for r, n in rows.items()),
)
# By 2027 the output is asked for that two thirds of the money cannot bring.
YEARS = ("periods.first=2026", "periods.last=2028", "targets.output.milestones.2027=6500", "targets.jobs.total=0.7x")
CASES = {
    "groups": ("initiatives", ()),
    "relative": ("base", RELATIVE),
    "years, groups": ("initiatives", YEARS),
    "yearly": ("yearly", ()),
}


@cache
def case(name: str) -> Case:
    scenario, sets = CASES[name]
    return load(scenario=scenario, sets=sets)


@cache
def told(name: str) -> tuple[ResultDocument, Companion]:
    return document(solve_case(case(name))), companion(case(name))


@pytest.fixture(scope="module")
def boundaries() -> Boundaries:
    return built_in()


@pytest.fixture
def show(open_page: Open, boundaries: Boundaries) -> Open:
    def shown(name: str, language: Language = "en", **options: Any) -> Page:
        result, beside = told(name)
        return open_page(map_page(result, boundaries, language, beside), **options)

    return shown


def go(page: Page, budget: float, language: Language) -> None:
    page.locator("#amount").fill(repr(budget * (10 if language == "zh-TW" else 1)))
    page.locator("#amount").press("Enter")


def sentences(page: Page) -> list[str]:
    """What is said beside the map, but not of the certificate: that is of one budget."""
    said = [plainly(text) for text in page.locator("#facts li").all_inner_texts()]
    return [sentence for sentence in said if not re.search("certificate|證明", sentence, re.IGNORECASE)]


def budgets(beside: Companion) -> list[float]:
    """The ends of the curve, breakpoints and budgets between them."""
    assert beside.curve
    at, draw = beside.curve.at, random.Random(7)
    between = (round(draw.uniform(at[0], at[-1]), 3) for _ in range(3))
    return [at[0], at[-1], *draw.sample(at[1:-1], 2), *between]


@pytest.mark.parametrize(("name", "language"), [*((name, "en") for name in CASES), ("years, groups", "zh-TW")])
def test_every_budget_says_what_a_run_of_its_own_says(
    show: Open, open_page: Open, boundaries: Boundaries, name: str, language: Language
) -> None:
    """Sentence by sentence: shares of groups, growth, how many targets are met, and all that every plan has."""
    result, beside = told(name)
    slider, said = show(name, language), set()
    alone = map_page(result, boundaries, language, beside.model_copy(update={"curve": None}))
    for budget in budgets(beside):
        go(slider, budget, language)
        another = case(name).but(budget__total=budget)
        fresh = open_page(with_plan_of(alone, another, language), name="fresh.html")
        assert slider.evaluate(READ) == fresh.evaluate(READ), budget
        assert sentences(slider) == sentences(fresh), budget
        expected = list(asides(document(solve_case(another)), language))
        assert sentences(slider)[-len(expected) :] == expected
        said |= {*expected, *slider.evaluate(READ)}
        fresh.context.close()
    assert len(said) > 30  # they differ from budget to budget


def test_a_slider_of_many_years_ends_where_it_was_followed_and_says_so(show: Open) -> None:
    beside = told("yearly")[1]
    assert beside.curve
    page = show("yearly")
    for asked, end in ((1.0, beside.curve.at[0]), (2000.0, beside.curve.at[-1])):
        go(page, asked, "en")
        assert float(page.locator("#amount").input_value()) == pytest.approx(end, abs=1e-6)
    hints = plainly(page.locator(".slider .hint").inner_text())
    assert hints.count("`regionopt map CASE --pieces N` goes further") == 2
    assert f"The slider leaves out 2.5 to {beside.curve.at[0]:.10g} NT$ billion" in hints


def test_not_every_target_is_met_where_only_those_of_the_regions_are(show: Open) -> None:
    page = show("years, groups")
    go(page, 2100, "en")
    assert plainly(page.locator("#finding").inner_text()).startswith(
        "Every absolute target of a region is met; other targets are not."
    )


def test_a_half_is_written_as_the_terminal_writes_it(open_page: Open, boundaries: Boundaries) -> None:
    result, shares = told("groups")[0], [0.1225, 0.1275, 0.125, 0.0005, 0.2845, 0.9999]
    groups = [
        group.model_copy(update={"share": shares.pop()}) if group.empty is None else group
        for group in result.groups or ()
    ]
    tied = result.model_copy(update={"groups": groups})
    said = sentences(open_page(map_page(tied, boundaries, "en")))
    assert all(sentence in said for sentence in asides(tied, "en"))


def test_a_curve_that_did_not_follow_groups_is_refused(boundaries: Boundaries) -> None:
    plain, beside = companion(load()), told("groups")
    with pytest.raises(InputError, match=r"map\.json"):
        map_page(beside[0], boundaries, "en", plain)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_of_groups_are_shown_literally(open_page: Open, boundaries: Boundaries, text: str) -> None:
    result, beside = told("groups")
    named = [group.model_copy(update={"name_en": text}) for group in result.groups or ()]
    page = open_page(map_page(result.model_copy(update={"groups": named}), boundaries, "en", beside))
    go(page, 300, "en")
    assert f"{text} " in (page.locator("#facts").text_content() or "").replace("\u2069", "")
    assert page.evaluate("document.querySelectorAll('img, iframe, object').length") == 0
