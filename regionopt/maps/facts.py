"""Facts about counties that a map tells of a chosen region, each with its source and standing."""

from __future__ import annotations

from regionopt.case.regions import Statistics
from regionopt.maps.companion import CountyFact

TOLD = ("population", "employed_residents", "land_area")
"""Indicators of the statistics table that a page has words for."""

Facts = dict[str, dict[str, CountyFact]]


def county_facts(statistics: Statistics) -> tuple[Facts, tuple[str, ...]]:
    """By indicator and county code what the statistics say, and the sources that the facts refer to by number."""
    sources: dict[str, int] = {}
    facts: Facts = {}
    for indicator in TOLD:
        for code, quantity in statistics.by.get(indicator, {}).items():
            source = sources.setdefault(quantity.source, len(sources))
            facts.setdefault(indicator, {})[code] = CountyFact(
                value=quantity.value, date=quantity.date, status=quantity.status, source=source
            )
    return facts, tuple(sources)
