"""One program of several draws: the same money in all of them, everything else apart.

A draw's program holds the first stage of the case only; the case at its stated numbers joins with all its stages, so
that these can decide what the draws leave open.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from regionopt.case.case import Case
from regionopt.case.patches import Patch
from regionopt.common.instance import SpendKey
from regionopt.model.core import Model
from regionopt.model.model import build
from regionopt.model.program import Program, Row
from regionopt.model.translate import plain, to_costs, to_program
from regionopt.montecarlo.kept import achieved
from regionopt.montecarlo.left import Kept
from regionopt.sweep.flat import Array, Pattern, flatten, together

# What a draw outside the program may be worse by, in parts of the value.
ENOUGH = 1e-8
Terms = tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Draw:
    """One draw that has a plan: its number, its program with the first stage only, that stage as costs to be
    minimised, and its own best."""

    number: int
    program: Program
    costs: tuple[float, ...]
    best: float


@dataclass(frozen=True)
class Scenarios:
    """The draws that a plan must hold out in, beside the case at its stated numbers. `whole` are the columns in whole
    numbers with what the base plan has of them, which stays."""

    case: Case
    base: Model
    draws: tuple[Draw, ...]
    patterns: tuple[tuple[Pattern, list[int], Array], ...]
    sense: int
    whole: Mapping[str, Fraction]

    @cached_property
    def decided(self) -> dict[str, int]:
        """The columns that a plan decides (money, whole numbers), and their places in the joint program."""
        columns = (*self.base.spend.values(), *self.base.opened.values(), *self.base.count.values())
        return {plain(column.name): j for j, column in enumerate(columns)}

    def values(self, kept: Kept) -> Array:
        """The first stage that a plan reaches in each draw, as costs; infinite where it is not allowed."""
        found = np.full(len(self.draws), np.nan)
        for pattern, places, numbers in self.patterns:
            found[places] = self.sense * achieved(kept, pattern, numbers)[:, 0]
        return np.where(np.isnan(found), np.inf, found)


def scenarios(case: Case, runs: Mapping[int, Sequence[Patch]], best: Mapping[int, float], kept: Kept) -> Scenarios:
    """The draws by number with their changes; `best` is each one's own first stage, `kept` the base plan."""
    base = build(case.instance)
    sense, draws = base.stages[0].sense, list[Draw]()
    read: list[tuple[int, tuple[Pattern, Array]]] = []
    for number, patches in runs.items():
        instance = case.patched(*patches).instance
        model = build(replace(instance, stages=instance.stages[:1]))
        costs = to_costs(model.problem, model.stages[0])
        read.append((len(draws), flatten(build(instance))))
        draws.append(Draw(number, to_program(model.problem), costs, sense * best[number]))
    numbers_of = (*base.opened.values(), *base.count.values())
    whole = {plain(column.name): kept.columns[plain(column.name)] for column in numbers_of}
    return Scenarios(case, base, tuple(draws), tuple(together(read)), sense, whole)


