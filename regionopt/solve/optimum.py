"""One objective solved and proven: the solver's basis as an exact corner, and the face of plans as good as it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from regionopt.common.document import StageCertificate, Status
from regionopt.common.errors import Problem, ToolError
from regionopt.model.program import Basis, Program, Seat
from regionopt.model.standing import Standing, standing
from regionopt.model.sums import product
from regionopt.proof.certificate import check
from regionopt.proof.exact import Corner, corner
from regionopt.proof.faces import face
from regionopt.proof.forms import Form
from regionopt.solve.engine import Answer, Engine
from regionopt.solve.improve import improved
from regionopt.solve.repair import repaired


@dataclass(frozen=True)
class Optimum:
    """One stage solved: its costs, the exact corner and the proof."""

    costs: tuple[float, ...]
    basis: Basis
    corner: Corner
    value: Fraction
    proof: StageCertificate


def optimise(
    engine: Engine, program: Program, stage: str, costs: tuple[float, ...], start: Basis | None = None
) -> Optimum | Status:
    """One stage: the solver's basis, solved again in fractions and checked; its status when not optimal.

    `start` is a basis that is known to keep every row, that of the stage before. Where the solver lost its way
    (rows that nearly coincide, numbers of very different size) the simplex method goes on from there in fractions.
    """
    left = standing(program)
    if left is None:
        return _optimise(engine, program, stage, costs, start)
    before = None if start is None else left.picked_basis(start)
    found = _optimise(engine, left.program, stage, left.picked(costs), before)
    return found if isinstance(found, Status) else _put(left, costs, found)


def _put(left: Standing, costs: tuple[float, ...], found: Optimum) -> Optimum:
    """The optimum of what is left as one of the whole program."""
    corner = Corner(left.put_plan(found.corner.x), Form.of(left.whole, costs, found.corner.d.y))
    return Optimum(costs, left.put_basis(found.basis), corner, found.value + left.rest(costs), found.proof)


def _optimise(
    engine: Engine, program: Program, stage: str, costs: tuple[float, ...], start: Basis | None
) -> Optimum | Status:
    try:
        answer = engine.minimise(program, costs)
    except ToolError:
        if start is None:
            raise
        answer = Answer(Status.INFEASIBLE)
    found: Optimum | None = None
    for basis in (answer.basis, start):
        if basis is not None and (found is None or not found.proof.exact):
            found = _settled(program, stage, costs, basis) or found
    if found is None and answer.status is Status.OPTIMAL:
        raise ToolError([Problem("solver_failed", engine.name, "singular basis")])
    return found or answer.status


def _settled(program: Program, stage: str, costs: tuple[float, ...], basis: Basis) -> Optimum | None:
    """The optimum that a basis stands for, or that is a few exact steps away; None when the basis is singular."""
    try:
        found = proven(program, stage, costs, basis)
        if found.proof.exact:
            return found
        inside = repaired(program, costs, found.basis)
        return proven(program, stage, costs, improved(program, costs, inside))
    except ArithmeticError:
        return None


def after(optimum: Optimum, program: Program) -> Basis:
    """The basis of one program for a later one with more rows: what was added is not tight yet."""
    added = len(program.rows) - len(optimum.basis.rows)
    return Basis(optimum.basis.columns, (*optimum.basis.rows, *([Seat.BASIC] * added)))


def proven(program: Program, stage: str, costs: tuple[float, ...], basis: Basis) -> Optimum:
    """The corner of a basis with its value and proof. Raises ArithmeticError when the basis is singular."""
    found = corner(program, costs, basis)
    proof = check(stage, program, found.x, found.d)
    return Optimum(costs, basis, found, product(found.x, costs), proof)


def strictly_complementary(program: Program, optimum: Optimum) -> bool:
    """All that sits at a bound and could leave it has a price: sufficient for a unique optimum, and free to check."""
    able = np.flatnonzero(program.movable & (optimum.basis.seats != Seat.BASIC))
    return bool(optimum.corner.d.signs(able).all())


def optimal_face(program: Program, found: Optimum) -> Program:
    """The program restricted to the plans that are as good as an optimum of it."""
    return face(program, found.corner.d, found.value)
