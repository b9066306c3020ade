"""The HTML report in a real Chromium: read without a script, on a phone and on paper, by everyone, offline."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from inputs import CASE, small
from playwright.sync_api import Browser, Page, Route

from regionopt.case.case import load
from regionopt.common.texts import Language
from regionopt.report.bundle import bundle
from regionopt.report.html import page
from regionopt.report.make import material
from regionopt.report.write import solved
from regionopt.run.run import Order
from regionopt.verify.read import read

Open = Callable[..., Page]
LANGUAGES: tuple[Language, ...] = ("zh-TW", "en")
LONG = "長" * 120 + "-" + "w" * 79
HOSTILE = "<img src=x onerror=alert(1)>{{7*7}}</script><script>alert(2)</script>\u202e&amp;"


def html(folder: Path, *languages: Language, fragment: bool = False) -> str:
    with material(bundle(read(folder)), languages or LANGUAGES, fragment) as found:
        return page(found)


def solve(home: Path, changes: dict[str, str]) -> Path:
    return solved(load(small(home, changes)), Order(out=home / "maps"), lambda _: None)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Results with a map, without a plan, and with names that are hostile and long."""
    home = tmp_path_factory.mktemp
    regions = f'region,name_zh,name_en\nnorth,{LONG},{LONG}\nsouth,"{HOSTILE}","{HOSTILE}"\n'
    return {
        "built-in": solved(load("taiwan-2040"), Order(out=home("built-in")), lambda _: None),
        "clash": solve(home("clash"), {"case.toml": CASE + "[regions.north]\nfloor = 90\n"}),
        "names": solve(home("names"), {"regions.csv": regions}),
    }


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", ["built-in", "clash", "names"])
def test_axe_finds_nothing_and_the_page_is_as_wide_as_the_screen(
    open_page: Open, folders: dict[str, Path], which: str, language: Language, width: int
) -> None:
    shown = open_page(html(folders[which], language), width=width, name="report.html")
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(shown)
    assert found.violations_count == 0, found.generate_report()


def test_both_languages_stand_in_one_page(open_page: Open, folders: dict[str, Path]) -> None:
    shown = open_page(html(folders["built-in"]), name="report.html")
    assert shown.locator("article").evaluate_all("all => all.map(one => one.lang)") == list(LANGUAGES)
    assert Axe().run(shown).violations_count == 0


def test_hostile_names_are_shown_literally(open_page: Open, folders: dict[str, Path]) -> None:
    shown = open_page(html(folders["names"], "en"), name="report.html")
    assert HOSTILE in shown.locator("tbody th").all_text_contents()
    assert shown.locator("img").count() == 0
    assert shown.locator("h3", has_text="onerror").first.text_content() == HOSTILE


def test_it_is_read_without_any_script(open_page: Open, folders: dict[str, Path]) -> None:
    shown = open_page(html(folders["built-in"], "en"), name="report.html", java_script_enabled=False)
    assert shown.get_by_role("heading", level=1).text_content() == "Taiwan's five AI regions, budget to 2040"
    assert shown.get_by_role("img").count() == 14
    assert shown.get_by_role("table").count() > 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_paper_has_one_page_a_region(open_page: Open, folders: dict[str, Path], language: Language) -> None:
    """Nothing but the regions from one page break to the next: five breaks, five pages."""
    shown = open_page(html(folders["built-in"], language), name="report.html")
    shown.evaluate(
        """() => {
            const breaks = [...document.querySelectorAll(".page-break")], all = [...breaks[0].parentElement.children];
            const from = all.indexOf(breaks[0]), to = all.indexOf(breaks[5]);
            all.forEach((one, k) => (k < from || k >= to) && one.remove());
            breaks[0].remove();
        }"""
    )
    assert shown.locator("h3").count() == 5
    printed = shown.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 5


def test_a_fragment_keeps_its_style_to_itself(open_page: Open, folders: dict[str, Path]) -> None:
    inside = html(folders["built-in"], "en", fragment=True)
    host = "<!DOCTYPE html><html lang='en'><title>x</title><body><h2 id='own'>host</h2>{}</body></html>"
    plain = open_page(host.format(""), name="plain.html")
    shown = open_page(host.format(inside), name="host.html")
    style: Any = "one => { const s = getComputedStyle(one); return [s.color, s.fontSize, s.marginTop, s.fontFamily] }"
    assert shown.locator("#own").evaluate(style) == plain.locator("#own").evaluate(style)
    assert shown.locator(".regionopt-report table").count() > 20


def test_it_stands_in_a_frame_of_a_page_that_allows_its_own_files_only(
    chromium: Browser, folders: dict[str, Path]
) -> None:
    frame = '<iframe src="report.html" title="Report" sandbox></iframe>'
    host = f"<!DOCTYPE html><html lang='en'><title>x</title><body>{frame}</body></html>"
    served = {"index.html": host, "report.html": html(folders["built-in"], "en")}
    plain = {"Content-Type": "text/html; charset=utf-8"}
    headers = {"index.html": {**plain, "Content-Security-Policy": "default-src 'self'"}, "report.html": plain}
    context = chromium.new_context()
    shown, complaints = context.new_page(), list[str]()
    shown.on("console", lambda message: complaints.append(message.text))

    def serve(route: Route) -> None:
        name = route.request.url.split("/")[-1]
        route.fulfill(body=served[name], headers=headers[name])

    shown.route("**/*", serve)
    shown.goto("https://intranet.example/index.html")
    inside = shown.frame_locator("iframe")
    assert inside.get_by_role("heading", level=1).text_content() == "Taiwan's five AI regions, budget to 2040"
    assert inside.locator("h2").first.evaluate("one => getComputedStyle(one).fontSize") == "15px"
    assert complaints == []
    context.close()
