"""The arithmetic of the tables that explain a plan: what in them follows from the proven plan, or from each other.

Another plan that a table tells of (the end of a band, a benchmark, a plan without a region, a point of a curve) is
not proven again here: its numbers are covered by the file's hash, and by what they must add up to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import groupby, pairwise

from regionopt.common.decimals import JOBS, MONEY, RATIO
from regionopt.verify.check import Check, Fault, check, rounds, same
from regionopt.verify.read import Folder, Table, number
from regionopt.verify.sums import PER_UNIT, Sums, value

Plan = Mapping[str, Fraction]
# A number of twelve digits is rounded by less than this part of it.
TWELVE = Fraction(1, 10**11)


def explained_checks(folder: Folder, sums: Sums, x: Plan) -> Iterator[Check]:
    """A check for each table of explanations that the folder has; `x` is the proven plan."""
    made: dict[str, Callable[[], Iterator[Fault | None]]] = {
        "bands": lambda: _bands(folder, sums, x),
        "benchmarks": lambda: _benchmarks(folder, sums, x),
        "importance": lambda: _importance(folder, sums, x),
        "fairness": lambda: _fairness(folder),
        "prices": lambda: _prices(folder),
        "next": lambda: _next(folder, sums),
        "binding": lambda: _binding(folder),
        "tips": lambda: _tips(folder, sums, x),
    }
    for code, faults in made.items():
        if f"{code}.csv" in folder.proof.files:
            yield check(code, f"{code}.csv", faults())


def _cells(row: Mapping[str, str], place: str, *names: str) -> list[Fraction | None]:
    return [number(row.get(name) or "", place) for name in names]


def _adds(place: str, decimals: int, written: Fraction | None, *summands: Fraction | None) -> Fault | None:
    """A sum of numbers that were rounded one by one, to some decimals or to twelve digits."""
    known = [summand for summand in summands if summand is not None]
    if written is None or len(known) < len(summands):
        return same(place, written, None)
    right = sum(known, Fraction(0))
    each = Fraction(1, 2 * 10**decimals) + TWELVE * max(map(abs, (written, *known)))
    return None if abs(written - right) <= (len(known) + 1) * each else rounds(place, written, right, decimals)


def received(sums: Sums, x: Plan, region: str, programme: str = "") -> Fraction:
    """What the plan gives a region, or one of its programmes."""
    own = (t for t in sums.tranches if (t.region, t.programme) == (region, programme))
    return value(sums.money(own) if programme else sums.allocated(region), x)


def _bands(folder: Folder, sums: Sums, x: Plan) -> Iterator[Fault | None]:
    """The plan's own amount, between the ends; a wider tolerance never narrows a band."""
    rows = folder.table("bands.csv")
    for key, group in groupby(rows, lambda row: (row["region"], row["programme"])):
        place, ends = ",".join(key).rstrip(","), []
        for row in group:
            names = ("tolerance", "minimum", "plan", "maximum")
            tolerance, least, plan, most = (cell or Fraction(0) for cell in _cells(row, place, *names))
            yield rounds(f"{place}, plan", plan, received(sums, x, *key), MONEY)
            yield same(f"{place}, {row['tolerance']}: minimum ≤ plan ≤ maximum", least <= plan <= most, True)
            ends.append((tolerance, least, most))
        for (_, least, most), (_, lower, upper) in pairwise(sorted(ends, key=lambda end: end[0])):
            yield same(f"{place}: wider", lower <= least and most <= upper, True)


def _benchmarks(folder: Folder, sums: Sums, x: Plan) -> Iterator[Fault | None]:
    """The plan's own rows; in every benchmark the regions add up to the whole, and the worst is the worst of them."""
    rows = folder.table("benchmarks.csv")
    measures = sum((Fraction(m.cost) * (m.count or 0) for m in folder.result.measures or ()), Fraction(0))
    for name, group in groupby(rows, lambda row: row["benchmark"]):
        whole, *parts = group
        yield same(f"{name}, regions", [row["region"] for row in parts], [r.id for r in folder.result.regions])
        for column in ("amount", "spent", *PER_UNIT):
            each = [number(row[column], name) for row in parts]
            decimals = JOBS if column == "jobs" else MONEY
            beside = [measures] if column == "spent" else []  # measures belong to no region
            yield _adds(f"{name}, {column}", decimals, number(whole[column], name), *each, *beside)
        spent, unspent, worst = _cells(whole, name, "spent", "unspent", "worst_shortfall")
        yield _adds(f"{name}, spent and unspent", MONEY, Fraction(folder.result.budget.total), spent, unspent)
        known = [short for row in parts if (short := number(row["worst_shortfall"], name)) is not None]
        yield same(f"{name}, worst_shortfall", worst is None or worst >= max(known, default=worst), True)
        for row in parts if name == "plan" else ():
            own = received(sums, x, row["region"])
            yield rounds(f"plan, {row['region']}", number(row["spent"], name), own, MONEY)


