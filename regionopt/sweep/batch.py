"""Many runs of one program solved together, each the one best plan of its own numbers.

Runs with the same coefficients share their bases: a basis that is best for one is best for all whose plan it keeps
within bounds, found by one product of matrices. Every other run is solved warm by HiGHS (`rapid`) and its basis
checked (`corners`). What is not clearly best in floating point, and what has no plan, is left to the caller, who
solves it afresh in fractions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regionopt.sweep.corners import Scaled, Seats, best, plans
from regionopt.sweep.flat import Array, Ints, Pattern, Scale
from regionopt.sweep.rapid import Rapid
from regionopt.sweep.stack import Stack

# A basis of a neighbour is tried where at least this part of the last tries helped.
WORTH = 0.2
# How many bases of one program's coefficients are remembered for the next runs.
REMEMBERED = 8
# Runs with coefficients of their own are looked at together, but no more numbers than this at once.
MOST = 2_000_000
Bounds = tuple[Array, Array, Array, Array]


@dataclass(frozen=True)
class Found:
    """By run: whether it is settled, and what is told of its plan (ranks, then `Pattern.told`); 0 where it is not."""

    settled: NDArray[np.bool_]
    told: Array


@dataclass
class _Luck:
    """How often the basis of the run before was right, lately."""

    rate: float = 1.0

    def hear(self, hit: bool) -> None:
        self.rate = 0.9 * self.rate + 0.1 * hit


class Batch:
    """Solves the runs of one pattern. Nothing is remembered from one call of `solve` to the next, so that an answer
    does not hang on which batches were solved before."""

    def __init__(self, pattern: Pattern, scale: Scale) -> None:
        self.pattern, self.scale = pattern, scale
        self._places = pattern.term_rows, pattern.term_columns

    def solve(self, numbers: Array) -> Found:
        """Numbers by run, a row a run."""
        parts, scale = self.pattern.parts, self.scale
        bounds = (
            numbers[:, parts["lower"]] / scale.unit,
            numbers[:, parts["upper"]] / scale.unit,
            numbers[:, parts["row_lower"]] / scale.row,
            numbers[:, parts["row_upper"]] / scale.row,
        )
        terms = numbers[:, parts["terms"]]
        told = np.zeros((len(numbers), len(self.pattern.ranks) + len(self.pattern.told)))
        settled = np.zeros(len(numbers), dtype=bool)
        if not len(numbers):
            return Found(settled, told)
        groups = _alike(terms)
        rapid = Rapid(self._program(self._whole(terms, 0), bounds, 0), self._places, scale.far, scale.cost)
        left = self._apart(rapid, terms, bounds, told, settled) if len(groups) == len(numbers) else None
        known: list[Seats] = []
        luck = _Luck()
        for runs in groups if left is None else [np.array([run]) for run in left]:
            own = _Own(self, self._whole(terms, int(runs[0])), bounds, told, settled)
            self._alike(rapid, own, own.by_known(runs, known, luck) if left is None else runs, bounds, known)
        return Found(settled, told)

    def _whole(self, terms: Array, run: int) -> Array:
        return self.pattern.matrix(terms[run] * self.scale.terms)

    def _alike(self, rapid: Rapid, own: _Own, left: Ints, bounds: Bounds, known: list[Seats]) -> None:
        """Runs that share coefficients: one basis after another, each for all that it is best for."""
        many = len(left) > 1
        while len(left):
            program = self._program(own.whole, bounds, int(left[0]))
            for ask in (rapid.guess, rapid.basis):
                seats = ask(program)
                if isinstance(seats, Seats):
                    left = own.by_basis(left, seats)[1]
                    if own.moved:
                        known[:] = [seats, *known][: REMEMBERED if many else 1]
                        break
            else:
                left = left[1:]

    def _apart(
        self, rapid: Rapid, terms: Array, bounds: Bounds, told: Array, settled: NDArray[np.bool_]
    ) -> list[int]:
        """Runs with coefficients of their own: a basis is guessed for each, and many are looked at together. Returns
        the runs that are left."""
        together = max(1, MOST // max(1, self.pattern.shape[0] * self.pattern.shape[1]))
        for start in range(0, len(terms), together):
            runs = range(start, min(start + together, len(terms)))
            guessed, wholes = dict[int, Seats](), dict[int, Array]()
            for run in runs:
                whole = self._whole(terms, run)
                seats = rapid.guess(self._program(whole, bounds, run))
                if isinstance(seats, Seats):
                    guessed[run], wholes[run] = seats, whole
            if guessed:
                self._look(guessed, np.stack(list(wholes.values())), bounds, told, settled)
        return np.flatnonzero(~settled).tolist()

    def _look(
        self, guessed: Mapping[int, Seats], whole: Array, bounds: Bounds, told: Array, settled: NDArray[np.bool_]
    ) -> None:
        """Settle the runs whose guessed basis is the best."""
        runs, rows = np.array(list(guessed)), len(self.pattern.rows)
        lower, upper, row_lower, row_upper = (part[runs] for part in bounds)
        low, high = np.concatenate([lower, row_lower], axis=1), np.concatenate([upper, row_upper], axis=1)
        stack = Stack(whole, low, high, len(self.pattern.ranks), self.scale.cost, self.scale.far)
        seats = np.stack([np.concatenate([one.columns, one.rows]) for one in guessed.values()])
        try:
            with np.errstate(invalid="ignore", over="ignore"):
                x, good = stack.plans(seats)
        except np.linalg.LinAlgError:
            return
        size = np.concatenate([self.scale.cost, np.ones(len(self.pattern.told))])
        told[runs[good]] = (whole[good, rows:] @ x[good][:, :, None])[:, :, 0] * size
        settled[runs[good]] = True

    def _program(self, whole: Array, bounds: Bounds, run: int) -> Scaled:
        lower, upper, row_lower, row_upper = (part[run] for part in bounds)
        return Scaled(lower, upper, row_lower, row_upper, whole, len(self.pattern.ranks))


class _Own:
    """The runs that share coefficients."""

    def __init__(
        self,
        batch: Batch,
        whole: Array,
        bounds: Bounds,
        told: Array,
        settled: NDArray[np.bool_],
    ) -> None:
        self._batch, self.whole, self._bounds, self._told, self._settled = batch, whole, bounds, told, settled
        self.moved = False

    def by_known(self, left: Ints, known: list[Seats], luck: _Luck) -> Ints:
        """What is left after the bases that are known already."""
        for seats in tuple(known):
            if not len(left) or (len(left) == 1 and luck.rate < WORTH):
                break
            before = len(left)
            left = self.by_basis(left, seats)[1]
            luck.hear(len(left) < before)
        return left

    def by_basis(self, left: Ints, seats: Seats) -> tuple[Ints, Ints]:
        """Settle the runs for which a basis is best: which they are, and which are left."""
        self.moved = False
        program = self._batch._program(self.whole, self._bounds, int(left[0]))
        try:
            with np.errstate(invalid="ignore", over="ignore"):
                x, kept = plans(seats, program, tuple(part[left] for part in self._bounds))  # type: ignore[arg-type]
                if not kept.any() or not self._best(seats, program, x[np.argmax(kept)]):
                    return left[:0], left
        except np.linalg.LinAlgError:
            return left[:0], left
        self.moved = bool(kept[0])
        done = left[kept]
        rows = len(self._batch.pattern.rows)
        size = np.concatenate([self._batch.scale.cost, np.ones(len(self._batch.pattern.told))])
        self._told[done] = (x[kept] @ self.whole[rows:].T) * size
        self._settled[done] = True
        return done, left[~kept]

    def _best(self, seats: Seats, program: Scaled, x: Array) -> bool:
        size = self._batch.scale.cost
        return best(seats, program, (program.costs @ x) * size, size, self._batch.scale.far)


def _alike(terms: Array) -> list[Ints]:
    """Runs by equal coefficients, in the order of the first of each."""
    found: dict[bytes, list[int]] = {}
    for k, row in enumerate(terms):
        found.setdefault(row.tobytes(), []).append(k)
    return [np.array(runs, dtype=np.int64) for runs in found.values()]
