"""What a further unit of money for a region would fund, read off the plan as a vertex that can be followed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from regionopt.common.decimals import digits
from regionopt.common.instance import Tranche
from regionopt.doctor.levers import Lever
from regionopt.explain.prices import shift_of
from regionopt.explain.quantities import Quantity
from regionopt.explain.shift import Shift
from regionopt.explain.walk import walk
from regionopt.explain.wider import wider
from regionopt.model.program import Row, Seat
from regionopt.solve.vertex import Vertex

# Pieces of the budget that are looked along for the point where a tranche is first funded.
PIECES = 60


@dataclass(frozen=True)
class Along:
    """The plan as a vertex that can be followed along the numbers of its case."""

    vertex: Vertex
    levers: tuple[Lever, ...]
    told: tuple[Quantity, ...]
    tranches: Mapping[int, Tranche]


@dataclass(frozen=True)
class Next:
    """The tranche that a further unit of money for a region would fund (most of it): what moving that unit there
    changes of each quantity, by name, and the budget from which the plan itself funds it (None: not found)."""

    tranche: Tranche
    changes: dict[str, Fraction]
    from_budget: Fraction | None


def next_best(along: Along | None, region: str) -> Next | None:
    """What a further unit of money for a region would fund; None where all is full or nothing can be followed."""
    if along is None:
        return None
    own = [column for column, tranche in along.tranches.items() if tranche.region == region]
    vertex = _with_floor(along.vertex, own)
    floor = Shift(lower={len(vertex.seats) - 1: Fraction(1)})
    piece = next(walk(vertex, floor))
    filled = [column for column in own if piece.move.get(column, 0) > 0]
    if not filled or (piece.last and not piece.end):
        return None
    column = max(filled, key=lambda j: (piece.move[j], -j))
    changes = {q.name: q.sense * piece.slope(q.costs) for q in along.told}
    return Next(along.tranches[column], changes, _from_budget(along, column))


def _with_floor(vertex: Vertex, columns: Sequence[int]) -> Vertex:
    """The same vertex with a floor under a sum of columns where it is, as the last row."""
    at = sum((vertex.values[j] for j in columns), Fraction(0))
    row = Row("floor", tuple((j, 1.0) for j in columns), at, math.inf)  # type: ignore[arg-type]
    return wider(vertex, (), [(row, Seat.BASIC)])


def _from_budget(along: Along, column: int) -> Fraction | None:
    """The budget from which the plan puts more money into a column."""
    budget: Lever | None = next((one for one in along.levers if one.path == "budget.total"), None)
    shift = shift_of(along.vertex.program, budget) if budget else None
    if budget is None or shift is None:
        return None
    pieces = islice(walk(along.vertex, shift), PIECES)
    start = next((piece.start for piece in pieces if piece.move.get(column, 0) > 0), None)
    return None if start is None else Fraction(budget.value) + start


def next_rows(along: Along | None, regions: Sequence[str]) -> Iterator[dict[str, object]]:
    """The table `next.csv`: a row a region that could take more and a quantity, per unit of money moved there."""
    for region in regions:
        found = next_best(along, region)
        for name, change in found.changes.items() if found else ():
            assert found is not None
            yield {
                "region": region,
                "programme": found.tranche.programme,
                "tranche": found.tranche.tranche,
                "quantity": name,
                "change": digits(change),
                "from_budget": digits(found.from_budget),
            }
