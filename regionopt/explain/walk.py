"""How the best vertex changes with one number of a program: exact pieces, from one breakpoint to the next.

The number may move bounds of any columns and rows, or the coefficients and bounds of one row. With t units of it

    τ = t / (1 + ω·t)         x = x₀ + τ·Δx         prices = d₀ + τ·Δd          ω = 0 where only bounds move

hold as long as every column and row keeps its bounds and no price turns: x and prices are then best. At the end of
a piece one step of the simplex method leads to the next. (Parametric programming: Gal & Nedoma 1972; a row that
changes: Sherman & Morrison 1950.)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, partial

from regionopt.explain.shift import Shift, opens, shifted
from regionopt.model.program import Seat
from regionopt.model.sums import ZERO, added, product
from regionopt.model.vectors import Common, Vector, vector
from regionopt.solve.simplex import ROUGH, Stop, blocking, entering, first_stop, stop_at
from regionopt.solve.vertex import Costs, Vertex

# Steps that lead nowhere, one after another, before a walk gives up: no case has needed ten.
STUCK = 1000


@dataclass(frozen=True)
class Piece:
    """From `start` to `end` units (None: without end) the basis of `vertex` is best: it stands on the program at
    `origin`, and moves by `move` for each τ that is counted from there. `limit` is the thing that ends the piece,
    `step` makes the vertex beyond, where there is one."""

    start: Fraction
    end: Fraction | None
    origin: Fraction
    vertex: Vertex
    move: Vector[int]
    bend: Fraction
    limit: int | None
    step: Callable[[], Vertex | None] = field(default=lambda: None, compare=False, repr=False)

    @cached_property
    def following(self) -> Vertex | None:
        """The vertex beyond, found when it is asked for: many who look at a piece need no more than the piece."""
        return self.step()

    @property
    def last(self) -> bool:
        """Whether there is no plan beyond the end."""
        return self.end is not None and self.following is None

    def at(self, units: Fraction) -> Common:
        """The value of every column at so many units, start ≤ units ≤ end."""
        columns = self.vertex.values[: len(self.vertex.program.columns)]
        return columns.after(self.tau(units), self.move)

    def tau(self, units: Fraction) -> Fraction:
        """How many moves there are to so many units."""
        way = units - self.origin
        return way / (1 + self.bend * way) if self.bend else way

    def slope(self, costs: Costs) -> Fraction:
        """How much these costs change with a unit, at the start."""
        return _slope(self.move, costs)


def _slope(move: Vector[int], costs: Costs) -> Fraction:
    moving = [j for j in move if j < len(costs) and costs[j]]
    return product([move[j] for j in moving], [costs[j] for j in moving])


def walk(vertex: Vertex, shift: Shift) -> Iterator[Piece]:
    """The pieces from the best vertex on, for 0 and more units. Pieces without length are left out."""
    done, origin, stuck = ZERO, ZERO, 0
    while stuck < STUCK:
        rates = _rates(vertex, shift)
        move, bend = rates.move, rates.bend
        stop = first_stop((*_stops(vertex, shift, move), *_turns(vertex, rates)))
        tau = None if stop is None else stop[0]
        if stop is None or tau is None or 1 - tau * bend <= 0:
            yield Piece(done, None, origin, vertex, move, bend, None)
            return
        end = origin + (tau / (1 - tau * bend) if bend else tau)
        beyond = partial(_beyond, vertex, shift, end - origin, stop[1:])
        piece = Piece(done, end, origin, vertex, move, bend, stop[1], beyond)
        if end > done or piece.following is None:
            yield piece
        if piece.following is None:
            return
        stuck = 0 if end > done else stuck + 1
        # The terms of the program are those at `origin`; so are its bounds.
        origin = origin if piece.following.program is vertex.program else end
        done, vertex = end, piece.following
    raise ArithmeticError("the walk goes in circles")


@dataclass(frozen=True)
class _Rates:
    """By τ: how much every thing moves and how it bends. Where a row changes that holds, the price of a thing j turns
    at each rank by  -(the row's own price) · turned[j]."""

    move: Vector[int]
    bend: Fraction = ZERO
    row: int | None = None
    turned: Common | None = None


def _rates(vertex: Vertex, shift: Shift) -> _Rates:
    by: dict[int, Fraction] = {}
    for seat, bounds in ((Seat.LOWER, shift.lower), (Seat.UPPER, shift.upper)):
        by |= {thing: change for thing, change in bounds.items() if vertex.seats[thing] is seat and change}
    if shift.row is None or not shift.terms:
        return _Rates(vertex.moved(by))
    thing, width = len(vertex.program.columns) + shift.row, len(vertex.program.columns)
    grown = sum((change * vertex.values[j] for j, change in shift.terms.items()), ZERO)
    if vertex.seats[thing] is Seat.BASIC:
        return _Rates(vector({thing: grown}))
    unit = vertex.moved({thing: Fraction(1)})
    bend = sum((change * unit[j] for j, change in shift.terms.items() if j in unit), ZERO)
    pull = by.get(thing, ZERO) - grown
    others = Vector({other: n for other, n in unit.whole.items() if other != thing}, unit.below)
    costs: list[float] = [shift.terms.get(j, ZERO) for j in range(width)]  # type: ignore[misc]
    return _Rates(others.times(pull), bend, thing, vertex.priced(costs))


def _stops(vertex: Vertex, shift: Shift, move: Vector[int]) -> Iterator[Stop]:
    """The bounds that basic things come to."""
    (lower, upper), basic = vertex.program.ends, Seat.BASIC
    sides = ((Seat.LOWER, -1, lower, shift.lower), (Seat.UPPER, 1, upper, shift.upper))
    for thing in {*move.whole, *shift.lower, *shift.upper}:
        if vertex.seats[thing] is basic:
            own = move.whole.get(thing, 0), move.below
            for seat, sign, bounds, changes in sides:
                if not math.isinf(bounds[thing]):
                    # The bound may move as well.
                    rate = added(own, (-changes[thing]).as_integer_ratio()) if thing in changes else own
                    if sign * rate[0] > 0:
                        yield stop_at(vertex, thing, seat, bounds[thing], rate)


def _turns(vertex: Vertex, rates: _Rates) -> Iterator[Stop]:
    """Where the price of something at a bound gets the wrong sign."""
    for thing in vertex.movable.tolist() if rates.turned else ():
        found = _turn(vertex, rates, thing)
        if found is not None:
            yield found


def _turn(vertex: Vertex, rates: _Rates, thing: int) -> Stop | None:
    """Where the price of one thing turns, at the first rank at which it has a price or gets one."""
    assert rates.row is not None
    assert rates.turned is not None
    seat, sign = vertex.seats[thing], -1 if vertex.seats[thing] is Seat.UPPER else 1
    for rank in range(len(vertex.ranks)):
        prices, turned = vertex.prices(rank), rates.turned
        pull = prices.whole[rates.row] * turned.whole[thing]
        if prices.whole[thing] or pull:
            if sign * pull <= 0:
                return None
            about = prices.near(thing) / (prices.near(rates.row) * turned.near(thing))
            off = ROUGH * abs(about)
            own = partial(Fraction, prices.whole[thing] * turned.below, pull)
            return Stop(about - off, about + off, thing, seat, own)
    return None


def slopes(vertex: Vertex, shift: Shift, costs: Sequence[Costs]) -> list[Fraction]:
    """What a unit of a number changes of each costs, at a vertex where nothing is at the edge."""
    move = _rates(vertex, shift).move
    return [_slope(move, cost) for cost in costs]


def _beyond(vertex: Vertex, shift: Shift, units: Fraction, stop: tuple[int, Seat]) -> Vertex | None:
    """The vertex beyond a piece that ends so many units from its origin; None when nothing is feasible there."""
    thing, seat = stop
    if units and (shift.terms or opens(vertex.program, shift, units)):
        vertex = vertex.on(shifted(vertex.program, shift, units))
    if vertex.seats[thing] is Seat.BASIC:
        taken = entering(vertex, thing, seat)
        return None if taken is None else vertex.swapped(thing, seat, taken)
    sign = Fraction(1 if seat is Seat.LOWER else -1)
    block = blocking(vertex, vertex.moved({thing: sign}), thing)
    return None if block is None else vertex.swapped(block[1], block[2], thing)
