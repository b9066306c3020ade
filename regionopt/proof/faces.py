"""The plans that are as good as a proven one: the program with everything that has a price kept where it is.

A stage that gives nothing away is held so, and the rule that ends every list of stages (`ties`) works on such faces.
They follow from the prices alone, so a proof of what comes next can be checked without a solver. Most columns of such
a program cannot move: `settled` takes them out of its rows, exactly, and what comes next costs what is left.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from regionopt.model.matrix import Ints
from regionopt.model.points import Point, sums_at
from regionopt.model.program import Basis, Program, Seat
from regionopt.model.scaling import spans
from regionopt.proof.forms import Form

# Rounding of written numbers moves a stage by less than this part of its value; what matters moves it by more.
NOISE = 1e-12
# What rounding makes of a product of floats, with room to spare.
ROUGH = 1e-14


def face(program: Program, prices: Form, value: Fraction) -> Program:
    """The program restricted to its optimal plans, by the prices (reduced costs, row prices) that prove the optimum.

    What can move the value by less than `NOISE` of it has no price: products of written numbers are rounded, and two
    programmes that are equal on paper must stay equal.
    """
    signs = _signs(program, prices, NOISE * (1 + abs(float(value))))
    lower, upper = program.ends if program.fractional else program.bounds
    return program.within(np.where(signs < 0, upper, lower).tolist(), np.where(signs > 0, lower, upper).tolist())


def _signs(program: Program, prices: Form, noise: float) -> Ints:
    """The signs of the prices that move the value by more than noise when things move as far as they can; else 0."""
    (near, error), span = prices.told, spans(program)
    far = np.concatenate([span, program.matrix.reach(span)])
    most, least = ((np.abs(near) + sign * error) * far for sign in (1, -1))
    signs = np.where(least > noise * (1 + ROUGH), np.sign(near), 0.0).astype(np.int64)
    for thing in np.flatnonzero((signs == 0) & (most > noise * (1 - ROUGH))).tolist():
        price = float(prices.exact(thing))
        signs[thing] = np.sign(price) if abs(price) * far[thing] > noise else 0
    return signs


def settled(program: Program, basis: Basis) -> Program:
    """The same program without the terms of columns that cannot move: what these add to a row is `taken` there.

    A column that is basic stays, so that the basis remains one of the program. Where fractions stand in the program
    nothing is taken out.
    """
    if program.fractional:
        return program
    matrix, width = program.matrix, len(program.columns)
    gone = (~program.movable[:width] & (basis.seats[:width] != Seat.BASIC))[matrix.columns]
    more = sums_at(matrix, Point(program.bounds[0][:width], {}), gone)
    taken = list(program.table.taken)
    for i, ratio in more.items():
        taken[i] += Fraction(*ratio)
    rows = replace(program.table, matrix=matrix.only(~gone), taken=tuple(taken)) if gone.any() else program.rows
    return replace(program, rows=rows, settled=True)


def fixed(program: Program) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the columns that cannot move, and of the rows that hold with equality."""
    columns = zip(program.columns, program.lower, program.upper, strict=True)
    return (
        tuple(name for name, low, high in columns if low == high),
        tuple(row.name for row in program.rows if row.lower == row.upper),
    )
