"""Leads a basis whose prices rounding left just beyond zero to an optimal one, in exact fractions.

A solver calls a plan optimal within a tolerance; where many plans are nearly equal (the same programme in one year
or in another) the prices of its basis can have the wrong sign by that little. Steps of the primal simplex method
(the first wrong price enters, the first that blocks leaves: Bland's rule, which never circles) end at exact prices.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from regionopt.exact import Seated, corner, prices
from regionopt.factor import ZERO, Vector
from regionopt.program import Basis, Program, Seat
from regionopt.repair import joined, swapped, things, values

# A solver's basis is some steps away; where it is not, its certificate says so.
STEPS = 300


def improved(program: Program, costs: Sequence[float], basis: Basis) -> Basis:
    """The optimal basis on the way of the primal simplex method from a feasible one, if it is near."""
    for _ in range(STEPS):
        entering = _first_wrong(program, costs, basis)
        if entering is None:
            return basis
        move = _direction(program, basis, *entering)
        at = values(program, corner(program, costs, basis).x)
        blocking = min(_blocking(program, basis, at, move, entering[0]), default=None)
        if blocking is None:
            return basis
        _, leaving, bound = blocking
        basis = swapped(basis, leaving, bound, entering[0])
    return basis


def _first_wrong(program: Program, costs: Sequence[float], basis: Basis) -> tuple[int, int] | None:
    """The first thing that lowers the costs when it leaves its bound, and the direction in which it goes."""
    price = joined(prices(program, costs, basis))
    for thing, seat, low, high in things(program, basis):
        if seat is Seat.BASIC or low == high or not price[thing]:
            continue
        up = price[thing] < 0
        if seat is Seat.FREE or up == (seat is Seat.LOWER):
            return thing, 1 if up else -1
    return None


def _direction(program: Program, basis: Basis, entering: int, sign: int) -> Vector:
    """How much every thing moves when the entering one moves by one."""
    width, right = len(program.columns), dict[int, Fraction]()
    moved: Vector = {entering: Fraction(sign)} if entering < width else {}
    seated = Seated(program, basis)
    for i in seated.tight:
        own = Fraction(sign) if width + i == entering else ZERO
        right[i] = own - sum((Fraction(a) * moved[j] for j, a in program.rows[i].terms if j in moved), ZERO)
    moved.update(seated.factor.solve(right))
    for i, row in enumerate(program.rows):
        moved[width + i] = sum((Fraction(a) * moved[j] for j, a in row.terms if moved.get(j)), Fraction(0))
    return moved


def _blocking(
    program: Program, basis: Basis, at: Sequence[Fraction], move: Vector, entering: int
) -> Iterator[tuple[Fraction, int, Seat]]:
    """What stops the move: how far it goes, the thing, and the bound it reaches."""
    for thing, seat, low, high in things(program, basis):
        step = move.get(thing)
        if step and (seat is Seat.BASIC or thing == entering):
            bound = high if step > 0 else low
            if not math.isinf(bound):
                yield (Fraction(bound) - at[thing]) / step, thing, Seat.UPPER if step > 0 else Seat.LOWER
