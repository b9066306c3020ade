"""The line that embeds a map, in a page whose policy allows nothing but its own host."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Route

from regionopt.report.kit import frame

MAPS = Path(__file__).parents[2] / "maps" / "taiwan-2040" / "base"
HOST = "http://intranet.test/"
POLICY = {"Content-Security-Policy": "default-src 'self'", "Content-Type": "text/html; charset=utf-8"}


def test_the_line_works_under_a_policy_of_self_only(chromium: Browser) -> None:
    """Every request is answered here; one to another host, and anything on the console, fails."""
    line = frame("map.html", "Map: <b>“plan”</b>", "allow-scripts")
    host = f'<!DOCTYPE html><html lang="en"><title>host</title><h1>Plan</h1>{line}'
    answers = {"": host, "map.html": (MAPS / "map.html").read_text(encoding="utf-8")}
    complaints: list[str] = []

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(HOST)
        if name not in answers:
            complaints.append(route.request.url)
        kind = {"Content-Type": POLICY["Content-Type"]} if name else POLICY
        route.fulfill(body=answers.get(name, ""), headers=kind)

    context = chromium.new_context(viewport={"width": 1000, "height": 900})
    context.route("**/*", answer)
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(HOST)
    inside = page.frame_locator("iframe")
    inside.locator("path[data-region='2']").wait_for()
    inside.locator(".label:not(.hidden)").nth(4).wait_for()
    assert page.locator("iframe").get_attribute("title") == "Map: <b>“plan”</b>"
    assert (page.locator("iframe").bounding_box() or {})["height"] == 764  # 760 and the frame's border of 2
    assert [one for one in complaints if "favicon" not in one] == []
    context.close()
