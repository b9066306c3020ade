"""What fairness costs: curves of national output and jobs over a dial, exact from one breakpoint to the next.

    floor_share    every region receives at least φ of the budget                     φ from 0 up
    ratio          h[r] ≤ high, h[r] ≥ low, high ≤ ρ · low   (h: money per head)      ρ from the plan's own down to 1
    output, jobs   the most of a metric with no shortfall above z                     z down to the smallest possible

The first two keep the stages of the case; the last two set fairness against a total.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice

from regionopt.common.decimals import digits
from regionopt.common.document import Status
from regionopt.common.instance import METRICS, Instance
from regionopt.explain.quantities import Quantity, quantities
from regionopt.explain.walk import Piece, Shift, walk
from regionopt.model.model import build
from regionopt.model.program import Program, Row
from regionopt.model.translate import to_program
from regionopt.solve.engine import Engine
from regionopt.solve.ordered import ranks, vertex
from regionopt.solve.vertex import Vertex

INFINITE = float("inf")
# More breakpoints than a table or a chart can show; a curve that has more ends there.
PIECES = 400


@dataclass(frozen=True)
class Point:
    """A breakpoint: the dial, and the value of every quantity there, by name."""

    at: Fraction
    values: Mapping[str, Fraction]


@dataclass(frozen=True)
class Curve:
    """A dial from its easiest to its strictest setting. `curved`: between points it bends, and points are exact."""

    dial: str
    points: tuple[Point, ...]
    curved: bool = False


def curves(engine: Engine, instance: Instance, heads: Mapping[str, float]) -> Iterator[Curve]:
    """The curve of every dial that the case has; `heads` are people by region, empty where not all are known."""
    model = build(instance)
    program, told = to_program(model.problem), quantities(model)
    costs, given = ranks(model, program, model.stages), _allocations(instance, program)
    if len(instance.regions) > 1:
        yield from _floor_share(engine, instance, program, costs, given, told)
        if heads:
            yield from _ratio(engine, program, costs, given, told, heads)
    for metric in METRICS:
        yield from _against(engine, instance, metric)


def _allocations(instance: Instance, program: Program) -> dict[str, tuple[tuple[int, float], ...]]:
    """The columns that add up to what each region receives."""
    position = {name: j for j, name in enumerate(program.columns)}
    return {
        region: tuple(
            (position[f"spend[{','.join(map(str, t.key))}]"], 1.0) for t in instance.tranches if t.region == region
        )
        for region in instance.regions
    }


def _floor_share(
    engine: Engine,
    instance: Instance,
    program: Program,
    costs: tuple[tuple[float, ...], ...],
    given: Mapping[str, tuple[tuple[int, float], ...]],
    told: Sequence[Quantity],
) -> Iterator[Curve]:
    first, width = len(program.rows), len(program.columns)
    rows = tuple(Row(f"dial[{region}]", terms, 0.0, INFINITE) for region, terms in given.items())
    budget = Fraction(instance.budget)
    shift = Shift(lower={width + first + k: budget for k in range(len(rows))})
    start = vertex(engine, replace(program, rows=(*program.rows, *rows)), costs)
    if not isinstance(start, Status):
        yield _curve("floor_share", start, shift, told, Fraction(0), 1)


def _ratio(
    engine: Engine,
    program: Program,
    costs: tuple[tuple[float, ...], ...],
    given: Mapping[str, tuple[tuple[int, float], ...]],
    told: Sequence[Quantity],
    heads: Mapping[str, float],
) -> Iterator[Curve]:
    free = vertex(engine, program, costs)
    if isinstance(free, Status):
        return
    per_head = [sum(free.values[j] for j, _ in terms) / Fraction(heads[region]) for region, terms in given.items()]
    if min(per_head) <= 0 or max(per_head) == min(per_head):
        return
    widest = float(max(per_head) / min(per_head)) * (1 + 1e-9)
    high, low = len(program.columns), len(program.columns) + 1
    rows = []
    for region, terms in given.items():
        divided = tuple((j, a / heads[region]) for j, a in terms)
        rows.append(Row(f"dial_high[{region}]", (*divided, (high, -1.0)), -INFINITE, 0.0))
        rows.append(Row(f"dial_low[{region}]", (*divided, (low, -1.0)), 0.0, INFINITE))
    last = len(program.rows) + len(rows)
    rows.append(Row("dial", ((high, 1.0), (low, -widest)), -INFINITE, 0.0))
    wider = replace(
        program,
        columns=(*program.columns, "dial_high", "dial_low"),
        lower=(*program.lower, 0.0, 0.0),
        upper=(*program.upper, INFINITE, INFINITE),
        rows=(*program.rows, *rows),
    )
    start = vertex(engine, wider, tuple((*cost, 0.0, 0.0) for cost in costs))
    if not isinstance(start, Status):
        strict = Shift(row=last, terms={low: Fraction(1)})
        yield _curve("ratio", start, strict, told, Fraction(widest), -1, Fraction(1))


def _against(engine: Engine, instance: Instance, metric: str) -> Iterator[Curve]:
    """The most of a metric for every worst shortfall that is allowed, from the smallest that is possible."""
    model = build(replace(instance, stages=("worst_shortfall", metric)))
    program, told = to_program(model.problem), quantities(model)
    worst, total = ranks(model, program, model.stages)[:2]
    z = program.columns.index("worst_shortfall")
    order = ranks(model, program, ())
    fairest = vertex(engine, program, (worst, total, *order))
    most = vertex(engine, program, (total, worst, *order))
    if isinstance(fairest, Status) or isinstance(most, Status) or not any(total):
        return
    least, largest = fairest.values[z], most.values[z]
    if least >= largest:
        return
    start = _loosened(most, z)
    yield _curve(metric, start, Shift(upper={z: Fraction(-1)}), told, largest, -1, least)


def _loosened(found: Vertex, column: int) -> Vertex:
    """The same vertex with the column's upper bound where the column is."""
    upper = list(found.program.upper)
    upper[column] = found.values[column]  # type: ignore[call-overload]
    return found.on(replace(found.program, upper=tuple(upper)))


