"""What a map page knows, as one JSON value: numbers of the result, units, class limits, texts.

The page's script reads it and writes nothing but text. Numbers stay in the unit of the result; each language
has a scale and a unit name to show them in (億元 is ten times NT$ billion).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from regionopt.common.document import RegionResult, ResultDocument
from regionopt.common.texts import Language, catalogue, text
from regionopt.common.units import scale
from regionopt.maps.aside import asides, replaced, stopped

LANGUAGES: tuple[Language, ...] = ("zh-TW", "en")
NEW_TAIWAN_BILLION = "NT$ billion"
NEW_TAIWAN_SCALE = {"zh-TW": 10.0, "en": 1.0}
"""Chinese readers count in 億 (1e8), so NT$ 1 billion is 10 億元."""
MAGNITUDE = re.compile(r"\s*(billion|million|thousand)$|(億|百萬|萬|千)(?=元$)")
CLASSES = 5
UNSAFE = re.compile("[<>&\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that could end the element, break the script or turn the text around when the file is read."""


@dataclass(frozen=True)
class Unit:
    """How one language shows a metric: number in the result × scale, with so many decimals, and a unit name.

    `pattern` places the two in a sentence. It is one of ours, never text of a case.
    """

    scale: float
    decimals: int
    name: str
    pattern: str = "{value} {unit}"


@dataclass(frozen=True)
class Metric:
    """A number each region has: its field of the result, and the kind of unit it is measured in."""

    field: str
    kind: str


METRICS = (
    Metric("budget", "money"),
    Metric("share", "ratio"),
    Metric("budget_per_head", "head"),
    Metric("output", "yearly"),
    Metric("jobs", "jobs"),
    Metric("output_shortfall", "ratio"),
    Metric("jobs_shortfall", "ratio"),
)
SUMMED = ("budget", "share", "output", "output_target", "jobs", "jobs_target")


def page_data(document: ResultDocument, language: Language) -> dict[str, Any]:
    """The whole value except what geometry adds; needs an optimal result."""
    return {
        "language": language,
        "title": {"zh-TW": document.title.zh, "en": document.title.en},
        "scenario": document.scenario,
        "regions": [{"zh-TW": region.name_zh, "en": region.name_en} for region in document.regions],
        "metrics": [
            metric_shown(metric, [getattr(region, metric.field) for region in document.regions], document)
            for metric in METRICS
        ],
        "plans": [plan(document)],
        "facts": facts(document),
        "geometry": document.provenance.geometry,
        "texts": {one: page_texts(one) | replaced(document, one) for one in LANGUAGES},
        **_asides(document),
    }


def _asides(document: ResultDocument) -> dict[str, Any]:
    """Sentences on parts that not every case has, in each language; nothing for a case without them."""
    said = {one: list(filter(None, (stopped(document, one), *asides(document, one)))) for one in LANGUAGES}
    return {"asides": said} if any(said.values()) else {}


def plan(document: ResultDocument) -> dict[str, Any]:
    """The numbers at one budget: what a slider would exchange. Regions are in the document's order."""
    return {
        "at": document.budget.total,
        "spent": document.budget.spent,
        "unspent": document.budget.unspent,
        "unspent_reason": _unspent_reason(document.budget.unspent_reason),
        "regions": [_numbers(region) for region in document.regions],
        "total": {field: _sum(getattr(region, field) for region in document.regions) for field in SUMMED},
    }


def facts(document: ResultDocument) -> dict[str, Any]:
    """What is said beside the plan: standing, leverage, smallest budget, certificate."""
    certificate = document.certificate
    return {
        "standing": document.facts.weakest_standing.value,
        "leverage": document.facts.implied_leverage,
        "smallest": document.facts.smallest_budget,
        "certificate": certificate
        and {
            "passed": certificate.passed,
            "violation": certificate.largest_violation,
            "tolerance": certificate.tolerance,
        },
    }


