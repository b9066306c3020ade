"""What the stages leave open: whether one plan is left, and a fixed rule that decides where it is not.

The rule prefers programmes and tranches that are written earlier: it maximises Σ_j (2 - √(j/n))·x_j over the
optimal face, j counting the n tranches in written order. The weights fall strictly and are not multiples of one
another, so one program nearly always decides; where it does not, the tranches follow one by one. It is linear
and knows no solver, so the plan is unique, and piecewise linear in every limit.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from itertools import chain

import numpy as np

from regionopt.common.document import Status
from regionopt.common.errors import Problem, ToolError
from regionopt.common.instance import SpendKey
from regionopt.model.program import Program, Seat
from regionopt.model.scaling import spans
from regionopt.proof.certificate import primal_violation
from regionopt.proof.exact import Seated
from regionopt.proof.faces import settled
from regionopt.solve.engine import Answer, Engine
from regionopt.solve.optimum import Optimum, optimal_face, optimise, strictly_complementary

# A column that can move by less than this part of its width on the optimal face does not move.
STILL = 1e-6
# What all of them together can leave their bounds by, in parts of their widths, and still be called nothing.
NOTHING = 1e-9
_SIGN = {Seat.LOWER: -1.0, Seat.FREE: -1.0, Seat.UPPER: 1.0}


def unique_from(
    engine: Engine, stages: Iterable[tuple[Program, Optimum]], last: Optimum, spend: Sequence[int], exactly: bool
) -> Iterator[bool]:
    """For each stage whether one plan is left from it on. `last` is the plan that was chosen in the end.

    Where every stage is held `exactly`, that plan is as good at each of them: a stage whose own plan is another one
    leaves a choice, and what one stage closes stays closed. Nothing needs to be solved to see either.
    """
    one = False
    for program, optimum in stages:
        if not (exactly and one):
            other = exactly and _moved(program, last.corner.x, optimum, spend)
            one = not other and leaves_one_plan(engine, program, optimum, spend)
        yield one


def leaves_one_plan(engine: Engine, program: Program, optimum: Optimum, spend: Sequence[int]) -> bool:
    """Whether the optimal face holds one plan only: no spend column can move on it, up or down."""
    if strictly_complementary(program, optimum):
        return True
    face = settled(optimal_face(program, optimum), optimum.basis)
    free = [j for j in spend if face.lower[j] != face.upper[j]]
    if not free:
        return True
    # Costs that no two plans share (the weights are not multiples of one another) have their least and their most at
    # two plans where there are two: looking both ways shows whether one is left.
    away, order = _away(program, optimum), written(spend)
    for direction in (away, order, {j: -cost for j, cost in order.items()}):
        costs = spread(program, direction)
        answer = engine.minimise(face, costs)
        if answer.status is Status.OPTIMAL:
            if _moved(face, answer.x, optimum, free) and _moves(engine, face, costs, answer, optimum, free):
                return False
            if direction is away and _distance(away, answer.x, optimum) < NOTHING:
                return True
    return True


def _moved(face: Program, x: Sequence[float | Fraction], optimum: Optimum, free: Sequence[int]) -> bool:
    """Whether a plan on the face is another one."""
    at = optimum.corner.x
    return any(abs(float(x[j]) - float(at[j])) > STILL * face.upper[j] for j in free if x[j] != at[j])


def _moves(
    engine: Engine, face: Program, costs: tuple[float, ...], answer: Answer, optimum: Optimum, free: Sequence[int]
) -> bool:
    """Whether a plan that a solver moved in floating point moves in fractions too: its corner shows it where that
    keeps every bound, else exact steps from the old corner."""
    if answer.basis is not None:
        with suppress(ArithmeticError):
            x = Seated(face, answer.basis).primal()
            if not primal_violation(face, x):
                return _moved(face, x, optimum, free)
    found = optimise(engine, face, "still", costs, optimum.basis)
    return isinstance(found, Optimum) and found.proof.exact and _moved(face, found.corner.x, optimum, free)


def _away(program: Program, optimum: Optimum) -> dict[int, float]:
    """Costs that lead everything without a price away from the bound it sits at, each measured by its own width.

    A corner is where these things are at their bounds: when together they cannot leave them, there is no other plan.
    """
    costs: dict[int, float] = defaultdict(float)
    span, width, seats = spans(program), len(program.columns), optimum.basis.seats
    far = [*span.tolist(), *program.matrix.reach(span).tolist()]
    at_bound = np.flatnonzero(seats != Seat.BASIC)
    for thing in at_bound[optimum.corner.d.signs(at_bound) == 0].tolist():
        sign = _SIGN[Seat(seats[thing])]
        if thing >= width:
            for j, a in program.rows[thing - width].terms:
                costs[j] += sign * a / (far[thing] or 1.0)
        elif far[thing]:
            costs[thing] += sign / far[thing]
    return costs


def _distance(costs: Mapping[int, float], x: Sequence[float], optimum: Optimum) -> float:
    """How far a plan is from the corner, in these costs."""
    return abs(math.fsum(c * (x[j] - float(optimum.corner.x[j])) for j, c in costs.items()))


def written(spend: Sequence[int]) -> dict[int, float]:
    """Costs that prefer what is written earlier."""
    return {j: math.sqrt(k / len(spend)) - 2 for k, j in enumerate(spend)}


def spread(program: Program, costs: Mapping[int, float]) -> tuple[float, ...]:
    """Costs by column as costs of all columns."""
    return tuple(costs.get(j, 0.0) for j in range(len(program.columns)))


def written_order(
    engine: Engine, program: Program, spend: Mapping[SpendKey, int], optimum: Optimum
) -> Iterator[Optimum]:
    """Decide what is open: all tranches by weight, then each as much as possible until one plan is left.

    `spend` gives the column of each tranche in written order. Each step stays on the optimal face of the one
    before, exactly: nothing is given away here.
    """
    if strictly_complementary(program, optimum):
        return
    one_by_one = ((f"order[{','.join(map(str, key))}]", {j: -1.0}) for key, j in spend.items())
    for name, wanted in chain([("order", written(tuple(spend.values())))], one_by_one):
        program = settled(optimal_face(program, optimum), optimum.basis)
        if all(program.lower[j] == program.upper[j] for j in wanted):
            continue
        found = optimise(engine, program, name, spread(program, wanted), optimum.basis)
        if isinstance(found, Status):
            raise ToolError([Problem("solver_failed", engine.name, found.value)])
        optimum = found
        yield optimum
        if leaves_one_plan(engine, program, optimum, tuple(spend.values())):
            return
