"""The Python interface: what `import regionopt as ro` offers.

case = ro.load("taiwan-2040")
result = case.solve()
result.status, result.regions, result.allocation, result.targets
case.but(budget__total=800).solve()
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from regionopt import case as cases
from regionopt.result import Result, solve_case


@dataclass(frozen=True)
class Case(cases.Case):
    """A case that can be solved. Frozen: `but` returns another one."""

    def solve(self, solver: str = "highs") -> Result:
        """Solve with `highs` or `cbc`. An infeasible case is a result; broken input and solvers raise."""
        return solve_case(self, solver)


def load(case: str | Path = cases.BUILT_IN_CASE, scenario: str = "base", sets: Iterable[str] = ()) -> Case:
    """A case from a file or by the name of a built-in one; `sets` are as on the command line.

    Raises InputError with every problem of the case file, each with place, value, rule and remedy.
    """
    loaded = cases.load(case, scenario, sets)
    return Case(loaded.path, loaded.raw, loaded.scenario, loaded.patches)
