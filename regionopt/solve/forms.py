"""Sums over the things of a program: in floating point with a bound of the error, and exactly where one is asked for.

    f(thing) = costs - A'y   for a column          y   for a row

A step of the simplex method compares hundreds of such sums and needs two of them. What floats decide beyond their
error is decided; only what lies closer is computed in fractions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from regionopt.model.program import Row
from regionopt.model.sums import common
from regionopt.proof.factor import ZERO, Vector

Array: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

# Half a unit in the last place: what rounding a number, or one operation, costs at most.
HALF = 2.0**-53


@dataclass(frozen=True)
class Terms:
    """The coefficients of a program by column: the rows it stands in, and how much."""

    columns: tuple[tuple[tuple[int, float], ...], ...]
    rows: int
    _whole: dict[int, tuple[tuple[tuple[int, int], ...], int]] = field(default_factory=dict, compare=False)

    @staticmethod
    def of(rows: Sequence[Row], width: int) -> Terms:
        """The terms of rows in so many columns."""
        columns: list[list[tuple[int, float]]] = [[] for _ in range(width)]
        for i, row in enumerate(rows):
            for j, a in row.terms:
                if a:
                    columns[j].append((i, a))
        return Terms(tuple(map(tuple, columns)), len(rows))

    def whole(self, j: int) -> tuple[tuple[tuple[int, int], ...], int]:
        """A column in whole numbers, and the number that these are to be divided by."""
        if j not in self._whole:
            ratios = [(i, *a.as_integer_ratio()) for i, a in self.columns[j]]
            scale = math.lcm(*{below for _, _, below in ratios})
            self._whole[j] = tuple((i, n * (scale // below)) for i, n, below in ratios), scale
        return self._whole[j]

    def activity(self, columns: Mapping[int, Fraction]) -> Vector:
        """How much every row moves with columns; rows that do not are left out."""
        whole, below = common(columns.values())
        found: dict[int, dict[int, int]] = {}
        for j, step in zip(columns, whole, strict=True):
            terms, scale = self.whole(j)
            sums = found.setdefault(scale, {})
            for i, n in terms:
                sums[i] = sums.get(i, 0) + n * step
        scale = math.lcm(*found)
        total: dict[int, int] = {}
        for own, sums in found.items():
            for i, n in sums.items():
                total[i] = total.get(i, 0) + n * (scale // own)
        return {i: Fraction(n, scale * below) for i, n in total.items() if n}

    @cached_property
    def arrays(self) -> tuple[Ints, Ints, Array]:
        """Row, column and coefficient of every term."""
        told = [(i, j, float(a)) for j, column in enumerate(self.columns) for i, a in column]
        rows, columns, values = zip(*told, strict=True) if told else ((), (), ())
        return np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64), np.array(values, dtype=float)

    @cached_property
    def slip(self) -> float:
        """How far off a sum over a column is at most, in parts of the sum of its amounts."""
        return 2 * (max(map(len, self.columns), default=0) + 4) * HALF


@dataclass(frozen=True)
class Amounts:
    """A number for each column: as it is given, and as an array."""

    given: Sequence[float]

    @cached_property
    def rough(self) -> Array:
        """In floating point."""
        return np.array(self.given, dtype=float)


@dataclass(frozen=True)
class Form:
    """One such sum: `costs` by column, exact prices `y` by row (what is 0 left out)."""

    terms: Terms
    costs: Amounts
    y: Mapping[int, Fraction]

    @cached_property
    def told(self) -> tuple[Array, Array]:
        """The value of every thing, columns then rows, and how far off it is at most."""
        rows, columns, values = self.terms.arrays
        costs, y = self.costs.rough, np.zeros(self.terms.rows)
        for i, price in self.y.items():
            y[i] = float(price)
        parts = values * y[rows]
        priced, size = (np.bincount(columns, weights=part, minlength=len(costs)) for part in (parts, np.abs(parts)))
        amounts = np.concatenate([np.abs(costs) + size, np.abs(y)])
        return np.concatenate([costs - priced, y]), amounts * self.terms.slip

    @cached_property
    def _whole(self) -> tuple[dict[int, int], int]:
        whole, below = common(self.y.values())
        return dict(zip(self.y, whole, strict=True)), below

    def ratio(self, thing: int) -> tuple[int, int]:
        """The value of one thing as whole numbers, the second above 0; not reduced."""
        width = len(self.costs.given)
        if thing >= width:
            return self.y.get(thing - width, ZERO).as_integer_ratio()
        (y, below), (terms, scale) = self._whole, self.terms.whole(thing)
        cost, unit = self.costs.given[thing].as_integer_ratio()
        priced = sum(n * y[i] for i, n in terms if i in y)
        return cost * scale * below - priced * unit, unit * scale * below

    def exact(self, thing: int) -> Fraction:
        """The value of one thing."""
        return Fraction(*self.ratio(thing))

    def signs(self, things: Ints, least: Array | None = None) -> Ints:
        """1, 0 or -1 for each of these things; what is no more than its `least` is 0."""
        near, error = (part[things] for part in self.told)
        size, small = np.abs(near), np.zeros(len(things)) if least is None else least
        found: Ints = np.where(size - error > small, np.sign(near), 0.0).astype(np.int64)
        for k in np.flatnonzero((size - error <= small) & (size + error > small)).tolist():
            above, below = self.ratio(int(things[k]))
            if above and abs(above / below) > small[k]:
                found[k] = 1 if above > 0 else -1
        return found


def least_ratio(over: Form, under: Form, things: Ints, counts: Ints, sign: int) -> Ints:
    """The things at which sign · over / under is least: all that tie exactly. Where `counts` is 0 so is the ratio.
    For the `sign` 0 both are taken without their signs."""
    ratio, error = _ratios(over, under, things)
    ratio = np.where(counts == 0, 0.0, sign * ratio if sign else np.abs(ratio))
    error = np.where(counts == 0, 0.0, error)
    near = np.flatnonzero(ratio - error <= np.min(ratio + error))
    if len(near) == 1 or not counts[near].any():
        return things[near]
    exact = [_ratio(over, under, int(things[k]), sign) if counts[k] else ZERO for k in near.tolist()]
    least = min(exact)
    return things[near[[value == least for value in exact]]]


def _ratios(over: Form, under: Form, things: Ints) -> tuple[Array, Array]:
    """Ratios of two forms, and how far off they are at most: without end where the one below may be 0."""
    (p, p_error), (r, r_error) = ([part[things] for part in form.told] for form in (over, under))
    room = np.abs(r) - r_error
    known, ratio, error = room > 0, np.zeros(len(things)), np.full(len(things), np.inf)
    np.divide(p, r, out=ratio, where=known)
    off = p_error + np.abs(ratio) * (r_error + 8 * HALF * np.abs(r))
    np.divide(off, room, out=error, where=known)
    return ratio, error


def _ratio(over: Form, under: Form, thing: int, sign: int) -> Fraction:
    ratio = over.exact(thing) / under.exact(thing)
    return sign * ratio if sign else abs(ratio)
