"""Looks for a font with Traditional Chinese, so that no picture or page is set in empty boxes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from regionopt.common.texts import Language

if TYPE_CHECKING:
    import typst

CHINESE = ("Noto Sans CJK TC", "Noto Sans TC", "Microsoft JhengHei", "PingFang TC", "Source Han Sans TC", "Heiti TC")
"""Families that are set in Traditional Chinese, the best first; names as they are installed."""
LATIN = ("Noto Sans", "Helvetica Neue", "Arial", "Liberation Sans", "DejaVu Sans", "Libertinus Serif")
"""Families for a text without Chinese; the last is part of typst itself."""

SIGNS = re.compile("[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]+")


@cache
def installed() -> typst.Fonts:
    """Every font of this machine that typst can set."""
    import typst

    return typst.Fonts()


def chosen(fonts: typst.Fonts | None = None) -> Sequence[str]:
    """The families to set a text in, the first that is there of each kind; Chinese only where it can be set."""
    there = set((fonts or installed()).families())
    return [
        family
        for kind in (CHINESE, LATIN)
        for family in [next((one for one in kind if one in there), None)]
        if family
    ]


def settable(words: str, fonts: typst.Fonts | None = None) -> str:
    """Text without what would be set in empty boxes: signs of Chinese are left out where no font has them."""
    there = set((fonts or installed()).families())
    return words if there & set(CHINESE) else SIGNS.sub("…", words)


def readable(language: Language, fonts: typst.Fonts | None = None) -> Language:
    """The language, or English where no font has the signs of Chinese."""
    there = set((fonts or installed()).families())
    return language if there & set(CHINESE) else "en"
