"""Results side by side: whether they can be compared, every number against the first, what moved and what was won.

Pure: sides come in, tidy rows go out. A side without a plan keeps its rows; their values are None, never 0. A
programme that a plan does not have receives nothing there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from regionopt.common.decimals import stage_unit
from regionopt.common.document import RegionResult
from regionopt.common.errors import Problem
from regionopt.common.instance import METRICS
from regionopt.common.units import single_unit
from regionopt.compare.budget_price import Held
from regionopt.compare.sides import Side, Target

Row = dict[str, Any]
Key = tuple[str, str, str, str]
"""Kind of the row, region, programme, metric."""
# Money is written with six decimals: what differs by less is the same.
SAME = Fraction(1, 10**6)
# A programme is a sum of tranches and years, each rounded.
SAME_SUM = Fraction(1, 10**4)
REGION_FIELDS = (
    "budget", "share", "budget_per_head",
    *(f"{metric}{part}" for metric in METRICS for part in ("", "_target", "_shortfall")),
)  # fmt: skip


@dataclass(frozen=True)
class Move:
    """Money of a region (`programme` empty), of a programme or of a group (`region` empty), before and after."""

    region: str
    programme: str
    before: Fraction
    after: Fraction

    @property
    def difference(self) -> Fraction:
        """What it receives more."""
        return self.after - self.before


def problems(sides: Sequence[Side], places: Sequence[str]) -> Iterator[Problem]:
    """What keeps sides from being compared with the first: other regions, other units. `places` is what was asked."""
    base = sides[0]
    for side, place in zip(sides[1:], places[1:], strict=True):
        if _membership(side) != _membership(base):
            facts = {"first": ", ".join(base.regions), "own": ", ".join(side.regions)}
            yield Problem("other_regions", place, None, facts)
        if side.document.budget.unit != base.document.budget.unit:
            facts = {"first": base.document.budget.unit}
            yield Problem("other_unit", place, side.document.budget.unit, facts)


def _membership(side: Side) -> Mapping[str, frozenset[str]]:
    return {name: frozenset(region.counties) for name, region in side.regions.items()}


def rows(sides: Sequence[Side], held: Sequence[Held | None]) -> Iterator[Row]:
    """Every number of every side in tidy rows: `scenario, status, kind, region, programme, metric, unit, value, base,
    difference`. The first side is the base of all."""
    values = [_values(side, own) for side, own in zip(sides, held, strict=True)]
    units = {key: unit for own in values for key, (unit, _) in own.items()}
    keys = sorted(units, key=lambda key: ORDER.index(key[0]))
    for side, own in zip(sides, values, strict=True):
        for key in keys:
            value, base = (_value(one, its, key) for one, its in ((side, own), (sides[0], values[0])))
            kind, region, programme, metric = key
            yield {
                "scenario": side.name, "status": side.document.status.value, "kind": kind, "region": region,
                "programme": programme, "metric": metric, "unit": units[key], "value": value, "base": base,
                "difference": None if value is None or base is None else value - base,
            }  # fmt: skip


ORDER = ("total", "stage", "price", "region", "programme", "target", "met")


def _value(side: Side, own: Mapping[Key, tuple[str, Fraction | None]], key: Key) -> Fraction | None:
    if key in own:
        return own[key][1]
    return Fraction(0) if key[0] == "programme" and side.has_plan else None


def _values(side: Side, held: Held | None) -> dict[Key, tuple[str, Fraction | None]]:
    """Unit and value of every number of a side."""
    found = {("total", "", "", name): told for name, told in _totals(side)}
    currency = side.document.budget.unit
    for stage in side.document.stages:
        found["stage", "", "", stage.name] = stage.unit, exact(stage.value)
    for name, change in held.prices.items() if held else ():
        unit = stage_unit(name, currency)
        for part, side_change in (("less", change[0]), ("more", change[1])):
            found["price", "", "", f"{name}_{part}"] = f"{unit} per {currency}", side_change
    for region in side.document.regions:
        for field in REGION_FIELDS:
            found["region", region.id, "", field] = region_unit(field, currency), exact(getattr(region, field))
    for (name, programme), sums in side.programmes.items():
        for field, value in sums.items():
            found["programme", name, programme, field] = region_unit(field, currency), value
    for target, row in side.targets.items():
        short, met = row["relative_shortfall"], row["met"]
        found["target", target[1], "", target_name(target)] = "1", exact(short or None)
        found["met", target[1], "", target_name(target)] = "1", Fraction(met == "true") if met else None
    return found


def _totals(side: Side) -> Iterator[tuple[str, tuple[str, Fraction | None]]]:
    budget = side.document.budget
    yield "budget_total", (budget.unit, exact(budget.total))
    yield "spent", (budget.unit, exact(budget.spent))
    yield "unspent", (budget.unit, exact(budget.unspent))
    for metric in METRICS:
        yield metric, (region_unit(metric, budget.unit), national(side, metric))


def national(side: Side, metric: str) -> Fraction | None:
    """A metric of all regions together; None without a plan."""
    found = [exact(getattr(region, metric)) for region in side.document.regions]
    return None if None in found else sum((value for value in found if value is not None), Fraction(0))


def target_name(target: Target) -> str:
    """`jobs`, `jobs@2030`, `output_growth`: a target's metric, its kind and its year."""
    metric, _, kind, year = target
    return f"{metric}{f'_{kind}' if kind else ''}{f'@{year}' if year else ''}"


