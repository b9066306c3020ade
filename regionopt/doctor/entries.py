"""What the entries of `diagnosis.json` are made of: sentences in both languages from one source of numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from regionopt.common.texts import LANGUAGES, Language, capital, short, text

Sentence = dict[str, str]
# What is written of one thing in `diagnosis.json`.
Entry = dict[str, Any]


def said(key: str, facts: Callable[[Language], Mapping[str, object]] = lambda _: {}) -> Sentence:
    """A sentence in both languages; `facts` gives what stands in it."""
    return {short(language): capital(text(key, language, **facts(language))) for language in LANGUAGES}


def percent(change: float | None) -> str:
    """A relative change as it is told; nothing can be told of a number that was 0."""
    return "–" if change is None else f"{change * 100:+.3g}%"
