"""The budget slider of the map page, in Chromium, offline: every budget shows what a run of its own would show."""

from __future__ import annotations

import io
import itertools
import json
import random
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from documents import document as plain
from documents import regions
from playwright.sync_api import Page
from shapely.geometry import box

from regionopt.case.case import Case, load
from regionopt.common.document import Bilingual
from regionopt.common.texts import Language, text
from regionopt.maps.companion import Companion, Preset
from regionopt.maps.counties import Boundaries, built_in
from regionopt.maps.mapdata import embedded, page_data
from regionopt.maps.maps import page as map_page
from regionopt.result.outputs import document
from regionopt.result.result import solve_case
from regionopt.run.companion import companion

LANGUAGES: tuple[Language, ...] = ("zh-TW", "en")
Open = Callable[..., Page]
ACTIVE = """[document.activeElement].map((one) =>
    one.id || one.dataset.region || one.name || one.value || one.lang || one.textContent)[0]"""
READ = """() => [...document.querySelectorAll('#finding, #table-body tr, #table-foot tr, .label, #detail')]
    .map((part) => part.innerText)"""


@pytest.fixture(scope="module")
def boundaries() -> Boundaries:
    return built_in()


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


HOSTILE = (
    "{{7*7}}",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\u202eevil",
    "${alert(1)}",
)


def words(page: Page, selector: str) -> str:
    """A text as it is read: without the marks that keep names apart, with plain spaces."""
    return plainly(page.locator(selector).inner_text())


def plainly(text: str) -> str:
    return re.sub("[\u2068\u2069]", "", text).replace("\u00a0", " ")


def boxes(page: Page, selector: str) -> list[dict[str, float]]:
    found = [part.bounding_box() for part in page.locator(selector).all() if part.is_visible()]
    return [box for box in found if box]


def overlap(a: dict[str, float], b: dict[str, float]) -> bool:
    across = a["x"] < b["x"] + b["width"] and b["x"] < a["x"] + a["width"]
    return across and a["y"] < b["y"] + b["height"] and b["y"] < a["y"] + a["height"]


def total(case: Case, budget: float, metric: str) -> float:
    return sum(getattr(region, metric) for region in document(solve_case(case.but(budget__total=budget))).regions)


def test_prices_are_what_more_budget_brings(show: Open, case: Case) -> None:
    # 712.5 and 713.5 lie on one piece: what the second run brings more is the price.
    page = show()
    output, jobs = (total(case, 713.5, metric) - total(case, 712.5, metric) for metric in ("output", "jobs"))
    assert f"output +{output:.3g} NT$ billion a year, jobs +{jobs:.3g}." in words(page, ".prices")


def test_a_breakpoint_says_why_and_has_two_prices(show: Open, case: Case, told: Companion) -> None:
    page = show()
    assert "Next breakpoint, at NT$ 717.024 billion: Central" in words(page, ".turn")
    page.get_by_role("button", name="Next breakpoint").click()
    assert words(page, ".turn").startswith("Breakpoint: Central · Smart farming and livestock")
    assert told.curve
    here = next(at for at in told.curve.at if at > 712.5)
    left, right = ((total(case, here + step, "output") - total(case, here, "output")) / step for step in (-0.5, 0.5))
    before, after = words(page, ".prices").split("\n")
    assert f"output +{left:.3g} NT$" in before
    assert f"output +{right:.3g} NT$" in after
    page.get_by_role("button", name="Previous breakpoint").click()
    assert "Breakpoint: Greater South" in words(page, ".turn")


def test_presets_are_the_scenarios_that_differ_in_the_budget_alone(show: Open) -> None:
    page = show()
    page.get_by_role("button", name="announced").click()
    assert page.locator("#amount").input_value() == "190"
    assert "NT$ 190.0 billion of NT$ 190.0 billion is spent." in words(page, "#finding")
    assert "the certificate beside this map is of the plan for NT$ 712.5 billion" in words(page, "#facts")
    page.get_by_role("button", name="This result").click()
    assert "Certificate passed" in words(page, "#facts")
    assert "conservative, promoters-high, equal-split-targets" in words(page, ".slider .hint")


def test_tab_goes_from_map_to_regions_to_metric_to_slider_to_language(show: Open) -> None:
    page = show()
    places = []
    for _ in range(17):
        page.keyboard.press("Tab")
        places.append(page.evaluate(ACTIVE))
    assert places[:8] == ["map_plan", "0", "1", "2", "3", "4", "map", "bars"]
    assert places[8:12] == ["metric", "amount", "‹", "›"]
    assert places[12] == "budget"
    assert places[13].startswith("This result")
    assert places[14].startswith("announced")
    assert places[15:] == ["zh-TW", "en"]