def class_limits(values: Iterable[float | None], empty: float = 1.0) -> list[float]:
    """Six round limits of five equal classes, from 0 to at least the largest value.

    Starting at zero keeps colours honest (twice as dark is never a tenth more) and comparable. A largest
    value of 232 gives 0, 50, …, 250. Where there is no value above 0, the step is `empty`.
    """
    largest = max((value for value in values if value is not None), default=0.0)
    step = round_step(largest / CLASSES) if largest > 0 else empty
    return [float(f"{step * limit:.12g}") for limit in range(CLASSES + 1)]


def units(kind: str, currency: str, largest: float) -> dict[str, Unit]:
    """The unit of a kind in each language; `largest` value of the metric decides the decimals."""
    return {language: _unit(kind, currency, largest, language) for language in LANGUAGES}


def metric_shown(metric: Metric, values: Sequence[float | None], document: ResultDocument) -> dict[str, Any]:
    """How a page shows a metric: the limits of its classes and its units, for all `values` that it may show.

    The document says in which currency they are.
    """
    largest = max((value for value in values if value is not None), default=0.0)
    shown = units(metric.kind, document.budget.unit, largest)
    return {
        "key": metric.field,
        "limits": class_limits(values, empty=0.2 if metric.kind == "ratio" else 1.0),
        "units": {language: asdict(unit) for language, unit in shown.items()},
    }


def embedded(value: dict[str, Any]) -> str:
    """JSON that can stand inside a script element: nothing in it can end the element or be taken as code."""
    written = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def _unit(kind: str, currency: str, largest: float, language: Language) -> Unit:
    if kind == "ratio":
        return Unit(100, 1, "%", "{value}%")
    if kind == "jobs":
        return Unit(1, 0, text("map.unit_jobs", language))
    if currency == NEW_TAIWAN_BILLION:
        times = NEW_TAIWAN_SCALE[language] if kind != "head" else 1.0
        words = page_texts(language)
        return Unit(times, _decimals(largest * times), words[f"nt_{kind}"], words[f"nt_{kind}_pattern"])
    name = {
        "money": currency,
        "yearly": text("map.unit_year", language, unit=currency),
        "head": text("map.unit_head", language, unit=_single(currency)),
    }[kind]
    return Unit(1, _decimals(largest), name)


def _single(currency: str) -> str:
    """The unit of a number per head, which the result gives in single units of the currency."""
    return currency.strip() if scale(currency) == 1 else MAGNITUDE.sub("", currency.strip())


def _decimals(largest: float) -> int:
    """None from 1,000 on, one from 1 on, then two digits of the largest number, but at most six decimals."""
    if largest >= 1000 or largest <= 0:
        return 0
    return 1 if largest >= 1 else min(6, 1 - math.floor(math.log10(largest)))


def round_step(least: float) -> float:
    """The smallest of 1, 2, 2.5 or 5 times a power of ten that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(
        float(f"{factor * power:.12g}") for factor in (1, 2, 2.5, 5, 10) if factor * power >= least * (1 - 1e-9)
    )


def _numbers(region: RegionResult) -> dict[str, float | None]:
    fields = [metric.field for metric in METRICS] + ["output_target", "jobs_target"]
    return {field: getattr(region, field) for field in fields}


def _sum(values: Iterable[float | None]) -> float | None:
    """Missing as soon as one number is missing: a part is never shown as the whole."""
    known = list(values)
    return None if None in known else math.fsum(value for value in known if value is not None)


def _unspent_reason(code: str | None) -> dict[str, str] | None:
    """Its words; a code of another version, which has none here, is left unsaid."""
    known = code is not None and code in catalogue()["unspent"]
    return {language: text(f"unspent.{code}", language) for language in LANGUAGES} if known else None


def page_texts(language: Language) -> dict[str, str]:
    """The words of the page in a language, by key."""
    side = "zh" if language == "zh-TW" else "en"
    return {key: pair[side] for key, pair in catalogue()["map"].items()}
