"""Points in exact numbers, and what rows are there: exactly, at the price of the few values that are no floats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import overload

import numpy as np

from regionopt.model.matrix import HALF, Array, Ints, Mask, Matrix, as_whole
from regionopt.model.program import Program
from regionopt.model.sums import NOTHING, Ratio, added, common, exact, over_one
from regionopt.model.vectors import vector


@dataclass(frozen=True, eq=False)
class Point(Sequence[Fraction]):
    """A value for every column: the float that is `near` it, which it is but where `other` says otherwise.

    At a corner of a program most columns sit at a bound, which is a float.
    """

    near: Array
    other: Mapping[int, Fraction]

    @staticmethod
    def of(values: Sequence[Fraction]) -> Point:
        """The same values, whichever of them are floats."""
        if isinstance(values, Point):
            return values
        near = np.array([float(value) for value in values], dtype=np.float64)
        return Point(near, {j: v for j, (v, f) in enumerate(zip(values, near.tolist(), strict=True)) if v != f})

    @cached_property
    def is_other(self) -> Mask:
        """Which values are no floats."""
        found = np.zeros(len(self.near), dtype=np.bool_)
        found[list(self.other)] = True
        return found

    @cached_property
    def whole(self) -> tuple[list[int], int]:
        """The values in whole numbers, and what these are to be divided by."""
        values = (self.other.get(j, value) for j, value in enumerate(self.near.tolist()))
        return common(values)

    def ratio(self, place: int) -> Ratio:
        """One of the values."""
        return (self.other.get(place) or float(self.near[place])).as_integer_ratio()

    def start(self, count: int) -> Point:
        """The first of its values."""
        return Point(self.near[:count].copy(), {j: value for j, value in self.other.items() if j < count})

    def __len__(self) -> int:
        return len(self.near)

    @overload
    def __getitem__(self, place: int) -> Fraction: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Fraction, ...]: ...
    def __getitem__(self, place: int | slice) -> Fraction | tuple[Fraction, ...]:
        if isinstance(place, slice):
            return tuple(self)[place]
        return self.other.get(place) or exact(float(self.near[place]))

    def __iter__(self) -> Iterator[Fraction]:
        known = self.other.get
        return (known(j) or exact(value) for j, value in enumerate(self.near.tolist()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]


def activity_near(program: Program, x: Point) -> tuple[Array, Array]:
    """The value of every row in floating point, and how far off it is at most."""
    matrix, taken = program.matrix, np.array(list(map(float, program.table.taken)), dtype=np.float64)
    total, error = matrix.activity(x.near)
    return total + taken, error + (np.abs(total) + np.abs(taken)) * 4 * HALF


def activity_at(program: Program, x: Point, rows: Sequence[int]) -> Iterator[Ratio]:
    """The exact value of some rows."""
    known = _sums_of_whole if program.matrix.is_whole else _sums_in_floats
    sums, taken = known(program.matrix, x, rows), program.table.taken
    if not any(taken):
        return sums
    return (added(taken[i].as_integer_ratio(), own) for i, own in zip(rows, sums, strict=True))


def _sums_in_floats(matrix: Matrix, x: Point, rows: Sequence[int]) -> Iterator[Ratio]:
    """The exact sums of some rows, where it is not worth while to write all of them in whole numbers."""
    asked = np.zeros(matrix.height, dtype=np.bool_)
    asked[list(rows)] = True
    found = sums_at(matrix, x, asked[matrix.rows])
    return (found.get(i, NOTHING) for i in rows)


def _sums_of_whole(matrix: Matrix, x: Point, rows: Sequence[int]) -> Iterator[Ratio]:
    """The same where they are written so already."""
    whole, below = x.whole
    return ((total, matrix.scale * below) for total in sums_in_whole(matrix, whole, rows))


def sums_in_whole(matrix: Matrix, x: Sequence[int], rows: Iterable[int]) -> Iterator[int]:
    """The sums of some rows in whole numbers, to be divided by the scale of the matrix."""
    whole, to_scale = matrix.whole, matrix.to_scale
    return (sum([n * x[j] for j, n in whole[i][0]]) * to_scale[i] for i in rows)


def sums_at(matrix: Matrix, x: Point, terms: Mask) -> dict[int, Ratio]:
    """The exact sums of some terms by row; a row without any is left out."""
    other = terms & (x.is_other[matrix.columns] | matrix.is_other)
    found = exact_sums(matrix.rows, matrix.values, x.near[matrix.columns], terms & ~other)
    chosen = np.flatnonzero(other)
    values = {j: x[j] for j in set(matrix.columns[chosen].tolist())}
    for i, ratio in sums_of_others(matrix.rows[chosen], matrix.columns[chosen], matrix.exact(chosen), values).items():
        found[i] = added(found[i], ratio) if i in found else ratio
    return found


def sums_of_others(
    groups: Ints, places: Ints, a: Sequence[float | Fraction], values: Mapping[int, Fraction]
) -> dict[int, Ratio]:
    """The exact sums of `a` times the value at its place, by group; a group without any is left out."""
    known, sums = vector(values), dict[int, dict[int, int]]()
    for group, place, factor in zip(groups.tolist(), places.tolist(), a, strict=True):
        n, own = factor.as_integer_ratio()
        row = sums.setdefault(group, {})
        row[own] = row.get(own, 0) + n * known.whole.get(place, 0)
    ratios = ((group, *over_one(row)) for group, row in sums.items())
    return {group: (total, own * known.below) for group, total, own in ratios}


def exact_sums(groups: Ints, a: Array, b: Array, terms: Mask) -> dict[int, Ratio]:
    """The exact sums of `a · b` by group, of the terms that are asked for; a group without any is left out."""
    chosen = np.flatnonzero(terms & (a != 0.0) & (b != 0.0))
    if not len(chosen):
        return {}
    (n, n_power), (m, m_power) = as_whole(a[chosen]), as_whole(b[chosen])
    power = n_power + m_power
    least = int(power.min())
    sums: dict[int, int] = {}
    places, shifts = groups[chosen].tolist(), (power - least).tolist()
    for group, one, other, shift in zip(places, n.tolist(), m.tolist(), shifts, strict=True):
        sums[group] = sums.get(group, 0) + (one * other << shift)
    scale, below = (1 << least, 1) if least > 0 else (1, 1 << -least)
    return {group: (total * scale, below) for group, total in sums.items()}
