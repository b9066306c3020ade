"""What a tip is, and the solved case that it is measured from: how much money has moved between programmes.

½ · Σ |x'[r,p] - x[r,p]|
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from regionopt.common.instance import Instance
from regionopt.curves.coefficients import Coefficient
from regionopt.explain.walk import Piece
from regionopt.model.program import Program
from regionopt.model.sums import ZERO
from regionopt.solve.engine import Engine
from regionopt.solve.vertex import Costs, Vertex

Programme = tuple[str, str]


@dataclass(frozen=True)
class Tip:
    """What happens when a coefficient moves one way: at which relative change (None: the plan stays as far as
    `looked`), and how.

    `how`: `moves` (money has moved bit by bit), `switches` (it jumps there), `infeasible` (no plan beyond), `stays`,
    or `unseen` (too many pieces). `moved` is the change of every programme that changes. `exact`: not halved in.
    """

    how: str
    change: float | None
    looked: float
    moved: Mapping[Programme, float]
    exact: bool = True


@dataclass(frozen=True)
class Tipping:
    """A coefficient, and what happens below and above its value."""

    coefficient: Coefficient
    down: Tip
    up: Tip

    @property
    def margin(self) -> float:
        """The smaller relative change; infinite where the plan stays."""
        return min((abs(tip.change) for tip in (self.down, self.up) if tip.change is not None), default=float("inf"))

    @property
    def nearest(self) -> Tip:
        """The direction in which the plan changes first."""
        return min((self.down, self.up), key=lambda tip: float("inf") if tip.change is None else abs(tip.change))


@dataclass(frozen=True)
class Base:
    """The solved case: its vertex, the programme of each column, and how much money must move."""

    instance: Instance
    engine: Engine
    program: Program
    costs: tuple[Costs, ...]
    stands: Vertex
    limit: float

    @cached_property
    def programme(self) -> Mapping[int, Programme]:
        """The programme of each column of money."""
        position = {name: j for j, name in enumerate(self.program.columns)}
        return {
            position[f"spend[{','.join(map(str, t.key))}]"]: (t.region, t.programme) for t in self.instance.tranches
        }

    @cached_property
    def money(self) -> Mapping[Programme, float]:
        """What each programme gets in the plan."""
        return self.allocation(self.stands.values)

    def allocation(self, x: Sequence[Fraction]) -> dict[Programme, float]:
        """What each programme gets at these columns."""
        return {key: float(value) for key, value in self._sums({j: x[j] for j in self.programme}).items()}

    def moving(self, piece: Piece) -> dict[Programme, float]:
        """How each programme moves on a piece, for each τ."""
        return {key: float(step) for key, step in self._sums(piece.move).items()}

    def _sums(self, columns: Mapping[int, Fraction]) -> dict[Programme, Fraction]:
        found: dict[Programme, Fraction] = {}
        for j, amount in columns.items():
            if j in self.programme:
                key = self.programme[j]
                found[key] = found.get(key, ZERO) + amount
        return found

    def difference(self, money: Mapping[Programme, float]) -> dict[Programme, float]:
        """What each programme gets more than in the plan."""
        return {key: money[key] - before for key, before in self.money.items()}


def size(difference: Mapping[Programme, float]) -> float:
    """How much money has moved: what some lose and others get, or what is spent more or less."""
    return sum(map(abs, difference.values())) / 2


def told_of(difference: Mapping[Programme, float]) -> dict[Programme, float]:
    """The programmes that change, the largest change first; not what rounding leaves."""
    most = max(map(abs, difference.values()), default=0.0)
    changed = {key: value for key, value in difference.items() if abs(value) > 1e-6 * most}
    return dict(sorted(changed.items(), key=lambda item: -abs(item[1])))
