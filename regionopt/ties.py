"""What the stages leave open: whether one plan is left, and a fixed rule that decides where it is not.

The rule prefers programmes and tranches that are written earlier: it maximises Σ_j (2 - √(j/n))·x_j over the
optimal face, j counting the n tranches in written order. The weights fall strictly and are not multiples of one
another, so one program nearly always decides; where it does not, the tranches follow one by one. It is linear
and knows no solver, so the plan is unique, and piecewise linear in every limit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from regionopt.document import Status
from regionopt.errors import Problem, ToolError
from regionopt.optimum import Optimum, optimal_face, optimise, strictly_complementary
from regionopt.program import Program
from regionopt.solvers import Engine

# A column that can move by less than this part of its width on the optimal face does not move.
STILL = 1e-6


def leaves_one_plan(engine: Engine, program: Program, optimum: Optimum, spend: Sequence[int]) -> bool:
    """Whether the optimal face holds one plan only: no spend column can move on it, up or down."""
    if strictly_complementary(optimum):
        return True
    face = optimal_face(program, optimum.corner)
    for j in spend:
        if face.lower[j] == face.upper[j]:
            continue
        for direction in (1.0, -1.0):
            costs = [0.0] * len(program.columns)
            costs[j] = direction
            answer = engine.minimise(face, costs)
            moved = abs(answer.x[j] - float(optimum.corner.x[j])) if answer.status is Status.OPTIMAL else 0.0
            if moved > STILL * program.upper[j] and _moves(engine, face, tuple(costs), optimum, j):
                return False
    return True


def _moves(engine: Engine, face: Program, costs: tuple[float, ...], optimum: Optimum, j: int) -> bool:
    """Whether a column that a solver moved in floating point moves in fractions too."""
    found = optimise(engine, face, "still", costs, optimum.basis)
    if isinstance(found, Status) or not found.proof.exact:
        return False
    return abs(found.corner.x[j] - optimum.corner.x[j]) > STILL * face.upper[j]


def written_order(engine: Engine, program: Program, spend: Mapping[str, int], optimum: Optimum) -> Iterator[Optimum]:
    """Decide what is open: all tranches by weight, then each as much as possible until one plan is left.

    `spend` gives the column of each tranche in written order. Each step stays on the optimal face of the one
    before, exactly: nothing is given away here.
    """
    if strictly_complementary(optimum):
        return
    weights = {j: 2 - math.sqrt(k / len(spend)) for k, j in enumerate(spend.values())}
    for name, gains in [("order", weights), *((f"order[{name}]", {j: 1.0}) for name, j in spend.items())]:
        program = optimal_face(program, optimum.corner)
        if all(program.lower[j] == program.upper[j] for j in gains):
            continue
        costs = tuple(-gains.get(j, 0.0) for j in range(len(program.columns)))
        found = optimise(engine, program, name, costs, optimum.basis)
        if isinstance(found, Status):
            raise ToolError([Problem("solver_failed", engine.name, found.value)])
        optimum = found
        yield optimum
        if leaves_one_plan(engine, program, optimum, tuple(spend.values())):
            return
