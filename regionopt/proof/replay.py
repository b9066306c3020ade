"""The written steps of a proof one after another, each with the program that it was solved as.

A stage's program is the written one, with what keeps each stage before it, and with its whole numbers put in. What
gives something away is kept by a row; what does not, and every step of the written order, by the optimal plans of the
step before (`faces`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from regionopt.model.program import Program, Row
from regionopt.model.sums import activities, product
from regionopt.proof.faces import face
from regionopt.proof.forms import Form
from regionopt.proof.proofs import Evidence, Step, read_costs, read_program, read_vector


@dataclass(frozen=True)
class Replayed:
    """A step with its program, the costs that are minimised, the plan `x` and the prices `y`."""

    step: Step
    program: Program
    costs: tuple[float, ...]
    x: tuple[Fraction, ...]
    y: tuple[Fraction, ...]
    on_face: bool = False


def replay(evidence: Evidence) -> Iterator[Replayed]:
    """Every step. Raises KeyError where a column or a row is named that the program does not have."""
    held = read_program(evidence.program)
    last: Replayed | None = None
    for step in evidence.steps:
        costs, on_face = read_costs(held.columns, step), last is not None and last.step.held_at is None
        x = read_vector(held.columns, step.primal)
        if last is not None and on_face:
            held = _face(last) if evidence.form == "exact" else _told(last.program, step, x)
        program = with_numbers(held, step.numbers)
        y = read_vector([row.name for row in program.rows], step.dual)
        last = Replayed(step, program, costs, x, y, on_face)
        yield last
        if step.held_at is not None:
            held = held.with_row(hold(step.name, costs, step.held_at))


def final_plan(evidence: Evidence) -> dict[str, Fraction] | None:
    """The plan of the last step by the names of its columns; None where there is none."""
    plan = None
    for step in replay(evidence):
        plan = dict(zip(step.program.columns, step.x, strict=True))
    return plan


def _face(last: Replayed) -> Program:
    """The plans as good as a step's."""
    prices = Form.of(last.program, last.costs, {i: price for i, price in enumerate(last.y) if price})
    return face(last.program, prices, product(last.x, last.costs))


def _told(program: Program, step: Step, x: Sequence[Fraction]) -> Program:
    """The face that a rounded step tells: what it fixes is at the bound that is nearest."""
    columns, rows = set(step.fixed_columns), set(step.fixed_rows)
    sides = zip(program.columns, program.lower, program.upper, x, strict=True)
    bounds = [_nearest(low, high, v) if name in columns else (low, high) for name, low, high, v in sides]
    activity = activities(program.rows, x)
    kept = (
        row.within(*_nearest(row.lower, row.upper, a)) if row.name in rows else row
        for row, a in zip(program.rows, activity, strict=True)
    )
    lower, upper = zip(*bounds, strict=True) if bounds else ((), ())
    return replace(program, lower=tuple(lower), upper=tuple(upper), rows=tuple(kept))


def _nearest(low: float, high: float, value: Fraction) -> tuple[float, float]:
    near = min((low, high), key=lambda bound: abs(bound - float(value)))
    return near, near


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
