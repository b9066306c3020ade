"""The programs of many runs of one pattern, scaled, and what becomes of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from regionopt.sweep.corners import Scaled
from regionopt.sweep.flat import Array, Ints, Pattern, Scale
from regionopt.sweep.stack import Stack

# Programs are looked at together, but no more numbers than this at once.
MOST = 2_000_000
Bounds = tuple[Array, Array, Array, Array]


@dataclass(frozen=True)
class Found:
    """By run: whether it is settled, and what is told of its plan (ranks, then `Pattern.told`); 0 where it is not."""

    settled: NDArray[np.bool_]
    told: Array

    def put(self, runs: Ints, told: Array) -> None:
        """These runs are settled."""
        self.settled[runs] = True
        self.told[runs] = told

    @property
    def left(self) -> Ints:
        """The runs that are not settled."""
        return np.flatnonzero(~self.settled)


@dataclass(frozen=True)
class Many:
    """Coefficients by run and term, bounds by run and column or row: lower, upper, row_lower, row_upper."""

    pattern: Pattern
    scale: Scale
    terms: Array
    bounds: Bounds

    @staticmethod
    def of(pattern: Pattern, scale: Scale, numbers: Array) -> Many:
        """Numbers by run, scaled."""
        lower, upper, row_lower, row_upper, terms = (
            numbers[:, pattern.parts[name]] for name in ("lower", "upper", "row_lower", "row_upper", "terms")
        )
        bounds = lower / scale.unit, upper / scale.unit, row_lower / scale.row, row_upper / scale.row
        return Many(pattern, scale, terms * scale.terms, bounds)

    def __len__(self) -> int:
        return len(self.terms)

    @property
    def none(self) -> Found:
        """Nothing is settled yet."""
        width = len(self.pattern.ranks) + len(self.pattern.told)
        return Found(np.zeros(len(self), dtype=bool), np.zeros((len(self), width)))

    @property
    def parts(self) -> Iterator[Ints]:
        """The runs in order, so many at once as `MOST` allows."""
        size = max(1, MOST // max(1, self.pattern.shape[0] * self.pattern.shape[1]))
        return (np.arange(start, min(start + size, len(self))) for start in range(0, len(self), size))

    def alike(self) -> list[Ints]:
        """Runs by equal coefficients, in the order of the first of each."""
        differ = self.terms[:, (self.terms != self.terms[:1]).any(axis=0)]
        if differ.size and len(np.unique(differ[:, 0])) == len(differ):
            return list(np.arange(len(differ))[:, None])  # one number tells them apart: no need to look at all
        found: dict[bytes, list[int]] = {}
        for k, row in enumerate(differ):
            found.setdefault(row.tobytes(), []).append(k)
        return [np.array(runs, dtype=np.int64) for runs in found.values()]

    @cached_property
    def far(self) -> Array:
        """How far every thing (columns, then rows) reaches in any of the runs: what a price is measured by."""
        span = np.minimum((self.bounds[1] - self.bounds[0]).max(axis=0), 1.0)
        widest = self.pattern.matrix(np.abs(self.terms).max(axis=0))
        return np.concatenate([span, widest[: len(self.pattern.rows)] @ span])

    @cached_property
    def kinds(self) -> Ints:
        """A number by run, the same where the same things can move: those whose bounds lie apart."""
        lower, upper, row_lower, row_upper = self.bounds
        free = np.concatenate([lower < upper, row_lower < row_upper], axis=1)
        return np.unique(free, axis=0, return_inverse=True)[1].ravel()

    def program(self, run: int, whole: Array | None = None) -> Scaled:
        """The program of one run; its coefficients may be there already."""
        whole = self.pattern.matrix(self.terms[run]) if whole is None else whole
        lower, upper, row_lower, row_upper = (part[run] for part in self.bounds)
        return Scaled(lower, upper, row_lower, row_upper, whole, len(self.pattern.ranks))

    def bounds_of(self, runs: Ints) -> Bounds:
        """The bounds of some runs."""
        lower, upper, row_lower, row_upper = (part[runs] for part in self.bounds)
        return lower, upper, row_lower, row_upper

    def stack(self, runs: Ints) -> Stack:
        """The programs of some runs together."""
        lower, upper, row_lower, row_upper = self.bounds_of(runs)
        low, high = np.concatenate([lower, row_lower], axis=1), np.concatenate([upper, row_upper], axis=1)
        whole = self.pattern.matrix(self.terms[runs])
        return Stack(whole, low, high, len(self.pattern.ranks), self.scale.cost, self.far)

    def told(self, x: Array, whole: Array) -> Array:
        """What is told of plans: those of one program (plans · columns), or of each of many programs its own."""
        lines = np.swapaxes(whole[..., len(self.pattern.rows) :, :], -1, -2)
        sizes = np.concatenate([self.scale.cost, np.ones(len(self.pattern.told))])
        told: Array = (x @ lines) * sizes
        return told
