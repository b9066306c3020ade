"""What a page knows of the parts that not every case has: sentences as they stand, and what it fills the others with.

Sentences of `aside` about money and targets differ from budget to budget: the page says them of the plan it shows, in
the same words. A page of a case without such parts knows nothing of this.
"""

from __future__ import annotations

from typing import Any

from regionopt.common.decimals import MET
from regionopt.common.document import ResultDocument, TargetResult
from regionopt.common.texts import LANGUAGES, Language, catalogue
from regionopt.maps.aside import asides, empty_groups, mean_growth, receiving, stopped, whole, years

FILLED = ("groups", "mean_growth", "targets_met", "targets_short", "regional_met")
"""Sentences whose numbers are those of the plan that is shown."""


def aside_data(document: ResultDocument) -> dict[str, Any]:
    """Names and targets that the sentences are about, and what is said at any budget; nothing without such parts."""
    if not _spoken_of(document):
        return {}
    return {
        "asides": {
            "before": {one: [*filter(None, [stopped(document, one)]), *years(document, one)] for one in LANGUAGES},
            "after": {one: [*empty_groups(document, one), *whole(document, one)] for one in LANGUAGES},
            "groups": [{"zh-TW": group.name_zh, "en": group.name_en} for group in receiving(document)],
            "targets": [_target(target) for target in document.targets or ()],
            "met": float(MET),
        }
    }


def aside_numbers(document: ResultDocument) -> dict[str, Any]:
    """What a plan gives to groups, as shares, and how it meets targets beside those of a region's end."""
    if not _spoken_of(document):
        return {}
    return {
        "groups": [group.share for group in receiving(document)],
        "others": [target.model_dump(include={"reached", "shortfall", "met"}) for target in document.targets or ()],
    }


def aside_texts(document: ResultDocument, language: Language) -> dict[str, str]:
    """The words of those sentences, by key."""
    side = "zh" if language == "zh-TW" else "en"
    return {f"aside_{key}": catalogue()["aside"][key][side] for key in FILLED} if _spoken_of(document) else {}


def _spoken_of(document: ResultDocument) -> bool:
    return stopped(document, "en") is not None or any(True for _ in asides(document, "en"))


def _target(target: TargetResult) -> dict[str, Any]:
    """How much is asked; of growth on average, of what."""
    return {"target": target.target, **({"mean": f"word_{target.metric}"} if mean_growth(target) else {})}
