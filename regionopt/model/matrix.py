"""The coefficients of a program as arrays, and sums over them in floating point with what bounds their error."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]

# Bits of a float's fraction.
_BITS = 53
# Half a unit in the last place: what rounding a number, or one operation, costs at most.
HALF = 2.0**-53
# Far more than what is lost where a product is too small for a float, and far less than any number of a case.
UNDERFLOW = 2.0**-1000


@dataclass(frozen=True, eq=False)
class Matrix:
    """The terms of rows, one after another: row `i` has those from `starts[i]` to `starts[i + 1]`."""

    starts: Ints
    columns: Ints
    values: Array
    width: int
    other: Mapping[int, Fraction] = field(default_factory=dict)

    @staticmethod
    def of(rows: Sequence[Sequence[tuple[int, float]]], width: int) -> Matrix:
        """The terms (column, coefficient) of rows in so many columns. A coefficient may be a fraction (`other`, by
        term): `values` are the nearest floats."""
        starts = np.zeros(len(rows) + 1, dtype=np.int64)
        np.cumsum([len(terms) for terms in rows], out=starts[1:])
        values = [a for terms in rows for _, a in terms]
        columns = np.array([j for terms in rows for j, _ in terms], dtype=np.int64)
        fractions: Iterable[tuple[int, object]] = enumerate(values) if holds_fractions(values) else ()
        other: dict[int, Fraction] = {k: a for k, a in fractions if isinstance(a, Fraction)}
        return Matrix(starts, columns, np.array(values, dtype=np.float64), width, other)

    @property
    def height(self) -> int:
        """The number of rows."""
        return len(self.starts) - 1

    @cached_property
    def rows(self) -> Ints:
        """The row of every term."""
        return np.repeat(np.arange(self.height), np.diff(self.starts))

    @cached_property
    def is_other(self) -> Mask:
        """Which coefficients are fractions."""
        found = np.zeros(len(self.values), dtype=np.bool_)
        found[list(self.other)] = True
        return found

    @cached_property
    def by_column(self) -> tuple[Ints, Ints]:
        """The terms in order of their columns, and where each column begins among them."""
        order = np.argsort(self.columns, kind="stable")
        return order, np.searchsorted(self.columns[order], np.arange(self.width + 1))

    def column(self, j: int) -> list[tuple[int, float | Fraction]]:
        """The rows that a column stands in, and how much; what is 0 is left out."""
        order, starts = self.by_column
        there = order[starts[j] : starts[j + 1]]
        return [(i, a) for i, a in zip(self.rows[there].tolist(), self.exact(there), strict=True) if a]

    @cached_property
    def whole(self) -> list[tuple[list[tuple[int, int]], int]]:
        """Every row in whole numbers (column, number), and what these are to be divided by. Nothing is rounded."""
        numbers, power = as_whole(self.values)
        least = np.zeros(self.height, dtype=np.int64)
        np.minimum.at(least, self.rows, power)
        parts = self.columns.tolist(), numbers.tolist(), (power - least[self.rows]).tolist()
        terms = [(j, n << k) for j, n, k in zip(*parts, strict=True)]
        there = pairwise(self.starts.tolist())
        found = [(terms[start:end], 1 << -k) for (start, end), k in zip(there, least.tolist(), strict=True)]
        for i in set(self.rows[list(self.other)].tolist()):
            own = np.flatnonzero(self.rows == i)
            found[i] = in_whole(zip(self.columns[own].tolist(), self.exact(own), strict=True))
        return found

    @cached_property
    def scale(self) -> int:
        """What these are to be divided by where all rows have one denominator."""
        return math.lcm(*{scale for _, scale in self.whole})

    @cached_property
    def to_scale(self) -> list[int]:
        """What the numbers of each row are to be multiplied by for that."""
        return [self.scale // scale for _, scale in self.whole]

    @property
    def is_whole(self) -> bool:
        """Whether that is written already."""
        return "whole" in self.__dict__

    def exact(self, terms: Ints) -> Sequence[float | Fraction]:
        """The coefficients of some terms as they are."""
        values: list[float] = self.values[terms].tolist()
        return [self.other.get(k, a) for k, a in zip(terms.tolist(), values, strict=True)] if self.other else values

    def only(self, chosen: Mask) -> Matrix:
        """The same rows with the terms that are chosen, all of them floats."""
        ends = np.cumsum(np.bincount(self.rows[chosen], minlength=self.height))
        starts = np.concatenate([np.zeros(1, dtype=np.int64), ends])
        return Matrix(starts, self.columns[chosen], self.values[chosen], self.width)

    @cached_property
    def _terms(self) -> dict[int, tuple[tuple[int, float], ...]]:
        return {}

    def terms(self, i: int) -> tuple[tuple[int, float], ...]:
        """The terms of a row: the same object whoever asks."""
        if i not in self._terms:
            there = slice(self.starts[i], self.starts[i + 1])
            self._terms[i] = tuple(zip(self.columns[there].tolist(), self.values[there].tolist(), strict=True))
        return self._terms[i]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Matrix) and self.height == other.height == self.like(other)

    __hash__ = None  # type: ignore[assignment]

    def like(self, other: Matrix) -> int:
        """How many rows at the start have the same terms as another's."""
        if self is other:
            return self.height
        least, terms = min(self.height, other.height), min(len(self.values), len(other.values))
        lengths = np.flatnonzero(self.starts[: least + 1] != other.starts[: least + 1])
        same = (self.columns[:terms] == other.columns[:terms]) & (self.values[:terms] == other.values[:terms])
        first = terms if same.all() else int(np.argmin(same))
        rows = int(np.searchsorted(self.starts[: least + 1], first, side="right")) - 1
        return min(rows, int(lengths[0]) - 1 if len(lengths) else least)

    def over_rows(self, parts: Array | Mask) -> Array:
        """The sum of a part for every term, row by row."""
        return np.bincount(self.rows, weights=parts, minlength=self.height).astype(np.float64, copy=False)

    def over_columns(self, parts: Array) -> Array:
        """The same, column by column."""
        return np.bincount(self.columns, weights=parts, minlength=self.width).astype(np.float64, copy=False)

    def activity(self, x: Array) -> tuple[Array, Array]:
        """`A x`, and how far off it is at most when `x` is rounded."""
        parts = self.values * x[self.columns]
        return self.over_rows(parts), self.over_rows(np.abs(parts)) * _slip(np.diff(self.starts)) + UNDERFLOW

    def priced(self, y: Array) -> tuple[Array, Array]:
        """`A'y`, and the sum of its amounts: 0 only where a column stands in no row with a price."""
        prices = y[self.rows]
        parts = self.values * prices
        return self.over_columns(parts), self.over_columns(np.abs(parts) + UNDERFLOW * (prices != 0.0))

    def reach(self, span: Array) -> Array:
        """How far every row can move when columns move by their spans."""
        return self.over_rows(np.abs(self.values) * span[self.columns])

    @cached_property
    def slip(self) -> float:
        """How far off a sum over a column is at most, in parts of the sum of its amounts."""
        return _slip(np.bincount(self.columns, minlength=1))


def as_whole(values: Array) -> tuple[Ints, Ints]:
    """Floats as odd whole numbers times powers of two. Nothing is rounded."""
    part, power = np.frexp(values)
    whole = np.ldexp(part, _BITS).astype(np.int64)
    even = np.maximum(np.frexp((whole & -whole).astype(np.float64))[1] - 1, 0)
    return whole >> even, power + even - _BITS


def in_whole(terms: Iterable[tuple[int, float | Fraction]]) -> tuple[list[tuple[int, int]], int]:
    """Terms of one row or column in whole numbers, and what these are to be divided by. Nothing is rounded; what is 0
    is left out."""
    ratios = [(j, *a.as_integer_ratio()) for j, a in terms]
    scale = math.lcm(*{below for _, _, below in ratios})
    return [(j, n * (scale // below)) for j, n, below in ratios if n], scale


def holds_fractions(values: Iterable[float | Fraction]) -> bool:
    """Whether one of many numbers is a fraction."""
    return Fraction in set(map(type, values))


def _slip(lengths: Ints) -> float:
    # A product of two rounded numbers is off by three roundings, each sum by one more; twice that for room.
    return 2.0 * (int(lengths.max(initial=0)) + 4) * HALF
