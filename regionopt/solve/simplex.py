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

from regionopt.model.program import Basis, Program, Seat
from regionopt.model.sums import activities
from regionopt.proof.exact import Seated
from regionopt.proof.factor import ZERO, Vector

Costs = Sequence[float]

# What differs by more than this part differs in floats as in fractions.
NEAR = 1e-9


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
    _prices: dict[int, tuple[Fraction, ...]] = field(default_factory=dict, compare=False)

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

    def prices(self, rank: int) -> tuple[Fraction, ...]:
        """What a unit of every thing costs at a rank: reduced costs of columns, prices of rows; 0 for basic ones."""
        if rank not in self._prices:
            found = self.priced(self.ranks[rank])
            if self.least:
                least = zip(found, self.least[rank], strict=True)
                found = tuple(price if not price or abs(float(price)) > small else ZERO for price, small in least)
            self._prices[rank] = found
        return self._prices[rank]

    def made_of(self, thing: int) -> tuple[Fraction, ...]:
        """How much a basic thing moves with each thing at a bound."""
        width = len(self.program.columns)
        terms = self.program.rows[thing - width].terms if thing >= width else ((thing, 1.0),)
        unit = [0.0] * width
        for column, coefficient in terms:
            unit[column] += coefficient
        return self.priced(unit)

    def priced(self, costs: Costs) -> tuple[Fraction, ...]:
        """What a unit of every thing costs at these costs."""
        y, d = self.seated.prices(costs)
        return (*d, *y)

    def moved(self, by: Mapping[int, Fraction]) -> Vector:
        """How much every thing moves when things at a bound do; what does not move is left out."""
        width, rows = len(self.program.columns), self.program.rows
        found: Vector = {thing: step for thing, step in by.items() if thing < width and step}
        right = {i: by.get(width + i, ZERO) - _sum(rows[i].terms, found) for i in self.seated.tight}
        found |= self.seated.factor.solve(right)
        for i, row in enumerate(rows):
            if step := _sum(row.terms, found):
                found[width + i] = step
        return found

    def swapped(self, leaving: int, bound: Seat, entering: int) -> Vertex:
        """The vertex after one step; a thing that goes from bound to bound leaves what is basic as it is."""
        seats, width = list(self.seats), len(self.program.columns)
        seats[entering] = Seat.BASIC
        seats[leaving] = bound
        basis = Basis(tuple(seats[:width]), tuple(seats[width:]))
        return replace(self, basis=basis, _prices={})

    def on(self, program: Program) -> Vertex:
        """The same basis on another program of the same shape."""
        return replace(self, program=program, _prices={})


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
    able = [thing for thing in vertex.movable if _helps(vertex.seats[thing], sign * rate[thing])]
    return _least(able, lambda rank, thing: (sign * vertex.prices(rank)[thing], rate[thing]), len(vertex.ranks))


def _helps(seat: Seat, rate: Fraction) -> bool:
    """Whether something may leave its bound in the direction in which it raises (rate > 0) what is wanted."""
    return rate > 0 if seat is Seat.LOWER else rate < 0 if seat is Seat.UPPER else bool(rate)


def _least(things: list[int], cost: Callable[[int, int], tuple[Fraction, Fraction]], ranks: int) -> int | None:
    """The thing of least cost (a fraction of two), rank by rank; the first of those that are equal at all."""
    for rank in range(ranks):
        if len(things) < 2:
            break
        parts = [cost(rank, thing) for thing in things]
        if rank == 0:
            parts = [(abs(price), abs(rate)) for price, rate in parts]
        # Floats are enough to see what is far from the least.
        rough = [float(price) / float(rate) for price, rate in parts]
        most = min(rough) + NEAR * abs(min(rough))
        near = [k for k, value in enumerate(rough) if value <= most]
        exact = {k: parts[k][0] / parts[k][1] for k in near}
        least = min(exact.values())
        things = [things[k] for k in near if exact[k] == least]
    return things[0] if things else None


def first_wrong(vertex: Vertex) -> tuple[int, int] | None:
    """The first thing that lowers the costs when it leaves its bound, and the direction in which it goes."""
    wrong, open_things = [], list(vertex.movable)
    for rank in range(len(vertex.ranks)):
        if not open_things:
            break
        price = vertex.prices(rank)
        for thing in open_things:
            seat, up = vertex.seats[thing], price[thing] < 0
            if price[thing] and (seat is Seat.FREE or up == (seat is Seat.LOWER)):
                wrong.append((thing, 1 if up else -1))
        open_things = [thing for thing in open_things if not price[thing]]
    return min(wrong, default=None)


def blocking(vertex: Vertex, move: Mapping[int, Fraction], entering: int) -> tuple[Fraction, int, Seat] | None:
    """What stops a move first: how far it goes, the thing, and the bound it reaches; None when nothing does."""
    stops = ((step, thing, seat) for step, thing, seat in _stops(vertex, move, entering))
    return min(stops, default=None)


def _stops(vertex: Vertex, move: Mapping[int, Fraction], entering: int) -> Iterator[tuple[Fraction, int, Seat]]:
    for thing, step in move.items():
        if vertex.seats[thing] is Seat.BASIC or thing == entering:
            bound = vertex.bounds[thing][1 if step > 0 else 0]
            if not math.isinf(bound):
                yield (Fraction(bound) - vertex.values[thing]) / step, thing, Seat.UPPER if step > 0 else Seat.LOWER


def _sum(terms: Iterable[tuple[int, float]], x: Mapping[int, Fraction]) -> Fraction:
    return sum((Fraction(a) * x[j] for j, a in terms if j in x), ZERO)
