"""`frontier.json` and `frontier.csv`: a curve as files, and the file read again.

    breakpoints[i]     `at`, and by kind only what differs from the breakpoint before; the first has every number
    bend               on the way to the next breakpoint (left out where it is 0, a straight line):
                       way = part · (1 + bend) / (1 + bend · part),  number = first + way · (last - first)
    targets            amount = at_zero + per_unit · value; relative shortfall = max(0, 1 - reached / amount)
    several breakpoints at one value: numbers jump, from the first to the last; just there the one with `holds` counts

`at` is written in full. Numbers are rounded from exact fractions as in `result.json` (`decimals`): what is read
between two of them is then off by no more than half of the last digit that is written.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from regionopt.common.decimals import JOBS, MONEY, RATIO, rounded, stage_unit
from regionopt.common.errors import InputError, Problem
from regionopt.common.instance import METRICS
from regionopt.curves.breakpoints import Frontier, Part
from regionopt.curves.told import KINDS
from regionopt.curves.turns import turns
from regionopt.result.files import folder_name, write_files
from regionopt.result.outputs import to_csv
from regionopt.result.result import Row

SCHEMA = "regionopt.frontier/1"
COLUMNS = ("point", "at", "measure", "region", "programme", "value")
DECIMALS = {
    "stages": RATIO,
    "regions": MONEY,
    "programmes": MONEY,
    "tranches": MONEY,
    "output": MONEY,
    "jobs": JOBS,
    "reached": MONEY,
}


def document(found: Frontier) -> dict[str, Any]:
    """The curve as it is written to `frontier.json`."""
    case = found.case
    currency = case.resolved.context.currency
    return {
        "schema": SCHEMA,
        "case": case.document.case.id,
        "scenario": case.name,
        "over": found.over,
        **({"trade": list(found.trade)} if found.trade else {}),
        "unit": found.unit,
        "value": found.own,
        "from": found.start,
        "to": found.end,
        "parts": [_part(part) for part in found.parts],
        "bent": found.bent,
        "decimals": {kind: DECIMALS[kind] for kind in KINDS if any(key[0] == kind for key in found.keys)},
        "units": {
            "money": currency,
            **{metric: stage_unit(metric, currency) for metric in METRICS},
            "stages": {name: stage_unit(name, currency) for kind, name in found.keys if kind == "stages"},
        },
        "regions": [{"id": r.id, "name_zh": r.name_zh, "name_en": r.name_en} for r in case.regions],
        "targets": list(_targets(found)),
        "breakpoints": list(_breakpoints(found)),
    }


def _part(part: Part) -> dict[str, Any]:
    told = {"from": part.low, "to": part.high, "status": part.status}
    if part.problems:
        told["why"] = {
            "zh": [problem.sentence("zh-TW") for problem in part.problems],
            "en": [problem.sentence("en") for problem in part.problems],
        }
    return told


def _targets(found: Frontier) -> Iterator[dict[str, Any]]:
    for goal in found.goals:
        target = goal.target
        name = ",".join(target.key)
        own = ("reached", name) in found.keys
        yield {
            "metric": target.metric,
            "region": target.region,
            **({"reached": name} if own else {}),
            "must": target.must,
            "at_zero": float(goal.amount),
            "per_unit": float(goal.slope),
        }


def _breakpoints(found: Frontier) -> Iterator[dict[str, Any]]:
    written: dict[tuple[str, str], float] = {}
    for point, happens in zip(found.points, turns(found), strict=True):
        parts: dict[str, dict[str, float]] = {}
        for (kind, name), exact in point.changes.items():
            value = _short(exact, DECIMALS[kind])
            if written.get((kind, name)) != value:
                written[kind, name] = value
                parts.setdefault(kind, {})[name] = value
        why = [{"event": turn.event, **({"name": turn.name} if turn.name else {})} for turn in happens]
        yield {
            "at": _plain(float(point.at)),
            **parts,
            **({"bend": float(point.bend)} if point.bend else {}),
            **({"holds": True} if point.holds else {}),
            **({"why": why} if why else {}),
        }


def _short(exact: Fraction, decimals: int) -> float:
    return _plain(rounded(exact, decimals))


def _plain(value: float) -> float:
    """Whole numbers without a point, to save their room."""
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def to_json(found: Frontier) -> bytes:
    """The file: the head as people read it, then a breakpoint a line."""
    told = document(found)
    points = told.pop("breakpoints")
    head = json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1)
    lines = ",\n".join(
        json.dumps(point, ensure_ascii=False, allow_nan=False, separators=(",", ":")) for point in points
    )
    return f'{head[:-2]},\n "breakpoints": [\n{lines}\n ]\n}}\n'.encode(errors="backslashreplace")


def csv_rows(found: Frontier) -> Iterator[Row]:
    """Rows of `frontier.csv`: `point, at, measure, region, programme, value`, every number at every breakpoint.

    `measure` is a stage, or `budget` of a region or programme, or `output` or `jobs` of a region. Where numbers jump
    there are several points at one value. Tranches stand in `frontier.json`.
    """
    now: dict[tuple[str, str], Fraction] = {}
    for number, point in enumerate(found.points, 1):
        now |= point.changes
        for kind, name in found.keys:
            if kind in ("tranches", "reached"):
                continue
            region, _, programme = name.partition(".") if kind != "stages" else ("", "", "")
            measure = name if kind == "stages" else kind if kind in METRICS else "budget"
            value = rounded(now[kind, name], DECIMALS[kind])
            yield {
                "point": number, "at": float(point.at), "measure": measure, "region": region,
                "programme": programme, "value": value,
            }  # fmt: skip


def write(found: Frontier, out: Path, name: str | None = None) -> Path:
    """Write `frontier.json` and `frontier.csv` (of a trade-off `trade.json` and `trade.csv`) into the folder of the
    case's result; returns the folder. Raises LimitError."""
    case = found.case
    folder = out / folder_name(case.document.case.id) / folder_name(name or case.name)
    kind = "trade" if found.trade else "frontier"
    write_files(folder, {f"{kind}.json": to_json(found), f"{kind}.csv": to_csv(csv_rows(found), COLUMNS)})
    return folder


