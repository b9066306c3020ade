"""Which file each table of a case is read from, and what stood in it.

A table is the one the case file names, else the file called so beside the case file, else the built-in one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from regionopt.errors import InputError, Problem
from regionopt.quantity import Quantity, Range
from regionopt.regions import Region, Statistics, duplicates, read_regions, read_statistics
from regionopt.schema import TablesSection
from regionopt.tables import Column, Record, digest, read_table

BUILT_IN = ("regions", "programmes", "sectors", "statistics", "facts")
_ANY = Range(maximum=1e13)

COLUMNS: Mapping[str, Mapping[str, Column]] = {
    "programmes": {
        "region": Column("id"),
        "programme": Column("id"),
        "name_zh": Column("text"),
        "name_en": Column("text"),
        "sector": Column("id", required=False),
        "initiative": Column("id", required=False),
    },
    "sectors": {
        "sector": Column("id"),
        "name_zh": Column("text", required=False),
        "name_en": Column("text", required=False),
        "output_multiplier": Column("number", range=Range(maximum=100.0, above=True), unit="1"),
        "jobs_per_output": Column("number", range=Range(above=True), unit="jobs per unit of output"),
    },
    "facts": {"fact": Column("id"), "value": Column("number", range=_ANY)},
    "coefficients": {
        "region": Column("id"),
        "programme": Column("id"),
        "tranche": Column("count", range=Range(minimum=1, maximum=1000)),
        "width": Column("number", unit="currency unit of the case"),
        "output_per_unit": Column("number", unit="currency a year per currency"),
        "jobs_per_unit": Column("number", unit="jobs per currency unit"),
    },
    "targets": {
        "metric": Column("id"),
        "region": Column("id"),
        "target": Column("number", range=Range(minimum=1e-6), unit="unit of the metric"),
        "must": Column("flag", required=False),
    },
}
# A result's targets.csv reads back as an input: what the plan reached is passed over.
RESULT_COLUMNS = ("reached", "absolute_shortfall", "relative_shortfall", "met")


def data_folder() -> Path:
    """The folder of built-in data: packaged beside the modules, or the checkout's sibling `geodata/`."""
    packaged = Path(__file__).parent / "geodata"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "geodata"


@dataclass(frozen=True)
class Sources:
    """The tables of one case. Each is read when it is asked for, and only once."""

    folder: Path
    tables: TablesSection

    def path(self, table: str) -> Path | None:
        """The file of a table; None for a table that the case does not have."""
        named: str | None = getattr(self.tables, table)
        if named is not None:
            return self.folder / named
        beside = self.folder / f"{table}.csv"
        if beside.is_file():
            return beside
        return data_folder() / f"{table}.csv" if table in BUILT_IN else None

    @cached_property
    def facts(self) -> dict[str, Quantity]:
        """Numbers that a case file may name."""
        return {record["fact"]: _quantity(record) for record in self.records("facts", "fact")}

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """The regions in their written order."""
        regions, problems = read_regions(self._required("regions"))
        _refuse(problems)
        return tuple(regions)

    @cached_property
    def statistics(self) -> Statistics:
        """What is known about the counties."""
        statistics, problems = read_statistics(self._required("statistics"))
        _refuse(problems)
        return statistics

    def records(self, table: str, *key: str) -> list[Record]:
        """The rows of a table, none of which repeats the key of another."""
        records = read_table(self._required(table), table, COLUMNS[table], RESULT_COLUMNS)
        _refuse(list(duplicates(records, *key)))
        return records

    def digests(self) -> dict[str, str]:
        """File name to sha256, for every table this case reads."""
        used = (self.path(table) for table in TablesSection.model_fields)
        return {path.name: digest(path) for path in used if path is not None and path.is_file()}

    def _required(self, table: str) -> Path:
        path = self.path(table)
        if path is None:
            raise InputError([Problem("table_missing", f"{table}.csv")])
        return path


def _quantity(record: Record) -> Quantity:
    found = record.quantity("value")
    assert found is not None  # a required cell is never empty in a record that was read
    return found


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise InputError(problems)
