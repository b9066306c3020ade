"""Sums over the things of a program: in floating point with a bound of the error, and exactly where one is asked for.

    f(thing) = costs - A'y   for a column          y   for a row

A step of the simplex method compares hundreds of such sums and needs two of them. What floats decide beyond their
error is decided; only what lies closer is computed in fractions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np

from regionopt.model.matrix import HALF, Array, Ints, Matrix, in_whole
from regionopt.model.points import sums_of_others
from regionopt.model.program import Program, Row
from regionopt.model.sums import NOTHING, ZERO, Ratio
from regionopt.model.vectors import Vector, vector

# Up to so many things are looked at one by one.
FEW = 16
# No float but 0 is nearer to 0.
_SMALLEST = 5e-324


@dataclass(frozen=True)
class Terms:
    """The coefficients of a program by column: the rows it stands in, and how much."""

    matrix: Matrix
    _whole: dict[int, tuple[list[tuple[int, int]], int]] = field(default_factory=dict, compare=False)

    @staticmethod
    def of(rows: Sequence[Row], width: int) -> Terms:
        """The terms of rows in so many columns."""
        return Terms(Matrix.of([row.terms for row in rows], width))

    def whole(self, j: int) -> tuple[list[tuple[int, int]], int]:
        """A column in whole numbers, and the number that these are to be divided by."""
        if j not in self._whole:
            self._whole[j] = in_whole(self.matrix.column(j))
        return self._whole[j]


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

    @staticmethod
    def of(program: Program, costs: Sequence[float], y: Mapping[int, Fraction]) -> Form:
        """The reduced costs and the row prices of a program."""
        return Form(Terms(program.matrix), Amounts(costs), y)

    @cached_property
    def told(self) -> tuple[Array, Array]:
        """The value of every thing, columns then rows, and how far off it is at most."""
        matrix, costs = self.terms.matrix, self.costs.rough
        y = np.zeros(matrix.height)
        prices, below = self._prices.whole, self._prices.below
        y[list(prices)] = [n / below or (_SMALLEST if n > 0 else -_SMALLEST) for n in prices.values()]
        priced, size = matrix.priced(y)
        amounts = np.concatenate([np.abs(costs) + size, np.abs(y)])
        return np.concatenate([costs - priced, y]), amounts * matrix.slip

    def ratios(self, things: Ints) -> Iterator[Ratio]:
        """The values of things."""
        matrix, width = self.terms.matrix, len(self.costs.given)
        priced, asked = np.zeros(matrix.height, dtype=np.bool_), np.zeros(width, dtype=np.bool_)
        priced[list(self._prices)], asked[things[things < width]] = True, True
        chosen = np.flatnonzero(priced[matrix.rows] & asked[matrix.columns])
        sums = sums_of_others(matrix.columns[chosen], matrix.rows[chosen], matrix.exact(chosen), self._prices)
        for thing in things.tolist():
            if thing >= width:
                yield self._price(thing - width)
            else:
                (cost, unit), (price, below) = self.costs.given[thing].as_integer_ratio(), sums.get(thing, NOTHING)
                yield cost * below - price * unit, unit * below

    @cached_property
    def _prices(self) -> Vector[int]:
        return vector(self.y)

    def _price(self, row: int) -> Ratio:
        return self._prices.whole.get(row, 0), self._prices.below

    def ratio(self, thing: int) -> Ratio:
        """The value of one thing."""
        width = len(self.costs.given)
        if thing >= width:
            return self._price(thing - width)
        y, below, (terms, scale) = self._prices.whole, self._prices.below, self.terms.whole(thing)
        cost, unit = self.costs.given[thing].as_integer_ratio()
        priced = sum([n * y[i] for i, n in terms if i in y])
        return cost * scale * below - priced * unit, unit * scale * below

    def exact(self, thing: int) -> Fraction:
        """The same, reduced."""
        return Fraction(*self.ratio(thing))

    def signs(self, things: Ints, least: Array | None = None) -> Ints:
        """1, 0 or -1 for each of these things; what is no more than its `least` is 0."""
        near, error = (part[things] for part in self.told)
        size, small = np.abs(near), np.zeros(len(things)) if least is None else least
        sure = size - error > small
        found: Ints = np.where(sure, np.sign(near), 0.0).astype(np.int64)
        open_ = np.flatnonzero(~sure & ~(size + error <= small))
        ratios = self.ratios(things[open_]) if len(open_) > FEW else map(self.ratio, things[open_].tolist())
        for k, (above, below) in zip(open_.tolist(), ratios, strict=True):
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
