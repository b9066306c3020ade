"""Sums of products, exactly and fast: in whole numbers over one common denominator, reduced once at the end."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import overload

from regionopt.model.program import Row

ZERO = Fraction(0)


@dataclass(frozen=True)
class Common(Sequence[Fraction]):
    """Exact numbers as whole numbers over one positive denominator: signs are read without any division."""

    whole: Sequence[int]
    below: int

    def __len__(self) -> int:
        return len(self.whole)

    @overload
    def __getitem__(self, place: int) -> Fraction: ...
    @overload
    def __getitem__(self, place: slice) -> Common: ...
    def __getitem__(self, place: int | slice) -> Fraction | Common:
        if isinstance(place, slice):
            return Common(self.whole[place], self.below)
        return Fraction(self.whole[place], self.below)

    def near(self, place: int) -> float:
        """The nearest float of one of them."""
        return self.whole[place] / self.below


@lru_cache(maxsize=1 << 16)
def exact(number: float) -> Fraction:
    """A given number without rounding. The same few stand in many places of a program."""
    return Fraction(number)


def activities(rows: Sequence[Row], x: Sequence[Fraction]) -> list[Fraction]:
    """The value of every row, `A x`, with what is taken of it."""
    return [own + row.taken if row.taken else own for own, row in zip(drawn(rows, x), rows, strict=True)]


def drawn(rows: Sequence[Row], x: Sequence[Fraction]) -> list[Fraction]:
    """What the terms of every row add up to."""
    whole, below = common(x)
    found = []
    for row in rows:
        terms, scale = row.whole
        total = sum([n * whole[j] for j, n in terms if whole[j]])
        found.append(Fraction(total, scale * below) if total else ZERO)
    return found


def missing(rows: Sequence[Row], x: Sequence[Fraction], wanted: Sequence[Fraction]) -> list[Fraction]:
    """What every row lacks of the value that is wanted, in its whole terms: times the number these are divided by."""
    whole, below = common(x)
    found = []
    for row, value in zip(rows, wanted, strict=True):
        terms, scale = row.whole
        total = sum(n * whole[j] for j, n in terms if whole[j])
        found.append(Fraction(value.numerator * scale * below - total * value.denominator, value.denominator * below))
    return found


def reduced_costs(costs: Sequence[float], rows: Sequence[Row], y: Sequence[Fraction]) -> list[Fraction]:
    """What is left of the costs after the prices of the rows, `c - A'y`."""
    left, below = reduced_whole(costs, rows, y)
    return [Fraction(total, below) if total else ZERO for total in left]


def priced(costs: Sequence[float], rows: Sequence[Row], y: Sequence[Fraction]) -> Common:
    """What is left of the costs after the prices of the rows, then these prices."""
    left, below = reduced_whole(costs, rows, y)
    return Common((*left, *(price.numerator * (below // price.denominator) for price in y)), below)


def reduced_whole(costs: Sequence[float], rows: Sequence[Row], y: Sequence[Fraction]) -> tuple[list[int], int]:
    """The same in whole numbers over one common denominator."""
    prices, below = common(y)
    priced = [(price, *row.whole) for price, row in zip(prices, rows, strict=True) if price]
    ratios = [cost.as_integer_ratio() for cost in costs]
    scale = math.lcm(*(own for _, _, own in priced), *{d for _, d in ratios})
    left = [n * (scale // d) * below if n else 0 for n, d in ratios]
    for price, terms, own in priced:
        factor = price * (scale // own)
        for j, n in terms:
            left[j] -= n * factor
    return left, scale * below


def dot(whole: Iterable[int], numbers: Iterable[float | Fraction]) -> Fraction:
    """A sum of products; only one reduction at the end."""
    sums: dict[int, int] = {}
    for factor, number in zip(whole, numbers, strict=True):
        if factor:
            n, below = number.as_integer_ratio()
            sums[below] = sums.get(below, 0) + factor * n
    scale = math.lcm(*sums)
    return Fraction(sum(value * (scale // below) for below, value in sums.items()), scale)


def plus(value: float | Fraction, times: Fraction, step: Fraction) -> Fraction:
    """value + times · step, reduced once."""
    (n, below), (m, under), (k, beneath) = (part.as_integer_ratio() for part in (value, times, step))
    return Fraction(n * under * beneath + m * k * below, below * under * beneath)


def product(x: Sequence[Fraction], numbers: Iterable[float]) -> Fraction:
    """The sum of exact values times given numbers."""
    whole, below = common(x)
    return dot(whole, numbers) / below


def common(values: Collection[Fraction]) -> tuple[list[int], int]:
    """Numerators over the least common denominator, and that denominator."""
    below = math.lcm(*{value.denominator for value in values})
    return [value.numerator * (below // value.denominator) if value else 0 for value in values], below
