"""What-if on a case: `PATH=VALUE` to set, `PATH=+5` or `-5` to add, `PATH=0.9x` to scale; `*` in a path matches
any part of it. A patch acts on what the case file says, or else on the numbers computed from it
(`returns.jobs.*`), in this order, so that computed numbers follow what they are computed from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from regionopt.case.patches import Change, Patch, plain_number
from regionopt.common.errors import Problem, nearest
from regionopt.common.quantity import Quantity


@dataclass(frozen=True)
class Patched:
    """A case file after its patches: those left for the computed numbers, what changed, what was refused."""

    document: dict[str, Any]
    rest: tuple[Patch, ...]
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]


def matches(path: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known paths that a path or pattern means. A known `platforms.*.cost` stands for any name in its place."""
    return _matches(path, tuple(known))


@lru_cache(maxsize=1 << 12)
def _matches(path: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Many runs change the same few paths of the same case."""
    found = tuple(name for name in known if "*" not in name and fnmatchcase(name, path))
    if found or "*" in path:
        return found
    return (path,) if any("*" in name and fnmatchcase(path, name) for name in known) else ()


def patch_document(
    raw: Mapping[str, Any], patches: Iterable[Patch], known: Iterable[str], facts: Mapping[str, Quantity]
) -> Patched:
    """Apply what the case file has a place for; hand back the rest for the computed numbers."""
    document, names = _copied(raw), tuple(known)
    rest: list[Patch] = []
    changes: list[Change] = []
    problems: list[Problem] = []
    for item in patches:
        found = matches(item.path, names)
        if "*" in item.path and item.how != "set":
            found = tuple(path for path in found if _number(_get(document, path), facts) is not None)
        if not found:
            rest.append(item)
        for path in found:
            old = _get(document, path)
            before = _number(old, facts)
            if item.how != "set" and before is None:
                problems.append(Problem("nothing_to_change", f"{item.place}: {path}"))
                continue
            new = item.value if item.how == "set" else _stated(item, before or 0.0)
            _put(document, path, new)
            changes.append(Change(path, old if before is None else before, _shown(new, facts), item.by))
    return Patched(document, tuple(rest), tuple(changes), tuple(problems))


def _stated(item: Patch, before: float) -> dict[str, Any]:
    return {"value": item.applied(before), "source": f"{item.by}: {item.how} {item.value:g}"}


def _shown(value: Any, facts: Mapping[str, Quantity]) -> Any:
    number = _number(value, facts)
    return value if number is None else number


def patch_numbers(
    numbers: Mapping[str, Quantity], patches: Iterable[Patch], known: Iterable[str]
) -> tuple[dict[str, Quantity], list[Change], list[Problem]]:
    """Apply patches to the computed numbers. A path that matches nothing at all is refused here."""
    patched, known = dict(numbers), tuple(known)
    changes: list[Change] = []
    problems: list[Problem] = []
    for item in patches:
        found = matches(item.path, patched)
        if not found:
            problems.append(_no_such(item, known, patched))
        elif plain_number(item.value) is None:
            problems.append(Problem("not_a_number", f"{item.place}: {item.path}", item.value, {"unit": ""}))
            continue
        for path in found:
            old = patched[path]
            patched[path] = old.changed(item.applied(old.value), item.source, item.place)
            changes.append(Change(path, old.value, patched[path].value, item.by))
    return patched, changes, problems


def _no_such(item: Patch, known: tuple[str, ...], numbers: Mapping[str, Quantity]) -> Problem:
    """A path that the case has no place for, or only places without a number."""
    if matches(item.path, known):
        return Problem("nothing_to_change", f"{item.place}: {item.path}")
    facts = {"nearest": nearest(item.path, (*known, *numbers))}
    return Problem("unknown_path", item.place, item.path, facts)


def _number(value: Any, facts: Mapping[str, Quantity]) -> float | None:
    """The number behind a value of the case file: plain, stated, or a fact."""
    if isinstance(value, Mapping):
        fact = facts.get(str(value.get("fact", "")))
        value = fact.value if fact else value.get("value")
    return plain_number(value)


def _copied(value: Any) -> Any:
    """Tables and lists copied all the way down: the case that was loaded stays as it is."""
    if isinstance(value, Mapping):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _get(document: Any, path: str) -> Any:
    for key in path.split("."):
        if isinstance(document, list):
            document = document[int(key) - 1]
        else:
            document = document.get(key) if isinstance(document, Mapping) else None
    return document


def _put(document: Any, path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for key in parents:
        document = document[int(key) - 1] if isinstance(document, list) else document.setdefault(key, {})
    if isinstance(document, list):
        document[int(last) - 1] = value
    else:
        document[last] = value
