"""Every number that is told of a plan, as a sum over the columns of the program: what a curve follows.

("stages", name)            value of a stage, in its own sense
("regions", r)              money of a region              ("programmes", "r.p")   of a programme
("tranches", "r.p.k")       of a tranche; with years "r.p.k.year"
("output", r), ("jobs", r)  what arises in a region
("reached", "m,r,…")        what another target is measured by (milestones, per head, growth)
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from pulp import LpAffineExpression

from regionopt.common.instance import METRICS, Tranche
from regionopt.model.core import Model
from regionopt.model.program import Program
from regionopt.model.translate import plain
from regionopt.model.vectors import Common, Vector

Key = tuple[str, str]
Values = dict[Key, Fraction]
KINDS = ("stages", "regions", "programmes", "tranches", "output", "jobs", "reached")


@dataclass(frozen=True)
class Told:
    """For each column the numbers that it counts in, and how much: whole numbers, to be divided by `scale`."""

    keys: tuple[Key, ...]
    columns: Mapping[int, tuple[tuple[Key, int], ...]]
    scale: int

    def values(self, x: Common) -> Values:
        """Every number at a plan, a value a column."""
        return dict(self.at(self.keys, x).items())

    def at(self, keys: Iterable[Key], x: Common) -> Vector[Key]:
        """Some numbers at a plan."""
        parts, amounts = self._parts, x.whole
        return Vector({key: sum([n * amounts[j] for j, n in parts[key]]) for key in keys}, self.scale * x.below)

    @cached_property
    def _parts(self) -> Mapping[Key, list[tuple[int, int]]]:
        """The columns that count in each number, and how much."""
        found: dict[Key, list[tuple[int, int]]] = {key: [] for key in self.keys}
        for j, counted in self.columns.items():
            for key, n in counted:
                found[key].append((j, n))
        return found

    def moved(self, by: Vector[int]) -> Vector[Key]:
        """What columns that move add to each number; numbers that do not change are left out."""
        found: dict[Key, int] = {}
        for j, amount in by.whole.items():
            for key, n in self.columns.get(j, ()):
                found[key] = found.get(key, 0) + n * amount
        return Vector({key: value for key, value in found.items() if value}, self.scale * by.below)


def told(model: Model, program: Program) -> Told:
    """The numbers of a model, in the order of `KINDS`."""
    position = {name: j for j, name in enumerate(program.columns)}
    columns: dict[int, list[tuple[Key, float]]] = {}
    keys = []
    for key, expression in _expressions(model):
        keys.append(key)
        for column, a in expression.items():
            j = position.get(plain(column.name))
            if a and j is not None:  # a column that stands in no row is 0
                columns.setdefault(j, []).append((key, a))
    ratios = {j: [(key, *a.as_integer_ratio()) for key, a in found] for j, found in columns.items()}
    scale = math.lcm(*{below for found in ratios.values() for _, _, below in found})
    whole = {j: tuple((key, n * (scale // below)) for key, n, below in found) for j, found in ratios.items()}
    return Told(tuple(keys), whole, scale)


def tranche_name(t: Tranche) -> str:
    """`region.programme.tranche`, with the year at the end where there are years."""
    return ".".join(filter(None, (t.region, t.programme, str(t.tranche), t.period)))


def _expressions(model: Model) -> Iterator[tuple[Key, LpAffineExpression]]:
    instance = model.instance
    for stage in model.stages:
        yield ("stages", stage.name), stage.expression
    for region in instance.regions:
        yield ("regions", region), model.allocation(region)
    programmes: dict[str, list[Tranche]] = {}
    for t in instance.tranches:
        programmes.setdefault(f"{t.region}.{t.programme}", []).append(t)
    for name, tranches in programmes.items():
        yield ("programmes", name), model.money(tranches)
    for t in instance.tranches:
        yield ("tranches", tranche_name(t)), model.money([t])
    for metric in METRICS:
        for region in instance.regions:
            yield (metric, region), model.gained(metric, region)
    for target in instance.targets:
        if target.key != (target.metric, target.region):
            yield ("reached", ",".join(target.key)), model.reached(target)
