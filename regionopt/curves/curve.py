"""Follows a vertex along one number, both ways, and keeps what is told of the plan: a curve of stretches.

On a stretch from `low` to `high` every number goes from its value at one end to its value at the other:

    part = (value - low) / (high - low)      way = part · (1 + bend) / (1 + bend · part)
    number = first + way · (last - first)

`bend` is 0 where only limits move: the numbers are then straight lines. Where the number stands in a coefficient (a
target that may be missed, a ratio) they bend, and where one stretch ends they may jump.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from regionopt.curves.told import Key, Told
from regionopt.explain.shift import Shift
from regionopt.explain.walk import Piece, walk
from regionopt.model.program import Seat
from regionopt.model.sums import ZERO
from regionopt.model.vectors import Vector, vector
from regionopt.solve.vertex import Vertex

# Two stretches whose numbers change alike, up to this part, are one: products of written numbers are rounded.
ALIKE = Fraction(1, 10**12)
# Rates that floats tell apart by more than this part are not alike.
APART = 1e-9


@dataclass(frozen=True)
class Stretch:
    """Part of a curve: the numbers that change on it, at both ends, and where every thing sits in the basis.

    `rate` is what each number changes by unit from one end to the other, where it does. `first` and `last` hold all
    numbers where `whole` is set, else only those that change on the stretch.
    """

    low: Fraction
    high: Fraction
    first: Mapping[Key, Fraction]
    last: Mapping[Key, Fraction]
    rate: Vector[Key]
    seats: tuple[Seat, ...]
    bend: Fraction = ZERO
    whole: bool = False

    def turned(self) -> Stretch:
        """The same, followed from the other end: a number that falls as the walk goes on."""
        bend = -self.bend / (1 + self.bend)
        rate = self.rate.negated()
        return replace(
            self, low=-self.high, high=-self.low, first=self.last, last=self.first, rate=rate, bend=bend
        )  # fmt: skip


@dataclass(frozen=True)
class Side:
    """A curve to one side: its stretches from the start on, and why it ends there: at the end of the range, because
    there is no plan beyond (`none`), or because more pieces were not wanted (`unseen`)."""

    stretches: tuple[Stretch, ...]
    ends: str


@dataclass(frozen=True)
class Curve:
    """A curve from left to right, all numbers where it was begun, and how it ends on both sides."""

    stretches: tuple[Stretch, ...]
    base: Mapping[Key, Fraction]
    left: str
    right: str


def both_ways(
    start: Vertex, shift: Shift, told: Told, at: Fraction, low: Fraction, high: Fraction, most: int
) -> Curve:
    """The curve between `low` and `high` from a vertex at `at`; at most so many pieces on each side."""
    width = len(start.program.columns)
    base = told.values(start.values[:width])
    right = _side(start, shift, told, (at, high), most)
    left = _side(start, shift.times(Fraction(-1)), told, (-at, -low), most)
    falling = [stretch.turned() for stretch in reversed(left.stretches)]
    # One point alone is a curve too: there is a plan, and nowhere to go.
    found = tuple(_merged([*falling, *right.stretches])) or (Stretch(at, at, {}, {}, Vector({}), start.seats),)
    return Curve(found, base, left.ends, right.ends)


def _side(start: Vertex, shift: Shift, told: Told, span: tuple[Fraction, Fraction], most: int) -> Side:
    """One side of a curve; a number that falls is counted as its negative."""
    at, end = span
    if end <= at:
        return Side((), "range")
    found: list[Stretch] = []
    stretch = _bow if shift.terms else _line
    for piece in walk(start, shift):
        if piece.end is not None and piece.end == piece.start:
            return Side(tuple(found), "none")
        if len(found) == most:
            return Side(tuple(found), "unseen")
        found.append(stretch(piece, told, at, end - at if piece.end is None else min(piece.end, end - at)))
        if found[-1].high == end:
            break
        if piece.last:
            return Side(tuple(found), "none")
    return Side(tuple(found), "range")


def _line(piece: Piece, told: Told, at: Fraction, stop: Fraction) -> Stretch:
    """A piece up to `stop` as a stretch, where nothing bends or jumps."""
    rate = told.moved(piece.move)
    here = told.at(rate, piece.vertex.values)
    first, last = (here.after(piece.tau(units), rate) for units in (piece.start, stop))
    return Stretch(at + piece.start, at + stop, first, last, rate, piece.vertex.seats)


def _bow(piece: Piece, told: Told, at: Fraction, stop: Fraction) -> Stretch:
    """The same where numbers may bend, or have jumped."""
    first, last = (told.values(piece.at(units)) for units in (piece.start, stop))
    # Nothing bends where nothing moves.
    bend = piece.bend * (stop - piece.start) if first != last else ZERO
    low, high = at + piece.start, at + stop
    return Stretch(low, high, first, last, _rate(low, high, first, last), piece.vertex.seats, bend, whole=True)


def _rate(low: Fraction, high: Fraction, first: Mapping[Key, Fraction], last: Mapping[Key, Fraction]) -> Vector[Key]:
    return vector({key: (last[key] - value) / (high - low) for key, value in first.items()})


def _merged(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """Neighbours on which every number goes on as before are one."""
    before: Stretch | None = None
    for stretch in stretches:
        joined = before and _joined(before, stretch)
        if before and not joined:
            yield before
        before = joined or stretch
    if before:
        yield before


def _joined(one: Stretch, other: Stretch) -> Stretch | None:
    """Both as one stretch, seated as the later one; None where something turns, bends or jumps between them."""
    if one.bend or other.bend:
        return _one_bow(one, other)
    keys = {**one.rate.whole, **other.rate.whole}
    if jumps(one, other) or not all(_alike(one.rate, other.rate, key) for key in keys):
        return None
    rate = _rate(one.low, other.high, one.first, other.last)
    return replace(other, low=one.low, first=one.first, rate=rate)


def _one_bow(one: Stretch, other: Stretch) -> Stretch | None:
    """Two parts of the same bow, where the walk began inside it."""
    if one.seats != other.seats or jumps(one, other) or one.low == one.high:
        return None
    bend = one.bend / (one.high - one.low) * (other.high - one.low)
    rate = _rate(one.low, other.high, one.first, other.last)
    return replace(other, low=one.low, first=one.first, rate=rate, bend=bend)


def _alike(one: Vector[Key], other: Vector[Key], key: Key) -> bool:
    near, beside = one.near(key), other.near(key)
    if abs(near - beside) > APART * max(abs(near), abs(beside)):
        return False
    if one.whole.get(key, 0) * other.below == other.whole.get(key, 0) * one.below:
        return True
    a, b = one.get(key, ZERO), other.get(key, ZERO)
    return abs(a - b) <= ALIKE * max(abs(a), abs(b))


def jumps(one: Stretch, other: Stretch) -> bool:
    """Whether a number jumps between two neighbours."""
    return one.whole and any(one.last[key] != value for key, value in other.first.items())


def changed_seats(one: Stretch, other: Stretch) -> Sequence[tuple[int, Seat, Seat]]:
    """The things that sit elsewhere on the next stretch, with where they sat and where they sit."""
    pairs = enumerate(zip(one.seats, other.seats, strict=True))
    return [(thing, was, now) for thing, (was, now) in pairs if was is not now]
