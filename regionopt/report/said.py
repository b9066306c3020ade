"""One language's words and units for what the files of a result say: names, amounts, cells of tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from regionopt.case.limits import of_path
from regionopt.common.instance import METRICS
from regionopt.common.texts import Language, capital, text
from regionopt.maps.mapdata import units
from regionopt.report.model import PERCENT, PLAIN, Number, Unit
from regionopt.report.written import Written
from regionopt.telling.display import display_names
from regionopt.telling.limits import counted, named

RESULT = "result.json"


@dataclass(frozen=True)
class Said:
    """Everything that a builder of contents asks for in its language."""

    written: Written
    language: Language

    def text(self, key: str, **facts: object) -> str:
        """A sentence of the report."""
        return text(f"report.{key}", self.language, **facts)

    def word(self, key: str, **facts: object) -> str:
        """A word or sentence that the terminal or the map says too."""
        return text(key, self.language, **facts)

    def listed(self, names: Iterable[str]) -> str:
        """Names one after another."""
        return text("map.list_separator", self.language).join(names)

    @cached_property
    def _names(self) -> Mapping[tuple[str, str], str]:
        """Names of programmes without their region's; none where the case is not at hand."""
        case = self.written.case
        if case is None:
            return {}
        return {
            k: v for r in case.regions for k, v in display_names(case, self.language, r.id).items() if k[0] == r.id
        }

    @cached_property
    def _regions(self) -> Mapping[str, str]:
        field = "name_zh" if self.language == "zh-TW" else "name_en"
        return {region.id: str(getattr(region, field)) for region in self.written.result.regions}

    def region(self, region: str) -> str:
        """The display name of a region."""
        return self._regions.get(region, region)

    def programme(self, region: str, programme: str) -> str:
        """The display name of a programme, its id where the case is not at hand."""
        return self._names.get((region, programme), programme)

    def limit(self, path: str) -> str:
        """What a number of the case is called that is a limit or a target; its path where it has no name."""
        found, case = of_path(path), self.written.case
        return path if found is None or case is None else capital(named(case, found, self.language))

    def unit(self, kind: str) -> Unit:
        """`money`, `yearly`, `jobs`, `head` or `ratio` as this language counts it."""
        if kind == "ratio":
            return PERCENT
        shown = units(kind, self.written.result.budget.unit, 1.0)[self.language]
        return Unit(shown.name, shown.scale, shown.pattern)

    def decimals(self, kind: str, largest: float) -> int:
        """Decimals of a kind of number whose largest is so large."""
        return units(kind, self.written.result.budget.unit, largest)[self.language].decimals

    def quantity_unit(self, quantity: str) -> Unit:
        """The unit of a stage or a national total, as changes of it are told: shortfalls in percentage points."""
        base = quantity.partition("[")[0]
        if base in METRICS:
            return self.unit("jobs" if base == "jobs" else "yearly")
        if base in ("worst_shortfall", "leximin"):
            return Unit(self.text("points"), 100.0)
        return PLAIN if base == "total_shortfall" else self.unit("money")

    def quantity(self, name: str) -> str:
        """What a stage or a national total is called."""
        base, _, n = name.partition("[")
        return capital(text(f"quantity.{base}", self.language, **({"n": n.rstrip("]")} if n else {})))

    @property
    def first(self) -> str:
        """The stage that counts first, empty where there is none."""
        stages = self.written.result.stages
        return stages[0].name if stages else ""

    @property
    def told(self) -> list[str]:
        """The quantities whose changes are told: the first stage and both national totals."""
        return list(dict.fromkeys([self.first, *METRICS]))

    def case_unit(self, path: str) -> Unit:
        """The unit of a number of the case."""
        found = of_path(path)
        how = counted(found) if found else "money"
        if how in ("money", "yearly", "jobs", "head"):
            return self.unit(how)
        return PERCENT if how == "percent" else Unit(self.text(f"unit_{how}"))

    def now(self, table: str, row: int, path: str, value: float) -> Number | None:
        """A number of the case as it stands, from the column `now` of a table."""
        unit = self.case_unit(path)
        return self.cell(table, row, "now", unit, digits(value, unit, 4))

    def grouped(self, table: str, *columns: str) -> dict[tuple[str, ...], list[int]]:
        """The rows of a table by their values in some columns, groups and rows in their order."""
        found: dict[tuple[str, ...], list[int]] = {}
        for k, row in enumerate(self.written.tables[table]):
            found.setdefault(tuple(row[column] for column in columns), []).append(k)
        return found

    def by(self, table: str, rows: Sequence[int], column: str) -> dict[str, int]:
        """Some rows of a table by their value in a column that tells them apart."""
        return {self.written.tables[table][k][column]: k for k in rows}

    def changes(self, table: str, groups: Iterable[Sequence[int]], column: str, of: str) -> dict[str, int]:
        """Decimals in which a column of changes is told, by the quantity that column `of` names."""
        listed, values = self.written.tables[table], dict[str, list[float]]()
        for rows in groups:
            for k in rows:
                values.setdefault(listed[k][of], []).append(float(listed[k][column] or 0.0))
        return {
            name: digits(max(map(abs, found)), self.quantity_unit(name)) for name, found in values.items() if name
        }

    def field(self, kind: str, at: str, value: float | None, largest: float) -> Number | None:
        """A number of `result.json` at a pointer."""
        if value is None:
            return None
        return Number(value, self.decimals(kind, largest), self.unit(kind), (f"{RESULT}#{at}",))

    def cell(
        self, table: str, row: int, column: str, unit: Unit, decimals: int, signed: bool = False
    ) -> Number | None:
        """A number of a table; None where the cell is empty."""
        value = self.written.tables[table][row][column]
        place = (f"{table}.csv#/{row}/{column}",)
        return Number(float(value), decimals, unit, place, signed) if value else None


def summed(numbers: Iterable[Number | None]) -> Number | None:
    """Their sum, which stands at all their places; None as soon as one of them does not exist."""
    listed = list(numbers)
    known = [number for number in listed if number is not None]
    if len(known) < len(listed) or not known:
        return None
    places = tuple(place for number in known for place in number.places)
    value = sum(number.value for number in known)
    return Number(value, known[0].decimals, known[0].unit, places, known[0].signed)


def digits(largest: float, unit: Unit, wanted: int = 3) -> int:
    """Decimals that leave so many digits of the largest number as it is shown, six at most."""
    shown = abs(largest * unit.scale)
    return max(0, min(6, wanted - 1 - math.floor(math.log10(shown)))) if shown else 0
