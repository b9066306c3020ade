"""The corner a basis stands for, in exact fractions.

A solver works in floating point; its basis says which bounds hold with equality. Solving those equations again
in fractions gives the plan and its prices without rounding, whichever solver found the basis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from regionopt.program import Basis, Program, Seat
from regionopt.sums import activities, reduced_costs

Vector = dict[int, Fraction]


@dataclass(frozen=True)
class Corner:
    """Exact column values `x`, row prices `y` and reduced costs `d = c - A'y` (costs are minimised)."""

    x: tuple[Fraction, ...]
    y: tuple[Fraction, ...]
    d: tuple[Fraction, ...]


def corner(program: Program, costs: Sequence[float], basis: Basis) -> Corner:
    """Solve the basis in fractions. Raises ArithmeticError when the basis is singular."""
    x = _primal(program, basis)
    return Corner(tuple(x), *prices(program, costs, basis))


def prices(
    program: Program, costs: Sequence[float], basis: Basis
) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    """Row prices `y` and reduced costs `d` of a basis; ArithmeticError when it is singular."""
    y = _dual(program, costs, basis)
    return tuple(y), tuple(reduced_costs(costs, program.rows, y))


def _bound(seat: Seat, lower: float, upper: float) -> Fraction:
    """The value of something that is not basic: the bound it sits at, 0 when it is free."""
    if seat is Seat.FREE:
        return Fraction(0)
    return Fraction(lower if seat is Seat.LOWER else upper)


def _primal(program: Program, basis: Basis) -> list[Fraction]:
    """Basic columns from the rows that hold with equality; all others sit at a bound."""
    x = [
        Fraction(0) if seat is Seat.BASIC else _bound(seat, low, high)
        for seat, low, high in zip(basis.columns, program.lower, program.upper, strict=True)
    ]
    tight = [(row, seat) for row, seat in zip(program.rows, basis.rows, strict=True) if seat is not Seat.BASIC]
    basic = {j for j, seat in enumerate(basis.columns) if seat is Seat.BASIC}
    equations = [{j: Fraction(a) for j, a in row.terms if a and j in basic} for row, _ in tight]
    fixed = activities([row for row, _ in tight], x)
    right = [_bound(seat, row.lower, row.upper) - own for (row, seat), own in zip(tight, fixed, strict=True)]
    for column, value in eliminate(equations, right).items():
        x[column] = value
    return x


def _dual(program: Program, costs: Sequence[float], basis: Basis) -> list[Fraction]:
    """Prices of the rows that hold with equality, such that basic columns have no reduced cost."""
    equations: dict[int, Vector] = {j: {} for j, seat in enumerate(basis.columns) if seat is Seat.BASIC}
    for i, row in enumerate(program.rows):
        if basis.rows[i] is not Seat.BASIC:
            for j, a in row.terms:
                if a and j in equations:
                    equations[j][i] = Fraction(a)
    y = [Fraction(0)] * len(program.rows)
    for i, price in eliminate(list(equations.values()), [Fraction(costs[j]) for j in equations]).items():
        y[i] = price
    return y


def eliminate(equations: Sequence[Vector], right: Sequence[Fraction]) -> Vector:
    """Solve a square sparse system exactly. The shortest equation is used first: bases are nearly triangular."""
    open_rows = {i: dict(row) for i, row in enumerate(equations)}
    value = dict(enumerate(right))
    where: dict[int, set[int]] = {}
    for i, row in open_rows.items():
        for unknown in row:
            where.setdefault(unknown, set()).add(i)
    solved: list[tuple[int, Vector, Fraction]] = []
    while open_rows:
        i = min(open_rows, key=lambda i: (len(open_rows[i]), i))
        row = open_rows.pop(i)
        if not row:
            raise ArithmeticError("the basis is singular")
        pivot = min(row, key=lambda unknown: (len(where[unknown]), unknown))
        for unknown in row:
            where[unknown].discard(i)
        for other in tuple(where[pivot]):
            factor = open_rows[other].pop(pivot) / row[pivot]
            _subtract(open_rows[other], row, factor, pivot, where, other)
            value[other] -= factor * value[i]
        where[pivot].clear()
        solved.append((pivot, row, value[i]))
    return _back_substitute(solved)


def _subtract(
    target: Vector, row: Vector, factor: Fraction, pivot: int, where: dict[int, set[int]], name: int
) -> None:
    """`target -= factor * row` apart from the pivot, keeping the index of who holds which unknown."""
    for unknown, coefficient in row.items():
        if unknown == pivot:
            continue
        left = target.get(unknown, Fraction(0)) - factor * coefficient
        if left:
            target[unknown] = left
            where[unknown].add(name)
        else:
            target.pop(unknown, None)
            where[unknown].discard(name)


def _back_substitute(solved: list[tuple[int, Vector, Fraction]]) -> Vector:
    answer: Vector = {}
    for pivot, row, value in reversed(solved):
        rest = sum((a * answer[unknown] for unknown, a in row.items() if unknown != pivot), Fraction(0))
        answer[pivot] = (value - rest) / row[pivot]
    return answer
