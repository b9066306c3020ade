"""One objective solved and proven: the solver's basis as an exact corner, and the face of plans as good as it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from regionopt.certificate import check_stage
from regionopt.document import StageCertificate, Status
from regionopt.errors import Problem, ToolError
from regionopt.exact import Corner, corner
from regionopt.program import Basis, Program, Seat
from regionopt.repair import repaired
from regionopt.solvers import Engine


@dataclass(frozen=True)
class Optimum:
    """One stage solved: its costs, the exact corner and the proof."""

    costs: tuple[float, ...]
    basis: Basis
    corner: Corner
    value: Fraction
    proof: StageCertificate


def optimise(engine: Engine, program: Program, stage: str, costs: tuple[float, ...]) -> Optimum | Status:
    """One stage: the solver's basis, solved again in fractions and checked; its status when not optimal."""
    answer = engine.minimise(program, costs)
    if answer.status is not Status.OPTIMAL or answer.basis is None:
        return answer.status
    try:
        found = proven(program, stage, costs, answer.basis)
        return found if found.proof.exact else proven(program, stage, costs, repaired(program, costs, found.basis))
    except ArithmeticError as error:
        raise ToolError([Problem("solver_failed", engine.name, error)]) from error


def proven(program: Program, stage: str, costs: tuple[float, ...], basis: Basis) -> Optimum:
    """The corner of a basis with its value and proof. Raises ArithmeticError when the basis is singular."""
    found = corner(program, costs, basis)
    proof = check_stage(stage, program, costs, found.x, found.y)
    value = sum((Fraction(c) * x for c, x in zip(costs, found.x, strict=True) if c), Fraction(0))
    return Optimum(costs, basis, found, value, proof)


def strictly_complementary(optimum: Optimum) -> bool:
    """Everything that sits at a bound has a price: sufficient for a unique optimum, and free to check."""
    columns = zip(optimum.basis.columns, optimum.corner.d, strict=True)
    rows = zip(optimum.basis.rows, optimum.corner.y, strict=True)
    return all(price for seat, price in (*columns, *rows) if seat is not Seat.BASIC)


def optimal_face(program: Program, found: Corner) -> Program:
    """The program restricted to its optimal plans: whatever has a price stays where it is."""
    lower, upper = list(program.lower), list(program.upper)
    for j, price in enumerate(found.d):
        if price:
            lower[j] = upper[j] = lower[j] if price > 0 else upper[j]
    rows = tuple(
        row if not price else replace(row, lower=bound, upper=bound)
        for row, price in zip(program.rows, found.y, strict=True)
        for bound in (row.lower if price > 0 else row.upper,)
    )
    return replace(program, lower=tuple(lower), upper=tuple(upper), rows=rows)
