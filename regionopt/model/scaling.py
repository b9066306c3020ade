"""The same program in units in which its numbers are near 1, for a solver that works to absolute tolerances.

Whether money is counted in NT$ or in billions must not decide what a solver can see. A column is counted in the
largest amount that it can hold, a row in its largest coefficient, the costs in their largest, each rounded to a
power of two. So nothing is lost, and a basis of the one program is a basis of the other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import sub, truediv

from regionopt.model.program import Program, Row


def units(program: Program) -> tuple[float, ...]:
    """What each column is counted in: its largest amount, or what balances its rows where it has no bound."""
    found = _units(program)
    return tuple(found[j] if j in found else _unit(abs(high)) or 1.0 for j, high in enumerate(program.upper))


def _units(program: Program) -> dict[int, float]:
    """The same for the columns that stand in a row."""
    most = list(map(abs, program.upper))
    for column, amount in _implied(program):
        most[column] = min(most[column], amount)
    found = {j: _unit(most[j]) for j in {j for row in program.rows for j, _ in row.terms}}
    for row in program.rows:
        open_terms = [(j, a) for j, a in row.terms if most[j] == math.inf and a]
        known = max([abs(a) * found[j] for j, a in row.terms]) if open_terms else 0.0
        for j, a in open_terms:
            # A column that already balances the row keeps its unit: else it would double from row to row.
            if known / abs(a) > found[j]:
                found[j] = _power(known / abs(a))
    return {j: unit or 1.0 for j, unit in found.items()}


def _unit(amount: float) -> float:
    """The unit of an amount; 0 where it is not known yet."""
    return _power(amount) if 0 < amount < math.inf else 0.0


# What is held of rows that come and go: many re-solves must not fill the memory.
MOST_KNOWN = 100_000

Terms = tuple[tuple[int, float], ...]


def spans(program: Program) -> list[float]:
    """How far each column can move: between its bounds, or by its unit where it has none."""
    width = list(map(sub, program.upper, program.lower))
    if math.inf not in width:
        return width
    found = _units(replace(program, rows=tuple(_open(program.rows, width))))
    return [found.get(j, 1.0) if own == math.inf else own for j, own in enumerate(width)]


def _open(rows: Iterable[Row], width: Sequence[float]) -> Iterator[Row]:
    """The rows that hold a column without a bound."""
    return (row for row in rows if any(width[j] == math.inf for j, _ in row.terms))


def reach(row: Row, span: Sequence[float]) -> float:
    """How far a row can move when its columns do."""
    return sum([abs(a) * span[j] for j, a in row.terms])


@dataclass
class Scaling:
    """Programs with the same columns, counted in the same units. The terms of a row are scaled once: re-solving
    changes bounds and costs, and rows are many."""

    unit: tuple[float, ...]
    _known: dict[int, tuple[Terms, Terms, float]] = field(default_factory=dict)

    def program(self, program: Program) -> Program:
        """The program with its columns counted in their units."""
        return replace(
            program,
            lower=tuple(map(truediv, program.lower, self.unit)),
            upper=tuple(map(truediv, program.upper, self.unit)),
            rows=tuple(map(self._row, program.rows)),
        )

    def _row(self, row: Row) -> Row:
        # The given terms are kept beside the scaled ones, so that their identity is not used again.
        known = self._known.get(id(row.terms))
        if known is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            known = self._known[id(row.terms)] = (row.terms, *_scaled_terms(row.terms, self.unit))
        _, terms, largest = known
        lower, upper = row.room
        return Row(row.name, terms, lower / largest, upper / largest)


def scaled_costs(costs: Sequence[float], unit: Sequence[float]) -> tuple[float, ...]:
    """The costs of columns counted in `unit`, the largest near 1."""
    counted = [cost * u for cost, u in zip(costs, unit, strict=True)]
    largest = _power(max(map(abs, counted), default=0.0))
    return tuple(cost / largest for cost in counted)


def _implied(program: Program) -> Iterator[tuple[int, float]]:
    """What a row of positive coefficients leaves at most to each of its columns (all are at least 0)."""
    for row in program.rows:
        most = row.room[1]
        if math.isfinite(most) and all(a > 0 and program.lower[j] >= 0 for j, a in row.terms):
            for j, a in row.terms:
                yield j, most / a


def _scaled_terms(terms: Terms, unit: Sequence[float]) -> tuple[Terms, float]:
    """Terms in scaled columns, divided by their largest; and that largest."""
    scaled = [(j, a * unit[j]) for j, a in terms]
    largest = _power(max([abs(a) for _, a in scaled], default=0.0))
    return tuple([(j, a / largest) for j, a in scaled]), largest


def _power(amount: float) -> float:
    """The power of two just above an amount; 1 for none."""
    return math.ldexp(1.0, math.frexp(amount)[1]) if amount else 1.0
