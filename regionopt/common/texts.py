"""Every sentence the product says, in English and in Traditional Chinese, kept in `texts.toml`.

One key, two languages: a text that exists in one language only is a bug that a test finds.
"""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

Said = TypeVar("Said", covariant=True)
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


def short(language: Language) -> Literal["zh", "en"]:
    """A language as data names it: the keys of its texts, the ends of `name_zh` and `name_en`."""
    return "zh" if language == "zh-TW" else "en"


class Both(Protocol[Said]):
    """A thing that is said in both languages, such as a display name."""

    @property
    def zh(self) -> Said: ...

    @property
    def en(self) -> Said: ...


def in_language(both: Both[Said], language: Language) -> Said:
    """What is said in a language."""
    return both.zh if short(language) == "zh" else both.en


def text(key: str, language: Language = "en", **facts: object) -> str:
    """The text under a dotted key, its `{placeholders}` filled with `facts`. Unknown keys raise KeyError."""
    node = catalogue()
    for part in key.split("."):
        node = node[part]
    template: str = node[short(language)]
    return template.format(**facts)


def capital(sentence: str) -> str:
    """A sentence with a capital at its front."""
    return sentence[:1].upper() + sentence[1:]
