"""The plans that are as good as a proven one: the program with everything that has a price kept where it is.

The rule that ends every list of stages (`ties`) works on such faces. They follow from the prices alone, so a proof
of a step of that rule can be checked without a solver.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from regionopt.program import Program, Row
from regionopt.sums import reduced_costs


def face(program: Program, costs: Sequence[float], y: Sequence[Fraction]) -> Program:
    """The program restricted to its optimal plans, by the row prices `y` that prove the optimum of `costs`."""
    lower, upper = list(program.lower), list(program.upper)
    for j, price in enumerate(reduced_costs(costs, program.rows, y)):
        if price:
            lower[j] = upper[j] = lower[j] if price > 0 else upper[j]
    rows = tuple(_kept(row, price) for row, price in zip(program.rows, y, strict=True))
    return replace(program, lower=tuple(lower), upper=tuple(upper), rows=rows)


def _kept(row: Row, price: Fraction) -> Row:
    """A row with a price holds with equality, at the bound that its price rests on."""
    if not price:
        return row
    bound = row.lower if price > 0 else row.upper
    return replace(row, lower=bound, upper=bound)


def fixed(program: Program) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the columns that cannot move, and of the rows that hold with equality."""
    columns = zip(program.columns, program.lower, program.upper, strict=True)
    return (
        tuple(name for name, low, high in columns if low == high),
        tuple(row.name for row in program.rows if row.lower == row.upper),
    )
