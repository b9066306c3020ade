"""The written steps of a proof one after another, each with the program that it was solved as.

A stage's program is the written one, with a row that keeps the value of each stage before it, and with its whole
numbers put in. A step of the written order has the optimal plans of the step before as its program (`faces`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from regionopt.faces import face
from regionopt.program import Program, Row
from regionopt.proofs import Evidence, Step, read_costs, read_program, read_vector


@dataclass(frozen=True)
class Replayed:
    """A step with its program, the costs that are minimised, the plan `x` and the prices `y`."""

    step: Step
    program: Program
    costs: tuple[float, ...]
    x: tuple[Fraction, ...]
    y: tuple[Fraction, ...]


def replay(evidence: Evidence) -> Iterator[Replayed]:
    """Every step. Raises KeyError where a column or a row is named that the program does not have."""
    held = read_program(evidence.program)
    last: Replayed | None = None
    for step in evidence.steps:
        costs = read_costs(held.columns, step)
        if step.kind == "stage":
            program = with_numbers(held, step.numbers)
        elif last is not None:
            program = face(last.program, last.costs, last.y)
        x = read_vector(program.columns, step.primal)
        last = Replayed(step, program, costs, x, read_vector([row.name for row in program.rows], step.dual))
        yield last
        if step.kind == "stage" and step.held_at is not None:
            held = held.with_row(hold(step.name, costs, step.held_at))


def hold(name: str, costs: tuple[float, ...], most: float) -> Row:
    """The row that keeps a stage's value while later stages are optimised."""
    return Row(f"hold[{name}]", tuple((j, c) for j, c in enumerate(costs) if c), -math.inf, most)


def held_at(value: Fraction, give_away: float) -> float:
    """What later stages keep a minimised value at: value + give_away · |value|, rounded up to a float."""
    most = value + Fraction(give_away) * abs(value)
    nearest = float(most)
    return nearest if Fraction(nearest) >= most else math.nextafter(nearest, math.inf)


def with_numbers(program: Program, numbers: Mapping[str, int]) -> Program:
    """The linear program that is left when the whole numbers are decided."""
    at = {program.columns.index(name) if name in program.columns else -1: n for name, n in numbers.items()}
    if -1 in at:
        raise KeyError(next(name for name in numbers if name not in program.columns))
    lower, upper = (
        tuple(float(at.get(j, bound)) for j, bound in enumerate(bounds)) for bounds in (program.lower, program.upper)
    )
    return replace(program, lower=lower, upper=upper, integers=program.integers - at.keys())


def bounded(program: Program, ceiling: float) -> Program:
    """The program of the plans whose columns without a bound stay below a ceiling."""
    return replace(
        program,
        lower=tuple(max(low, -ceiling) if math.isinf(low) else low for low in program.lower),
        upper=tuple(min(high, ceiling) if math.isinf(high) else high for high in program.upper),
    )
