"""Proof that a plan is optimal, by code that never calls a solver.

For  min c·x,  row_lower ≤ A x ≤ row_upper,  lower ≤ x ≤ upper  and any prices y, weak duality bounds the value
from below by  Σ_i y_i·(row bound of y_i's sign) + Σ_j d_j·(column bound of d_j's sign)  with d = c - A'y.
A feasible x whose value equals that bound is optimal. Everything is computed in fractions of the numbers that
the solver was given, so nothing is lost to rounding.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

from regionopt.common.document import Certificate, StageCertificate, WholeCertificate
from regionopt.model.points import Point
from regionopt.model.program import Program
from regionopt.model.sums import ZERO, activities, dot, product, reduced_whole
from regionopt.proof.forms import Form
from regionopt.proof.slackness import proves

TOLERANCE = 1e-9


def check_stage(
    stage: str, program: Program, costs: Sequence[float], x: Sequence[Fraction], y: Sequence[Fraction]
) -> StageCertificate:
    """Check one stage's plan `x` (a value a column) and prices `y` (one a row) against its program."""
    prices = {i: price for i, price in enumerate(y) if price}
    return check(stage, program, Point.of(x), Form.of(program, costs, prices))


def check(stage: str, program: Program, x: Point, form: Form) -> StageCertificate:
    """The same for prices with their reduced costs: nothing is broken where they prove each other best (`slackness`),
    else by how much."""
    if proves(program, x, form):
        return StageCertificate(stage=stage, primal_violation=0.0, dual_violation=0.0, gap=0.0, exact=True)
    y = [form.y.get(i, ZERO) for i in range(len(program.rows))]
    return _measured(stage, program, form.costs.given, x, y)


def _measured(
    stage: str, program: Program, costs: Sequence[float], x: Sequence[Fraction], y: Sequence[Fraction]
) -> StageCertificate:
    """How far a plan and prices are from proving each other best."""
    primal = primal_violation(program, x)
    dual, bound = dual_bound(program, costs, y)
    value = product(x, costs)
    gap = abs(value - bound) / (1 + abs(value))
    return StageCertificate(
        stage=stage,
        primal_violation=float(primal),
        dual_violation=float(dual),
        gap=float(gap),
        exact=not (primal or dual or gap),
    )


def primal_violation(program: Program, x: Sequence[Fraction]) -> Fraction:
    """The largest amount by which any row or bound is broken; 0 for a feasible plan."""
    sides = [*zip(x, program.lower, program.upper, strict=True)]
    sides += ((a, row.lower, row.upper) for row, a in zip(program.rows, activities(program.rows, x), strict=True))
    outside = (_outside(*side) for side in sides if side[0] or not side[1] <= 0 <= side[2])
    return max((amount for amount in outside if amount), default=ZERO)


def dual_bound(program: Program, costs: Sequence[float], y: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """The largest price with nothing to rest on (an infinite bound), and the proven bound of the value."""
    priced = [
        (price.numerator, price.denominator, _left(row.lower if price > 0 else row.upper, row.taken))
        for row, price in zip(program.rows, y, strict=True)
        if price
    ]
    reduced, below = reduced_whole(costs, program.rows, y)
    for price, low, high in zip(reduced, program.lower, program.upper, strict=True):
        if price:
            priced.append((price, below, low if price > 0 else high))
    nothing = [Fraction(abs(price), own) for price, own, rests_on in priced if math.isinf(rests_on)]
    return max(nothing, default=ZERO), _resting(entry for entry in priced if math.isfinite(entry[2]))


def _left(bound: float, taken: Fraction) -> float | Fraction:
    """What a row's bound leaves to its terms, exactly."""
    return Fraction(bound) - taken if taken and math.isfinite(bound) else bound


def _resting(priced: Iterable[tuple[int, int, float | Fraction]]) -> Fraction:
    """The sum of prices (numerator, denominator) times the bounds that they rest on."""
    by_denominator: dict[int, list[tuple[int, float | Fraction]]] = {}
    for price, below, rests_on in priced:
        if rests_on:
            by_denominator.setdefault(below, []).append((price, rests_on))
    return sum((dot(*zip(*entries, strict=True)) / below for below, entries in by_denominator.items()), ZERO)


def certificate(stages: Sequence[StageCertificate | WholeCertificate]) -> Certificate:
    """The stages together: passed only when none exceeds the tolerance. A whole-number stage passes when its plan
    is feasible; its gap is told, not judged."""
    largest = max(map(_largest, stages), default=math.inf)
    return Certificate(
        passed=largest <= TOLERANCE,
        tolerance=TOLERANCE,
        largest_violation=largest,
        stages=tuple(stages),
    )


def _largest(stage: StageCertificate | WholeCertificate) -> float:
    if isinstance(stage, WholeCertificate):
        return stage.primal_violation
    return max(stage.primal_violation, stage.dual_violation, stage.gap)


def _outside(value: Fraction, low: float, high: float) -> Fraction:
    """How far a value lies outside its bounds. Infinite bounds hold always."""
    (n, d), worst = value.as_integer_ratio(), ZERO
    for bound, sign in ((low, 1), (high, -1)):
        if math.isfinite(bound):
            a, b = bound.as_integer_ratio()
            missing = sign * (a * d - n * b)
            worst = worst if missing <= 0 else max(worst, Fraction(missing, b * d))
    return worst
