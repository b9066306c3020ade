"""Explored maps in Chromium, offline: folium's own layers on them, words as text, keys, a notebook's frame."""

from __future__ import annotations

from functools import cache
from typing import Any

import folium
import pytest
from axe_playwright_python.sync_playwright import Axe
from branca.colormap import LinearColormap
from playwright.sync_api import Page

import regionopt as ro
from regionopt.explore.explore import explore

HOSTILE = "</script><script>alert(1)</script>{{7*7}}{% no %}${alert(2)}`<img src=x onerror=alert(3)>"


@cache
def result() -> ro.Result:
    return ro.load("taiwan-2040").solve()


def page_of(open_page: Any, m: folium.Map, **options: Any) -> Page:
    return open_page(m.get_root().render(), **options)


def fills(page: Page) -> list[str]:
    return [path.get_attribute("fill") or "" for path in page.locator("path.leaflet-interactive").all()]


def test_regions_scale_and_source_are_shown(open_page: Any) -> None:
    page = page_of(open_page, result().explore("budget"))
    assert fills(page)[0] == "#081d58"
    assert len(fills(page)) == 5
    assert page.locator(".regionopt-caption").inner_text() == "budget (NT$ billion)"
    assert page.locator(".regionopt-tick").all_inner_texts() == ["8", "64", "120", "176", "232"]
    assert "National Land Surveying" in page.locator(".leaflet-control-attribution").inner_text()
    assert page.title() == "Taiwan's five AI regions, budget to 2040 · budget"


def test_words_of_a_region_come_with_pointer_and_keys(open_page: Any) -> None:
    page = page_of(open_page, result().explore("jobs", tooltip=["name_en", "jobs"], popup="name_zh"))
    path = page.locator("path.leaflet-interactive").nth(4)
    assert path.get_attribute("aria-label") == "East: 3,906.594 jobs"
    path.focus()
    assert page.locator(".leaflet-tooltip").inner_text().split() == ["name_en", "East", "jobs", "(jobs)", "3,906.594"]
    page.keyboard.press("Enter")
    assert "東部慢活城鄉" in page.locator(".leaflet-popup-content").inner_text()


def test_layers_of_folium_can_be_added_and_switched(open_page: Any) -> None:
    m = result().explore("budget", name="Plan")
    folium.Marker([25.03, 121.56], popup="Taipei <b>101</b>", tooltip="tip").add_to(m)
    group = folium.FeatureGroup("Circles").add_to(m)
    folium.CircleMarker([22.6, 120.3], radius=12).add_to(group)
    areas = result().shapes[["id", "geometry"]]
    folium.GeoJson(areas, name="Areas", tooltip=folium.GeoJsonTooltip(["id"]), show=False).add_to(m)
    folium.Choropleth(
        areas.__geo_interface__, data=result().regions, columns=["id", "output"], key_on="feature.properties.id",
        name="Output", legend_name="Output of regions", show=False,
    ).add_to(m)  # fmt: skip
    LinearColormap(["red", "blue"], vmin=0, vmax=3, caption="My scale").add_to(m)
    folium.LayerControl(collapsed=False).add_to(m)
    page = page_of(open_page, m)
    names = [label.strip() for label in page.locator(".leaflet-control-layers-overlays label").all_inner_texts()]
    assert names == ["Plan", "Circles", "Areas", "Output"]
    assert page.locator(".regionopt-caption").all_inner_texts() == [
        "budget (NT$ billion)",
        "Output of regions",
        "My scale",
    ]
    icon = page.locator(".leaflet-marker-icon")
    assert icon.evaluate("(image) => image.naturalWidth") == 25
    icon.click()
    assert page.locator(".leaflet-popup-content b").inner_text() == "101"
    before = len(fills(page))
    page.locator(".leaflet-control-layers-overlays input").nth(3).check()
    assert len(fills(page)) == before + 5


def test_two_columns_on_one_map(open_page: Any) -> None:
    m = result().explore("budget", name="Budget")
    assert result().explore("name_en", m=m, name="Names", legend=False) is m
    page = page_of(open_page, m)
    assert len(fills(page)) == 10
    assert page.locator(".regionopt-legend").count() == 1


@pytest.mark.parametrize("count", [5, 60])
def test_hostile_and_long_names_are_text(open_page: Any, count: int) -> None:
    shapes = result().shapes
    rows = shapes.loc[[n % 5 for n in range(count)]].reset_index(drop=True)
    rows = rows.assign(name_en=[HOSTILE if n == 0 else f"{n} " + "長" * 200 for n in range(count)])
    rows.attrs = shapes.attrs
    told = {"name": HOSTILE, "legend_kwds": {"caption": HOSTILE}, "popup": True}
    m = explore(rows, "name_en", **told)
    folium.LayerControl(collapsed=False).add_to(m)
    page = page_of(open_page, m)
    assert page.locator(".regionopt-caption").inner_text() == HOSTILE
    assert page.locator(".regionopt-text").count() == count
    assert HOSTILE in page.locator(".regionopt-text").all_inner_texts()
    first = page.locator("path.leaflet-interactive").first
    assert (first.get_attribute("aria-label") or "").startswith(HOSTILE)
    first.focus()
    assert HOSTILE in page.locator(".leaflet-tooltip").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("asked", [{}, {"scheme": "quantiles", "k": 3, "legend_kwds": {"colorbar": False}}])
def test_axe_finds_nothing(open_page: Any, width: int, asked: dict[str, Any]) -> None:
    page = page_of(open_page, result().explore("output", popup=True, **asked), width=width)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_notebook_shows_the_map_in_a_frame_without_its_origin(open_page: Any) -> None:
    shown = result().explore("budget")._repr_html_()
    page = open_page(f"<!DOCTYPE html><html lang='en'><title>n</title><body>{shown}</body></html>")
    frame = page.frame_locator("iframe")
    frame.locator("path.leaflet-interactive").first.wait_for()
    assert frame.locator("path.leaflet-interactive").count() == 5
    assert page.locator("iframe").evaluate("(frame) => frame.contentDocument") is None
