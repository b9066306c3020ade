"""What one more unit of each limit and target changes: of every stage, of national output and jobs.

Read off the exact pieces of `walk`, to the left and to the right of the number as it is, each with the value up to
which it holds and what follows there. Never a solver's dual: where several are right, those of two solvers differ.
Where a number stands in a coefficient (a target that may be missed, a ratio) the change bends: it is told at the
number as it is, with the range in which the same limits bind. A number that stands in several rows (a national
target) is told as `together` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from regionopt.common.decimals import digits, stage_unit
from regionopt.doctor.levers import Lever
from regionopt.explain.quantities import Quantity
from regionopt.explain.shift import Shift
from regionopt.explain.together import FIRST, changes, holds, parts_of, smooth
from regionopt.explain.walk import Piece, walk
from regionopt.model.program import Program
from regionopt.solve.vertex import Vertex

# Pieces that are looked at on each side; a change that holds for more is told to hold at least as far.
PIECES = 24
# Changes that differ by less than this part are one: products of written numbers are rounded.
SAME = Fraction(1, 10**9)


@dataclass(frozen=True)
class Side:
    """One direction: the change per unit (None: there is no plan that way), the value of the number up to which it
    holds (None: without end), and the change from there on. `ends`: beyond it there is no plan. `seen`: that far it
    was looked at, and it may hold further. `bends`: the change is not the same on the way; it is that at
    the start."""

    change: Fraction | None
    until: Fraction | None = None
    then: Fraction | None = None
    ends: bool = False
    seen: bool = False
    bends: bool = False

    @property
    def end(self) -> str:
        """What is beyond `until`, as a word of `prices.csv`."""
        return "none" if self.change is None else "no_plan" if self.ends else "at_least" if self.seen else ""


@dataclass(frozen=True)
class Price:
    """What one more unit of a number changes of a quantity, below and above its value."""

    lever: Lever
    quantity: Quantity
    left: Side
    right: Side

    @property
    def counts(self) -> bool:
        """Whether the quantity changes at all."""
        return bool(self.left.change or self.right.change)


def prices(vertex: Vertex, levers: Sequence[Lever], quantities: Sequence[Quantity]) -> Iterator[Price]:
    """The price of every number whose change can be followed, in every quantity."""
    for lever in levers:
        parts = parts_of(vertex.program, lever.effect)
        if len(parts) == 1:
            left, right = (_sides(vertex, lever, parts[0], quantities, sign) for sign in (-1, 1))
        elif parts and smooth(vertex):
            changed = changes(vertex, parts, quantities)
            left, right = (_together(vertex, lever, parts, changed, sign) for sign in (-1, 1))
        else:
            continue
        for quantity, below, above in zip(quantities, left, right, strict=True):
            yield Price(lever, quantity, below, above)


def price_rows(found: Iterable[Price], currency: str) -> Iterator[dict[str, object]]:
    """The table `prices.csv`: a row a number and quantity; changes are per unit more of the number, on both sides.

    `…_end`: `no_plan` where there is no plan beyond, `none` where there is none that way at all, `at_least` where
    the change may hold further than was looked.
    """
    for price in found:
        row: dict[str, object] = {
            "path": price.lever.path,
            "now": price.lever.value,
            "unit": price.lever.unit,
            "quantity": price.quantity.name,
            "quantity_unit": stage_unit(price.quantity.name, currency),
        }
        for name, side in (("left", price.left), ("right", price.right)):
            row[name] = digits(side.change)
            row[f"{name}_until"] = digits(side.until)
            row[f"{name}_then"] = digits(side.then)
            row[f"{name}_end"] = side.end
        yield row


def shift_of(program: Program, lever: Lever) -> Shift | None:
    """What a unit of a number changes, as exact fractions; None where coefficients of several rows change."""
    parts = parts_of(program, lever.effect)
    return parts[0] if len(parts) == 1 else None


def _together(
    vertex: Vertex, lever: Lever, parts: Sequence[Shift], changed: Sequence[Fraction], sign: int
) -> list[Side]:
    """One direction of a number that stands in several rows, by quantity."""
    size, room = Fraction(lever.scale), _room(lever, sign)
    until = _there(lever, sign, holds(vertex, parts, sign * FIRST * size, size if room is None else min(size, room)))
    return [Side(change, until, seen=True, bends=True) for change in changed]


def _sides(vertex: Vertex, lever: Lever, shift: Shift, quantities: Sequence[Quantity], sign: int) -> list[Side]:
    """One direction of a number, by quantity, as far as the case file allows."""
    room = _room(lever, sign)
    pieces: list[_Sloped] = []
    for piece in islice(walk(vertex, shift.times(Fraction(sign))), PIECES):
        if room is not None and piece.start >= room and pieces:
            break
        pieces.append(_Sloped(piece, tuple(sign * q.sense * piece.slope(q.costs) for q in quantities)))
        if all(not _alike(pieces[0], pieces[-1], k) for k in range(len(quantities))):
            break
    return [_side(lever, pieces, k, sign, room) for k in range(len(quantities))]


@dataclass(frozen=True)
class _Sloped:
    """A piece, and the change of each quantity per unit more of the number."""

    piece: Piece
    changes: tuple[Fraction, ...]


def _room(lever: Lever, sign: int) -> Fraction | None:
    """How far a number may go by the rules of the case file."""
    bound = lever.allowed.maximum if sign > 0 else lever.allowed.minimum
    return None if abs(bound) == float("inf") else abs(Fraction(bound) - Fraction(lever.value))


def _alike(one: _Sloped, other: _Sloped, k: int) -> bool:
    a, b = one.changes[k], other.changes[k]
    return one is other or (not one.piece.bend and abs(a - b) <= SAME * max(abs(a), abs(b)))


def _side(lever: Lever, pieces: Sequence[_Sloped], k: int, sign: int, room: Fraction | None) -> Side:
    first, last, bends = pieces[0], pieces[-1].piece, bool(pieces[0].piece.bend)
    if first.piece.last and not first.piece.end:
        return Side(None)
    after = next((other for other in pieces if not _alike(first, other, k)), None)
    if after is not None:
        none = after.piece.last and after.piece.end == after.piece.start
        then, until = None if none else after.changes[k], _there(lever, sign, after.piece.start)
        return Side(first.changes[k], until, then, none, bends=bends)
    if last.end is None or (room is not None and last.end >= room):
        return Side(first.changes[k], bends=bends)
    return Side(first.changes[k], _there(lever, sign, last.end), ends=last.last, seen=not last.last, bends=bends)


def _there(lever: Lever, sign: int, units: Fraction) -> Fraction:
    return Fraction(lever.value) + sign * units
