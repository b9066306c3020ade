"""A plan that was decided before the draw is known: what it achieves there, and whether it is allowed at all.

Its money (and its whole numbers) stay; all that follows from them, such as shortfalls, is what the stages of the
case leave of it. So every rule of a case counts, and a rule that the money breaks says that it is not allowed.

What is decided leaves the program, so that uncertain returns stand in right-hand sides only: draws then share their
coefficients, and thousands are settled by one basis (`batch`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from regionopt.common.document import Status
from regionopt.common.errors import Problem, ToolError
from regionopt.common.instance import Instance
from regionopt.model.model import build
from regionopt.model.program import Program
from regionopt.model.translate import plain
from regionopt.solve.optimum import Optimum, optimal_face, optimise
from regionopt.solve.plan import Plan
from regionopt.solve.solvers import ENGINES
from regionopt.sweep.batch import Batch
from regionopt.sweep.flat import Array, Ints, Pattern, Scale, program_of
from regionopt.sweep.outcomes import read_off, signs

# A bound that money breaks by less than this part of the numbers involved is broken by rounding: it is kept.
ROUNDING = 1e-9
# Farther outside than this no value of the other columns can help.
OUTSIDE = 1e-6
# How far the fast way may be from fractions.
AGREE = 1e-8


@dataclass(frozen=True)
class Kept:
    """The columns that a plan decides, by name, in exact fractions."""

    columns: Mapping[str, Fraction]

    def places(self, pattern: Pattern) -> Ints:
        """Where the columns stand in a program."""
        place = {name: j for j, name in enumerate(pattern.columns)}
        return np.array([place[name] for name in self.columns if name in place], dtype=np.int64)

    def amounts(self, pattern: Pattern) -> list[Fraction]:
        """What they hold, in the same order."""
        known = frozenset(pattern.columns)
        return [amount for name, amount in self.columns.items() if name in known]


def kept_of(instance: Instance, plan: Plan) -> Kept:
    """The money and the whole numbers of a plan."""
    model = build(instance)
    found = {plain(model.spend[key].name): amount for key, amount in plan.spend.items()}
    found |= {plain(model.opened[name].name): Fraction(number) for name, number in plan.opened.items()}
    return Kept(found | {plain(model.count[name].name): Fraction(number) for name, number in plan.count.items()})


def achieved(kept: Kept, pattern: Pattern, numbers: Array) -> Array:
    """What a plan achieves, a row a run in the layout of outcomes (`read_off`); nan where it is not allowed.

    The fast way where it is clear, fractions where not; the first run of the fast way is held against fractions.
    Raises ToolError where these differ."""
    left = _left(kept, pattern, numbers)
    _, order = read_off(pattern)
    scalars = numbers[:, pattern.parts["scalars"]]
    found = np.full((len(numbers), len(order)), np.nan)
    rows = np.flatnonzero(left.possible)
    if not len(rows):
        return found
    settled, told = left.solved(rows)
    whole = np.concatenate([(told + left.given[rows]) * signs(pattern), scalars[rows]], axis=1)[:, order]
    clear = np.flatnonzero(settled)
    found[rows[clear]] = whole[clear]
    for k in rows[~settled].tolist():
        found[k] = _exactly(kept, pattern, numbers[k])[order]
    if len(clear):
        first = int(rows[clear[0]])
        proven = _exactly(kept, pattern, numbers[first])[order]
        if not np.allclose(found[first], proven, rtol=AGREE, atol=AGREE):
            raise ToolError([Problem("fast_way_differs", "montecarlo", f"draw {first + 1} of its batch")])
    return found


@dataclass(frozen=True)
class _Left:
    """What is left to be decided: a smaller program by run; `given` is what is decided adds to costs and to what is
    told, `possible` says where nothing that is decided breaks a rule for certain."""

    pattern: Pattern
    numbers: Array
    given: Array
    possible: NDArray[np.bool_]

    def solved(self, rows: Ints) -> tuple[NDArray[np.bool_], Array]:
        """Which of these runs are settled, and what is told of them, without what is given."""
        if not self.pattern.columns:
            return np.ones(len(rows), dtype=bool), np.zeros((len(rows), self.given.shape[1]))
        own = self.numbers[rows]
        found = Batch(self.pattern, Scale.of(self.pattern, own[0])).solve(own)
        return found.settled, found.told


def _left(kept: Kept, pattern: Pattern, numbers: Array) -> _Left:
    places, x = kept.places(pattern), np.array(kept.amounts(pattern), dtype=float)
    free = np.setdiff1d(np.arange(len(pattern.columns)), places)
    amount = np.zeros(len(pattern.columns))
    amount[places] = x
    open_terms = np.isin(pattern.term_columns, free)
    part = {name: numbers[:, place] for name, place in pattern.parts.items()}
    decided = _by_row(pattern, part["terms"] * np.where(open_terms, 0.0, amount[pattern.term_columns]))
    size = _by_row(pattern, np.abs(part["terms"] * np.where(open_terms, 0.0, amount[pattern.term_columns])))
    rows = len(pattern.rows)
    low, high = part["row_lower"] - decided[:, :rows], part["row_upper"] - decided[:, :rows]
    counts = np.isin(np.arange(rows), pattern.term_rows[open_terms])
    room = ROUNDING * (1 + size[:, :rows])
    possible: NDArray[np.bool_] = np.all((low <= room) & (high >= -room), axis=1, where=~counts)
    wide = ROUNDING * (1 + np.abs(x))
    possible &= np.all((part["lower"][:, places] <= x + wide) & (part["upper"][:, places] >= x - wide), axis=1)
    kept_rows = np.flatnonzero(counts)
    smaller = _without(pattern, free, kept_rows, open_terms)
    bounds = (part["lower"][:, free], part["upper"][:, free], low[:, kept_rows], high[:, kept_rows])
    reduced = np.concatenate([*bounds, part["terms"][:, open_terms], part["scalars"]], axis=1)
    possible &= _reachable(smaller, reduced, 1 + size[:, kept_rows])
    return _Left(smaller, reduced, decided[:, rows:], possible)


def _by_row(pattern: Pattern, terms: Array) -> Array:
    """Sums of terms by row, a row a run."""
    member = np.zeros((len(pattern.term_rows), pattern.shape[0]))
    member[np.arange(len(pattern.term_rows)), pattern.term_rows] = 1.0
    return terms @ member


def _without(pattern: Pattern, free: Ints, kept_rows: Ints, open_terms: NDArray[np.bool_]) -> Pattern:
    """The pattern of what is left: free columns, and the rows that hold any of them."""
    lines = np.arange(len(pattern.rows), pattern.shape[0])
    renumbered = {int(i): k for k, i in enumerate([*kept_rows, *lines])}
    place = {int(j): k for k, j in enumerate(free)}
    rows = np.array([renumbered[int(i)] for i in pattern.term_rows[open_terms]], dtype=np.int64)
    columns = np.array([place[int(j)] for j in pattern.term_columns[open_terms]], dtype=np.int64)
    return replace(
        pattern,
        columns=tuple(pattern.columns[j] for j in free),
        rows=tuple(pattern.rows[i] for i in kept_rows),
        term_rows=rows,
        term_columns=columns,
        key=rows.tobytes() + columns.tobytes(),
    )


def _reachable(pattern: Pattern, numbers: Array, size: Array) -> NDArray[np.bool_]:
    """Where no row is out of reach of all values of its columns: the others are not allowed for certain."""
    part = {name: numbers[:, place] for name, place in pattern.parts.items()}
    inside, count = pattern.term_rows < len(pattern.rows), len(pattern.rows)
    columns, terms = pattern.term_columns[inside], part["terms"][:, inside]
    with np.errstate(invalid="ignore"):
        ends = np.stack([terms * part["lower"][:, columns], terms * part["upper"][:, columns]])
    least, most = np.zeros((len(numbers), count)), np.zeros((len(numbers), count))
    np.add.at(least.T, pattern.term_rows[inside], ends.min(axis=0).T)
    np.add.at(most.T, pattern.term_rows[inside], ends.max(axis=0).T)
    room = OUTSIDE * size
    with np.errstate(invalid="ignore"):
        out = (most < part["row_lower"] - room) | (least > part["row_upper"] + room)
    found: NDArray[np.bool_] = ~np.any(out, axis=1)
    return found


def _exactly(kept: Kept, pattern: Pattern, numbers: Array) -> Array:
    """One run in fractions: ranks in their own sense, what is told, scalars; nan where the plan is not allowed."""
    whole = pattern.matrix(numbers[pattern.parts["terms"]])
    nothing = np.full(len(pattern.ranks) + len(pattern.told) + len(pattern.scalars), np.nan)
    program = _held(kept, pattern, program_of(pattern, numbers, whole))
    engine, last = ENGINES["highs"](), None
    for rank, name in enumerate(pattern.ranks):
        if program is None:
            return nothing
        costs = tuple(whole[len(pattern.rows) + rank].tolist())
        found = optimise(engine, program, name, costs, None if last is None else last.basis)
        if found is Status.INFEASIBLE:
            return nothing
        if not isinstance(found, Optimum):
            raise ToolError([Problem("solver_failed", engine.name, found.value)])
        last, program = found, optimal_face(program, found)
    x = np.array(last.corner.x, dtype=float) if last else np.zeros(len(pattern.columns))
    told = (whole[len(pattern.rows) :] @ x) * signs(pattern)
    return np.concatenate([told, numbers[pattern.parts["scalars"]]])


def _held(kept: Kept, pattern: Pattern, program: Program) -> Program | None:
    """The program with a plan's columns fixed exactly; None where one is beyond its width, or a row of fixed columns
    alone is broken. What breaks one by rounding only does not."""
    lower: list[float | Fraction] = list(program.lower)
    upper: list[float | Fraction] = list(program.upper)
    places = kept.places(pattern).tolist()
    for j, amount in zip(places, kept.amounts(pattern), strict=True):
        if not _between(lower[j], amount, upper[j]):
            return None
        lower[j] = upper[j] = amount
    decided, rows = frozenset(places), []
    for row in program.rows:
        says_more = any(j not in decided for j, _ in row.terms)
        if not says_more:
            total = sum((Fraction(a) * Fraction(lower[j]) for j, a in row.terms), Fraction(0))
            if not _between(row.lower, total, row.upper):
                return None
        rows.append(row if says_more else row.within(-math.inf, math.inf))
    return Program(program.columns, tuple(lower), tuple(upper), tuple(rows), program.integers)  # type: ignore[arg-type]


def _between(low: float | Fraction, amount: Fraction, high: float | Fraction) -> bool:
    room = ROUNDING * (1 + abs(float(amount)))
    return low - room <= amount <= high + room
