"""Names in the case file and what they mean in its tables: programmes of one region or of all, and unknown names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from regionopt.case.tables import ID
from regionopt.common.errors import Problem, nearest

Programme = tuple[str, str]


def programmes_named(names: Iterable[str], known: Iterable[Programme]) -> frozenset[Programme]:
    """Programmes by `programme` (in every region that has it) or `region.programme`; unknown names mean none."""
    wanted = frozenset(names)
    return frozenset((r, p) for r, p in known if p in wanted or f"{r}.{p}" in wanted)


def unknown_programmes(place: str, names: Iterable[str], known: Collection[Programme]) -> Iterator[Problem]:
    """A problem for each name that means no programme."""
    spoken = {spelling for r, p in known for spelling in (p, f"{r}.{p}")}
    for name in names:
        if name not in spoken:
            yield Problem("unknown_programme", place, name, {"nearest": nearest(name, spoken)})


def unknown_regions(place: str, names: Iterable[str], known: Collection[str]) -> Iterator[Problem]:
    """A problem for each name that is no region."""
    for name in names:
        if name not in known:
            yield Problem("unknown_region", place, name, {"nearest": nearest(name, known)})


def bad_ids(place: str, names: Iterable[str]) -> Iterator[Problem]:
    """A problem for each name that cannot stand in the name of a row."""
    for name in names:
        if not ID.fullmatch(name):
            yield Problem("bad_id", place, name)