@dataclass(frozen=True)
class Joint:
    """One program of several draws: the same money, all else apart. `limit` is the column of w, or of η."""

    given: Scenarios
    within: tuple[int, ...]
    alpha: float | None

    @property
    def kind(self) -> str:
        """The name of the aim."""
        return "worst_case" if self.alpha is None else "cvar"

    @cached_property
    def _built(self) -> tuple[Program, tuple[float, ...], int, list[tuple[int, ...]]]:
        joined = _Joined(self.given.decided)
        places = [joined.add(to_program(self.given.base.problem), "")]
        for name, number in self.given.whole.items():
            joined.fix(name, float(number))
        draws = [self.given.draws[k] for k in self.within]
        places += [joined.add(draw.program, f"@{draw.number}") for draw in draws]
        least = min(draw.best for draw in self.given.draws)
        limit = joined.column(self.kind, least - ENOUGH * (1 + abs(least)), _most(draws))
        aim = {limit: 1.0}
        for draw, where in zip(draws, places[1:], strict=True):
            terms = [(limit, 1.0), *((where[j], -cost) for j, cost in enumerate(draw.costs) if cost)]
            if self.alpha is not None:
                excess = joined.column(f"excess@{draw.number}", 0.0, _most([draw]) - least + 1.0)
                terms.append((excess, 1.0))
                aim[excess] = 1 / ((1 - self.alpha) * len(self.given.draws))
            joined.row(f"{self.kind}@{draw.number}", tuple(terms), 0.0, math.inf)
        program = joined.program()
        return program, tuple(aim.get(j, 0.0) for j in range(len(program.columns))), limit, places

    @property
    def program(self) -> Program:
        """The joint program."""
        return self._built[0]

    @property
    def aim(self) -> tuple[float, ...]:
        """The worst case or the CVaR as costs."""
        return self._built[1]

    @property
    def limit(self) -> int:
        """The column of w, or of η."""
        return self._built[2]

    def stages(self) -> list[tuple[str, tuple[float, ...]]]:
        """The stages of the case at its stated numbers as costs over the joint program."""
        where, found = self._built[3][0], []
        for stage in self.given.base.stages:
            costs = [0.0] * len(self.program.columns)
            for j, cost in enumerate(to_costs(self.given.base.problem, stage)):
                costs[where[j]] = cost
            found.append((stage.name, tuple(costs)))
        return found

    @property
    def spend(self) -> dict[SpendKey, int]:
        """The column of each tranche in written order."""
        columns = self.given.base.spend.items()
        return {key: self.given.decided[plain(column.name)] for key, column in columns}

    def kept(self, x: Sequence[float | Fraction]) -> Kept:
        """The plan at a point of the joint program."""
        return Kept({name: Fraction(x[j]) for name, j in self.given.decided.items()})


def _most(draws: Sequence[Draw]) -> float:
    """What the first stage of draws cannot exceed, by the bounds of its columns; infinite where these have none."""
    return max(
        sum(
            max(c * low, c * high)
            for c, low, high in zip(d.costs, d.program.lower, d.program.upper, strict=True)
            if c
        )
        for d in draws
    )


class _Joined:
    """Programs put side by side, one set of decided columns for all; the narrowest bounds count."""

    def __init__(self, decided: Mapping[str, int]) -> None:
        self._decided = decided
        self._columns = list(decided)
        self._lower = [0.0] * len(decided)
        self._upper = [math.inf] * len(decided)
        self._rows: dict[tuple[Terms, float, float], Row] = {}

    def column(self, name: str, lower: float, upper: float) -> int:
        """One more column."""
        self._columns.append(name)
        self._lower.append(lower)
        self._upper.append(upper)
        return len(self._columns) - 1

    def fix(self, name: str, number: float) -> None:
        """A decided column stays at a number."""
        self._lower[self._decided[name]] = self._upper[self._decided[name]] = number

    def row(self, name: str, terms: Terms, lower: float, upper: float) -> None:
        """One more row; one that is there already says it once."""
        self._rows.setdefault((terms, lower, upper), Row(name, terms, lower, upper))

    def add(self, program: Program, suffix: str) -> tuple[int, ...]:
        """One more program; where its columns stand."""
        where = []
        for name, low, high in zip(program.columns, program.lower, program.upper, strict=True):
            j = self._decided.get(name)
            if j is None:
                where.append(self.column(f"{name}{suffix}", low, high))
            else:
                self._lower[j], self._upper[j] = max(self._lower[j], low), min(self._upper[j], high)
                where.append(j)
        for row in program.rows:
            terms = tuple((where[j], a) for j, a in row.terms)
            self.row(f"{row.name}{suffix}", terms, row.lower, row.upper)
        return tuple(where)

    def program(self) -> Program:
        """All of them as one."""
        bounds = tuple(self._lower), tuple(self._upper)
        return Program(tuple(self._columns), *bounds, tuple(self._rows.values()))
