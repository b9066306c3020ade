"""How far each return may be off before the plan changes, and to what.

The plan has changed when more than a part of the budget (1 % unless asked otherwise) has moved between programmes:

    ½ · Σ |x'[r,p] - x[r,p]|  >  moved · B

Returns that stand in one row are followed exactly (`walk`); where one stands in several (spillovers, yearly counts,
a target and a stage), the case is solved again, exactly each time, and the change is halved in until it is known to
`PRECISION`. Then a change between two values that were looked at, back before the next, would not be seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from regionopt.case.case import Case
from regionopt.common.document import Status
from regionopt.common.errors import InputError, Problem, ToolError
from regionopt.common.instance import Instance
from regionopt.curves.coefficients import Coefficient, Several, coefficients, shift_of, totalled
from regionopt.curves.dials import straight
from regionopt.curves.tips import Base, Programme, Tip, Tipping, size, told_of
from regionopt.explain.shift import Shift
from regionopt.explain.walk import Piece, walk
from regionopt.solve.ordered import vertex
from regionopt.solve.solve import solve
from regionopt.solve.solvers import ENGINES

MOVED = 0.01
# A tip that is halved in is known to this part of itself.
PRECISION = 1e-3
# Where a tip is first looked for, as relative changes.
PROBES = (0.001, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
PIECES = 1000
_HALVINGS = 60


def tipping(case: Case, moved: float = MOVED, detail: bool = False) -> tuple[Tipping, ...] | Status:
    """The tip of every return, the smallest margin first; the status of a case that has no plan.

    `moved` is the part of the budget that has to move; `detail` takes every tranche on its own. Raises InputError for
    a case with whole numbers.
    """
    straight(case)
    if not 0 < moved <= 1:
        raise InputError([Problem("tipping_moved", "--moved", moved)])
    instance, engine = case.instance, ENGINES["highs"]()
    program, costs = totalled(instance)
    stands = vertex(engine, program, costs)
    if isinstance(stands, Status):
        return stands
    base = Base(instance, engine, program, costs, stands, moved * instance.budget)
    found = [_tipping(base, one) for one in coefficients(instance, detail)]
    return tuple(sorted(found, key=lambda tipped: tipped.margin))


def _tipping(base: Base, one: Coefficient) -> Tipping:
    shift = shift_of(base.instance, base.program, base.costs, one)
    if shift is None:
        return Tipping(one, *(Tip("stays", None, far, {}) for far in (one.lowest, one.highest)))
    if isinstance(shift, Several):
        return Tipping(one, _halved_in(base, one, one.lowest), _halved_in(base, one, one.highest))
    return Tipping(one, _followed(base, shift, one.lowest), _followed(base, shift, one.highest))


def _followed(base: Base, shift: Shift, far: float) -> Tip:
    """The tip in one direction, exactly, no further than a relative change of `far`."""
    sign, room = (1 if far > 0 else -1), abs(far)
    for count, piece in enumerate(walk(base.stands, shift.times(Fraction(sign)))):
        if float(piece.start) >= room:
            break
        if count == PIECES:
            return Tip("unseen", None, sign * float(piece.start), {})
        start = base.difference(base.allocation(piece.at(piece.start)))
        if size(start) > base.limit:
            return Tip("switches", sign * float(piece.start), far, told_of(start))
        units = _crossing(base, piece, start, room)
        if units is not None:
            there = base.difference(base.allocation(piece.at(piece.start + Fraction(units))))
            return Tip("moves", sign * (float(piece.start) + units), far, told_of(there))
        if piece.last and piece.end is not None and float(piece.end) < room:
            there = base.difference(base.allocation(piece.at(piece.end)))
            return Tip("infeasible", sign * float(piece.end), far, told_of(there))
        if piece.end is None:
            break
    return Tip("stays", None, far, {})


def _crossing(base: Base, piece: Piece, start: Mapping[Programme, float], room: float) -> float | None:
    """After how many units of a piece enough has moved; None when that is not on it.

    What has moved is convex in τ and too little at the start: it crosses the limit once at most.
    """
    step, bend = base.moving(piece), float(piece.bend)
    long = (room if piece.end is None else min(float(piece.end), room)) - float(piece.start)
    if not step or long <= 0:
        return None

    def moved(units: float) -> float:
        tau = units / (1 + bend * units)
        return size({key: value + tau * step.get(key, 0.0) for key, value in start.items()})

    if moved(long) <= base.limit:
        return None
    low, high = 0.0, long
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if moved(middle) > base.limit else (middle, high)
    return high


def _halved_in(base: Base, one: Coefficient, far: float) -> Tip:
    """The tip in one direction by solving again."""
    sign = 1 if far > 0 else -1
    good, bad, seen = 0.0, None, None
    for probe in (*(p for p in PROBES if p < abs(far)), abs(far)):
        seen = _moved_at(base, one, sign * probe)
        if seen is None or size(seen) > base.limit:
            bad = probe
            break
        good = probe
    if bad is None:
        return Tip("stays", None, far, {}, exact=False)
    while bad - good > PRECISION * bad:
        middle = (good + bad) / 2
        there = _moved_at(base, one, sign * middle)
        if there is None or size(there) > base.limit:
            bad, seen = middle, there
        else:
            good = middle
    if seen is None:
        return Tip("infeasible", sign * bad, far, {}, exact=False)
    before = _moved_at(base, one, sign * good) or {}
    # Nearly all of it at once is a jump; the last step of the halving is too small for anything else.
    how = "switches" if size(seen) - size(before) > base.limit / 2 else "moves"
    return Tip(how, sign * bad, far, told_of(seen), exact=False)


def _moved_at(base: Base, one: Coefficient, change: float) -> dict[Programme, float] | None:
    """What each programme gets more after a relative change; None without a plan."""
    instance = one.scaled(base.instance, change)
    program, costs = totalled(instance)
    try:
        stands = vertex(base.engine, program, costs)
        return None if isinstance(stands, Status) else base.difference(base.allocation(stands.values))
    except ToolError:  # near a tie the ranks at once may not be settled: stage by stage they are
        return _stage_by_stage(base, instance)


def _stage_by_stage(base: Base, instance: Instance) -> dict[Programme, float] | None:
    found = solve(instance)
    if found.spend is None:
        return None
    money = dict.fromkeys(base.money, 0.0)
    for (region, programme, *_), amount in found.spend.items():
        money[str(region), str(programme)] += float(amount)
    return base.difference(money)
