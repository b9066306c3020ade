"""All stages of a case as one program with costs in order of rank, and the vertex that is best.

    c1 before c2 before … before the written order of the tranches

Nothing is given away from one stage to the next here: the vertex is the plan of `solve` for a case that gives nothing
away, and can be followed along a curve.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from regionopt.common.document import Status
from regionopt.common.errors import Problem, ToolError
from regionopt.common.instance import Instance
from regionopt.model.core import Model, Stage
from regionopt.model.program import Basis, Program, Row, Seat
from regionopt.model.scaling import spans
from regionopt.model.translate import plain, to_costs
from regionopt.proof.faces import NOISE
from regionopt.solve.engine import Engine
from regionopt.solve.improve import best
from regionopt.solve.optimum import optimal_face, optimise
from regionopt.solve.repair import inside
from regionopt.solve.simplex import first_outside, first_wrong
from regionopt.solve.ties import spread, written
from regionopt.solve.vertex import Costs, Vertex

# Exact steps from the solver's vertex; most need none.
STEPS = 2000
# So many take less than a solve for each rank.
FEW = 8
# What a rank weighs against the one before where all are asked for at once: seldom decides against it, and even the
# fourth is seen by a solver that works to 1e-10. With a tenth or ten times of it the basis is some steps away.
FAR_BELOW = 1e-3


def in_units(program: Program, instance: Instance) -> Program:
    """The same program with targets in the units of their metrics: gained + T·s ≥ T. A change of a target is then a
    change of one bound and one coefficient."""
    amounts = {f"reach[{','.join(target.key)}]": target.target for target in instance.targets}
    rows = (
        row if row.name not in amounts else _times(row, amounts[row.name], program.columns) for row in program.rows
    )
    return replace(program, rows=tuple(rows))


def _times(row: Row, amount: float, columns: Sequence[str]) -> Row:
    # The shortfall's own coefficient and the bound are 1: they become the amount itself, without rounding.
    terms = tuple((j, amount if columns[j].startswith("shortfall[") else a * amount) for j, a in row.terms)
    return Row(row.name, terms, amount, math.inf)


def ranks(model: Model, program: Program, stages: Sequence[Stage]) -> tuple[tuple[float, ...], ...]:
    """The costs of the stages, then of the written order that decides what they leave open."""
    position = {name: j for j, name in enumerate(program.columns)}
    spend = [position[plain(column.name)] for column in model.spend.values()]
    return (*(to_costs(model.problem, stage) for stage in stages), spread(program, written(spend)))


def vertex(engine: Engine, program: Program, costs: tuple[Costs, ...]) -> Vertex | Status:
    """The best vertex of a linear program, proven at every rank; its status when there is none.

    Raises ToolError when an exact vertex is not reached.
    """
    found = _at_once(engine, program, costs)
    return _rank_by_rank(engine, program, costs) if found is None else found


def _at_once(engine: Engine, program: Program, costs: tuple[Costs, ...]) -> Vertex | None:
    """The best vertex from one solve of all ranks, each far below the one before: mostly there or a few exact steps
    away. None where it is farther."""
    table = np.array(costs)
    size = np.abs(table * spans(program)).max(axis=1)
    weights = FAR_BELOW ** np.arange(len(table)) / np.where(size, size, 1.0)
    try:
        answer = engine.minimise(program, tuple((weights @ table).tolist()))
        if answer.basis is None:
            return None
        values = np.abs(table @ np.array(answer.x)).tolist()
        found = Vertex(program, costs, answer.basis, _least(program, values))
        return _proven(best(inside(found, FEW), FEW))
    except (ToolError, ArithmeticError):
        return None


def _rank_by_rank(engine: Engine, program: Program, costs: tuple[Costs, ...]) -> Vertex | Status:
    """One solve a rank, each on the plans that are as good at those before, then exact steps to the best vertex."""
    face, basis, values = program, None, list[float]()
    for rank, cost in enumerate(costs):
        found = optimise(engine, face, f"rank {rank + 1}", tuple(cost), basis)
        if isinstance(found, Status):
            return found
        face, basis = optimal_face(face, found), found.basis
        values.append(abs(float(found.value)))
    if basis is None:
        raise ValueError("no costs")
    least = _least(program, values)
    reached = _proven(best(inside(Vertex(program, costs, _seated(program, face, basis), least), STEPS), STEPS))
    if reached is None:
        raise ToolError([Problem("not_proven", "vertex", len(costs))])
    return reached


def _proven(found: Vertex) -> Vertex | None:
    """A vertex that keeps every bound and that no step makes better; None in place of any other."""
    return None if first_outside(found) or first_wrong(found) else found


def _least(program: Program, values: Sequence[float]) -> tuple[tuple[float, ...], ...]:
    """By rank the price of every thing that moves the value by no more than `NOISE` of it, however far it goes."""
    span = spans(program)
    most = np.concatenate([span, program.matrix.reach(span)]).tolist()
    return tuple(tuple(NOISE * (1 + value) / far if far else 0.0 for far in most) for value in values)


def again(found: Vertex, program: Program) -> Vertex | None:
    """The best vertex of a program that differs a little in its bounds, from the old one; None when there is none
    within reach."""
    return _proven(best(inside(found.on(program), STEPS), STEPS))


def _seated(program: Program, face: Program, basis: Basis) -> Basis:
    """The basis of a face as one of the whole program: what the face fixes sits at the bound that it is fixed to."""
    columns = (
        _seat(seat, low, (face.lower[j], face.upper[j]))
        for j, (seat, low) in enumerate(zip(basis.columns, program.lower, strict=True))
    )
    rows = (
        _seat(seat, row.lower, (fixed.lower, fixed.upper))
        for seat, row, fixed in zip(basis.rows, program.rows, face.rows, strict=True)
    )
    return replace(basis, columns=tuple(columns), rows=tuple(rows))


def _seat(seat: Seat, low: float, fixed: tuple[float, float]) -> Seat:
    if seat is Seat.BASIC or fixed[0] != fixed[1]:
        return seat
    return Seat.LOWER if fixed[0] == low else Seat.UPPER
