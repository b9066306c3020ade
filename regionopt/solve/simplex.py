"""Steps of the simplex method from vertex to vertex, costs in order of rank.

Bland's rule (the first wrong thing enters, the first that blocks leaves) never circles. What is compared is compared
as `forms` do: in floats where these decide, else in fractions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import partial
from typing import NamedTuple

import numpy as np

from regionopt.model.matrix import Ints
from regionopt.model.program import Seat
from regionopt.model.sums import Ratio, beyond
from regionopt.model.vectors import Vector
from regionopt.proof.forms import least_ratio
from regionopt.solve.vertex import Vertex

# How far off a quotient of floats can be, with room to spare: a difference of two numbers by so much of them.
ROUGH = 1e-13


def first_outside(vertex: Vertex) -> tuple[int, Seat] | None:
    """The first basic thing outside its bounds, and the bound it goes back to."""
    whole, below = vertex.values.whole, vertex.values.below
    for thing, (seat, (low, high)) in enumerate(zip(vertex.seats, vertex.bounds, strict=True)):
        if seat is Seat.BASIC:
            value = whole[thing], below
            if beyond(value, low) < 0:
                return thing, Seat.LOWER
            if beyond(value, high) > 0:
                return thing, Seat.UPPER
    return None


def entering(vertex: Vertex, leaving: int, bound: Seat) -> int | None:
    """What takes the place of a basic thing that stops at `bound`, at the least cost; None when nothing can.

    Among things that cost the same at one rank, the next rank decides; the first of those that are equal at all.
    """
    rate, sign = vertex.rate(leaving), 1 if bound is Seat.LOWER else -1
    able = vertex.movable[_helps(vertex.basis.seats[vertex.movable], sign * rate.signs(vertex.movable))]
    for rank in range(len(vertex.ranks)):
        if len(able) < 2:
            break
        able = least_ratio(vertex.form(rank), rate, able, vertex.signs(rank, able), sign if rank else 0)
    return int(able[0]) if len(able) else None


def _helps(seats: Ints, rates: Ints) -> Ints:
    """Whether things may leave their bounds in the direction in which they raise (rate > 0) what is wanted."""
    found: Ints = np.where(seats == Seat.LOWER, rates > 0, np.where(seats == Seat.UPPER, rates < 0, rates != 0))
    return found


def first_wrong(vertex: Vertex) -> tuple[int, int] | None:
    """The first thing that lowers the costs when it leaves its bound, and the direction in which it goes."""
    wrong, left = list[tuple[int, int]](), vertex.movable
    for rank in range(len(vertex.ranks)):
        if not len(left):
            break
        signs, seats = vertex.signs(rank, left), vertex.basis.seats[left]
        pays = (signs != 0) & ((seats == Seat.FREE) | ((signs < 0) == (seats == Seat.LOWER)))
        wrong += [(int(thing), -int(sign)) for thing, sign in zip(left[pays], signs[pays], strict=True)]
        left = left[signs == 0]
    return min(wrong, default=None)


class Stop(NamedTuple):
    """Where something reaches a bound or turns: the least and the most that floats say, and how far exactly."""

    least: float
    most: float
    thing: int
    seat: Seat
    far: Callable[[], Fraction]


def stop_at(vertex: Vertex, thing: int, seat: Seat, bound: float, rate: Ratio) -> Stop:
    """Where a thing that moves by `rate` reaches a bound."""
    values, (n, below) = vertex.values, rate
    size, low, high = n / below, float(bound), values.near(thing)
    about = (low - high) / size
    off = ROUGH * (abs(about) + (abs(low) + abs(high)) / abs(size))
    return Stop(
        about - off, about + off, thing, seat, partial(_far, (values.whole[thing], values.below), bound, rate)
    )


def _far(value: Ratio, bound: float, rate: Ratio) -> Fraction:
    """How far it is from a value to a bound."""
    (n, below), (m, beside), (step, under) = value, bound.as_integer_ratio(), rate
    return Fraction((m * below - n * beside) * under, below * beside * step)


def first_stop(stops: Iterable[Stop]) -> tuple[Fraction, int, Seat] | None:
    """The first of them: how far it is, the thing, and its seat. Floats are enough to see what is farther."""
    found = list(stops)
    most = min((stop.most for stop in found), default=0.0)
    return min(((stop.far(), stop.thing, stop.seat) for stop in found if stop.least <= most), default=None)


def blocking(vertex: Vertex, move: Vector[int], entering: int) -> tuple[Fraction, int, Seat] | None:
    """What stops a move first: how far it goes, the thing, and the bound it reaches; None when nothing does."""
    return first_stop(_stops(vertex, move, entering))


def _stops(vertex: Vertex, move: Vector[int], entering: int) -> Iterator[Stop]:
    for thing, step in move.whole.items():
        if vertex.seats[thing] is Seat.BASIC or thing == entering:
            seat = Seat.UPPER if step > 0 else Seat.LOWER
            bound = vertex.bound(thing, seat)
            if not math.isinf(bound):
                yield stop_at(vertex, thing, seat, bound, (step, move.below))
