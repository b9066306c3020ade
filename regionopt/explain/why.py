"""Why a region receives what it receives: the text of a page about it, from the same numbers as everything else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from regionopt.common.document import RegionResult, ResultDocument, Standing, weakest
from regionopt.common.errors import InputError, Problem, nearest
from regionopt.common.instance import METRICS
from regionopt.common.texts import Language, capital, text
from regionopt.explain import bands, importance
from regionopt.explain.explained import binding_name
from regionopt.explain.explanation import Explanation
from regionopt.explain.further import next_best
from regionopt.telling.display import display_names
from regionopt.telling.effects import effect
from regionopt.telling.wording import amount_of, money, name


def known_region(known: Sequence[str], region: str) -> str:
    """A region of the case. Raises InputError for one that is not there, with the nearest names."""
    if region not in known:
        raise InputError([Problem("unknown_region", "--region", region, {"nearest": nearest(region, known)})])
    return region


def sentences(explained: Explanation, document: ResultDocument, region: str, language: Language) -> Iterator[str]:
    """Money, targets, what holds the region, its next tranche, its band, what it means to the whole, its numbers."""
    known_region(explained.result.case.instance.regions, region)
    told = next(one for one in document.regions if one.id == region)
    yield from _money(told, document, language)
    yield from _targets(told, document, language)
    yield _holds(explained, region, told, language)
    yield from _next(explained, region, document, language)
    yield from bands.sentences(explained.result, language)
    lost = [loss for loss in explained.losses if loss.region == region and loss.kind == "region"]
    yield from importance.sentences(explained.result, document, lost, language, region)
    yield from _standing(explained, region, language)


def _money(told: RegionResult, document: ResultDocument, language: Language) -> Iterator[str]:
    budget = money(told.budget or 0.0, document, language)
    yield text("why.money", language, region=name(told, language), budget=budget, share=f"{told.share or 0.0:.1%}")
    if told.reference is not None:
        yield text("why.reference", language, value=money(told.reference, document, language))


def _targets(told: RegionResult, document: ResultDocument, language: Language) -> Iterator[str]:
    for metric in METRICS:
        target, short = getattr(told, f"{metric}_target"), getattr(told, f"{metric}_shortfall")
        if target is not None and short is not None:
            reached = amount_of(metric, getattr(told, metric), document, language)
            aim = amount_of(metric, target, document, language)
            told_metric = capital(text(f"metric.{metric}", language))
            yield text(
                "why.target", language, metric=told_metric, reached=reached, target=aim,
                shortfall=f"{short:.1%}",
            )  # fmt: skip


def _holds(explained: Explanation, region: str, told: RegionResult, language: Language) -> str:
    names = [binding_name(one, explained, language, region) for one in explained.binding if one.region == region]
    listed = text("sentence.then", language).join(names)
    key = "why.holds" if names else "why.holds_nothing"
    return text(key, language, region=name(told, language), limits=listed)


def _next(explained: Explanation, region: str, document: ResultDocument, language: Language) -> Iterator[str]:
    found = next_best(explained.along, region)
    if explained.along is None:
        return
    if found is None:
        yield text("why.next_none", language)
        return
    t = found.tranche
    first = explained.along.told[0].name
    told = display_names(explained.result.case, language, region)[t.region, t.programme]
    yield text(
        "why.next", language, name=told, tranche=t.tranche, unit=money(1.0, document, language),
        effect=effect(first, float(found.changes[first]), document, language),
    )  # fmt: skip
    if found.from_budget == Fraction(document.budget.total):
        yield text("why.next_now", language)
    elif found.from_budget is not None:
        yield text("why.next_budget", language, budget=money(float(found.from_budget), document, language))


def _standing(explained: Explanation, region: str, language: Language) -> Iterator[str]:
    """How far the numbers that name the region can be trusted."""
    numbers = explained.result.case.resolved.numbers.items()
    count = Counter(quantity.status for path, quantity in numbers if region in path.split("."))
    if count:
        parts = (
            text("why.count", language, count=count[one], standing=text(f"map.standing_{one.value}", language))
            for one in Standing
            if count[one]
        )
        listed = text("map.list_separator", language).join(parts)
        worst = text(f"map.standing_{weakest(set(count)).value}", language)
        yield text("why.standing", language, counts=listed, weakest=worst)
