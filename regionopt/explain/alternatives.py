"""A few plans nearly as good as the plan that differ as much as possible from it and from each other.

Each is the plan within the tolerance that lies farthest from the nearest of those before it (`apart`): in the
budgets of regions, or of programmes where no region can move.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from regionopt.common.decimals import DECIMALS, rounded
from regionopt.common.document import Status
from regionopt.common.errors import refuse
from regionopt.common.quantity import Range
from regionopt.explain.apart import APART, amount, farthest
from regionopt.explain.bands import Band, bands
from regionopt.explain.near import TOLERANCES
from regionopt.result.result import Result, Row
from regionopt.solve.plan import Plan
from regionopt.solve.solve import Solution
from regionopt.solve.steps import StageValue

TOLERANCE, COUNT = 0.02, 3
MANY = Range(minimum=1, maximum=100)
MAXIMISED = ("output", "jobs")
COLUMNS = ("plan", "kind", "region", "programme", "budget", "difference", "stage", "value", "given_up")


@dataclass(frozen=True)
class Alternative:
    """Another plan and its distance (money) from the nearest plan before it. `solution` has its stages' values."""

    number: int
    plan: Plan
    distance: Fraction
    solution: Solution

    @property
    def name(self) -> str:
        """The name of its folder and in the table."""
        return f"alternative-{self.number}"

    @property
    def values(self) -> Mapping[str, Fraction]:
        """The value of every stage, in its own sense and unit."""
        return {stage.name: stage.value for stage in self.solution.stages}


def alternatives(result: Result, tolerance: float = TOLERANCE, count: int = COUNT) -> tuple[Alternative, ...]:
    """Up to `count` alternatives within a tolerance (0 to 1); fewer, or none, where no other plan is left.

    Raises InputError for a tolerance below 0 or above 1 and for a count below 1.
    """
    check(tolerance, count)
    if result.plan is None:
        return ()
    found: list[Alternative] = []
    ends = _moving(result, tolerance)
    while ends and len(found) < count:
        before = [result.plan, *(alternative.plan for alternative in found)]
        further = farthest(result, tolerance, ends, before)
        if further is None:
            break
        stages = tuple(StageValue(name, value, None) for name, value in further.values.items())
        solution = Solution(Status.ALTERNATIVE, stages, further.plan, further.proof, further.trail)
        found.append(Alternative(len(before), further.plan, further.distance, solution))
    return tuple(found)


def check(tolerance: float, count: int) -> None:
    """Raises InputError with what is wrong with either."""
    refuse([*TOLERANCES.problems("--tolerance", tolerance, "1"), *MANY.problems("--count", count, "1")])


def _moving(result: Result, tolerance: float) -> tuple[Band, ...]:
    """The bands of what can move: regions; programmes where no region can."""
    least = APART * Fraction(result.case.instance.budget)
    for kind in ("region", "programme"):
        found = bands(result, [tolerance], kinds=[kind])
        moving = tuple(band for band in found if band.maximum - band.minimum > least)
        if moving:
            return moving
    return ()


def as_result(result: Result, alternative: Alternative) -> Result:
    """An alternative as a result of its own, its status and the name of its scenario saying what it is."""
    case = replace(result.case, scenario=f"{result.case.scenario}~{alternative.name}")
    return Result(case, alternative.solution, result.smallest_budget)


def given_up(result: Result, alternative: Alternative) -> dict[str, Fraction]:
    """By how much each stage is worse than in the plan (negative: better), in the stage's unit."""
    best = {stage.name: stage.value for stage in result.solution.stages}
    worse = {name: value - best[name] for name, value in alternative.values.items()}
    return {name: -value if name in MAXIMISED else value for name, value in worse.items()}


def alternative_rows(result: Result, found: Sequence[Alternative]) -> Iterator[Row]:
    """Rows of `alternatives.csv`: each plan's budgets by region and programme against the plan's, then its stages.

    `plan, kind, region, programme, budget, difference, stage, value, given_up`; money in the currency unit.
    """
    assert result.plan is not None
    instance = result.case.instance
    places = dict.fromkeys([(r, "") for r in instance.regions] + [(t.region, t.programme) for t in instance.tranches])
    own = {stage.name: stage.value for stage in result.solution.stages}
    for name, plan, values, lost in (
        ("plan", result.plan, own, dict.fromkeys(own, Fraction(0))),
        *((a.name, a.plan, a.values, given_up(result, a)) for a in found),
    ):
        for place in places:
            yield _row(
                plan=name, kind="programme" if place[1] else "region", region=place[0], programme=place[1],
                budget=amount(plan, place), difference=amount(plan, place) - amount(result.plan, place),
            )  # fmt: skip
        for stage, value in values.items():
            yield _row(plan=name, kind="stage", stage=stage, value=value, given_up=lost[stage])


def plain_rows(result: Result, found: Sequence[Alternative]) -> list[Row]:
    """The same rows for JSON: fractions as floats, rounded as in the file."""
    return [{k: _plain(k, v) for k, v in row.items()} for row in alternative_rows(result, found)]


def _plain(column: str, value: object) -> object:
    return rounded(value, DECIMALS[column]) if isinstance(value, Fraction) else value


def _row(**cells: object) -> Row:
    return {
        column: cells.get(column, "" if column in ("region", "programme", "stage") else None) for column in COLUMNS
    }