def test_the_slider_speaks_and_stops_where_nothing_is_left_to_fund(show: Open) -> None:
    page = show()
    page.locator("#budget").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#amount").input_value() == "715"
    spoken = page.locator("#budget").get_attribute("aria-valuetext") or ""
    assert plainly(spoken).startswith("NT$ 715 billion. Largest shortfall: 46.6%")
    page.keyboard.press("End")
    assert "stays unspent, because every tranche that may be funded is full." in words(page, "#finding")
    page.locator("#amount").fill("７００")
    page.keyboard.press("Enter")
    assert "of NT$ 700.0 billion is spent" in words(page, "#finding")
    for refused in ("many", "", "1e999"):
        page.locator("#amount").fill(refused)
        page.keyboard.press("Enter")
        assert page.locator("#amount").input_value() == "700"
    page.locator("#amount").fill("99999999")
    page.keyboard.press("Enter")
    assert page.locator("#amount").input_value() == "2182.5"


def test_colours_keep_their_limits_while_the_slider_moves(show: Open) -> None:
    page = show()
    legends, fills = set(), set()
    for budget in (20, 190, 712.5, 2000):
        go(page, budget)
        legends.add(words(page, "#legend"))
        fills.add(page.locator("path[data-region='0']").get_attribute("fill"))
    assert legends == {"0–50\n50–100\n100–200\n200–500\n500–1,000\nOutside the plan"}
    assert fills == {"#ffffcc", "#a1dab4", "#2c7fb8", "#253494"}


