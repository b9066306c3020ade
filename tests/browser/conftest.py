"""A real Chromium without a network. Any request but the page itself, and anything on its console, fails the test."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))  # documents.py, which the tests one level up use too
NAMES = ("chromium", "chromium-browser", "google-chrome")
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. Without one the tests skip and say so; where `CI` is set they fail instead."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        reason = "no Chromium is installed (on Debian: apt-get install chromium fonts-noto-cjk)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, tmp_path: Path) -> Iterator[Open]:
    """`open_page(html, width=1280, height=800, **context options)` shows a page; complaints fail the test."""
    complaints: list[str] = []
    contexts = []

    def show(html: str, width: int = 1280, height: int = 800, name: str = "map.html", **options: Any) -> Page:
        file = tmp_path / name
        file.write_text(html, encoding="utf-8")
        context = chromium.new_context(offline=True, viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: _judge(request.url, tmp_path, complaints))
        page.on("console", lambda message: complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.goto(file.as_uri())
        return page

    yield show
    for context in contexts:
        context.close()
    assert complaints == []


def _judge(url: str, folder: Path, complaints: list[str]) -> None:
    if not url.startswith((folder.as_uri() + "/", "data:")) or url.count("://") > 1:
        complaints.append(f"request: {url}")
