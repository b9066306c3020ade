"""The numbers of a plan as a page holds them: of every region, and in all."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from regionopt.common.document import RegionResult, ResultDocument
from regionopt.common.texts import LANGUAGES, catalogue, text
from regionopt.common.units import scale

FIELDS = (
    "budget", "share", "budget_per_head", "output", "jobs", "output_shortfall", "jobs_shortfall", "output_target",
    "jobs_target",
)  # fmt: skip
SUMMED = ("budget", "share", "output", "output_target", "jobs", "jobs_target")


def plan(document: ResultDocument) -> dict[str, Any]:
    """The numbers at one budget: what a slider exchanges. Regions are in the document's order."""
    reason = document.budget.unspent_reason
    return {
        "at": document.budget.total,
        "spent": document.budget.spent,
        "unspent": document.budget.unspent,
        "unspent_reason": None if reason is None else reason_words(reason),
        "regions": [numbers(region, document.budget.unit) for region in document.regions],
        "total": {field: _sum(getattr(region, field) for region in document.regions) for field in SUMMED},
    }


def numbers(region: RegionResult, currency: str) -> dict[str, float | None]:
    """Every number that a map can show of a region."""
    per = heads(region, currency)
    return {
        **{field: getattr(region, field) for field in FIELDS},
        "output_per_head": _times(region.output, per["money"]),
        "jobs_per_thousand": _times(region.jobs, per["thousand"]),
    }


def heads(region: RegionResult, currency: str) -> Mapping[str, float | None]:
    """What an amount of a region is multiplied by to be per head, in single units of the currency, and per 1,000
    heads; None where nobody was counted."""
    people = region.population
    if not people:
        return {"money": None, "thousand": None}
    return {"money": scale(currency) / people, "thousand": 1000 / people}


def parts_reached(document: ResultDocument) -> list[float]:
    """What part of each target is reached."""
    pairs = [
        (getattr(region, metric), getattr(region, f"{metric}_target"))
        for region in document.regions
        for metric in ("output", "jobs")
    ]
    return [float(reached / target) for reached, target in pairs if reached is not None and target]


def reason_words(code: str) -> dict[str, str] | None:
    """Why money is left, in words; a code of another version, which has none here, is left unsaid."""
    known = code in catalogue()["unspent"]
    return {language: text(f"unspent.{code}", language) for language in LANGUAGES} if known else None


def _times(value: float | None, factor: float | None) -> float | None:
    return None if value is None or factor is None else round(value * factor, 6)


def _sum(values: Iterable[float | None]) -> float | None:
    """Missing as soon as one number is missing: a part is never shown as the whole."""
    known = list(values)
    return None if None in known else math.fsum(value for value in known if value is not None)
