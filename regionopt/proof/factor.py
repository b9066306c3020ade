"""A sparse square system solved exactly, as often as asked: elimination once, then both sides of it.

B = L·U with rows and columns in the order of elimination;   `solve`  B x = b,   `solve_transposed`  B'y = c

Equations are in whole numbers and stay so, and what is found is in whole numbers over one denominator: that grows
only by what a pivot does not divide.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from regionopt.model.vectors import Vector, lowest

Whole = dict[int, int]


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

    @property
    def order(self) -> list[int]:
        """The unknowns as they follow from one another."""
        return [unknown for _, unknown, _ in reversed(self.steps)]

    def solve(self, right: Vector[int]) -> Vector[int]:
        """The unknowns for a right-hand side by equation. What is 0 may be left out, on both sides."""
        value, answer, below = dict(right.whole), Whole(), right.below
        for target, source, keep, times, shared in self.taken:
            own, known = value.get(target, 0), value.get(source, 0)
            if own or known:
                below *= _put(value, target, keep * own - times * known, shared)
        grown = 1
        for equation, unknown, row in reversed(self.steps):
            total = value.get(equation, 0) * grown
            total -= sum([a * answer[other] for other, a in row.items() if other in answer])
            grown *= _put(answer, unknown, total, row[unknown])
        return lowest(answer, below * grown)

    def solve_transposed(self, right: Vector[int]) -> Vector[int]:
        """A price for each equation, such that the priced equations add up to `right` by unknown; 0 is left out."""
        left, grown = dict(right.whole), 1
        for _, unknown, row in self.steps:
            if left.get(unknown):
                grown *= _put(left, unknown, left[unknown], row[unknown])
                price = left[unknown]
                for other, a in row.items():
                    if other != unknown:
                        left[other] = left.get(other, 0) - a * price
        answer = {equation: left[unknown] for equation, unknown, _ in self.steps if left.get(unknown)}
        for target, source, keep, times, shared in reversed(self.taken):
            if target in answer:
                own = answer.get(source, 0)
                grown *= _put(answer, source, shared * own - times * answer[target], shared)
                grown *= _put(answer, target, keep * answer[target], shared)
        return lowest(answer, right.below * grown)


def _put(numbers: Whole, name: int, total: int, divisor: int) -> int:
    """numbers[name] = total / divisor, where all numbers have one denominator: by how much that grows, and with it
    all others. What is 0 is left out."""
    if not total:
        numbers.pop(name, None)
        return 1
    shared = math.gcd(total, divisor) if divisor > 0 else -math.gcd(total, divisor)
    grown = divisor // shared
    if grown != 1:
        for other in numbers:
            numbers[other] *= grown
    numbers[name] = total // shared
    return grown


def factorise(equations: Mapping[int, Whole]) -> Factor:
    """Eliminate. The shortest equation is used first: bases are nearly triangular. ArithmeticError when singular."""
    rows = {i: dict(row) for i, row in equations.items()}
    where: dict[int, set[int]] = {}
    for i, row in rows.items():
        for unknown in row:
            where.setdefault(unknown, set()).add(i)
    steps, taken = [], []
    lengths = {i: len(row) for i, row in rows.items()}
    while rows:
        _, i = min(zip(lengths.values(), lengths, strict=True))
        row = rows.pop(i)
        del lengths[i]
        if not row:
            raise ArithmeticError("the basis is singular")
        _, pivot = min([(len(where[unknown]), unknown) for unknown in row])
        for unknown in row:
            where[unknown].discard(i)
        for other in sorted(where[pivot]):
            taken.append(Taken(other, i, *_subtract(rows[other], row, pivot, where, other)))
            lengths[other] = len(rows[other])
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
