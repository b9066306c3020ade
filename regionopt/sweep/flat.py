"""A case's program as one vector of numbers with a fixed pattern: what changes from run to run is an array.

    bounds of columns · bounds of rows · coefficients · scalars

Below the rows of the program stand its costs (one row a rank, the written order last) and what is told of a plan
(money, gains, what targets are measured by), so that one matrix times the plan gives everything.
Targets are counted in the units of their metrics (`ordered.in_units`): the numbers are then sums of products of the
numbers of the case.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from pulp import LpAffineExpression

from regionopt.common.instance import METRICS, Instance
from regionopt.model.core import Model, Stage
from regionopt.model.program import Program, Row
from regionopt.model.scaling import units
from regionopt.model.translate import to_costs, to_program
from regionopt.solve.ordered import in_units, ranks

Array: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True)
class Pattern:
    """What the numbers stand for. Rows and columns of `terms`: program rows, then ranks, then what is told.

    `told` names the rows that are told: `spent`, `budget,<region>`, `<metric>,<region>`, `reached,<target>`.
    `scalars` names the numbers beside the program: the budget, targets, returns (to see that they fall).
    """

    columns: tuple[str, ...]
    rows: tuple[str, ...]
    ranks: tuple[str, ...]
    senses: tuple[int, ...]
    told: tuple[str, ...]
    scalars: tuple[str, ...]
    term_rows: Ints = field(compare=False)
    term_columns: Ints = field(compare=False)
    key: bytes = b""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows of everything, and columns."""
        return len(self.rows) + len(self.ranks) + len(self.told), len(self.columns)

    @cached_property
    def parts(self) -> dict[str, slice]:
        """Where each part of the vector stands."""
        sizes = {
            "lower": len(self.columns), "upper": len(self.columns), "row_lower": len(self.rows),
            "row_upper": len(self.rows), "terms": len(self.term_rows), "scalars": len(self.scalars),
        }  # fmt: skip
        found, start = {}, 0
        for name, size in sizes.items():
            found[name] = slice(start, start + size)
            start += size
        return found

    def matrix(self, terms: Array) -> Array:
        """The coefficients of a run as a matrix: program rows, ranks, what is told. Many runs: a matrix each."""
        whole = np.zeros((*terms.shape[:-1], *self.shape))
        whole[..., self.term_rows, self.term_columns] = terms
        return whole

    def at(self, scalar: str) -> int:
        """The place of a scalar in the vector."""
        return int(self.parts["scalars"].start) + self.scalars.index(scalar)


def flatten(model: Model) -> tuple[Pattern, Array]:
    """The pattern of a model and its numbers. Whole numbers are not known here: the program is taken as linear."""
    program = in_units(to_program(model.problem), model.instance)
    costs = ranks(model, program, model.stages)
    told = dict(_told(model))
    terms = [(i, j, a) for i, row in enumerate(program.rows) for j, a in row.terms]
    lines = [*costs, *(to_costs(model.problem, Stage("", 1, expression)) for expression in told.values())]
    for i, line in enumerate(lines, len(program.rows)):
        terms += [(i, j, a) for j, a in enumerate(line) if a]
    scalars = dict(_scalars(model.instance))
    rows, columns = (np.array([term[k] for term in terms], dtype=np.int64) for k in (0, 1))
    pattern = Pattern(
        program.columns,
        tuple(row.name for row in program.rows),
        (*(stage.name for stage in model.stages), "order"),
        (*(stage.sense for stage in model.stages), 1),
        tuple(told),
        tuple(scalars),
        rows,
        columns,
        rows.tobytes() + columns.tobytes(),
    )
    return pattern, np.array([*_bounds(program), *(a for _, _, a in terms), *scalars.values()])


def _bounds(program: Program) -> Iterator[float]:
    yield from program.lower
    yield from program.upper
    yield from (row.lower for row in program.rows)
    yield from (row.upper for row in program.rows)


def _told(model: Model) -> Iterator[tuple[str, LpAffineExpression]]:
    yield "spent", model.spent()
    for region in model.instance.regions:
        yield f"budget,{region}", model.allocation(region)
    for metric in METRICS:
        for region in model.instance.regions:
            yield f"{metric},{region}", model.gained(metric, region)
    for target in model.instance.targets:
        yield f"reached,{','.join(target.key)}", model.reached(target)


def _scalars(instance: Instance) -> Iterator[tuple[str, float]]:
    yield "budget", instance.budget
    for target in instance.targets:
        yield f"target,{','.join(target.key)}", target.target
    for t in instance.tranches:
        for metric in METRICS:
            yield f"return,{metric},{t.region},{t.programme},{t.tranche},{t.period}", t.returns[metric]


@dataclass(frozen=True)
class Scale:
    """Powers of two by which the numbers of a pattern come near 1."""

    unit: Array
    row: Array
    cost: Array
    terms: Array

    @staticmethod
    def of(pattern: Pattern, numbers: Array) -> Scale:
        """The scale of a program, good for all that differ a little from it."""
        parts, rows = pattern.parts, len(pattern.rows)
        whole = pattern.matrix(numbers[parts["terms"]])
        unit = np.array(units(program_of(pattern, numbers, whole)))
        row = _powers(np.abs(whole[:rows] * unit).max(axis=1, initial=0.0))
        cost = _powers(np.abs(whole[rows : rows + len(pattern.ranks)] * unit).max(axis=1, initial=0.0))
        by_row = np.concatenate([row, cost, np.ones(len(pattern.told))])
        terms = unit[pattern.term_columns] / by_row[pattern.term_rows]
        return Scale(unit, row, cost, terms)


def together(found: Iterable[tuple[int, tuple[Pattern, Array]]]) -> list[tuple[Pattern, list[int], Array]]:
    """Runs of each pattern together: from places with what was read there to places and numbers, a row a run."""
    alike: dict[Pattern, tuple[list[int], list[Array]]] = {}
    for place, (pattern, numbers) in found:
        places, rows = alike.setdefault(pattern, ([], []))
        places.append(place)
        rows.append(numbers)
    return [(pattern, places, np.array(rows)) for pattern, (places, rows) in alike.items()]


def program_of(pattern: Pattern, numbers: Array, whole: Array) -> Program:
    """The numbers as a program again, for what is said of programs."""
    lower, upper, row_lower, row_upper = (
        numbers[pattern.parts[part]].tolist() for part in ("lower", "upper", "row_lower", "row_upper")
    )
    rows = []
    for i, (name, low, high) in enumerate(zip(pattern.rows, row_lower, row_upper, strict=True)):
        line = whole[i]
        rows.append(Row(name, tuple((int(j), float(line[j])) for j in np.flatnonzero(line)), low, high))
    return Program(pattern.columns, tuple(lower), tuple(upper), tuple(rows))


def _powers(amounts: Array) -> Array:
    """The power of two just above each amount; 1 for none."""
    return np.array([math.ldexp(1.0, math.frexp(amount)[1]) if amount else 1.0 for amount in amounts.tolist()])
