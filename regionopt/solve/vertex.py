"""A vertex: a basis of a program, and costs of which the first that differ decide (Isermann 1982, linear
lexicographic optimization), in exact fractions.

A column or a row is a *thing*: columns first, then rows; a row's value is its activity. What one vertex has computed
is handed on to the next where it still holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from regionopt.model.matrix import Array, Ints
from regionopt.model.program import Basis, Program, Seat
from regionopt.model.sums import ZERO, common
from regionopt.model.vectors import Common, Vector, vector
from regionopt.proof.exact import Seated
from regionopt.proof.forms import Amounts, Form, Terms

Costs = Sequence[float]


@dataclass(frozen=True)
class Vertex:
    """A basis of `program`, and the costs that are minimised, in order of rank.

    `least` is the least price of every thing that counts at each rank: what is smaller is rounding. Where it is not
    given every price counts.
    """

    program: Program
    ranks: tuple[Costs, ...]
    basis: Basis
    least: tuple[tuple[float, ...], ...] = ()

    @cached_property
    def seated(self) -> Seated:
        """The basis with its equations eliminated."""
        return Seated(self.program, self.basis)

    @cached_property
    def values(self) -> Common:
        """The value of every thing. Raises ArithmeticError when the basis is singular, or something sits at a bound
        that it does not have."""
        found, width = self.seated.spread(*self._levels), len(self.program.columns)
        taken = {width + i: amount for i, amount in enumerate(self.program.table.taken) if amount}
        return found.after(Fraction(1), vector(taken)) if taken else found

    @cached_property
    def _levels(self) -> tuple[list[int], int]:
        """Where every thing at a bound sits, without what is taken of rows: whole numbers, to be divided by one."""
        return common([self._level(thing, seat) for thing, seat in enumerate(self.seats)])

    def _level(self, thing: int, seat: Seat) -> float | Fraction:
        if seat is Seat.BASIC:
            return 0.0
        bound, row = 0.0 if seat is Seat.FREE else self.bound(thing, seat), thing - len(self.program.columns)
        taken = self.program.table.taken[row] if row >= 0 else ZERO
        return Fraction(bound) - taken if taken else bound

    @cached_property
    def seats(self) -> tuple[Seat, ...]:
        """The seat of every thing."""
        return (*self.basis.columns, *self.basis.rows)

    @cached_property
    def terms(self) -> Terms:
        """The coefficients of the program."""
        return Terms(self.program.matrix)

    @cached_property
    def bounds(self) -> tuple[tuple[float, float], ...]:
        """Lower and upper bound of every thing."""
        return tuple(zip(*self.program.ends, strict=True))

    def bound(self, thing: int, seat: Seat) -> float:
        """One bound of one thing."""
        lower, upper = self.program.ends
        return (lower if seat is Seat.LOWER else upper)[thing]

    @cached_property
    def movable(self) -> Ints:
        """The things that sit at a bound and could leave it."""
        return np.flatnonzero(self.program.movable & (self.basis.seats != Seat.BASIC))

    @cached_property
    def _small(self) -> tuple[Array, ...]:
        return tuple(np.array(least) for least in self.least)

    @cached_property
    def _costs(self) -> tuple[Amounts, ...]:
        return tuple(map(Amounts, self.ranks))

    @cached_property
    def _forms(self) -> dict[int, Form]:
        return {}

    @cached_property
    def _rates(self) -> dict[int, Form]:
        return {}

    @cached_property
    def _prices(self) -> dict[int, Common]:
        return {}

    def form(self, rank: int) -> Form:
        """What a unit of every thing costs at a rank."""
        if rank not in self._forms:
            self._forms[rank] = self._form(self._costs[rank])
        return self._forms[rank]

    def rate(self, thing: int) -> Form:
        """How much a basic thing moves with a unit of every thing at a bound."""
        if thing not in self._rates:
            width = len(self.program.columns)
            terms = self.program.rows[thing - width].terms if thing >= width else ((thing, 1.0),)
            unit = [0.0] * width
            for column, coefficient in terms:
                unit[column] += coefficient
            self._rates[thing] = self._form(Amounts(unit))
        return self._rates[thing]

    def signs(self, rank: int, things: Ints) -> Ints:
        """The sign of the price of things at a rank; 0 for what does not count."""
        return self.form(rank).signs(things, self._small[rank][things] if self.least else None)

    def prices(self, rank: int) -> Common:
        """What a unit of every thing costs at a rank: reduced costs of columns, prices of rows; 0 for basic ones, and
        for what does not count."""
        if rank not in self._prices:
            found = self.priced(self.ranks[rank])
            self._prices[rank] = _without(found, self.least[rank]) if self.least else found
        return self._prices[rank]

    def priced(self, costs: Costs) -> Common:
        """What a unit of every thing costs at these costs."""
        return self.seated.priced(costs)

    def _form(self, costs: Amounts) -> Form:
        return Form(self.terms, costs, self.seated.tight_prices(costs.given))

    def moved(self, by: Mapping[int, Fraction]) -> Vector[int]:
        """How much every thing moves when things at a bound do; what does not move is left out. They stand
        in the order in which one follows from another: what is told of them is told so."""
        given, levels = vector(by), [0] * len(self.seats)
        for thing, n in given.whole.items():
            levels[thing] = n
        found = self.seated.spread(levels, given.below)
        order = dict.fromkeys((*given.whole, *self.seated.factor.order, *range(len(levels))))
        return Vector({thing: n for thing in order if (n := found.whole[thing])}, found.below)

    def swapped(self, leaving: int, bound: Seat, entering: int) -> Vertex:
        """The vertex after one step; a thing that goes from bound to bound leaves what is basic as it is."""
        seats, width = list(self.seats), len(self.program.columns)
        seats[entering] = Seat.BASIC
        seats[leaving] = bound
        basis = Basis(tuple(seats[:width]), tuple(seats[width:]))
        known: dict[str, Any] = {"_forms": self._forms_after(leaving, entering)}
        if "_levels" in self.__dict__ and (levels := self._levels_after(leaving, bound, entering)):
            known["_levels"] = levels
        # A thing that leaves just where its bound is moves nothing.
        if "values" in self.__dict__ and self.values[leaving] == self.bound(leaving, bound):
            known["values"] = self.values
        return self._handing_on(self.program, basis, known)

    def _levels_after(self, leaving: int, bound: Seat, entering: int) -> tuple[list[int], int] | None:
        """The levels after a step, if their denominator can stay."""
        (whole, below), (n, own) = self._levels, self._level(leaving, bound).as_integer_ratio()
        if below % own:
            return None
        levels = whole.copy()
        levels[entering], levels[leaving] = 0, n * (below // own)
        return levels, below

    def _forms_after(self, leaving: int, entering: int) -> dict[int, Form]:
        """The prices that are known and stay as they are after a step: where what enters costs nothing."""
        if leaving == entering:
            return dict(self._forms)
        return {rank: form for rank, form in self._forms.items() if not form.ratio(entering)[0]}

    def on(self, program: Program) -> Vertex:
        """The same basis on another program of the same shape. Where only bounds differ the prices are the same."""
        if all(a.terms is b.terms for a, b in zip(self.program.rows, program.rows, strict=True)):
            same = ("_forms", "_rates", "_prices")
            known = {name: value for name, value in self.__dict__.items() if name in same}
            known["seated"] = self.seated.on(program)
            return self._handing_on(program.sharing(self.program), self.basis, known)
        fresh = Vertex(program, self.ranks, self.basis, self.least)
        fresh.__dict__["_costs"] = self._costs
        return fresh

    def _handing_on(self, program: Program, basis: Basis, known: Mapping[str, Any]) -> Vertex:
        """Another vertex of the same terms and costs, with what is known of it already."""
        found = Vertex(program, self.ranks, basis, self.least)
        found.__dict__.update({"terms": self.terms, "_costs": self._costs, "_small": self._small}, **known)
        return found


def _without(prices: Common, least: Sequence[float]) -> Common:
    """The prices without those that are rounding."""
    whole = (n if not n or abs(n / prices.below) > small else 0 for n, small in zip(prices.whole, least, strict=True))
    return Common(tuple(whole), prices.below)
