"""Every sentence the product says, in English and in Traditional Chinese, kept in `texts.toml`.

One key, two languages: a text that exists in one language only is a bug that a test finds.
"""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal

Language = Literal["zh-TW", "en"]
LANGUAGES: tuple[Language, ...] = ("zh-TW", "en")


@cache
def catalogue() -> dict[str, Any]:
    """The whole catalogue as nested tables; leaves are `{en, zh}` pairs."""
    return tomllib.loads((Path(__file__).parent / "texts.toml").read_text(encoding="utf-8"))


def spoken() -> Language:
    """Chinese where the locale of the environment is Chinese, else English."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh-TW" if locale.lower().startswith("zh") else "en"


def text(key: str, language: Language = "en", **facts: object) -> str:
    """The text under a dotted key, its `{placeholders}` filled with `facts`. Unknown keys raise KeyError."""
    node = catalogue()
    for part in key.split("."):
        node = node[part]
    template: str = node["zh" if language == "zh-TW" else "en"]
    return template.format(**facts)
