"""Many runs of one program solved together, each the one best plan of its own numbers.

Runs with the same coefficients share their bases: a basis that is best for one is best for all whose plan it keeps
within bounds, found by one product of matrices (`corners`). Runs with coefficients of their own get a basis each from
HiGHS (`rapid`), and many are looked at together (`stack`). What is not clearly best in floating point, and what has
no plan, is left to the caller, who solves it afresh in fractions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regionopt.sweep.corners import Seats, best, plans
from regionopt.sweep.flat import Array, Ints, Pattern, Scale
from regionopt.sweep.many import Found, Many
from regionopt.sweep.rapid import Rapid

# What helped in less than this part of its last tries is tried no more.
WORTH = 0.2
# How many bases of one program's coefficients are remembered for the next runs.
REMEMBERED = 8


@dataclass
class _Luck:
    """How often something helped, lately; it is worth a try down to `least`."""

    least: float = WORTH
    rate: float = 1.0

    @property
    def worth(self) -> bool:
        return self.rate >= self.least

    def hear(self, hit: bool) -> None:
        self.rate = 0.9 * self.rate + 0.1 * hit


class Batch:
    """Solves the runs of one pattern. Nothing is remembered from one call of `solve` to the next, so that an answer
    does not hang on which batches were solved before."""

    def __init__(self, pattern: Pattern, scale: Scale) -> None:
        self._pattern, self._scale = pattern, scale

    def solve(self, numbers: Array) -> Found:
        """Numbers by run, a row a run."""
        many = Many.of(self._pattern, self._scale, numbers)
        return _Solving(many).solved() if len(many) else many.none


class _Solving:
    """One call: what is settled so far, and what helped."""

    def __init__(self, many: Many) -> None:
        pattern, scale = many.pattern, many.scale
        shape, places = (len(pattern.rows), len(pattern.columns)), (pattern.term_rows, pattern.term_columns)
        self._many, self._found = many, many.none
        self._rapid = Rapid(shape, places, many.far, scale.cost)
        self._neighbours, self._guesses, self._rank_by_rank = _Luck(), _Luck(), _Luck(least=0.0)

    def solved(self) -> Found:
        """What becomes of every run."""
        groups = self._many.alike()
        if len(groups) == len(self._many):
            self._guess_each()
            groups = list(self._found.left[:, None])
            self._neighbours.rate = self._guesses.rate = 0.0
        known: tuple[Seats, ...] = ()
        for runs in groups:
            known = self._alike(runs, known)
        return self._found

    def _guess_each(self) -> None:
        """Runs with coefficients of their own, as long as guesses help."""
        for runs in self._many.parts:
            stack = self._many.stack(runs)
            seats, found = self._rapid.guesses(stack)
            try:
                with np.errstate(invalid="ignore", over="ignore"):
                    x, right = stack.plans(seats)
            except np.linalg.LinAlgError:
                continue
            found &= right
            self._found.put(runs[found], self._many.told(x[found, None], stack.whole[found])[:, 0])
            if found.mean() < WORTH:
                break

    def _alike(self, runs: Ints, known: tuple[Seats, ...]) -> tuple[Seats, ...]:
        """Runs that share coefficients: one basis after another, each for all that it is best for. Returns the bases
        that are worth a try with the next coefficients."""
        whole = self._many.program(int(runs[0])).whole
        left = self._by_known(runs, whole, known)
        most = REMEMBERED if len(left) > 1 else 1
        while len(left):
            seats, settled = self._by_new(left, whole)
            left = left[~settled]
            if seats is not None:
                known = (seats, *known)[:most]
            else:
                left = left[1:]
        return known

    def _by_known(self, left: Ints, whole: Array, known: tuple[Seats, ...]) -> Ints:
        """What is left after the bases that are known already."""
        for seats in known:
            if not len(left) or (len(left) == 1 and not self._neighbours.worth):
                break
            settled = self._by_basis(left, whole, seats)
            self._neighbours.hear(bool(settled.any()))
            left = left[~settled]
        return left

    def _by_new(self, left: Ints, whole: Array) -> tuple[Seats | None, NDArray[np.bool_]]:
        """The basis that is best for the first of these runs, if it is found, and which of all are settled."""
        program, settled = self._many.program(int(left[0]), whole), np.zeros(len(left), dtype=bool)
        for ask, luck in ((self._rapid.guess, self._guesses), (self._rapid.basis, self._rank_by_rank)):
            if luck.worth and isinstance(seats := ask(program), Seats):
                settled[~settled] = self._by_basis(left[~settled], whole, seats)
                luck.hear(bool(settled[0]))
                if settled[0]:
                    return seats, settled
        return None, settled

    def _by_basis(self, left: Ints, whole: Array, seats: Seats) -> NDArray[np.bool_]:
        """Settle the runs for which a basis is best, and say which they are."""
        program, size = self._many.program(int(left[0]), whole), self._many.scale.cost
        nothing = np.zeros(len(left), dtype=bool)
        try:
            with np.errstate(invalid="ignore", over="ignore"):
                x, kept = plans(seats, program, self._many.bounds_of(left))
                first = int(np.argmax(kept))
                # The price of what cannot move says nothing: the verdict holds where the same things can.
                kept &= self._many.kinds[left] == self._many.kinds[left[first]]
                program = self._many.program(int(left[first]), whole)
                values = (program.costs @ x[first]) * size
                if not kept.any() or not best(seats, program, values, size, self._many.far):
                    return nothing
        except np.linalg.LinAlgError:
            return nothing
        self._found.put(left[kept], self._many.told(x[kept], whole))
        return kept
