"""Exact curves: the optimum and the plan over one number of the case, from breakpoint to breakpoint.

    found = frontier(case, "budget.total", 100, 1500)
    found.at(712.5).regions["east"]

Reading a curve at a point equals a run there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from regionopt.case.case import Case
from regionopt.curves.breakpoints import Frontier, Goal, Part
from regionopt.curves.curve import Curve, Stretch, both_ways, jumps
from regionopt.curves.dials import Dial, dial
from regionopt.curves.posed import Posed
from regionopt.curves.told import told
from regionopt.curves.within import reachable
from regionopt.doctor.levers import changed, set_text
from regionopt.model.program import Program
from regionopt.model.sums import ZERO
from regionopt.model.vectors import Vector
from regionopt.solve.vertex import Vertex

# Pieces that are followed on each side of where the walk begins: minutes for a case of many years.
PIECES = 2000


def frontier(case: Case, path: str, start: float, end: float, most: int = PIECES) -> Frontier:
    """The curve of optimum and plan over a number of the case, from `start` to `end` in its unit.

    `most` pieces are followed on each side of the case's own value. Raises InputError for a path that is no limit, a
    range that is none, and a case that no curve can follow (whole numbers).
    """
    found = dial(case, path, start, end)
    curve, program = _followed(found, most)
    curve = replace(curve, stretches=tuple(_with_jumps(found, curve)))
    parts = _parts(found, curve)
    return Frontier(
        case, path, found.unit, found.own, start, end, parts, curve, _goals(found), program
    )  # fmt: skip


def _followed(found: Dial, most: int) -> tuple[Curve, Program]:
    """The curve of a dial; without stretches where no value in the range has a plan."""
    low, high = Fraction(found.low), Fraction(found.high)
    for value in (found.at, found.low, found.high):
        if (stands := _vertex(found, value)) is not None:
            return _curve(stands, found, value, most), stands.program
    at = Fraction(found.at)
    inside = None if found.shift.terms else reachable(found.here.program, found.shift, low - at, high - at)
    if inside is not None:
        value = float(at + (inside[0] + inside[1]) / 2)
        if (stands := _vertex(found, value)) is not None:
            return _curve(stands, found, value, most), stands.program
    return Curve((), {}, "none", "none"), found.here.program


def _vertex(found: Dial, value: float) -> Vertex | None:
    if value == found.at:
        return found.here.best
    return Posed(changed(found.case, set_text(found.limit.path, value)).instance).best


def _curve(stands: Vertex, found: Dial, value: float, most: int) -> Curve:
    numbers = told(found.here.model, stands.program)
    span = Fraction(found.low), Fraction(found.high)
    return both_ways(stands, found.shift, numbers, Fraction(value), *span, most)


def _with_jumps(found: Dial, curve: Curve) -> Iterator[Stretch]:
    """The stretches, and between two where numbers jump the plan that holds just there, if a number can say where."""
    for k, stretch in enumerate(curve.stretches):
        at = stretch.low
        if k and jumps(curve.stretches[k - 1], stretch) and Fraction(float(at)) == at:
            stands = _vertex(found, float(at))
            if stands is not None:
                numbers = told(found.here.model, stands.program).values(stands.values)
                yield Stretch(at, at, numbers, numbers, Vector({}), stands.seats, whole=True)
        yield stretch


def _parts(found: Dial, curve: Curve) -> tuple[Part, ...]:
    """The range from left to right: what has a plan, what has none, what was not followed."""
    cuts = [Part(cut.low, cut.high, cut.why, cut.problems) for cut in found.cuts]
    if not curve.stretches:
        return tuple(sorted([*cuts, Part(found.low, found.high, "infeasible")], key=lambda part: part.low))
    low, high = float(curve.stretches[0].low), float(curve.stretches[-1].high)
    status = {"none": "infeasible", "unseen": "unseen"}
    if curve.left in status:
        cuts.append(Part(found.low, low, status[curve.left]))
    if curve.right in status:
        cuts.append(Part(high, found.high, status[curve.right]))
    return tuple(sorted([*cuts, Part(low, high, "optimal")], key=lambda part: part.low))


def _goals(found: Dial) -> tuple[Goal, ...]:
    """Every target, and how it moves with the number: what its row moves, if the number is a target."""
    width = len(found.here.program.columns)
    slopes = {
        row.name: found.shift.lower.get(width + i, ZERO)
        for i, row in enumerate(found.here.program.rows)
        if row.name.startswith("reach[")
    }
    goals = []
    for target in found.case.instance.targets:
        slope = slopes.get(f"reach[{','.join(target.key)}]", ZERO)
        goals.append(Goal(target, Fraction(target.target) - slope * Fraction(found.at), slope))
    return tuple(goals)
