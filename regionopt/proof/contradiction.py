"""Proof that no plan keeps every row: prices under which the rows ask for more than any plan within its bounds gives.

For prices y of the rows, every plan within the bounds of its columns has  Σ y_i·(A x)_i ≤ Σ max over column bounds,
and every plan that keeps the rows has  Σ y_i·(A x)_i ≥ Σ y_i·(row bound of y_i's sign). Where the second is above the
first there is no plan (Farkas). That is the dual bound of a program without costs: no solver is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from regionopt.model.program import Program
from regionopt.proof.certificate import dual_bound


@dataclass(frozen=True)
class Farkas:
    """Prices `y`, one a row, and by how much (`excess` > 0) the priced rows ask for more than there can be."""

    y: tuple[Fraction, ...]
    excess: Fraction


def excess(program: Program, y: Sequence[Fraction]) -> Fraction:
    """By how much the priced rows ask for more than any column values give; 0 where they prove nothing."""
    violation, bound = dual_bound(program, (0.0,) * len(program.columns), y)
    return max(bound, Fraction(0)) if not violation else Fraction(0)


def holds(program: Program, y: Sequence[Fraction]) -> bool:
    """Whether these prices prove that no plan keeps every row. Whole numbers are left aside: none is needed."""
    return excess(program, y) > 0
