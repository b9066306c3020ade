"""The plans that are as good as a proven one: the program with everything that has a price kept where it is.

A stage that gives nothing away is held so, and the rule that ends every list of stages (`ties`) works on such faces.
They follow from the prices alone, so a proof of what comes next can be checked without a solver.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from regionopt.model.program import Program
from regionopt.model.scaling import reach, spans

# Rounding of written numbers moves a stage by less than this part of its value; what matters moves it by more.
NOISE = 1e-12


def face(program: Program, y: Sequence[Fraction], d: Sequence[Fraction], value: Fraction) -> Program:
    """The program restricted to its optimal plans, by row prices `y` and reduced costs `d` that prove the optimum.

    What can move the value by less than `NOISE` of it has no price: products of written numbers are rounded, and two
    programmes that are equal on paper must stay equal.
    """
    noise, span = NOISE * (1 + abs(float(value))), spans(program)
    lower, upper, rows = list(program.lower), list(program.upper), list(program.rows)
    for j, price in enumerate(d):
        if price and abs(float(price)) * span[j] > noise:
            lower[j] = upper[j] = lower[j] if price > 0 else upper[j]
    for i, (row, price) in enumerate(zip(program.rows, y, strict=True)):
        if price and abs(float(price)) * reach(row, span) > noise:
            rows[i] = row.within(*([row.lower if price > 0 else row.upper] * 2))
    return replace(program, lower=tuple(lower), upper=tuple(upper), rows=tuple(rows))


def fixed(program: Program) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the columns that cannot move, and of the rows that hold with equality."""
    columns = zip(program.columns, program.lower, program.upper, strict=True)
    return (
        tuple(name for name, low, high in columns if low == high),
        tuple(row.name for row in program.rows if row.lower == row.upper),
    )
