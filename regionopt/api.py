"""The Python interface: what `import regionopt as ro` offers.

case = ro.load("taiwan-2040")
result = case.solve()
result.status, result.regions, result.allocation, result.targets
result.explore(column="budget").save("budget.html")
result.compare(case.but(budget__total=800).solve()).moves
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regionopt.case import case as cases
from regionopt.common.errors import InputError, Problem
from regionopt.common.texts import spoken
from regionopt.result import result as results
from regionopt.result import rows

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from regionopt.compare.frames import Comparison
    from regionopt.explore.offline import ExploreMap


@dataclass(frozen=True)
class Result(results.Result):
    """A solved case with its tables as tidy frames; pandas is imported when the first of them is asked for."""

    @property
    def regions(self) -> pd.DataFrame:
        """One row a region: budget, share, and each metric with target and shortfall."""
        return _frame(list(rows.region_rows(self)))

    @property
    def allocation(self) -> pd.DataFrame:
        """One row a tranche: `region, programme, tranche, budget, output, jobs`."""
        return _frame(list(rows.allocation_rows(self)))

    @property
    def targets(self) -> pd.DataFrame:
        """One row a target: `metric, region, target, reached, absolute_shortfall, relative_shortfall, met, must`."""
        return _frame(list(rows.target_rows(self)))

    @property
    def shapes(self) -> gpd.GeoDataFrame:
        """`regions` with their areas in longitude and latitude, for maps and layers of one's own.

        Raises InputError where the boundaries do not have the counties of the case.
        """
        from regionopt.explore.shaped import shaped

        return shaped(self, self.regions)

    def explore(self, column: Any = "budget", **arguments: Any) -> ExploreMap:
        """The regions coloured by a column of `regions`, on a folium map that needs no network.

        Arguments are those of GeoPandas' `explore` (`regionopt.explore.explore` lists them): `cmap`, `scheme`, `k`,
        `tiles`, `tooltip`, `popup`, `legend`, `style_kwds`, `m`, …; without `tiles` there are none. Layers of folium
        can be added; `save` and the display in a notebook refuse what would load something from elsewhere. Raises
        InputError for arguments that are not supported, and where there is no plan.
        """
        from regionopt.explore.explore import explore

        if not self.status.has_plan:
            raise InputError([Problem("map_not_optimal", "explore", None, {"status": self.status.value})])
        return explore(self.shapes, column, **arguments)

    def compare(self, *others: results.Result) -> Comparison:
        """Others against this one, which is the base: tidy frames `numbers`, `moves`, `targets`, `changes`.

        Raises InputError for results of other regions or in another unit.
        """
        from regionopt.compare.frames import comparison

        return comparison([self, *others])

    def _repr_html_(self) -> str:
        """What a notebook shows: the plan in sentences and its table, in the language of the environment."""
        from regionopt.result.outputs import document
        from regionopt.telling.notebook import result_html

        return result_html(document(self), spoken())


@dataclass(frozen=True)
class Case(cases.Case):
    """A case that can be solved. Frozen: `but` returns another one."""

    def solve(self, solver: str = "highs", time_limit: float | None = None) -> Result:
        """Solve with `highs` or `cbc`. An infeasible case is a result; broken input and solvers raise.

        `time_limit` (seconds) stops the choice of platforms and measures: the status is then `stopped`.
        """
        solved = results.solve_case(self, solver, time_limit)
        return Result(solved.case, solved.solution, solved.smallest_budget, solved.smallest)

    def _repr_html_(self) -> str:
        """What a notebook shows: budget and targets with unit, standing and source."""
        from regionopt.telling.notebook import case_html

        return case_html(self, spoken())


def load(case: str | Path = cases.BUILT_IN_CASE, scenario: str = "base", sets: Iterable[str] = ()) -> Case:
    """A case from a file or by the name of a built-in one; `sets` are as on the command line.

    Raises InputError with every problem of the case file, each with place, value, rule and remedy.
    """
    loaded = cases.load(case, scenario, sets)
    return Case(loaded.original, loaded.scenario, loaded.patches)


def _frame(table: list[results.Row]) -> pd.DataFrame:
    """A tidy frame; exact fractions become floats."""
    import pandas as pd

    return pd.DataFrame([{k: float(v) if isinstance(v, Fraction) else v for k, v in row.items()} for row in table])
