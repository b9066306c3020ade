"""Why a curve turns: what starts or stops to bind at each breakpoint, as the number rises.

full, emptied, rests        a tranche has all its width, nothing any more, or stops to move
begins, drains, moves       a tranche begins to be funded, to give money up, or to move
binds, loosens              a limit of the case starts or stops to bind
met, missed                 a target is met from here on, or no longer
worst, recovers             a target joins those that are furthest from being met, or leaves them
reference                   a region reaches its part of the reference plan, or leaves it
joins_highest, leaves_highest  a region joins or leaves those with the most money per resident
joins_lowest, leaves_lowest    the same of those with the least
pair                        two regions have the same money per resident, from here on or no longer
jumps                       the plan jumps
kink                        something else: the row or column whose part it is
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from regionopt.case.limits import Limit, of_row
from regionopt.curves.breakpoints import Frontier
from regionopt.curves.curve import ALIKE, Stretch, changed_seats, jumps
from regionopt.curves.spread import Spread
from regionopt.curves.told import tranche_name
from regionopt.model.program import Seat

# What happens to regions beside what they are given.
PLACES = ("reference", "joins_highest", "leaves_highest", "joins_lowest", "leaves_lowest", "pair")


@dataclass(frozen=True)
class Turn:
    """One thing that happens: to a tranche (`region.programme.k`), a row of the program, or nothing (`jumps`)."""

    event: str
    name: str = ""


def turns(found: Frontier) -> tuple[tuple[Turn, ...], ...]:
    """What happens at each breakpoint, those where the curve begins and ends included (mostly nothing)."""
    if not found.points:
        return ()
    stretches, widths, spread = found.curve.stretches, _widths(found), Spread.of(found.program)
    at_value = Counter(point.at for point in found.points)
    told: list[tuple[Turn, ...]] = [()]
    for one, other in pairwise(stretch for stretch in stretches if stretch.low < stretch.high):
        rows = [*_rows(found, one, other), *(Turn(*turn) for turn in spread.turns(one, other))]
        happens = tuple(dict.fromkeys(_between(found, one, other, rows, widths)))
        if jumps(one, other):
            told += [()] * (at_value[other.low] - 1) + [(Turn("jumps"), *happens)]
        else:
            told.append(happens)
    return (*told, ()) if len(found.points) > 1 else tuple(told)


def _widths(found: Frontier) -> Mapping[str, Fraction]:
    return {tranche_name(t): Fraction(t.width) for t in found.case.instance.tranches}


def _between(
    found: Frontier, one: Stretch, other: Stretch, rows: Sequence[Turn], widths: Mapping[str, Fraction]
) -> Iterator[Turn]:
    tranches = list(_tranches(one, other, widths))
    yield from (turn for turn in rows if turn.event in ("binds", "loosens", "met", "missed"))
    yield from tranches
    yield from (turn for turn in rows if turn.event in ("worst", "recovers"))
    yield from (turn for turn in rows if turn.event in PLACES)
    if not rows and not tranches:
        names = [*found.program.columns, *(row.name for row in found.program.rows)]
        yield from (Turn("kink", names[thing]) for thing, *_ in changed_seats(one, other)[:1])


def _rows(found: Frontier, one: Stretch, other: Stretch) -> Iterator[Turn]:
    """Limits and targets whose seat changes."""
    width, instance = len(found.program.columns), found.case.instance
    musts = {f"reach[{','.join(t.key)}]" for t in instance.targets if t.must}
    for thing, was, _ in changed_seats(one, other):
        freed = was is not Seat.BASIC
        if thing < width:
            name = found.program.columns[thing]
            if name.startswith("shortfall[") and Seat.LOWER in (one.seats[thing], other.seats[thing]):
                yield Turn("missed" if freed else "met", f"reach{name.removeprefix('shortfall')}")
            continue
        name = found.program.rows[thing - width].name
        if name.startswith("worst["):
            yield Turn("recovers" if freed else "worst", f"reach{name.removeprefix('worst')}")
        elif name.startswith(("above[", "below[")):
            yield Turn("reference", name.partition("[")[2][:-1])
        elif name in musts or (not name.startswith("reach[") and _alone(of_row(instance, name))):
            yield Turn("loosens" if freed else "binds", name)


def _alone(limit: Limit | None) -> bool:
    """Whether a row keeps a limit by itself (those that do not: `spread`)."""
    return limit is not None and limit.kind.path.partition(".")[0] != "equity"


def _tranches(one: Stretch, other: Stretch, widths: Mapping[str, Fraction]) -> Iterator[Turn]:
    """Tranches that stop or begin to move."""
    for key in {**one.rate.whole, **other.rate.whole}:
        kind, name = key
        if kind != "tranches" or (before := key in one.rate) == (key in other.rate):
            continue
        value, width = one.last[key] if key in one.last else other.first[key], widths[name]
        full = abs(value - width) <= ALIKE * width
        if before:
            yield Turn("full" if full else "emptied" if abs(value) <= ALIKE * width else "rests", name)
        else:
            yield Turn("drains" if full else "begins" if abs(value) <= ALIKE * width else "moves", name)
