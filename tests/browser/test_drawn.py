"""Pictures as a browser shows them: text keeps to its plate whatever fonts there are, and axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from documents import COUNTIES, document, regions
from playwright.sync_api import Page

from regionopt.maps.counties import built_in
from regionopt.maps.drawing import drawing_of
from regionopt.static.ground import Ground, ground_of
from regionopt.static.plan_map import map_svg

Open = Callable[..., Page]
MEASURE = """() => {
  const box = ({ x, y, right, bottom }) => [x, y, right, bottom];
  return [...document.querySelectorAll("g.label")].map((label) => ({
    plate: box(label.querySelector("rect").getBoundingClientRect()),
    words: [...label.querySelectorAll("text")].map((text) => box(text.getBoundingClientRect())),
  }));
}"""


@pytest.fixture(scope="module")
def ground() -> Ground:
    return ground_of(drawing_of(built_in(), COUNTIES))


def shown(open_page: Open, svg: str, language: str) -> Page:
    return open_page(f'<!DOCTYPE html><html lang="{language}"><title>map</title><main><h1>map</h1>{svg}</main>')


@pytest.mark.parametrize("names", [{}, {"name_zh": "長" * 200, "name_en": "Wide MW name " * 16}])
@pytest.mark.parametrize("language", ["zh-TW", "en"])
@pytest.mark.parametrize("metric", ["budget", "jobs_shortfall"])
def test_words_keep_to_their_plates_and_plates_apart(
    open_page: Open, ground: Ground, metric: str, language: Any, names: dict[str, str]
) -> None:
    page = shown(open_page, map_svg(document(regions=regions(**names)), ground, metric, language), language)
    labels = page.evaluate(MEASURE)
    assert len(labels) == 5
    for label in labels:
        left, _, right, _ = label["plate"]
        assert all(left <= words[0] and words[2] <= right for words in label["words"])
    for one, other in combinations([label["plate"] for label in labels], 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_axe_finds_nothing(open_page: Open, ground: Ground, language: Any) -> None:
    found = Axe().run(shown(open_page, map_svg(document(), ground, "budget", language), language))
    assert found.violations_count == 0, found.generate_report()
