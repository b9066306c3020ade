"""A case: a frozen value made from a case file, its tables and the overrides asked for.

case = load("taiwan-2040", scenario="east-floor", sets=["budget.total=800"])
case.instance        # the numbers of the linear program
case.resolved.numbers    # every number with unit, source and standing
case.but(budget__total=190)
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Self

from regionopt.case import checks
from regionopt.case.assemble import assemble
from regionopt.case.compute import Resolved, computed_numbers
from regionopt.case.overrides import Patch, parse, patch, patch_document, patch_numbers, patches_of
from regionopt.case.regions import Region, county_problems
from regionopt.case.schema import CaseDocument
from regionopt.case.sources import Sources, data_folder
from regionopt.case.stated import Context, settable_paths, stated_numbers
from regionopt.case.tables import digest, read_text
from regionopt.case.validation import Checked, checked
from regionopt.common.document import Standing
from regionopt.common.errors import InputError, Problem, found_by, nearest, refuse
from regionopt.common.instance import Instance

BUILT_IN_CASE = "taiwan-2040"
# Far deeper than any path of a case file, and than any path of an override.
DEEPEST = 20


@dataclass(frozen=True)
class Case:
    """A case file with patches. Everything else follows from these and is computed when asked for."""

    path: Path
    raw: Mapping[str, Any]
    scenario: str
    patches: tuple[Patch, ...]
    # Tables that were read for the case this one was made from; a what-if does not read them again.
    read: Sources | None = field(default=None, compare=False, repr=False)

    def but(self, **sets: Any) -> Self:
        """The same case with some numbers changed: `case.but(budget__total=800)`; `__` stands for a dot."""
        more = [patch(path.replace("__", "."), value, "--set") for path, value in sets.items()]
        return self.patched(*more)

    def patched(self, *more: Patch) -> Self:
        """The same case with more patches, applied after its own."""
        return replace(self, patches=(*self.patches, *more), read=self.read or self._draft.context.sources)

    @cached_property
    def resolved(self) -> Resolved:
        """The patched case file, its tables, and every number of the case. Raises InputError with every problem."""
        if self._draft.problems:
            raise InputError(_told([*self._draft.problems, *self._clashes(assemble(self._draft))]))
        return self._draft

    @cached_property
    def _draft(self) -> Resolved:
        """The case with every number, and what is wrong with single numbers."""
        return _resolve(self)

    def _clashes(self, instance: Instance) -> Iterable[Problem]:
        return checks.find(self._draft, instance)

    @property
    def document(self) -> CaseDocument:
        """The patched case file."""
        return self.resolved.context.document

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions in their written order."""
        return self.resolved.context.sources.regions

    @cached_property
    def instance(self) -> Instance:
        """The numbers of the linear program. Raises InputError with every broken rule of the case."""
        instance = assemble(self.resolved)
        refuse(self._clashes(instance))
        return instance

    def misplaced(self, counties: frozenset[str]) -> Iterable[Problem]:
        """Counties of the boundaries in no region, and counties of regions that the boundaries do not have."""
        return _misplaced(self.resolved.context, counties)

    @property
    def name(self) -> str:
        """Folder of the result: the scenario, then every `--set`."""
        sets = [item for item in self.patches if item.by == "--set"]
        return "~".join([self.scenario, *(_set_text(item) for item in sets)])

    @property
    def inputs(self) -> dict[str, str]:
        """File name to sha256 of everything that was read."""
        geometry = self.document.geometry.file
        own = [] if geometry is None else [self.path.parent / geometry]
        drawn = {path.name: digest(path) for path in own if path.is_file()}
        return {self.path.name: digest(self.path), **self.resolved.context.sources.digests(), **drawn}

    def standings(self) -> dict[Standing, int]:
        """How many numbers have each standing."""
        count = Counter(quantity.status for quantity in self.resolved.numbers.values())
        return {standing: count[standing] for standing in Standing if count[standing]}


def load(case: str | Path = BUILT_IN_CASE, scenario: str = "base", sets: Iterable[str] = ()) -> Case:
    """A case from a file or by the name of a built-in one, with scenarios (or overrides) and `--set`s."""
    path = _path(case)
    raw = _read(path)
    written = checked(raw, path.name)
    names = [name.strip() for name in scenario.split(",")]
    patches: list[Patch] = []
    refused = found_by(
        lambda: patches.extend(_scenario_patches(written.document, names, path.name)),
        *(partial(_parse, text, patches) for text in sets),
    )
    loaded = Case(path, raw, "+".join(names), tuple(patches))
    if written.problems or refused:
        raise InputError([*refused, *found_by(lambda: loaded.resolved)])
    return loaded


def _parse(text: str, patches: list[Patch]) -> None:
    patches.append(parse(text))


