"""The sums of a result, from its tables and `reading` alone: what the rows of the program must be made of.

Written a second time, from the formulas in the documentation of `core`, so that a slip in the one is not repeated in
the other. A sum is a dict of column to coefficient.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from regionopt.proof.proofs import Reading
from regionopt.verify.read import Folder, amount

PER_UNIT = {"output": "output_per_unit", "jobs": "jobs_per_unit"}
Terms = dict[str, Fraction]


@dataclass(frozen=True)
class Tranche:
    """A row of `coefficients.csv`: its key as the program's names have it, its width, its returns."""

    region: str
    programme: str
    key: str
    period: str
    width: float
    returns: Mapping[str, Fraction]

    @property
    def column(self) -> str:
        """The tranche's column."""
        return f"spend[{self.key}]"


@dataclass(frozen=True)
class Sums:
    """The sums of one result."""

    folder: Folder
    columns: frozenset[str]

    @property
    def reading(self) -> Reading:
        """What the tables need beside the program."""
        return self.folder.proof.reading

    @cached_property
    def tranches(self) -> tuple[Tranche, ...]:
        """The tranches in written order."""
        return tuple(
            Tranche(
                row["region"], row["programme"],
                ",".join(row[name] for name in ("region", "programme", "tranche", "period") if name in row),
                row.get("period", ""), amount(row["width"], "coefficients.csv"),
                {m: Fraction(amount(row[name], "coefficients.csv")) for m, name in PER_UNIT.items()},
            )
            for row in self.folder.coefficients
        )  # fmt: skip

    @cached_property
    def targets(self) -> tuple[tuple[tuple[str, ...], dict[str, str]], ...]:
        """The key and the row of each target, in written order."""
        rows = self.folder.targets
        return tuple(
            (tuple(row[name] for name in ("metric", "region", "kind", "period") if row.get(name)), row)
            for row in rows
        )

    def fixed_costs(self, region: str | None = None) -> Terms:
        """What platforms cost, in a region or in all with the measures."""
        result = self.folder.result
        costs = {f"open[{p.id}]": Fraction(p.cost) for p in result.platforms or () if region in (None, p.region)}
        measures = {f"count[{m.id}]": Fraction(m.cost) for m in result.measures or ()}
        return clean(costs if region is not None else costs | measures)

    def money(self, tranches: Iterable[Tranche]) -> Terms:
        """What is put into some tranches."""
        return {t.column: Fraction(1) for t in tranches}

    def allocated(self, region: str) -> Terms:
        """What a region receives."""
        return self.money(t for t in self.tranches if t.region == region) | self.fixed_costs(region)

    def spent(self) -> Terms:
        """All that leaves the budget."""
        return self.money(self.tranches) | self.fixed_costs()

    def group(self, name: str) -> Terms:
        """What a group of programmes receives."""
        members = self.reading.groups.get(name, ())
        return self.money(t for t in self.tranches if f"{t.region}.{t.programme}" in members)

    def survived(self, period: str, until: str = "") -> Fraction:
        """How much of a return counts at the end of a year."""
        years = self.reading.years
        if not years or not period:
            return Fraction(1)
        age = years.index(until or years[-1]) - years.index(period) - self.reading.lag
        return Fraction(float(self.reading.survival**age)) if age >= 0 else Fraction(0)

    def raised(self, t: Tranche) -> Iterator[tuple[str, Fraction]]:
        """Columns of money whose return a platform raises, with the factors."""
        for platform, factors in self.reading.raises.items():
            column = f"raised[{platform},{t.key}]"
            if f"{t.region}.{t.programme}" in factors and column in self.columns:
                yield column, Fraction(factors[f"{t.region}.{t.programme}"])

    def brought(self, metric: str, tranches: Iterable[Tranche], until: str | None = None) -> Terms:
        """What tranches bring by a year (empty: the last); as it is at first, where `until` is None."""
        terms: Terms = {}
        for t in tranches:
            gain = t.returns[metric] * (1 if until is None else self.survived(t.period, until))
            terms[t.column] = gain
            terms |= {column: gain * factor for column, factor in self.raised(t)}
        return clean(terms)

    def returned(self, metric: str, region: str, until: str = "") -> Terms:
        """What the programmes of a region bring of a metric."""
        end = until or (self.reading.years or ("",))[-1]
        counted = f"counted[{metric},{region},{end}]"
        if counted in self.columns:
            return {counted: Fraction(1)}
        return self.brought(metric, (t for t in self.tranches if t.region == region), until)

    def gained(self, metric: str, region: str, until: str = "") -> Terms:
        """What arises of a metric in a region."""
        shares = self.reading.spillovers.get(metric)
        if not shares:
            return self.returned(metric, region, until)
        total: Terms = {}
        for pair, share in shares.items():
            origin, _, target = pair.partition(",")
            if target == region:
                add(total, self.returned(metric, origin, until), Fraction(share))
        return clean(total)

    def national(self, metric: str) -> Terms:
        """What arises of a metric in all regions."""
        total: Terms = {}
        for region in self.folder.result.regions:
            add(total, self.gained(metric, region.id))
        return clean(total)

    def reached(self, key: tuple[str, ...], row: Mapping[str, str]) -> Terms:
        """What a target is measured by."""
        over = self.reading.over.get(",".join(key))
        if over is None:
            return self.gained(row["metric"], row["region"], row.get("period", ""))
        total: Terms = {}
        for region, weight in over.items():
            add(total, self.gained(row["metric"], region, row.get("period", "")), Fraction(weight))
        return clean(total)


def add(total: Terms, terms: Terms, factor: Fraction = Fraction(1)) -> None:
    """Add terms times a factor to a sum."""
    for column, a in terms.items():
        total[column] = total.get(column, Fraction(0)) + factor * a


def clean(terms: Terms) -> Terms:
    """Without what is 0."""
    return {column: a for column, a in terms.items() if a}


def value(terms: Terms, x: Mapping[str, Fraction]) -> Fraction:
    """A sum at a plan."""
    return sum((a * x.get(column, Fraction(0)) for column, a in terms.items()), Fraction(0))
