"""Plans that hold out: the best worst case over some draws, and the least CVaR, in the first stage of the case.

    worst case   minimise w               w ≥ f_k(x)                       for every draw k
    CVaR         minimise η + Σ_k u_k / ((1 - α)·n)      u_k ≥ f_k(x) - η,  u_k ≥ 0   (Rockafellar and Uryasev 2000)

x is the money, one plan for all draws; f_k is the first stage of the case at the numbers of draw k, and every rule of
the case counts in every draw. Among plans as good, the stages of the case at its stated numbers decide, then the
written order: the plan is unique. Every step is proven in fractions, as a run's.

A draw enters the program only when the plan so far is worse there than the program knows; when no draw is, the plan
is the best over all of them: a program with fewer rows has no worse optimum, and this plan keeps what it promises in
the draws that are not in it (evaluated in floating point, within `ENOUGH`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from regionopt.common.document import Certificate, Status
from regionopt.montecarlo.joint import ENOUGH, Joint, Scenarios
from regionopt.montecarlo.left import Kept
from regionopt.montecarlo.statistics import cvar
from regionopt.solve.engine import Engine
from regionopt.solve.optimum import Optimum, after, optimal_face, optimise
from regionopt.solve.solve import proven
from regionopt.solve.solvers import ENGINES
from regionopt.solve.ties import written_order

# So many draws enter at once, the worst first.
AT_ONCE = 5


@dataclass(frozen=True)
class Robust:
    """A plan that holds out: its money, the value of its aim in the stage's own sense, the first stage in each draw,
    which draws its program holds; no plan where there is none for all draws."""

    kind: str
    status: Status
    kept: Kept | None = None
    value: Fraction | None = None
    reached: tuple[float, ...] = ()
    within: tuple[int, ...] = ()
    certificate: Certificate | None = None


def worst_case(given: Scenarios) -> Robust:
    """The plan whose worst draw is best."""
    return _robust(given, "worst_case", None)


def least_cvar(given: Scenarios, alpha: float) -> Robust:
    """The plan whose worst draws, a part of 1 - alpha, are best on average."""
    return _robust(given, "cvar", alpha)


def _robust(given: Scenarios, kind: str, alpha: float | None) -> Robust:
    engine, within = ENGINES["highs"](), [int(np.argmax([draw.best for draw in given.draws]))]
    while True:
        joint = Joint(given, tuple(sorted(within)), alpha)
        answer = engine.minimise(joint.program, joint.aim)
        if answer.status is not Status.OPTIMAL:
            return Robust(kind, answer.status, within=_numbers(given, within))
        more = _worse(given, joint, joint.kept(answer.x), answer.x, within)
        if more:
            within += more
            continue
        optima = _proven(engine, joint)
        if isinstance(optima, Status):
            return Robust(kind, optima, within=_numbers(given, within))
        kept = joint.kept(optima[-1].corner.x)
        more = _worse(given, joint, kept, optima[-1].corner.x, within)
        if not more:
            value = given.sense * optima[0].value
            proof = proven([optimum.proof for optimum in optima])
            reached = tuple((given.sense * given.values(kept)).tolist())
            return Robust(kind, Status.OPTIMAL, kept, value, reached, _numbers(given, within), proof)
        within += more


def _numbers(given: Scenarios, within: Sequence[int]) -> tuple[int, ...]:
    return tuple(given.draws[k].number for k in sorted(within))


def _worse(
    given: Scenarios, joint: Joint, kept: Kept, x: Sequence[float | Fraction], within: Sequence[int]
) -> list[int]:
    """Draws outside the program where a plan is worse than it knows, the worst first."""
    values, limit = given.values(kept), float(x[joint.limit])
    worse = np.flatnonzero(values > limit + ENOUGH * (1 + abs(limit)))
    outside = [int(k) for k in worse[np.argsort(-values[worse], kind="stable")] if k not in within]
    return outside[:AT_ONCE]


def _proven(engine: Engine, joint: Joint) -> list[Optimum] | Status:
    """The aim, then the stages of the case at its stated numbers, then the written order, each proven."""
    program, optima = joint.program, list[Optimum]()
    for name, costs in [(joint.kind, joint.aim), *joint.stages()]:
        found = optimise(engine, program, name, costs, after(optima[-1], program) if optima else None)
        if isinstance(found, Status):
            return found
        optima.append(found)
        last, program = program, optimal_face(program, found)
    return [*optima, *written_order(engine, last, joint.spend, optima[-1])]


def measures(values: Sequence[float], sense: int, alpha: float) -> dict[str, float | None]:
    """Worst, CVaR and mean of the first stage over the draws, in its own sense; None where a draw does not allow the
    plan."""
    if not all(map(math.isfinite, values)):
        return {"worst_case": None, "cvar": None, "mean": None}
    costs = [sense * value for value in values]
    return {
        "worst_case": sense * max(costs),
        "cvar": sense * cvar(costs, alpha),
        "mean": math.fsum(values) / len(values),
    }