def _path(case: str | Path) -> Path:
    """The case file: a file, a folder that holds one, or a built-in name where no such file exists."""
    try:
        return _case_file(case)
    except (OSError, ValueError) as error:  # a name that no file can have, a folder that may not be entered
        raise InputError([Problem("file_unreadable", str(case), error)]) from None


def _case_file(case: str | Path) -> Path:
    built_in = data_folder() / f"{case}.toml"
    if not Path(case).exists() and "/" not in str(case) and built_in.is_file():
        return built_in
    path = Path(case) / "case.toml" if Path(case).is_dir() else Path(case)
    if not path.exists() and path.suffix != ".toml":
        known = {"known": ", ".join(sorted(file.stem for file in data_folder().glob("*.toml")))}
        raise InputError([Problem("case_missing", str(case), None, known)])
    return path


def _read(path: Path) -> dict[str, Any]:
    try:
        raw = tomllib.loads(read_text(path).replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:  # no TOML, or more digits or brackets than Python reads
        raise InputError([Problem("broken_toml", path.name, error)]) from None
    if _deeper(raw, DEEPEST):
        raise InputError([Problem("too_deep", path.name, None, {"most": DEEPEST})])
    return raw


def _deeper(raw: Any, most: int) -> bool:
    """Whether tables and lists are nested deeper than that; without recursion, which has its own limit."""
    level = [raw]
    while level and most >= 0:
        nested = [item.values() if isinstance(item, Mapping) else item for item in level]
        level = [inner for items in nested for inner in items if isinstance(inner, (Mapping, list))]
        most -= 1
    return bool(level)


def _scenario_patches(document: CaseDocument, names: Iterable[str], file: str) -> Iterable[Patch]:
    """Patches of the scenarios and overrides named; `base` is the case as it is written."""
    for name in names:
        if name not in ("base", *document.scenarios, *document.overrides):
            known = nearest(name, ("base", *document.scenarios, *document.overrides))
            raise InputError([Problem("unknown_scenario", file, name, {"nearest": known})])
        for override in document.scenarios.get(name, () if name == "base" else (name,)):
            if override not in document.overrides:
                known = nearest(override, document.overrides)
                place = f"{file}: scenarios.{name}"
                raise InputError([Problem("unknown_override", place, override, {"nearest": known})])
            yield from patches_of(override, document.overrides[override])


def _resolve(case: Case) -> Resolved:
    """The case with every number. Raises InputError where too little can be read to go on, with all that is wrong."""
    file = case.path.name
    written = checked(case.raw, file)
    tables = written.document.tables
    shared = case.read if case.read is not None and case.read.tables == tables else None
    sources = shared or Sources(case.path.parent, tables)
    try:
        return _patched(case, written, sources)
    except InputError as error:
        context = Context(written.document, sources, file)
        others = found_by(
            lambda: refuse(sources.problems()),
            lambda: refuse(checks.stages(context)),
            lambda: refuse(checks.names(context)),
            lambda: refuse(_counties(context)),
            lambda: refuse(stated_numbers(context)[1]),
        )
        raise InputError(_told([*written.problems, *error.problems, *others])) from None


def _patched(case: Case, written: Checked, first: Sources) -> Resolved:
    """Patch the case file, read the tables, compute every number, patch what was computed."""
    file = case.path.name
    known = settable_paths(written.raw, first)
    patched = patch_document(written.raw, case.patches, known, first.facts)
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


def _told(problems: Sequence[Problem]) -> list[Problem]:
    """The problems without those that only follow from another one at the same place."""
    places = [problem.place for problem in problems if problem.code not in _FOLLOWS]
    return [p for p in problems if p.code not in _FOLLOWS or not any(place.startswith(p.place) for place in places)]


def _counties(context: Context) -> list[Problem]:
    """Counties are checked against the statistics; with the user's own boundaries, when these are joined."""
    if context.document.geometry.file is not None:
        return []
    return list(_misplaced(context, context.sources.statistics.counties))


def _misplaced(context: Context, known: frozenset[str]) -> Iterable[Problem]:
    where = f"{context.file}: geometry.outside"
    return county_problems(context.sources.regions, known, context.document.geometry.outside, where)


def _set_text(item: Patch) -> str:
    """What follows `--set`, as short as it can be without meaning another number."""
    if item.how == "set":
        return f"{item.path}={_plain(item.value)}"
    value = _plain(item.value)
    if item.how == "scale":
        return f"{item.path}={value}x"
    return f"{item.path}={value if value.startswith('-') else f'+{value}'}"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, (list, tuple)):
        return ",".join(map(_plain, value))
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}={_plain(item)}' for key, item in value.items())}}}"
    return str(value)
