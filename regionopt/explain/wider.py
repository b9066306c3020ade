"""A program with more in it, and its best vertex there: what follows a plan adds the rows it asks about."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from regionopt.model.program import Basis, Row, Seat
from regionopt.solve.vertex import Vertex


def wider(vertex: Vertex, columns: Sequence[str], rows: Sequence[tuple[Row, Seat]]) -> Vertex:
    """The same vertex with further columns from 0 up, all basic, and further rows with their seats."""
    old, width, more = vertex.program, len(vertex.program.columns), len(columns)
    program = replace(
        old,
        columns=(*old.columns, *columns),
        lower=(*old.lower, *([0.0] * more)),
        upper=(*old.upper, *([math.inf] * more)),
        rows=(*old.rows, *(row for row, _ in rows)),
    )
    seats = vertex.basis
    basis = Basis((*seats.columns, *([Seat.BASIC] * more)), (*seats.rows, *(seat for _, seat in rows)))
    ranks = tuple((*costs, *([0.0] * more)) for costs in vertex.ranks)
    least = tuple((*one[:width], *([0.0] * more), *one[width:], *([0.0] * len(rows))) for one in vertex.least)
    return Vertex(program, ranks, basis, least)
