"""A sparse square system solved exactly, as often as asked: elimination once, then both sides of it.

B = L·U with rows and columns in the order of elimination;   `solve`  B x = b,   `solve_transposed`  B'y = c
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

Vector = dict[int, Fraction]
ZERO = Fraction(0)


@dataclass(frozen=True)
class Factor:
    """`steps`: equation, the unknown it gives, and what was left of the equation then; `subtracted`: from which
    equation which other was taken off how often, in that order."""

    steps: tuple[tuple[int, int, Vector], ...]
    subtracted: tuple[tuple[int, int, Fraction], ...]

    def solve(self, right: Mapping[int, Fraction]) -> Vector:
        """The unknowns for a right-hand side by equation. What is 0 may be left out, on both sides."""
        value = dict(right)
        for target, source, times in self.subtracted:
            if known := value.get(source):
                value[target] = value.get(target, ZERO) - times * known
        answer: Vector = {}
        for equation, unknown, row in reversed(self.steps):
            left = value.get(equation, ZERO)
            for other, a in row.items():
                if other in answer:
                    left -= a * answer[other]
            if left:
                answer[unknown] = left / row[unknown]
        return answer

    def solve_transposed(self, right: Mapping[int, Fraction]) -> Vector:
        """A price for each equation, such that the priced equations add up to `right` by unknown."""
        left, answer = dict(right), dict[int, Fraction]()
        for equation, unknown, row in self.steps:
            if wanted := left.get(unknown):
                price = answer[equation] = wanted / row[unknown]
                for other, a in row.items():
                    if other != unknown:
                        left[other] = left.get(other, ZERO) - a * price
        for target, source, times in reversed(self.subtracted):
            if price_of := answer.get(target):
                answer[source] = answer.get(source, ZERO) - times * price_of
        return answer


def factorise(equations: Mapping[int, Vector]) -> Factor:
    """Eliminate. The shortest equation is used first: bases are nearly triangular. ArithmeticError when singular."""
    rows = {i: dict(row) for i, row in equations.items()}
    where: dict[int, set[int]] = {}
    for i, row in rows.items():
        for unknown in row:
            where.setdefault(unknown, set()).add(i)
    steps, subtracted = [], []
    while rows:
        i = min(rows, key=lambda i: (len(rows[i]), i))
        row = rows.pop(i)
        if not row:
            raise ArithmeticError("the basis is singular")
        pivot = min(row, key=lambda unknown: (len(where[unknown]), unknown))
        for unknown in row:
            where[unknown].discard(i)
        for other in sorted(where[pivot]):
            times = rows[other].pop(pivot) / row[pivot]
            _subtract(rows[other], row, times, pivot, where, other)
            subtracted.append((other, i, times))
        where[pivot].clear()
        steps.append((i, pivot, row))
    return Factor(tuple(steps), tuple(subtracted))


def _subtract(
    target: Vector, row: Vector, times: Fraction, pivot: int, where: dict[int, set[int]], name: int
) -> None:
    """`target -= times * row` apart from the pivot, keeping the index of who holds which unknown."""
    for unknown, coefficient in row.items():
        if unknown == pivot:
            continue
        left = target.get(unknown, ZERO) - times * coefficient
        if left:
            target[unknown] = left
            where[unknown].add(name)
        else:
            target.pop(unknown, None)
            where[unknown].discard(name)
