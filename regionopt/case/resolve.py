"""From what is written to every number: the case file patched, its tables read, its numbers computed and patched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from regionopt.case import checks
from regionopt.case.blame import blamed
from regionopt.case.compute import Resolved, computed_numbers
from regionopt.case.overrides import patch_document, patch_numbers
from regionopt.case.patches import Patch
from regionopt.case.regions import county_problems
from regionopt.case.sources import Sources
from regionopt.case.stated import Context, settable_paths, stated_numbers
from regionopt.case.validation import Checked, checked
from regionopt.common.errors import InputError, Problem, found_by, refuse


@dataclass(frozen=True)
class Original:
    """A case before any patch. A what-if reads none of it again."""

    path: Path
    raw: Mapping[str, Any]

    @cached_property
    def written(self) -> Checked:
        """The case file as far as the schema accepts it. Raises InputError where no case is left."""
        return checked(self.raw, self.path.name)

    @cached_property
    def sources(self) -> Sources:
        """Its tables."""
        return Sources(self.path.parent, self.written.document.tables)

    @cached_property
    def settable(self) -> list[str]:
        """Every path of the case file that an override may set. Raises InputError where the regions are not read."""
        return settable_paths(self.written.raw, self.sources)


def resolve(original: Original, patches: Sequence[Patch]) -> Resolved:
    """Every number of a case after its patches.

    Raises InputError where too little can be read to go on, with all that is wrong.
    """
    file, written, sources = original.path.name, original.written, original.sources
    try:
        return _patched(original, patches)
    except InputError as error:
        context = Context(written.document, sources, file)
        others = found_by(
            lambda: refuse(sources.problems()),
            lambda: refuse(checks.stages(context)),
            lambda: refuse(checks.names(context)),
            lambda: refuse(_counties(context)),
            lambda: refuse(stated_numbers(context)[1]),
        )
        own = (*written.problems, *others)
        told = without_followers([*written.problems, *error.problems, *others])
        raise InputError(blamed(told, patches, file, own)) from None


def _patched(original: Original, patches: Sequence[Patch]) -> Resolved:
    """Patch the case file, read the tables, compute every number, patch what was computed."""
    file, written, first, known = original.path.name, original.written, original.sources, original.settable
    patched = patch_document(written.raw, patches, known, first.facts)
    final = checked(patched.document, file)
    tables = final.document.tables
    context = Context(final.document, first if tables == first.tables else Sources(first.folder, tables), file)
    stated, wrong = stated_numbers(context)
    computed, missing = computed_numbers(context, stated)
    numbers, changes, unknown = patch_numbers(computed, patched.rest, known)
    between = _between(context)
    problems = (
        *written.problems, *final.problems, *context.sources.problems(), *between, *wrong,
        *(p for p in missing if not between or p.code != "statistic_missing"),
        *patched.problems, *(() if missing else unknown),
    )  # fmt: skip
    return Resolved(context, stated, numbers, (*patched.changes, *changes), problems)


def _between(context: Context) -> list[Problem]:
    """Names in the case file that mean something elsewhere in it or in its tables."""
    return [*checks.stages(context), *checks.names(context), *_counties(context)]


# What is missing because something else was refused is not told twice.
_FOLLOWS = ("number_missing", "no_value", "no_target", "tranche_lists", "no_stage")


def without_followers(problems: Sequence[Problem]) -> list[Problem]:
    """The problems without those that only follow from another one at the same place."""
    places = [problem.place for problem in problems if problem.code not in _FOLLOWS]
    return [p for p in problems if p.code not in _FOLLOWS or not any(place.startswith(p.place) for place in places)]


def _counties(context: Context) -> list[Problem]:
    """Counties are checked against the statistics; with the user's own boundaries, when these are joined."""
    if context.document.geometry.file is not None:
        return []
    return list(misplaced(context, context.sources.statistics.counties))


def misplaced(context: Context, known: frozenset[str]) -> Iterable[Problem]:
    """Counties of the boundaries in no region, and counties of regions that the boundaries do not have."""
    where = f"{context.file}: geometry.outside"
    return county_problems(context.sources.regions, known, context.document.geometry.outside, where)
