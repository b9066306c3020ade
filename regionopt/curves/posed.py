"""The numbers of a case as one program of all stages, with costs in order of rank: built when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from regionopt.common.instance import Instance
from regionopt.model.core import Model
from regionopt.model.model import build
from regionopt.model.program import Program
from regionopt.model.translate import to_program
from regionopt.solve.ordered import in_units, ranks, vertex
from regionopt.solve.solvers import ENGINES
from regionopt.solve.vertex import Vertex


@dataclass(frozen=True)
class Posed:
    """An instance with its model, its program (targets in the units of their metrics) and its costs."""

    instance: Instance

    @cached_property
    def model(self) -> Model:
        """As PuLP has it."""
        return build(self.instance)

    @cached_property
    def program(self) -> Program:
        """The program of all stages."""
        return in_units(to_program(self.model.problem), self.instance)

    @cached_property
    def costs(self) -> tuple[tuple[float, ...], ...]:
        """The costs of the stages, then of the written order."""
        return ranks(self.model, self.program, self.model.stages)

    @cached_property
    def best(self) -> Vertex | None:
        """The best vertex; None where there is no plan."""
        stands = vertex(ENGINES["highs"](), self.program, self.costs)
        return stands if isinstance(stands, Vertex) else None