def _importance(folder: Folder, sums: Sums, x: Plan) -> Iterator[Fault | None]:
    """What the plan gives, and what is lost against the plan's own value of each measure."""
    own = {m: value(sums.national(m), x) for m in PER_UNIT}
    own |= {stage.name: Fraction(stage.value) for stage in folder.result.stages}
    for row in folder.table("importance.csv"):
        place = ",".join(row[name] for name in ("region", "programme", "measure") if row[name])
        amount, left, lost = _cells(row, place, "budget", "value", "lost")
        taken = (t for t in sums.tranches if t.region == row["region"] and row["programme"] in ("", t.programme))
        yield rounds(f"{place}, budget", amount, value(sums.money(taken), x), MONEY)
        if row["status"] == "optimal" and left is not None:
            sign = -1 if row["measure"] in PER_UNIT else 1
            yield _adds(f"{place}, lost", RATIO, lost, sign * left, -sign * own.get(row["measure"], Fraction(0)))
        else:
            yield same(f"{place}, lost", (row["status"] != "optimal", lost), (True, None))


def _fairness(folder: Folder) -> Iterator[Fault | None]:
    """What differs from the easiest setting of each dial."""
    first: dict[tuple[str, str], Fraction] = {}
    for row in folder.table("fairness.csv"):
        key, place = (row["dial"], row["quantity"]), f"{row['dial']} {row['at']}, {row['quantity']}"
        here, difference = _cells(row, place, "value", "difference")
        start = first.setdefault(key, here or Fraction(0))
        yield _adds(place, MONEY, difference, here, -start)


def _prices(folder: Folder) -> Iterator[Fault | None]:
    """A price holds around the number's own value, and every price of a number is told around the same one."""
    for path, group in groupby(folder.table("prices.csv"), lambda row: row["path"]):
        rows = list(group)
        yield same(f"{path}, now", len({row["now"] for row in rows}), 1)
        for row in rows:
            place = f"{path}, {row['quantity']}"
            now, left, right = _cells(row, place, "now", "left_until", "right_until")
            around = now is not None and (left is None or left <= now) and (right is None or now <= right)
            yield same(f"{place}: left_until ≤ now ≤ right_until", around, True)


def _next(folder: Folder, sums: Sums) -> Iterator[Fault | None]:
    """What is next in line is a tranche of the region, funded from a budget on that is not below that of the plan."""
    known = {tuple(t.key.split(",")[:3]) for t in sums.tranches}
    for row in folder.table("next.csv"):
        key = (row["region"], row["programme"], row["tranche"])
        yield same(f"{','.join(key)}: a tranche", key in known, True)
        start = number(row["from_budget"], ",".join(key))
        least = Fraction(folder.result.budget.total) * (1 - TWELVE)
        yield same(f"{','.join(key)}: from_budget ≥ budget", start is None or start >= least, True)


def _binding(folder: Folder) -> Iterator[Fault | None]:
    """What 1 % more room brings is 1 % of the number times its price, where the number has one; ranks go up."""
    rows = folder.table("binding.csv")
    ranks = [number(row["rank"], "binding.csv") or Fraction(0) for row in rows]
    yield same("rank", ranks, sorted(ranks))
    prices = _by_quantity(folder.table("prices.csv")) if "prices.csv" in folder.proof.files else {}
    for row in rows:
        priced = prices.get((row["path"], row["quantity"]))
        place = f"{row['path']}, {row['quantity']}"
        now, change = _cells(row, place, "now", "change")
        if priced is not None and now:
            side, sign = ("right", 1) if row["relaxed"] == "more" else ("left", -1)
            price = number(priced[side] or "", place)
            yield _adds(place, RATIO, change, None if price is None else sign * abs(now) * price / 100)


def _tips(folder: Folder, sums: Sums, x: Plan) -> Iterator[Fault | None]:
    """Each return has a tip down and up, no further than was looked; who loses has as much in the plan."""
    margins = []
    for path, group in groupby(folder.table("tips.csv"), lambda row: row["path"]):
        sides = list(group)
        yield same(f"{path}: directions", [row["direction"] for row in sides], ["down", "up"])
        changes = []
        for row, sign in zip(sides, (-1, 1), strict=False):
            place = f"{path}, {row['direction']}"
            change, looked, loses, gains = _cells(row, place, "change", "looked", "loses", "gains")
            far = abs(looked or Fraction(0)) * (1 + TWELVE)
            yield same(f"{place}: 0 ≤ change ≤ looked", change is None or 0 <= sign * change <= far, True)
            has = received(sums, x, row["loses_region"], row["loses_programme"])
            least = -Fraction(1, 10**MONEY)
            yield same(f"{place}: loses what it has", has + (loses or 0) >= least and (gains or 0) >= 0, True)
            changes += [] if change is None else [abs(change)]
        margins.append(min(changes, default=None))
    known = [margin for margin in margins if margin is not None]
    yield same("margins", margins, [*sorted(known), *[None] * (len(margins) - len(known))])


def _by_quantity(rows: Table) -> dict[tuple[str, str], dict[str, str]]:
    return {(row["path"], row["quantity"]): row for row in rows}
