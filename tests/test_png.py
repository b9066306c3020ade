"""PNG of pictures, and the fonts that they are set in."""

from __future__ import annotations

import struct
import subprocess
import sys

import pytest
from documents import COUNTIES, document

from regionopt.maps.counties import built_in
from regionopt.maps.drawing import drawing_of
from regionopt.static import fonts
from regionopt.static.ground import ground_of
from regionopt.static.plan_map import map_svg
from regionopt.static.png import png

typst = pytest.importorskip("typst", reason="needs the extra: pip install 'regionopt[report]'")


def test_png_has_the_width_asked_for_and_the_same_bytes() -> None:
    svg = map_svg(document(), ground_of(drawing_of(built_in(), COUNTIES)))
    made = png(svg, 1280)
    assert made[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">I", made[16:20]) == (1280,)
    assert png(svg, 1280) == made


def test_without_a_chinese_font_labels_are_english() -> None:
    bare = typst.Fonts(include_system_fonts=False)
    assert fonts.readable("zh-TW", bare) == "en"
    assert fonts.readable("en", bare) == "en"
    assert fonts.chosen(bare) == ["Libertinus Serif"]


def test_a_chinese_font_that_is_there_is_used() -> None:
    if not set(fonts.CHINESE) & set(typst.Fonts().families()):
        pytest.skip("no font with Traditional Chinese on this machine")
    assert fonts.readable("zh-TW") == "zh-TW"
    assert fonts.chosen()[0] in fonts.CHINESE


def test_drawing_loads_no_typst() -> None:
    code = "import sys, regionopt.static.plan_map, regionopt.static.png; sys.exit('typst' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
