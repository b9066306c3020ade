"""Writes down what was proven: from what was solved to the text of `proofs`.

Exact fractions are written as long as people and machines can read them. Beyond that the plan and the prices are
rounded, and what the rounded prices still prove is written: by weak duality any prices bound the value.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from regionopt.common.document import WholeCertificate
from regionopt.model.program import Program
from regionopt.proof.certificate import dual_bound
from regionopt.proof.contradiction import Farkas
from regionopt.proof.faces import fixed
from regionopt.proof.proofs import LONGEST, Clash, Evidence, Step, write_program, write_vector
from regionopt.proof.replay import bounded, held_at
from regionopt.solve.optimum import Optimum, optimal_face
from regionopt.solve.solve import Trail, by_row

# Characters of exact fractions in one file. The built-in case over 15 years takes 0.1 million.
MOST = 8_000_000
# Digits in one bit of a whole number.
_DIGITS = math.log10(2)


@dataclass(frozen=True)
class _Proven:
    """A step as it was solved; `on_face`: its program is the face of the plans as good as the step before."""

    name: str
    kind: str
    sense: int
    program: Program
    optimum: Optimum
    held_at: float | None = None
    whole: WholeCertificate | None = None
    on_face: bool = False


def evidence(trail: Trail, give_away: float = 0.0, most: int = MOST) -> Evidence:
    """The proof of every stage and of every step of the order, exact unless that is longer than `most` characters."""
    steps = tuple(_steps(trail, give_away))
    exact = _length(steps) <= most
    ceiling = None if exact else _ceiling(trail.program)
    return Evidence(
        form="exact" if exact else "rounded",
        ceiling=ceiling,
        program=write_program(trail.program),
        steps=tuple(_step(step, trail.program.integers, ceiling) for step in steps),
    )


def no_plan(program: Program, farkas: Farkas | None) -> Evidence:
    """The proof that a program has no plan; without one only the solver says so."""
    clash = None
    if farkas is not None:
        prices = write_vector([row.name for row in program.rows], farkas.y)
        clash = Clash(prices=prices, excess=str(farkas.excess))
    return Evidence(proven=clash is not None, program=write_program(program), infeasible=clash)


def _steps(trail: Trail, give_away: float) -> Iterator[_Proven]:
    on_face = False
    for k, (sense, solved) in enumerate(zip(trail.senses, trail.solved, strict=True), 1):
        whole = solved.proof if isinstance(solved.proof, WholeCertificate) else None
        last = k == len(trail.solved)
        row = not last and by_row(trail.program, solved.optimum, give_away)
        held = held_at(solved.optimum.value, give_away) if row else None
        yield _Proven(solved.stage.name, "stage", sense, solved.program, solved.optimum, held, whole, on_face)
        on_face = not row
    if trail.order:
        program, before = trail.solved[-1].program, trail.solved[-1].optimum
        for optimum in trail.order:
            program = optimal_face(program, before)
            yield _Proven(optimum.proof.stage, "order", 1, program, optimum, on_face=True)
            before = optimum


def _step(given: _Proven, integers: Iterable[int], ceiling: float | None) -> Step:
    columns, rows = given.program.columns, [row.name for row in given.program.rows]
    numbers = {columns[j]: int(given.optimum.corner.x[j]) for j in sorted(integers)} if given.kind == "stage" else {}
    rounded_order = given.kind == "order" and ceiling is not None
    decided = fixed(given.program) if given.on_face and not rounded_order else ((), ())
    x: Sequence[Fraction] = given.optimum.corner.x
    y, value = given.optimum.corner.y, given.optimum.value
    gap: Fraction | None
    if ceiling is None:
        gap = value - dual_bound(given.program, given.optimum.costs, y)[1]
    else:
        x, y, value, gap = _rounded(given, ceiling)
    return Step(
        name=given.name,
        kind="order" if given.kind == "order" else "stage",
        sense="minimise" if given.sense > 0 else "maximise",
        value=str(given.sense * value),
        gap=None if gap is None else str(gap),
        held_at=given.held_at,
        numbers=numbers,
        solver_bound=given.whole.bound if given.whole else None,
        solver_gap=given.whole.gap if given.whole else None,
        fixed_columns=decided[0],
        fixed_rows=decided[1],
        costs={name: given.sense * c for name, c in zip(columns, given.optimum.costs, strict=True) if c},
        primal=write_vector(columns, x),
        dual=write_vector(rows, y),
    )


def _rounded(
    given: _Proven, ceiling: float
) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...], Fraction, Fraction | None]:
    """Plan, prices and value as floating point numbers, and the distance that these prices still prove.

    A step of the order lies on a face that needs exact prices: nothing is proven of it.
    """
    x, value = _floats(given.optimum.corner.x), Fraction(float(given.optimum.value))
    if given.kind == "order":
        return x, (Fraction(0),) * len(given.program.rows), value, None
    y = _floats(given.optimum.corner.y)
    gap = value - dual_bound(bounded(given.program, ceiling), given.optimum.costs, y)[1]
    return x, y, value, Fraction(float(gap))


def _floats(values: Sequence[Fraction]) -> tuple[Fraction, ...]:
    return tuple(Fraction(float(value)) for value in values)


def _ceiling(program: Program) -> float:
    """A thousand times the largest number that bounds anything: no column of a sensible plan is above it."""
    bounds = [*program.lower, *program.upper, *(b for row in program.rows for b in (row.lower, row.upper))]
    return 1024.0 * max((abs(b) for b in bounds if math.isfinite(b)), default=1.0)


def _length(steps: Iterable[_Proven]) -> float:
    """Characters of all fractions; infinite where one is too long to be read back."""
    total = 0.0
    for step in steps:
        for value in (*step.optimum.corner.x, *step.optimum.corner.y, step.optimum.value):
            parts = (value.numerator.bit_length() * _DIGITS, value.denominator.bit_length() * _DIGITS)
            total += math.inf if max(parts) >= LONGEST - 1 else sum(parts)
    return total
