"""Why money moved between two results: only what is proven by the two plans and by what differs in their cases.

    floor, ceiling     the side's plan stands exactly on a limit that the base's plan would break
    must               the side reaches a must-target exactly, which the base's plan would miss
    floor_gone, …      the base's plan stands exactly on a limit that the side's plan would break
    floor_moved, …     both plans stand exactly on the limit, which is another amount (a share of another budget)
    only, override     one number, or one named override, is all that differs: a case has one plan, so it follows
    target             a target of the region differs in the direction of the move: told beside, not as a proof
    none               none of these

Where several things differ and no limit of the region holds it, no single cause can be proven without solving again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol

from regionopt.common.document import Status
from regionopt.common.instance import METRICS
from regionopt.compare.comparison import Move, exact
from regionopt.compare.sides import Side

# A plan is written with six decimals.
EQUAL = Fraction(2, 10**6)


@dataclass(frozen=True)
class Difference:
    """A number or text of the case that differs; None where one of the two does not state it."""

    path: str
    old: float | str | None
    new: float | str | None
    unit: str


@dataclass(frozen=True)
class Differences:
    """All that differs between two cases from the same files, and the overrides that make it."""

    items: tuple[Difference, ...]
    by: tuple[str, ...]


@dataclass(frozen=True)
class Cause:
    """A reason by its code, with its numbers."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class Bounded(Protocol):
    """What has limits on its money: a region or a group."""

    @property
    def floor(self) -> float | None: ...
    @property
    def ceiling(self) -> float | None: ...


def differences(base: Side, side: Side) -> Differences | None:
    """What differs between the cases of two sides; None where they come from other files, so that it is not known."""
    if not _same_files(base, side):
        return None
    before, after = _net(base), _net(side)
    items, by = [], dict[str, None]()
    for path in dict.fromkeys((*before, *after)):
        old, new = _value(base, path, before, after), _value(side, path, after, before)
        if _equal(old, new):
            continue
        items.append(Difference(path, old, new, (after.get(path) or before[path]).unit))
        steps = [own[path].by if path in own else () for own in (before, after)]
        by |= dict.fromkeys(sorted(set(steps[0]) ^ set(steps[1])) or (*steps[0], *steps[1]))
    return Differences(tuple(items), tuple(by))


@dataclass(frozen=True)
class _Net:
    """A path of `changes.csv`: its value before all changes and after, the unit, who changed it."""

    old: float | str | None
    new: float | str | None
    unit: str
    by: tuple[str, ...]


def _net(side: Side) -> dict[str, _Net]:
    found: dict[str, _Net] = {}
    for row in side.changes:
        first = found.get(row["path"])
        old = first.old if first else _told(row["old"])
        steps = (*(first.by if first else ()), row["by"])
        found[row["path"]] = _Net(old, _told(row["new"]), row["unit"], steps)
    return found


def _value(side: Side, path: str, own: Mapping[str, _Net], other: Mapping[str, _Net]) -> float | str | None:
    """What a path says on a side: as its case has it now, or as the changes tell it."""
    quantity = side.case.resolved.numbers.get(path) if side.case else None
    if quantity is not None:
        return quantity.value
    return own[path].new if path in own else other[path].old


def _told(cell: str) -> float | str | None:
    if not cell:
        return None
    try:
        return float(cell)
    except ValueError:
        return cell


def _equal(old: float | str | None, new: float | str | None) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return math.isclose(old, new, rel_tol=1e-15)
    return old == new


def _same_files(base: Side, side: Side) -> bool:
    """Whether both were read from the same case file and tables; a table that only one names is told as a change."""
    ours, theirs = base.document.provenance.inputs, side.document.provenance.inputs
    case_files = next(iter(ours), None), next(iter(theirs), None)
    return (
        base.document.case == side.document.case
        and case_files[0] == case_files[1] is not None
        and all(theirs[name] == digest for name, digest in ours.items() if name in theirs)
    )


def causes(base: Side, side: Side, move: Move, differ: Differences | None) -> tuple[Cause, ...]:
    """The reasons of a region's or a group's move that are proven; `none` where nothing is."""
    found = [
        *_limits(_bounded(base, move), _bounded(side, move), move),
        *(_musts(base, side, move) if move.region else ()),
    ]
    if not found:
        found = list(_all_that_differs(base, side, differ))
    if move.region and all(cause.code == "override" for cause in found):
        found += _targets(base, side, move)
    return tuple(found) or (Cause("none"),)


def _bounded(side: Side, move: Move) -> Bounded | None:
    if move.region:
        return side.regions[move.region]
    return next((group for group in side.document.groups or () if group.id == move.programme), None)


def _limits(before: Bounded | None, after: Bounded | None, move: Move) -> Iterator[Cause]:
    """Limits that one plan stands on and the other would break."""
    if before is None or after is None:
        return
    up = move.difference > 0
    name = "floor" if up else "ceiling"
    now, was = exact(getattr(after, name)), exact(getattr(before, name))
    if now is not None and _on(move.after, now) and (move.before < now) == up and now != was:
        yield Cause(name, {"limit": float(now)})
    gone = "ceiling" if up else "floor"
    now, was = exact(getattr(after, gone)), exact(getattr(before, gone))
    if was is not None and _on(move.before, was) and now != was:
        if now is not None and _on(move.after, now):
            yield Cause(f"{gone}_moved", {"limit": float(was), "new": float(now)})
        else:
            yield Cause(f"{gone}_gone", {"limit": float(was)})


def _on(money: Fraction, limit: Fraction) -> bool:
    return abs(money - limit) <= EQUAL


def _musts(base: Side, side: Side, move: Move) -> Iterator[Cause]:
    """Must-targets that the side reaches with nothing to spare and the base's plan would miss."""
    if move.difference < 0:
        return
    for key, row in side.targets.items():
        if key[1] != move.region or row["must"] != "true" or key not in base.targets:
            continue
        wanted, reached, before = (exact(cell) for cell in _reached(base, row, key))
        if wanted is None or reached is None or before is None:
            continue
        rounding = EQUAL * max(Fraction(1), wanted)
        if abs(reached - wanted) <= rounding and before < wanted - rounding:
            yield Cause("must", {"metric": key[0], "target": float(wanted)})


def _reached(base: Side, row: Mapping[str, str], key: tuple[str, str, str, str]) -> tuple[str | None, ...]:
    return row["target"] or None, row["reached"] or None, base.targets[key]["reached"] or None


def _all_that_differs(base: Side, side: Side, differ: Differences | None) -> Iterator[Cause]:
    """The one number, or the one override, that is all that differs; only where both plans are the optimal ones."""
    if differ is None or {base.document.status, side.document.status} != {Status.OPTIMAL}:
        return
    if len(differ.items) == 1:
        yield Cause("only", {"path": differ.items[0].path})
    elif len(differ.by) == 1 and differ.by != ("--set",):
        yield Cause("override", {"name": differ.by[0]})


def _targets(base: Side, side: Side, move: Move) -> Iterator[Cause]:
    """Targets of the region that moved the way its money did."""
    for metric in METRICS:
        old, new = (getattr(one.regions[move.region], f"{metric}_target") for one in (base, side))
        if old is None or new is None or math.isclose(old, new, rel_tol=1e-9):
            continue
        if (new > old) == (move.difference > 0):
            yield Cause("target", {"metric": metric, "old": old, "new": new})
