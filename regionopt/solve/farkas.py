"""Finds the proof that a program is infeasible: the exact prices of its elastic program.

    minimise Σ (lack[i] + surplus[i]) / size[i]     row_lower ≤ A x + lack - surplus ≤ row_upper,  lack, surplus ≥ 0

always has a plan. Its optimum is above 0 exactly when the program has none, and its row prices are then the proof,
which `clash` checks without a solver.
"""

from __future__ import annotations

import math
from dataclasses import replace

from regionopt.common.document import Status
from regionopt.common.errors import ToolError
from regionopt.model.program import Program, Row
from regionopt.proof.contradiction import Farkas, excess, holds
from regionopt.solve.engine import Engine
from regionopt.solve.optimum import optimise

__all__ = ["Farkas", "holds", "proof"]


def proof(engine: Engine, program: Program) -> Farkas | None:
    """Prices that prove the program (its whole numbers relaxed) infeasible; None where none are found."""
    relaxed = replace(program, integers=frozenset())
    elastic, costs = _elastic(relaxed)
    try:
        found = optimise(engine, elastic, "infeasible", costs)
    except ToolError:
        return None
    if isinstance(found, Status) or not holds(relaxed, found.corner.y):
        return None
    return Farkas(found.corner.y, excess(relaxed, found.corner.y))


def _elastic(program: Program) -> tuple[Program, tuple[float, ...]]:
    """The program with two columns more for each row that can be broken, and the costs of breaking rows."""
    columns: list[str] = list(program.columns)
    costs = [0.0] * len(columns)
    rows = []
    for row in program.rows:
        terms = list(row.terms)
        for name, sign, bound in (("lack", 1.0, row.lower), ("surplus", -1.0, row.upper)):
            if math.isfinite(bound):
                terms.append((len(columns), sign))
                columns.append(f"{name}[{row.name}]")
                costs.append(1 / _size(row))
        rows.append(Row(row.name, tuple(terms), row.lower, row.upper))
    more = len(columns) - len(program.columns)
    lower, upper = (*program.lower, *([0.0] * more)), (*program.upper, *([math.inf] * more))
    return Program(tuple(columns), lower, upper, tuple(rows)), tuple(costs)


def _size(row: Row) -> float:
    """The power of two near the largest number of a row, so that rows in different units weigh alike."""
    numbers = [abs(a) for _, a in row.terms] + [abs(b) for b in (row.lower, row.upper) if math.isfinite(b)]
    largest = max(numbers, default=0.0)
    return math.ldexp(1.0, math.frexp(largest)[1]) if largest else 1.0
