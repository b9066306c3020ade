"""A number that stands in coefficients of several rows: a national target, which moves every region's.

Such a number cannot be followed in exact pieces: with every further row the plan is a quotient of higher degree. But
at a vertex where nothing is at the edge (no basic thing at a bound, no other thing without a price) the plan is
smooth, and the change is the sum of what each row alone changes. How far the same limits bind is tried out in
floating point, farther and farther (`rough`); the end that is told is checked in exact fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce

from regionopt.doctor.levers import Effect
from regionopt.explain.quantities import Quantity
from regionopt.explain.rough import rough
from regionopt.explain.shift import Shift, shifted
from regionopt.explain.walk import slopes
from regionopt.model.program import Program, Seat
from regionopt.model.sums import ZERO
from regionopt.solve.simplex import first_outside, first_wrong
from regionopt.solve.vertex import Vertex

# The first distance that is tried, in parts of the number; doubled while the same limits bind, then halved so often.
FIRST = Fraction(1, 1024)
HALVINGS = 6
# Nothing is told to hold for less than this part of the first distance.
LEAST = 1000
# What is left of a sum by the rounding of written numbers.
NOISE = Fraction(1, 10**11)


def parts_of(program: Program, effect: Effect | None) -> tuple[Shift, ...]:
    """What a unit of a number changes, as exact fractions: one part for each row whose coefficients change, and one
    for all other bounds."""
    if effect is None:
        return ()
    width = len(program.columns)
    moves = {**effect.columns, **{width + i: bounds for i, bounds in effect.rows.items()}}
    lower, upper = ({t: Fraction(m[side]) for t, m in moves.items() if m[side]} for side in (0, 1))
    parts = []
    for i, terms in effect.terms.items():
        low, high = ({width + i: side.pop(width + i)} if width + i in side else {} for side in (lower, upper))
        parts.append(Shift(low, high, i, {j: Fraction(change) for j, change in terms}))
    return (*parts, Shift(lower, upper)) if lower or upper or not parts else tuple(parts)


def smooth(vertex: Vertex) -> bool:
    """Whether nothing is at the edge: the same limits bind after any small change."""
    inside = all(
        vertex.values[thing] not in vertex.bounds[thing]
        for thing, seat in enumerate(vertex.seats)
        if seat is Seat.BASIC
    )
    return inside and all(any(vertex.prices(k)[t] for k in range(len(vertex.ranks))) for t in vertex.movable.tolist())


def changes(vertex: Vertex, parts: Sequence[Shift], quantities: Sequence[Quantity]) -> list[Fraction]:
    """What a unit more changes of each quantity, at a smooth vertex."""
    each = [slopes(vertex, part, [quantity.costs for quantity in quantities]) for part in parts]
    return [quantity.sense * _sum(terms) for quantity, terms in zip(quantities, zip(*each, strict=True), strict=True)]


def _sum(terms: Sequence[Fraction]) -> Fraction:
    total = sum(terms, ZERO)
    return total if abs(total) > NOISE * max(map(abs, terms), default=ZERO) else ZERO


def holds(vertex: Vertex, parts: Sequence[Shift], step: Fraction, room: Fraction) -> Fraction:
    """How many units, at least, the same limits bind: `step` is the first try, signed; `room` the most that is
    looked at."""
    guess, near, far = rough(vertex, parts), ZERO, step
    while abs(far) < room and guess.best(float(far)):
        near, far = far, 2 * far
    for _ in range(HALVINGS):
        between = (near + far) / 2
        if abs(between) <= room and guess.best(float(between)):
            near = between
        else:
            far = between
    while near and not _best(vertex, parts, near):
        near = near / 2 if abs(near) > abs(step) / LEAST else ZERO
    return abs(near)


def _best(vertex: Vertex, parts: Sequence[Shift], units: Fraction) -> bool:
    """Whether the vertex is still best, so many units on."""
    program = reduce(lambda made, part: shifted(made, part, units), parts, vertex.program)
    try:
        there = vertex.on(program)
        return first_outside(there) is None and first_wrong(there) is None
    except ArithmeticError:  # the same things no longer make a vertex
        return False