@pytest.mark.parametrize("width", [390, 1280, 2560])
@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_do_not_meet_while_the_slider_moves(show: Open, language: Language, width: int) -> None:
    page = show(language, width=width, height=844 if width < 600 else 900)
    for metric in ("budget", "budget_per_head", "output_per_head", "next"):
        page.locator(f"input[value={metric}]").check(force=True)
        for budget in (3, 300, 1100, 2180):
            go(page, budget * (10 if language == "zh-TW" else 1))
            (frame,) = boxes(page, "#map-frame")
            labels = boxes(page, ".label:not(.hidden)")
            assert len(labels) == 5
            for label in labels:
                assert frame["x"] <= label["x"]
                assert label["x"] + label["width"] <= frame["x"] + frame["width"]
            others = labels + boxes(page, "#insets") + boxes(page, "#zoom")
            assert not any(overlap(a, b) for a, b in itertools.combinations(others, 2)), (metric, budget)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(
    "options", [{"width": 390}, {"width": 1280}, {"forced_colors": "active"}, {"contrast": "more"}]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_in_either_view(show: Open, language: Language, options: dict[str, Any]) -> None:
    page = show(language, **options)
    page.locator("#table-body button").nth(0).click()
    page.locator(".slider .entry button").nth(1).click()
    for view in ("map", "bars"):
        page.locator(f"button[value={view}]").click()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def test_bars_show_what_is_reached_of_every_target(show: Open) -> None:
    page = show()
    page.get_by_role("button", name="Targets").click()
    assert not page.locator("#map-frame").is_visible()
    row = page.locator(".bars tbody tr").nth(4)
    assert row.locator("p").all_inner_texts() == ["79 of 121 · 65.3%", "3,907 of 7,334 · 53.3%"]
    bar, target = row.locator(".bar").nth(0).locator("span"), row.locator(".bar").nth(0).locator("i")
    box, mark = bar.bounding_box(), target.bounding_box()
    assert box
    assert mark
    assert box["width"] / (mark["x"] - box["x"]) == pytest.approx(0.653, abs=0.02)
    go(page, 1400)
    assert "100." in row.inner_text()  # met from 1,397.5 on


def test_a_region_tells_its_counties_with_source_and_standing(show: Open) -> None:
    page = show()
    page.locator("path[data-region='4']").focus()
    page.keyboard.press("Enter")
    rows = page.locator(".counties tbody tr").all_inner_texts()
    assert [row.split("\t")[0] for row in rows] == ["Hualien County", "Taitung County"]
    detail = words(page, "#detail")
    assert "Budget: NT$ 8.1 billion" in detail
    assert "Land area current: press. 內政部 Ministry of the Interior land area" in detail
    assert "Employed residents 2024: derived. Estimate, not a published figure" in detail


def test_a_plan_in_whole_numbers_says_why_it_has_no_slider(open_page: Open, boundaries: Boundaries) -> None:
    whole = load(scenario="platforms")
    page = open_page(map_page(document(solve_case(whole)), boundaries, "en", companion(whole)))
    assert words(page, "#slider").startswith(
        "No budget slider: the case chooses platforms or measures in whole numbers"
    )
    assert page.locator("#budget").count() == 0
    assert page.locator("input[value=next]").count() == 0


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_beside_the_result_is_shown_literally(show: Open, told: Companion, text: str) -> None:
    assert told.curve
    both = Bilingual(zh=text, en=text)
    curve = told.curve.model_copy(
        update={
            "names": tuple(both for _ in told.curve.names),
            "notes": (both,),
            "elsewhere": (text,),
            "presets": (Preset(name=text, at=190.0),),
        }
    )
    page = show(with_=told.model_copy(update={"curve": curve, "sources": tuple(text for _ in told.sources or ())}))
    page.locator("#table-body button").nth(0).click()
    for place in (".turn", ".presets", ".slider .hint", ".counties"):
        assert text in (page.locator(place).text_content() or ""), place
    assert page.evaluate("document.querySelectorAll('img, iframe, object').length") == 0


def bare(text: str) -> str:
    """Without spaces, for lines break elsewhere on paper, and with signs that a font holds to be the same as one."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", plainly(text))).replace("\u2215", "/")


TOLD = (
    "h1, #finding, #map-heading, .label, #legend li, .facts li, #made, :is(#detail, #table-frame) :is(h3, p, th, td)"
)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
def test_print_is_one_page_with_a_region_or_without(show: Open, language: Language, width: int) -> None:
    """In either view; with its counties, where their numbers are from, and everything else that is told."""
    pypdf = pytest.importorskip("pypdf", reason="reads the PDF: pip install -e '.[test]'")
    page = show(language, width=width, height=844)
    for region in (None, *range(5)):
        if region is not None:
            page.locator("#table-body button").nth(region).click()
        for view in ("bars", "map"):
            page.locator(f"button[value={view}]").click()
            (sheet,) = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
        printed = bare(sheet.extract_text())
        told = map(bare, page.locator(TOLD).all_inner_texts())
        unseen = bare(text("map.table_hint", language))  # what to press is no help on paper
        assert [part for part in told if part not in printed and part != unseen] == [], region
    assert page.locator(".slider").is_visible()
    assert not page.locator("#map-frame").get_attribute("style")  # the map is on the screen what it was


@pytest.mark.parametrize("language", LANGUAGES)
def test_map_and_letters_give_way_where_more_is_told(
    open_page: Open, boundaries: Boundaries, language: Language
) -> None:
    initiatives = load(scenario="initiatives")
    page = open_page(map_page(document(solve_case(initiatives)), boundaries, language, companion(initiatives)))
    for _ in ("all regions", "the south"):
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
        page.locator("#table-body button").nth(3).click()
    assert "dense" not in (page.locator("html").get_attribute("class") or "")


@pytest.mark.parametrize("width", [390, 1280])
def test_sixty_regions_are_still_readable(open_page: Open, width: int) -> None:
    places = [(row, column) for row in range(6) for column in range(10)]
    squares = [box(120 + c * 0.2, 22 + r * 0.3, 120.2 + c * 0.2, 22.3 + r * 0.3) for r, c in places]
    codes = [f"c{number}" for number in range(60)]
    names = [f"Region {number} " + ("with a very long name " * 10 if number == 7 else "") for number in range(60)]
    cells = Boundaries(tuple(codes), tuple(codes), tuple(codes), tuple(squares))
    many = [
        {
            **regions()[number % 5],
            "id": f"r{number}",
            "name_zh": names[number],
            "name_en": names[number],
            "counties": [code],
        }
        for number, code in enumerate(codes)
    ]
    page = open_page(map_page(plain(regions=many), cells, "en"), width=width)
    assert page.locator("#table-body tr").count() == 60
    labels = boxes(page, ".label:not(.hidden)")
    assert not any(overlap(a, b) for a, b in itertools.combinations(labels, 2))
    assert page.locator("#legend li").count() == 5
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Targets").click()
    assert page.locator(".bars tbody tr").count() == 60
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
