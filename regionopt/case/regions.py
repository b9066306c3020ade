"""Regions, the counties they consist of, and what statistics say about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from regionopt.case.tables import Column, Record, read_table
from regionopt.common.document import Standing, weakest
from regionopt.common.errors import Problem, nearest
from regionopt.common.quantity import Quantity, Range

_PEOPLE = Range(maximum=1e10)

REGION_COLUMNS = {
    "region": Column("id"),
    "name_zh": Column("text"),
    "name_en": Column("text"),
    "county_codes": Column("codes", required=False),
    "population": Column("number", required=False, range=_PEOPLE, unit="persons"),
    "reference": Column("number", required=False, unit="currency unit of the case"),
}
STATISTIC_COLUMNS = {
    "county_code": Column("text"),
    "indicator": Column("id"),
    "value": Column("number", range=Range(maximum=1e13)),
    "year": Column("text", required=False),
}


@dataclass(frozen=True)
class Region:
    """A region: its id for rows and files, its names for people, its counties for the map."""

    id: str
    name_zh: str
    name_en: str
    counties: tuple[str, ...]
    place: str
    population: Quantity | None = None
    reference: Quantity | None = None


@dataclass(frozen=True)
class Statistics:
    """County statistics by indicator: `by[indicator][county code]`."""

    by: Mapping[str, Mapping[str, Quantity]]

    def total(self, indicator: str, region: Region) -> Quantity | None:
        """Sum over a region's counties; None when a county has no value, never a partial sum."""
        values = self.by.get(indicator, {})
        parts = [values[code] for code in region.counties if code in values]
        if not parts or len(parts) < len(region.counties):
            return None
        return Quantity(
            value=sum(part.value for part in parts),
            unit=parts[0].unit,
            source=f"sum over the counties of {region.id} of {indicator}: {parts[0].source}",
            date=parts[0].date,
            status=weakest({Standing.DERIVED, *(part.status for part in parts)}),
            place=f"statistics, {indicator}",
        )

    @property
    def counties(self) -> frozenset[str]:
        """Every county that any indicator knows."""
        return frozenset(code for values in self.by.values() for code in values)


def read_regions(path: Path) -> tuple[list[Region], list[Problem]]:
    """The regions of a table, and what is wrong between its rows."""
    table = read_table(path, "regions", REGION_COLUMNS)
    regions = [
        Region(
            id=record["region"],
            name_zh=record["name_zh"],
            name_en=record["name_en"],
            counties=record["county_codes"],
            place=record.place,
            population=record.quantity("population", "persons"),
            reference=record.quantity("reference"),
        )
        for record in table.records
    ]
    return regions, [*table.problems, *duplicates(table.records, "region"), *_shared_counties(regions)]


def read_statistics(path: Path) -> tuple[Statistics, list[Problem]]:
    """County statistics in long form; a county and indicator may stand there once."""
    table = read_table(path, "statistics", STATISTIC_COLUMNS)
    by: dict[str, dict[str, Quantity]] = {}
    for record in table.records:
        value = record.quantity("value")
        if value is not None:
            dated = replace(value, date=record["year"] or value.date)
            by.setdefault(record["indicator"], {})[record["county_code"]] = dated
    return Statistics(by), [*table.problems, *duplicates(table.records, "county_code", "indicator")]


def duplicates(records: Sequence[Record], *key: str) -> Iterator[Problem]:
    """Rows that repeat the key of an earlier row."""
    first: dict[tuple[str, ...], str] = {}
    for record in records:
        identity = tuple(str(record[column]) for column in key)
        if identity in first:
            yield Problem("duplicate_id", record.place, ", ".join(identity), {"first": first[identity]})
        first.setdefault(identity, record.place)


def _shared_counties(regions: Sequence[Region]) -> Iterator[Problem]:
    """A county stands in one region, and there once."""
    owners: dict[str, list[Region]] = {}
    for region in regions:
        for code in region.counties:
            owners.setdefault(code, []).append(region)
    for code, claimed in owners.items():
        if len(claimed) > 1:
            ids = ", ".join(Counter(region.id for region in claimed))
            yield Problem("county_twice", claimed[-1].place, code, {"regions": ids})


def county_problems(
    regions: Sequence[Region], known: frozenset[str], outside: Sequence[str], where: str
) -> Iterator[Problem]:
    """Counties that nobody knows, and counties that belong nowhere without being said to.

    Regions without any county at all are no mistake: such a case is solved and not drawn.
    """
    if not any(region.counties for region in regions):
        return
    for region in regions:
        if not region.counties:
            yield Problem("join_empty_region", region.place, region.id)
        for code in region.counties:
            if code not in known:
                yield Problem("unknown_county", region.place, code, {"nearest": nearest(code, known)})
            elif code in outside:
                yield Problem("county_outside", region.place, code)
    placed = {code for region in regions for code in region.counties}
    for code in sorted(known - placed - set(outside)):
        yield Problem("county_nowhere", where, code)
