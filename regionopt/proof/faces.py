"""The plans that are as good as a proven one: the program with everything that has a price kept where it is.

A stage that gives nothing away is held so, and the rule that ends every list of stages (`ties`) works on such faces.
They follow from the prices alone, so a proof of what comes next can be checked without a solver. Most columns of such
a program cannot move: `settled` takes them out of its rows, exactly, and what comes next costs what is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from regionopt.model.program import Basis, Program, Row, Seat
from regionopt.model.scaling import reach, spans
from regionopt.model.sums import Common, dot

# Rounding of written numbers moves a stage by less than this part of its value; what matters moves it by more.
NOISE = 1e-12


def face(program: Program, y: Sequence[Fraction], d: Common, value: Fraction) -> Program:
    """The program restricted to its optimal plans, by row prices `y` and reduced costs `d` that prove the optimum.

    What can move the value by less than `NOISE` of it has no price: products of written numbers are rounded, and two
    programmes that are equal on paper must stay equal.
    """
    noise, span = NOISE * (1 + abs(float(value))), spans(program)
    lower, upper, rows = list(program.lower), list(program.upper), list(program.rows)
    for j, cost in enumerate(d.whole):
        if cost and abs(d.near(j)) * span[j] > noise:
            lower[j] = upper[j] = lower[j] if cost > 0 else upper[j]
    for i, (row, price) in enumerate(zip(program.rows, y, strict=True)):
        if price and abs(float(price)) * reach(row, span) > noise:
            rows[i] = row.within(*([row.lower if price > 0 else row.upper] * 2))
    return replace(program, lower=tuple(lower), upper=tuple(upper), rows=tuple(rows))


def settled(program: Program, basis: Basis) -> Program:
    """The same program without the terms of columns that cannot move: what these add to a row is `taken` there.

    A column that is basic stays, so that the basis remains one of the program.
    """
    sides = enumerate(zip(program.lower, program.upper, basis.columns, strict=True))
    still = {j: low for j, (low, high, seat) in sides if low == high and seat is not Seat.BASIC}
    return replace(program, rows=tuple(_settled(row, still) for row in program.rows), settled=True)


def _settled(row: Row, still: Mapping[int, float]) -> Row:
    left = tuple([term for term in row.terms if term[0] not in still])
    if len(left) == len(row.terms):
        return row
    terms, scale = row.whole
    gone = [(n, still[j]) for j, n in terms if still.get(j)]
    taken = row.taken + dot(*zip(*gone, strict=True)) / scale if gone else row.taken
    return replace(row, terms=left, taken=taken)


def fixed(program: Program) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the columns that cannot move, and of the rows that hold with equality."""
    columns = zip(program.columns, program.lower, program.upper, strict=True)
    return (
        tuple(name for name, low, high in columns if low == high),
        tuple(row.name for row in program.rows if row.lower == row.upper),
    )
