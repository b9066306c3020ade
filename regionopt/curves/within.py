"""From where to where a number leaves room for any plan: the number becomes a column of the program."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from regionopt.common.document import Status
from regionopt.explain.shift import Shift
from regionopt.model.program import Program, Row
from regionopt.model.sums import ZERO
from regionopt.solve.optimum import optimise
from regionopt.solve.solvers import ENGINES


def reachable(program: Program, shift: Shift, low: Fraction, high: Fraction) -> tuple[Fraction, Fraction] | None:
    """The least and the most units of the number, between `low` and `high`, at which there is a plan; None where
    there is none. Only bounds may move with the number: the values that have a plan are then one interval."""
    wider = _with_column(program, shift, low, high)
    engine, last = ENGINES["highs"](), len(program.columns)
    ends = []
    for sign in (1.0, -1.0):
        costs = tuple(sign if j == last else 0.0 for j in range(len(wider.columns)))
        found = optimise(engine, wider, "reachable", costs)
        if isinstance(found, Status):
            return None
        ends.append(found.corner.x[last])
    return ends[0], ends[1]


def _with_column(program: Program, shift: Shift, low: Fraction, high: Fraction) -> Program:
    width = len(program.columns)
    rows, lower, upper = list(program.rows), list(program.lower), list(program.upper)
    for thing in sorted({*shift.lower, *shift.upper}):
        moves = shift.lower.get(thing, ZERO), shift.upper.get(thing, ZERO)
        if thing >= width:
            row = rows[thing - width]
            rows[thing - width] = row.within(-math.inf, math.inf)
            rows += _moved(row, moves, width)
        else:
            rows += _moved(Row("bound", ((thing, 1.0),), lower[thing], upper[thing]), moves, width)
            lower[thing], upper[thing] = -math.inf, math.inf
    return replace(
        program,
        columns=(*program.columns, "units"),
        lower=(*lower, float(low)),
        upper=(*upper, float(high)),
        rows=tuple(rows),
    )


def _moved(row: Row, moves: tuple[Fraction, Fraction], column: int) -> Iterator[Row]:
    """A row whose bounds move with a column: lower + a·t ≤ terms ≤ upper + b·t, each a row of its own."""
    for name, move, bounds in (
        ("lower", moves[0], (row.lower, math.inf)),
        ("upper", moves[1], (-math.inf, row.upper)),
    ):
        if not all(map(math.isinf, bounds)):
            yield Row(f"{name}({row.name})", (*row.terms, (column, -float(move))), *bounds)
