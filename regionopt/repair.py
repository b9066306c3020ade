"""Leads a basis that rounding left just outside its bounds back inside, in exact fractions.

A solver calls a plan feasible within a tolerance, and where rows nearly coincide (a stage held at its optimum)
the corner of its basis can lie outside by that little. Steps of the dual simplex method (the first that is out
leaves, the first that blocks enters: Bland's rule, which never circles) end at a corner that is inside exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from regionopt.exact import corner, prices
from regionopt.program import Basis, Program, Seat
from regionopt.sums import activities

# A solver's basis is a few steps away; where it is not, its certificate says so.
STEPS = 100

# A column or a row: its number (rows follow the columns), seat and bounds.
Thing = tuple[int, Seat, float, float]


def repaired(program: Program, costs: Sequence[float], basis: Basis) -> Basis:
    """The nearest basis on the way of the dual simplex method that keeps every bound exactly, if there is one."""
    for _ in range(STEPS):
        leaving = _first_outside(program, basis, values(program, corner(program, costs, basis).x))
        if leaving is None:
            return basis
        entering = _first_blocking(program, costs, basis, *leaving)
        if entering is None:
            return basis
        basis = swapped(basis, *leaving, entering)
    return basis


def _first_outside(program: Program, basis: Basis, at: Sequence[Fraction]) -> tuple[int, Seat] | None:
    """The first basic thing outside its bounds, and the bound it goes back to."""
    for thing, seat, low, high in things(program, basis):
        if seat is Seat.BASIC:
            value = at[thing]
            if value < low:
                return thing, Seat.LOWER
            if value > high:
                return thing, Seat.UPPER
    return None


def _first_blocking(program: Program, costs: Sequence[float], basis: Basis, leaving: int, bound: Seat) -> int | None:
    """The thing whose price is the first to reach 0 while the leaving thing's price grows away from 0."""
    now = joined(prices(program, costs, basis))
    rate = joined(prices(program, _unit(program, leaving), basis))
    sign = 1 if bound is Seat.LOWER else -1
    blocking = []
    for thing, seat, low, high in things(program, basis):
        turns = sign * rate[thing]
        against = turns < 0 if seat is Seat.LOWER else turns > 0 if seat is Seat.UPPER else bool(turns)
        if seat is not Seat.BASIC and low < high and against:
            blocking.append((abs(now[thing] / turns), thing))
    return min(blocking)[1] if blocking else None


def _unit(program: Program, thing: int) -> list[float]:
    """Costs whose prices are the rates at which all prices change with that of one thing."""
    costs = [0.0] * len(program.columns)
    terms = program.rows[thing - len(costs)].terms if thing >= len(costs) else ((thing, 1.0),)
    for column, coefficient in terms:
        costs[column] -= coefficient
    return costs


def swapped(basis: Basis, leaving: int, bound: Seat, entering: int) -> Basis:
    """The basis after one step; a thing that goes from bound to bound leaves what is basic as it is."""
    seats = [*basis.columns, *basis.rows]
    seats[entering] = Seat.BASIC
    seats[leaving] = bound
    return Basis(tuple(seats[: len(basis.columns)]), tuple(seats[len(basis.columns) :]))


def things(program: Program, basis: Basis) -> Iterator[Thing]:
    """Every column, then every row."""
    columns = zip(basis.columns, program.lower, program.upper, strict=True)
    rows = ((seat, row.lower, row.upper) for seat, row in zip(basis.rows, program.rows, strict=True))
    yield from ((i, *thing) for i, thing in enumerate((*columns, *rows)))


def values(program: Program, x: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """The value of every thing: columns, then rows."""
    return (*x, *activities(program.rows, x))


def joined(both: tuple[tuple[Fraction, ...], tuple[Fraction, ...]]) -> tuple[Fraction, ...]:
    """Prices by thing: reduced costs of the columns, then prices of the rows."""
    y, d = both
    return (*d, *y)
