"""What holds the plan: limits, targets and full tranches, in the order of what relaxing each by 1 % brings.

Something binds when a stage gets better as it is relaxed. The change is read off the first exact piece of `walk` in
the direction that helps; where a stage's value gets better, what the stages after it lose is told as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from regionopt.case.limits import Limit
from regionopt.common.decimals import digits
from regionopt.common.instance import Tranche
from regionopt.doctor.levers import Lever
from regionopt.explain.prices import Price
from regionopt.explain.quantities import Quantity
from regionopt.explain.shift import Shift
from regionopt.explain.walk import walk
from regionopt.model.sums import ZERO
from regionopt.solve.vertex import Vertex

PERCENT = Fraction(1, 100)
# What 1 % of a number changes by less than this changes nothing: products of written numbers are rounded.
NOTHING = Fraction(1, 10**13)


@dataclass(frozen=True)
class Binding:
    """A number that holds the plan: where it stands, its value and unit, whether less or more of it helps (-1, 1),
    and what 1 % of its value in that direction changes of each quantity, by name."""

    path: str
    value: Fraction
    unit: str
    helps: int
    gains: dict[str, Fraction]
    limit: Limit | None = None
    tranche: Tranche | None = None

    @property
    def region(self) -> str:
        """The region it belongs to, empty where it is of all."""
        return self.tranche.region if self.tranche else self.limit.names.get("region", "") if self.limit else ""


def binding(
    vertex: Vertex,
    priced: Sequence[Price],
    told: Sequence[Quantity],
    tranches: Mapping[int, Tranche],
    unit: str,
) -> list[Binding]:
    """Everything that binds, what brings most first: by the first stage, then by the next.

    `priced` are the prices of limits and targets, `tranches` every tranche by its column.
    """
    found = [*_limits(priced, told), *_full(vertex, tranches, told, unit)]
    stages = [quantity for quantity in told if quantity.stage]
    return sorted(found, key=lambda b: [-q.better * b.gains[q.name] for q in stages])


def _limits(priced: Sequence[Price], told: Sequence[Quantity]) -> Iterator[Binding]:
    by_lever: dict[str, list[Price]] = {}
    for price in priced:
        by_lever.setdefault(price.lever.path, []).append(price)
    for path, prices in by_lever.items():
        lever: Lever = prices[0].lever
        for sign in (1, -1):
            changes = [price.right.change if sign > 0 else price.left.change for price in prices]
            if None not in changes and not lever.whole:
                step = PERCENT * abs(Fraction(lever.value)) if lever.value else PERCENT
                # A change to the left is told per unit more: going down by one is its opposite.
                gains = {p.quantity.name: sign * step * (c or ZERO) for p, c in zip(prices, changes, strict=True)}
                if _better(gains, told):
                    yield Binding(path, Fraction(lever.value), lever.unit, sign, gains, limit=lever.limit)
                    break


def _full(vertex: Vertex, tranches: Mapping[int, Tranche], told: Sequence[Quantity], unit: str) -> Iterator[Binding]:
    """Tranches that are full and would take more."""
    for column, t in tranches.items():
        width = Fraction(vertex.program.upper[column])
        if vertex.values[column] == width and width:
            piece = next(walk(vertex, Shift(upper={column: Fraction(1)})))
            gains = {
                quantity.name: PERCENT * width * quantity.sense * piece.slope(quantity.costs) for quantity in told
            }
            if _better(gains, told):
                path = f"widths.{t.region}.{t.programme}.{t.tranche}"
                yield Binding(path, width, unit, 1, gains, tranche=t)


def _better(gains: dict[str, Fraction], told: Sequence[Quantity]) -> bool:
    """Whether the first stage that changes gets better."""
    for quantity in told:
        if quantity.stage and abs(gains[quantity.name]) > NOTHING:
            return quantity.better * gains[quantity.name] > 0
    return False


def binding_rows(found: Sequence[Binding], told: Sequence[Quantity]) -> Iterator[dict[str, object]]:
    """The table `binding.csv`: one row a number that binds and a quantity, what brings most first."""
    dated = any(one.tranche and one.tranche.period for one in found)
    for place, one in enumerate(found, start=1):
        year = {"period": one.tranche.period if one.tranche else ""} if dated else {}
        for quantity in told:
            yield {
                "rank": place,
                "path": one.path,
                "kind": one.limit.kind.key if one.limit else "tranche",
                **year,
                "now": digits(one.value),
                "unit": one.unit,
                "relaxed": "more" if one.helps > 0 else "less",
                "quantity": quantity.name,
                "change": digits(one.gains[quantity.name]),
            }
