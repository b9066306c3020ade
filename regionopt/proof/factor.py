"""A sparse square system solved exactly, as often as asked: elimination once, then both sides of it.

B = L·U with rows and columns in the order of elimination;   `solve`  B x = b,   `solve_transposed`  B'y = c

Equations are in whole numbers and stay so; each unknown is one sum of products, reduced once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

Vector = dict[int, Fraction]
Whole = dict[int, int]
ZERO = Fraction(0)


class Taken(NamedTuple):
    """One step of the elimination: target = (keep · target - times · source) / shared."""

    target: int
    source: int
    keep: int
    times: int
    shared: int


@dataclass(frozen=True)
class Factor:
    """`steps`: equation, the unknown it gives, and what was left of the equation then; `taken`: which equations were
    taken off which, in that order."""

    steps: tuple[tuple[int, int, Whole], ...]
    taken: tuple[Taken, ...]

    @cached_property
    def _above(self) -> dict[int, list[tuple[int, int]]]:
        """Where each unknown stands in the equations that were used before its own."""
        found: dict[int, list[tuple[int, int]]] = {unknown: [] for _, unknown, _ in self.steps}
        for equation, unknown, row in self.steps:
            for other, a in row.items():
                if other != unknown:
                    found[other].append((equation, a))
        return found

    def solve(self, right: Mapping[int, Fraction]) -> Vector:
        """The unknowns for a right-hand side by equation. What is 0 may be left out, on both sides."""
        value = dict(right)
        for target, source, keep, times, shared in self.taken:
            own, known = value.get(target), value.get(source)
            if own or known:
                value[target] = _less(own or ZERO, keep, known or ZERO, times, shared)
        answer: Vector = {}
        for equation, unknown, row in reversed(self.steps):
            _put(answer, unknown, value.get(equation, ZERO), row.items(), row[unknown])
        return answer

    def solve_transposed(self, right: Mapping[int, Fraction]) -> Vector:
        """A price for each equation, such that the priced equations add up to `right` by unknown."""
        answer: Vector = {}
        for equation, unknown, row in self.steps:
            _put(answer, equation, right.get(unknown, ZERO), self._above[unknown], row[unknown])
        for target, source, keep, times, shared in reversed(self.taken):
            if price := answer.get(target):
                answer[source] = _less(answer.get(source, ZERO), shared, price, times, shared)
                answer[target] = _less(price, keep, ZERO, 0, shared)
        return answer


def _less(value: Fraction, keep: int, other: Fraction, times: int, shared: int) -> Fraction:
    """(keep · value - times · other) / shared, reduced once."""
    (n, below), (m, beside) = value.as_integer_ratio(), other.as_integer_ratio()
    return Fraction(keep * n * beside - times * m * below, shared * below * beside)


def _put(answer: Vector, name: int, value: Fraction, terms: Iterable[tuple[int, int]], pivot: int) -> None:
    """answer[name] = (value - Σ a · answer) / pivot, over one denominator; left out where it is 0."""
    known = [(a, answer[other]) for other, a in terms if other in answer]
    if not known:
        if value:
            answer[name] = Fraction(value.numerator, value.denominator * pivot)
        return
    below = math.lcm(value.denominator, *(x.denominator for _, x in known))
    total = value.numerator * (below // value.denominator)
    total -= sum(a * x.numerator * (below // x.denominator) for a, x in known)
    if total:
        answer[name] = Fraction(total, below * pivot)


def factorise(equations: Mapping[int, Whole]) -> Factor:
    """Eliminate. The shortest equation is used first: bases are nearly triangular. ArithmeticError when singular."""
    rows = {i: dict(row) for i, row in equations.items()}
    where: dict[int, set[int]] = {}
    for i, row in rows.items():
        for unknown in row:
            where.setdefault(unknown, set()).add(i)
    steps, taken = [], []
    while rows:
        i = min(rows, key=lambda i: (len(rows[i]), i))
        row = rows.pop(i)
        if not row:
            raise ArithmeticError("the basis is singular")
        pivot = min(row, key=lambda unknown: (len(where[unknown]), unknown))
        for unknown in row:
            where[unknown].discard(i)
        for other in sorted(where[pivot]):
            taken.append(Taken(other, i, *_subtract(rows[other], row, pivot, where, other)))
        where[pivot].clear()
        steps.append((i, pivot, row))
    return Factor(tuple(steps), tuple(taken))


def _subtract(target: Whole, row: Whole, pivot: int, where: dict[int, set[int]], name: int) -> tuple[int, int, int]:
    """Take `row` off `target` so that the pivot goes, keeping the index of who holds which unknown: how often each
    was taken, and what was divided out."""
    own = target.pop(pivot)
    common = math.gcd(own, row[pivot])
    keep, times = row[pivot] // common, own // common
    for unknown in target:
        target[unknown] *= keep
    for unknown, coefficient in row.items():
        if unknown == pivot:
            continue
        left = target.get(unknown, 0) - times * coefficient
        if left:
            target[unknown] = left
            where[unknown].add(name)
        else:
            target.pop(unknown, None)
            where[unknown].discard(name)
    shared = math.gcd(*target.values()) or 1
    for unknown in target:
        target[unknown] //= shared
    return keep, times, shared
