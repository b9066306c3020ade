"""What a reader sees and does with the map page, in Chromium, offline."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from documents import COUNTIES, NAMES, document, regions
from playwright.sync_api import Page

from regionopt.common.document import ResultDocument
from regionopt.common.texts import Language, catalogue
from regionopt.maps.counties import Boundaries, built_in
from regionopt.maps.maps import page as map_page

METRICS = ("budget", "share", "budget_per_head", "output", "jobs", "output_shortfall", "jobs_shortfall")
LANGUAGES: tuple[Language, ...] = ("zh-TW", "en")
WIDTHS = (390, 1280, 2560)
ACTIVE = "[document.activeElement].map((one) => one.id || one.dataset.region || one.value || one.lang)[0]"
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def boundaries() -> Boundaries:
    return built_in()


@pytest.fixture
def show(open_page: Open, boundaries: Boundaries) -> Open:
    def shown(language: Language = "en", of: ResultDocument | None = None, **options: Any) -> Page:
        return open_page(map_page(of or document(), boundaries, language), **options)

    return shown


def choose(page: Page, metric: str) -> None:
    page.locator(f"input[value={metric}]").check(force=True)


def fills(page: Page) -> list[str]:
    return [page.locator(f"path[data-region='{n}']").get_attribute("fill") or "" for n in range(5)]


def boxes(page: Page, selector: str) -> list[dict[str, float]]:
    found = [part.bounding_box() for part in page.locator(selector).all() if part.is_visible()]
    return [box for box in found if box]


def overlap(a: dict[str, float], b: dict[str, float]) -> bool:
    across = a["x"] < b["x"] + b["width"] and b["x"] < a["x"] + a["width"]
    return across and a["y"] < b["y"] + b["height"] and b["y"] < a["y"] + a["height"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_stands_alone(show: Open, language: Language) -> None:
    page = show(language)
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("path[data-region]").count() == 5
    title = document().title.zh if language == "zh-TW" else document().title.en
    assert re.sub("[\u2068\u2069]", "", page.title()) == f"{title} · base · regionopt"


def test_the_finding_and_the_facts_are_said_in_words(show: Open) -> None:
    page = show("en")
    assert page.locator("#finding").inner_text().replace("\u00a0", " ") == (
        "Largest shortfall: 46.7% of the jobs target is not reached, equally in all 5 regions. "
        "NT$ 712.5 billion of NT$ 712.5 billion is spent."
    )
    facts = page.locator("#facts").inner_text().replace("\u00a0", " ")
    assert "Weakest standing of the inputs: assumption" in facts
    assert "9.8 times the budget" in facts
    assert "Smallest budget that meets every target: NT$ 1,893.0 billion" in facts
    assert "Certificate passed: largest violation 0, tolerance 1e-9" in facts


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"jobs_shortfall": 0.0, "output_shortfall": 0.0}, "Every target is met."),
        ({"jobs_shortfall": None, "output_shortfall": None}, "No target was set."),
        ({"jobs_shortfall": 0.0001, "output_shortfall": 0.0}, "less than 0.1%"),
    ],
)
def test_other_findings(show: Open, changes: dict[str, Any], sentence: str) -> None:
    page = show("en", document(regions=regions(**changes)))
    assert sentence in page.locator("#finding").inner_text()


def test_one_worst_region_is_named(show: Open) -> None:
    changed = regions(jobs_shortfall=0.1)
    changed[4]["output_shortfall"] = 0.6
    page = show("zh-TW", document(regions=changed))
    words = re.sub("[\u2068\u2069]", "", page.locator("#finding").inner_text())
    assert "最大缺口：東部慢活城鄉的產值目標有 60.0% 尚未達成。" in words


def test_unspent_budget_has_its_reason(show: Open) -> None:
    left = {"total": 800.0, "spent": 712.5, "unspent": 87.5, "unspent_reason": "nothing_left_to_fund"}
    page = show("en", document(budget={**document().budget.model_dump(), **left}))
    words = page.locator("#finding").inner_text().replace("\u00a0", " ")
    assert "NT$ 712.5 billion of NT$ 800.0 billion is spent." in words
    assert "NT$ 87.5 billion stays unspent, because every tranche that may be funded is full." in words


def test_no_budget_may_meet_the_targets(show: Open) -> None:
    facts = {**document().facts.model_dump(), "smallest_budget": None, "implied_leverage": None}
    page = show("en", document(facts=facts, certificate=None))
    words = page.locator("#facts").inner_text()
    assert "No budget meets every target" in words
    assert "leverage" not in words
    assert "No certificate" in words


def test_the_metric_switch_redraws_everything(show: Open) -> None:
    page = show("en")
    assert fills(page) == ["#253494", "#41b6c4", "#2c7fb8", "#2c7fb8", "#ffffcc"]  # limits 0, 50, … 250
    seen = set()
    for metric in METRICS:
        choose(page, metric)
        seen.add((page.locator("#map-heading").inner_text(), page.locator("[data-label='4'] span").inner_text()))
        assert page.locator("thead .chosen").count() == 1
    assert len(seen) == 7
    assert fills(page) == ["#253494"] * 5  # jobs shortfall 46.7 % everywhere, class 40–50
    assert page.locator("#legend li").all_inner_texts() == [
        "0–10",
        "10–20",
        "20–30",
        "30–40",
        "40–50",
        "Outside the plan",
    ]


def test_the_language_switch_changes_all_words_and_units(show: Open) -> None:
    page = show("zh-TW")
    cell = page.locator("#table-body tr").first.locator("td").first
    assert cell.inner_text() == "2,319"  # 億元: 231.9 × 10
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert "Budget for Taiwan" in page.title()
    assert cell.inner_text() == "231.9"
    words = page.locator("body").inner_text().replace("中文", "")
    assert not re.search("[\u4e00-\u9fff]", words)
    labels = [name for part in page.locator("[aria-label]").all() if (name := part.get_attribute("aria-label"))]
    assert not any(re.search("[\u4e00-\u9fff]", label) for label in labels)
    page.get_by_role("button", name="中文").click()
    assert page.locator("html").get_attribute("lang") == "zh-TW"
    assert "2040 年五大區域" in page.title()


def test_every_text_of_the_page_is_used_and_exists() -> None:
    folder = Path(__file__).parents[2] / "regionopt" / "maps" / "page"
    script = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.js"))
    python = (Path(__file__).parents[2] / "regionopt" / "maps" / "mapdata.py").read_text(encoding="utf-8")
    families = ("metric_", "standing_", "word_", "nt_", "certificate_", "zoom_", "fact_", "view_")
    unused = [key for key in catalogue()["map"] if f'"{key}"' not in script and f"map.{key}" not in python]
    assert [key for key in unused if not key.startswith(families)] == []


def test_tab_goes_from_map_to_regions_to_metric_to_language(show: Open) -> None:
    page = show("en")
    places = []
    for _ in range(11):
        page.keyboard.press("Tab")
        places.append(page.evaluate(ACTIVE))
    assert places == ["map_plan", "0", "1", "2", "3", "4", "map", "bars", "budget", "zh-TW", "en"]


def test_keys_are_enough_to_choose_a_region_and_a_metric(show: Open) -> None:
    page = show("en")
    page.locator("path[data-region='4']").focus()
    assert page.locator("tr.current").inner_text().startswith("East")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.region") == "4"  # nothing was moved to the front
    detail = re.sub("[\u2068\u2069]", "", page.locator("#detail").inner_text())
    assert "Hualien County, Taitung County" in detail
    assert "2,900 jobs of the target of 5,500 jobs" in detail
    page.keyboard.press("Enter")
    assert "All regions" in page.locator("#detail").inner_text()
    page.locator("input[value=budget]").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#map-heading").inner_text() == "Share of budget (%)"


def test_each_region_says_its_name_metric_and_value(show: Open) -> None:
    page = show("en")
    label = page.locator("path[data-region='0']").get_attribute("aria-label") or ""
    assert (
        re.sub("[\u2068\u2069]", "", label).replace("\u00a0", " ")
        == "Capital Golden Corridor: Budget NT$ 231.9 billion"
    )


def test_hovering_a_row_marks_its_region(show: Open) -> None:
    page = show("en")
    assert page.locator(".leaflet-highlight-pane path").count() == 0
    page.locator("#table-body tr").nth(2).hover()
    assert page.locator(".leaflet-highlight-pane path").count() == 1
    page.locator("#table-body button").nth(3).click()
    assert "Greater South" in page.locator("#detail").inner_text()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_never_overlap(show: Open, language: Language, width: int) -> None:
    page = show(language, width=width, height=844 if width < 600 else 900)
    for metric in METRICS:
        choose(page, metric)
        (frame,) = boxes(page, "#map-frame")
        labels = boxes(page, ".label:not(.hidden)")
        assert len(labels) == 5
        for box in labels:
            assert frame["x"] <= box["x"]
            assert box["x"] + box["width"] <= frame["x"] + frame["width"]
            assert frame["y"] <= box["y"]
            assert box["y"] + box["height"] <= frame["y"] + frame["height"]
        others = labels + boxes(page, "#insets") + boxes(page, "#zoom")
        assert not any(overlap(a, b) for a, b in itertools.combinations(others, 2)), metric
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(show: Open, language: Language, width: int) -> None:
    page = show(language, width=width)
    page.locator("path[data-region='1']").focus()
    page.keyboard.press("Enter")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


HOSTILE = (
    "{{7*7}}",
    "{% raw",
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "${alert(1)}",
    "`alert(1)`",
    "\u202eevil",
    "{value}",
    "x" * 200,
)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_is_shown_literally(
    open_page: Open, boundaries: Boundaries, language: Language, text: str
) -> None:
    plain = document()
    changed = document(
        title={"zh": text, "en": text},
        scenario=text,
        regions=regions(name_zh=text, name_en=text),
        budget={**plain.budget.model_dump(), "unit": text},
        provenance={**plain.provenance.model_dump(), "geometry": text},
    )
    named = replace(boundaries, name_zh=(text,) * 22, name_en=(text,) * 22)
    usual = open_page(map_page(plain, boundaries, language), name="usual.html")
    page = open_page(map_page(changed, named, language), name="hostile.html")
    for one in (usual, page):
        one.locator("path[data-region='0']").focus()
        one.keyboard.press("Enter")
    assert text in page.title()
    for place in ("#title", "#scenario", "#map-heading", "#source", "#detail h3", "#detail > p:last-child"):
        assert text in page.locator(place).text_content(), place
    for place in (
        "[data-label='2'] bdi",
        "#table-body tr:first-child th",
        "thead th:nth-child(2) small",
        "figcaption",
    ):
        assert page.locator(place).first.text_content() == text, place
    assert text in (page.locator("path[data-region='3']").get_attribute("aria-label") or "")
    count = "document.querySelectorAll('img, script, iframe, object, embed, link, a, form').length"
    assert page.evaluate(count) == usual.evaluate(count)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_missing_numbers_are_hatched_and_named(show: Open) -> None:
    changed = regions()
    changed[1] |= {"output": None, "output_target": None, "output_shortfall": None}
    page = show("en", document(regions=changed))
    choose(page, "output")
    assert fills(page)[1] == "url(#hatch-missing)"
    assert "No data" in page.locator("#legend").inner_text()
    assert (page.locator("path[data-region='1']").get_attribute("aria-label") or "").endswith("No data")
    assert page.locator("[data-label='1'] span").inner_text() == "–"
    choose(page, "budget")
    assert "No data" not in page.locator("#legend").inner_text()


def test_counties_outside_the_plan_are_hatched_and_distant_ones_inset(show: Open) -> None:
    page = show("en")
    hatched = page.locator(".leaflet-overlay-pane path[fill='url(#hatch-outside)']").all()
    assert [path.is_visible() for path in hatched] == [False, False, True]  # the first two have insets
    assert page.locator("figcaption").all_inner_texts() == ["Lienchiang County", "Kinmen County"]
    assert page.locator(".insets path").count() == 2
    assert "Outside the plan" in page.locator("#legend").inner_text()


def test_an_inset_takes_the_colour_of_its_region(show: Open) -> None:
    changed = regions()
    changed[4]["counties"] = [*COUNTIES["east"], "09020"]
    page = show("en", document(regions=changed))
    assert page.locator("[data-county='1'] path").get_attribute("fill") == fills(page)[4]


def test_a_page_shown_late_is_drawn(open_page: Open, boundaries: Boundaries, tmp_path: Path) -> None:
    (tmp_path / "inner.html").write_text(map_page(document(), boundaries, "en"), encoding="utf-8")
    look = "display:none;width:900px;height:700px"
    host = f'<iframe id="f" src="inner.html" sandbox="allow-scripts" style="{look}"></iframe>'
    page = open_page(f"<!DOCTYPE html><title>host</title>{host}", name="host.html")
    page.frames[1].wait_for_load_state()
    page.evaluate("document.getElementById('f').style.display = 'block'")
    frame = page.frames[1]
    frame.locator(".label:not(.hidden)").nth(4).wait_for()
    path = frame.locator("path[data-region='2']").bounding_box()
    assert path
    assert path["width"] > 50


def test_a_wheel_scrolls_the_page_and_buttons_zoom_the_map(show: Open) -> None:
    page = show("en", height=500)
    path = page.locator("path[data-region='2']")
    before = path.bounding_box()
    page.mouse.move(300, 300)
    page.mouse.wheel(0, 120)
    while page.evaluate("scrollY") < 100:  # smooth scrolling may take a moment
        page.wait_for_timeout(20)
    assert before
    assert path.bounding_box() == pytest.approx({**before, "y": before["y"] - page.evaluate("scrollY")})
    page.get_by_role("button", name="Zoom in").click()
    after = path.bounding_box()
    assert after
    assert after["width"] == pytest.approx(before["width"] * 2**0.5, rel=0.05)
    page.get_by_role("button", name="Whole plan").click()
    again = path.bounding_box()
    assert again
    assert again["width"] == pytest.approx(before["width"], abs=1)


def test_print_fits_the_map_on_a4(show: Open) -> None:
    page = show("zh-TW", width=390, height=844)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    (frame,) = boxes(page, "#map-frame")
    assert frame["width"] == pytest.approx(700, abs=2)
    for box in boxes(page, "path[data-region]"):
        assert frame["x"] <= box["x"]
        assert box["x"] + box["width"] <= frame["x"] + frame["width"]
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    (frame,) = boxes(page, "#map-frame")
    assert frame["width"] < 390
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1


def test_names_stand_beside_their_numbers(show: Open) -> None:
    page = show("zh-TW")
    rows = page.locator("#table-body tr").all()
    assert [row.locator("th").inner_text() for row in rows] == [zh for zh, _ in NAMES.values()]
    assert page.locator("#table-foot").inner_text().split() == ["全部區域", "7,125", "100.0", "56,730", "172,700"]