def region_unit(field: str, currency: str) -> str:
    """The unit of a number of a region."""
    if field == "share" or field.endswith("_shortfall"):
        return "1"
    if field == "budget_per_head":
        return f"{single_unit(currency)} a person"
    return stage_unit(field.removesuffix("_target"), currency)


def exact(value: float | str | None) -> Fraction | None:
    """The number as it is written, without the rounding of floating point."""
    return None if value is None else Fraction(str(value))


def region_moves(base: Side, side: Side) -> list[Move]:
    """Regions whose money differs, the largest move first; none where one of the two has no plan."""
    if not (base.has_plan and side.has_plan):
        return []
    moves = [Move(r.id, "", _money(base.regions[r.id]), _money(side.regions[r.id])) for r in base.document.regions]
    return _moved(moves)


def programme_moves(base: Side, side: Side) -> list[Move]:
    """Programmes, platforms and measures whose money differs, the largest move first."""
    if not (base.has_plan and side.has_plan):
        return []
    keys = dict.fromkeys((*base.programmes, *side.programmes))
    nothing = {"budget": Fraction(0)}
    return _moved(
        [
            Move(*key, base.programmes.get(key, nothing)["budget"], side.programmes.get(key, nothing)["budget"])
            for key in keys
        ],
        SAME_SUM,
    )


def group_moves(base: Side, side: Side) -> list[Move]:
    """Groups that both have and whose money differs, the largest move first."""
    ours, theirs = ({g.id: exact(g.budget) for g in one.document.groups or ()} for one in (base, side))
    both = [(name, before, theirs.get(name)) for name, before in ours.items()]
    return _moved([Move("", name, a, b) for name, a, b in both if a is not None and b is not None])


def _moved(moves: Sequence[Move], same: Fraction = SAME) -> list[Move]:
    found = [move for move in moves if abs(move.difference) > same]
    return sorted(found, key=lambda move: -abs(move.difference))


def _money(region: RegionResult) -> Fraction:
    return exact(region.budget) or Fraction(0)


def won_and_lost(base: Side, side: Side) -> tuple[list[Target], list[Target]]:
    """Targets that are met in the side and not in the base, and the other way round; of those that both have."""
    both = [target for target in base.targets if target in side.targets]
    met = [(target, base.targets[target]["met"], side.targets[target]["met"]) for target in both]
    won = [target for target, before, after in met if (before, after) == ("false", "true")]
    return won, [target for target, before, after in met if (before, after) == ("true", "false")]
