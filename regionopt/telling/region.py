"""What is said of one region of a result, the same in explanations and in reports: its money, its targets."""

from __future__ import annotations

from collections.abc import Iterator

from regionopt.common.document import RegionResult, ResultDocument
from regionopt.common.instance import METRICS
from regionopt.common.texts import Language, text
from regionopt.telling.wording import amount_of, money, name


def money_sentences(told: RegionResult, document: ResultDocument, language: Language) -> Iterator[str]:
    """What the region receives, and what the reference plan would give it."""
    budget = money(told.budget or 0.0, document, language)
    yield text("why.money", language, region=name(told, language), budget=budget, share=f"{told.share or 0.0:.1%}")
    if told.reference is not None:
        yield text("why.reference", language, value=money(told.reference, document, language))


def target_sentences(told: RegionResult, document: ResultDocument, language: Language) -> Iterator[str]:
    """How much of each of its targets is reached."""
    for metric in METRICS:
        target, short = getattr(told, f"{metric}_target"), getattr(told, f"{metric}_shortfall")
        if target is not None and short is not None:
            reached = amount_of(metric, getattr(told, metric), document, language)
            aim = amount_of(metric, target, document, language)
            named = text(f"map.metric_{metric}", language)
            yield text("why.target", language, metric=named, reached=reached, target=aim, shortfall=f"{short:.1%}")
