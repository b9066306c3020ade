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
from regionopt.explain.shift import Shift
from regionopt.explain.walk import Piece, walk
from regionopt.explain.wider import wider
from regionopt.model.model import build
from regionopt.model.program import Program, Row, Seat
from regionopt.model.translate import to_program
from regionopt.solve.engine import Engine
from regionopt.solve.optimum import optimise
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


def curves(
    engine: Engine, instance: Instance, heads: Mapping[str, float], plan: Vertex, told: Sequence[Quantity]
) -> Iterator[Curve]:
    """The curve of every dial that the case has; `heads` are people by region, empty where not all are known, `plan`
    is the vertex of the case and `told` what is told of it."""
    given = _allocations(instance, plan.program)
    if len(instance.regions) > 1:
        yield _floor_share(plan, Fraction(instance.budget), given, told)
        if heads:
            yield from _ratio(plan, given, heads, told)
    first = told[0].value(plan.values[: len(plan.program.columns)]) if told[0].name == "worst_shortfall" else None
    yield from _against(engine, instance, first)


def _allocations(instance: Instance, program: Program) -> dict[str, tuple[tuple[int, float], ...]]:
    """The columns that add up to what each region receives."""
    position = {name: j for j, name in enumerate(program.columns)}
    return {
        region: tuple(
            (position[f"spend[{','.join(map(str, t.key))}]"], 1.0) for t in instance.tranches if t.region == region
        )
        for region in instance.regions
    }


Given = Mapping[str, tuple[tuple[int, float], ...]]


def _floor_share(plan: Vertex, budget: Fraction, given: Given, told: Sequence[Quantity]) -> Curve:
    first = len(plan.program.columns) + len(plan.program.rows)
    rows = [(Row(f"dial[{region}]", terms, 0.0, INFINITE), Seat.BASIC) for region, terms in given.items()]
    shift = Shift(lower={first + k: budget for k in range(len(rows))})
    return _curve("floor_share", wider(plan, (), rows), shift, told, Fraction(0), 1)


def _ratio(plan: Vertex, given: Given, heads: Mapping[str, float], told: Sequence[Quantity]) -> Iterator[Curve]:
    each = {r: sum(plan.values[j] for j, _ in terms) / Fraction(heads[r]) for r, terms in given.items()}
    most, least = max(each, key=lambda r: each[r]), min(each, key=lambda r: each[r])
    if each[least] <= 0 or each[most] == each[least]:
        return
    widest = float(each[most] / each[least]) * (1 + 1e-9)
    high, low = len(plan.program.columns), len(plan.program.columns) + 1
    rows = [
        *(_per_head("dial_high", r, given, heads, high, _seat(Seat.UPPER, r == most)) for r in given),
        *(_per_head("dial_low", r, given, heads, low, _seat(Seat.LOWER, r == least)) for r in given),
        (Row("dial", ((high, 1.0), (low, -widest)), -INFINITE, 0.0), Seat.BASIC),
    ]
    start = wider(plan, ("dial_high", "dial_low"), rows)
    strict = Shift(row=len(start.program.rows) - 1, terms={low: Fraction(1)})
    yield _curve("ratio", start, strict, told, Fraction(widest), -1, Fraction(1))


def _per_head(
    name: str, region: str, given: Given, heads: Mapping[str, float], column: int, seat: Seat
) -> tuple[Row, Seat]:
    """The row that keeps a region's money per head at most (at least) what stands in a column."""
    terms = (*((j, a / heads[region]) for j, a in given[region]), (column, -1.0))
    bounds = (-INFINITE, 0.0) if name == "dial_high" else (0.0, INFINITE)
    return Row(f"{name}[{region}]", terms, *bounds), seat


def _seat(seat: Seat, held: bool) -> Seat:
    return seat if held else Seat.BASIC


def _against(engine: Engine, instance: Instance, fairest: Fraction | None) -> Iterator[Curve]:
    """The most of a metric for every worst shortfall that is allowed, from the smallest that is possible: `fairest`
    where it is known."""
    model = build(replace(instance, stages=("worst_shortfall", *METRICS)))
    program, told = to_program(model.problem), quantities(model)
    worst, *totals, order = ranks(model, program, model.stages)
    z = program.columns.index("worst_shortfall")
    if fairest is None:
        best = optimise(engine, program, "worst_shortfall", worst)
        fairest = None if isinstance(best, Status) else best.value
    for metric, total in zip(METRICS, totals, strict=True):
        most = vertex(engine, program, (total, worst, order)) if any(total) else Status.INFEASIBLE
        if fairest is not None and not isinstance(most, Status) and fairest < most.values[z]:
            start, largest = _loosened(most, z), most.values[z]
            yield _curve(metric, start, Shift(upper={z: Fraction(-1)}), told, largest, -1, fairest)


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
