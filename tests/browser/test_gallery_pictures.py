"""The pictures of the README are those of pages in the gallery.

`REGIONOPT_UPDATE=1 pytest tests/browser/test_gallery_pictures.py` takes them again.
"""

from __future__ import annotations

import os
import re
import struct
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

MAPS = Path(__file__).parents[2] / "maps"
COMPARED = "taiwan-2040/compare~base~announced~east-floor"
PICTURES = {
    "base.png": ("taiwan-2040/base/map.html", 1280, 1050),
    "difference.png": (f"{COMPARED}/difference.html", 1280, 830),
    "side-by-side.png": (f"{COMPARED}/side-by-side.html", 1280, 880),
    "report.png": ("taiwan-2040/report/report.html", 1000, 900),
}
"""Of each picture: the page, and how much of it is seen."""


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_shows_its_page(chromium: Browser, name: str) -> None:
    page, width, height = PICTURES[name]
    context = chromium.new_context(offline=True, viewport={"width": width, "height": height}, locale="en")
    seen: Any = context.new_page()
    seen.goto((MAPS / page).as_uri())
    taken = seen.screenshot()
    context.close()
    if os.environ.get("REGIONOPT_UPDATE"):
        (MAPS / name).write_bytes(taken)
    assert size(taken) == size((MAPS / name).read_bytes()) == (width, height)


def test_the_readme_shows_every_picture_and_says_what_it_is() -> None:
    text = (MAPS.parent / "README.md").read_text(encoding="utf-8")
    shown = {path: words for words, path in re.findall(r"!\[([^\]]+)\]\(maps/([\w-]+\.png)\)", text)}
    assert set(shown) == set(PICTURES) == {file.name for file in MAPS.glob("*.png")}
    assert all(len(words) > 20 for words in shown.values())


def size(png: bytes) -> tuple[int, int]:
    """Width and height, as the head of every PNG says."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height
