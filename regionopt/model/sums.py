"""Sums of products, exactly and fast: in whole numbers over one common denominator, reduced once at the end."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from regionopt.model.program import Row

ZERO = Fraction(0)
# An exact number as whole numbers, the second above 0, not reduced: sums of many need no reduction on the way.
Ratio: TypeAlias = tuple[int, int]
NOTHING: Ratio = (0, 1)


@lru_cache(maxsize=1 << 16)
def exact(number: float) -> Fraction:
    """A given number without rounding. The same few stand in many places of a program."""
    return Fraction(number)


def activities(rows: Sequence[Row], x: Sequence[Fraction]) -> list[Fraction]:
    """The value of every row, `A x`, with what is taken of it."""
    whole, below = common(x)
    found = []
    for row in rows:
        terms, scale = row.whole
        total = sum([n * whole[j] for j, n in terms if whole[j]])
        own = Fraction(total, scale * below) if total else ZERO
        found.append(own + row.taken if row.taken else own)
    return found


def reduced_whole(costs: Sequence[float], rows: Sequence[Row], y: Sequence[Fraction]) -> tuple[list[int], int]:
    """What is left of the costs after the prices of the rows: whole numbers over one common denominator."""
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
    return Fraction(*over_one(sums))


def over_one(sums: Mapping[int, int]) -> Ratio:
    """The sum of whole numbers over their own denominators."""
    scale = math.lcm(*sums)
    return sum([value * (scale // below) for below, value in sums.items()]), scale


def plus(value: float | Fraction, times: Fraction, step: Fraction) -> Fraction:
    """value + times · step, reduced once."""
    (n, below), (m, under), (k, beneath) = (part.as_integer_ratio() for part in (value, times, step))
    return Fraction(n * under * beneath + m * k * below, below * under * beneath)


def added(*ratios: Ratio) -> Ratio:
    """The sum of exact numbers."""
    scale = math.lcm(*[below for _, below in ratios])
    return sum([n * (scale // below) for n, below in ratios]), scale


def beyond(ratio: Ratio, bound: float) -> int:
    """1 where an exact number is above a bound, -1 where it is below it, 0 at it."""
    if math.isinf(bound):
        return -1 if bound > 0 else 1
    (n, below), (m, beside) = ratio, bound.as_integer_ratio()
    difference = n * beside - m * below
    return (difference > 0) - (difference < 0)


def product(x: Iterable[Fraction], numbers: Iterable[float]) -> Fraction:
    """The sum of exact values times given numbers."""
    sums: dict[int, int] = {}
    for value, number in zip(x, numbers, strict=True):
        if number:
            (n, below), (m, beside) = value.as_integer_ratio(), number.as_integer_ratio()
            sums[below * beside] = sums.get(below * beside, 0) + n * m
    return Fraction(*over_one(sums))


def common(values: Iterable[float | Fraction]) -> tuple[list[int], int]:
    """Numerators over the least common denominator, and that denominator."""
    ratios = [value.as_integer_ratio() for value in values]
    below = math.lcm(*{own for _, own in ratios})
    return [n * (below // own) if n else 0 for n, own in ratios], below
