"""Which file each table of a case is read from, and what stood in it.

A table is the one the case file names, else the file called so (.csv, or else .xlsx) beside the case file, else
the built-in one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from regionopt.case.regions import Region, Statistics, duplicates, read_regions, read_statistics
from regionopt.case.schema import TablesSection
from regionopt.case.tables import Column, Record, Table, digest, read_table
from regionopt.common.errors import InputError, Problem, found_by, refuse
from regionopt.common.quantity import Quantity, Range

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
        "fund": Column("id", required=False),
        "ministry": Column("id", required=False),
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
    packaged = Path(__file__).parents[1] / "geodata"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "geodata"


@dataclass(frozen=True)
class Sources:
    """The tables of one case. Each is read when it is asked for, and only once."""

    folder: Path
    tables: TablesSection

    def path(self, table: str) -> Path | None:
        """The file of a table; None for a table that the case does not have."""
        return self._paths[table]

    @cached_property
    def _paths(self) -> dict[str, Path | None]:
        return {table: self._path(table) for table in TablesSection.model_fields}

    def _path(self, table: str) -> Path | None:
        named: str | None = getattr(self.tables, table)
        if named is not None:
            return self.folder / named
        for beside in (self.folder / f"{table}.csv", self.folder / f"{table}.xlsx"):
            if beside.is_file():
                return beside
        return data_folder() / f"{table}.csv" if table in BUILT_IN else None

    @cached_property
    def facts(self) -> dict[str, Quantity]:
        """Numbers that a case file may name."""
        return {record["fact"]: _quantity(record) for record in self._table("facts", "fact").sound()}

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """The regions in their written order. What is wrong with single cells is left to `problems`."""
        return tuple(self._regions[0])

    @cached_property
    def _regions(self) -> tuple[list[Region], list[Problem]]:
        return read_regions(self._required("regions"))

    @cached_property
    def statistics(self) -> Statistics:
        """What is known about the counties."""
        statistics, problems = read_statistics(self._required("statistics"))
        refuse(problems)
        return statistics

    @cached_property
    def programmes(self) -> list[Record]:
        """The programmes of each region."""
        return self._table("programmes", "region", "programme").sound()

    @cached_property
    def sectors(self) -> dict[str, Record]:
        """The sectors by id."""
        return {record["sector"]: record for record in self._table("sectors", "sector").sound()}

    @cached_property
    def coefficients(self) -> Table | None:
        """Widths and returns; None where they are computed from programmes and sectors."""
        return self._own("coefficients", "region", "programme", "tranche")

    @cached_property
    def generated(self) -> dict[tuple[object, ...], dict[str, Quantity]]:
        """What was last computed from programmes and sectors, by the numbers of the case file that it hangs on."""
        return {}

    @cached_property
    def targets(self) -> Table | None:
        """Targets by metric and region; None where national targets are split."""
        return self._own("targets", "metric", "region")

    def problems(self) -> list[Problem]:
        """What is wrong in the tables that this case reads, all of them together."""
        generator = (lambda: self.programmes, lambda: self.sectors)
        return found_by(
            lambda: refuse(self._regions[1]),
            lambda: self.statistics,
            lambda: self.facts,
            lambda: self.coefficients and self.coefficients.sound(),
            lambda: self.targets and self.targets.sound(),
            *(generator if self.path("coefficients") is None else ()),
        )

    def _own(self, table: str, *key: str) -> Table | None:
        return None if self.path(table) is None else self._table(table, *key)

    def _table(self, table: str, *key: str) -> Table:
        """A table, with the rows that repeat the key of another among its problems."""
        read = read_table(self._required(table), table, COLUMNS[table], RESULT_COLUMNS)
        return Table(read.records, [*read.problems, *duplicates(read.records, *key)])

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