class Written:
    """A `frontier.json` read again: `at` gives every number by kind, as straight or bent lines between breakpoints.

    This is all that a reader in another language has to do.
    """

    def __init__(self, told: Mapping[str, Any]) -> None:
        if told.get("schema") != SCHEMA:
            raise InputError([Problem("bad_result", "frontier.json", told.get("schema"))])
        self.told = told
        self.points: Sequence[Mapping[str, Any]] = told["breakpoints"]
        self._at = [point["at"] for point in self.points]
        self._states: list[dict[str, dict[str, float]]] = []
        state: dict[str, dict[str, float]] = {}
        for point in self.points:
            state = {kind: {**state.get(kind, {}), **point.get(kind, {})} for kind in KINDS}
            self._states.append(state)

    def status(self, value: float) -> str:
        """`optimal`, or the status of the part in which the value lies."""
        statuses = [part["status"] for part in self.told["parts"] if part["from"] <= value <= part["to"]]
        return "optimal" if "optimal" in statuses else statuses[0] if statuses else "allowed"

    def at(self, value: float) -> dict[str, dict[str, float]]:
        """Every number at a value that has a plan, with the relative `shortfalls` of targets by `metric,region`."""
        for k in range(bisect_left(self._at, value), bisect_right(self._at, value)):
            if self.points[k].get("holds"):
                just = self._states[k]
                return {**just, "shortfalls": dict(self._shortfalls(just, value))}
        i = max(0, min(bisect_right(self._at, value), len(self._at) - 1) - 1)
        j = min(i + 1, len(self._at) - 1)
        long = self._at[j] - self._at[i]
        part, bend = (value - self._at[i]) / long if long else 0.0, self.points[i].get("bend", 0.0)
        way = part * (1 + bend) / (1 + bend * part)
        one, other = self._states[i], self._states[j]
        found = {kind: {name: a + way * (other[kind][name] - a) for name, a in one[kind].items()} for kind in KINDS}
        return {**found, "shortfalls": dict(self._shortfalls(found, value))}

    def _shortfalls(self, found: Mapping[str, Mapping[str, float]], value: float) -> Iterator[tuple[str, float]]:
        for target in self.told["targets"]:
            amount = target["at_zero"] + target["per_unit"] * value
            own = target.get("reached")
            reached = found["reached"][own] if own else found[target["metric"]][target["region"]]
            yield own or f"{target['metric']},{target['region']}", max(0.0, 1 - reached / amount)
