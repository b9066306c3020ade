"""What one more unit of budget is worth in a case, and which limits hold its plan with nothing to spare.

Left out where it cannot be said: without a plan, in whole numbers, and where a stage gives something away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from regionopt.case.case import Case
from regionopt.case.limits import Limit, of_row
from regionopt.common.errors import ToolError
from regionopt.common.instance import Instance
from regionopt.doctor.levers import levers
from regionopt.explain.prices import prices
from regionopt.explain.quantities import quantities
from regionopt.model.model import build
from regionopt.model.program import Program
from regionopt.model.sums import activities
from regionopt.model.translate import to_program
from regionopt.solve.ordered import in_units, ranks, vertex
from regionopt.solve.solvers import ENGINES
from regionopt.solve.vertex import Vertex

BUDGET = "budget.total"
# Rows that hold every plan: what a goal misses fills its row up.
ALWAYS = ("target", "per_head", "growth", "milestone", "share", "arising", "counted", "unlock")
Change = tuple[Fraction | None, Fraction | None]


@dataclass(frozen=True)
class Held:
    """Of a plan: the change of every stage and national total per unit less and per unit more budget, by name (per
    unit more in both; None: there is no plan that way), and the limits that it meets exactly, by path."""

    prices: Mapping[str, Change]
    tight: Mapping[str, Limit]


def held(case: Case) -> Held | None:
    """The prices of the budget and the tight limits of a case that has a plan; None where they cannot be told."""
    instance = case.instance
    if instance.platforms or instance.measures or instance.give_away:
        return None
    model, program = build(instance), _program(instance)
    try:
        found = vertex(ENGINES["highs"](), program, ranks(model, program, model.stages))
    except ToolError:
        return None
    if not isinstance(found, Vertex):
        return None
    budget = [lever for lever in levers(case, program, _program) if lever.path == BUDGET]
    told = {
        price.quantity.name: (price.left.change, price.right.change)
        for price in prices(found, budget, quantities(model))
    }
    return Held(told, {limit.path: limit for limit in _tight(instance, found)})


def _program(instance: Instance) -> Program:
    return in_units(to_program(build(instance).problem), instance)


def _tight(instance: Instance, found: Vertex) -> Iterator[Limit]:
    """Limits whose rows have nothing to spare; rows that leave no choice anyway are none."""
    program = found.program
    reached = activities(program.rows, found.values[: len(program.columns)])
    for row, activity in zip(program.rows, reached, strict=True):
        limit = of_row(instance, row.name) if row.lower < row.upper else None
        if limit is not None and limit.kind.key not in ALWAYS and activity in (row.lower, row.upper):
            yield limit
