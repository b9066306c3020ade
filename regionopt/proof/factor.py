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

from regionopt.model.sums import NOTHING, Ratio

Vector = dict[int, Fraction]
Ratios = dict[int, Ratio]
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

    def solve(self, right: Mapping[int, Ratio]) -> Vector:
        """The unknowns for a right-hand side by equation. What is 0 may be left out, on both sides."""
        value = dict(right)
        for target, source, keep, times, shared in self.taken:
            own, known = value.get(target, NOTHING), value.get(source, NOTHING)
            if own[0] or known[0]:
                value[target] = _less(own, keep, known, times, shared)
        answer: Ratios = {}
        for equation, unknown, row in reversed(self.steps):
            _put(answer, unknown, value.get(equation, NOTHING), row.items(), row[unknown])
        return {unknown: Fraction(*ratio) for unknown, ratio in answer.items()}

    def solve_transposed(self, right: Mapping[int, Ratio]) -> Vector:
        """A price for each equation, such that the priced equations add up to `right` by unknown; 0 is left out."""
        answer: Ratios = {}
        for equation, unknown, row in self.steps:
            _put(answer, equation, right.get(unknown, NOTHING), self._above[unknown], row[unknown])
        for target, source, keep, times, shared in reversed(self.taken):
            if price := answer.get(target):
                answer[source] = _less(answer.get(source, NOTHING), shared, price, times, shared)
                answer[target] = _less(price, keep, NOTHING, 0, shared)
        return {equation: Fraction(*ratio) for equation, ratio in answer.items() if ratio[0]}


def _less(value: Ratio, keep: int, other: Ratio, times: int, shared: int) -> Ratio:
    """(keep · value - times · other) / shared."""
    (n, below), (m, beside) = value, other
    scale = math.lcm(below, beside)
    return keep * n * (scale // below) - times * m * (scale // beside), shared * scale


def _put(answer: Ratios, name: int, value: Ratio, terms: Iterable[tuple[int, int]], pivot: int) -> None:
    """answer[name] = (value - Σ a · answer) / pivot, reduced; left out where it is 0."""
    known = [(a, *answer[other]) for other, a in terms if other in answer]
    scale = math.lcm(value[1], *[below for _, _, below in known])
    total = value[0] * (scale // value[1]) - sum([a * n * (scale // below) for a, n, below in known])
    if total:
        below = scale * pivot
        shared = math.gcd(total, below) if below > 0 else -math.gcd(total, below)
        answer[name] = total // shared, below // shared


def factorise(equations: Mapping[int, Whole]) -> Factor:
    """Eliminate. The shortest equation is used first: bases are nearly triangular. ArithmeticError when singular."""
    rows = {i: dict(row) for i, row in equations.items()}
    where: dict[int, set[int]] = {}
    for i, row in rows.items():
        for unknown in row:
            where.setdefault(unknown, set()).add(i)
    steps, taken = [], []
    while rows:
        _, i = min([(len(row), i) for i, row in rows.items()])
        row = rows.pop(i)
        if not row:
            raise ArithmeticError("the basis is singular")
        _, pivot = min([(len(where[unknown]), unknown) for unknown in row])
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
    if keep != 1:
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
    if shared != 1:
        for unknown in target:
            target[unknown] //= shared
    return keep, times, shared
