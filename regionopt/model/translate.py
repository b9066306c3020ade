"""From PuLP's problem to plain numbers, and back for CBC and for files. The one door between the two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import attrgetter

import numpy as np
import pulp

from regionopt.model.core import Stage
from regionopt.model.matrix import Matrix
from regionopt.model.program import Program, Row, Rows
from regionopt.model.sums import ZERO, product

INFINITE = float("inf")


@dataclass(frozen=True)
class Columns:
    """The columns of a PuLP problem that stand in a row, by name, and the place of each by its `id`: PuLP's columns
    are hashed and compared in Python."""

    listed: tuple[pulp.LpVariable, ...]
    place: Mapping[int, int]

    def costs(self, stage: Stage) -> tuple[float, ...]:
        """A stage as costs to be minimised, one for each column."""
        costs = [0.0] * len(self.listed)
        for column, a in stage.expression.items():
            j = self.place.get(id(column))
            if j is not None:
                costs[j] = stage.sense * a
        return tuple(costs)


def columns_of(problem: pulp.LpProblem) -> Columns:
    """The columns of a problem."""
    found = {id(column): column for constraint in problem.constraints() for column in constraint}
    listed = tuple(sorted(found.values(), key=attrgetter("name")))
    return Columns(listed, {id(column): j for j, column in enumerate(listed)})


def to_program(problem: pulp.LpProblem, columns: Columns | None = None) -> Program:
    """The plain numbers of a PuLP problem, names in square brackets. Constants move to the row's bounds.

    `columns` are those of the problem, where they are at hand.
    """
    columns = columns or columns_of(problem)
    return Program(
        columns=tuple(plain(column.name) for column in columns.listed),
        lower=tuple(_or(column.lowBound, -INFINITE) for column in columns.listed),
        upper=tuple(_or(column.upBound, INFINITE) for column in columns.listed),
        rows=_rows(problem.constraints(), columns),
        integers=frozenset(j for j, column in enumerate(columns.listed) if column.cat == pulp.LpInteger),
    )


def _rows(constraints: Sequence[pulp.LpConstraint], columns: Columns) -> Rows:
    """The rows of a problem, without what has a coefficient of 0."""
    place = columns.place
    counts = [len(constraint) for constraint in constraints]
    matrix = Matrix(
        starts=np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]),
        columns=np.array([place[id(column)] for row in constraints for column in row], dtype=np.int64),
        values=np.array([a for row in constraints for a in row.values()], dtype=np.float64),
        width=len(columns.listed),
    )
    return Rows(
        names=tuple(plain(constraint.name) for constraint in constraints),
        matrix=matrix if matrix.values.all() else matrix.only(matrix.values != 0.0),
        lower=np.array([_or(constraint.getLb(), -INFINITE) for constraint in constraints], dtype=np.float64),
        upper=np.array([_or(constraint.getUb(), INFINITE) for constraint in constraints], dtype=np.float64),
        taken=(ZERO,) * len(counts),
    )


def to_costs(problem: pulp.LpProblem, stage: Stage) -> tuple[float, ...]:
    """A stage as costs to be minimised, one for each column."""
    return columns_of(problem).costs(stage)


def value(expression: pulp.LpAffineExpression, x: Mapping[int, Fraction]) -> Fraction:
    """An expression of the model at an exact plan (`x` by the `id` of PuLP's columns; what is left out is 0)."""
    terms = [(known, a) for column, a in expression.items() if (known := x.get(id(column))) is not None]
    return Fraction(expression.constant) + (product(*zip(*terms, strict=True)) if terms else 0)


def plain(name: str) -> str:
    """PuLP's `reach(jobs,east)` as the product's `reach[jobs,east]`."""
    return name.replace("(", "[").replace(")", "]")


def to_pulp(program: Program, costs: Sequence[float], name: str = "regionopt") -> pulp.LpProblem:
    """A program back as PuLP's problem, for CBC. Names get round brackets again."""
    problem = pulp.LpProblem(name)
    columns = [
        problem.add_variable(round_brackets(column), finite(low), finite(high))
        for column, low, high in zip(program.columns, program.lower, program.upper, strict=True)
    ]
    # PuLP forgets a column that stands nowhere, and adds one to a problem without costs: costs of 0 are said too.
    problem.setObjective(pulp.LpAffineExpression(list(zip(columns, costs, strict=True))))
    for row in program.rows:
        terms = pulp.LpAffineExpression([(columns[j], a) for j, a in row.terms])
        problem.add(_constraint(terms, row), round_brackets(row.name))
    for row in filter(between, program.rows):
        terms = pulp.LpAffineExpression([(columns[j], a) for j, a in row.terms])
        problem.add(terms <= row.upper, round_brackets(f"{row.name} upper"))
    return problem


def _constraint(terms: pulp.LpAffineExpression, row: Row) -> pulp.LpConstraint:
    """A row as PuLP can say it: one bound, two equal ones, or none (0 ≤ 0)."""
    if row.lower == row.upper:
        return terms == row.lower
    if finite(row.lower) is not None:
        return terms >= row.lower
    return terms <= row.upper if finite(row.upper) is not None else pulp.LpAffineExpression() <= 0


def between(row: Row) -> bool:
    """Two different bounds, which PuLP cannot say: the upper one becomes a row of its own, after all others."""
    return finite(row.lower) is not None and finite(row.upper) is not None and row.lower < row.upper


def round_brackets(name: str) -> str:
    """PuLP's spelling of a name."""
    return name.replace("[", "(").replace("]", ")")


def finite(bound: float) -> float | None:
    """PuLP's spelling of a bound."""
    return None if bound in (INFINITE, -INFINITE) else bound


def _or(bound: float | None, missing: float) -> float:
    return missing if bound is None else float(bound)
