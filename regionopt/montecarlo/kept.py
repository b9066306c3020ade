"""A plan that was decided before the draw is known: what it achieves there, and whether it is allowed at all.

Its money (and its whole numbers) stay; all that follows from them, such as shortfalls, is what the stages of the
case leave of it. So every rule of a case counts, and a rule that the money breaks says that it is not allowed.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from regionopt.common.document import Status
from regionopt.common.errors import Problem, ToolError
from regionopt.common.instance import Instance
from regionopt.model.model import build
from regionopt.model.program import Program
from regionopt.model.translate import plain
from regionopt.montecarlo.left import ROUNDING, Kept, left_of
from regionopt.solve.optimum import Optimum, optimal_face, optimise
from regionopt.solve.plan import Plan
from regionopt.solve.solvers import ENGINES
from regionopt.sweep.flat import Array, Pattern, program_of
from regionopt.sweep.outcomes import laid_out, layout_read

# How far the fast way may be from fractions.
AGREE = 1e-8


def kept_of(instance: Instance, plan: Plan) -> Kept:
    """The money and the whole numbers of a plan."""
    model = build(instance)
    found = {plain(model.spend[key].name): amount for key, amount in plan.spend.items()}
    found |= {plain(model.opened[name].name): Fraction(number) for name, number in plan.opened.items()}
    return Kept(found | {plain(model.count[name].name): Fraction(number) for name, number in plan.count.items()})


def achieved(kept: Kept, pattern: Pattern, numbers: Array) -> Array:
    """What a plan achieves, a row a run in the layout of outcomes (`laid_out`); nan where it is not allowed.

    The fast way where it is clear, fractions where not; the last run of the fast way is held against fractions.
    Raises ToolError where these differ."""
    left = left_of(kept, pattern, numbers)
    found = np.full((len(numbers), layout_read(pattern).width), np.nan)
    rows = np.flatnonzero(left.possible)
    if not len(rows):
        return found
    settled, told = left.solved(rows)
    whole = laid_out(pattern, told + left.given[rows], numbers[rows])
    clear = np.flatnonzero(settled)
    found[rows[clear]] = whole[clear]
    for k in rows[~settled].tolist():
        found[k] = _exactly(kept, pattern, numbers[k])
    if len(clear):
        last = int(rows[clear[-1]])
        proven = _exactly(kept, pattern, numbers[last])
        if not np.allclose(found[last], proven, rtol=AGREE, atol=AGREE):
            raise ToolError([Problem("fast_way_differs", "montecarlo", f"draw {last + 1} of its batch")])
    return found


def _exactly(kept: Kept, pattern: Pattern, numbers: Array) -> Array:
    """One run in fractions, in the layout of outcomes; nan where the plan is not allowed."""
    whole = pattern.matrix(numbers[pattern.parts["terms"]])
    nothing = np.full(layout_read(pattern).width, np.nan)
    program = _held(kept, pattern, program_of(pattern, numbers, whole))
    engine, last = ENGINES["highs"](), None
    for rank, name in enumerate(pattern.ranks):
        if program is None:
            return nothing
        costs = tuple(whole[len(pattern.rows) + rank].tolist())
        found = optimise(engine, program, name, costs, None if last is None else last.basis)
        if found is Status.INFEASIBLE:
            return nothing
        if not isinstance(found, Optimum):
            raise ToolError([Problem("solver_failed", engine.name, found.value)])
        last, program = found, optimal_face(program, found)
    x = np.array(last.corner.x, dtype=float) if last else np.zeros(len(pattern.columns))
    told = whole[len(pattern.rows) :] @ x
    row: Array = laid_out(pattern, told[None, :], numbers[None, :])[0]
    return row


def _held(kept: Kept, pattern: Pattern, program: Program) -> Program | None:
    """The program with a plan's columns fixed exactly; None where one is beyond its width, or a row of fixed columns
    alone is broken. What breaks one by rounding only does not."""
    lower: list[float | Fraction] = list(program.lower)
    upper: list[float | Fraction] = list(program.upper)
    places = kept.places(pattern).tolist()
    for j, amount in zip(places, kept.amounts(pattern), strict=True):
        if not _between(lower[j], amount, upper[j]):
            return None
        lower[j] = upper[j] = amount
    decided, rows = frozenset(places), []
    for row in program.rows:
        says_more = any(j not in decided for j, _ in row.terms)
        if not says_more:
            total = sum((Fraction(a) * Fraction(lower[j]) for j, a in row.terms), Fraction(0))
            if not _between(row.lower, total, row.upper):
                return None
        rows.append(row if says_more else row.within(-math.inf, math.inf))
    return Program(program.columns, tuple(lower), tuple(upper), tuple(rows), program.integers)  # type: ignore[arg-type]


def _between(low: float | Fraction, amount: Fraction, high: float | Fraction) -> bool:
    room = ROUNDING * (1 + abs(float(amount)))
    return low - room <= amount <= high + room
