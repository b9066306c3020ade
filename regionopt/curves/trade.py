"""Two quantities set against each other: the most of one for every value of the other, exactly.

    costs of the other · x  ≤  c        c from where the first alone leaves it, down to the least that is possible

The stages of the case decide what both leave open, so every point is a plan.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

from regionopt.case.case import Case
from regionopt.common.decimals import stage_unit
from regionopt.common.document import Status
from regionopt.common.errors import InputError, Problem, nearest
from regionopt.curves.breakpoints import Frontier, Goal, Part
from regionopt.curves.curve import Curve, both_ways
from regionopt.curves.dials import straight
from regionopt.curves.frontier import PIECES
from regionopt.curves.posed import Posed
from regionopt.curves.told import told
from regionopt.explain.quantities import quantities
from regionopt.explain.shift import Shift
from regionopt.model.program import Program, Row
from regionopt.model.sums import ZERO, product
from regionopt.solve.ordered import vertex
from regionopt.solve.solvers import ENGINES
from regionopt.solve.vertex import Vertex

# What may be set against each other: what more than one stage can mean has no single value.
TRADED = ("output", "jobs", "worst_shortfall", "total_shortfall", "spend", "nearest_reference")


@dataclass(frozen=True)
class _Traded:
    """Both quantities posed as the first stages; the program has a row more, that of the other one."""

    posed: Posed
    program: Program
    sense: int


def trade(case: Case, first: str, other: str, most: int = PIECES) -> Frontier:
    """The best of `first` for every value of `other`, from what is best for `other` to what is best for `first`.

    Both are stages, by name. Raises InputError for others, and for a case that no curve can follow.
    """
    straight(case)
    for name in (first, other):
        if name not in TRADED:
            raise InputError([Problem("trade_unknown", "--trade", name, {"nearest": nearest(name, TRADED)})])
    if first == other:
        raise InputError([Problem("trade_same", "--trade", f"{first},{other}")])
    traded = _traded(case, first, other)
    start = vertex(ENGINES["highs"](), traded.program, traded.posed.costs)
    if isinstance(start, Status):
        return _frontier(case, first, other, traded, Curve((), {}, "none", "none"), start)
    return _frontier(case, first, other, traded, _curve(start, traded, most), Status.OPTIMAL)


def _traded(case: Case, first: str, other: str) -> _Traded:
    rest = tuple(stage for stage in case.instance.stages if stage not in (first, other))
    posed = Posed(replace(case.instance, stages=(first, other, *rest)))
    terms = tuple((j, c) for j, c in enumerate(posed.costs[1]) if c)
    program = posed.program.with_row(Row("trade", terms, -math.inf, math.inf))
    return _Traded(posed, program, quantities(posed.model)[1].sense)


def _curve(start: Vertex, traded: _Traded, most: int) -> Curve:
    """From the best of the first, the bound on the other tightened until there is no plan."""
    at = product(start.values[: len(start.program.columns)], traded.posed.costs[1])
    rows = start.program.rows
    bound = replace(rows[-1], upper=at)  # type: ignore[arg-type]
    start = start.on(replace(start.program, rows=(*rows[:-1], bound)))
    thing = len(start.program.columns) + len(rows) - 1
    tighter = Shift(upper={thing: Fraction(-1)})
    numbers = told(traded.posed.model, start.program)
    # The bound falls; a quantity that is maximised grows with it, one that is minimised falls.
    if traded.sense < 0:
        return both_ways(start, tighter, numbers, -at, -at, -at + _far(at), most)
    return both_ways(start, tighter.times(Fraction(-1)), numbers, at, at - _far(at), at, most)


def _far(at: Fraction) -> Fraction:
    """Further than any bound can be tightened: the walk ends where there is no plan."""
    return 10**12 * (1 + abs(at))


def _frontier(case: Case, first: str, other: str, traded: _Traded, curve: Curve, status: Status) -> Frontier:
    goals = tuple(Goal(t, Fraction(t.target), ZERO) for t in case.instance.targets)
    low, high = (float(curve.stretches[0].low), float(curve.stretches[-1].high)) if curve.stretches else (0.0, 0.0)
    unseen = "unseen" in (curve.left, curve.right)
    parts = [Part(low, high, status.value)]
    if unseen:
        parts.append(Part(high, high, "unseen") if traded.sense < 0 else Part(low, low, "unseen"))
    unit = stage_unit(other, case.resolved.context.currency)
    return Frontier(
        case, other, unit, None, low, high, tuple(parts), curve, goals, traded.program, (first, other)
    )  # fmt: skip
