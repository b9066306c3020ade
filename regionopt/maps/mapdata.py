"""What a map page knows, as one JSON value: numbers of the result, units, class limits, texts.

The page's script reads it and writes nothing but text. Numbers stay in the unit of the result; each language
has a scale and a unit name to show them in (億元 is ten times NT$ billion).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any, Literal

from regionopt.common.decimals import shown
from regionopt.common.document import ResultDocument
from regionopt.common.texts import LANGUAGES, Language, catalogue, short, text
from regionopt.common.units import scale
from regionopt.maps.aside import replaced
from regionopt.maps.asidedata import aside_data, aside_numbers, aside_texts
from regionopt.maps.classes import class_limits, largest, wide_limits
from regionopt.maps.plans import numbers, parts_reached, plan
from regionopt.maps.slide import Slide

NEW_TAIWAN_BILLION = "NT$ billion"
NEW_TAIWAN_SCALE = {"zh-TW": 10.0, "en": 1.0}
"""Chinese readers count in 億 (1e8), so NT$ 1 billion is 10 億元."""
MAGNITUDE = re.compile(r"\s*(billion|million|thousand)$|(億|百萬|萬|千)(?=元$)")
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

    def number(self, value: float | Fraction | None, sign: Literal["", "+"] = "") -> str:
        """A number as it is shown, without its unit; a dash where there is none."""
        return "–" if value is None else shown(float(value) * self.scale, self.decimals, sign)

    def amount(self, value: float | Fraction) -> str:
        """A number with its unit, as it stands in a sentence."""
        return self.pattern.format(value=self.number(value), unit=self.name)


@dataclass(frozen=True)
class Metric:
    """A number each region has: its field, the kind of unit it is measured in, whether the table always shows it."""

    field: str
    kind: str
    tabled: bool = True


METRICS = (
    Metric("budget", "money"),
    Metric("share", "ratio"),
    Metric("budget_per_head", "head"),
    Metric("output", "yearly"),
    Metric("jobs", "jobs"),
    Metric("output_shortfall", "ratio"),
    Metric("jobs_shortfall", "ratio"),
    Metric("output_per_head", "head_year", tabled=False),
    Metric("jobs_per_thousand", "thousand", tabled=False),
)
NEXT = Metric("next", "ratio", tabled=False)
"""Where the next unit of budget goes; a page with a curve knows it."""
FIXED = ("ratio", "jobs")
"""Kinds whose decimals do not follow the largest number."""


def page_data(document: ResultDocument, language: Language, slide: Slide | None = None) -> dict[str, Any]:
    """The whole value except what geometry adds; needs an optimal result."""
    own = [numbers(region, document.budget.unit) for region in document.regions]
    return {
        "language": language,
        "title": {"zh-TW": document.title.zh, "en": document.title.en},
        "scenario": document.scenario,
        "regions": [{"zh-TW": region.name_zh, "en": region.name_en} for region in document.regions],
        "metrics": [
            metric_shown(metric, [region.get(metric.field) for region in own], document, slide)
            for metric in (*METRICS, *([NEXT] if slide else []))
        ],
        "plans": [plan(document) | aside_numbers(document)],
        "facts": facts(document),
        "fullest": max(1.0, *parts_reached(document), slide.fullest if slide else 0.0),
        "geometry": document.provenance.geometry,
        "texts": {one: page_texts(one) | aside_texts(document, one) | replaced(document, one) for one in LANGUAGES},
        **aside_data(document),
        **({"curve": slide.data()} if slide else {}),
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


def units(kind: str, currency: str, largest: float) -> dict[str, Unit]:
    """The unit of a kind in each language; `largest` value of the metric decides the decimals."""
    return {language: _unit(kind, currency, largest, language) for language in LANGUAGES}


def metric_shown(
    metric: Metric, values: Sequence[float | None], document: ResultDocument, slide: Slide | None = None
) -> dict[str, Any]:
    """How a page shows a metric: the limits of its classes and its units, for all `values` that it may show.

    The document says in which currency they are; what a `slide` shows counts as well.
    """
    shown = units(metric.kind, document.budget.unit, largest(values))
    return {
        "key": metric.field,
        "tabled": metric.tabled,
        "fixed": metric.kind in FIXED,
        "limits": _limits(metric, values, slide),
        "units": {language: asdict(unit) for language, unit in shown.items()},
    }


def _limits(metric: Metric, values: Sequence[float | None], slide: Slide | None) -> list[float]:
    if slide is None:
        return class_limits(values, empty=0.2 if metric.kind == "ratio" else 1.0)
    known = [*values, *slide.values(metric.field)]
    return class_limits(known, empty=0.2) if metric.kind == "ratio" else wide_limits(known)


def embedded(value: dict[str, Any]) -> str:
    """JSON that can stand inside a script element: nothing in it can end the element or be taken as code."""
    written = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def _unit(kind: str, currency: str, largest: float, language: Language) -> Unit:
    if kind == "ratio":
        return Unit(100, 1, "%", "{value}%")
    if kind == "jobs":
        return Unit(1, 0, text("map.unit_jobs", language))
    if kind == "thousand":
        return Unit(1, _decimals(largest), text("map.unit_thousand", language))
    if currency == NEW_TAIWAN_BILLION:
        times = NEW_TAIWAN_SCALE[language] if kind in ("money", "yearly") else 1.0
        name, pattern = (catalogue()["map"][key][short(language)] for key in (f"nt_{kind}", f"nt_{kind}_pattern"))
        return Unit(times, _decimals(largest * times), name, pattern)
    name = {
        "money": currency,
        "yearly": text("map.unit_year", language, unit=currency),
        "head": text("map.unit_head", language, unit=_single(currency)),
        "head_year": text("map.unit_head_year", language, unit=_single(currency)),
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


def page_texts(language: Language) -> dict[str, str]:
    """The words of the page in a language, by key."""
    return {key: pair[short(language)] for key, pair in catalogue()["map"].items()}
