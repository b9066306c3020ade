"""Sentences about a result: the same facts in the same words on the terminal and in reports."""

from __future__ import annotations

from collections.abc import Iterator

from regionopt.common.document import GroupResult, MeasureResult, PlatformResult, RegionResult, ResultDocument
from regionopt.common.instance import METRICS
from regionopt.common.texts import Language, text
from regionopt.maps.aside import all_met, asides, no_smallest, stopped
from regionopt.maps.aside import proof as proof_in_whole
from regionopt.maps.mapdata import units

# Shortfalls that differ by less than this are called equal.
EQUAL = 1e-6


def money(value: float, document: ResultDocument, language: Language) -> str:
    """An amount with its unit, as the language counts: 億元 in Chinese for NT$ billion."""
    return units("money", document.budget.unit, abs(value))[language].amount(value)


def amount_of(metric: str, value: float, document: ResultDocument, language: Language) -> str:
    """An amount of a metric with its unit: output in money a year, jobs in jobs."""
    kind = "jobs" if metric == "jobs" else "yearly"
    return units(kind, document.budget.unit, abs(value))[language].amount(value)


def findings(document: ResultDocument, language: Language) -> Iterator[str]:
    """The plan in sentences, the most important first; for an optimal result."""
    if (sentence := stopped(document, language)) is not None:
        yield sentence
    yield worst(document, language)
    spent, total = document.budget.spent or 0.0, document.budget.total
    yield text("map.spent", language, spent=money(spent, document, language), total=money(total, document, language))
    if document.budget.unspent_reason is not None:
        left = document.budget.unspent or 0.0
        reason = text(f"unspent.{document.budget.unspent_reason}", language)
        yield text("map.unspent", language, value=money(left, document, language), reason=reason)
    yield from _facts(document, language)
    yield from asides(document, language)


def worst(document: ResultDocument, language: Language) -> str:
    """Which target is furthest from being reached, and where."""
    short = {
        (metric, region.id): value
        for region in document.regions
        for metric in METRICS
        if (value := getattr(region, f"{metric}_shortfall")) is not None
    }
    if not short:
        return text("map.worst_untargeted", language)
    largest = max(short.values())
    if largest <= EQUAL:
        return all_met(document, language) or text("map.worst_none", language)
    metric = next(metric for (metric, _), value in short.items() if value >= largest - EQUAL)
    where = [r for r in document.regions if short.get((metric, r.id), 0.0) >= largest - EQUAL]
    facts = {"value": f"{largest:.1%}", "metric": text(f"metric.{metric}", language)}
    if len(where) == len(document.regions) and len(where) > 1:
        return text("map.worst_all", language, count=len(where), **facts)
    names = text("map.list_separator", language).join(name(region, language) for region in where)
    return text("map.worst", language, regions=names, **facts)


def name(item: RegionResult | GroupResult | PlatformResult | MeasureResult, language: Language) -> str:
    """The display name of a region, a platform or a measure."""
    return item.name_zh if language == "zh-TW" else item.name_en


def _facts(document: ResultDocument, language: Language) -> Iterator[str]:
    facts, proof = document.facts, document.certificate
    standing = text(f"map.standing_{facts.weakest_standing.value}", language)
    yield text("map.standing", language, standing=standing)
    if facts.implied_leverage is not None:
        yield text("map.leverage", language, value=f"{facts.implied_leverage:.1f}")
    if facts.smallest_budget is None:
        yield no_smallest(document, language) or text("map.smallest_none", language)
    else:
        yield text("map.smallest", language, value=money(facts.smallest_budget, document, language))
    if facts.unique is False:
        yield text("run.tie", language)
    if proof is not None:
        key = "map.certificate_passed" if proof.passed else "map.certificate_failed"
        facts_of = {"value": f"{proof.largest_violation:g}", "tolerance": f"{proof.tolerance:g}"}
        yield proof_in_whole(document, language) or text(key, language, **facts_of)


def quantity_name(name: str, language: Language) -> str:
    """What a stage or a national total is called."""
    base, _, n = name.partition("[")
    return text(f"quantity.{base}", language, n=n.rstrip("]")) if n else text(f"quantity.{base}", language)
