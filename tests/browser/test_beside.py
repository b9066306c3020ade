"""Plans side by side in Chromium, offline: many small maps or two large ones, which act as one."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from axe_playwright_python.sync_playwright import Axe
from documents import document as invented
from documents import regions
from playwright.sync_api import Page
from shapely.geometry import box

from regionopt.case.case import load
from regionopt.common.document import ResultDocument
from regionopt.common.texts import Language
from regionopt.compare.beside import beside_page, page_data
from regionopt.compare.sides import Side, solved_side
from regionopt.maps.counties import Boundaries, built_in
from regionopt.maps.geofiles import load_boundaries
from regionopt.result.result import solve_case

LANGUAGES: tuple[Language, ...] = ("zh-TW", "en")
IMPOSSIBLE = ("targets.jobs.must=east", "regions.east.ceiling=5")
HOSTILE = "</script><script>alert(1)</script>{{7*7}}${alert(2)}\u202e<b>"
NAMES = ("base", "announced", "east-floor")


@cache
def boundaries() -> Boundaries:
    return built_in()


@cache
def sides() -> tuple[Side, ...]:
    found = [solved_side(name, "scenario", solve_case(load(scenario=name))) for name in NAMES]
    return (*found, solved_side("impossible", "scenario", solve_case(load(sets=IMPOSSIBLE))))


@cache
def html(language: Language = "en", count: int = 4) -> str:
    return beside_page(sides()[:count], boundaries(), language)


def made(name: str, **changes: Any) -> Side:
    """A side from an invented document."""
    document: ResultDocument = invented(scenario=name, **changes)
    return Side(name, "folder", {"result.json": document.model_dump_json(by_alias=True).encode()}, None)


def fills(page: Page, region: int) -> list[str]:
    """The colour of a region in each map, in the order of the plans."""
    return [path.get_attribute("fill") or "" for path in page.locator(f"path[data-region='{region}']").all()]


def toggle(page: Page, *plans: int) -> None:
    for plan in plans:
        page.locator("#scenarios input").nth(plan).click(force=True)


def north_west(page: Page, selector: str) -> list[tuple[float, float]]:
    """Where the first vertex of a shape lies within its frame, for every map."""
    return [
        (round(at["x"], 1), round(at["y"], 1))
        for at in page.evaluate(
            """(selector) => [...document.querySelectorAll(selector)].map((path) => {
                const [a, b] = [path, path.closest(".map-frame")].map((part) => part.getBoundingClientRect());
                return { x: a.x - b.x, y: a.y - b.y };
            })""",
            selector,
        )
    ]


def plain(words: str) -> str:
    return re.sub("[\u2068\u2069]", "", words).replace("\u00a0", " ")


# --- data ------------------------------------------------------------------------------------------------------


def test_one_scale_holds_for_all_plans() -> None:
    """The base gives the capital 232.0, the largest of all plans: classes of 50 up to 250, for announced as well."""
    found = json.loads(re.search(r'id="plan-data">(.*?)</script>', html())[1])  # type: ignore[index]
    budget = next(metric for metric in found["metrics"] if metric["key"] == "budget")
    assert budget["limits"] == [0, 50, 100, 150, 200, 250]
    assert set(found["plans"][3]) == {"name", "none"}
    assert page_data(sides()[1:2], "en")["metrics"][0]["limits"] == [0, 20, 40, 60, 80, 100]


def test_geometry_is_written_once_and_the_page_is_small() -> None:
    assert html().count('"r0":[[[') == 1
    assert len(html().encode()) < 310_000
    html.cache_clear()
    assert html() == html()


# --- many small maps -------------------------------------------------------------------------------------------


def test_each_plan_has_a_map_with_its_own_numbers(open_page: Any) -> None:
    page = open_page(html())
    assert page.locator(".card h3").all_inner_texts() == [*NAMES, "impossible"]
    assert fills(page, 0) == ["#253494", "#a1dab4", "#253494"]  # 232.0, 67.0 and 223.2 of classes of 50
    shown = page.locator(".map-frame").evaluate_all(
        "(frames) => frames.map((frame) => frame.querySelector('[data-label=\"0\"] span').textContent)"
    )
    assert shown == ["232.0", "67.0", "223.2"]
    assert len(set(north_west(page, "path[data-region='0']"))) == 1


def test_a_plan_that_does_not_exist_is_a_plain_card(open_page: Any) -> None:
    page = open_page(html())
    card = page.locator(".card.none")
    assert card.count() == 1
    assert re.sub(r"\n+", "\n", plain(card.inner_text())) == "impossible\nNo plan (infeasible), so there is no map."
    assert card.locator("svg, .map-frame").count() == 0
    assert {row.locator("td").last.inner_text() for row in page.locator("tbody tr").all()} == {"–"}


def test_without_a_plan_of_the_base_the_others_are_shown(open_page: Any) -> None:
    page = open_page(beside_page([sides()[3], sides()[0]], boundaries(), "en"))
    assert fills(page, 0) == ["#253494"]
    assert page.locator("tbody tr").first.locator("td").all_inner_texts() == ["–", "232.0"]


def test_one_switch_changes_metric_and_language_of_all(open_page: Any) -> None:
    page = open_page(html())
    page.locator("input[value='jobs_shortfall']").check(force=True)
    assert len(set(fills(page, 0))) == 2  # 46.7 % and 48.0 % are one class, 78.7 % another
    assert page.locator("tbody tr").first.locator("td").all_inner_texts() == ["46.7", "78.7", "48.0", "–"]
    page.locator("button[lang='zh-TW']").click()
    assert page.locator("#table-caption").inner_text() == "各區域各方案的就業機會缺口"
    assert "沒有方案（無可行方案）" in page.locator(".card.none").inner_text()
    labels = page.locator("[data-label='0'] bdi").all_inner_texts()
    assert set(labels) == {"首都圈黃金廊帶"}


# --- two large ones --------------------------------------------------------------------------------------------


def test_any_two_stand_side_by_side_with_their_difference(open_page: Any) -> None:
    page = open_page(html())
    toggle(page, 0, 3)
    assert page.locator(".card:visible h3").all_inner_texts() == ["announced", "east-floor"]
    left, right = (frame.bounding_box() for frame in page.locator(".map-frame:visible").all())
    assert left["y"] == right["y"]
    assert left["width"] == right["width"] > 550
    cells = page.locator("tbody tr").first.locator("td").all_inner_texts()
    assert cells == ["67.0", "223.2", "+156.2"]
    page.locator("input[value='output_shortfall']").check(force=True)
    assert plain(page.locator("#table-head th").last.inner_text()).split("\n")[-1] == "percentage points"
    assert fills(page, 0)[0] != "" and len(set(north_west(page, "path[data-region='0']"))) == 1  # noqa: PT018


def test_below_each_other_on_a_phone(open_page: Any) -> None:
    page = open_page(html("zh-TW", 2), width=390, height=844)
    upper, lower = (frame.bounding_box() for frame in page.locator(".map-frame").all())
    assert upper["x"] == lower["x"]
    assert upper["y"] + upper["height"] < lower["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("#scenarios").count() == 0  # nothing to choose from two


def test_dragging_one_map_moves_both(open_page: Any) -> None:
    page = open_page(html("en", 2))
    for place, (dx, dy) in ((0, (60, -40)), (1, (-90, 25))):
        before = north_west(page, "path[data-region='0']")
        box = page.locator(".map-frame").nth(place).bounding_box()
        page.mouse.move(box["x"] + 60, box["y"] + box["height"] - 60)
        page.mouse.down()
        page.mouse.move(box["x"] + 60 + dx, box["y"] + box["height"] - 60 + dy, steps=5)
        page.mouse.up()
        after = north_west(page, "path[data-region='0']")
        for (x, y), (to_x, to_y) in zip(before, after, strict=True):
            assert abs(to_x - x - dx) <= 2
            assert abs(to_y - y - dy) <= 2
        assert abs(after[0][0] - after[1][0]) <= 1.5


def test_zooming_with_button_and_keys_moves_both(open_page: Any) -> None:
    page = open_page(html("en", 2))
    width = "[...document.querySelectorAll(\"path[data-region='2']\")].map((p) => p.getBoundingClientRect().width)"
    first = page.evaluate(width)
    page.locator("[data-zoom='zoom_in']").click()
    second = page.evaluate(width)
    assert second[0] == pytest.approx(second[1], rel=0.01)
    assert second[0] > 1.3 * first[0]
    page.locator(".leaflet-container").nth(1).focus()
    page.keyboard.press("-")
    third = page.evaluate(width)
    assert third[0] == pytest.approx(third[1], rel=0.01)
    assert third[0] < second[0]


def test_a_region_is_chosen_in_both_and_told_of_both(open_page: Any) -> None:
    page = open_page(html("en", 2))
    page.locator("path[data-region='4']").nth(1).focus()
    page.keyboard.press("Enter")
    east = page.locator("path[data-region='4']").all()
    assert [path.get_attribute("aria-pressed") for path in east] == ["true", "true"]
    assert page.locator(".leaflet-highlight-pane path").count() == 2
    detail = plain(page.locator("#detail").inner_text())
    assert all(f"NT$ {amount} billion" in detail for amount in ("8.1", "3.1"))
    told = [path.get_attribute("aria-label") or "" for path in east]
    assert [re.search(r"[\d.]+(?= billion)", words)[0] for words in told] == ["8.1", "3.1"]  # type: ignore[index]


def test_the_last_plan_stays(open_page: Any) -> None:
    page = open_page(html())
    toggle(page, 0, 1, 2)
    assert page.locator(".card:visible h3").all_inner_texts() == ["east-floor", "impossible"]
    toggle(page, 3, 0)
    assert page.locator(".card:visible h3").all_inner_texts() == ["base", "east-floor"]
    assert fills(page, 4) == ["#ffffcc", "#ffffcc"]


# --- keys, words, print ----------------------------------------------------------------------------------------


def test_tab_meets_one_of_many_maps_and_both_of_two(open_page: Any) -> None:
    def stops(page: Page) -> int:
        return sum(
            path.get_attribute("tabindex") == "0" for path in page.locator("path[role=button]").all()
        )  # fmt: skip

    page = open_page(html())
    assert stops(page) == 5
    toggle(page, 2, 3)
    assert stops(page) == 10


def test_keys_are_enough_to_choose_plans(open_page: Any) -> None:
    page = open_page(html())
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.locator(".card:visible h3").all_inner_texts() == ["base", "east-floor", "impossible"]
    assert page.evaluate("document.activeElement.value") == "1"


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("count", [2, 4])
def test_axe_finds_nothing(open_page: Any, width: int, count: int) -> None:
    page = open_page(html("zh-TW", count), width=width, height=844)
    for now, other in (("zh-TW", "en"), ("en", "zh-TW")):
        words = page.locator("body").inner_text().replace("中文", "")
        assert bool(re.search("[\u4e00-\u9fff]", words)) == (now == "zh-TW")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator(f"button[lang='{other}']").click()


@pytest.mark.parametrize("width", [390, 1280, 2560])
def test_labels_do_not_overlap(open_page: Any, width: int) -> None:
    page = open_page(html("en"), width=width)
    for frame in page.locator(".map-frame").all():
        boxes = [label.bounding_box() for label in frame.locator(".label:not(.hidden)").all()]
        assert len(boxes) == 5
        assert not any(overlap(a, b) for place, a in enumerate(boxes) for b in boxes[:place])


def test_hostile_and_long_names_are_shown_literally(open_page: Any) -> None:
    long = "極" * 200
    names = [{**region, "name_en": HOSTILE, "name_zh": long} for region in regions()]
    pair = [made(f"{HOSTILE}{n}", regions=names, title={"zh": long, "en": HOSTILE}) for n in range(3)]
    page = open_page(beside_page(pair, boundaries(), "en"), width=390)
    assert page.locator(".card h3").first.inner_text() == f"{HOSTILE}0"
    assert page.locator("#table-body button").first.inner_text() == HOSTILE
    assert HOSTILE in page.locator("#scenarios").inner_text()
    page.locator("button[lang='zh-TW']").click()
    assert page.locator("#table-body button").first.inner_text() == long
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_sixty_regions_and_six_plans_are_readable(open_page: Any, tmp_path: Path) -> None:
    """Labels that find no room are left out; the table has them all."""
    cells = [(n, box(120 + n % 8, 20 + n // 8, 121 + n % 8, 21 + n // 8)) for n in range(60)]
    counties = gpd.GeoDataFrame(
        {"code": [f"k{n}" for n, _ in cells]}, geometry=[shape for _, shape in cells], crs=4326
    )
    counties.to_file(tmp_path / "cells.geojson", driver="GeoJSON")
    named = [
        {"id": f"r{n}", "name_en": f"Region {n}", "name_zh": f"區域{n}", "counties": (f"k{n}",)} for n in range(60)
    ]
    many = [{**regions()[0], **names, "budget": n} for n, names in enumerate(named)]
    plans = [made(f"plan {n}", regions=many) for n in range(6)]
    page = open_page(beside_page(plans, load_boundaries(tmp_path / "cells.geojson"), "en"))
    assert page.locator("tbody tr").count() == 60
    for frame in page.locator(".map-frame").all():
        shown = [label.bounding_box() for label in frame.locator(".label:not(.hidden)").all()]
        assert 3 <= len(shown) < 60
        assert not any(overlap(a, b) for place, a in enumerate(shown) for b in shown[:place])


def overlap(a: dict[str, float], b: dict[str, float]) -> bool:
    apart = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
    return not (apart or a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"])


def test_it_is_printed_without_cuts(open_page: Any) -> None:
    for count in (2, 4):
        pdf = open_page(html("en", count)).pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 2
