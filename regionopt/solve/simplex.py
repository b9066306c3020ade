"""Steps of the simplex method in exact fractions, for costs in order of rank.

A vertex is a basis of a program together with costs of which the first that differ decide (Isermann 1982, linear
lexicographic optimization). A column or a row is a *thing*: columns first, then rows; a row's value is its activity.
Bland's rule (the first wrong thing enters, the first that blocks leaves) never circles.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from regionopt.model.program import Basis, Program, Seat
from regionopt.model.sums import Common, activities, drawn
from regionopt.proof.exact import Seated
from regionopt.proof.factor import ZERO, Vector

Costs = Sequence[float]

# What differs by more than this part differs in floats as in fractions.
NEAR = 1e-9
# How far off a quotient of floats can be, with room to spare: a difference of two numbers by so much of them.
ROUGH = 1e-13


@dataclass(frozen=True)
class Vertex:
    """A basis of `program`, and the costs that are minimised, in order of rank.

    `least` is the least price of every thing that counts at each rank: what is smaller is rounding. Where it is not
    given every price counts.
    """

    program: Program
    ranks: tuple[Costs, ...]
    basis: Basis
    least: tuple[tuple[float, ...], ...] = ()
    _prices: dict[int, Common] = field(default_factory=dict, compare=False)

    @cached_property
    def seated(self) -> Seated:
        """The basis with its equations eliminated."""
        return Seated(self.program, self.basis)

    @cached_property
    def values(self) -> tuple[Fraction, ...]:
        """The value of every thing. Raises ArithmeticError when the basis is singular."""
        x = self.seated.primal()
        return (*x, *activities(self.program.rows, x))

    @cached_property
    def seats(self) -> tuple[Seat, ...]:
        """The seat of every thing."""
        return (*self.basis.columns, *self.basis.rows)

    @cached_property
    def bounds(self) -> tuple[tuple[float, float], ...]:
        """Lower and upper bound of every thing."""
        columns = zip(self.program.lower, self.program.upper, strict=True)
        return (*columns, *((row.lower, row.upper) for row in self.program.rows))

    @cached_property
    def movable(self) -> tuple[int, ...]:
        """The things that sit at a bound and could leave it."""
        things = enumerate(zip(self.seats, self.bounds, strict=True))
        return tuple(i for i, (seat, (low, high)) in things if seat is not Seat.BASIC and low < high)

    def prices(self, rank: int) -> Common:
        """What a unit of every thing costs at a rank: reduced costs of columns, prices of rows; 0 for basic ones."""
        if rank not in self._prices:
            found = self.priced(self.ranks[rank])
            self._prices[rank] = _without(found, self.least[rank]) if self.least else found
        return self._prices[rank]

    def made_of(self, thing: int) -> Common:
        """How much a basic thing moves with each thing at a bound."""
        width = len(self.program.columns)
        terms = self.program.rows[thing - width].terms if thing >= width else ((thing, 1.0),)
        unit = [0.0] * width
        for column, coefficient in terms:
            unit[column] += coefficient
        return self.priced(unit)

    def priced(self, costs: Costs) -> Common:
        """What a unit of every thing costs at these costs."""
        return self.seated.priced(costs)

    def moved(self, by: Mapping[int, Fraction]) -> Vector:
        """How much every thing moves when things at a bound do; what does not move is left out."""
        width, rows = len(self.program.columns), self.program.rows
        x = [by.get(j, ZERO) for j in range(width)]
        tight = self.seated.tight
        fixed = drawn([rows[i] for i in tight], x) if any(x) else [ZERO] * len(tight)
        right = {i: by.get(width + i, ZERO) - own for i, own in zip(tight, fixed, strict=True)}
        for column, step in self.seated.solved(right).items():
            x[column] = step
        return {thing: step for thing, step in enumerate((*x, *drawn(rows, x))) if step}

    def swapped(self, leaving: int, bound: Seat, entering: int) -> Vertex:
        """The vertex after one step; a thing that goes from bound to bound leaves what is basic as it is."""
        seats, width = list(self.seats), len(self.program.columns)
        seats[entering] = Seat.BASIC
        seats[leaving] = bound
        basis = Basis(tuple(seats[:width]), tuple(seats[width:]))
        return replace(self, basis=basis, _prices={})

    def on(self, program: Program) -> Vertex:
        """The same basis on another program of the same shape. Where only bounds differ the prices are the same."""
        seated = self.seated.on(program)
        there = replace(self, program=program, _prices=self._prices if "factor" in seated.__dict__ else {})
        there.__dict__["seated"] = seated
        return there


def _without(prices: Common, least: Sequence[float]) -> Common:
    """The prices without those that are rounding."""
    whole = (n if not n or abs(n / prices.below) > small else 0 for n, small in zip(prices.whole, least, strict=True))
    return Common(tuple(whole), prices.below)


def first_outside(vertex: Vertex) -> tuple[int, Seat] | None:
    """The first basic thing outside its bounds, and the bound it goes back to."""
    for thing, (seat, (low, high)) in enumerate(zip(vertex.seats, vertex.bounds, strict=True)):
        if seat is Seat.BASIC:
            value = vertex.values[thing]
            if value < low:
                return thing, Seat.LOWER
            if value > high:
                return thing, Seat.UPPER
    return None


def entering(vertex: Vertex, leaving: int, bound: Seat) -> int | None:
    """What takes the place of a basic thing that stops at `bound`, at the least cost; None when nothing can.

    Among things that cost the same at one rank, the next rank decides.
    """
    rate, sign = vertex.made_of(leaving), 1 if bound is Seat.LOWER else -1
    able = [thing for thing in vertex.movable if _helps(vertex.seats[thing], sign * rate.whole[thing])]
    for rank in range(len(vertex.ranks)):
        if len(able) < 2:
            break
        able = _cheapest(able, vertex.prices(rank), rate, 0 if rank == 0 else sign)
    return able[0] if able else None


def _helps(seat: Seat, rate: int) -> bool:
    """Whether something may leave its bound in the direction in which it raises (rate > 0) what is wanted."""
    return rate > 0 if seat is Seat.LOWER else rate < 0 if seat is Seat.UPPER else bool(rate)


def _cheapest(things: list[int], prices: Common, rate: Common, sign: int) -> list[int]:
    """The things of least price by rate, all that are equal; for sign 0 sizes count."""
    # Floats are enough to see what is far from the least.
    rough = [(sign or 1) * prices.near(thing) / rate.near(thing) for thing in things]
    rough = rough if sign else list(map(abs, rough))
    most = min(rough) + NEAR * abs(min(rough))
    exact = {
        thing: Fraction((sign or 1) * prices.whole[thing], rate.whole[thing])
        for thing, value in zip(things, rough, strict=True)
        if value <= most
    }
    told = exact if sign else {thing: abs(value) for thing, value in exact.items()}
    least = min(told.values())
    return [thing for thing, value in told.items() if value == least]


def first_wrong(vertex: Vertex) -> tuple[int, int] | None:
    """The first thing that lowers the costs when it leaves its bound, and the direction in which it goes."""
    wrong, open_things = [], list(vertex.movable)
    for rank in range(len(vertex.ranks)):
        if not open_things:
            break
        price = vertex.prices(rank).whole
        for thing in open_things:
            seat, up = vertex.seats[thing], price[thing] < 0
            if price[thing] and (seat is Seat.FREE or up == (seat is Seat.LOWER)):
                wrong.append((thing, 1 if up else -1))
        open_things = [thing for thing in open_things if not price[thing]]
    return min(wrong, default=None)


class Stop(NamedTuple):
    """Where something reaches a bound or turns: the least and the most that floats say, and how far exactly."""

    least: float
    most: float
    thing: int
    seat: Seat
    far: Callable[[], Fraction]


def stop_at(vertex: Vertex, thing: int, seat: Seat, bound: float, rate: Fraction) -> Stop:
    """Where a thing that moves by `rate` reaches a bound."""
    value = vertex.values[thing]
    size, low, high = float(rate), float(bound), float(value)
    about = (low - high) / size
    off = ROUGH * (abs(about) + (abs(low) + abs(high)) / abs(size))
    return Stop(about - off, about + off, thing, seat, lambda: (Fraction(bound) - value) / rate)


def first_stop(stops: Iterable[Stop]) -> tuple[Fraction, int, Seat] | None:
    """The first of them: how far it is, the thing, and its seat. Floats are enough to see what is farther."""
    found = list(stops)
    most = min((stop.most for stop in found), default=0.0)
    return min(((stop.far(), stop.thing, stop.seat) for stop in found if stop.least <= most), default=None)


def blocking(vertex: Vertex, move: Mapping[int, Fraction], entering: int) -> tuple[Fraction, int, Seat] | None:
    """What stops a move first: how far it goes, the thing, and the bound it reaches; None when nothing does."""
    return first_stop(_stops(vertex, move, entering))


def _stops(vertex: Vertex, move: Mapping[int, Fraction], entering: int) -> Iterator[Stop]:
    for thing, step in move.items():
        if vertex.seats[thing] is Seat.BASIC or thing == entering:
            seat = Seat.UPPER if step > 0 else Seat.LOWER
            bound = vertex.bounds[thing][seat is Seat.UPPER]
            if not math.isinf(bound):
                yield stop_at(vertex, thing, seat, bound, step)
