"""A number of the case file as a dial: where it may go, and what a unit of it moves in the program of all stages.

The range that was asked for is cut where the case file accepts no more (`allowed`, `refused`), and where the number
no longer acts in a straight line (`other`: a floor below another floor that is stricter, for instance).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from regionopt.case.case import Case
from regionopt.case.limits import Limit, of_path
from regionopt.case.overrides import matches
from regionopt.case.stated import ranges
from regionopt.common.errors import InputError, Problem, nearest, refuse
from regionopt.common.quantity import ABSURD, Range
from regionopt.curves.acts import Cut, Read, last_alike
from regionopt.curves.posed import Posed
from regionopt.doctor.levers import COUNTS, NOT_EXAMINED, Lever, changed, lever_at, set_text
from regionopt.explain.prices import shift_of
from regionopt.explain.shift import Shift


@dataclass(frozen=True)
class Dial:
    """A number that is followed from `low` to `high`, from where it stands in `case`, posed as `here`; `own` is what
    it is in the case as it was given, None where that says nothing of it."""

    limit: Limit
    unit: str
    own: float | None
    at: float
    low: float
    high: float
    case: Case
    here: Posed
    shift: Shift
    cuts: tuple[Cut, ...]


def straight(case: Case) -> None:
    """Refuse what no curve can follow: whole numbers jump, and a stage that gives something away is no optimum."""
    instance = case.instance
    if instance.platforms or instance.measures:
        raise InputError([Problem("curve_whole", case.path.name)])
    if instance.give_away:
        raise InputError([Problem("curve_gives_away", f"{case.path.name}: objective.give_away", instance.give_away)])


def dial(case: Case, path: str, start: float, end: float) -> Dial:
    """A number of a case as a dial. Raises InputError for what is no such number or range."""
    straight(case)
    refuse(_range_problems(start, end))
    limit = _limit(case, path)
    own = case.resolved.numbers.get(path)
    inside = _inside(case, path, start, end)
    low, high = max(start, inside.minimum), min(end, inside.maximum)
    if low >= high:
        refuse([*inside.problems("--from", start, ""), *inside.problems("--to", end, "")])
        raise InputError([Problem("curve_range", "--from", f"{low:g}", {"to": f"{high:g}"})])
    cuts = [Cut(a, b, "allowed") for a, b in ((start, low), (high, end)) if a < b]
    at, standing = _standing(case, path, None if own is None else own.value, low, high)
    here, read = Posed(standing.instance), Read(standing, path)
    lever = lever_at(standing, here.program, lambda instance: Posed(instance).program, path)
    shift = None if lever is None else _shift(here, read, lever, (low, high))
    if lever is None or shift is None:
        raise InputError([Problem("curve_several" if lever else "curve_no_limit", "--over", path, _remedy(case))])
    ends = [last_alike(here.program, read, lever, shift, at, far) for far in (low, high)]
    cuts += [cut for _, cut in ends if cut]
    number = None if own is None else own.value
    return Dial(limit, lever.unit, number, at, ends[0][0], ends[1][0], standing, here, shift, tuple(cuts))


def _range_problems(start: float, end: float) -> Iterator[Problem]:
    for name, value in (("--from", start), ("--to", end)):
        if not math.isfinite(value):
            yield Problem("not_finite", name, value)
    if math.isfinite(start) and math.isfinite(end) and start >= end:
        yield Problem("curve_range", "--from", f"{start:g}", {"to": f"{end:g}"})


def _limit(case: Case, path: str) -> Limit:
    """The limit whose number a path names, whether the case says it already or has only a place for it."""
    numbers = case.resolved.numbers
    places = case.original.settable
    if path not in numbers and ("*" in path or not matches(path, places)):
        limits = [known for known in (*numbers, *places) if _followed(known)]
        raise InputError([Problem("unknown_path", "--over", path, {"nearest": nearest(path, limits)})])
    limit = of_path(path)
    if limit is None or not _followed(path):
        raise InputError([Problem("curve_no_limit", "--over", path, _remedy(case))])
    return limit


def _followed(path: str) -> bool:
    limit = of_path(path)
    return limit is not None and limit.kind.key not in (*NOT_EXAMINED, *COUNTS)


def _remedy(case: Case) -> dict[str, object]:
    """What can be followed instead, as it is written: limits that the case says, or has a place for in its regions.
    A number without a row of its own stands in those of others."""
    places = [place for place in case.original.settable if place.startswith("regions.")]
    limits = filter(None, map(of_path, filter(_followed, (*case.resolved.numbers, *places))))
    kinds = dict.fromkeys(limit.kind.path for limit in limits if limit.kind.row)
    return {"known": ", ".join(kind.replace("{", "<").replace("}", ">") for kind in kinds)}


def _inside(case: Case, path: str, start: float, end: float) -> Range:
    """What the case file accepts at a path: of a number that it does not say yet, when it is said."""
    for value in (None, start, end, (start + end) / 2):
        try:
            said = case if value is None else changed(case, set_text(path, value))
            allowed = ranges(said.resolved.context)
        except InputError:
            continue
        if path in allowed or path in said.resolved.numbers:
            found = allowed.get(path) or Range(1e-6)
            return Range(found.minimum + (1e-9 if found.above else 0.0), found.maximum)
    return Range(0.0, ABSURD)


def _standing(case: Case, path: str, own: float | None, low: float, high: float) -> tuple[float, Case]:
    """A value in the range at which the case can be read, its own if possible, and the case there."""
    refused: InputError | None = None
    inside = [] if own is None else [min(max(own, low), high)]
    for value in (*inside, high, low, (low + high) / 2):
        try:
            here = case if value == own else changed(case, set_text(path, value))
            return value, _read(here)
        except InputError as error:
            refused = refused or error
    assert refused is not None
    raise refused


def _read(case: Case) -> Case:
    _ = case.instance
    return case


def _shift(here: Posed, read: Read, lever: Lever, ends: tuple[float, float]) -> Shift | None:
    """What a unit of the number moves; None where it moves coefficients of several rows, or a stage's own."""
    near = lever.value + lever.scale / 128, lever.value - lever.scale / 128
    for value in (*ends, *near):
        if value == lever.value:
            continue
        try:
            there = read.at(value)
        except InputError:
            continue
        return shift_of(here.program, lever) if there.costs == here.costs else None
    return shift_of(here.program, lever)
