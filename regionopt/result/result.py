"""A solved case: the case, its solution, and what follows from both. Numbers are exact fractions.

Money is in the currency unit of the case, output in that unit a year, jobs in jobs; shortfalls are relative unless
called absolute. Nothing is rounded here. `rows` makes tables of it, `outputs` files.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from regionopt.case.case import Case
from regionopt.common.document import Status, weakest
from regionopt.common.errors import InputError, LimitError, Problem
from regionopt.common.instance import Target
from regionopt.solve.plan import Plan
from regionopt.solve.solve import Solution, least, solve
from regionopt.solve.solvers import ENGINES
from regionopt.solve.steps import deadline, seconds_left

Row = dict[str, Any]


@dataclass(frozen=True)
class Result:
    """A case and its solution. There is a plan only when the status has one.

    `smallest` is what the smallest budget rests on, None where it was not looked for.
    """

    case: Case
    solution: Solution
    smallest_budget: Fraction | None
    smallest: Solution | None = None

    @property
    def status(self) -> Status:
        """optimal, stopped, infeasible or unbounded."""
        return self.solution.status

    @property
    def plan(self) -> Plan | None:
        """The plan, None when there is none."""
        return self.solution.plan

    def shortfall(self, target: Target) -> Fraction:
        """Relative shortfall of a target: 0 when it is reached, 1 without a plan."""
        reached = self.plan.reached[target.key] if self.plan else Fraction(0)
        return max(Fraction(0), 1 - reached / Fraction(target.target))

    @property
    def standing(self) -> str:
        """The weakest standing of the inputs."""
        return weakest(set(self.case.standings()))


def solve_case(case: Case, solver: str = "highs", limit: float | None = None) -> Result:
    """Solve a case. An infeasible case is a result; broken input and broken solvers raise.

    `limit` is a time limit in seconds, for whole numbers only. Where it is hit, the status is `stopped`, and the
    smallest budget is not known.
    """
    if solver not in ENGINES:
        raise InputError([Problem("unknown_solver", "solver", solver, {"known": ", ".join(ENGINES)})])
    until = deadline(limit)
    solution = solve(case.instance, solver, limit)
    if solution.status is not Status.OPTIMAL:
        return Result(case, solution, None)
    try:
        smallest = least(case.instance, solver, seconds_left(until))
        return Result(case, solution, smallest.stages[0].value if smallest.stages else None, smallest)
    except LimitError:
        return Result(case, replace(solution, status=Status.STOPPED), None)
