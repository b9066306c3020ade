"""What is told of a plan: the value of every stage, and national output and jobs, as costs over the columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from regionopt.common.instance import METRICS
from regionopt.model.core import Model, Stage
from regionopt.model.sums import product
from regionopt.model.translate import to_costs


@dataclass(frozen=True)
class Quantity:
    """A quantity that is linear in the plan: `sense` · costs · x. A maximised one has costs to be minimised."""

    name: str
    sense: int
    costs: tuple[float, ...]
    stage: bool = True

    def value(self, x: Sequence[Fraction]) -> Fraction:
        """Its value at a plan, a value a column."""
        return self.sense * product(x, self.costs)

    @property
    def better(self) -> int:
        """1 where more is better, -1 where less is."""
        return -self.sense


def quantities(model: Model) -> tuple[Quantity, ...]:
    """The stages in order, then the national totals that are no stage."""
    stages = [Quantity(stage.name, stage.sense, to_costs(model.problem, stage)) for stage in model.stages]
    named = {quantity.name for quantity in stages}
    totals = (Stage(metric, -1, model.gained(metric)) for metric in METRICS if metric not in named)
    told = (Quantity(stage.name, stage.sense, to_costs(model.problem, stage), stage=False) for stage in totals)
    return (*stages, *told)
