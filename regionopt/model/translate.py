"""From PuLP's problem to plain numbers, and back for CBC and for files. The one door between the two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pulp

from regionopt.model.core import Stage
from regionopt.model.program import Program, Row
from regionopt.model.sums import product

INFINITE = float("inf")


def to_program(problem: pulp.LpProblem, columns: Sequence[pulp.LpVariable] = ()) -> Program:
    """The plain numbers of a PuLP problem, names in square brackets. Constants move to the row's bounds.

    `columns` are those of the problem, where they are at hand: PuLP looks for them in every row.
    """
    columns = columns or problem.variables()
    position = {id(column): j for j, column in enumerate(columns)}
    return Program(
        columns=tuple(plain(column.name) for column in columns),
        lower=tuple(_or(column.lowBound, -INFINITE) for column in columns),
        upper=tuple(_or(column.upBound, INFINITE) for column in columns),
        rows=tuple(_row(constraint, position) for constraint in problem.constraints()),
        integers=frozenset(j for j, column in enumerate(columns) if column.cat == pulp.LpInteger),
    )


def to_costs(problem: pulp.LpProblem, stage: Stage) -> tuple[float, ...]:
    """A stage as costs to be minimised, one for each column."""
    return costs_of(problem.variables(), stage)


def costs_of(columns: Sequence[pulp.LpVariable], stage: Stage) -> tuple[float, ...]:
    """The same, where the columns of the problem are at hand."""
    return tuple(stage.sense * stage.expression.get(column, 0.0) for column in columns)


def value(expression: pulp.LpAffineExpression, x: Mapping[str, Fraction]) -> Fraction:
    """An expression of the model at an exact plan (`x` by PuLP's column names; what is left out is 0)."""
    terms = [(known, a) for column, a in expression.items() if (known := x.get(column.name)) is not None]
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


def _row(constraint: pulp.LpConstraint, position: Mapping[int, int]) -> Row:
    return Row(
        plain(constraint.name),
        tuple([(position[id(column)], float(a)) for column, a in constraint.items() if a]),
        _or(constraint.getLb(), -INFINITE),
        _or(constraint.getUb(), INFINITE),
    )


def _or(bound: float | None, missing: float) -> float:
    return missing if bound is None else float(bound)