def _curve(
    dial: str,
    start: Vertex,
    shift: Shift,
    told: Sequence[Quantity],
    at: Fraction,
    sign: int,
    strictest: Fraction | None = None,
) -> Curve:
    """Follow a dial from a vertex until nothing is feasible, nothing changes any more, or it is at its strictest."""
    points: list[Point] = []
    curved = False
    for piece in islice(walk(start, shift), PIECES):
        points.append(_point(piece, piece.start, told, at, sign))
        curved = curved or bool(piece.bend)
        end = piece.end if strictest is None else _sooner(piece.end, abs(strictest - at))
        if end is None:
            break
        if piece.end is None or end < piece.end or piece.last:
            points.append(_point(piece, end, told, at, sign))
            break
    return Curve(dial, tuple(points), curved)


def _sooner(end: Fraction | None, most: Fraction) -> Fraction:
    return most if end is None else min(end, most)


def _point(piece: Piece, units: Fraction, told: Sequence[Quantity], at: Fraction, sign: int) -> Point:
    x = piece.at(units)
    return Point(at + sign * units, {quantity.name: quantity.value(x[: len(quantity.costs)]) for quantity in told})


def curve_rows(found: Iterable[Curve]) -> Iterator[dict[str, object]]:
    """The table `fairness.csv`: a row a dial, breakpoint and quantity, with the difference from the dial's start."""
    for curve in found:
        for point in curve.points:
            for name, value in point.values.items():
                yield {
                    "dial": curve.dial,
                    "at": digits(point.at),
                    "quantity": name,
                    "value": digits(value),
                    "difference": digits(value - curve.points[0].values[name]),
                    "between": "bends" if curve.curved else "linear",
                }
