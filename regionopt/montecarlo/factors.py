"""What is drawn: the numbers of a case that an uncertain input stands for, and what of them has a draw of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from regionopt.case.case import Case
from regionopt.case.overrides import matches
from regionopt.common.errors import InputError, Problem, nearest, refuse
from regionopt.montecarlo.inputs import EACH, Input


@dataclass(frozen=True)
class Factor:
    """What one number in (0, 1) decides: the paths that it changes, by one value."""

    name: str
    input: Input
    paths: tuple[str, ...]


def factors_of(case: Case, inputs: Sequence[Input]) -> tuple[Factor, ...]:
    """What is drawn, in order. Raises InputError for paths that match no number, and for `each` where it means
    nothing."""
    found, problems = list[Factor](), list[Problem]()
    for one in inputs:
        try:
            found += _factors(case, one)
        except InputError as error:
            problems += error.problems
    refuse(problems)
    return tuple(found)


def _factors(case: Case, one: Input) -> list[Factor]:
    known = numbers_at(case, one)
    if not one.each:
        return [Factor(one.name, one, (one.path,))]
    apart: dict[str, list[str]] = {}
    for path in known:
        apart.setdefault(_part(case, one, path), []).append(path)
    return [Factor(f"{one.name}[{part}]", one, _told(case, one, paths)) for part, paths in apart.items()]


def numbers_at(case: Case, one: Input) -> tuple[str, ...]:
    """The numbers that an input changes, as `overrides` finds them: places of the case file first, then what is
    computed. Raises InputError where there is none, or none to add to or to scale."""
    resolved = case.resolved
    places = matches(one.path, case.original.settable)
    found = tuple(path for path in places if one.how == "set" or path in resolved.stated)
    if not found and not (places and "*" not in one.path):
        found = matches(one.path, resolved.computed)
    if not found and places:
        raise InputError([Problem("nothing_to_change", f"{one.place}: {one.path}")])
    if not found:
        facts = {"nearest": nearest(one.path, (*resolved.stated, *resolved.computed))}
        raise InputError([Problem("unknown_path", one.place, one.path, facts)])
    return found


def _part(case: Case, one: Input, path: str) -> str:
    """What has a draw of its own, as the name of a part: a region, a programme in it, or the number itself."""
    if one.each == "number":
        return path
    parts, regions = path.split("."), case.instance.regions
    place = next((k for k, part in enumerate(parts) if part in regions), None)
    width = EACH.index(one.each) + 1
    if place is None or place + width > len(parts):
        raise InputError([Problem("each_of_nothing", one.place, one.each, {"path": path})])
    return ".".join(parts[place : place + width])


def _told(case: Case, one: Input, paths: Sequence[str]) -> tuple[str, ...]:
    """One pattern for these paths where it matches no other, else the paths."""
    if len({path.count(".") for path in paths}) == 1 and len(paths) > 1:
        columns = zip(*(path.split(".") for path in paths), strict=True)
        pattern = ".".join(parts[0] if len(set(parts)) == 1 else "*" for parts in columns)
        if set(numbers_at(case, replace(one, path=pattern))) == set(paths):
            return (pattern,)
    return tuple(paths)
