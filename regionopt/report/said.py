"""One language's words and units for what the files of a result say: names, amounts, cells of tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from regionopt.case.limits import of_path
from regionopt.common.instance import METRICS
from regionopt.common.texts import Language, text
from regionopt.doctor.advice import capital, named
from regionopt.maps.mapdata import units
from regionopt.report.model import PERCENT, PLAIN, Number, Unit
from regionopt.report.written import Written
from regionopt.telling.display import display_names

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
